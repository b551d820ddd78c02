/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

static const TramaValue nothing = { .kind = TRAMA_VALUE_NONE };

static TramaValue
number (gint64 value)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = value };
}

static TramaValue
data (const char *text)
{
  return (TramaValue){
    .kind = TRAMA_VALUE_DATA,
    .number = (gint64) strlen (text),
    .size = (guint32) strlen (text),
    .bytes = (const guint8 *) text,
  };
}

static TramaValue
address (const struct sockaddr_in *in)
{
  return (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .size = sizeof *in, .bytes = (const guint8 *) in };
}

typedef struct
{
  TramaCall call;
  const char *entry_args;
  const char *args;
  const char *result;
  const char *outcome;
  const char *whole;
} Case;

static void
assert_case (const Case *expected)
{
  TramaCall call = expected->call;
  g_autofree char *entry_args = NULL;
  g_autofree char *args = NULL;
  g_autofree char *result = NULL;
  g_autofree char *outcome = NULL;
  g_autofree char *whole = NULL;
  g_autofree char *blocked_whole = NULL;
  g_autofree char *blocked_result = NULL;
  g_autofree char *blocked_outcome = NULL;
  const char *open;

  call.exit_ns = 1;
  entry_args = trama_call_format_entry_args (&call);
  args = trama_call_format_args (&call);
  result = trama_call_format_result (&call);
  outcome = trama_call_format_outcome (&call);
  whole = trama_call_format (&call);
  g_assert_cmpstr (entry_args, ==, expected->entry_args);
  g_assert_cmpstr (args, ==, expected->args);
  g_assert_cmpstr (result, ==, expected->result);
  g_assert_cmpstr (outcome, ==, expected->outcome);
  g_assert_cmpstr (whole, ==, expected->whole);

  /* As long as it blocks there is no result, and the arguments are those it was made with. */
  call.exit_ns = TRAMA_TIME_NONE;
  blocked_result = trama_call_format_result (&call);
  blocked_outcome = trama_call_format_outcome (&call);
  for (guint i = 0; i < call.n_args; i++)
    if (trama_call_info (call.name)->parameters[i].filled_by_kernel)
      call.args[i] = nothing;
  blocked_whole = trama_call_format (&call);
  open = strchr (blocked_whole, '(');
  g_assert_null (blocked_result);
  g_assert_null (blocked_outcome);
  g_assert_nonnull (open);
  g_assert_cmpstr (open, ==, expected->entry_args);
}

