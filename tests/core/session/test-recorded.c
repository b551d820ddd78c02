/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define NUMBER(value)                                                                                        \
  {                                                                                                          \
    .kind = TRAMA_VALUE_NUMBER, .number = (value)                                                            \
  }
#define NOTHING                                                                                              \
  {                                                                                                          \
    .kind = TRAMA_VALUE_NONE                                                                                 \
  }
#define BYTES(of, n)                                                                                         \
  {                                                                                                          \
    .kind = TRAMA_VALUE_DATA, .number = (n), .size = (n), .bytes = (const guint8 *) (of)                     \
  }
#define TEXT(text) BYTES (text, sizeof text - 1)
#define ADDRESS(of, n)                                                                                       \
  {                                                                                                          \
    .kind = TRAMA_VALUE_ADDRESS, .size = (n), .bytes = (const guint8 *) (of)                                 \
  }
#define WHOLE_ADDRESS(of) ADDRESS (&(of), sizeof (of))

/* htons(3) for an initializer. */
#define NETWORK_16(value) (G_BYTE_ORDER == G_BIG_ENDIAN ? (value) : GUINT16_SWAP_LE_BE_CONSTANT (value))
#define NETWORK_32(value) (G_BYTE_ORDER == G_BIG_ENDIAN ? (value) : GUINT32_SWAP_LE_BE_CONSTANT (value))

static const struct sockaddr_in here = {
  .sin_family = AF_INET,
  .sin_port = NETWORK_16 (5000),
  .sin_addr.s_addr = NETWORK_32 (INADDR_LOOPBACK),
};
static const struct sockaddr_in6 here6 = { .sin6_family = AF_INET6,
                                           .sin6_port = NETWORK_16 (5000),
                                           .sin6_addr = IN6ADDR_LOOPBACK_INIT };
static const struct sockaddr_un path = { .sun_family = AF_UNIX, .sun_path = "phone" };
static const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
static const int one = 1, passed[] = { 5, 6 };
static const struct linger linger = { 1, 0 };
static const struct timeval timeval = { 0, 50000 };
static const struct pollfd polled[] = { { 4, POLLIN | POLLOUT, POLLIN }, { 5, POLLIN, 0 } };

typedef struct
{
  TramaCall call;
  const char *c;
} Case;

#define PATH_BYTES (offsetof (struct sockaddr_un, sun_path) + sizeof "phone")
#define HERE                                                                                                 \
  "const struct sockaddr_in address = {\n    .sin_family = AF_INET,\n    .sin_port = htons(5000),\n"         \
  "    .sin_addr.s_addr = htonl(INADDR_LOOPBACK), /* 127.0.0.1 */\n};\n"
#define PEER "struct sockaddr_storage peer;\nsocklen_t peer_size = sizeof peer;\n"

