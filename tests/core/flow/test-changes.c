/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/fixture.h"
#include "tests/core/flow/render.h"

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  ACK = TRAMA_TCP_ACK,
};

#define PORT 80
#define N_CLIENTS 500

static guint16
client (guint i)
{
  return (guint16) (2000 + i);
}

static void
assert_states (const TramaFlowTable *table, guint flow, guint side, const char *expected)
{
  g_autofree char *states = render_states (table, flow, side);

  g_assert_cmpstr (states, ==, expected);
}

static void
assert_in_order (const TramaFlowTable *table)
{
  for (guint i = 1; i < trama_flow_table_n_changes (table); i++)
    g_assert_cmpint (trama_flow_table_get_change (table, i - 1).time_ns, <=,
                     trama_flow_table_get_change (table, i).time_ns);
}

/*
 * First all SYNs, then all answers: each SYN-RECEIVED began with a SYN far back, so
 * far that the changes are sorted and no longer moved.
 */
static void
test_late_answers (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (guint i = 0; i < N_CLIENTS; i++)
    fixture_tcp (fixture, i, client (i), PORT, SYN, 100, 0, NULL);
  for (guint i = 0; i < N_CLIENTS; i++)
    fixture_tcp (fixture, N_CLIENTS + i, PORT, client (i), SYN | ACK, 300, 101, NULL);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_changes (table), ==, 3 * N_CLIENTS);
  assert_in_order (table);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      g_autofree char *opened = g_strdup_printf ("%u SYN-SENT, %u ESTABLISHED", i, N_CLIENTS + i);
      g_autofree char *answered = g_strdup_printf ("%u SYN-RECEIVED", i);

      assert_states (table, i, 0, opened);
      assert_states (table, i, 1, answered);
    }
}

/* Changes of one time stay as they came: of two clients first that they called, then that both were heard. */
static void
test_equal_times (void)
{
  static const struct
  {
    guint client;
    guint8 state;
  } expected[] = { { 0, TRAMA_TCP_SYN_SENT },
                   { 1, TRAMA_TCP_SYN_SENT },
                   { 0, TRAMA_TCP_SYN_RECEIVED },
                   { 1, TRAMA_TCP_SYN_RECEIVED } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (guint i = 0; i < N_CLIENTS; i++)
    fixture_tcp (fixture, i / 2, client (i), PORT, SYN, 100, 0, NULL);
  for (guint i = 0; i < N_CLIENTS; i++)
    fixture_tcp (fixture, N_CLIENTS + i, PORT, client (i), SYN | ACK, 300, 101, NULL);
  table = trama_flow_table_new (fixture->store);
  for (guint i = 0; i < 2 * N_CLIENTS; i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (table, i);

      g_assert_cmpuint (change.flow, ==, i / 4 * 2 + expected[i % 4].client);
      g_assert_cmpuint (change.state, ==, expected[i % 4].state);
    }
}

/* What a FIN seemed to make of its receiver is withdrawn for one conversation, and for no other. */
static void
test_withdrawn_among_others (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  gint64 at = 0;

  for (guint i = 0; i < 3; i++)
    fixture_tcp (fixture, at++, client (i), PORT, SYN, 100, 0, NULL);
  for (guint i = 0; i < 3; i++)
    fixture_tcp (fixture, at++, PORT, client (i), SYN | ACK, 300, 101, NULL);
  for (guint i = 0; i < 3; i++)
    fixture_tcp (fixture, at++, client (i), PORT, ACK, 101, 301, NULL);
  for (guint i = 0; i < 3; i++)
    fixture_tcp (fixture, at++, client (i), PORT, FIN | ACK, 101, 301, NULL);
  /* The second had not seen the FIN when it sent this; the others had. */
  for (guint i = 0; i < 3; i++)
    fixture_tcp (fixture, at++, PORT, client (i), ACK, 301, i == 1 ? 101 : 102, "late");
  fixture_tcp (fixture, at++, PORT, client (1), ACK, 305, 102, NULL);
  table = trama_flow_table_new (fixture->store);
  assert_in_order (table);
  assert_states (table, 0, 1, "0 SYN-RECEIVED, 6 ESTABLISHED, 9 CLOSE-WAIT");
  assert_states (table, 1, 1, "1 SYN-RECEIVED, 7 ESTABLISHED, 13 CLOSE-WAIT");
  assert_states (table, 2, 1, "2 SYN-RECEIVED, 8 ESTABLISHED, 11 CLOSE-WAIT");
  assert_states (table, 1, 0, "1 SYN-SENT, 4 ESTABLISHED, 10 FIN-WAIT-1, 15 FIN-WAIT-2");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/changes/late-answers", test_late_answers);
  g_test_add_func ("/flow/changes/equal-times", test_equal_times);
  g_test_add_func ("/flow/changes/withdrawn-among-others", test_withdrawn_among_others);
  return g_test_run ();
}
