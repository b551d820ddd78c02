/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * Where each actor of a session stands in its text, as far as the trace has come:
 * from its calls, and from its positions when the session is stepped; whichever is
 * later. Costs what has been added since the last look.
 */
typedef enum
{
  TRAMA_STAND_RUNNING, /* between two steps, or before the first */
  TRAMA_STAND_GATE,    /* held before .line */
  TRAMA_STAND_CALL,    /* in .call in .line, which has not returned */
  TRAMA_STAND_WAITING, /* for a signal, in .line */
  TRAMA_STAND_ENDED,
} TramaStandKind;

typedef struct
{
  TramaStandKind kind;
  guint32 actor;
  guint index;      /* of the actor in the store, and so of its column */
  guint line;       /* from 1; 0: none */
  guint last_line;  /* of the call that returned last; 0: none has */
  guint call;       /* TramaCallName of TRAMA_STAND_CALL; 0: not known yet */
  gint64 since_ns;  /* TRAMA_TIME_NONE: nothing is known yet */
  const char *name; /* borrowed from the store */
} TramaStand;

typedef struct _TramaActorLines TramaActorLines;

TramaActorLines *trama_actor_lines_new (void);
void trama_actor_lines_free (TramaActorLines *lines);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaActorLines, trama_actor_lines_free)

/* Looks at what has come. A store other than before is looked at from its beginning. NULL: forgets everything. */
void trama_actor_lines_update (TramaActorLines *lines, TramaStore *store);

/* In the order of the store. Borrowed until the next update. */
const TramaStand *trama_actor_lines_get (const TramaActorLines *lines, guint *n_stands);
