/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * One line of characters of equal width, written at any place. What does not fit
 * is cut, with "…" for its end. Texts must be valid UTF-8.
 */
typedef struct
{
  guint width;
  gunichar *cells; /* owned */
} TramaTextRow;

/* Blank, @width characters wide. */
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

/* @character in every place from @x before @end. */
void trama_text_row_fill (TramaTextRow *row, guint x, guint end, gunichar character);

/* Appends the line, without blanks at its end, and a line feed. */
void trama_text_row_append (const TramaTextRow *row, GString *out);
