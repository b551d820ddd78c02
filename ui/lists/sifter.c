/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/sifter.h"

#include "ui/turn.h"

/* What is done before the clock is looked at. */
#define SLICE_STEPS 200

struct _TramaSifter
{
  TramaSifterFunc func;
  gpointer user_data;
  TramaSieve *sieve; /* NULL: there is nothing to do */
  guint slice_id;
};

TramaSifter *
trama_sifter_new (TramaSifterFunc func, gpointer user_data)
{
  TramaSifter *self = g_new0 (TramaSifter, 1);

  self->func = func;
  self->user_data = user_data;
  return self;
}

static void
stop (TramaSifter *self)
{
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  g_clear_pointer (&self->sieve, trama_sieve_free);
}

void
trama_sifter_free (TramaSifter *self)
{
  if (self == NULL)
    return;
  stop (self);
  g_free (self);
}

/* FALSE: it is done, and the list is given away. */
static gboolean
do_slice (TramaSifter *self, gint64 end_us)
{
  g_autoptr (TramaSieve) done = NULL;

  while (trama_sieve_step (self->sieve, SLICE_STEPS))
    if (g_get_monotonic_time () >= end_us)
      return TRUE;
  self->slice_id = 0;
  done = g_steal_pointer (&self->sieve);
  self->func (trama_sieve_take_list (done), self->user_data);
  return FALSE;
}

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  return do_slice (user_data, end_us);
}

void
trama_sifter_begin (TramaSifter *self, TramaSieve *sieve)
{
  stop (self);
  self->sieve = sieve;
  if (sieve != NULL && do_slice (self, trama_turn_get_end_us ()))
    self->slice_id = trama_turn_add (on_slice, self);
}

gboolean
trama_sifter_is_busy (const TramaSifter *self)
{
  return self->sieve != NULL;
}
