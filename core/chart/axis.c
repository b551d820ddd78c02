/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <math.h>

/* Sizes of the design at scale 1. */
#define TICK_PITCH_PX 46
#define ROW_LABEL_PITCH_PX 30

/* From which step on three figures are too few, and which of those then say where they are. */
#define FAR_AFTER_STEPS 1000
#define FAR_STEPS 10

/* What the gutter has room for. */
#define FIGURES_MAX 7

/* No gap is folded that is less than such a part of a step. */
#define STEP_PARTS 5

/* From what one figure is worth to the next. */
#define FIGURE_BASE 10

/* All there are in 64 bits. */
#define FIGURES_ALL 19

/* Conversations whose phases may be told one after the other. */
#define TINTED_FLOWS_MAX 16

/* A ladder may be very long; what nobody can read is not made. */
#define TICKS_MAX 20000

/* The next of 1, 2, 5 × 10ⁿ nanoseconds at or above @ns. */
static gint64
round_step (double ns)
{
  double power = pow (10, floor (log10 (MAX (ns, 1))));
  double lead = MAX (ns, 1) / power;

  return (gint64) llround (power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10));
}

/* @label NULL: a minor one. */
static void
add_tick (TramaLayout *layout, double y, gboolean absolute, const char *label)
{
  TramaChartTick tick = { .y = y, .major = label != NULL, .absolute = (guint8) absolute };

  if (layout->ticks->len >= TICKS_MAX)
    return;
  if (label != NULL)
    tick.label = trama_layout_keep (layout, label);
  g_array_append_val (layout->ticks, tick);
}

/* How far it is from the first of a stretch. */
static void
add_major_tick (TramaLayout *layout, double y, gint64 label_ns)
{
  g_autofree char *duration = trama_duration_format (label_ns);
  g_autofree char *text = g_strconcat ("+", duration, NULL);

  add_tick (layout, y, FALSE, text);
}

/* From one tick to the next. */
static gint64
get_step (const TramaLayout *layout)
{
  return round_step (trama_layout_px (layout, TICK_PITCH_PX) * layout->self->time_scale.ns_per_px);
}

/* Where in the trace something is told, and from what before it that must be told. */
typedef struct
{
  gint64 since_ns;  /* since the trace began */
  gint64 before_ns; /* the same of what is told before it; −1: nothing is */
  gint64 step_ns;   /* no nearer is anything else */
} Place;

/* What its figures say, as many as there is room for. */
static gint64
get_base (gint64 since_ns)
{
  return since_ns - since_ns % trama_duration_least_step (since_ns, FIGURES_MAX);
}

/* The figures are rounded where they say it all, else cut, so that the rest can be added to them. */
static char *
tell_place (const Place *place)
{
  const gint64 least_ns = trama_duration_least_step (place->since_ns, FIGURES_MAX);
  const gint64 base_ns = get_base (place->since_ns);
  g_autofree char *rest = NULL;

  if (place->since_ns == 0)
    return g_strdup ("0 µs");
  if (place->before_ns >= base_ns)
    {
      rest = trama_duration_format_exactly (place->since_ns - base_ns, place->step_ns, FIGURES_ALL);
      return g_strconcat ("+", rest, NULL);
    }
  if (least_ns == 1 || place->step_ns >= least_ns * FIGURE_BASE)
    return trama_duration_format_exactly (place->since_ns, place->step_ns, FIGURES_MAX);
  return trama_duration_format_exactly (base_ns, least_ns, FIGURES_MAX);
}

/* So that one can add to it what the ticks below it say, and tell it from the next. */
static void
add_absolute_tick (TramaLayout *layout, double y, gint64 time_ns, gint64 before_ns)
{
  const gint64 start_ns = layout->self->chart.span.start_ns;
  const Place place = { time_ns - start_ns, before_ns != TRAMA_TIME_NONE ? before_ns - start_ns : -1,
                        get_step (layout) / STEP_PARTS };
  g_autofree char *text = tell_place (&place);

  add_tick (layout, y, TRUE, text);
}

