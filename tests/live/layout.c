/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"
#include "core/trace/parser.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

/*
 * layout CAPTURE…: lays each out at three widths, three zooms and two sizes of text, folded and in
 * rows, and complains of labels that overlap, of events that are not found where they are drawn, and
 * of times that are not where the scale says. A line for each complaint; exit status 1: there were some.
 */

/* Boxes are estimated, and a border may touch. */
#define TOUCH_PX 1.5

/* Of the words of calls, how many may stand on the mark of a gap for want of room. */
#define BURST_PART 0.25

/* Per layout; the first tell what is wrong. */
#define TOLD_MAX 5

typedef struct
{
  const char *path;
  const TramaChart *chart;
  TramaChartOptions options;
  guint n_complaints;
} Check;

static const char *const kinds[] = { "call", "result", "packet", "badge", "carry", "note",
                                     "step", "tick",   "tear",   "life",  "band" };

static void G_GNUC_PRINTF (2, 3) complain (Check *check, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  if (check->n_complaints++ >= TOLD_MAX)
    return;
  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  printf ("%s: %.0f px, %g ns/px, text × %g, scale %d: %s\n", check->path, check->options.width_px,
          check->options.ns_per_px, check->options.text_scale, check->options.mode, text);
}

static char *
name_label (const TramaChart *chart, const TramaChartLabel *label)
{
  const TramaChartBar *bar = label->kind <= TRAMA_LABEL_RESULT ? &chart->bars[label->index] : NULL;
  const char *text = bar != NULL                        ? bar->name
                     : label->kind == TRAMA_LABEL_CHIP  ? chart->arrows[label->index].flags
                     : label->kind == TRAMA_LABEL_BADGE ? chart->badges[label->index].text
                     : label->kind == TRAMA_LABEL_TICK  ? chart->ticks[label->index].label
                     : label->kind == TRAMA_LABEL_TEAR  ? chart->tears[label->index].label
                     : label->kind == TRAMA_LABEL_LIFE  ? chart->lives[label->index].label
                     : label->kind == TRAMA_LABEL_BAND  ? chart->bands[label->index].name
                                                        : "";

  return g_strdup_printf ("%s %u %s (%.0f…%.0f, %.0f…%.0f)", kinds[label->kind], label->index, text,
                          label->box.x, label->box.x + label->box.width, label->box.y,
                          label->box.y + label->box.height);
}

static int
compare_tops (gconstpointer a, gconstpointer b)
{
  const TramaChartLabel *x = a, *y = b;

  return x->box.y < y->box.y ? -1 : x->box.y > y->box.y;
}

static gboolean
overlap (double from, double length, double other, double other_length)
{
  return MIN (from + length, other + other_length) - MAX (from, other) > TOUCH_PX;
}

/*
 * A badge may hang over the top of a band, whose name then gives way. How a process ended stands where it ended,
 * and in large text the last of its calls may have no other room.
 */
static gboolean
gives_way (const TramaChartLabel *a, const TramaChartLabel *b)
{
  if (a->kind == TRAMA_LABEL_LIFE || b->kind == TRAMA_LABEL_LIFE)
    return MIN (a->kind, b->kind) <= TRAMA_LABEL_RESULT;
  return (a->kind == TRAMA_LABEL_BADGE && b->kind == TRAMA_LABEL_BAND)
         || (a->kind == TRAMA_LABEL_BAND && b->kind == TRAMA_LABEL_BADGE);
}

static void
check_overlaps (Check *check)
{
  g_autoptr (GArray) labels = trama_chart_get_labels (check->chart);

  g_array_sort (labels, compare_tops);
  for (guint i = 0; i < labels->len; i++)
    for (guint j = i + 1; j < labels->len; j++)
      {
        const TramaChartLabel *a = &g_array_index (labels, TramaChartLabel, i);
        const TramaChartLabel *b = &g_array_index (labels, TramaChartLabel, j);

        if (b->box.y >= a->box.y + a->box.height)
          break;
        if (!gives_way (a, b) && overlap (a->box.x, a->box.width, b->box.x, b->box.width)
            && overlap (a->box.y, a->box.height, b->box.y, b->box.height))
          {
            g_autofree char *one = name_label (check->chart, a);
            g_autofree char *other = name_label (check->chart, b);

            complain (check, "%s covers %s", one, other);
          }
      }
}

static gboolean
is_on_tear (const TramaChart *chart, const TramaRect *box)
{
  for (guint i = 0; i < chart->n_tears; i++)
    if (overlap (box->y, box->height, chart->tears[i].y0, chart->tears[i].y1 - chart->tears[i].y0))
      return TRUE;
  return FALSE;
}

