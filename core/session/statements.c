/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean read_sleep (TramaParser *parser, const char *at, const char *example);

static const TramaStatement statements[] = {
  { "session", TRAMA_PLACE_PREAMBLE, FALSE, "session \"A telephone call\"", trama_parser_read_session },
  { "title", TRAMA_PLACE_PREAMBLE, FALSE, "title[es] \"Una llamada\"", trama_parser_read_title },
  { "about", TRAMA_PLACE_PREAMBLE, FALSE, "about \"What it shows.\"", trama_parser_read_about },
  { "order", TRAMA_PLACE_PREAMBLE, FALSE, "order 1", trama_parser_read_order },
  { "lab", TRAMA_PLACE_PREAMBLE, TRUE, "lab:", trama_parser_read_lab },
  { "say", TRAMA_PLACE_ACTOR, FALSE, "say \"Now it waits.\"", trama_parser_read_say },
  { "signal", TRAMA_PLACE_ACTOR, FALSE, "signal ready", trama_parser_read_signal },
  { "wait", TRAMA_PLACE_ACTOR, FALSE, "wait ready", trama_parser_read_wait },
  { "sleep", TRAMA_PLACE_ACTOR, FALSE, "sleep 20ms", read_sleep },
  { "repeat", TRAMA_PLACE_ACTOR, TRUE, "repeat 3:", trama_parser_read_repeat },
  { "fork", TRAMA_PLACE_ACTOR, TRUE, "fork worker:", trama_parser_read_fork },
  { "exit", TRAMA_PLACE_ACTOR, FALSE, "exit 0", trama_parser_read_exit },
  { "kill", TRAMA_PLACE_ACTOR, FALSE, "kill client", trama_parser_read_kill },
  { "ignore", TRAMA_PLACE_ACTOR, FALSE, "ignore SIGPIPE", trama_parser_read_ignore },
};

const TramaStatement *
trama_parser_find_statement (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (strcmp (statements[i].name, name) == 0)
      return &statements[i];
  return NULL;
}

gboolean
trama_parser_fail_untitled (TramaParser *parser, const char *at)
{
  return trama_parser_fail (parser, at, _ ("a session begins with its title, as in: %s"),
                            statements[0].example);
}

gboolean
trama_parser_check_new_name (TramaParser *parser, const TramaToken *name)
{
  if (trama_parser_find_statement (name->text) != NULL || trama_parser_knows_name (name->text))
    return trama_parser_fail (parser, name->at, _ ("\"%s\" is a word of the language; choose another name"),
                              name->text);
  return TRUE;
}

static gboolean
read_sleep (TramaParser *parser, const char *at, const char *example)
{
  gint64 duration_ns = 0;

  if (!trama_parser_read_duration (parser, example, &duration_ns))
    return FALSE;
  trama_parser_add_step (parser, TRAMA_STEP_SLEEP)->number = duration_ns;
  return TRUE;
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

gboolean
trama_parser_read_statement (TramaParser *parser, const TramaToken *name)
{
  const TramaStatement *statement = trama_parser_find_statement (name->text);

  if (statement == NULL)
    return fail_unknown_statement (parser, name);
  if (statement->place == TRAMA_PLACE_ACTOR && !trama_parser_check_step (parser, name->at, 0))
    return FALSE;
  if (statement->place == TRAMA_PLACE_PREAMBLE && parser->actor != NULL)
    return trama_parser_fail (parser, name->at, _ ("\"%s\" stands before the first actor"), name->text);
  return statement->read (parser, name->at, statement->example);
}
