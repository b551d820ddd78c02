/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What drawing costs, beside what it may cost: layout and painting at 1920 × 1080,
 * of traces of a thousand packets up to as many as are asked for.
 *
 *   chart_bench [MOST]     10000000 unless told
 *
 * A frame of panning lays out and paints what comes into view, in the parts and strips
 * that the ladder's view keeps. One of zooming makes another chart and paints of it as many
 * strips as there is time for, one at least, while those before stand in for the rest.
 * What is measured is the work of this program, not what else the machine does.
 */
#include "core/chart/ladder.h"
#include "core/chart/overview.h"
#include "core/flow/builder.h"
#include "ui/paint/paint.h"
#include "ui/paint/paint_overview.h"

#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WIDTH_PX 1920
#define HEIGHT_PX 1080
#define OVERVIEW_PX 64
#define STRIP_PX 256
#define PART_PX 1024
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

/* What the view spends on strips before it puts off the rest. */
#define BUDGET_MS 2

#define N_FLOWS 8
#define LARGE_PART 0.7 /* of all packets are of the first conversation */
#define N_FRAMES 4     /* of a flow: RST, ACK there, ACK back, and a datagram instead of them */
#define FRAME_BYTES 54

/* What this program has worked, whatever else the machine does. */
static double
now_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* The trace. */

static void
write_frame (int fd, guint flow, guint kind)
{
  guint8 frame[FRAME_BYTES] = { [12] = 0x08, [14] = 0x45, [17] = 40, [22] = 64, [23] = IPPROTO_TCP };
  guint16 port = (guint16) (40000 + flow);
  guint at = kind == 2 ? 36 : 34;

  frame[26] = frame[30] = 127;
  frame[29] = frame[33] = 1;
  frame[at] = (guint8) (port >> 8);
  frame[at + 1] = (guint8) port;
  frame[at == 34 ? 37 : 35] = 80;
  frame[46] = 0x50;
  frame[48] = 2;
  frame[47] = kind == 0 ? TRAMA_TCP_RST : TRAMA_TCP_ACK;
  if (kind == 3)
    {
      frame[23] = IPPROTO_UDP;
      frame[39] = 20;
    }
  if (write (fd, frame, sizeof frame) != sizeof frame)
    exit (1);
}

/* Many packets share the bytes of few. They come in bursts, with pauses of up to half a second. */
static TramaStore *
store_new (guint n_packets)
{
  TramaStore *store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE, .interface = { .link_type = 1, .name = "lo" } };
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("trama-bench-XXXXXX", &path, NULL);
  gint64 time_ns = G_GINT64_CONSTANT (1700000000000000000);

  if (fd < 0)
    exit (1);
  unlink (path);
  for (guint i = 0; i < N_FLOWS * N_FRAMES; i++)
    write_frame (fd, i / N_FRAMES, i % N_FRAMES);
  trama_store_append (&event, store);
  event.kind = TRAMA_EVENT_PACKET;
  for (guint i = 0; i < n_packets; i++)
    {
      double luck = g_rand_double (random);
      double whose = g_rand_double (random);
      guint flow = whose < LARGE_PART ? 0
                                      : 1 + (guint) ((whose - LARGE_PART) / (1 - LARGE_PART) * (N_FLOWS - 1));
      guint kind = flow != 0 && luck < 0.0001 ? 0 : flow % 8 == 7 ? 3 : 1 + i % 2;

      time_ns += luck < 0.9 ? 1000 + (gint64) (luck * 20000) : luck < 0.9999 ? 1000000 : 500000000;
      event.packet = (TramaPacket){ .time_ns = time_ns,
                                    .captured_bytes = FRAME_BYTES,
                                    .length_bytes = FRAME_BYTES + (kind == 2 ? 1448 : 0),
                                    .offset = (guint64) (flow * N_FRAMES + kind) * FRAME_BYTES };
      trama_store_append (&event, store);
    }
  trama_store_set_bytes_fd (store, fd);
  close (fd);
  return store;
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

static void
print_figures (const char *what, const Figures *figures, double average_ms, double max_ms)
{
  double average = figures->n > 0 ? figures->sum / figures->n : 0;

  printf ("    %-8s %8.2f ms on average (%g)%s %8.2f ms at most (%g)%s\n", what, average, average_ms,
          average > average_ms ? " NOT met" : "", figures->max, max_ms,
          figures->max > max_ms ? " NOT met" : "");
}

