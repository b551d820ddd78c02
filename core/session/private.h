/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/* What a session is made of. The parser fills it in; then nothing changes it any more. */

struct _TramaSession
{
  gatomicrefcount references;

  GStringChunk *strings; /* owned: every string and all bytes that anything below points to */
  GArray *titles;        /* owned, of TramaSessionText */
  GArray *abouts;        /* owned, of TramaSessionText */
  GArray *scripts;       /* owned, of TramaScript with its two tables */
  GPtrArray *captions;   /* owned, of GArray of TramaSessionText, which steps point to */
  GPtrArray *signals;    /* owned, of const char * */
  GArray *sysctls;       /* owned, of TramaSysctl, which the settings point to */

  TramaLabSettings settings;
  const char *name;
  const char *text;
  guint order;
  int domain;
  int type;
};

TramaSession *trama_session_new (void);

/* An error with a place in the text, from 1. @message is without it, @shown with it and the line. */
GError *trama_session_error_new (TramaSessionError code,
                                 guint line,
                                 guint column,
                                 const char *message,
                                 const char *shown);