/* The mark of a folded gap goes over the whole width. Words stand beside it, but where a burst has too many. */
static void
check_tears (Check *check)
{
  const TramaChart *chart = check->chart;
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);
  guint n_calls = 0, n_on_tears = 0;

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);

      if (label->kind == TRAMA_LABEL_CARRY && is_on_tear (chart, &label->box))
        complain (check, "%s is on the mark of a gap", chart->carries[label->index].label);
      if (label->kind > TRAMA_LABEL_RESULT)
        continue;
      n_calls++;
      n_on_tears += is_on_tear (chart, &label->box);
    }
  if (n_on_tears > BURST_PART * n_calls)
    complain (check, "of %u calls %u are on the mark of a gap", n_calls, n_on_tears);
}

/* What is drawn at a point is found there: the words of every event, and every bar. */
static void
check_hits (Check *check)
{
  const TramaChart *chart = check->chart;
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
      const TramaRect *box = &label->box;
      TramaRef wanted = { 0 };
      TramaRef hit;

      if (label->kind <= TRAMA_LABEL_RESULT)
        wanted = (TramaRef){ TRAMA_EVENT_CALL, chart->bars[label->index].call };
      else if (label->kind == TRAMA_LABEL_CHIP)
        wanted = (TramaRef){ TRAMA_EVENT_PACKET, chart->arrows[label->index].packet };
      else
        continue;
      hit = trama_chart_hit (chart, box->x + box->width / 2, box->y + box->height / 2);
      if (hit.kind != wanted.kind || hit.index != wanted.index)
        {
          g_autofree char *name = name_label (chart, label);

          complain (check, "%s is not found where it is drawn, but %u %u", name, hit.kind, hit.index);
        }
    }
}

/* Between two packets that nothing is folded between, the distance is the time. */
static void
check_times (Check *check)
{
  const TramaChart *chart = check->chart;
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));
  guint tear = 0;

  for (guint i = 1; i < chart->n_arrows && check->options.mode != TRAMA_SCALE_ROWS; i++)
    {
      const TramaChartArrow *a = &chart->arrows[i - 1], *b = &chart->arrows[i];
      TramaPacket one, other;
      double wanted;

      while (tear < chart->n_tears && chart->tears[tear].y0 < a->y0)
        tear++;
      if (tear < chart->n_tears && chart->tears[tear].y0 < b->y0)
        continue;
      trama_store_get_packet (store, a->packet, &one);
      trama_store_get_packet (store, b->packet, &other);
      wanted = (double) (other.time_ns - one.time_ns) / chart->ns_per_px;
      if (fabs (b->y0 - a->y0 - wanted) > 0.5)
        complain (check, "packets %u and %u are %.1f px apart, not %.1f", a->packet, b->packet, b->y0 - a->y0,
                  wanted);
    }
}

/* Each returns how many complaints there were. */
static guint
check_layout (const char *path, TramaFlowTable *table, TramaChartOptions options, gboolean roomy)
{
  g_autoptr (TramaChart) chart = trama_chart_new (table, &options);
  Check check = { path, chart, options, 0 };

  check_overlaps (&check);
  if (roomy)
    check_tears (&check);
  check_hits (&check);
  check_times (&check);
  return check.n_complaints;
}

static guint
check_capture (const char *path, TramaStore *store)
{
  static const double widths_px[] = { 1280, 1920, 2560 };
  static const double zooms[] = { 3, 1, 0.25 };
  static const double text_scales[] = { 1, 1.5 };
  static const TramaScaleMode modes[] = { TRAMA_SCALE_FOLDED, TRAMA_SCALE_TO_SCALE, TRAMA_SCALE_ROWS };
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (widths_px) * G_N_ELEMENTS (text_scales) * G_N_ELEMENTS (modes); i++)
    {
      TramaChartOptions options = {
        .width_px = widths_px[i % 3],
        .height_px = 900,
        .text_scale = text_scales[i / 3 % 2],
        .mode = modes[i / 6],
      };
      g_autoptr (TramaChart) fit = trama_chart_new (table, &options);

      for (guint zoom = 0; zoom < (options.mode == TRAMA_SCALE_ROWS ? 1 : G_N_ELEMENTS (zooms)); zoom++)
        {
          options.ns_per_px = fit->ns_per_px * zooms[zoom];
          n += check_layout (path, table, options, zooms[zoom] <= 1 && options.text_scale <= 1);
        }
    }
  return n;
}

static guint
check_file (const char *path)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (TramaParser) parser = trama_parser_new (trama_store_append, store);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gsize size;

  if (fd < 0 || !g_file_get_contents (path, &contents, &size, &error))
    {
      printf ("%s: cannot be read\n", path);
      return 1;
    }
  trama_store_set_bytes_fd (store, fd);
  close (fd);
  trama_parser_feed (parser, (const guint8 *) contents, size, &error);
  return check_capture (name, store);
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += check_file (argv[i]);
  return argc > 1 && n == 0 ? 0 : 1;
}
