/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "tests/core/fixture.h"

#include <sys/socket.h>

/* What a chart says in words, of what is not there. */

static TramaChart *
lay_out (Fixture *fixture)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  const TramaChartOptions options = { .width_px = 1920, .height_px = 800, .text_scale = 1 };

  return trama_chart_new (table, &options);
}

/* Two processes and a socket of theirs each. */
static void
add_socket (Fixture *fixture, const char *name, gint64 domain, guint64 id)
{
  TramaEvent event = { .kind = TRAMA_EVENT_RETURN };

  event.call = (TramaCall){
    .id = id,
    .entry_ns = fixture_time_ns ((gint64) id),
    .exit_ns = fixture_time_ns ((gint64) id + 1),
    .made = id,
    .fd = -1,
    .result = 3,
    .actor = fixture_actor (fixture, name),
    .name = TRAMA_CALL_SOCKET,
    .n_args = 3,
    .args = { { .kind = TRAMA_VALUE_NUMBER, .number = domain },
              { .kind = TRAMA_VALUE_NUMBER, .number = SOCK_STREAM },
              { .kind = TRAMA_VALUE_NUMBER, .number = 0 } },
  };
  trama_store_append (&event, fixture->store);
}

/* Nothing goes over a wire between two sockets of AF_UNIX, so none is named; between others nothing has come. */
static void
test_wires (void)
{
  static const struct
  {
    gint64 domains[2];
    const char *name, *summary;
  } cases[] = {
    { { AF_UNIX, AF_UNIX }, "AF_UNIX", "inside the kernel, without packets" },
    { { AF_INET, AF_INET }, "lo", "0 packets" },
    { { AF_UNIX, AF_INET }, "lo", "0 packets" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      g_autoptr (TramaChart) chart = NULL;

      add_socket (fixture, "client", cases[i].domains[0], 21);
      add_socket (fixture, "server", cases[i].domains[1], 11);
      chart = lay_out (fixture);
      g_assert_cmpuint (chart->n_wires, ==, 1);
      g_assert_cmpstr (chart->wires[0].name, ==, cases[i].name);
      g_assert_cmpstr (chart->wires[0].summary, ==, cases[i].summary);
    }
}

/* A read at the end of a stream quotes nothing, also when it need not wait; an empty datagram names its sender. */
static void
test_empty_reads (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaChart) chart = NULL;
  FixtureCall call = {
    .name = TRAMA_CALL_READ,
    .actor = fixture_actor (fixture, "client"),
    .entry_us = 10,
    .exit_us = 11,
    .fd = 3,
    .socket = 21,
    .data = "",
    .number = 64,
  };

  fixture_call (fixture, &call);
  call.name = TRAMA_CALL_RECVFROM;
  call.entry_us = call.exit_us = 20;
  call.port = 5000;
  fixture_call (fixture, &call);
  call.name = TRAMA_CALL_READ;
  call.entry_us = call.exit_us = 30;
  call.data = "abc";
  call.result = 3;
  call.port = 0;
  fixture_call (fixture, &call);
  chart = lay_out (fixture);
  g_assert_cmpuint (chart->n_bars, ==, 3);
  g_assert_cmpstr (chart->bars[0].args, ==, "(3, 64)");
  g_assert_cmpstr (chart->bars[0].result, ==, "= 0");
  g_assert_nonnull (strstr (chart->bars[1].args, "127.0.0.1:5000"));
  g_assert_cmpstr (chart->bars[2].args, ==, "(3, \"abc\", 64)");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/said/wires", test_wires);
  g_test_add_func ("/chart/said/empty-reads", test_empty_reads);
  return g_test_run ();
}
