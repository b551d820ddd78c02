/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/fixture.h"

#include "core/flow/links/links.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum
{
  SYN = TRAMA_TCP_SYN,
  ACK = TRAMA_TCP_ACK,
  FIN = TRAMA_TCP_FIN,
  RST = TRAMA_TCP_RST,
};

static const guint64 client = 21, server = 12;

static void
append_event (GString *text, TramaRef ref)
{
  static const char *const letters[] = {
    [TRAMA_EVENT_PACKET] = "p", [TRAMA_EVENT_CALL] = "c", [TRAMA_EVENT_ACTOR] = "a"
  };

  if (ref.kind != 0)
    g_string_append_printf (text, "%s%u", letters[ref.kind], ref.index);
}

/* One line for each link of that kind, or of all: "c2 sends p3 [0,7)", "p3 lost [2,7) unread". */
static char *
render (const TramaLinks *links, guint kind)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_links_n_links (links); i++)
    {
      TramaLink link = trama_links_get_link (links, i);

      if (kind != 0 && link.kind != kind)
        continue;
      append_event (text, link.cause);
      g_string_append_printf (text, " %s ", trama_link_kind_name (link.kind));
      append_event (text, link.effect);
      if (link.to_bytes > link.from_bytes)
        g_string_append_printf (text, "[%u,%u)", (guint) link.from_bytes, (guint) link.to_bytes);
      for (guint flag = 1; flag <= link.flags; flag <<= 1)
        if (link.flags & flag)
          g_string_append_printf (text, " %s", trama_link_flag_name (flag));
      if (link.reason != TRAMA_LOSS_NONE)
        g_string_append_printf (text, " %s", trama_loss_reason_name (link.reason));
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/* As somebody makes them who has other things to do, too. */
static TramaLinks *
link_slowly (TramaFlowTable *table)
{
  TramaLinksBuilder *builder = trama_links_builder_new (table);

  while (trama_links_builder_step (builder, 1))
    continue;
  return trama_links_builder_finish (builder);
}

static void
assert_links (const Fixture *fixture, guint kind, const char *wanted)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaLinks) links = trama_links_new (table);
  g_autoptr (TramaLinks) slowly = link_slowly (table);
  g_autofree char *got = render (links, kind);
  g_autofree char *all = render (links, 0);
  g_autofree char *all_slowly = render (slowly, 0);

  g_assert_cmpstr (got, ==, wanted);
  g_assert_cmpstr (all_slowly, ==, all);
}

/* Packets 0 to 2: port 40122, socket 21, is connected to port 5000, socket 12. First bytes 1001 and 7001. */
static Fixture *
connection_new (void)
{
  Fixture *fixture = fixture_new ();

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  fixture_tcp (fixture, 10, 40122, 5000, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 12, 5000, 40122, SYN | ACK, 7000, 1001, NULL);
  fixture_tcp (fixture, 14, 40122, 5000, ACK, 1001, 7001, NULL);
  fixture_state (fixture, 16, client, TRAMA_TCP_ESTABLISHED, 40122, 5000);
  fixture_state (fixture, 17, server, TRAMA_TCP_ESTABLISHED, 5000, 40122);
  return fixture;
}

static void
move (Fixture *fixture, guint16 name, guint64 socket, gint64 entry_us, const char *data, gint32 flags)
{
  fixture_call (fixture, &(FixtureCall){ .name = name,
                                         .actor = socket == client ? 2 : 1,
                                         .entry_us = entry_us,
                                         .exit_us = entry_us + 8,
                                         .fd = 3,
                                         .socket = socket,
                                         .result = (gint64) strlen (data),
                                         .data = data,
                                         .number = name == TRAMA_CALL_SEND || name == TRAMA_CALL_WRITE
                                                       ? (gint32) strlen (data)
                                                       : 64,
                                         .flags = flags });
}

static void
fail (Fixture *fixture, guint16 name, guint64 socket, gint64 entry_us, gint32 error)
{
  fixture_call (fixture, &(FixtureCall){ .name = name,
                                         .actor = socket == client ? 2 : 1,
                                         .entry_us = entry_us,
                                         .exit_us = entry_us + 8,
                                         .fd = 3,
                                         .socket = socket,
                                         .result = -1,
                                         .error = error,
                                         .number = 64 });
}

