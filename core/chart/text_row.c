/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/text_row.h"

#include <string.h>

#define ELLIPSIS 0x2026
#define MARKS_MAX 2

/* Of one character in UTF-8, with its marks. */
#define CELL_BYTES 4
#define CELL_MARKED_BYTES (CELL_BYTES * (1 + MARKS_MAX))

static guint
width_of (gunichar character)
{
  if (character < 0x300)
    return 1;
  return g_unichar_iszerowidth (character) ? 0 : g_unichar_iswide (character) ? 2 : 1;
}

guint
trama_text_width (const char *text)
{
  guint width = 0;

  while (*text != '\0')
    if ((guchar) *text < 0x80)
      {
        width++;
        text++;
      }
    else
      {
        width += width_of (g_utf8_get_char (text));
        text = g_utf8_next_char (text);
      }
  return width;
}

void
trama_text_row_init (TramaTextRow *row, guint width)
{
  *row = (TramaTextRow){ .width = width, .cells = g_new (gunichar, width) };
  trama_text_row_blank (row);
}

void
trama_text_row_clear (TramaTextRow *row)
{
  g_clear_pointer (&row->cells, g_free);
  g_clear_pointer (&row->marks, g_free);
}

void
trama_text_row_blank (TramaTextRow *row)
{
  for (guint x = 0; x < row->width; x++)
    row->cells[x] = ' ';
  if (row->has_marks)
    memset (row->marks, 0, row->width * sizeof *row->marks);
  row->has_marks = FALSE;
}

/* Half of a wide character cannot stay. */
static void
set_cell (TramaTextRow *row, guint x, gunichar character)
{
  if (row->cells[x] == 0 && x > 0)
    row->cells[x - 1] = ' ';
  if (x + 1 < row->width && row->cells[x + 1] == 0)
    row->cells[x + 1] = ' ';
  row->cells[x] = character;
  if (row->has_marks)
    row->marks[x][0] = row->marks[x][1] = 0;
}

static void
add_mark (TramaTextRow *row, guint x, gunichar mark)
{
  if (row->marks == NULL)
    row->marks = g_malloc0_n (row->width, sizeof *row->marks);
  row->has_marks = TRUE;
  for (guint i = 0; i < MARKS_MAX; i++)
    if (row->marks[x][i] == 0)
      {
        row->marks[x][i] = mark;
        return;
      }
}

guint
trama_text_row_put (TramaTextRow *row, guint x, guint end, const char *text)
{
  guint last = G_MAXUINT;

  end = MIN (end, row->width);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = (guchar) *text < 0x80 ? (gunichar) *text : g_utf8_get_char (text);
      guint width = width_of (character);

      if (width == 0)
        {
          if (last != G_MAXUINT)
            add_mark (row, last, character);
          continue;
        }
      if (x + width > end)
        {
          if (end > 0 && x <= end)
            set_cell (row, end - 1, ELLIPSIS);
          return MAX (x, end);
        }
      set_cell (row, x, character);
      last = x;
      if (width == 2)
        {
          set_cell (row, x + 1, ' ');
          row->cells[x + 1] = 0;
        }
      x += width;
    }
  return x;
}

void
trama_text_row_put_right (TramaTextRow *row, guint x, guint end, const char *text)
{
  guint width = trama_text_width (text);

  trama_text_row_put (row, end >= x + width ? end - width : x, end, text);
}

void
trama_text_row_put_centre (TramaTextRow *row, guint x, guint end, const char *text)
{
  guint width = trama_text_width (text) + 2;
  guint start;

  if (end < x + 2)
    return;
  start = end - x > width ? x + (end - x - width) / 2 : x;
  trama_text_row_fill (row, start, MIN (start + width, end), ' ');
  trama_text_row_put (row, start + 1, end - 1, text);
}

void
trama_text_row_fill (TramaTextRow *row, guint x, guint end, gunichar character)
{
  for (; x < MIN (end, row->width); x++)
    set_cell (row, x, character);
}

/* As g_unichar_to_utf8 () of what is not ASCII, for a million characters. */
static inline char *
write_character (char *at, gunichar character)
{
  if (character < 0x800)
    {
      *at++ = (char) (0xc0 | character >> 6);
      *at++ = (char) (0x80 | (character & 0x3f));
    }
  else if (character < 0x10000)
    {
      *at++ = (char) (0xe0 | character >> 12);
      *at++ = (char) (0x80 | (character >> 6 & 0x3f));
      *at++ = (char) (0x80 | (character & 0x3f));
    }
  else
    at += g_unichar_to_utf8 (character, at);
  return at;
}

void
trama_text_row_append (const TramaTextRow *row, GString *out)
{
  gsize before = out->len;
  guint end = row->width;
  char *at;

  while (end > 0 && row->cells[end - 1] == ' ')
    end--;
  g_string_set_size (out, before + (gsize) end * (row->has_marks ? CELL_MARKED_BYTES : CELL_BYTES) + 1);
  at = out->str + before;
  for (guint x = 0; x < end; x++)
    {
      gunichar character = row->cells[x];

      if (character - 1 < 0x7f)
        *at++ = (char) character;
      else if (character != 0)
        at = write_character (at, character);
      for (guint i = 0; row->has_marks && i < MARKS_MAX; i++)
        if (row->marks[x][i] != 0)
          at = write_character (at, row->marks[x][i]);
    }
  *at++ = '\n';
  g_string_truncate (out, (gsize) (at - out->str));
}

typedef struct
{
  gunichar character;
  char ascii;
} Likeness;

static char
find_likeness (gunichar character)
{
  static const Likeness likenesses[] = {
    { 0x2502, '|' }, { 0x2591, ':' },  { 0x2500, '-' },  { 0x25b6, '>' }, { 0x25c0, '<' }, { 0x2026, '~' },
    { 0x00b7, ',' }, { 0x00b6, '#' },  { 0x21ba, '@' },  { 0x25b2, '^' }, { 0x2013, '-' }, { 0x2192, '>' },
    { 0x2190, '<' }, { 0x00b5, 'u' },  { 0x03bc, 'u' },  { 0x00d7, 'x' }, { 0x2212, '-' }, { 0x201c, '"' },
    { 0x201d, '"' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x00ab, '"' }, { 0x00bb, '"' }, { 0x00bf, '?' },
    { 0x00a1, '!' }, { 0x00df, 's' },  { 0x2715, 'x' },  { 0x270e, '*' }, { 0x2510, '.' }, { 0x2514, '\'' },
    { 0x251c, '|' },
  };
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  for (guint i = 0; i < G_N_ELEMENTS (likenesses); i++)
    if (likenesses[i].character == character)
      return likenesses[i].ascii;
  g_unichar_fully_decompose (character, FALSE, parts, G_N_ELEMENTS (parts));
  return parts[0] < 0x80 ? (char) parts[0] : '?';
}

char *
trama_text_to_ascii (const char *text)
{
  GString *out = g_string_sized_new (strlen (text));

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (character < 0x80)
        g_string_append_c (out, (char) character);
      else
        for (guint i = width_of (character); i > 0; i--)
          g_string_append_c (out, find_likeness (character));
    }
  return g_string_free (out, FALSE);
}
