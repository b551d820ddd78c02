/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"
#include "tests/core/fixture.h"
#include "ui/ladder/ladder_view.h"
#include "ui/ladder/strip_cache.h"
#include "ui/paint/paint.h"

#include <math.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

/* Orders. */

typedef struct
{
  GThread *main;
  gint n_painted; /* atomic, as the next */
  gint may_go_on; /* how many more may be painted */
  gint n_freed;
  guint n_ready;
  gint64 last_key;
} Orders;

static void
paint (cairo_t *cr, gint64 key, gpointer user_data)
{
  Orders *orders = user_data;

  g_assert_true (g_thread_self () != orders->main);
  while (g_atomic_int_get (&orders->may_go_on) <= 0)
    g_usleep (100);
  g_atomic_int_add (&orders->may_go_on, -1);
  g_atomic_int_inc (&orders->n_painted);
}

static void
free_order (gpointer user_data)
{
  Orders *orders = user_data;

  g_assert_true (g_thread_self () == orders->main);
  orders->n_freed++;
}

static void
on_ready (gint64 key, gint64 took_us, gpointer user_data)
{
  Orders *orders = user_data;

  g_assert_cmpint (took_us, >=, 0);
  orders->n_ready++;
  orders->last_key = key;
}

static void
wait_freed (Orders *orders, gint n)
{
  gint64 begin_us = g_get_monotonic_time ();

  while (orders->n_freed < n)
    {
      g_assert_cmpint (g_get_monotonic_time () - begin_us, <, PATIENCE_US);
      g_main_context_iteration (NULL, TRUE);
    }
}

static double
twice (double y, gpointer user_data)
{
  return 2 * y;
}

static const TramaStripTarget target = { 100, 1, FALSE };

static void
order (TramaStripCache *cache, gint64 key, Orders *orders)
{
  trama_strip_cache_order (cache, &target, key, paint, orders, free_order);
  g_assert_true (trama_strip_cache_is_ordered (cache, key));
  g_assert_false (trama_strip_cache_has (cache, key));
}

static void
test_order (void)
{
  Orders orders = { .main = g_thread_self (), .may_go_on = 2 };
  TramaStripCache *cache = trama_strip_cache_new ();

  trama_strip_cache_set_ready (cache, on_ready, &orders);
  order (cache, 3, &orders);
  order (cache, 4, &orders);
  g_assert_cmpuint (trama_strip_cache_n_ordered (cache), ==, 2);
  wait_freed (&orders, 2);
  g_assert_true (trama_strip_cache_has (cache, 3) && trama_strip_cache_has (cache, 4));
  g_assert_false (trama_strip_cache_is_ordered (cache, 3));
  g_assert_cmpuint (orders.n_ready, ==, 2);
  g_assert_cmpint (orders.last_key, ==, 4);
  trama_strip_cache_free (cache);
}

static void
wait_begun (const TramaStripCache *cache, Orders *orders)
{
  while (g_atomic_int_get (&orders->n_painted) == 0)
    g_usleep (100);
  g_assert_cmpuint (trama_strip_cache_n_ordered (cache), >, 0);
}

/* What is being painted when the picture moves stands in where it belongs then; the rest is not painted at all. */
static void
test_moved (void)
{
  Orders orders = { .main = g_thread_self (), .may_go_on = 1 };
  TramaStripCache *cache = trama_strip_cache_new ();

  trama_strip_cache_set_ready (cache, on_ready, &orders);
  order (cache, 0, &orders);
  wait_begun (cache, &orders);
  order (cache, 1, &orders);
  order (cache, 2, &orders);
  g_usleep (2000); /* the second is begun, and waits */
  trama_strip_cache_let_stand_in (cache, twice, NULL);
  g_assert_false (trama_strip_cache_is_ordered (cache, 0));
  g_atomic_int_set (&orders.may_go_on, 5);
  wait_freed (&orders, 3);
  g_assert_cmpuint (trama_strip_cache_n_strips (cache), ==, 0);
  g_assert_true (trama_strip_cache_has_stand_in (cache, 0, 2));
  g_assert_true (trama_strip_cache_has_stand_in (cache, 510, 511));
  g_assert_cmpuint (orders.n_ready, ==, g_atomic_int_get (&orders.n_painted));
  g_assert_cmpint (orders.last_key, ==, -1);
  trama_strip_cache_free (cache);
}