static void
close_socket (Fixture *fixture, guint64 socket, gint64 entry_us)
{
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                         .actor = socket == client ? 2 : 1,
                                         .entry_us = entry_us,
                                         .exit_us = entry_us + 8,
                                         .fd = 3,
                                         .socket = socket });
}

/* Calls: 0 socket, 1 bind, 2 listen, 3 accept, 4 read, 5 write, 6 and 7 close; 8 socket, 9 connect, 10 write, 11 read, 12 close. */
static void
test_telephone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_telephone (fixture);
  assert_links (fixture, TRAMA_LINKS_OPENS, "c9 opens p0\nc9 opens p2\n");
  assert_links (fixture, TRAMA_LINKS_CONNECTS, "p1 connects c9\n");
  assert_links (fixture, TRAMA_LINKS_ACCEPTS, "p2 accepts c3\n");
  assert_links (fixture, TRAMA_LINKS_SENDS, "c5 sends p5[0,10)\nc10 sends p3[0,7)\n");
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c4[0,7)\np5 takes c11[0,10)\n");
  assert_links (fixture, TRAMA_LINKS_ENDS, "c6 ends p7\nc12 ends p9\n");
  assert_links (
      fixture, TRAMA_LINKS_ANSWERS,
      "p0 answers p1\np1 answers p2\np3 answers p4\np5 answers p6\np7 answers p8\np9 answers p10\n");
  assert_links (fixture, TRAMA_LINKS_WAKES, "p2 wakes c3\np5 wakes c11\n");
  assert_links (fixture, TRAMA_LINKS_LOST, "");
}

static void
test_get (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;
  const TramaLink *link;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  links = trama_links_new (table);
  trama_links_get (links, (TramaRef){ TRAMA_EVENT_PACKET, 3 }, &causes, &effects);
  g_assert_cmpuint (causes->len, ==, 1);
  link = &g_array_index (causes, TramaLink, 0);
  g_assert_cmpuint (link->kind, ==, TRAMA_LINKS_SENDS);
  g_assert_cmpuint (link->cause.kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpuint (link->cause.index, ==, 10);
  g_assert_cmpint (trama_links_get_delay_ns (links, link), ==, 3000); /* 220 to 223 µs */
  g_assert_cmpuint (effects->len, ==, 2);                             /* its ACK before the read */
  g_assert_cmpuint (g_array_index (effects, TramaLink, 0).kind, ==, TRAMA_LINKS_ANSWERS);
  g_assert_cmpuint (g_array_index (effects, TramaLink, 1).kind, ==, TRAMA_LINKS_TAKES);
}

/* Who wants none any more leaves in the middle of it, wherever that is. */
static void
test_left (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  gboolean more = TRUE;
  guint n_steps;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  for (n_steps = 0; more; n_steps++)
    {
      TramaLinksBuilder *builder = trama_links_builder_new (table);

      for (guint i = 0; i < n_steps; i++)
        more = trama_links_builder_step (builder, 1);
      trama_links_builder_free (builder);
    }
  g_assert_cmpuint (n_steps, >, trama_store_n_packets (fixture->store));
}

/* Of an event that there is not, of a note, of nothing: nothing. */
static void
test_get_nothing (void)
{
  static const TramaRef refs[] = {
    { TRAMA_EVENT_PACKET, 11 },
    { TRAMA_EVENT_CALL, 13 },
    { TRAMA_EVENT_ACTOR, 9 },
    { TRAMA_EVENT_NOTE, 0 },
    { 0, 0 },
  };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  links = trama_links_new (table);
  for (gsize i = 0; i < G_N_ELEMENTS (refs); i++)
    {
      g_autoptr (GArray) causes = NULL;
      g_autoptr (GArray) effects = NULL;

      trama_links_get (links, refs[i], &causes, &effects);
      g_assert_cmpuint (causes->len, ==, 0);
      g_assert_cmpuint (effects->len, ==, 0);
    }
}

/* The connection has waited from 14 µs to 100 µs. */
static void
test_queue (void)
{
  g_autoptr (Fixture) fixture = connection_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;
  g_autoptr (GArray) causes = NULL;

  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_ACCEPT4,
                                         .actor = 1,
                                         .entry_us = 100,
                                         .exit_us = 105,
                                         .fd = 3,
                                         .socket = 11,
                                         .made = server,
                                         .result = 4 });
  table = trama_flow_table_new (fixture->store);
  links = trama_links_new (table);
  trama_links_get (links, (TramaRef){ TRAMA_EVENT_CALL, 0 }, &causes, NULL);
  g_assert_cmpuint (causes->len, ==, 1);
  g_assert_cmpuint (g_array_index (causes, TramaLink, 0).kind, ==, TRAMA_LINKS_ACCEPTS);
  g_assert_cmpint (trama_links_get_delay_ns (links, &g_array_index (causes, TramaLink, 0)), ==, 86000);
}

