/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_tell.h"

#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* A child of fork has its number behind its name. */
#define CHILD_NUMBER_BYTES 3

struct _TramaCliTeller
{
  TramaStore *store;
  char **lines;       /* of the session's text */
  int name_width;     /* of the longest name, in bytes; names are ASCII */
  GArray *open_calls; /* OpenCall: those that have not come back */
  guint n_calls, n_notes;
};

typedef struct
{
  guint index;   /* in the store */
  gboolean told; /* that it was made */
} OpenCall;

static int
find_name_width (const TramaSession *session)
{
  gsize width = 0;

  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      width = MAX (width, strlen (script->name));
      for (guint k = 0; k < script->n_steps; k++)
        if (script->steps[k].kind == TRAMA_STEP_FORK)
          width = MAX (width, strlen (script->steps[k].name) + CHILD_NUMBER_BYTES);
    }
  return (int) width;
}

TramaCliTeller *
trama_cli_teller_new (TramaStore *store, const TramaSession *session)
{
  TramaCliTeller *teller = g_new0 (TramaCliTeller, 1);

  teller->store = store;
  teller->lines = g_strsplit (trama_session_get_text (session), "\n", -1);
  for (char **line = teller->lines; *line != NULL; line++)
    g_strstrip (*line);
  teller->name_width = find_name_width (session);
  teller->open_calls = g_array_new (FALSE, FALSE, sizeof (OpenCall));
  return teller;
}

void
trama_cli_teller_free (TramaCliTeller *teller)
{
  g_strfreev (teller->lines);
  g_array_unref (teller->open_calls);
  g_free (teller);
}

static void
print_line (const TramaCliTeller *teller, guint32 id, const char *text)
{
  const TramaActor *actor = trama_store_find_actor (teller->store, id);

  printf ("  %-*s  %s\n", teller->name_width, actor != NULL ? actor->name : "", text);
}

static void
tell_captions (TramaCliTeller *teller)
{
  for (; teller->n_notes < trama_store_n_notes (teller->store); teller->n_notes++)
    {
      const TramaNote *note = trama_store_get_note (teller->store, teller->n_notes);
      g_autofree char *text = g_strdup_printf ("¶ %s", note->text);

      print_line (teller, note->actor, text);
    }
}

static const TramaCall *
get_call (const TramaCliTeller *teller, const OpenCall *open)
{
  return trama_store_get_call (teller->store, open->index);
}

/* Of one that was told to block, how it ended. */
static void
tell_return (TramaCliTeller *teller, const OpenCall *open)
{
  const TramaCall *call = get_call (teller, open);
  g_autofree char *outcome = NULL;
  g_autofree char *text = NULL;

  if (open->told)
    {
      outcome = trama_call_format_outcome (call);
      text = g_strdup_printf ("… %s %s", trama_call_info (call->name)->name, outcome);
    }
  else
    text = trama_call_format (call);
  print_line (teller, call->actor, text);
}

static gint
compare_exits (gconstpointer a, gconstpointer b, gpointer teller)
{
  gint64 a_ns = get_call (teller, a)->exit_ns, b_ns = get_call (teller, b)->exit_ns;

  return (a_ns > b_ns) - (a_ns < b_ns);
}

/* In the order in which they came back. */
static void
tell_returns (TramaCliTeller *teller)
{
  g_autoptr (GArray) returned = g_array_new (FALSE, FALSE, sizeof (OpenCall));
  guint n_open = 0;

  for (; teller->n_calls < trama_store_n_calls (teller->store); teller->n_calls++)
    {
      OpenCall open = { teller->n_calls, FALSE };

      g_array_append_val (teller->open_calls, open);
    }
  for (guint i = 0; i < teller->open_calls->len; i++)
    {
      OpenCall open = g_array_index (teller->open_calls, OpenCall, i);

      if (get_call (teller, &open)->exit_ns != TRAMA_TIME_NONE)
        g_array_append_val (returned, open);
      else
        g_array_index (teller->open_calls, OpenCall, n_open++) = open;
    }
  g_array_set_size (teller->open_calls, n_open);
  g_array_sort_with_data (returned, compare_exits, teller);
  for (guint i = 0; i < returned->len; i++)
    tell_return (teller, &g_array_index (returned, OpenCall, i));
}

void
trama_cli_teller_tell (TramaCliTeller *teller)
{
  tell_captions (teller);
  tell_returns (teller);
}

static void
tell_open_calls (TramaCliTeller *teller)
{
  for (guint i = 0; i < teller->open_calls->len; i++)
    {
      OpenCall *open = &g_array_index (teller->open_calls, OpenCall, i);
      const TramaCall *call = get_call (teller, open);
      g_autofree char *args = trama_call_format_entry_args (call);
      g_autofree char *text = g_strdup_printf ("%s%s …", trama_call_info (call->name)->name, args);

      if (!open->told)
        print_line (teller, call->actor, text);
      open->told = TRUE;
    }
}

static const char *
describe_status (guint status)
{
  switch (status)
    {
    case TRAMA_POSITION_CALL:
      return _ ("in the call");
    case TRAMA_POSITION_WAITING:
      return _ ("waits for a signal");
    default:
      return NULL;
    }
}

static void
show_position (const TramaCliTeller *teller, const TramaActor *actor, const TramaPosition *position)
{
  gboolean is_known = position->line > 0 && position->line <= g_strv_length (teller->lines);
  const char *line = is_known ? teller->lines[position->line - 1] : "";
  const char *status = describe_status (position->status);

  if (position->status == TRAMA_POSITION_ENDED)
    {
      printf ("  %-*s %4s  %s\n", teller->name_width, actor->name, "", _ ("has ended"));
      return;
    }
  printf ("%s %-*s %4u  %s", position->status == TRAMA_POSITION_GATE ? "▸" : " ", teller->name_width,
          actor->name, position->line, line);
  if (status != NULL)
    printf ("  (%s)", status);
  printf ("\n");
}

void
trama_cli_teller_show_positions (TramaCliTeller *teller)
{
  tell_open_calls (teller);
  for (guint i = 0; i < trama_store_n_actors (teller->store); i++)
    {
      const TramaActor *actor = trama_store_get_actor (teller->store, i);
      const TramaPosition *position = trama_store_get_position (teller->store, actor->id);

      if (position != NULL)
        show_position (teller, actor, position);
    }
}

gboolean
trama_cli_teller_has_gate (const TramaCliTeller *teller)
{
  for (guint i = 0; i < trama_store_n_actors (teller->store); i++)
    {
      guint32 id = trama_store_get_actor (teller->store, i)->id;
      const TramaPosition *position = trama_store_get_position (teller->store, id);

      if (position != NULL && position->status == TRAMA_POSITION_GATE)
        return TRUE;
    }
  return FALSE;
}
