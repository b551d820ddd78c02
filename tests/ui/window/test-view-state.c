/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/view_state.h"

/* What every view hears, in letters: T table, S selection, Z scale. */
static void
hear (TramaViewState *state, const char *letter, GString *heard)
{
  g_string_append (heard, letter);
}

static void
on_table (TramaViewState *state, GString *heard)
{
  hear (state, "T", heard);
}

static void
on_selection (TramaViewState *state, GString *heard)
{
  hear (state, "S", heard);
}

static void
on_scale (TramaViewState *state, GString *heard)
{
  hear (state, "Z", heard);
}

static TramaViewState *
state_new (GString *heard)
{
  TramaViewState *state = trama_view_state_new ();

  g_signal_connect (state, "table-changed", G_CALLBACK (on_table), heard);
  g_signal_connect (state, "selection-changed", G_CALLBACK (on_selection), heard);
  g_signal_connect (state, "scale-changed", G_CALLBACK (on_scale), heard);
  return state;
}

static TramaFlowTable *
table_with_calls (guint n_calls)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  guint i;

  for (i = 0; i < n_calls; i++)
    {
      TramaEvent event = { .kind = TRAMA_EVENT_CALL };

      event.call = (TramaCall){
        .id = i + 1, .entry_ns = 1000 + i, .exit_ns = TRAMA_TIME_NONE, .fd = -1, .name = TRAMA_CALL_SOCKET
      };
      trama_store_append (&event, store);
    }
  return trama_flow_table_new (store);
}

static void
test_zoom (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (TramaViewState) state = state_new (heard);

  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
  trama_view_state_set_zoom (state, 1);
  g_assert_cmpstr (heard->str, ==, "");
  trama_view_state_set_zoom (state, 1e18);
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1e15);
  trama_view_state_set_zoom (state, 0);
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 0.05);
  /* A hundred steps in and out again end where they began. */
  trama_view_state_set_zoom (state, 1 + 1e-12);
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);
  g_assert_cmpstr (heard->str, ==, "ZZZ");
}

static void
test_mode (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (TramaViewState) state = state_new (heard);

  g_assert_cmpint (trama_view_state_get_mode (state), ==, TRAMA_SCALE_FOLDED);
  trama_view_state_set_mode (state, TRAMA_SCALE_ROWS);
  trama_view_state_set_mode (state, TRAMA_SCALE_ROWS);
  g_assert_cmpint (trama_view_state_get_mode (state), ==, TRAMA_SCALE_ROWS);
  g_assert_cmpstr (heard->str, ==, "Z");
}

static void
test_selection (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (TramaViewState) state = state_new (heard);
  g_autoptr (TramaFlowTable) three = table_with_calls (3);
  g_autoptr (TramaFlowTable) two = table_with_calls (2);

  trama_view_state_set_table (state, three, FALSE);
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, 2 });
  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, 2 });
  g_assert_cmpstr (heard->str, ==, "TS");
  g_assert_cmpuint (trama_view_state_get_selected (state).index, ==, 2);

  /* The trace has grown: the selection stays. */
  trama_view_state_set_table (state, three, TRUE);
  g_assert_cmpstr (heard->str, ==, "TST");
  g_assert_cmpuint (trama_view_state_get_selected (state).kind, ==, TRAMA_EVENT_CALL);

  /* A table that does not hold it: nobody may meet it, so it goes first. */
  trama_view_state_set_table (state, two, TRUE);
  g_assert_cmpstr (heard->str, ==, "TSTST");
  g_assert_cmpuint (trama_view_state_get_selected (state).kind, ==, 0);

  trama_view_state_select (state, (TramaRef){ TRAMA_EVENT_CALL, 1 });
  trama_view_state_set_table (state, NULL, FALSE);
  g_assert_cmpstr (heard->str, ==, "TSTSTSST");
  g_assert_null (trama_view_state_get_table (state));
}

static void
on_visible (TramaViewState *state, GString *heard)
{
  hear (state, "V", heard);
}

static void
on_show (TramaViewState *state, const TramaSpan *span, GString *heard)
{
  g_string_append_printf (heard, "%d-%d", (int) span->start_ns, (int) span->end_ns);
}

/* The ladder tells what is in view; others ask it for something else. */
static void
test_visible (void)
{
  g_autoptr (GString) heard = g_string_new (NULL);
  g_autoptr (TramaViewState) state = state_new (heard);

  g_signal_connect (state, "visible-changed", G_CALLBACK (on_visible), heard);
  g_signal_connect (state, "show", G_CALLBACK (on_show), heard);
  trama_view_state_set_visible (state, (TramaSpan){ 5, 9 });
  trama_view_state_set_visible (state, (TramaSpan){ 5, 9 });
  g_assert_cmpstr (heard->str, ==, "V");
  trama_view_state_show (state, (TramaSpan){ 6, 7 });
  g_assert_cmpstr (heard->str, ==, "V6-7");
  g_assert_cmpint (trama_view_state_get_visible (state).start_ns, ==, 5);
  g_assert_cmpint (trama_view_state_get_visible (state).end_ns, ==, 9);
}

/* The links of a small trace are made when they are asked for; those of a large one come with its findings. */
static void
test_links (void)
{
  g_autoptr (TramaViewState) state = trama_view_state_new ();
  g_autoptr (TramaFlowTable) small = table_with_calls (100), large = table_with_calls (100001);
  g_autoptr (TramaFlowTable) larger = table_with_calls (100002);
  g_autoptr (TramaStore) frozen = trama_store_freeze (trama_flow_table_get_store (large));
  g_autoptr (TramaFlowTable) beside = trama_flow_table_new (frozen);
  g_autoptr (TramaFindings) findings = trama_findings_new (beside), newer = trama_findings_new (beside);

  g_assert_null (trama_view_state_get_links (state));
  trama_view_state_set_table (state, small, FALSE);
  g_assert_nonnull (trama_view_state_get_links (state));
  trama_view_state_set_table (state, large, FALSE);
  g_assert_null (trama_view_state_get_links (state));
  trama_view_state_set_findings (state, findings);
  g_assert_true (trama_view_state_get_links (state) == trama_findings_get_links (findings));
  trama_view_state_set_findings (state, newer);
  g_assert_true (trama_view_state_get_links (state) == trama_findings_get_links (newer));
  /* More has come: they do not tell of it. */
  trama_view_state_set_table (state, larger, FALSE);
  trama_view_state_set_findings (state, findings);
  g_assert_null (trama_view_state_get_links (state));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view-state/zoom", test_zoom);
  g_test_add_func ("/view-state/mode", test_mode);
  g_test_add_func ("/view-state/selection", test_selection);
  g_test_add_func ("/view-state/visible", test_visible);
  g_test_add_func ("/view-state/links", test_links);
  return g_test_run ();
}
