/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/stepper.h"

struct _TramaStepper
{
  GObject parent_instance;

  /* owned */
  TramaFeed *feed;
  TramaActorLines *lines;
  TramaSession *session; /* NULL: none runs */

  /* state */
  TramaStepperState state;
  guint target_line; /* that is run to; 0: none */
  gint64 target_from_ns;
  guint pace_ms;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaStepper, trama_stepper, G_TYPE_OBJECT)

static void
set_state (TramaStepper *self, TramaStepperState state)
{
  self->state = state;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
send_pace (TramaStepper *self)
{
  g_autofree char *command = g_strdup_printf ("pace %u", self->pace_ms);

  trama_feed_send_command (self->feed, command);
}

/* The lab holds all as soon as one has come to the line. */
static gboolean
has_arrived (TramaStepper *self)
{
  guint n_stands;
  const TramaStand *stands = trama_actor_lines_get (self->lines, &n_stands);

  for (guint i = 0; i < n_stands; i++)
    if (stands[i].kind == TRAMA_STAND_GATE && stands[i].line == self->target_line
        && stands[i].since_ns >= self->target_from_ns)
      return TRUE;
  return FALSE;
}

static void
on_updated (TramaFeed *feed, TramaStepper *self)
{
  if (self->state == TRAMA_STEPPER_IDLE)
    return;
  trama_actor_lines_update (self->lines, trama_feed_get_store (feed));
  if (self->target_line != 0 && has_arrived (self))
    {
      self->target_line = 0;
      self->state = TRAMA_STEPPER_HELD;
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* A file that is read runs, too, but is nothing to step. */
static void
on_running (TramaFeed *feed, GParamSpec *pspec, TramaStepper *self)
{
  if (trama_feed_is_running (feed) || self->state == TRAMA_STEPPER_IDLE)
    return;
  trama_actor_lines_update (self->lines, NULL);
  g_clear_pointer (&self->session, trama_session_unref);
  self->target_line = 0;
  set_state (self, TRAMA_STEPPER_IDLE);
}

static void
dispose (GObject *object)
{
  TramaStepper *self = TRAMA_STEPPER (object);

  if (self->feed != NULL)
    g_signal_handlers_disconnect_by_data (self->feed, self);
  g_clear_object (&self->feed);
  g_clear_pointer (&self->lines, trama_actor_lines_free);
  g_clear_pointer (&self->session, trama_session_unref);
  G_OBJECT_CLASS (trama_stepper_parent_class)->dispose (object);
}

static void
trama_stepper_class_init (TramaStepperClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dispose;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", TRAMA_TYPE_STEPPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
}

static void
trama_stepper_init (TramaStepper *self)
{
  self->lines = trama_actor_lines_new ();
}

TramaStepper *
trama_stepper_new (TramaFeed *feed)
{
  TramaStepper *self;

  g_return_val_if_fail (TRAMA_IS_FEED (feed), NULL);

  self = g_object_new (TRAMA_TYPE_STEPPER, NULL);
  self->feed = g_object_ref (feed);
  g_signal_connect (feed, "updated", G_CALLBACK (on_updated), self);
  g_signal_connect (feed, "notify::running", G_CALLBACK (on_running), self);
  return self;
}

TramaStepperState
trama_stepper_get_state (TramaStepper *self)
{
  g_return_val_if_fail (TRAMA_IS_STEPPER (self), TRAMA_STEPPER_IDLE);
  return self->state;
}

TramaSession *
trama_stepper_get_session (TramaStepper *self)
{
  g_return_val_if_fail (TRAMA_IS_STEPPER (self), NULL);
  return self->session;
}

const TramaStand *
trama_stepper_get_stands (TramaStepper *self, guint *n_stands)
{
  g_return_val_if_fail (TRAMA_IS_STEPPER (self), NULL);
  return trama_actor_lines_get (self->lines, n_stands);
}

void
trama_stepper_start (TramaStepper *self, TramaSession *session, gboolean held)
{
  const char *name = trama_session_get_name (session);
  const char *text = trama_session_get_text (session);

  g_return_if_fail (TRAMA_IS_STEPPER (self));

  /* What ran before ends unheard. */
  self->state = TRAMA_STEPPER_IDLE;
  self->target_line = 0;
  trama_actor_lines_update (self->lines, NULL);
  trama_session_ref (session);
  g_clear_pointer (&self->session, trama_session_unref);
  self->session = session;
  /* Slow from its first call on: it is let go when it knows how slow. */
  if (held || self->pace_ms > 0)
    trama_feed_run_held (self->feed, name, text);
  else
    trama_feed_run (self->feed, name, text);
  if (self->pace_ms > 0)
    send_pace (self);
  if (!held && self->pace_ms > 0)
    trama_feed_send_command (self->feed, "run");
  set_state (self, held ? TRAMA_STEPPER_HELD : TRAMA_STEPPER_RUNNING);
}

void
trama_stepper_pause (TramaStepper *self)
{
  g_return_if_fail (TRAMA_IS_STEPPER (self));
  if (self->state == TRAMA_STEPPER_IDLE)
    return;
  trama_feed_send_command (self->feed, "pause");
  self->target_line = 0;
  set_state (self, TRAMA_STEPPER_HELD);
}

void
trama_stepper_go_on (TramaStepper *self)
{
  g_return_if_fail (TRAMA_IS_STEPPER (self));
  if (self->state == TRAMA_STEPPER_IDLE)
    return;
  trama_feed_send_command (self->feed, "run");
  self->target_line = 0;
  set_state (self, TRAMA_STEPPER_RUNNING);
}

void
trama_stepper_step (TramaStepper *self, const char *actor)
{
  g_autofree char *command = actor != NULL ? g_strconcat ("step ", actor, NULL) : g_strdup ("step");

  g_return_if_fail (TRAMA_IS_STEPPER (self));
  if (self->state == TRAMA_STEPPER_HELD)
    trama_feed_send_command (self->feed, command);
}

void
trama_stepper_run_to (TramaStepper *self, guint line)
{
  g_autofree char *command = g_strdup_printf ("until %u", line);

  g_return_if_fail (TRAMA_IS_STEPPER (self));
  if (self->state == TRAMA_STEPPER_IDLE || line == 0)
    return;
  self->target_line = line;
  self->target_from_ns = g_get_real_time () * 1000;
  trama_feed_send_command (self->feed, command);
  set_state (self, TRAMA_STEPPER_RUNNING);
}

void
trama_stepper_set_pace (TramaStepper *self, guint pace_ms)
{
  g_return_if_fail (TRAMA_IS_STEPPER (self));
  if (pace_ms == self->pace_ms)
    return;
  self->pace_ms = MIN (pace_ms, TRAMA_STEPPER_MAX_PACE_MS);
  if (self->state != TRAMA_STEPPER_IDLE)
    send_pace (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

guint
trama_stepper_get_pace (TramaStepper *self)
{
  g_return_val_if_fail (TRAMA_IS_STEPPER (self), 0);
  return self->pace_ms;
}