static void
test_formats_of_setup (void)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons (5000),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const struct sockaddr_in from = { .sin_family = AF_INET,
                                    .sin_port = htons (40122),
                                    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const Case cases[] = {
    { { .name = TRAMA_CALL_SOCKET,
        .n_args = 3,
        .result = 3,
        .args = { number (AF_INET), number (SOCK_STREAM), number (0) } },
      "(AF_INET, SOCK_STREAM, 0)",
      "(AF_INET, SOCK_STREAM, 0)",
      "= 3",
      "= 3",
      "socket(AF_INET, SOCK_STREAM, 0) = 3" },
    { { .name = TRAMA_CALL_SOCKET,
        .n_args = 3,
        .result = 3,
        .args = { number (AF_UNIX), number (SOCK_STREAM), number (1) } },
      "(AF_UNIX, SOCK_STREAM, 1)",
      "(AF_UNIX, SOCK_STREAM, 1)",
      "= 3",
      "= 3",
      "socket(AF_UNIX, SOCK_STREAM, 1) = 3" },
    { { .name = TRAMA_CALL_SOCKET,
        .n_args = 3,
        .result = -1,
        .error = EPROTONOSUPPORT,
        .args = { number (AF_INET), number (SOCK_DGRAM), number (IPPROTO_TCP) } },
      "(AF_INET, SOCK_DGRAM, IPPROTO_TCP)",
      "(AF_INET, SOCK_DGRAM, IPPROTO_TCP)",
      "= -1 EPROTONOSUPPORT",
      "= -1 EPROTONOSUPPORT",
      "socket(AF_INET, SOCK_DGRAM, IPPROTO_TCP) = -1 EPROTONOSUPPORT" },
    { { .name = TRAMA_CALL_BIND, .n_args = 3, .args = { number (3), address (&to), number (sizeof to) } },
      "(3, 127.0.0.1:5000)",
      "(3, 127.0.0.1:5000)",
      "= 0",
      "= 0",
      "bind(3, 127.0.0.1:5000) = 0" },
    { { .name = TRAMA_CALL_LISTEN, .n_args = 2, .args = { number (3), number (5) } },
      "(3, 5)",
      "(3, 5)",
      "= 0",
      "= 0",
      "listen(3, 5) = 0" },
    { { .name = TRAMA_CALL_ACCEPT,
        .n_args = 3,
        .result = 4,
        .args = { number (3), address (&from), number (sizeof from) } },
      "(3)",
      "(3, 127.0.0.1:40122)",
      "= 4",
      "= 4 ← 127.0.0.1:40122",
      "accept(3, 127.0.0.1:40122) = 4" },
    { { .name = TRAMA_CALL_CONNECT,
        .n_args = 3,
        .result = -1,
        .error = ECONNREFUSED,
        .args = { number (3), address (&to), number (sizeof to) } },
      "(3, 127.0.0.1:5000)",
      "(3, 127.0.0.1:5000)",
      "= -1 ECONNREFUSED",
      "= -1 ECONNREFUSED",
      "connect(3, 127.0.0.1:5000) = -1 ECONNREFUSED" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
}

static void
test_formats_of_data (void)
{
  const struct sockaddr_in to = { .sin_family = AF_INET,
                                  .sin_port = htons (5000),
                                  .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const struct sockaddr_in from = { .sin_family = AF_INET,
                                    .sin_port = htons (40122),
                                    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const Case cases[] = {
    { { .name = TRAMA_CALL_READ,
        .n_args = 3,
        .result = 7,
        .args = { number (4), data ("Hello?\n"), number (64) } },
      "(4, 64)",
      "(4, \"Hello?\\n\", 64)",
      "= 7",
      "= 7 \"Hello?\\n\"",
      "read(4, \"Hello?\\n\", 64) = 7" },
    { { .name = TRAMA_CALL_WRITE,
        .n_args = 3,
        .result = 7,
        .args = { number (4), data ("Hello?\n"), number (7) } },
      "(4, \"Hello?\\n\", 7)",
      "(4, \"Hello?\\n\", 7)",
      "= 7",
      "= 7",
      "write(4, \"Hello?\\n\", 7) = 7" },
    { { .name = TRAMA_CALL_SENDTO,
        .n_args = 6,
        .result = 2,
        .args = { number (3), data ("Hi"), number (2), number (0), address (&to), number (sizeof to) } },
      "(3, \"Hi\", 2, 0, 127.0.0.1:5000)",
      "(3, \"Hi\", 2, 0, 127.0.0.1:5000)",
      "= 2",
      "= 2",
      "sendto(3, \"Hi\", 2, 0, 127.0.0.1:5000) = 2" },
    { { .name = TRAMA_CALL_RECVFROM,
        .n_args = 6,
        .result = 2,
        .args = { number (3), data ("Hi"), number (64), number (0), address (&from), number (sizeof from) } },
      "(3, 64, 0)",
      "(3, \"Hi\", 64, 0, 127.0.0.1:40122)",
      "= 2",
      "= 2 \"Hi\" ← 127.0.0.1:40122",
      "recvfrom(3, \"Hi\", 64, 0, 127.0.0.1:40122) = 2" },
    { { .name = TRAMA_CALL_CLOSE, .n_args = 1, .result = -1, .error = EBADF, .args = { number (9) } },
      "(9)",
      "(9)",
      "= -1 EBADF",
      "= -1 EBADF",
      "close(9) = -1 EBADF" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
}

/* What a damaged or newer trace may hold. */
static TramaValue
block (const void *bytes, gsize size)
{
  return (TramaValue){
    .kind = TRAMA_VALUE_DATA, .number = (gint64) size, .size = (guint32) size, .bytes = bytes
  };
}

static void
test_formats_of_messages (void)
{
  const struct sockaddr_in from = { .sin_family = AF_INET,
                                    .sin_port = htons (40122),
                                    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const int rights[] = { 5, 6 };
  const Case cases[] = {
    { { .name = TRAMA_CALL_RECV,
        .n_args = 4,
        .result = 2,
        .args = { number (4), data ("Hi"), number (64), number (MSG_PEEK | MSG_DONTWAIT) } },
      "(4, 64, MSG_PEEK|MSG_DONTWAIT)",
      "(4, \"Hi\", 64, MSG_PEEK|MSG_DONTWAIT)",
      "= 2",
      "= 2 \"Hi\"",
      "recv(4, \"Hi\", 64, MSG_PEEK|MSG_DONTWAIT) = 2" },
    { { .name = TRAMA_CALL_SEND,
        .n_args = 4,
        .result = -1,
        .error = EPIPE,
        .args = { number (4), data ("Hi"), number (2), number (MSG_NOSIGNAL) } },
      "(4, \"Hi\", 2, MSG_NOSIGNAL)",
      "(4, \"Hi\", 2, MSG_NOSIGNAL)",
      "= -1 EPIPE",
      "= -1 EPIPE",
      "send(4, \"Hi\", 2, MSG_NOSIGNAL) = -1 EPIPE" },
    { { .name = TRAMA_CALL_RECVMSG,
        .n_args = 7,
        .result = 1,
        .args = { number (3), data ("x"), number (64), nothing, block (rights, sizeof rights), number (0),
                  number (0) } },
      "(3, 64, 0)",
      "(3, \"x\", 64, rights [5, 6], 0)",
      "= 1",
      "= 1 \"x\" rights [5, 6]",
      "recvmsg(3, \"x\", 64, rights [5, 6], 0) = 1" },
    { { .name = TRAMA_CALL_RECVMSG,
        .n_args = 7,
        .result = 4,
        .args = { number (3), data ("Dear"), number (4), address (&from), nothing, number (MSG_DONTWAIT),
                  number (MSG_TRUNC) } },
      "(3, 4, MSG_DONTWAIT)",
      "(3, \"Dear\", 4, 127.0.0.1:40122, MSG_DONTWAIT, MSG_TRUNC)",
      "= 4",
      "= 4 \"Dear\" ← 127.0.0.1:40122 MSG_TRUNC",
      "recvmsg(3, \"Dear\", 4, 127.0.0.1:40122, MSG_DONTWAIT, MSG_TRUNC) = 4" },
    { { .name = TRAMA_CALL_SENDMSG,
        .n_args = 6,
        .result = 1,
        .args = { number (3), data ("x"), number (1), nothing, block (rights, sizeof (int)), number (0) } },
      "(3, \"x\", 1, rights [5], 0)",
      "(3, \"x\", 1, rights [5], 0)",
      "= 1",
      "= 1",
      "sendmsg(3, \"x\", 1, rights [5], 0) = 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
}

static void
test_formats_of_options (void)
{
  const int linger[] = { 1, 0 }, refused = ECONNREFUSED, one = 1;
  const struct sockaddr_in name = { .sin_family = AF_INET,
                                    .sin_port = htons (5000),
                                    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const Case cases[] = {
    { { .name = TRAMA_CALL_SETSOCKOPT,
        .n_args = 5,
        .args = { number (3), number (SOL_SOCKET), number (SO_LINGER), block (linger, sizeof linger),
                  number (sizeof linger) } },
      "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
      "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
      "= 0",
      "= 0",
      "setsockopt(3, SOL_SOCKET, SO_LINGER, {1, 0}) = 0" },
    { { .name = TRAMA_CALL_SETSOCKOPT,
        .n_args = 5,
        .result = -1,
        .error = ENOPROTOOPT,
        .args = { number (3), number (IPPROTO_TCP), number (999), block (&one, sizeof one), number (4) } },
      "(3, IPPROTO_TCP, 999, 01 00 00 00)",
      "(3, IPPROTO_TCP, 999, 01 00 00 00)",
      "= -1 ENOPROTOOPT",
      "= -1 ENOPROTOOPT",
      "setsockopt(3, IPPROTO_TCP, 999, 01 00 00 00) = -1 ENOPROTOOPT" },
    { { .name = TRAMA_CALL_GETSOCKOPT,
        .n_args = 5,
        .args = { number (3), number (SOL_SOCKET), number (SO_ERROR), block (&refused, sizeof refused),
                  number (sizeof refused) } },
      "(3, SOL_SOCKET, SO_ERROR)",
      "(3, SOL_SOCKET, SO_ERROR, ECONNREFUSED)",
      "= 0",
      "= 0 ECONNREFUSED",
      "getsockopt(3, SOL_SOCKET, SO_ERROR, ECONNREFUSED) = 0" },
    { { .name = TRAMA_CALL_GETSOCKNAME,
        .n_args = 3,
        .args = { number (3), address (&name), number (sizeof name) } },
      "(3)",
      "(3, 127.0.0.1:5000)",
      "= 0",
      "= 0 ← 127.0.0.1:5000",
      "getsockname(3, 127.0.0.1:5000) = 0" },
    { { .name = TRAMA_CALL_FCNTL,
        .n_args = 3,
        .args = { number (3), number (F_SETFL), number (O_RDWR | O_NONBLOCK) } },
      "(3, F_SETFL, O_RDWR|O_NONBLOCK)",
      "(3, F_SETFL, O_RDWR|O_NONBLOCK)",
      "= 0",
      "= 0",
      "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0" },
    { { .name = TRAMA_CALL_FCNTL,
        .n_args = 3,
        .result = O_RDWR | O_NONBLOCK,
        .args = { number (3), number (F_GETFL), number (0) } },
      "(3, F_GETFL)",
      "(3, F_GETFL)",
      "= 2050 O_RDWR|O_NONBLOCK",
      "= 2050 O_RDWR|O_NONBLOCK",
      "fcntl(3, F_GETFL) = 2050 O_RDWR|O_NONBLOCK" },
    { { .name = TRAMA_CALL_FCNTL,
        .n_args = 3,
        .args = { number (3), number (F_SETFD), number (FD_CLOEXEC) } },
      "(3, F_SETFD, FD_CLOEXEC)",
      "(3, F_SETFD, FD_CLOEXEC)",
      "= 0",
      "= 0",
      "fcntl(3, F_SETFD, FD_CLOEXEC) = 0" },
    { { .name = TRAMA_CALL_SHUTDOWN, .n_args = 2, .args = { number (3), number (SHUT_WR) } },
      "(3, SHUT_WR)",
      "(3, SHUT_WR)",
      "= 0",
      "= 0",
      "shutdown(3, SHUT_WR) = 0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
}

static void
test_formats_of_others (void)
{
  const struct pollfd ready[] = { { 4, POLLIN, POLLIN | POLLHUP }, { 5, POLLIN | POLLOUT, 0 } };
  const int pair[] = { 3, 4 };
  const struct sockaddr_in from = { .sin_family = AF_INET,
                                    .sin_port = htons (40122),
                                    .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  const Case cases[] = {
    { { .name = TRAMA_CALL_SOCKET,
        .n_args = 3,
        .result = 3,
        .args = { number (AF_INET), number (SOCK_STREAM | SOCK_NONBLOCK), number (0) } },
      "(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0)",
      "(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0)",
      "= 3",
      "= 3",
      "socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3" },
    { { .name = TRAMA_CALL_ACCEPT4,
        .n_args = 4,
        .result = 4,
        .args = { number (3), address (&from), number (sizeof from), number (SOCK_NONBLOCK) } },
      "(3, SOCK_NONBLOCK)",
      "(3, 127.0.0.1:40122, SOCK_NONBLOCK)",
      "= 4",
      "= 4 ← 127.0.0.1:40122",
      "accept4(3, 127.0.0.1:40122, SOCK_NONBLOCK) = 4" },
    { { .name = TRAMA_CALL_POLL,
        .n_args = 3,
        .result = 1,
        .args = { block (ready, sizeof ready), number (2), number (500) } },
      "([{4, POLLIN}, {5, POLLIN|POLLOUT}], 500)",
      "([{4, POLLIN}, {5, POLLIN|POLLOUT}], 500)",
      "= 1 [{4, POLLIN|POLLHUP}]",
      "= 1 [{4, POLLIN|POLLHUP}]",
      "poll([{4, POLLIN}, {5, POLLIN|POLLOUT}], 500) = 1 [{4, POLLIN|POLLHUP}]" },
    { { .name = TRAMA_CALL_POLL,
        .n_args = 3,
        .args = { block (&ready[1], sizeof *ready), number (1), number (-1) } },
      "([{5, POLLIN|POLLOUT}], -1)",
      "([{5, POLLIN|POLLOUT}], -1)",
      "= 0",
      "= 0",
      "poll([{5, POLLIN|POLLOUT}], -1) = 0" },
    { { .name = TRAMA_CALL_SOCKETPAIR,
        .n_args = 4,
        .args = { number (AF_UNIX), number (SOCK_STREAM), number (0), block (pair, sizeof pair) } },
      "(AF_UNIX, SOCK_STREAM, 0)",
      "(AF_UNIX, SOCK_STREAM, 0, [3, 4])",
      "= 0",
      "= 0 [3, 4]",
      "socketpair(AF_UNIX, SOCK_STREAM, 0, [3, 4]) = 0" },
    { { .name = TRAMA_CALL_UNLINK, .n_args = 1, .args = { data ("phone") } },
      "(\"phone\")",
      "(\"phone\")",
      "= 0",
      "= 0",
      "unlink(\"phone\") = 0" },
    { { .name = TRAMA_CALL_DUP, .n_args = 1, .result = 4, .args = { number (3) } },
      "(3)",
      "(3)",
      "= 4",
      "= 4",
      "dup(3) = 4" },
    { { .name = TRAMA_CALL_FORK, .n_args = 0, .result = 4211 },
      "()",
      "()",
      "= 4211",
      "= 4211",
      "fork() = 4211" },
    { { .name = TRAMA_CALL_KILL, .n_args = 2, .args = { number (4211), number (SIGUSR1) } },
      "(4211, SIGUSR1)",
      "(4211, SIGUSR1)",
      "= 0",
      "= 0",
      "kill(4211, SIGUSR1) = 0" },
  };
  TramaCall last = {
    .name = TRAMA_CALL_EXIT, .n_args = 1, .exit_ns = TRAMA_TIME_NONE, .args = { number (0) }
  };
  g_autofree char *text = trama_call_format (&last);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_case (&cases[i]);
  g_assert_cmpstr (text, ==, "exit(0)");
}

static void
assert_arg (const TramaCall *call, guint index, const char *expected)
{
  g_autofree char *text = trama_call_format_arg (call, index);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_one_arg (void)
{
  const int linger[] = { 1, 0 };
  const TramaCall call = { .name = TRAMA_CALL_SETSOCKOPT,
                           .n_args = 5,
                           .args = { number (3), number (SOL_SOCKET), number (SO_LINGER),
                                     block (linger, sizeof linger), number (8) } };
  const TramaCall unknown = { .name = TRAMA_CALL_LAST + 1, .n_args = 1, .args = { number (3) } };
  const TramaCall blocked = { .name = TRAMA_CALL_ACCEPT, .n_args = 3, .args = { number (3) } };

  assert_arg (&call, 0, "3");
  assert_arg (&call, 1, "SOL_SOCKET");
  assert_arg (&call, 2, "SO_LINGER");
  assert_arg (&call, 3, "{1, 0}");
  assert_arg (&call, 4, NULL);
  assert_arg (&call, 5, NULL);
  assert_arg (&unknown, 0, NULL);
  assert_arg (&blocked, 1, NULL);
}

/* What comes from a trace need not be what a call of that name would have. */
static void
test_odd_values (void)
{
  const guint8 bytes[] = { 1, 2, 3 };
  TramaCall call = { .name = TRAMA_CALL_POLL,
                     .n_args = 3,
                     .result = 1,
                     .exit_ns = 1,
                     .args = { block (bytes, sizeof bytes), number (1), number (0) } };
  g_autofree char *short_poll = trama_call_format (&call);
  g_autofree char *short_pair = NULL;
  g_autofree char *no_values = NULL;

  call = (TramaCall){ .name = TRAMA_CALL_SOCKETPAIR, .n_args = 4, .exit_ns = 1 };
  call.args[3] = block (bytes, sizeof bytes);
  short_pair = trama_call_format (&call);
  call = (TramaCall){ .name = TRAMA_CALL_SETSOCKOPT, .n_args = 5, .exit_ns = 1, .args = { number (3) } };
  no_values = trama_call_format (&call);
  g_assert_cmpstr (short_poll, ==, "poll([], 0) = 1 []");
  g_assert_cmpstr (short_pair, ==, "socketpair([]) = 0");
  g_assert_cmpstr (no_values, ==, "setsockopt(3) = 0");
}

static void
test_strange (void)
{
  TramaCall call = { .name = 999, .n_args = 6, .result = -1, .error = 4095, .exit_ns = 1 };
  g_autofree char *unknown = trama_call_format (&call);
  g_autofree char *few = NULL;
  g_autofree char *many = NULL;

  g_assert_cmpstr (unknown, ==, "?() = -1 errno 4095");
  call = (TramaCall){ .name = TRAMA_CALL_SENDTO, .n_args = 1, .exit_ns = 1, .args = { number (3) } };
  few = trama_call_format (&call);
  g_assert_cmpstr (few, ==, "sendto(3) = 0");
  call =
      (TramaCall){ .name = TRAMA_CALL_CLOSE, .n_args = 6, .exit_ns = 1, .args = { number (3), number (4) } };
  many = trama_call_format (&call);
  g_assert_cmpstr (many, ==, "close(3) = 0");
}

/* What lies in a struct msghdr is listed as if it were the call's own. */
static gboolean
is_told_flat (guint name)
{
  return name == TRAMA_CALL_RECVMSG || name == TRAMA_CALL_SENDMSG;
}

static void
test_names (void)
{
  for (guint name = 1; name <= TRAMA_CALL_LAST; name++)
    {
      const TramaCallInfo *info = trama_call_info (name);
      g_autofree char *start = NULL;
      guint commas = 0;

      g_assert_nonnull (info);
      g_assert_cmpuint (trama_call_from_name (info->name), ==, name);
      start = g_strconcat (info->name, "(", NULL);
      g_assert_nonnull (strstr (info->prototype, start));
      g_assert_true (g_str_has_suffix (info->prototype, ");"));
      g_assert_true (g_str_has_prefix (info->man, info->name));
      g_assert_nonnull (info->purpose);
      g_assert_nonnull (info->returns);
      if (is_told_flat (name))
        continue;
      for (const char *p = info->prototype; *p != '\0'; p++)
        commas += *p == ',';
      g_assert_cmpuint (commas + 1, ==, MAX (info->n_parameters, 1));
      for (guint i = 0; i < info->n_parameters; i++)
        {
          g_assert_nonnull (strstr (info->prototype, info->parameters[i].name));
          g_assert_nonnull (strstr (info->prototype, info->parameters[i].c_type));
        }
    }
  g_assert_null (trama_call_info (0));
  g_assert_null (trama_call_info (TRAMA_CALL_LAST + 1));
  g_assert_null (trama_call_info (G_MAXUINT));
  g_assert_cmpuint (trama_call_from_name ("ioctl"), ==, 0);
  g_assert_cmpuint (trama_call_from_name (""), ==, 0);
}

static void
test_constants (void)
{
  g_assert_cmpstr (trama_domain_name (AF_INET), ==, "AF_INET");
  g_assert_cmpstr (trama_domain_name (AF_UNIX), ==, "AF_UNIX");
  g_assert_null (trama_domain_name (-1));
  g_assert_cmpstr (trama_type_name (SOCK_DGRAM), ==, "SOCK_DGRAM");
  g_assert_null (trama_type_name (0));
  g_assert_cmpstr (trama_protocol_name (AF_INET, IPPROTO_TCP), ==, "IPPROTO_TCP");
  g_assert_null (trama_protocol_name (AF_INET, 0));
  g_assert_null (trama_protocol_name (AF_UNIX, IPPROTO_TCP));
  g_assert_cmpstr (trama_errno_name (ECONNREFUSED), ==, "ECONNREFUSED");
  g_assert_cmpstr (trama_errno_name (EADDRINUSE), ==, "EADDRINUSE");
  g_assert_cmpstr (trama_errno_name (EAGAIN), ==, "EAGAIN");
  g_assert_null (trama_errno_name (4095));
  g_assert_null (trama_errno_name (-1));
  for (guint state = TRAMA_TCP_CLOSED; state <= TRAMA_TCP_TIME_WAIT; state++)
    g_assert_nonnull (trama_tcp_state_name (state));
  g_assert_cmpstr (trama_tcp_state_name (TRAMA_TCP_SYN_SENT), ==, "SYN-SENT");
  g_assert_null (trama_tcp_state_name (TRAMA_TCP_UNKNOWN));
  g_assert_null (trama_tcp_state_name (TRAMA_TCP_TIME_WAIT + 1));
  g_assert_cmpstr (trama_role_name (TRAMA_ROLE_PASSIVE), ==, "passive");
  g_assert_null (trama_role_name (TRAMA_ROLE_CONNECTED + 1));
}

static void
assert_bytes (const char *bytes, gsize size, guint64 true_size, gsize max, const char *expected)
{
  g_autofree char *text = trama_bytes_format ((const guint8 *) bytes, size, true_size, max);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_bytes (void)
{
  assert_bytes (NULL, 0, 0, 32, "\"\"");
  assert_bytes ("Hello?\n", 7, 7, 32, "\"Hello?\\n\"");
  assert_bytes ("\r\t\"\\", 4, 4, 32, "\"\\r\\t\\\"\\\\\"");
  assert_bytes ("\0", 1, 1, 32, "\"\\0\"");
  assert_bytes ("\x1b\xff", 2, 2, 32, "\"\\x1b\\xff\"");
  assert_bytes ("\x7fz", 2, 2, 32, "\"\\x7fz\"");
  /* What is cut says so, whether here or before. */
  assert_bytes ("Hello", 5, 5, 5, "\"Hello\"");
  assert_bytes ("Hello", 5, 5, 4, "\"Hell\"…");
  assert_bytes ("Hello", 5, 4096, 32, "\"Hello\"…");
  assert_bytes ("Hello", 5, 5, 0, "\"\"…");
  /* A hexadecimal escape in C takes every digit behind it; a NUL takes octal ones. */
  assert_bytes ("\0z", 2, 2, 32, "\"\\0z\"");
  assert_bytes ("\0"
                "1",
                2, 2, 32, "\"\\x00\\x31\"");
  assert_bytes ("\1face", 5, 5, 32, "\"\\x01\\x66\\x61\\x63\\x65\"");
  assert_bytes ("\1x", 2, 2, 32, "\"\\x01x\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/call/formats-of-setup", test_formats_of_setup);
  g_test_add_func ("/trace/call/formats-of-data", test_formats_of_data);
  g_test_add_func ("/trace/call/formats-of-messages", test_formats_of_messages);
  g_test_add_func ("/trace/call/formats-of-options", test_formats_of_options);
  g_test_add_func ("/trace/call/formats-of-others", test_formats_of_others);
  g_test_add_func ("/trace/call/one-arg", test_one_arg);
  g_test_add_func ("/trace/call/odd-values", test_odd_values);
  g_test_add_func ("/trace/call/strange", test_strange);
  g_test_add_func ("/trace/call/names", test_names);
  g_test_add_func ("/trace/call/constants", test_constants);
  g_test_add_func ("/trace/call/bytes", test_bytes);
  return g_test_run ();
}
