/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include "core/trace/call.h"

/* Sizes of the design at scale 1. */
#define BAR_MIN_PX 11
#define BAR_GAP_PX 2
#define LABEL_PITCH_PX 22
#define LABEL_TIGHT_PX 19 /* where there is no more room */
#define LABEL_INSET_PX 7

/* From a tear or from other words to the middle of a label: half of its height, and the tear's wave. */
#define TEAR_CLEAR_PX 13
#define WORDS_CLEAR_PX 10

/* A call that slept and is drawn higher than this has its result at its end. */
#define RESULT_APART_PX 30

/* Without the distances the places must only not descend: pool adjacent violators. */
void
trama_chart_spread_apart (double *places, const double *pitches, guint n)
{
  g_autofree double *means = g_new (double, MAX (n, 1));
  g_autofree guint *counts = g_new (guint, MAX (n, 1));
  guint n_pools = 0, at = 0;
  double offset = 0;

  for (guint i = 0; i < n; offset += pitches[i++])
    {
      means[n_pools] = places[i] - offset;
      counts[n_pools++] = 1;
      while (n_pools > 1 && means[n_pools - 2] > means[n_pools - 1])
        {
          guint together = counts[n_pools - 2] + counts[n_pools - 1];

          means[n_pools - 2] = (means[n_pools - 2] * counts[n_pools - 2]
                                + means[n_pools - 1] * counts[n_pools - 1])
                               / together;
          counts[n_pools - 2] = together;
          n_pools--;
        }
    }
  offset = 0;
  for (guint pool = 0; pool < n_pools; pool++)
    for (guint i = 0; i < counts[pool]; i++, at++)
      {
        places[at] = means[pool] + offset;
        offset += pitches[at];
      }
}

void
trama_chart_spread (double *places, guint n, double pitch)
{
  g_autofree double *pitches = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    pitches[i] = pitch;
  trama_chart_spread_apart (places, pitches, n);
}

typedef struct
{
  double y;
  guint bar;
  gboolean result;
  guint section; /* between which obstacles */
} Label;

static int
compare_labels (gconstpointer a, gconstpointer b)
{
  const Label *x = a, *y = b;

  if (x->section != y->section)
    return x->section < y->section ? -1 : 1;
  if (x->y != y->y)
    return x->y < y->y ? -1 : 1;
  if (x->bar != y->bar)
    return x->bar < y->bar ? -1 : 1;
  return x->result - y->result;
}

/* What no label may stand on: the middles of labels keep out of all of it. */
typedef struct
{
  double y0, y1;
} Obstacle;

