/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/span.h"

#define SECOND_NS G_GINT64_CONSTANT (1000000000)

static void
test_duration (void)
{
  static const struct
  {
    gint64 ns;
    const char *text;
  } cases[] = {
    { 0, "0 ns" },
    { 1, "1 ns" },
    { 999, "999 ns" },
    { 1000, "1 µs" },
    { 1007, "1.01 µs" },
    { 3200, "3.2 µs" },
    { 9990, "9.99 µs" },
    { 9994, "9.99 µs" },
    { 9995, "10 µs" },
    { 12449, "12.4 µs" },
    { 12450, "12.5 µs" },
    { 99900, "99.9 µs" },
    { 99949, "99.9 µs" },
    { 99950, "100 µs" },
    { 999499, "999 µs" },
    { 999500, "1 ms" },
    { 999999, "1 ms" },
    { 1000000, "1 ms" },
    { 12400000, "12.4 ms" },
    { 999499999, "999 ms" },
    { 999500000, "1 s" },
    { 1007000000, "1.01 s" },
    { 40 * SECOND_NS, "40 s" },
    { 599 * SECOND_NS, "599 s" },
    { 600 * SECOND_NS, "10 min" },
    { 600 * 60 * SECOND_NS, "10 h" },
    { -1, "−1 ns" },
    { -999500, "−1 ms" },
    { -12400000, "−12.4 ms" },
    { G_MININT64, "−2562047 h" },
    { G_MAXINT64, "2562047 h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = trama_duration_format (cases[i].ns);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_duration_exactly (void)
{
  static const struct
  {
    gint64 ns, step_ns;
    guint figures_max;
    const char *text;
  } cases[] = {
    { 0, 1, 7, "0 ns" },
    { 999, 1, 7, "999 ns" },
    { 1234, 1, 7, "1.234 µs" },
    { 1234, 20, 7, "1.23 µs" },
    { 12403456, 1000, 7, "12.403 ms" },
    { 12400456, 1000, 7, "12.4 ms" },
    { 12403456, 1000000, 7, "12.4 ms" },
    { 12403456, 1, 7, "12.40346 ms" },
    { 1025131234, 50000, 7, "1.02513 s" },
    { 1025131234, 50000, 2, "1.03 s" },
    { 999999, 1, 7, "999.999 µs" },
    { 999999999, 1, 7, "1000 ms" },
    { 864 * SECOND_NS + 25131234, 50000, 7, "864.0251 s" },
    { 864 * SECOND_NS + 25131234, 60 * SECOND_NS, 7, "14 min" },
    { 86399 * SECOND_NS + 12, 1, 19, "86399.000000012 s" },
    { 86399 * SECOND_NS + 12, 3600 * SECOND_NS, 19, "23 h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = trama_duration_format_exactly (cases[i].ns, cases[i].step_ns,
                                                             cases[i].figures_max);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

/* What differs by that reads differently, and what differs by less may not. */
static void
test_least_step (void)
{
  static const gint64 times_ns[] = { 0,
                                     1,
                                     999,
                                     1000,
                                     123456,
                                     999999,
                                     1000000,
                                     12403456,
                                     999999999,
                                     SECOND_NS,
                                     12 * SECOND_NS + 345678901,
                                     86399 * SECOND_NS + 12 };
  static const gint64 steps_ns[] = { 1, 1, 1, 1, 1, 1, 1, 10, 100, 1000, 10000, 10000000 };

  for (gsize i = 0; i < G_N_ELEMENTS (times_ns); i++)
    {
      gint64 step_ns = trama_duration_least_step (times_ns[i], 7), time_ns = times_ns[i] / step_ns * step_ns;
      g_autofree char *here = trama_duration_format_exactly (time_ns, step_ns, 7);
      g_autofree char *beside = trama_duration_format_exactly (time_ns + step_ns / 3, step_ns, 7);
      g_autofree char *next = trama_duration_format_exactly (time_ns + step_ns, step_ns, 7);

      g_assert_cmpint (step_ns, ==, steps_ns[i]);
      g_assert_cmpstr (here, ==, beside);
      g_assert_cmpstr (here, !=, next);
    }
}

/* A number with a unit says at least as much as the next longer one. */
static void
test_duration_grows (void)
{
  static const char *const units[] = { "ns", "µs", "ms", "s", "min", "h" };
  guint last_unit = 0;
  double last = 0;

  for (gint64 ns = 1; ns < 3600 * SECOND_NS; ns += ns / 97 + 1)
    {
      g_autofree char *text = trama_duration_format (ns);
      char *end;
      double value = g_ascii_strtod (text, &end);
      guint unit = 0;

      while (unit < G_N_ELEMENTS (units) && g_strcmp0 (end + 1, units[unit]) != 0)
        unit++;
      g_assert_cmpuint (unit, <, G_N_ELEMENTS (units));
      g_assert_true (unit > last_unit || (unit == last_unit && value >= last));
      g_assert_cmpfloat (value, >=, 1);
      last = value;
      last_unit = unit;
    }
}

static void
test_average (void)
{
  static const struct
  {
    guint64 sum;
    guint64 n;
    const char *text;
    gulong plural;
  } cases[] = {
    { 0, 0, "0", 0 },    { 0, 8, "0", 0 },    { 8, 8, "1", 1 },   { 10, 8, "1.3", 2 },  { 82, 81, "1", 1 },
    { 12, 8, "1.5", 2 }, { 160, 80, "2", 2 }, { 79, 80, "1", 1 }, { 199, 100, "2", 2 }, { 5, 100, "0.1", 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gulong plural;
      g_autofree char *text = trama_average_format (cases[i].sum, cases[i].n, &plural);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (plural, ==, cases[i].plural);
    }
}

static void
test_offset (void)
{
  static const struct
  {
    gint64 ns;
    const char *text;
  } cases[] = {
    { 0, "         0.000 µs" },
    { 12345, "        12.345 µs" },
    { 1204500, "      1204.500 µs" },
    { -1, "        -0.001 µs" },
    { -1204500, "     -1204.500 µs" },
    { 9999999 * G_GINT64_CONSTANT (1000) + 999, "   9999999.999 µs" },
    { 10 * G_GINT64_CONSTANT (1000000000), "   10.000000000 s" },
    { 82642 * G_GINT64_CONSTANT (1000000000) + 261000001, "82642.261000001 s" },
    { -3600 * G_GINT64_CONSTANT (1000000000), "-3600.000000000 s" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = trama_offset_format (cases[i].ns);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_time (void)
{
  static const struct
  {
    gint64 ns;
    const char *text;
  } cases[] = {
    { 0, "1970-01-01T00:00:00.000000000Z" },
    { 1, "1970-01-01T00:00:00.000000001Z" },
    { -1, "1969-12-31T23:59:59.999999999Z" },
    { -SECOND_NS, "1969-12-31T23:59:59.000000000Z" },
    { -86400 * SECOND_NS - 1, "1969-12-30T23:59:59.999999999Z" },
    { 1795374039 * SECOND_NS + 123456789, "2026-11-22T19:00:39.123456789Z" },
    { G_MAXINT64, "2262-04-11T23:47:16.854775807Z" },
    { G_MININT64, "1677-09-21T00:12:43.145224192Z" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = trama_time_format (cases[i].ns);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_clocks (void)
{
  gint64 before_us = g_get_real_time ();
  gint64 now_ns = trama_realtime_ns ();
  gint64 first_ns = trama_monotonic_ns ();
  gint64 second_ns = trama_monotonic_ns ();

  /* A real-time clock may be set; not by an hour while this runs. */
  g_assert_cmpint (ABS (now_ns / 1000 - before_us), <, 3600 * G_GINT64_CONSTANT (1000000));
  g_assert_cmpint (first_ns, <=, second_ns);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/span/duration", test_duration);
  g_test_add_func ("/trace/span/duration-grows", test_duration_grows);
  g_test_add_func ("/span/duration-exactly", test_duration_exactly);
  g_test_add_func ("/span/least-step", test_least_step);
  g_test_add_func ("/trace/span/average", test_average);
  g_test_add_func ("/trace/span/offset", test_offset);
  g_test_add_func ("/trace/span/time", test_time);
  g_test_add_func ("/trace/span/clocks", test_clocks);
  return g_test_run ();
}
