/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/edge.h"

#include "tests/core/fixture.h"

#include <math.h>

#define N_CALLERS 300
#define SERVER 80
#define PITCH_PX 30 /* as edge.c has it */

/* A caller that makes a call just before each of its packets: the ladder of @port is drawn with all others. */
static void
call (Fixture *fixture, guint32 actor, gint64 time_us, guint16 port)
{
  const FixtureCall socket_call = {
    .name = TRAMA_CALL_SOCKET,
    .actor = actor,
    .entry_us = time_us,
    .exit_us = time_us,
    .fd = -1,
    .made = port,
    .result = 3,
  };
  const FixtureCall connect_call = {
    .name = TRAMA_CALL_CONNECT,
    .actor = actor,
    .entry_us = time_us,
    .exit_us = time_us + 10,
    .fd = 3,
    .socket = port,
    .port = SERVER,
  };

  fixture_call (fixture, &socket_call);
  fixture_call (fixture, &connect_call);
}

/* Nobody answers at first and much happens at once; later somebody does, and calls are far apart. */
static TramaFlowTable *
make_table (gboolean calls)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint32 actor = calls ? fixture_actor (fixture, "client") : 0;
  gint64 time_us = 0;

  g_random_set_seed (6);
  for (guint16 i = 0; i < N_CALLERS; i++)
    {
      guint16 port = (guint16) (20000 + i);
      gboolean refused = i % 7 != 3;

      if (calls)
        call (fixture, actor, time_us, port);
      fixture_tcp (fixture, time_us, port, SERVER, TRAMA_TCP_SYN, 100, 0, NULL);
      fixture_tcp (fixture, time_us + 10, SERVER, port,
                   refused ? TRAMA_TCP_RST | TRAMA_TCP_ACK : TRAMA_TCP_SYN | TRAMA_TCP_ACK, refused ? 0 : 900,
                   101, NULL);
      if (!refused)
        {
          fixture_tcp (fixture, time_us + 20, port, SERVER, TRAMA_TCP_ACK, 101, 901, NULL);
          fixture_tcp (fixture, time_us + 30, port, SERVER, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 101, 901, NULL);
          fixture_tcp (fixture, time_us + 40, SERVER, port, TRAMA_TCP_FIN | TRAMA_TCP_ACK, 901, 102, NULL);
          fixture_tcp (fixture, time_us + 50, port, SERVER, TRAMA_TCP_ACK, 102, 902, NULL);
        }
      time_us += i < 200 ? g_random_int_range (1, 60) : g_random_int_range (200, 40000);
    }
  return trama_flow_table_new (fixture->store);
}

static TramaChart *
make_chart (TramaFlowTable *table, TramaScaleMode mode, double ns_per_px)
{
  const TramaChartOptions options = {
    .width_px = 1920,
    .height_px = 800,
    .ns_per_px = ns_per_px,
    .text_scale = 1,
    .mode = mode,
  };

  return trama_chart_new (table, &options);
}

/* Every finding is in one mark, no mark touches another, and each stands where what it is about does. */
static void
check_marks (const TramaEdge *edge, const TramaChart *chart)
{
  g_autoptr (GArray) marks = trama_edge_get_marks (edge, chart, 0, chart->body_px);
  double reach = chart->body_px / floor (MAX (chart->body_px / (PITCH_PX * chart->scale), 1)) / 2 + 1e-6;
  guint next = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const TramaEdgeMark *mark = &g_array_index (marks, TramaEdgeMark, i);

      g_assert_cmpuint (mark->first, ==, next);
      g_assert_cmpuint (mark->n, >, 0);
      g_assert_true (mark->worst >= mark->first && mark->worst < mark->first + mark->n);
      next += mark->n;
      g_assert_cmpfloat (mark->x - mark->size_px / 2, >=, chart->edge_x0);
      g_assert_cmpfloat (mark->count_x, >=, mark->x + mark->size_px / 2);
      g_assert_cmpfloat (mark->count_x + mark->count_width_px, <=, chart->edge_x1 + 1e-6);
      g_assert_cmpfloat (mark->mark_y - mark->size_px / 2, >=, 0);
      g_assert_cmpfloat (mark->mark_y + mark->size_px / 2, <=, chart->body_px);
      g_assert_cmpfloat (fabs (mark->mark_y - mark->y), <=, reach);
      if (i > 0)
        g_assert_cmpfloat (mark->mark_y - mark[-1].mark_y, >=, mark->size_px);
    }
  g_assert_cmpuint (next, ==, trama_edge_n_places (edge));
}