/* Two writes in one segment, three reads of it; one of them only looks. */
static void
test_boundaries (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "one", 0);
  move (fixture, TRAMA_CALL_WRITE, client, 30, "two", 0);
  fixture_tcp (fixture, 35, 40122, 5000, ACK, 1001, 7001, "onetwo");
  fixture_tcp (fixture, 37, 5000, 40122, ACK, 7001, 1007, NULL);
  move (fixture, TRAMA_CALL_READ, server, 40, "onet", 0);
  move (fixture, TRAMA_CALL_RECV, server, 50, "wo", MSG_PEEK);
  move (fixture, TRAMA_CALL_READ, server, 60, "w", 0);
  close_socket (fixture, server, 70);
  assert_links (fixture, TRAMA_LINKS_SENDS, "c0 sends p3[0,3)\nc1 sends p3[3,6)\n");
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c2[0,4)\np3 takes c4[4,5)\np3 takes c3[4,6) peek\n");
  assert_links (fixture, TRAMA_LINKS_LOST, "p3 lost [5,6) unread\n");
}

/* A router says that the host of a packet cannot be reached, and quotes it: its IP header and 8 bytes. */
static void
complain (Fixture *fixture, gint64 time_us, guint packet)
{
  guint8 frame[14 + 20 + 8 + 28] = { [12] = 0x08, 0x00, 0x45, [14 + 3] = 56, [14 + 9] = 1, [14 + 20] = 3, 1 };
  guint8 quoted[14 + 28];

  g_assert_cmpint (trama_store_read_packet (fixture->store, packet, quoted, sizeof quoted, NULL), ==,
                   sizeof quoted);
  memcpy (frame + 14 + 12, (const guint8[]){ 127, 0, 0, 9, 127, 0, 0, 1 }, 8);
  memcpy (frame + 14 + 28, quoted + 14, 28);
  fixture_frame (fixture, time_us, frame, sizeof frame);
}

/* The SYN is sent again, and ICMP complains of both; connect() is told. */
static void
test_unreachable (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                         .actor = 2,
                                         .entry_us = 8,
                                         .exit_us = 1200,
                                         .fd = 3,
                                         .socket = client,
                                         .result = -1,
                                         .error = EHOSTUNREACH,
                                         .port = 5000,
                                         .slept = TRUE });
  fixture_state (fixture, 9, client, TRAMA_TCP_SYN_SENT, 40122, 0);
  fixture_tcp (fixture, 10, 40122, 5000, SYN, 1000, 0, NULL);
  complain (fixture, 100, 0);
  fixture_tcp (fixture, 1010, 40122, 5000, SYN, 1000, 0, NULL);
  complain (fixture, 1100, 2);
  assert_links (fixture, TRAMA_LINKS_ANSWERS, "p0 answers p1\np2 answers p3\n");
  assert_links (fixture, TRAMA_LINKS_REPORTS, "p1 reports c0\np3 reports c0\n");
}

