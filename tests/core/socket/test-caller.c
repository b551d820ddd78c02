/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller.h"

#include "core/decode/address.h"
#include "core/lab/loopback.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACTOR 7
#define GUARD_S 60

/* What the caller recorded. Addresses are copied, data is looked at as it comes. */
typedef struct
{
  TramaCaller *caller;
  GArray *events; /* of TramaEvent; the pointers in them are dead */
  GArray *locals; /* of TramaEndpoint, by event; of states */
  GArray *peers;
  pid_t thread;
  _Atomic guint entered; /* calls whose entry was recorded */
  gboolean is_slow;      /* it sleeps before it has recorded one */
} Recorder;

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Recorder *recorder = user_data;
  TramaEndpoint local = { 0 }, peer = { 0 };

  if (event->kind == TRAMA_EVENT_SOCKET_STATE)
    {
      trama_endpoint_from_address (&local, event->state.local, event->state.local_bytes);
      trama_endpoint_from_address (&peer, event->state.peer, event->state.peer_bytes);
    }
  g_array_append_val (recorder->events, *event);
  g_array_append_val (recorder->locals, local);
  g_array_append_val (recorder->peers, peer);
  if (event->kind == TRAMA_EVENT_CALL && recorder->is_slow)
    g_usleep (2000);
  if (event->kind == TRAMA_EVENT_CALL)
    recorder->entered++;
}

static void
recorder_set_up (Recorder *recorder, gconstpointer data)
{
  alarm (GUARD_S);
  recorder->events = g_array_new (FALSE, FALSE, sizeof (TramaEvent));
  recorder->locals = g_array_new (FALSE, FALSE, sizeof (TramaEndpoint));
  recorder->peers = g_array_new (FALSE, FALSE, sizeof (TramaEndpoint));
  recorder->thread = (pid_t) syscall (SYS_gettid);
  recorder->caller = trama_caller_new (ACTOR, 0, on_event, recorder);
}

static void
recorder_tear_down (Recorder *recorder, gconstpointer data)
{
  trama_caller_free (recorder->caller);
  g_array_unref (recorder->events);
  g_array_unref (recorder->locals);
  g_array_unref (recorder->peers);
  alarm (0);
}

static const TramaEvent *
event_at (const Recorder *recorder, guint index)
{
  g_assert_cmpuint (index, <, recorder->events->len);
  return &g_array_index (recorder->events, TramaEvent, index);
}

/* The last state of @socket, and where its addresses are. */
static const TramaSocketState *
last_state (const Recorder *recorder, guint64 socket, TramaEndpoint *local, TramaEndpoint *peer)
{
  for (guint i = recorder->events->len; i-- > 0;)
    {
      const TramaEvent *event = event_at (recorder, i);

      if (event->kind != TRAMA_EVENT_SOCKET_STATE || event->state.socket != socket)
        continue;
      *local = g_array_index (recorder->locals, TramaEndpoint, i);
      *peer = g_array_index (recorder->peers, TramaEndpoint, i);
      return &event->state;
    }
  g_assert_not_reached ();
}

static TramaValue
number (gint64 value)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = value };
}

static TramaValue
data (const char *text)
{
  return (TramaValue){ .kind = TRAMA_VALUE_DATA,
                       .number = (gint64) strlen (text),
                       .size = (guint32) strlen (text),
                       .bytes = (const guint8 *) text };
}

static struct sockaddr_in
loopback (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
}

static TramaValue
address (const struct sockaddr_in *in)
{
  return (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .size = sizeof *in, .bytes = (const guint8 *) in };
}

