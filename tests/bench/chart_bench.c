/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What drawing costs, beside what it may cost: layout and painting at 1920 × 1080,
 * of traces of a thousand events up to as many as are asked for, of several shapes, at
 * every scale, plain and with all that can be shown.
 *
 *   chart_bench [--check] [--rows=GLOB] [MOST [SHAPE [LEAST]]]     10000000, all and 1000 unless told
 *
 * A frame of panning lays out and paints what comes into view, in the parts and strips
 * that the ladder's view keeps. One of zooming makes another chart and paints of it as many
 * strips as there is time for, one at least, while those before stand in for the rest.
 * What is measured is the work of this program, not what else the machine does.
 */
#include "core/chart/ladder.h"
#include "core/chart/overview.h"
#include "core/flow/builder.h"
#include "core/why/finding.h"
#include "tests/bench/shapes.h"
#include "ui/paint/paint.h"
#include "ui/paint/paint_overview.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WIDTH_PX 1920
#define HEIGHT_PX 1080
#define OVERVIEW_PX 64
#define STRIP_PX 256
#define PART_PX 512
#define PAN_PX 24
#define PAN_FRAMES 100
#define ZOOM_FRAMES 12
#define ZOOM_STEP 1.03

/* The limits, in milliseconds. */
#define PAN_MS 1
#define ZOOM_MS 3
#define FRAME_MS 8
#define STRIP_MS 5
#define OPEN_MS 50

/* What the view spends on a frame before it puts off strips. */
#define BUDGET_MS 2.5

/* Of more events findings, and the links that they bring, take too long to wait for. */
#define LINKED_EVENTS_MAX 100000
#define EXPLAINED_EVENTS_MAX 100000
#define N_NOTES 300

/* What this program has worked, whatever else the machine does. */
static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* What is measured. */

typedef struct
{
  double sum, max;
  guint n;
} Figures;

static void
figures_add (Figures *figures, double ms)
{
  figures->sum += ms;
  figures->max = MAX (figures->max, ms);
  figures->n++;
}

static double
average_of (const Figures *figures)
{
  return figures->n > 0 ? figures->sum / figures->n : 0;
}

/* What is drawn besides the events, or not. */
typedef struct
{
  double text_scale;
  TramaLinks *links; /* of the selected event; NULL: none is selected */
  TramaEdge *edge;   /* NULL: nothing is shown there */
} Dress;

/* As the view does: a part at a time, several strips of each. */
typedef struct
{
  const Dress *dress;
  TramaRef selected;
  TramaChart *chart, *part;
  TramaTrail *trail; /* of the part */
  double number;     /* of the part; -1: none */
} Parts;

static void
drop_part (Parts *parts)
{
  g_clear_pointer (&parts->trail, trama_trail_unref);
  g_clear_pointer (&parts->part, trama_chart_unref);
}

static TramaChart *
get_part (Parts *parts, double strip)
{
  double number = floor (strip * STRIP_PX / PART_PX);

  if (number != parts->number)
    {
      drop_part (parts);
      parts->part = trama_chart_get_part (parts->chart, number * PART_PX, (number + 1) * PART_PX);
      if (parts->selected.kind != 0)
        parts->trail = trama_trail_new (parts->part, parts->dress->links, parts->selected);
      parts->number = number;
    }
  return parts->part;
}

static void
parts_clear (Parts *parts)
{
  drop_part (parts);
  trama_chart_unref (parts->chart);
}

/* With what has to be laid out for it. */
static double
paint_strip (cairo_t *cr, Parts *parts, double strip)
{
  double top = strip * STRIP_PX, start_ms = now_ms ();
  TramaPainting painting = { .chart = get_part (parts, strip),
                             .theme = trama_theme_get (FALSE),
                             .selected = parts->selected,
                             .edge = parts->dress->edge,
                             .trail = parts->trail };

  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, WIDTH_PX, STRIP_PX);
  cairo_clip (cr);
  cairo_translate (cr, 0, -top);
  trama_paint_body (cr, &painting, top, top + STRIP_PX);
  cairo_restore (cr);
  return now_ms () - start_ms;
}

/* In the middle of what is densest in the large trace there is: a third of the way. */
static double
get_scroll (const TramaChart *chart)
{
  return floor (MAX (chart->body_px - HEIGHT_PX, 0) / 3);
}

/* In what is in view, when links are to be shown. */
static TramaRef
choose_event (const TramaChart *chart, const Dress *dress)
{
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));
  gint64 time_ns = trama_chart_time_of_y (chart, get_scroll (chart) + HEIGHT_PX / 2);
  guint position = trama_store_find_packet (store, time_ns);

  if (dress->links == NULL)
    return (TramaRef){ 0 };
  if (position < trama_store_n_packets (store))
    return (TramaRef){ TRAMA_EVENT_PACKET, trama_store_packet_at (store, position) };
  return (TramaRef){ TRAMA_EVENT_CALL, trama_store_n_calls (store) / 3 };
}

