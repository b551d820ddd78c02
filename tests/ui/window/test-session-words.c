/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/actor_lines.h"
#include "ui/session/line_map.h"
#include "ui/session/session_words.h"

/* What the editor knows of a text without showing it; needs no display. */

static char *
render (const char *line)
{
  static const char *const names[TRAMA_N_WORD_KINDS] = {
    [TRAMA_WORD_COMMENT] = "comment", [TRAMA_WORD_STRING] = "string",     [TRAMA_WORD_CALL] = "call",
    [TRAMA_WORD_KEYWORD] = "keyword", [TRAMA_WORD_CONSTANT] = "constant", [TRAMA_WORD_NUMBER] = "number",
    [TRAMA_WORD_ACTOR] = "actor",
  };
  GString *text = g_string_new (NULL);
  TramaWord word = { 0 };

  while (trama_session_words_next (line, word.end_bytes, &word))
    g_string_append_printf (text, "%s:%.*s ", names[word.kind], (int) (word.end_bytes - word.start_bytes),
                            line + word.start_bytes);
  return g_string_free (text, FALSE);
}

static void
test_words (void)
{
  static const struct
  {
    const char *line;
    const char *words;
  } cases[] = {
    { "", "" },
    { "server:", "actor:server " },
    { "    l = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)  # here",
      "call:socket constant:AF_INET constant:SOCK_STREAM constant:SOCK_NONBLOCK number:0 comment:# here " },
    { "    bind(l, 127.0.0.1:5000)", "call:bind number:127.0.0.1:5000 " },
    /* A variable may be called as a call is, and a '#' in quotes is no comment. */
    { "    call = accept(listen)", "call:accept " },
    { "    write(c, \"a # \\\" b\") = SIGPIPE", "call:write string:\"a # \\\" b\" constant:SIGPIPE " },
    { "    write(c, \"no end", "call:write string:\"no end " },
    { "    repeat 3:", "keyword:repeat number:3 " },
    { "    sleep 20ms", "keyword:sleep number:20ms " },
    { "    wait ready", "keyword:wait " },
    { "lab:", "keyword:lab " },
    { "title[es] \"¿Qué?\"", "keyword:title string:\"¿Qué?\" " },
    /* A variable named like a word of the language is what stands before '='. */
    { "    time = dup(l)", "call:dup " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = render (cases[i].line);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_line_map (void)
{
  TramaLineMap map;

  trama_line_map_init (&map, "a\nb\nc\nd", "a\nb\nc\nd");
  for (guint line = 1; line <= 4; line++)
    g_assert_cmpuint (trama_line_map_to_new (&map, line), ==, line);
  g_assert_cmpuint (trama_line_map_to_new (&map, 0), ==, 0);
  g_assert_cmpuint (trama_line_map_to_new (&map, 5), ==, 0);

  /* "b" has become two other lines. */
  trama_line_map_init (&map, "a\nb\nc\nd", "a\nx\ny\nc\nd");
  g_assert_cmpuint (trama_line_map_to_new (&map, 1), ==, 1);
  g_assert_cmpuint (trama_line_map_to_new (&map, 2), ==, 0);
  g_assert_cmpuint (trama_line_map_to_new (&map, 3), ==, 4);
  g_assert_cmpuint (trama_line_map_to_old (&map, 5), ==, 4);
  g_assert_cmpuint (trama_line_map_to_old (&map, 3), ==, 0);

  /* Two equal lines of which one goes: whichever it was, nothing is counted twice. */
  trama_line_map_init (&map, "a\na\nb", "a\nb");
  g_assert_cmpuint (trama_line_map_to_new (&map, 1), ==, 1);
  g_assert_cmpuint (trama_line_map_to_new (&map, 2), ==, 0);
  g_assert_cmpuint (trama_line_map_to_new (&map, 3), ==, 2);

  trama_line_map_init (&map, "", "a\nb");
  g_assert_cmpuint (trama_line_map_to_old (&map, 1), ==, 0);
}

static void
append_call (TramaStore *store, guint kind, guint line, gint64 time_ns)
{
  TramaEvent event = { .kind = kind };

  event.call = (TramaCall){
    .id = (G_GUINT64_CONSTANT (1) << 32) + line,
    .actor = 1,
    .name = TRAMA_CALL_ACCEPT,
    .line = line,
    .fd = 3,
    .entry_ns = line * 100,
    .exit_ns = kind == TRAMA_EVENT_RETURN ? time_ns : TRAMA_TIME_NONE,
  };
  trama_store_append (&event, store);
}

static void
append_position (TramaStore *store, guint status, guint line, gint64 time_ns)
{
  TramaEvent event = { .kind = TRAMA_EVENT_POSITION };

  event.position = (TramaPosition){ time_ns, 1, line, status };
  trama_store_append (&event, store);
}

static void
assert_stand (TramaActorLines *lines, TramaStore *store, TramaStandKind kind, guint line, guint last_line)
{
  const TramaStand *stands;
  guint n_stands;

  trama_actor_lines_update (lines, store);
  stands = trama_actor_lines_get (lines, &n_stands);
  g_assert_cmpuint (n_stands, ==, 1);
  g_assert_cmpstr (stands[0].name, ==, "server");
  g_assert_cmpint (stands[0].kind, ==, kind);
  g_assert_cmpuint (stands[0].line, ==, line);
  g_assert_cmpuint (stands[0].last_line, ==, last_line);
}

/* Whatever was told last counts, of calls and of positions. */
static void
test_actor_lines (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaActorLines) lines = trama_actor_lines_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };
  guint n_stands;

  event.actor = (TramaActor){ .id = 1, .pid = 7, .start_ns = 1, .end_ns = TRAMA_TIME_NONE, .name = "server" };
  trama_store_append (&event, store);
  assert_stand (lines, store, TRAMA_STAND_RUNNING, 0, 0);

  append_position (store, TRAMA_POSITION_GATE, 5, 450);
  assert_stand (lines, store, TRAMA_STAND_GATE, 5, 0);
  append_call (store, TRAMA_EVENT_CALL, 5, 500);
  assert_stand (lines, store, TRAMA_STAND_CALL, 5, 0);
  append_position (store, TRAMA_POSITION_CALL, 5, 510);
  assert_stand (lines, store, TRAMA_STAND_CALL, 5, 0);
  append_call (store, TRAMA_EVENT_RETURN, 5, 550);
  assert_stand (lines, store, TRAMA_STAND_RUNNING, 0, 5);
  append_position (store, TRAMA_POSITION_WAITING, 6, 560);
  assert_stand (lines, store, TRAMA_STAND_WAITING, 6, 5);
  append_position (store, TRAMA_POSITION_GATE, 7, 650);
  assert_stand (lines, store, TRAMA_STAND_GATE, 7, 5);
  append_call (store, TRAMA_EVENT_CALL, 7, 700);
  assert_stand (lines, store, TRAMA_STAND_CALL, 7, 5);
  append_call (store, TRAMA_EVENT_RETURN, 7, 750);
  append_position (store, TRAMA_POSITION_ENDED, 0, 800);
  assert_stand (lines, store, TRAMA_STAND_ENDED, 0, 7);

  trama_actor_lines_update (lines, NULL);
  trama_actor_lines_get (lines, &n_stands);
  g_assert_cmpuint (n_stands, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-words/words", test_words);
  g_test_add_func ("/session-words/line-map", test_line_map);
  g_test_add_func ("/session-words/actor-lines", test_actor_lines);
  return g_test_run ();
}
