/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/* Where a process begins that another has forked, or where one was killed: fork(2), wait(2). */
typedef struct
{
  gint64 time_ns;
  guint32 actor; /* index in the store */
  gboolean ends;
  char *label; /* owned: "forked by server", "killed by SIGKILL" */
} TramaLife;

/* All of a trace, by actor: a new array of TramaLife, which frees their labels. @forks: as trama_users_get_forks (). */
GArray *trama_lives_new (TramaStore *store, const GArray *forks);
