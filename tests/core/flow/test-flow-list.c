/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow_list.h"

#include "tests/core/fixture.h"

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  ACK = TRAMA_TCP_ACK,
};

/*
 * 0: 4001 → 80, refused, 2 packets. 1: 4000 → 80, half-closed, 3 bytes. 2: UDP 53 → 4002, 5 bytes,
 * the longest. 3: 4003 → 81, a SYN that nobody answers.
 */
static TramaFlowTable *
table_new (Fixture *fixture)
{
  fixture_tcp (fixture, 10, 4001, 80, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 12, 80, 4001, RST | ACK, 0, 101, NULL);
  fixture_tcp (fixture, 20, 4000, 80, SYN, 500, 0, NULL);
  fixture_tcp (fixture, 22, 80, 4000, SYN | ACK, 900, 501, NULL);
  fixture_tcp (fixture, 24, 4000, 80, ACK, 501, 901, "abc");
  fixture_tcp (fixture, 26, 4000, 80, FIN | ACK, 504, 901, NULL);
  fixture_udp (fixture, 30, 53, 4002, "hello");
  fixture_tcp (fixture, 40, 4003, 81, SYN, 100, 0, NULL);
  fixture_udp (fixture, 90, 4002, 53, "");
  return trama_flow_table_new (fixture->store);
}

static void
assert_list (TramaFlowTable *table,
             const char *filter,
             TramaFlowKey key,
             gboolean descending,
             const char *expected)
{
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  g_autoptr (GArray)
      list = trama_sieve_run (trama_flow_list_sift (table, phases, NULL, filter, key, descending));
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (list, guint32, i));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_sorting (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);

  assert_list (table, NULL, TRAMA_FLOW_KEY_BEGIN, FALSE, "0 1 2 3");
  assert_list (table, "", TRAMA_FLOW_KEY_BEGIN, TRUE, "3 2 1 0");
  assert_list (table, NULL, TRAMA_FLOW_KEY_FROM, FALSE, "2 1 0 3"); /* 53 4000 4001 4003 */
  assert_list (table, NULL, TRAMA_FLOW_KEY_TO, TRUE, "2 3 0 1");    /* 4002 81 80 80 */
  assert_list (table, NULL, TRAMA_FLOW_KEY_PACKETS, TRUE, "1 0 2 3");
  assert_list (table, NULL, TRAMA_FLOW_KEY_BYTES, FALSE, "0 3 1 2");
  assert_list (table, NULL, TRAMA_FLOW_KEY_DURATION, TRUE, "2 1 0 3");
  assert_list (table, NULL, TRAMA_FLOW_KEY_PROTOCOL, FALSE, "0 1 3 2");
  assert_list (table, NULL, TRAMA_FLOW_KEY_ENDING, FALSE, "2 3 0 1");
}

/* What only the caller knows: 9 of the third, 4 of the first. */
static void
test_weights (void)
{
  static const guint32 weights[] = { 4, 0, 9, 0 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);
  g_autoptr (TramaPhases) phases = trama_phases_new (table);
  g_autoptr (GArray) list = trama_sieve_run (trama_flow_list_sift (
      table, phases, g_memdup2 (weights, sizeof weights), NULL, TRAMA_FLOW_KEY_WEIGHT, TRUE));

  g_assert_cmpuint (list->len, ==, 4);
  g_assert_cmpuint (g_array_index (list, guint32, 0), ==, 2);
  g_assert_cmpuint (g_array_index (list, guint32, 1), ==, 0);
  g_assert_cmpuint (g_array_index (list, guint32, 2), ==, 1);
  assert_list (table, NULL, TRAMA_FLOW_KEY_WEIGHT, TRUE, "0 1 2 3");
}

static void
test_filter (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);

  assert_list (table, ":80", TRAMA_FLOW_KEY_BEGIN, FALSE, "0 1");
  assert_list (table, "UDP", TRAMA_FLOW_KEY_BEGIN, FALSE, "2");
  assert_list (table, "tcp  refused", TRAMA_FLOW_KEY_BEGIN, FALSE, "0");
  assert_list (table, "127.0.0.1", TRAMA_FLOW_KEY_BYTES, TRUE, "2 1 0 3");
  assert_list (table, "nothing of the kind", TRAMA_FLOW_KEY_BEGIN, FALSE, "");
}

static void
test_processes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *processes = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  processes = trama_flow_format_processes (table, trama_flow_table_get_flow (table, 0));
  g_assert_cmpstr (processes, ==, "client, server");
  assert_list (table, "SERVER", TRAMA_FLOW_KEY_PROCESSES, FALSE, "0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow-list/sorting", test_sorting);
  g_test_add_func ("/flow-list/weights", test_weights);
  g_test_add_func ("/flow-list/filter", test_filter);
  g_test_add_func ("/flow-list/processes", test_processes);
  return g_test_run ();
}
