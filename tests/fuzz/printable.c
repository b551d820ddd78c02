/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/printable.h"

#include "core/trace/call.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* Two marks on one character are the most that passes. */
#define MARKS_MAX 2

static gboolean
is_mark (gunichar character)
{
  GUnicodeType type = g_unichar_type (character);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK
         || type == G_UNICODE_SPACING_MARK;
}

static void
check (const char *text)
{
  guint marks = 0;

  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      g_assert_true (g_unichar_isprint (character));
      marks = is_mark (character) ? marks + 1 : 0;
      g_assert_cmpuint (marks, <=, MARKS_MAX);
    }
}

/* The limit in two bytes, then the text. */
void
fuzz_one (const guint8 *data, gsize size)
{
  gsize max_bytes = fuzz_take (&data, &size, 2);
  g_autofree char *text = trama_printable_format (data, size, max_bytes);
  g_autofree char *literal = trama_bytes_format (data, size, size, max_bytes);

  check (text);
  check (literal);
  g_assert_cmpuint (strlen (text), <=, MIN (size, max_bytes) * 4 + strlen ("…"));
}
