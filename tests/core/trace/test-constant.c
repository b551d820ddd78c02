/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/constant.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

static void
assert_written (guint kind, gint64 value, const char *expected)
{
  g_autoptr (GString) text = g_string_new ("x ");

  trama_constant_append (text, kind, value);
  g_assert_cmpstr (text->str + 2, ==, expected);
}

static void
test_written (void)
{
  assert_written (TRAMA_PARAMETER_DOMAIN, AF_UNSPEC, "AF_UNSPEC");
  assert_written (TRAMA_PARAMETER_DOMAIN, AF_UNIX, "AF_UNIX");
  assert_written (TRAMA_PARAMETER_DOMAIN, 999, "999");
  assert_written (TRAMA_PARAMETER_TYPE, SOCK_SEQPACKET, "SOCK_SEQPACKET");
  assert_written (TRAMA_PARAMETER_TYPE, SOCK_STREAM | SOCK_NONBLOCK, "SOCK_STREAM|SOCK_NONBLOCK");
  assert_written (TRAMA_PARAMETER_TYPE, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
                  "SOCK_RAW|SOCK_NONBLOCK|SOCK_CLOEXEC");
  /* SOCK_RAW is 3, which is no set of SOCK_STREAM, 1, and SOCK_DGRAM, 2; and 9 is no type. */
  assert_written (TRAMA_PARAMETER_TYPE, 9 | SOCK_NONBLOCK, "SOCK_NONBLOCK|0x9");
  assert_written (TRAMA_PARAMETER_SOCKET_FLAGS, SOCK_NONBLOCK, "SOCK_NONBLOCK");
  assert_written (TRAMA_PARAMETER_PROTOCOL, 0, "0");
  assert_written (TRAMA_PARAMETER_PROTOCOL, IPPROTO_ICMPV6, "IPPROTO_ICMPV6");
  assert_written (TRAMA_PARAMETER_PROTOCOL, IPPROTO_MPTCP, "IPPROTO_MPTCP");
  assert_written (TRAMA_PARAMETER_FLAGS, 0, "0");
  assert_written (TRAMA_PARAMETER_FLAGS, MSG_PEEK | MSG_DONTWAIT, "MSG_PEEK|MSG_DONTWAIT");
  assert_written (TRAMA_PARAMETER_FLAGS, MSG_OOB | 1 << 24, "MSG_OOB|0x1000000");
  assert_written (TRAMA_PARAMETER_HOW, SHUT_RD, "SHUT_RD");
  assert_written (TRAMA_PARAMETER_HOW, 7, "7");
  assert_written (TRAMA_PARAMETER_LEVEL, SOL_SOCKET, "SOL_SOCKET");
  assert_written (TRAMA_PARAMETER_LEVEL, SOL_IP, "IPPROTO_IP");
  assert_written (TRAMA_PARAMETER_POLL, POLLIN | POLLHUP, "POLLIN|POLLHUP");
  assert_written (TRAMA_PARAMETER_COMMAND, F_SETFL, "F_SETFL");
  assert_written (TRAMA_PARAMETER_STATUS_FLAGS, O_RDWR | O_NONBLOCK, "O_RDWR|O_NONBLOCK");
  assert_written (TRAMA_PARAMETER_STATUS_FLAGS, 0, "0");
  assert_written (TRAMA_PARAMETER_SIGNAL, SIGKILL, "SIGKILL");
  assert_written (TRAMA_PARAMETER_ERROR, EWOULDBLOCK, "EAGAIN");
  assert_written (TRAMA_PARAMETER_ERROR, ENOTSUP, "EOPNOTSUPP");
  assert_written (TRAMA_PARAMETER_ERROR, 0, "0");
  assert_written (TRAMA_PARAMETER_BACKLOG, -3, "-3");
}

/* A name has one value wherever it may stand, can be found, and is read back as it was written. */
static void
test_table (void)
{
  guint n = 0;
  const TramaConstant *constants = trama_constants (&n);

  g_assert_cmpuint (n, >, 250);
  for (guint i = 0; i < n; i++)
    {
      const TramaConstant *found = trama_constant_from_name (constants[i].kind, constants[i].name);
      g_autoptr (GString) text = g_string_new (NULL);

      g_assert_true (found == &constants[i]);
      g_assert_cmpint (trama_constant_find (constants[i].name)->value, ==, constants[i].value);
      trama_constant_append (text, constants[i].kind, constants[i].value);
      if (constants[i].value == 0 && strcmp (text->str, "0") == 0)
        continue;
      found = trama_constant_from_name (constants[i].kind, text->str);
      g_assert_nonnull (found);
      g_assert_cmpint (found->value, ==, constants[i].value);
      g_assert_cmpstr (trama_constant_name (constants[i].kind, constants[i].value), ==, text->str);
    }
}

/* Every errno of the C library has its name here. */
static void
test_errors (void)
{
  for (int error = 1; error < 4096; error++)
    {
      const char *name = strerrorname_np (error);

      g_assert_cmpstr (trama_constant_name (TRAMA_PARAMETER_ERROR, error), ==, name);
      if (name != NULL)
        g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_ERROR, name)->value, ==, error);
    }
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_ERROR, "EWOULDBLOCK")->value, ==, EAGAIN);
}

static void
test_places (void)
{
  g_assert_null (trama_constant_from_name (TRAMA_PARAMETER_DOMAIN, "SOCK_STREAM"));
  g_assert_nonnull (trama_constant_find ("SOCK_STREAM"));
  g_assert_null (trama_constant_find ("SOCK_STREAMS"));
  g_assert_null (trama_constant_find (""));
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_PROTOCOL, "IPPROTO_ICMP")->domain, ==, AF_INET);
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_PROTOCOL, "IPPROTO_ICMPV6")->domain, ==,
                   AF_INET6);
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_PROTOCOL, "IPPROTO_UDP")->domain, ==, AF_UNSPEC);
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_LEVEL, "SOL_TCP")->value, ==, IPPROTO_TCP);
  g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_LEVEL, "SOL_UDP")->value, ==, IPPROTO_UDP);
  g_assert_null (trama_constant_name (TRAMA_PARAMETER_SIGNAL, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/constant/written", test_written);
  g_test_add_func ("/trace/constant/table", test_table);
  g_test_add_func ("/trace/constant/errors", test_errors);
  g_test_add_func ("/trace/constant/places", test_places);
  return g_test_run ();
}
