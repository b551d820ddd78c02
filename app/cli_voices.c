/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_voices.h"

#include "core/decode/printable.h"

#include <stdio.h>
#include <string.h>

#define CHUNK_BYTES 65536
#define HEX_BYTES 16

/* What is printed of one side. */
typedef struct
{
  TramaStream *stream;
  guint range; /* the next */
  char letter;
} Voice;

static void
print_hex (char letter, guint64 offset, const guint8 *bytes, gsize size)
{
  for (gsize at = 0; at < size; at += HEX_BYTES)
    {
      printf ("%c  %08" G_GINT64_MODIFIER "x ", letter, offset + at);
      for (gsize i = at; i < at + HEX_BYTES; i++)
        if (i < size)
          printf (" %02x", bytes[i]);
        else
          printf ("   ");
      printf ("  ");
      for (gsize i = at; i < MIN (at + HEX_BYTES, size); i++)
        putchar (g_ascii_isprint (bytes[i]) ? bytes[i] : '.');
      putchar ('\n');
    }
}

/* Line by line; its end is shown only where it is not one. */
static void
print_lines (char letter, const guint8 *bytes, gsize size)
{
  while (size > 0)
    {
      const guint8 *end = memchr (bytes, '\n', size);
      gsize length = end != NULL ? (gsize) (end - bytes) : size;
      g_autofree char *line = trama_printable_format (bytes, length, CHUNK_BYTES);

      printf ("%c  %s\n", letter, line);
      length += end != NULL;
      bytes += length;
      size -= length;
    }
}

/* In English, as all that is listed: it is for programs too. */
static void
print_missing (char letter, const TramaStreamRange *range)
{
  printf ("%c  [%u bytes %s]\n", letter, range->size_bytes,
          range->packet == G_MAXUINT32 ? "were not captured" : "were not kept");
}

static gboolean
print_bytes (const Voice *voice, guint64 begin, guint64 end, gboolean hex, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK_BYTES);

  while (begin < end)
    {
      gssize got = trama_stream_read (voice->stream, begin, buffer, MIN (end - begin, CHUNK_BYTES), error);

      if (got <= 0)
        return got == 0;
      if (hex)
        print_hex (voice->letter, begin, buffer, (gsize) got);
      else
        print_lines (voice->letter, buffer, (gsize) got);
      begin += (guint64) got;
    }
  return TRUE;
}

/* The ranges up to @end, between which the other side says nothing. */
static gboolean
print_turn (Voice *voice, guint end, gboolean hex, GError **error)
{
  while (voice->range < end)
    {
      const TramaStreamRange *range = trama_stream_get_range (voice->stream, voice->range++);
      guint64 stop = range->offset + range->size_bytes;

      if (range->is_missing)
        {
          print_missing (voice->letter, range);
          continue;
        }
      for (; voice->range < end; voice->range++)
        {
          const TramaStreamRange *next = trama_stream_get_range (voice->stream, voice->range);

          if (next->is_missing)
            break;
          stop = next->offset + next->size_bytes;
        }
      if (!print_bytes (voice, range->offset, stop, hex, error))
        return FALSE;
    }
  return TRUE;
}

/* When a range was said: with its packet; a gap, with what is behind it. G_MAXUINT32: nothing is left to say. */
static guint32
find_packet (const Voice *voice, guint range)
{
  for (; voice->stream != NULL && range < trama_stream_n_ranges (voice->stream); range++)
    if (trama_stream_get_range (voice->stream, range)->packet != G_MAXUINT32)
      return trama_stream_get_range (voice->stream, range)->packet;
  return G_MAXUINT32;
}

gboolean
trama_cli_print_voices (TramaStream *const streams[2], gboolean hex, GError **error)
{
  Voice voices[2] = { { streams[0], 0, 'a' }, { streams[1], 0, 'b' } };

  for (;;)
    {
      guint who = find_packet (&voices[1], voices[1].range) < find_packet (&voices[0], voices[0].range);
      Voice *voice = &voices[who];
      guint32 other = find_packet (&voices[!who], voices[!who].range);
      guint end = voice->range;

      if (voice->stream == NULL || voice->range == trama_stream_n_ranges (voice->stream))
        return TRUE;
      do
        end++;
      while (end < trama_stream_n_ranges (voice->stream) && find_packet (voice, end) < other);
      if (!print_turn (voice, end, hex, error))
        return FALSE;
    }
}
