/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ladder_text.h"
#include "core/chart/text_row.h"

#include "tests/core/fixture.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

enum
{
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
};

/* clang-format off */
static const char telephone_text[] =
    "A telephone call · stream, AF_INET · private loopback\n"
    "\n"
    "                           client                                         server\n"
    "         0.000 µs          │               socket(AF_INET, SOCK_STREAM, 0) = 3 │\n"
    "        10.000 µs   +10 µs │                       bind(3, 127.0.0.1:5000) = 0 │\n"
    "        15.000 µs    +5 µs │                         listen(3, 5) = 0 [LISTEN] │\n"
    "        20.000 µs    +5 µs │                                       accept(3) … ░\n"
    "       190.000 µs  +170 µs │ socket(AF_INET, SOCK_STREAM, 0) = 3               ░\n"
    "       200.000 µs   +10 µs │ connect(3, 127.0.0.1:5000) = 0                    ░\n"
    "                           │                    ── setup ──                    ░\n"
    "       205.000 µs    +5 µs │[SYN-SENT]──────── SYN seq 0 ───────▶[SYN-RECEIVED]░\n"
    "       208.000 µs    +3 µs │[ESTABLISHED]◀─────── SYN ACK seq 0 ack 1 ─────────░\n"
    "       211.000 µs    +3 µs │────────── ACK seq 1 ack 1 ──────────▶[ESTABLISHED]░\n"
    "       220.000 µs    +9 µs │ write(3, \"Hello?\\n\", 7) = 7                       ░\n"
    "                           │                    ── data ──                     ░\n"
    "       223.000 µs    +3 µs │────── PSH ACK seq 1 ack 1 · 7 B \"Hello?\\n\" ──────▶░\n"
    "       224.000 µs    +1 µs │◀──────────────── ACK seq 1 ack 8 ─────────────────░\n"
    "       230.000 µs    +6 µs │                    … accept = 4 ← 127.0.0.1:40122 │\n"
    "       235.000 µs    +5 µs ░ read(3, 64) …                                     │\n"
    "       240.000 µs    +5 µs ░                       read(4, \"Hello?\\n\", 64) = 7 │\n"
    "       250.000 µs   +10 µs ░                  write(4, \"Speaking!\\n\", 10) = 10 │\n"
    "       253.000 µs    +3 µs ░◀─── PSH ACK seq 1 ack 8 · 10 B \"Speaking!\\n\" ─────│\n"
    "       254.000 µs    +1 µs ░──────────────── ACK seq 8 ack 11 ────────────────▶│\n"
    "       260.000 µs    +6 µs ░                                      close(4) = 0 │\n"
    "                           ░                  ── teardown ──                   │\n"
    "       263.000 µs    +3 µs ░[CLOSE-WAIT]◀─ FIN ACK seq 11 ack 8 ───[FIN-WAIT-1]│\n"
    "       264.000 µs    +1 µs ░────────── ACK seq 8 ack 12 ──────────▶[FIN-WAIT-2]│\n"
    "       275.000 µs   +11 µs ░                             close(3) = 0 [CLOSED] │\n"
    "       280.000 µs    +5 µs │ … read = 10 \"Speaking!\\n\"                         │\n"
    "       290.000 µs   +10 µs │ close(3) = 0                                      │\n"
    "       293.000 µs    +3 µs │[LAST-ACK]──── FIN ACK seq 8 ack 12 ───▶[TIME-WAIT]│\n"
    "       294.000 µs    +1 µs │[CLOSED]◀─────────── ACK seq 12 ack 9 ─────────────│\n";

static const char letter_text[] =
    "datagram, AF_INET\n"
    "\n"
    "                           writer                                         friend\n"
    "         0.000 µs          │                socket(AF_INET, SOCK_DGRAM, 0) = 3 │\n"
    "         2.000 µs    +2 µs │                       bind(3, 127.0.0.1:5001) = 0 │\n"
    "         5.000 µs    +3 µs │                              recvfrom(3, 64, 0) … ░\n"
    "         8.000 µs    +3 µs │ socket(AF_INET, SOCK_DGRAM, 0) = 3                ░\n"
    "        10.000 µs    +2 µs │           ¶ The writer\\x1b[2J posts it            ░\n"
    "        10.000 µs          │ sendto(3, \"How are\"…, 13, 0, 127.0.0.1:5001) = 13 ░\n"
    "                           │                    ── data ──                     ░\n"
    "        12.000 µs    +2 µs │─────────── UDP · 13 B \"How are you?\\n\" ──────────▶░\n"
    "        15.000 µs    +3 µs │… recvfrom = 13 \"How are you?\\n\" ← 127.0.0.1:40000 │\n"
    "        20.000 µs    +5 µs ░ recvfrom(3, 64, 0) …                              │\n";

