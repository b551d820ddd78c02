/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/pcapng.h"

#include "core/trace/block.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* What a parser said of a stream, event by event, as text. */
typedef struct
{
  GString *text;
  guint n_events;
  const guint8 *data; /* the whole stream, to look packets up in; NULL: none */
  gsize size;
} Log;

static void
log_packet (Log *log, const TramaEvent *event)
{
  const TramaPacket *packet = &event->packet;

  if (log->data != NULL)
    {
      g_assert_cmpuint (packet->offset + packet->captured_bytes, <=, log->size);
      g_assert_cmpmem (log->data + packet->offset, packet->captured_bytes, event->data,
                       packet->captured_bytes);
    }
  g_string_append_printf (log->text, "packet %" G_GINT64_FORMAT " if %u %u/%u:", packet->time_ns,
                          packet->interface, packet->captured_bytes, packet->length_bytes);
  for (guint i = 0; i < MIN (packet->captured_bytes, 8); i++)
    g_string_append_printf (log->text, " %02x", event->data[i]);
}

static void
log_event (const TramaEvent *event, gpointer user_data)
{
  Log *log = user_data;

  log->n_events++;
  switch (event->kind)
    {
    case TRAMA_EVENT_INTERFACE:
      g_string_append_printf (log->text, "interface %s link %u snap %u", event->interface.name,
                              event->interface.link_type, event->interface.snap_bytes);
      break;
    case TRAMA_EVENT_PACKET:
      log_packet (log, event);
      break;
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      g_string_append_printf (log->text, "call %" G_GUINT64_FORMAT " exit %" G_GINT64_FORMAT, event->call.id,
                              event->call.exit_ns);
      break;
    case TRAMA_EVENT_NOTE:
      g_string_append_printf (log->text, "note %s", event->note.text);
      break;
    default:
      g_string_append_printf (log->text, "kind %u", event->kind);
      break;
    }
  g_string_append_c (log->text, '\n');
}

/* Feeds @data in pieces, as a pipe gives it. Returns the log; FALSE in *@ok and @error at damage. */
static char *
parse (const guint8 *data, gsize size, gsize piece, gboolean *ok, guint64 *offset, GError **error)
{
  Log log = { g_string_new (NULL), 0, data, size };
  g_autoptr (TramaPcapngParser) parser = trama_pcapng_parser_new (log_event, &log);
  g_autoptr (GByteArray) pending = g_byte_array_new ();

  *ok = TRUE;
  for (gsize at = 0; at < size && *ok; at += MIN (piece, size - at))
    {
      g_autofree guint8 *exact = NULL;
      gssize taken;

      g_byte_array_append (pending, data + at, (guint) MIN (piece, size - at));
      /* A copy of its own size, so that reading behind it is seen. */
      exact = g_memdup2 (pending->data, pending->len);
      taken = trama_pcapng_parser_feed (parser, exact, pending->len, error);
      *ok = taken >= 0;
      if (taken > 0)
        g_byte_array_remove_range (pending, 0, (guint) taken);
    }
  if (offset != NULL)
    *offset = trama_pcapng_parser_get_offset (parser);
  return g_string_free (log.text, FALSE);
}

static void
assert_parses (const guint8 *data, gsize size, const char *expected)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;
  guint64 offset;
  g_autofree char *text = parse (data, size, size, &ok, &offset, &error);

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (offset, ==, size);
}

/* What is told of @data before the damage is @expected; the message has @offset and @reason in it. */
static void
assert_damaged (const guint8 *data, gsize size, const char *expected, guint offset, const char *reason)
{
  g_autofree char *message = g_strdup_printf ("damaged at byte %u: %s", offset, reason);

  for (gsize piece = size; piece > 0; piece /= 3)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok;
      guint64 parsed;
      g_autofree char *text = parse (data, size, piece, &ok, &parsed, &error);

      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_cmpstr (error->message, ==, message);
      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpuint (parsed, ==, offset);
    }
}

