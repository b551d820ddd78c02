/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/trace/maker.h"

#include <string.h>

const guint8 datagram[44] = {
  0,  0,  0,    0,    0,   0, 0, 0, 0,   0, 0, 0, 8,    0,    0x45, 0,    0, 30, 0, 0, 0,   0,
  64, 17, 0x7c, 0xcd, 127, 0, 0, 1, 127, 0, 0, 1, 0x9c, 0xba, 0x13, 0x88, 0, 10, 0, 0, 'H', 'i',
};

void
make_u16 (Maker *maker, guint16 value)
{
  guint16 stored = maker->big ? GUINT16_TO_BE (value) : GUINT16_TO_LE (value);

  g_byte_array_append (maker->bytes, (const guint8 *) &stored, sizeof stored);
}

void
make_u32 (Maker *maker, guint32 value)
{
  guint32 stored = maker->big ? GUINT32_TO_BE (value) : GUINT32_TO_LE (value);

  g_byte_array_append (maker->bytes, (const guint8 *) &stored, sizeof stored);
}

void
make_bytes (Maker *maker, const void *bytes, gsize size)
{
  if (size > 0)
    g_byte_array_append (maker->bytes, bytes, (guint) size);
  while (maker->bytes->len % 4 != 0)
    g_byte_array_append (maker->bytes, (const guint8 *) "", 1);
}

void
make_option (Maker *maker, guint16 code, const void *value, gsize size)
{
  make_u16 (maker, code);
  make_u16 (maker, (guint16) size);
  make_bytes (maker, value, size);
}

void
make_text (Maker *maker, guint16 code, const char *text)
{
  make_option (maker, code, text, strlen (text));
}

void
make_end_of_options (Maker *maker)
{
  make_option (maker, 0, NULL, 0);
}

void
make_begin (Maker *maker, guint32 type)
{
  maker->start = maker->bytes->len;
  make_u32 (maker, type);
  make_u32 (maker, 0);
}

void
make_end (Maker *maker)
{
  make_u32 (maker, maker->bytes->len + 4 - maker->start);
  memcpy (maker->bytes->data + maker->start + 4, maker->bytes->data + maker->bytes->len - 4, 4);
}

void
make_section (Maker *maker, gboolean big, guint64 length)
{
  maker->big = big;
  make_begin (maker, 0x0a0d0d0a);
  make_u32 (maker, 0x1a2b3c4d);
  make_u16 (maker, 1);
  make_u16 (maker, 0);
  make_u32 (maker, (guint32) (big ? length >> 32 : length));
  make_u32 (maker, (guint32) (big ? length : length >> 32));
}

void
make_interface (Maker *maker, guint16 link_type, guint32 snap_bytes)
{
  make_begin (maker, 1);
  make_u16 (maker, link_type);
  make_u16 (maker, 0);
  make_u32 (maker, snap_bytes);
}

static void
make_time (Maker *maker, guint64 time)
{
  make_u32 (maker, (guint32) (time >> 32));
  make_u32 (maker, (guint32) time);
}

void
make_enhanced (Maker *maker, guint32 interface, guint64 time, const guint8 *data, gsize size, guint32 length)
{
  make_begin (maker, 6);
  make_u32 (maker, interface);
  make_time (maker, time);
  make_u32 (maker, (guint32) size);
  make_u32 (maker, length);
  make_bytes (maker, data, size);
}

void
make_obsolete (Maker *maker, guint16 interface, guint16 drops, guint64 time, const guint8 *data, gsize size)
{
  make_begin (maker, 2);
  make_u16 (maker, interface);
  make_u16 (maker, drops);
  make_time (maker, time);
  make_u32 (maker, (guint32) size);
  make_u32 (maker, (guint32) size);
  make_bytes (maker, data, size);
}

void
make_simple (Maker *maker, const guint8 *data, gsize size, guint32 length)
{
  make_begin (maker, 3);
  make_u32 (maker, length);
  make_bytes (maker, data, size);
  make_end (maker);
}

/* Telling */

typedef struct
{
  const guint8 *body;
  gsize size;
  gboolean big;
  GString *text;
} Teller;

