/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit_private.h"

#include <string.h>

#define COLUMNS_MAX 80
#define INDENT_COLUMNS 4
#define HANG_COLUMNS 8

/* A place where a line may be broken: behind a comma, before an operator; never inside a literal. */
static gboolean
is_break (const char *text, const char *at)
{
  return *at == ' '
         && ((at > text && at[-1] == ',') || g_str_has_prefix (at, " || ") || g_str_has_prefix (at, " + "));
}

/* The last of the places outside of most parentheses and braces; all of the text when it fits. */
static gsize
find_break (const char *text, glong columns)
{
  const char *best = NULL;
  guint depth = 0, best_depth = G_MAXUINT;
  gboolean quoted = FALSE;

  if (g_utf8_strlen (text, -1) <= columns)
    return strlen (text);
  for (const char *c = text; *c != '\0' && columns >= 0; c = g_utf8_next_char (c), columns--)
    {
      if (*c == '"' && (c == text || c[-1] != '\\'))
        quoted = !quoted;
      if (quoted)
        continue;
      depth += *c == '(' || *c == '{';
      depth -= *c == ')' || *c == '}';
      if (depth > best_depth || !is_break (text, c))
        continue;
      best = c;
      best_depth = depth;
    }
  return best != NULL ? (gsize) (best - text) : strlen (text);
}

void
trama_emit_line (TramaEmitter *emitter, const char *format, ...)
{
  guint indent = emitter->indent * INDENT_COLUMNS;
  g_autofree char *text = NULL;
  const char *rest;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  for (rest = text; *rest != '\0' || rest == text;)
    {
      gsize size = find_break (rest, COLUMNS_MAX - (glong) indent);

      g_string_append_printf (emitter->code, "%*s%.*s\n", (int) indent, "", (int) size, rest);
      rest += size;
      if (*rest == '\0')
        return;
      rest++;
      if (rest - 1 - size == text)
        indent += HANG_COLUMNS;
    }
}

void
trama_emit_gap (TramaEmitter *emitter)
{
  gboolean glued = emitter->is_glued;

  emitter->is_glued = FALSE;
  if (!glued && emitter->code->len > 0 && !g_str_has_suffix (emitter->code->str, "\n\n")
      && !g_str_has_suffix (emitter->code->str, "{\n"))
    g_string_append_c (emitter->code, '\n');
}

/* No end of the comment, no beginning of another, no trigraph. */
static char *
tame (const char *text)
{
  GString *tame = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    {
      g_string_append_c (tame, *c);
      if ((c[0] == '*' && c[1] == '/') || (c[0] == '/' && c[1] == '*') || (c[0] == '?' && c[1] == '?'))
        g_string_append_c (tame, ' ');
    }
  return g_string_free (tame, FALSE);
}

void
trama_emit_comment_lines (GString *out, guint indent, const char *text)
{
  g_autofree char *tamed = tame (text);
  g_auto (GStrv) words = g_strsplit (tamed, " ", -1);
  glong column = G_MAXINT;

  for (char **word = words; *word != NULL; word++)
    {
      glong width = g_utf8_strlen (*word, -1);

      if (column + 1 + width > COLUMNS_MAX)
        {
          if (word > words)
            g_string_append_c (out, '\n');
          g_string_append_printf (out, "%*s * %s", (int) indent, "", *word);
          column = indent + 3 + width;
          continue;
        }
      g_string_append_printf (out, " %s", *word);
      column += 1 + width;
    }
  g_string_append_c (out, '\n');
}

void
trama_emit_comment (TramaEmitter *emitter, const char *text)
{
  guint indent = emitter->indent * INDENT_COLUMNS;
  g_autofree char *tamed = tame (text);

  if (indent + g_utf8_strlen (tamed, -1) + strlen ("/*  */") <= COLUMNS_MAX)
    {
      g_string_append_printf (emitter->code, "%*s/* %s */\n", (int) indent, "", tamed);
      return;
    }
  g_string_append_printf (emitter->code, "%*s/*\n", (int) indent, "");
  trama_emit_comment_lines (emitter->code, indent, text);
  g_string_append_printf (emitter->code, "%*s */\n", (int) indent, "");
}

static const char *
find_escape (guint8 byte)
{
  static const struct
  {
    guint8 byte;
    const char *escape;
  } escapes[] = { { '\n', "\\n" }, { '\r', "\\r" }, { '\t', "\\t" }, { '"', "\\\"" }, { '\\', "\\\\" } };

  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    if (escapes[i].byte == byte)
      return escapes[i].escape;
  return NULL;
}

/* An octal escape has three digits at most, so what follows one cannot be taken into it. "??" may begin a trigraph. */
static gsize
append_character (GString *out, const guint8 *bytes, gsize size, gboolean after_question_mark)
{
  const char *escape = find_escape (bytes[0]);
  gunichar character = g_utf8_get_char_validated ((const char *) bytes, (gssize) size);
  gboolean valid = character != (gunichar) -1 && character != (gunichar) -2 && g_unichar_isprint (character);

  if (bytes[0] == 0 && (size == 1 || !g_ascii_isdigit ((char) bytes[1])))
    g_string_append (out, "\\0");
  else if (escape != NULL)
    g_string_append (out, escape);
  else if (bytes[0] == '?' && after_question_mark)
    g_string_append (out, "\\?");
  else if (valid)
    {
      g_string_append_unichar (out, character);
      return (gsize) g_unichar_to_utf8 (character, NULL);
    }
  else
    g_string_append_printf (out, "\\%03o", bytes[0]);
  return 1;
}

void
trama_emit_append_literal (GString *out, const guint8 *bytes, gsize size)
{
  g_string_append_c (out, '"');
  for (gsize i = 0; i < size;)
    i += append_character (out, bytes + i, size - i, i > 0 && bytes[i - 1] == '?');
  g_string_append_c (out, '"');
}

const char *
trama_emit_keep (TramaEmitter *emitter, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return g_string_chunk_insert (emitter->strings, text);
}

void
trama_emit_need_header (TramaEmitter *emitter, TramaEmitHeader header)
{
  emitter->headers |= 1u << header;
}

void
trama_emit_need_helper (TramaEmitter *emitter, TramaEmitHelper helper)
{
  emitter->helpers |= 1u << helper;
}