/* Makes the call and checks what is true of every call. Whatever was in *@call before must not matter. */
static gint64
make (Recorder *recorder, TramaCall *call, guint16 name, guint16 n_args, const TramaValue *args)
{
  guint before = recorder->events->len;
  const TramaCall *entry, *back;
  gint64 result;

  memset (call, 0xa5, sizeof *call);
  call->name = name;
  call->n_args = n_args;
  call->line = 12;
  memset (call->args, 0, sizeof call->args);
  memcpy (call->args, args, n_args * sizeof *args);
  result = trama_caller_call (recorder->caller, call);

  g_assert_cmpint (event_at (recorder, before)->kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpint (event_at (recorder, before + 1)->kind, ==, TRAMA_EVENT_RETURN);
  for (guint i = before + 2; i < recorder->events->len; i++)
    {
      g_assert_cmpint (event_at (recorder, i)->kind, ==, TRAMA_EVENT_SOCKET_STATE);
      g_assert_cmpint (event_at (recorder, i)->state.time_ns, >=, call->exit_ns);
      g_assert_cmpuint (event_at (recorder, i)->state.actor, ==, ACTOR);
    }
  entry = &event_at (recorder, before)->call;
  back = &event_at (recorder, before + 1)->call;
  g_assert_cmpuint (entry->id >> 32, ==, ACTOR);
  g_assert_cmpuint (entry->id & G_MAXUINT32, ==, recorder->entered);
  g_assert_cmpuint (entry->id, ==, back->id);
  g_assert_cmpuint (entry->actor, ==, ACTOR);
  g_assert_cmpuint (entry->line, ==, 12);
  g_assert_cmpuint (entry->name, ==, name);
  g_assert_cmpint (entry->exit_ns, ==, TRAMA_TIME_NONE);
  g_assert_cmpint (entry->result, ==, 0);
  g_assert_cmpint (entry->error, ==, 0);
  g_assert_cmpuint (entry->made, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (entry->flags, ==, 0);
  g_assert_cmpint (entry->entry_ns, ==, back->entry_ns);
  g_assert_cmpint (back->entry_ns, <=, back->exit_ns);
  g_assert_cmpint (back->result, ==, result);
  g_assert_cmpint (call->result, ==, result);
  if (result >= 0)
    g_assert_cmpint (back->error, ==, 0);
  else
    g_assert_cmpint (back->error, >, 0);
  g_assert_cmpuint (back->flags & ~(guint) TRAMA_CALL_SLEPT, ==, 0);
  g_assert_cmpuint (back->socket, ==, entry->socket);
  g_assert_cmpuint (back->stream_offset, ==, entry->stream_offset);
  return result;
}

/* A new socket; its descriptor in @fd, its identity returned. */
static guint64
make_socket (Recorder *recorder, int type, gint64 *fd)
{
  const TramaValue args[] = { number (AF_INET), number (type), number (0) };
  TramaEndpoint local, peer;
  const TramaSocketState *state;
  TramaCall call;

  *fd = make (recorder, &call, TRAMA_CALL_SOCKET, 3, args);
  g_assert_cmpint (*fd, >=, 0);
  g_assert_cmpint (call.fd, ==, -1);
  g_assert_cmpuint (call.socket, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (call.made, !=, TRAMA_SOCKET_NONE);
  state = last_state (recorder, call.made, &local, &peer);
  g_assert_cmpint (state->fd, ==, *fd);
  g_assert_cmpuint (state->domain, ==, AF_INET);
  g_assert_cmpuint (state->type, ==, type);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_UNBOUND);
  g_assert_cmpuint (state->tcp_state, ==, type == SOCK_STREAM ? TRAMA_TCP_CLOSED : TRAMA_TCP_UNKNOWN);
  g_assert_cmpuint (local.family, ==, 0);
  g_assert_cmpuint (peer.family, ==, 0);
  return call.made;
}

/* Binds to a port of 127.0.0.1 and returns which. */
static guint16
make_bind (Recorder *recorder, guint64 socket, gint64 fd, guint16 port)
{
  const struct sockaddr_in in = loopback (port);
  const TramaValue args[] = { number (fd), address (&in), number (sizeof in) };
  TramaEndpoint local, peer;
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_BIND, 3, args), ==, 0);
  g_assert_cmpint (call.fd, ==, fd);
  g_assert_cmpuint (call.socket, ==, socket);
  g_assert_cmpuint (last_state (recorder, socket, &local, &peer)->role, ==, TRAMA_ROLE_BOUND);
  g_assert_cmpuint (local.family, ==, AF_INET);
  g_assert_cmpuint (local.port, !=, 0);
  if (port != 0)
    g_assert_cmpuint (local.port, ==, port);
  g_assert_cmpuint (peer.family, ==, 0);
  return local.port;
}

