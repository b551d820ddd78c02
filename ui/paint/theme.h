/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/why/finding.h"

/* The colours of the picture. Every one has one meaning; the values are static. */

typedef struct
{
  double red, green, blue, alpha;
} TramaColor;

typedef struct
{
  gboolean dark;
  TramaColor wire; /* the ground between the columns */
  TramaColor column;
  TramaColor column_border;
  TramaColor ink;
  TramaColor ink2;
  TramaColor ink3;
  TramaColor grid;
  TramaColor chip;
  TramaColor card;
  TramaColor paper; /* what the user writes on */
  TramaColor bar;   /* a call, running */
  TramaColor wait;  /* a call, blocked */
  TramaColor selection;
  TramaColor segment[TRAMA_N_SEGMENT_KINDS];
  TramaColor phase[TRAMA_N_PHASES];
  TramaColor severity[TRAMA_N_SEVERITIES];
  TramaColor sign; /* on a severity */
} TramaTheme;

typedef enum
{
  TRAMA_THEME_LIGHT, /* as FALSE and TRUE of “dark” */
  TRAMA_THEME_DARK,
  TRAMA_THEME_PRINT,    /* no grounds that cost ink, every line dark */
  TRAMA_THEME_CONTRAST, /* for whoever asks the desktop for high contrast */
  TRAMA_THEME_CONTRAST_DARK,
  TRAMA_N_THEMES,
} TramaThemeName;

const TramaTheme *trama_theme_get (TramaThemeName name);

/* Of an actor, by its index in the store, wherever its column is; over and over. Dark enough for a white letter. */
TramaColor trama_theme_get_actor (guint index);

/* Of the kernel's side of what no process takes part in: none of those. */
TramaColor trama_theme_get_kernel (void);

TramaColor trama_color_mix (TramaColor a, TramaColor b, double t);
TramaColor trama_color_with_alpha (TramaColor color, double alpha);
void trama_color_to_floats (TramaColor color, float rgba[4]);
