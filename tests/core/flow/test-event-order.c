/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/search/event_order.h"

#include "tests/core/fixture.h"

#include <netinet/in.h>

/* The rows as text: "call 0, packet 1". */
static char *
render (const TramaEventOrder *order)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint row = 0; row < trama_event_order_get_size (order); row++)
    {
      TramaRef ref = trama_event_order_at (order, row);

      g_string_append_printf (text, "%s%s %u", row > 0 ? ", " : "",
                              ref.kind == TRAMA_EVENT_CALL ? "call" : "packet", ref.index);
      g_assert_cmpuint (trama_event_order_find (order, ref), ==, row);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_empty (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaEventOrder) order = trama_event_order_new (store);

  g_assert_cmpuint (trama_event_order_get_size (order), ==, 0);
  g_assert_cmpuint (trama_event_order_find (order, (TramaRef){ TRAMA_EVENT_PACKET, 0 }), ==, G_MAXUINT);
  g_assert_cmpuint (trama_event_order_find (order, (TramaRef){ TRAMA_EVENT_CALL, 0 }), ==, G_MAXUINT);
}

/* A call comes before the packet of its moment; packets of one moment stay as they came. */
static void
test_mixed (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint32 actor = fixture_actor (fixture, "client");
  FixtureCall call = { .name = TRAMA_CALL_CLOSE, .actor = actor, .exit_us = 900 };
  g_autoptr (TramaEventOrder) order = NULL;
  g_autofree char *rows = NULL;

  call.entry_us = 300;
  fixture_call (fixture, &call); /* call 0 */
  fixture_udp (fixture, 200, 5000, 6000, "a");
  fixture_udp (fixture, 300, 5000, 6000, "b");
  fixture_udp (fixture, 300, 5000, 6000, "c");
  call.entry_us = 100;
  fixture_call (fixture, &call); /* call 1: told later, made earlier */
  call.entry_us = 500;
  fixture_call (fixture, &call); /* call 2 */
  order = trama_event_order_new (fixture->store);
  rows = render (order);
  g_assert_cmpstr (rows, ==, "call 1, packet 0, call 0, packet 1, packet 2, call 2");
  g_assert_cmpuint (trama_event_order_find (order, (TramaRef){ TRAMA_EVENT_NOTE, 0 }), ==, G_MAXUINT);
  /* What comes later has no row. */
  fixture_udp (fixture, 600, 5000, 6000, "d");
  g_assert_cmpuint (trama_event_order_find (order, (TramaRef){ TRAMA_EVENT_PACKET, 3 }), ==, G_MAXUINT);
}

static void
test_out_of_order (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaEventOrder) order = NULL;
  g_autofree char *rows = NULL;

  fixture_udp (fixture, 300, 5000, 6000, "a");
  fixture_udp (fixture, 100, 5000, 6000, "b");
  fixture_udp (fixture, 200, 5000, 6000, "c");
  order = trama_event_order_new (fixture->store);
  rows = render (order);
  g_assert_cmpstr (rows, ==, "packet 1, packet 2, packet 0");
}

/* Every row there is, and each once. */
static void
test_telephone (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaEventOrder) order = NULL;
  g_autofree char *rows = NULL;

  fixture_telephone (fixture);
  order = trama_event_order_new (fixture->store);
  g_assert_cmpuint (trama_event_order_get_size (order), ==,
                    trama_store_n_packets (fixture->store) + trama_store_n_calls (fixture->store));
  rows = render (order);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-order/empty", test_empty);
  g_test_add_func ("/event-order/mixed", test_mixed);
  g_test_add_func ("/event-order/out-of-order", test_out_of_order);
  g_test_add_func ("/event-order/telephone", test_telephone);
  return g_test_run ();
}
