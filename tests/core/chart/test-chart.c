/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "core/chart/labels.h"
#include "core/flow/flow.h"
#include "tests/core/chart/traces.h"

#include <math.h>
#include <string.h>

/* Nearer than this, at scale 1, two lines of text run into each other. */
#define LABEL_MIN_PX 18

/* Of a crowd, the first are compared each with each. */
#define BOXES_MAX 400

static const TramaChartOptions pages[] = {
  { .width_px = 1920, .height_px = 1000, .text_scale = 1 },
  { .width_px = 1920, .height_px = 1000, .text_scale = 1, .mode = TRAMA_SCALE_TO_SCALE },
  { .width_px = 1920, .height_px = 1000, .text_scale = 1, .mode = TRAMA_SCALE_ROWS },
  { .width_px = 1400, .height_px = 20, .text_scale = 1, .ns_per_px = 10 },
  { .width_px = 1200, .height_px = 700, .text_scale = 0.8, .ns_per_px = 1e7 },
  { .width_px = 5000, .height_px = 3000, .text_scale = 2 },
  { .width_px = 1920, .height_px = 1000, .text_scale = 2 },
  { .width_px = 300, .height_px = 300, .text_scale = 1 },
  { .width_px = 300, .height_px = 300, .text_scale = 2, .mode = TRAMA_SCALE_ROWS },
};

/* What must be true of every chart. */

