/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/phases.h"

#include "core/flow/disagreements.h"
#include "core/trace/call.h"
#include "tests/core/flow/segment.h"

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  ACK = TRAMA_TCP_ACK,
};

#define N_SEGMENTS_MAX 12
#define S 1000000

/* The list ends where flags are 0. */
typedef struct
{
  const char *name;
  const char *expected; /* "ending, closed by, states" */
  TestSegment segments[N_SEGMENTS_MAX];
} Case;

#define HANDSHAKE                                                                                            \
  { 0, 0, SYN, 100, 0 }, { 10, 1, SYN | ACK, 300, 101 }, { 20, 0, ACK, 101, 301 }

static const Case cases[] = {
  { "still open", "still open, 0, ESTABLISHED, ESTABLISHED", { HANDSHAKE } },
  { "closed by the client",
    "closed, 1, TIME-WAIT, CLOSED",
    { HANDSHAKE,
      { 30, 0, FIN | ACK, 101, 301 },
      { 40, 1, ACK, 301, 102 },
      { 50, 1, FIN | ACK, 301, 102 },
      { 60, 0, ACK, 102, 302 } } },
  { "closed by the server",
    "closed, 2, CLOSED, TIME-WAIT",
    { HANDSHAKE, { 30, 1, FIN | ACK, 301, 101 }, { 50, 0, FIN | ACK, 101, 302 }, { 60, 1, ACK, 302, 102 } } },
  { "closed by both",
    "closed, 3, TIME-WAIT, TIME-WAIT",
    { HANDSHAKE,
      { 30, 0, FIN | ACK, 101, 301 },
      { 31, 1, FIN | ACK, 301, 101 },
      { 40, 0, ACK, 102, 302 },
      { 41, 1, ACK, 302, 102 } } },
  { "closed, and a reset behind it",
    "closed, 1, CLOSED, CLOSED",
    { HANDSHAKE,
      { 30, 0, FIN | ACK, 101, 301 },
      { 50, 1, FIN | ACK, 301, 102 },
      { 60, 0, ACK, 102, 302 },
      { 70, 1, RST, 302, 0 } } },
  { "half-closed",
    "half-closed, 1, FIN-WAIT-2, CLOSE-WAIT",
    { HANDSHAKE, { 30, 0, FIN | ACK, 101, 301 }, { 40, 1, ACK, 301, 102 } } },
  { "a FIN that nobody acknowledges",
    "closing, 1, FIN-WAIT-1, CLOSE-WAIT",
    { HANDSHAKE, { 30, 0, FIN | ACK, 101, 301 } } },
  { "refused", "refused, 0, CLOSED, CLOSED", { { 0, 0, SYN, 100, 0 }, { 10, 1, RST | ACK, 0, 101 } } },
  { "not answered yet", "opening, 0, SYN-SENT, -", { { 0, 0, SYN, 100, 0 }, { S, 0, SYN, 100, 0 } } },
  { "asked three times, and never answered",
    "unanswered, 0, SYN-SENT, -",
    { { 0, 0, SYN, 100, 0 }, { S, 0, SYN, 100, 0 }, { 2 * S, 0, SYN, 100, 0 } } },
  { "sent again twice, and never answered",
    "unanswered, 0, ESTABLISHED, ESTABLISHED",
    { HANDSHAKE, { 30, 1, ACK, 301, 101, 5 }, { S, 1, ACK, 301, 101, 5 }, { 2 * S, 1, ACK, 301, 101, 5 } } },
  { "a FIN sent again twice, and never answered",
    "unanswered, 1, FIN-WAIT-1, CLOSE-WAIT",
    { HANDSHAKE,
      { 30, 0, FIN | ACK, 101, 301 },
      { S, 0, FIN | ACK, 101, 301 },
      { 2 * S, 0, FIN | ACK, 101, 301 } } },
  { "asked twice whether anybody is there, and never answered",
    "unanswered, 0, ESTABLISHED, ESTABLISHED",
    { HANDSHAKE, { S, 0, ACK, 100, 301 }, { 2 * S, 0, ACK, 100, 301 } } },
  { "sent again twice, where nothing of the peer was captured",
    "still open, 0, ESTABLISHED, ESTABLISHED",
    { { 0, 0, SYN, 100, 0 },
      { 20, 0, ACK, 101, 301 },
      { 30, 0, ACK, 101, 301, 5 },
      { S, 0, ACK, 101, 301, 5 },
      { 2 * S, 0, ACK, 101, 301, 5 } } },
  { "two that are sent again at once are no silence",
    "still open, 0, ESTABLISHED, ESTABLISHED",
    { HANDSHAKE,
      { 30, 0, ACK, 101, 301, 5 },
      { 31, 0, ACK, 106, 301, 5 },
      { S, 0, ACK, 101, 301, 5 },
      { S + 1, 0, ACK, 106, 301, 5 } } },
  { "sent again twice, and answered at last",
    "still open, 0, ESTABLISHED, ESTABLISHED",
    { HANDSHAKE,
      { 30, 0, ACK, 101, 301, 5 },
      { S, 0, ACK, 101, 301, 5 },
      { 2 * S, 0, ACK, 101, 301, 5 },
      { 2 * S + 1, 1, ACK, 301, 106 } } },
  { "resets that nobody takes",
    "closed, 1, TIME-WAIT, CLOSED",
    { HANDSHAKE,
      { 30, 0, RST, 50, 0 },   /* from before it began */
      { 31, 0, RST, 5000, 0 }, /* behind what is next */
      { 32, 1, ACK, 301, 101 },
      { 33, 0, FIN | ACK, 101, 301 },
      { 40, 1, FIN | ACK, 301, 102 },
      { 50, 0, ACK, 102, 302 } } },
  { "aborted by the server",
    "aborted, 2, CLOSED, CLOSED",
    { HANDSHAKE, { 30, 0, ACK, 101, 301, 5 }, { 40, 1, RST | ACK, 301, 106 } } },
  { "given up in the handshake",
    "aborted, 1, CLOSED, CLOSED",
    { { 0, 0, SYN, 100, 0 }, { 10, 1, SYN | ACK, 300, 101 }, { 20, 0, RST, 101, 0 } } },
  { "reset for data that came after the close",
    "reset, 2, CLOSED, CLOSED",
    { HANDSHAKE,
      { 30, 1, FIN | ACK, 301, 101 },
      { 40, 0, ACK, 101, 302 },
      { 50, 0, ACK, 101, 302, 5 },
      { 60, 1, RST, 302, 0 } } },
  { "reset by a peer that knows nothing of it",
    "reset, 2, CLOSED, -",
    { { 0, 0, ACK, 101, 301, 5 }, { 10, 1, RST, 301, 0 } } },
  { "reset by a peer that has forgotten it", /* RFC 9293, section 3.10.7.1 */
    "reset, 2, CLOSED, CLOSED",
    { HANDSHAKE, { 30, 0, ACK, 101, 301, 5 }, { 40, 1, RST, 301, 0 } } },
  { "disowned with a number from before what had come: nobody takes that, RFC 9293, section 3.10.7.4",
    "half-open, 2, ESTABLISHED, CLOSED",
    { HANDSHAKE, { 30, 1, ACK, 301, 101, 5 }, { 31, 0, ACK, 101, 301, 5 }, { 40, 1, RST, 301, 0 } } },
  { "aborted with the next number, as RFC 9293, section 3.10.5, has it",
    "aborted, 2, CLOSED, CLOSED",
    { HANDSHAKE, { 30, 0, ACK, 101, 301, 5 }, { 40, 1, ACK, 301, 106, 5 }, { 50, 1, RST, 306, 0 } } },
  { "the acknowledgment of the handshake answered with a reset: the accept queue may have been full",
    "aborted, 2, CLOSED, CLOSED",
    { HANDSHAKE, { 40, 1, RST, 301, 0 } } },
  { "a reset that did not arrive",
    "half-open, 1, CLOSED, ESTABLISHED",
    { HANDSHAKE, { 30, 0, ACK, 101, 301, 5 }, { 40, 0, RST, 101, 0 } } },
  { "only an acknowledgment", "unknown, 0, -, -", { { 0, 0, ACK, 101, 301 } } },
};

