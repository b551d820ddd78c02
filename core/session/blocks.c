/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>

gboolean
trama_parser_check_step (TramaParser *parser, const char *at, guint n_more)
{
  if (parser->actor == NULL)
    return trama_parser_fail (parser, at, _ ("who does this? An actor comes first, as in: client:"));
  /* Every open block needs one for its end. */
  if (parser->steps->len + parser->n_blocks + 1 + n_more > TRAMA_SESSION_MAX_STEPS)
    return trama_parser_exceed (parser, at, _ ("an actor has at most %d steps"), TRAMA_SESSION_MAX_STEPS);
  return TRUE;
}

TramaStep *
trama_parser_add_step (TramaParser *parser, TramaStepKind kind)
{
  TramaStep step = { .kind = kind, .line = parser->line, .result = -1, .result_2 = -1 };

  g_array_append_val (parser->steps, step);
  return &g_array_index (parser->steps, TramaStep, parser->steps->len - 1);
}

static TramaBlock *
innermost (TramaParser *parser)
{
  return &parser->blocks[parser->n_blocks - 1];
}

/* Behind a fork stands the parent: what the child has set is not the parent's. */
static void
restore_variables (TramaParser *parser, TramaBlock *block)
{
  for (guint i = 0; i < parser->variables->len; i++)
    {
      TramaVariable *variable = &g_array_index (parser->variables, TramaVariable, i);

      if (i < block->variables->len)
        *variable = g_array_index (block->variables, TramaVariable, i);
      else
        *variable = (TramaVariable){ .name = variable->name, .owner = block->child };
    }
  g_clear_pointer (&block->variables, g_array_unref);
}

static gboolean
end_block (TramaParser *parser)
{
  TramaBlock *block = innermost (parser);
  TramaStep *end;

  if (block->indent == 0)
    return trama_parser_fail (parser, block->at,
                              _ ("this block is empty; what belongs to it stands below, indented deeper"));
  end = trama_parser_add_step (parser, TRAMA_STEP_END);
  end->line = block->line;
  end->other = block->step;
  g_array_index (parser->steps, TramaStep, block->step).other = parser->steps->len - 1;
  if (block->variables != NULL)
    restore_variables (parser, block);
  parser->n_blocks--;
  return TRUE;
}

gboolean
trama_parser_end_blocks (TramaParser *parser)
{
  while (parser->n_blocks > 0)
    if (!end_block (parser))
      return FALSE;
  return TRUE;
}

void
trama_parser_clear_blocks (TramaParser *parser)
{
  for (; parser->n_blocks > 0; parser->n_blocks--)
    g_clear_pointer (&innermost (parser)->variables, g_array_unref);
}

static gboolean
check_tab (TramaParser *parser)
{
  if (parser->tab != NULL)
    return trama_parser_fail (parser, parser->tab, _ ("a tab has no fixed width; indent blocks with spaces"));
  return TRUE;
}

gboolean
trama_parser_place_line (TramaParser *parser, const char *at)
{
  guint limit;

  if (parser->n_blocks == 0)
    return TRUE;
  if (!check_tab (parser))
    return FALSE;
  if (innermost (parser)->indent == 0 && parser->indent > innermost (parser)->head_indent)
    {
      innermost (parser)->indent = parser->indent;
      return TRUE;
    }
  limit = innermost (parser)->indent;
  while (parser->n_blocks > 0
         && (innermost (parser)->indent == 0 || parser->indent < innermost (parser)->indent))
    {
      limit = innermost (parser)->head_indent;
      if (!end_block (parser))
        return FALSE;
    }
  /* Outside of all blocks a line may be indented as it likes, but not so that it seems to be in one. */
  if (parser->indent > limit)
    return trama_parser_fail (
        parser, at,
        _ ("this line is indented like no line above it; a block's lines stand below each other"));
  return TRUE;
}

static gboolean
begin_block (TramaParser *parser, const char *at, const TramaToken *child, gint64 number)
{
  TramaBlock block = {
    .at = at, .step = parser->steps->len, .line = parser->line, .head_indent = parser->indent
  };
  TramaStep *step;

  if (!check_tab (parser) || !trama_parser_read_symbol (parser, ':'))
    return FALSE;
  if (!trama_parser_check_step (parser, at, 1))
    return FALSE;
  if (parser->n_blocks == TRAMA_SESSION_MAX_DEPTH)
    return trama_parser_exceed (parser, at, _ ("blocks stand at most %d deep in each other"),
                                TRAMA_SESSION_MAX_DEPTH);
  if (child != NULL)
    {
      block.child = child->text;
      block.variables = g_array_copy (parser->variables);
    }
  parser->blocks[parser->n_blocks++] = block;
  step = trama_parser_add_step (parser, child != NULL ? TRAMA_STEP_FORK : TRAMA_STEP_REPEAT);
  step->number = number;
  step->name = block.child;
  return TRUE;
}

gboolean
trama_parser_read_repeat (TramaParser *parser, const char *at, const char *example)
{
  gint64 rounds;

  if (parser->token.kind != TRAMA_TOKEN_NUMBER)
    return trama_parser_fail (parser, parser->token.at, _ ("expected %s, as in: %s"), _ ("a number"),
                              example);
  return trama_parser_read_integer (parser, _ ("a repetition"), 1, TRAMA_SESSION_MAX_ROUNDS, &rounds)
         && begin_block (parser, at, NULL, rounds);
}

gboolean
trama_parser_read_fork (TramaParser *parser, const char *at, const char *example)
{
  TramaToken name;

  if (!trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &name)
      || !trama_parser_check_new_name (parser, &name) || !trama_parser_check_actor_name (parser, &name))
    return FALSE;
  g_ptr_array_add (parser->forked, (gpointer) name.text);
  return begin_block (parser, at, &name, 0);
}
