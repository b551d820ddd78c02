/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/fixture.h"
#include "tests/core/flow/render.h"

enum
{
  A = 40122, /* port of side 0 */
  B = 5000,
};

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
};

/* One segment; its time is its place in the list. @from is 0 or 1; the list ends where flags are 0. */
typedef struct
{
  guint from;
  guint8 flags;
  guint32 sequence;
  guint32 acknowledgment;
  const char *payload;
} Segment;

typedef struct
{
  const char *name;
  const char *states[2];
  Segment segments[16];
} Conversation;

#define HANDSHAKE                                                                                            \
  { 0, SYN, 100, 0 }, { 1, SYN | ACK, 300, 101 }, { 0, ACK, 101, 301 }
#define OPENED_0 "0 SYN-SENT, 1 ESTABLISHED"
#define OPENED_1 "0 SYN-RECEIVED, 2 ESTABLISHED"

static const Conversation conversations[] = {
  { "call and hang up",
    { OPENED_0 ", 5 FIN-WAIT-1, 6 FIN-WAIT-2, 7 TIME-WAIT", OPENED_1 ", 5 CLOSE-WAIT, 7 LAST-ACK, 8 CLOSED" },
    { HANDSHAKE,
      { 0, PSH | ACK, 101, 301, "ab" },
      { 1, ACK, 301, 103 },
      { 0, FIN | ACK, 103, 301 },
      { 1, ACK, 301, 104 },
      { 1, FIN | ACK, 301, 104 },
      { 0, ACK, 104, 302 } } },
  /* RFC 9293, figure 12 with the acknowledgment inside the FIN: FIN-WAIT-2 is passed over. */
  { "close in three segments",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 TIME-WAIT", OPENED_1 ", 3 CLOSE-WAIT, 4 LAST-ACK, 5 CLOSED" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, FIN | ACK, 301, 102 }, { 0, ACK, 102, 302 } } },
  { "half-close: the other side goes on",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 FIN-WAIT-2, 7 TIME-WAIT", OPENED_1 ", 3 CLOSE-WAIT, 7 LAST-ACK, 8 CLOSED" },
    { HANDSHAKE,
      { 0, FIN | ACK, 101, 301 },
      { 1, ACK, 301, 102 },
      { 1, PSH | ACK, 301, 102, "still here" },
      { 0, ACK, 102, 311 },
      { 1, FIN | ACK, 311, 102 },
      { 0, ACK, 102, 312 } } },
  /* RFC 9293, figure 13: neither FIN acknowledges the other. */
  { "simultaneous close",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 CLOSING, 6 TIME-WAIT", OPENED_1 ", 4 FIN-WAIT-1, 4 CLOSING, 5 TIME-WAIT" },
    { HANDSHAKE,
      { 0, FIN | ACK, 101, 301 },
      { 1, FIN | ACK, 301, 101 },
      { 0, ACK, 102, 302 },
      { 1, ACK, 302, 102 } } },
  /* RFC 9293, figure 7. */
  { "simultaneous open",
    { "0 SYN-SENT, 1 SYN-RECEIVED, 3 ESTABLISHED", "1 SYN-SENT, 1 SYN-RECEIVED, 2 ESTABLISHED" },
    { { 0, SYN, 100, 0 }, { 1, SYN, 300, 0 }, { 0, SYN | ACK, 100, 301 }, { 1, SYN | ACK, 300, 101 } } },
  { "data that crossed the FIN moves its arrival",
    { OPENED_0 ", 3 FIN-WAIT-1, 5 FIN-WAIT-2", OPENED_1 ", 4 CLOSE-WAIT" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, PSH | ACK, 301, 101, "late" }, { 1, ACK, 305, 102 } } },
  { "everything sent twice changes nothing twice",
    { "0 SYN-SENT, 2 ESTABLISHED, 6 FIN-WAIT-1, 8 FIN-WAIT-2, 9 TIME-WAIT",
      "0 SYN-RECEIVED, 4 ESTABLISHED, 6 CLOSE-WAIT, 9 LAST-ACK, 11 CLOSED" },
    { { 0, SYN, 100, 0 },
      { 0, SYN, 100, 0 },
      { 1, SYN | ACK, 300, 101 },
      { 1, SYN | ACK, 300, 101 },
      { 0, PSH | ACK, 101, 301, "a" },
      { 0, PSH | ACK, 101, 301, "a" },
      { 0, FIN | ACK, 102, 301 },
      { 0, FIN | ACK, 102, 301 },
      { 1, ACK, 301, 103 },
      { 1, FIN | ACK, 301, 103 },
      { 1, FIN | ACK, 301, 103 },
      { 0, ACK, 103, 302 } } },
  { "an acknowledgment of the data before the FIN does not cover it",
    { OPENED_0 ", 3 FIN-WAIT-1, 5 FIN-WAIT-2", OPENED_1 ", 4 CLOSE-WAIT" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301, "x" }, { 1, ACK, 301, 102 }, { 1, ACK, 301, 103 } } },
  { "a FIN behind a hole waits for what is missing",
    { OPENED_0 ", 3 FIN-WAIT-1, 5 FIN-WAIT-2", OPENED_1 ", 4 CLOSE-WAIT" },
    { HANDSHAKE, { 0, FIN | ACK, 105, 301 }, { 0, ACK, 101, 301, "lost" }, { 1, ACK, 301, 106 } } },
  { "refused", { "0 SYN-SENT, 1 CLOSED", "" }, { { 0, SYN, 100, 0 }, { 1, RST | ACK, 0, 101 } } },
  { "a reset that acknowledges something else is not for this SYN",
    { "0 SYN-SENT", "" },
    { { 0, SYN, 100, 0 }, { 1, RST | ACK, 0, 55 } } },
  { "reset in ESTABLISHED",
    { OPENED_0 ", 3 CLOSED", OPENED_1 ", 3 CLOSED" },
    { HANDSHAKE, { 1, RST | ACK, 301, 101 } } },
  { "a reset from before it began is of somebody else",
    { OPENED_0, OPENED_1 },
    { HANDSHAKE, { 0, RST, 50, 0 } } },
  { "a reset behind what is next, and both go on",
    { OPENED_0 ", 6 FIN-WAIT-1", OPENED_1 ", 6 CLOSE-WAIT" },
    { HANDSHAKE,
      { 0, RST, 900, 0 },
      { 1, ACK, 301, 101 },
      { 0, ACK, 101, 301, "x" },
      { 0, FIN | ACK, 102, 301 } } },
  { "a reset behind what is next, and asked about; the second is taken",
    { OPENED_0 ", 3 CLOSED", OPENED_1 ", 5 CLOSED" },
    { HANDSHAKE, { 0, RST | ACK, 900, 301 }, { 1, ACK, 301, 101 }, { 0, RST, 101, 0 } } },
  { "a reset shows that the FIN had not come",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 FIN-WAIT-2, 7 CLOSED", OPENED_1 ", 3 CLOSE-WAIT, 6 LAST-ACK, 7 CLOSED" },
    { HANDSHAKE,
      { 0, FIN | ACK, 101, 301 },
      { 1, ACK, 301, 102 },
      { 1, ACK, 301, 102, "late" },
      { 1, FIN | ACK, 305, 102 },
      { 0, RST, 102, 0 } } },
  { "reset in SYN-RECEIVED",
    { "0 SYN-SENT, 1 ESTABLISHED, 2 CLOSED", "0 SYN-RECEIVED, 2 CLOSED" },
    { { 0, SYN, 100, 0 }, { 1, SYN | ACK, 300, 101 }, { 0, RST, 101, 0 } } },
  { "reset in FIN-WAIT-1",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 CLOSED", OPENED_1 ", 3 CLOSE-WAIT, 4 CLOSED" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, RST, 301, 0 } } },
  { "reset in CLOSING",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 CLOSING, 5 CLOSED", OPENED_1 ", 4 FIN-WAIT-1, 4 CLOSING, 5 CLOSED" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, FIN | ACK, 301, 101 }, { 0, RST, 102, 0 } } },
  { "reset in LAST-ACK and TIME-WAIT",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 TIME-WAIT, 5 CLOSED", OPENED_1 ", 3 CLOSE-WAIT, 4 LAST-ACK, 5 CLOSED" },
    { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, FIN | ACK, 301, 102 }, { 1, RST, 302, 0 } } },
  /* The answer to an acknowledgment that was overtaken by the last one. */
  { "a reset with the FIN's number does not end TIME-WAIT",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 TIME-WAIT", OPENED_1 ", 3 CLOSE-WAIT, 4 LAST-ACK, 5 CLOSED" },
    { HANDSHAKE,
      { 0, FIN | ACK, 101, 301 },
      { 1, FIN | ACK, 301, 102 },
      { 0, ACK, 102, 302 },
      { 1, RST, 301, 0 } } },
  { "a reset with the FIN's number ends CLOSE-WAIT",
    { OPENED_0 ", 4 CLOSE-WAIT, 5 CLOSED", OPENED_1 ", 3 FIN-WAIT-1, 5 CLOSED" },
    { HANDSHAKE, { 1, FIN | ACK, 301, 101 }, { 0, ACK, 101, 301, "crossed" }, { 1, RST, 301, 0 } } },
  /* RFC 9293, section 3.10.7.4, fifth check: <SEQ=SEG.ACK><CTL=RST>, and go on. */
  { "SYN-RECEIVED refuses what acknowledges something else, and goes on",
    { "0 SYN-SENT, 1 ESTABLISHED", "0 SYN-RECEIVED, 4 ESTABLISHED" },
    { { 0, SYN, 100, 0 },
      { 1, SYN | ACK, 300, 101 },
      { 0, ACK, 101, 200 },
      { 1, RST, 200, 0 },
      { 0, ACK, 101, 301 } } },
  /* RFC 9293, figure 9: an old connection of the server's answers, and is reset. */
  { "SYN-SENT refuses the answer of an older connection, and goes on",
    { "0 SYN-SENT, 4 ESTABLISHED", "3 SYN-RECEIVED" },
    { { 0, SYN, 100, 0 },
      { 1, ACK, 9000, 70000100 },
      { 0, RST, 70000100, 0 },
      { 0, SYN, 100, 0 },
      { 1, SYN | ACK, 300, 101 } } },
  /* RFC 9293, section 3.10.7.4: "if the ACK bit is off, drop the segment". */
  { "nobody takes a segment without ACK",
    { OPENED_0, OPENED_1 },
    { HANDSHAKE, { 0, FIN, 101, 0 }, { 1, PSH, 301, 0, "nothing" } } },
  { "a FIN on its own opens nothing", { "", "" }, { { 0, FIN, 100, 0 } } },
  { "reset in FIN-WAIT-2 and CLOSE-WAIT",
    { OPENED_0 ", 3 FIN-WAIT-1, 4 FIN-WAIT-2, 6 CLOSED", OPENED_1 ", 3 CLOSE-WAIT, 6 CLOSED" },
    { HANDSHAKE,
      { 0, FIN | ACK, 101, 301 },
      { 1, ACK, 301, 102 },
      { 1, PSH | ACK, 301, 102, "nobody reads this" },
      { 0, RST, 102, 0 } } },
  { "an old reset reaches nobody",
    { OPENED_0 ", 4 CLOSED", OPENED_1 },
    { HANDSHAKE, { 0, PSH | ACK, 101, 301, "12345" }, { 0, RST, 101, 0 } } },
  { "a capture that begins in the middle",
    { "0 ESTABLISHED, 2 FIN-WAIT-1, 3 FIN-WAIT-2, 5 TIME-WAIT", "4 CLOSE-WAIT, 5 LAST-ACK, 6 CLOSED" },
    { { 0, PSH | ACK, 5101, 8301, "abc" },
      { 1, ACK, 8301, 5104 }, /* ESTABLISHED or FIN-WAIT-2: nobody knows */
      { 0, FIN | ACK, 5104, 8301 },
      { 1, ACK, 8301, 5105 }, /* CLOSE-WAIT or TIME-WAIT */
      { 1, PSH | ACK, 8301, 5105, "it had not closed" },
      { 1, FIN | ACK, 8318, 5105 },
      { 0, ACK, 5105, 8319 } } },
  { "a capture that begins in the middle, both sides talking",
    { "0 ESTABLISHED", "1 ESTABLISHED" },
    { { 0, PSH | ACK, 5101, 8301, "abc" }, { 1, PSH | ACK, 8301, 5104, "def" } } },
  { "a capture that begins in the middle, with data that crossed a FIN",
    { "0 ESTABLISHED, 1 FIN-WAIT-1, 3 FIN-WAIT-2", "2 ESTABLISHED, 3 CLOSE-WAIT" },
    { { 0, PSH | ACK, 5101, 8301, "abc" },
      { 0, FIN | ACK, 5104, 8301 },
      { 1, PSH | ACK, 8301, 5104, "sent before it came" },
      { 1, ACK, 8320, 5105 } } },
  { "a capture that begins with the last acknowledgment of all", { "", "" }, { { 0, ACK, 5105, 8302 } } },
  { "a capture that begins with the answer to a SYN",
    { "0 SYN-RECEIVED, 1 ESTABLISHED", "0 ESTABLISHED" },
    { { 0, SYN | ACK, 300, 101 }, { 1, ACK, 101, 301 } } },
  { "sequence numbers wrap around",
    { OPENED_0 ", 5 FIN-WAIT-1, 6 FIN-WAIT-2", OPENED_1 ", 5 CLOSE-WAIT" },
    { { 0, SYN, 0xfffffffe, 0 },
      { 1, SYN | ACK, 0xffffffff, 0xffffffff },
      { 0, ACK, 0xffffffff, 0 },
      { 0, PSH | ACK, 0xffffffff, 0, "abcd" },
      { 1, ACK, 0, 3 },
      { 0, FIN | ACK, 3, 0 },
      { 1, ACK, 0, 4 } } },
};

