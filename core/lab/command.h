/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The commands of lab.h, one line each. */

typedef enum
{
  TRAMA_COMMAND_NONE, /* not one of them */
  TRAMA_COMMAND_PAUSE,
  TRAMA_COMMAND_RUN,
  TRAMA_COMMAND_STEP,  /* .name NULL: whose turn it is */
  TRAMA_COMMAND_UNTIL, /* .number is the line */
  TRAMA_COMMAND_PACE,  /* .number are milliseconds */
} TramaCommandKind;

typedef struct
{
  TramaCommandKind kind;
  const char *name; /* points into the line */
  guint number;
} TramaCommand;

/* The longest pace there is: a minute. */
#define TRAMA_COMMAND_MAX_PACE_MS 60000

/* @line without its end. */
TramaCommand trama_command_parse (const char *line);
