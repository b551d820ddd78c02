/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/socket/recorder.h"

#include "core/decode/address.h"
#include "core/lab/loopback.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Messages of every kind and domain on the real kernel, and what is out of the order of a stream. */

static void
test_datagram_peer (Recorder *recorder, gconstpointer data)
{
  const struct sockaddr unspecified = { .sa_family = AF_UNSPEC };
  struct sockaddr_in in;
  gint64 to = recorder_make_bound (recorder, SOCK_DGRAM, &in);
  gint64 from = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_DGRAM), NUMBER (0),
                               END);
  guint64 id = recorder->call.made;
  const TramaSocketState *state;

  /* sendto() without bind(): the kernel binds it. */
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_UNBOUND);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDTO, NUMBER (from), TEXT ("Dear friend"),
                                  NUMBER (11), NUMBER (0), ADDRESS (&in, sizeof in), NUMBER (sizeof in), END),
                   ==, 11);
  state = recorder_state (recorder, id);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_BOUND);
  g_assert_cmpuint (state->local_bytes, ==, sizeof in);
  recorder_fail (recorder, EDESTADDRREQ, TRAMA_CALL_SEND, NUMBER (from), TEXT ("x"), NUMBER (1), NUMBER (0),
                 END);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (from), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  state = recorder_state (recorder, id);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpmem (state->peer, state->peer_bytes, &in, sizeof in);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_GETPEERNAME, NUMBER (from), NOTHING, NOTHING, END), ==,
                   0);
  g_assert_cmpmem (recorder->call.args[1].bytes, recorder->call.args[1].size, &in, sizeof in);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (from),
                                  ADDRESS (&unspecified, sizeof unspecified), NUMBER (sizeof unspecified),
                                  END),
                   ==, 0);
  state = recorder_state (recorder, id);
  g_assert_cmpuint (state->role, !=, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (state->peer_bytes, ==, 0);

  /* The rest of a datagram is lost; MSG_TRUNC makes the result say how long it was, recv(2). */
  g_assert_cmpint (recorder_receive (recorder, to, 4, MSG_TRUNC), ==, 11);
  g_assert_cmpmem (recorder->call.args[1].bytes, recorder->call.args[1].size, "Dear", 4);
  g_assert_cmpint (recorder->call.args[1].number, ==, 4);
  recorder_fail (recorder, EAGAIN, TRAMA_CALL_RECV, NUMBER (to), NOTHING, NUMBER (64), NUMBER (MSG_DONTWAIT),
                 END);
}

static void
test_datagram_messages (Recorder *recorder, gconstpointer data)
{
  struct sockaddr_in to_in, from_in;
  gint64 to = recorder_make_bound (recorder, SOCK_DGRAM, &to_in),
         from = recorder_make_bound (recorder, SOCK_DGRAM, &from_in);

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDMSG, NUMBER (from), TEXT ("Dear friend"),
                                  NUMBER (11), ADDRESS (&to_in, sizeof to_in), NOTHING, NUMBER (0), END),
                   ==, 11);
  g_assert_cmpint (recorder_receive_message (recorder, to, 4, NOTHING, 0), ==, 4);
  recorder_assert_received (recorder, 1, "Dear", 0);
  g_assert_cmpmem (recorder->call.args[3].bytes, recorder->call.args[3].size, &from_in, sizeof from_in);
  g_assert_cmpint (recorder->call.args[6].number, ==, MSG_TRUNC);

  /* Nothing in it is something, not the end. */
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDTO, NUMBER (from), TEXT (""), NUMBER (0),
                                  NUMBER (0), ADDRESS (&to_in, sizeof to_in), NUMBER (sizeof to_in), END),
                   ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_RECVFROM, NUMBER (to), NOTHING, NUMBER (64),
                                  NUMBER (0), NOTHING, NOTHING, END),
                   ==, 0);
  g_assert_cmpmem (recorder->call.args[4].bytes, recorder->call.args[4].size, &from_in, sizeof from_in);
}

/* What has no room in the receiver's buffer is dropped, and only the kernel knows. */
static void
test_drops (Recorder *recorder, gconstpointer data)
{
  static const guint8 letter[500];
  const int small = 2304;
  struct sockaddr_in in;
  gint64 to = recorder_make_bound (recorder, SOCK_DGRAM, &in);
  gint64 from = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_DGRAM), NUMBER (0),
                               END);
  guint64 id;

  g_assert_cmpint (recorder_set_option (recorder, to, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), ==, 0);
  id = recorder->call.socket;
  g_assert_cmpuint (recorder_state (recorder, id)->drops, ==, 0);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDTO, NUMBER (from), BYTES (letter, sizeof letter),
                                    NUMBER (sizeof letter), NUMBER (0), ADDRESS (&in, sizeof in),
                                    NUMBER (sizeof in), END),
                     ==, sizeof letter);
  g_assert_cmpint (recorder_receive (recorder, to, sizeof letter, 0), ==, sizeof letter);
  g_assert_cmpuint (recorder_state (recorder, id)->drops, >, 0);
  g_assert_cmpuint (recorder_state (recorder, id)->drops, <, 10);
}