/* Before it is acknowledged, the later copy is the one that arrived; after, it is not needed. */
static void
test_resent (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "abcd", 0);
  fixture_tcp (fixture, 22, 40122, 5000, ACK, 1001, 7001, "ab");
  fixture_tcp (fixture, 24, 40122, 5000, ACK, 1003, 7001, "cd");
  fixture_tcp (fixture, 200, 40122, 5000, ACK, 1001, 7001, "ab");
  fixture_tcp (fixture, 202, 5000, 40122, ACK, 7001, 1005, NULL);
  fixture_tcp (fixture, 300, 40122, 5000, ACK, 1001, 7001, "abcd");
  move (fixture, TRAMA_CALL_READ, server, 400, "abcd", 0);
  assert_links (fixture, TRAMA_LINKS_SENDS,
                "c0 sends p3[0,2)\nc0 sends p4[2,4)\nc0 sends p5[0,2) resent\nc0 sends p7[0,4) resent\n");
  assert_links (fixture, TRAMA_LINKS_TAKES, "p4 takes c1[2,4)\np5 takes c1[0,2)\n");
}

/* What comes in another order is read in the right one; what was not captured comes from the call. */
/* Some of it had been read when all was sent again: what came first had come, to its end. */
static void
test_spurious (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "abcdef", 0);
  fixture_tcp (fixture, 22, 40122, 5000, ACK, 1001, 7001, "abc");
  fixture_tcp (fixture, 23, 40122, 5000, ACK, 1004, 7001, "def");
  move (fixture, TRAMA_CALL_READ, server, 30, "abcd", 0);
  fixture_tcp (fixture, 60, 40122, 5000, ACK, 1001, 7001, "abcdef");
  fixture_tcp (fixture, 62, 5000, 40122, ACK, 7001, 1007, NULL);
  move (fixture, TRAMA_CALL_READ, server, 70, "ef", 0);
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c1[0,3)\np4 takes c1[3,4)\np4 takes c2[4,6)\n");
}

static void
test_hole (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "abcdef", 0);
  fixture_tcp (fixture, 22, 40122, 5000, ACK, 1005, 7001, "ef");
  fixture_tcp (fixture, 24, 40122, 5000, ACK, 1001, 7001, "ab");
  move (fixture, TRAMA_CALL_READ, server, 40, "abcdef", 0);
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c1[4,6)\np4 takes c1[0,2)\n");
  assert_links (fixture, TRAMA_LINKS_CARRIES, "c0 carries c1[2,4)\n");
}

/* Closed without reading: the reset comes of the close, and ends what the client still does. */
static void
test_reset (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "Hello", 0);
  fixture_tcp (fixture, 22, 40122, 5000, ACK, 1001, 7001, "Hello");
  fixture_tcp (fixture, 24, 5000, 40122, ACK, 7001, 1006, NULL);
  close_socket (fixture, server, 40);
  fixture_tcp (fixture, 44, 5000, 40122, RST | ACK, 7001, 1006, NULL);
  fail (fixture, TRAMA_CALL_READ, client, 60, ECONNRESET);
  fail (fixture, TRAMA_CALL_WRITE, client, 80, EPIPE);
  assert_links (fixture, TRAMA_LINKS_LOST, "p3 lost [0,5) unread\n");
  assert_links (fixture, TRAMA_LINKS_RESETS, "p5 resets c2\np5 resets c3\nc1 resets p5\n");
}

/* A FIN that waits for the bytes before it belongs to the close() of long ago; read() finds it, and again. */
static void
test_end (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  close_socket (fixture, client, 20);
  fixture_tcp (fixture, 90, 40122, 5000, FIN | ACK, 1001, 7001, NULL);
  fixture_tcp (fixture, 95, 40122, 5000, FIN | ACK, 1001, 7001, NULL);
  move (fixture, TRAMA_CALL_READ, server, 100, "", 0);
  move (fixture, TRAMA_CALL_READ, server, 120, "", 0);
  assert_links (fixture, TRAMA_LINKS_ENDS, "p3 ends c1\np3 ends c2\nc0 ends p3\nc0 ends p4 resent\n");
}

