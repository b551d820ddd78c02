/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/socket/recorder.h"

#include "core/decode/address.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Every call on the real kernel: what it records, and what it makes of its sockets. */

static void
test_pair (Recorder *recorder, gconstpointer data)
{
  gint64 fds[2];
  guint64 ids[2];

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  g_assert_cmpint (recorder->call.fd, ==, -1);
  g_assert_cmpuint (recorder_state (recorder, ids[1])->peer_socket, ==, ids[0]);
  for (guint i = 0; i < 2; i++)
    {
      const TramaSocketState *state = recorder_state (recorder, ids[i]);

      g_assert_cmpint (state->fd, ==, fds[i]);
      g_assert_cmpuint (state->domain, ==, AF_UNIX);
      g_assert_cmpuint (state->type, ==, SOCK_STREAM);
      g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
      g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_UNKNOWN);
    }
  g_assert_cmpint (recorder_send_text (recorder, fds[0], "Hello", 0), ==, 5);
  g_assert_cmpuint (recorder->call.socket, ==, ids[0]);
  /* A look takes nothing away. */
  g_assert_cmpint (recorder_receive (recorder, fds[1], 64, MSG_PEEK), ==, 5);
  recorder_assert_received (recorder, 1, "Hello", 0);
  g_assert_cmpuint (recorder_state (recorder, ids[1])->receive_queue_bytes, ==, 5);
  g_assert_cmpint (recorder_receive (recorder, fds[1], 2, MSG_DONTWAIT), ==, 2);
  recorder_assert_received (recorder, 1, "He", 0);
  g_assert_cmpint (recorder_receive (recorder, fds[1], 64, 0), ==, 3);
  recorder_assert_received (recorder, 1, "llo", 2);
  recorder_fail (recorder, EAGAIN, TRAMA_CALL_RECV, NUMBER (fds[1]), NOTHING, NUMBER (64),
                 NUMBER (MSG_DONTWAIT), END);
  g_assert_cmpuint (recorder->call.args[1].kind, ==, TRAMA_VALUE_NONE);

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SHUTDOWN, NUMBER (fds[0]), NUMBER (SHUT_WR), END), ==,
                   0);
  g_assert_cmpint (recorder_receive (recorder, fds[1], 64, 0), ==, 0);
  recorder_assert_received (recorder, 1, "", 5);
  g_assert_cmpint (recorder_send_text (recorder, fds[1], "Bye", 0), ==, 3);
}

static void
test_dup (Recorder *recorder, gconstpointer data)
{
  gint64 fds[2], copy, third;
  guint64 ids[2];

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  copy = recorder_call (recorder, TRAMA_CALL_DUP, NUMBER (fds[0]), END);
  g_assert_cmpint (copy, >, fds[1]);
  g_assert_cmpuint (recorder->call.socket, ==, ids[0]);
  g_assert_cmpuint (recorder->call.made, ==, ids[0]);
  g_assert_cmpint (recorder_send_text (recorder, fds[0], "one", 0), ==, 3);
  g_assert_cmpint (recorder_send_text (recorder, copy, "two", 0), ==, 3);
  g_assert_cmpuint (recorder->call.socket, ==, ids[0]);
  g_assert_cmpuint (recorder->call.stream_offset, ==, 3);

  third = recorder_call (recorder, TRAMA_CALL_FCNTL, NUMBER (copy), NUMBER (F_DUPFD_CLOEXEC), NUMBER (50),
                         END);
  g_assert_cmpint (third, ==, 50);
  g_assert_cmpuint (recorder->call.made, ==, ids[0]);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (fds[0]), END), ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (copy), END), ==, 0);
  g_assert_cmpint (recorder_send_text (recorder, third, "six", 0), ==, 3);
  g_assert_cmpuint (recorder->call.stream_offset, ==, 6);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (fds[1]), END), ==, 0);
  g_assert_true (trama_caller_has_sockets (recorder->caller));
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (third), END), ==, 0);
  g_assert_false (trama_caller_has_sockets (recorder->caller));
  recorder_fail (recorder, EBADF, TRAMA_CALL_DUP, NUMBER (third), END);
}

