/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_choice.h"

#include "app/cli_common.h"

#include <glib/gi18n-lib.h>

void
trama_cli_choice_clear (TramaCliChoice *choice)
{
  g_clear_pointer (&choice->words, g_strfreev);
}

static gboolean
parse_number (const char *text, guint32 *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32 - 1, &value, NULL))
    return FALSE;
  *number = (guint32) value;
  return TRUE;
}

/* "7" or "7-9". */
static gboolean
parse_run (const char *text, guint32 *first, guint32 *last)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 3);
  guint n = g_strv_length (ends);

  if (n < 1 || n > 2 || !parse_number (ends[0], first))
    return FALSE;
  *last = *first;
  return n == 1 || (parse_number (ends[1], last) && *last >= *first);
}

/* Calls @take for each run; FALSE: there is one that is none, or @take wants no more. */
static gboolean
for_each_run (const TramaCliChoice *choice,
              gboolean (*take) (guint32 first, guint32 last, gpointer data),
              gpointer data)
{
  for (guint i = 0; choice->words != NULL && choice->words[i] != NULL; i++)
    {
      g_auto (GStrv) runs = g_strsplit (choice->words[i], ",", -1);

      if (runs[0] == NULL)
        return FALSE;
      for (guint run = 0; runs[run] != NULL; run++)
        {
          guint32 first, last;

          if (!parse_run (runs[run], &first, &last) || !take (first, last, data))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
take_nothing (guint32 first, guint32 last, gpointer data)
{
  return TRUE;
}

int
trama_cli_choice_check (const TramaCliChoice *choice)
{
  if (for_each_run (choice, take_nothing, NULL))
    return TRAMA_CLI_OK;
  return trama_cli_usage_error (_ ("which conversations? “trama-cli flows” numbers them: 0,3,7-9"));
}

typedef struct
{
  guint n_flows;
  guint32 missing; /* TRAMA_FLOW_NONE: none is */
  GArray *flows;   /* of guint32 */
} Taken;

static gboolean
take_run (guint32 first, guint32 last, gpointer data)
{
  Taken *taken = data;

  for (guint32 flow = first; flow <= last; flow++)
    {
      if (flow >= taken->n_flows)
        {
          taken->missing = flow;
          return FALSE;
        }
      g_array_append_val (taken->flows, flow);
    }
  return TRUE;
}

gboolean
trama_cli_choice_resolve (const TramaCliChoice *choice,
                          const char *path,
                          TramaFlowTable *table,
                          TramaFlowSet **flows)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (guint32));
  Taken taken = { trama_flow_table_n_flows (table), TRAMA_FLOW_NONE, list };
  g_autofree char *message = NULL;

  *flows = NULL;
  if (for_each_run (choice, take_run, &taken))
    {
      if (list->len > 0)
        *flows = trama_flow_set_new ((const guint32 *) (gconstpointer) list->data, list->len);
      return TRUE;
    }
  message = g_strdup_printf (_ ("%s: there is no conversation %u; there are %u, from 0 on"), path,
                             taken.missing, taken.n_flows);
  trama_cli_complain (message);
  return FALSE;
}
