/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define SESSION_SUFFIX ".session"
#define NANOSECOND_DIGITS 9

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
trama_parser_at_word (const TramaParser *parser, const char *word)
{
  return parser->token.kind == TRAMA_TOKEN_WORD && strcmp (parser->token.text, word) == 0;
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

/* What a number is when it is written with a decimal point or in hexadecimal. */
static gboolean
scan_integer (const char *text, gint64 *number, GError **error)
{
  gboolean negative = text[0] == '-';
  const char *digits = text + negative;
  gboolean hex = digits[0] == '0' && g_ascii_tolower (digits[1]) == 'x';
  guint64 magnitude = 0;

  if (!g_ascii_string_to_unsigned (hex ? digits + 2 : digits, hex ? 16 : 10, 0, G_MAXINT64, &magnitude,
                                   error))
    return FALSE;
  *number = negative ? -(gint64) magnitude : (gint64) magnitude;
  return TRUE;
}

gboolean
trama_parser_read_integer (TramaParser *parser, const char *noun, gint64 min, gint64 max, gint64 *number)
{
  const TramaToken token = parser->token;
  const char *digits = token.text;
  g_autoptr (GError) error = NULL;

  if (token.kind != TRAMA_TOKEN_NUMBER)
    return trama_parser_fail (parser, token.at, _ ("expected %s here"), noun);
  /* 010 is eight in C: nobody should have to know which one is meant here. */
  digits += digits[0] == '-';
  if (digits[0] == '0' && g_ascii_isdigit (digits[1]))
    return trama_parser_fail (parser, token.at, _ ("a number begins with 0 only as 0x"));
  if (!scan_integer (token.text, number, &error)
      && g_error_matches (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID))
    return trama_parser_fail (parser, token.at, _ ("\"%s\" is not a number"), token.text);
  if (error != NULL || *number < min || *number > max)
    return trama_parser_exceed (parser, token.at, _ ("%s is out of range: %s goes from %ld to %ld"),
                                token.text, noun, (long) min, (long) max);
  trama_parser_advance (parser);
  return TRUE;
}

/* The nanoseconds of one unit; 0: it is none. */
static gint64
unit_ns (const char *unit)
{
  static const struct
  {
    const char *name;
    gint64 ns;
  } units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (units[i].name, unit) == 0)
      return units[i].ns;
  return 0;
}

/* "1.5s" in whole nanoseconds. FALSE: it is not written so; a value without bound is G_MAXINT64. */
static gboolean
scan_duration (const char *text, gint64 *ns)
{
  const char *digits = text;
  const char *fraction;
  gint64 scale;
  gint64 whole = 0;

  while (g_ascii_isdigit (*text))
    {
      whole = MIN (whole * 10 + (*text - '0'), TRAMA_SESSION_MAX_TIME_MS * G_GINT64_CONSTANT (1000000) + 1);
      text++;
    }
  fraction = *text == '.' ? text + 1 : NULL;
  if (fraction != NULL)
    for (text++; g_ascii_isdigit (*text);)
      text++;
  scale = unit_ns (text);
  if (digits == text || fraction == text || scale == 0)
    return FALSE;
  *ns = whole > G_MAXINT64 / 2 / scale ? G_MAXINT64 / 2 : whole * scale;
  for (guint i = 0; fraction != NULL && g_ascii_isdigit (fraction[i]) && i < NANOSECOND_DIGITS; i++)
    {
      scale /= 10;
      *ns += scale * (fraction[i] - '0');
    }
  return TRUE;
}

gboolean
trama_parser_read_duration (TramaParser *parser, const char *example, gint64 *duration_ns)
{
  const TramaToken token = parser->token;

  if ((token.kind != TRAMA_TOKEN_NUMBER && token.kind != TRAMA_TOKEN_ADDRESS)
      || !scan_duration (token.text, duration_ns))
    return trama_parser_fail (parser, token.at,
                              _ ("expected a number with its unit (ns, us, ms or s), as in: %s"), example);
  if (*duration_ns < 1 || *duration_ns > TRAMA_SESSION_MAX_TIME_MS * G_GINT64_CONSTANT (1000000))
    return trama_parser_exceed (parser, token.at, _ ("%s is out of range: times go from 1ns to %ds"),
                                token.text, TRAMA_SESSION_MAX_TIME_MS / 1000);
  trama_parser_advance (parser);
  return TRUE;
}

const guint8 *
trama_parser_keep (TramaParser *parser, gconstpointer bytes, gsize size)
{
  return (const guint8 *) g_string_chunk_insert_len (parser->session->strings, bytes, (gssize) size);
}

/* Hands what was read of the actor to the session. */
static gboolean
finish_actor (TramaParser *parser)
{
  TramaScript script = { .name = parser->actor, .n_variables = parser->variables->len };
  const char **variables;

  if (parser->actor == NULL)
    return TRUE;
  if (!trama_parser_end_blocks (parser))
    return FALSE;
  script.n_steps = parser->steps->len;
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

  if (!trama_parser_check_new_name (parser, name))
    return FALSE;
  if (parser->n_blocks > 0)
    return trama_parser_fail (parser, name->at, _ ("an actor cannot begin inside a block; indent it less"));
  if (!finish_actor (parser) || !trama_parser_check_actor_name (parser, name))
    return FALSE;
  if (scripts->len == TRAMA_SESSION_MAX_ACTORS)
    return trama_parser_exceed (parser, name->at, _ ("a session has at most %d actors"),
                                TRAMA_SESSION_MAX_ACTORS);
  parser->in_lab = FALSE;
  parser->actor = name->text;
  parser->actor_at = name->at;
  return trama_parser_read_symbol (parser, ':');
}