/* Ethernet, IPv4, UDP from 127.0.0.1:40122 to 127.0.0.1:5000, "Hi". */
static const guint8 datagram[] = {
  0,  0,  0,    0,    0,   0, 0, 0, 0,   0, 0, 0, 8,    0,    0x45, 0,    0, 30, 0, 0, 0,   0,
  64, 17, 0x7c, 0xcd, 127, 0, 0, 1, 127, 0, 0, 1, 0x9c, 0xba, 0x13, 0x88, 0, 10, 0, 0, 'H', 'i',
};

#define PACKET_TEXT(time, interface) "packet " time " if " interface " 44/44: 00 00 00 00 00 00 00 00\n"

static GByteArray *
write_trace (void)
{
  GByteArray *out = g_byte_array_new ();
  const TramaEvent events[] = {
    { .kind = TRAMA_EVENT_SESSION, .session = { "letter", "A letter by post", "session" } },
    { .kind = TRAMA_EVENT_GROUND, .ground = { .kind = TRAMA_GROUND_LAB, .packets = 1 } },
    { .kind = TRAMA_EVENT_CLOCK, .clock = { 1, 2 } },
    { .kind = TRAMA_EVENT_INTERFACE, .interface = { 1, 262144, "lo" } },
    { .kind = TRAMA_EVENT_ACTOR, .actor = { .id = 1, .name = "sender", .end_ns = TRAMA_TIME_NONE } },
    { .kind = TRAMA_EVENT_CALL, .call = { .id = 1, .exit_ns = TRAMA_TIME_NONE, .name = TRAMA_CALL_CLOSE } },
    { .kind = TRAMA_EVENT_PACKET,
      .packet = { G_GINT64_CONSTANT (1700000000123456789), 0, 44, 44, 0, 0 },
      .data = datagram },
    { .kind = TRAMA_EVENT_PACKET,
      .packet = { G_GINT64_CONSTANT (1700000000123456790), 0, 43, 60, 0, 0 },
      .data = datagram },
    { .kind = TRAMA_EVENT_RETURN, .call = { .id = 1, .exit_ns = 9, .name = TRAMA_CALL_CLOSE } },
    { .kind = TRAMA_EVENT_SOCKET_STATE, .state = { .socket = 3 } },
    { .kind = TRAMA_EVENT_NOTE, .note = { .kind = TRAMA_NOTE_CAPTION, .text = "Here it lands." } },
    { .kind = TRAMA_EVENT_OUTCOME, .outcome = { .ok = 1 } },
  };

  trama_pcapng_write_section (out, "Trama 0.1");
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    trama_pcapng_write_event (out, &events[i]);
  return out;
}

static const char trace_text[] = "kind 3\n"
                                 "kind 4\n"
                                 "kind 10\n"
                                 "interface lo link 1 snap 262144\n"
                                 "kind 5\n"
                                 "call 1 exit -9223372036854775808\n"
                                 "packet 1700000000123456789 if 0 44/44: 00 00 00 00 00 00 00 00\n"
                                 "packet 1700000000123456790 if 0 43/60: 00 00 00 00 00 00 00 00\n"
                                 "call 1 exit 9\n"
                                 "kind 8\n"
                                 "note Here it lands.\n"
                                 "kind 11\n";

static void
test_round_trip (void)
{
  static const gsize pieces[] = { 1, 7, 4096, G_MAXSIZE };
  g_autoptr (GByteArray) trace = write_trace ();

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok;
      guint64 offset;
      g_autofree char *text = parse (trace->data, trace->len, pieces[i], &ok, &offset, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, trace_text);
      g_assert_cmpuint (offset, ==, trace->len);
    }
}

/*
 * Literal files. The first block is as in figures 9 to 11 of the draft: section
 * header, interface description, enhanced packet; here in little-endian.
 */
/* clang-format off */
#define SHB_LE                                                                                               \
  0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0,    /* section header, 28 bytes */                                     \
  0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,     /* byte-order magic, version 1.0 */                                \
  255, 255, 255, 255, 255, 255, 255, 255, /* length not said */                                              \
  28, 0, 0, 0

