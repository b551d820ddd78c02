/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/scale.h"

#include "core/chart/chart_private.h"

#include <math.h>

#define NS_US 1000
#define NS_MS G_GINT64_CONSTANT (1000000)

/* A gap is folded when it is drawn longer than its fold: as much longer the whole may be when all of them open. */
#define HEIGHT_SLACK 1.15
#define BEGIN_NS G_GINT64_CONSTANT (1700000000000000000)

/* Moments are given in nanoseconds since the beginning, of alternating kinds. */
static GArray *
make_moments (const gint64 *times, guint n)
{
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (TramaMoment));

  for (guint i = 0; i < n; i++)
    {
      TramaMoment moment = { BEGIN_NS + times[i], i % 2 ? TRAMA_MOMENT_PACKET : TRAMA_MOMENT_ENTRY, i };

      g_array_append_val (moments, moment);
    }
  return moments;
}

/* Bursts of 3 µs steps, between them the waits. */
static GArray *
make_bursts (const gint64 *waits_ns, guint n_waits, guint per_burst)
{
  g_autofree gint64 *times = g_new (gint64, (n_waits + 1) * per_burst);
  gint64 time = 0;
  guint n = 0;

  for (guint burst = 0; burst <= n_waits; burst++)
    {
      for (guint i = 0; i < per_burst; i++)
        {
          times[n++] = time;
          time += 3 * NS_US + (i % 3) * 500;
        }
      if (burst < n_waits)
        time += waits_ns[burst];
    }
  return make_moments (times, n);
}

/* What must hold for every scale over @moments. */
static void
check_scale (const TramaScale *scale, GArray *moments)
{
  double last_y = -1;

  g_assert_true (isfinite (scale->ns_per_px) && scale->ns_per_px > 0);
  g_assert_true (isfinite (scale->height_px) && scale->height_px > 0);
  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);

      g_assert_true (isfinite (stretch->y0) && isfinite (stretch->y1));
      g_assert_cmpfloat (stretch->y0, >=, 0);
      g_assert_cmpfloat (stretch->y1, >=, stretch->y0);
      g_assert_cmpfloat (stretch->y1, <=, scale->height_px);
      g_assert_cmpint (stretch->start_ns, <=, stretch->end_ns);
      if (i == 0)
        continue;
      g_assert_cmpint (stretch->start_ns, ==, stretch[-1].end_ns);
      g_assert_cmpfloat_with_epsilon (stretch->y0, stretch[-1].y1, 1e-6);
    }
  for (guint i = 0; i < moments->len; i++)
    {
      gint64 time = g_array_index (moments, TramaMoment, i).time_ns;
      double y = trama_scale_y_of_time (scale, time);

      g_assert_true (isfinite (y));
      g_assert_cmpfloat (y, >=, last_y);
      g_assert_cmpfloat (y, <=, scale->height_px);
      if (i > 0 && time > g_array_index (moments, TramaMoment, i - 1).time_ns)
        g_assert_cmpfloat (y, >, last_y);
      last_y = y;
    }
}

/* Both ways, at every moment, between them, and outside. */
static void
check_inverse (const TramaScale *scale, GArray *moments)
{
  gint64 first = g_array_index (moments, TramaMoment, 0).time_ns;
  gint64 last = g_array_index (moments, TramaMoment, moments->len - 1).time_ns;
  gint64 last_time = G_MININT64;

  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);
      double ns_per_px = (double) (stretch->end_ns - stretch->start_ns) / (stretch->y1 - stretch->y0);

      for (guint part = 0; part <= 10 && stretch->y1 > stretch->y0; part++)
        {
          gint64 time = stretch->start_ns + (stretch->end_ns - stretch->start_ns) / 10 * part;
          double y = trama_scale_y_of_time (scale, time);

          /* And what a double cannot tell apart so far down. */
          g_assert_cmpfloat (fabs ((double) (trama_scale_time_of_y (scale, y) - time)), <=,
                             1 + (1e-6 + scale->height_px * 0x1p-52) * ns_per_px);
        }
    }
  g_assert_cmpint (trama_scale_time_of_y (scale, -1000), ==, first);
  g_assert_cmpint (trama_scale_time_of_y (scale, scale->height_px + 1000), ==, last);
  g_assert_cmpfloat (trama_scale_y_of_time (scale, first - NS_MS), ==, trama_scale_y_of_time (scale, first));
  g_assert_cmpfloat (trama_scale_y_of_time (scale, last + NS_MS), ==, trama_scale_y_of_time (scale, last));
  for (double y = 0; y < scale->height_px; y += scale->height_px / 1000)
    {
      gint64 time = trama_scale_time_of_y (scale, y);

      g_assert_cmpint (time, >=, last_time);
      last_time = time;
    }
}