/* What stands behind "=": a call, not a statement or a number. */
static gboolean
read_assigned_call (TramaParser *parser, const TramaToken *results, guint n_results)
{
  static const char example[] = "phone = socket(AF_INET, SOCK_STREAM, 0)";
  const TramaStatement *statement;
  TramaToken name;

  if (!trama_parser_read_symbol (parser, '=')
      || !trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &name))
    return FALSE;
  statement = trama_parser_find_statement (name.text);
  if (statement != NULL)
    return trama_parser_fail (parser, name.at, _ ("\"%s\" gives no result; it is written: %s"), name.text,
                              statement->example);
  return trama_parser_read_call (parser, &name, results, n_results);
}

/* "listener = …", "left, right = …" */
static gboolean
read_assignment (TramaParser *parser, const TramaToken *first)
{
  TramaToken results[2] = { *first };

  if (!trama_parser_check_step (parser, first->at, 0) || !trama_parser_check_new_name (parser, first))
    return FALSE;
  if (!trama_parser_at_symbol (parser, ','))
    return read_assigned_call (parser, results, 1);
  trama_parser_advance (parser);
  return trama_parser_read_token (parser, TRAMA_TOKEN_WORD,
                                  "left, right = socketpair(AF_UNIX, SOCK_STREAM, 0)", &results[1])
         && trama_parser_check_new_name (parser, &results[1]) && read_assigned_call (parser, results, 2);
}

static gboolean
read_call (TramaParser *parser, const TramaToken *name)
{
  const TramaStatement *statement = trama_parser_find_statement (name->text);

  if (statement != NULL)
    return trama_parser_fail (parser, parser->token.at, _ ("no parenthesis here; it is written: %s"),
                              statement->example);
  return trama_parser_check_step (parser, name->at, 0) && trama_parser_read_call (parser, name, NULL, 0);
}

static gboolean
read_begun_line (TramaParser *parser, const TramaToken *first)
{
  const TramaStatement *statement = trama_parser_find_statement (first->text);

  if (parser->session->titles->len == 0 && strcmp (first->text, "session") != 0)
    return trama_parser_fail_untitled (parser, first->at);
  if (parser->in_lab && statement == NULL && !trama_parser_at_symbol (parser, ':'))
    return trama_parser_read_setting (parser, first);
  if (!trama_parser_place_line (parser, first->at))
    return FALSE;
  if (trama_parser_at_symbol (parser, ':') && (statement == NULL || !statement->has_body))
    return read_actor (parser, first);
  if (trama_parser_at_symbol (parser, '=') || trama_parser_at_symbol (parser, ','))
    return read_assignment (parser, first);
  if (trama_parser_at_symbol (parser, '('))
    return read_call (parser, first);
  return trama_parser_read_statement (parser, first);
}

static void
measure_indent (TramaParser *parser, const char *line, const char *end)
{
  const char *c = line;

  parser->tab = NULL;
  for (; c < end && (*c == ' ' || *c == '\t'); c++)
    if (*c == '\t' && parser->tab == NULL)
      parser->tab = c;
  parser->indent = (guint) (c - line);
}

static gboolean
read_line (TramaParser *parser, const char *line, const char *end)
{
  TramaToken first;

  measure_indent (parser, line, end);
  trama_lexer_init (&parser->lexer, line, end, parser->session->strings);
  trama_parser_advance (parser);
  if (parser->token.kind == TRAMA_TOKEN_END)
    return TRUE;
  if (parser->token.kind != TRAMA_TOKEN_WORD)
    return trama_parser_fail (
        parser, parser->token.at,
        _ ("a line begins with a name: of a statement, a call, a variable or an actor"));
  if (parser->in_lab && trama_parser_at_sysctl (parser))
    return trama_parser_read_sysctl (parser);
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

/* Linux takes IPv6 off a device whose MTU is smaller than any link of it may have: RFC 8200, section 5. */
#define IPV6_MIN_MTU 1280

static gboolean
check_mtu (TramaParser *parser)
{
  guint mtu = parser->session->settings.mtu;

  if (parser->ipv6 == NULL || mtu >= IPV6_MIN_MTU)
    return TRUE;
  return trama_parser_fail (
      parser, parser->ipv6,
      _ ("there is no IPv6 with \"mtu %u\": it needs at least %u (RFC 8200, section 5)"), mtu, IPV6_MIN_MTU);
}

static gboolean
check_whole (TramaParser *parser)
{
  if (!finish_actor (parser))
    return FALSE;
  if (parser->session->titles->len == 0)
    return trama_parser_fail_untitled (parser, parser->end);
  if (parser->session->scripts->len == 0)
    return trama_parser_fail (parser, parser->end,
                              _ ("nobody is here yet; an actor is expected, as in: client:"));
  return check_mtu (parser) && trama_parser_resolve_kills (parser) && trama_parser_check_meetings (parser);
}

/* Nothing is added any more. */
static TramaSession *
seal (TramaParser *parser)
{
  TramaSession *session = g_steal_pointer (&parser->session);

  session->settings.sysctls = (const TramaSysctl *) session->sysctls->data;
  session->settings.n_sysctls = session->sysctls->len;
  return session;
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
    .kills = g_array_new (FALSE, FALSE, sizeof (TramaKill)),
    .forked = g_ptr_array_new (),
  };
}

static void
parser_clear (TramaParser *parser)
{
  g_array_unref (parser->steps);
  g_array_unref (parser->variables);
  g_array_unref (parser->meetings);
  g_array_unref (parser->kills);
  g_ptr_array_unref (parser->forked);
  trama_parser_clear_blocks (parser);
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
    session = seal (&parser);
  else
    g_propagate_error (error, g_steal_pointer (&parser.error));
  parser_clear (&parser);
  return session;
}