/* Ethernet, no options: microseconds. */
#define IDB_LE(snap)                                                                                         \
  1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, snap, 0, 0, 0, 20, 0, 0, 0

/* Two bytes of a packet of 60, padded; time 0x0000000100000002. */
#define EPB_LE(interface)                                                                                    \
  6, 0, 0, 0, 36, 0, 0, 0, interface, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0,              \
  0xab, 0xcd, 0, 0, 36, 0, 0, 0
/* clang-format on */

static const guint8 literal[] = { SHB_LE, IDB_LE (0), EPB_LE (0) };

static void
test_literal (void)
{
  assert_parses (literal, sizeof literal,
                 "interface (null) link 1 snap 0\n"
                 "packet 4294967298000 if 0 2/60: ab cd\n");
}

/* clang-format off */
static const guint8 big_endian[] = {
  0x0a, 0x0d, 0x0d, 0x0a, 0, 0, 0, 28,            /* section header, 28 bytes */
  0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0,             /* byte-order magic, version 1.0 */
  255, 255, 255, 255, 255, 255, 255, 255,         /* length not said */
  0, 0, 0, 28,
  0, 0, 0, 1, 0, 0, 0, 40,                        /* interface, 40 bytes */
  0, 1, 0, 0, 0, 4, 0, 0,                         /* Ethernet, snap length 262144 */
  0, 2, 0, 4, 'e', 't', 'h', '0',                 /* if_name */
  0, 9, 0, 1, 9, 0, 0, 0,                         /* if_tsresol: 10^-9 */
  0, 0, 0, 0,                                     /* no more options */
  0, 0, 0, 40,
  0, 0, 0, 6, 0, 0, 0, 36,                        /* enhanced packet, 36 bytes */
  0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2,             /* interface 0, time 0x0000000100000002 */
  0, 0, 0, 2, 0, 0, 0, 60,                        /* 2 bytes of 60 */
  0xab, 0xcd, 0, 0,                               /* padded */
  0, 0, 0, 36,
  0x80, 0x54, 0x52, 0x41, 0, 0, 0, 28,            /* ours, 28 bytes */
  'T', 'R', 'A', 'M', 0, 1, 0, 9,                 /* version 1, NOTE */
  0, 5, 0, 3, 'o', 'k', 0, 0,                     /* text "ok" */
  0, 0, 0, 28,
};
/* clang-format on */

static void
test_big_endian (void)
{
  assert_parses (big_endian, sizeof big_endian,
                 "interface eth0 link 1 snap 262144\n"
                 "packet 4294967298 if 0 2/60: ab cd\n"
                 "note ok\n");
}

static void
put_u16 (GByteArray *out, guint16 value)
{
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

static void
put_u32 (GByteArray *out, guint32 value)
{
  g_byte_array_append (out, (const guint8 *) &value, sizeof value);
}

static void
put_block (GByteArray *out, guint32 type, const GByteArray *body)
{
  g_assert_cmpuint (body->len % 4, ==, 0);
  put_u32 (out, type);
  put_u32 (out, body->len + 12);
  g_byte_array_append (out, body->data, body->len);
  put_u32 (out, body->len + 12);
}

static void
put_option (GByteArray *out, guint16 code, const void *value, guint16 size)
{
  static const guint8 padding[4] = { 0 };

  put_u16 (out, code);
  put_u16 (out, size);
  g_byte_array_append (out, value, size);
  g_byte_array_append (out, padding, -(guint) size & 3);
}

/* An interface with the option of @code, if it is not 0. */
static void
put_interface (GByteArray *out, guint16 code, const void *value, guint16 size)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  put_u16 (body, 1);
  put_u16 (body, 0);
  put_u32 (body, 0);
  if (code != 0)
    put_option (body, code, value, size);
  put_option (body, 0, NULL, 0);
  put_block (out, 1, body);
}