static int
compare_obstacles (gconstpointer a, gconstpointer b)
{
  const Obstacle *x = a, *y = b;

  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

/* Tears go over the whole width; who was forked or killed is told beside one rail. */
static GArray *
list_obstacles (const TramaLayout *layout, guint32 rail)
{
  GArray *obstacles = g_array_new (FALSE, FALSE, sizeof (Obstacle));
  double clear = trama_layout_px (layout, TEAR_CLEAR_PX);
  double half = trama_layout_px (layout, TRAMA_LIFE_PX / 2 + WORDS_CLEAR_PX);

  for (guint i = 0; i < layout->tears->len; i++)
    {
      const TramaChartTear *tear = &g_array_index (layout->tears, TramaChartTear, i);
      Obstacle obstacle = { tear->y0 - clear, tear->y1 + clear };

      g_array_append_val (obstacles, obstacle);
    }
  for (guint i = 0; i < layout->lives->len; i++)
    {
      const TramaChartLife *life = &g_array_index (layout->lives, TramaChartLife, i);
      double y = life->y + trama_layout_px (layout, life->ends ? TRAMA_LIFE_BELOW_PX : -TRAMA_LIFE_ABOVE_PX);
      Obstacle obstacle = { y - half, y + half };

      if (g_array_index (layout->columns, TramaChartColumn, life->column).first_rail == rail)
        g_array_append_val (obstacles, obstacle);
    }
  g_array_sort (obstacles, compare_obstacles);
  return obstacles;
}

/* How many obstacles have their middle above @y. */
static guint
find_section (const GArray *obstacles, double y)
{
  guint section = 0;

  while (section < obstacles->len
         && g_array_index (obstacles, Obstacle, section).y0 + g_array_index (obstacles, Obstacle, section).y1
                < 2 * y)
    section++;
  return section;
}

/* Where the middles of labels may stand between two obstacles. */
static void
bound_section (const GArray *obstacles, guint section, double *top, double *bottom)
{
  *top = section > 0 ? g_array_index (obstacles, Obstacle, section - 1).y1 : -G_MAXDOUBLE;
  *bottom = section < obstacles->len ? g_array_index (obstacles, Obstacle, section).y0 : G_MAXDOUBLE;
}

static GArray *
list_labels (const TramaLayout *layout, const GArray *obstacles, guint32 rail)
{
  GArray *labels = g_array_new (FALSE, FALSE, sizeof (Label));

  for (guint i = 0; i < layout->bars->len; i++)
    {
      const TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, i);
      Label label = { bar->label_y, i, FALSE, find_section (obstacles, bar->y0) };

      if (bar->rail != rail)
        continue;
      g_array_append_val (labels, label);
      if (!bar->result_apart)
        continue;
      label = (Label){ bar->result_y, i, TRUE, find_section (obstacles, bar->y1) };
      g_array_append_val (labels, label);
    }
  g_array_sort (labels, compare_labels);
  return labels;
}

/*
 * Those of one section keep between its obstacles. Where there are too many for it even
 * when they stand close, they and those of the next have the room of both, and what is
 * between.
 */
static guint
spread_section (const GArray *obstacles, const GArray *labels, guint first, double pitch, double *places)
{
  guint section = g_array_index (labels, Label, first).section, end = first;
  double least = pitch * LABEL_TIGHT_PX / LABEL_PITCH_PX;
  double top, bottom, ignored;

  bound_section (obstacles, section, &top, &bottom);
  for (;; bound_section (obstacles, ++section, &ignored, &bottom))
    {
      while (end < labels->len && g_array_index (labels, Label, end).section <= section)
        end++;
      if (bottom - top >= (end - first - 1) * least)
        break;
    }
  if (end - first > 1)
    pitch = MIN (pitch, (bottom - top) / (end - first - 1));
  trama_chart_spread (places + first, end - first, pitch);
  for (guint i = first; i < end; i++)
    places[i] = CLAMP (places[i], top + (i - first) * pitch, bottom - (end - 1 - i) * pitch);
  return end;
}

static void
spread_labels (TramaLayout *layout, guint32 rail)
{
  g_autoptr (GArray) obstacles = list_obstacles (layout, rail);
  g_autoptr (GArray) labels = list_labels (layout, obstacles, rail);
  g_autofree double *places = g_new (double, MAX (labels->len, 1));

  for (guint i = 0; i < labels->len; i++)
    places[i] = g_array_index (labels, Label, i).y;
  for (guint i = 0; i < labels->len;)
    i = spread_section (obstacles, labels, i, trama_layout_px (layout, LABEL_PITCH_PX), places);
  for (guint i = 0; i < labels->len; i++)
    {
      const Label *label = &g_array_index (labels, Label, i);
      TramaChartBar *bar = &g_array_index (layout->bars, TramaChartBar, label->bar);

      if (label->result)
        bar->result_y = places[i];
      else
        bar->label_y = places[i];
    }
}

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
set_texts (TramaLayout *layout, TramaChartBar *bar, const TramaCall *call)
{
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
  set_texts (layout, &bar, call);
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
  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    if (g_array_index (layout->rails, TramaChartRail, rail).label_width_px > 0)
      spread_labels (layout, rail);
  for (guint i = 0; i < layout->bars->len; i++)
    g_hash_table_insert (layout->self->bar_of_call,
                         GUINT_TO_POINTER (g_array_index (layout->bars, TramaChartBar, i).call),
                         GUINT_TO_POINTER (i + 1));
}