static void
make_listen (Recorder *recorder, guint64 socket, gint64 fd)
{
  const TramaValue args[] = { number (fd), number (5) };
  TramaEndpoint local, peer;
  const TramaSocketState *state;
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_LISTEN, 2, args), ==, 0);
  state = last_state (recorder, socket, &local, &peer);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_PASSIVE);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_LISTEN);
  g_assert_cmpuint (state->backlog, ==, 5);
  g_assert_cmpuint (state->accept_queue, ==, 0);
}

/* Reads, and expects @text with what went before it on this socket. */
static void
make_read (Recorder *recorder, gint64 fd, const char *text, guint64 offset, gboolean slept)
{
  const TramaValue args[] = { number (fd), { 0 }, number (64) };
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_READ, 3, args), ==, strlen (text));
  g_assert_cmpuint (call.args[1].kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpmem (call.args[1].bytes, call.args[1].size, text, strlen (text));
  g_assert_cmpint (call.args[1].number, ==, strlen (text));
  g_assert_cmpuint (call.stream_offset, ==, offset);
  g_assert_cmpint ((call.flags & TRAMA_CALL_SLEPT) != 0, ==, slept);
}

static void
make_write (Recorder *recorder, gint64 fd, const char *text, guint64 offset)
{
  const TramaValue args[] = { number (fd), data (text), number ((gint64) strlen (text)) };
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_WRITE, 3, args), ==, strlen (text));
  g_assert_cmpuint (call.stream_offset, ==, offset);
}

/* After close() there is nothing left to sample, and the number names nothing. */
static void
make_close (Recorder *recorder, guint64 socket, gint64 fd)
{
  const TramaValue args[] = { number (fd) };
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_CLOSE, 1, args), ==, 0);
  g_assert_cmpuint (call.socket, ==, socket);
  g_assert_cmpint (event_at (recorder, recorder->events->len - 1)->kind, ==, TRAMA_EVENT_RETURN);
}

/* Another process's part, played by a thread with calls of its own. */
typedef struct
{
  Recorder *recorder;
  guint16 port;
  guint calls_before; /* of the caller, when the thread begins */
} Peer;

/* Until the caller sleeps in its @n-th call from now. */
static void
wait_until_it_sleeps (Peer *peer, guint n)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/stat", peer->recorder->thread);

  for (;;)
    {
      g_autofree char *text = NULL;
      const char *state;

      g_usleep (1000);
      if (peer->recorder->entered < peer->calls_before + n)
        continue;
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      state = strrchr (text, ')');
      if (state != NULL && state[2] == 'S')
        return;
    }
}

static gpointer
dial (gpointer user_data)
{
  Peer *peer = user_data;
  const struct sockaddr_in in = loopback (peer->port);
  char byte;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  wait_until_it_sleeps (peer, 1); /* accept */
  g_assert_cmpint (connect (fd, (const struct sockaddr *) &in, sizeof in), ==, 0);
  wait_until_it_sleeps (peer, 2); /* read */
  g_assert_cmpint (write (fd, "Hello", 5), ==, 5);
  wait_until_it_sleeps (peer, 3); /* read */
  g_assert_cmpint (write (fd, "?\n", 2), ==, 2);
  /* The answer has come; more follows before it is asked for. */
  while (read (fd, &byte, 1) == 1 && byte != '!')
    ;
  g_assert_cmpint (write (fd, "Fine", 4), ==, 4);
  close (fd);
  return NULL;
}

static void
wait_for_input (gint64 fd)
{
  struct pollfd poll_fd = { .fd = (int) fd, .events = POLLIN };

  g_assert_cmpint (poll (&poll_fd, 1, GUARD_S * 1000), ==, 1);
}

