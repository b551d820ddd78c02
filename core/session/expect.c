/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

static const TramaParameter *
find_filled (const TramaStep *step, guint kind)
{
  const TramaCallInfo *info = trama_call_info (step->call);

  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].kind == kind && info->parameters[i].filled_by_kernel)
      return &info->parameters[i];
  return NULL;
}

static gboolean
is_written_to (const TramaStep *step)
{
  return step->call == TRAMA_CALL_WRITE || step->call == TRAMA_CALL_SEND || step->call == TRAMA_CALL_SENDTO
         || step->call == TRAMA_CALL_SENDMSG;
}

static gboolean
is_flag_set (const TramaStep *step, gint64 flag)
{
  const TramaCallInfo *info = trama_call_info (step->call);

  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].kind == TRAMA_PARAMETER_FLAGS && step->operands[i].number & flag)
      return TRUE;
  return FALSE;
}

static gboolean
gets_flags (const TramaStep *step)
{
  return step->call == TRAMA_CALL_FCNTL
         && (step->operands[1].number == F_GETFL || step->operands[1].number == F_GETFD);
}

/* The greatest result a call can have with these arguments. */
static gint64
greatest_result (const TramaStep *step)
{
  const TramaCallInfo *info = trama_call_info (step->call);

  if (info->traits & TRAMA_CALL_MAKES_FD)
    return G_MAXINT32;
  if (step->call == TRAMA_CALL_POLL)
    return step->operands[0].number;
  if (step->call == TRAMA_CALL_FCNTL)
    return gets_flags (step) ? G_MAXINT32 : 0;
  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].kind == TRAMA_PARAMETER_DATA_SIZE)
      /* MSG_TRUNC tells how long a datagram was, recv(2); what was received may have any length. */
      return is_flag_set (step, MSG_TRUNC) || step->operands[i].kind != TRAMA_OPERAND_NUMBER
                 ? G_MAXINT32
                 : step->operands[i].number;
  return 0;
}

static const char *
example_of (const TramaStep *step)
{
  switch (step->call)
    {
    case TRAMA_CALL_READ:
    case TRAMA_CALL_RECV:
      return "= 7 \"Hello?\\n\"";
    case TRAMA_CALL_RECVFROM:
    case TRAMA_CALL_RECVMSG:
      return "= 7 \"Hello?\\n\" 127.0.0.1:5001";
    case TRAMA_CALL_ACCEPT:
    case TRAMA_CALL_ACCEPT4:
      return "= 4 127.0.0.1:5000";
    case TRAMA_CALL_GETSOCKNAME:
    case TRAMA_CALL_GETPEERNAME:
      return "= 0 127.0.0.1:5000";
    case TRAMA_CALL_GETSOCKOPT:
      return "= 0 1";
    case TRAMA_CALL_POLL:
      return "= 1 POLLIN";
    case TRAMA_CALL_FCNTL:
      return gets_flags (step) ? "= O_RDWR | O_NONBLOCK" : "= 0, = -1 EBADF";
    case TRAMA_CALL_WRITE:
    case TRAMA_CALL_SEND:
    case TRAMA_CALL_SENDTO:
    case TRAMA_CALL_SENDMSG:
      return "= 7, = -1 EPIPE, = SIGPIPE";
    default:
      return "= 0, = -1 EINVAL";
    }
}

/* What stands behind "=" makes no sense there. */
static gboolean
fail_expectation (TramaParser *parser, const char *at, const TramaStep *step)
{
  return trama_parser_fail (parser, at, _ ("of %s this can be expected: %s, = any"),
                            trama_call_info (step->call)->name, example_of (step));
}

/* "-1", "-1 EAGAIN" */
static gboolean
read_error (TramaParser *parser, TramaStep *step)
{
  const TramaConstant *constant;
  const TramaToken *name = &parser->token;

  step->expect.kind = TRAMA_EXPECT_ERROR;
  trama_parser_advance (parser);
  if (name->kind == TRAMA_TOKEN_END)
    return TRUE;
  if (name->kind != TRAMA_TOKEN_WORD)
    return trama_parser_fail (parser, name->at, _ ("expected the name of an error here, as in: %s"),
                              "= -1 ECONNREFUSED");
  constant = trama_constant_from_name (TRAMA_PARAMETER_ERROR, name->text);
  if (constant == NULL)
    return trama_parser_fail_unknown_constant (parser, name, TRAMA_PARAMETER_ERROR);
  step->expect.error = (gint32) constant->value;
  trama_parser_advance (parser);
  return TRUE;
}

