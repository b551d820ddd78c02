/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "core/trace/words.h"
#include "core/why/finding_list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

char *
trama_finding_format_where (const TramaFindings *findings, guint index)
{
  TramaFlowTable *table = trama_findings_get_table (findings);
  const TramaFinding *finding = trama_findings_get_finding (findings, index);

  if (finding->flow != TRAMA_FLOW_NONE)
    {
      g_autofree char *from = trama_event_side_name (table, finding->flow, 0);
      g_autofree char *to = trama_event_side_name (table, finding->flow, 1);

      return g_strdup_printf ("%s → %s", from, to);
    }
  return finding->actor != TRAMA_ACTOR_NONE ? trama_event_actor_name (table, finding->actor) : g_strdup ("");
}

static gboolean
finding_holds (const TramaFindings *findings, guint index, char **words)
{
  const TramaFinding *finding = trama_findings_get_finding (findings, index);
  g_autofree char *where = trama_finding_format_where (findings, index);
  g_autofree char *text = g_strjoin ("\n", finding->rule, _ (trama_severity_name (finding->severity)),
                                     finding->what, where, NULL);

  return trama_words_stand_in (words, text);
}

gboolean
trama_findings_say (const TramaFindings *findings, TramaRef ref, const char *words)
{
  g_auto (GStrv) each = NULL;
  guint n;
  const guint32 *about = trama_findings_get_about (findings, ref, &n);

  if (n == 0)
    return FALSE;
  each = trama_words_split (words);
  for (guint i = 0; i < n; i++)
    if (finding_holds (findings, about[i], each))
      return TRUE;
  return FALSE;
}

typedef struct
{
  TramaFindings *findings;
  char **words;
  TramaFindingKey key;
  int direction;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *choice = data;

  trama_findings_unref (choice->findings);
  g_strfreev (choice->words);
  g_free (choice);
}

static gboolean
keeps_finding (guint32 index, gpointer user_data)
{
  const Choice *choice = user_data;

  return finding_holds (choice->findings, index, choice->words);
}

static int
compare_by_key (const Choice *choice, guint32 one, guint32 other)
{
  const TramaFinding *a = trama_findings_get_finding (choice->findings, one);
  const TramaFinding *b = trama_findings_get_finding (choice->findings, other);

  switch (choice->key)
    {
    case TRAMA_FINDING_KEY_SEVERITY:
      return (int) a->severity - (int) b->severity;
    case TRAMA_FINDING_KEY_WHERE:
      return a->flow < b->flow ? -1 : a->flow > b->flow;
    case TRAMA_FINDING_KEY_WHAT:
      return strcmp (a->rule, b->rule);
    case TRAMA_FINDING_KEY_TIME:
      return one < other ? -1 : one > other;
    case TRAMA_N_FINDING_KEYS:
    default:
      return 0;
    }
}

static int
compare_findings (guint32 one, guint32 other, gpointer user_data)
{
  const Choice *choice = user_data;

  return compare_by_key (choice, one, other) * choice->direction;
}

TramaSieve *
trama_finding_list_sift (TramaFindings *findings,
                         const char *filter,
                         TramaFindingKey key,
                         gboolean descending)
{
  Choice *choice = g_new (Choice, 1);
  gboolean is_sorted = key == TRAMA_FINDING_KEY_TIME && !descending; /* they are kept so */

  *choice = (Choice){
    .findings = trama_findings_ref (findings),
    .words = trama_words_split (filter),
    .key = key,
    .direction = descending ? -1 : 1,
  };
  return trama_sieve_new (trama_findings_n_findings (findings), *choice->words != NULL ? keeps_finding : NULL,
                          is_sorted ? NULL : compare_findings, choice, choice_free);
}