/* The urgent byte is taken before the others, and stands in none of their reads. */
static void
test_urgent (void)
{
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_SEND, client, 20, "ab", MSG_OOB);
  fixture_tcp (fixture, 22, 40122, 5000, ACK | TRAMA_TCP_URG, 1001, 7001, "ab");
  move (fixture, TRAMA_CALL_WRITE, client, 30, "cd", 0);
  fixture_tcp (fixture, 32, 40122, 5000, ACK, 1003, 7001, "cd");
  move (fixture, TRAMA_CALL_RECV, server, 40, "b", MSG_OOB);
  move (fixture, TRAMA_CALL_READ, server, 50, "acd", 0);
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c3[0,1)\np3 takes c2[1,2) urgent\np4 takes c3[2,4)\n");
}

static void
test_refused (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "client");
  fixture_state (fixture, 5, client, TRAMA_TCP_CLOSED, 40122, 0);
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                         .actor = 1,
                                         .entry_us = 8,
                                         .exit_us = 20,
                                         .fd = 3,
                                         .socket = client,
                                         .result = -1,
                                         .error = ECONNREFUSED,
                                         .port = 5000 });
  fixture_tcp (fixture, 10, 40122, 5000, SYN, 1000, 0, NULL);
  fixture_tcp (fixture, 12, 5000, 40122, RST | ACK, 0, 1001, NULL);
  assert_links (fixture, 0, "p0 answers p1\np1 refuses c0\nc0 opens p0\n");
}

/* Two connections between the same ports, one after the other: nothing of the one is linked to the other. */
static void
test_reuse (void)
{
  const guint64 second_client = 31, second_server = 32;
  g_autoptr (Fixture) fixture = connection_new ();

  move (fixture, TRAMA_CALL_WRITE, client, 20, "old", 0);
  fixture_tcp (fixture, 22, 40122, 5000, ACK, 1001, 7001, "old");
  move (fixture, TRAMA_CALL_READ, server, 30, "old", 0);
  close_socket (fixture, client, 40);
  fixture_tcp (fixture, 42, 40122, 5000, FIN | ACK, 1004, 7001, NULL);
  fixture_tcp (fixture, 44, 5000, 40122, FIN | ACK, 7001, 1005, NULL);
  close_socket (fixture, server, 43);
  fixture_tcp (fixture, 46, 40122, 5000, ACK, 1005, 7002, NULL);
  fixture_tcp (fixture, 110, 40122, 5000, SYN, 500000, 0, NULL);
  fixture_tcp (fixture, 112, 5000, 40122, SYN | ACK, 900000, 500001, NULL);
  fixture_tcp (fixture, 114, 40122, 5000, ACK, 500001, 900001, NULL);
  fixture_state (fixture, 116, second_client, TRAMA_TCP_ESTABLISHED, 40122, 5000);
  fixture_state (fixture, 117, second_server, TRAMA_TCP_ESTABLISHED, 5000, 40122);
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = 2,
                                         .entry_us = 90,
                                         .exit_us = 95,
                                         .fd = -1,
                                         .made = second_client,
                                         .result = 3,
                                         .number = SOCK_STREAM });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_ACCEPT,
                                         .actor = 1,
                                         .entry_us = 100,
                                         .exit_us = 116,
                                         .fd = 9,
                                         .socket = 11,
                                         .made = second_server,
                                         .result = 4,
                                         .port = 40122 });
  move (fixture, TRAMA_CALL_WRITE, second_client, 120, "new", 0);
  fixture_tcp (fixture, 122, 40122, 5000, ACK, 500001, 900001, "new");
  move (fixture, TRAMA_CALL_READ, second_server, 130, "new", 0);
  assert_links (fixture, TRAMA_LINKS_SENDS, "c0 sends p3[0,3)\nc6 sends p10[0,3)\n");
  assert_links (fixture, TRAMA_LINKS_TAKES, "p3 takes c1[0,3)\np10 takes c7[0,3)\n");
  assert_links (fixture, TRAMA_LINKS_ENDS, "c2 ends p4\nc3 ends p5\n");
  assert_links (fixture, TRAMA_LINKS_LOST, "");
}

