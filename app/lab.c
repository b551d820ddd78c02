/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/lab.h"
#include "core/trace/places.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * trama-lab: runs one session and writes its trace. Standard input brings
 *
 *   session SIZE NAME\n   and SIZE bytes of text,
 *
 * then the commands of core/lab/lab.h; its end stops the session. Standard output is
 * the pcapng stream, standard error for people. --held: the session begins held.
 * Exit status as TramaLabResult, 4 for wrong usage.
 */
#define EXIT_USAGE 4
#define HEAD_MAX_BYTES 512

static gboolean
read_exactly (char *buffer, gsize size)
{
  gsize at = 0;

  while (at < size)
    {
      gssize n = read (STDIN_FILENO, buffer + at, size - at);

      if (n == 0 || (n < 0 && errno != EINTR))
        return FALSE;
      at += (gsize) MAX (n, 0);
    }
  return TRUE;
}

/* Byte by byte: what stands behind it is not ours yet. */
static gboolean
read_line (char *line, gsize size)
{
  for (gsize i = 0; i + 1 < size; i++)
    {
      if (!read_exactly (line + i, 1))
        return FALSE;
      if (line[i] == '\n')
        {
          line[i] = '\0';
          return TRUE;
        }
    }
  return FALSE;
}

static TramaSession *
read_session (GError **error)
{
  char head[HEAD_MAX_BYTES];
  g_autofree char *text = NULL;
  char *name = NULL;
  guint64 size;

  if (!read_line (head, sizeof head) || !g_str_has_prefix (head, "session "))
    {
      g_set_error_literal (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_SYNTAX,
                           _ ("this helper is started by trama and trama-cli; see trama-lab(8)"));
      return NULL;
    }
  size = g_ascii_strtoull (head + strlen ("session "), &name, 10);
  if (size > TRAMA_SESSION_MAX_BYTES || *name != ' ')
    {
      g_set_error_literal (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_LIMIT,
                           _ ("the session is too long"));
      return NULL;
    }
  text = g_malloc (size + 1);
  if (!read_exactly (text, size))
    {
      g_set_error_literal (error, TRAMA_SESSION_ERROR, TRAMA_SESSION_ERROR_SYNTAX,
                           _ ("the session is cut short"));
      return NULL;
    }
  return trama_session_parse (name + 1, text, size, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (TramaSession) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *locale = trama_get_locale_folder ();
  gboolean held = argc == 2 && strcmp (argv[1], "--held") == 0;

  /* Ctrl+C and a lost terminal reach everyone; who asked for the session stops it well. */
  signal (SIGINT, SIG_IGN);
  signal (SIGHUP, SIG_IGN);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  session = read_session (&error);
  if (session == NULL)
    {
      fprintf (stderr, "trama-lab: %s\n", error->message);
      return EXIT_USAGE;
    }
  return (int) trama_lab_run (session, held, STDIN_FILENO, STDOUT_FILENO);
}
