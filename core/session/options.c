/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_NUMBERS 3

/* Where the level and the name of an option stand in getsockopt(2) and setsockopt(2). */
#define LEVEL_OPERAND 1
#define OPTION_OPERAND 2

static const TramaOption *
option_of (const TramaStep *step)
{
  return trama_option_find (step->operands[LEVEL_OPERAND].number, step->operands[OPTION_OPERAND].number);
}

static gboolean
fail_unknown_option (TramaParser *parser, const TramaToken *name, gint64 level)
{
  TramaNearest nearest;
  guint n_options;
  const TramaOption *options = trama_options (&n_options);

  trama_nearest_init (&nearest, name->text);
  for (guint i = 0; i < n_options; i++)
    if (options[i].level == level)
      trama_nearest_offer (&nearest, options[i].name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown option \"%s\""), name->text);
}

gboolean
trama_parser_read_option (TramaParser *parser, TramaStep *step, guint parameter)
{
  const TramaToken name = parser->token;
  gint64 level = step->operands[LEVEL_OPERAND].number;
  gboolean sets = step->call == TRAMA_CALL_SETSOCKOPT;
  const TramaOption *option;

  if (name.kind != TRAMA_TOKEN_WORD)
    return trama_parser_fail_argument (parser, name.at, step, parameter);
  option = trama_option_from_name (name.text);
  if (option == NULL && trama_parser_knows_name (name.text))
    return trama_parser_fail_argument (parser, name.at, step, parameter);
  if (option == NULL)
    return fail_unknown_option (parser, &name, level);
  if (option->level != level)
    return trama_parser_fail (parser, name.at, _ ("%s is an option of the level %s"), name.text,
                              option->level_name);
  if (sets && !option->writable)
    return trama_parser_fail (parser, name.at, _ ("%s can be read, but not set"), name.text);
  if (!sets && !option->readable)
    return trama_parser_fail (parser, name.at, _ ("%s can be set, but not read"), name.text);
  step->operands[parameter].kind = TRAMA_OPERAND_NUMBER;
  step->operands[parameter].number = option->option;
  trama_parser_advance (parser);
  return TRUE;
}

static const char *
example_of (const TramaOption *option)
{
  static const char *const examples[] = {
    [TRAMA_OPTION_INT] = "1",
    [TRAMA_OPTION_LINGER] = "{1, 0}",
    [TRAMA_OPTION_TIMEVAL] = "{0, 50000}",
    [TRAMA_OPTION_TEXT] = "\"reno\"",
    [TRAMA_OPTION_ERROR] = "ECONNREFUSED",
    [TRAMA_OPTION_CREDENTIALS] = "{100, 1000, 1000}",
  };
  guint n_constants;
  const TramaConstant *constants = trama_constants (&n_constants);

  for (guint i = 0; option->names != 0 && i < n_constants; i++)
    if (constants[i].kind == option->names)
      return constants[i].name;
  return examples[option->type];
}

static gboolean
fail_value (TramaParser *parser, const char *at, const TramaOption *option)
{
  return trama_parser_fail (parser, at, _ ("expected the value of %s here, as in: %s"), option->name,
                            example_of (option));
}

/* A number, or the constant that stands for it. */
static gboolean
read_scalar (TramaParser *parser, const TramaOption *option, gint64 *number)
{
  guint kind = option->type == TRAMA_OPTION_ERROR ? TRAMA_PARAMETER_ERROR : option->names;

  if (parser->token.kind == TRAMA_TOKEN_NUMBER)
    return trama_parser_read_integer (parser, _ ("a value"), G_MININT32, G_MAXINT32, number);
  if (kind == 0 || parser->token.kind != TRAMA_TOKEN_WORD)
    return fail_value (parser, parser->token.at, option);
  return trama_parser_read_constants (parser, kind, number);
}

/* "{1, 0}" */
static gboolean
read_struct (TramaParser *parser, const TramaOption *option, gint64 *numbers)
{
  guint n = trama_option_n_numbers (option);

  if (!trama_parser_at_symbol (parser, '{'))
    return fail_value (parser, parser->token.at, option);
  for (guint i = 0; i < n; i++)
    {
      trama_parser_advance (parser);
      if (parser->token.kind != TRAMA_TOKEN_NUMBER)
        return fail_value (parser, parser->token.at, option);
      if (!trama_parser_read_integer (parser, _ ("a value"), G_MININT32, G_MAXINT32, &numbers[i]))
        return FALSE;
      if (i + 1 < n && !trama_parser_at_symbol (parser, ','))
        return fail_value (parser, parser->token.at, option);
    }
  return trama_parser_read_symbol (parser, '}');
}

static gboolean
read_text (TramaParser *parser, const TramaOption *option, TramaOperand *operand)
{
  const TramaToken token = parser->token;

  if (token.kind != TRAMA_TOKEN_STRING)
    return fail_value (parser, token.at, option);
  if (token.size >= trama_option_value_bytes (option))
    return trama_parser_exceed (parser, token.at, _ ("this is too long: %s has at most %d bytes"),
                                option->name, (int) trama_option_value_bytes (option) - 1);
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) token.size;
  operand->bytes = (const guint8 *) token.text;
  trama_parser_advance (parser);
  return TRUE;
}

/* The C value of an option; @numbers are what it was written with. */
static gboolean
read_value (TramaParser *parser, const TramaOption *option, TramaOperand *operand, gint64 *numbers)
{
  guint8 bytes[64];
  gsize size = trama_option_value_bytes (option);

  g_assert (size <= sizeof bytes && trama_option_n_numbers (option) <= MAX_NUMBERS);
  if (option->type == TRAMA_OPTION_TEXT)
    return read_text (parser, option, operand);
  if (trama_option_n_numbers (option) == 1 ? !read_scalar (parser, option, numbers)
                                           : !read_struct (parser, option, numbers))
    return FALSE;
  trama_option_encode (option, numbers, bytes);
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) size;
  operand->bytes = trama_parser_keep (parser, bytes, size);
  return TRUE;
}

gboolean
trama_parser_read_option_value (TramaParser *parser, TramaStep *step, guint parameter)
{
  gint64 numbers[MAX_NUMBERS] = { 0 };

  return read_value (parser, option_of (step), &step->operands[parameter], numbers);
}

gboolean
trama_parser_read_expected_option (TramaParser *parser, TramaStep *step)
{
  const TramaOption *option = option_of (step);
  TramaOperand *value = &step->expect.value;
  gint64 numbers[MAX_NUMBERS] = { 0 };

  if (!read_value (parser, option, value, numbers))
    return FALSE;
  if (trama_option_n_numbers (option) == 1)
    *value = (TramaOperand){ .kind = TRAMA_OPERAND_NUMBER, .number = numbers[0] };
  return TRUE;
}
