/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/address.h"

#include "core/trace/sockaddr_fields.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* The family is a number of the machine, the rest stands as on the wire. */
static const guint8 *
with_family (guint8 *buffer, sa_family_t family, const guint8 *rest, gsize size)
{
  memcpy (buffer, &family, sizeof family);
  if (size > 0)
    memcpy (buffer + sizeof family, rest, size);
  return buffer;
}

/* Port 5000 = 0x1388; 127.0.0.1; eight of padding. */
static const guint8 inet[] = { 0x13, 0x88, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };

/* Port 443 = 0x01bb; flow 0; 2001:db8::1; scope 0. */
static const guint8 inet6[] = { 0x01, 0xbb, 0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0,
                                0,    0,    0, 0, 0, 0, 0,    0,    1,    0,    0, 0, 0 };

static void
assert_format (sa_family_t family, const guint8 *rest, gsize size, const char *expected)
{
  guint8 buffer[128] = { 0 };
  g_autofree char *text = trama_address_format (with_family (buffer, family, rest, size), size + 2);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_format (void)
{
  guint8 no_port[sizeof inet], no_port6[sizeof inet6];
  g_autofree char *none = trama_address_format (NULL, 0);
  g_autofree char *half = trama_address_format (inet, 1);

  memcpy (no_port, inet, sizeof inet);
  no_port[0] = no_port[1] = 0;
  memcpy (no_port6, inet6, sizeof inet6);
  assert_format (AF_INET, inet, sizeof inet, "127.0.0.1:5000");
  assert_format (AF_INET, no_port, sizeof inet, "127.0.0.1:0");
  assert_format (AF_INET6, inet6, sizeof inet6, "[2001:db8::1]:443");
  no_port6[0] = no_port6[1] = 0;
  assert_format (AF_INET6, no_port6, sizeof no_port6, "[2001:db8::1]:0");
  assert_format (AF_UNIX, (const guint8 *) "/run/x", 7, "/run/x");
  assert_format (AF_UNIX, (const guint8 *) "/run/x", 6, "/run/x");
  assert_format (AF_UNIX, (const guint8 *) "\0trama", 6, "@trama");
  assert_format (AF_UNIX, (const guint8 *) "/a\n\xff", 4, "/a\\n\\xff");
  assert_format (AF_UNIX, (const guint8 *) "/tel\xc3\xa9", 6, "/tel\xc3\xa9");
  assert_format (AF_UNIX, (const guint8 *) "\0a\0b", 4, "@a\\x00b");
  assert_format (AF_UNIX, NULL, 0, "(unnamed)");
  assert_format (AF_UNSPEC, inet, sizeof inet, "AF_UNSPEC");
  assert_format (AF_INET, inet, 5, "(family 2, 7 bytes)");
  assert_format (AF_PACKET, inet, 3, "(family 17, 5 bytes)");
  g_assert_cmpstr (none, ==, "(no address)");
  g_assert_cmpstr (half, ==, "(no address)");
}

static void
test_endpoint (void)
{
  guint8 buffer[128] = { 0 };
  TramaEndpoint endpoint, other;
  g_autofree char *text = NULL;
  g_autofree char *host = NULL;
  g_autofree char *nobody = NULL;

  for (gsize size = 0; size < sizeof (struct sockaddr_in); size++)
    {
      with_family (buffer, AF_INET, inet, sizeof inet);
      g_assert_false (trama_endpoint_from_address (&endpoint, buffer, size));
      g_assert_cmpuint (endpoint.family, ==, 0);
    }
  nobody = trama_endpoint_format (&endpoint);
  g_assert_cmpstr (nobody, ==, "?");

  g_assert_true (trama_endpoint_from_address (&endpoint, buffer, sizeof (struct sockaddr_in)));
  g_assert_cmpuint (endpoint.family, ==, AF_INET);
  g_assert_cmpuint (endpoint.port, ==, 5000);
  text = trama_endpoint_format (&endpoint);
  g_assert_cmpstr (text, ==, "127.0.0.1:5000");

  other = endpoint;
  g_assert_true (trama_endpoint_equal (&endpoint, &other));
  other.port = 0;
  g_assert_false (trama_endpoint_equal (&endpoint, &other));
  host = trama_endpoint_format (&other);
  g_assert_cmpstr (host, ==, "127.0.0.1");
  other = endpoint;
  other.address[3] = 2;
  g_assert_false (trama_endpoint_equal (&endpoint, &other));

  with_family (buffer, AF_INET6, inet6, sizeof inet6);
  for (gsize size = 0; size < sizeof (struct sockaddr_in6); size++)
    g_assert_false (trama_endpoint_from_address (&endpoint, buffer, size));
  g_assert_true (trama_endpoint_from_address (&endpoint, buffer, sizeof (struct sockaddr_in6)));
  g_assert_cmpuint (endpoint.port, ==, 443);
  g_assert_cmpuint (endpoint.address[15], ==, 1);
}

/* The fields of a header lie in it, side by side, and cover it. */
static void
assert_covers (sa_family_t family, const guint8 *rest, gsize size)
{
  guint8 buffer[128] = { 0 };
  g_autoptr (GPtrArray) fields = trama_fields_of_address (with_family (buffer, family, rest, size), size + 2);
  guint at = 0;

  g_assert_cmpuint (fields->len, >=, 2);
  for (guint i = 0; i < fields->len; i++)
    {
      const TramaField *field = g_ptr_array_index (fields, i);

      if (field->depth == 0)
        {
          g_assert_cmpuint (i, ==, 0);
          g_assert_cmpuint (field->size_bytes, ==, size + 2);
          continue;
        }
      g_assert_cmpuint (field->offset, ==, at);
      at += field->size_bytes;
    }
  g_assert_cmpuint (at, ==, size + 2);
}

static void
test_fields (void)
{
  g_autoptr (GPtrArray) nothing = trama_fields_of_address (NULL, 0);

  assert_covers (AF_INET, inet, sizeof inet);
  assert_covers (AF_INET6, inet6, sizeof inet6);
  assert_covers (AF_UNIX, (const guint8 *) "/run/x", 7);
  assert_covers (AF_INET, inet, 3);
  g_assert_cmpuint (nothing->len, ==, 1);
}

static void
test_fields_text (void)
{
  guint8 buffer[16];
  g_autoptr (GPtrArray)
      fields = trama_fields_of_address (with_family (buffer, AF_INET, inet, sizeof inet), sizeof buffer);
  const TramaField *port = g_ptr_array_index (fields, 2);
  const TramaField *host = g_ptr_array_index (fields, 3);

  g_assert_cmpstr (port->name, ==, "sin_port");
  g_assert_cmpstr (port->value, ==, "htons(5000)");
  g_assert_nonnull (strstr (port->meaning, "0x13 0x88"));
  g_assert_cmpstr (host->name, ==, "sin_addr");
  g_assert_cmpstr (host->value, ==, "127.0.0.1");
  g_assert_nonnull (strstr (host->meaning, "loopback"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/address/format", test_format);
  g_test_add_func ("/trace/address/endpoint", test_endpoint);
  g_test_add_func ("/trace/address/fields", test_fields);
  g_test_add_func ("/trace/address/fields-text", test_fields_text);
  return g_test_run ();
}