static char *
describe (const TramaFlowPhases *phases)
{
  const char *a = trama_tcp_state_name (phases->state[0]), *b = trama_tcp_state_name (phases->state[1]);

  return g_strdup_printf ("%s, %u, %s, %s", trama_ending_name (phases->ending), phases->closed_by,
                          a != NULL ? a : "-", b != NULL ? b : "-");
}

static void
test_ending (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < N_SEGMENTS_MAX && one->segments[i].flags != 0; i++)
    test_segment_add (fixture, &one->segments[i]);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  text = describe (trama_phases_get (phases, 0));
  g_assert_cmpstr (text, ==, one->expected);
  g_assert_cmpint (trama_phases_get (phases, 0)->began_before, ==, !(one->segments[0].flags & SYN));
}

/* Two SYNs, and nothing for the two seconds after which a third would have come; another host's packet tells the time. */
static void
test_timed_out (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  g_autofree char *text = NULL;

  test_segment_add (fixture, &(TestSegment){ 0, 0, SYN, 100, 0 });
  test_segment_add (fixture, &(TestSegment){ S, 0, SYN, 100, 0 });
  fixture_udp (fixture, 3 * S, 700, 800, "later");
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  text = describe (trama_phases_get (phases, 0));
  g_assert_cmpstr (text, ==, "timed out, 0, SYN-SENT, -");
  g_assert_cmpstr (trama_ending_name (trama_phases_get (phases, 1)->ending), ==, "");
}

