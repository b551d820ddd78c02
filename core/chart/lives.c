/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/lives.h"

#include "core/chart/chart_private.h"
#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <math.h>
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

/* By what they returned, the first call + 1. */
static GHashTable *
list_forks (TramaStore *store, const GArray *calls)
{
  GHashTable *forks = g_hash_table_new (NULL, NULL);

  for (guint i = calls->len; i-- > 0;)
    {
      guint32 index = g_array_index (calls, guint32, i);
      const TramaCall *call = trama_store_get_call (store, index);

      if (call->result > 0)
        g_hash_table_insert (forks, GSIZE_TO_POINTER ((gsize) call->result), GUINT_TO_POINTER (index + 1));
    }
  return forks;
}

/* By fork(2), which returned its number; NULL: it was there from the beginning. */
static const TramaActor *
find_parent (TramaStore *store, GHashTable *forks, const TramaActor *child)
{
  guint call = GPOINTER_TO_UINT (g_hash_table_lookup (forks, GSIZE_TO_POINTER ((gsize) child->pid)));

  return call != 0 ? trama_store_find_actor (store, trama_store_get_call (store, call - 1)->actor) : NULL;
}

/* Takes @label. */
static void
add_life (GArray *lives, guint32 actor, gboolean ends, gint64 time_ns, char *label)
{
  const TramaLife life = { time_ns, actor, ends, label };

  g_array_append_val (lives, life);
}

GArray *
trama_lives_new (TramaStore *store, const GArray *forks)
{
  GArray *lives = g_array_new (FALSE, FALSE, sizeof (TramaLife));
  g_autoptr (GHashTable) call_of_child = list_forks (store, forks);

  g_array_set_clear_func (lives, clear_life);
  for (guint32 i = 0; i < trama_store_n_actors (store); i++)
    {
      const TramaActor *actor = trama_store_get_actor (store, i);
      const TramaActor *parent = find_parent (store, call_of_child, actor);

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

/* @death: of the same actor, with its words in their place; NULL: it was not killed. */
static gboolean
is_free (const TramaLayout *layout, double middle, const TramaChartLife *death)
{
  double half = trama_layout_px (layout, TRAMA_LIFE_PX / 2.0);

  return !trama_layout_meets_tear (layout, middle - half, middle + half)
         && (death == NULL || death->label == NULL || fabs (death->label_y - middle) >= 2 * half);
}

/*
 * Above the line where it begins, below the cross where it ends; on the other side when there is a tear, or close by.
 * Who is killed as soon as it is forked may have no room for both: then it is told that it was killed.
 */
static void
place_words (const TramaLayout *layout, TramaChartLife *life, const TramaChartLife *death)
{
  const double places_px[] = { life->ends ? BELOW_PX : -ABOVE_PX, life->ends ? -ABOVE_PX : BELOW_PX,
                               NEAR_PX };

  for (guint i = 0; i < G_N_ELEMENTS (places_px); i++)
    {
      life->label_y = life->y + trama_layout_px (layout, places_px[i]);
      if (is_free (layout, life->label_y, death))
        return;
    }
  life->label = NULL;
}

void
trama_layout_lives (TramaLayout *layout)
{
  const GArray *lives = layout->ladder->lives;

  for (guint i = 0; i < lives->len; i++)
    {
      const TramaLife *life = &g_array_index (lives, TramaLife, i);
      const TramaActor *actor = trama_store_get_actor (layout->store, life->actor);
      const TramaChartLife mark = {
        .column = trama_layout_column_of_actor (layout, actor->id),
        .ends = (guint8) life->ends,
        .y = trama_layout_y (layout, life->time_ns),
        .label = trama_layout_keep (layout, life->label),
      };

      if (mark.column != TRAMA_COLUMN_NONE)
        g_array_append_val (layout->lives, mark);
    }
  /* Where an actor is killed comes after where it is forked. */
  for (guint i = layout->lives->len; i-- > 0;)
    {
      TramaChartLife *life = &g_array_index (layout->lives, TramaChartLife, i);
      gboolean is_killed = !life->ends && i + 1 < layout->lives->len && life[1].ends
                           && life[1].column == life->column;

      place_words (layout, life, is_killed ? life + 1 : NULL);
    }
}
