/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/option.h"

#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void
assert_value (const char *name, const void *bytes, gsize size, const char *expected)
{
  const TramaOption *option = name != NULL ? trama_option_from_name (name) : NULL;
  g_autofree char *text = NULL;

  g_assert_true ((name == NULL) == (option == NULL));
  text = trama_option_format_value (option, bytes, size);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_number (const char *name, int number, const char *expected)
{
  assert_value (name, &number, sizeof number, expected);
}

static void
test_values (void)
{
  const struct linger linger = { 1, 30 };
  const struct timeval timeval = { 2, 50000 };
  const struct ucred ucred = { 4211, 1000, 100 };
  const char reno[16] = "reno";
  const guint8 many[40] = { 0xff, 1 };

  assert_number ("SO_REUSEADDR", 1, "1");
  assert_number ("SO_PEEK_OFF", -1, "-1");
  assert_number ("SO_ERROR", ECONNREFUSED, "ECONNREFUSED");
  assert_number ("SO_ERROR", 0, "0");
  assert_number ("SO_TYPE", SOCK_DGRAM, "SOCK_DGRAM");
  assert_number ("SO_DOMAIN", AF_INET6, "AF_INET6");
  assert_number ("SO_PROTOCOL", IPPROTO_TCP, "IPPROTO_TCP");
  assert_number ("IP_MTU_DISCOVER", IP_PMTUDISC_DO, "IP_PMTUDISC_DO");
  assert_value ("SO_LINGER", &linger, sizeof linger, "{1, 30}");
  assert_value ("SO_RCVTIMEO", &timeval, sizeof timeval, "{2, 50000}");
  assert_value ("SO_PEERCRED", &ucred, sizeof ucred, "{4211, 1000, 100}");
  assert_value ("TCP_CONGESTION", reno, sizeof reno, "\"reno\"");
  assert_value ("TCP_CONGESTION", reno, 4, "\"reno\"");
  assert_value ("TCP_CONGESTION", reno, 0, "\"\"");
  /* What does not fit its type is shown as it is. */
  assert_value ("SO_REUSEADDR", many, 1, "ff");
  assert_value ("SO_LINGER", many, 3, "ff 01 00");
  assert_value (NULL, many, 2, "ff 01");
  assert_value (NULL, NULL, 0, "");
  assert_value (NULL, many, sizeof many,
                "ff 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
                "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00…");
}

/* Every row is found by its name and by its numbers, and what is encoded is written as it was given. */
static void
test_table (void)
{
  guint n = 0;
  const TramaOption *options = trama_options (&n);

  g_assert_cmpuint (n, >, 90);
  for (guint i = 0; i < n; i++)
    {
      const gint64 numbers[] = { 1, 2, 3 };
      const TramaOption *option = &options[i];
      guint8 bytes[64];
      g_autofree char *text = NULL;

      g_assert_true (trama_option_from_name (option->name) == option);
      g_assert_true (trama_option_find (option->level, option->option) == option);
      g_assert_cmpint (trama_constant_from_name (TRAMA_PARAMETER_LEVEL, option->level_name)->value, ==,
                       option->level);
      g_assert_true (option->readable || option->writable);
      g_assert_cmpuint (trama_option_value_bytes (option), <=, sizeof bytes);
      memset (bytes, 0xa5, sizeof bytes);
      trama_option_encode (option, numbers, bytes);
      g_assert_cmpuint (bytes[trama_option_value_bytes (option)], ==, 0xa5);
      text = trama_option_format_value (option, bytes, trama_option_value_bytes (option));
      switch (option->type)
        {
        case TRAMA_OPTION_TEXT:
          g_assert_cmpuint (trama_option_n_numbers (option), ==, 0);
          g_assert_cmpstr (text, ==, "\"\"");
          break;
        case TRAMA_OPTION_LINGER:
        case TRAMA_OPTION_TIMEVAL:
          g_assert_cmpuint (trama_option_n_numbers (option), ==, 2);
          g_assert_cmpstr (text, ==, "{1, 2}");
          break;
        case TRAMA_OPTION_CREDENTIALS:
          g_assert_cmpstr (text, ==, "{1, 2, 3}");
          break;
        case TRAMA_OPTION_ERROR:
          g_assert_cmpstr (text, ==, "EPERM");
          break;
        default:
          g_assert_cmpuint (trama_option_n_numbers (option), ==, 1);
          if (option->names == 0)
            g_assert_cmpstr (text, ==, "1");
        }
    }
  g_assert_null (trama_option_from_name ("SO_NOTHING"));
  g_assert_null (trama_option_find (SOL_SOCKET, -1));
}

/* The kernel fills a value of that size to its end: an option that this socket has says so itself. */
static void
assert_sizes (int fd, guint *n_read)
{
  guint n = 0;
  const TramaOption *options = trama_options (&n);

  for (guint i = 0; i < n; i++)
    {
      guint8 bytes[128] = { 0 };
      socklen_t size = (socklen_t) trama_option_value_bytes (&options[i]);

      if (!options[i].readable || options[i].type == TRAMA_OPTION_TEXT
          || getsockopt (fd, options[i].level, options[i].option, bytes, &size) < 0)
        continue;
      g_assert_cmpuint (size, ==, trama_option_value_bytes (&options[i]));
      *n_read += 1;
    }
}

static void
test_sizes (void)
{
  const struct
  {
    int domain, type;
  } sockets[] = {
    { AF_INET, SOCK_STREAM },  { AF_INET, SOCK_DGRAM },  { AF_UNIX, SOCK_STREAM },
    { AF_INET6, SOCK_STREAM }, { AF_INET6, SOCK_DGRAM },
  };
  guint n_read = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (sockets); i++)
    {
      int fd = socket (sockets[i].domain, sockets[i].type | SOCK_CLOEXEC, 0);

      /* A machine without IPv6 has the others. */
      if (fd < 0)
        continue;
      assert_sizes (fd, &n_read);
      close (fd);
    }
  g_assert_cmpuint (n_read, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/option/values", test_values);
  g_test_add_func ("/trace/option/table", test_table);
  g_test_add_func ("/trace/option/sizes", test_sizes);
  return g_test_run ();
}