/* The same ports again, though the first connection was never closed: one of its sides was gone. */
static void
test_replaced (void)
{
  static const TestSegment segments[] = { HANDSHAKE,
                                          { S, 0, SYN, 90000, 0 },
                                          { S + 10, 1, SYN | ACK, 80000, 90001 },
                                          { S + 20, 0, ACK, 90001, 80001 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  g_assert_cmpuint (trama_phases_get (phases, 0)->ending, ==, TRAMA_ENDING_HALF_OPEN);
  g_assert_cmpuint (trama_phases_get (phases, 1)->ending, ==, TRAMA_ENDING_OPEN);
}

/* RFC 9293, figure 10: one side was gone and opens anew; what the other has left of the old one is reset. */
static void
test_disowned (void)
{
  static const TestSegment segments[] = { HANDSHAKE,
                                          { S, 0, SYN, 90000, 0 },
                                          { S + 10, 1, ACK, 301, 101 },
                                          { S + 20, 0, RST, 101, 0 },
                                          { 2 * S, 0, SYN, 90000, 0 },
                                          { 2 * S + 10, 1, SYN | ACK, 80000, 90001 },
                                          { 2 * S + 20, 0, ACK, 90001, 80001 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  g_autofree char *first = NULL, *second = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  g_assert_cmpuint (trama_flow_table_get_flow_of_packet (table, 4), ==, 0);
  g_assert_cmpuint (trama_flow_table_get_flow_of_packet (table, 5), ==, 0);
  first = describe (trama_phases_get (phases, 0));
  second = describe (trama_phases_get (phases, 1));
  g_assert_cmpstr (first, ==, "reset, 1, CLOSED, CLOSED");
  g_assert_cmpstr (second, ==, "still open, 0, ESTABLISHED, ESTABLISHED");
}

/* A SYN that neither side has sent: both go on with the old numbers. */
static void
test_stray_syn (void)
{
  static const TestSegment segments[] = { HANDSHAKE,
                                          { S, 0, SYN, 90000, 0 },
                                          { S + 10, 1, ACK, 301, 101 },
                                          { S + 20, 0, ACK, 101, 301, 5 },
                                          { S + 30, 1, FIN | ACK, 301, 106 },
                                          { S + 40, 0, FIN | ACK, 106, 302 },
                                          { S + 50, 1, ACK, 302, 107 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  g_autofree char *first = NULL, *second = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  first = describe (trama_phases_get (phases, 0));
  second = describe (trama_phases_get (phases, 1));
  g_assert_cmpstr (first, ==, "closed, 2, CLOSED, TIME-WAIT");
  g_assert_cmpstr (second, ==, "opening, 0, SYN-SENT, -");
}

static void
test_durations (void)
{
  static const TestSegment segments[] = { HANDSHAKE,
                                          { 100, 0, ACK, 101, 301, 5 },
                                          { 130, 1, ACK, 301, 106 },
                                          { 170, 0, FIN | ACK, 106, 301 },
                                          { 180, 1, FIN | ACK, 301, 107 },
                                          { 250, 0, ACK, 107, 302 } };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpint (trama_phases_get (phases, 0)->setup_ns, ==, 20 * 1000);
  g_assert_cmpint (trama_phases_get (phases, 0)->data_ns, ==, 70 * 1000);
  g_assert_cmpint (trama_phases_get (phases, 0)->teardown_ns, ==, 80 * 1000);
}

/* A reset that the kernel did not take: 40 ms later its socket is still established. */
static void
test_kernel_wins (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaPhases) phases = NULL;
  g_autoptr (GArray) found = NULL;
  const TestSegment segments[] = { HANDSHAKE, { 100, 1, RST, 301, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (fixture, &segments[i]);
  fixture_state (fixture, 50, 21, TRAMA_TCP_ESTABLISHED, SEGMENT_CLIENT, SEGMENT_SERVER);
  fixture_state (fixture, 110, 21, TRAMA_TCP_ESTABLISHED, SEGMENT_CLIENT, SEGMENT_SERVER); /* may be late */
  fixture_state (fixture, 40000, 21, TRAMA_TCP_ESTABLISHED, SEGMENT_CLIENT, SEGMENT_SERVER);
  fixture_state (fixture, 50000, 21, TRAMA_TCP_ESTABLISHED, SEGMENT_CLIENT, SEGMENT_SERVER);
  table = trama_flow_table_new (fixture->store);
  phases = trama_phases_new (table);
  g_assert_cmpuint (trama_phases_get (phases, 0)->state[0], ==, TRAMA_TCP_ESTABLISHED);
  found = trama_disagreements_find (table);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_cmpint (g_array_index (found, TramaDisagreement, 0).time_ns, ==, fixture_time_ns (40000));
  g_assert_cmpuint (g_array_index (found, TramaDisagreement, 0).side, ==, 0);
  g_assert_cmpuint (g_array_index (found, TramaDisagreement, 0).kernel, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (g_array_index (found, TramaDisagreement, 0).packets, ==, TRAMA_TCP_CLOSED);
}

static void
test_kernel_agrees (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) found = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  found = trama_disagreements_find (table);
  g_assert_cmpuint (found->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/phases/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_ending);
    }
  g_test_add_func ("/flow/phases/timed-out", test_timed_out);
  g_test_add_func ("/flow/phases/replaced", test_replaced);
  g_test_add_func ("/flow/phases/disowned", test_disowned);
  g_test_add_func ("/flow/phases/stray-syn", test_stray_syn);
  g_test_add_func ("/flow/phases/durations", test_durations);
  g_test_add_func ("/flow/phases/kernel-wins", test_kernel_wins);
  g_test_add_func ("/flow/phases/kernel-agrees", test_kernel_agrees);
  return g_test_run ();
}