/* A descriptor sent through a socket, unix(7): another number for the same socket. */
static void
test_rights (Recorder *recorder, gconstpointer data)
{
  gint64 fds[2], others[2];
  guint64 ids[2], other_ids[2];
  const int room[2] = { 0 };
  int sent;
  gint64 taken;

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  recorder_make_pair (recorder, SOCK_STREAM, others, other_ids);
  g_assert_cmpint (recorder_send_text (recorder, others[0], "abc", 0), ==, 3);
  sent = (int) others[0];
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDMSG, NUMBER (fds[0]), TEXT ("x"), NUMBER (1),
                                  NOTHING, BYTES (&sent, sizeof sent), NUMBER (0), END),
                   ==, 1);
  g_assert_cmpint (recorder_receive_message (recorder, fds[1], 64, BYTES (room, sizeof room), 0), ==, 1);
  recorder_assert_received (recorder, 1, "x", 0);
  g_assert_cmpuint (recorder->call.args[4].size, ==, sizeof (int));
  taken = recorder_int_of (&recorder->call.args[4], 0);
  g_assert_cmpint (taken, !=, sent);
  g_assert_cmpuint (recorder->call.made, ==, other_ids[0]);
  g_assert_cmpint (recorder->call.args[6].number, ==, 0);
  g_assert_cmpint (recorder_state (recorder, other_ids[0])->fd, ==, taken);
  g_assert_cmpint (recorder_send_text (recorder, taken, "de", 0), ==, 2);
  g_assert_cmpuint (recorder->call.socket, ==, other_ids[0]);
  g_assert_cmpuint (recorder->call.stream_offset, ==, 3);

  /* Who does not ask for it does not get it, and is told. */
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDMSG, NUMBER (fds[0]), TEXT ("y"), NUMBER (1),
                                  NOTHING, BYTES (&sent, sizeof sent), NUMBER (0), END),
                   ==, 1);
  g_assert_cmpint (recorder_receive_message (recorder, fds[1], 64, NOTHING, 0), ==, 1);
  g_assert_cmpuint (recorder->call.args[4].kind, ==, TRAMA_VALUE_NONE);
  g_assert_cmpint (recorder->call.args[6].number, ==, MSG_CTRUNC);
  g_assert_cmpuint (recorder->call.made, ==, TRAMA_SOCKET_NONE);
  sent = 900;
  recorder_fail (recorder, EBADF, TRAMA_CALL_SENDMSG, NUMBER (fds[0]), TEXT ("z"), NUMBER (1), NOTHING,
                 BYTES (&sent, sizeof sent), NUMBER (0), END);
}

/* A socket that comes from a process whose calls nobody recorded. */
static void
test_stranger (Recorder *recorder, gconstpointer data)
{
  const int room = 0;
  struct sockaddr_in in = recorder_loopback (0);
  gint64 fds[2];
  guint64 ids[2];
  int stranger = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const TramaSocketState *state;

  g_assert_cmpint (bind (stranger, (const struct sockaddr *) &in, sizeof in), ==, 0);
  g_assert_cmpint (listen (stranger, 3), ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_DUP, NUMBER (stranger), END), >=, 0);
  g_assert_cmpuint (recorder->call.socket, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (recorder_state (recorder, recorder->call.made)->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CLOSE, NUMBER (recorder->call.result), END), ==, 0);
  recorder_make_pair (recorder, SOCK_DGRAM, fds, ids);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SENDMSG, NUMBER (fds[0]), TEXT ("x"), NUMBER (1),
                                  NOTHING, BYTES (&stranger, sizeof stranger), NUMBER (0), END),
                   ==, 1);
  close (stranger);
  g_assert_cmpint (recorder_receive_message (recorder, fds[1], 64, BYTES (&room, sizeof room), 0), ==, 1);
  state = recorder_state (recorder, recorder->call.made);
  g_assert_cmpuint (state->domain, ==, AF_INET);
  g_assert_cmpuint (state->type, ==, SOCK_STREAM);
  g_assert_cmpuint (state->protocol, ==, IPPROTO_TCP);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_LISTEN);
  g_assert_cmpuint (state->backlog, ==, 3);
  g_assert_cmpuint (state->local_bytes, ==, sizeof in);
}

