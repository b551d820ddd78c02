/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "tests/core/fixture.h"

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

static TramaChart *
draw (TramaFlowTable *table)
{
  return trama_chart_new (table, &page);
}

static TramaFlowTable *
make_table (Fixture **fixture)
{
  *fixture = fixture_new ();
  fixture_telephone (*fixture);
  return trama_flow_table_new ((*fixture)->store);
}

static gint64
packet_time (TramaStore *store, guint index)
{
  TramaPacket packet;

  trama_store_get_packet (store, index, &packet);
  return packet.time_ns;
}

/* A card as high as its event, in a lane that comes with it and goes with it. */
static void
test_card (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (TramaFlowTable) table = make_table (&fixture);
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);
  const TramaRef packet = { TRAMA_EVENT_PACKET, 3 };
  gint64 time_ns = packet_time (fixture->store, 3);
  const TramaChartNote *card;

  {
    g_autoptr (TramaChart) chart = draw (table);

    g_assert_cmpuint (chart->n_notes, ==, 0);
    g_assert_cmpfloat (chart->notes_x0, ==, chart->notes_x1);
  }
  trama_notebook_set_text (notebook, packet, time_ns, "the letter");
  {
    g_autoptr (TramaChart) chart = draw (table);

    g_assert_cmpuint (chart->n_notes, ==, 1);
    card = &chart->notes[0];
    g_assert_cmpuint (card->n_own, ==, 1);
    g_assert_cmpstr (card->text, ==, "the letter");
    g_assert_cmpuint (card->subject.kind, ==, TRAMA_EVENT_PACKET);
    g_assert_cmpuint (card->subject.index, ==, 3);
    g_assert_cmpfloat (card->y, ==, trama_chart_y_of_time (chart, time_ns));
    g_assert_cmpfloat (card->x, >=, chart->notes_x0);
    g_assert_cmpfloat (card->x + card->width_px, <=, chart->notes_x1);
    g_assert_true (trama_chart_find_note (chart, card->x + 1, card->card_y + 1) == card);
    g_assert_null (trama_chart_find_note (chart, card->x - 1, card->card_y + 1));
    g_assert_null (trama_chart_find_note (chart, card->x + 1, card->card_y + card->height_px + 1));
  }
  trama_notebook_set_text (notebook, packet, time_ns, NULL);
  {
    g_autoptr (TramaChart) chart = draw (table);

    g_assert_cmpuint (chart->n_notes, ==, 0);
    g_assert_cmpfloat (chart->notes_x0, ==, chart->notes_x1);
  }
}

/* As much room as the picture has on a small projector, beside two panes, and a little less. */
static void
test_narrow (void)
{
  static const struct
  {
    double page_px;
    gboolean fits;
  } cases[] = { { 900, TRUE }, { 822, TRUE }, { 778, TRUE }, { 640, TRUE }, { 540, TRUE }, { 440, FALSE } };
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (TramaFlowTable) table = make_table (&fixture);
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);

  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_PACKET, 3 }, packet_time (fixture->store, 3),
                           "the letter");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TramaChartOptions narrow = { .width_px = cases[i].page_px, .height_px = 600, .text_scale = 1 };
      g_autoptr (TramaChart) chart = trama_chart_new (table, &narrow);
      const TramaChartNote *card = &chart->notes[0];

      g_assert_cmpuint (chart->n_notes, ==, 1);
      g_assert_cmpint (chart->width_px <= cases[i].page_px, ==, cases[i].fits);
      g_assert_cmpfloat (card->x + card->width_px, <=, chart->width_px);
      g_assert_cmpfloat (card->width_px, >, 58);
      g_assert_cmpfloat (chart->columns[chart->n_columns - 1].x1, <=, chart->edge_x0 + 1e-6);
      if (cases[i].fits)
        g_assert_cmpfloat (chart->columns[chart->n_columns - 1].x1, >=, chart->edge_x0 - 8);
    }
}

/* However many there are: none covers another, all are counted, and the picture stays a picture. */
static void
test_crowd (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (TramaFlowTable) table = make_table (&fixture);
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);
  TramaSpan span;
  guint n = 0;

  g_assert_true (trama_store_get_span (fixture->store, &span));
  for (guint i = 0; i < 5000; i++)
    trama_notebook_set_text (notebook, (TramaRef){ 0 }, span.start_ns + i, "one of many");
  {
    g_autoptr (TramaChart) chart = draw (table);

    for (guint i = 0; i < chart->n_notes; i++)
      {
        n += chart->notes[i].n_own;
        if (i > 0)
          g_assert_cmpfloat (chart->notes[i].card_y, >=,
                             chart->notes[i - 1].card_y + chart->notes[i - 1].height_px);
      }
    g_assert_cmpuint (n, ==, 5000);
    g_assert_cmpfloat (chart->body_px, <, 4 * page.height_px);
  }
}

static void
test_marks (void)
{
  g_autoptr (Fixture) fixture = NULL;
  g_autoptr (TramaFlowTable) table = make_table (&fixture);
  TramaNotebook *notebook = trama_store_get_notebook (fixture->store);
  const TramaRef call = { TRAMA_EVENT_CALL, 2 };
  gint64 entry_ns = trama_store_get_call (fixture->store, 2)->entry_ns;

  trama_notebook_set_marked (notebook, (TramaRef){ 0 }, entry_ns + 1000, TRUE);
  trama_notebook_set_marked (notebook, call, entry_ns, TRUE);
  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_CALL, 3 }, entry_ns, "no mark");
  {
    g_autoptr (TramaChart) chart = draw (table);

    g_assert_cmpuint (chart->n_marks, ==, 2);
    g_assert_cmpuint (chart->marks[0].subject.kind, ==, TRAMA_EVENT_CALL);
    g_assert_cmpfloat (chart->marks[0].y, ==, trama_chart_y_of_time (chart, entry_ns));
    g_assert_cmpuint (chart->marks[1].subject.kind, ==, 0);
    g_assert_cmpfloat (chart->marks[1].y, >=, chart->marks[0].y);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/remarks/card", test_card);
  g_test_add_func ("/chart/remarks/narrow", test_narrow);
  g_test_add_func ("/chart/remarks/crowd", test_crowd);
  g_test_add_func ("/chart/remarks/marks", test_marks);
  return g_test_run ();
}