/* The first of the worst speaks for them all. */
static void
check_worst (const TramaEdge *edge, const TramaChart *chart)
{
  g_autoptr (GArray) marks = trama_edge_get_marks (edge, chart, 0, chart->body_px);
  TramaFindings *findings = trama_edge_get_findings (edge);

  for (guint i = 0; i < marks->len; i++)
    {
      const TramaEdgeMark *mark = &g_array_index (marks, TramaEdgeMark, i);

      for (guint j = mark->first; j < mark->first + mark->n; j++)
        {
          const TramaFinding *finding = trama_findings_get_finding (findings,
                                                                    trama_edge_get_finding (edge, j));

          g_assert_cmpuint (finding->severity, <=, mark->severity);
          if (j < mark->worst)
            g_assert_cmpuint (finding->severity, <, mark->severity);
          if (j == mark->worst)
            g_assert_cmpuint (finding->severity, ==, mark->severity);
          g_assert_true (trama_edge_is_about (edge, mark, finding->anchor, NULL));
        }
    }
}

/* A part of the edge has the marks that the whole has there, and a click finds each. */
static void
check_parts (const TramaEdge *edge, const TramaChart *chart)
{
  g_autoptr (GArray) whole = trama_edge_get_marks (edge, chart, 0, chart->body_px);
  guint at = 0;

  for (double y = 0; y < chart->body_px; y += 256)
    {
      g_autoptr (GArray) part = trama_edge_get_marks (edge, chart, y, y + 256);

      for (guint i = 0; i < part->len; i++)
        {
          const TramaEdgeMark *mark = &g_array_index (part, TramaEdgeMark, i);
          const TramaEdgeMark *same;

          while (g_array_index (whole, TramaEdgeMark, at).first > mark->first)
            at--;
          while (g_array_index (whole, TramaEdgeMark, at).first < mark->first)
            at++;
          same = &g_array_index (whole, TramaEdgeMark, at);
          g_assert_cmpuint (mark->n, ==, same->n);
          g_assert_cmpfloat (mark->mark_y, ==, same->mark_y);
        }
    }
  for (guint i = 0; i < whole->len; i++)
    {
      const TramaEdgeMark *mark = &g_array_index (whole, TramaEdgeMark, i);
      TramaEdgeMark hit;

      g_assert_true (trama_edge_hit (edge, chart, mark->x, mark->mark_y, &hit));
      g_assert_cmpuint (hit.first, ==, mark->first);
      g_assert_true (trama_edge_hit (edge, chart, mark->count_x + 1, mark->mark_y + mark->size_px / 3, &hit));
      g_assert_cmpuint (hit.first, ==, mark->first);
      g_assert_false (trama_edge_hit (edge, chart, chart->edge_x0 - 1, mark->mark_y, &hit));
    }
}