static gsize
unix_address (struct sockaddr_un *un, const char *name, gboolean is_abstract)
{
  *un = (struct sockaddr_un){ .sun_family = AF_UNIX };
  g_strlcpy (un->sun_path + is_abstract, name, sizeof un->sun_path - 1);
  return G_STRUCT_OFFSET (struct sockaddr_un, sun_path) + strlen (name) + 1;
}

static void
converse_over_unix (Recorder *recorder, const struct sockaddr_un *un, gsize size, int type)
{
  gint64 listener = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_UNIX), NUMBER (type), NUMBER (0),
                                   END);
  guint64 listener_id = recorder->call.made, client_id, accepted_id;
  gint64 client, accepted;
  const TramaSocketState *state;

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (listener), ADDRESS (un, size),
                                  NUMBER ((gint64) size), END),
                   ==, 0);
  g_assert_cmpuint (recorder_state (recorder, listener_id)->role, ==, TRAMA_ROLE_BOUND);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_LISTEN, NUMBER (listener), NUMBER (4), END), ==, 0);
  state = recorder_state (recorder, listener_id);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpuint (state->backlog, ==, 4);
  g_assert_cmpuint (state->accept_queue, ==, 0);
  g_assert_cmpmem (state->local, state->local_bytes, un, size);

  client = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_UNIX), NUMBER (type), NUMBER (0), END);
  client_id = recorder->call.made;
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (client), ADDRESS (un, size),
                                  NUMBER ((gint64) size), END),
                   ==, 0);
  state = recorder_state (recorder, client_id);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (state->peer_socket, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpint (recorder_get_option (recorder, listener, SOL_SOCKET, SO_ACCEPTCONN, NOTHING), ==, 0);
  g_assert_cmpuint (recorder_state (recorder, listener_id)->accept_queue, ==, 1);

  accepted = recorder_call (recorder, TRAMA_CALL_ACCEPT, NUMBER (listener), NOTHING, NOTHING, END);
  accepted_id = recorder->call.made;
  g_assert_cmpuint (recorder_state (recorder, accepted_id)->peer_socket, ==, client_id);
  g_assert_cmpuint (recorder_state (recorder, accepted_id)->type, ==, type);
  g_assert_cmpuint (recorder_state (recorder, listener_id)->accept_queue, ==, 0);
  g_assert_cmpint (recorder_send_text (recorder, client, "Hello", 0), ==, 5);
  g_assert_cmpuint (recorder_state (recorder, client_id)->peer_socket, ==, accepted_id);
  g_assert_cmpint (recorder_receive (recorder, accepted, 64, 0), ==, 5);
  recorder_assert_received (recorder, 1, "Hello", 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (listener), END), ==, 0);
}

static void
test_unix (Recorder *recorder, gconstpointer data)
{
  struct sockaddr_un un;
  gsize size = unix_address (&un, "phone", FALSE);
  gint64 other;

  converse_over_unix (recorder, &un, size, SOCK_STREAM);
  /* The name outlives its socket. */
  other = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_UNIX), NUMBER (SOCK_STREAM), NUMBER (0),
                         END);
  recorder_fail (recorder, EADDRINUSE, TRAMA_CALL_BIND, NUMBER (other), ADDRESS (&un, size),
                 NUMBER ((gint64) size), END);
  recorder_fail (recorder, ECONNREFUSED, TRAMA_CALL_CONNECT, NUMBER (other), ADDRESS (&un, size),
                 NUMBER ((gint64) size), END);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_UNLINK, TEXT ("phone"), END), ==, 0);
  g_assert_cmpint (recorder->call.fd, ==, -1);
  recorder_fail (recorder, ENOENT, TRAMA_CALL_UNLINK, TEXT ("phone"), END);
  converse_over_unix (recorder, &un, size, SOCK_SEQPACKET);
  recorder_fail (recorder, ECONNREFUSED, TRAMA_CALL_CONNECT, NUMBER (other), ADDRESS (&un, size),
                 NUMBER ((gint64) size), END);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_UNLINK, TEXT ("phone"), END), ==, 0);
}

static void
test_abstract (Recorder *recorder, gconstpointer data)
{
  g_autofree char *name = g_strdup_printf ("trama-test-%d", getpid ());
  struct sockaddr_un un;
  gsize size = unix_address (&un, name, TRUE);

  converse_over_unix (recorder, &un, size, SOCK_STREAM);
  converse_over_unix (recorder, &un, size, SOCK_STREAM);
}

static void
test_urgent (Recorder *recorder, gconstpointer data)
{
  gint64 client, accepted = recorder_make_connection (recorder, &client);

  g_assert_cmpint (recorder_send_text (recorder, client, "ab", 0), ==, 2);
  g_assert_cmpint (recorder_send_text (recorder, client, "!", MSG_OOB), ==, 1);
  g_assert_cmpuint (recorder->call.stream_offset, ==, 2);
  g_assert_cmpint (recorder_receive (recorder, accepted, 64, MSG_OOB), ==, 1);
  recorder_assert_received (recorder, 1, "!", 0);
  g_assert_cmpint (recorder_receive (recorder, accepted, 64, 0), ==, 2);
  recorder_assert_received (recorder, 1, "ab", 1);
}

