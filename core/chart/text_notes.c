/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/text_ladder.h"

#include "core/decode/printable.h"

#include <string.h>

#define CAPTION "¶ "
#define PENCIL "✎ "

/* Under the sign. */
#define INDENT "  "
#define SIGN_CELLS 2

#define ROOM_LEAST 8

/* How many bytes of @text stand in a line: up to the last blank that fits, or else as much as fits. */
static gsize
measure_line (const char *text, guint room)
{
  const char *blank = NULL, *at = text;
  char character[8] = "";

  for (guint width = 0; *at != '\0'; at = g_utf8_next_char (at))
    {
      *stpncpy (character, at, (gsize) (g_utf8_next_char (at) - at)) = '\0';
      width += trama_text_width (character);
      if (width > room)
        return (gsize) ((blank != NULL ? blank : at) - text);
      if (*at == ' ' && at > text)
        blank = at;
    }
  return (gsize) (at - text);
}

/* Its lines with their signs, all as wide as the widest, so that they stand below each other wherever they stand. */
static GPtrArray *
wrap (const char *text, const char *sign, guint room)
{
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n", -1);
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  guint widest = 0;

  room = MAX (room, ROOM_LEAST + SIGN_CELLS) - SIGN_CELLS;
  for (char **paragraph = paragraphs; *paragraph != NULL; paragraph++)
    {
      g_autofree char *shown = trama_printable_format ((const guint8 *) *paragraph, strlen (*paragraph),
                                                       TRAMA_TEXT_MAX_BYTES);
      const char *rest = shown;

      do
        {
          gsize size = measure_line (rest, room);

          g_ptr_array_add (lines,
                           g_strdup_printf ("%s%.*s", lines->len == 0 ? sign : INDENT, (int) size, rest));
          widest = MAX (widest, trama_text_width (g_ptr_array_index (lines, lines->len - 1)));
          rest += size;
          rest += *rest == ' ';
        }
      while (*rest != '\0');
    }
  for (guint i = 0; i < lines->len; i++)
    {
      char *line = g_ptr_array_index (lines, i);

      lines->pdata[i] = g_strdup_printf ("%s%*s", line, (int) (widest - trama_text_width (line)), "");
      g_free (line);
    }
  return lines;
}

/* @column: NULL: it is nobody's. @time_ns: TRAMA_TIME_NONE: that of the line above. */
static void
write_note (TramaTextLadder *ladder,
            gint64 time_ns,
            const TramaTextColumn *column,
            const char *sign,
            const char *text)
{
  guint room = column != NULL ? trama_text_line_room_beside (ladder, column)
                              : ladder->width - ladder->first_x - 4;
  g_autoptr (GPtrArray) lines = wrap (text, sign, room);

  for (guint i = 0; i < lines->len; i++)
    {
      trama_text_line_begin (ladder);
      if (i == 0 && time_ns != TRAMA_TIME_NONE)
        trama_text_line_put_time (ladder, time_ns);
      if (column != NULL)
        trama_text_line_put_beside (ladder, column, g_ptr_array_index (lines, i));
      else
        trama_text_row_put_centre (&ladder->row, ladder->first_x + 1, ladder->width - 1,
                                   g_ptr_array_index (lines, i));
      trama_text_line_end (ladder);
    }
}

void
trama_text_notes_write_caption (TramaTextLadder *ladder, const TramaNote *note)
{
  const TramaTextColumn *column = note->actor != TRAMA_ACTOR_NONE
                                      ? trama_text_columns_of_actor (ladder, note->actor)
                                      : NULL;

  write_note (ladder, note->time_ns, column, CAPTION, note->text != NULL ? note->text : "");
}

void
trama_text_notes_write_beside (TramaTextLadder *ladder, TramaRef ref, const TramaTextColumn *column)
{
  const TramaNotebook *notebook = trama_store_get_notebook (ladder->store);
  const char *text = trama_notebook_get_text (notebook, ref, TRAMA_TIME_NONE);

  if (text != NULL)
    write_note (ladder, TRAMA_TIME_NONE, column, PENCIL, text);
}

void
trama_text_notes_write_until (TramaTextLadder *ladder, gint64 time_ns)
{
  const TramaNotebook *notebook = trama_store_get_notebook (ladder->store);

  for (; ladder->next_remark < ladder->remarks->len; ladder->next_remark++)
    {
      guint index = g_array_index (ladder->remarks, guint, ladder->next_remark);
      TramaRemark remark = trama_notebook_get (notebook, index);

      if (remark.time_ns > time_ns)
        return;
      write_note (ladder, remark.time_ns, NULL, PENCIL, remark.text);
    }
}

void
trama_text_notes_skip_until (TramaTextLadder *ladder, gint64 time_ns)
{
  const TramaNotebook *notebook = trama_store_get_notebook (ladder->store);

  while (ladder->next_remark < ladder->remarks->len
         && trama_notebook_get (notebook, g_array_index (ladder->remarks, guint, ladder->next_remark)).time_ns
                < time_ns)
    ladder->next_remark++;
}
