/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/parser.h"
#include "core/trace/store.h"
#include "tests/core/trace/maker.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pcap/pcap.h>
#include <string.h>
#include <unistd.h>

/* A file as libpcap reads it and as we do: the same packets, times, lengths and bytes. */

typedef struct
{
  char *path;
  Maker maker;
} Place;

static void
place_set_up (Place *place, gconstpointer data)
{
  int fd = g_file_open_tmp ("trama-differential-XXXXXX", &place->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
  place->maker.bytes = g_byte_array_new ();
}

static void
place_tear_down (Place *place, gconstpointer data)
{
  g_remove (place->path);
  g_free (place->path);
  g_byte_array_unref (place->maker.bytes);
}

static TramaStore *
read_with_trama (const Place *place)
{
  TramaStore *store = trama_store_new ();
  g_autoptr (TramaParser) parser = trama_parser_new (trama_store_append, store);
  const GByteArray *bytes = place->maker.bytes;
  g_autoptr (GError) error = NULL;
  gssize parsed;
  int fd = open (place->path, O_RDONLY | O_CLOEXEC);

  g_assert_true (trama_store_set_bytes_fd (store, fd));
  close (fd);
  parsed = trama_parser_feed (parser, bytes->data, bytes->len, &error);
  g_assert_no_error (error);
  g_assert_cmpint (parsed, ==, bytes->len);
  g_assert_true (trama_parser_end (parser, 0, NULL));
  return store;
}

static void
assert_packet (TramaStore *store, guint index, const struct pcap_pkthdr *header, const guint8 *data)
{
  g_autofree guint8 *bytes = g_malloc (header->caplen + 1);
  TramaPacket packet;

  trama_store_get_packet (store, index, &packet);
  g_assert_cmpint (packet.time_ns, ==,
                   (gint64) header->ts.tv_sec * G_GINT64_CONSTANT (1000000000) + header->ts.tv_usec);
  g_assert_cmpuint (packet.length_bytes, ==, header->len);
  g_assert_cmpuint (packet.captured_bytes, ==, header->caplen);
  g_assert_cmpint (trama_store_read_packet (store, index, bytes, header->caplen, NULL), ==, header->caplen);
  g_assert_cmpmem (bytes, header->caplen, data, header->caplen);
}

static void
assert_same (const Place *place, guint n_packets)
{
  const GByteArray *bytes = place->maker.bytes;
  char message[PCAP_ERRBUF_SIZE];
  g_autoptr (TramaStore) store = NULL;
  struct pcap_pkthdr *header;
  const guint8 *data;
  pcap_t *pcap;

  g_assert_true (g_file_set_contents (place->path, (const char *) bytes->data, (gssize) bytes->len, NULL));
  store = read_with_trama (place);
  pcap = pcap_open_offline_with_tstamp_precision (place->path, PCAP_TSTAMP_PRECISION_NANO, message);
  g_assert_nonnull (pcap);
  g_assert_cmpuint (trama_store_n_packets (store), ==, n_packets);
  for (guint i = 0; i < n_packets; i++)
    {
      g_assert_cmpint (pcap_next_ex (pcap, &header, &data), ==, 1);
      assert_packet (store, i, header, data);
    }
  g_assert_cmpint (pcap_next_ex (pcap, &header, &data), ==, PCAP_ERROR_BREAK);
  pcap_close (pcap);
}

static void
make_record (Maker *maker, guint32 seconds, guint32 fraction, guint32 captured, guint32 length)
{
  make_u32 (maker, seconds);
  make_u32 (maker, fraction);
  make_u32 (maker, captured);
  make_u32 (maker, length);
  g_byte_array_append (maker->bytes, datagram, captured);
}

/* Either byte order, micro- and nanoseconds, and what captures have of odd packets. */
static void
test_pcap (Place *place, gconstpointer data)
{
  for (guint i = 0; i < 4; i++)
    {
      Maker *maker = &place->maker;

      g_byte_array_set_size (maker->bytes, 0);
      maker->big = (i & 1) != 0;
      make_u32 (maker, i & 2 ? 0xa1b23c4d : 0xa1b2c3d4);
      make_u16 (maker, 2);
      make_u16 (maker, 4);
      make_u32 (maker, 0);
      make_u32 (maker, 0);
      make_u32 (maker, 65535);
      make_u32 (maker, 1);
      make_record (maker, 1700000000, 999999, 44, 44);
      make_record (maker, 1700000000, 0, 44, 44); /* a step back */
      make_record (maker, 0, 0, 44, 44);
      make_record (maker, G_MAXINT32, 1, 20, 1514);     /* cut */
      make_record (maker, 1700000001, 5, 0, 60);        /* nothing of it captured */
      make_record (maker, 1700000001, 1000000, 44, 44); /* a fraction of a whole second */
      assert_same (place, 6);
    }
}

/* Every resolution that divides a second into whole nanoseconds, with an offset too. */
static void
test_pcapng (Place *place, gconstpointer data)
{
  static const guint8 resolutions[] = { 0, 1, 3, 6, 7, 9, 0x80, 0x81, 0x84, 0x89 };
  guint64 units[] = { 1, 10, 1000, 1000000, 10000000, 1000000000, 1, 2, 16, 512 };

  for (gsize i = 0; i < G_N_ELEMENTS (resolutions) * 2; i++)
    {
      Maker *maker = &place->maker;
      guint64 unit = units[i / 2];

      g_byte_array_set_size (maker->bytes, 0);
      make_section (maker, (i & 1) != 0, G_MAXUINT64);
      make_end (maker);
      make_interface (maker, 1, 65535);
      make_option (maker, 9, &resolutions[i / 2], 1);
      make_end_of_options (maker);
      make_end (maker);
      make_enhanced (maker, 0, 1700000000 * unit + unit / 2, datagram, 44, 44);
      make_end (maker);
      make_enhanced (maker, 0, 1700000000 * unit, datagram, 43, 1500);
      make_end (maker);
      make_enhanced (maker, 0, 1700000001 * unit - 1, datagram, 42, 42);
      make_end (maker);
      make_simple (maker, datagram, 44, 44);
      assert_same (place, 4);
    }
}

static void
add_test (const char *path, void (*test) (Place *, gconstpointer))
{
  g_test_add (path, Place, NULL, place_set_up, test, place_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/capture/differential/pcap", test_pcap);
  add_test ("/capture/differential/pcapng", test_pcapng);
  return g_test_run ();
}
