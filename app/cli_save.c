/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_choice.h"
#include "app/cli_output.h"
#include "app/cli_trace.h"

#include "core/flow/annotate.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

/* trama-cli save: a capture anew, as it was or with parts left out or added. */

typedef struct
{
  const char *in;
  const char *out;
  char *filter;
  gboolean no_payload;
  gboolean comments;
  TramaCliChoice choice;
} Options;

/* TRAMA_CLI_OK: go on. */
static int
parse_options (Options *options, int argc, char **argv)
{
  GOptionEntry entries[] = {
    { "no-payload", 0, 0, G_OPTION_ARG_NONE, &options->no_payload, NULL, NULL },
    { "comments", 0, 0, G_OPTION_ARG_NONE, &options->comments, NULL, NULL },
    { "filter", 'f', 0, G_OPTION_ARG_STRING, &options->filter, NULL, NULL },
    { "flow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->choice.words, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return trama_cli_option_error (argc, argv, error);
  if (argc < 3)
    return trama_cli_usage_error (_ ("which file, and where to? “-” is standard input, and output"));
  if (argc > 3)
    {
      message = g_strdup_printf (_ ("“%s” is one too many"), argv[3]);
      return trama_cli_usage_error (message);
    }
  options->in = argv[1];
  options->out = argv[2];
  if (trama_cli_output_check (options->out, FALSE) != TRAMA_CLI_OK)
    return TRAMA_CLI_USAGE;
  return trama_cli_choice_check (&options->choice);
}

/* Whether saving would put the part of a capture that could be read in the place of the whole. */
static gboolean
would_lose (const Options *options)
{
  struct stat in, out;

  return strcmp (options->in, "-") != 0 && stat (options->in, &in) == 0 && stat (options->out, &out) == 0
         && in.st_dev == out.st_dev && in.st_ino == out.st_ino;
}

static gboolean
holds_anything (const TramaStore *store)
{
  TramaSpan span;

  return trama_store_n_interfaces (store) > 0 || trama_store_get_span (store, &span);
}

/* As the annotator wants them; NULL: all. */
static GHashTable *
list_flows (const TramaFlowSet *set)
{
  GHashTable *flows = set != NULL ? g_hash_table_new (NULL, NULL) : NULL;

  for (guint i = 0; set != NULL && i < trama_flow_set_n_flows (set); i++)
    g_hash_table_add (flows, GUINT_TO_POINTER (trama_flow_set_get (set, i)));
  return flows;
}

/* FALSE without @error: it was said that there is no such conversation. */
static gboolean
save_to (const char *out, TramaSource *source, const Options *options, GError **error)
{
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFlowSet) set = NULL;
  g_autoptr (GHashTable) flows = NULL;
  TramaAnnotator annotator = { .without_data = options->no_payload };
  TramaRewriteOptions rewrite = { .no_payload = options->no_payload, .user_data = &annotator };

  if (options->comments || options->choice.words != NULL)
    {
      table = trama_flow_table_new (trama_source_get_store (source));
      if (!trama_cli_choice_resolve (&options->choice, options->in, table, &set))
        return FALSE;
      flows = list_flows (set);
      annotator.table = table;
      annotator.flows = flows;
    }
  else if (!options->no_payload)
    return trama_source_save (source, out, error);
  if (flows != NULL)
    rewrite.keeps = trama_annotator_keeps;
  if (options->comments)
    rewrite.annotate = trama_annotator_annotate;
  return trama_source_save_rewritten (source, out, &rewrite, error);
}

static gboolean
save (TramaSource *source, const Options *options, GError **error)
{
  TramaCliOutput output = { 0 };

  return trama_cli_output_begin (&output, options->out, error)
         && trama_cli_output_end (&output, save_to (output.path, source, options, error), error);
}

/* What was read before damage is saved, but never over the file that has the rest. */
static int
save_what_was_read (TramaSource *source, const Options *options)
{
  gboolean whole = trama_cli_wait (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;

  if (!whole && !holds_anything (trama_source_get_store (source)))
    return TRAMA_CLI_FAILED;
  if (!whole && would_lose (options))
    {
      message = g_strdup_printf (_ ("%s: not saved over itself, for what is behind the damage would be lost"),
                                 options->out);
      trama_cli_complain (message);
      return TRAMA_CLI_FAILED;
    }
  if (save (source, options, &error))
    return whole ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
  if (error != NULL)
    trama_cli_complain (error->message);
  return TRAMA_CLI_FAILED;
}

int
trama_cli_save (int argc, char **argv)
{
  Options options = { 0 };
  int status = parse_options (&options, argc, argv);
  TramaCliCapture capture = { 0 };

  if (status == TRAMA_CLI_OK)
    status = trama_cli_capture_open (&capture, options.in, options.filter);
  if (status == TRAMA_CLI_OK)
    status = save_what_was_read (capture.source, &options);
  status = trama_cli_capture_close (&capture, status);
  trama_cli_choice_clear (&options.choice);
  g_free (options.filter);
  return status;
}