/* Nobody wants them any more, and the cache itself goes while one is being painted. */
static void
test_dropped (void)
{
  Orders orders = { .main = g_thread_self (), .may_go_on = 1 };
  TramaStripCache *cache = trama_strip_cache_new ();

  trama_strip_cache_set_ready (cache, on_ready, &orders);
  for (gint64 key = 0; key < 4; key++)
    order (cache, key, &orders);
  wait_begun (cache, &orders);
  trama_strip_cache_trim (cache, 2, 3);
  g_assert_false (trama_strip_cache_is_ordered (cache, 1));
  g_assert_true (trama_strip_cache_is_ordered (cache, 2));
  trama_strip_cache_forget (cache, 2);
  g_assert_false (trama_strip_cache_is_ordered (cache, 2));
  trama_strip_cache_clear (cache);
  g_assert_cmpuint (trama_strip_cache_n_ordered (cache), ==, 0);
  order (cache, 0, &orders);
  g_atomic_int_set (&orders.may_go_on, 5);
  trama_strip_cache_free (cache);
  g_assert_cmpint (orders.n_freed, ==, 5);
  g_assert_cmpuint (orders.n_ready, ==, 0);
}

/* The ladder, while a thread paints what somebody else goes on with. */

#define WIDTH_PX 1200
#define HEIGHT_PX 700
#define N_ROUNDS 600
#define N_TURNS 60

typedef struct
{
  Fixture *trace;
  guint32 server, client;
  guint n_rounds;
  TramaViewState *state;
  TramaLadderView *ladder;
  GtkWindow *window;
  GtkAdjustment *scroll;
} Stress;

static void
call (Stress *stress, guint32 actor, guint16 name, gint64 from_us, gint64 to_us, guint64 socket)
{
  fixture_call (stress->trace, &(FixtureCall){ .name = name,
                                               .actor = actor,
                                               .entry_us = from_us,
                                               .exit_us = to_us,
                                               .fd = 4,
                                               .socket = socket,
                                               .data = "Hello?\n",
                                               .result = 7,
                                               .number = 64,
                                               .slept = name == TRAMA_CALL_READ });
}

static void
talk (Stress *stress, guint n_rounds)
{
  for (guint end = stress->n_rounds + n_rounds; stress->n_rounds < end; stress->n_rounds++)
    {
      gint64 now_us = 100 + 40 * (gint64) stress->n_rounds;
      guint32 sequence = 1001 + 7 * stress->n_rounds;

      call (stress, stress->server, TRAMA_CALL_READ, now_us, now_us + 30, 12);
      call (stress, stress->client, TRAMA_CALL_WRITE, now_us + 5, now_us + 12, 21);
      fixture_tcp (stress->trace, now_us + 9, 40122, 5000, TRAMA_TCP_PSH | TRAMA_TCP_ACK, sequence, 7001,
                   "Hello?\n");
      fixture_tcp (stress->trace, now_us + 10, 5000, 40122, TRAMA_TCP_ACK, 7001, sequence + 7, NULL);
    }
}

static void
show_all (Stress *stress)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (stress->trace->store);

  trama_view_state_set_table (stress->state, table, TRUE);
}

static void
open_window (Stress *stress)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();

  stress->state = trama_view_state_new ();
  stress->ladder = g_object_new (TRAMA_TYPE_LADDER_VIEW, NULL);
  trama_ladder_view_set_state (stress->ladder, stress->state);
  stress->window = GTK_WINDOW (gtk_window_new ());
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (stress->ladder));
  stress->scroll = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  gtk_window_set_child (stress->window, scrolled);
  gtk_window_set_default_size (stress->window, WIDTH_PX, HEIGHT_PX);
  gtk_window_present (stress->window);
  show_all (stress);
}

static void
set_up (Stress *stress)
{
  *stress = (Stress){ .trace = fixture_new () };
  stress->server = fixture_actor (stress->trace, "server");
  stress->client = fixture_actor (stress->trace, "client");
  talk (stress, N_ROUNDS);
  open_window (stress);
}

static void
tear_down (Stress *stress)
{
  gtk_window_destroy (stress->window);
  g_object_unref (stress->state);
  fixture_free (stress->trace);
}

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
}

static void
run_frames (Stress *stress, guint n)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (stress->window));
  guint n_frames = 0;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);

  while (n_frames < n)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, id);
}

static void
settle (Stress *stress)
{
  gint64 begin_us = g_get_monotonic_time ();

  do
    {
      run_frames (stress, 1);
      g_assert_cmpint (g_get_monotonic_time () - begin_us, <, PATIENCE_US);
    }
  while (!trama_ladder_view_is_settled (stress->ladder));
}

static cairo_surface_t *
draw_window (Stress *stress, double header, int width, int height)
{
  GtkWidget *widget = GTK_WIDGET (stress->ladder);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GskRenderNode) node = NULL;

  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  cairo_translate (cr, 0, -header);
  gsk_render_node_draw (node, cr);
  cairo_destroy (cr);
  return surface;
}