/* So far into a stretch three figures do not tell one step from the next: some say where they are, the others how far from those. */
static void
add_far_tick (TramaLayout *layout, const TramaStretch *stretch, double y, gint64 t, gint64 step)
{
  gint64 from_last = t % (FAR_STEPS * step);
  g_autofree char *text = NULL;

  if (from_last != 0)
    {
      add_major_tick (layout, y, from_last);
      return;
    }
  text = trama_duration_format_exactly (stretch->start_ns - layout->self->chart.span.start_ns + t, step,
                                        FIGURES_ALL);
  add_tick (layout, y, TRUE, text);
}

/* The first tick of a stretch says where in the trace it is, the others how far from there. */
static void
add_ticks (TramaLayout *layout, const TramaStretch *stretch, gint64 before_ns)
{
  gint64 step = get_step (layout);
  gint64 length = stretch->end_ns - stretch->start_ns;
  double px_per_ns = length > 0 ? (stretch->y1 - stretch->y0) / (double) length : 0;
  gint64 half = MAX (step / 2, 1), first;

  if (trama_layout_wants (layout, stretch->y0, stretch->y0))
    add_absolute_tick (layout, stretch->y0, stretch->start_ns, before_ns);
  if (px_per_ns <= 0)
    return;
  first = (gint64) (MAX (layout->y0 - stretch->y0, 0) / px_per_ns) / half;
  for (gint64 i = MAX (first, 1); i <= length / half && layout->ticks->len < TICKS_MAX; i++)
    {
      const gint64 t = i * half;
      double y = stretch->y0 + (double) t * px_per_ns;

      if (y > layout->y1)
        break;
      if (t % step != 0)
        add_tick (layout, y, FALSE, NULL);
      else if (t / step < FAR_AFTER_STEPS)
        add_major_tick (layout, y, t);
      else
        add_far_tick (layout, stretch, y, t, step);
    }
}

static void
add_tear (TramaLayout *layout, const TramaStretch *stretch)
{
  g_autofree char *label = trama_duration_format (stretch->end_ns - stretch->start_ns);
  double y0 = stretch->y0 + stretch->before_px;
  TramaChartTear tear = {
    .y0 = y0,
    .y1 = y0 + trama_layout_px (layout, TRAMA_SCALE_TEAR_PX),
    .span = { stretch->start_ns, stretch->end_ns },
    .label = trama_layout_keep (layout, label),
  };

  g_array_append_val (layout->tears, tear);
}

static gint64
get_length (const GArray *stretches, guint index)
{
  const TramaStretch *stretch = &g_array_index (stretches, TramaStretch, index);

  return MAX (stretch->end_ns - stretch->start_ns, 1);
}

/* Which differs from that of the row above, however little is between them. */
static void
add_row_tick (TramaLayout *layout, guint index)
{
  const GArray *stretches = layout->self->time_scale.stretches;
  const TramaStretch *stretch = &g_array_index (stretches, TramaStretch, index);
  const gint64 start_ns = layout->self->chart.span.start_ns;
  Place place = { stretch->start_ns - start_ns, -1, get_length (stretches, index) };
  g_autofree char *text = NULL, *since = NULL;
  gboolean goes_on, is_base;

  if (index > 0)
    {
      place.before_ns = stretch[-1].start_ns - start_ns;
      place.step_ns = MIN (place.step_ns, get_length (stretches, index - 1));
    }
  goes_on = place.before_ns >= get_base (place.since_ns);
  is_base = place.since_ns == 0 || (!goes_on && place.since_ns >= get_base (stretch->end_ns - start_ns));
  text = tell_place (&place);
  since = g_strconcat ("+", text, NULL);
  add_tick (layout, stretch->y0, is_base, is_base || goes_on ? text : since);
}

