/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include "core/trace/call.h"

/* Sizes of the design at scale 1. */
#define BAR_MIN_PX 11
#define BAR_GAP_PX 2
#define LABEL_INSET_PX 7

/* A call that slept and is drawn higher than this has its result at its end. */
#define RESULT_APART_PX 30

/* Of no bytes there is nothing to quote. */
static gboolean
reads_nothing (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  return call->result == 0 && info != NULL && (info->traits & TRAMA_CALL_RECEIVES) != 0
         && (info->traits & TRAMA_CALL_MAKES_FD) == 0 && call->name != TRAMA_CALL_POLL;
}

/* Who sent an empty datagram is worth telling: it stands among the arguments of the exit. */
static gboolean
names_sender (const TramaCall *call)
{
  for (guint i = 0; i < call->n_args; i++)
    if (call->args[i].kind == TRAMA_VALUE_ADDRESS && call->args[i].size > 0)
      return TRUE;
  return FALSE;
}

/* What a socket for ICMP sends and gets is a message, of which the bytes say little; NULL: it is none. */
static char *
format_echo_args (const TramaLayout *layout, const TramaCall *call)
{
  if (layout->pinger_socket == TRAMA_SOCKET_NONE || call->socket != layout->pinger_socket)
    return NULL;
  for (guint i = 0; i < call->n_args; i++)
    {
      const TramaValue *value = &call->args[i];
      g_autofree char *echo = value->kind == TRAMA_VALUE_DATA ? trama_layout_describe_echo (
                                  value->bytes, value->size, (guint64) value->number)
                                                              : NULL;

      if (echo != NULL)
        return g_strdup_printf ("(%d, %s)", call->fd, echo);
    }
  return NULL;
}

static void
set_texts (TramaLayout *layout, TramaChartBar *bar)
{
  const TramaCall *call = trama_store_get_call (layout->store, bar->call);
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *echo = bar->result_apart || bar->open ? NULL : format_echo_args (layout, call);
  gboolean as_entered = bar->result_apart || bar->open || (reads_nothing (call) && !names_sender (call));
  g_autofree char *args = as_entered ? trama_call_format_entry_args (call) : trama_call_format_args (call);
  g_autofree char *result = bar->result_apart && !reads_nothing (call) ? trama_call_format_outcome (call)
                                                                       : trama_call_format_result (call);

  bar->name = info != NULL ? info->name : "?";
  bar->args = trama_layout_keep (layout, echo != NULL ? echo : args);
  bar->result = trama_layout_keep (layout, result);
}

/* It runs to the end, or its process did not live so long. */
static double
y_of_no_return (const TramaLayout *layout, const TramaCall *call)
{
  const TramaActor *actor = trama_store_find_actor (layout->store, call->actor);

  return actor != NULL && actor->end_ns != TRAMA_TIME_NONE && actor->end_ns >= call->entry_ns
             ? trama_layout_y (layout, actor->end_ns)
             : layout->self->time_scale.height_px;
}

static void
add_bar (TramaLayout *layout, guint32 index)
{
  const TramaCall *call = trama_store_get_call (layout->store, index);
  double inset = trama_layout_px (layout, LABEL_INSET_PX);
  TramaChartBar bar = { .call = index, .rail = trama_layout_rail_of_call (layout, index) };

  if (bar.rail == TRAMA_RAIL_NONE)
    return;
  bar.open = call->exit_ns == TRAMA_TIME_NONE;
  bar.slept = (call->flags & TRAMA_CALL_SLEPT) != 0 || bar.open;
  bar.y0 = trama_layout_y (layout, call->entry_ns);
  bar.y1 = bar.open ? y_of_no_return (layout, call) : trama_layout_y (layout, call->exit_ns);
  bar.y1 = MAX (bar.y1, bar.y0 + trama_layout_px (layout, BAR_MIN_PX));
  bar.result_apart = bar.slept && !bar.open && bar.y1 - bar.y0 >= trama_layout_px (layout, RESULT_APART_PX);
  bar.label_y = bar.y0 + inset;
  bar.result_y = bar.result_apart ? bar.y1 - inset : bar.label_y;
  g_array_append_val (layout->bars, bar);
}

static int
compare_bars (gconstpointer a, gconstpointer b)
{
  const TramaChartBar *x = a, *y = b;

  if (x->y0 != y->y0)
    return x->y0 < y->y0 ? -1 : 1;
  return x->call < y->call ? -1 : x->call > y->call;
}

/* A short call is drawn longer than it was, but never into the next one. */
static void
part_bars (TramaLayout *layout)
{
  g_autofree double *next = g_new (double, MAX (layout->rails->len, 1));

  for (guint i = 0; i < layout->rails->len; i++)
    next[i] = G_MAXDOUBLE;
  for (guint i = layout->bars->len; i-- > 0;)
    {
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);
      double limit = next[bar->rail] - trama_layout_px (layout, BAR_GAP_PX);

      if (!bar->open && bar->y1 > limit)
        bar->y1 = MAX (limit, bar->y0 + 1);
      next[bar->rail] = bar->y0;
    }
}

void
trama_layout_bars (TramaLayout *layout)
{
  for (guint i = 0; i < layout->calls->len; i++)
    add_bar (layout, g_array_index (layout->calls, guint32, i));
  g_array_sort (layout->bars, compare_bars);
  part_bars (layout);
  trama_layout_words (layout);
  for (guint i = 0; i < layout->bars->len; i++)
    {
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);

      set_texts (layout, bar);
      g_hash_table_insert (layout->self->bar_of_call, GUINT_TO_POINTER (bar->call), GUINT_TO_POINTER (i + 1));
    }
}