static void
test_layout (void)
{
  static const double scales[] = { 0, 400000, 4000, 100 };
  g_autoptr (TramaFlowTable) table = make_table (TRUE);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  g_autoptr (TramaEdge) edge = trama_edge_new (findings, NULL);

  g_assert_cmpuint (trama_edge_n_places (edge), >=, N_CALLERS);
  g_assert_cmpuint (trama_edge_n_places (edge), ==, trama_findings_n_findings (findings));
  for (guint severity = 0; severity < TRAMA_N_SEVERITIES; severity++)
    {
      guint n = 0;

      for (guint i = 0; i < trama_findings_n_findings (findings); i++)
        n += trama_findings_get_finding (findings, i)->severity == severity;
      g_assert_cmpint (trama_edge_has (edge, severity), ==, n > 0);
    }
  for (TramaScaleMode mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
    for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
      {
        g_autoptr (TramaChart) chart = make_chart (table, mode, scales[i]);

        g_assert_null (chart->flows);
        check_marks (edge, chart);
        check_worst (edge, chart);
        check_parts (edge, chart);
      }
}

/* Alone, a mark is as high as its event; far from it, one stands for all of them. */
static void
test_alone_and_merged (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFindings) findings = NULL;
  g_autoptr (TramaEdge) edge = NULL;
  g_autoptr (TramaChart) near = NULL, far = NULL;
  g_autoptr (GArray) apart = NULL, merged = NULL;
  guint32 actor = fixture_actor (fixture, "client");

  for (guint16 i = 0; i < 5; i++)
    {
      call (fixture, actor, 1000 * i, (guint16) (4000 + i));
      fixture_tcp (fixture, 1000 * i, (guint16) (4000 + i), SERVER, TRAMA_TCP_SYN, 1, 0, NULL);
      fixture_tcp (fixture, 1000 * i + 1, SERVER, (guint16) (4000 + i), TRAMA_TCP_RST | TRAMA_TCP_ACK, 0, 2,
                   NULL);
    }
  table = trama_flow_table_new (fixture->store);
  findings = trama_findings_new (table);
  edge = trama_edge_new (findings, NULL);
  g_assert_cmpuint (trama_edge_n_places (edge), ==, 5);

  near = make_chart (table, TRAMA_SCALE_TO_SCALE, 2000);
  apart = trama_edge_get_marks (edge, near, 0, near->body_px);
  g_assert_cmpuint (apart->len, ==, 5);
  for (guint i = 1; i < 5; i++)
    {
      const TramaEdgeMark *mark = &g_array_index (apart, TramaEdgeMark, i);
      const TramaFinding *finding = trama_findings_get_finding (findings,
                                                                trama_edge_get_finding (edge, mark->first));
      TramaPacket packet;

      trama_store_get_packet (fixture->store, finding->anchor.index, &packet);
      g_assert_cmpuint (mark->n, ==, 1);
      g_assert_cmpuint (mark->severity, ==, TRAMA_SEVERITY_PROBLEM);
      g_assert_cmpfloat (mark->mark_y, ==, mark->y);
      g_assert_cmpfloat (mark->y, ==, trama_chart_y_of_time (near, packet.time_ns));
    }

  far = make_chart (table, TRAMA_SCALE_TO_SCALE, 1000000);
  merged = trama_edge_get_marks (edge, far, 0, far->body_px);
  g_assert_cmpuint (merged->len, ==, 1);
  g_assert_cmpuint (g_array_index (merged, TramaEdgeMark, 0).n, ==, 5);
}

/* A ladder that shows one conversation has its findings at its edge, not those of others. */
static void
test_one_conversation (void)
{
  static const guint32 first[] = { 0 };
  g_autoptr (TramaFlowTable) table = make_table (FALSE);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  g_autoptr (TramaFlowSet) flows = trama_flow_set_new (first, 1);
  g_autoptr (TramaEdge) edge = trama_edge_new (findings, flows);

  g_assert_cmpuint (trama_edge_n_places (edge), <, trama_findings_n_findings (findings));
  g_assert_cmpuint (trama_edge_n_places (edge), ==, trama_findings_count (findings, 0).n);
  g_assert_cmpuint (trama_edge_n_places (edge), >, 0);
  for (guint i = 0; i < trama_edge_n_places (edge); i++)
    g_assert_cmpuint (trama_findings_get_finding (findings, trama_edge_get_finding (edge, i))->flow, ==, 0);
}

/* Nothing was found: nothing is drawn, wherever one looks. */
static void
test_nothing (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaFindings) findings = NULL;
  g_autoptr (TramaEdge) edge = NULL;
  g_autoptr (TramaChart) chart = NULL;
  g_autoptr (GArray) marks = NULL;

  fixture_udp (fixture, 0, 4000, 53, "one");
  table = trama_flow_table_new (fixture->store);
  findings = trama_findings_new (table);
  g_assert_cmpuint (trama_findings_n_findings (findings), ==, 0);
  edge = trama_edge_new (findings, NULL);
  chart = make_chart (table, TRAMA_SCALE_FOLDED, 0);
  marks = trama_edge_get_marks (edge, chart, -1000, 1e9);
  g_assert_cmpuint (marks->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/edge/layout", test_layout);
  g_test_add_func ("/edge/alone-and-merged", test_alone_and_merged);
  g_test_add_func ("/edge/one-conversation", test_one_conversation);
  g_test_add_func ("/edge/nothing", test_nothing);
  return g_test_run ();
}
