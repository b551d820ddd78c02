/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/finding_list.h"

#include "tests/core/fixture.h"

#include <string.h>

/* The rules in a list: "closed-first refused-nobody-listens". */
static char *
render (const TramaFindings *findings, const GArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            trama_findings_get_finding (findings, g_array_index (list, guint32, i))->rule);
  return g_string_free (text, FALSE);
}

/* A connection that is opened, used and closed; then two that are refused, of another port. */
static TramaFindings *
findings_new (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;

  fixture_tcp (fixture, 10, 4000, 80, TRAMA_TCP_SYN, 100, 0, NULL);
  fixture_tcp (fixture, 20, 80, 4000, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 900, 101, NULL);
  fixture_tcp (fixture, 30, 4000, 80, TRAMA_TCP_ACK, 101, 901, NULL);
  fixture_tcp (fixture, 40, 4000, 80, TRAMA_TCP_ACK, 101, 901, "abc");
  fixture_tcp (fixture, 50, 80, 4000, TRAMA_TCP_ACK, 901, 104, NULL);
  fixture_tcp (fixture, 60, 4000, 80, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 104, 901, NULL);
  fixture_tcp (fixture, 70, 80, 4000, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 901, 105, NULL);
  fixture_tcp (fixture, 80, 4000, 80, TRAMA_TCP_ACK, 105, 902, NULL);
  for (guint16 i = 1; i < 3; i++)
    {
      fixture_tcp (fixture, 100 * i, 4000 + i, 81, TRAMA_TCP_SYN, 100, 0, NULL);
      fixture_tcp (fixture, 100 * i + 10, 81, 4000 + i, TRAMA_TCP_RST | TRAMA_TCP_ACK, 0, 101, NULL);
    }
  table = trama_flow_table_new (fixture->store);
  return trama_findings_new (table);
}

static void
assert_list (TramaFindings *findings,
             const char *filter,
             TramaFindingKey key,
             gboolean descending,
             const char *expected)
{
  g_autoptr (GArray) list = trama_sieve_run (trama_finding_list_sift (findings, filter, key, descending));
  g_autofree char *text = render (findings, list);

  g_assert_cmpstr (text, ==, expected);
}

#define REFUSED "refused-nobody-listens"
#define CLOSED "closed-first"

static void
test_sorting (void)
{
  g_autoptr (TramaFindings) findings = findings_new ();

  assert_list (findings, NULL, TRAMA_FINDING_KEY_TIME, FALSE, CLOSED " " REFUSED " " REFUSED);
  assert_list (findings, "", TRAMA_FINDING_KEY_TIME, TRUE, REFUSED " " REFUSED " " CLOSED);
  assert_list (findings, NULL, TRAMA_FINDING_KEY_SEVERITY, TRUE, REFUSED " " REFUSED " " CLOSED);
  assert_list (findings, NULL, TRAMA_FINDING_KEY_WHAT, FALSE, CLOSED " " REFUSED " " REFUSED);
  assert_list (findings, NULL, TRAMA_FINDING_KEY_WHERE, TRUE, REFUSED " " REFUSED " " CLOSED);
}

static void
test_filter (void)
{
  g_autoptr (TramaFindings) findings = findings_new ();

  assert_list (findings, "Problem", TRAMA_FINDING_KEY_TIME, FALSE, REFUSED " " REFUSED);
  assert_list (findings, "closed-first", TRAMA_FINDING_KEY_TIME, FALSE, CLOSED);
  assert_list (findings, "4001 problem", TRAMA_FINDING_KEY_TIME, FALSE, REFUSED);
  assert_list (findings, "nothing of the kind", TRAMA_FINDING_KEY_TIME, FALSE, "");
}

/* About an event, of a conversation; of none there are none. */
static void
test_lookup (void)
{
  g_autoptr (TramaFindings) findings = findings_new ();
  guint n = trama_findings_n_findings (findings), total = 0;

  for (guint i = 0; i < n; i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);
      guint n_about;
      const guint32 *about = trama_findings_get_about (findings, finding->anchor, &n_about);

      g_assert_cmpuint (n_about, ==, 1);
      g_assert_cmpuint (about[0], ==, i);
      g_assert_true (trama_findings_say (findings, finding->anchor, finding->rule));
      g_assert_false (trama_findings_say (findings, finding->anchor, "nothing of the kind"));
      trama_findings_get_about (findings, (TramaRef){ TRAMA_EVENT_CALL, finding->anchor.index }, &n_about);
      g_assert_cmpuint (n_about, ==, 0);
    }
  for (guint i = 0; i < 3; i++)
    {
      TramaFindingCount count = trama_findings_count (findings, i);

      g_assert_cmpuint (count.severity, ==, i == 0 ? TRAMA_SEVERITY_FACT : TRAMA_SEVERITY_PROBLEM);
      total += count.n;
    }
  g_assert_cmpuint (total, ==, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/finding-list/sorting", test_sorting);
  g_test_add_func ("/finding-list/filter", test_filter);
  g_test_add_func ("/finding-list/lookup", test_lookup);
  return g_test_run ();
}
