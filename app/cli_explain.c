/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_calls.h"
#include "app/cli_note.h"
#include "app/cli_trace.h"

#include "core/trace/json.h"
#include "core/why/finding.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* trama-cli explain: what there is to say about a capture. */

/* The number that “packets” or “calls” give the event of that kind. */
static void
add_anchor (GString *out, const char *key, TramaRef anchor, guint32 kind, const guint *call_numbers)
{
  if (anchor.kind != kind)
    trama_json_add_null (out, key);
  else
    trama_json_add_unsigned (out, key,
                             kind == TRAMA_EVENT_CALL ? call_numbers[anchor.index] : anchor.index + 1);
}

/* The numbers of all events of the same kind that it is about. */
static void
add_places (GString *out, const TramaFinding *finding, const guint *call_numbers)
{
  gboolean is_calls = finding->anchor.kind == TRAMA_EVENT_CALL;

  trama_json_begin_array (out, "places");
  for (guint i = 0; i < finding->n_places; i++)
    trama_json_add_unsigned (
        out, NULL, is_calls ? call_numbers[finding->places[i].index] : finding->places[i].index + 1);
  trama_json_end_array (out);
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
append_object (GString *out,
               const TramaFindings *findings,
               const TramaFinding *finding,
               const guint *call_numbers)
{
  TramaStore *store = trama_flow_table_get_store (trama_findings_get_table (findings));
  const TramaActor *actor = trama_store_find_actor (store, finding->actor);

  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "rule", finding->rule);
  trama_json_add_string (out, "severity", trama_severity_name (finding->severity));
  trama_json_add_signed (out, "start_ns", finding->span.start_ns);
  trama_json_add_signed (out, "end_ns", finding->span.end_ns);
  add_anchor (out, "packet", finding->anchor, TRAMA_EVENT_PACKET, call_numbers);
  add_anchor (out, "call", finding->anchor, TRAMA_EVENT_CALL, call_numbers);
  if (finding->flow != TRAMA_FLOW_NONE)
    trama_json_add_unsigned (out, "flow", finding->flow);
  else
    trama_json_add_null (out, "flow");
  trama_json_add_string (out, "actor", actor != NULL ? actor->name : NULL);
  trama_json_add_unsigned (out, "socket", finding->socket);
  trama_json_add_string (out, "what", finding->what);
  trama_json_add_string (out, "why", finding->why);
  trama_json_add_string (out, "todo", finding->todo);
  add_places (out, finding, call_numbers);
  trama_cli_note_add (out, store, finding->anchor);
  trama_json_end_object (out);
}

/* Of one about no conversation, what it stands beside tells whether it belongs to the part. */
static gboolean
is_asked_for (const TramaCliPart *part, const TramaFinding *finding)
{
  if (!trama_cli_part_has_time (part, finding->span.start_ns, finding->span.end_ns))
    return FALSE;
  return finding->flow != TRAMA_FLOW_NONE ? trama_flow_set_has (part->flows, finding->flow)
                                          : trama_cli_part_has (part, finding->anchor);
}

static void
print_json (const TramaFindings *findings, const TramaCliPart *part, guint least)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree guint *call_numbers = trama_cli_number_calls (
      trama_flow_table_get_store (trama_findings_get_table (findings)));

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      if (finding->severity < least || !is_asked_for (part, finding))
        continue;
      g_string_truncate (out, 0);
      append_object (out, findings, finding, call_numbers);
      puts (out->str);
    }
}

static void
print_finding (const TramaStore *store, const TramaFinding *finding, gint64 begin_ns)
{
  g_autofree char *note = trama_cli_note_format (store, finding->anchor);
  g_autofree char *time = trama_offset_format (finding->span.start_ns - begin_ns);

  printf ("%s  %s\n", time, finding->what);
  printf ("%*s  %s\n", (int) g_utf8_strlen (time, -1), "", finding->why);
  printf ("%*s  → %s\n", (int) g_utf8_strlen (time, -1), "", finding->todo);
  if (*note != '\0')
    printf ("%*s%s\n", (int) g_utf8_strlen (time, -1), "", note);
}