/* The gaps that are folded, as a list of their lengths in microseconds. */
static char *
render_folds (const TramaScale *scale)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < scale->stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale->stretches, TramaStretch, i);

      if (stretch->folded)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT, text->len > 0 ? " " : "",
                                (stretch->end_ns - stretch->start_ns) / NS_US);
    }
  return g_string_free (text, FALSE);
}

static const gint64 waits[] = { 5 * NS_MS, 900 * NS_US, 4200 * NS_MS };
/* With the last step of the burst before. */
static const char waits_folded[] = "5003 903 4200003";

static void
test_folds (void)
{
  g_autoptr (GArray) moments = make_bursts (waits, G_N_ELEMENTS (waits), 7);
  const TramaChartOptions options = { .height_px = 1000, .mode = TRAMA_SCALE_FOLDED };
  g_autofree char *folds = NULL;
  TramaScale scale;

  trama_scale_init (&scale, moments, &options, 1);
  check_scale (&scale, moments);
  check_inverse (&scale, moments);
  folds = render_folds (&scale);
  g_assert_cmpstr (folds, ==, waits_folded);
  trama_scale_clear (&scale);
}

/* Zooming neither folds what was open nor opens what was folded. */
static void
test_zoom (void)
{
  static const double zooms[] = { 0.02, 1, 37, 500, 1e4, 1e6, 1e9 };
  g_autoptr (GArray) moments = make_bursts (waits, G_N_ELEMENTS (waits), 7);
  double last_height = G_MAXDOUBLE;

  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      const TramaChartOptions options = { .height_px = 1000, .ns_per_px = zooms[i] };
      g_autofree char *folds = NULL;
      TramaScale scale;

      trama_scale_init (&scale, moments, &options, 1);
      check_scale (&scale, moments);
      check_inverse (&scale, moments);
      folds = render_folds (&scale);
      g_assert_cmpstr (folds, ==, waits_folded);
      g_assert_cmpfloat (scale.height_px, <=, last_height);
      last_height = scale.height_px;
      trama_scale_clear (&scale);
    }
}

/* Within what is open every nanosecond is as high as every other. */
static void
test_one_slope (void)
{
  g_autoptr (GArray) moments = make_bursts (waits, G_N_ELEMENTS (waits), 7);
  const TramaChartOptions options = { .height_px = 1000 };
  TramaScale scale;

  trama_scale_init (&scale, moments, &options, 1);
  for (guint i = 0; i < scale.stretches->len; i++)
    {
      const TramaStretch *stretch = &g_array_index (scale.stretches, TramaStretch, i);

      if (!stretch->folded)
        g_assert_cmpfloat_with_epsilon ((stretch->y1 - stretch->y0) * scale.ns_per_px,
                                        (double) (stretch->end_ns - stretch->start_ns), 0.01);
    }
  trama_scale_clear (&scale);
}

/* Where there is room for everything, everything is in view. */
static void
test_fits (void)
{
  g_autoptr (GArray) moments = make_bursts (waits, G_N_ELEMENTS (waits), 7);

  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    for (double height = 1500; height < 10000; height += 500)
      {
        const TramaChartOptions options = { .height_px = height, .mode = mode };
        TramaScale scale;

        trama_scale_init (&scale, moments, &options, 1);
        g_assert_cmpfloat (scale.height_px, <=, height + 1);
        trama_scale_clear (&scale);
      }
}

