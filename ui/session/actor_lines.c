/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/actor_lines.h"

/* What is kept of an actor beside where it stands. */
typedef struct
{
  guint32 actor;
  guint last_call; /* index of its newest call in the store */
  gboolean has_call;
  guint returned_line; /* of the newest that returned */
} Track;

struct _TramaActorLines
{
  TramaStore *store; /* NULL: none yet */
  guint n_calls;     /* that have been looked at */
  GArray *tracks;
  GArray *stands;
};

TramaActorLines *
trama_actor_lines_new (void)
{
  TramaActorLines *self = g_new0 (TramaActorLines, 1);

  self->tracks = g_array_new (FALSE, TRUE, sizeof (Track));
  self->stands = g_array_new (FALSE, TRUE, sizeof (TramaStand));
  return self;
}

void
trama_actor_lines_free (TramaActorLines *self)
{
  g_clear_pointer (&self->store, trama_store_unref);
  g_array_unref (self->tracks);
  g_array_unref (self->stands);
  g_free (self);
}

static Track *
find_track (TramaActorLines *self, guint32 actor)
{
  Track track = { .actor = actor };

  for (guint i = 0; i < self->tracks->len; i++)
    if (g_array_index (self->tracks, Track, i).actor == actor)
      return &g_array_index (self->tracks, Track, i);
  g_array_append_val (self->tracks, track);
  return &g_array_index (self->tracks, Track, self->tracks->len - 1);
}

/* An actor makes one call after the other: when there is a newer one, the one before has returned. */
static void
follow_calls (TramaActorLines *self)
{
  guint n_calls = trama_store_n_calls (self->store);

  for (; self->n_calls < n_calls; self->n_calls++)
    {
      Track *track = find_track (self, trama_store_get_call (self->store, self->n_calls)->actor);

      if (track->has_call)
        track->returned_line = trama_store_get_call (self->store, track->last_call)->line;
      track->last_call = self->n_calls;
      track->has_call = TRUE;
    }
}

static void
stand_by_call (TramaStand *stand, const TramaCall *call)
{
  gboolean open = call->exit_ns == TRAMA_TIME_NONE;

  stand->kind = open ? TRAMA_STAND_CALL : TRAMA_STAND_RUNNING;
  stand->line = open ? call->line : 0;
  stand->call = call->name;
  stand->since_ns = open ? call->entry_ns : call->exit_ns;
  if (!open)
    stand->last_line = call->line;
}

static void
stand_by_position (TramaStand *stand, const TramaPosition *position)
{
  static const TramaStandKind kinds[] = {
    [TRAMA_POSITION_RUNNING] = TRAMA_STAND_RUNNING, [TRAMA_POSITION_GATE] = TRAMA_STAND_GATE,
    [TRAMA_POSITION_CALL] = TRAMA_STAND_CALL,       [TRAMA_POSITION_WAITING] = TRAMA_STAND_WAITING,
    [TRAMA_POSITION_ENDED] = TRAMA_STAND_ENDED,
  };

  if (position->status >= G_N_ELEMENTS (kinds) || position->time_ns < stand->since_ns)
    return;
  /* A call says more of itself than a position in it. */
  if (position->status == TRAMA_POSITION_CALL && stand->kind == TRAMA_STAND_CALL)
    return;
  stand->call = 0;
  stand->kind = kinds[position->status];
  stand->line = position->status == TRAMA_POSITION_RUNNING ? 0 : position->line;
  stand->since_ns = position->time_ns;
}

static void
add_stand (TramaActorLines *self, guint index)
{
  const TramaActor *actor = trama_store_get_actor (self->store, index);
  const TramaPosition *position = trama_store_get_position (self->store, actor->id);
  const Track *track = find_track (self, actor->id);
  TramaStand stand = {
    .kind = TRAMA_STAND_RUNNING,
    .actor = actor->id,
    .index = index,
    .last_line = track->returned_line,
    .since_ns = TRAMA_TIME_NONE,
    .name = actor->name,
  };

  if (track->has_call)
    stand_by_call (&stand, trama_store_get_call (self->store, track->last_call));
  if (position != NULL)
    stand_by_position (&stand, position);
  if (actor->end_ns != TRAMA_TIME_NONE)
    {
      stand.kind = TRAMA_STAND_ENDED;
      stand.line = 0;
    }
  g_array_append_val (self->stands, stand);
}

void
trama_actor_lines_update (TramaActorLines *self, TramaStore *store)
{
  if (store != self->store)
    {
      g_clear_pointer (&self->store, trama_store_unref);
      self->store = store != NULL ? trama_store_ref (store) : NULL;
      self->n_calls = 0;
      g_array_set_size (self->tracks, 0);
    }
  g_array_set_size (self->stands, 0);
  if (store == NULL)
    return;
  follow_calls (self);
  for (guint i = 0; i < trama_store_n_actors (store); i++)
    add_stand (self, i);
}

const TramaStand *
trama_actor_lines_get (const TramaActorLines *self, guint *n_stands)
{
  *n_stands = self->stands->len;
  return (const TramaStand *) (gconstpointer) self->stands->data;
}