static void
add_segments (Fixture *fixture, const Segment *segments, gsize max)
{
  for (gsize i = 0; i < max && segments[i].flags != 0; i++)
    fixture_tcp (fixture, (gint64) i, segments[i].from == 0 ? A : B, segments[i].from == 0 ? B : A,
                 segments[i].flags, segments[i].sequence, segments[i].acknowledgment, segments[i].payload);
}

static void
test_conversation (gconstpointer data)
{
  const Conversation *conversation = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  add_segments (fixture, conversation->segments, G_N_ELEMENTS (conversation->segments));
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *states = render_states (table, 0, side);

      g_assert_cmpstr (states, ==, conversation->states[side]);
    }
}

/* connect() to one's own port: Linux opens the connection simultaneously, with itself. */
static void
test_to_itself (void)
{
  static const Segment segments[] = {
    { 0, SYN, 100, 0 },         { 0, SYN | ACK, 100, 101 }, { 0, PSH | ACK, 101, 101, "me" },
    { 0, FIN | ACK, 103, 103 }, { 0, ACK, 104, 104 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autofree char *states = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (segments); i++)
    fixture_tcp (fixture, (gint64) i, B, B, segments[i].flags, segments[i].sequence,
                 segments[i].acknowledgment, segments[i].payload);
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 1);
  states = render_states (table, 0, 0);
  g_assert_cmpstr (states, ==,
                   "0 SYN-SENT, 0 SYN-RECEIVED, 1 ESTABLISHED, 3 FIN-WAIT-1, 3 CLOSING, 4 TIME-WAIT");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (conversations); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/tcp-states/%s", conversations[i].name);

      g_test_add_data_func (path, &conversations[i], test_conversation);
    }
  g_test_add_func ("/flow/tcp-states/connected to itself", test_to_itself);
  return g_test_run ();
}
