/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/transcript.h"

#include "core/flow/talk/utter_search.h"
#include "tests/core/fixture.h"

#include <string.h>

/* What two sides say, in turns and in lines, and where something is said. */

enum
{
  A = 40122, /* port of side 0 */
  B = 5000,
};

enum
{
  SYN = TRAMA_TCP_SYN,
  ACK = TRAMA_TCP_ACK,
};

static void
begin_tcp (Fixture *fixture)
{
  fixture_tcp (fixture, 0, A, B, SYN, 100, 0, NULL);
  fixture_tcp (fixture, 1, B, A, SYN | ACK, 300, 101, NULL);
  fixture_tcp (fixture, 2, A, B, ACK, 101, 301, NULL);
}

static TramaDialogue *
make_dialogue (Fixture *fixture, const TramaTalk *talk, guint step)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  TramaTalk first = talk != NULL ? *talk : trama_talk_of_flow (table, 0);
  TramaDialogue *dialogue = trama_dialogue_new (table, &first);

  while (trama_dialogue_step (dialogue, step))
    continue;
  return dialogue;
}

static TramaTranscript *
make_transcript (TramaDialogue *dialogue, TramaTranscriptFormat format, guint sides)
{
  static const char *const names[] = { "client", "127.0.0.1:5000" };
  TramaTranscript *transcript = trama_transcript_new (dialogue, format, sides, names);

  while (trama_transcript_step (transcript, 1))
    continue;
  return transcript;
}

/* Every line, with the letter of its side; what the line covers leads back to it. */
static char *
render (const TramaTranscript *transcript)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_transcript_n_lines (transcript); i++)
    {
      TramaLine line = trama_transcript_get_line (transcript, i);
      g_autofree char *said = trama_transcript_dup_text (transcript, &line, 0, 0, NULL, NULL);

      g_string_append_printf (text, "%c%s|%s\n", line.side == 0 ? 'a' : 'b', line.is_first ? "" : "'", said);
      if (line.kind != TRAMA_LINE_BYTES)
        continue;
      g_assert_cmpuint (trama_transcript_find_line (transcript, line.side, line.offset), ==, i);
      g_assert_cmpuint (trama_transcript_find_line (transcript, line.side, line.offset + line.size_bytes - 1),
                        ==, i);
    }
  return g_string_free (text, FALSE);
}

static void
assert_lines (TramaDialogue *dialogue, TramaTranscriptFormat format, guint sides, const char *expected)
{
  g_autoptr (TramaTranscript) transcript = make_transcript (dialogue, format, sides);
  g_autofree char *text = render (transcript);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_turns (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;

  begin_tcp (fixture);
  fixture_tcp (fixture, 3, A, B, ACK, 101, 301, "GET /\r\nHo");
  fixture_tcp (fixture, 4, A, B, ACK, 110, 301, "st: x\n");
  fixture_tcp (fixture, 5, B, A, ACK, 301, 116, "200 OK\n");
  fixture_tcp (fixture, 6, A, B, ACK, 116, 308, "bye");
  dialogue = make_dialogue (fixture, NULL, 1);

  g_assert_cmpuint (trama_dialogue_n_turns (dialogue), ==, 3);
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH,
                "a|GET /\\r\na'|Host: x\nb|200 OK\na|bye\n");
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_SIDE_1, "b|200 OK\n");
  assert_lines (dialogue, TRAMA_TRANSCRIPT_HEX, TRAMA_TRANSCRIPT_SIDE_0,
                "a|00000000  47 45 54 20 2f 0d 0a 48 6f 73 74 3a 20 78 0a     GET /..Host: x.\n"
                "a|0000000f  62 79 65                                         bye\n");
  assert_lines (dialogue, TRAMA_TRANSCRIPT_C, TRAMA_TRANSCRIPT_SIDE_1,
                "b|static const unsigned char side_1_0[7] = { /* packet 6 */\n"
                "b'|  0x32, 0x30, 0x30, 0x20, 0x4f, 0x4b, 0x0a,\n"
                "b'|};\n");
}