static void
check_text (const char *text)
{
  g_assert_nonnull (text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
check_columns (const TramaChart *chart)
{
  g_assert_true (isfinite (chart->body_px) && chart->body_px >= 0);
  g_assert_true (isfinite (chart->header_px) && isfinite (chart->gutter_px));
  g_assert_true (isfinite (chart->ns_per_px) && chart->ns_per_px > 0);
  g_assert_true (isfinite (chart->scale) && chart->scale > 0);
  for (guint i = 0; i < chart->n_columns; i++)
    {
      const TramaChartColumn *column = &chart->columns[i];

      check_text (column->name);
      check_text (column->subtitle);
      g_assert_cmpfloat (column->x0, <, column->x1);
      g_assert_cmpfloat (i == 0 ? chart->gutter_px : column[-1].x1, <, column->x0);
      g_assert_cmpuint (column->n_rails, >=, 1);
      g_assert_cmpuint (column->first_rail + column->n_rails, <=, chart->n_rails);
    }
  g_assert_cmpuint (chart->n_wires, ==, chart->n_columns > 0 ? chart->n_columns - 1 : 0);
  for (guint i = 0; i < chart->n_wires; i++)
    {
      check_text (chart->wires[i].name);
      check_text (chart->wires[i].summary);
      g_assert_cmpfloat (chart->wires[i].x0, ==, chart->columns[i].x1);
      g_assert_cmpfloat (chart->wires[i].x1, ==, chart->columns[i + 1].x0);
    }
}

/* From the wire inwards: the lifeline, the track, the bars, the labels. */
static void
check_rails (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_rails; i++)
    {
      const TramaChartRail *rail = &chart->rails[i];
      const TramaChartColumn *column = &chart->columns[rail->column];

      g_assert_cmpuint (rail->column, <, chart->n_columns);
      g_assert_cmpfloat (rail->track_x0, <=, rail->track_x1);
      g_assert_cmpfloat (rail->bar_x0, <, rail->bar_x1);
      g_assert_cmpfloat (rail->label_width_px, >=, 0);
      g_assert_true (rail->direction == 1 || rail->direction == -1);
      if (rail->direction > 0)
        {
          g_assert_cmpfloat (rail->line_x, ==, column->x0);
          g_assert_cmpfloat (rail->line_x, <=, rail->track_x0);
          g_assert_cmpfloat (rail->track_x1, <=, rail->bar_x0);
          g_assert_cmpfloat (rail->bar_x1, <=, rail->label_x);
        }
      else
        {
          g_assert_cmpfloat (rail->line_x, ==, column->x1);
          g_assert_cmpfloat (rail->line_x, >=, rail->track_x1);
          g_assert_cmpfloat (rail->track_x0, >=, rail->bar_x1);
          g_assert_cmpfloat (rail->bar_x0, >=, rail->label_x);
        }
      /* Where there is room for a label at all, everything lies in the column. */
      if (rail->label_width_px > 0)
        {
          g_assert_cmpfloat (rail->label_x, >=, column->x0);
          g_assert_cmpfloat (rail->label_x, <=, column->x1);
          g_assert_cmpfloat (rail->label_x + rail->direction * rail->label_width_px, >=, column->x0 - 1e-6);
          g_assert_cmpfloat (rail->label_x + rail->direction * rail->label_width_px, <=, column->x1 + 1e-6);
        }
    }
}

static void
check_bars (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_bars; i++)
    {
      const TramaChartBar *bar = &chart->bars[i];

      check_text (bar->name);
      check_text (bar->args);
      g_assert_cmpuint (bar->rail, <, chart->n_rails);
      g_assert_true (isfinite (bar->y0) && isfinite (bar->y1));
      g_assert_true (isfinite (bar->label_y) && isfinite (bar->result_y));
      g_assert_cmpfloat (bar->y0, >=, 0);
      g_assert_cmpfloat (bar->y0, <, bar->y1);
      g_assert_cmpfloat (bar->y1, <=, chart->body_px);
      if (i > 0)
        g_assert_cmpfloat (bar[-1].y0, <=, bar->y0);
      if (bar->open)
        g_assert_null (bar->result);
      else
        check_text (bar->result);
      if (!bar->result_apart)
        continue;
      g_assert_true (bar->slept && !bar->open);
      g_assert_cmpfloat (bar->label_y, <, bar->result_y);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

static void
check_labels (const TramaChart *chart)
{
  for (guint rail = 0; rail < chart->n_rails; rail++)
    {
      g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (double));

      for (guint i = 0; i < chart->n_bars; i++)
        if (chart->bars[i].rail == rail)
          {
            if (chart->bars[i].has_words)
              g_array_append_val (places, chart->bars[i].label_y);
            if (chart->bars[i].result_apart)
              g_array_append_val (places, chart->bars[i].result_y);
          }
      g_array_sort (places, compare_doubles);
      for (guint i = 1; i < places->len; i++)
        g_assert_cmpfloat (g_array_index (places, double, i) - g_array_index (places, double, i - 1), >=,
                           LABEL_MIN_PX * chart->scale);
    }
}

static gboolean
is_a_line (const TramaChart *chart, double x)
{
  for (guint i = 0; i < chart->n_rails; i++)
    if (chart->rails[i].line_x == x)
      return TRUE;
  return FALSE;
}

static void
check_arrows (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];

      check_text (arrow->flags);
      g_assert_cmpuint (arrow->kind, <, TRAMA_N_SEGMENT_KINDS);
      g_assert_true (is_a_line (chart, arrow->x0) && is_a_line (chart, arrow->x1));
      g_assert_cmpfloat (arrow->y0, >=, 0);
      g_assert_cmpfloat (arrow->y1, >, arrow->y0);
      g_assert_cmpfloat (arrow->y1, <=, chart->body_px);
      if (i > 0)
        g_assert_cmpfloat (arrow[-1].y0, <=, arrow->y0);
      if (!arrow->apart)
        continue;
      g_assert_cmpfloat (arrow->chip_x, >, MIN (arrow->x0, arrow->x1));
      g_assert_cmpfloat (arrow->chip_x, <, MAX (arrow->x0, arrow->x1));
      g_assert_cmpfloat (arrow->chip_y, >=, arrow->y0);
      g_assert_cmpfloat (arrow->chip_y, <=, arrow->y1);
    }
}

static void
check_marks (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_bands; i++)
    {
      g_assert_cmpuint (chart->bands[i].rail, <, chart->n_rails);
      g_assert_cmpfloat (chart->bands[i].y0, <=, chart->bands[i].y1);
      g_assert_cmpfloat (chart->bands[i].y0, >=, 0);
      g_assert_cmpfloat (chart->bands[i].y1, <=, chart->body_px);
      g_assert_cmpfloat (chart->bands[i].x0, >=, chart->rails[chart->bands[i].rail].track_x0 - 1e-6);
      g_assert_cmpfloat (chart->bands[i].x1, <=, chart->rails[chart->bands[i].rail].track_x1 + 1e-6);
    }
  for (guint i = 0; i < chart->n_lifelines; i++)
    {
      g_assert_cmpuint (chart->lifelines[i].rail, <, chart->n_rails);
      g_assert_true (isfinite (chart->lifelines[i].x));
      g_assert_cmpfloat (chart->lifelines[i].y0, <=, chart->lifelines[i].y1);
    }
  for (guint i = 0; i < chart->n_badges; i++)
    {
      check_text (chart->badges[i].text);
      g_assert_true (isfinite (chart->badges[i].x) && isfinite (chart->badges[i].y));
    }
  for (guint i = 0; i < chart->n_links; i++)
    g_assert_true (isfinite (chart->links[i].bar_x) && isfinite (chart->links[i].line_x)
                   && isfinite (chart->links[i].y));
  for (guint i = 0; i < chart->n_tints; i++)
    {
      g_assert_cmpuint (chart->tints[i].phase, <, TRAMA_N_PHASES);
      g_assert_cmpfloat (chart->tints[i].y0, <=, chart->tints[i].y1);
      if (i > 0)
        g_assert_cmpfloat (chart->tints[i - 1].y1, <=, chart->tints[i].y0);
    }
}