static const char capture_text[] =
    "                           127.0.0.1:40122                           127.0.0.1:9\n"
    "         0.000 µs          │        42 bytes, not of an IP conversation        │\n"
    "                           │                    ── setup ──                    │\n"
    "         1.000 µs    +1 µs │[SYN-SENT]─────────────── SYN seq 0 ──────────────▶│\n"
    "                           │                  ── teardown ──                   │\n"
    "         2.000 µs    +1 µs │[CLOSED]◀────────── RST ACK seq 1 ack 1 ───────────│\n";

static const char step_text[] =
    "                           127.0.0.1:700                            127.0.0.1:53\n"
    "                           │                    ── data ──                     │\n"
    "                           │      ▲ packet 2 steps back 2 µs in the file       │\n"
    "         0.000 µs          │────────────────── UDP · 1 B \"b\" ─────────────────▶│\n"
    "         2.000 µs    +2 µs │────────────────── UDP · 1 B \"a\" ─────────────────▶│\n";

static const char two_text[] =
    "                           sent first                                was sent to\n"
    "                           │     ── data · 127.0.0.1:700 – 127.0.0.1:53 ──     │\n"
    "         0.000 µs          │── 700 → 53 UDP · 60 B \"\\x01\\x02 a question of\"… ─▶│\n"
    "                           │     ── data · 127.0.0.1:701 – 127.0.0.1:53 ──     │\n"
    "         2.000 µs    +2 µs │───────────── 701 → 53 UDP · 1 B \"?\" ─────────────▶│\n";

static const char lives_text[] =
    "datagram, AF_INET\n"
    "\n"
    "                           server                                          child\n"
    "         0.000 µs          │ fork() = 4711                                     │\n"
    "         5.000 µs    +5 µs │                                ├ forked by server │\n"
    "         8.000 µs    +3 µs │                socket(AF_INET, SOCK_DGRAM, 0) = 3 │\n"
    "        12.000 µs    +4 µs │                               ✕ killed by SIGKILL │\n";

static const char host_text[] =
    "Calls only · stream, AF_INET · host loopback: packets not observed\n"
    "unshare: EPERM, Operation not permitted\n"
    "Allow user namespaces.\n"
    "\n"
    "                           client                                         server\n"
    "         0.000 µs          │ socket(AF_INET, SOCK_STREAM, 0) = 3               │\n"
    "         2.000 µs    +2 µs │ connect(3, 127.0.0.1:5000) = 0                    │\n"
    "        10.000 µs    +8 µs │ [ESTABLISHED]                                     │\n"
    "        12.000 µs    +2 µs │ write(3, \"x\", 1) = -1 EPIPE                       │\n"
    "\n"
    "The session failed: client: write\n"
    "\n"
    "3 packets were lost by the capture.\n";

static const char three_text[] =
    "stream, AF_INET\n"
    "\n"
    "                           alice                            server                               bob\n"
    "         0.000 µs          │ connect(3, 127.0.0.1:5000) = 0    │                                   │\n"
    "                           │              ── data · 127.0.0.1:700 – 127.0.0.1:5000 ──              │\n"
    "         1.000 µs    +1 µs │── PSH ACK seq 1 ack 1 · 1 B \"x\" ─▶│                                   │\n"
    "                           │ [ESTABLISHED]                     │                                   │\n"
    "         4.000 µs    +3 µs │                                   │ read(4, \"x\", 64) = 1              │\n"
    "         6.000 µs    +2 µs │                                   │ [ESTABLISHED]                     │\n"
    "        10.000 µs    +4 µs │                                   │    connect(3, 127.0.0.1:5000) = 0 │\n"
    "                           │              ── data · 127.0.0.1:701 – 127.0.0.1:5000 ──              │\n"
    "        11.000 µs    +1 µs │                                   │◀─ PSH ACK seq 1 ack 1 · 1 B \"x\" ──│\n"
    "                           │                                   │                     [ESTABLISHED] │\n"
    "        14.000 µs    +3 µs │                                   │ read(4, \"x\", 64) = 1              │\n"
    "        16.000 µs    +2 µs │                                   │ [ESTABLISHED]                     │\n";