static void
test_marks (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;

  begin_tcp (fixture);
  fixture_tcp (fixture, 3, A, B, ACK, 101, 301, "abcd");
  fixture_tcp (fixture, 4, A, B, ACK, 101, 301, "abcd");
  fixture_tcp (fixture, 5, A, B, ACK, 103, 301, "XYef");
  fixture_tcp (fixture, 6, A, B, ACK, 110, 301, "jk");
  dialogue = make_dialogue (fixture, NULL, 100);

  g_assert_cmpuint (trama_dialogue_get_size (dialogue, 0), ==, 11);
  g_assert_cmpuint (trama_dialogue_get_missing (dialogue, 0), ==, 3);
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH,
                "a|abcd\n"
                "a|↻ packet 5 brings again 4 bytes, from byte 0\n"
                "a|ef\n"
                "a|≠ packet 6 brings again 2 bytes, from byte 2, but others\n"
                "a|✂ 3 bytes: not captured\n"
                "a|jk\n");
  assert_lines (dialogue, TRAMA_TRANSCRIPT_C, TRAMA_TRANSCRIPT_BOTH,
                "a|static const unsigned char client_0[4] = { /* packet 4 */\n"
                "a'|  0x61, 0x62, 0x63, 0x64,\n"
                "a'|};\n"
                "a|/* ↻ packet 5 brings again 4 bytes, from byte 0 */\n"
                "a|static const unsigned char client_4[2] = { /* packet 6 */\n"
                "a'|  0x65, 0x66,\n"
                "a'|};\n"
                "a|/* ≠ packet 6 brings again 2 bytes, from byte 2, but others */\n"
                "a|/* ✂ 3 bytes: not captured */\n"
                "a|static const unsigned char client_9[2] = { /* packet 7 */\n"
                "a'|  0x6a, 0x6b,\n"
                "a'|};\n");
}

/* A message is a turn, whoever sends the next. */
static void
test_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;

  fixture_udp (fixture, 0, A, B, "one");
  fixture_udp (fixture, 1, A, B, "two");
  fixture_udp (fixture, 2, B, A, "three");
  dialogue = make_dialogue (fixture, NULL, 1);
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH, "a|one\na|two\nb|three\n");
}

/* An empty letter is one, too. */
static void
test_empty_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;
  g_autoptr (TramaTranscript) transcript = NULL;

  fixture_udp (fixture, 0, A, B, "");
  fixture_udp (fixture, 1, A, B, "two");
  fixture_udp (fixture, 2, B, A, "");
  fixture_udp (fixture, 3, A, B, "");
  fixture_udp (fixture, 4, A, B, "five");
  dialogue = make_dialogue (fixture, NULL, 1);
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH,
                "a|∅ a message without any bytes\na|two\nb|∅ a message without any bytes\n"
                "a|∅ a message without any bytes\na|five\n");
  assert_lines (dialogue, TRAMA_TRANSCRIPT_C, TRAMA_TRANSCRIPT_SIDE_1,
                "b|/* ∅ a message without any bytes */\n");
  g_assert_cmpuint (trama_dialogue_get_size (dialogue, 0), ==, 7);
  g_assert_cmpuint (trama_dialogue_get_missing (dialogue, 0), ==, 0);
  transcript = make_transcript (dialogue, TRAMA_TRANSCRIPT_HEX, TRAMA_TRANSCRIPT_BOTH);
  for (guint packet = 0; packet < 5; packet++)
    {
      TramaRef ref = { TRAMA_EVENT_PACKET, packet };
      TramaLine line = trama_transcript_get_line (transcript, packet);

      g_assert_cmpuint (trama_transcript_find_event (transcript, ref), ==, packet);
      g_assert_cmpuint (trama_transcript_get_event (transcript, &line).index, ==, packet);
    }
}