static void
add_box (GArray *boxes, double x, double y, double width, double height)
{
  TramaRect box = { x, y, width, height };

  g_array_append_val (boxes, box);
}

/* Chips, ports and what is written on the lines of the kernel: nothing is written over another. */
static void
check_boxes (const TramaChart *chart)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (TramaRect));
  double chip = 30 * chart->scale, quiet = 22 * chart->scale;

  for (guint i = 0; i < chart->n_arrows && i < BOXES_MAX; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];
      double height = arrow->kind == TRAMA_SEGMENT_ACK ? quiet : chip;

      if (arrow->apart)
        add_box (boxes, arrow->chip_x - arrow->chip_width_px / 2, arrow->chip_y - height / 2,
                 arrow->chip_width_px, height);
    }
  for (guint i = 0; i < chart->n_badges && i < BOXES_MAX; i++)
    add_box (boxes, chart->badges[i].left, chart->badges[i].y - chart->badges[i].height_px / 2,
             chart->badges[i].width_px, chart->badges[i].height_px);
  for (guint i = 0; i < chart->n_carries && i < BOXES_MAX; i++)
    if (chart->carries[i].label != NULL)
      add_box (boxes, chart->carries[i].label_x - chart->carries[i].label_width_px / 2,
               chart->carries[i].label_y - quiet / 2, chart->carries[i].label_width_px, quiet);
  for (guint i = 0; i < boxes->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const TramaRect *a = &g_array_index (boxes, TramaRect, i), *b = &g_array_index (boxes, TramaRect, j);

        g_assert_false (a->x < b->x + b->width - 0.01 && b->x < a->x + a->width - 0.01
                        && a->y < b->y + b->height - 0.01 && b->y < a->y + a->height - 0.01);
      }
}

/* Cards lie in their lane, beside all columns, one below the other. */
static void
check_notes (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_notes; i++)
    {
      const TramaChartNote *note = &chart->notes[i];

      check_text (note->text);
      g_assert_true (isfinite (note->y));
      g_assert_cmpfloat (note->x, >=, chart->notes_x0);
      g_assert_cmpfloat (note->x + note->width_px, <=, MAX (chart->notes_x1, note->x) + 1e-6);
      g_assert_cmpfloat (note->card_y, >=, i == 0 ? 0 : note[-1].card_y + note[-1].height_px);
      g_assert_cmpfloat (note->card_y + note->height_px, <=, chart->body_px);
      for (guint column = 0; column < chart->n_columns; column++)
        g_assert_cmpfloat (chart->columns[column].x1, <=, note->x);
    }
}

/* Ticks and tears stand in order; nothing happens where time is folded away. */
static void
check_axis (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_ticks; i++)
    {
      g_assert_true (isfinite (chart->ticks[i].y));
      if (i > 0)
        g_assert_cmpfloat (chart->ticks[i - 1].y, <=, chart->ticks[i].y + 1e-6);
      g_assert_true (chart->ticks[i].major == (chart->ticks[i].label != NULL));
    }
  for (guint i = 0; i < chart->n_tears; i++)
    {
      const TramaChartTear *tear = &chart->tears[i];
      g_autofree char *label = trama_duration_format (tear->span.end_ns - tear->span.start_ns);

      g_assert_cmpstr (tear->label, ==, label);
      g_assert_cmpfloat (tear->y0, <, tear->y1);
      g_assert_cmpfloat (trama_chart_y_of_time (chart, tear->span.start_ns), <=, tear->y0);
      g_assert_cmpfloat (tear->y1, <=, trama_chart_y_of_time (chart, tear->span.end_ns));
      if (i > 0)
        g_assert_cmpfloat (tear[-1].y1, <, tear->y0);
      for (guint bar = 0; bar < chart->n_bars; bar++)
        g_assert_false (chart->bars[bar].y0 > tear->y0 && chart->bars[bar].y0 < tear->y1);
      for (guint arrow = 0; arrow < chart->n_arrows; arrow++)
        g_assert_false (chart->arrows[arrow].y1 > tear->y0 && chart->arrows[arrow].y0 < tear->y1);
    }
}

