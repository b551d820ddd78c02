/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/talk/transcript.h"

#include "core/decode/printable.h"

#include <glib/gi18n-lib.h>

/* What the lines of a transcript say. */

#define LINE_MAX_BYTES (4 * TRAMA_TRANSCRIPT_WIDTH)

/* Of "00000010  48 65 6c", where the bytes begin; two places more between them and their text. */
#define HEX_COLUMN 10
#define HEX_BYTES 16
#define TEXT_COLUMN (HEX_COLUMN + 3 * HEX_BYTES + 1)

/* "  0x48, 0x65," */
#define C_COLUMN 2
#define C_STEP 6
#define C_SIZE 4

/* How many bytes a character has, and how wide it is printed by trama_printable_format (). */
static guint
measure_character (const guint8 *bytes, gsize size, guint *width)
{
  gunichar character;

  *width = 1;
  if (*bytes >= 0x20 && *bytes < 0x7f && *bytes != '\\')
    return 1;
  if (*bytes == '\n' || *bytes == '\r' || *bytes == '\t' || *bytes == '\\')
    *width = 2;
  else
    *width = 4;
  if (*bytes < 0x80)
    return 1;
  character = g_utf8_get_char_validated ((const char *) bytes, (gssize) size);
  if (character == (gunichar) -1 || character == (gunichar) -2)
    return 1;
  *width = g_unichar_isprint (character) ? 1 + g_unichar_iswide (character) : 16;
  return (guint) g_unichar_to_utf8 (character, NULL);
}

gsize
trama_transcript_measure_line (const guint8 *bytes, gsize size)
{
  guint taken = 0, width;
  gsize at = 0;

  size = MIN (size, LINE_MAX_BYTES);
  while (at < size && bytes[at] != '\n')
    {
      guint n = measure_character (bytes + at, size - at, &width);

      taken += width;
      if (taken > TRAMA_TRANSCRIPT_WIDTH && at > 0)
        return at;
      at += n;
    }
  return MIN (at + 1, size);
}

/* A line end is shown only where it is not one. */
static char *
dup_printed (const guint8 *bytes, gsize size, gsize from, gsize to, gsize *text_from, gsize *text_to)
{
  g_autofree char *before = NULL, *within = NULL, *behind = NULL;

  if (size > 0 && bytes[size - 1] == '\n')
    size--;
  to = MIN (to, size);
  from = MIN (from, to);
  before = trama_printable_format (bytes, from, G_MAXSIZE);
  within = trama_printable_format (bytes + from, to - from, G_MAXSIZE);
  behind = trama_printable_format (bytes + to, size - to, G_MAXSIZE);
  *text_from = strlen (before);
  *text_to = *text_from + strlen (within);
  return g_strconcat (before, within, behind, NULL);
}

static char *
dup_hex (const guint8 *bytes, gsize size, guint64 offset)
{
  GString *text = g_string_sized_new (TEXT_COLUMN + HEX_BYTES);

  g_string_printf (text, "%08" G_GINT64_MODIFIER "x  ", offset);
  for (gsize i = 0; i < HEX_BYTES; i++)
    if (i < size)
      g_string_append_printf (text, "%02x ", bytes[i]);
    else
      g_string_append (text, "   ");
  g_string_append_c (text, ' ');
  for (gsize i = 0; i < size; i++)
    g_string_append_c (text, g_ascii_isprint ((char) bytes[i]) ? (char) bytes[i] : '.');
  return g_string_free (text, FALSE);
}

static char *
dup_c (const guint8 *bytes, gsize size)
{
  GString *text = g_string_new (" ");

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, " 0x%02x,", bytes[i]);
  return g_string_free (text, FALSE);
}

/* What a side is called, as C may call a variable. */
static char *
dup_identifier (const char *name, guint side)
{
  char *identifier = g_strdup (name);

  if (!g_ascii_isalpha (*name))
    {
      g_free (identifier);
      return g_strdup_printf ("side_%u", side);
    }
  return g_strcanon (identifier, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS, '_');
}