/* Without packets: what was written; and of the side whose calls are not known, what was read. */
static void
test_calls (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;
  g_autoptr (TramaFlowTable) table = NULL;
  TramaTalk talk;
  guint32 actor = fixture_actor (fixture, "client");
  guint64 offset;
  guint side;
  FixtureCall call = { .name = TRAMA_CALL_WRITE,
                       .actor = actor,
                       .entry_us = 10,
                       .exit_us = 11,
                       .fd = 3,
                       .socket = 21,
                       .result = 6,
                       .data = "hello\n" };

  fixture_call (fixture, &call);
  call.name = TRAMA_CALL_READ;
  call.entry_us = 12;
  call.exit_us = 20;
  call.result = 4;
  call.data = "you\n";
  fixture_call (fixture, &call);
  call.name = TRAMA_CALL_WRITE;
  call.entry_us = 22;
  call.exit_us = 23;
  call.result = 3;
  call.data = "bye";
  fixture_call (fixture, &call);

  table = trama_flow_table_new (fixture->store);
  g_assert_true (trama_talk_find (table, (TramaRef){ TRAMA_EVENT_CALL, 0 }, NULL, &talk));
  g_assert_cmpuint (talk.flow, ==, TRAMA_FLOW_NONE);
  g_assert_cmpuint (talk.socket[0], ==, 21);
  dialogue = make_dialogue (fixture, &talk, 1);
  assert_lines (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH, "a|hello\nb|you\na|bye\n");
  g_assert_true (trama_dialogue_find_event (dialogue, (TramaRef){ TRAMA_EVENT_CALL, 2 }, &side, &offset));
  g_assert_cmpuint (side, ==, 0);
  g_assert_cmpuint (offset, ==, 6);
}

/* A line is cut where it is too wide, between characters; any line is found by its number. */
static void
test_width (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;
  g_autoptr (TramaTranscript) transcript = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GString) said = g_string_new (NULL);
  guint64 at = 0;

  for (guint i = 0; i < 900; i++)
    g_string_append (said, i % 7 == 0 ? "ñ" : i % 11 == 0 ? "\x01" : "x");
  begin_tcp (fixture);
  for (guint i = 0; i < said->len;)
    {
      g_autofree char *part = g_strndup (said->str + i, 101);

      fixture_tcp (fixture, 3 + i, A, B, ACK, 101 + i, 301, part);
      i += (guint) strlen (part);
    }
  dialogue = make_dialogue (fixture, NULL, 7);
  transcript = make_transcript (dialogue, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH);
  text = render (transcript);
  for (guint i = 0; i < trama_transcript_n_lines (transcript); i++)
    {
      TramaLine line = trama_transcript_get_line (transcript, i);
      g_autofree char *shown = trama_transcript_dup_text (transcript, &line, 0, 0, NULL, NULL);

      g_assert_cmpuint (line.offset, ==, at);
      at += line.size_bytes;
      g_assert_cmpint (g_utf8_strlen (shown, -1), <=, TRAMA_TRANSCRIPT_WIDTH);
      g_assert_true (g_utf8_validate (said->str + line.offset, line.size_bytes, NULL));
    }
  g_assert_cmpuint (at, ==, said->len);
}