/* The whole life of a server, with a client that lets it wait where it should. */
static void
serve (Recorder *recorder, guint16 wanted_port)
{
  gint64 listener, connection;
  guint64 listener_id = make_socket (recorder, SOCK_STREAM, &listener);
  guint16 port = make_bind (recorder, listener_id, listener, wanted_port);
  const TramaValue accept_args[] = { number (listener), { 0 }, { 0 } };
  Peer peer = { recorder, port, 0 };
  TramaEndpoint local, remote, from;
  const TramaSocketState *state;
  GThread *thread;
  TramaCall call;

  make_listen (recorder, listener_id, listener);
  peer.calls_before = recorder->entered;
  thread = g_thread_new ("peer", dial, &peer);
  connection = make (recorder, &call, TRAMA_CALL_ACCEPT, 3, accept_args);
  g_assert_cmpint (connection, >=, 0);
  g_assert_cmpint (connection, !=, listener);
  g_assert_cmpuint (call.socket, ==, listener_id);
  g_assert_cmpuint (call.made, !=, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (call.made, !=, listener_id);
  g_assert_cmpuint (call.flags & TRAMA_CALL_SLEPT, !=, 0);
  g_assert_true (trama_endpoint_from_address (&from, call.args[1].bytes, call.args[1].size));
  g_assert_cmpint (call.args[2].number, ==, sizeof (struct sockaddr_in));

  state = last_state (recorder, call.made, &local, &remote);
  g_assert_cmpint (state->fd, ==, connection);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (state->type, ==, SOCK_STREAM);
  g_assert_cmpuint (local.port, ==, port);
  g_assert_true (trama_endpoint_equal (&remote, &from));
  g_assert_cmpuint (last_state (recorder, listener_id, &local, &remote)->tcp_state, ==, TRAMA_TCP_LISTEN);

  make_read (recorder, connection, "Hello", 0, TRUE);
  make_read (recorder, connection, "?\n", 5, TRUE);
  make_write (recorder, connection, "Speaking", 0);
  make_write (recorder, connection, "!", 8);
  g_thread_join (thread);
  wait_for_input (connection);
  make_read (recorder, connection, "Fine", 7, FALSE);
  make_read (recorder, connection, "", 11, FALSE);
  g_assert_cmpuint (last_state (recorder, call.made, &local, &remote)->tcp_state, ==, TRAMA_TCP_CLOSE_WAIT);
  make_close (recorder, call.made, connection);
  make_close (recorder, listener_id, listener);
}

static void
test_stream (Recorder *recorder, gconstpointer user_data)
{
  serve (recorder, 0);
}

/* The other side: it opens, and closes first. */
static void
test_connect (Recorder *recorder, gconstpointer user_data)
{
  struct sockaddr_in in = loopback (0);
  socklen_t size = sizeof in;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TramaValue args[] = { { 0 }, address (&in), number (sizeof in) };
  TramaEndpoint local, peer;
  const TramaSocketState *state;
  guint64 id;
  TramaCall call;

  g_assert_cmpint (bind (listener, (const struct sockaddr *) &in, sizeof in), ==, 0);
  g_assert_cmpint (listen (listener, 5), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *) &in, &size), ==, 0);

  id = make_socket (recorder, SOCK_STREAM, &args[0].number);
  args[0].kind = TRAMA_VALUE_NUMBER;
  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_CONNECT, 3, args), ==, 0);
  state = last_state (recorder, id, &local, &peer);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_ESTABLISHED);
  g_assert_cmpuint (state->cwnd_segments, >, 0);
  g_assert_cmpuint (local.port, !=, 0);
  g_assert_cmpuint (local.address[0], ==, 127);
  g_assert_cmpuint (peer.port, ==, ntohs (in.sin_port));
  make_close (recorder, id, args[0].number);
  close (listener);
}