/* More moments than are told apart on a page are all in view from farther away, where waits are folded no more. */
static void
test_whole (void)
{
  g_autofree gint64 *many = g_new (gint64, 300);
  g_autoptr (GArray) moments = NULL;
  g_autoptr (TramaGaps) gaps = NULL;
  double last_height = G_MAXDOUBLE;

  for (guint i = 0; i < 300; i++)
    many[i] = (i % 7 + 1) * NS_MS;
  moments = make_bursts (many, 300, 7);
  gaps = trama_gaps_new (moments);
  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    for (double height = 300; height < 2000; height += 100)
      {
        TramaChartOptions options = { .height_px = height, .mode = mode };
        TramaScale scale;

        trama_scale_init (&scale, moments, &options, 1);
        g_assert_cmpfloat (scale.height_px, >, 2 * height);
        options.ns_per_px = trama_scale_find_whole (gaps, &options, 1);
        g_assert_cmpfloat (options.ns_per_px, >, scale.ns_per_px);
        trama_scale_clear (&scale);
        trama_scale_init (&scale, moments, &options, 1);
        check_scale (&scale, moments);
        check_inverse (&scale, moments);
        g_assert_cmpfloat (scale.height_px, <=, MAX (height, 320) + 1);
        trama_scale_clear (&scale);
      }
  for (double zoom = 1; zoom < 1e6; zoom *= 1.1)
    {
      const TramaChartOptions options = { .height_px = 800, .ns_per_px = 10 * zoom };
      TramaScale scale;

      trama_scale_init (&scale, moments, &options, 1);
      g_assert_cmpfloat (scale.height_px, <=, last_height * HEIGHT_SLACK);
      last_height = scale.height_px;
      trama_scale_clear (&scale);
    }
}

static void
test_to_scale (void)
{
  g_autoptr (GArray) moments = make_bursts (waits, G_N_ELEMENTS (waits), 7);
  const TramaChartOptions options = { .height_px = 1000, .mode = TRAMA_SCALE_TO_SCALE };
  const TramaMoment *first = &g_array_index (moments, TramaMoment, 0);
  TramaScale scale;
  double top;

  trama_scale_init (&scale, moments, &options, 1);
  check_scale (&scale, moments);
  check_inverse (&scale, moments);
  top = trama_scale_y_of_time (&scale, first->time_ns);
  g_assert_cmpuint (scale.stretches->len, ==, 1);
  for (guint i = 0; i < moments->len; i++)
    g_assert_cmpfloat_with_epsilon (trama_scale_y_of_time (&scale, first[i].time_ns) - top,
                                    (double) (first[i].time_ns - first->time_ns) / scale.ns_per_px, 0.01);
  trama_scale_clear (&scale);
}

/* One row for each moment that has a time of its own, whatever lies between. */
static void
test_rows (void)
{
  static const gint64 times[] = { 0, 1, 1, 1, 2, 5000, 5000, 9000000000 };
  g_autoptr (GArray) moments = make_moments (times, G_N_ELEMENTS (times));
  const TramaChartOptions options = { .height_px = 200, .mode = TRAMA_SCALE_ROWS, .ns_per_px = 55 };
  const TramaMoment *first = &g_array_index (moments, TramaMoment, 0);
  TramaScale scale;
  double row, top;

  trama_scale_init (&scale, moments, &options, 1);
  check_scale (&scale, moments);
  check_inverse (&scale, moments);
  top = trama_scale_y_of_time (&scale, first[0].time_ns);
  row = trama_scale_y_of_time (&scale, first[1].time_ns) - top;
  g_assert_cmpfloat_with_epsilon (trama_scale_y_of_time (&scale, first[4].time_ns), top + 2 * row, 1e-6);
  g_assert_cmpfloat_with_epsilon (trama_scale_y_of_time (&scale, first[5].time_ns), top + 3 * row, 1e-6);
  g_assert_cmpfloat_with_epsilon (trama_scale_y_of_time (&scale, first[7].time_ns), top + 4 * row, 1e-6);
  trama_scale_clear (&scale);
}

