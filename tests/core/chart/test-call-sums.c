/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/call_sums.h"

#include "core/chart/ladder.h"
#include "tests/core/fixture.h"

#include <errno.h>
#include <math.h>

/* Sums of calls, and the pictures made of them, beside a plain walk over all calls of random traces. */

#define N_TRACES 4
#define N_CALLS 4000
#define N_RAILS 3
#define N_STRETCHES 300

#define CELL_PX 32
#define ROW_PX 4
#define BARS_MAX 5
#define BLUR_NS 10

static const gint32 errors[] = { 0, 0, 0, 0, 0, 0, EAGAIN, EAGAIN, ECONNRESET, EPIPE };

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

/* Most are over at once; some last over many others, in which they are, or do not return. */
static FixtureCall
random_call (GRand *random, guint32 actor, gint64 entry_us)
{
  double luck = g_rand_double (random);
  gint64 length_us = luck < 0.9 ? g_rand_int_range (random, 0, 12) : g_rand_int_range (random, 0, 4000);
  gint32 error = luck < 0.85 ? 0 : errors[g_rand_int_range (random, 0, G_N_ELEMENTS (errors))];

  return (FixtureCall){ .name = TRAMA_CALL_READ,
                        .actor = actor,
                        .entry_us = entry_us,
                        .exit_us = luck > 0.998 ? FIXTURE_NEVER : entry_us + length_us,
                        .fd = 4,
                        .socket = 20 + actor,
                        .result = error != 0 ? -1 : 0,
                        .error = error,
                        .number = 64,
                        .slept = length_us % 2 == 1 };
}

static void
append_calls (Fixture *fixture, GRand *random, guint n, gint64 *now_us)
{
  for (guint i = 0; i < n; i++)
    {
      FixtureCall call = random_call (random, (guint32) g_rand_int_range (random, 1, N_RAILS + 1), *now_us);

      fixture_call (fixture, &call);
      *now_us += g_rand_double (random) < 0.99 ? g_rand_int_range (random, 0, 9) : 20000;
    }
}

static Fixture *
random_fixture_new (GRand *random, guint n_calls, gint64 *now_us)
{
  Fixture *fixture = fixture_new ();

  for (guint i = 0; i < N_RAILS; i++)
    fixture_actor (fixture, "actor");
  *now_us = 10;
  append_calls (fixture, random, n_calls, now_us);
  return fixture;
}

/* The sums by themselves: one rail, in order of time. */

typedef struct
{
  gint64 time_ns;
  guint call;
  gboolean leaves;
} Turn;

static int
compare_turns (gconstpointer a, gconstpointer b)
{
  const Turn *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->leaves != y->leaves)
    return x->leaves ? 1 : -1;
  return x->call < y->call ? -1 : x->call > y->call;
}

static gboolean
is_open (const TramaCall *call)
{
  return call->exit_ns == TRAMA_TIME_NONE;
}

static gboolean
has_slept (const TramaCall *call)
{
  return (call->flags & TRAMA_CALL_SLEPT) != 0;
}

static TramaCallSums *
sum_up (TramaStore *store)
{
  TramaCallSums *sums = trama_call_sums_new (1);
  g_autoptr (GArray) turns = g_array_new (FALSE, FALSE, sizeof (Turn));

  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);
      Turn turn = { call->entry_ns, i, FALSE };

      g_array_append_val (turns, turn);
      turn = (Turn){ call->exit_ns, i, TRUE };
      if (!is_open (call))
        g_array_append_val (turns, turn);
    }
  g_array_sort (turns, compare_turns);
  for (guint i = 0; i < turns->len; i++)
    {
      const Turn *turn = &g_array_index (turns, Turn, i);
      const TramaCall *call = trama_store_get_call (store, turn->call);
      const TramaCallSpan span = { call->entry_ns, is_open (call) ? G_MAXINT64 : call->exit_ns, turn->call,
                                   call->error };

      if (turn->leaves)
        trama_call_sums_leave (sums, 0, call->exit_ns, has_slept (call));
      else
        trama_call_sums_enter (sums, 0, &span, has_slept (call));
    }
  return sums;
}

