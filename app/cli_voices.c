/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_voices.h"

#include "core/decode/printable.h"

#include <stdio.h>
#include <string.h>

#define CHUNK_BYTES 65536
#define HEX_BYTES 16

static const char letters[2] = { 'a', 'b' };

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
print_mark (const TramaTurn *turn, char letter)
{
  if (turn->kind == TRAMA_SPEECH_EMPTY)
    printf ("%c  [no bytes]\n", letter);
  else
    printf ("%c  [%" G_GUINT64_FORMAT " bytes %s]\n", letter, turn->end - turn->begin,
            turn->kind == TRAMA_SPEECH_NOT_KEPT ? "were not kept" : "were not captured");
}

static gboolean
print_bytes (const TramaDialogue *dialogue, const TramaTurn *turn, guint64 end, gboolean hex, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK_BYTES);

  for (guint64 begin = turn->begin; begin < end;)
    {
      gssize got = trama_dialogue_read (dialogue, turn->side, begin, buffer, MIN (end - begin, CHUNK_BYTES),
                                        error);

      if (got <= 0)
        return got == 0;
      if (hex)
        print_hex (letters[turn->side], begin, buffer, (gsize) got);
      else
        print_lines (letters[turn->side], buffer, (gsize) got);
      begin += (guint64) got;
    }
  return TRUE;
}

/* The next from *@index on that is printed, which then is behind it. NULL: there is none. */
static const TramaTurn *
next_turn (const TramaDialogue *dialogue, guint side, guint *index)
{
  while (*index < trama_dialogue_n_turns (dialogue))
    {
      const TramaTurn *turn = trama_dialogue_get_turn (dialogue, (*index)++);

      /* what came a second time was said before */
      if ((side > 1 || turn->side == side) && turn->kind != TRAMA_SPEECH_AGAIN
          && turn->kind != TRAMA_SPEECH_OTHERWISE)
        return turn;
    }
  return NULL;
}

/* Where ends what is said from @turn on without a break; *@index and *@next are moved behind it. */
static guint64
join_turns (const TramaDialogue *dialogue,
            guint side,
            const TramaTurn *turn,
            const TramaTurn **next,
            guint *index)
{
  TramaTalk talk = *trama_dialogue_get_talk (dialogue);
  gboolean apart = trama_talk_has_messages (trama_dialogue_get_table (dialogue), &talk);
  guint64 end = turn->end;

  *next = next_turn (dialogue, side, index);
  while (!apart && *next != NULL && (*next)->side == turn->side && (*next)->kind == TRAMA_SPEECH_SAID
         && (*next)->begin == end)
    {
      end = (*next)->end;
      *next = next_turn (dialogue, side, index);
    }
  return end;
}

gboolean
trama_cli_print_voices (const TramaDialogue *dialogue, guint side, gboolean hex, GError **error)
{
  guint index = 0;
  const TramaTurn *turn = next_turn (dialogue, side, &index);

  while (turn != NULL)
    {
      const TramaTurn *next;

      if (turn->kind != TRAMA_SPEECH_SAID)
        {
          print_mark (turn, letters[turn->side]);
          next = next_turn (dialogue, side, &index);
        }
      else if (!print_bytes (dialogue, turn, join_turns (dialogue, side, turn, &next, &index), hex, error))
        return FALSE;
      turn = next;
    }
  return TRUE;
}