/* MSG_TRUNC on a stream: the bytes are gone, nobody has seen them, tcp(7). */
static void
test_thrown_away (Recorder *recorder, gconstpointer data)
{
  gint64 client, accepted = recorder_make_connection (recorder, &client);

  g_assert_cmpint (recorder_send_text (recorder, client, "Hello?", 0), ==, 6);
  g_assert_cmpint (recorder_receive (recorder, accepted, 5, MSG_TRUNC), ==, 5);
  g_assert_cmpuint (recorder->call.args[1].kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpuint (recorder->call.args[1].size, ==, 0);
  g_assert_cmpint (recorder->call.args[1].number, ==, 5);
  g_assert_cmpint (recorder_receive (recorder, accepted, 5, 0), ==, 1);
  recorder_assert_received (recorder, 1, "?", 5);
}

static void
test_icmp (Recorder *recorder, gconstpointer data)
{
  /* An echo request: type 8, code 0, checksum, id 0x5452, sequence 1, "ping" (RFC 792). */
  const guint8 echo[12] = { 8, 0, 0xc9, 0xd1, 0x54, 0x52, 0, 1, 'p', 'i', 'n', 'g' };
  const struct sockaddr_in in = recorder_loopback (0);
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_DGRAM),
                             NUMBER (IPPROTO_ICMP), END);

  if (fd < 0)
    {
      g_assert_cmpint (recorder->call.error, ==, EACCES);
      g_test_skip ("no ICMP sockets for this group, net.ipv4.ping_group_range");
      return;
    }
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDTO, NUMBER (fd), BYTES (echo, sizeof echo),
                                  NUMBER (sizeof echo), NUMBER (0), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, sizeof echo);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_RECVFROM, NUMBER (fd), NOTHING, NUMBER (64),
                                  NUMBER (0), NOTHING, NOTHING, END),
                   ==, sizeof echo);
  g_assert_cmpuint (recorder->call.args[1].bytes[0], ==, 0); /* the reply */
}

static void
test_raw (Recorder *recorder, gconstpointer data)
{
  const struct sockaddr_in in = recorder_loopback (0);
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_RAW),
                             NUMBER (IPPROTO_ICMP), END);
  guint64 id = recorder->call.made;

  if (fd < 0)
    {
      g_assert_cmpint (recorder->call.error, ==, EPERM);
      return;
    }
  g_assert_cmpuint (recorder_state (recorder, id)->type, ==, SOCK_RAW);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_UNBOUND);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (fd), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_BOUND);
}

static void
test_inet6 (Recorder *recorder, gconstpointer data)
{
  const struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET6), NUMBER (SOCK_STREAM), NUMBER (0),
                             END);
  guint64 id = recorder->call.made;
  const TramaSocketState *state;

  if (fd < 0
      || recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (fd), ADDRESS (&in6, sizeof in6),
                        NUMBER (sizeof in6), END)
             < 0)
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  state = recorder_state (recorder, id);
  g_assert_cmpuint (state->domain, ==, AF_INET6);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_BOUND);
  g_assert_cmpuint (state->local_bytes, ==, sizeof in6);
  /* listen() does not need bind(): a socket without a port gets one. */
  fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET6), NUMBER (SOCK_STREAM), NUMBER (0), END);
  id = recorder->call.made;
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_LISTEN, NUMBER (fd), NUMBER (1), END), ==, 0);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpuint (recorder_state (recorder, id)->local_bytes, ==, sizeof in6);
}

/* Where ICMP sockets are for everybody. A process that failed there is good for nothing: hence a child tries first. */
static void
enter_loopback (void)
{
  static const TramaLabSettings settings = { .mtu = TRAMA_LOOPBACK_MTU, .congestion = "reno" };
  const char *step;
  int status = -1;
  pid_t child = fork ();

  if (child == 0)
    _exit (trama_loopback_enter (&step) == 0 ? 0 : 1);
  if (child > 0 && waitpid (child, &status, 0) == child && status == 0 && trama_loopback_enter (&step) == 0)
    g_free (trama_loopback_configure (&settings));
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Recorder *recorder, gconstpointer data);
  } tests[] = {
    { "/socket/messages/datagram-peer", test_datagram_peer },
    { "/socket/messages/datagram-messages", test_datagram_messages },
    { "/socket/messages/drops", test_drops },
    { "/socket/messages/unix", test_unix },
    { "/socket/messages/abstract", test_abstract },
    { "/socket/messages/urgent", test_urgent },
    { "/socket/messages/thrown-away", test_thrown_away },
    { "/socket/messages/icmp", test_icmp },
    { "/socket/messages/raw", test_raw },
    { "/socket/messages/inet6", test_inet6 },
  };

  enter_loopback ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Recorder, NULL, recorder_set_up, tests[i].test, recorder_tear_down);
  return g_test_run ();
}