/* Every step of a packet that is drawn is counted in one mark; marks and times do not hide each other. */
static void
check_steps_back (const TramaChart *chart)
{
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));
  guint n_marked = 0, n_steps = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_steps += trama_store_get_step_back (store, chart->arrows[i].packet) > 0;
  for (guint i = 0; i < chart->n_steps; i++)
    {
      const TramaChartStep *step = &chart->steps[i];

      n_marked += step->n_steps;
      check_text (step->label);
      g_assert_cmpint (step->step_ns, ==, trama_store_get_step_back (store, step->packet));
      g_assert_cmpfloat (0, <, step->x0);
      g_assert_cmpfloat (step->x0, <, step->x1);
      g_assert_cmpfloat (step->x1, <, chart->gutter_px);
      g_assert_cmpfloat (step->y0, <, step->y1);
      if (i > 0)
        g_assert_cmpfloat (step[-1].y1, <, step->y0);
      for (guint tick = 0; tick < chart->n_ticks; tick++)
        g_assert_false (chart->ticks[tick].label != NULL && chart->ticks[tick].y > step->y0
                        && chart->ticks[tick].y < step->y1);
    }
  g_assert_cmpuint (n_marked, ==, n_steps);
}

static void
check_bounds (const TramaChart *chart, TramaRef ref, double x0, double y0, double x1, double y1)
{
  TramaRect rect = { NAN, NAN, NAN, NAN };

  g_assert_true (trama_chart_get_bounds (chart, ref, &rect));
  g_assert_cmpfloat (rect.x, <=, x0 + 1e-6);
  g_assert_cmpfloat (rect.y, <=, y0 + 1e-6);
  g_assert_cmpfloat (rect.x + rect.width, >=, x1 - 1e-6);
  g_assert_cmpfloat (rect.y + rect.height, >=, y1 - 1e-6);
}

static void
assert_hit (const TramaChart *chart, double x, double y, guint kind, guint index)
{
  TramaRef hit = trama_chart_hit (chart, x, y);

  g_assert_cmpuint (hit.kind, ==, kind);
  g_assert_cmpuint (hit.index, ==, index);
}

/* Whether another bar of its rail is drawn over the middle of this one. */
static gboolean
is_covered (const TramaChart *chart, const TramaChartBar *bar)
{
  double y = (bar->y0 + bar->y1) / 2;

  for (guint i = 0; i < chart->n_bars; i++)
    if (&chart->bars[i] != bar && chart->bars[i].rail == bar->rail && chart->bars[i].y0 <= y
        && chart->bars[i].y1 >= y)
      return TRUE;
  return FALSE;
}

/* In a chart too narrow for its labels, columns lie over each other. */
static gboolean
has_room (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_rails; i++)
    if (chart->rails[i].label_width_px <= 0)
      return FALSE;
  return TRUE;
}

/* Pointing at the middle of a thing finds the thing. */
static void
check_hits (const TramaChart *chart)
{
  gboolean room = has_room (chart);

  for (guint i = 0; i < chart->n_bars; i++)
    {
      const TramaChartBar *bar = &chart->bars[i];
      const TramaChartRail *rail = &chart->rails[bar->rail];
      const TramaRef ref = { TRAMA_EVENT_CALL, bar->call };
      double label_x;

      check_bounds (chart, ref, rail->bar_x0, bar->y0, rail->bar_x1, bar->y1);
      if (!room)
        continue;
      if (!is_covered (chart, bar))
        assert_hit (chart, (rail->bar_x0 + rail->bar_x1) / 2, (bar->y0 + bar->y1) / 2, ref.kind, ref.index);
      label_x = rail->label_x + rail->direction * rail->label_width_px / 2;
      if (bar->has_words)
        assert_hit (chart, label_x, bar->label_y, ref.kind, ref.index);
      if (bar->result_apart)
        assert_hit (chart, label_x, bar->result_y, ref.kind, ref.index);
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];
      const TramaRef ref = { TRAMA_EVENT_PACKET, arrow->packet };

      check_bounds (chart, ref, MIN (arrow->x0, arrow->x1), arrow->y0, MAX (arrow->x0, arrow->x1), arrow->y1);
      if (room && arrow->apart)
        assert_hit (chart, arrow->chip_x, arrow->chip_y, ref.kind, ref.index);
    }
  g_assert_cmpuint (trama_chart_hit (chart, -1000, -1000).kind, ==, 0);
}

