/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>

/* The type proper in the second argument of socket(2). */
#define TYPE_MASK 0xf

/* Reads an argument from the current token on. */
typedef gboolean (*ReadArgument) (TramaParser *parser, TramaStep *step, guint parameter);

typedef struct
{
  const char *noun;
  ReadArgument read;
  gboolean named; /* a number will not do: AF_INET, not 2 */
  gboolean joins; /* constants are joined by "|" */
  gint64 max;     /* of a number */
  gint64 min;
} Rule;

/* A name with parentheses. */
typedef struct
{
  const char *name;
  guint8 kind; /* TramaParameterKind: what it may stand for */
  const char *example;
  ReadArgument read;
} Function;

static gboolean read_variable (TramaParser *parser, TramaStep *step, guint parameter);
static gboolean read_number (TramaParser *parser, TramaStep *step, guint parameter);
static gboolean read_type (TramaParser *parser, TramaStep *step, guint parameter);
static gboolean read_command (TramaParser *parser, TramaStep *step, guint parameter);

static const Rule rules[] = {
  [TRAMA_PARAMETER_FD] = { N_ ("a socket"), read_variable },
  [TRAMA_PARAMETER_DOMAIN] = { N_ ("a domain"), read_number, .named = TRUE },
  [TRAMA_PARAMETER_TYPE] = { N_ ("a type"), read_type, .named = TRUE, .joins = TRUE },
  [TRAMA_PARAMETER_PROTOCOL] = { N_ ("a protocol"), read_number, .max = 65535 },
  [TRAMA_PARAMETER_ADDRESS] = { N_ ("an address"), trama_parser_read_address },
  [TRAMA_PARAMETER_BACKLOG] = { N_ ("a backlog"), read_number, .max = 65535, .min = -1 },
  [TRAMA_PARAMETER_DATA] = { N_ ("text in quotes"), trama_parser_read_data },
  [TRAMA_PARAMETER_DATA_SIZE] = { N_ ("a size"), read_number, .max = TRAMA_SESSION_MAX_DATA_BYTES },
  [TRAMA_PARAMETER_FLAGS] = { N_ ("optional flags"), read_number, .joins = TRUE, .max = G_MAXINT32 },
  [TRAMA_PARAMETER_SOCKET_FLAGS] = { N_ ("flags"), read_number, .joins = TRUE, .max = G_MAXINT32 },
  [TRAMA_PARAMETER_HOW] = { N_ ("a direction"), read_number, .named = TRUE },
  [TRAMA_PARAMETER_LEVEL] = { N_ ("a level"), read_number, .named = TRUE },
  [TRAMA_PARAMETER_OPTION] = { N_ ("an option"), trama_parser_read_option },
  [TRAMA_PARAMETER_OPTION_VALUE] = { N_ ("a value"), trama_parser_read_option_value },
  [TRAMA_PARAMETER_POLL] = { N_ ("a list of sockets"), trama_parser_read_poll },
  [TRAMA_PARAMETER_TIMEOUT] = { N_ ("a time in milliseconds"), read_number, .max = TRAMA_SESSION_MAX_TIME_MS,
                                .min = -1 },
  [TRAMA_PARAMETER_COMMAND] = { N_ ("a command"), read_command, .named = TRUE },
  [TRAMA_PARAMETER_STATUS_FLAGS] = { N_ ("flags where it sets them"), read_number, .joins = TRUE,
                                     .max = G_MAXINT32 },
  [TRAMA_PARAMETER_PATH] = { N_ ("a name in quotes"), trama_parser_read_path },
  [TRAMA_PARAMETER_CONTROL] = { N_ ("optional rights"), trama_parser_read_function },
};

static const Function functions[] = {
  { "sender", TRAMA_PARAMETER_ADDRESS, "sender(letterbox)", trama_parser_read_sender },
  { "unix", TRAMA_PARAMETER_ADDRESS, "unix(\"phone\")", trama_parser_read_unix },
  { "fill", TRAMA_PARAMETER_DATA, "fill(4000)", trama_parser_read_fill },
  { "received", TRAMA_PARAMETER_DATA, "received(phone)", trama_parser_read_received },
  { "echo", TRAMA_PARAMETER_DATA, "echo(1, \"ping\")", trama_parser_read_echo },
  { "echo6", TRAMA_PARAMETER_DATA, "echo6(1, \"ping\")", trama_parser_read_echo6 },
  { "rights", TRAMA_PARAMETER_CONTROL, "rights(phone)", trama_parser_read_rights },
};

/* Other words that stand among arguments and behind a call. */
static const char *const words[] = { "any", "unspec" };

static guint8
kind_of (const TramaStep *step, guint parameter)
{
  return trama_call_info (step->call)->parameters[parameter].kind;
}

