/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session_words.h"

#include "core/trace/call.h"

#include <string.h>

static gboolean
is_name_start (char c)
{
  return g_ascii_isalpha (c) || c == '_';
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static const char *
end_of_string (const char *at)
{
  for (at++; *at != '\0' && *at != '"'; at++)
    if (*at == '\\' && at[1] != '\0')
      at++;
  return *at == '"' ? at + 1 : at;
}

/* Numbers, addresses, spans and the ranges between two of them. */
static const char *
end_of_number (const char *at)
{
  while (is_name (*at) || *at == '.' || (*at == ':' && is_name (at[1])))
    at++;
  return at;
}

static gboolean
is_keyword (const char *name, gsize size)
{
  static const char *const keywords[] = {
    "session", "title", "about",  "order",  "lab",     "say",      "signal", "wait",   "sleep", "repeat",
    "fork",    "exit",  "kill",   "ignore", "fill",    "received", "sender", "rights", "echo",  "echo6",
    "unix",    "any",   "unspec", "mtu",    "offload", "time",     "turns",  "on",     "off",   "congestion",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (keywords); i++)
    if (strlen (keywords[i]) == size && strncmp (keywords[i], name, size) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_constant (const char *name, gsize size)
{
  gboolean has_letter = FALSE;

  for (gsize i = 0; i < size; i++)
    {
      if (g_ascii_islower (name[i]))
        return FALSE;
      has_letter = has_letter || g_ascii_isupper (name[i]);
    }
  return has_letter && size > 1;
}

static gboolean
is_call (const char *name, gsize size)
{
  g_autofree char *copy = g_strndup (name, size);

  return trama_call_from_name (copy) != 0;
}

static const char *
skip_blanks (const char *at)
{
  while (*at == ' ' || *at == '\t')
    at++;
  return at;
}

/* FALSE: a name that the session itself has given. */
static gboolean
judge_name (const char *line, const char *name, const char *end, TramaWordKind *kind)
{
  const char *behind = skip_blanks (end);
  gsize size = (gsize) (end - name);

  if (*behind == '(' && is_call (name, size))
    *kind = TRAMA_WORD_CALL;
  else if (is_keyword (name, size) && (*behind != '=' || behind[1] == '='))
    *kind = TRAMA_WORD_KEYWORD;
  else if (name == line && *behind == ':')
    *kind = TRAMA_WORD_ACTOR;
  else if (is_constant (name, size))
    *kind = TRAMA_WORD_CONSTANT;
  else
    return FALSE;
  return TRUE;
}

gboolean
trama_session_words_next (const char *line, gsize from_bytes, TramaWord *word)
{
  const char *at = line + from_bytes;
  const char *end;

  for (; *at != '\0'; at = end)
    {
      gboolean found = TRUE;

      end = at + 1;
      if (*at == '#')
        {
          word->kind = TRAMA_WORD_COMMENT;
          end = at + strlen (at);
        }
      else if (*at == '"')
        {
          word->kind = TRAMA_WORD_STRING;
          end = end_of_string (at);
        }
      else if (g_ascii_isdigit (*at))
        {
          word->kind = TRAMA_WORD_NUMBER;
          end = end_of_number (at);
        }
      else if (is_name_start (*at))
        {
          while (is_name (*end))
            end++;
          found = judge_name (line, at, end, &word->kind);
        }
      else
        found = FALSE;

      if (found)
        {
          word->start_bytes = (gsize) (at - line);
          word->end_bytes = (gsize) (end - line);
          return TRUE;
        }
    }
  return FALSE;
}
