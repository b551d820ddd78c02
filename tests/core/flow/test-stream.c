/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/stream.h"

#include "tests/core/fixture.h"

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
  ACK = TRAMA_TCP_ACK,
};

#define N_SEGMENTS_MAX 12

/* The list ends where flags are 0. */
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
  const char *expected; /* of side 0; a gap as <bytes>, and behind each range its packet */
  Segment segments[N_SEGMENTS_MAX];
} Case;

#define HANDSHAKE                                                                                            \
  { 0, SYN, 100, 0 }, { 1, SYN | ACK, 300, 101 }, { 0, ACK, 101, 301 }

static const Case cases[] = {
  { "in order",
    "abc@3def@4",
    { HANDSHAKE, { 0, ACK, 101, 301, "abc" }, { 0, FIN | ACK, 104, 301, "def" }, { 1, ACK, 301, 108 } } },
  { "nothing", "", { HANDSHAKE, { 0, FIN | ACK, 101, 301 }, { 1, ACK, 301, 102 } } },
  { "sent twice", "abc@3d@4", { HANDSHAKE, { 0, ACK, 101, 301, "abc" }, { 0, ACK, 101, 301, "xyzd" } } },
  { "out of order",
    "abc@5de@4fg@3",
    { HANDSHAKE, { 0, ACK, 106, 301, "fg" }, { 0, ACK, 104, 301, "de" }, { 0, ACK, 101, 301, "abc" } } },
  /* What is in order wins over what has waited. */
  { "in order over what waits",
    "abcXY@4f@3",
    { HANDSHAKE, { 0, ACK, 104, 301, "def" }, { 0, ACK, 101, 301, "abcXY" } } },
  /* All of it is there: the new one is dropped. */
  { "waiting, held by an earlier one",
    "a@5bcde@3",
    { HANDSHAKE, { 0, ACK, 102, 301, "bcde" }, { 0, ACK, 103, 301, "XY" }, { 0, ACK, 101, 301, "a" } } },
  /* It covers an earlier one: the earlier one is removed. */
  { "waiting, holding an earlier one",
    "a@5bXYe@4",
    { HANDSHAKE, { 0, ACK, 103, 301, "cd" }, { 0, ACK, 102, 301, "bXYe" }, { 0, ACK, 101, 301, "a" } } },
  { "waiting, with the same beginning, and longer",
    "a@5XYZ@4",
    { HANDSHAKE, { 0, ACK, 102, 301, "bc" }, { 0, ACK, 102, 301, "XYZ" }, { 0, ACK, 101, 301, "a" } } },
  /* In part: the one that begins first is read to its end, whichever came first. */
  { "waiting, overlapping the end of an earlier one",
    "a@5bcd@3Ze@4",
    { HANDSHAKE, { 0, ACK, 102, 301, "bcd" }, { 0, ACK, 104, 301, "YZe" }, { 0, ACK, 101, 301, "a" } } },
  { "waiting, overlapping the beginning of an earlier one",
    "a@5bXY@4e@3",
    { HANDSHAKE, { 0, ACK, 103, 301, "cde" }, { 0, ACK, 102, 301, "bXY" }, { 0, ACK, 101, 301, "a" } } },
  { "a gap that is acknowledged",
    "abc@3<4>hi@4jk@6",
    { HANDSHAKE,
      { 0, ACK, 101, 301, "abc" },
      { 0, ACK, 108, 301, "hi" },
      { 1, ACK, 301, 110 },
      { 0, ACK, 110, 301, "jk" } } },
  { "a gap to the end",
    "abc@3<4>hi@4",
    { HANDSHAKE, { 0, ACK, 101, 301, "abc" }, { 0, ACK, 108, 301, "hi" } } },
  { "a gap of which a part is captured after its acknowledgment",
    "abc@3<1>EF@6<1>hi@4",
    { HANDSHAKE,
      { 0, ACK, 101, 301, "abc" },
      { 0, ACK, 108, 301, "hi" },
      { 1, ACK, 301, 110 },
      { 0, ACK, 105, 301, "EF" } } },
  { "a FIN that is acknowledged leaves no gap",
    "abc@3",
    { HANDSHAKE, { 0, FIN | ACK, 101, 301, "abc" }, { 1, ACK, 301, 105 }, { 1, FIN | ACK, 301, 105 } } },
  { "a reset's text is no data",
    "abc@3",
    { HANDSHAKE, { 0, ACK, 101, 301, "abc" }, { 0, RST, 104, 301, "no" } } },
  { "data in the SYN",
    "hey@0you@2",
    { { 0, SYN, 100, 0, "hey" }, { 1, SYN | ACK, 300, 104 }, { 0, ACK, 104, 301, "you" } } },
  { "numbers that go round",
    "abcd@3ef@5gh@4",
    { { 0, SYN, 0xfffffffd, 0 },
      { 1, SYN | ACK, 300, 0xfffffffe },
      { 0, ACK, 0xfffffffe, 301 },
      { 0, ACK, 0xfffffffe, 301, "abcd" },
      { 0, ACK, 4, 301, "gh" },
      { 0, ACK, 2, 301, "ef" } } },
  { "from the middle, and what is before the beginning left out",
    "abc@0de@1",
    { { 0, ACK, 5101, 301, "abc" }, { 0, ACK, 5099, 301, "xxxxxde" }, { 0, ACK, 5090, 301, "old" } } },
  { "far away", "abc@3", { HANDSHAKE, { 0, ACK, 101, 301, "abc" }, { 0, ACK, 0x60000000, 301, "far" } } },
};