static void
assert_fails (Recorder *recorder, guint16 name, guint16 n_args, const TramaValue *args, int error)
{
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, name, n_args, args), ==, -1);
  g_assert_cmpint (call.error, ==, error);
  g_assert_cmpuint (call.made, ==, TRAMA_SOCKET_NONE);
}

static void
test_errors (Recorder *recorder, gconstpointer user_data)
{
  const TramaValue nonsense[] = { number (AF_INET), number (99), number (0) };
  const TramaValue nowhere[] = { number (1000000) };
  const TramaValue negative[] = { number (-1), { 0 }, number (64) };
  gint64 fd, other;
  guint64 id = make_socket (recorder, SOCK_STREAM, &fd);
  guint64 other_id = make_socket (recorder, SOCK_STREAM, &other);
  const struct sockaddr_in taken = loopback (make_bind (recorder, id, fd, 0));
  const TramaValue bind_args[] = { number (other), address (&taken), number (sizeof taken) };
  const TramaValue read_args[] = { number (other), { 0 }, number (64) };
  TramaEndpoint local, peer;
  const TramaSocketState *state;

  assert_fails (recorder, TRAMA_CALL_SOCKET, 3, nonsense, EINVAL);
  assert_fails (recorder, TRAMA_CALL_CLOSE, 1, nowhere, EBADF);
  assert_fails (recorder, TRAMA_CALL_READ, 3, negative, EBADF);
  assert_fails (recorder, TRAMA_CALL_BIND, 3, bind_args, EADDRINUSE);
  assert_fails (recorder, TRAMA_CALL_READ, 3, read_args, ENOTCONN);
  g_assert_cmpuint (last_state (recorder, other_id, &local, &peer)->role, ==, TRAMA_ROLE_UNBOUND);

  /* Nobody listens there: it is bound, no more. */
  assert_fails (recorder, TRAMA_CALL_CONNECT, 3, bind_args, ECONNREFUSED);
  state = last_state (recorder, other_id, &local, &peer);
  g_assert_cmpuint (state->role, ==, TRAMA_ROLE_ACTIVE);
  g_assert_cmpuint (state->tcp_state, ==, TRAMA_TCP_CLOSED);
  g_assert_cmpuint (peer.family, ==, 0);
  make_close (recorder, other_id, other);
  make_close (recorder, id, fd);
  /* The number is free now, and nobody's. */
  assert_fails (recorder, TRAMA_CALL_CLOSE, 1, &bind_args[0], EBADF);
  g_assert_cmpuint (event_at (recorder, recorder->events->len - 1)->call.socket, ==, TRAMA_SOCKET_NONE);
}

static void
test_datagrams (Recorder *recorder, gconstpointer user_data)
{
  gint64 from, to;
  guint64 from_id = make_socket (recorder, SOCK_DGRAM, &from);
  guint64 to_id = make_socket (recorder, SOCK_DGRAM, &to);
  const struct sockaddr_in in = loopback (make_bind (recorder, to_id, to, 0));
  const TramaValue send_args[] = { number (from), data ("Dear"), number (4),
                                   number (0),    address (&in), number (sizeof in) };
  const TramaValue receive_args[] = { number (to), { 0 }, number (3), number (0), { 0 }, { 0 } };
  TramaEndpoint local, peer, sender;
  TramaCall call;

  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_SENDTO, 6, send_args), ==, 4);
  g_assert_cmpuint (call.stream_offset, ==, 0);
  g_assert_cmpuint (last_state (recorder, from_id, &local, &peer)->tcp_state, ==, TRAMA_TCP_UNKNOWN);
  g_assert_cmpuint (local.port, !=, 0);
  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_SENDTO, 6, send_args), ==, 4);
  g_assert_cmpuint (call.stream_offset, ==, 4);

  /* What has no room in the buffer is lost, as with every datagram. */
  wait_for_input (to);
  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_RECVFROM, 6, receive_args), ==, 3);
  g_assert_cmpmem (call.args[1].bytes, call.args[1].size, "Dea", 3);
  g_assert_cmpuint (call.flags & TRAMA_CALL_SLEPT, ==, 0);
  g_assert_true (trama_endpoint_from_address (&sender, call.args[4].bytes, call.args[4].size));
  g_assert_cmpuint (sender.port, ==, local.port);
  g_assert_cmpint (call.args[5].number, ==, sizeof in);
  g_assert_cmpuint (last_state (recorder, to_id, &local, &peer)->receive_queue_bytes, ==, 4);
  g_assert_cmpint (make (recorder, &call, TRAMA_CALL_RECVFROM, 6, receive_args), ==, 3);
  g_assert_cmpuint (call.stream_offset, ==, 3);
  make_close (recorder, from_id, from);
  make_close (recorder, to_id, to);
}

