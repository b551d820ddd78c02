/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How much of a line is shown around the place. */
#define SHOWN_CHARACTERS 100

typedef struct
{
  const char *start;
  const char *end;
  guint line;
  glong column; /* in characters, from 0 */
} Place;

static void
find_place (const TramaParser *parser, const char *at, Place *place)
{
  const char *end = memchr (at, '\n', (gsize) (parser->end - at));

  place->line = 1;
  place->start = parser->text;
  for (const char *c = parser->text; c < at; c++)
    if (*c == '\n')
      {
        place->line++;
        place->start = c + 1;
      }
  place->end = end != NULL ? end : parser->end;
  if (place->end > at && place->end[-1] == '\r')
    place->end--;
  place->column = g_utf8_pointer_to_offset (place->start, at);
}

/* What stands above the caret must be as wide as it. */
static void
append_gap (GString *gap, gunichar character)
{
  if (character == '\t')
    g_string_append_c (gap, '\t');
  else if (!g_unichar_iszerowidth (character))
    g_string_append (gap, g_unichar_iswide (character) ? "  " : " ");
}

/* What a terminal would act on, or hide, is shown as a replacement character. */
static gunichar
shown_character (const char *c)
{
  gunichar character = g_utf8_get_char (c);

  return character == '\t' || g_unichar_isprint (character) ? character : 0xFFFD;
}

/* The line and a caret under the place; of a very long line, what is around it. */
static char *
show_place (const Place *place)
{
  g_autofree char *line = g_utf8_make_valid (place->start, place->end - place->start);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GString) gap = g_string_new (NULL);
  glong first = MAX (0, place->column - SHOWN_CHARACTERS / 2);
  glong index = 0;

  if (g_utf8_strlen (line, -1) <= SHOWN_CHARACTERS)
    first = 0;
  if (first > 0)
    {
      g_string_append (shown, "…");
      g_string_append_c (gap, ' ');
    }
  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c), index++)
    {
      if (index < first)
        continue;
      if (index == first + SHOWN_CHARACTERS)
        {
          g_string_append (shown, "…");
          break;
        }
      g_string_append_unichar (shown, shown_character (c));
      if (index < place->column)
        append_gap (gap, shown_character (c));
    }
  return g_strdup_printf ("%s\n%s^", shown->str, gap->str);
}

static gboolean
complain (TramaParser *parser, TramaSessionError code, const char *at, const char *message)
{
  g_autofree char *shown = NULL;
  g_autofree char *whole = NULL;
  Place place;

  if (parser->error != NULL)
    return FALSE;
  find_place (parser, at, &place);
  shown = show_place (&place);
  whole = g_strdup_printf ("%s:%u:%ld: %s\n%s", parser->file, place.line, place.column + 1, message, shown);
  parser->error = trama_session_error_new (code, place.line, (guint) place.column + 1, message, whole);
  return FALSE;
}

gboolean
trama_parser_fail (TramaParser *parser, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return complain (parser, TRAMA_SESSION_ERROR_SYNTAX, at, message);
}

gboolean
trama_parser_exceed (TramaParser *parser, const char *at, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  return complain (parser, TRAMA_SESSION_ERROR_LIMIT, at, message);
}

gboolean
trama_parser_fail_unknown (TramaParser *parser,
                           const char *at,
                           const TramaNearest *nearest,
                           const char *format,
                           ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  if (nearest->best == NULL)
    return complain (parser, TRAMA_SESSION_ERROR_SYNTAX, at, message);
  return trama_parser_fail (parser, at, _ ("%s; did you mean \"%s\"?"), message, nearest->best);
}