static const Case cases[] = {
  { { .name = TRAMA_CALL_SOCKET,
      .result = 3,
      .n_args = 3,
      .args = { NUMBER (AF_INET), NUMBER (SOCK_STREAM | SOCK_NONBLOCK), NUMBER (0) } },
    "socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); /* = 3 */\n" },
  { { .name = TRAMA_CALL_CONNECT,
      .result = -1,
      .error = ECONNREFUSED,
      .n_args = 3,
      .args = { NUMBER (3), WHOLE_ADDRESS (here), NUMBER (sizeof here) } },
    HERE "connect(3, (const struct sockaddr *) &address, sizeof address); /* = -1 ECONNREFUSED */\n" },
  { { .name = TRAMA_CALL_CONNECT,
      .n_args = 3,
      .args = { NUMBER (3), WHOLE_ADDRESS (nowhere), NUMBER (sizeof nowhere) } },
    "const struct sockaddr no_address = { .sa_family = AF_UNSPEC };\n"
    "connect(3, (const struct sockaddr *) &no_address, sizeof no_address); /* = 0 */\n" },
  /* What no struct sockaddr_in is, from a trace of elsewhere. */
  { { .name = TRAMA_CALL_CONNECT,
      .result = -1,
      .error = EINVAL,
      .n_args = 3,
      .args = { NUMBER (3), ADDRESS (&here, 3), NUMBER (3) } },
    "const unsigned char address[] = { 0x02, 0x00, 0x13 };\n"
    "connect(3, (const struct sockaddr *) &address, 3); /* = -1 EINVAL */\n" },
  { { .name = TRAMA_CALL_BIND,
      .n_args = 3,
      .args = { NUMBER (3), WHOLE_ADDRESS (here6), NUMBER (sizeof here6) } },
    "const struct sockaddr_in6 address = {\n    .sin6_family = AF_INET6,\n    .sin6_port = htons(5000),\n"
    "    .sin6_addr = IN6ADDR_LOOPBACK_INIT, /* ::1 */\n};\n"
    "bind(3, (const struct sockaddr *) &address, sizeof address); /* = 0 */\n" },
  { { .name = TRAMA_CALL_BIND,
      .n_args = 3,
      .args = { NUMBER (3), ADDRESS (&path, PATH_BYTES), NUMBER (PATH_BYTES) } },
    "const struct sockaddr_un address = {\n    .sun_family = AF_UNIX,\n    .sun_path = \"phone\",\n};\n"
    "const socklen_t address_size = offsetof(struct sockaddr_un, sun_path)\n        + sizeof \"phone\";\n"
    "bind(3, (const struct sockaddr *) &address, address_size); /* = 0 */\n" },
  { { .name = TRAMA_CALL_LISTEN, .n_args = 2, .args = { NUMBER (3), NUMBER (5) } },
    "listen(3, 5); /* = 0 */\n" },
  { { .name = TRAMA_CALL_ACCEPT,
      .exit_ns = TRAMA_TIME_NONE,
      .n_args = 3,
      .args = { NUMBER (3), NOTHING, NOTHING } },
    PEER "accept(3, (struct sockaddr *) &peer, &peer_size); /* has not returned yet */\n" },
  { { .name = TRAMA_CALL_ACCEPT, .result = 4, .n_args = 3, .args = { NUMBER (3), NOTHING, NOTHING } },
    "accept(3, NULL, NULL); /* = 4 */\n" },
  { { .name = TRAMA_CALL_ACCEPT4,
      .result = 4,
      .n_args = 4,
      .args = { NUMBER (3), WHOLE_ADDRESS (here), NUMBER (sizeof here), NUMBER (SOCK_CLOEXEC) } },
    PEER "accept4(3, (struct sockaddr *) &peer, &peer_size, SOCK_CLOEXEC); /* = 4 */\n" },
  { { .name = TRAMA_CALL_READ,
      .result = 6,
      .n_args = 3,
      .args = { NUMBER (4), TEXT ("Hello?"), NUMBER (64) } },
    "char buffer[64];\nread(4, buffer, sizeof buffer); /* = 6 */\n" },
  { { .name = TRAMA_CALL_READ, .n_args = 3, .args = { NUMBER (4), NOTHING, NUMBER (0) } },
    "char buffer[1];\nread(4, buffer, 0); /* = 0 */\n" },
  { { .name = TRAMA_CALL_RECV,
      .result = 1,
      .n_args = 4,
      .args = { NUMBER (4), TEXT ("x"), NUMBER (100000), NUMBER (MSG_PEEK | MSG_DONTWAIT) } },
    "static char buffer[100000];\nrecv(4, buffer, sizeof buffer, MSG_PEEK | MSG_DONTWAIT); /* = 1 */\n" },
  { { .name = TRAMA_CALL_RECVFROM,
      .result = 1,
      .n_args = 6,
      .args = { NUMBER (4), TEXT ("x"), NUMBER (8), NUMBER (0), WHOLE_ADDRESS (here),
                NUMBER (sizeof here) } },
    "char buffer[8];\n" PEER
    "recvfrom(4, buffer, sizeof buffer, 0, (struct sockaddr *) &peer, &peer_size); /* = 1 */\n" },
  { { .name = TRAMA_CALL_WRITE,
      .result = 9,
      .n_args = 3,
      .args = { NUMBER (4), TEXT ("\"Hi\?\?!\"\n"), NUMBER (8) } },
    "write(4, \"\\\"Hi?\\?!\\\"\\n\", 8); /* = 9 */\n" },
  { { .name = TRAMA_CALL_SEND,
      .result = 4,
      .n_args = 4,
      .args = { NUMBER (4), TEXT ("\x01\x02\xfe\xff"), NUMBER (4), NUMBER (MSG_NOSIGNAL) } },
    "static const unsigned char bytes[] = {\n    0x01, 0x02, 0xfe, 0xff,\n};\n"
    "send(4, bytes, sizeof bytes, MSG_NOSIGNAL); /* = 4 */\n" },
  { { .name = TRAMA_CALL_SEND,
      .result = 4000,
      .n_args = 4,
      .args = { NUMBER (4),
                { .kind = TRAMA_VALUE_DATA, .number = 4000, .size = 2, .bytes = (const guint8 *) "ab" },
                NUMBER (4000),
                NUMBER (0) } },
    "/* the trace has 2 of 4000 bytes */\nsend(4, \"ab\", 2, 0); /* = 4000 */\n" },
  { { .name = TRAMA_CALL_SENDTO,
      .result = 2,
      .n_args = 6,
      .args = { NUMBER (4), TEXT ("ab"), NUMBER (2), NUMBER (0), WHOLE_ADDRESS (here),
                NUMBER (sizeof here) } },
    HERE "sendto(4, \"ab\", 2, 0, (const struct sockaddr *) &address, sizeof address); /* = 2 */\n" },
  { { .name = TRAMA_CALL_SENDTO,
      .result = 2,
      .n_args = 6,
      .args = { NUMBER (4), TEXT ("ab"), NUMBER (2), NUMBER (0), NOTHING, NUMBER (0) } },
    "sendto(4, \"ab\", 2, 0, NULL, 0); /* = 2 */\n" },
  { { .name = TRAMA_CALL_SENDMSG,
      .result = 2,
      .n_args = 6,
      .args = { NUMBER (4), TEXT ("ab"), NUMBER (2), WHOLE_ADDRESS (here), BYTES (passed, sizeof passed),
                NUMBER (0) } },
    "struct iovec part = { .iov_base = (void *) \"ab\", .iov_len = 2 };\n" HERE
    "_Alignas(struct cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };\n"
    "struct msghdr message = {\n    .msg_name = (void *) &address, .msg_namelen = sizeof address,\n"
    "    .msg_iov = &part, .msg_iovlen = 1,\n"
    "    .msg_control = control, .msg_controllen = sizeof control,\n};\n"
    "const int passed[] = { 5, 6 };\nstruct cmsghdr *header = CMSG_FIRSTHDR(&message);\n"
    "header->cmsg_level = SOL_SOCKET;\nheader->cmsg_type = SCM_RIGHTS;\n"
    "header->cmsg_len = CMSG_LEN(sizeof passed);\nmemcpy(CMSG_DATA(header), passed, sizeof passed);\n"
    "sendmsg(4, &message, 0); /* = 2 */\n" },
  { { .name = TRAMA_CALL_RECVMSG,
      .result = 2,
      .n_args = 7,
      .args = { NUMBER (4), TEXT ("ab"), NUMBER (64), WHOLE_ADDRESS (here), BYTES (passed, sizeof passed),
                NUMBER (MSG_DONTWAIT), NUMBER (0) } },
    "char buffer[64];\nstruct iovec part = { .iov_base = (void *) buffer, .iov_len = 64 };\n"
    "struct sockaddr_storage peer;\n"
    "_Alignas(struct cmsghdr) char control[CMSG_SPACE(2 * sizeof(int))] = { 0 };\n"
    "struct msghdr message = {\n    .msg_name = &peer, .msg_namelen = sizeof peer,\n"
    "    .msg_iov = &part, .msg_iovlen = 1,\n"
    "    .msg_control = control, .msg_controllen = sizeof control,\n};\n"
    "recvmsg(4, &message, MSG_DONTWAIT); /* = 2 */\n" },
  { { .name = TRAMA_CALL_CLOSE, .n_args = 1, .args = { NUMBER (4) } }, "close(4); /* = 0 */\n" },
  { { .name = TRAMA_CALL_SHUTDOWN, .n_args = 2, .args = { NUMBER (4), NUMBER (SHUT_WR) } },
    "shutdown(4, SHUT_WR); /* = 0 */\n" },
  { { .name = TRAMA_CALL_SETSOCKOPT,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (SOL_SOCKET), NUMBER (SO_REUSEADDR), BYTES (&one, sizeof one),
                NUMBER (sizeof one) } },
    "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)); /* = 0 */\n" },
  { { .name = TRAMA_CALL_SETSOCKOPT,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (SOL_SOCKET), NUMBER (SO_LINGER), BYTES (&linger, sizeof linger),
                NUMBER (sizeof linger) } },
    "setsockopt(3, SOL_SOCKET, SO_LINGER,\n"
    "        &(struct linger){ .l_onoff = 1, .l_linger = 0 }, sizeof(struct linger)); /* = 0 */\n" },
  { { .name = TRAMA_CALL_SETSOCKOPT,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (SOL_SOCKET), NUMBER (SO_RCVTIMEO), BYTES (&timeval, sizeof timeval),
                NUMBER (sizeof timeval) } },
    "setsockopt(3, SOL_SOCKET, SO_RCVTIMEO,\n"
    "        &(struct timeval){ .tv_sec = 0, .tv_usec = 50000 },\n        sizeof(struct timeval)); /* = 0 "
    "*/\n" },
  /* A value that has not the size of an int. */
  { { .name = TRAMA_CALL_SETSOCKOPT,
      .result = -1,
      .error = EINVAL,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (IPPROTO_TCP), NUMBER (TCP_NODELAY), BYTES ("\1\1", 2), NUMBER (2) } },
    "static const unsigned char bytes[] = {\n    0x01, 0x01,\n};\n"
    "setsockopt(3, IPPROTO_TCP, TCP_NODELAY, bytes, sizeof bytes); /* = -1 EINVAL */\n" },
  { { .name = TRAMA_CALL_GETSOCKOPT,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (IPPROTO_TCP), NUMBER (TCP_CONGESTION), TEXT ("reno"), NUMBER (4) } },
    "char value[16];\nsocklen_t value_size = sizeof value;\n"
    "getsockopt(3, IPPROTO_TCP, TCP_CONGESTION, value, &value_size); /* = 0 */\n" },
  { { .name = TRAMA_CALL_GETSOCKOPT,
      .n_args = 5,
      .args = { NUMBER (3), NUMBER (SOL_SOCKET), NUMBER (SO_PEERCRED), NOTHING, NUMBER (12) } },
    "struct ucred value;\nsocklen_t value_size = sizeof value;\n"
    "getsockopt(3, SOL_SOCKET, SO_PEERCRED, &value, &value_size); /* = 0 */\n" },
  { { .name = TRAMA_CALL_GETSOCKNAME,
      .n_args = 3,
      .args = { NUMBER (3), WHOLE_ADDRESS (here), NUMBER (sizeof here) } },
    PEER "getsockname(3, (struct sockaddr *) &peer, &peer_size); /* = 0 */\n" },
  { { .name = TRAMA_CALL_GETPEERNAME,
      .result = -1,
      .error = ENOTCONN,
      .n_args = 3,
      .args = { NUMBER (3), NOTHING, NOTHING } },
    PEER "getpeername(3, (struct sockaddr *) &peer, &peer_size); /* = -1 ENOTCONN */\n" },
  { { .name = TRAMA_CALL_POLL,
      .result = 1,
      .n_args = 3,
      .args = { BYTES (polled, sizeof polled), NUMBER (2), NUMBER (-1) } },
    "struct pollfd polled[] = {\n    { .fd = 4, .events = POLLIN | POLLOUT },\n"
    "    { .fd = 5, .events = POLLIN },\n};\npoll(polled, 2, -1); /* = 1 [{4, POLLIN}] */\n" },
  { { .name = TRAMA_CALL_FCNTL, .n_args = 3, .args = { NUMBER (3), NUMBER (F_SETFL), NUMBER (O_NONBLOCK) } },
    "fcntl(3, F_SETFL, O_NONBLOCK); /* = 0 */\n" },
  { { .name = TRAMA_CALL_FCNTL, .result = 2, .n_args = 3, .args = { NUMBER (3), NUMBER (F_GETFL), NOTHING } },
    "fcntl(3, F_GETFL); /* = 2 O_RDWR */\n" },
  { { .name = TRAMA_CALL_SOCKETPAIR,
      .n_args = 4,
      .args = { NUMBER (AF_UNIX), NUMBER (SOCK_DGRAM), NUMBER (0), BYTES (passed, sizeof passed) } },
    "int pair[2];\nsocketpair(AF_UNIX, SOCK_DGRAM, 0, pair); /* = 0 */\n" },
  { { .name = TRAMA_CALL_UNLINK, .n_args = 1, .args = { TEXT ("a \"phone\"") } },
    "unlink(\"a \\\"phone\\\"\"); /* = 0 */\n" },
  { { .name = TRAMA_CALL_DUP, .result = 5, .n_args = 1, .args = { NUMBER (4) } }, "dup(4); /* = 5 */\n" },
  { { .name = TRAMA_CALL_FORK, .result = 99 }, "fork(); /* = 99 */\n" },
  { { .name = TRAMA_CALL_KILL, .n_args = 2, .args = { NUMBER (99), NUMBER (SIGTERM) } },
    "kill(99, SIGTERM); /* = 0 */\n" },
  { { .name = TRAMA_CALL_EXIT, .exit_ns = TRAMA_TIME_NONE, .n_args = 1, .args = { NUMBER (2) } },
    "exit(2); /* has not returned yet */\n" },
};

