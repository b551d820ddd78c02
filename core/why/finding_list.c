/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
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
holds (const char *text, const char *word)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, word) != NULL;
}

static gboolean
finding_holds (const TramaFindings *findings, guint index, const char *word)
{
  const TramaFinding *finding = trama_findings_get_finding (findings, index);
  g_autofree char *where = NULL;

  if (strstr (finding->rule, word) != NULL || holds (_ (trama_severity_name (finding->severity)), word)
      || holds (finding->what, word))
    return TRUE;
  where = trama_finding_format_where (findings, index);
  return holds (where, word);
}

static gboolean
finding_holds_all (const TramaFindings *findings, guint index, char **words)
{
  for (; *words != NULL; words++)
    if (**words != '\0' && !finding_holds (findings, index, *words))
      return FALSE;
  return TRUE;
}

gboolean
trama_findings_say (const TramaFindings *findings, TramaRef ref, const char *words)
{
  g_autofree char *folded = NULL;
  g_auto (GStrv) each = NULL;
  guint n;
  const guint32 *about = trama_findings_get_about (findings, ref, &n);

  if (n == 0)
    return FALSE;
  folded = g_utf8_casefold (words, -1);
  each = g_strsplit (folded, " ", -1);
  for (guint i = 0; i < n; i++)
    if (finding_holds_all (findings, about[i], each))
      return TRUE;
  return FALSE;
}

typedef struct
{
  const TramaFindings *findings;
  TramaFindingKey key;
  int direction;
} Choice;

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

/* They are kept in order of time. */
static int
compare (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Choice *choice = user_data;
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
  int order = compare_by_key (choice, x, y);

  return order != 0 ? order * choice->direction : x < y ? -1 : x > y;
}

GArray *
trama_finding_list_new (const TramaFindings *findings,
                        const char *filter,
                        TramaFindingKey key,
                        gboolean descending)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint32));
  Choice choice = { findings, key, descending ? -1 : 1 };
  g_autofree char *folded = g_utf8_casefold (filter != NULL ? filter : "", -1);
  g_auto (GStrv) words = g_strsplit (folded, " ", -1);

  for (guint32 i = 0; i < trama_findings_n_findings (findings); i++)
    if (finding_holds_all (findings, i, words))
      g_array_append_val (list, i);
  if (key != TRAMA_FINDING_KEY_TIME || descending)
    g_array_sort_with_data (list, compare, &choice);
  return list;
}
