/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>

#define MAX_ORDER 9999

static gboolean
is_printable (const TramaToken *token)
{
  if (!g_utf8_validate_len (token->text, token->size, NULL))
    return FALSE;
  for (const char *c = token->text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

/* Text for people is one line of UTF-8; bytes for a socket may be anything. */
static gboolean
check_text (TramaParser *parser, const TramaToken *token, guint max_bytes)
{
  if (token->size == 0)
    return trama_parser_fail (parser, token->at, _ ("this text is empty"));
  if (token->size > max_bytes)
    return trama_parser_exceed (parser, token->at, _ ("this text is too long; at most %u bytes are shown"),
                                max_bytes);
  if (!is_printable (token))
    return trama_parser_fail (parser, token->at,
                              _ ("this text is for people; it holds what cannot be printed"));
  return TRUE;
}

static gboolean
add_text (TramaParser *parser,
          const char *at,
          const char *example,
          GArray *texts,
          const char *language,
          guint max_bytes)
{
  TramaSessionText text = { .language = language };
  TramaToken token;

  for (guint i = 0; i < texts->len; i++)
    if (g_strcmp0 (g_array_index (texts, TramaSessionText, i).language, language) == 0)
      return trama_parser_fail (parser, at, _ ("this is said twice in the same language"));
  if (!trama_parser_read_token (parser, TRAMA_TOKEN_STRING, example, &token)
      || !check_text (parser, &token, max_bytes))
    return FALSE;
  text.text = token.text;
  g_array_append_val (texts, text);
  return TRUE;
}

static gboolean
read_language (TramaParser *parser, const char *example, const char **language)
{
  TramaToken token;

  if (!trama_parser_read_symbol (parser, '[')
      || !trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &token))
    return FALSE;
  *language = token.text;
  return trama_parser_read_symbol (parser, ']');
}

gboolean
trama_parser_read_session (TramaParser *parser, const char *at, const char *example)
{
  if (parser->session->titles->len > 0)
    return trama_parser_fail (parser, at, _ ("a file holds one session; it has begun already"));
  return add_text (parser, at, example, parser->session->titles, NULL, TRAMA_SESSION_MAX_TITLE_BYTES);
}

gboolean
trama_parser_read_title (TramaParser *parser, const char *at, const char *example)
{
  const char *language = NULL;

  return read_language (parser, example, &language)
         && add_text (parser, at, example, parser->session->titles, language, TRAMA_SESSION_MAX_TITLE_BYTES);
}

gboolean
trama_parser_read_about (TramaParser *parser, const char *at, const char *example)
{
  const char *language = NULL;

  if (trama_parser_at_symbol (parser, '[') && !read_language (parser, example, &language))
    return FALSE;
  return add_text (parser, at, example, parser->session->abouts, language, TRAMA_SESSION_MAX_ABOUT_BYTES);
}

gboolean
trama_parser_read_order (TramaParser *parser, const char *at, const char *example)
{
  TramaToken token;
  guint64 order;

  if (parser->session->order != G_MAXUINT)
    return trama_parser_fail (parser, at, _ ("the order is given twice"));
  if (!trama_parser_read_token (parser, TRAMA_TOKEN_NUMBER, example, &token))
    return FALSE;
  if (!g_ascii_string_to_unsigned (token.text, 10, 0, MAX_ORDER, &order, NULL))
    return trama_parser_fail (parser, token.at, _ ("the order is a number from 0 to %d"), MAX_ORDER);
  parser->session->order = (guint) order;
  return TRUE;
}

/* What was said last, if nothing was done since. */
static gboolean
is_below_caption (const TramaParser *parser)
{
  guint n_steps = parser->steps->len;

  return n_steps > 0 && g_array_index (parser->steps, TramaStep, n_steps - 1).kind == TRAMA_STEP_SAY;
}

gboolean
trama_parser_read_say (TramaParser *parser, const char *at, const char *example)
{
  GPtrArray *captions = parser->session->captions;
  const char *language = NULL;
  TramaStep *step;
  GArray *texts;

  if (trama_parser_at_symbol (parser, '[') && !read_language (parser, example, &language))
    return FALSE;
  if (language == NULL)
    g_ptr_array_add (captions, g_array_new (FALSE, FALSE, sizeof (TramaSessionText)));
  else if (!is_below_caption (parser))
    return trama_parser_fail (parser, at, _ ("a caption in another language stands right below its \"say\""));
  texts = g_ptr_array_index (captions, captions->len - 1);
  if (!add_text (parser, at, example, texts, language, TRAMA_SESSION_MAX_CAPTION_BYTES))
    return FALSE;
  if (language == NULL)
    trama_parser_add_step (parser, TRAMA_STEP_SAY);
  step = &g_array_index (parser->steps, TramaStep, parser->steps->len - 1);
  /* The table may have moved. */
  step->texts = (const TramaSessionText *) texts->data;
  step->n_texts = texts->len;
  return TRUE;
}