/* That nothing was found tells something only of what could be read. */
static void
print_nothing (TramaFlowTable *table)
{
  TramaStore *store = trama_flow_table_get_store (table);
  guint n_packets = trama_store_n_packets (store);

  if (trama_flow_table_n_flows (table) > 0 || trama_store_n_calls (store) > 0)
    puts (_ ("Nothing was found that has to be explained."));
  else if (n_packets == 0)
    puts (_ ("There is nothing to explain: no packet, and no call."));
  else
    printf (g_dngettext (GETTEXT_PACKAGE, "There is nothing to explain: no conversation in its %u packet.\n",
                         "There is nothing to explain: no conversation in its %u packets.\n", n_packets),
            n_packets);
}

/* What it is told from, when that is not all there could be. */
static void
print_ground (TramaFlowTable *table)
{
  if (trama_store_n_calls (trama_flow_table_get_store (table)) == 0 && trama_flow_table_n_flows (table) > 0)
    printf ("\n%s\n", _ ("The capture has no calls: all this is told from its packets alone."));
}

/* The worst first. */
static void
print_text (const TramaFindings *findings, const TramaCliPart *part, guint least)
{
  static const char *const titles[TRAMA_N_SEVERITIES] = { N_ ("Facts"), N_ ("Notices"), N_ ("Problems") };
  TramaStore *store = trama_flow_table_get_store (trama_findings_get_table (findings));
  TramaSpan span = { 0, 0 };
  gboolean any = FALSE;

  trama_store_get_span (store, &span);
  for (guint severity = TRAMA_N_SEVERITIES; severity-- > least;)
    {
      gboolean begun = FALSE;

      for (guint i = 0; i < trama_findings_n_findings (findings); i++)
        {
          const TramaFinding *finding = trama_findings_get_finding (findings, i);

          if (finding->severity != severity || !is_asked_for (part, finding))
            continue;
          if (!begun)
            printf ("%s%s\n", any ? "\n" : "", _ (titles[severity]));
          begun = any = TRUE;
          print_finding (store, finding, span.start_ns);
        }
    }
  if (!any && least == TRAMA_SEVERITY_FACT)
    print_nothing (trama_findings_get_table (findings));
  if (least == TRAMA_SEVERITY_FACT)
    print_ground (trama_findings_get_table (findings));
}

static gboolean
has_problem (const TramaFindings *findings, const TramaCliPart *part)
{
  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      if (finding->severity == TRAMA_SEVERITY_PROBLEM && is_asked_for (part, finding))
        return TRUE;
    }
  return FALSE;
}

/* Takes “-q” out of the arguments; what is left is for all commands that read. */
static gboolean
take_quiet (int *argc, char **argv)
{
  int kept = 0;
  gboolean quiet = FALSE;

  for (int i = 0; i < *argc; i++)
    if (strcmp (argv[i], "-q") == 0 || strcmp (argv[i], "--quiet") == 0)
      quiet = TRUE;
    else
      argv[kept++] = argv[i];
  *argc = kept;
  return quiet;
}

int
trama_cli_explain (int argc, char **argv)
{
  guint least = take_quiet (&argc, argv) ? TRAMA_SEVERITY_PROBLEM : TRAMA_SEVERITY_FACT;
  TramaCliReading reading = { .can_choose = TRUE };
  gboolean problem = FALSE;
  int status;

  if (trama_cli_reading_begin (&reading, argc, argv))
    {
      g_autoptr (TramaFlowTable)
          table = trama_flow_table_new (trama_source_get_store (reading.capture.source));
      g_autoptr (TramaFindings) findings = NULL;

      if (!trama_cli_reading_choose (&reading, table))
        return trama_cli_reading_end (&reading);
      findings = trama_findings_new (table);
      if (reading.json)
        print_json (findings, &reading.part, least);
      else
        print_text (findings, &reading.part, least);
      problem = has_problem (findings, &reading.part);
    }
  status = trama_cli_reading_end (&reading);
  return status == TRAMA_CLI_OK && problem ? TRAMA_CLI_PROBLEM : status;
}
