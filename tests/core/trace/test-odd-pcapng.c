/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/pcapng.h"
#include "core/trace/store.h"

#include <string.h>

/*
 * Files that are odd, but as draft-ietf-opsawg-pcapng allows them, or as wide-spread
 * writers make them. Each is given as hexadecimal digits, with what a reader tells of it.
 */

/* Section header, interface of Ethernet, packet of four bytes at 1 ms; little-endian. */
#define SECTION "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000 "
#define INTERFACE "01000000 14000000 0100 0000 00000000 14000000 "
#define PACKET "06000000 24000000 00000000 00000000 e8030000 04000000 04000000 01020304 24000000 "

#define INTERFACE_TEXT "interface (null) link 1 snap 0\n"
#define PACKET_TEXT "packet 1000000 if 0 4/4: 01020304\n"

static void
log_event (const TramaEvent *event, gpointer text)
{
  switch (event->kind)
    {
    case TRAMA_EVENT_INTERFACE:
      g_string_append_printf (text, "interface %s link %u snap %u\n", event->interface.name,
                              event->interface.link_type, event->interface.snap_bytes);
      break;
    case TRAMA_EVENT_PACKET:
      g_string_append_printf (text, "packet %" G_GINT64_FORMAT " if %u %u/%u: ", event->packet.time_ns,
                              event->packet.interface, event->packet.captured_bytes,
                              event->packet.length_bytes);
      for (guint i = 0; i < event->packet.captured_bytes; i++)
        g_string_append_printf (text, "%02x", event->data[i]);
      g_string_append_c (text, '\n');
      break;
    case TRAMA_EVENT_STATISTICS:
      g_string_append_printf (text,
                              "statistics %" G_GINT64_FORMAT " if %u received %" G_GUINT64_FORMAT
                              " dropped %" G_GUINT64_FORMAT "\n",
                              event->statistics.time_ns, event->statistics.interface,
                              event->statistics.received, event->statistics.dropped);
      break;
    default:
      g_string_append_printf (text, "kind %u\n", event->kind);
      break;
    }
}

static GByteArray *
bytes_of (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex++)
    if (*hex != ' ')
      {
        guint8 byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));

        g_assert_true (g_ascii_isxdigit (hex[0]) && g_ascii_isxdigit (hex[1]));
        g_byte_array_append (bytes, &byte, 1);
        hex++;
      }
  return bytes;
}

/* What a parser tells of @bytes, brought in pieces of @piece. All of them must be taken. */
static char *
tell (const GByteArray *bytes, gsize piece)
{
  GString *text = g_string_new (NULL);
  g_autoptr (TramaPcapngParser) parser = trama_pcapng_parser_new (log_event, text);
  gsize at = 0;

  for (gsize end = MIN (piece, bytes->len);; end = MIN (end + piece, bytes->len))
    {
      g_autofree guint8 *exact = g_memdup2 (bytes->data + at, end - at);
      g_autoptr (GError) error = NULL;
      gssize taken = trama_pcapng_parser_feed (parser, exact, end - at, &error);

      g_assert_no_error (error);
      at += (gsize) taken;
      if (end == bytes->len)
        break;
    }
  g_assert_cmpuint (at, ==, bytes->len);
  return g_string_free (text, FALSE);
}

typedef struct
{
  const char *name;
  const char *hex;
  const char *expected;
} Case;

