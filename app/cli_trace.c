/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"

#include "app/cli_echo.h"
#include "app/cli_ground.h"
#include "app/cli_links.h"
#include "app/cli_output.h"
#include "app/cli_part.h"
#include "app/cli_picture.h"
#include "app/cli_step.h"
#include "app/cli_text.h"
#include "core/session/library.h"
#include "core/source/source.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

typedef struct
{
  const char *argument; /* the session or the file; borrowed */
  char *write;
  char *output;
  char *filter; /* of what is read */
  TramaCliPart part;
  TramaCliText text;
  TramaCliPicture picture;
  TramaExportOptions export;
  gboolean quiet;
  gboolean links;
  gboolean json;
  gboolean step; /* what is run */
} Options;

static void
options_clear (Options *options)
{
  g_free (options->write);
  g_free (options->output);
  g_free (options->filter);
  trama_cli_part_clear (&options->part);
  trama_cli_text_clear (&options->text);
  trama_cli_picture_clear (&options->picture);
}

/* TRAMA_CLI_OK: go on. */
static int
parse_options (Options *options, int argc, char **argv, gboolean reads, const char *missing)
{
  GOptionEntry entries[] = {
    { "write", 'w', 0, G_OPTION_ARG_FILENAME, &options->write, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, NULL, NULL },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options->picture.dark, NULL, NULL },
    { "theme", 0, 0, G_OPTION_ARG_STRING, &options->picture.theme, NULL, NULL },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &options->picture.scale, NULL, NULL },
    { "width", 0, 0, G_OPTION_ARG_INT, &options->picture.width_px, NULL, NULL },
    { "range", 0, 0, G_OPTION_ARG_STRING, &options->part.range, NULL, NULL },
    { "zoom", 0, 0, G_OPTION_ARG_DOUBLE, &options->picture.zoom, NULL, NULL },
    { "text", 0, 0, G_OPTION_ARG_STRING, &options->text.text, NULL, NULL },
    { "columns", 0, 0, G_OPTION_ARG_INT, &options->text.columns, NULL, NULL },
    { "flow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->part.choice.words, NULL, NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionEntry of_read[] = {
    { "filter", 'f', 0, G_OPTION_ARG_STRING, &options->filter, NULL, NULL },
    { "links", 0, 0, G_OPTION_ARG_NONE, &options->links, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionEntry of_run[] = {
    { "step", 0, 0, G_OPTION_ARG_NONE, &options->step, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int status;

  trama_cli_picture_init (&options->picture);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, reads ? of_read : of_run, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return trama_cli_option_error (argc, argv, error);
  /* Before what is left over: an option that lacks its value has taken the one behind it for that. */
  status = trama_cli_text_check (&options->text);
  if (status == TRAMA_CLI_OK)
    status = trama_cli_take_argument (argc, argv, missing, &options->argument);
  if (status == TRAMA_CLI_OK)
    status = trama_cli_part_check (&options->part);
  if (status != TRAMA_CLI_OK)
    return status;
  if (options->output != NULL && !trama_export_knows (options->output))
    return trama_cli_usage_error (_ ("a picture ends in .svg, .pdf or .png"));
  status = trama_cli_output_check (options->write, options->step || options->links || options->json);
  if (status != TRAMA_CLI_OK)
    return status;
  options->quiet |= trama_cli_output_is_standard (options->write);
  options->export = trama_export_defaults;
  return trama_cli_picture_read (&options->picture, &options->export);
}

static gboolean
print_events (TramaFlowTable *table, const Options *options)
{
  const TramaCliPart *part = &options->part;

  if (options->links || options->json)
    trama_cli_print_links (table, part, options->json);
  else
    {
      trama_cli_text_print (&options->text, table, part->flows, part->has_span ? &part->span : NULL);
      trama_cli_print_echoes (table, part);
    }
  return trama_cli_end_output () == TRAMA_CLI_OK;
}

static gboolean
write_trace (TramaSource *source, const char *path)
{
  g_autoptr (GError) error = NULL;
  TramaCliOutput output = { 0 };
  gboolean ok = trama_cli_output_begin (&output, path, &error);

  if (ok)
    ok = trama_cli_output_end (&output, trama_source_save (source, output.path, &error), &error);
  if (!ok)
    trama_cli_complain (error->message);
  return ok;
}

static gboolean
write_picture (TramaFlowTable *table, const Options *options)
{
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  TramaExportOptions picture = options->export;

  picture.flows = options->part.flows;
  if (options->part.has_span)
    picture.span = options->part.span;
  picture.findings = findings;
  return trama_cli_picture_draw (table, options->output, &picture);
}

static gboolean
write_results (TramaSource *source, TramaFlowTable *table, const Options *options)
{
  if (options->write != NULL && !write_trace (source, options->write))
    return FALSE;
  return options->output == NULL || write_picture (table, options);
}

/* There is nothing to show; what there is can be saved all the same. */
static gboolean
show_nothing (TramaSource *source, gboolean ok, const Options *options)
{
  if ((ok || trama_store_get_outcome (trama_source_get_store (source)) != NULL) && options->write != NULL)
    ok = write_trace (source, options->write) && ok;
  if (ok && !options->quiet)
    puts (_ ("The trace is empty: it has no packets and no calls."));
  if (ok && options->output != NULL)
    trama_cli_complain (_ ("the trace is empty; there is nothing to draw"));
  return trama_cli_end_output () == TRAMA_CLI_OK && ok && options->output == NULL;
}

/* Everything that could be had is shown and saved, even of what failed. */
static int
show (TramaSource *source, Options *options)
{
  /* Who steps may stop. */
  gboolean ok = options->step ? trama_cli_wait_for_stop (source) : trama_cli_wait (source);
  TramaStore *store = trama_source_get_store (source);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  TramaSpan span;

  trama_cli_tell_ground (store);
  if (!trama_store_get_span (store, &span))
    return show_nothing (source, ok, options) ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
  if (!trama_cli_part_resolve (&options->part, options->argument, table))
    {
      if (options->write != NULL)
        write_trace (source, options->write);
      return TRAMA_CLI_FAILED;
    }
  if (!options->quiet)
    ok = print_events (table, options) && ok;
  ok = write_results (source, table, options) && ok;
  return ok ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
}

static int
step_and_show (TramaSource *source, const TramaSession *session, Options *options)
{
  TramaCliStepper *stepper = trama_cli_stepper_new (source, session);
  int status = show (source, options);

  trama_cli_stepper_free (stepper);
  return status;
}

int
trama_cli_run (int argc, char **argv)
{
  Options options = { 0 };
  int status = parse_options (&options, argc, argv, FALSE,
                              _ ("which session? “trama-cli sessions” lists them"));
  g_autoptr (TramaSession) session = NULL;
  g_autoptr (TramaSource) source = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *part = NULL;

  if (status == TRAMA_CLI_OK)
    {
      session = trama_library_load (options.argument, &error);
      if (session == NULL)
        trama_cli_complain (error->message);
      status = session != NULL ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
    }
  if (status == TRAMA_CLI_OK)
    {
      const char *name = trama_session_get_name (session);
      const char *text = trama_session_get_text (session);

      part = trama_cli_output_get_part (options.write);
      source = trama_source_run_kept (name, text, options.step, part);
      status = options.step ? step_and_show (source, session, &options) : show (source, &options);
    }
  options_clear (&options);
  return status;
}

int
trama_cli_read (int argc, char **argv)
{
  Options options = { 0 };
  int status = parse_options (&options, argc, argv, TRUE, _ ("which file? “-” is standard input"));
  TramaCliCapture capture = { 0 };

  if (status == TRAMA_CLI_OK)
    status = trama_cli_capture_open (&capture, options.argument, options.filter);
  if (status == TRAMA_CLI_OK)
    status = show (capture.source, &options);
  status = trama_cli_capture_close (&capture, status);
  options_clear (&options);
  return status;
}