static void
check_stretch (TramaStore *store, gint64 start_ns, gint64 end_ns, const TramaCallSum *sum)
{
  TramaCallSum plain = { 0 };

  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);
      gint64 spent_ns = is_open (call) ? 0 : MIN (call->exit_ns, end_ns) - MAX (call->entry_ns, start_ns);

      plain.n_calls += call->entry_ns >= start_ns && call->entry_ns < end_ns;
      plain.busy_ns += MAX (spent_ns, 0);
      plain.slept_ns += has_slept (call) ? MAX (spent_ns, 0) : 0;
    }
  g_assert_cmpuint (sum->n_calls, ==, plain.n_calls);
  g_assert_cmpint (sum->busy_ns, ==, plain.busy_ns);
  g_assert_cmpint (sum->slept_ns, ==, plain.slept_ns);
}

static void
check_long (TramaStore *store, const TramaCallSums *sums, gint64 start_ns, gint64 end_ns, gint64 least_ns)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));
  guint at = 0;

  trama_call_sums_find_long (sums, 0, start_ns, end_ns, least_ns, found);
  for (guint i = 0; i < trama_call_sums_n (sums, 0); i++)
    {
      const TramaCallSpan *span = trama_call_sums_get (sums, 0, i);
      const TramaCall *call = trama_store_get_call (store, span->call);

      if (call->entry_ns <= end_ns
          && (is_open (call) || (call->exit_ns >= start_ns && call->exit_ns - call->entry_ns > least_ns)))
        g_assert_cmpuint (g_array_index (found, guint, at++), ==, i);
    }
  g_assert_cmpuint (at, ==, found->len);
}

/* The first of each error, and no more of them. */
static void
check_failed (TramaStore *store, const TramaCallSums *sums, guint begin, guint end)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  trama_call_sums_find_failed (sums, 0, begin, end, found);
  for (guint i = begin; i < end; i++)
    {
      gint32 error = trama_call_sums_get (sums, 0, i)->error;
      gboolean is_found = FALSE;

      for (guint k = 0; k < found->len; k++)
        is_found |= g_array_index (found, guint, k) == i;
      g_assert_cmpint (is_found, ==, error != 0 && g_hash_table_add (seen, GINT_TO_POINTER (error)));
    }
}

static void
test_sums (gconstpointer user_data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (user_data));
  gint64 now_us, edges_ns[N_STRETCHES + 1];
  g_autoptr (Fixture) fixture = random_fixture_new (random, N_CALLS, &now_us);
  TramaCallSums *sums = sum_up (fixture->store);
  TramaCallSum stretches[N_STRETCHES];

  edges_ns[0] = fixture_time_ns (0);
  for (guint i = 1; i <= N_STRETCHES; i++)
    edges_ns[i] = edges_ns[i - 1] + (i % 7 == 0 ? 0 : g_rand_int_range (random, 0, 3000000));
  trama_call_sums_query (sums, 0, edges_ns, N_STRETCHES, stretches);
  for (guint i = 0; i < N_STRETCHES; i++)
    check_stretch (fixture->store, edges_ns[i], edges_ns[i + 1], &stretches[i]);
  for (guint i = 0; i < N_STRETCHES; i++)
    {
      guint begin = (guint) g_rand_int_range (random, 0, N_CALLS);

      check_long (fixture->store, sums, edges_ns[i], edges_ns[i + 1], (gint64) i * 10000 - 1);
      check_failed (fixture->store, sums, begin, (guint) g_rand_int_range (random, (gint32) begin, N_CALLS));
    }
  check_long (fixture->store, sums, G_MININT64, G_MAXINT64, -1);
  trama_call_sums_free (sums);
}

/* The picture. */

/* The calls that are bars, as a set. */
static GHashTable *
list_bars (const TramaChart *chart)
{
  GHashTable *bars = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < chart->n_bars; i++)
    g_assert_true (g_hash_table_add (bars, GUINT_TO_POINTER (chart->bars[i].call)));
  return bars;
}

static gboolean
is_bar (GHashTable *bars, guint32 call)
{
  return g_hash_table_contains (bars, GUINT_TO_POINTER (call));
}