static void
test_options (Recorder *recorder, gconstpointer data)
{
  const struct linger linger = { 1, 3 };
  const int one = 1;
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET),
                             NUMBER (SOCK_STREAM | SOCK_CLOEXEC), NUMBER (IPPROTO_TCP), END);
  const TramaSocketState *state = recorder_state (recorder, recorder->call.made);
  TramaCall *call = &recorder->call;

  g_assert_cmpuint (state->type, ==, SOCK_STREAM);
  g_assert_cmpuint (state->protocol, ==, IPPROTO_TCP);
  g_assert_cmpint (recorder_set_option (recorder, fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), ==, 0);
  g_assert_cmpint (recorder_get_option (recorder, fd, SOL_SOCKET, SO_LINGER, NOTHING), ==, 0);
  g_assert_cmpuint (call->args[3].kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpmem (call->args[3].bytes, call->args[3].size, &linger, sizeof linger);
  g_assert_cmpint (call->args[4].number, ==, sizeof linger);
  g_assert_cmpint (recorder_set_option (recorder, fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &one, sizeof one), ==,
                   0);
  g_assert_cmpint (recorder_get_option (recorder, fd, IPPROTO_TCP, 1, NOTHING), ==, 0);
  g_assert_cmpint (recorder_int_of (&call->args[3], 0), ==, 1);
  g_assert_cmpint (recorder_get_option (recorder, fd, SOL_SOCKET, SO_ERROR, NOTHING), ==, 0);
  g_assert_cmpint (recorder_int_of (&call->args[3], 0), ==, 0);
  /* As much as was asked for, and no more. */
  g_assert_cmpint (recorder_get_option (recorder, fd, SOL_SOCKET, SO_LINGER, NUMBER (4)), ==, 0);
  g_assert_cmpuint (call->args[3].size, ==, 4);
  recorder_fail (recorder, ENOPROTOOPT, TRAMA_CALL_GETSOCKOPT, NUMBER (fd), NUMBER (SOL_SOCKET),
                 NUMBER (9999), NOTHING, NOTHING, END);
  g_assert_cmpuint (call->args[3].kind, ==, TRAMA_VALUE_NONE);
  recorder_fail (recorder, EINVAL, TRAMA_CALL_SETSOCKOPT, NUMBER (fd), NUMBER (SOL_SOCKET),
                 NUMBER (SO_KEEPALIVE), BYTES (&one, 1), NUMBER (1), END);
  recorder_fail (recorder, ENOTCONN, TRAMA_CALL_GETPEERNAME, NUMBER (fd), NOTHING, NOTHING, END);
}

static void
test_fcntl (Recorder *recorder, gconstpointer data)
{
  gint64 fds[2];
  guint64 ids[2];

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  g_assert_cmpint (
      recorder_call (recorder, TRAMA_CALL_FCNTL, NUMBER (fds[0]), NUMBER (F_GETFL), NUMBER (0), END), ==,
      O_RDWR);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_FCNTL, NUMBER (fds[0]), NUMBER (F_SETFL),
                                  NUMBER (O_RDWR | O_NONBLOCK), END),
                   ==, 0);
  g_assert_cmpint (
      recorder_call (recorder, TRAMA_CALL_FCNTL, NUMBER (fds[0]), NUMBER (F_GETFL), NUMBER (0), END), ==,
      O_RDWR | O_NONBLOCK);
  g_assert_cmpuint (recorder->call.made, ==, TRAMA_SOCKET_NONE);
  recorder_fail (recorder, EAGAIN, TRAMA_CALL_READ, NUMBER (fds[0]), NOTHING, NUMBER (1), END);
  recorder_fail (recorder, EBADF, TRAMA_CALL_FCNTL, NUMBER (900), NUMBER (F_GETFL), NUMBER (0), END);
}

static gint64
poll_both (Recorder *recorder, struct pollfd *fds, gint64 timeout)
{
  return recorder_call (recorder, TRAMA_CALL_POLL, BYTES (fds, 2 * sizeof *fds), NUMBER (2), NUMBER (timeout),
                        END);
}

