/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/text_row.h"

#define ELLIPSIS 0x2026

void
trama_text_row_init (TramaTextRow *row, guint width)
{
  row->width = width;
  row->cells = g_new (gunichar, width);
  trama_text_row_blank (row);
}

void
trama_text_row_clear (TramaTextRow *row)
{
  g_clear_pointer (&row->cells, g_free);
}

void
trama_text_row_blank (TramaTextRow *row)
{
  trama_text_row_fill (row, 0, row->width, ' ');
}

guint
trama_text_row_put (TramaTextRow *row, guint x, guint end, const char *text)
{
  end = MIN (end, row->width);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      if (x >= end)
        {
          if (end > 0 && x == end)
            row->cells[end - 1] = ELLIPSIS;
          break;
        }
      row->cells[x++] = g_utf8_get_char (text);
    }
  return x;
}

void
trama_text_row_put_right (TramaTextRow *row, guint x, guint end, const char *text)
{
  glong length = g_utf8_strlen (text, -1);

  trama_text_row_put (row, end >= x + length ? end - (guint) length : x, end, text);
}

void
trama_text_row_put_centre (TramaTextRow *row, guint x, guint end, const char *text)
{
  guint length = (guint) g_utf8_strlen (text, -1) + 2;
  guint start;

  if (end < x + 2)
    return;
  start = end - x > length ? x + (end - x - length) / 2 : x;
  trama_text_row_fill (row, start, MIN (start + length, end), ' ');
  trama_text_row_put (row, start + 1, end - 1, text);
}

void
trama_text_row_fill (TramaTextRow *row, guint x, guint end, gunichar character)
{
  for (; x < MIN (end, row->width); x++)
    row->cells[x] = character;
}

void
trama_text_row_append (const TramaTextRow *row, GString *out)
{
  guint end = row->width;

  while (end > 0 && row->cells[end - 1] == ' ')
    end--;
  for (guint x = 0; x < end; x++)
    g_string_append_unichar (out, row->cells[x]);
  g_string_append_c (out, '\n');
}
