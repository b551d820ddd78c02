/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/lexer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SYMBOLS "()[]{},:=|"

static const struct
{
  char name;
  char byte;
} escapes[] = {
  { 'n', '\n' }, { 't', '\t' }, { 'r', '\r' }, { '0', '\0' }, { '\\', '\\' }, { '"', '"' },
};

void
trama_lexer_init (TramaLexer *lexer, const char *line, const char *end, GStringChunk *strings)
{
  lexer->at = line;
  lexer->end = end;
  lexer->strings = strings;
}

static gboolean
has (const TramaLexer *lexer, gsize count)
{
  return (gsize) (lexer->end - lexer->at) >= count;
}

static gboolean
is_word (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static void
keep (TramaLexer *lexer, TramaToken *token, TramaTokenKind kind, const char *text, gsize size)
{
  token->kind = (guint8) kind;
  token->text = g_string_chunk_insert_len (lexer->strings, text, (gssize) size);
  token->size = size;
}

static void
stop (TramaToken *token, const char *at, const char *problem)
{
  token->kind = TRAMA_TOKEN_PROBLEM;
  token->at = at;
  token->text = problem;
  token->size = strlen (problem);
}

static void
keep_run (TramaLexer *lexer, TramaToken *token, TramaTokenKind kind)
{
  gsize size = (gsize) (lexer->at - token->at);

  if (size > TRAMA_LEXER_MAX_WORD)
    stop (token, token->at, _ ("a name, a number or an address has at most 64 characters"));
  else
    keep (lexer, token, kind, token->at, size);
}

static void
read_word (TramaLexer *lexer, TramaToken *token)
{
  while (has (lexer, 1) && is_word (*lexer->at))
    lexer->at++;
  keep_run (lexer, token, TRAMA_TOKEN_WORD);
}

static gboolean
at_range (const TramaLexer *lexer)
{
  return has (lexer, 2) && lexer->at[0] == '.' && lexer->at[1] == '.';
}

/* A colon with nothing behind it is not a port's. */
static gboolean
at_port (const TramaLexer *lexer)
{
  return has (lexer, 2) && lexer->at[0] == ':' && is_word (lexer->at[1]);
}

static void
read_number_or_address (TramaLexer *lexer, TramaToken *token)
{
  gboolean dotted = FALSE;

  if (*lexer->at == '-')
    lexer->at++;
  for (; has (lexer, 1) && !at_range (lexer); lexer->at++)
    {
      if (!is_word (*lexer->at) && *lexer->at != '.' && !(dotted && at_port (lexer)))
        break;
      dotted = dotted || *lexer->at == '.';
    }
  keep_run (lexer, token, dotted ? TRAMA_TOKEN_ADDRESS : TRAMA_TOKEN_NUMBER);
}

/* Whether a bracket holds an IPv6 address: what else stands in one has no colon. */
static gboolean
at_bracketed_address (const TramaLexer *lexer)
{
  const char *c = lexer->at + 1;

  while (c < lexer->end && (is_word (*c) || *c == '.'))
    c++;
  return c < lexer->end && *c == ':';
}

static void
read_bracketed_address (TramaLexer *lexer, TramaToken *token)
{
  lexer->at++;
  while (has (lexer, 1) && (is_word (*lexer->at) || *lexer->at == '.' || *lexer->at == ':'))
    lexer->at++;
  if (has (lexer, 1) && *lexer->at == ']')
    lexer->at++;
  if (at_port (lexer))
    for (lexer->at++; has (lexer, 1) && is_word (*lexer->at);)
      lexer->at++;
  keep_run (lexer, token, TRAMA_TOKEN_ADDRESS);
}

/* The two digits of \xNN. */
static gboolean
read_hex (TramaLexer *lexer, GString *bytes)
{
  if (!has (lexer, 2) || !g_ascii_isxdigit (lexer->at[0]) || !g_ascii_isxdigit (lexer->at[1]))
    return FALSE;
  g_string_append_c (bytes,
                     (char) (g_ascii_xdigit_value (lexer->at[0]) << 4 | g_ascii_xdigit_value (lexer->at[1])));
  lexer->at += 2;
  return TRUE;
}

/* What follows a backslash. NULL when it is well, else the problem. */
static const char *
read_escape (TramaLexer *lexer, GString *bytes)
{
  char name = has (lexer, 1) ? *lexer->at : '\0';

  if (name == 'x')
    {
      lexer->at++;
      return read_hex (lexer, bytes) ? NULL : _ ("\\x is followed by two hexadecimal digits, as in \\x0a");
    }
  for (gsize i = 0; i < G_N_ELEMENTS (escapes); i++)
    {
      if (name != escapes[i].name)
        continue;
      lexer->at++;
      /* C reads up to three octal digits here; the same text must mean the same in both. */
      if (name == '0' && has (lexer, 1) && g_ascii_isdigit (*lexer->at))
        return _ ("there are no octal escapes; write \\x00 before a digit");
      g_string_append_c (bytes, escapes[i].byte);
      return NULL;
    }
  return _ ("unknown escape; known are \\n \\t \\r \\0 \\\\ \\\" and \\xNN");
}

static void
read_string (TramaLexer *lexer, TramaToken *token)
{
  g_autoptr (GString) bytes = g_string_new (NULL);

  lexer->at++;
  while (has (lexer, 1) && *lexer->at != '"')
    {
      const char *place = lexer->at++;
      const char *problem = NULL;

      if (*place == '\\' && has (lexer, 1))
        problem = read_escape (lexer, bytes);
      else
        g_string_append_c (bytes, *place);
      if (problem != NULL)
        {
          stop (token, place, problem);
          return;
        }
    }
  if (!has (lexer, 1))
    {
      stop (token, token->at, _ ("this text has no closing quote; it ends on the line where it begins"));
      return;
    }
  lexer->at++;
  keep (lexer, token, TRAMA_TOKEN_STRING, bytes->str, bytes->len);
}

static void
skip_blanks (TramaLexer *lexer)
{
  while (has (lexer, 1) && (*lexer->at == ' ' || *lexer->at == '\t'))
    lexer->at++;
  if (has (lexer, 1) && *lexer->at == '#')
    lexer->at = lexer->end;
}

void
trama_lexer_next (TramaLexer *lexer, TramaToken *token)
{
  char c;

  skip_blanks (lexer);
  *token = (TramaToken){ .kind = TRAMA_TOKEN_END, .at = lexer->at };
  if (!has (lexer, 1))
    return;

  c = *lexer->at;
  if (g_ascii_isdigit (c) || (c == '-' && has (lexer, 2) && g_ascii_isdigit (lexer->at[1])))
    read_number_or_address (lexer, token);
  else if (is_word (c))
    read_word (lexer, token);
  else if (c == '"')
    read_string (lexer, token);
  else if (c == '[' && at_bracketed_address (lexer))
    read_bracketed_address (lexer, token);
  else if (strchr (SYMBOLS, c) != NULL || at_range (lexer))
    {
      token->kind = TRAMA_TOKEN_SYMBOL;
      token->symbol = c;
      lexer->at += c == '.' ? 2 : 1;
    }
  else
    stop (token, token->at, _ ("this character has no place here; names are made of a to z, digits and _"));
}
