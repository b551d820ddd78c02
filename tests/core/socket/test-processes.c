/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What concerns the process that makes the calls: SIGPIPE, and fork(2). */

#define GUARD_S 60

/* The last return a process has recorded, where its parent finds it after its end. */
typedef struct
{
  TramaCall call;
  guint n_entries;
  guint n_returns;
} Seen;

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Seen *seen = user_data;

  seen->n_entries += event->kind == TRAMA_EVENT_CALL;
  seen->n_returns += event->kind == TRAMA_EVENT_RETURN;
  if (event->kind == TRAMA_EVENT_RETURN)
    seen->call = event->call;
}

static Seen *
new_seen (void)
{
  Seen *seen = mmap (NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  g_assert_true (seen != MAP_FAILED);
  return seen;
}

static gint64
make_send (TramaCaller *caller, int fd, int flags)
{
  TramaCall call = { .name = TRAMA_CALL_SEND, .n_args = 4 };

  call.args[0] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = fd };
  call.args[1] =
      (TramaValue){ .kind = TRAMA_VALUE_DATA, .number = 3, .size = 3, .bytes = (const guint8 *) "one" };
  call.args[2] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = 3 };
  call.args[3] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = flags };
  return trama_caller_call (caller, &call);
}

static void
make_pair (TramaCaller *caller, int *fds)
{
  TramaCall call = { .name = TRAMA_CALL_SOCKETPAIR, .n_args = 4 };

  call.args[0] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = AF_UNIX };
  call.args[1] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = SOCK_STREAM };
  call.args[2] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER };
  g_assert_cmpint (trama_caller_call (caller, &call), ==, 0);
  memcpy (fds, call.args[3].bytes, 2 * sizeof *fds);
}

/* Writes to a peer that is gone, and ends with 0 unless the signal ends it. */
static void
write_to_nobody (Seen *seen, void (*disposition) (int), int flags)
{
  g_autoptr (TramaCaller) caller = NULL;
  int fds[2];

  signal (SIGPIPE, disposition);
  alarm (GUARD_S);
  caller = trama_caller_new (3, 0, on_event, seen);
  make_pair (caller, fds);
  close (fds[1]);
  make_send (caller, fds[0], flags);
  make_send (caller, fds[0], flags);
}

static int
end_of_child (Seen *seen, void (*disposition) (int), int flags)
{
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      write_to_nobody (seen, disposition, flags);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return status;
}

static void
handle (int number)
{
}

static void
test_sigpipe (void)
{
  Seen *seen = new_seen ();
  int status = end_of_child (seen, SIG_DFL, 0);

  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGPIPE);
  g_assert_cmpuint (seen->n_returns, ==, 2);
  g_assert_cmpint (seen->call.result, ==, -1);
  g_assert_cmpint (seen->call.error, ==, EPIPE);
  g_assert_cmpuint (seen->call.flags & TRAMA_CALL_SIGPIPE, !=, 0);

  /* Nobody minds it: the call fails, and goes on failing. */
  memset (seen, 0, sizeof *seen);
  status = end_of_child (seen, SIG_IGN, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (seen->n_returns, ==, 3);
  g_assert_cmpint (seen->call.error, ==, EPIPE);
  g_assert_cmpuint (seen->call.flags & TRAMA_CALL_SIGPIPE, ==, 0);

  memset (seen, 0, sizeof *seen);
  status = end_of_child (seen, SIG_DFL, MSG_NOSIGNAL);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpint (seen->call.error, ==, EPIPE);
  g_assert_cmpuint (seen->call.flags & TRAMA_CALL_SIGPIPE, ==, 0);

  /* Who handles it gets it, and lives on. */
  memset (seen, 0, sizeof *seen);
  status = end_of_child (seen, handle, 0);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (seen->n_returns, ==, 3);
  g_assert_cmpuint (seen->call.flags & TRAMA_CALL_SIGPIPE, !=, 0);
  munmap (seen, sizeof *seen);
}