static guint
number_of (const TramaChart *chart, TramaRef ref)
{
  guint n_calls = trama_store_n_calls (trama_flow_table_get_store (trama_chart_get_table (chart)));

  g_assert_true (ref.kind == TRAMA_EVENT_CALL || ref.kind == TRAMA_EVENT_PACKET);
  return ref.kind == TRAMA_EVENT_CALL ? ref.index : n_calls + ref.index;
}

/* Down the ladder every event once, and up again the same way. */
static void
check_steps (const TramaChart *chart)
{
  guint n = chart->n_bars + chart->n_arrows, steps = 0;
  g_autoptr (GArray) down = g_array_new (FALSE, FALSE, sizeof (TramaRef));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  double last_y = -G_MAXDOUBLE;
  TramaRef ref = { 0, 0 };

  while ((ref = trama_chart_step (chart, ref, 1)).kind != 0)
    {
      g_assert_cmpuint (steps++, <, n);
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (number_of (chart, ref) + 1)));
      g_array_append_val (down, ref);
    }
  g_assert_cmpuint (down->len, ==, n);
  ref = (TramaRef){ 0, 0 };
  for (guint i = n; i-- > 0;)
    {
      const TramaRef *expected = &g_array_index (down, TramaRef, i);

      ref = trama_chart_step (chart, ref, -1);
      g_assert_cmpuint (ref.kind, ==, expected->kind);
      g_assert_cmpuint (ref.index, ==, expected->index);
    }
  g_assert_cmpuint (trama_chart_step (chart, ref, -1).kind, ==, 0);
  for (guint i = 0; i < n && chart->n_arrows == n; i++)
    {
      g_assert_cmpfloat (chart->arrows[i].y0, >=, last_y);
      last_y = chart->arrows[i].y0;
    }
}

static void
check_paths (const TramaChart *chart)
{
  const TramaRef nothing = { 0, 0 };
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (TramaRef));
  TramaRef ref = nothing;

  /* Of a crowd, some. */
  while ((ref = trama_chart_step (chart, ref, 1)).kind != 0 && refs->len < 40)
    g_array_append_val (refs, ref);
  for (guint i = 0; i < refs->len; i++)
    {
      TramaRef a = g_array_index (refs, TramaRef, i);

      g_assert_true (trama_chart_on_path (chart, a, a));
      g_assert_false (trama_chart_on_path (chart, a, nothing));
      g_assert_false (trama_chart_on_path (chart, nothing, a));
      for (guint j = 0; j < refs->len; j++)
        {
          TramaRef b = g_array_index (refs, TramaRef, j);

          g_assert_cmpint (trama_chart_on_path (chart, a, b), ==, trama_chart_on_path (chart, b, a));
        }
      for (int direction = -1; direction <= 1; direction += 2)
        {
          TramaRef other = trama_chart_step_across (chart, a, direction);

          if (other.kind != 0)
            g_assert_true (trama_chart_on_path (chart, a, other));
        }
    }
}

/* Time and place: monotone, inverse of each other, within the chart. */
static void
check_time (const TramaChart *chart)
{
  const TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));
  g_autoptr (GArray) moments = trama_store_get_moments (store, &chart->span);
  double last_y = 0;

  for (guint i = 0; i < moments->len; i++)
    {
      gint64 time = g_array_index (moments, TramaMoment, i).time_ns;
      double y = trama_chart_y_of_time (chart, time);

      g_assert_cmpfloat (y, >=, last_y);
      g_assert_cmpfloat (y, <=, chart->body_px);
      if (g_array_index (moments, TramaMoment, i).kind != TRAMA_MOMENT_NOTE)
        g_assert_cmpfloat (fabs ((double) (trama_chart_time_of_y (chart, y) - time)), <=,
                           1 + 1e-9 * (double) (chart->span.end_ns - chart->span.start_ns));
      last_y = y;
    }
}

