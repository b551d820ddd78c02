/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"

#include "core/session/emit.h"
#include "core/session/library.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

/* trama-cli c: a session as a C program. */

int
trama_cli_c (int argc, char **argv)
{
  g_autoptr (TramaSession) session = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = NULL;
  g_autofree char *message = NULL;

  if (argc < 2)
    return trama_cli_usage_error (_ ("which session? “trama-cli sessions” lists them"));
  if (argc > 3)
    {
      message = g_strdup_printf (_ ("“%s” is one too many"), argv[3]);
      return trama_cli_usage_error (message);
    }
  session = trama_library_load (argv[1], &error);
  if (session != NULL)
    program = trama_session_emit_c (session, argv[2], &error);
  if (program == NULL)
    {
      trama_cli_complain (error->message);
      return TRAMA_CLI_FAILED;
    }
  fputs (program, stdout);
  return trama_cli_end_output ();
}