static void
assert_hits (TramaDialogue *dialogue, const char *query, guint sides, const char *expected)
{
  g_autoptr (TramaUtterSearch)
      search = trama_utter_search_new (dialogue, trama_query_new (query, NULL), sides);
  g_autoptr (GString) text = g_string_new (NULL);

  while (trama_utter_search_step (search, 1))
    continue;
  for (guint i = 0; i < trama_utter_search_n_hits (search); i++)
    {
      const TramaUtterHit *hit = trama_utter_search_get_hit (search, i);

      g_string_append_printf (text, "%c%u+%u ", hit->side == 0 ? 'a' : 'b', (guint) hit->offset,
                              hit->size_bytes);
      g_assert_cmpuint (trama_utter_search_find (search, hit->side, hit->offset, hit->offset + 1), ==, i);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* A character that two segments share is one, and is found; when the other side speaks in between, it is none. */
static void
test_cut_character (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (Fixture) apart = fixture_new ();
  g_autoptr (TramaDialogue) whole = NULL;
  g_autoptr (TramaDialogue) cut = NULL;

  begin_tcp (fixture);
  fixture_tcp (fixture, 3, A, B, ACK, 101, 301, "caf\xc3");
  fixture_tcp (fixture, 4, A, B, ACK, 105, 301, "\xa9 \xff\x01!");
  whole = make_dialogue (fixture, NULL, 1);
  assert_lines (whole, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH, "a|café \\xff\\x01!\n");
  assert_hits (whole, "\"café\"", TRAMA_TRANSCRIPT_BOTH, "a0+5 ");

  begin_tcp (apart);
  fixture_tcp (apart, 3, A, B, ACK, 101, 301, "caf\xc3");
  fixture_tcp (apart, 4, B, A, ACK, 301, 105, "?");
  fixture_tcp (apart, 5, A, B, ACK, 105, 302, "\xa9!");
  cut = make_dialogue (apart, NULL, 1);
  assert_lines (cut, TRAMA_TRANSCRIPT_TEXT, TRAMA_TRANSCRIPT_BOTH, "a|caf\\xc3\nb|?\na|\\xa9!\n");
}

static void
test_search (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;
  g_autoptr (TramaTranscript) transcript = NULL;
  g_autofree char *text = NULL;
  TramaLine line;
  gsize from, to;

  begin_tcp (fixture);
  fixture_tcp (fixture, 3, A, B, ACK, 101, 301, "abc needle neE");
  fixture_tcp (fixture, 4, B, A, ACK, 301, 115, "needle");
  fixture_tcp (fixture, 5, A, B, ACK, 115, 307, "dle");
  fixture_tcp (fixture, 6, A, B, ACK, 121, 307, "needle");
  dialogue = make_dialogue (fixture, NULL, 100);

  /* The second of a begins before b speaks, and ends behind; what is missing is not found. */
  assert_hits (dialogue, "needle", TRAMA_TRANSCRIPT_BOTH, "a4+6 a11+6 b0+6 a20+6 ");
  assert_hits (dialogue, "\"needle\"", TRAMA_TRANSCRIPT_SIDE_0, "a4+6 a20+6 ");
  assert_hits (dialogue, "0x6c65", TRAMA_TRANSCRIPT_SIDE_1, "b4+2 ");
  assert_hits (dialogue, "0x0000", TRAMA_TRANSCRIPT_BOTH, "");
  assert_hits (dialogue, "port:5000", TRAMA_TRANSCRIPT_BOTH, "");

  transcript = make_transcript (dialogue, TRAMA_TRANSCRIPT_HEX, TRAMA_TRANSCRIPT_BOTH);
  line = trama_transcript_get_line (transcript, 0);
  text = trama_transcript_dup_text (transcript, &line, 4, 10, &from, &to);
  g_assert_cmpuint (to - from, ==, strlen ("6e 65 65 64 6c 65"));
  g_assert_true (g_str_has_prefix (text + from, "6e 65 65 64 6c 65"));
}

static void
test_search_in_messages (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaDialogue) dialogue = NULL;

  fixture_udp (fixture, 0, A, B, "nee");
  fixture_udp (fixture, 1, A, B, "dle needle");
  dialogue = make_dialogue (fixture, NULL, 1);
  assert_hits (dialogue, "needle", TRAMA_TRANSCRIPT_BOTH, "a7+6 ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/transcript/turns", test_turns);
  g_test_add_func ("/flow/transcript/marks", test_marks);
  g_test_add_func ("/flow/transcript/messages", test_messages);
  g_test_add_func ("/flow/transcript/empty-messages", test_empty_messages);
  g_test_add_func ("/flow/transcript/calls", test_calls);
  g_test_add_func ("/flow/transcript/width", test_width);
  g_test_add_func ("/flow/transcript/cut-character", test_cut_character);
  g_test_add_func ("/flow/transcript/search", test_search);
  g_test_add_func ("/flow/transcript/search-in-messages", test_search_in_messages);
  return g_test_run ();
}