/* clang-format on */

static char *
render (const Fixture *fixture, guint columns)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);

  return trama_ladder_text (table, columns, NULL, NULL, NULL);
}

static void
test_telephone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;

  fixture_telephone (fixture);
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, telephone_text);
}

static void
append_note (Fixture *fixture, gint64 time_us, const char *text)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){
    .time_ns = fixture_time_ns (time_us),
    .end_ns = TRAMA_TIME_NONE,
    .kind = TRAMA_NOTE_CAPTION,
    .text = text,
  };
  trama_store_append (&event, fixture->store);
}

/* Mail has 72 columns, and names who has which all the same. */
/* A part has the lines of the whole that are of its time, and neither what began before nor what comes after. */
static void
test_part (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (GArray) moments = NULL;
  g_autofree char *whole = NULL;

  fixture_telephone (fixture);
  table = trama_flow_table_new (fixture->store);
  moments = trama_store_get_moments (fixture->store, NULL);
  whole = trama_ladder_text (table, 100, NULL, NULL, NULL);
  for (guint from = 0; from < moments->len; from++)
    {
      const gint64 end_ns = g_array_index (moments, TramaMoment, MIN (from + 4, moments->len - 1)).time_ns;
      const TramaSpan span = { g_array_index (moments, TramaMoment, from).time_ns, end_ns };
      g_autofree char *part = trama_ladder_text (table, 100, NULL, NULL, &span);
      g_auto (GStrv) lines = g_strsplit (part, "\n", -1);

      g_assert_cmpuint (strlen (part), <, strlen (whole));
      for (guint i = 0; lines[i] != NULL; i++)
        {
          /* Not how long since the line before, which may be another now. */
          const glong skipped = MIN (g_utf8_strlen (lines[i], -1), 27);

          g_assert_nonnull (strstr (whole, g_utf8_offset_to_pointer (lines[i], skipped)));
        }
    }
}

static void
test_narrow (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  fixture_telephone (fixture);
  text = render (fixture, 0);
  lines = g_strsplit (text, "\n", -1);
  g_assert_nonnull (strstr (text, "│ connect(3, 127.0.0.1:5000) = 0"));
  g_assert_nonnull (strstr (text, "SYN seq 0"));
  for (guint i = 2; lines[i] != NULL; i++)
    g_assert_cmpuint (trama_text_width (lines[i]), <=, 72);
}

static void
test_letter (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;
  guint32 friend = fixture_actor (fixture, "friend"), writer = fixture_actor (fixture, "writer");
  const FixtureCall calls[] = {
    { .name = TRAMA_CALL_SOCKET,
      .actor = friend,
      .exit_us = 1,
      .made = 11,
      .result = 3,
      .number = SOCK_DGRAM },
    { .name = TRAMA_CALL_BIND,
      .actor = friend,
      .entry_us = 2,
      .exit_us = 3,
      .fd = 3,
      .socket = 11,
      .port = 5001 },
    { .name = TRAMA_CALL_RECVFROM,
      .actor = friend,
      .entry_us = 5,
      .exit_us = 15,
      .fd = 3,
      .socket = 11,
      .port = 40000,
      .data = "How are you?\n",
      .result = 13,
      .number = 64,
      .slept = TRUE },
    { .name = TRAMA_CALL_SOCKET,
      .actor = writer,
      .entry_us = 8,
      .exit_us = 9,
      .made = 21,
      .result = 3,
      .number = SOCK_DGRAM },
    { .name = TRAMA_CALL_SENDTO,
      .actor = writer,
      .entry_us = 10,
      .exit_us = 14,
      .fd = 3,
      .socket = 21,
      .port = 5001,
      .data = "How are you?\n",
      .result = 13,
      .number = 13 },
    { .name = TRAMA_CALL_RECVFROM,
      .actor = writer,
      .entry_us = 20,
      .exit_us = FIXTURE_NEVER,
      .fd = 3,
      .socket = 21,
      .number = 64 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++)
    fixture_call (fixture, &calls[i]);
  fixture_udp (fixture, 12, 40000, 5001, "How are you?\n");
  append_note (fixture, 10, "The writer\033[2J posts it");
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, letter_text);
}