static void
put_packet (GByteArray *out, guint32 interface, guint64 time)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();

  put_u32 (body, interface);
  put_u32 (body, (guint32) (time >> 32));
  put_u32 (body, (guint32) time);
  put_u32 (body, sizeof datagram);
  put_u32 (body, sizeof datagram);
  g_byte_array_append (body, datagram, sizeof datagram);
  put_block (out, 6, body);
}

static gint64
time_with (guint8 resolution, guint64 time)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char *packet;
  gboolean ok;

  trama_pcapng_write_section (file, "test");
  put_interface (file, 9, &resolution, 1);
  put_packet (file, 0, time);
  text = parse (file->data, file->len, file->len, &ok, NULL, &error);
  g_assert_no_error (error);
  packet = strstr (text, "packet ");
  g_assert_nonnull (packet);
  return g_ascii_strtoll (packet + strlen ("packet "), NULL, 10);
}

static void
test_resolution (void)
{
  const guint64 second = 1000000000;

  g_assert_cmpint (time_with (9, 1700000000123456789u), ==, 1700000000123456789);
  g_assert_cmpint (time_with (6, 1700000000123456u), ==, 1700000000123456000);
  g_assert_cmpint (time_with (0, 1700000000), ==, 1700000000 * (gint64) second);
  g_assert_cmpint (time_with (12, 1700000000123456789u), ==, 1700000000123456);
  g_assert_cmpint (time_with (0x80 | 20, G_GUINT64_CONSTANT (1700000000) << 20 | 1 << 19), ==,
                   1700000000 * (gint64) second + 500000000);
  g_assert_cmpint (time_with (0x80 | 0, 5), ==, 5 * (gint64) second);
  g_assert_cmpint (time_with (0x80 | 63, G_GUINT64_CONSTANT (1) << 63), ==, second);
  g_assert_cmpint (time_with (0x80 | 63, G_MAXUINT64), ==, 2 * (gint64) second - 1);
  g_assert_cmpint (time_with (0x80 | 64, G_MAXUINT64), ==, (gint64) second - 1);
  g_assert_cmpint (time_with (0x80 | 127, G_MAXUINT64), ==, 0);
  g_assert_cmpint (time_with (19, G_MAXUINT64), ==, 1844674407);
  g_assert_cmpint (time_with (20, G_MAXUINT64), ==, 184467440);
  g_assert_cmpint (time_with (127, G_MAXUINT64), ==, 0);
  /* Times no clock shows are bounded, so that the difference of two of them is a number. */
  g_assert_cmpint (time_with (0, G_MAXUINT64), ==, TRAMA_TIME_MAX_NS);
}

static void
test_offset (void)
{
  const gint64 offsets[] = { 1700000000, -5, G_MAXINT64, G_MININT64 };
  const char *expected[] = { PACKET_TEXT ("1700000000000001000", "0"), PACKET_TEXT ("-4999999000", "1"),
                             PACKET_TEXT ("4611686018427387904", "2"),
                             PACKET_TEXT ("-2305843009213693952", "3") };
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok;

  trama_pcapng_write_section (file, "test");
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    put_interface (file, 14, &offsets[i], 8);
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    put_packet (file, i, 1);
  text = parse (file->data, file->len, file->len, &ok, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    g_assert_nonnull (strstr (text, expected[i]));
}

/* A text option may have a zero at its end, section 3.5. */
static void
test_name (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();

  trama_pcapng_write_section (file, "test");
  put_interface (file, 2, "lo\0\0", 4);
  put_interface (file, 2, "wl\xffn", 4);
  put_interface (file, 2, "", 0);
  assert_parses (file->data, file->len,
                 "interface lo link 1 snap 0\n"
                 "interface wl\xef\xbf\xbdn link 1 snap 0\n"
                 "interface  link 1 snap 0\n");
}

static const char sections_text[] = "interface (null) link 1 snap 0\n"
                                    "interface (null) link 1 snap 0\n"
                                    "packet 7 if 1 44/44: 00 00 00 00 00 00 00 00\n"
                                    "interface (null) link 1 snap 0\n"
                                    "packet 8000 if 2 44/44: 00 00 00 00 00 00 00 00\n"
                                    "interface eth0 link 1 snap 262144\n"
                                    "packet 4294967298 if 3 2/60: ab cd\n";

/* Each section numbers its own interfaces; here they go on. The byte order may change between sections. */
static void
test_sections (void)
{
  const guint8 nano = 9;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok;

  trama_pcapng_write_section (file, "first");
  put_interface (file, 0, NULL, 0);
  put_interface (file, 9, &nano, 1);
  put_packet (file, 1, 7);
  trama_pcapng_write_section (file, "second");
  put_interface (file, 0, NULL, 0);
  put_packet (file, 0, 8);
  g_byte_array_append (file, big_endian, 28 + 40 + 36);
  trama_pcapng_write_section (file, "last");
  assert_parses (file->data, file->len, sections_text);

  /* The interface of one section is not that of the next. */
  put_packet (file, 0, 9);
  text = parse (file->data, file->len, file->len, &ok, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "an interface that was not described"));
  g_assert_cmpstr (text, ==, sections_text);
}

