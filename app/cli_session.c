/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"

#include "core/decode/printable.h"
#include "core/session/library.h"
#include "core/trace/call.h"
#include "core/trace/json.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* trama-cli sessions and check: what can be said of a session without running it. */

enum
{
  COLUMN_NAME,
  COLUMN_TITLE,
  COLUMN_DOMAIN,
  COLUMN_TYPE,
  COLUMN_ABOUT,
  N_COLUMNS
};

#define COLUMN_GAP 2

/* A name is that of a file, and may be anything. */
static char *
printable (const char *text)
{
  return text != NULL ? trama_printable_format ((const guint8 *) text, strlen (text), TRAMA_TEXT_MAX_BYTES)
                      : g_strdup ("-");
}

/* Of a session that makes no socket, 0 is not the domain it chose. NULL: there is none. */
static const char *
get_domain_name (const TramaSession *session)
{
  int domain = trama_session_get_domain (session);

  return domain != 0 ? trama_domain_name (domain) : NULL;
}

static const char *
get_type_name (const TramaSession *session)
{
  int type = trama_session_get_type (session);

  return type != 0 ? trama_type_name (type) : NULL;
}

static void
format_row (const TramaSession *session, char *cells[N_COLUMNS])
{
  cells[COLUMN_NAME] = printable (trama_session_get_name (session));
  cells[COLUMN_TITLE] = printable (trama_session_get_title (session));
  cells[COLUMN_DOMAIN] = printable (get_domain_name (session));
  cells[COLUMN_TYPE] = printable (get_type_name (session));
  cells[COLUMN_ABOUT] = printable (trama_session_get_about (session));
}

static void
clear_row (char *cells[N_COLUMNS])
{
  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (cells[i]);
}

/* On a terminal a row stays one line. */
static glong
get_row_columns (void)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
    return G_MAXLONG;
  return size.ws_col;
}

static void
print_row (char *cells[N_COLUMNS], const glong widths[N_COLUMNS], glong columns)
{
  g_autoptr (GString) row = g_string_new (NULL);
  g_autofree char *cut = NULL;

  for (guint i = 0; i < COLUMN_ABOUT; i++)
    {
      int missing = (int) (widths[i] - g_utf8_strlen (cells[i], -1));

      g_string_append_printf (row, "%s%*s", cells[i], missing + COLUMN_GAP, "");
    }
  g_string_append (row, cells[COLUMN_ABOUT]);
  if (g_utf8_strlen (row->str, -1) <= columns)
    {
      puts (row->str);
      return;
    }
  cut = g_utf8_substring (row->str, 0, columns - 1);
  printf ("%s…\n", g_strchomp (cut));
}

static void
print_text (GPtrArray *sessions)
{
  glong widths[N_COLUMNS] = { 0 };
  glong columns = get_row_columns ();
  char *cells[N_COLUMNS];

  for (guint i = 0; i < sessions->len; i++)
    {
      format_row (g_ptr_array_index (sessions, i), cells);
      for (guint j = 0; j < N_COLUMNS; j++)
        widths[j] = MAX (widths[j], g_utf8_strlen (cells[j], -1));
      clear_row (cells);
    }
  for (guint i = 0; i < sessions->len; i++)
    {
      format_row (g_ptr_array_index (sessions, i), cells);
      print_row (cells, widths, columns);
      clear_row (cells);
    }
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
print_json (GPtrArray *sessions)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < sessions->len; i++)
    {
      const TramaSession *session = g_ptr_array_index (sessions, i);

      g_string_truncate (out, 0);
      trama_json_begin_object (out, NULL);
      trama_json_add_string (out, "name", trama_session_get_name (session));
      trama_json_add_string (out, "title", trama_session_get_title (session));
      trama_json_add_string (out, "domain", get_domain_name (session));
      trama_json_add_string (out, "type", get_type_name (session));
      trama_json_add_string (out, "about", trama_session_get_about (session));
      trama_json_end_object (out);
      puts (out->str);
    }
}

int
trama_cli_sessions (int argc, char **argv)
{
  gboolean json = FALSE;
  GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sessions = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return trama_cli_option_error (argc, argv, error);
  if (argc > 1)
    return trama_cli_usage_error (_ ("“sessions” takes no arguments"));
  sessions = trama_library_list ();
  if (json)
    print_json (sessions);
  else
    print_text (sessions);
  return trama_cli_end_output ();
}

/* What is written in the steps, not how often it is done. */
static guint
count_calls (const TramaSession *session)
{
  guint n_calls = 0;

  for (guint i = 0; i < trama_session_n_actors (session); i++)
    {
      const TramaScript *script = trama_session_get_actor (session, i);

      for (guint j = 0; j < script->n_steps; j++)
        n_calls += script->steps[j].kind == TRAMA_STEP_CALL;
    }
  return n_calls;
}

/* A file of the current folder needs neither a '/' nor an ending here. */
static TramaSession *
load_checked (const char *path, GError **error)
{
  g_autofree char *here = g_strconcat ("./", path, NULL);
  gboolean is_file = strchr (path, '/') == NULL && g_file_test (path, G_FILE_TEST_EXISTS);

  return trama_library_load (is_file ? here : path, error);
}

/* Complaints begin with the file and the place, as a compiler's do, for an editor to find. */
static gboolean
check (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TramaSession) session = load_checked (path, &error);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *name = NULL;
  g_autofree char *actors = NULL;
  g_autofree char *calls = NULL;
  guint n_actors, n_calls;

  if (session == NULL)
    {
      fflush (stdout);
      fprintf (stderr, "%s\n", error->message);
      return FALSE;
    }
  n_actors = trama_session_n_actors (session);
  n_calls = count_calls (session);
  name = printable (trama_session_get_name (session));
  actors = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u actor", "%u actors", n_actors), n_actors);
  calls = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u call", "%u calls", n_calls), n_calls);
  /* Translators: the file: OK (the session's name, "2 actors", "15 calls"). */
  printf (_ ("%s: OK (%s, %s, %s)\n"), shown, name, actors, calls);
  return TRUE;
}

int
trama_cli_check (int argc, char **argv)
{
  gboolean ok = TRUE;

  if (argc < 2)
    return trama_cli_usage_error (_ ("which file?"));
  for (int i = 1; i < argc; i++)
    ok = check (argv[i]) && ok;
  return trama_cli_end_output () == TRAMA_CLI_OK && ok ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
}