static guint16
u16 (const Teller *teller, gsize at)
{
  guint16 value;

  g_assert_cmpuint (at + sizeof value, <=, teller->size);
  memcpy (&value, teller->body + at, sizeof value);
  return teller->big ? GUINT16_FROM_BE (value) : GUINT16_FROM_LE (value);
}

static guint32
u32 (const Teller *teller, gsize at)
{
  guint32 value;

  g_assert_cmpuint (at + sizeof value, <=, teller->size);
  memcpy (&value, teller->body + at, sizeof value);
  return teller->big ? GUINT32_FROM_BE (value) : GUINT32_FROM_LE (value);
}

static gboolean
is_text (const char *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (g_ascii_iscntrl (bytes[i]))
      return FALSE;
  return g_utf8_validate (bytes, (gssize) size, NULL);
}

static void
tell_options (const Teller *teller, gsize at)
{
  while (at < teller->size && u16 (teller, at) != 0)
    {
      guint code = u16 (teller, at);
      gsize size = u16 (teller, at + 2);

      at += 4;
      g_assert_cmpuint (at + size, <=, teller->size);
      g_string_append_printf (teller->text, " {%u ", code);
      if (is_text ((const char *) teller->body + at, size))
        g_string_append_len (teller->text, (const char *) teller->body + at, (gssize) size);
      else
        for (gsize i = 0; i < size; i++)
          g_string_append_printf (teller->text, "%02x", teller->body[at + i]);
      g_string_append_c (teller->text, '}');
      at += (size + 3) / 4 * 4;
    }
}

static void
tell_bytes (const Teller *teller, gsize at, gsize size)
{
  g_assert_cmpuint (at + size, <=, teller->size);
  if (size > 0)
    g_string_append_printf (teller->text, " ..%02x", teller->body[at + size - 1]);
}

static void
tell_packet (const Teller *teller, const char *kind, guint32 interface)
{
  guint64 time = (guint64) u32 (teller, 4) << 32 | u32 (teller, 8);
  gsize size = u32 (teller, 12);

  g_string_append_printf (teller->text, "%s if %u time %" G_GUINT64_FORMAT " %u/%u", kind, interface, time,
                          (guint) size, u32 (teller, 16));
  tell_bytes (teller, 20, size);
  tell_options (teller, 20 + (size + 3) / 4 * 4);
}

static void
tell_block (const Teller *teller, guint32 type)
{
  GString *text = teller->text;

  switch (type)
    {
    case 0x0a0d0d0a:
      g_string_append_printf (text, "section %s %d", teller->big ? "big" : "little", (int) u32 (teller, 8));
      tell_options (teller, 16);
      break;
    case 1:
      g_string_append_printf (text, "interface link %u snap %u", u16 (teller, 0), u32 (teller, 4));
      tell_options (teller, 8);
      break;
    case 2:
      tell_packet (teller, "obsolete", u16 (teller, 0));
      break;
    case 3:
      g_string_append_printf (text, "simple /%u", u32 (teller, 0));
      break;
    case 6:
      tell_packet (teller, "enhanced", u32 (teller, 0));
      break;
    case 0x80000001:
      g_string_append_printf (text, "process %u", u32 (teller, 0));
      tell_options (teller, 4);
      break;
    default:
      g_string_append_printf (text, "type %x size %" G_GSIZE_FORMAT, type, teller->size);
      break;
    }
  g_string_append_c (text, '\n');
}

char *
tell_capture (const guint8 *data, gsize size)
{
  Teller teller = { data, size, FALSE, g_string_new (NULL) };
  gsize at = 0;

  while (at < size)
    {
      guint32 type, total;

      teller.body = data;
      teller.size = size;
      if (memcmp (data + at, "\x0a\x0d\x0d\x0a", 4) == 0)
        teller.big = data[at + 8] == 0x1a;
      type = u32 (&teller, at);
      total = u32 (&teller, at + 4);
      g_assert_cmpuint (total % 4, ==, 0);
      g_assert_cmpuint (at + total, <=, size);
      g_assert_cmpuint (u32 (&teller, at + total - 4), ==, total);
      teller.body = data + at + 8;
      teller.size = total - 12;
      tell_block (&teller, type);
      at += total;
    }
  return g_string_free (teller.text, FALSE);
}