static void
check (const TramaChart *chart)
{
  check_columns (chart);
  check_rails (chart);
  check_bars (chart);
  check_labels (chart);
  check_arrows (chart);
  check_marks (chart);
  check_notes (chart);
  check_boxes (chart);
  check_axis (chart);
  check_steps_back (chart);
  check_time (chart);
  check_hits (chart);
  check_steps (chart);
  check_paths (chart);
}

static void
test_trace (gconstpointer data)
{
  guint number = GPOINTER_TO_UINT (data);
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  test_traces[number].make (fixture);
  table = trama_flow_table_new (fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (TramaChart) chart = trama_chart_new (table, &pages[i]);

      g_test_message ("page %u", i);
      check (chart);
    }
}

static TramaChart *
lay_out_telephone (const TramaChartOptions *options)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  return trama_chart_new (table, options);
}

/* All of it is there, with who dials on the left. The chart keeps what it was made from. */
static void
test_telephone (void)
{
  g_autoptr (TramaChart) chart = lay_out_telephone (&pages[0]);

  g_assert_cmpuint (chart->n_columns, ==, 2);
  g_assert_cmpstr (chart->columns[0].name, ==, "client");
  g_assert_cmpstr (chart->columns[1].name, ==, "server");
  g_assert_nonnull (strstr (chart->columns[1].subtitle, "127.0.0.1:5000"));
  g_assert_cmpuint (chart->n_bars, ==, 13);
  g_assert_cmpuint (chart->n_arrows, ==, 11);
  g_assert_cmpstr (chart->wires[0].name, ==, "lo");
  g_assert_nonnull (strstr (chart->wires[0].summary, "TCP"));
  g_assert_nonnull (strstr (chart->wires[0].summary, "11"));
  g_assert_cmpuint (chart->n_tints, ==, 3);
  g_assert_cmpint (chart->span.start_ns, ==, fixture_time_ns (0));
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      g_assert_true (chart->arrows[i].apart);
      g_assert_cmpfloat (fabs (chart->arrows[i].x1 - chart->arrows[i].x0), ==,
                         chart->wires[0].x1 - chart->wires[0].x0);
    }
}

/* connect() is on one path with its SYN, and with accept(), which the handshake woke; not with close(). */
static void
test_path (void)
{
  const TramaRef connect = { TRAMA_EVENT_CALL, 9 }, accept = { TRAMA_EVENT_CALL, 3 };
  const TramaRef close = { TRAMA_EVENT_CALL, 12 }, syn = { TRAMA_EVENT_PACKET, 0 };
  g_autoptr (TramaChart) chart = lay_out_telephone (&pages[0]);

  g_assert_true (trama_chart_on_path (chart, connect, syn));
  g_assert_true (trama_chart_on_path (chart, connect, accept));
  g_assert_false (trama_chart_on_path (chart, connect, close));
  g_assert_false (trama_chart_on_path (chart, close, syn));
  g_assert_cmpuint (trama_chart_step_across (chart, connect, 1).kind, ==, TRAMA_EVENT_PACKET);
}

/* A call that has not returned goes to the end of the chart. */
static void
test_blocked (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  const TramaChartBar *bar;

  make_blocked (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &pages[0]);
  bar = &chart->bars[chart->n_bars - 1];
  g_assert_true (bar->open && bar->slept);
  g_assert_cmpstr (bar->args, ==, "(3, 64)");
  g_assert_cmpfloat (bar->y1, ==, chart->body_px);
}

/* The mark stands where its packet is, and leads to it. */
static void
test_steps_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  const TramaChartStep *step;

  make_steps_back (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &pages[0]);
  g_assert_cmpuint (chart->n_steps, >, 1);
  step = &chart->steps[0];
  g_assert_cmpuint (step->packet, ==, 1);
  g_assert_cmpuint (step->n_steps, ==, 1);
  g_assert_cmpstr (step->label, ==, "8 ms");
  g_assert_cmpfloat (fabs ((step->y0 + step->y1) / 2 - chart->arrows[0].y0), <, 1);
  assert_hit (chart, (step->x0 + step->x1) / 2, step->y1 - 1, TRAMA_EVENT_PACKET, 1);
  step = &chart->steps[chart->n_steps - 1];
  g_assert_cmpuint (step->n_steps, >, 1);
  g_assert_true (g_str_has_prefix (step->label, "5 µs × "));
}

