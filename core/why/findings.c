/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <glib/gi18n-lib.h>

struct _TramaFindings
{
  gatomicrefcount ref_count;
  TramaFlowTable *table;
  TramaLinks *links; /* of it */
  GArray *findings;  /* of TramaFinding, by time */
  GStringChunk *strings;
  GArray *places;            /* of TramaRef */
  GArray *about;             /* of About, by their event */
  guint32 *by_place;         /* the findings of these */
  TramaFindingCount *counts; /* by conversation */
};

/* A place of a finding. */
typedef struct
{
  TramaRef ref;
  guint32 finding;
} About;

static int
compare_findings (gconstpointer a, gconstpointer b)
{
  const TramaFinding *x = a, *y = b;

  if (x->span.start_ns != y->span.start_ns)
    return x->span.start_ns < y->span.start_ns ? -1 : 1;
  if (x->span.end_ns != y->span.end_ns)
    return x->span.end_ns < y->span.end_ns ? -1 : 1;
  return g_strcmp0 (x->rule, y->rule);
}

static int
compare_refs (TramaRef one, TramaRef other)
{
  if (one.kind != other.kind)
    return one.kind < other.kind ? -1 : 1;
  if (one.index != other.index)
    return one.index < other.index ? -1 : 1;
  return 0;
}

static int
compare_abouts (gconstpointer a, gconstpointer b)
{
  const About *x = a, *y = b;
  int order = compare_refs (x->ref, y->ref);

  return order != 0 ? order : x->finding < y->finding ? -1 : x->finding > y->finding;
}

static void
index_places (TramaFindings *findings)
{
  findings->about = g_array_sized_new (FALSE, FALSE, sizeof (About), findings->places->len);
  for (guint32 i = 0; i < findings->findings->len; i++)
    {
      const TramaFinding *finding = &g_array_index (findings->findings, TramaFinding, i);

      for (guint k = 0; k < finding->n_places; k++)
        {
          About about = { finding->places[k], i };

          g_array_append_val (findings->about, about);
        }
    }
  g_array_sort (findings->about, compare_abouts);
  findings->by_place = g_new (guint32, MAX (findings->about->len, 1));
  for (guint i = 0; i < findings->about->len; i++)
    findings->by_place[i] = g_array_index (findings->about, About, i).finding;
}

static void
count_findings (TramaFindings *findings)
{
  guint n_flows = trama_flow_table_n_flows (findings->table);

  findings->counts = g_new0 (TramaFindingCount, n_flows);
  for (guint i = 0; i < findings->findings->len; i++)
    {
      const TramaFinding *finding = &g_array_index (findings->findings, TramaFinding, i);
      TramaFindingCount *count;

      if (finding->flow >= n_flows)
        continue;
      count = &findings->counts[finding->flow];
      count->n++;
      count->severity = MAX (count->severity, finding->severity);
    }
}

/* They lie one behind the other, as the findings were reported. */
static void
find_places (TramaFindings *findings)
{
  const TramaRef *next = (const TramaRef *) findings->places->data;

  for (guint i = 0; i < findings->findings->len; i++)
    {
      TramaFinding *finding = &g_array_index (findings->findings, TramaFinding, i);

      finding->places = next;
      next += finding->n_places;
    }
}

static void
judge (TramaCase *evidence, const TramaRule *rule)
{
  guint first = evidence->findings->len;

  evidence->rule = rule;
  for (guint i = 0; rule->flow != NULL && i < trama_flow_table_n_flows (evidence->table); i++)
    if (evidence->torn == NULL || !evidence->torn[i])
      rule->flow (evidence, i);
  for (guint i = 0; rule->call != NULL && i < trama_store_n_calls (evidence->store); i++)
    rule->call (evidence, i);
  for (guint i = 0; rule->socket != NULL && i < trama_flow_table_n_sockets (evidence->table); i++)
    rule->socket (evidence, i);
  if (rule->trace != NULL)
    rule->trace (evidence);
  for (guint i = first; i < evidence->findings->len; i++)
    {
      TramaFinding *finding = &g_array_index (evidence->findings, TramaFinding, i);

      finding->why = _ (rule->why);
      finding->todo = _ (rule->todo);
    }
}

/* Takes what was found. */
static TramaFindings *
conclude (TramaCase *evidence)
{
  TramaFindings *findings = g_new0 (TramaFindings, 1);

  g_atomic_ref_count_init (&findings->ref_count);
  findings->table = trama_flow_table_ref (evidence->table);
  findings->links = evidence->links != NULL ? trama_links_ref (evidence->links) : NULL;
  findings->findings = evidence->findings;
  findings->strings = evidence->strings;
  findings->places = evidence->places;
  find_places (findings);
  g_array_sort (findings->findings, compare_findings);
  index_places (findings);
  count_findings (findings);
  return findings;
}