/* What the user wrote stands under what it is about, as long as it is; at a moment, in the middle. */
static void
test_own_notes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);
  g_autofree char *text = NULL;

  fixture_telephone (fixture);
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_CALL, 1 }, 0, "the place\nit waits at");
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_PACKET, 0 }, 0,
                           "a segment with a flag and nothing else in it, as the first of all has to be");
  trama_notebook_set_text (notebook, (TramaRef){ 0 }, fixture_time_ns (17), "\033[2J");
  text = render (fixture, 80);
  g_assert_nonnull (
      strstr (text, "+10 µs │                       bind(3, 127.0.0.1:5000) = 0 │\n"
                    "                           │                                     ✎ the place   │\n"
                    "                           │                                       it waits at │\n"));
  g_assert_nonnull (strstr (text, "SYN seq 0"));
  g_assert_nonnull (
      strstr (text, "│  ✎ a segment with a flag and nothing else in it,  ░\n"
                    "                           │    as the first of all has to be                  ░\n"));
  g_assert_nonnull (
      strstr (text, "17.000 µs    +2 µs │                     ✎ \\x1b[2J                     │\n"));
}

/* A capture without calls: the sides are the columns. */
static void
test_capture (void)
{
  static const guint8 arp[42] = { [12] = 0x08, [13] = 0x06 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;

  fixture_frame (fixture, 0, arp, sizeof arp);
  fixture_tcp (fixture, 1, 40122, 9, SYN, 77, 0, NULL);
  fixture_tcp (fixture, 2, 9, 40122, RST | ACK, 0, 78, NULL);
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, capture_text);
}

/* The message of ICMP and the protocol that has no ports of its own are called by their names. */
static void
test_protocols (void)
{
  static guint8 icmp[] = { 2, 0,  0, 0, 0, 1,  2, 0, 0, 0,  0, 2, 8, 0, 0x45, 0, 0, 28, 0, 1, 0,
                           0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 8, 0,    0, 0, 0,  7, 0, 1 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;

  fixture_frame (fixture, 0, icmp, sizeof icmp);
  icmp[34] = 3; /* destination unreachable, */
  icmp[35] = 2; /* as nobody knows the protocol */
  fixture_frame (fixture, 1, icmp, sizeof icmp);
  icmp[23] = 132;
  fixture_frame (fixture, 2, icmp, sizeof icmp);
  text = render (fixture, 132);
  g_assert_nonnull (strstr (text, "─ ICMP echo request ─"));
  g_assert_nonnull (strstr (text, "─ ICMP protocol unreachable ─"));
  g_assert_nonnull (strstr (text, "─ SCTP · 8 B ─"));
}

static void
test_step_back (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;

  fixture_udp (fixture, 2, 700, 53, "a");
  fixture_udp (fixture, 0, 700, 53, "b");
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, step_text);
}

static void
test_two_conversations (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;

  fixture_udp (fixture, 0, 700, 53, "\x01\x02 a question of more bytes than there is room for on a line");
  fixture_udp (fixture, 2, 701, 53, "?");
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, two_text);
}

/* The parent is who called fork(2), whatever else it is called. */
static void
test_lives (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;
  guint32 server = fixture_actor (fixture, "server");
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = (TramaActor){
    .id = server + 1, .pid = 4711, .start_ns = fixture_time_ns (5), .end_ns = TRAMA_TIME_NONE, .name = "child"
  };
  trama_store_append (&event, fixture->store);
  fixture_call (fixture,
                &(FixtureCall){ .name = TRAMA_CALL_FORK, .actor = server, .exit_us = 6, .result = 4711 });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = event.actor.id,
                                         .entry_us = 8,
                                         .exit_us = 9,
                                         .made = 21,
                                         .result = 3,
                                         .number = SOCK_DGRAM });
  event.actor.end_ns = fixture_time_ns (12);
  event.actor.status = SIGKILL;
  trama_store_append (&event, fixture->store);
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, lives_text);
}