/* Where events come from is part of the C, so it is in English, as C is. */
static char *
dup_begin (const TramaTranscript *self, const TramaLine *line)
{
  const TramaTurn *turn = trama_dialogue_get_turn (trama_transcript_get_dialogue (self), line->turn);
  g_autofree char *name = dup_identifier (trama_transcript_get_name (self, line->side), line->side);
  TramaRef event = trama_transcript_get_event (self, line);

  return g_strdup_printf ("static const unsigned char %s_%" G_GUINT64_FORMAT "[%" G_GUINT64_FORMAT
                          "] = { /* %s %u */",
                          name, turn->begin, turn->end - turn->begin,
                          event.kind == TRAMA_EVENT_CALL ? "call" : "packet", event.index + 1);
}

static char *
dup_mark (const TramaTranscript *self, const TramaLine *line)
{
  const TramaTurn *turn = trama_dialogue_get_turn (trama_transcript_get_dialogue (self), line->turn);
  TramaRef event = trama_transcript_get_event (self, line);
  g_autofree char *bytes = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u byte", "%u bytes", line->size_bytes), line->size_bytes);

  switch ((TramaSpeechKind) turn->kind)
    {
    case TRAMA_SPEECH_NOT_CAPTURED:
      /* Translators: a number of bytes: "12 bytes". */
      return g_strdup_printf (_ ("✂ %s: not captured"), bytes);
    case TRAMA_SPEECH_NOT_KEPT:
      return g_strdup_printf (_ ("✂ %s: not kept"), bytes);
    case TRAMA_SPEECH_AGAIN:
      /* Translators: the number of a packet; a number of bytes; the place of the first of them. */
      return g_strdup_printf (_ ("↻ packet %u brings again %s, from byte %lu"), event.index + 1, bytes,
                              (gulong) line->offset);
    case TRAMA_SPEECH_EMPTY:
      return g_strdup (_ ("∅ a message without any bytes"));
    case TRAMA_SPEECH_OTHERWISE:
    case TRAMA_SPEECH_SAID:
    default:
      return g_strdup_printf (_ ("≠ packet %u brings again %s, from byte %lu, but others"), event.index + 1,
                              bytes, (gulong) line->offset);
    }
}

static char *
dup_commented (char *text, TramaTranscriptFormat format)
{
  g_autofree char *owned = text;

  return format == TRAMA_TRANSCRIPT_C ? g_strdup_printf ("/* %s */", owned) : g_steal_pointer (&owned);
}

static char *
dup_bytes (const TramaTranscript *self, const TramaLine *line, gsize from, gsize to, gsize place[2])
{
  guint8 buffer[LINE_MAX_BYTES] = { 0 };
  gsize size = MIN (line->size_bytes, sizeof buffer);

  trama_dialogue_read (trama_transcript_get_dialogue (self), line->side, line->offset, buffer, size, NULL);
  switch (trama_transcript_get_format (self))
    {
    case TRAMA_TRANSCRIPT_HEX:
      place[0] = HEX_COLUMN + 3 * from;
      place[1] = to > from ? HEX_COLUMN + 3 * to - 1 : place[0];
      return dup_hex (buffer, size, line->offset);
    case TRAMA_TRANSCRIPT_C:
      place[0] = C_COLUMN + C_STEP * from;
      place[1] = to > from ? C_COLUMN + C_STEP * (to - 1) + C_SIZE : place[0];
      return dup_c (buffer, size);
    case TRAMA_TRANSCRIPT_TEXT:
    case TRAMA_N_TRANSCRIPT_FORMATS:
    default:
      return dup_printed (buffer, size, from, to, &place[0], &place[1]);
    }
}

char *
trama_transcript_dup_text (const TramaTranscript *self,
                           const TramaLine *line,
                           guint64 begin,
                           guint64 end,
                           gsize *from,
                           gsize *to)
{
  gsize place[2] = { 0, 0 };
  guint64 last = line->offset + line->size_bytes;
  char *text;

  begin = CLAMP (begin, line->offset, last);
  end = CLAMP (end, begin, last);
  if (line->kind == TRAMA_LINE_BYTES)
    text = dup_bytes (self, line, (gsize) (begin - line->offset), (gsize) (end - line->offset), place);
  else if (line->kind == TRAMA_LINE_MARK)
    text = dup_commented (dup_mark (self, line), trama_transcript_get_format (self));
  else
    text = line->kind == TRAMA_LINE_BEGIN ? dup_begin (self, line) : g_strdup ("};");
  if (from != NULL)
    *from = place[0];
  if (to != NULL)
    *to = place[1];
  return text;
}
