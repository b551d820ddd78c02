/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search/search.h"

#include "tests/core/fixture.h"

/* The hits of a search that is done: "call 3, packet 0". */
static char *
search (TramaFlowTable *table, const char *text)
{
  g_autoptr (GError) error = NULL;
  TramaQuery *query = trama_query_new (text, &error);
  g_autoptr (TramaSearch) found = NULL;
  g_autoptr (GString) hits = g_string_new (NULL);

  g_assert_no_error (error);
  found = trama_search_new (table, query);
  while (trama_search_step (found, 1))
    continue;
  g_assert_cmpfloat (trama_search_get_progress (found), ==, 1);
  for (guint i = 0; i < trama_search_n_hits (found); i++)
    {
      TramaRef ref = trama_search_get_hit (found, i);

      g_string_append_printf (hits, "%s%s %u", i > 0 ? ", " : "",
                              ref.kind == TRAMA_EVENT_CALL ? "call" : "packet", ref.index);
      g_assert_cmpuint (trama_search_find (found, ref), ==, i);
    }
  return g_string_free (g_steal_pointer (&hits), FALSE);
}

static void
assert_hits (TramaFlowTable *table, const char *text, const char *expected)
{
  g_autofree char *hits = search (table, text);

  g_assert_cmpstr (hits, ==, expected);
}

/* A client that is refused, and a datagram. */
static TramaFlowTable *
table_new (Fixture *fixture)
{
  guint32 actor = fixture_actor (fixture, "client");
  FixtureCall connect = { .name = TRAMA_CALL_CONNECT,
                          .actor = actor,
                          .entry_us = 10,
                          .exit_us = 40,
                          .fd = 3,
                          .socket = 21,
                          .result = -1,
                          .error = 111, /* ECONNREFUSED */
                          .port = 5000 };
  FixtureCall write = { .name = TRAMA_CALL_WRITE,
                        .actor = actor,
                        .entry_us = 50,
                        .exit_us = 60,
                        .fd = 4,
                        .socket = 22,
                        .result = 6,
                        .data = "Hello?" };

  fixture_call (fixture, &connect);
  fixture_tcp (fixture, 20, 40122, 5000, TRAMA_TCP_SYN, 100, 0, NULL);
  fixture_tcp (fixture, 30, 5000, 40122, TRAMA_TCP_RST | TRAMA_TCP_ACK, 0, 101, NULL);
  fixture_call (fixture, &write);
  fixture_udp (fixture, 55, 6000, 5001, "Hello? 5000");
  return trama_flow_table_new (fixture->store);
}

static void
test_kinds (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);

  assert_hits (table, "0x48 65 6c", "call 1, packet 2");
  assert_hits (table, "0x48656C", "call 1, packet 2");
  assert_hits (table, "\"Hello\"", "call 1, packet 2");
  assert_hits (table, "\"hello\"", "");
  assert_hits (table, "text:hello", "call 1, packet 2");
  assert_hits (table, "hELLO?", "call 1, packet 2");
  assert_hits (table, "port:5000", "call 0, packet 0, packet 1");
  assert_hits (table, ":5001", "packet 2");
  assert_hits (table, "address:127.0.0.1:6000", "packet 2");
  assert_hits (table, "call:conn", "call 0");
  assert_hits (table, "errno:econnrefused", "call 0");
  assert_hits (table, "flag:SYN", "packet 0");
  assert_hits (table, "rst ack", "packet 1");
  assert_hits (table, "flag:ack", "packet 1");
  assert_hits (table, "nothing of it", "");
  /* Whatever it may be. */
  assert_hits (table, "5000", "call 0, packet 0, packet 1, packet 2");
  assert_hits (table, " write ", "call 1");
}

static void
assert_refused (const char *text, TramaQueryError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (trama_query_new (text, &error));
  g_assert_error (error, TRAMA_QUERY_ERROR, (int) code);
}

