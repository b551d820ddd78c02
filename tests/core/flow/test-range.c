/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search/range.h"

#include "tests/core/fixture.h"

#include <gio/gio.h>
#include <string.h>

static void
test_times (void)
{
  TramaRange range;

  g_assert_true (trama_range_parse ("1.5ms..20ms", &range, NULL));
  g_assert_cmpint (range.kind[0], ==, TRAMA_RANGE_TIME);
  g_assert_cmpint (range.value[0], ==, 1500000);
  g_assert_cmpint (range.value[1], ==, 20000000);
  g_assert_true (trama_range_parse (" 7 ns .. .5 s ", &range, NULL));
  g_assert_cmpint (range.value[0], ==, 7);
  g_assert_cmpint (range.value[1], ==, 500000000);
  g_assert_true (trama_range_parse ("3µs..2min", &range, NULL));
  g_assert_cmpint (range.value[0], ==, 3000);
  g_assert_cmpint (range.value[1], ==, G_GINT64_CONSTANT (120000000000));
  /* No event is number 0. */
  g_assert_true (trama_range_parse ("0..1.5h", &range, NULL));
  g_assert_cmpint (range.kind[0], ==, TRAMA_RANGE_TIME);
  g_assert_cmpint (range.value[0], ==, 0);
  g_assert_cmpint (range.value[1], ==, G_GINT64_CONSTANT (5400000000000));
}

static void
test_events (void)
{
  TramaRange range;

  g_assert_true (trama_range_parse ("3..17", &range, NULL));
  g_assert_cmpint (range.kind[0], ==, TRAMA_RANGE_EVENT);
  g_assert_cmpint (range.kind[1], ==, TRAMA_RANGE_EVENT);
  g_assert_cmpint (range.value[0], ==, 3);
  g_assert_cmpint (range.value[1], ==, 17);
  g_assert_true (trama_range_parse ("3..2us", &range, NULL));
  g_assert_cmpint (range.kind[1], ==, TRAMA_RANGE_TIME);
}

static void
test_open (void)
{
  TramaRange range;

  g_assert_true (trama_range_parse ("..2us", &range, NULL));
  g_assert_cmpint (range.kind[0], ==, TRAMA_RANGE_OPEN);
  g_assert_true (trama_range_parse ("5..", &range, NULL));
  g_assert_cmpint (range.kind[1], ==, TRAMA_RANGE_OPEN);
}

/* What is wrong says how it is written. */
static void
test_wrong (void)
{
  static const char *const texts[] = { "",       "5",      "1ms-2ms",   "a..b",     "1ms..2parsec",
                                       "00x..3", "1.5..3", "-1ms..2ms", "1e400s..", "nan..3",
                                       "inf..",  "0x5..9", "1ms..2..3" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      TramaRange range;

      g_assert_false (trama_range_parse (texts[i], &range, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, "1.5ms..20ms"));
    }
}

static void
test_backwards (void)
{
  g_autoptr (GError) error = NULL;
  TramaRange range;

  g_assert_false (trama_range_parse ("2ms..1ms", &range, &error));
  g_assert_nonnull (strstr (error->message, "ends before it begins"));
}

static void
assert_span (TramaFlowTable *table, const char *text, gint64 start_us, gint64 end_us)
{
  TramaRange range;
  TramaSpan span;

  g_assert_true (trama_range_parse (text, &range, NULL));
  g_assert_true (trama_range_resolve (&range, table, &span, NULL));
  g_assert_cmpint (span.start_ns, ==, fixture_time_ns (start_us));
  g_assert_cmpint (span.end_ns, ==, fixture_time_ns (end_us));
}

static void
test_resolve (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GError) error = NULL;
  TramaRange range;
  TramaSpan span;

  for (guint i = 0; i < 5; i++)
    fixture_udp (fixture, 10 + 10 * i, 700, 53, "x");
  table = trama_flow_table_new (fixture->store);
  assert_span (table, "..", 10, 50);
  assert_span (table, "2..4", 20, 40);
  assert_span (table, "3us..25us", 13, 35);
  assert_span (table, "2..35us", 20, 45);
  g_assert_true (trama_range_parse ("2..6", &range, NULL));
  g_assert_false (trama_range_resolve (&range, table, &span, &error));
  g_assert_cmpstr (error->message, ==, "there is no event 6: the trace has 5");
  g_clear_error (&error);
  g_assert_true (trama_range_parse ("41us..", &range, NULL));
  g_assert_false (trama_range_resolve (&range, table, &span, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_true (trama_range_parse ("5..3us", &range, NULL));
  g_assert_false (trama_range_resolve (&range, table, &span, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/range/times", test_times);
  g_test_add_func ("/flow/range/events", test_events);
  g_test_add_func ("/flow/range/open", test_open);
  g_test_add_func ("/flow/range/wrong", test_wrong);
  g_test_add_func ("/flow/range/backwards", test_backwards);
  g_test_add_func ("/flow/range/resolve", test_resolve);
  return g_test_run ();
}