static Parts
parts_of (TramaChart *chart, const Dress *dress)
{
  return (Parts){ dress, choose_event (chart, dress), chart, NULL, NULL, -1 };
}

typedef struct
{
  Figures pan, zoom, strip;
  guint n_strips, n_painted; /* while it was zoomed */
} Cost;

static void
pan (cairo_t *cr, TramaChart *chart, const Dress *dress, Cost *cost)
{
  Parts parts = parts_of (trama_chart_ref (chart), dress);
  double scroll = get_scroll (chart);
  double painted = floor ((scroll + HEIGHT_PX) / STRIP_PX);

  get_part (&parts, painted);
  for (guint i = 0; i < PAN_FRAMES && scroll + HEIGHT_PX < chart->body_px; i++)
    {
      double start_ms = now_ms ();

      scroll += PAN_PX;
      while (painted < floor ((scroll + HEIGHT_PX) / STRIP_PX))
        figures_add (&cost->strip, paint_strip (cr, &parts, ++painted));
      figures_add (&cost->pan, now_ms () - start_ms);
    }
  parts_clear (&parts);
}

static void
zoom (cairo_t *cr, TramaLadder *ladder, TramaChartOptions options, const Dress *dress, Cost *cost)
{
  const double ns_per_px = options.ns_per_px;
  double last_ms = 0;

  for (guint i = 0; i < ZOOM_FRAMES; i++)
    {
      double start_ms = now_ms (), first, n, scroll;
      Parts parts;

      options.ns_per_px = ns_per_px * pow (ZOOM_STEP, i);
      parts = parts_of (trama_chart_new_for (ladder, &options), dress);
      scroll = get_scroll (parts.chart);
      first = floor (scroll / STRIP_PX);
      n = ceil ((scroll + HEIGHT_PX) / STRIP_PX) - first;
      for (double strip = 0; strip < n && (strip < 1 || now_ms () - start_ms + last_ms < BUDGET_MS); strip++)
        {
          last_ms = paint_strip (cr, &parts, first + fmod (cost->n_painted++, n));
          figures_add (&cost->strip, last_ms);
        }
      cost->n_strips += (guint) n;
      figures_add (&cost->zoom, now_ms () - start_ms);
      parts_clear (&parts);
    }
}

/* What there are limits for. */
typedef enum
{
  LIMIT_PAN,
  LIMIT_PAN_MOST,
  LIMIT_ZOOM,
  LIMIT_ZOOM_MOST,
  LIMIT_STRIP,
  LIMIT_OPEN,
  N_LIMITS,
} LimitName;

static const struct
{
  const char *name;
  double ms;
} limits[N_LIMITS] = {
  [LIMIT_PAN] = { "pan", PAN_MS },       [LIMIT_PAN_MOST] = { "most", FRAME_MS },
  [LIMIT_ZOOM] = { "zoom", ZOOM_MS },    [LIMIT_ZOOM_MOST] = { "most", FRAME_MS },
  [LIMIT_STRIP] = { "strip", STRIP_MS }, [LIMIT_OPEN] = { "open", OPEN_MS },
};

/* The worst of one trace. */
typedef struct
{
  char *trace; /* owned */
  double ms[N_LIMITS];
} Result;

static void
clear_result (gpointer data)
{
  g_free (((Result *) data)->trace);
}

static gboolean
is_met (const double *ms)
{
  for (guint i = 0; i < N_LIMITS; i++)
    if (ms[i] > limits[i].ms)
      return FALSE;
  return TRUE;
}

static void
keep_worst (Result *result, const double *ms)
{
  for (guint i = 0; i < N_LIMITS; i++)
    result->ms[i] = MAX (result->ms[i], ms[i]);
}

static void
print_cost (const char *what, const Cost *cost, Result *result)
{
  const double ms[N_LIMITS] = { [LIMIT_PAN] = average_of (&cost->pan),
                                [LIMIT_PAN_MOST] = cost->pan.max,
                                [LIMIT_ZOOM] = average_of (&cost->zoom),
                                [LIMIT_ZOOM_MOST] = cost->zoom.max,
                                [LIMIT_STRIP] = cost->strip.max };

  printf ("  %-36s pan %5.2f / %5.2f  zoom %5.2f / %5.2f  strip %5.2f / %5.2f  sharp after %4.1f%s\n", what,
          ms[LIMIT_PAN], ms[LIMIT_PAN_MOST], ms[LIMIT_ZOOM], ms[LIMIT_ZOOM_MOST], average_of (&cost->strip),
          ms[LIMIT_STRIP], (double) cost->n_strips / cost->n_painted, is_met (ms) ? "" : "  NOT met");
  keep_worst (result, ms);
}

