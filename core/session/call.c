/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

/* The type proper in the second argument of socket(2). */
#define TYPE_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

static const TramaParameter *
parameter_of (const TramaStep *step, guint parameter)
{
  return &trama_call_info (step->call)->parameters[parameter];
}

/*
 * A session leaves out what follows from the rest: what the kernel fills in, the
 * size of an address, the size of data that is written out.
 */
gboolean
trama_parser_is_written (const TramaStep *step, guint parameter)
{
  const TramaParameter *p = parameter_of (step, parameter);

  switch (p->kind)
    {
    case TRAMA_PARAMETER_ADDRESS_SIZE:
    case TRAMA_PARAMETER_OPTION_SIZE:
    case TRAMA_PARAMETER_POLL_COUNT:
      return FALSE;
    case TRAMA_PARAMETER_DATA_SIZE:
      return parameter > 0 && parameter_of (step, parameter - 1)->filled_by_kernel;
    case TRAMA_PARAMETER_CONTROL: /* where received descriptors go is written as well */
      return TRUE;
    default:
      return !p->filled_by_kernel;
    }
}

gboolean
trama_parser_is_optional (const TramaStep *step, guint parameter)
{
  switch (parameter_of (step, parameter)->kind)
    {
    case TRAMA_PARAMETER_FLAGS:
    case TRAMA_PARAMETER_CONTROL:
    case TRAMA_PARAMETER_STATUS_FLAGS: /* whether fcntl takes it, its command says */
      return TRUE;
    case TRAMA_PARAMETER_ADDRESS: /* a connected socket needs none, but only sendmsg may leave it out */
      return step->call == TRAMA_CALL_SENDMSG;
    default:
      return FALSE;
    }
}

static gboolean
fail_count (TramaParser *parser, const char *at, const TramaStep *step)
{
  g_autofree char *parameters = trama_parser_describe_arguments (step);

  return trama_parser_fail (parser, at, _ ("%s takes %s"), trama_call_info (step->call)->name, parameters);
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
      depth += token.symbol == '(' || token.symbol == '[' || token.symbol == '{';
      depth -= token.symbol == ')' || token.symbol == ']' || token.symbol == '}';
      if (*count == 0 && depth > 0)
        *count = 1;
      *count += token.symbol == ',' && depth == 1;
    }
  return TRUE;
}

/* How many of the optional arguments are written; FALSE when there are too few or too many in all. */
static gboolean
count_spare (const TramaStep *step, guint n_arguments, guint *n_spare, guint *n_optional)
{
  guint n_needed = 0;

  *n_optional = 0;
  for (guint i = 0; i < step->n_operands; i++)
    {
      gboolean optional = trama_parser_is_optional (step, i);

      n_needed += trama_parser_is_written (step, i) && !optional;
      *n_optional += trama_parser_is_written (step, i) && optional;
    }
  *n_spare = n_arguments - MIN (n_needed, n_arguments);
  return n_arguments >= n_needed && *n_spare <= *n_optional;
}

/* What a parameter is when it is not written. */
static void
fill_in (TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  const TramaOperand *before = parameter > 0 ? &step->operands[parameter - 1] : NULL;

  switch (parameter_of (step, parameter)->kind)
    {
    case TRAMA_PARAMETER_FLAGS:
      if (!parameter_of (step, parameter)->filled_by_kernel)
        operand->kind = TRAMA_OPERAND_NUMBER;
      break;
    case TRAMA_PARAMETER_DATA_SIZE:
    case TRAMA_PARAMETER_ADDRESS_SIZE:
    case TRAMA_PARAMETER_OPTION_SIZE:
    case TRAMA_PARAMETER_POLL_COUNT:
      if (before == NULL || before->kind == TRAMA_OPERAND_NONE || before->kind == TRAMA_OPERAND_SENDER
          || before->kind == TRAMA_OPERAND_RECEIVED)
        break;
      operand->kind = TRAMA_OPERAND_NUMBER;
      operand->number = before->kind == TRAMA_OPERAND_FILL || before->kind == TRAMA_OPERAND_POLL
                            ? before->number
                            : before->size;
      break;
    default:
      break;
    }
}

/* Whether the argument that comes next is this optional one. */
static gboolean
is_chosen (const TramaParser *parser, const TramaStep *step, guint parameter, guint n_spare, guint n_optional)
{
  TramaLexer ahead = parser->lexer;
  TramaToken next;

  if (n_spare == 0 || n_spare == n_optional)
    return n_spare > 0;
  trama_lexer_next (&ahead, &next);
  return trama_parser_is_argument (&next, parameter_of (step, parameter)->kind);
}

