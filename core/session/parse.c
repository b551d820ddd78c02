/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define SESSION_SUFFIX ".session"
#define MAX_ORDER 9999

typedef enum
{
  PLACE_PREAMBLE,
  PLACE_ACTOR,
} StatementPlace;

typedef struct
{
  const char *name;
  StatementPlace place;
  const char *example;
  /* Reads what follows the name, which stands at @at. */
  gboolean (*read) (TramaParser *parser, const char *at, const char *example);
} Statement;

static gboolean read_session (TramaParser *parser, const char *at, const char *example);
static gboolean read_title (TramaParser *parser, const char *at, const char *example);
static gboolean read_about (TramaParser *parser, const char *at, const char *example);
static gboolean read_order (TramaParser *parser, const char *at, const char *example);
static gboolean read_signal (TramaParser *parser, const char *at, const char *example);
static gboolean read_wait (TramaParser *parser, const char *at, const char *example);

static const Statement statements[] = {
  { "session", PLACE_PREAMBLE, "session \"A telephone call\"", read_session },
  { "title", PLACE_PREAMBLE, "title[es] \"Una llamada\"", read_title },
  { "about", PLACE_PREAMBLE, "about \"What it shows.\"", read_about },
  { "order", PLACE_PREAMBLE, "order 1", read_order },
  { "signal", PLACE_ACTOR, "signal ready", read_signal },
  { "wait", PLACE_ACTOR, "wait ready", read_wait },
};

static const Statement *
find_statement (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (strcmp (statements[i].name, name) == 0)
      return &statements[i];
  return NULL;
}

void
trama_parser_advance (TramaParser *parser)
{
  trama_lexer_next (&parser->lexer, &parser->token);
  if (parser->token.kind == TRAMA_TOKEN_PROBLEM)
    trama_parser_fail (parser, parser->token.at, "%s", parser->token.text);
}

gboolean
trama_parser_at_symbol (const TramaParser *parser, char symbol)
{
  return parser->token.symbol == symbol;
}