static void
test_refused (void)
{
  assert_refused ("", TRAMA_QUERY_ERROR_EMPTY);
  assert_refused ("  ", TRAMA_QUERY_ERROR_EMPTY);
  assert_refused ("0x", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("0x4", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("0x4 8", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("0xhello", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("port:65536", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("port:0", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("port:", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("flag:LOUD", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("call:telephone", TRAMA_QUERY_ERROR_SYNTAX);
  assert_refused ("address:house", TRAMA_QUERY_ERROR_SYNTAX);
}

static void
test_next (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);
  g_autoptr (TramaSearch) found = trama_search_new (table, trama_query_new ("port:5000", NULL));
  TramaRef none = { 0 }, udp = { TRAMA_EVENT_PACKET, 2 };
  gboolean wrapped;

  g_assert_cmpuint (trama_search_next (found, none, 1, &wrapped), ==, G_MAXUINT);
  g_assert_true (trama_search_step (found, 2));
  g_assert_cmpfloat (trama_search_get_progress (found), ==, 0.4);
  g_assert_false (trama_search_step (found, 1000));

  g_assert_cmpuint (trama_search_next (found, none, 1, &wrapped), ==, 0);
  g_assert_cmpuint (trama_search_next (found, none, -1, &wrapped), ==, 2);
  g_assert_cmpuint (trama_search_next (found, trama_search_get_hit (found, 0), 1, &wrapped), ==, 1);
  g_assert_false (wrapped);
  g_assert_cmpuint (trama_search_next (found, trama_search_get_hit (found, 2), 1, &wrapped), ==, 0);
  g_assert_cmpuint (trama_search_next (found, trama_search_get_hit (found, 0), -1, &wrapped), ==, 2);
  g_assert_true (wrapped);
  /* From what is no hit itself. */
  g_assert_cmpuint (trama_search_find (found, udp), ==, G_MAXUINT);
  g_assert_cmpuint (trama_search_next (found, udp, -1, &wrapped), ==, 2);
  g_assert_cmpuint (trama_search_next (found, udp, 1, &wrapped), ==, 0);
}

/* What is searched of a large trace is not searched again when it grows, unless it changed. */
static void
test_growing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFlowTable) longer = NULL;
  g_autoptr (TramaFlowTable) changed = NULL;
  g_autoptr (TramaSearch) found = NULL;
  guint n = 20100;

  for (guint i = 0; i < n; i++)
    fixture_udp (fixture, 100 + i, 6000, 5001, i % 100 == 0 ? "hello" : "silence");
  table = trama_flow_table_new (fixture->store);
  found = trama_search_new (table, trama_query_new ("text:hello", NULL));
  g_assert_false (trama_search_step (found, n));
  g_assert_cmpuint (trama_search_n_hits (found), ==, 201);

  fixture_udp (fixture, 100 + n, 6000, 5001, "hello");
  longer = trama_flow_table_new (fixture->store);
  trama_search_set_table (found, longer);
  g_assert_cmpuint (trama_search_n_hits (found), ==, 201);
  g_assert_false (trama_search_step (found, 1));
  g_assert_cmpuint (trama_search_n_hits (found), ==, 202);

  /* Before all others. */
  fixture_udp (fixture, 1, 6000, 5001, "hello");
  changed = trama_flow_table_new (fixture->store);
  trama_search_set_table (found, changed);
  g_assert_cmpuint (trama_search_n_hits (found), ==, 0);
  g_assert_false (trama_search_step (found, n + 2));
  g_assert_cmpuint (trama_search_n_hits (found), ==, 203);
}

static void
test_bytes (void)
{
  g_autoptr (TramaQuery) query = trama_query_new ("text:ab", NULL);
  static const guint8 bytes[] = { 'x', 'A', 'b', 'a', 'B', 'a' };
  gsize size;

  g_assert_cmpint (trama_query_find_bytes (query, bytes, sizeof bytes, 0, &size), ==, 1);
  g_assert_cmpuint (size, ==, 2);
  g_assert_cmpint (trama_query_find_bytes (query, bytes, sizeof bytes, 2, NULL), ==, 3);
  g_assert_cmpint (trama_query_find_bytes (query, bytes, sizeof bytes, 4, NULL), ==, -1);
  g_assert_cmpint (trama_query_find_bytes (query, bytes, sizeof bytes, 60, NULL), ==, -1);
  g_assert_cmpint (trama_query_find_bytes (query, NULL, 0, 0, NULL), ==, -1);
}

/* Only of packet 1 something was found. */
static gboolean
tells (TramaRef ref, const char *words, gpointer user_data)
{
  return ref.kind == TRAMA_EVENT_PACKET && ref.index == 1 && g_strcmp0 (words, user_data) == 0;
}

static guint
count_found (TramaFlowTable *table, const char *text, TramaQueryFindingFunc func, gboolean asks)
{
  TramaQuery *query = trama_query_new (text, NULL);
  g_autoptr (TramaSearch) found = NULL;

  g_assert_nonnull (query);
  g_assert_true (trama_query_asks_findings (query) == asks);
  trama_query_set_finding_func (query, func, (gpointer) "Nobody Listens");
  found = trama_search_new (table, query);
  while (trama_search_step (found, 10))
    continue;
  if (trama_search_n_hits (found) == 1)
    {
      g_assert_cmpuint (trama_search_get_hit (found, 0).kind, ==, TRAMA_EVENT_PACKET);
      g_assert_cmpuint (trama_search_get_hit (found, 0).index, ==, 1);
      g_assert_cmpint (trama_search_get_hit_time (found, 0), ==, fixture_time_ns (30));
    }
  return trama_search_n_hits (found);
}

/* What was found is somebody else's to know; the words come as they were typed. */
static void
test_findings (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (count_found (table, "finding:Nobody Listens", tells, TRUE), ==, 1);
  g_assert_cmpuint (count_found (table, "Nobody Listens", tells, TRUE), ==, 1);
  g_assert_cmpuint (count_found (table, "finding:somebody", tells, TRUE), ==, 0);
  g_assert_cmpuint (count_found (table, "finding:Nobody Listens", NULL, TRUE), ==, 0);
  g_assert_cmpuint (count_found (table, "text:Nobody Listens", tells, FALSE), ==, 0);
  g_assert_null (trama_query_new ("finding:", &error));
  g_assert_error (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_SYNTAX);
}

static void
append_note (Fixture *fixture, gint64 time_us, const char *text)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){
    .time_ns = fixture_time_ns (time_us), .end_ns = TRAMA_TIME_NONE, .kind = TRAMA_NOTE_CAPTION, .text = text
  };
  trama_store_append (&event, fixture->store);
}

/* What the user wrote is found where it stands, what stands at a moment at the event that follows, or is the last. */
static void
test_notes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = table_new (fixture);
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);

  assert_hits (table, "note:look here", "");
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_PACKET, 1 }, fixture_time_ns (30),
                           "And LOOK here");
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_CALL, 1 }, fixture_time_ns (50), "Señal");
  assert_hits (table, "note:look here", "packet 1");
  assert_hits (table, "note:SEÑAL", "call 1");
  assert_hits (table, "look HERE", "packet 1");
  assert_hits (table, "text:look here", "");
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_PACKET, 1 }, fixture_time_ns (30), NULL);
  assert_hits (table, "note:look here", "");

  append_note (fixture, 1, "The client dials");
  append_note (fixture, 2, "and dials");
  append_note (fixture, 22, "nobody answers");
  append_note (fixture, 900, "The End");
  trama_notebook_set_text (notebook, (TramaRef){ 0 }, fixture_time_ns (52), "dialled in vain");
  assert_hits (table, "note:dial", "call 0, packet 2");
  assert_hits (table, "note:answers", "packet 1");
  assert_hits (table, "note:the end", "packet 2");
  assert_refused ("note:", TRAMA_QUERY_ERROR_SYNTAX);
}