static cairo_surface_t *
draw_chart (Stress *stress, TramaChart *chart, int width, int height)
{
  const double scroll = round (gtk_adjustment_get_value (stress->scroll));
  g_autoptr (TramaChart) part = trama_chart_get_part (chart, scroll, scroll + height);
  const TramaPainting painting = {
    .chart = part,
    .theme = trama_theme_get (trama_ladder_view_get_theme (stress->ladder)),
  };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_translate (cr, 0, -scroll);
  trama_paint_body (cr, &painting, scroll, scroll + height);
  cairo_destroy (cr);
  return surface;
}

static cairo_surface_t *
draw_header (Stress *stress, TramaChart *chart, int width, int height)
{
  const TramaPainting painting = {
    .chart = chart,
    .theme = trama_theme_get (trama_ladder_view_get_theme (stress->ladder)),
  };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  trama_paint_header (cr, &painting);
  cairo_destroy (cr);
  return surface;
}

static void
assert_same (cairo_surface_t *one, cairo_surface_t *other)
{
  const int stride = cairo_image_surface_get_stride (one);
  guint n_other = 0;

  cairo_surface_flush (one);
  cairo_surface_flush (other);
  for (int y = 0; y < cairo_image_surface_get_height (one); y++)
    n_other += memcmp (cairo_image_surface_get_data (one) + y * stride,
                       cairo_image_surface_get_data (other) + y * stride, (gsize) stride)
               != 0;
  g_assert_cmpuint (n_other, ==, 0);
}

static void
check_header (Stress *stress)
{
  TramaChart *chart = trama_ladder_view_get_chart (stress->ladder);
  const int width = (int) chart->width_px, height = (int) chart->header_px;
  cairo_surface_t *seen = draw_window (stress, 0, width, height);
  cairo_surface_t *meant = draw_header (stress, chart, width, height);

  assert_same (seen, meant);
  cairo_surface_destroy (seen);
  cairo_surface_destroy (meant);
}

/* Whoever painted it: what is seen is what the painter makes of the chart. */
static void
check_picture (Stress *stress)
{
  TramaChart *chart;
  cairo_surface_t *seen, *meant;
  int width, height;

  trama_view_state_select (stress->state, (TramaRef){ 0 });
  settle (stress);
  chart = trama_ladder_view_get_chart (stress->ladder);
  g_assert_nonnull (chart);
  width = (int) chart->width_px;
  height = (int) gtk_adjustment_get_page_size (stress->scroll);
  seen = draw_window (stress, ceil (chart->header_px), width, height);
  meant = draw_chart (stress, chart, width, height);
  assert_same (seen, meant);
  cairo_surface_destroy (seen);
  cairo_surface_destroy (meant);
}

static void
do_something (Stress *stress, guint turn)
{
  /* A slow machine has none yet. */
  TramaChart *chart = trama_ladder_view_get_chart (stress->ladder);

  switch (turn % 6)
    {
    case 0:
    case 3:
      trama_ladder_view_zoom_by (stress->ladder, turn < N_TURNS / 2 ? 1.4 : 1 / 1.4);
      break;
    case 1:
      gtk_adjustment_set_value (stress->scroll, gtk_adjustment_get_value (stress->scroll) + 300);
      break;
    case 2:
      if (chart != NULL)
        trama_view_state_select (stress->state,
                                 trama_chart_step (chart, (TramaRef){ 0 }, turn % 4 < 2 ? 1 : -1));
      break;
    case 4:
      talk (stress, 20);
      break;
    default:
      show_all (stress);
      break;
    }
}

static void
test_stress (void)
{
  Stress stress;

  set_up (&stress);
  for (guint turn = 0; turn < N_TURNS; turn++)
    {
      do_something (&stress, turn);
      run_frames (&stress, 1 + turn % 3);
      if (turn % 12 == 11)
        check_picture (&stress);
    }
  tear_down (&stress);
}

/* It counts packets: columns that stand where they stood are not all that it says. */
static void
test_header (void)
{
  Stress stress = { .trace = fixture_new () };
  g_autofree char *before = NULL;
  TramaChart *chart;

  fixture_telephone (stress.trace);
  open_window (&stress);
  settle (&stress);
  check_header (&stress);
  before = g_strdup (trama_ladder_view_get_chart (stress.ladder)->wires[0].summary);
  fixture_tcp (stress.trace, 290, 40122, 5000, TRAMA_TCP_ACK, 1009, 7012, NULL);
  show_all (&stress);
  settle (&stress);
  chart = trama_ladder_view_get_chart (stress.ladder);
  g_assert_cmpstr (chart->wires[0].summary, !=, before);
  check_header (&stress);
  tear_down (&stress);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }
  g_test_add_func ("/strips/order", test_order);
  g_test_add_func ("/strips/moved", test_moved);
  g_test_add_func ("/strips/dropped", test_dropped);
  g_test_add_func ("/strips/header", test_header);
  g_test_add_func ("/strips/stress", test_stress);
  return g_test_run ();
}