/* FALSE when a limit is not met. */
static gboolean
print_results (const GArray *results)
{
  guint n_missed = 0;

  printf ("\nThe worst of each, in ms:\n%-20s", "");
  for (guint i = 0; i < N_LIMITS; i++)
    printf (" %7s", limits[i].name);
  printf ("\n%-20s", "limit");
  for (guint i = 0; i < N_LIMITS; i++)
    printf (" %7.0f", limits[i].ms);
  for (guint at = 0; at < results->len; at++)
    {
      const Result *result = &g_array_index (results, Result, at);

      printf ("\n%-20s", result->trace);
      for (guint i = 0; i < N_LIMITS; i++)
        printf (" %6.2f%s", result->ms[i], result->ms[i] > limits[i].ms ? "!" : " ");
      printf (" %s", is_met (result->ms) ? "met" : "MISSED");
      n_missed += !is_met (result->ms);
    }
  printf ("\n%u of %u met\n", results->len - n_missed, results->len);
  return n_missed == 0;
}

static void
measure_scales (cairo_t *cr, TramaLadder *ladder, const Dress *dress, const char *rows, Result *result)
{
  static const char *const modes[] = { "folded", "to scale", "rows" };
  static const struct
  {
    const char *name;
    double factor;
  } zooms[] = { { "fit", 1 }, { "middle", 300 }, { "closest", 100000 } };

  for (gsize mode = 0; mode < G_N_ELEMENTS (modes); mode++)
    for (gsize i = 0; i < G_N_ELEMENTS (zooms); i++)
      {
        TramaChartOptions options = { .width_px = WIDTH_PX,
                                      .height_px = HEIGHT_PX,
                                      .text_scale = dress->text_scale,
                                      .mode = (TramaScaleMode) mode };
        g_autoptr (TramaChart) fit = NULL;
        g_autoptr (TramaChart) chart = NULL;
        g_autofree char *what = g_strdup_printf ("%s, %s%s", modes[mode], zooms[i].name,
                                                 dress->text_scale > 1 ? ", with everything" : "");
        Cost cost = { 0 };

        if (!g_pattern_match_simple (rows, what))
          continue;
        fit = trama_chart_new_for (ladder, &options);
        options.ns_per_px = fit->ns_per_px / zooms[i].factor;
        chart = trama_chart_new_for (ladder, &options);
        pan (cr, chart, dress, &cost);
        zoom (cr, ladder, options, dress, &cost);
        print_cost (what, &cost, result);
      }
}

/* From the table on: what is seen first. */
static void
measure_opening (cairo_t *cr, TramaFlowTable *table, TramaLadder *ladder, Result *result)
{
  const TramaOverviewOptions strip = { WIDTH_PX, OVERVIEW_PX, 1, TRAMA_SCALE_FOLDED };
  const TramaChartOptions options = { .width_px = WIDTH_PX, .height_px = HEIGHT_PX, .text_scale = 1 };
  const Dress plain = { .text_scale = 1 };
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  g_autoptr (TramaOverview) overview = NULL;
  Parts parts;
  double indexed_ms, laid_out_ms, painted_ms, end_ms;

  trama_density_follow (density, table, G_MAXUINT);
  indexed_ms = now_ms ();
  overview = trama_overview_new (table, density, &strip);
  laid_out_ms = now_ms ();
  trama_paint_overview (cr, overview, trama_theme_get (FALSE));
  painted_ms = now_ms ();
  parts = parts_of (trama_chart_new_for (ladder, &options), &plain);
  for (int i = 0; i * STRIP_PX < HEIGHT_PX; i++)
    paint_strip (cr, &parts, i);
  end_ms = now_ms ();
  parts_clear (&parts);
  printf ("  open: overview %.1f + %.1f ms, ladder %.1f ms, together %.1f ms (%d)%s\n",
          laid_out_ms - indexed_ms, painted_ms - laid_out_ms, end_ms - painted_ms, end_ms - indexed_ms,
          OPEN_MS, end_ms - indexed_ms > OPEN_MS ? " NOT met" : "");
  keep_worst (result, (const double[N_LIMITS]){ [LIMIT_OPEN] = end_ms - indexed_ms });
}

/* Notes and marks all over the trace. */
static void
write_notes (TramaStore *store)
{
  TramaNotebook *notebook = trama_store_get_notebook (store);
  guint n_packets = trama_store_n_packets (store);

  for (guint i = 0; i < N_NOTES && n_packets > 0; i++)
    {
      guint32 packet = (guint32) ((guint64) n_packets * i / N_NOTES);
      TramaPacket record;

      trama_store_get_packet (store, packet, &record);
      trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_PACKET, packet }, record.time_ns,
                               "Here something happened that is worth a few words");
      trama_notebook_set_marked (notebook, (TramaRef){ TRAMA_EVENT_PACKET, packet }, record.time_ns, TRUE);
    }
}