static void
test_other_packets (void)
{
  /* clang-format off */
  static const guint8 simple[] = {
    SHB_LE, IDB_LE (4),
    3, 0, 0, 0, 20, 0, 0, 0, 60, 0, 0, 0, 1, 2, 3, 4, 20, 0, 0, 0, /* of 60 bytes the snap length: 4 */
    3, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 5, 6, 7, 0, 20, 0, 0, 0,  /* 3 bytes, padded */
  };
  static const guint8 obsolete[] = {
    SHB_LE, IDB_LE (0),
    2, 0, 0, 0, 36, 0, 0, 0,
    0, 0, 255, 255, 1, 0, 0, 0, 2, 0, 0, 0,                        /* interface 0, drops unknown, time */
    2, 0, 0, 0, 60, 0, 0, 0, 0xab, 0xcd, 0, 0,                     /* 2 of 60 bytes */
    36, 0, 0, 0,
  };
  /* clang-format on */

  assert_parses (simple, sizeof simple,
                 "interface (null) link 1 snap 4\n"
                 "packet 0 if 0 4/60: 01 02 03 04\n"
                 "packet 0 if 0 3/3: 05 06 07\n");
  assert_parses (obsolete, sizeof obsolete,
                 "interface (null) link 1 snap 0\n"
                 "packet 4294967298000 if 0 2/60: ab cd\n");
}

/* Blocks of other kinds, and of our kind with somebody else's magic, are passed over. */
static void
test_passes_over (void)
{
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GByteArray) empty = g_byte_array_new ();
  g_autoptr (GByteArray) foreign = g_byte_array_new ();
  g_autoptr (GByteArray) newer = g_byte_array_new ();

  trama_pcapng_write_section (file, "test");
  g_byte_array_append (foreign, (const guint8 *) "MINE\xff\xff\xff\xff", 8);
  g_byte_array_append (newer, (const guint8 *) "TRAM\xff\0\5\0\xff\xff\xff\xff", 12);
  put_block (file, TRAMA_BLOCK_TYPE, empty);
  put_block (file, TRAMA_BLOCK_TYPE, foreign);
  put_block (file, G_BYTE_ORDER == G_LITTLE_ENDIAN ? TRAMA_BLOCK_TYPE : 5, newer);
  put_block (file, 4, foreign); /* names */
  put_block (file, 5, foreign); /* statistics */
  put_block (file, 0x80000001, empty);
  put_interface (file, 0, NULL, 0);
  assert_parses (file->data, file->len, "interface (null) link 1 snap 0\n");
}