static const Rule *
rule_of (const TramaStep *step, guint parameter)
{
  return &rules[kind_of (step, parameter)];
}

static const Function *
find_function (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (strcmp (functions[i].name, name) == 0)
      return &functions[i];
  return NULL;
}

gboolean
trama_parser_knows_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], name) == 0)
      return TRUE;
  return trama_call_from_name (name) != 0 || trama_constant_find (name) != NULL
         || trama_option_from_name (name) != NULL || find_function (name) != NULL;
}

gboolean
trama_parser_is_argument (const TramaToken *token, guint kind)
{
  const Function *function = token->kind == TRAMA_TOKEN_WORD ? find_function (token->text) : NULL;

  if (kind == TRAMA_PARAMETER_ADDRESS && token->kind == TRAMA_TOKEN_ADDRESS)
    return TRUE;
  if (kind == TRAMA_PARAMETER_ADDRESS && token->kind == TRAMA_TOKEN_WORD
      && strcmp (token->text, "unspec") == 0)
    return TRUE;
  if (kind == TRAMA_PARAMETER_DATA && token->kind == TRAMA_TOKEN_STRING)
    return TRUE;
  return function != NULL && function->kind == kind;
}

/* "an optional address": every other optional argument has it in its name. */
static const char *
noun_of (const TramaStep *step, guint parameter)
{
  if (kind_of (step, parameter) == TRAMA_PARAMETER_ADDRESS && trama_parser_is_optional (step, parameter))
    return _ ("an optional address");
  return _ (rule_of (step, parameter)->noun);
}

/* "a socket, a size and optional flags" */
char *
trama_parser_describe_arguments (const TramaStep *step)
{
  g_autofree char *last = NULL;
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < step->n_operands; i++)
    {
      if (!trama_parser_is_written (step, i))
        continue;
      if (last != NULL)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", last);
      g_free (last);
      last = g_strdup (noun_of (step, i));
    }
  if (list->len > 0)
    {
      g_autofree char *others = g_string_free (list, FALSE);

      return g_strdup_printf (_ ("%s and %s"), others, last);
    }
  g_string_free (list, TRUE);
  return g_steal_pointer (&last);
}

gboolean
trama_parser_fail_argument (TramaParser *parser, const char *at, const TramaStep *step, guint parameter)
{
  g_autofree char *parameters = trama_parser_describe_arguments (step);

  return trama_parser_fail (parser, at, _ ("expected %s here: %s takes %s"), noun_of (step, parameter),
                            trama_call_info (step->call)->name, parameters);
}

gboolean
trama_parser_read_argument (TramaParser *parser, TramaStep *step, guint parameter)
{
  return rule_of (step, parameter)->read (parser, step, parameter);
}

static gboolean
read_variable (TramaParser *parser, TramaStep *step, guint parameter)
{
  const TramaVariable *variable = trama_parser_read_descriptor (parser, step, parameter);

  if (variable == NULL)
    return FALSE;
  step->operands[parameter].kind = TRAMA_OPERAND_VARIABLE;
  step->operands[parameter].number = trama_parser_variable_index (parser, variable);
  return TRUE;
}

gboolean
trama_parser_fail_unknown_constant (TramaParser *parser, const TramaToken *name, guint kind)
{
  TramaNearest nearest;
  guint n_constants;
  const TramaConstant *constants = trama_constants (&n_constants);

  trama_nearest_init (&nearest, name->text);
  for (guint i = 0; i < n_constants; i++)
    if (constants[i].kind == kind)
      trama_nearest_offer (&nearest, constants[i].name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown constant \"%s\""), name->text);
}

static gboolean
fail_unknown_function (TramaParser *parser, const TramaToken *name, const TramaStep *step, guint parameter);

/* A constant, or another word that cannot stand here. */
static gboolean
read_constant (TramaParser *parser, TramaStep *step, guint parameter, gint64 *value)
{
  const TramaToken name = parser->token;
  const TramaConstant *constant = trama_constant_from_name (kind_of (step, parameter), name.text);

  TramaLexer ahead = parser->lexer;
  TramaToken next;

  trama_lexer_next (&ahead, &next);
  if (constant == NULL && next.symbol == '(')
    return fail_unknown_function (parser, &name, step, parameter);
  if (constant == NULL && !trama_parser_knows_name (name.text)
      && trama_parser_find_variable (parser, name.text) == NULL)
    return trama_parser_fail_unknown_constant (parser, &name, kind_of (step, parameter));
  if (constant == NULL)
    return trama_parser_fail_argument (parser, name.at, step, parameter);
  *value = constant->value;
  trama_parser_advance (parser);
  return TRUE;
}