static void
bind_datagram (Fixture *fixture, guint64 socket, guint32 actor, gint64 time_us, guint16 port)
{
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = actor,
                                         .entry_us = time_us,
                                         .exit_us = time_us + 1,
                                         .fd = -1,
                                         .made = socket,
                                         .result = 3,
                                         .number = SOCK_DGRAM });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_BIND,
                                         .actor = actor,
                                         .entry_us = time_us + 2,
                                         .exit_us = time_us + 3,
                                         .fd = 3,
                                         .socket = socket,
                                         .port = port });
}

static void
datagram (Fixture *fixture,
          guint16 name,
          guint64 socket,
          gint64 entry_us,
          const char *data,
          gint64 result,
          gint32 room,
          guint16 port)
{
  fixture_call (fixture, &(FixtureCall){ .name = name,
                                         .actor = socket == client ? 2 : 1,
                                         .entry_us = entry_us,
                                         .exit_us = entry_us + 8,
                                         .fd = 3,
                                         .socket = socket,
                                         .result = result,
                                         .data = data,
                                         .number = room,
                                         .port = port });
}

/* Four datagrams: one is read, one dropped, one cut short, one left; the fifth finds nobody. Calls from 4 on. */
static void
test_datagrams (void)
{
  static const char *const sent[] = { "first", "second", "third", "fourth" };
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "friend");
  fixture_actor (fixture, "writer");
  bind_datagram (fixture, server, 1, 0, 5001);
  bind_datagram (fixture, client, 2, 5, 40123);
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      datagram (fixture, TRAMA_CALL_SENDTO, client, 20 + 10 * i, sent[i], (gint64) strlen (sent[i]),
                (gint32) strlen (sent[i]), 5001);
      fixture_udp (fixture, 22 + 10 * i, 40123, 5001, sent[i]);
    }
  datagram (fixture, TRAMA_CALL_SENDTO, client, 70, "lost", 4, 4, 5999);
  fixture_udp (fixture, 72, 40123, 5999, "lost");
  datagram (fixture, TRAMA_CALL_RECVFROM, server, 100, "first", 5, 64, 40123);
  datagram (fixture, TRAMA_CALL_RECVFROM, server, 110, "thi", 3, 3, 40123);
  close_socket (fixture, server, 120);
  assert_links (fixture, TRAMA_LINKS_SENDS,
                "c4 sends p0[0,5)\nc5 sends p1[0,6)\nc6 sends p2[0,5)\nc7 sends p3[0,6)\nc8 sends p4[0,4)\n");
  assert_links (fixture, TRAMA_LINKS_TAKES, "p0 takes c9[0,5)\np2 takes c10[0,3)\n");
  assert_links (
      fixture, TRAMA_LINKS_LOST,
      "p1 lost [0,6) no room\np2 lost [3,5) truncated\np3 lost [0,6) unread\np4 lost [0,4) nobody\n");
}

static void
add_local (Fixture *fixture, guint64 socket, guint64 peer, guint16 type)
{
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){ .time_ns = fixture_time_ns (5),
                                    .socket = socket,
                                    .actor = socket == client ? 2 : 1,
                                    .fd = 3,
                                    .domain = AF_UNIX,
                                    .type = type,
                                    .peer_socket = peer };
  trama_store_append (&event, fixture->store);
}

/* Inside the kernel: from call to call, to the end, and what stays unread. */
static void
test_local_stream (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  add_local (fixture, client, server, SOCK_STREAM);
  add_local (fixture, server, client, SOCK_STREAM);
  move (fixture, TRAMA_CALL_WRITE, client, 20, "one", 0);
  move (fixture, TRAMA_CALL_WRITE, client, 30, "two", 0);
  move (fixture, TRAMA_CALL_READ, server, 40, "onetw", 0);
  move (fixture, TRAMA_CALL_WRITE, server, 50, "back", 0);
  close_socket (fixture, client, 60);
  move (fixture, TRAMA_CALL_READ, server, 70, "o", 0);
  move (fixture, TRAMA_CALL_READ, server, 80, "", 0);
  assert_links (fixture, 0,
                "c0 carries c2[0,3)\n"
                "c1 carries c2[3,5)\n"
                "c1 carries c5[5,6)\n"
                "c3 lost [0,4) unread\n"
                "c4 ends c6\n");
}

