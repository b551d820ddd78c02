/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_choice.h"
#include "app/cli_trace.h"
#include "app/cli_voices.h"

#include "core/flow/talk/stream.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* trama-cli follow: what the sides of a conversation said to each other. */

#define CHUNK_BYTES 65536
#define STEP_EVENTS 65536

typedef struct
{
  const char *path;
  char *filter;
  char *side;
  char *output; /* the bytes as they are */
  TramaCliChoice choice;
  gboolean hex;
} Options;

/* TRAMA_CLI_OK: go on. */
static int
parse_options (Options *options, int argc, char **argv)
{
  GOptionEntry entries[] = {
    { "flow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->choice.words, NULL, NULL },
    { "side", 0, 0, G_OPTION_ARG_STRING, &options->side, NULL, NULL },
    { "hex", 0, 0, G_OPTION_ARG_NONE, &options->hex, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, NULL, NULL },
    { "filter", 'f', 0, G_OPTION_ARG_STRING, &options->filter, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return trama_cli_option_error (argc, argv, error);
  status = trama_cli_choice_check (&options->choice);
  if (status != TRAMA_CLI_OK)
    return status;
  if (options->choice.words == NULL)
    return trama_cli_usage_error (_ ("which conversations? “trama-cli flows” numbers them: 0,3,7-9"));
  if (options->side != NULL && strcmp (options->side, "a") != 0 && strcmp (options->side, "b") != 0)
    return trama_cli_usage_error (_ ("a side is a or b"));
  if (options->output != NULL && options->side == NULL)
    return trama_cli_usage_error (_ ("of which side are the bytes to be written? --side a or b"));
  return trama_cli_take_argument (argc, argv, _ ("which file? “-” is standard input"), &options->path);
}

static void
set_error (GError **error)
{
  int saved = errno;

  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (saved), g_strerror (saved));
}

/* What is missing is written as zeroes, so that everything else is in its place. */
static gboolean
write_stream (const TramaStream *stream, FILE *file, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (CHUNK_BYTES);

  for (guint64 offset = 0; offset < trama_stream_get_size (stream); offset += CHUNK_BYTES)
    {
      gssize got = trama_stream_read (stream, offset, buffer, CHUNK_BYTES, error);

      if (got < 0)
        return FALSE;
      if (fwrite (buffer, 1, (gsize) got, file) < (gsize) got)
        {
          set_error (error);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
write_file (const TramaStream *stream, const char *path, GError **error)
{
  FILE *file = g_fopen (path, "wbe");
  gboolean ok = file != NULL && write_stream (stream, file, error);

  if (file == NULL || (fclose (file) != 0 && ok))
    {
      set_error (error);
      return FALSE;
    }
  return ok;
}

static void
complain_of_missing (const TramaStream *stream)
{
  g_autofree char *bytes = NULL;
  g_autofree char *message = NULL;
  guint64 missing = trama_stream_get_missing (stream);

  if (missing == 0)
    return;
  bytes = g_strdup_printf ("%" G_GUINT64_FORMAT, missing);
  message = g_strdup_printf (_ ("bytes that are missing: %s; zeroes stand in their place"), bytes);
  trama_cli_complain (message);
}

/* The bytes of one side as they are. */
static gboolean
write_side (TramaFlowTable *table, guint32 flow, const Options *options, GError **error)
{
  TramaStream *stream = trama_stream_new (table, flow, options->side[0] == 'b');
  gboolean ok = write_file (stream, options->output, error);

  complain_of_missing (stream);
  trama_stream_free (stream);
  return ok;
}

static gboolean
print_talk (TramaFlowTable *table, guint32 flow, const Options *options, GError **error)
{
  TramaTalk talk = trama_talk_of_flow (table, flow);
  g_autoptr (TramaDialogue) dialogue = trama_dialogue_new (table, &talk);
  guint side = options->side == NULL ? 2 : options->side[0] == 'b';

  while (trama_dialogue_step (dialogue, STEP_EVENTS))
    continue;
  return trama_cli_print_voices (dialogue, side, options->hex, error);
}

/* Above each of several. */
static void
print_head (const TramaFlowTable *table, guint32 number, gboolean is_first)
{
  const TramaFlow *flow = trama_flow_table_get_flow (table, number);
  g_autofree char *a = trama_endpoint_format (&flow->endpoint[0]);
  g_autofree char *b = trama_endpoint_format (&flow->endpoint[1]);

  printf ("%s── %u · a %s · b %s ──\n", is_first ? "" : "\n", number, a, b);
}

static gboolean
print_talks (TramaFlowTable *table, const TramaFlowSet *flows, const Options *options, GError **error)
{
  guint n = trama_flow_set_n_flows (flows);

  for (guint i = 0; i < n; i++)
    {
      if (n > 1)
        print_head (table, trama_flow_set_get (flows, i), i == 0);
      if (!print_talk (table, trama_flow_set_get (flows, i), options, error))
        return FALSE;
    }
  return TRUE;
}

static int
follow (TramaStore *store, const Options *options)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  g_autoptr (TramaFlowSet) flows = NULL;
  g_autoptr (GError) error = NULL;

  if (!trama_cli_choice_resolve (&options->choice, options->path, table, &flows))
    return TRAMA_CLI_FAILED;
  if (options->output != NULL && trama_flow_set_n_flows (flows) > 1)
    return trama_cli_usage_error (_ ("-o writes the bytes of one conversation; --flow has several"));
  if (!(options->output != NULL ? write_side (table, trama_flow_set_get (flows, 0), options, &error)
                                : print_talks (table, flows, options, &error)))
    {
      trama_cli_complain (error->message);
      return TRAMA_CLI_FAILED;
    }
  return trama_cli_end_output ();
}

int
trama_cli_follow (int argc, char **argv)
{
  Options options = { 0 };
  TramaCliCapture capture = { 0 };
  int status = parse_options (&options, argc, argv);

  if (status == TRAMA_CLI_OK)
    status = trama_cli_capture_open (&capture, options.path, options.filter);
  if (status == TRAMA_CLI_OK)
    {
      gboolean is_whole = trama_cli_wait (capture.source);

      status = follow (trama_source_get_store (capture.source), &options);
      status = is_whole ? status : TRAMA_CLI_FAILED;
    }
  status = trama_cli_capture_close (&capture, status);
  trama_cli_choice_clear (&options.choice);
  g_free (options.filter);
  g_free (options.side);
  g_free (options.output);
  return status;
}