/* The fallback: calls, the kernel's samples, no packets, and why. */
static void
test_host (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;
  TramaEvent event = { .kind = TRAMA_EVENT_SESSION };
  guint32 client;

  event.session = (TramaSessionRecord){ .name = "x", .title = "Calls only", .text = "" };
  trama_store_append (&event, fixture->store);
  event.kind = TRAMA_EVENT_GROUND;
  event.ground = (TramaGround){ .time_ns = fixture_time_ns (0),
                                .kind = TRAMA_GROUND_HOST,
                                .error = EPERM,
                                .step = "unshare",
                                .remedy = "Allow user namespaces." };
  trama_store_append (&event, fixture->store);
  fixture_actor (fixture, "server");
  client = fixture_actor (fixture, "client");
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                         .actor = client,
                                         .exit_us = 1,
                                         .made = 21,
                                         .result = 3,
                                         .number = SOCK_STREAM });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                         .actor = client,
                                         .entry_us = 2,
                                         .exit_us = 9,
                                         .fd = 3,
                                         .socket = 21,
                                         .port = 5000 });
  fixture_state (fixture, 10, 21, TRAMA_TCP_ESTABLISHED, 40122, 5000);
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_WRITE,
                                         .actor = client,
                                         .entry_us = 12,
                                         .exit_us = 13,
                                         .fd = 3,
                                         .socket = 21,
                                         .result = -1,
                                         .error = EPIPE,
                                         .data = "x",
                                         .number = 1 });
  event.kind = TRAMA_EVENT_OUTCOME;
  event.outcome =
      (TramaOutcome){ .time_ns = fixture_time_ns (20), .packets_dropped = 3, .text = "client: write" };
  trama_store_append (&event, fixture->store);
  text = render (fixture, 80);
  g_assert_cmpstr (text, ==, host_text);
}

static void
test_three_columns (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autofree char *text = NULL;
  guint32 server = fixture_actor (fixture, "server");

  for (guint i = 0; i < 2; i++)
    {
      guint32 client = fixture_actor (fixture, i == 0 ? "alice" : "bob");

      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                             .actor = client,
                                             .entry_us = 1 + 10 * i,
                                             .exit_us = 9 + 10 * i,
                                             .fd = 3,
                                             .socket = 21 + i,
                                             .port = 5000 });
      fixture_state (fixture, 10 + 10 * i, 21 + i, TRAMA_TCP_ESTABLISHED, (guint16) (700 + i), 5000);
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_READ,
                                             .actor = server,
                                             .entry_us = 5 + 10 * i,
                                             .exit_us = 6 + 10 * i,
                                             .fd = 4,
                                             .socket = 31 + i,
                                             .data = "x",
                                             .number = 64,
                                             .result = 1 });
      fixture_state (fixture, 7 + 10 * i, 31 + i, TRAMA_TCP_ESTABLISHED, 5000, (guint16) (700 + i));
      fixture_tcp (fixture, 2 + 10 * i, (guint16) (700 + i), 5000, PSH | ACK, 100, 200, "x");
    }
  text = render (fixture, 100);
  g_assert_cmpstr (text, ==, three_text);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/ladder-text/telephone", test_telephone);
  g_test_add_func ("/chart/ladder-text/part", test_part);
  g_test_add_func ("/chart/ladder-text/narrow", test_narrow);
  g_test_add_func ("/chart/ladder-text/own-notes", test_own_notes);
  g_test_add_func ("/chart/ladder-text/letter", test_letter);
  g_test_add_func ("/chart/ladder-text/capture", test_capture);
  g_test_add_func ("/chart/ladder-text/protocols", test_protocols);
  g_test_add_func ("/chart/ladder-text/step-back", test_step_back);
  g_test_add_func ("/chart/ladder-text/two-conversations", test_two_conversations);
  g_test_add_func ("/chart/ladder-text/host", test_host);
  g_test_add_func ("/chart/ladder-text/lives", test_lives);
  g_test_add_func ("/chart/ladder-text/three-columns", test_three_columns);
  return g_test_run ();
}