/* More calls than are linked in one part, on both sides. */
#define N_WRITES 20000
#define N_READS 30000

static void
test_local_long (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;
  guint64 at = 0;

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  add_local (fixture, client, server, SOCK_STREAM);
  add_local (fixture, server, client, SOCK_STREAM);
  for (guint i = 0; i < N_WRITES; i++)
    move (fixture, TRAMA_CALL_WRITE, client, 20 + 2 * i, "abc", 0);
  for (guint i = 0; i < N_READS; i++)
    move (fixture, TRAMA_CALL_READ, server, 100000 + 2 * i, "ab", 0);
  table = trama_flow_table_new (fixture->store);
  links = link_slowly (table);
  for (guint i = 0; i < trama_links_n_links (links); i++)
    {
      const TramaLink link = trama_links_get_link (links, i);

      g_assert_cmpuint (link.kind, ==, TRAMA_LINKS_CARRIES);
      g_assert_cmpuint (link.from_bytes, ==, at);
      g_assert_cmpuint (link.cause.index, ==, at / 3);
      g_assert_cmpuint (link.effect.index, ==, N_WRITES + at / 2);
      g_assert_cmpuint (link.to_bytes, ==, MIN ((at / 3 + 1) * 3, (at / 2 + 1) * 2));
      at = link.to_bytes;
    }
  g_assert_cmpuint (at, ==, 3 * N_WRITES);
}

static void
test_local_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  add_local (fixture, client, server, SOCK_SEQPACKET);
  add_local (fixture, server, client, SOCK_SEQPACKET);
  move (fixture, TRAMA_CALL_SEND, client, 20, "one", 0);
  move (fixture, TRAMA_CALL_SEND, client, 30, "two", 0);
  move (fixture, TRAMA_CALL_RECV, server, 40, "one", 0);
  close_socket (fixture, server, 50);
  assert_links (fixture, 0, "c0 pairs c2[0,3)\nc1 lost [0,3) unread\n");
}

static void
send_slowly (Fixture *fixture, gint64 entry_us, gint64 exit_us)
{
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SEND,
                                         .actor = 2,
                                         .entry_us = entry_us,
                                         .exit_us = exit_us,
                                         .fd = 3,
                                         .socket = client,
                                         .result = 3,
                                         .data = "two",
                                         .number = 3,
                                         .slept = TRUE });
}

/* Who reads another message makes room; who reads the sender's own has not woken it. */
static void
test_local_room (void)
{
  for (guint was_full = 0; was_full < 2; was_full++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();

      fixture_actor (fixture, "server");
      fixture_actor (fixture, "client");
      add_local (fixture, client, server, SOCK_DGRAM);
      add_local (fixture, server, client, SOCK_DGRAM);
      move (fixture, TRAMA_CALL_SEND, client, 20, "one", 0);
      if (!was_full)
        move (fixture, TRAMA_CALL_RECV, server, 30, "one", 0);
      send_slowly (fixture, 40, 75);
      if (was_full)
        move (fixture, TRAMA_CALL_RECV, server, 50, "one", 0);
      move (fixture, TRAMA_CALL_RECV, server, 70, "two", 0);
      assert_links (fixture, TRAMA_LINKS_PAIRS,
                    was_full ? "c0 pairs c2[0,3)\nc1 pairs c3[0,3)\n"
                             : "c0 pairs c1[0,3)\nc2 pairs c3[0,3)\n");
      assert_links (fixture, TRAMA_LINKS_WAKES, was_full ? "c2 wakes c1\n" : "");
    }
}

#define N_WAITING 3000