static double
paint_strip (cairo_t *cr, const TramaChart *chart, double strip)
{
  const TramaPainting painting = { .chart = chart, .theme = trama_theme_get (FALSE) };
  double top = strip * STRIP_PX, start_ms = now_ms ();

  cairo_save (cr);
  cairo_translate (cr, 0, -top);
  trama_paint_body (cr, &painting, top, top + STRIP_PX);
  cairo_restore (cr);
  return now_ms () - start_ms;
}

/* As the view does: a part at a time, several strips of each. */
typedef struct
{
  TramaChart *chart, *part;
  double number; /* of the part; -1: none */
} Parts;

static TramaChart *
get_part (Parts *parts, double strip)
{
  double number = floor (strip * STRIP_PX / PART_PX);

  if (number != parts->number)
    {
      g_clear_pointer (&parts->part, trama_chart_unref);
      parts->part = trama_chart_get_part (parts->chart, number * PART_PX, (number + 1) * PART_PX);
      parts->number = number;
    }
  return parts->part;
}

static void
parts_clear (Parts *parts)
{
  g_clear_pointer (&parts->part, trama_chart_unref);
  trama_chart_unref (parts->chart);
}

/* In the middle of what is densest in the large trace there is: a third of the way. */
static double
get_scroll (const TramaChart *chart)
{
  return floor (MAX (chart->body_px - HEIGHT_PX, 0) / 3);
}

static void
pan (cairo_t *cr, TramaChart *chart, Figures *frames, Figures *strips)
{
  Parts parts = { trama_chart_ref (chart), NULL, -1 };
  double scroll = get_scroll (chart);
  double painted = floor ((scroll + HEIGHT_PX) / STRIP_PX);

  get_part (&parts, painted);
  for (guint i = 0; i < PAN_FRAMES && scroll + HEIGHT_PX < chart->body_px; i++)
    {
      double start_ms = now_ms ();

      scroll += PAN_PX;
      while (painted < floor ((scroll + HEIGHT_PX) / STRIP_PX))
        {
          painted++;
          figures_add (strips, paint_strip (cr, get_part (&parts, painted), painted));
        }
      figures_add (frames, now_ms () - start_ms);
    }
  parts_clear (&parts);
}

/* How many frames it takes until nothing stands in any more, were each the last. */
static double
zoom (cairo_t *cr, TramaLadder *ladder, TramaChartOptions options, double ns_per_px, Figures *frames)
{
  guint n_strips = 0, n_painted = 0;

  for (guint i = 0; i < ZOOM_FRAMES; i++)
    {
      double start_ms = now_ms (), first, n, scroll;
      Parts parts = { NULL, NULL, -1 };

      options.ns_per_px = ns_per_px * pow (ZOOM_STEP, i);
      parts.chart = trama_chart_new_for (ladder, &options);
      scroll = get_scroll (parts.chart);
      first = floor (scroll / STRIP_PX);
      n = ceil ((scroll + HEIGHT_PX) / STRIP_PX) - first;
      for (double strip = 0; strip < n && (strip < 1 || now_ms () - start_ms < BUDGET_MS); strip++)
        {
          double turn = first + fmod (n_painted, n);

          paint_strip (cr, get_part (&parts, turn), turn);
          n_painted++;
        }
      n_strips += (guint) n;
      figures_add (frames, now_ms () - start_ms);
      parts_clear (&parts);
    }
  return (double) n_strips / n_painted;
}

static void
measure_zooms (cairo_t *cr, TramaLadder *ladder, double fit_ns_per_px)
{
  static const struct
  {
    const char *name;
    double factor;
  } zooms[] = { { "fit", 1 }, { "middle", 300 }, { "closest", 100000 } };
  TramaChartOptions options = { .width_px = WIDTH_PX, .height_px = HEIGHT_PX, .text_scale = 1 };

  for (gsize i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      Figures pans = { 0 }, strips = { 0 }, frames = { 0 };
      TramaChart *chart, *part;
      double n_frames;

      options.ns_per_px = fit_ns_per_px / zooms[i].factor;
      chart = trama_chart_new_for (ladder, &options);
      part = trama_chart_get_part (chart, get_scroll (chart), get_scroll (chart) + PART_PX);
      printf ("  %s, %.3g px, in a view %u arrows, %u rows of density\n", zooms[i].name, chart->body_px,
              part->n_arrows, part->n_densities);
      trama_chart_unref (part);
      pan (cr, chart, &pans, &strips);
      trama_chart_unref (chart);
      n_frames = zoom (cr, ladder, options, options.ns_per_px, &frames);
      if (pans.n > 0)
        print_figures ("pan", &pans, PAN_MS, FRAME_MS);
      print_figures ("zoom", &frames, ZOOM_MS, FRAME_MS);
      printf ("    sharp after %.1f frames\n", n_frames);
      if (strips.n > 0)
        print_figures ("strip", &strips, STRIP_MS, STRIP_MS);
    }
}

