/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/turn.h"

/* A frame has time for it beside layout and painting. */
#define TURN_US 5000

typedef struct
{
  TramaTurnFunc func;
  gpointer user_data;
  guint id; /* 0: it was removed while it had its turn */
} Job;

/* One for the main context, in which it is found again by its functions. */
typedef struct
{
  GSource source;
  GQueue jobs;  /* of Job; who had his turn goes to the end */
  Job *current; /* the first of them, while it has its turn; NULL */
  guint last_id;
  gint64 end_us; /* of this round; 0: nobody has worked in it */
} Turns;

/* A round is over when there is time for work between frames; all that is done at once before shares it. */
static gint64
get_end_us (Turns *turns)
{
  if (turns->end_us == 0)
    turns->end_us = g_get_monotonic_time () + TURN_US;
  return turns->end_us;
}

static gboolean
prepare (GSource *source, gint *timeout_ms)
{
  gboolean has_jobs = !g_queue_is_empty (&((Turns *) source)->jobs);

  ((Turns *) source)->end_us = 0;
  *timeout_ms = has_jobs ? 0 : -1;
  return has_jobs;
}

static gboolean
check (GSource *source)
{
  return !g_queue_is_empty (&((Turns *) source)->jobs);
}

static gboolean
dispatch (GSource *source, GSourceFunc func, gpointer user_data)
{
  Turns *turns = (Turns *) source;
  Job *job = g_queue_peek_head (&turns->jobs);
  gboolean more;

  if (job == NULL) /* somebody has taken it away since the round began */
    return G_SOURCE_CONTINUE;
  turns->current = job;
  more = job->func (get_end_us (turns), job->user_data);
  turns->current = NULL;
  g_queue_pop_head (&turns->jobs);
  if (more && job->id != 0)
    g_queue_push_tail (&turns->jobs, job);
  else
    g_free (job);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  g_queue_clear_full (&((Turns *) source)->jobs, g_free);
}

static Turns *
get_turns (void)
{
  static const GSourceFuncs funcs = { prepare, check, dispatch, finalize, NULL, NULL };
  GSource *source = g_main_context_find_source_by_funcs_user_data (NULL, (GSourceFuncs *) &funcs, NULL);

  if (source != NULL)
    return (Turns *) source;
  source = g_source_new ((GSourceFuncs *) &funcs, sizeof (Turns));
  g_queue_init (&((Turns *) source)->jobs);
  g_source_set_static_name (source, "turns");
  g_source_set_priority (source, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (source, NULL, NULL, NULL); /* by which it is found */
  g_source_attach (source, NULL);
  g_source_unref (source);
  return (Turns *) source;
}

gint64
trama_turn_get_end_us (void)
{
  return get_end_us (get_turns ());
}

guint
trama_turn_add (TramaTurnFunc func, gpointer user_data)
{
  Turns *turns = get_turns ();
  Job *job = g_new (Job, 1);

  g_return_val_if_fail (func != NULL, 0);

  *job = (Job){ func, user_data, ++turns->last_id };
  g_queue_push_tail (&turns->jobs, job);
  return job->id;
}

void
trama_turn_remove (guint id)
{
  Turns *turns = get_turns ();

  g_return_if_fail (id != 0);

  for (GList *link = turns->jobs.head; link != NULL; link = link->next)
    {
      Job *job = link->data;

      if (job->id != id)
        continue;
      job->id = 0;
      if (job != turns->current)
        {
          g_queue_delete_link (&turns->jobs, link);
          g_free (job);
        }
      return;
    }
  g_return_if_reached ();
}