static void
test_poll (Recorder *recorder, gconstpointer data)
{
  gint64 fds[2];
  guint64 ids[2];
  struct pollfd items[2], back[2];

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  items[0] = (struct pollfd){ (int) fds[0], POLLIN, 0 };
  items[1] = (struct pollfd){ (int) fds[1], POLLIN, 0 };
  g_assert_cmpint (poll_both (recorder, items, 0), ==, 0);
  g_assert_cmpint (recorder->call.fd, ==, -1);
  g_assert_cmpuint (recorder->call.socket, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpint (poll_both (recorder, items, 20), ==, 0);
  g_assert_cmpuint (recorder->call.flags, ==, TRAMA_CALL_SLEPT);
  g_assert_cmpint (recorder->call.exit_ns - recorder->call.entry_ns, >=, 20 * 1000 * 1000);
  g_assert_cmpint (recorder_send_text (recorder, fds[0], "Hi", 0), ==, 2);
  g_assert_cmpint (poll_both (recorder, items, -1), ==, 1);
  g_assert_cmpuint (recorder->call.args[0].size, ==, sizeof back);
  memcpy (back, recorder->call.args[0].bytes, sizeof back);
  g_assert_cmpint (back[0].revents, ==, 0);
  g_assert_cmpint (back[1].fd, ==, fds[1]);
  g_assert_cmpint (back[1].revents, ==, POLLIN);
  /* What was asked with is the caller's, and stays as it was. */
  g_assert_cmpint (items[1].revents, ==, 0);
  g_assert_cmpuint (recorder_state (recorder, ids[1])->receive_queue_bytes, ==, 2);
}

/* connect() does not wait: the role is known when the kernel says how it went. */
static void
test_nonblocking_connect (Recorder *recorder, gconstpointer data)
{
  struct sockaddr_in in, nowhere;
  gint64 listener = recorder_make_listener (recorder, &in);
  gint64 unused = recorder_make_bound (recorder, SOCK_STREAM, &nowhere);
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET),
                             NUMBER (SOCK_STREAM | SOCK_NONBLOCK), NUMBER (0), END);
  guint64 id = recorder->call.made;
  struct pollfd item = { (int) fd, POLLOUT, 0 };
  gint64 accepted;

  recorder_fail (recorder, EINPROGRESS, TRAMA_CALL_CONNECT, NUMBER (fd), ADDRESS (&in, sizeof in),
                 NUMBER (sizeof in), END);
  g_assert_cmpint (
      recorder_call (recorder, TRAMA_CALL_POLL, BYTES (&item, sizeof item), NUMBER (1), NUMBER (-1), END), ==,
      1);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (recorder_state (recorder, id)->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (recorder_state (recorder, id)->peer_bytes, ==, sizeof in);
  /* Asked a second time it says how the first went, whatever the address; then that it is connected. */
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (fd), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  recorder_fail (recorder, EISCONN, TRAMA_CALL_CONNECT, NUMBER (fd), ADDRESS (&nowhere, sizeof nowhere),
                 NUMBER (sizeof nowhere), END);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_CONNECTED);

  accepted = recorder_call (recorder, TRAMA_CALL_ACCEPT4, NUMBER (listener), NOTHING, NOTHING,
                            NUMBER (SOCK_NONBLOCK), END);
  g_assert_cmpint (fcntl ((int) accepted, F_GETFL), ==, O_RDWR | O_NONBLOCK);
  g_assert_cmpuint (recorder_state (recorder, recorder->call.made)->role, ==, TRAMA_ROLE_CONNECTED);

  fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_STREAM | SOCK_NONBLOCK),
                      NUMBER (0), END);
  id = recorder->call.made;
  item.fd = (int) fd;
  recorder_fail (recorder, EINPROGRESS, TRAMA_CALL_CONNECT, NUMBER (fd), ADDRESS (&nowhere, sizeof nowhere),
                 NUMBER (sizeof nowhere), END);
  g_assert_cmpint (
      recorder_call (recorder, TRAMA_CALL_POLL, BYTES (&item, sizeof item), NUMBER (1), NUMBER (-1), END), ==,
      1);
  g_assert_cmpuint (recorder_state (recorder, id)->role, ==, TRAMA_ROLE_ACTIVE);
  g_assert_cmpint (recorder_get_option (recorder, fd, SOL_SOCKET, SO_ERROR, NOTHING), ==, 0);
  g_assert_cmpint (recorder_int_of (&recorder->call.args[3], 0), ==, ECONNREFUSED);
  close ((int) unused);
}

typedef struct
{
  int fd;
  gsize size;
} Flood;

static gpointer
pour (gpointer user_data)
{
  const Flood *flood = user_data;
  g_autofree guint8 *bytes = g_malloc0 (flood->size);

  for (gsize at = 0; at < flood->size;)
    {
      gssize n = write (flood->fd, bytes + at, flood->size - at);

      g_assert_cmpint (n, >, 0);
      at += (gsize) n;
    }
  return NULL;
}

