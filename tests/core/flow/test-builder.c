/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/builder.h"

#include "tests/core/fixture.h"

/* A table of packets followed as they come is that of all at once. */
static void
assert_same (TramaFlowTable *a, TramaFlowTable *b)
{
  guint n_packets = trama_store_n_packets (trama_flow_table_get_store (a));

  g_assert_cmpuint (trama_flow_table_n_flows (a), ==, trama_flow_table_n_flows (b));
  g_assert_cmpuint (trama_flow_table_n_changes (a), ==, trama_flow_table_n_changes (b));
  for (guint i = 0; i < trama_flow_table_n_changes (a); i++)
    {
      const TramaStateChange x = trama_flow_table_get_change (a, i), y = trama_flow_table_get_change (b, i);

      g_assert_cmpint (x.time_ns, ==, y.time_ns);
      g_assert_cmpuint (x.state, ==, y.state);
      g_assert_cmpuint (x.socket, ==, y.socket);
    }
  for (guint i = 0; i < n_packets; i++)
    {
      g_assert_cmpuint (trama_flow_table_get_flow_of_packet (a, i), ==,
                        trama_flow_table_get_flow_of_packet (b, i));
      g_assert_cmpuint (trama_flow_table_get_cause (a, i), ==, trama_flow_table_get_cause (b, i));
      g_assert_cmpuint (trama_flow_table_get_woken (a, i), ==, trama_flow_table_get_woken (b, i));
    }
}

static void
test_steps (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TramaFlowBuilder *builder;
  g_autoptr (TramaFlowTable) whole = NULL;
  g_autoptr (TramaFlowTable) stepped = NULL;
  guint steps = 0;

  fixture_telephone (fixture);
  whole = trama_flow_table_new (fixture->store);
  builder = trama_flow_builder_new (fixture->store);
  g_assert_false (trama_flow_builder_step (builder, 1)); /* there are calls: not before the end */
  while (trama_flow_builder_step_to_end (builder, 1))
    steps++;
  /* Sockets from the calls, packets, and what joins them. */
  g_assert_cmpuint (steps, >=,
                    trama_store_n_packets (fixture->store) + 2 * trama_store_n_calls (fixture->store));
  g_assert_cmpfloat (trama_flow_builder_get_progress (builder), ==, 1);
  stepped = trama_flow_builder_finish (builder);
  assert_same (whole, stepped);
}

/* Packets that come one by one, followed at once; then calls turn up, and all is done again. */
static void
test_growing (void)
{
  g_autoptr (Fixture) source = fixture_new ();
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaFlowBuilder *builder = trama_flow_builder_new (store);
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };
  g_autoptr (TramaFlowTable) whole = NULL;
  g_autoptr (TramaFlowTable) grown = NULL;

  fixture_telephone (source);
  g_assert_true (trama_store_set_bytes_fd (store, trama_store_get_bytes_fd (source->store)));
  event.interface = *trama_store_get_interface (source->store, 0);
  trama_store_append (&event, store);
  for (guint i = 0; i < trama_store_n_packets (source->store); i++)
    {
      event = (TramaEvent){ .kind = TRAMA_EVENT_PACKET };
      trama_store_get_packet (source->store, i, &event.packet);
      trama_store_append (&event, store);
      g_assert_false (trama_flow_builder_step (builder, G_MAXUINT));
      g_assert_cmpfloat (trama_flow_builder_get_progress (builder), ==, 1);
    }
  for (guint i = 0; i < trama_store_n_calls (source->store); i++)
    {
      event = (TramaEvent){ .kind = TRAMA_EVENT_CALL, .call = *trama_store_get_call (source->store, i) };
      trama_store_append (&event, store);
    }
  whole = trama_flow_table_new (store);
  grown = trama_flow_builder_finish (builder);
  assert_same (whole, grown);
  g_assert_cmpuint (trama_flow_table_get_cause (grown, 0), !=, G_MAXUINT);
}

static void
append_last_again (TramaStore *store)
{
  TramaEvent packet = { .kind = TRAMA_EVENT_PACKET };
  TramaEvent call = { .kind = TRAMA_EVENT_CALL,
                      .call = *trama_store_get_call (store, trama_store_n_calls (store) - 1) };

  trama_store_get_packet (store, trama_store_n_packets (store) - 1, &packet.packet);
  trama_store_append (&packet, store);
  trama_store_append (&call, store);
}

/* What comes when all has been followed, while the rest is worked out, is of another table. */
static void
test_growing_at_end (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  TramaFlowBuilder *builder;
  g_autoptr (TramaFlowTable) whole = NULL;
  g_autoptr (TramaFlowTable) table = NULL;
  guint n_packets;

  fixture_telephone (fixture);
  n_packets = trama_store_n_packets (fixture->store);
  whole = trama_flow_table_new (fixture->store);
  builder = trama_flow_builder_new (fixture->store);
  while (trama_flow_builder_step_to_end (builder, 1))
    if (trama_flow_builder_get_progress (builder) >= 1
        && trama_store_n_packets (fixture->store) < 2 * n_packets)
      append_last_again (fixture->store);
  g_assert_cmpuint (trama_store_n_packets (fixture->store), ==, 2 * n_packets);
  table = trama_flow_builder_finish (builder);
  g_assert_cmpuint (trama_flow_table_n_packets (table), ==, n_packets);
  assert_same (whole, table);
}

/* Given up after any number of steps. */
static void
test_given_up (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  gboolean more = TRUE;

  fixture_telephone (fixture);
  for (guint n_steps = 0; more; n_steps++)
    {
      g_autoptr (TramaFlowBuilder) builder = trama_flow_builder_new (fixture->store);

      for (guint i = 0; more && i < n_steps; i++)
        more = trama_flow_builder_step_to_end (builder, 3);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/builder/steps", test_steps);
  g_test_add_func ("/flow/builder/growing", test_growing);
  g_test_add_func ("/flow/builder/growing-at-end", test_growing_at_end);
  g_test_add_func ("/flow/builder/given-up", test_given_up);
  return g_test_run ();
}
