/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What a frame of the real window costs on its thread, beside what it may cost: layout and
 * painting of ladder and overview, and whatever else is done between one frame and the next.
 * What GTK makes of it is not ours and not in it. Processor time, so that others on the
 * machine do not count.
 *
 *   frame_bench [EVENTS [SHAPE [LEAST]]]   in a display; GSK_RENDERER says by what is drawn
 */
#include "core/why/finding.h"
#include "tests/bench/shapes.h"
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/pulse.h"
#include "ui/ladder/ladder_view.h"
#include "ui/ladder/overview_view.h"

#include <math.h>
#include <stdio.h>

#define WIDTH_PX 1920
#define HEIGHT_PX 1080
#define OVERVIEW_PX 120

/* The limits, in milliseconds: on average, and of any frame. */
#define PAN_MS 1
#define ZOOM_MS 3
#define FRAME_MS 8

#define N_FRAMES 120
#define PAN_PX 24
#define ZOOM_STEP 1.03
#define SETTLE_US (10 * G_USEC_PER_SEC)

/* Of more events findings, and the links that they bring, take too long to wait for. */
#define EXPLAINED_EVENTS_MAX 100000

typedef struct
{
  double sum, max;
  guint n;
} Figures;

typedef struct
{
  GtkWindow *window;
  TramaLadderView *ladder;
  TramaOverviewView *overview;
  TramaViewState *state;
  GtkAdjustment *scroll;
  void (*snapshot[2]) (GtkWidget *widget, GtkSnapshot *snapshot); /* of ladder and overview */

  gint64 since_us; /* when the frame before ended, by what was worked */
  gint64 share_us; /* of the frame that is made */
  guint n_frames;
  Figures figures;
  guint n_late; /* frames until all is sharp */
  guint n_missed;
} Bench;

static Bench *
bench_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), "bench");
}

static void
snapshot_ladder (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Bench *bench = bench_of (widget);
  gint64 begin_us = pulse_get_work_us ();

  bench->snapshot[0](widget, snapshot);
  bench->share_us += pulse_get_work_us () - begin_us;
}

static void
snapshot_overview (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Bench *bench = bench_of (widget);
  gint64 begin_us = pulse_get_work_us ();

  bench->snapshot[1](widget, snapshot);
  bench->share_us += pulse_get_work_us () - begin_us;
}

/* What was done since the last frame is ours, and the chart, which is made now and not in the next phase. */
static void
on_before_paint (GdkFrameClock *clock, Bench *bench)
{
  trama_ladder_view_get_chart (bench->ladder);
  bench->share_us = pulse_get_work_us () - bench->since_us;
}

static void
on_after_paint (GdkFrameClock *clock, Bench *bench)
{
  double ms = (double) bench->share_us / 1000;

  bench->figures.sum += ms;
  bench->figures.max = MAX (bench->figures.max, ms);
  bench->figures.n++;
  bench->n_frames++;
  bench->since_us = pulse_get_work_us ();
}

static void
run_frame (Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench->window));
  guint n_frames = bench->n_frames;

  while (bench->n_frames == n_frames)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
settle (Bench *bench)
{
  gint64 begin_us = g_get_monotonic_time ();

  do
    run_frame (bench);
  while (!trama_ladder_view_is_settled (bench->ladder) && g_get_monotonic_time () - begin_us < SETTLE_US);
}

/* What one does. */

static void
pan (Bench *bench, guint turn)
{
  gtk_adjustment_set_value (bench->scroll, gtk_adjustment_get_value (bench->scroll) + PAN_PX);
}

static void
zoom_in (Bench *bench, guint turn)
{
  trama_ladder_view_zoom_by (bench->ladder, ZOOM_STEP);
}

static void
zoom_out (Bench *bench, guint turn)
{
  trama_ladder_view_zoom_by (bench->ladder, 1 / ZOOM_STEP);
}

static void
choose (Bench *bench, guint turn)
{
  TramaChart *chart = trama_ladder_view_get_chart (bench->ladder);

  if (turn % 8 == 0)
    trama_view_state_select (bench->state,
                             trama_chart_step (chart, trama_view_state_get_selected (bench->state), 1));
}

static void
measure (Bench *bench, const char *what, double limit_ms, void (*func) (Bench *bench, guint turn))
{
  double average_ms;
  gboolean is_missed;

  settle (bench);
  bench->figures = (Figures){ 0 };
  for (guint i = 0; i < N_FRAMES; i++)
    {
      func (bench, i);
      run_frame (bench);
    }
  average_ms = bench->figures.sum / bench->figures.n;
  is_missed = average_ms > limit_ms || bench->figures.max > FRAME_MS;
  bench->n_missed += is_missed;
  bench->n_frames = 0;
  settle (bench);
  printf ("  %-28s %6.2f / %6.2f  sharp after %3u%s\n", what, average_ms, bench->figures.max, bench->n_frames,
          is_missed ? "  NOT met" : "");
  fflush (stdout);
}