/* The most one call may ask for, and a transfer that stops half way. */
static void
test_large (Recorder *recorder, gconstpointer data)
{
  static guint8 bytes[TRAMA_CALLER_BUFFER_BYTES];
  gint64 client, accepted = recorder_make_connection (recorder, &client), sent;
  Flood flood = { (int) client, TRAMA_CALLER_BUFFER_BYTES };
  GThread *thread = g_thread_new ("pour", pour, &flood);
  const TramaCall *back;

  g_assert_cmpint (recorder_receive (recorder, accepted, TRAMA_CALLER_BUFFER_BYTES, MSG_WAITALL), ==,
                   TRAMA_CALLER_BUFFER_BYTES);
  g_assert_cmpuint (recorder->call.args[1].size, ==, TRAMA_CALLER_BUFFER_BYTES);
  g_thread_join (thread);
  back = &recorder->call;
  g_assert_cmpint (back->args[1].number, ==, TRAMA_CALLER_BUFFER_BYTES);

  for (sent = 0; recorder->call.error != EAGAIN;)
    {
      gint64 n = recorder_call (recorder, TRAMA_CALL_SEND, NUMBER (accepted), BYTES (bytes, sizeof bytes),
                                NUMBER (sizeof bytes), NUMBER (MSG_DONTWAIT), END);

      g_assert_cmpuint (recorder->call.stream_offset, ==, sent);
      sent += MAX (n, 0);
    }
  g_assert_cmpint (sent % (gint64) sizeof bytes, !=, 0);
  g_assert_cmpuint (recorder_state (recorder, recorder->call.socket)->send_queue_bytes, >, 0);
}

static void
do_nothing (int number)
{
}

static void
test_interrupted (Recorder *recorder, gconstpointer data)
{
  const struct itimerval soon = { .it_value = { .tv_usec = 20000 }, .it_interval = { .tv_usec = 20000 } };
  const struct itimerval never = { 0 };
  struct sigaction action = { .sa_handler = do_nothing };
  gint64 fds[2];
  guint64 ids[2];

  recorder_make_pair (recorder, SOCK_STREAM, fds, ids);
  sigaction (SIGALRM, &action, NULL);
  setitimer (ITIMER_REAL, &soon, NULL);
  recorder_fail (recorder, EINTR, TRAMA_CALL_READ, NUMBER (fds[0]), NOTHING, NUMBER (1), END);
  setitimer (ITIMER_REAL, &never, NULL);
  g_assert_cmpuint (recorder->call.flags, ==, TRAMA_CALL_SLEPT);
  action.sa_handler = SIG_DFL;
  sigaction (SIGALRM, &action, NULL);
}

/* A load is sampled now and then, and every call of it recorded; what fails is looked at. */
static void
test_load (Recorder *recorder, gconstpointer data)
{
  enum
  {
    N_CALLS = 4000,
  };
  gint64 fds[2];
  guint64 ids[2];
  guint before;

  recorder_make_pair (recorder, SOCK_DGRAM, fds, ids);
  before = recorder->events->len;
  for (guint i = 0; i < N_CALLS; i++)
    {
      TramaCall call = { .name = TRAMA_CALL_SEND, .n_args = 4 };

      call.args[0] = argument_number (fds[0]).value;
      call.args[1] = argument_text ("x").value;
      call.args[2] = argument_number (1).value;
      call.args[3] = argument_number (MSG_DONTWAIT).value;
      g_assert_cmpint (trama_caller_call (recorder->caller, &call), ==, 1);
      call.name = TRAMA_CALL_RECV;
      call.args[0] = argument_number (fds[1]).value;
      call.args[1].kind = TRAMA_VALUE_NONE;
      g_assert_cmpint (trama_caller_call (recorder->caller, &call), ==, 1);
      g_assert_cmpuint (call.stream_offset, ==, i);
    }
  g_assert_cmpuint (recorder_count (recorder, TRAMA_EVENT_RETURN), ==, 2 * N_CALLS + 1);
  g_assert_cmpuint (recorder->events->len - before, >=, 4 * N_CALLS + 2 * TRAMA_CALLER_LOAD_CALLS);
  g_assert_cmpuint (recorder->events->len - before, <, 5 * N_CALLS);
  recorder_fail (recorder, EAGAIN, TRAMA_CALL_RECV, NUMBER (fds[1]), NOTHING, NUMBER (1),
                 NUMBER (MSG_DONTWAIT), END);
  g_assert_cmpint (recorder_at (recorder, recorder->events->len - 1)->kind, ==, TRAMA_EVENT_SOCKET_STATE);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Recorder *recorder, gconstpointer data);
  } tests[] = {
    { "/socket/calls/pair", test_pair },
    { "/socket/calls/dup", test_dup },
    { "/socket/calls/rights", test_rights },
    { "/socket/calls/stranger", test_stranger },
    { "/socket/calls/options", test_options },
    { "/socket/calls/fcntl", test_fcntl },
    { "/socket/calls/poll", test_poll },
    { "/socket/calls/nonblocking-connect", test_nonblocking_connect },
    { "/socket/calls/large", test_large },
    { "/socket/calls/interrupted", test_interrupted },
    { "/socket/calls/load", test_load },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Recorder, NULL, recorder_set_up, tests[i].test, recorder_tear_down);
  return g_test_run ();
}