/* clang-format off */
static const Case cases[] = {
  { "section alone", SECTION, "" },
  { "section length exact",
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 3800000000000000 1c000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "section length zero",
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 0000000000000000 1c000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "section length past the end",
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffff7f 1c000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "minor version 2", /* written by some, without a difference */
    "0a0d0d0a 1c000000 4d3c2b1a 0100 0200 ffffffffffffffff 1c000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "minor version 65535",
    "0a0d0d0a 1c000000 4d3c2b1a 0100 ffff ffffffffffffffff 1c000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "section options without end",
    "0a0d0d0a 24000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0300 61626300 24000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "section option past the end",
    "0a0d0d0a 20000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 ff00 20000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },

  { "reserved bits of an interface", SECTION "01000000 14000000 0100 ffff 00000000 14000000 ",
    INTERFACE_TEXT },
  { "interface options without end", /* if_name, if_tsresol 9 */
    SECTION "01000000 24000000 0100 0000 00000400 0200 0200 6c6f0000 0900 0100 09000000 24000000 " PACKET,
    "interface lo link 1 snap 262144\npacket 1000 if 0 4/4: 01020304\n" },
  { "interface options behind the end of options", /* opt_endofopt, then if_tsresol 9 */
    SECTION "01000000 20000000 0100 0000 00000000 0000 0000 0900 0100 09000000 20000000 " PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "interface options of every kind before the time resolution",
    SECTION "01000000 68000000 0100 0000 00000000 "
    "0100 0200 48690000 "          /* comment */
    "0400 0800 7f000001 ff000000 " /* if_IPv4addr */
    "0600 0600 020000000001 0000 " /* if_MACaddr */
    "0b00 0100 00000000 "          /* if_filter */
    "0d00 0100 04000000 "          /* if_fcslen */
    "0a00 0400 00000000 "          /* if_tzone, withdrawn */
    "ac0b 0500 01000000 61000000 " /* custom, text */
    "ff7f 0000 "                   /* unknown */
    "0900 0100 03000000 "          /* if_tsresol: milliseconds */
    "0000 0000 68000000 " PACKET,
    INTERFACE_TEXT "packet 1000000000 if 0 4/4: 01020304\n" },
  { "an empty time resolution", SECTION "01000000 18000000 0100 0000 00000000 0900 0000 18000000 " PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "a time offset of the wrong size",
    SECTION "01000000 1c000000 0100 0000 00000000 0e00 0400 01000000 1c000000 " PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "the first name counts",
    SECTION "01000000 24000000 0100 0000 00000000 0200 0100 61000000 0200 0100 62000000 24000000 ",
    "interface a link 1 snap 0\n" },
  { "resolution 2^-63, offset -1 s", /* 2^62 units are half a second */
    SECTION "01000000 28000000 0100 0000 00000000 0900 0100 bf000000 0e00 0800 ffffffffffffffff 28000000 "
    "06000000 24000000 00000000 00000040 00000000 04000000 04000000 01020304 24000000 ",
    INTERFACE_TEXT "packet -500000000 if 0 4/4: 01020304\n" },
  { "interface after packets, interfaces without packets", SECTION INTERFACE PACKET INTERFACE INTERFACE,
    INTERFACE_TEXT PACKET_TEXT INTERFACE_TEXT INTERFACE_TEXT },

  { "captured more than the snap length",
    SECTION "01000000 14000000 0100 0000 02000000 14000000 " PACKET,
    "interface (null) link 1 snap 2\n" PACKET_TEXT },
  { "captured more than there was",
    SECTION INTERFACE "06000000 24000000 00000000 00000000 e8030000 04000000 01000000 01020304 24000000 ",
    INTERFACE_TEXT "packet 1000000 if 0 4/1: 01020304\n" },
  { "nothing captured",
    SECTION INTERFACE "06000000 20000000 00000000 00000000 e8030000 00000000 3c000000 20000000 ",
    INTERFACE_TEXT "packet 1000000 if 0 0/60: \n" },
  { "padding that is not zero",
    SECTION INTERFACE "06000000 24000000 00000000 00000000 e8030000 01000000 01000000 01ffffff 24000000 ",
    INTERFACE_TEXT "packet 1000000 if 0 1/1: 01\n" },
  { "packet options without end", /* epb_flags, comment */
    SECTION INTERFACE "06000000 34000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "0200 0400 ffffffff 0100 0200 48690000 34000000 ",
    INTERFACE_TEXT PACKET_TEXT },
  { "room behind the packet that is no option",
    SECTION INTERFACE "06000000 28000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "ffffffff 28000000 ",
    INTERFACE_TEXT PACKET_TEXT },
  { "packets lost before this one", /* epb_dropcount 3, then 2 */
    SECTION INTERFACE "06000000 30000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "0400 0800 0300000000000000 30000000 " PACKET
    "06000000 30000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "0400 0800 0200000000000000 30000000 ",
    INTERFACE_TEXT "statistics 1000000 if 0 received 0 dropped 3\n" PACKET_TEXT PACKET_TEXT
    "statistics 1000000 if 0 received 0 dropped 5\n" PACKET_TEXT },
  { "more lost than 64 bits count",
    SECTION INTERFACE "06000000 30000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "0400 0800 ffffffffffffffff 30000000 "
    "06000000 30000000 00000000 00000000 e8030000 04000000 04000000 01020304 "
    "0400 0800 0200000000000000 30000000 ",
    INTERFACE_TEXT "statistics 1000000 if 0 received 0 dropped 18446744073709551615\n" PACKET_TEXT
    "statistics 1000000 if 0 received 0 dropped 18446744073709551615\n" PACKET_TEXT },
  { "a block that does not count its padding",
    SECTION INTERFACE "06000000 22000000 00000000 00000000 e8030000 02000000 02000000 0102 0000 22000000 "
    PACKET,
    INTERFACE_TEXT "packet 1000000 if 0 2/2: 0102\n" PACKET_TEXT },

  { "simple packet shorter than the snap length", /* 2 bytes, padded; an interface that knows a time offset */
    SECTION "01000000 20000000 0100 0000 60000000 0e00 0800 0100000000000000 20000000 "
    "03000000 14000000 02000000 01020000 14000000 ",
    "interface (null) link 1 snap 96\npacket 0 if 0 2/2: 0102\n" },
  { "simple packets belong to the first interface",
    SECTION INTERFACE "01000000 14000000 6500 0000 00000000 14000000 "
    "03000000 14000000 04000000 01020304 14000000 ",
    INTERFACE_TEXT "interface (null) link 101 snap 0\npacket 0 if 0 4/4: 01020304\n" },
  { "obsolete packets with drops", /* 7 lost, then not known */
    SECTION INTERFACE
    "02000000 24000000 0000 0700 00000000 e8030000 04000000 04000000 01020304 24000000 "
    "02000000 24000000 0000 ffff 00000000 e8030000 04000000 04000000 01020304 24000000 ",
    INTERFACE_TEXT "statistics 1000000 if 0 received 0 dropped 7\n" PACKET_TEXT PACKET_TEXT },

  { "statistics", /* received 9, dropped by the interface 2, by the system 3 */
    SECTION INTERFACE PACKET "05000000 40000000 00000000 00000000 e8030000 "
    "0400 0800 0900000000000000 0500 0800 0200000000000000 0700 0800 0300000000000000 0000 0000 40000000 ",
    INTERFACE_TEXT PACKET_TEXT "statistics 1000000 if 0 received 9 dropped 5\n" },
  { "statistics without options", SECTION INTERFACE "05000000 18000000 00000000 00000000 e8030000 18000000 ",
    INTERFACE_TEXT "statistics 1000000 if 0 received 0 dropped 0\n" },
  { "statistics of an interface that is not described, or too short",
    SECTION "05000000 18000000 00000000 00000000 e8030000 18000000 05000000 0c000000 0c000000 " INTERFACE
    "05000000 18000000 01000000 00000000 e8030000 18000000 ",
    INTERFACE_TEXT },

  { "blocks before the first interface", /* names, secrets, journal, custom, custom that is not to be copied */
    SECTION "04000000 10000000 0000 0000 10000000 "
    "0a000000 14000000 4b534c54 00000000 14000000 "
    "09000000 10000000 61620000 10000000 "
    "ad0b0000 10000000 01000000 10000000 "
    "ad0b0040 14000000 01000000 ffffffff 14000000 " INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT },
  { "empty blocks of unknown kinds",
    SECTION "00000000 0c000000 0c000000 ffffffff 0c000000 0c000000 01000080 0c000000 0c000000 " INTERFACE
    "0b000000 0c000000 0c000000 " PACKET,
    INTERFACE_TEXT PACKET_TEXT },

  { "sections without anything", SECTION SECTION SECTION INTERFACE PACKET SECTION,
    INTERFACE_TEXT PACKET_TEXT },
  { "the other byte order in the middle, and back",
    SECTION INTERFACE PACKET
    "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c "
    "00000001 00000028 0065 0000 00000060 0009 0001 09000000 000e 0008 0000000000000001 00000028 "
    "00000006 00000034 00000000 00000001 00000002 00000002 0000003c 0a0b0000 "
    "0004 0008 0000000000000004 0000 0000 00000034 "
    "00000005 00000024 00000000 00000000 00000001 0004 0008 0000000000000063 00000024 "
    SECTION INTERFACE PACKET,
    INTERFACE_TEXT PACKET_TEXT
    "interface (null) link 101 snap 96\n"
    "statistics 5294967298 if 1 received 0 dropped 4\n"
    "packet 5294967298 if 1 2/60: 0a0b\n"
    "statistics 1000000001 if 1 received 99 dropped 4\n"
    INTERFACE_TEXT "packet 1000000 if 2 4/4: 01020304\n" },
};
/* clang-format on */

static void
test_case (gconstpointer data)
{
  const Case *odd = data;
  g_autoptr (GByteArray) bytes = bytes_of (odd->hex);

  for (gsize piece = 1; piece <= bytes->len; piece++)
    {
      g_autofree char *text = tell (bytes, piece);

      g_assert_cmpstr (text, ==, odd->expected);
    }
}

/* An option has 16 bits for its length: 65535 bytes and one of padding are the most. */
static void
test_largest_option (void)
{
  g_autoptr (GByteArray) file = bytes_of (SECTION "01000000 18000100 0100 0000 00000000 0100 ffff ");
  g_autoptr (GByteArray) rest = bytes_of ("18000100 " PACKET);
  g_autofree char *text = NULL;

  g_byte_array_set_size (file, file->len + 65536);
  memset (file->data + file->len - 65536, 'x', 65536);
  g_byte_array_append (file, rest->data, rest->len);
  text = tell (file, 4096);
  g_assert_cmpstr (text, ==, INTERFACE_TEXT PACKET_TEXT);
}

/* The last record of an interface counts, and what several interfaces lost is added up. */
static void
test_store (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_STATISTICS };

  g_assert_cmpuint (trama_store_get_drops (store), ==, 0);
  event.statistics = (TramaStatistics){ .interface = 0, .received = 1, .dropped = 1 };
  trama_store_append (&event, store);
  g_assert_cmpuint (trama_store_get_drops (store), ==, 0);

  for (guint i = 0; i < 2; i++)
    trama_store_append (&(TramaEvent){ .kind = TRAMA_EVENT_INTERFACE, .interface = { 1, 0, NULL } }, store);
  event.statistics = (TramaStatistics){ .interface = 1, .received = 100, .dropped = 2 };
  trama_store_append (&event, store);
  event.statistics = (TramaStatistics){ .interface = 0, .received = 10, .dropped = 1 };
  trama_store_append (&event, store);
  event.statistics = (TramaStatistics){ .interface = 0, .received = 20, .dropped = 5 };
  trama_store_append (&event, store);
  g_assert_cmpuint (trama_store_get_received (store), ==, 120);
  g_assert_cmpuint (trama_store_get_drops (store), ==, 7);
}

/* What is written as statistics is read as such. */
static void
test_written (void)
{
  g_autoptr (GByteArray) file = bytes_of (SECTION INTERFACE);
  TramaEvent event = { .kind = TRAMA_EVENT_STATISTICS };
  g_autofree char *text = NULL;

  event.statistics = (TramaStatistics){ .time_ns = 5000, .received = G_MAXUINT64, .dropped = 3 };
  trama_pcapng_write_event (file, &event);
  text = tell (file, file->len);
  g_assert_cmpstr (text, ==,
                   INTERFACE_TEXT "statistics 5000000 if 0 received 18446744073709551615 dropped 3\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/trace/odd-pcapng/%s", cases[i].name);

      g_strdelimit (path + 1, " ,", '-');
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/trace/odd-pcapng/largest-option", test_largest_option);
  g_test_add_func ("/trace/odd-pcapng/written", test_written);
  g_test_add_func ("/trace/odd-pcapng/store", test_store);
  return g_test_run ();
}