/* Changes four bytes of the literal file into @value at @at. */
static void
assert_changed (guint at, guint32 value, const char *expected, guint offset, const char *reason)
{
  guint8 file[sizeof literal];
  guint32 little = GUINT32_TO_LE (value);

  memcpy (file, literal, sizeof file);
  memcpy (file + at, &little, sizeof little);
  assert_damaged (file, sizeof file, expected, offset, reason);
}

static void
test_damage (void)
{
  static const char described[] = "interface (null) link 1 snap 0\n";
  static const guint8 text[] = "Dear Sir or Madam,\n";
  static const guint8 short_section[] = { 0x0a, 0x0d, 0x0d, 0x0a, 16, 0, 0, 0,
                                          0x4d, 0x3c, 0x2b, 0x1a, 16, 0, 0, 0 };
  static const guint8 short_interface[] = { SHB_LE, 1, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0 };
  static const guint8 short_packet[] = {
    SHB_LE, IDB_LE (0), 6, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0, 16, 0, 0, 0
  };
  static const guint8 alone[] = { SHB_LE, 3, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0 };
  static const guint8 ours[] = { SHB_LE, IDB_LE (0), 0x41, 0x52, 0x54, 0x80, 20, 0,  0, 0, 'T',
                                 'R',    'A',        'M',  1,    0,    9,    0,  20, 0, 0, 0 };

  assert_damaged (text, sizeof text, "", 0, "it does not begin with a section header: this is not pcapng");
  assert_changed (0, 1, "", 0, "it does not begin with a section header: this is not pcapng");
  assert_changed (8, 0x12345678, "", 0, "a section header has no byte-order magic");
  assert_changed (12, 2, "", 0, "the section is of a version that is not known");
  assert_changed (24, 32, "", 0, "the two lengths of a block differ");
  assert_changed (32, 8, "", 28, "a block has an impossible length");
  assert_changed (32, 22, "", 28, "the two lengths of a block differ");
  assert_changed (32, G_MAXUINT32 - 3, "", 28, "a block is larger than 16 MiB");
  assert_changed (44, 24, "", 28, "the two lengths of a block differ");
  assert_changed (56, 1, described, 48, "a packet names an interface that was not described");
  assert_changed (56, G_MAXUINT32, described, 48, "a packet names an interface that was not described");
  assert_changed (68, 5, described, 48, "a packet goes past the end of its block");
  assert_changed (68, G_MAXUINT32, described, 48, "a packet is larger than 256 KiB");
  assert_damaged (short_section, sizeof short_section, "", 0, "a section header is too short");
  assert_damaged (short_interface, sizeof short_interface, "", 28, "an interface block is too short");
  assert_damaged (short_packet, sizeof short_packet, described, 48, "a packet block is too short");
  assert_damaged (alone, sizeof alone, "", 28, "a packet names an interface that was not described");
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    assert_damaged (ours, sizeof ours, described, 48, "a note has no text");
}

/* A trace that is cut anywhere gives the events that came whole, and waits for more. */
static void
test_prefixes (void)
{
  g_autoptr (GByteArray) trace = write_trace ();

  for (gsize size = 0; size < trace->len; size++)
    {
      g_autoptr (GError) error = NULL;
      gboolean ok;
      guint64 offset;
      g_autofree char *text = parse (trace->data, size, MAX (size, 1), &ok, &offset, &error);

      g_assert_no_error (error);
      g_assert_true (ok);
      g_assert_true (g_str_has_prefix (trace_text, text));
      g_assert_cmpuint (offset, <=, size);
    }
}

static void
count_event (const TramaEvent *event, gpointer user_data)
{
  guint *n_events = user_data;

  g_assert_cmpuint (event->kind, >=, TRAMA_EVENT_INTERFACE);
  g_assert_cmpuint (event->kind, <=, TRAMA_EVENT_POSITION);
  if (event->kind == TRAMA_EVENT_PACKET && event->packet.captured_bytes > 0)
    *n_events += event->data[event->packet.captured_bytes - 1] == 'i';
  if (event->kind == TRAMA_EVENT_NOTE)
    *n_events += (guint) strlen (event->note.text);
  if (event->kind == TRAMA_EVENT_CALL)
    for (guint i = 0; i < event->call.n_args; i++)
      if (event->call.args[i].size > 0)
        *n_events += event->call.args[i].bytes[event->call.args[i].size - 1];
}

