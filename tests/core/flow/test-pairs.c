/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/pairs.h"

#include <netinet/in.h>
#include <sys/socket.h>

typedef struct
{
  TramaColumn flows;
  TramaPairs pairs;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  trama_column_init (&fixture->flows, sizeof (TramaFlow));
  trama_pairs_init (&fixture->pairs, &fixture->flows);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  trama_pairs_clear (&fixture->pairs);
  trama_column_clear (&fixture->flows);
}

static TramaEndpoint
endpoint (guint8 last, guint16 port)
{
  return (TramaEndpoint){ .address = { 10, 0, 0, last }, .port = port, .family = AF_INET };
}

static guint32
find (const Fixture *fixture, guint8 protocol, TramaEndpoint a, TramaEndpoint b, guint *side)
{
  return trama_pairs_find (&fixture->pairs, trama_pairs_hash (&fixture->pairs, protocol, &a, &b), protocol,
                           &a, &b, side);
}

static guint32
add (Fixture *fixture, guint8 protocol, TramaEndpoint a, TramaEndpoint b)
{
  guint32 hash = trama_pairs_hash (&fixture->pairs, protocol, &a, &b);
  guint32 index = fixture->flows.len;
  guint side;
  guint32 old = trama_pairs_find (&fixture->pairs, hash, protocol, &a, &b, &side);

  trama_column_add (&fixture->flows, TramaFlow) = (TramaFlow){ .protocol = protocol, .endpoint = { a, b } };
  trama_pairs_set (&fixture->pairs, hash, old, index);
  return index;
}

static void
test_directions (Fixture *fixture, gconstpointer data)
{
  TramaEndpoint a = endpoint (1, 1000), b = endpoint (2, 80), c = endpoint (2, 81);
  guint side;

  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, b, &side), ==, TRAMA_FLOW_NONE);
  add (fixture, IPPROTO_TCP, a, b);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, b, &side), ==, 0);
  g_assert_cmpuint (side, ==, 0);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, b, a, &side), ==, 0);
  g_assert_cmpuint (side, ==, 1);
  g_assert_cmpuint (find (fixture, IPPROTO_UDP, a, b, &side), ==, TRAMA_FLOW_NONE);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, c, &side), ==, TRAMA_FLOW_NONE);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, a, &side), ==, TRAMA_FLOW_NONE);
}

static void
test_to_itself (Fixture *fixture, gconstpointer data)
{
  TramaEndpoint a = endpoint (1, 1000);
  guint side;

  add (fixture, IPPROTO_TCP, a, a);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, a, &side), ==, 0);
  g_assert_cmpuint (side, ==, 0);
}

/* Of flows with the same endpoints only the latest is found, from either side. */
static void
test_latest (Fixture *fixture, gconstpointer data)
{
  TramaEndpoint a = endpoint (1, 1000), b = endpoint (2, 80);
  guint side;

  add (fixture, IPPROTO_TCP, a, b);
  add (fixture, IPPROTO_TCP, b, a);
  g_assert_cmpuint (find (fixture, IPPROTO_TCP, a, b, &side), ==, 1);
  g_assert_cmpuint (side, ==, 1);
  g_assert_cmpuint (fixture->pairs.n_used, ==, 1);
}

/* The table grows several times, and what was guessed is found or nothing. */
static void
test_grows (Fixture *fixture, gconstpointer data)
{
  TramaEndpoint server = endpoint (2, 80);
  guint side;

  for (guint i = 0; i < 5000; i++)
    g_assert_cmpuint (add (fixture, IPPROTO_TCP, endpoint (1, (guint16) (i + 1)), server), ==, i);
  for (guint i = 0; i < 5000; i++)
    {
      TramaEndpoint client = endpoint (1, (guint16) (i + 1));
      guint32 hash = trama_pairs_hash (&fixture->pairs, IPPROTO_TCP, &server, &client);
      guint32 guess = trama_pairs_guess (&fixture->pairs, hash);

      g_assert_cmpuint (find (fixture, IPPROTO_TCP, server, client, &side), ==, i);
      g_assert_cmpuint (side, ==, 1);
      g_assert_true (guess == i || guess == TRAMA_FLOW_NONE);
    }
  g_assert_cmpuint (fixture->pairs.n_used, ==, 5000);
  g_assert_cmpuint (fixture->pairs.mask, ==, 8191);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/flow/pairs/directions", Fixture, NULL, set_up, test_directions, tear_down);
  g_test_add ("/flow/pairs/to-itself", Fixture, NULL, set_up, test_to_itself, tear_down);
  g_test_add ("/flow/pairs/latest", Fixture, NULL, set_up, test_latest, tear_down);
  g_test_add ("/flow/pairs/grows", Fixture, NULL, set_up, test_grows, tear_down);
  return g_test_run ();
}
