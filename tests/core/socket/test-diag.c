/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/diag.h"

#include "tests/core/socket/recorder.h"

#include "core/decode/address.h"
#include "core/trace/span.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The look of the lab at the sockets of actors, on the loopback of the host with all that is there besides. */

#define LOOK_MAX_NS (5 * G_GINT64_CONSTANT (1000000))

typedef struct
{
  Recorder recorder;
  TramaStreams *streams;
  TramaDiag *diag;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  recorder_set_up (&fixture->recorder, data);
  fixture->streams = trama_streams_new ();
  trama_caller_share (fixture->recorder.caller, fixture->streams);
  fixture->diag = trama_diag_new (fixture->streams);
  g_assert_nonnull (fixture->diag);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  trama_diag_free (fixture->diag);
  recorder_tear_down (&fixture->recorder, data);
  trama_streams_free (fixture->streams);
}

/* How many states a look told. */
static guint
look (Fixture *fixture)
{
  guint before = fixture->recorder.events->len;

  trama_diag_look (fixture->diag, recorder_on_event, &fixture->recorder);
  for (guint i = before; i < fixture->recorder.events->len; i++)
    {
      const TramaEvent *event = recorder_at (&fixture->recorder, i);

      g_assert_cmpint (event->kind, ==, TRAMA_EVENT_SOCKET_STATE);
      g_assert_cmpuint (event->state.actor, ==, TRAMA_ACTOR_NONE);
      g_assert_cmpint (event->state.fd, ==, -1);
      g_assert_cmpuint (event->state.socket, !=, TRAMA_SOCKET_NONE);
    }
  return fixture->recorder.events->len - before;
}

static struct sockaddr_in
bind_somewhere (Recorder *recorder, gint64 fd)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (fd), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  memcpy (&in, recorder_state (recorder, recorder->call.socket)->local, sizeof in);
  return in;
}

static gint64
make_socket (Recorder *recorder, int domain, int type)
{
  return recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (domain), NUMBER (type), NUMBER (0), END);
}

static void
test_tcp (Fixture *fixture, gconstpointer data)
{
  Recorder *recorder = &fixture->recorder;
  gint64 listener = make_socket (recorder, AF_INET, SOCK_STREAM), client, accepted;
  guint64 listener_id = recorder->call.made, client_id, accepted_id;
  struct sockaddr_in in = bind_somewhere (recorder, listener);
  const TramaSocketState *state;

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_LISTEN, NUMBER (listener), NUMBER (5), END), ==, 0);
  g_assert_cmpuint (look (fixture), ==, 1);
  state = recorder_state (recorder, listener_id);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_LISTEN);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpuint (state->backlog, ==, 5);
  g_assert_cmpmem (state->local, state->local_bytes, &in, sizeof in);
  g_assert_cmpuint (state->peer_bytes, ==, 0);
  g_assert_cmpuint (look (fixture), ==, 0);

  client = make_socket (recorder, AF_INET, SOCK_STREAM);
  client_id = recorder->call.made;
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (client), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  /* The client, and the listener, where one waits. What waits is nobody's. */
  g_assert_cmpuint (look (fixture), ==, 2);
  g_assert_cmpuint (recorder_state (recorder, listener_id)->accept_queue, ==, 1);
  state = recorder_state (recorder, client_id);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (state->protocol, ==, IPPROTO_TCP);
  g_assert_cmpmem (state->peer, state->peer_bytes, &in, sizeof in);
  g_assert_cmpuint (state->cwnd_segments, >, 0);

  accepted = recorder_call (recorder, TRAMA_CALL_ACCEPT, NUMBER (listener), NOTHING, NOTHING, END);
  accepted_id = recorder->call.made;
  g_assert_cmpint (
      recorder_call (recorder, TRAMA_CALL_WRITE, NUMBER (client), TEXT ("Hello"), NUMBER (5), END), ==, 5);
  look (fixture);
  state = recorder_state (recorder, accepted_id);
  g_assert_cmpint (state->fd, ==, -1);
  g_assert_cmpuint (state->receive_queue_bytes, ==, 5);

  /* Both ends of the close, of which the kernel no longer says whose they are. */
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (client), END), ==, 0);
  look (fixture);
  /* The other side may take its time to acknowledge the FIN. */
  g_assert_cmpuint (recorder_state (recorder, client_id)->tcp_state, >=, TRAMA_TCP_FIN_WAIT_1);
  g_assert_cmpuint (recorder_state (recorder, client_id)->tcp_state, <=, TRAMA_TCP_FIN_WAIT_2);
  state = recorder_state (recorder, accepted_id);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_CLOSE_WAIT);
  g_assert_cmpuint (state->receive_queue_bytes, ==, 5);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_READ, NUMBER (accepted), NOTHING, NUMBER (64), END),
                   ==, 5);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (accepted), END), ==, 0);
  look (fixture);
  g_assert_cmpuint (recorder_state (recorder, client_id)->tcp_state, ==, TRAMA_TCP_TIME_WAIT);
  g_assert_cmpuint (recorder_state (recorder, accepted_id)->tcp_state, ==, TRAMA_TCP_CLOSED);
  g_assert_cmpuint (look (fixture), ==, 0);
}