gboolean
trama_parser_read_symbol (TramaParser *parser, char symbol)
{
  if (!trama_parser_at_symbol (parser, symbol))
    return trama_parser_fail (parser, parser->token.at, _ ("expected \"%c\" here"), symbol);
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
read_end (TramaParser *parser)
{
  if (parser->token.kind != TRAMA_TOKEN_END)
    return trama_parser_fail (parser, parser->token.at, _ ("expected the end of the line here"));
  return TRUE;
}

/* Reads a token of @kind, which @example shows in its place. */
gboolean
trama_parser_read_token (TramaParser *parser, TramaTokenKind kind, const char *example, TramaToken *token)
{
  static const char *const nouns[] = {
    [TRAMA_TOKEN_WORD] = N_ ("a name"),
    [TRAMA_TOKEN_NUMBER] = N_ ("a number"),
    [TRAMA_TOKEN_STRING] = N_ ("text in quotes"),
  };

  if (parser->token.kind != kind)
    return trama_parser_fail (parser, parser->token.at, _ ("expected %s, as in: %s"), _ (nouns[kind]),
                              example);
  *token = parser->token;
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
check_new_name (TramaParser *parser, const TramaToken *name)
{
  if (find_statement (name->text) != NULL || trama_parser_knows_name (name->text))
    return trama_parser_fail (parser, name->at, _ ("\"%s\" is a word of the language; choose another name"),
                              name->text);
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
  if (!g_utf8_validate_len (token->text, token->size, NULL))
    return trama_parser_fail (parser, token->at,
                              _ ("this text is for people; it holds what cannot be printed"));
  for (const char *c = token->text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
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

static gboolean
read_session (TramaParser *parser, const char *at, const char *example)
{
  if (parser->session->titles->len > 0)
    return trama_parser_fail (parser, at, _ ("a file holds one session; it has begun already"));
  return add_text (parser, at, example, parser->session->titles, NULL, TRAMA_SESSION_MAX_TITLE_BYTES);
}

static gboolean
read_title (TramaParser *parser, const char *at, const char *example)
{
  const char *language = NULL;

  return read_language (parser, example, &language)
         && add_text (parser, at, example, parser->session->titles, language, TRAMA_SESSION_MAX_TITLE_BYTES);
}

static gboolean
read_about (TramaParser *parser, const char *at, const char *example)
{
  const char *language = NULL;

  if (trama_parser_at_symbol (parser, '[') && !read_language (parser, example, &language))
    return FALSE;
  return add_text (parser, at, example, parser->session->abouts, language, TRAMA_SESSION_MAX_ABOUT_BYTES);
}

static gboolean
read_order (TramaParser *parser, const char *at, const char *example)
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

static gboolean
read_signal (TramaParser *parser, const char *at, const char *example)
{
  return trama_parser_read_meeting (parser, example, TRAMA_STEP_SIGNAL);
}

static gboolean
read_wait (TramaParser *parser, const char *at, const char *example)
{
  return trama_parser_read_meeting (parser, example, TRAMA_STEP_WAIT);
}

/* Hands what was read of the actor to the session. */
static gboolean
finish_actor (TramaParser *parser)
{
  TramaScript script = { .name = parser->actor,
                         .n_steps = parser->steps->len,
                         .n_variables = parser->variables->len };
  const char **variables;

  if (parser->actor == NULL)
    return TRUE;
  if (script.n_steps == 0)
    return trama_parser_fail (parser, parser->actor_at,
                              _ ("\"%s\" does nothing; an actor has at least one step"), parser->actor);
  variables = g_new0 (const char *, script.n_variables + 1);
  for (guint i = 0; i < script.n_variables; i++)
    variables[i] = g_array_index (parser->variables, TramaVariable, i).name;
  script.variables = variables;
  script.steps = (const TramaStep *) g_array_steal (parser->steps, NULL);
  g_array_append_val (parser->session->scripts, script);
  g_array_set_size (parser->variables, 0);
  parser->actor = NULL;
  return TRUE;
}

static gboolean
read_actor (TramaParser *parser, const TramaToken *name)
{
  GArray *scripts = parser->session->scripts;

  if (!check_new_name (parser, name) || !finish_actor (parser))
    return FALSE;
  for (guint i = 0; i < scripts->len; i++)
    if (strcmp (g_array_index (scripts, TramaScript, i).name, name->text) == 0)
      return trama_parser_fail (parser, name->at, _ ("there is an actor \"%s\" already"), name->text);
  if (scripts->len == TRAMA_SESSION_MAX_ACTORS)
    return trama_parser_exceed (parser, name->at, _ ("a session has at most %d actors"),
                                TRAMA_SESSION_MAX_ACTORS);
  parser->actor = name->text;
  parser->actor_at = name->at;
  return trama_parser_read_symbol (parser, ':');
}

/* A step needs an actor that makes it, and room among its steps. */
static gboolean
check_step (TramaParser *parser, const char *at)
{
  if (parser->actor == NULL)
    return trama_parser_fail (parser, at, _ ("who does this? An actor comes first, as in: client:"));
  if (parser->steps->len == TRAMA_SESSION_MAX_STEPS)
    return trama_parser_exceed (parser, at, _ ("an actor has at most %d steps"), TRAMA_SESSION_MAX_STEPS);
  return TRUE;
}

static gboolean
read_assignment (TramaParser *parser, const TramaToken *result)
{
  TramaToken name;

  if (!check_step (parser, result->at) || !check_new_name (parser, result))
    return FALSE;
  return trama_parser_read_symbol (parser, '=')
         && trama_parser_read_token (parser, TRAMA_TOKEN_WORD, "phone = socket(AF_INET, SOCK_STREAM, 0)",
                                     &name)
         && trama_parser_read_call (parser, &name, result);
}

static gboolean
read_call (TramaParser *parser, const TramaToken *name)
{
  const Statement *statement = find_statement (name->text);

  if (statement != NULL)
    return trama_parser_fail (parser, parser->token.at, _ ("no parenthesis here; it is written: %s"),
                              statement->example);
  return check_step (parser, name->at) && trama_parser_read_call (parser, name, NULL);
}

static gboolean
fail_unknown_statement (TramaParser *parser, const TramaToken *name)
{
  TramaNearest nearest;

  /* A call without its parenthesis is still a call. */
  if (trama_call_from_name (name->text) != 0)
    return trama_parser_read_symbol (parser, '(');
  trama_nearest_init (&nearest, name->text);
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    trama_nearest_offer (&nearest, statements[i].name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown statement \"%s\""), name->text);
}

static gboolean
read_statement (TramaParser *parser, const TramaToken *name)
{
  const Statement *statement = find_statement (name->text);

  if (statement == NULL)
    return fail_unknown_statement (parser, name);
  if (statement->place == PLACE_ACTOR && !check_step (parser, name->at))
    return FALSE;
  if (statement->place == PLACE_PREAMBLE && parser->actor != NULL)
    return trama_parser_fail (parser, name->at, _ ("\"%s\" stands before the first actor"), name->text);
  return statement->read (parser, name->at, statement->example);
}

static gboolean
read_begun_line (TramaParser *parser, const TramaToken *first)
{
  if (parser->session->titles->len == 0 && strcmp (first->text, "session") != 0)
    return trama_parser_fail (parser, first->at, _ ("a session begins with its title, as in: %s"),
                              statements[0].example);
  if (trama_parser_at_symbol (parser, ':'))
    return read_actor (parser, first);
  if (trama_parser_at_symbol (parser, '='))
    return read_assignment (parser, first);
  if (trama_parser_at_symbol (parser, '('))
    return read_call (parser, first);
  return read_statement (parser, first);
}

static gboolean
read_line (TramaParser *parser, const char *line, const char *end)
{
  TramaToken first;

  trama_lexer_init (&parser->lexer, line, end, parser->session->strings);
  trama_parser_advance (parser);
  if (parser->token.kind == TRAMA_TOKEN_END)
    return TRUE;
  if (parser->token.kind != TRAMA_TOKEN_WORD)
    return trama_parser_fail (
        parser, parser->token.at,
        _ ("a line begins with a name: of a statement, a call, a variable or an actor"));
  first = parser->token;
  trama_parser_advance (parser);
  return read_begun_line (parser, &first) && read_end (parser);
}

/* Nothing that a screen would not show, or would show in another order, is taken for text. */
static gboolean
is_hidden (gunichar character)
{
  gboolean reorders = (character >= 0x202A && character <= 0x202E)
                      || (character >= 0x2066 && character <= 0x2069);
  gboolean breaks = character == 0x2028 || character == 0x2029;

  return reorders || breaks || (g_unichar_iscntrl (character) && character != '\t');
}

static gboolean
check_characters (TramaParser *parser, const char *line, const char *end)
{
  const char *bad;

  if (!g_utf8_validate_len (line, (gsize) (end - line), &bad))
    return *bad == '\0' ? trama_parser_fail (parser, bad, _ ("a session is text; this is a NUL byte"))
                        : trama_parser_fail (parser, bad, _ ("a session is UTF-8; this byte (0x%02X) is not"),
                                             (guint8) *bad);
  for (const char *c = line; c < end; c = g_utf8_next_char (c))
    if (is_hidden (g_utf8_get_char (c)))
      return trama_parser_fail (
          parser, c, _ ("this character (U+%04X) cannot be seen; in quotes, write it as an escape"),
          g_utf8_get_char (c));
  return TRUE;
}

static gboolean
read_lines (TramaParser *parser)
{
  const char *line = parser->text;

  while (line < parser->end)
    {
      const char *feed = memchr (line, '\n', (gsize) (parser->end - line));
      const char *next = feed != NULL ? feed + 1 : parser->end;
      const char *end = feed != NULL ? feed : parser->end;

      if (end > line && end[-1] == '\r')
        end--;
      parser->line++;
      if (!check_characters (parser, line, end) || !read_line (parser, line, end))
        return FALSE;
      line = next;
    }
  return TRUE;
}

static gboolean
check_whole (TramaParser *parser)
{
  if (!finish_actor (parser))
    return FALSE;
  if (parser->session->titles->len == 0)
    return trama_parser_fail (parser, parser->end, _ ("a session begins with its title, as in: %s"),
                              statements[0].example);
  if (parser->session->scripts->len == 0)
    return trama_parser_fail (parser, parser->end,
                              _ ("nobody is here yet; an actor is expected, as in: client:"));
  return trama_parser_check_meetings (parser);
}

static const char *
session_name (const char *file, GStringChunk *strings)
{
  g_autofree char *name = g_path_get_basename (file);

  if (g_str_has_suffix (name, SESSION_SUFFIX))
    name[strlen (name) - strlen (SESSION_SUFFIX)] = '\0';
  return g_string_chunk_insert (strings, name);
}

static void
parser_init (TramaParser *parser, const char *file, const char *text, gsize size)
{
  TramaSession *session = trama_session_new ();
  gboolean marked = size >= strlen (BYTE_ORDER_MARK)
                    && memcmp (text, BYTE_ORDER_MARK, strlen (BYTE_ORDER_MARK)) == 0;

  session->name = session_name (file, session->strings);
  session->text = g_string_chunk_insert_len (session->strings, text, (gssize) size);
  *parser = (TramaParser){
    .file = file,
    .text = marked ? text + strlen (BYTE_ORDER_MARK) : text,
    .end = text + size,
    .session = session,
    .steps = g_array_new (FALSE, FALSE, sizeof (TramaStep)),
    .variables = g_array_new (FALSE, FALSE, sizeof (TramaVariable)),
    .meetings = g_array_new (FALSE, FALSE, sizeof (TramaMeeting)),
  };
}

static void
parser_clear (TramaParser *parser)
{
  g_array_unref (parser->steps);
  g_array_unref (parser->variables);
  g_array_unref (parser->meetings);
  g_clear_pointer (&parser->session, trama_session_unref);
  g_clear_error (&parser->error);
}

TramaSession *
trama_session_parse (const char *file, const char *text, gsize size, GError **error)
{
  g_autofree char *shown_file = NULL;
  TramaSession *session = NULL;
  TramaParser parser;

  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (text != NULL || size == 0, NULL);

  shown_file = g_filename_display_name (file);
  if (size > TRAMA_SESSION_MAX_BYTES)
    {
      g_set_error (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_LIMIT,
                   _ ("%s: too long; a session has at most %u bytes"), shown_file, TRAMA_SESSION_MAX_BYTES);
      return NULL;
    }
  parser_init (&parser, shown_file, size > 0 ? text : "", size);
  if (read_lines (&parser) && check_whole (&parser))
    session = g_steal_pointer (&parser.session);
  else
    g_propagate_error (error, g_steal_pointer (&parser.error));
  parser_clear (&parser);
  return session;
}