/* The server stands among its workers and clients, and what a worker reads ends at the worker. */
static void
test_workers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (TramaChart) narrow = NULL;

  make_workers (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &pages[0]);
  g_assert_cmpuint (chart->n_columns, ==, 7);
  g_assert_cmpstr (chart->columns[0].name, !=, "server");
  g_assert_cmpstr (chart->columns[6].name, !=, "server");
  narrow = trama_chart_new (table, &pages[7]);
  g_assert_cmpfloat (narrow->width_px, >, pages[7].width_px);
  for (guint i = 0; i < narrow->n_rails; i++)
    g_assert_cmpfloat (narrow->rails[i].label_width_px, >=, 100 * narrow->scale);
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      const TramaChartArrow *arrow = &chart->arrows[i];
      gboolean found = FALSE;

      for (guint rail = 0; rail < chart->n_rails; rail++)
        if (chart->rails[rail].line_x == arrow->x1)
          found |= g_str_equal (chart->columns[chart->rails[rail].column].name,
                                arrow->kind == TRAMA_SEGMENT_DATA                  ? "worker"
                                : arrow->packet % 5 == 1 || arrow->packet % 5 == 4 ? "client"
                                                                                   : "server");
      g_assert_true (found);
    }
}

static void
test_unobserved (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;

  make_unobserved (fixture);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &pages[0]);
  g_assert_cmpuint (chart->n_wires, ==, 1);
  g_assert_cmpstr (chart->wires[0].summary, ==, "packets not observed");
  g_assert_cmpuint (chart->n_arrows, ==, 0);
}

/* The same trace is laid out the same way every time; a wider page gives the columns more. */
static void
test_pages (void)
{
  g_autoptr (TramaChart) one = lay_out_telephone (&pages[0]);
  g_autoptr (TramaChart) other = lay_out_telephone (&pages[0]);
  TramaChartOptions wide = pages[0];
  g_autoptr (TramaChart) wider = NULL;

  wide.width_px *= 1.5;
  wider = lay_out_telephone (&wide);
  g_assert_cmpuint (one->n_bars, ==, other->n_bars);
  for (guint i = 0; i < one->n_bars; i++)
    {
      g_assert_cmpfloat (one->bars[i].y0, ==, other->bars[i].y0);
      g_assert_cmpfloat (one->bars[i].label_y, ==, other->bars[i].label_y);
    }
  g_assert_cmpfloat (one->columns[0].x1 - one->columns[0].x0, <, wider->columns[0].x1 - wider->columns[0].x0);
  g_assert_cmpfloat (wider->columns[1].x1, <=, wide.width_px);
}

/* However little is left over for the last page, it is not bare. */
static void
test_last_page (void)
{
  for (double n_pages = 2.001; n_pages < 3; n_pages += 0.013)
    {
      g_autoptr (TramaChart) chart = lay_out_telephone (&pages[0]);
      double page_px = chart->body_px / n_pages;
      g_autoptr (GArray) breaks = trama_chart_break_pages (chart, 0, chart->body_px, page_px);
      guint last = breaks->len - 1;

      g_assert_cmpuint (last, >=, 3);
      g_assert_cmpfloat (g_array_index (breaks, double, last), ==, chart->body_px);
      for (guint i = 0; i < last; i++)
        {
          double height_px = g_array_index (breaks, double, i + 1) - g_array_index (breaks, double, i);

          g_assert_cmpfloat (height_px, >=, page_px / 5 - 0.01);
          g_assert_cmpfloat (height_px, <=, page_px + 0.01);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < test_n_traces; i++)
    {
      g_autofree char *path = g_strconcat ("/chart/trace/", test_traces[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_trace);
    }
  g_test_add_func ("/chart/telephone", test_telephone);
  g_test_add_func ("/chart/path", test_path);
  g_test_add_func ("/chart/blocked", test_blocked);
  g_test_add_func ("/chart/steps-back", test_steps_back);
  g_test_add_func ("/chart/workers", test_workers);
  g_test_add_func ("/chart/unobserved", test_unobserved);
  g_test_add_func ("/chart/pages", test_pages);
  g_test_add_func ("/chart/last-page", test_last_page);
  return g_test_run ();
}
