/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_PORT 65535

/* Reads the argument for one parameter of a call. */
typedef gboolean (*ReadArgument) (TramaParser *parser,
                                  const TramaCallInfo *call,
                                  guint parameter,
                                  TramaOperand *operand);

typedef struct
{
  const char *noun;
  ReadArgument read;
  gboolean named; /* a number will not do: AF_INET, not 2 */
  int max;        /* of a number */
} ArgumentRule;

typedef struct
{
  const char *name;
  int value;
  TramaParameterKind kind; /* what it may stand for */
} Constant;

/* A name that stands for an address known only when the session runs. */
typedef struct
{
  const char *name;
  const char *example;
  ReadArgument read;
} AddressFunction;

static gboolean
read_variable (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand);
static gboolean
read_number (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand);
static gboolean
read_address (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand);
static gboolean
read_data (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand);
static gboolean
read_sender (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand);

static const ArgumentRule rules[] = {
  [TRAMA_PARAMETER_FD] = { N_ ("a socket"), read_variable },
  [TRAMA_PARAMETER_DOMAIN] = { N_ ("a domain"), read_number, .named = TRUE },
  [TRAMA_PARAMETER_TYPE] = { N_ ("a type"), read_number, .named = TRUE },
  [TRAMA_PARAMETER_PROTOCOL] = { N_ ("a protocol"), read_number, .max = 255 },
  [TRAMA_PARAMETER_ADDRESS] = { N_ ("an address"), read_address },
  [TRAMA_PARAMETER_BACKLOG] = { N_ ("a backlog"), read_number, .max = 65535 },
  [TRAMA_PARAMETER_DATA] = { N_ ("text in quotes"), read_data },
  [TRAMA_PARAMETER_DATA_SIZE] = { N_ ("a size"), read_number, .max = TRAMA_SESSION_MAX_DATA_BYTES },
  [TRAMA_PARAMETER_FLAGS] = { N_ ("optional flags"), read_number, .max = G_MAXINT32 },
};

static const Constant constants[] = {
  { "AF_INET", AF_INET, TRAMA_PARAMETER_DOMAIN },
  { "SOCK_STREAM", SOCK_STREAM, TRAMA_PARAMETER_TYPE },
  { "SOCK_DGRAM", SOCK_DGRAM, TRAMA_PARAMETER_TYPE },
  { "IPPROTO_TCP", IPPROTO_TCP, TRAMA_PARAMETER_PROTOCOL },
  { "IPPROTO_UDP", IPPROTO_UDP, TRAMA_PARAMETER_PROTOCOL },
  { "SOMAXCONN", SOMAXCONN, TRAMA_PARAMETER_BACKLOG },
  { "MSG_DONTWAIT", MSG_DONTWAIT, TRAMA_PARAMETER_FLAGS },
  { "MSG_MORE", MSG_MORE, TRAMA_PARAMETER_FLAGS },
  { "MSG_NOSIGNAL", MSG_NOSIGNAL, TRAMA_PARAMETER_FLAGS },
  { "MSG_PEEK", MSG_PEEK, TRAMA_PARAMETER_FLAGS },
  { "MSG_TRUNC", MSG_TRUNC, TRAMA_PARAMETER_FLAGS },
  { "MSG_WAITALL", MSG_WAITALL, TRAMA_PARAMETER_FLAGS },
};

static const AddressFunction address_functions[] = {
  { "sender", "sender(letterbox)", read_sender },
};

static const Constant *
find_constant (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    if (strcmp (constants[i].name, name) == 0)
      return &constants[i];
  return NULL;
}

static const AddressFunction *
find_address_function (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (address_functions); i++)
    if (strcmp (address_functions[i].name, name) == 0)
      return &address_functions[i];
  return NULL;
}

gboolean
trama_parser_knows_name (const char *name)
{
  return trama_call_from_name (name) != 0 || find_constant (name) != NULL
         || find_address_function (name) != NULL;
}

static void
offer_calls (TramaNearest *nearest)
{
  for (guint i = 1; i <= TRAMA_CALL_LAST; i++)
    trama_nearest_offer (nearest, trama_call_info (i)->name);
}

/*
 * A session leaves out what follows from the rest: what the kernel fills in, the
 * size of an address, the size of data that is written out.
 */
static gboolean
is_written (const TramaCallInfo *call, guint parameter)
{
  const TramaParameter *p = &call->parameters[parameter];

  switch (p->kind)
    {
    case TRAMA_PARAMETER_ADDRESS_SIZE:
      return FALSE;
    case TRAMA_PARAMETER_DATA_SIZE:
      return parameter > 0 && call->parameters[parameter - 1].filled_by_kernel;
    default:
      return !p->filled_by_kernel;
    }
}