/* Many wait, and are accepted from the last to the first, as the kernel tells; only the first of all never is. */
static void
test_local_queue (void)
{
  const guint64 first = 1000, accepted = 100000;
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLinks) links = NULL;

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  add_local (fixture, server, 0, SOCK_STREAM);
  fixture_call (fixture, &(FixtureCall){
                             .name = TRAMA_CALL_BIND, .actor = 1, .fd = 3, .socket = server, .port = 5000 });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_LISTEN,
                                         .actor = 1,
                                         .entry_us = 2,
                                         .exit_us = 3,
                                         .fd = 3,
                                         .socket = server,
                                         .number = 5 });
  for (guint i = 0; i < N_WAITING; i++)
    {
      add_local (fixture, first + i, 0, SOCK_STREAM);
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                             .actor = 2,
                                             .entry_us = 10 + i,
                                             .exit_us = 10 + i,
                                             .fd = 3,
                                             .socket = first + i,
                                             .port = 5000 });
    }
  for (guint i = 1; i < N_WAITING; i++)
    {
      add_local (fixture, accepted + i, first + N_WAITING - i, SOCK_STREAM);
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_ACCEPT,
                                             .actor = 1,
                                             .entry_us = 10000 + i,
                                             .exit_us = 10000 + i,
                                             .fd = 3,
                                             .socket = server,
                                             .made = accepted + i,
                                             .result = 4 });
    }
  table = trama_flow_table_new (fixture->store);
  links = trama_links_new (table);
  for (guint i = 0; i < N_WAITING; i++)
    {
      g_autoptr (GArray) effects = NULL;

      trama_links_get (links, (TramaRef){ TRAMA_EVENT_CALL, 2 + i }, NULL, &effects);
      g_assert_cmpuint (effects->len, ==, i == 0 ? 0 : 1);
      if (i > 0)
        g_assert_cmpuint (g_array_index (effects, TramaLink, 0).effect.index, ==,
                          2 + N_WAITING + N_WAITING - 1 - i);
    }
}

/* Without packets TCP goes from call to call as well. */
static void
test_calls_only (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  fixture_actor (fixture, "server");
  fixture_actor (fixture, "client");
  fixture_state (fixture, 6, client, TRAMA_TCP_ESTABLISHED, 40122, 5000);
  fixture_state (fixture, 7, server, TRAMA_TCP_ESTABLISHED, 5000, 40122);
  move (fixture, TRAMA_CALL_WRITE, client, 20, "Hello?", 0);
  move (fixture, TRAMA_CALL_READ, server, 40, "Hel", 0);
  close_socket (fixture, server, 50);
  assert_links (fixture, 0, "c0 carries c1[0,3)\nc0 lost [3,6) unread\n");
}

static void
test_empty (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();

  assert_links (fixture, 0, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/links/telephone", test_telephone);
  g_test_add_func ("/flow/links/get", test_get);
  g_test_add_func ("/flow/links/left", test_left);
  g_test_add_func ("/flow/links/get-nothing", test_get_nothing);
  g_test_add_func ("/flow/links/queue", test_queue);
  g_test_add_func ("/flow/links/boundaries", test_boundaries);
  g_test_add_func ("/flow/links/unreachable", test_unreachable);
  g_test_add_func ("/flow/links/resent", test_resent);
  g_test_add_func ("/flow/links/spurious", test_spurious);
  g_test_add_func ("/flow/links/hole", test_hole);
  g_test_add_func ("/flow/links/reset", test_reset);
  g_test_add_func ("/flow/links/end", test_end);
  g_test_add_func ("/flow/links/urgent", test_urgent);
  g_test_add_func ("/flow/links/refused", test_refused);
  g_test_add_func ("/flow/links/reuse", test_reuse);
  g_test_add_func ("/flow/links/datagrams", test_datagrams);
  g_test_add_func ("/flow/links/local-stream", test_local_stream);
  g_test_add_func ("/flow/links/local-long", test_local_long);
  g_test_add_func ("/flow/links/local-messages", test_local_messages);
  g_test_add_func ("/flow/links/local-room", test_local_room);
  g_test_add_func ("/flow/links/local-queue", test_local_queue);
  g_test_add_func ("/flow/links/calls-only", test_calls_only);
  g_test_add_func ("/flow/links/empty", test_empty);
  return g_test_run ();
}