/* A caption that comes later to a large trace, in what was searched already, is found. */
static void
test_growing_notes (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaSearch) found = NULL;

  for (guint i = 0; i < 20100; i++)
    fixture_udp (fixture, 100 + i, 6000, 5001, "silence");
  table = trama_flow_table_new (fixture->store);
  found = trama_search_new (table, trama_query_new ("note:here", NULL));
  g_assert_false (trama_search_step (found, G_MAXUINT));
  g_assert_cmpuint (trama_search_n_hits (found), ==, 0);
  append_note (fixture, 200, "It was here");
  trama_search_set_table (found, table);
  g_assert_false (trama_search_step (found, G_MAXUINT));
  g_assert_cmpuint (trama_search_n_hits (found), ==, 1);
  g_assert_cmpuint (trama_search_get_hit (found, 0).index, ==, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/kinds", test_kinds);
  g_test_add_func ("/search/refused", test_refused);
  g_test_add_func ("/search/next", test_next);
  g_test_add_func ("/search/growing", test_growing);
  g_test_add_func ("/search/bytes", test_bytes);
  g_test_add_func ("/search/findings", test_findings);
  g_test_add_func ("/search/notes", test_notes);
  g_test_add_func ("/search/growing-notes", test_growing_notes);
  return g_test_run ();
}