/* The child has the parent's sockets, and both know how far they have come. */
static void
test_fork (void)
{
  g_autoptr (TramaStreams) streams = trama_streams_new ();
  Seen *seen = new_seen ();
  g_autoptr (TramaCaller) caller = trama_caller_new (3, 0, on_event, seen);
  TramaCall call = { .name = TRAMA_CALL_FORK };
  int fds[2], status;
  pid_t child;

  trama_caller_share (caller, streams);
  make_pair (caller, fds);
  g_assert_cmpint (make_send (caller, fds[0], 0), ==, 3);
  trama_caller_begin (caller, &call);
  g_assert_cmpuint (call.id, ==, G_GUINT64_CONSTANT (3) << 32 | 3);
  g_assert_cmpint (call.exit_ns, ==, TRAMA_TIME_NONE);
  g_assert_cmpint (call.fd, ==, -1);
  child = fork ();
  if (child == 0)
    {
      trama_caller_become (caller, 4);
      _exit (make_send (caller, fds[0], 0) == 3 && trama_caller_has_sockets (caller) ? 0 : 1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (seen->call.id, ==, G_GUINT64_CONSTANT (4) << 32 | 1);
  g_assert_cmpuint (seen->call.actor, ==, 4);
  g_assert_cmpuint (seen->call.stream_offset, ==, 3);
  call.result = child;
  call.error = 0;
  trama_caller_end (caller, &call);
  g_assert_cmpint (seen->call.result, ==, child);
  g_assert_cmpint (seen->call.exit_ns, >=, seen->call.entry_ns);
  g_assert_cmpint (make_send (caller, fds[0], 0), ==, 3);
  g_assert_cmpuint (seen->call.id, ==, G_GUINT64_CONSTANT (3) << 32 | 4);
  g_assert_cmpuint (seen->call.stream_offset, ==, 6);
  close (fds[0]);
  close (fds[1]);
  munmap (seen, sizeof *seen);
}

/* A table that is full of sockets that are open says so; what is closed makes room, and is found until then. */
static void
test_streams (void)
{
  g_autoptr (TramaStreams) streams = trama_streams_new ();
  const TramaEndpoint here = { .family = AF_INET, .port = 5000, .address = { 127, 0, 0, 1 } };
  const TramaEndpoint there = { .family = AF_INET, .port = 40000, .address = { 127, 0, 0, 1 } };
  TramaStream *first = trama_streams_begin (streams, 10);
  TramaStream *stream = NULL;
  guint64 socket = 11;

  first->sent_bytes = 7;
  g_assert_true (trama_streams_hold (streams, 10) == first);
  g_assert_cmpuint (first->n_holders, ==, 2);
  g_assert_null (trama_streams_hold (streams, 11));
  g_assert_true (trama_streams_knows (streams, 10));
  g_assert_false (trama_streams_knows (streams, 11));
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 1), ==, TRAMA_SOCKET_NONE);
  trama_stream_set_ends (first, SOCK_STREAM, &here, &there, 1);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 1), ==, 10);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &there, &here, 1), ==, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_DGRAM, &here, &there, 1), ==, TRAMA_SOCKET_NONE);
  trama_streams_release (first);
  trama_streams_release (first);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 1), ==, 10);
  /* The ends are used again by a later socket. */
  trama_stream_set_ends (trama_streams_begin (streams, socket), SOCK_STREAM, &here, &there, 2);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 1), ==, 10);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 2), ==, socket);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 3), ==, TRAMA_SOCKET_NONE);
  /* Where the kernel has no cookies, the last that had these ends. */
  trama_stream_set_ends (first, SOCK_STREAM, &here, &there, 0);
  g_assert_cmpuint (trama_streams_find (streams, SOCK_STREAM, &here, &there, 3), ==, 10);

  do
    stream = trama_streams_begin (streams, ++socket);
  while (stream != NULL && socket < 100000);
  g_assert_null (stream);
  g_assert_cmpuint (socket, >, 4000);
  g_assert_false (trama_streams_knows (streams, 10));
  g_assert_true (trama_streams_knows (streams, 11));
  /* An inode number that comes again is another socket. */
  stream = trama_streams_hold (streams, 11);
  stream->received_bytes = 5;
  g_assert_true (trama_streams_begin (streams, 11) == stream);
  g_assert_cmpuint (stream->received_bytes, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/socket/processes/sigpipe", test_sigpipe);
  g_test_add_func ("/socket/processes/fork", test_fork);
  g_test_add_func ("/socket/processes/streams", test_streams);
  return g_test_run ();
}