TramaFindings *
trama_findings_new_cancellable (TramaFlowTable *table, GCancellable *cancellable)
{
  TramaFindings *findings;
  TramaCase evidence;
  const TramaRule *rules;
  guint n_rules;

  g_return_val_if_fail (table != NULL, NULL);

  trama_case_init (&evidence, table);
  rules = trama_rules (&n_rules);
  for (guint i = 0; i < n_rules && !g_cancellable_is_cancelled (cancellable); i++)
    judge (&evidence, &rules[i]);
  findings = conclude (&evidence);
  trama_case_clear (&evidence);
  if (g_cancellable_is_cancelled (cancellable))
    g_clear_pointer (&findings, trama_findings_unref);
  return findings;
}

TramaFindings *
trama_findings_new (TramaFlowTable *table)
{
  return trama_findings_new_cancellable (table, NULL);
}

TramaFindings *
trama_findings_new_of_capture (TramaFlowTable *table)
{
  TramaCase evidence;
  const TramaRule *rules;
  guint n_rules;

  g_return_val_if_fail (table != NULL, NULL);

  trama_case_begin (&evidence, table);
  rules = trama_rules (&n_rules);
  for (guint i = 0; i < n_rules; i++)
    if (rules[i].of_capture)
      judge (&evidence, &rules[i]);
  return conclude (&evidence);
}

TramaFindings *
trama_findings_ref (TramaFindings *findings)
{
  g_atomic_ref_count_inc (&findings->ref_count);
  return findings;
}

void
trama_findings_unref (TramaFindings *findings)
{
  if (findings == NULL || !g_atomic_ref_count_dec (&findings->ref_count))
    return;
  g_array_unref (findings->findings);
  g_string_chunk_free (findings->strings);
  g_array_unref (findings->places);
  g_array_unref (findings->about);
  g_free (findings->by_place);
  g_free (findings->counts);
  trama_links_unref (findings->links);
  trama_flow_table_unref (findings->table);
  g_free (findings);
}

TramaFlowTable *
trama_findings_get_table (const TramaFindings *findings)
{
  return findings->table;
}

TramaLinks *
trama_findings_get_links (const TramaFindings *findings)
{
  return findings->links;
}

guint
trama_findings_n_findings (const TramaFindings *findings)
{
  return findings->findings->len;
}

const TramaFinding *
trama_findings_get_finding (const TramaFindings *findings, guint index)
{
  g_return_val_if_fail (index < findings->findings->len, NULL);
  return &g_array_index (findings->findings, TramaFinding, index);
}

gboolean
trama_finding_is_of_capture (const TramaFinding *finding)
{
  return finding->anchor.kind == TRAMA_EVENT_PACKET && finding->flow == TRAMA_FLOW_NONE;
}

gboolean
trama_finding_is_about (const TramaFinding *finding, TramaRef ref)
{
  for (guint i = 0; i < finding->n_places; i++)
    if (compare_refs (finding->places[i], ref) == 0)
      return TRUE;
  return FALSE;
}

/* The first place that is @ref, or comes behind it. */
static guint
find_about (const TramaFindings *findings, TramaRef ref)
{
  guint low = 0, high = findings->about->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_refs (g_array_index (findings->about, About, middle).ref, ref) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const guint32 *
trama_findings_get_about (const TramaFindings *findings, TramaRef ref, guint *n)
{
  guint first = find_about (findings, ref);

  *n = find_about (findings, (TramaRef){ ref.kind, ref.index + 1 }) - first;
  return findings->by_place + first;
}

TramaFindingCount
trama_findings_count (const TramaFindings *findings, guint flow)
{
  g_return_val_if_fail (flow < trama_flow_table_n_flows (findings->table), (TramaFindingCount){ 0 });
  return findings->counts[flow];
}

const char *
trama_severity_name (guint severity)
{
  static const char *const names[TRAMA_N_SEVERITIES] = {
    [TRAMA_SEVERITY_FACT] = N_ ("fact"),
    [TRAMA_SEVERITY_NOTICE] = N_ ("notice"),
    [TRAMA_SEVERITY_PROBLEM] = N_ ("problem"),
  };

  return severity < TRAMA_N_SEVERITIES ? names[severity] : NULL;
}

const char *
trama_findings_rule_name (guint index)
{
  guint n_rules;
  const TramaRule *rules = trama_rules (&n_rules);

  return index < n_rules ? rules[index].name : NULL;
}