/* A number, or constants joined by "|". */
static gboolean
read_number (TramaParser *parser, TramaStep *step, guint parameter)
{
  const Rule *rule = rule_of (step, parameter);
  TramaOperand *operand = &step->operands[parameter];

  operand->kind = TRAMA_OPERAND_NUMBER;
  for (;;)
    {
      gint64 value = 0;
      gboolean plain = parser->token.kind == TRAMA_TOKEN_NUMBER && !rule->named;

      if (!plain && parser->token.kind != TRAMA_TOKEN_WORD)
        return trama_parser_fail_argument (parser, parser->token.at, step, parameter);
      if (plain ? !trama_parser_read_integer (parser, rule->joins ? _ ("a set of flags") : _ (rule->noun),
                                              rule->min, rule->max, &value)
                : !read_constant (parser, step, parameter, &value))
        return FALSE;
      operand->number |= value;
      if (!rule->joins || !trama_parser_at_symbol (parser, '|'))
        return TRUE;
      trama_parser_advance (parser);
    }
}

gboolean
trama_parser_read_constants (TramaParser *parser, guint kind, gint64 *value)
{
  *value = 0;
  for (;;)
    {
      const TramaToken name = parser->token;
      const TramaConstant *constant;

      if (name.kind != TRAMA_TOKEN_WORD)
        return trama_parser_fail (parser, name.at, _ ("expected a constant here"));
      constant = trama_constant_from_name (kind, name.text);
      if (constant == NULL)
        return trama_parser_fail_unknown_constant (parser, &name, kind);
      *value |= constant->value;
      trama_parser_advance (parser);
      if (!trama_parser_at_symbol (parser, '|'))
        return TRUE;
      trama_parser_advance (parser);
    }
}

/* One type, to which SOCK_NONBLOCK and SOCK_CLOEXEC may be joined, socket(2). */
static gboolean
read_type (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaLexer ahead = parser->lexer;
  TramaToken token = parser->token;
  const char *at = token.at;
  guint n_types = 0;

  for (; token.kind == TRAMA_TOKEN_WORD || token.symbol == '|'; trama_lexer_next (&ahead, &token))
    {
      const TramaConstant *type = token.symbol == '|'
                                      ? NULL
                                      : trama_constant_from_name (TRAMA_PARAMETER_TYPE, token.text);

      if (type != NULL && type->value & TYPE_MASK && ++n_types == 2)
        at = token.at;
    }
  if (!read_number (parser, step, parameter))
    return FALSE;
  if (n_types != 1)
    return trama_parser_fail (parser, at,
                              _ ("a socket has one type; SOCK_NONBLOCK and SOCK_CLOEXEC may join it"));
  return TRUE;
}

/* The other commands of fcntl(2) make descriptors and owners a session has no use for. */
static gboolean
read_command (TramaParser *parser, TramaStep *step, guint parameter)
{
  const char *at = parser->token.at;
  gint64 command;

  if (!read_number (parser, step, parameter))
    return FALSE;
  command = step->operands[parameter].number;
  if (command != F_GETFL && command != F_SETFL && command != F_GETFD && command != F_SETFD)
    return trama_parser_fail (parser, at, _ ("a session has F_GETFL, F_SETFL, F_GETFD and F_SETFD here"));
  return TRUE;
}

static gboolean
fail_unknown_function (TramaParser *parser, const TramaToken *name, const TramaStep *step, guint parameter)
{
  guint8 kind = kind_of (step, parameter);
  gboolean any = rules[kind].read == read_number; /* an optional argument before it may be meant */
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++)
    if (functions[i].kind == kind || any)
      trama_nearest_offer (&nearest, functions[i].name);
  if (kind == TRAMA_PARAMETER_ADDRESS)
    trama_nearest_offer (&nearest, "unspec");
  if (nearest.best == NULL || trama_parser_knows_name (name->text))
    return trama_parser_fail_argument (parser, name->at, step, parameter);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown name \"%s\""), name->text);
}

gboolean
trama_parser_read_function (TramaParser *parser, TramaStep *step, guint parameter)
{
  const TramaToken name = parser->token;
  const Function *function;

  if (name.kind != TRAMA_TOKEN_WORD)
    return trama_parser_fail_argument (parser, name.at, step, parameter);
  function = find_function (name.text);
  if (function == NULL || function->kind != kind_of (step, parameter))
    return fail_unknown_function (parser, &name, step, parameter);
  trama_parser_advance (parser);
  if (!trama_parser_at_symbol (parser, '('))
    return trama_parser_fail (parser, parser->token.at, _ ("expected \"(\" here, as in: %s"),
                              function->example);
  trama_parser_advance (parser);
  return function->read (parser, step, parameter) && trama_parser_read_symbol (parser, ')');
}