/* "a socket, a size and optional flags" */
static char *
describe_parameters (const TramaCallInfo *call)
{
  g_autofree char *last = NULL;
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < call->n_parameters; i++)
    {
      if (!is_written (call, i))
        continue;
      if (last != NULL)
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", last);
      g_free (last);
      last = g_strdup (_ (rules[call->parameters[i].kind].noun));
    }
  if (list->len > 0)
    {
      g_autofree char *others = g_string_free (list, FALSE);

      return g_strdup_printf (_ ("%s and %s"), others, last);
    }
  g_string_free (list, TRUE);
  return g_steal_pointer (&last);
}

static gboolean
fail_argument (TramaParser *parser, const char *at, const TramaCallInfo *call, guint parameter)
{
  g_autofree char *parameters = describe_parameters (call);

  return trama_parser_fail (parser, at, _ ("expected %s here: %s takes %s"),
                            _ (rules[call->parameters[parameter].kind].noun), call->name, parameters);
}

static gboolean
fail_count (TramaParser *parser, const char *at, const TramaCallInfo *call)
{
  g_autofree char *parameters = describe_parameters (call);

  return trama_parser_fail (parser, at, _ ("%s takes %s"), call->name, parameters);
}

static gboolean
read_variable (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand)
{
  const TramaToken name = parser->token;
  const TramaVariable *variable;

  if (name.kind != TRAMA_TOKEN_WORD || trama_parser_knows_name (name.text))
    return fail_argument (parser, name.at, call, parameter);
  variable = trama_parser_find_variable (parser, name.text);
  if (variable == NULL)
    return trama_parser_fail_unknown_variable (parser, &name);
  if (!(variable->made_by->traits & TRAMA_CALL_MAKES_FD))
    return trama_parser_fail (parser, name.at, _ ("\"%s\" is not a socket; it is what %s returned"),
                              name.text, variable->made_by->name);
  operand->kind = TRAMA_OPERAND_VARIABLE;
  operand->number = trama_parser_variable_index (parser, variable);
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
read_sender (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand)
{
  const TramaToken name = parser->token;

  if (!read_variable (parser, trama_call_info (TRAMA_CALL_RECVFROM), 0, operand))
    return FALSE;
  if (!trama_parser_find_variable (parser, name.text)->has_sender)
    return trama_parser_fail (parser, name.at,
                              _ ("nothing was received on \"%s\" yet; recvfrom tells the sender"), name.text);
  operand->kind = TRAMA_OPERAND_SENDER;
  return TRUE;
}

static gboolean
fail_unknown_constant (TramaParser *parser, const TramaToken *name, TramaParameterKind kind)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    if (constants[i].kind == kind)
      trama_nearest_offer (&nearest, constants[i].name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown constant \"%s\""), name->text);
}

static gboolean
read_constant (TramaParser *parser, const TramaCallInfo *call, guint parameter, gint64 *value)
{
  const TramaToken name = parser->token;
  TramaParameterKind kind = call->parameters[parameter].kind;
  const Constant *constant = find_constant (name.text);

  if (constant == NULL && trama_parser_find_variable (parser, name.text) == NULL)
    return fail_unknown_constant (parser, &name, kind);
  if (constant == NULL || constant->kind != kind)
    return fail_argument (parser, name.at, call, parameter);
  *value = constant->value;
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
read_plain_number (TramaParser *parser, const TramaCallInfo *call, guint parameter, gint64 *value)
{
  const TramaToken token = parser->token;
  const ArgumentRule *rule = &rules[call->parameters[parameter].kind];
  gboolean hex = token.text[0] == '0' && g_ascii_tolower (token.text[1]) == 'x';
  g_autoptr (GError) error = NULL;
  guint64 number = 0;

  /* 010 is eight in C: nobody should have to know which one is meant here. */
  if (token.text[0] == '0' && g_ascii_isdigit (token.text[1]))
    return trama_parser_fail (parser, token.at, _ ("a number begins with 0 only as 0x"));
  if (g_ascii_string_to_unsigned (hex ? token.text + 2 : token.text, hex ? 16 : 10, 0, (guint64) rule->max,
                                  &number, &error))
    {
      *value = (gint64) number;
      trama_parser_advance (parser);
      return TRUE;
    }
  if (g_error_matches (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID))
    return trama_parser_fail (parser, token.at, _ ("\"%s\" is not a number"), token.text);
  return trama_parser_exceed (parser, token.at, _ ("%s is out of range: %s goes from 0 to %d"), token.text,
                              _ (rule->noun), rule->max);
}

/* A number, or constants joined by "|". */
static gboolean
read_number (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand)
{
  gboolean joins = call->parameters[parameter].kind == TRAMA_PARAMETER_FLAGS;
  gboolean named = rules[call->parameters[parameter].kind].named;

  operand->kind = TRAMA_OPERAND_NUMBER;
  for (;;)
    {
      gint64 value = 0;
      gboolean plain = parser->token.kind == TRAMA_TOKEN_NUMBER && !named;

      if (!plain && parser->token.kind != TRAMA_TOKEN_WORD)
        return fail_argument (parser, parser->token.at, call, parameter);
      if (plain ? !read_plain_number (parser, call, parameter, &value)
                : !read_constant (parser, call, parameter, &value))
        return FALSE;
      operand->number |= value;
      if (!joins || !trama_parser_at_symbol (parser, '|'))
        return TRUE;
      trama_parser_advance (parser);
    }
}

static gboolean
read_port (TramaParser *parser, const char *at, const char *text, in_port_t *port)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, MAX_PORT, &number, NULL))
    return trama_parser_exceed (parser, at, _ ("%s is not a port: ports go from 0 to %d"), text, MAX_PORT);
  *port = htons ((guint16) number);
  return TRUE;
}