static guint32
rail_of_actor (TramaStore *store, const TramaChart *chart, guint32 actor)
{
  for (guint i = 0; i < chart->n_columns; i++)
    if (trama_store_get_actor (store, chart->columns[i].actor)->id == actor)
      return chart->columns[i].first_rail;
  g_assert_not_reached ();
}

/* By rail and cell, or row: as a plain walk over all calls finds it. */
typedef struct
{
  TramaStore *store;
  const TramaChart *chart;
  guint n_cells, n_rows;
  gint64 *times_ns; /* of the edges of the rows */
  guint *n_short;   /* by rail and cell */
  double *busy, *slept;
  guint *n_calls; /* by rail and row */
} Plain;

static guint
row_of (const Plain *plain, gint64 time_ns)
{
  guint low = 0, high = plain->n_rows;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (plain->times_ns[middle] <= time_ns)
        low = middle;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_long (const Plain *plain, const TramaCall *call)
{
  return is_open (call)
         || trama_chart_y_of_time (plain->chart, call->exit_ns)
                    - trama_chart_y_of_time (plain->chart, call->entry_ns)
                > CELL_PX * plain->chart->scale;
}

static guint *
count_of_cell (const Plain *plain, guint32 rail, guint row)
{
  return &plain->n_short[rail * plain->n_cells + row / (CELL_PX / ROW_PX)];
}

static void
join (const Plain *plain, const TramaCall *call, guint32 rail)
{
  double row_px = ROW_PX * plain->chart->scale;
  double y0 = trama_chart_y_of_time (plain->chart, call->entry_ns);
  double y1 = trama_chart_y_of_time (plain->chart, call->exit_ns);

  guint first = row_of (plain, call->entry_ns);

  plain->n_calls[rail * plain->n_rows + first]++;
  for (guint row = first; row < plain->n_rows && row * row_px < y1; row++)
    {
      double part = (MIN (y1, (row + 1) * row_px) - MAX (y0, row * row_px)) / row_px;

      plain->busy[rail * plain->n_rows + row] += MAX (part, 0);
      plain->slept[rail * plain->n_rows + row] += has_slept (call) ? MAX (part, 0) : 0;
    }
}

/* Of a cell with many, all but one of each error that is not EAGAIN. */
static void
check_calls (const Plain *plain)
{
  g_autoptr (GHashTable) marked = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) bars = list_bars (plain->chart);
  guint n_bars = 0;

  for (guint i = 0; i < trama_store_n_calls (plain->store); i++)
    {
      const TramaCall *call = trama_store_get_call (plain->store, i);

      if (!is_long (plain, call))
        ++*count_of_cell (plain, rail_of_actor (plain->store, plain->chart, call->actor),
                          row_of (plain, call->entry_ns));
    }
  for (guint i = 0; i < trama_store_n_calls (plain->store); i++)
    {
      const TramaCall *call = trama_store_get_call (plain->store, i);
      guint32 rail = rail_of_actor (plain->store, plain->chart, call->actor);
      guint *n_short = count_of_cell (plain, rail, row_of (plain, call->entry_ns));
      gboolean is_crowded = *n_short > BARS_MAX;
      gboolean fails = call->error != 0 && call->error != EAGAIN;
      gpointer key = GUINT_TO_POINTER ((guint) (n_short - plain->n_short) * 256 + (guint) call->error);
      gboolean is_first = is_crowded && fails && g_hash_table_add (marked, key);
      gboolean stands_out = is_first || is_long (plain, call) || !is_crowded;

      g_assert_cmpint (is_bar (bars, i), ==, stands_out);
      n_bars += stands_out;
      if (!stands_out)
        join (plain, call, rail);
    }
  g_assert_cmpuint (plain->chart->n_bars, ==, n_bars);
}

