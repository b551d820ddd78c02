/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Set or not. */
static TramaVariable *
find_any (const TramaParser *parser, const char *name)
{
  for (guint i = 0; i < parser->variables->len; i++)
    {
      TramaVariable *variable = &g_array_index (parser->variables, TramaVariable, i);

      if (strcmp (variable->name, name) == 0)
        return variable;
    }
  return NULL;
}

TramaVariable *
trama_parser_find_variable (TramaParser *parser, const char *name)
{
  TramaVariable *variable = find_any (parser, name);

  return variable != NULL && variable->holds != TRAMA_HOLDS_NOTHING ? variable : NULL;
}

gint64
trama_parser_variable_index (const TramaParser *parser, const TramaVariable *variable)
{
  return variable - &g_array_index (parser->variables, TramaVariable, 0);
}

/* The process forked, or the actor before this one, that has a variable of that name. */
static const char *
find_owner (const TramaParser *parser, const char *name)
{
  GArray *scripts = parser->session->scripts;
  const TramaVariable *forked = find_any (parser, name);

  if (forked != NULL)
    return forked->owner;
  for (guint i = 0; i < scripts->len; i++)
    {
      const TramaScript *script = &g_array_index (scripts, TramaScript, i);

      if (g_strv_contains (script->variables, name))
        return script->name;
    }
  return NULL;
}

/* Whether the actor being read goes on to set that variable, on a later line. */
static gboolean
is_set_later (const TramaParser *parser, const char *name)
{
  const char *end = memchr (parser->lexer.end, '\n', (gsize) (parser->end - parser->lexer.end));

  while (end != NULL)
    {
      const char *line = end + 1;
      TramaToken first;
      TramaToken second;
      TramaLexer lexer;

      end = memchr (line, '\n', (gsize) (parser->end - line));
      trama_lexer_init (&lexer, line, end != NULL ? end : parser->end, parser->session->strings);
      trama_lexer_next (&lexer, &first);
      trama_lexer_next (&lexer, &second);
      if (first.kind == TRAMA_TOKEN_WORD && second.symbol == ':')
        return FALSE;
      if (first.kind == TRAMA_TOKEN_WORD && (second.symbol == '=' || second.symbol == ',')
          && strcmp (first.text, name) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
fail_unknown_variable (TramaParser *parser, const TramaToken *name)
{
  const char *owner = find_owner (parser, name->text);
  TramaNearest nearest;

  if (is_set_later (parser, name->text))
    return trama_parser_fail (parser, name->at, _ ("\"%s\" is used before it is set"), name->text);
  if (owner != NULL)
    return trama_parser_fail (parser, name->at, _ ("\"%s\" is a variable of \"%s\"; every actor has its own"),
                              name->text, owner);
  trama_nearest_init (&nearest, name->text);
  for (guint i = 0; i < parser->variables->len; i++)
    if (g_array_index (parser->variables, TramaVariable, i).holds != TRAMA_HOLDS_NOTHING)
      trama_nearest_offer (&nearest, g_array_index (parser->variables, TramaVariable, i).name);
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown variable \"%s\""), name->text);
}

TramaVariable *
trama_parser_read_descriptor (TramaParser *parser, TramaStep *step, guint parameter)
{
  const TramaToken name = parser->token;
  TramaVariable *variable;

  if (name.kind != TRAMA_TOKEN_WORD || trama_parser_knows_name (name.text))
    {
      if (trama_call_info (step->call)->parameters[parameter].kind == TRAMA_PARAMETER_FD)
        trama_parser_fail_argument (parser, name.at, step, parameter);
      else
        trama_parser_fail (parser, name.at, _ ("expected %s here"), _ ("a socket"));
      return NULL;
    }
  variable = trama_parser_find_variable (parser, name.text);
  if (variable == NULL)
    {
      fail_unknown_variable (parser, &name);
      return NULL;
    }
  if (variable->holds != TRAMA_HOLDS_DESCRIPTOR)
    {
      trama_parser_fail (parser, name.at, _ ("\"%s\" is not a socket; it is what %s returned"), name.text,
                         variable->made_by->name);
      return NULL;
    }
  trama_parser_advance (parser);
  return variable;
}

gboolean
trama_parser_set_variable (TramaParser *parser,
                           const TramaToken *name,
                           const TramaCallInfo *call,
                           TramaHolds holds,
                           gint32 *index)
{
  TramaVariable fresh = { .name = name->text, .made_by = call, .holds = (guint8) holds };
  TramaVariable *variable = find_any (parser, name->text);

  if (variable == NULL && parser->variables->len == TRAMA_SESSION_MAX_VARIABLES)
    return trama_parser_exceed (parser, name->at, _ ("an actor has at most %d variables"),
                                TRAMA_SESSION_MAX_VARIABLES);
  if (variable == NULL)
    {
      g_array_append_val (parser->variables, fresh);
      *index = (gint32) parser->variables->len - 1;
      return TRUE;
    }
  *index = (gint32) trama_parser_variable_index (parser, variable);
  *variable = fresh;
  return TRUE;
}
