/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_output.h"

#include "app/cli_common.h"

#include "core/source/source.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

gboolean
trama_cli_output_is_standard (const char *name)
{
  return g_strcmp0 (name, "-") == 0;
}

int
trama_cli_output_check (const char *name, gboolean in_use)
{
  if (!trama_cli_output_is_standard (name))
    return TRAMA_CLI_OK;
  if (in_use)
    return trama_cli_usage_error (_ ("“-w -” needs standard output for itself"));
  if (isatty (STDOUT_FILENO))
    return trama_cli_usage_error (
        _ ("a trace is not for a terminal to show; send it to a program or into a file"));
  return TRAMA_CLI_OK;
}

gboolean
trama_cli_output_begin (TramaCliOutput *output, const char *name, GError **error)
{
  int fd;

  output->copies = trama_cli_output_is_standard (name);
  output->path = output->copies ? NULL : g_strdup (name);
  if (!output->copies)
    return TRUE;
  fd = g_file_open_tmp ("trama-XXXXXX.pcapng", &output->path, error);
  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static gboolean
copy (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) from = g_file_read (file, NULL, error);
  g_autoptr (GOutputStream) to = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GError) failure = NULL;
  g_autofree char *message = NULL;

  if (from == NULL)
    return FALSE;
  if (g_output_stream_splice (to, G_INPUT_STREAM (from), G_OUTPUT_STREAM_SPLICE_NONE, NULL, &failure) >= 0)
    return TRUE;
  message = g_strdup_printf (_ ("standard output: %s"), failure->message);
  g_set_error_literal (error, failure->domain, failure->code, message);
  return FALSE;
}

gboolean
trama_cli_output_end (TramaCliOutput *output, gboolean saved, GError **error)
{
  gboolean ok = saved && (!output->copies || copy (output->path, error));

  if (output->copies)
    g_unlink (output->path);
  g_clear_pointer (&output->path, g_free);
  return ok;
}

char *
trama_cli_output_get_part (const char *name)
{
  if (name == NULL || trama_cli_output_is_standard (name)
      || (g_file_test (name, G_FILE_TEST_EXISTS) && !g_file_test (name, G_FILE_TEST_IS_REGULAR)))
    return NULL;
  return g_strconcat (name, TRAMA_SOURCE_PART_SUFFIX, NULL);
}