/* "7", "1..64" */
static gboolean
read_range (TramaParser *parser, TramaStep *step)
{
  const char *at = parser->token.at;
  TramaExpect *expect = &step->expect;

  expect->kind = TRAMA_EXPECT_RESULT;
  if (!trama_parser_read_integer (parser, _ ("a result"), -1, G_MAXINT32, &expect->min))
    return FALSE;
  expect->max = expect->min;
  if (trama_parser_at_symbol (parser, '.'))
    {
      trama_parser_advance (parser);
      if (!trama_parser_read_integer (parser, _ ("a result"), 0, G_MAXINT32, &expect->max))
        return FALSE;
      if (expect->min < 0 || expect->max < expect->min)
        return trama_parser_fail (parser, at, _ ("a range goes from the smaller to the greater, as in: %s"),
                                  "= 1..64");
    }
  if (expect->min > greatest_result (step))
    return trama_parser_fail (parser, at, _ ("%s cannot return that: with these arguments at most %ld"),
                              trama_call_info (step->call)->name, (long) greatest_result (step));
  return TRUE;
}

static gboolean
read_expected_data (TramaParser *parser, TramaStep *step)
{
  const char *at = parser->token.at;
  TramaExpect *expect = &step->expect;
  gint64 size;

  if (!trama_parser_read_known_data (parser, &expect->data))
    return FALSE;
  size = expect->data.kind == TRAMA_OPERAND_FILL ? expect->data.number : expect->data.size;
  if (!is_flag_set (step, MSG_TRUNC) && (size < expect->min || size > expect->max))
    return trama_parser_fail (
        parser, at, _ ("this has %ld bytes, which is not the result expected before it"), (long) size);
  return TRUE;
}

/* The bytes, then the address; or the value of an option; or the events of a socket. */
static gboolean
read_details (TramaParser *parser, TramaStep *step)
{
  TramaExpect *expect = &step->expect;
  gboolean has_value = step->call == TRAMA_CALL_GETSOCKOPT || step->call == TRAMA_CALL_POLL;

  if (trama_parser_is_argument (&parser->token, TRAMA_PARAMETER_DATA)
      && find_filled (step, TRAMA_PARAMETER_DATA) != NULL && !read_expected_data (parser, step))
    return FALSE;
  if (trama_parser_is_argument (&parser->token, TRAMA_PARAMETER_ADDRESS)
      && find_filled (step, TRAMA_PARAMETER_ADDRESS) != NULL
      && !trama_parser_read_known_address (parser, &expect->address))
    return FALSE;
  if (has_value && parser->token.kind != TRAMA_TOKEN_END)
    {
      if (step->call == TRAMA_CALL_GETSOCKOPT)
        return trama_parser_read_expected_option (parser, step);
      expect->value.kind = TRAMA_OPERAND_NUMBER;
      return trama_parser_read_constants (parser, TRAMA_PARAMETER_POLL, &expect->value.number);
    }
  if (parser->token.kind != TRAMA_TOKEN_END)
    return fail_expectation (parser, parser->token.at, step);
  return TRUE;
}

/* fcntl(2) F_GETFL returns what has names: "O_RDWR | O_NONBLOCK". */
static gboolean
read_status_flags (TramaParser *parser, TramaStep *step)
{
  step->expect.kind = TRAMA_EXPECT_RESULT;
  if (!trama_parser_read_constants (parser, TRAMA_PARAMETER_STATUS_FLAGS, &step->expect.min))
    return FALSE;
  step->expect.max = step->expect.min;
  return TRUE;
}

static gboolean
read_word (TramaParser *parser, TramaStep *step)
{
  const TramaToken name = parser->token;
  TramaNearest nearest;

  if (strcmp (name.text, "any") == 0)
    step->expect.kind = TRAMA_EXPECT_ANY;
  else if (is_written_to (step) && strcmp (name.text, "SIGPIPE") == 0)
    {
      step->expect.kind = TRAMA_EXPECT_SIGNAL;
      step->expect.error = SIGPIPE;
    }
  else if (gets_flags (step))
    return read_status_flags (parser, step);
  else if (trama_constant_from_name (TRAMA_PARAMETER_ERROR, name.text) != NULL)
    return trama_parser_fail (parser, name.at, _ ("a call that fails returns -1; it is written: = -1 %s"),
                              name.text);
  else
    {
      trama_nearest_init (&nearest, name.text);
      trama_nearest_offer (&nearest, "any");
      if (is_written_to (step))
        trama_nearest_offer (&nearest, "SIGPIPE");
      if (nearest.best == NULL || trama_parser_knows_name (name.text))
        return fail_expectation (parser, name.at, step);
      return trama_parser_fail_unknown (parser, name.at, &nearest, _ ("unknown name \"%s\""), name.text);
    }
  trama_parser_advance (parser);
  return TRUE;
}

gboolean
trama_parser_read_expectation (TramaParser *parser, TramaStep *step)
{
  if (!trama_parser_at_symbol (parser, '='))
    return TRUE;
  trama_parser_advance (parser);
  if (parser->token.kind == TRAMA_TOKEN_WORD)
    return read_word (parser, step);
  if (parser->token.kind != TRAMA_TOKEN_NUMBER)
    return fail_expectation (parser, parser->token.at, step);
  if (strcmp (parser->token.text, "-1") == 0)
    return read_error (parser, step);
  return read_range (parser, step) && read_details (parser, step);
}