/* One row per moment: every row has its own time. */
static void
add_row_ticks (TramaLayout *layout)
{
  const TramaScale *scale = &layout->self->time_scale;
  double last_y = -G_MAXDOUBLE;

  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);

      if (stretch->y0 - last_y < trama_layout_px (layout, ROW_LABEL_PITCH_PX))
        continue;
      add_row_tick (layout, i);
      last_y = stretch->y0;
    }
}

/* The absolute tick before the one at the end of a fold. */
static gint64
find_tick_before (const TramaStretch *fold, guint index)
{
  return index > 0 && !fold[-1].folded ? fold[-1].start_ns : fold->start_ns;
}

static void
add_axis (TramaLayout *layout, TramaScaleMode mode)
{
  const TramaScale *scale = &layout->self->time_scale;

  if (mode == TRAMA_SCALE_ROWS)
    {
      add_row_ticks (layout);
      return;
    }
  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);
      gboolean last = i + 1 == scale->stretches->len;

      if (i == 0 && stretch->folded)
        add_absolute_tick (layout, stretch->y0, stretch->start_ns, TRAMA_TIME_NONE);
      if (!stretch->folded)
        add_ticks (layout, stretch, i > 0 ? find_tick_before (stretch - 1, i - 1) : TRAMA_TIME_NONE);
      /* Between two folds stands a single moment. */
      else if (last || g_array_index (scale->stretches, TramaStretch, i + 1).folded)
        add_absolute_tick (layout, stretch->y1, stretch->end_ns, find_tick_before (stretch, i));
    }
}

static void
add_tint (TramaLayout *layout, guint first, guint phase, gint64 start_ns, gint64 end_ns)
{
  TramaChartTint tint = { .phase = (guint8) phase };

  if (start_ns == TRAMA_TIME_NONE || end_ns < start_ns)
    return;
  tint.y0 = trama_layout_y (layout, start_ns);
  tint.y1 = trama_layout_y (layout, end_ns);
  if (layout->tints->len == first
      || g_array_index (layout->tints, TramaChartTint, layout->tints->len - 1).y1 <= tint.y0)
    g_array_append_val (layout->tints, tint);
}

static int
compare_flows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  TramaFlowTable *table = user_data;
  const guint32 *x = a, *y = b;
  const TramaFlow *one = trama_flow_table_get_flow (table, *x);
  const TramaFlow *other = trama_flow_table_get_flow (table, *y);
  guint64 n_one = one->packets[0] + one->packets[1], n_other = other->packets[0] + other->packets[1];

  if (n_one != n_other)
    return n_one > n_other ? -1 : 1;
  return *x < *y ? -1 : *x > *y;
}

/* Those that are drawn, the one with the most packets first; of a crowd, that alone. */
static GArray *
list_flows (TramaLadder *ladder)
{
  const TramaLayout *cast = &ladder->cast;
  GArray *flows = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < ladder->n_flows; i++)
    {
      if (!trama_ladder_may_draw_flow (ladder, i)
          || (flows->len > TINTED_FLOWS_MAX && compare_flows (&i, flows->data, cast->table) > 0)
          || !trama_layout_draws_flow (cast, i))
        continue;
      g_array_append_val (flows, i);
      if (flows->len <= TINTED_FLOWS_MAX)
        continue;
      g_array_sort_with_data (flows, compare_flows, cast->table);
      g_array_set_size (flows, TINTED_FLOWS_MAX + 1);
    }
  g_array_sort_with_data (flows, compare_flows, cast->table);
  if (flows->len > TINTED_FLOWS_MAX)
    g_array_set_size (flows, 1);
  return flows;
}

static gboolean
is_beside (const TramaFlow *flow, const TramaFlow *other)
{
  return flow->first_ns <= other->last_ns && other->first_ns <= flow->last_ns;
}

