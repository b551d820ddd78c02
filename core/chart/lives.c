/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"
#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <sys/wait.h>

/* By fork(2), which returned its number; NULL: it was there from the beginning. */
static const TramaActor *
find_parent (const TramaLayout *layout, const TramaActor *child)
{
  for (guint i = 0; i < trama_store_n_calls (layout->store); i++)
    {
      const TramaCall *call = trama_store_get_call (layout->store, i);

      if (call->name == TRAMA_CALL_FORK && call->result == child->pid)
        return trama_store_find_actor (layout->store, call->actor);
    }
  return NULL;
}

/* Takes @label. */
static void
add_life (TramaLayout *layout, guint32 column, gboolean ends, gint64 time_ns, char *label)
{
  const TramaChartLife life = {
    .column = column,
    .ends = (guint8) ends,
    .y = trama_layout_y (layout, time_ns),
    .label = trama_layout_keep (layout, label),
  };

  g_array_append_val (layout->lives, life);
  g_free (label);
}

void
trama_layout_lives (TramaLayout *layout)
{
  for (guint32 i = 0; i < layout->columns->len; i++)
    {
      guint32 index = g_array_index (layout->columns, TramaChartColumn, i).actor;
      const TramaActor *actor = index != G_MAXUINT32 ? trama_store_get_actor (layout->store, index) : NULL;
      const TramaActor *parent = actor != NULL ? find_parent (layout, actor) : NULL;

      if (parent != NULL && parent->name != NULL)
        add_life (layout, i, FALSE, actor->start_ns, g_strdup_printf (_ ("forked by %s"), parent->name));
      if (actor != NULL && actor->end_ns != TRAMA_TIME_NONE && WIFSIGNALED (actor->status))
        {
          const char *name = trama_constant_name (TRAMA_PARAMETER_SIGNAL, WTERMSIG (actor->status));

          add_life (layout, i, TRUE, actor->end_ns,
                    name != NULL ? g_strdup_printf (_ ("killed by %s"), name)
                                 : g_strdup_printf (_ ("killed by signal %d"), WTERMSIG (actor->status)));
        }
    }
}