static gboolean
read_arguments (TramaParser *parser, const char *at, TramaStep *step)
{
  gboolean first = TRUE;
  guint n_arguments;
  guint n_optional;
  guint n_spare;

  if (!count_arguments (parser, &n_arguments))
    return FALSE;
  if (!count_spare (step, n_arguments, &n_spare, &n_optional))
    return fail_count (parser, at, step);
  for (guint i = 0; i < step->n_operands; i++)
    {
      gboolean written = trama_parser_is_written (step, i);

      if (written && trama_parser_is_optional (step, i))
        {
          written = is_chosen (parser, step, i, n_spare, n_optional);
          n_spare -= written;
          n_optional--;
        }
      if (!written)
        {
          fill_in (step, i);
          continue;
        }
      if (!first && !trama_parser_read_symbol (parser, ','))
        return FALSE;
      first = FALSE;
      if (!trama_parser_read_argument (parser, step, i))
        return FALSE;
    }
  return trama_parser_read_symbol (parser, ')');
}

/* fcntl(2): the commands that set take what they set, those that get take nothing. */
static gboolean
check_command (TramaParser *parser, const char *at, const TramaStep *step)
{
  gboolean sets = step->operands[1].number == F_SETFL || step->operands[1].number == F_SETFD;
  gboolean given = step->operands[2].kind != TRAMA_OPERAND_NONE;

  if (step->call != TRAMA_CALL_FCNTL || sets == given)
    return TRUE;
  if (sets)
    return trama_parser_fail (parser, at, _ ("this command takes flags, as in: %s"),
                              "fcntl(phone, F_SETFL, O_NONBLOCK)");
  return trama_parser_fail (parser, at, _ ("this command takes no flags, as in: %s"),
                            "fcntl(phone, F_GETFL)");
}

/* What later lines may rely on: what was received and from whom, what the session is about. */
static void
note_effects (TramaParser *parser, const TramaStep *step)
{
  const TramaCallInfo *info = trama_call_info (step->call);
  TramaSession *session = parser->session;
  gboolean makes = step->call == TRAMA_CALL_SOCKET || step->call == TRAMA_CALL_SOCKETPAIR;

  if (makes && session->domain == 0)
    {
      session->domain = (int) step->operands[0].number;
      session->type = (int) step->operands[1].number & ~TYPE_FLAGS;
    }
  if (step->expect.kind == TRAMA_EXPECT_ERROR || step->operands[0].kind != TRAMA_OPERAND_VARIABLE)
    return;
  for (guint i = 1; i < info->n_parameters; i++)
    {
      TramaVariable *variable = &g_array_index (parser->variables, TramaVariable, step->operands[0].number);
      gboolean receives = info->parameters[1].kind == TRAMA_PARAMETER_DATA
                          && info->parameters[1].filled_by_kernel;

      variable->has_received |= receives;
      variable->has_sender |= receives && info->parameters[i].kind == TRAMA_PARAMETER_ADDRESS;
    }
}

static gboolean
set_results (TramaParser *parser, TramaStep *step, const TramaToken *results, guint n_results)
{
  const TramaCallInfo *info = trama_call_info (step->call);
  gboolean pair = step->call == TRAMA_CALL_SOCKETPAIR;
  TramaHolds holds = pair || info->traits & TRAMA_CALL_MAKES_FD ? TRAMA_HOLDS_DESCRIPTOR : TRAMA_HOLDS_NUMBER;

  if (n_results == 1 && pair)
    return trama_parser_fail (parser, results[0].at, _ ("socketpair sets two variables, as in: %s"),
                              "left, right = socketpair(AF_UNIX, SOCK_STREAM, 0)");
  if (n_results == 2 && !pair)
    return trama_parser_fail (parser, results[1].at, _ ("%s gives one result; only socketpair sets two"),
                              info->name);
  if (n_results == 2 && g_str_equal (results[0].text, results[1].text))
    return trama_parser_fail (parser, results[1].at, _ ("socketpair sets two different variables"));
  return (n_results < 1 || trama_parser_set_variable (parser, &results[0], info, holds, &step->result))
         && (n_results < 2 || trama_parser_set_variable (parser, &results[1], info, holds, &step->result_2));
}

static gboolean
fail_unknown_call (TramaParser *parser, const TramaToken *name)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (guint i = 1; i <= TRAMA_CALL_LAST; i++)
    trama_nearest_offer (&nearest, trama_call_info (i)->name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown call \"%s\""), name->text);
}

gboolean
trama_parser_read_call (TramaParser *parser,
                        const TramaToken *name,
                        const TramaToken *results,
                        guint n_results)
{
  TramaStep step = { .kind = TRAMA_STEP_CALL, .line = parser->line, .result = -1, .result_2 = -1 };
  const TramaCallInfo *info;

  step.call = trama_call_from_name (name->text);
  info = trama_call_info (step.call);
  if (info == NULL)
    return fail_unknown_call (parser, name);
  step.n_operands = info->n_parameters;
  if (!trama_parser_read_symbol (parser, '(') || !read_arguments (parser, name->at, &step)
      || !check_command (parser, name->at, &step) || !trama_parser_read_expectation (parser, &step))
    return FALSE;
  note_effects (parser, &step);
  if (!set_results (parser, &step, results, n_results))
    return FALSE;
  g_array_append_val (parser->steps, step);
  return TRUE;
}