/* Edges of rows are whole nanoseconds. */
static void
check_crowds (const Plain *plain)
{
  double row_px = ROW_PX * plain->chart->scale;
  double blur = 1e-6 + BLUR_NS / (row_px * plain->chart->ns_per_px);

  for (guint i = 0; i < plain->chart->n_crowds; i++)
    {
      const TramaChartCrowd *crowd = &plain->chart->crowds[i];
      guint at = crowd->rail * plain->n_rows + (guint) lround (crowd->y0 / row_px);

      g_assert_cmpuint (crowd->n_calls, ==, plain->n_calls[at]);
      g_assert_cmpfloat (fabs (crowd->busy - MIN (plain->busy[at], 1)), <, blur);
      g_assert_cmpfloat (fabs (crowd->slept - MIN (plain->slept[at], 1)), <, blur);
      plain->n_calls[at] = 0;
      plain->busy[at] = 0;
    }
  for (guint i = 0; i < plain->chart->n_rails * plain->n_rows; i++)
    {
      g_assert_cmpuint (plain->n_calls[i], ==, 0);
      g_assert_cmpfloat (plain->busy[i], <, blur);
    }
}

static void
check_whole (TramaStore *store, const TramaChart *chart)
{
  double row_px = ROW_PX * chart->scale;
  guint n_rows = (guint) ceil (chart->body_px / row_px / (CELL_PX / ROW_PX)) * (CELL_PX / ROW_PX);
  Plain plain = { store, chart, n_rows / (CELL_PX / ROW_PX), n_rows, NULL, NULL, NULL, NULL, NULL };

  plain.times_ns = g_new (gint64, n_rows + 1);
  plain.n_short = g_new0 (guint, chart->n_rails * plain.n_cells);
  plain.n_calls = g_new0 (guint, chart->n_rails * n_rows);
  plain.busy = g_new0 (double, chart->n_rails *n_rows);
  plain.slept = g_new0 (double, chart->n_rails *n_rows);
  for (guint row = 0; row <= n_rows; row++)
    plain.times_ns[row] = trama_chart_time_of_y (chart, row * row_px);
  check_calls (&plain);
  check_crowds (&plain);
  g_free (plain.times_ns);
  g_free (plain.n_short);
  g_free (plain.n_calls);
  g_free (plain.busy);
  g_free (plain.slept);
}

/* Wherever a part begins, it has what is there in the whole, and nothing else. */
static void
check_part (const TramaChart *part, const TramaChart *whole, double y0, double y1)
{
  g_autoptr (GHashTable) bars = list_bars (part);
  g_autoptr (GHashTable) all = list_bars (whole);
  guint at = 0;

  for (guint i = 0; i < whole->n_bars; i++)
    if (whole->bars[i].y1 > y0 && whole->bars[i].y0 < y1)
      g_assert_true (is_bar (bars, whole->bars[i].call));
  for (guint i = 0; i < part->n_bars; i++)
    g_assert_true (is_bar (all, part->bars[i].call));
  for (guint i = 0; i < whole->n_crowds; i++)
    {
      const TramaChartCrowd *crowd = &whole->crowds[i];

      if (crowd->y0 < y0 || crowd->y1 > y1)
        continue;
      while (at < part->n_crowds
             && (part->crowds[at].rail != crowd->rail || fabs (part->crowds[at].y0 - crowd->y0) > 1e-6))
        at++;
      g_assert_cmpuint (at, <, part->n_crowds);
      g_assert_cmpuint (part->crowds[at].n_calls, ==, crowd->n_calls);
      g_assert_cmpfloat (fabs (part->crowds[at].busy - crowd->busy), <, 1e-6);
    }
}

static void
check_zooms (TramaStore *store, TramaLadder *ladder, GRand *random)
{
  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    for (double factor = 0.4; factor < 20; factor *= g_rand_double_range (random, 2, 6))
      {
        TramaChartOptions options = page;
        g_autoptr (TramaChart) fit = NULL;
        g_autoptr (TramaChart) chart = NULL;
        g_autoptr (TramaChart) whole = NULL;
        g_autoptr (TramaChart) part = NULL;
        double y;

        options.mode = (TramaScaleMode) mode;
        fit = trama_chart_new_for (ladder, &options);
        options.ns_per_px = fit->ns_per_px / factor;
        chart = trama_chart_new_for (ladder, &options);
        whole = trama_chart_get_part (chart, 0, chart->body_px);
        check_whole (store, whole);
        y = g_rand_double_range (random, 0, chart->body_px);
        part = trama_chart_get_part (chart, y, y + page.height_px);
        check_part (part, whole, y, y + page.height_px);
      }
}

