/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/trail.h"

#include "tests/core/fixture.h"

#include <string.h>

/* What is lit on the ladder when an event is selected, and the ribbons of its bytes. */

enum
{
  CLIENT = 40122,
  SERVER = 5000,
};

typedef struct
{
  Fixture *fixture;
  TramaFlowTable *table;
  TramaLinks *links;
  TramaChart *chart;
} Trace;

static void
add_call (Fixture *fixture, guint16 name, guint32 actor, gint64 entry_us, gint64 exit_us, const char *data)
{
  fixture_call (fixture, &(FixtureCall){ .name = name,
                                         .actor = actor,
                                         .entry_us = entry_us,
                                         .exit_us = exit_us,
                                         .fd = actor == 1 ? 3 : 4,
                                         .socket = actor == 1 ? 21 : 12,
                                         .result = (gint64) strlen (data),
                                         .number = 64,
                                         .data = data });
}

/* Two writes fill one segment, which two reads empty otherwise: 3 + 4 becomes 5 + 2. */
static Trace
trace_new (void)
{
  const TramaChartOptions options = { .width_px = 1600, .height_px = 900, .text_scale = 1 };
  Trace trace = { .fixture = fixture_new () };
  guint32 client = fixture_actor (trace.fixture, "client"), server = fixture_actor (trace.fixture, "server");

  g_assert_cmpuint (client, ==, 1);
  fixture_state (trace.fixture, 5, 21, TRAMA_TCP_ESTABLISHED, CLIENT, SERVER);
  fixture_state (trace.fixture, 5, 12, TRAMA_TCP_ESTABLISHED, SERVER, CLIENT);
  fixture_tcp (trace.fixture, 6, CLIENT, SERVER, TRAMA_TCP_SYN, 100, 0, NULL);
  fixture_tcp (trace.fixture, 7, SERVER, CLIENT, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 300, 101, NULL);
  fixture_tcp (trace.fixture, 8, CLIENT, SERVER, TRAMA_TCP_ACK, 101, 301, NULL);
  add_call (trace.fixture, TRAMA_CALL_WRITE, client, 20, 22, "abc");
  add_call (trace.fixture, TRAMA_CALL_WRITE, client, 30, 34, "defg");
  fixture_tcp (trace.fixture, 32, CLIENT, SERVER, TRAMA_TCP_ACK, 101, 301, "abcdefg");
  add_call (trace.fixture, TRAMA_CALL_READ, server, 40, 44, "abcde");
  add_call (trace.fixture, TRAMA_CALL_READ, server, 50, 52, "fg");
  trace.table = trama_flow_table_new (trace.fixture->store);
  trace.links = trama_links_new (trace.table);
  trace.chart = trama_chart_new (trace.table, &options);
  return trace;
}

static void
trace_clear (Trace *trace)
{
  trama_chart_unref (trace->chart);
  trama_links_unref (trace->links);
  trama_flow_table_unref (trace->table);
  fixture_free (trace->fixture);
}

static char *
render (const TramaTrail *trail)
{
  static const char letters[] = { [TRAMA_EVENT_PACKET] = 'p', [TRAMA_EVENT_CALL] = 'c' };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      const TramaRibbon *ribbon = trama_trail_get_ribbon (trail, i);

      g_string_append_printf (text, "%c%u>%c%u %s\n", letters[ribbon->cause.kind], ribbon->cause.index,
                              letters[ribbon->effect.kind], ribbon->effect.index, ribbon->short_label);
    }
  return g_string_free (text, FALSE);
}

static void
assert_trail (const Trace *trace, TramaRef selected, const char *ribbons)
{
  g_autoptr (TramaTrail) trail = trama_trail_new (trace->chart, trace->links, selected);
  g_autofree char *text = NULL;

  g_assert_nonnull (trail);
  g_assert_true (trama_trail_has (trail, selected));
  text = render (trail);
  g_assert_cmpstr (text, ==, ribbons);
  for (guint i = 0; i < trama_trail_n_ribbons (trail); i++)
    {
      g_assert_true (trama_trail_has (trail, trama_trail_get_ribbon (trail, i)->cause));
      g_assert_true (trama_trail_has (trail, trama_trail_get_ribbon (trail, i)->effect));
    }
}

static void
test_packet (void)
{
  Trace trace = trace_new ();

  assert_trail (&trace, (TramaRef){ TRAMA_EVENT_PACKET, 3 }, "c0>p3 0–2\nc1>p3 3–6\np3>c2 0–4\np3>c3 5–6\n");
  trace_clear (&trace);
}

/* Of a call also who had its bytes at the other end, and nobody else. */
static void
test_calls (void)
{
  Trace trace = trace_new ();
  g_autoptr (TramaTrail) trail = NULL;

  assert_trail (&trace, (TramaRef){ TRAMA_EVENT_CALL, 0 }, "c0>p3 0–2\np3>c2 0–4\n");
  assert_trail (&trace, (TramaRef){ TRAMA_EVENT_CALL, 1 }, "c1>p3 3–6\np3>c2 0–4\np3>c3 5–6\n");
  assert_trail (&trace, (TramaRef){ TRAMA_EVENT_CALL, 3 }, "p3>c3 5–6\nc1>p3 3–6\n");
  trail = trama_trail_new (trace.chart, trace.links, (TramaRef){ TRAMA_EVENT_CALL, 0 });
  g_assert_false (trama_trail_has (trail, (TramaRef){ TRAMA_EVENT_CALL, 1 }));
  g_assert_false (trama_trail_has (trail, (TramaRef){ TRAMA_EVENT_CALL, 3 }));
  g_assert_false (trama_trail_has (trail, (TramaRef){ TRAMA_EVENT_PACKET, 0 }));
  trace_clear (&trace);
}

/* Bytes take room in proportion: one behind the other at the segment, each within its bar. */
static void
test_edges (void)
{
  Trace trace = trace_new ();
  g_autoptr (TramaTrail)
      trail = trama_trail_new (trace.chart, trace.links, (TramaRef){ TRAMA_EVENT_PACKET, 3 });
  const TramaRibbon *first = trama_trail_get_ribbon (trail, 0), *second = trama_trail_get_ribbon (trail, 1);
  TramaRect bar, arrow;

  g_assert_true (trama_chart_get_bounds (trace.chart, first->cause, &bar));
  g_assert_true (trama_chart_get_bounds (trace.chart, first->effect, &arrow));
  g_assert_cmpfloat_with_epsilon (first->bottom1, second->top1, 1e-6);
  g_assert_cmpfloat_with_epsilon ((first->bottom1 - first->top1) / (second->bottom1 - second->top1), 3.0 / 4,
                                  1e-6);
  g_assert_cmpfloat (first->top0, >=, bar.y);
  g_assert_cmpfloat (first->bottom0, >, first->top0);
  g_assert_true (first->x1 == arrow.x || first->x1 == arrow.x + arrow.width);
  g_assert_true (trama_trail_get_ribbon (trail, 2)->x0 != first->x1);
  trace_clear (&trace);
}

static void
test_nothing (void)
{
  Trace trace = trace_new ();

  g_assert_null (trama_trail_new (trace.chart, trace.links, (TramaRef){ 0 }));
  g_assert_null (trama_trail_new (trace.chart, trace.links, (TramaRef){ TRAMA_EVENT_NOTE, 0 }));
  trace_clear (&trace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/trail/packet", test_packet);
  g_test_add_func ("/chart/trail/calls", test_calls);
  g_test_add_func ("/chart/trail/edges", test_edges);
  g_test_add_func ("/chart/trail/nothing", test_nothing);
  return g_test_run ();
}