static void
test_text (void)
{
  gboolean seen[TRAMA_CALL_KILL + 1] = { FALSE };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *c = trama_recorded_emit_c (&cases[i].call);

      g_assert_cmpstr (c, ==, cases[i].c);
      seen[cases[i].call.name] = TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    g_assert_cmpint (seen[i], ==, trama_call_info (i) != NULL);
}

static void
test_unknown (void)
{
  g_assert_null (trama_recorded_emit_c (&(TramaCall){ .name = G_MAXUINT16 }));
  g_assert_null (trama_recorded_emit_c (&(TramaCall){ .name = TRAMA_CALL_CONNECT, .n_args = 1 }));
}

/* Each in a function of its own, as it is copied. */
static void
write_program (const char *file_name)
{
  static const char *const headers[] = { "errno.h",  "fcntl.h",      "netinet/in.h", "netinet/tcp.h",
                                         "poll.h",   "signal.h",     "stddef.h",     "stdlib.h",
                                         "string.h", "sys/socket.h", "sys/time.h",   "sys/un.h",
                                         "unistd.h" };
  g_autoptr (GString) program = g_string_new ("#define _GNU_SOURCE\n");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    g_string_append_printf (program, "#include <%s>\n", headers[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *c = trama_recorded_emit_c (&cases[i].call);

      g_string_append_printf (program, "void call_%u(void);\nvoid\ncall_%u(void)\n{\n%s}\n", (guint) i,
                              (guint) i, c);
    }
  g_file_set_contents (file_name, program->str, -1, &error);
  g_assert_no_error (error);
}

static void
test_compiled (void)
{
  g_autofree char *compiler = g_find_program_in_path ("gcc");
  g_autofree char *folder = NULL, *file_name = NULL, *said = NULL;
  const char *arguments[] = { compiler,  "-std=c17",      "-O1", "-Wall", "-Wextra",
                              "-Werror", "-fsyntax-only", NULL,  NULL };
  g_autoptr (GError) error = NULL;
  int status;

  if (compiler == NULL)
    {
      g_test_skip ("there is no gcc");
      return;
    }
  folder = g_dir_make_tmp ("trama-recorded-XXXXXX", &error);
  g_assert_no_error (error);
  file_name = g_build_filename (folder, "calls.c", NULL);
  write_program (file_name);
  arguments[7] = file_name;
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said, ==, "");
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_unlink (file_name);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recorded/text", test_text);
  g_test_add_func ("/recorded/unknown", test_unknown);
  g_test_add_func ("/recorded/compiled", test_compiled);
  return g_test_run ();
}
