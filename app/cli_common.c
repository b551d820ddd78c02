/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_common.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>

int
trama_cli_usage_error (const char *message)
{
  fprintf (stderr, "trama-cli: %s\n%s\n", message, _ ("Try “trama-cli --help”."));
  return TRAMA_CLI_USAGE;
}

int
trama_cli_option_error (int argc, char **argv, const GError *error)
{
  static const struct
  {
    const char *option, *values;
  } options[] = {
    { "--columns", N_ ("a number from 72 to 1000") },
    { "--flow", N_ ("numbers of conversations, as 0,3,7-9") },
    { "--scale", N_ ("fold, true or even") },
    { "--side", N_ ("a or b") },
    { "--text", N_ ("utf8 or ascii") },
    { "--theme", N_ ("light, dark or print") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_equal (argv[argc - 1], options[i].option))
      {
        /* Translators: an option, and what may stand behind it: "--text lacks its value: utf8 or ascii". */
        g_autofree char *message = g_strdup_printf (_ ("%s lacks its value: %s"), options[i].option,
                                                    _ (options[i].values));

        return trama_cli_usage_error (message);
      }
  return trama_cli_usage_error (error->message);
}

void
trama_cli_complain (const char *message)
{
  fflush (stdout);
  fprintf (stderr, "trama-cli: %s\n", message);
}

int
trama_cli_end_output (void)
{
  g_autofree char *message = NULL;

  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRAMA_CLI_OK;
  message = g_strdup_printf (_ ("standard output: %s"), g_strerror (errno));
  trama_cli_complain (message);
  return TRAMA_CLI_FAILED;
}

typedef struct
{
  GMainLoop *loop;
  GError *error;
} Wait;

static void
on_finished (TramaSource *source, GError *error, gpointer data)
{
  Wait *wait = data;

  wait->error = error != NULL ? g_error_copy (error) : NULL;
  g_main_loop_quit (wait->loop);
}

/* What came until then is shown, and nothing stays behind. */
static gboolean
on_interrupt (gpointer source)
{
  trama_source_stop (source);
  return G_SOURCE_CONTINUE;
}

/* Returns the source's error. */
static GError *
wait_for_end (TramaSource *source)
{
  Wait wait = { g_main_loop_new (NULL, FALSE), NULL };
  guint interrupts[] = { g_unix_signal_add (SIGINT, on_interrupt, source),
                         g_unix_signal_add (SIGTERM, on_interrupt, source),
                         g_unix_signal_add (SIGHUP, on_interrupt, source) };

  g_signal_connect (source, "finished", G_CALLBACK (on_finished), &wait);
  g_main_loop_run (wait.loop);
  g_main_loop_unref (wait.loop);
  for (gsize i = 0; i < G_N_ELEMENTS (interrupts); i++)
    g_source_remove (interrupts[i]);
  return wait.error;
}

gboolean
trama_cli_wait (TramaSource *source)
{
  g_autoptr (GError) error = wait_for_end (source);

  if (error != NULL)
    trama_cli_complain (error->message);
  return error == NULL;
}

gboolean
trama_cli_wait_for_stop (TramaSource *source)
{
  g_autoptr (GError) error = wait_for_end (source);

  if (error == NULL || g_error_matches (error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED))
    return TRUE;
  trama_cli_complain (error->message);
  return FALSE;
}

int
trama_cli_take_argument (int argc, char **argv, const char *missing, const char **argument)
{
  g_autofree char *message = NULL;

  if (argc < 2)
    return trama_cli_usage_error (missing);
  *argument = argv[1];
  if (argc == 2)
    return TRAMA_CLI_OK;
  message = g_strdup_printf (_ ("“%s” is one too many"), argv[2]);
  return trama_cli_usage_error (message);
}

/* Fits TramaPacketPredicate. */
static gboolean
matches (const TramaInterface *interface, const TramaPacket *packet, const guint8 *data, gpointer filter)
{
  return trama_filter_matches (filter, interface->link_type, packet, data);
}

int
trama_cli_capture_open (TramaCliCapture *capture, const char *path, const char *expression)
{
  g_autoptr (GError) error = NULL;

  if (expression != NULL)
    {
      capture->filter = trama_filter_new (expression, &error);
      if (capture->filter == NULL)
        return trama_cli_usage_error (error->message);
    }
  capture->source = capture->follows ? trama_source_follow (path) : trama_source_open (path);
  if (capture->filter != NULL)
    trama_source_set_filter (capture->source, matches, capture->filter);
  return TRAMA_CLI_OK;
}

int
trama_cli_capture_close (TramaCliCapture *capture, int status)
{
  const char *failure = capture->filter != NULL ? trama_filter_get_failure (capture->filter) : NULL;

  if (failure != NULL)
    {
      trama_cli_complain (failure);
      status = TRAMA_CLI_FAILED;
    }
  g_clear_object (&capture->source);
  g_clear_pointer (&capture->filter, trama_filter_free);
  return status;
}

static int
parse_reading (TramaCliReading *reading, int argc, char **argv)
{
  GOptionEntry entries[] = {
    { "filter", 'f', 0, G_OPTION_ARG_STRING, &reading->expression, NULL, NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &reading->json, NULL, NULL },
    { reading->can_follow ? "follow" : NULL, 'F', 0, G_OPTION_ARG_NONE, &reading->capture.follows, NULL,
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  GOptionEntry of_part[] = {
    { "flow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &reading->part.choice.words, NULL, NULL },
    { "range", 0, 0, G_OPTION_ARG_STRING, &reading->part.range, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (reading->can_choose)
    g_option_context_add_main_entries (context, of_part, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return trama_cli_option_error (argc, argv, error);
  status = trama_cli_part_check (&reading->part);
  if (status != TRAMA_CLI_OK)
    return status;
  if (reading->capture.follows && !trama_cli_part_is_all (&reading->part))
    return trama_cli_usage_error (_ ("--flow and --range need a whole capture; with -F it goes on"));
  return trama_cli_take_argument (argc, argv, _ ("which file? “-” is standard input"), &reading->path);
}

gboolean
trama_cli_reading_begin (TramaCliReading *reading, int argc, char **argv)
{
  reading->status = parse_reading (reading, argc, argv);
  if (reading->status == TRAMA_CLI_OK)
    reading->status = trama_cli_capture_open (&reading->capture, reading->path, reading->expression);
  if (reading->status != TRAMA_CLI_OK)
    return FALSE;
  if (!reading->capture.follows && !trama_cli_wait (reading->capture.source))
    reading->status = TRAMA_CLI_FAILED;
  return TRUE;
}

gboolean
trama_cli_reading_choose (TramaCliReading *reading, TramaFlowTable *table)
{
  if (trama_cli_part_resolve (&reading->part, reading->path, table))
    return TRUE;
  reading->status = TRAMA_CLI_FAILED;
  return FALSE;
}

int
trama_cli_reading_end (TramaCliReading *reading)
{
  int written = trama_cli_end_output ();
  int status = trama_cli_capture_close (&reading->capture, reading->status);

  g_free (reading->expression);
  trama_cli_part_clear (&reading->part);
  return status != TRAMA_CLI_OK ? status : written;
}