static void
measure_dressed (cairo_t *cr, TramaLadder *ladder, const char *rows, Result *result)
{
  TramaFlowTable *table = trama_ladder_get_table (ladder);
  TramaStore *store = trama_flow_table_get_store (table);
  guint n_events = trama_store_n_packets (store) + trama_store_n_calls (store);
  g_autoptr (TramaFindings) findings = NULL;
  g_autoptr (TramaLinks) links = NULL;
  g_autoptr (TramaEdge) edge = NULL;

  write_notes (store);
  if (n_events <= EXPLAINED_EVENTS_MAX)
    findings = trama_findings_new (table);
  if (findings != NULL)
    edge = trama_edge_new (findings, NULL);
  if (n_events <= LINKED_EVENTS_MAX)
    links = trama_links_new (table);
  measure_scales (cr, ladder, &(Dress){ 2, links, edge }, rows, result);
}

static void
measure (cairo_t *cr, const Shape *shape, guint n_events, const char *rows, Result *result)
{
  g_autoptr (TramaStore) store = shape->make (n_events);
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLadder) ladder = NULL;
  const TramaChartOptions options = { 0 }; /* nobody has chosen anything */
  double start_ms = now_ms (), followed_ms;

  table = trama_flow_table_new (store);
  followed_ms = now_ms ();
  ladder = trama_ladder_new (table, &options, NULL);
  trama_ladder_follow (ladder, G_MAXUINT);
  printf ("%s: %u packets and %u calls of %u conversations, %u moments drawn\n"
          "  read: flows %.0f ns/event, ladder %.0f ns/event\n",
          shape->name, trama_store_n_packets (store), trama_store_n_calls (store),
          trama_flow_table_n_flows (table), trama_ladder_n_moments (ladder),
          (followed_ms - start_ms) * 1e6 / n_events, (now_ms () - followed_ms) * 1e6 / n_events);
  measure_opening (cr, table, ladder, result);
  measure_scales (cr, ladder, &(Dress){ .text_scale = 1 }, rows, result);
  measure_dressed (cr, ladder, rows, result);
  fflush (stdout);
}

typedef struct
{
  gboolean check;
  char *rows;
  char **arguments;
} Options;

static gboolean
read_options (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "check", 0, 0, G_OPTION_ARG_NONE, &options->check, "fail when a limit is not met", NULL },
    { "rows", 0, 0, G_OPTION_ARG_STRING, &options->rows, "measure those whose name matches", "GLOB" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->arguments, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[MOST [SHAPE [LEAST]]]");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    fprintf (stderr, "%s\n", error->message);
  return error == NULL;
}

/* Of each shape, a trace of every size; before them, the fonts are loaded. */
static gboolean
measure_all (cairo_t *cr, const char *rows, guint64 most, const char *name, guint64 least)
{
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (Result));
  Result warm = { 0 };

  g_array_set_clear_func (results, clear_result);
  for (const Shape *shape = shapes; shape->name != NULL; shape++)
    if (name == NULL || g_str_equal (name, shape->name))
      measure (cr, shape, 100, rows, &warm);
  for (const Shape *shape = shapes; shape->name != NULL; shape++)
    for (guint64 n = MAX (least, 1);
         n <= MIN (most, shape->most) && (name == NULL || g_str_equal (name, shape->name)); n *= 10)
      {
        Result result = { g_strdup_printf ("%s, %" G_GUINT64_FORMAT, shape->name, n), { 0 } };

        measure (cr, shape, (guint) n, rows, &result);
        g_array_append_val (results, result);
      }
  return print_results (results);
}

int
main (int argc, char **argv)
{
  Options options = { FALSE, NULL, NULL };
  const char *numbers[3] = { "10000000", NULL, "1000" };
  cairo_surface_t *surface;
  cairo_t *cr;
  gboolean met;

  if (!read_options (&options, &argc, &argv))
    return 2;
  for (guint i = 0; options.arguments != NULL && options.arguments[i] != NULL && i < 3; i++)
    numbers[i] = options.arguments[i];
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH_PX, HEIGHT_PX);
  cr = cairo_create (surface);
  met = measure_all (cr, options.rows != NULL ? options.rows : "*", g_ascii_strtoull (numbers[0], NULL, 10),
                     numbers[1], g_ascii_strtoull (numbers[2], NULL, 10));
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  g_strfreev (options.arguments);
  g_free (options.rows);
  return options.check && !met ? 1 : 0;
}
