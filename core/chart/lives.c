/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/lives.h"

#include "core/chart/chart_private.h"
#include "core/trace/call.h"
#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <sys/wait.h>

/* From the line or the cross to the middle of its words, at scale 1. */
#define ABOVE_PX 14
#define BELOW_PX 19
#define NEAR_PX 11 /* between two tears */

static void
clear_life (gpointer data)
{
  TramaLife *life = data;

  g_free (life->label);
}

/* The calls of fork(2), of guint32: of very many calls they are few. */
static GArray *
list_forks (TramaStore *store)
{
  GArray *forks = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < trama_store_n_calls (store); i++)
    if (trama_store_get_call (store, i)->name == TRAMA_CALL_FORK)
      g_array_append_val (forks, i);
  return forks;
}

/* By fork(2), which returned its number; NULL: it was there from the beginning. */
static const TramaActor *
find_parent (TramaStore *store, const GArray *forks, const TramaActor *child)
{
  for (guint i = 0; i < forks->len; i++)
    {
      const TramaCall *call = trama_store_get_call (store, g_array_index (forks, guint32, i));

      if (call->result == child->pid)
        return trama_store_find_actor (store, call->actor);
    }
  return NULL;
}

/* Takes @label. */
static void
add_life (GArray *lives, guint32 actor, gboolean ends, gint64 time_ns, char *label)
{
  const TramaLife life = { time_ns, actor, ends, label };

  g_array_append_val (lives, life);
}

GArray *
trama_lives_new (TramaStore *store)
{
  GArray *lives = g_array_new (FALSE, FALSE, sizeof (TramaLife));
  g_autoptr (GArray) forks = list_forks (store);

  g_array_set_clear_func (lives, clear_life);
  for (guint32 i = 0; i < trama_store_n_actors (store); i++)
    {
      const TramaActor *actor = trama_store_get_actor (store, i);
      const TramaActor *parent = find_parent (store, forks, actor);

      if (parent != NULL && parent->name != NULL)
        add_life (lives, i, FALSE, actor->start_ns, g_strdup_printf (_ ("forked by %s"), parent->name));
      if (actor->end_ns != TRAMA_TIME_NONE && WIFSIGNALED (actor->status))
        {
          const char *name = trama_constant_name (TRAMA_PARAMETER_SIGNAL, WTERMSIG (actor->status));

          add_life (lives, i, TRUE, actor->end_ns,
                    name != NULL ? g_strdup_printf (_ ("killed by %s"), name)
                                 : g_strdup_printf (_ ("killed by signal %d"), WTERMSIG (actor->status)));
        }
    }
  return lives;
}

void
trama_ladder_list_lives (TramaLadder *ladder)
{
  ladder->lives = trama_lives_new (ladder->cast.store);
}

/* Above the line where it begins, below the cross where it ends; on the other side when there is a tear, or close by. */
static double
place_words (const TramaLayout *layout, double y, gboolean ends)
{
  const double places_px[] = { ends ? BELOW_PX : -ABOVE_PX, ends ? -ABOVE_PX : BELOW_PX, NEAR_PX };
  double half = trama_layout_px (layout, TRAMA_LIFE_PX / 2.0);

  for (guint i = 0; i < G_N_ELEMENTS (places_px); i++)
    {
      double middle = y + trama_layout_px (layout, places_px[i]);

      if (!trama_layout_meets_tear (layout, middle - half, middle + half))
        return middle;
    }
  return y + trama_layout_px (layout, NEAR_PX);
}

void
trama_layout_lives (TramaLayout *layout)
{
  const GArray *lives = layout->ladder->lives;

  for (guint i = 0; i < lives->len; i++)
    {
      const TramaLife *life = &g_array_index (lives, TramaLife, i);
      const TramaActor *actor = trama_store_get_actor (layout->store, life->actor);
      guint32 column = trama_layout_column_of_actor (layout, actor->id);
      double y = trama_layout_y (layout, life->time_ns);
      const TramaChartLife mark = {
        .column = column,
        .ends = (guint8) life->ends,
        .y = y,
        .label_y = place_words (layout, y, life->ends),
        .label = trama_layout_keep (layout, life->label),
      };

      if (column != TRAMA_COLUMN_NONE)
        g_array_append_val (layout->lives, mark);
    }
}
