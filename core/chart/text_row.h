/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * One line of a terminal, written at any place. What does not fit is cut, with "…"
 * for its end. Texts must be valid UTF-8. Places and widths are cells: a character of
 * East Asian width W or F (UAX #11) takes two, a combining mark none.
 */
typedef struct
{
  guint width;
  gunichar *cells;      /* owned; 0: the second half of a wide character */
  gunichar (*marks)[2]; /* owned; of each cell; NULL: no line had any yet */
  gboolean has_marks;   /* this line */
} TramaTextRow;

/* How many cells a text takes. */
guint trama_text_width (const char *text);

/* Blank, @width cells wide. */
void trama_text_row_init (TramaTextRow *row, guint width);
void trama_text_row_clear (TramaTextRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TramaTextRow, trama_text_row_clear)

void trama_text_row_blank (TramaTextRow *row);

/* From @x to the right, before @end. Returns where the text ends. */
guint trama_text_row_put (TramaTextRow *row, guint x, guint end, const char *text);

/* So that it ends before @end, and begins not before @x. */
void trama_text_row_put_right (TramaTextRow *row, guint x, guint end, const char *text);

/* In the middle between @x and @end, a blank on either side. */
void trama_text_row_put_centre (TramaTextRow *row, guint x, guint end, const char *text);

/* @character, one cell wide, in every place from @x before @end. */
void trama_text_row_fill (TramaTextRow *row, guint x, guint end, gunichar character);

/* Appends the line, without blanks at its end, and a line feed. */
void trama_text_row_append (const TramaTextRow *row, GString *out);

/*
 * The same text in ASCII, every character as many cells wide as it was: the signs of the
 * ladder in signs that are like them, letters without their accents, the rest "?". The caller's.
 */
char *trama_text_to_ascii (const char *text);