/* The background has one phase at a time: beside a conversation with more packets, one has none. */
gboolean
trama_ladder_list_tinted (TramaLadder *ladder, guint room)
{
  GArray *flows = list_flows (ladder);
  guint n_chosen = 0;

  for (guint i = 0; i < flows->len; i++)
    {
      guint32 *list = (guint32 *) (gpointer) flows->data;
      const TramaFlow *flow = trama_flow_table_get_flow (ladder->cast.table, list[i]);
      gboolean alone = TRUE;

      for (guint k = 0; k < n_chosen && alone; k++)
        alone = !is_beside (flow, trama_flow_table_get_flow (ladder->cast.table, list[k]));
      if (alone)
        list[n_chosen++] = list[i];
    }
  g_array_set_size (flows, n_chosen);
  ladder->tinted = flows;
  return FALSE;
}

/* The head of its last arrow hangs below that packet's time. */
static double
find_last_head (const TramaLayout *layout, const TramaFlow *flow)
{
  const double y = trama_layout_y (layout, flow->last_ns);
  double head_y = y;

  for (guint i = layout->arrows->len; i > 0; i--)
    {
      const TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, i - 1);

      if (arrow->y0 < y)
        break;
      if (arrow->y0 <= y)
        head_y = MAX (head_y, arrow->y1);
    }
  return head_y;
}

static void
add_tints_of (TramaLayout *layout, const TramaFlow *flow)
{
  const guint first = layout->tints->len;
  TramaChartTint *last;

  for (guint phase = TRAMA_PHASE_SETUP; phase < TRAMA_N_PHASES; phase++)
    {
      gint64 end_ns = flow->last_ns;

      for (guint next = phase + 1; next < TRAMA_N_PHASES; next++)
        if (flow->phase_ns[next] != TRAMA_TIME_NONE)
          {
            end_ns = flow->phase_ns[next];
            break;
          }
      add_tint (layout, first, phase, flow->phase_ns[phase], end_ns);
    }
  if (layout->tints->len == first)
    return;
  last = &g_array_index (layout->tints, TramaChartTint, layout->tints->len - 1);
  last->y1 = MAX (last->y1, find_last_head (layout, flow));
}

static int
compare_tints (gconstpointer a, gconstpointer b)
{
  const TramaChartTint *x = a, *y = b;

  return x->y0 < y->y0 ? -1 : x->y0 > y->y0;
}

/* Of strangers side by side none has the phases of all. */
static void
add_tints (TramaLayout *layout)
{
  const GArray *tinted = layout->ladder->tinted;

  if (layout->seats != NULL && trama_flow_set_n_flows (layout->flows) > 1)
    return;
  for (guint i = 0; i < tinted->len; i++)
    add_tints_of (layout, trama_flow_table_get_flow (layout->table, g_array_index (tinted, guint32, i)));
  g_array_sort (layout->tints, compare_tints);
  for (guint i = 1; i < layout->tints->len; i++)
    {
      TramaChartTint *tint = &g_array_index (layout->tints, TramaChartTint, i);

      tint[-1].y1 = MIN (tint[-1].y1, tint->y0);
    }
}

void
trama_layout_tears (TramaLayout *layout)
{
  const GArray *stretches = layout->self->time_scale.stretches;

  for (guint i = 0; i < stretches->len; i++)
    if (g_array_index (stretches, TramaStretch, i).folded)
      add_tear (layout, &g_array_index (stretches, TramaStretch, i));
}

gboolean
trama_layout_meets_tear (const TramaLayout *layout, double y0, double y1)
{
  const TramaScale *scale = &layout->self->time_scale;

  return trama_scale_next_tear (scale, y0 - trama_layout_px (layout, TRAMA_SCALE_TEAR_PX)) < y1;
}

void
trama_layout_axis (TramaLayout *layout)
{
  add_axis (layout, layout->self->mode);
  add_tints (layout);
}
