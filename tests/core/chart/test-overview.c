/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/overview.h"
#include "tests/core/fixture.h"

#include <string.h>

#define WIDTH_PX 600
#define HEIGHT_PX 80

static TramaOverview *
overview_new (TramaFlowTable *table, TramaScaleMode mode)
{
  const TramaOverviewOptions options = { WIDTH_PX, HEIGHT_PX, 1, mode };
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);

  while (trama_density_follow (density, table, 1000))
    ;
  return trama_overview_new (table, density, &options);
}

static TramaOverview *
overview_of (Fixture *fixture, TramaScaleMode mode)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);

  return overview_new (table, mode);
}

/* A conversation of @port from @start_us that lasts @length_us; its last packet is a FIN or a RST. */
static void
talk (Fixture *fixture, guint16 port, gint64 start_us, gint64 length_us, guint8 last)
{
  fixture_tcp (fixture, start_us, port, 80, TRAMA_TCP_SYN, 1000, 0, NULL);
  fixture_tcp (fixture, start_us + 1, 80, port, TRAMA_TCP_SYN | TRAMA_TCP_ACK, 2000, 1001, NULL);
  fixture_tcp (fixture, start_us + length_us / 2, port, 80, TRAMA_TCP_ACK, 1001, 2001, "hello");
  fixture_tcp (fixture, start_us + length_us, port, 80, last, 1006, 2001, NULL);
}

static void
assert_in_strip (const TramaOverview *overview)
{
  g_assert_cmpfloat (overview->bars_y0, >=, 0);
  g_assert_cmpfloat (overview->bars_y1, <, overview->marks_y);
  g_assert_cmpfloat (overview->marks_y, <, overview->area_y0);
  g_assert_cmpfloat (overview->area_y1, <=, HEIGHT_PX);
  for (guint i = 0; i < overview->n_pieces; i++)
    {
      const TramaOverviewPiece *piece = &overview->pieces[i];

      g_assert_cmpfloat (piece->x0, >=, 0);
      g_assert_cmpfloat (piece->x1 - piece->x0, >=, 1.999);
      g_assert_cmpfloat (piece->x1, <=, WIDTH_PX);
      g_assert_cmpfloat (piece->y0, >=, overview->bars_y0);
      g_assert_cmpfloat (piece->y1 - piece->y0, >=, 3);
      g_assert_cmpfloat (piece->y1, <=, overview->bars_y1);
    }
  for (guint i = 0; i < overview->n_areas; i++)
    {
      g_assert_cmpfloat (overview->areas[i], >=, 0);
      g_assert_cmpfloat (overview->areas[i], <=, overview->area_y1 - overview->area_y0);
    }
}

/* No two bars lie on one another; there are few enough to compare each with each. */
static void
assert_apart (const TramaOverview *overview)
{
  for (guint i = 0; i < overview->n_pieces; i++)
    for (guint j = 0; j < i; j++)
      {
        const TramaOverviewPiece *a = &overview->pieces[i], *b = &overview->pieces[j];

        g_assert_true (a->y0 >= b->y1 || b->y0 >= a->y1 || a->x0 >= b->x1 || b->x0 >= a->x1);
      }
}

