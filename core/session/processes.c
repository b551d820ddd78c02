/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>

#define MAX_STATUS 255

/* signal(7). SIGKILL and SIGTERM end an actor; for the others it has a handler that does nothing. */
static const struct
{
  const char *name;
  int number;
  gboolean sent;    /* by kill */
  gboolean ignored; /* by ignore */
} signals[] = {
  { "SIGKILL", SIGKILL, TRUE, FALSE }, { "SIGTERM", SIGTERM, TRUE, TRUE }, { "SIGUSR1", SIGUSR1, TRUE, TRUE },
  { "SIGUSR2", SIGUSR2, TRUE, TRUE },  { "SIGALRM", SIGALRM, TRUE, TRUE }, { "SIGURG", SIGURG, TRUE, TRUE },
  { "SIGPIPE", SIGPIPE, FALSE, TRUE },
};

/* "SIGTERM, SIGUSR1" */
static char *
list_signals (gboolean sent)
{
  GString *list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    if (sent ? signals[i].sent : signals[i].ignored)
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", signals[i].name);
  return g_string_free (list, FALSE);
}

static gboolean
read_signal_name (TramaParser *parser, gboolean sent, int *number)
{
  const TramaToken name = parser->token;
  g_autofree char *list = NULL;

  for (gsize i = 0; name.kind == TRAMA_TOKEN_WORD && i < G_N_ELEMENTS (signals); i++)
    if (strcmp (signals[i].name, name.text) == 0 && (sent ? signals[i].sent : signals[i].ignored))
      {
        *number = signals[i].number;
        trama_parser_advance (parser);
        return TRUE;
      }
  list = list_signals (sent);
  return trama_parser_fail (parser, name.at, _ ("expected one of these signals here: %s"), list);
}

gboolean
trama_parser_read_exit (TramaParser *parser, const char *at, const char *example)
{
  gint64 status = 0;

  if (parser->token.kind != TRAMA_TOKEN_NUMBER)
    return trama_parser_fail (parser, parser->token.at, _ ("expected %s, as in: %s"), _ ("a number"),
                              example);
  if (!trama_parser_read_integer (parser, _ ("an exit status"), 0, MAX_STATUS, &status))
    return FALSE;
  trama_parser_add_step (parser, TRAMA_STEP_EXIT)->number = status;
  return TRUE;
}

gboolean
trama_parser_read_kill (TramaParser *parser, const char *at, const char *example)
{
  TramaKill kill = { .actor = parser->session->scripts->len, .step = parser->steps->len };
  int number = SIGKILL;
  gint64 nth = 0;
  TramaStep *step;

  if (!trama_parser_read_token (parser, TRAMA_TOKEN_WORD, example, &kill.name))
    return FALSE;
  if (parser->token.kind == TRAMA_TOKEN_NUMBER)
    {
      kill.nth_at = parser->token.at;
      if (!trama_parser_read_integer (parser, _ ("which process of that name"), 1, TRAMA_SESSION_MAX_FORKS,
                                      &nth))
        return FALSE;
    }
  if (parser->token.kind != TRAMA_TOKEN_END && !read_signal_name (parser, TRUE, &number))
    return FALSE;
  step = trama_parser_add_step (parser, TRAMA_STEP_KILL);
  step->number = number;
  step->nth = (guint32) nth;
  g_array_append_val (parser->kills, kill);
  return TRUE;
}

gboolean
trama_parser_read_ignore (TramaParser *parser, const char *at, const char *example)
{
  int number = 0;

  if (!read_signal_name (parser, FALSE, &number))
    return FALSE;
  trama_parser_add_step (parser, TRAMA_STEP_IGNORE)->number = number;
  return TRUE;
}

static gboolean
find_actor (const TramaParser *parser, const char *name, guint32 *index)
{
  GArray *scripts = parser->session->scripts;

  for (*index = 0; *index < scripts->len; (*index)++)
    if (strcmp (g_array_index (scripts, TramaScript, *index).name, name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_forked (const TramaParser *parser, const char *name)
{
  return g_ptr_array_find_with_equal_func (parser->forked, name, g_str_equal, NULL);
}

gboolean
trama_parser_check_actor_name (TramaParser *parser, const TramaToken *name)
{
  guint32 index;

  if (find_actor (parser, name->text, &index) || g_strcmp0 (parser->actor, name->text) == 0)
    return trama_parser_fail (parser, name->at, _ ("there is an actor \"%s\" already"), name->text);
  if (is_forked (parser, name->text) && parser->actor == NULL)
    return trama_parser_fail (parser, name->at, _ ("there is a process \"%s\" already, made by a fork"),
                              name->text);
  return TRUE;
}

static gboolean
fail_unknown_actor (TramaParser *parser, const TramaToken *name)
{
  GArray *scripts = parser->session->scripts;
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (guint i = 0; i < scripts->len; i++)
    trama_nearest_offer (&nearest, g_array_index (scripts, TramaScript, i).name);
  for (guint i = 0; i < parser->forked->len; i++)
    trama_nearest_offer (&nearest, g_ptr_array_index (parser->forked, i));
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown actor \"%s\""), name->text);
}

static gboolean
resolve_kill (TramaParser *parser, const TramaKill *kill)
{
  const TramaScript *script = &g_array_index (parser->session->scripts, TramaScript, kill->actor);
  /* It is the session's, which is not finished before this is done. */
  TramaStep *step = (TramaStep *) &script->steps[kill->step];

  if (find_actor (parser, kill->name.text, &step->other))
    return kill->nth_at == NULL
           || trama_parser_fail (
               parser, kill->nth_at,
               _ ("there is but one \"%s\": only forks are numbered, and signals have names"),
               kill->name.text);
  if (!is_forked (parser, kill->name.text))
    return fail_unknown_actor (parser, &kill->name);
  step->other = 0;
  step->name = kill->name.text;
  return TRUE;
}

gboolean
trama_parser_resolve_kills (TramaParser *parser)
{
  for (guint i = 0; i < parser->kills->len; i++)
    if (!resolve_kill (parser, &g_array_index (parser->kills, TramaKill, i)))
      return FALSE;
  return TRUE;
}
