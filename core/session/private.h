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
  GPtrArray *signals;    /* owned, of const char * */

  const char *name;
  const char *text;
  guint order;
  int domain;
  int type;
};

TramaSession *trama_session_new (void);
