/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/printable.h"

#define MARKS_MAX 2

/* Characters of no width of their own, or of a meaning that only one machine knows, are not printable here. */
static gboolean
is_shown (gunichar character, guint *marks)
{
  switch (g_unichar_type (character))
    {
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
      return FALSE;
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_SPACING_MARK:
      return ++*marks <= MARKS_MAX;
    default:
      *marks = 0;
      return g_unichar_isprint (character) && !g_unichar_iszerowidth (character);
    }
}

/* The character at @bytes when it may be shown, 0 otherwise. */
static gunichar
read_character (const guint8 *bytes, gsize size, guint *marks)
{
  gunichar character = g_utf8_get_char_validated ((const char *) bytes, (gssize) size);

  if (character == (gunichar) -1 || character == (gunichar) -2)
    {
      *marks = 0;
      return 0;
    }
  return is_shown (character, marks) ? character : 0;
}

static void
append_escaped (GString *text, guint8 byte)
{
  switch (byte)
    {
    case '\n':
      g_string_append (text, "\\n");
      break;
    case '\r':
      g_string_append (text, "\\r");
      break;
    case '\t':
      g_string_append (text, "\\t");
      break;
    case '\\':
      g_string_append (text, "\\\\");
      break;
    default:
      g_string_append_printf (text, "\\x%02x", byte);
      break;
    }
}

char *
trama_printable_format (const guint8 *bytes, gsize size, gsize max_bytes)
{
  GString *text = g_string_new (NULL);
  gsize i = 0;
  guint marks = MARKS_MAX; /* a mark at the very start would join what stands in front of the text */

  while (i < size && i < max_bytes)
    {
      gunichar character = bytes[i] == '\\' ? 0 : read_character (bytes + i, size - i, &marks);

      if (character == 0)
        append_escaped (text, bytes[i++]);
      else
        {
          g_string_append_unichar (text, character);
          i += (gsize) g_unichar_to_utf8 (character, NULL);
        }
    }
  if (i < size)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}
