/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/flow.h"

#include "tests/core/fixture.h"
#include "tests/core/flow/render.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  PSH = TRAMA_TCP_PSH,
  ACK = TRAMA_TCP_ACK,
};

static void
assert_states (const TramaFlowTable *table, guint flow, guint side, const char *expected)
{
  g_autofree char *states = render_states (table, flow, side);

  g_assert_cmpstr (states, ==, expected);
}

/* Two sockets of one address: each has the letters that it took, wherever it stands among them. */
static void
test_shared_port (void)
{
  static const guint64 takers[] = { 11, 12, 12, 11 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (guint64 id = 11; id <= 12; id++)
    {
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                             .actor = (guint32) id,
                                             .entry_us = (gint64) id,
                                             .exit_us = (gint64) id,
                                             .made = id,
                                             .number = SOCK_DGRAM });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_BIND,
                                             .actor = (guint32) id,
                                             .entry_us = (gint64) id + 2,
                                             .exit_us = (gint64) id + 3,
                                             .socket = id,
                                             .port = 5000 });
    }
  for (guint16 i = 0; i < G_N_ELEMENTS (takers); i++)
    {
      fixture_udp (fixture, 100 + i, (guint16) (6000 + i), 5000, "letter");
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_RECVFROM,
                                             .actor = (guint32) takers[i],
                                             .entry_us = 200 + i,
                                             .exit_us = 200 + i,
                                             .socket = takers[i],
                                             .result = 6,
                                             .port = (guint16) (6000 + i),
                                             .data = "letter" });
    }
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, G_N_ELEMENTS (takers));
  for (guint i = 0; i < G_N_ELEMENTS (takers); i++)
    g_assert_cmpuint (trama_flow_table_get_flow (table, i)->socket[1], ==, takers[i]);
}

/* Two connections in a row over the same ports: each has its own sockets. */
static void
test_port_reuse (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  for (guint round = 0; round < 2; round++)
    {
      gint64 at = round * 100;
      guint64 listener = 11, client = 21 + round, accepted = 31 + round;

      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SOCKET,
                                             .actor = 2,
                                             .entry_us = at,
                                             .exit_us = at + 1,
                                             .made = client,
                                             .number = SOCK_STREAM });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CONNECT,
                                             .actor = 2,
                                             .entry_us = at + 2,
                                             .exit_us = at + 6,
                                             .socket = client,
                                             .port = 800 });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_ACCEPT,
                                             .actor = 1,
                                             .entry_us = at + 7,
                                             .exit_us = at + 8,
                                             .socket = listener,
                                             .made = accepted,
                                             .port = 700 });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                             .actor = 2,
                                             .entry_us = at + 20,
                                             .exit_us = at + 22,
                                             .socket = client });
      fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                             .actor = 1,
                                             .entry_us = at + 30,
                                             .exit_us = at + 32,
                                             .socket = accepted });
      fixture_tcp (fixture, at + 3, 700, 800, SYN, 100 + round, 0, NULL);
      fixture_tcp (fixture, at + 4, 800, 700, SYN | ACK, 300, 101 + round, NULL);
      fixture_tcp (fixture, at + 5, 700, 800, ACK, 101 + round, 301, NULL);
      fixture_tcp (fixture, at + 21, 700, 800, RST | ACK, 101 + round, 301, NULL);
      fixture_state (fixture, at + 7, client, TRAMA_TCP_ESTABLISHED, 700, 800);
      fixture_state (fixture, at + 9, accepted, TRAMA_TCP_ESTABLISHED, 800, 700);
    }
  table = trama_flow_table_new (fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
  for (guint round = 0; round < 2; round++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, round);

      g_assert_cmpuint (flow->socket[0], ==, 21 + round);
      g_assert_cmpuint (flow->socket[1], ==, 31 + round);
    }
}

static void
add_held_call (Fixture *fixture, TramaCallName name, gint64 at, guint64 socket, guint64 made, guint16 port)
{
  fixture_call (fixture,
                &(FixtureCall){ .name = name,
                                .actor = name == TRAMA_CALL_ACCEPT || name == TRAMA_CALL_LISTEN ? 1 : 2,
                                .entry_us = at,
                                .exit_us = at + 4,
                                .socket = socket,
                                .made = made,
                                .port = port,
                                .number = SOCK_STREAM });
}

/* Two connections in a row over the same ports, of which the server closes neither; accepted at these times. */
static TramaFlowTable *
make_held (Fixture *fixture, gint64 first_accept, gint64 second_accept)
{
  add_held_call (fixture, TRAMA_CALL_SOCKET, -20, 0, 11, 0);
  add_held_call (fixture, TRAMA_CALL_LISTEN, -10, 11, 0, 0);
  for (guint round = 0; round < 2; round++)
    {
      gint64 at = round * 100;
      guint64 client = 21 + round, accepted = 31 + round;

      add_held_call (fixture, TRAMA_CALL_SOCKET, at - 5, 0, client, 0);
      add_held_call (fixture, TRAMA_CALL_CONNECT, at + 2, client, 0, 800);
      add_held_call (fixture, TRAMA_CALL_ACCEPT, round == 0 ? first_accept : second_accept, 11, accepted,
                     700);
      fixture_tcp (fixture, at + 3, 700, 800, SYN, 100 + round, 0, NULL);
      fixture_tcp (fixture, at + 4, 800, 700, SYN | ACK, 300, 101 + round, NULL);
      fixture_tcp (fixture, at + 5, 700, 800, ACK, 101 + round, 301, NULL);
      fixture_state (fixture, at + 7, client, TRAMA_TCP_ESTABLISHED, 700, 800);
      fixture_state (fixture, 300 + round, accepted, TRAMA_TCP_ESTABLISHED, 800, 700);
    }
  fixture_tcp (fixture, 21, 700, 800, RST | ACK, 101, 301, NULL);
  add_held_call (fixture, TRAMA_CALL_CLOSE, 30, 21, 0, 0);
  fixture_state (fixture, 130, 21, TRAMA_TCP_CLOSED, 700, 800); /* seen late */
  fixture_state (fixture, 131, 31, TRAMA_TCP_CLOSED, 800, 700);
  return trama_flow_table_new (fixture->store);
}

static void
test_port_reuse_held (void)
{
  static const gint64 accepts[][2] = {
    { 10, 110 },  /* as they come */
    { 110, 120 }, /* the first has waited in the queue, and was reset there */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (accepts); i++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      g_autoptr (TramaFlowTable) table = make_held (fixture, accepts[i][0], accepts[i][1]);

      g_assert_cmpuint (trama_flow_table_n_flows (table), ==, 2);
      for (guint round = 0; round < 2; round++)
        {
          const TramaFlow *flow = trama_flow_table_get_flow (table, round);

          g_assert_cmpuint (flow->socket[0], ==, 21 + round);
          g_assert_cmpuint (flow->socket[1], ==, 31 + round);
        }
      assert_states (table, 1, 0, "103 SYN-SENT, 104 ESTABLISHED");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/shared-port", test_shared_port);
  g_test_add_func ("/match/port-reuse", test_port_reuse);
  g_test_add_func ("/match/port-reuse/held", test_port_reuse_held);
  return g_test_run ();
}
