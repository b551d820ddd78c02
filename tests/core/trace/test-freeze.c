/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/store.h"

#define MANY 200000 /* packets: more than a segment of their column holds */

static void
add_packet (TramaStore *store, guint index)
{
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  event.packet = (TramaPacket){ .time_ns = 1000 + 10 * (gint64) index, .length_bytes = index };
  trama_store_append (&event, store);
}

static void
add_call (TramaStore *store, TramaEventKind kind, guint64 id, gint64 exit_ns)
{
  TramaEvent event = { .kind = kind };

  event.call =
      (TramaCall){ .id = id, .name = TRAMA_CALL_CLOSE, .actor = 7, .entry_ns = 500, .exit_ns = exit_ns };
  trama_store_append (&event, store);
}

static void
add_actor (TramaStore *store, guint32 id, const char *name)
{
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = (TramaActor){ .id = id, .name = name, .program = "" };
  trama_store_append (&event, store);
}

static void
add_note (TramaStore *store, const char *text)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){ .time_ns = 600, .end_ns = TRAMA_TIME_NONE, .kind = 1, .text = text };
  trama_store_append (&event, store);
}

static void
assert_packets (TramaStore *store, guint n)
{
  TramaPacket packet;

  g_assert_cmpuint (trama_store_n_packets (store), ==, n);
  for (guint i = 0; i < n; i++)
    {
      trama_store_get_packet (store, i, &packet);
      g_assert_cmpuint (packet.length_bytes, ==, i);
      g_assert_cmpint (packet.time_ns, ==, 1000 + 10 * (gint64) i);
    }
}

/* Whatever is appended or changed later is not in it, and the store it was taken from has it all. */
static void
test_apart (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaStore) frozen = NULL;
  TramaSpan span;

  add_actor (store, 7, "client");
  add_call (store, TRAMA_EVENT_CALL, 1, TRAMA_TIME_NONE);
  add_note (store, "before");
  add_packet (store, 0);
  frozen = trama_store_freeze (store);

  add_call (store, TRAMA_EVENT_RETURN, 1, 900);
  add_call (store, TRAMA_EVENT_CALL, 2, TRAMA_TIME_NONE);
  add_actor (store, 7, "another");
  add_actor (store, 8, "server");
  add_note (store, "after");
  for (guint i = 1; i < 1000; i++)
    add_packet (store, i);

  assert_packets (frozen, 1);
  g_assert_cmpuint (trama_store_n_calls (frozen), ==, 1);
  g_assert_cmpint (trama_store_get_call (frozen, 0)->exit_ns, ==, TRAMA_TIME_NONE);
  g_assert_cmpuint (trama_store_n_actors (frozen), ==, 1);
  g_assert_cmpstr (trama_store_find_actor (frozen, 7)->name, ==, "client");
  g_assert_null (trama_store_find_actor (frozen, 8));
  g_assert_cmpuint (trama_store_n_notes (frozen), ==, 1);
  g_assert_true (trama_store_get_span (frozen, &span));
  g_assert_cmpint (span.end_ns, ==, 1000);

  assert_packets (store, 1000);
  g_assert_cmpint (trama_store_get_call (store, 0)->exit_ns, ==, 900);
  g_assert_cmpuint (trama_store_n_calls (store), ==, 2);
  g_assert_cmpstr (trama_store_find_actor (store, 7)->name, ==, "another");
  g_assert_cmpstr (trama_store_find_actor (store, 8)->name, ==, "server");
  g_assert_cmpuint (trama_store_n_notes (store), ==, 2);
}

/* Of times out of order each finds its own, as far as it has them. */
static void
test_order (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaStore) frozen = NULL;
  TramaEvent late = { .kind = TRAMA_EVENT_PACKET };

  for (guint i = 0; i < 3; i++)
    add_packet (store, i);
  late.packet.time_ns = 1005;
  trama_store_append (&late, store);
  frozen = trama_store_freeze (store);
  late.packet.time_ns = 1001;
  trama_store_append (&late, store);

  g_assert_cmpuint (trama_store_packet_at (frozen, 1), ==, 3);
  g_assert_cmpuint (trama_store_packet_at (frozen, 2), ==, 1);
  g_assert_cmpuint (trama_store_packet_at (store, 1), ==, 4);
  g_assert_cmpuint (trama_store_packet_at (store, 2), ==, 3);
}

static gpointer
read_all (gpointer frozen)
{
  assert_packets (frozen, MANY);
  trama_store_unref (frozen);
  return NULL;
}

/* It is read, and given back, in another thread while the store grows. */
static void
test_threads (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  GThread *threads[2];

  for (guint i = 0; i < MANY; i++)
    add_packet (store, i);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new (NULL, read_all, trama_store_freeze (store));
  for (guint i = MANY; i < 2 * MANY; i++)
    {
      add_packet (store, i);
      if (i % 100 == 0)
        add_call (store, TRAMA_EVENT_CALL, i, TRAMA_TIME_NONE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  assert_packets (store, 2 * MANY);
}

/* What it shares lives as long as it does; and it can be frozen once more. */
static void
test_outlives (void)
{
  g_autoptr (TramaStore) again = NULL;

  {
    g_autoptr (TramaStore) store = trama_store_new ();
    g_autoptr (TramaStore) frozen = NULL;

    add_note (store, "kept");
    for (guint i = 0; i < MANY; i++)
      add_packet (store, i);
    frozen = trama_store_freeze (store);
    again = trama_store_freeze (frozen);
  }
  assert_packets (again, MANY);
  g_assert_cmpstr (trama_store_get_note (again, 0)->text, ==, "kept");
}

static void
test_nothing (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaStore) frozen = trama_store_freeze (store);

  add_packet (store, 0);
  g_assert_cmpuint (trama_store_n_packets (frozen), ==, 0);
  g_assert_cmpint (trama_store_get_bytes_fd (frozen), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/freeze/nothing", test_nothing);
  g_test_add_func ("/freeze/apart", test_apart);
  g_test_add_func ("/freeze/order", test_order);
  g_test_add_func ("/freeze/threads", test_threads);
  g_test_add_func ("/freeze/outlives", test_outlives);
  return g_test_run ();
}