static void
test_mutations (void)
{
  static const guint8 likely[] = { 0, 1, 2, 4, 8, 12, 16, 127, 128, 255 };
  g_autoptr (GByteArray) trace = write_trace ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261122);
  guint n_events = 0, n_damaged = 0;

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (trace->data, trace->len);
      g_autoptr (TramaPcapngParser) parser = trama_pcapng_parser_new (count_event, &n_events);
      g_autoptr (GError) error = NULL;
      guint changes = (guint) g_rand_int_range (rand, 1, 4);

      while (changes-- > 0)
        copy[g_rand_int_range (rand, 0, (gint32) trace->len)] =
            g_rand_boolean (rand) ? likely[g_rand_int_range (rand, 0, G_N_ELEMENTS (likely))]
                                  : (guint8) g_rand_int (rand);
      if (trama_pcapng_parser_feed (parser, copy, trace->len, &error) < 0)
        {
          n_damaged++;
          g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
        }
      else
        g_assert_no_error (error);
    }
  g_assert_cmpuint (n_damaged, >, 10000);
  g_assert_cmpuint (n_events, >, 10000);
}

/* Another reader shows the packets and nothing else, and has nothing to complain of. */
static void
test_tshark (void)
{
  g_autoptr (GByteArray) trace = write_trace ();
  g_autofree char *program = g_find_program_in_path ("tshark");
  g_autofree char *folder = g_dir_make_tmp ("trama-pcapng-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "trace.pcapng", NULL);
  g_autofree char *out = NULL;
  g_autofree char *messages = NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  const char *arguments[] = {
    program, "-n",          "-r", path, "-T", "fields", "-e", "frame.number", "-e", "frame.time_epoch",
    "-e",    "udp.dstport", NULL
  };
  int status;

  if (program == NULL)
    {
      g_test_skip ("tshark is not installed");
      g_rmdir (folder);
      return;
    }
  g_assert_true (g_file_set_contents (path, (const char *) trace->data, trace->len, NULL));
  /* Nobody's preferences. */
  environment = g_environ_setenv (environment, "HOME", folder, TRUE);
  environment = g_environ_unsetenv (environment, "XDG_CONFIG_HOME");
  g_spawn_sync (NULL, (char **) arguments, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &messages, &status,
                &error);
  g_unlink (path);
  g_rmdir (folder);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpstr (out, ==,
                   "1\t1700000000.123456789\t5000\n"
                   "2\t1700000000.123456790\t5000\n");
  /* Root is warned of itself. */
  g_strchomp (messages);
  if (!g_str_has_prefix (messages, "Running as user \"root\"") || strchr (messages, '\n') != NULL)
    g_assert_cmpstr (messages, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/pcapng/round-trip", test_round_trip);
  g_test_add_func ("/trace/pcapng/literal", test_literal);
  g_test_add_func ("/trace/pcapng/big-endian", test_big_endian);
  g_test_add_func ("/trace/pcapng/resolution", test_resolution);
  g_test_add_func ("/trace/pcapng/offset", test_offset);
  g_test_add_func ("/trace/pcapng/name", test_name);
  g_test_add_func ("/trace/pcapng/sections", test_sections);
  g_test_add_func ("/trace/pcapng/other-packets", test_other_packets);
  g_test_add_func ("/trace/pcapng/passes-over", test_passes_over);
  g_test_add_func ("/trace/pcapng/damage", test_damage);
  g_test_add_func ("/trace/pcapng/prefixes", test_prefixes);
  g_test_add_func ("/trace/pcapng/mutations", test_mutations);
  g_test_add_func ("/trace/pcapng/tshark", test_tshark);
  return g_test_run ();
}