static char *
render (const TramaStream *stream)
{
  GString *text = g_string_new (NULL);
  guint64 offset = 0;

  for (guint i = 0; i < trama_stream_n_ranges (stream); i++)
    {
      const TramaStreamRange *range = trama_stream_get_range (stream, i);
      g_autofree char *bytes = g_malloc0 (range->size_bytes + 1);

      g_assert_cmpuint (range->offset, ==, offset);
      g_assert_cmpuint (trama_stream_find_range (stream, offset), ==, i);
      g_assert_cmpint (trama_stream_read (stream, offset, (guint8 *) bytes, range->size_bytes, NULL), ==,
                       range->size_bytes);
      offset += range->size_bytes;
      if (range->is_missing)
        g_string_append_printf (text, "<%u>", range->size_bytes);
      else
        g_string_append_printf (text, "%s@%u", bytes, range->packet);
    }
  g_assert_cmpuint (trama_stream_get_size (stream), ==, offset);
  g_assert_cmpuint (trama_stream_find_range (stream, offset), ==, trama_stream_n_ranges (stream));
  return g_string_free (text, FALSE);
}

static void
test_stream (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaStream) stream = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < N_SEGMENTS_MAX && one->segments[i].flags != 0; i++)
    {
      const Segment *segment = &one->segments[i];

      fixture_tcp (fixture, i, segment->from == 0 ? A : B, segment->from == 0 ? B : A, segment->flags,
                   segment->sequence, segment->acknowledgment, segment->payload);
    }
  table = trama_flow_table_new (fixture->store);
  stream = trama_stream_new (table, 0, 0);
  text = render (stream);
  g_assert_cmpstr (text, ==, one->expected);
}

static void
test_read (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaStream) stream = NULL;
  guint8 buffer[16];

  fixture_tcp (fixture, 0, A, B, ACK, 101, 301, "abcde");
  fixture_tcp (fixture, 1, A, B, ACK, 109, 301, "ij");
  table = trama_flow_table_new (fixture->store);
  stream = trama_stream_new (table, 0, 0);
  g_assert_cmpuint (trama_stream_get_missing (stream), ==, 3);
  g_assert_cmpint (trama_stream_read (stream, 3, buffer, sizeof buffer, NULL), ==, 7);
  g_assert_cmpmem (buffer, 7, "de\0\0\0ij", 7);
  g_assert_cmpint (trama_stream_read (stream, 9, buffer, 1, NULL), ==, 1);
  g_assert_cmpmem (buffer, 1, "j", 1);
  g_assert_cmpint (trama_stream_read (stream, 10, buffer, 1, NULL), ==, 0);
}

static void
test_datagrams (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaStream) stream = NULL;
  g_autofree char *text = NULL;

  fixture_udp (fixture, 0, A, B, "one");
  fixture_udp (fixture, 1, B, A, "answer");
  fixture_udp (fixture, 2, A, B, "one");
  table = trama_flow_table_new (fixture->store);
  stream = trama_stream_new (table, 0, 0);
  text = render (stream);
  g_assert_cmpstr (text, ==, "one@0one@2");
}

/* More waits than is kept waiting: what it waits for is given up. */
static void
test_endless_waiting (void)
{
  enum
  {
    N = 10000
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaStream) stream = NULL;

  fixture_tcp (fixture, 0, A, B, ACK, 101, 301, "a");
  for (guint i = 0; i < N; i++)
    fixture_tcp (fixture, 1 + i, A, B, ACK, 103 + 2 * i, 301, "b");
  table = trama_flow_table_new (fixture->store);
  stream = trama_stream_new (table, 0, 0);
  g_assert_cmpuint (trama_stream_n_ranges (stream), ==, 1 + 2 * N);
  g_assert_cmpuint (trama_stream_get_missing (stream), ==, N);
  g_assert_cmpuint (trama_stream_get_size (stream), ==, 1 + 2 * N);
}

/* Of a packet only the beginning was kept. */
static void
test_cut_short (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaStream) stream = NULL;
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };
  g_autofree char *text = NULL;

  fixture_tcp (fixture, 0, A, B, ACK, 101, 301, "abcde");
  fixture_tcp (fixture, 1, A, B, ACK, 106, 301, "fg");
  event.interface = *trama_store_get_interface (fixture->store, 0);
  g_assert_true (trama_store_set_bytes_fd (store, fixture->fd));
  trama_store_append (&event, store);
  event.kind = TRAMA_EVENT_PACKET;
  for (guint i = 0; i < 2; i++)
    {
      trama_store_get_packet (fixture->store, i, &event.packet);
      event.packet.captured_bytes -= i == 0 ? 2 : 0;
      trama_store_append (&event, store);
    }
  table = trama_flow_table_new (store);
  stream = trama_stream_new (table, 0, 0);
  text = render (stream);
  g_assert_cmpstr (text, ==, "abc@0<2>fg@1");
  g_assert_cmpuint (trama_stream_get_range (stream, 1)->packet, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/stream/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_stream);
    }
  g_test_add_func ("/flow/stream/read", test_read);
  g_test_add_func ("/flow/stream/datagrams", test_datagrams);
  g_test_add_func ("/flow/stream/endless-waiting", test_endless_waiting);
  g_test_add_func ("/flow/stream/cut-short", test_cut_short);
  return g_test_run ();
}