static gboolean
is_loopback (const struct in_addr *address)
{
  guint32 host = ntohl (address->s_addr);

  return host >> 24 == 127 || host == INADDR_ANY;
}

/* "127.0.0.1:5000" */
static gboolean
read_literal_address (TramaParser *parser, TramaOperand *operand)
{
  const TramaToken token = parser->token;
  const char *colon = strchr (token.text, ':');
  g_autofree char *host = colon != NULL ? g_strndup (token.text, (gsize) (colon - token.text))
                                        : g_strdup (token.text);
  struct sockaddr_in address = { .sin_family = AF_INET };

  if (inet_pton (AF_INET, host, &address.sin_addr) != 1)
    return trama_parser_fail (parser, token.at, _ ("\"%s\" is not an IPv4 address"), host);
  if (!is_loopback (&address.sin_addr))
    return trama_parser_fail (parser, token.at,
                              _ ("sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0"));
  if (colon == NULL)
    return trama_parser_fail (parser, token.at, _ ("an address has a port, as in: %s:5000"), host);
  if (!read_port (parser, token.at + (colon + 1 - token.text), colon + 1, &address.sin_port))
    return FALSE;
  operand->kind = TRAMA_OPERAND_ADDRESS;
  operand->size = sizeof address;
  operand->bytes = (const guint8 *) g_string_chunk_insert_len (parser->session->strings,
                                                               (const char *) &address, sizeof address);
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
fail_unknown_address (TramaParser *parser, const TramaToken *name, const TramaCallInfo *call, guint parameter)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (gsize i = 0; i < G_N_ELEMENTS (address_functions); i++)
    trama_nearest_offer (&nearest, address_functions[i].name);
  if (nearest.best == NULL)
    return fail_argument (parser, name->at, call, parameter);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown address \"%s\""), name->text);
}

static gboolean
read_address (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand)
{
  const TramaToken token = parser->token;
  const AddressFunction *function;

  if (token.kind == TRAMA_TOKEN_ADDRESS)
    return read_literal_address (parser, operand);
  if (token.kind != TRAMA_TOKEN_WORD)
    return fail_argument (parser, token.at, call, parameter);
  function = find_address_function (token.text);
  if (function == NULL)
    return fail_unknown_address (parser, &token, call, parameter);
  trama_parser_advance (parser);
  if (!trama_parser_at_symbol (parser, '('))
    return trama_parser_fail (parser, parser->token.at, _ ("expected \"(\" here, as in: %s"),
                              function->example);
  trama_parser_advance (parser);
  return function->read (parser, call, parameter, operand) && trama_parser_read_symbol (parser, ')');
}

static gboolean
read_data (TramaParser *parser, const TramaCallInfo *call, guint parameter, TramaOperand *operand)
{
  const TramaToken token = parser->token;

  if (token.kind != TRAMA_TOKEN_STRING)
    return fail_argument (parser, token.at, call, parameter);
  if (token.size > TRAMA_SESSION_MAX_LITERAL_BYTES)
    return trama_parser_exceed (parser, token.at, _ ("this is too long: one call sends at most %d bytes"),
                                TRAMA_SESSION_MAX_LITERAL_BYTES);
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) token.size;
  operand->bytes = (const guint8 *) token.text;
  trama_parser_advance (parser);
  return TRUE;
}