/* Setup, data, teardown, one behind the other; and time is found again in every mode. */
static void
test_telephone (void)
{
  for (TramaScaleMode mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
    {
      g_autoptr (Fixture) fixture = fixture_new ();
      g_autoptr (TramaOverview) overview = NULL;
      gint64 last_ns = G_MININT64;

      fixture_telephone (fixture);
      overview = overview_of (fixture, mode);
      assert_in_strip (overview);
      g_assert_cmpuint (overview->n_pieces, ==, 3);
      for (guint i = 0; i < 3; i++)
        g_assert_cmpuint (overview->pieces[i].phase, ==, TRAMA_PHASE_SETUP + i);
      g_assert_cmpfloat (overview->pieces[0].x1, ==, overview->pieces[1].x0);
      g_assert_cmpfloat (overview->pieces[1].x1, ==, overview->pieces[2].x0);
      g_assert_cmpuint (overview->n_columns, ==, 0);
      g_assert_cmpuint (overview->n_marks, ==, 0);
      g_assert_nonnull (overview->peak);
      for (double x = 0; x <= WIDTH_PX; x++)
        {
          gint64 time_ns = trama_overview_time_of_x (overview, x);

          g_assert_cmpint (time_ns, >=, last_ns);
          g_assert_cmpint (time_ns, >=, overview->span.start_ns);
          g_assert_cmpint (time_ns, <=, overview->span.end_ns);
          last_ns = time_ns;
        }
      g_assert_cmpint (last_ns, ==, overview->span.end_ns);
    }
}

/* What follows on what has ended takes its row; what is at the same time another. */
static void
test_rows (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaOverview) overview = NULL;

  talk (fixture, 4000, 0, 4000, TRAMA_TCP_FIN);
  talk (fixture, 4001, 2000, 4000, TRAMA_TCP_FIN);
  talk (fixture, 4002, 5000, 4000, TRAMA_TCP_FIN);
  overview = overview_of (fixture, TRAMA_SCALE_TO_SCALE);
  assert_in_strip (overview);
  assert_apart (overview);
  g_assert_cmpuint (overview->n_pieces, ==, 9);
  g_assert_cmpuint (overview->pieces[6].flow, ==, 2);
  g_assert_cmpfloat (overview->pieces[0].y0, ==, overview->pieces[6].y0);
  g_assert_cmpfloat (overview->pieces[3].y0, >, overview->pieces[0].y0);
}

/* Many at one time are merged, and one reset among them and one segment sent again are not. */
static void
test_merged (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaOverview) overview = NULL;
  double room, highest = 0;

  for (guint16 i = 0; i < 900; i++)
    talk (fixture, 2000 + i, i * 10, i < 450 ? 20000 : 2000, i == 300 ? TRAMA_TCP_RST : TRAMA_TCP_FIN);
  fixture_tcp (fixture, 15000, 2000, 80, TRAMA_TCP_ACK, 1001, 2001, "hello");
  overview = overview_of (fixture, TRAMA_SCALE_TO_SCALE);
  assert_in_strip (overview);
  g_assert_cmpuint (overview->n_pieces, ==, 0);
  g_assert_cmpuint (overview->n_columns, ==, WIDTH_PX);
  room = overview->bars_y1 - overview->bars_y0;
  for (guint i = 0; i < overview->n_columns; i++)
    {
      double height = 0;

      for (guint phase = 0; phase < TRAMA_N_PHASES; phase++)
        {
          g_assert_cmpfloat (overview->columns[i].height_px[phase], >=, 0);
          height += overview->columns[i].height_px[phase];
        }
      g_assert_cmpfloat (height, <=, room + 0.001);
      highest = MAX (highest, height);
    }
  g_assert_cmpfloat_with_epsilon (highest, room, 0.001);
  g_assert_cmpuint (overview->n_marks, ==, 2);
  g_assert_cmpuint (overview->marks[0].kind, ==, TRAMA_SEGMENT_DATA);
  g_assert_cmpfloat_with_epsilon (overview->marks[0].x,
                                  trama_overview_x_of_time (overview, fixture_time_ns (15000)), 1);
  g_assert_cmpuint (overview->marks[1].kind, ==, TRAMA_SEGMENT_RST);
  g_assert_cmpfloat_with_epsilon (overview->marks[1].x,
                                  trama_overview_x_of_time (overview, fixture_time_ns (23000)), 1);
}

/* As many resets as there are packets: marks that touch stand for one another, and reach to the last. */
static void
test_marks_are_bounded (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaOverview) overview = NULL;

  for (guint i = 0; i < 3000; i++)
    fixture_tcp (fixture, i, 4000, 80, TRAMA_TCP_RST, 1000, 0, NULL);
  overview = overview_of (fixture, TRAMA_SCALE_TO_SCALE);
  g_assert_cmpuint (overview->n_marks, >, 10);
  g_assert_cmpuint (overview->n_marks, <=, WIDTH_PX / 7 + 1);
  for (guint i = 1; i < overview->n_marks; i++)
    g_assert_cmpfloat (overview->marks[i].x, >, overview->marks[i - 1].last_x);
  g_assert_cmpfloat_with_epsilon (overview->marks[overview->n_marks - 1].last_x,
                                  trama_overview_x_of_time (overview, fixture_time_ns (2999)), 1);
}

