/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/capture/filter.h"
#include "core/capture/link_name.h"

#include <gio/gio.h>
#include <string.h>

/* IPv4, 127.0.0.1 to 127.0.0.1, UDP from 40000 to 5001, "opt" */
static const guint8 ip4[] = {
  0x45, 0x00, 0x00, 0x1f, 0x00, 0x00, 0x00, 0x00, 0x40, 0x11, 0x00, 0x00, 0x7f, 0x00, 0x00, 0x01,
  0x7f, 0x00, 0x00, 0x01, 0x9c, 0x40, 0x13, 0x89, 0x00, 0x0b, 0x00, 0x00, 'o',  'p',  't',
};

/* IPv6, ::1 to ::1, UDP from 40000 to 5001, nothing */
static const guint8 ip6[] = {
  0x60, 0, 0, 0, 0, 8, 0x11, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0,    0,    0,    0,    0, 0, 0, 1,
  0,    0, 0, 0, 0, 0, 0,    0,    0, 0, 0, 0, 0, 0, 0, 1, 0x9c, 0x40, 0x13, 0x89, 0, 8, 0, 0,
};

static gboolean
matches (TramaFilter *filter, guint32 link_type, const char *header, gsize header_size, gboolean is_ip6)
{
  guint8 frame[128];
  const guint8 *packet = is_ip6 ? ip6 : ip4;
  gsize size = is_ip6 ? sizeof ip6 : sizeof ip4;
  TramaPacket record = { .captured_bytes = (guint32) (header_size + size) };

  record.length_bytes = record.captured_bytes;
  memcpy (frame, header, header_size);
  memcpy (frame + header_size, packet, size);
  return trama_filter_matches (filter, link_type, &record, frame);
}

/* One expression over packets of several link types, as they come mixed in one file. */
static void
test_link_types (void)
{
  static const struct
  {
    guint32 link_type;
    const char *header;
    gsize header_size;
    gboolean is_ip6;
  } frames[] = {
    { 101, "", 0, FALSE },
    { 101, "", 0, TRUE },
    { 12, "", 0, FALSE },
    { 14, "", 0, TRUE },
    { 228, "", 0, FALSE },
    { 229, "", 0, TRUE },
    { 1, "\0\0\0\0\0\1\0\0\0\0\0\2\x08\0", 14, FALSE },
    { 1, "\0\0\0\0\0\1\0\0\0\0\0\2\x86\xdd", 14, TRUE },
    { 113, "\0\0\x03\x04\0\6\0\0\0\0\0\0\0\0\x08\0", 16, FALSE },
    { 276, "\x86\xdd\0\0\0\0\0\1\x03\x04\0\6\0\0\0\0\0\0\0\0", 20, TRUE },
    { 0, "\2\0\0\0", 4, FALSE },    /* little endian */
    { 0, "\0\0\0\2", 4, FALSE },    /* big endian */
    { 0, "\x0a\0\0\0", 4, TRUE },   /* AF_INET6 of Linux */
    { 0, "\x1e\0\0\0", 4, TRUE },   /* of Darwin */
    { 0, "\0\0\0\x1c", 4, TRUE },   /* of FreeBSD, from a machine of the other byte order */
    { 108, "\0\0\0\2", 4, FALSE },  /* LOOP is in network order */
    { 108, "\0\0\0\x18", 4, TRUE }, /* AF_INET6 of OpenBSD and NetBSD */
  };
  g_autoptr (TramaFilter) port = trama_filter_new ("udp and dst port 5001", NULL);
  g_autoptr (TramaFilter) other = trama_filter_new ("udp and dst port 5002", NULL);
  g_autoptr (TramaFilter) version = trama_filter_new ("ip6", NULL);
  g_autoptr (TramaFilter) everything = trama_filter_new ("", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_test_message ("frame %" G_GSIZE_FORMAT " of link type %u", i, frames[i].link_type);
      g_assert_true (
          matches (port, frames[i].link_type, frames[i].header, frames[i].header_size, frames[i].is_ip6));
      g_assert_false (
          matches (other, frames[i].link_type, frames[i].header, frames[i].header_size, frames[i].is_ip6));
      g_assert_cmpint (
          matches (version, frames[i].link_type, frames[i].header, frames[i].header_size, frames[i].is_ip6),
          ==, frames[i].is_ip6);
      g_assert_true (matches (everything, frames[i].link_type, frames[i].header, frames[i].header_size,
                              frames[i].is_ip6));
    }
  g_assert_null (trama_filter_get_failure (port));
}

/* The length on the wire and the captured bytes are two things. */
static void
test_captured (void)
{
  g_autoptr (TramaFilter) length = trama_filter_new ("len >= 1000", NULL);
  g_autoptr (TramaFilter) port = trama_filter_new ("dst port 5001", NULL);
  TramaPacket packet = { .captured_bytes = sizeof ip4, .length_bytes = 1000 };

  g_assert_true (trama_filter_matches (length, 101, &packet, ip4));
  packet.length_bytes = 999;
  g_assert_false (trama_filter_matches (length, 101, &packet, ip4));
  for (guint32 size = 0; size <= sizeof ip4; size++)
    {
      g_autofree guint8 *copy = g_memdup2 (ip4, size);

      packet.captured_bytes = size;
      g_assert_cmpint (trama_filter_matches (port, 101, &packet, copy), ==, size >= 24);
      g_assert_false (trama_filter_matches (port, 0, &packet, copy));
    }
}

static void
test_no_filter (void)
{
  static const char *const expressions[] = { "tcp prt 5", "tcp and", "host 1.2.3.4.5", "(", "port 70000" };

  for (gsize i = 0; i < G_N_ELEMENTS (expressions); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (trama_filter_new (expressions[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, expressions[i]));
    }
}

/* What makes sense for one link type only keeps nothing of the others, and says so. */
static void
test_unfilterable (void)
{
  g_autoptr (TramaFilter) wireless = trama_filter_new ("type mgt", NULL);
  g_autoptr (TramaFilter) udp = trama_filter_new ("udp", NULL);
  TramaPacket packet = { .captured_bytes = sizeof ip4, .length_bytes = sizeof ip4 };

  g_assert_nonnull (wireless);
  g_assert_null (trama_filter_get_failure (wireless));
  g_assert_false (trama_filter_matches (wireless, 101, &packet, ip4));
  g_assert_nonnull (strstr (trama_filter_get_failure (wireless), "101"));

  g_assert_false (trama_filter_matches (udp, 147, &packet, ip4));
  g_assert_true (trama_filter_matches (udp, 101, &packet, ip4));
  g_assert_nonnull (strstr (trama_filter_get_failure (udp), "147"));
}

static void
test_link_names (void)
{
  g_assert_cmpstr (trama_link_name (1), ==, "EN10MB");
  g_assert_cmpstr (trama_link_description (1), ==, "Ethernet");
  g_assert_cmpstr (trama_link_name (101), ==, "RAW");
  g_assert_cmpstr (trama_link_name (276), ==, "LINUX_SLL2");
  g_assert_null (trama_link_name (65535));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/filter/link-types", test_link_types);
  g_test_add_func ("/capture/filter/captured", test_captured);
  g_test_add_func ("/capture/filter/no-filter", test_no_filter);
  g_test_add_func ("/capture/filter/unfilterable", test_unfilterable);
  g_test_add_func ("/capture/filter/link-names", test_link_names);
  return g_test_run ();
}