/* How many arguments stand between the parentheses, looking ahead. */
static gboolean
count_arguments (TramaParser *parser, guint *count)
{
  TramaLexer ahead = parser->lexer;
  TramaToken token = parser->token;
  guint depth = 1;

  *count = 0;
  for (; token.kind != TRAMA_TOKEN_END && depth > 0; trama_lexer_next (&ahead, &token))
    {
      if (token.kind == TRAMA_TOKEN_PROBLEM)
        return trama_parser_fail (parser, token.at, "%s", token.text);
      depth += token.symbol == '(';
      depth -= token.symbol == ')';
      if (*count == 0 && depth > 0)
        *count = 1;
      *count += token.symbol == ',' && depth == 1;
    }
  return TRUE;
}

/* Whether flags are among the arguments; FALSE in *@fits when their number is wrong. */
static gboolean
has_flags (const TramaCallInfo *call, guint n_arguments, gboolean *fits)
{
  guint n_needed = 0;
  guint n_optional = 0;

  for (guint i = 0; i < call->n_parameters; i++)
    {
      gboolean optional = call->parameters[i].kind == TRAMA_PARAMETER_FLAGS;

      n_needed += is_written (call, i) && !optional;
      n_optional += is_written (call, i) && optional;
    }
  *fits = n_arguments == n_needed || n_arguments == n_needed + n_optional;
  return n_arguments > n_needed;
}

/* What a parameter is when it is not written. */
static void
fill_in (const TramaCallInfo *call, guint parameter, TramaOperand *operands)
{
  TramaOperand *operand = &operands[parameter];
  guint8 kind = call->parameters[parameter].kind;
  const TramaOperand *sized = parameter > 0 ? &operands[parameter - 1] : NULL;

  if (kind == TRAMA_PARAMETER_FLAGS)
    operand->kind = TRAMA_OPERAND_NUMBER;
  if ((kind == TRAMA_PARAMETER_DATA_SIZE || kind == TRAMA_PARAMETER_ADDRESS_SIZE) && sized != NULL
      && (sized->kind == TRAMA_OPERAND_DATA || sized->kind == TRAMA_OPERAND_ADDRESS))
    {
      operand->kind = TRAMA_OPERAND_NUMBER;
      operand->number = sized->size;
    }
}

static gboolean
read_arguments (TramaParser *parser, const char *at, const TramaCallInfo *call, TramaOperand *operands)
{
  gboolean flags;
  gboolean fits;
  gboolean first = TRUE;
  guint n_arguments;

  if (!count_arguments (parser, &n_arguments))
    return FALSE;
  flags = has_flags (call, n_arguments, &fits);
  if (!fits)
    return fail_count (parser, at, call);
  for (guint i = 0; i < call->n_parameters; i++)
    {
      guint8 kind = call->parameters[i].kind;

      if (!is_written (call, i) || (kind == TRAMA_PARAMETER_FLAGS && !flags))
        {
          fill_in (call, i, operands);
          continue;
        }
      if (!first && !trama_parser_read_symbol (parser, ','))
        return FALSE;
      first = FALSE;
      if (!rules[kind].read (parser, call, i, &operands[i]))
        return FALSE;
    }
  return trama_parser_read_symbol (parser, ')');
}

/* What later lines may rely on: who sent the last datagram, what the session is about. */
static void
note_effects (TramaParser *parser, const TramaStep *step)
{
  TramaSession *session = parser->session;

  if (step->call == TRAMA_CALL_RECVFROM)
    g_array_index (parser->variables, TramaVariable, step->operands[0].number).has_sender = TRUE;
  if (step->call == TRAMA_CALL_SOCKET && session->domain == 0)
    {
      session->domain = (int) step->operands[0].number;
      session->type = (int) step->operands[1].number;
    }
}

gboolean
trama_parser_read_call (TramaParser *parser, const TramaToken *name, const TramaToken *result)
{
  TramaStep step = { .kind = TRAMA_STEP_CALL, .line = parser->line, .result = -1 };
  const TramaCallInfo *call;

  step.call = trama_call_from_name (name->text);
  call = trama_call_info (step.call);
  if (call == NULL)
    {
      TramaNearest nearest;

      trama_nearest_init (&nearest, name->text);
      offer_calls (&nearest);
      return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown call \"%s\""), name->text);
    }
  step.n_operands = call->n_parameters;
  if (!trama_parser_read_symbol (parser, '(') || !read_arguments (parser, name->at, call, step.operands))
    return FALSE;
  note_effects (parser, &step);
  if (result != NULL && !trama_parser_set_variable (parser, result, call, &step.result))
    return FALSE;
  g_array_append_val (parser->steps, step);
  return TRUE;
}