/* What its record has to wait for is no sleep of the call. */
static void
test_slow_record (Recorder *recorder, gconstpointer user_data)
{
  guint64 id;
  gint64 fd;

  recorder->is_slow = TRUE;
  id = make_socket (recorder, SOCK_DGRAM, &fd);
  for (guint i = 0; i < recorder->events->len; i++)
    if (event_at (recorder, i)->kind == TRAMA_EVENT_RETURN)
      g_assert_cmpuint (event_at (recorder, i)->call.flags & TRAMA_CALL_SLEPT, ==, 0);
  make_close (recorder, id, fd);
}

/* Only what is bound on the host's loopback may take over a port in TIME-WAIT. */
static void
test_reuse (Recorder *recorder, gconstpointer user_data)
{
  const TramaValue args[] = { number (AF_INET), number (SOCK_STREAM), number (0) };
  g_autoptr (TramaCaller) host = trama_caller_new (ACTOR, TRAMA_CALLER_REUSE_ADDRESS, on_event, recorder);
  TramaCall call = { .name = TRAMA_CALL_SOCKET, .n_args = 3 };
  int value;
  socklen_t size = sizeof value;
  gint64 fd;

  make_socket (recorder, SOCK_STREAM, &fd);
  g_assert_cmpint (getsockopt ((int) fd, SOL_SOCKET, SO_REUSEADDR, &value, &size), ==, 0);
  g_assert_cmpint (value, ==, 0);
  close ((int) fd);
  memcpy (call.args, args, sizeof args);
  fd = trama_caller_call (host, &call);
  g_assert_cmpint (getsockopt ((int) fd, SOL_SOCKET, SO_REUSEADDR, &value, &size), ==, 0);
  g_assert_cmpint (value, ==, 1);
  close ((int) fd);
}

#define EXIT_REFUSED 77

/* In a loopback of its own every port is free, also the first thousand. */
static void
test_private (Recorder *recorder, gconstpointer user_data)
{
  int pipe_fds[2], status;
  char reason[128] = { 0 };
  pid_t child;

  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      const char *step;
      int error = trama_loopback_enter (&step);

      alarm (GUARD_S);
      if (error != 0)
        {
          dprintf (pipe_fds[1], "no private loopback: %s: %s", step, g_strerror (error));
          _exit (EXIT_REFUSED);
        }
      recorder->thread = (pid_t) syscall (SYS_gettid);
      serve (recorder, 80);
      _exit (0);
    }
  close (pipe_fds[1]);
  g_assert_cmpint (read (pipe_fds[0], reason, sizeof reason - 1), >=, 0);
  close (pipe_fds[0]);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  if (WEXITSTATUS (status) == EXIT_REFUSED)
    g_test_skip (reason);
  else
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Recorder *recorder, gconstpointer user_data);
  } tests[] = {
    { "/socket/caller/private", test_private },         { "/socket/caller/stream", test_stream },
    { "/socket/caller/connect", test_connect },         { "/socket/caller/errors", test_errors },
    { "/socket/caller/datagrams", test_datagrams },     { "/socket/caller/reuse", test_reuse },
    { "/socket/caller/slow-record", test_slow_record },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Recorder, NULL, recorder_set_up, tests[i].test, recorder_tear_down);
  return g_test_run ();
}