static void
test_pictures (gconstpointer user_data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (GPOINTER_TO_UINT (user_data));
  gint64 now_us;
  g_autoptr (Fixture) fixture = random_fixture_new (random, N_CALLS, &now_us);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, &page, NULL);

  while (trama_ladder_follow (ladder, 1 + (guint) g_rand_int_range (random, 0, 500)))
    ;
  check_zooms (fixture->store, ladder, random);
}

/* A call that has not returned when a ladder is made, but does while that is taken in, or later. */
static void
complete (Fixture *fixture, guint32 index, gint64 exit_us)
{
  TramaEvent event = { .kind = TRAMA_EVENT_RETURN };

  event.call = *trama_store_get_call (fixture->store, index);
  event.call.exit_ns = fixture_time_ns (exit_us);
  event.call.flags = TRAMA_CALL_SLEPT;
  trama_store_append (&event, fixture->store);
}

static void
complete_all (Fixture *fixture, guint from, gint64 now_us)
{
  for (guint i = from; i < trama_store_n_calls (fixture->store); i++)
    if (is_open (trama_store_get_call (fixture->store, i)))
      complete (fixture, i, now_us);
}

static void
check_complete (TramaStore *store, TramaLadder *ladder, const GArray *waiting, guint n_calls)
{
  g_autoptr (TramaChart) chart = trama_chart_new_for (ladder, &page);
  g_autoptr (TramaChart) whole = trama_chart_get_part (chart, 0, chart->body_px);
  g_autoptr (GHashTable) bars = list_bars (whole);
  guint n = whole->n_bars;

  for (guint i = 0; i < whole->n_crowds; i++)
    {
      n += whole->crowds[i].n_calls;
      g_assert_cmpfloat (whole->crowds[i].busy, >=, whole->crowds[i].slept);
    }
  g_assert_cmpuint (n, ==, n_calls);
  for (guint i = 0; i < waiting->len; i++)
    g_assert_true (is_bar (bars, g_array_index (waiting, guint32, i)));
}

static void
test_grows (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  gint64 now_us;
  g_autoptr (Fixture) fixture = random_fixture_new (random, N_CALLS, &now_us);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, &page, NULL);
  g_autoptr (GArray) waiting = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (TramaFlowTable) grown = NULL;
  g_autoptr (TramaLadder) anew = NULL;

  for (guint32 i = 0; i < N_CALLS; i++)
    if (is_open (trama_store_get_call (fixture->store, i)))
      g_array_append_val (waiting, i);
  g_assert_cmpuint (waiting->len, >, 2);
  g_assert_true (trama_ladder_follow (ladder, N_CALLS / 2));
  complete (fixture, g_array_index (waiting, guint32, 0), now_us);
  complete (fixture, g_array_index (waiting, guint32, waiting->len - 1), now_us);
  append_calls (fixture, random, N_CALLS / 4, &now_us);
  while (trama_ladder_follow (ladder, N_CALLS / 2))
    ;
  check_complete (fixture->store, ladder, waiting, N_CALLS);
  complete_all (fixture, 0, now_us);
  check_complete (fixture->store, ladder, waiting, N_CALLS);
  grown = trama_flow_table_new (fixture->store);
  anew = trama_ladder_new (grown, &page, ladder);
  while (trama_ladder_follow (anew, N_CALLS))
    ;
  check_zooms (fixture->store, anew, random);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint seed = 1; seed <= N_TRACES; seed++)
    {
      g_autofree char *sums = g_strdup_printf ("/call-sums/sums/%u", seed);
      g_autofree char *pictures = g_strdup_printf ("/call-sums/pictures/%u", seed);

      g_test_add_data_func (sums, GUINT_TO_POINTER (seed), test_sums);
      g_test_add_data_func (pictures, GUINT_TO_POINTER (seed), test_pictures);
    }
  g_test_add_func ("/call-sums/grows", test_grows);
  return g_test_run ();
}