/* From the table on: what is seen first. Returns the scale at which the ladder fits. */
static double
measure_opening (cairo_t *cr, TramaFlowTable *table, TramaLadder *ladder)
{
  const TramaOverviewOptions strip = { WIDTH_PX, OVERVIEW_PX, 1, TRAMA_SCALE_FOLDED };
  const TramaChartOptions options = { .width_px = WIDTH_PX, .height_px = HEIGHT_PX, .text_scale = 1 };
  g_autoptr (TramaDensity) density = trama_density_new (NULL, 0, 0);
  g_autoptr (TramaOverview) overview = NULL;
  Parts parts = { NULL, NULL, -1 };
  TramaChart *chart;
  double indexed_ms, laid_out_ms, painted_ms, end_ms, fit_ns_per_px;

  trama_density_follow (density, table, G_MAXUINT);
  indexed_ms = now_ms ();
  overview = trama_overview_new (table, density, &strip);
  laid_out_ms = now_ms ();
  trama_paint_overview (cr, overview, trama_theme_get (FALSE));
  painted_ms = now_ms ();
  chart = trama_chart_new_for (ladder, &options);
  parts.chart = chart;
  for (int i = 0; i * STRIP_PX < HEIGHT_PX; i++)
    paint_strip (cr, get_part (&parts, i), i);
  end_ms = now_ms ();
  fit_ns_per_px = chart->ns_per_px;
  printf ("  open: overview %.1f + %.1f ms, ladder %.1f ms\n", laid_out_ms - indexed_ms,
          painted_ms - laid_out_ms, end_ms - painted_ms);
  printf ("    together %.1f ms (%d)%s\n", end_ms - indexed_ms, OPEN_MS,
          end_ms - indexed_ms > OPEN_MS ? " NOT met" : "");
  parts_clear (&parts);
  return fit_ns_per_px;
}

static guint32
find_largest (TramaFlowTable *table)
{
  guint32 largest = 0, most = 0;

  for (guint32 i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);

      if (flow->packets[0] + flow->packets[1] > most)
        {
          most = flow->packets[0] + flow->packets[1];
          largest = i;
        }
    }
  return largest;
}

static void
measure (cairo_t *cr, guint n_packets)
{
  g_autoptr (TramaStore) store = store_new (n_packets);
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaLadder) ladder = NULL;
  g_autoptr (TramaFlowSet) alone = NULL;
  TramaChartOptions options = { 0 };
  guint32 largest;
  double start_ms = now_ms (), followed_ms;

  table = trama_flow_table_new (store);
  largest = find_largest (table);
  alone = trama_flow_set_new (&largest, 1);
  options.flows = alone;
  followed_ms = now_ms ();
  ladder = trama_ladder_new (table, &options, NULL);
  trama_ladder_follow (ladder, G_MAXUINT);
  printf ("%u packets, %u drawn\n  read: flows %.0f ns/packet, ladder %.0f ns/packet\n", n_packets,
          trama_ladder_n_moments (ladder), (followed_ms - start_ms) * 1e6 / n_packets,
          (now_ms () - followed_ms) * 1e6 / n_packets);
  measure_zooms (cr, ladder, measure_opening (cr, table, ladder));
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  guint64 most = argc > 1 ? g_ascii_strtoull (argv[1], NULL, 10) : 10000000;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH_PX, HEIGHT_PX);
  cairo_t *cr = cairo_create (surface);

  measure (cr, 100); /* the fonts are loaded by it */
  for (guint n = 1000; n <= most; n *= 10)
    measure (cr, n);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return 0;
}
