/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/json.h"

#include <string.h>

/* What stands there already tells whether a comma is due: a value never ends in one of these. */
static gboolean
begins_something (const GString *out)
{
  return out->len == 0 || strchr ("{[:\n", out->str[out->len - 1]) != NULL;
}

static void
append_escaped (GString *out, gunichar character)
{
  static const char escapes[] = {
    ['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
  };

  if (character < sizeof escapes && escapes[character] != 0)
    g_string_append_printf (out, "\\%c", escapes[character]);
  else if (character < 0x20 || character == 0x7f)
    g_string_append_printf (out, "\\u%04x", character);
  else
    g_string_append_unichar (out, character);
}

static void
append_string (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_string_append_c (out, '"');
  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    append_escaped (out, g_utf8_get_char (at));
  g_string_append_c (out, '"');
}

static void
begin_value (GString *out, const char *key)
{
  if (!begins_something (out))
    g_string_append_c (out, ',');
  if (key == NULL)
    return;
  append_string (out, key);
  g_string_append_c (out, ':');
}

void
trama_json_begin_object (GString *out, const char *key)
{
  begin_value (out, key);
  g_string_append_c (out, '{');
}

void
trama_json_end_object (GString *out)
{
  g_string_append_c (out, '}');
}

void
trama_json_begin_array (GString *out, const char *key)
{
  begin_value (out, key);
  g_string_append_c (out, '[');
}

void
trama_json_end_array (GString *out)
{
  g_string_append_c (out, ']');
}

void
trama_json_add_string (GString *out, const char *key, const char *value)
{
  begin_value (out, key);
  if (value != NULL)
    append_string (out, value);
  else
    g_string_append (out, "null");
}

void
trama_json_add_signed (GString *out, const char *key, gint64 value)
{
  begin_value (out, key);
  g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

void
trama_json_add_unsigned (GString *out, const char *key, guint64 value)
{
  begin_value (out, key);
  g_string_append_printf (out, "%" G_GUINT64_FORMAT, value);
}

void
trama_json_add_null (GString *out, const char *key)
{
  begin_value (out, key);
  g_string_append (out, "null");
}