/* The second half has four times the bytes in the same time: by the square root, twice the height. */
static void
test_throughput (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaOverview) overview = NULL;
  double sum[2] = { 0 };
  gint64 middle_ns = fixture_time_ns (20000);
  guint n[2] = { 0 };

  for (guint i = 0; i < 2000; i++)
    fixture_udp (fixture, i * 10, 9, 7, "x");
  for (guint i = 0; i < 8000; i++)
    fixture_udp (fixture, 20000 + i * 5 / 2, 9, 7, "x");
  overview = overview_of (fixture, TRAMA_SCALE_TO_SCALE);
  for (guint i = 30; i < WIDTH_PX - 30; i++)
    {
      guint half = trama_overview_time_of_x (overview, i) >= middle_ns;

      sum[half] += overview->areas[i];
      n[half]++;
    }
  g_assert_cmpfloat_with_epsilon (sum[1] / n[1] / (sum[0] / n[0]), 2, 0.1);
}

/* Calls and nothing else: there is time to choose from, and nothing on it. */
static void
test_no_packets (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaOverview) overview = NULL;

  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_CLOSE,
                                         .actor = fixture_actor (fixture, "brief"),
                                         .entry_us = 5,
                                         .exit_us = 9,
                                         .fd = 3 });
  overview = overview_of (fixture, TRAMA_SCALE_FOLDED);
  g_assert_cmpint (overview->span.end_ns - overview->span.start_ns, ==, 4000);
  g_assert_cmpuint (overview->n_pieces, ==, 0);
  g_assert_cmpuint (overview->n_marks, ==, 0);
  g_assert_null (overview->peak);
}

/* However many hits there are, each lights its pixel, and no other is lit. */
static void
test_hits (void)
{
  static const char *const searches[] = {
    "flag:SYN", "flag:RST", "port:80", "text:hello", "port:4007", "0x00"
  };

  for (TramaScaleMode mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
    for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
      {
        g_autoptr (Fixture) fixture = fixture_new ();
        g_autoptr (TramaFlowTable) table = NULL;
        g_autoptr (TramaOverview) overview = NULL;
        g_autoptr (TramaSearch) search = NULL;
        g_autofree guint8 *hits = NULL, *expected = g_new0 (guint8, WIDTH_PX);

        for (guint16 port = 0; port < 40; port++)
          talk (fixture, 4000 + port, port * port * 50, 30 * port + 9,
                port % 5 == 0 ? TRAMA_TCP_RST : TRAMA_TCP_FIN);
        table = trama_flow_table_new (fixture->store);
        overview = overview_new (table, mode);
        search = trama_search_new (table, trama_query_new (searches[i], NULL));
        while (trama_search_step (search, 100))
          continue;
        for (guint hit = 0; hit < trama_search_n_hits (search); hit++)
          {
            double x = trama_overview_x_of_time (overview, trama_search_get_hit_time (search, hit));

            expected[(guint) CLAMP (x, 0, WIDTH_PX - 1)] = TRUE;
          }
        hits = trama_overview_find_hits (overview, search);
        g_assert_cmpmem (hits, WIDTH_PX, expected, WIDTH_PX);
        g_assert_true ((memchr (hits, TRUE, WIDTH_PX) != NULL) == (i < 5));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/overview/telephone", test_telephone);
  g_test_add_func ("/chart/overview/rows", test_rows);
  g_test_add_func ("/chart/overview/merged", test_merged);
  g_test_add_func ("/chart/overview/marks-are-bounded", test_marks_are_bounded);
  g_test_add_func ("/chart/overview/throughput", test_throughput);
  g_test_add_func ("/chart/overview/no-packets", test_no_packets);
  g_test_add_func ("/overview/hits", test_hits);
  return g_test_run ();
}