/* Few moments, no moments, moments at one time, and moments as far apart as times can be. */
static void
test_odd (void)
{
  static const gint64 none[1] = { 0 }, same[] = { 7, 7, 7 }, two[] = { 0, 1 };
  static const gint64 far[] = { TRAMA_TIME_MIN_NS - BEGIN_NS, 0, TRAMA_TIME_MAX_NS - BEGIN_NS };
  static const double heights[] = { 0, 1, 1000 };
  const struct
  {
    const gint64 *times;
    guint n;
  } cases[] = { { none, 0 }, { none, 1 }, { same, 3 }, { two, 2 }, { far, 3 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
      for (guint h = 0; h < G_N_ELEMENTS (heights); h++)
        for (double ns_per_px = 0; ns_per_px < 1e9; ns_per_px = ns_per_px * 1000 + 0.001)
          {
            g_autoptr (GArray) moments = make_moments (cases[i].times, cases[i].n);
            const TramaChartOptions options = { .height_px = heights[h],
                                                .mode = mode,
                                                .ns_per_px = ns_per_px };
            TramaScale scale;

            trama_scale_init (&scale, moments, &options, 2);
            check_scale (&scale, moments);
            if (cases[i].n > 1 && cases[i].times != same)
              check_inverse (&scale, moments);
            trama_scale_clear (&scale);
          }
}

static void
assert_spread (double *places, guint n, double pitch, const double *expected)
{
  trama_chart_spread (places, n, pitch);
  for (guint i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (places[i], expected[i], 1e-9);
}

static void
test_spread (void)
{
  double one[] = { 5 }, apart[] = { 0, 10, 30 }, same[] = { 5, 5 }, three[] = { 10, 10, 10 };
  double push[] = { 0, 5, 12, 100 }, chain[] = { 0, 0, 12 };
  const double one_expected[] = { 5 }, apart_expected[] = { 0, 10, 30 }, same_expected[] = { 0, 10 };
  const double three_expected[] = { 0, 10, 20 };
  /* 0, 5 and 12 become a group around their mean, which the last does not touch. */
  const double push_expected[] = { -13 / 3.0, 17 / 3.0, 47 / 3.0, 100 };
  const double chain_expected[] = { -6, 4, 14 };

  trama_chart_spread (NULL, 0, 10);
  assert_spread (one, 1, 10, one_expected);
  assert_spread (apart, 3, 10, apart_expected);
  assert_spread (same, 2, 10, same_expected);
  assert_spread (three, 3, 10, three_expected);
  assert_spread (push, 4, 10, push_expected);
  assert_spread (chain, 3, 10, chain_expected);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

/*
 * Apart, in order, and least in squares: by the conditions of Karush, Kuhn and
 * Tucker the displacements up to any place sum up to nothing above 0, and to 0
 * where the next place does not touch.
 */
static void
test_spread_optimal (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (17);

  for (guint run = 0; run < 2000; run++)
    {
      double before[40], places[40], sum = 0;
      guint n = (guint) g_rand_int_range (rand, 1, 41);
      double pitch = g_rand_double_range (rand, 0, 30);

      for (guint i = 0; i < n; i++)
        before[i] = places[i] = floor (g_rand_double_range (rand, 0, 400));
      qsort (before, n, sizeof *before, compare_doubles);
      qsort (places, n, sizeof *places, compare_doubles);
      trama_chart_spread (places, n, pitch);
      for (guint i = 0; i < n; i++)
        {
          gboolean touches = i + 1 < n && places[i + 1] - places[i] < pitch + 1e-6;

          if (i + 1 < n)
            g_assert_cmpfloat (places[i + 1] - places[i], >=, pitch - 1e-6);
          sum += places[i] - before[i];
          g_assert_cmpfloat (sum, <=, 1e-6);
          if (!touches)
            g_assert_cmpfloat_with_epsilon (sum, 0, 1e-6);
        }
    }
}

/* Beyond 2^53 ns, 104 days, a double skips numbers. */
static void
test_share (void)
{
  static const gint64 wholes[] = { 0, 1, (G_GINT64_CONSTANT (1) << 61) - 5, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      g_assert_cmpint (trama_scale_share_ns (0, wholes[i]), ==, 0);
      g_assert_cmpint (trama_scale_share_ns (1, wholes[i]), ==, wholes[i]);
      g_assert_cmpint (trama_scale_share_ns (nextafter (1, 0), wholes[i]), <=, wholes[i]);
    }
  g_assert_cmpint (trama_scale_share_ns (0.25, 1000), ==, 250);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/scale/folds", test_folds);
  g_test_add_func ("/chart/scale/zoom", test_zoom);
  g_test_add_func ("/chart/scale/one-slope", test_one_slope);
  g_test_add_func ("/chart/scale/fits", test_fits);
  g_test_add_func ("/chart/scale/whole", test_whole);
  g_test_add_func ("/chart/scale/to-scale", test_to_scale);
  g_test_add_func ("/chart/scale/rows", test_rows);
  g_test_add_func ("/chart/scale/odd", test_odd);
  g_test_add_func ("/chart/scale/share", test_share);
  g_test_add_func ("/chart/spread/simple", test_spread);
  g_test_add_func ("/chart/spread/optimal", test_spread_optimal);
  return g_test_run ();
}