static gint64
connect_from (Recorder *recorder, const struct sockaddr_in *from, const struct sockaddr_in *to)
{
  const struct linger linger = { .l_onoff = 1 };
  gint64 client = make_socket (recorder, AF_INET, SOCK_STREAM);

  g_assert_cmpint (setsockopt ((int) client, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (client), ADDRESS (from, sizeof *from),
                                  NUMBER (sizeof *from), END),
                   ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (client), ADDRESS (to, sizeof *to),
                                  NUMBER (sizeof *to), END),
                   ==, 0);
  return client;
}

/* The same ends again, in a connection that nobody has accepted yet: it is not the one that was closed. */
static void
test_same_ends (Fixture *fixture, gconstpointer data)
{
  Recorder *recorder = &fixture->recorder;
  gint64 listener = make_socket (recorder, AF_INET, SOCK_STREAM), client, accepted, probe;
  struct sockaddr_in to = bind_somewhere (recorder, listener), from;
  guint64 old_id, new_id;

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_LISTEN, NUMBER (listener), NUMBER (5), END), ==, 0);
  probe = make_socket (recorder, AF_INET, SOCK_STREAM); /* finds a port that is free */
  from = bind_somewhere (recorder, probe);
  recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (probe), END);
  client = connect_from (recorder, &from, &to);
  accepted = recorder_call (recorder, TRAMA_CALL_ACCEPT, NUMBER (listener), NOTHING, NOTHING, END);
  old_id = recorder->call.made;
  look (fixture);
  g_assert_cmpuint (recorder_state (recorder, old_id)->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (client), END);
  recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (accepted), END);
  look (fixture);
  g_assert_cmpuint (recorder_state (recorder, old_id)->tcp_state, ==, TRAMA_TCP_CLOSED);

  connect_from (recorder, &from, &to);
  new_id = recorder->call.socket;
  g_assert_cmpuint (look (fixture), ==, 2); /* the client, and the listener, where one waits */
  g_assert_cmpuint (recorder_state (recorder, new_id)->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (recorder_state (recorder, old_id)->tcp_state, ==, TRAMA_TCP_CLOSED);
}

static void
test_udp_drops (Fixture *fixture, gconstpointer data)
{
  static const guint8 letter[500];
  Recorder *recorder = &fixture->recorder;
  const int small = 2304;
  gint64 to = make_socket (recorder, AF_INET, SOCK_DGRAM);
  guint64 id = recorder->call.made;
  struct sockaddr_in in = bind_somewhere (recorder, to);
  int from = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SETSOCKOPT, NUMBER (to), NUMBER (SOL_SOCKET),
                                  NUMBER (SO_RCVBUF), BYTES (&small, sizeof small), NUMBER (sizeof small),
                                  END),
                   ==, 0);
  /* Only the socket of an actor is told of, not the one of somebody else. */
  g_assert_cmpuint (look (fixture), ==, 1);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_BOUND);
  g_assert_cmpuint (recorder_state (recorder, id)->drops, ==, 0);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (sendto (from, letter, sizeof letter, 0, (const struct sockaddr *) &in, sizeof in), ==,
                     sizeof letter);
  g_assert_cmpuint (look (fixture), ==, 1);
  g_assert_cmpuint (recorder_state (recorder, id)->drops, >, 0);
  g_assert_cmpuint (look (fixture), ==, 0);
  close (from);
}

static void
test_unix (Fixture *fixture, gconstpointer data)
{
  Recorder *recorder = &fixture->recorder;
  guint64 ids[2];
  int fds[2];

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SOCKETPAIR, NUMBER (AF_UNIX), NUMBER (SOCK_STREAM),
                                  NUMBER (0), NOTHING, END),
                   ==, 0);
  memcpy (fds, recorder->call.args[3].bytes, sizeof fds);
  ids[0] = recorder->call.made;
  ids[1] = recorder_state (recorder, ids[0])->peer_socket;
  g_assert_cmpuint (look (fixture), ==, 2);
  g_assert_cmpuint (recorder_state (recorder, ids[0])->peer_socket, ==, ids[1]);
  g_assert_cmpuint (recorder_state (recorder, ids[1])->peer_socket, ==, ids[0]);
  g_assert_cmpuint (recorder_state (recorder, ids[0])->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpint (write (fds[0], "Hello", 5), ==, 5);
  g_assert_cmpuint (look (fixture), >=, 1);
  g_assert_cmpuint (recorder_state (recorder, ids[1])->receive_queue_bytes, ==, 5);
}

/* It is done every 10 ms: with a few sockets it must be no load. The best of some, for the machine may be busy. */
static void
test_cost (Fixture *fixture, gconstpointer data)
{
  gint64 best_ns = G_MAXINT64;

  make_socket (&fixture->recorder, AF_INET, SOCK_STREAM);
  for (guint i = 0; i < 50; i++)
    {
      gint64 start_ns = trama_monotonic_ns ();

      look (fixture);
      best_ns = MIN (best_ns, trama_monotonic_ns () - start_ns);
    }
  g_test_message ("a look took %.0f us", (double) best_ns / 1000);
  g_assert_cmpint (best_ns, <, LOOK_MAX_NS);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/socket/diag/tcp", test_tcp },
    { "/socket/diag/same-ends", test_same_ends },
    { "/socket/diag/udp-drops", test_udp_drops },
    { "/socket/diag/unix", test_unix },
    { "/socket/diag/cost", test_cost },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