static void
measure_at (Bench *bench, const char *name, double factor)
{
  static const struct
  {
    const char *what;
    double limit_ms;
    void (*func) (Bench *bench, guint turn);
  } deeds[] = {
    { "pan", PAN_MS, pan },
    { "zoom in", ZOOM_MS, zoom_in },
    { "zoom out", ZOOM_MS, zoom_out },
    { "choose", ZOOM_MS, choose },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *what = g_strdup_printf ("%s, %s", name, deeds[i].what);

      trama_view_state_select (bench->state, (TramaRef){ 0 });
      if (factor > 0)
        trama_view_state_set_zoom (bench->state, factor);
      else
        trama_ladder_view_fit (bench->ladder);
      settle (bench);
      gtk_adjustment_set_value (bench->scroll, floor (gtk_adjustment_get_upper (bench->scroll) / 3));
      measure (bench, what, deeds[i].limit_ms, deeds[i].func);
    }
}

/* In the window another thread does. */
static void
explain (Bench *bench, TramaFlowTable *table, guint n_events)
{
  g_autoptr (TramaFindings) findings = n_events <= EXPLAINED_EVENTS_MAX ? trama_findings_new (table) : NULL;

  trama_view_state_set_findings (bench->state, findings);
}

static void
measure_shape (Bench *bench, const Shape *shape, guint n_events)
{
  g_autoptr (TramaStore) store = shape->make (n_events);
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);

  printf ("%s: %u packets and %u calls\n", shape->name, trama_store_n_packets (store),
          trama_store_n_calls (store));
  settle (bench);
  bench->figures = (Figures){ 0 };
  trama_view_state_set_zoom (bench->state, 1);
  trama_view_state_set_table (bench->state, table, FALSE);
  settle (bench);
  printf ("  %-28s %6.2f / %6.2f\n", "first", bench->figures.sum / bench->figures.n, bench->figures.max);
  explain (bench, table, n_events);
  measure_at (bench, "fit", 1);
  measure_at (bench, "whole", 0);
  measure_at (bench, "middle", 300);
  measure_at (bench, "closest", 100000);
  trama_view_state_set_table (bench->state, NULL, FALSE);
}

static void
watch (Bench *bench, GtkWidget *widget, guint index, void (*func) (GtkWidget *, GtkSnapshot *))
{
  GtkWidgetClass *widget_class = GTK_WIDGET_GET_CLASS (widget);

  bench->snapshot[index] = widget_class->snapshot;
  widget_class->snapshot = func;
  g_object_set_data (G_OBJECT (widget), "bench", bench);
}

static void
set_up (Bench *bench)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *scrolled = gtk_scrolled_window_new ();
  GdkFrameClock *clock;

  bench->state = trama_view_state_new ();
  bench->ladder = g_object_new (TRAMA_TYPE_LADDER_VIEW, NULL);
  bench->overview = g_object_new (TRAMA_TYPE_OVERVIEW_VIEW, NULL);
  bench->window = GTK_WINDOW (gtk_window_new ());
  trama_ladder_view_set_state (bench->ladder, bench->state);
  trama_overview_view_set_state (bench->overview, bench->state);
  watch (bench, GTK_WIDGET (bench->ladder), 0, snapshot_ladder);
  watch (bench, GTK_WIDGET (bench->overview), 1, snapshot_overview);
  gtk_widget_set_size_request (GTK_WIDGET (bench->overview), -1, OVERVIEW_PX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (bench->ladder));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (bench->overview));
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_window_set_child (bench->window, box);
  gtk_window_set_default_size (bench->window, WIDTH_PX, HEIGHT_PX);
  gtk_window_present (bench->window);
  bench->scroll = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (bench->window));
  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), bench);
}

int
main (int argc, char **argv)
{
  guint64 most = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 10000000;
  guint least = argc > 3 ? (guint) g_ascii_strtoull (argv[3], NULL, 10) : 1000;
  Bench bench = { 0 };

  if (!gtk_init_check ())
    return 1;
  set_up (&bench);
  settle (&bench);
  printf ("%s\n", G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (bench.window))));
  for (const Shape *shape = shapes; shape->name != NULL; shape++)
    for (guint n = least; n <= MIN (most, shape->most) && (argc < 3 || g_str_equal (argv[2], shape->name));
         n *= 10)
      measure_shape (&bench, shape, n);
  printf ("on average / at most, in ms: pan %d, zoom %d, any %d; %u not met\n", PAN_MS, ZOOM_MS, FRAME_MS,
          bench.n_missed);
  gtk_window_destroy (bench.window);
  g_object_unref (bench.state);
  return 0;
}
