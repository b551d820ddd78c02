/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"
#include "tests/live/painted.h"
#include "tests/live/stretch.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * layout N CAPTURE…: lays each out at three widths, three zooms and three sizes of text, folded, true to
 * time and in rows, and as narrow as a small window; complains of words that overlap, that are broken or
 * stand on the mark of a gap, of events that are not found where they are drawn, of times that are not where
 * the scale says or read the same, of arrows under the words of others or under a port, of phases beside
 * their conversation, of bytes over the bytes of others, and of three processes that reach beyond the page.
 * Then the same of @N recordings with other times, at some of these sizes. A line for each complaint; exit
 * status 1: there were some.
 */

/* A border may touch. */
#define TOUCH_PX 1.5

/* The slant of an arrow, at scale 1. */
#define HEAD_PX 28

/* How far a port may be from where it belongs, at scale 1. */
#define BADGE_MOVE_PX 36

/* What is left for the picture of a window of 1280 pixels, beside the sessions and the inspector. */
#define NARROW_PX 783

/* Of a recording with other times, one of so many sizes: none of three times three. */
#define SIZES_APART 5

/* Per layout; the first tell what is wrong. */
#define TOLD_MAX 5

typedef struct
{
  const char *path;
  const TramaChart *chart;
  const TramaEdge *edge;
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

static gboolean
meet (const TramaRect *a, const TramaRect *b)
{
  return overlap (a->x, a->width, b->x, b->width) && overlap (a->y, a->height, b->y, b->height);
}

static gboolean
is_inside (const TramaRect *inner, const TramaRect *outer)
{
  return inner->x >= outer->x - TOUCH_PX && inner->x + inner->width <= outer->x + outer->width + TOUCH_PX
         && inner->y >= outer->y - TOUCH_PX
         && inner->y + inner->height <= outer->y + outer->height + TOUCH_PX;
}

static void
check_labels (Check *check, GArray *labels)
{
  g_array_sort (labels, compare_tops);
  for (guint i = 0; i < labels->len; i++)
    for (guint j = i + 1; j < labels->len; j++)
      {
        const TramaChartLabel *a = &g_array_index (labels, TramaChartLabel, i);
        const TramaChartLabel *b = &g_array_index (labels, TramaChartLabel, j);

        if (b->box.y >= a->box.y + a->box.height)
          break;
        if (meet (&a->box, &b->box))
          {
            g_autofree char *one = name_label (check->chart, a);
            g_autofree char *other = name_label (check->chart, b);

            complain (check, "%s covers %s", one, other);
          }
      }
}

/* The mark of a folded gap goes over the whole width, and words stand beside it. */
static void
check_tears (Check *check, const GArray *labels)
{
  const TramaChart *chart = check->chart;

  for (guint i = 0; i < labels->len; i++)
    for (guint tear = 0; tear < chart->n_tears; tear++)
      {
        const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
        g_autofree char *name = NULL;

        if (label->kind == TRAMA_LABEL_TEAR || label->kind == TRAMA_LABEL_NOTE
            || !overlap (label->box.y, label->box.height, chart->tears[tear].y0,
                         chart->tears[tear].y1 - chart->tears[tear].y0))
          continue;
        name = name_label (chart, label);
        complain (check, "%s is on the mark of a gap", name);
      }
}

static gboolean
strikes (const TramaChartArrow *arrow, const TramaRect *box)
{
  double from = MAX (MIN (arrow->x0, arrow->x1), box->x);
  double to = MIN (MAX (arrow->x0, arrow->x1), box->x + box->width);
  double slope = (arrow->y1 - arrow->y0) / (arrow->x1 - arrow->x0);
  double y0 = arrow->y0 + (from - arrow->x0) * slope, y1 = arrow->y0 + (to - arrow->x0) * slope;

  return to - from > TOUCH_PX && overlap (MIN (y0, y1), fabs (y1 - y0) + 2 * TOUCH_PX, box->y, box->height);
}

/* Past a column an arrow is faint; it begins and ends at columns, and not behind their words. */
static void
check_strikes (Check *check, const TramaChartArrow *arrows, guint n_arrows, const GArray *labels)
{
  const TramaChart *chart = check->chart;

  for (guint i = 0; i < n_arrows; i++)
    for (guint j = 0; j < labels->len; j++)
      {
        const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, j);
        const TramaChartColumn *column;
        g_autofree char *name = NULL;

        if (label->kind > TRAMA_LABEL_RESULT || !strikes (&arrows[i], &label->box))
          continue;
        column = &chart->columns[chart->rails[chart->bars[label->index].rail].column];
        if (column->x0 > MIN (arrows[i].x0, arrows[i].x1) && column->x1 < MAX (arrows[i].x0, arrows[i].x1))
          continue;
        name = name_label (chart, label);
        complain (check, "packet %u runs over %s", arrows[i].packet, name);
      }
}

/* No call is drawn over a gap in which it was not. */
static void
check_bars (Check *check)
{
  const TramaChart *chart = check->chart;
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));

  for (guint i = 0; i < chart->n_bars; i++)
    for (guint tear = 0; tear < chart->n_tears; tear++)
      {
        const TramaChartBar *bar = &chart->bars[i];
        const TramaChartTear *t = &chart->tears[tear];
        const TramaCall *call = trama_store_get_call (store, bar->call);
        gint64 end_ns = call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : t->span.end_ns;

        if (overlap (bar->y0, bar->y1 - bar->y0, t->y0, t->y1 - t->y0)
            && (call->entry_ns >= t->span.end_ns || end_ns <= t->span.start_ns))
          complain (check, "%s %u (%.0f…%.0f) covers the mark of a gap (%.0f…%.0f)", bar->name, i, bar->y0,
                    bar->y1, t->y0, t->y1);
      }
}

static int
compare_painted (gconstpointer a, gconstpointer b)
{
  const PaintedText *x = a, *y = b;

  if (x->part != y->part)
    return x->part < y->part ? -1 : 1;
  return x->box.y < y->box.y ? -1 : x->box.y > y->box.y;
}

/* What has a ground of its own, on which nothing else may be written. */
static gboolean
has_ground (const TramaChart *chart, const TramaChartLabel *label)
{
  return label->kind == TRAMA_LABEL_BADGE || label->kind == TRAMA_LABEL_CARRY
         || label->kind == TRAMA_LABEL_NOTE || label->kind == TRAMA_LABEL_STEP
         || (label->kind == TRAMA_LABEL_CHIP && chart->arrows[label->index].kind != TRAMA_SEGMENT_ACK
             && chart->arrows[label->index].kind != TRAMA_SEGMENT_OTHER);
}

static void
check_covered (Check *check, const PaintedText *text, const GArray *labels)
{
  for (guint i = 0; i < labels->len && text->part == PAINTED_BODY; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
      g_autofree char *name = NULL;

      if (label->box.y >= text->box.y + text->box.height)
        break;
      if (!has_ground (check->chart, label) || !meet (&text->box, &label->box)
          || is_inside (&text->box, &label->box))
        continue;
      name = name_label (check->chart, label);
      complain (check, "“%s” (%.0f…%.0f, %.0f…%.0f) is half on %s", text->text, text->box.x,
                text->box.x + text->box.width, text->box.y, text->box.y + text->box.height, name);
    }
}

/* Every text against every other, of whatever kind, and against the pills and cards of others. */
static void
check_painted (Check *check, const GArray *labels)
{
  g_autoptr (GArray) texts = painted_list (check->chart, check->edge, NULL);

  g_array_sort (texts, compare_painted);
  for (guint i = 0; i < texts->len; i++)
    {
      const PaintedText *a = &g_array_index (texts, PaintedText, i);

      if (a->box.x < -TOUCH_PX || a->box.x + a->box.width > check->chart->width_px + TOUCH_PX)
        complain (check, "“%s” reaches out of the picture (%.0f…%.0f)", a->text, a->box.x,
                  a->box.x + a->box.width);
      check_covered (check, a, labels);
      for (guint j = i + 1; j < texts->len; j++)
        {
          const PaintedText *b = &g_array_index (texts, PaintedText, j);

          if (b->part != a->part || b->box.y >= a->box.y + a->box.height)
            break;
          if (meet (&a->box, &b->box))
            complain (check, "“%s” (%.0f, %.0f) is written over “%s” (%.0f, %.0f)", a->text, a->box.x,
                      a->box.y, b->text, b->box.x, b->box.y);
        }
    }
}

static void
check_hit (Check *check, double x, double y, TramaRef wanted, const char *what)
{
  TramaRef hit = trama_chart_hit (check->chart, x, y);
  TramaRect bounds;

  if (hit.kind != wanted.kind || hit.index != wanted.index)
    complain (check, "%s is not found where it is drawn (%.0f, %.0f), but %u %u", what, x, y, hit.kind,
              hit.index);
  if (!trama_chart_get_bounds (check->chart, wanted, &bounds) || y < bounds.y - TOUCH_PX
      || y > bounds.y + bounds.height + TOUCH_PX)
    complain (check, "%s is not within its bounds", what);
}

/* Whether the line ends as a word of the note does, or after a sign; a cut one says so. */
static gboolean
ends_whole (const char *line, const char *const *words)
{
  g_autofree char *bare = g_strchomp (g_strdup (line));
  const char *space = strrchr (bare, ' '), *last = space != NULL ? space + 1 : bare;

  return last[0] == '\0' || !g_ascii_isalnum (last[strlen (last) - 1]) || g_strv_contains (words, last);
}

/* On a page with letters of their own size no card is so narrow that a word had to be broken. */
static void
check_words (Check *check)
{
  const TramaChart *chart = check->chart;
  g_autoptr (GArray) texts = NULL;

  if (check->options.width_px <= NARROW_PX || check->options.text_scale > 1)
    return;
  texts = painted_list (chart, check->edge, NULL);
  for (guint i = 0; i < chart->n_notes; i++)
    {
      const TramaChartNote *note = &chart->notes[i];
      const TramaRect card = { note->x, note->card_y, note->width_px, note->height_px };
      g_auto (GStrv) words = g_strsplit_set (note->text, " \n", -1);

      for (guint j = 0; j < texts->len; j++)
        {
          const PaintedText *line = &g_array_index (texts, PaintedText, j);

          if (line->part == PAINTED_BODY && is_inside (&line->box, &card)
              && !ends_whole (line->text, (const char *const *) words))
            complain (check, "a word of a note is broken in “%s”", line->text);
        }
    }
}

/* What is drawn at a point is found there: the words of every event, every bar and every arrow. */
static void
check_hits (Check *check, const GArray *labels)
{
  const TramaChart *chart = check->chart;

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
      double x = label->box.x + label->box.width / 2, y = label->box.y + label->box.height / 2;
      g_autofree char *name = name_label (chart, label);

      if (label->kind <= TRAMA_LABEL_RESULT)
        check_hit (check, x, y, (TramaRef){ TRAMA_EVENT_CALL, chart->bars[label->index].call }, name);
      else if (label->kind == TRAMA_LABEL_CHIP)
        check_hit (check, x, y, (TramaRef){ TRAMA_EVENT_PACKET, chart->arrows[label->index].packet }, name);
      else if (label->kind == TRAMA_LABEL_NOTE
               && trama_chart_find_note (chart, x, y) != &chart->notes[label->index])
        complain (check, "%s is not found where it is drawn", name);
    }
}

typedef struct
{
  gint64 time_ns;
  double y;
} Moment;

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const Moment *x = a, *y = b;

  return x->time_ns < y->time_ns ? -1 : x->time_ns > y->time_ns;
}

static GArray *
list_moments (const TramaChart *chart)
{
  TramaStore *store = trama_flow_table_get_store (trama_chart_get_table (chart));
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (Moment));

  for (guint i = 0; i < chart->n_arrows; i++)
    {
      TramaPacket packet;
      Moment moment;

      trama_store_get_packet (store, chart->arrows[i].packet, &packet);
      moment = (Moment){ packet.time_ns, chart->arrows[i].y0 };
      g_array_append_val (moments, moment);
    }
  for (guint i = 0; i < chart->n_bars; i++)
    {
      Moment moment = { trama_store_get_call (store, chart->bars[i].call)->entry_ns, chart->bars[i].y0 };

      g_array_append_val (moments, moment);
    }
  g_array_sort (moments, compare_moments);
  return moments;
}

/* Between two events that nothing is folded between, the distance is the time; and each is at its own. */
static void
check_times (Check *check)
{
  const TramaChart *chart = check->chart;
  g_autoptr (GArray) moments = list_moments (chart);
  guint tear = 0;

  for (guint i = 0; i < moments->len; i++)
    {
      const Moment *b = &g_array_index (moments, Moment, i), *a = i > 0 ? b - 1 : b;
      double wanted = (double) (b->time_ns - a->time_ns) / chart->ns_per_px;

      if (ABS (trama_chart_time_of_y (chart, b->y) - b->time_ns) > MAX (1, chart->ns_per_px / 100)
          && check->options.mode != TRAMA_SCALE_ROWS)
        complain (check, "what is drawn at %.1f is not from then", b->y);
      if (fabs (trama_chart_y_of_time (chart, b->time_ns) - b->y) > 0.01)
        complain (check, "what is drawn at %.1f is not of there", b->y);
      while (tear < chart->n_tears && chart->tears[tear].y0 < a->y)
        tear++;
      if ((tear < chart->n_tears && chart->tears[tear].y0 < b->y) || check->options.mode == TRAMA_SCALE_ROWS)
        continue;
      if (fabs (b->y - a->y - wanted) > 0.5)
        complain (check, "at %.1f and %.1f there should be %.1f px between", a->y, b->y, wanted);
    }
}

/* A fold says how long nothing happened, and nothing happened then. */
static void
check_gaps (Check *check)
{
  const TramaChart *chart = check->chart;
  g_autoptr (GArray) moments = list_moments (chart);

  for (guint i = 0; i < chart->n_tears; i++)
    {
      const TramaChartTear *tear = &chart->tears[i];
      g_autofree char *length = trama_duration_format (tear->span.end_ns - tear->span.start_ns);

      if (g_strcmp0 (length, tear->label) != 0)
        complain (check, "a gap of %s says %s", length, tear->label);
      if (trama_chart_y_of_time (chart, tear->span.start_ns) > tear->y0
          || trama_chart_y_of_time (chart, tear->span.end_ns) < tear->y1)
        complain (check, "a gap of %s is not where its mark is", length);
      for (guint at = 0; at < moments->len; at++)
        {
          gint64 time_ns = g_array_index (moments, Moment, at).time_ns;

          if (time_ns > tear->span.start_ns && time_ns < tear->span.end_ns)
            complain (check, "something happens in a gap of %s", length);
        }
    }
}

/* From where to where an arrow is drawn between two places; FALSE: it is not there. */
static gboolean
find_heights (const TramaChartArrow *arrow, double x0, double x1, double *y0, double *y1)
{
  const double left = MAX (MIN (arrow->x0, arrow->x1), x0), right = MIN (MAX (arrow->x0, arrow->x1), x1);
  const double slope = (arrow->y1 - arrow->y0) / (arrow->x1 - arrow->x0);

  if (left >= right)
    return FALSE;
  *y0 = arrow->y0 + slope * (left - arrow->x0);
  *y1 = arrow->y0 + slope * (right - arrow->x0);
  return TRUE;
}

/* The words of a packet are over no arrow but its own, unless they say so. */
static void
check_chips (Check *check, const GArray *labels)
{
  const TramaChart *chart = check->chart;

  for (guint i = 0; i < labels->len; i++)
    for (guint other = 0; other < chart->n_arrows; other++)
      {
        const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);
        const TramaRect *box = &label->box;
        double y0, y1;

        if (label->kind != TRAMA_LABEL_CHIP || label->index == other || chart->arrows[label->index].hides
            || !find_heights (&chart->arrows[other], box->x, box->x + box->width, &y0, &y1))
          continue;
        if (MIN (y0, y1) < box->y + box->height - TOUCH_PX && MAX (y0, y1) > box->y + TOUCH_PX)
          complain (check, "%s %u is over the arrow of %s %u", chart->arrows[label->index].flags,
                    label->index, chart->arrows[other].flags, other);
      }
}

/* Whether the badge, were it at that height, would be over an arrow, another badge or the mark of a gap. */
static gboolean
hides (const TramaChart *chart, guint badge, double y, double margin_px)
{
  const TramaChartBadge *of = &chart->badges[badge];
  const double top = y - of->height_px / 2, bottom = y + of->height_px / 2;
  double y0, y1;

  for (guint i = 0; i < chart->n_arrows; i++)
    if (find_heights (&chart->arrows[i], of->left, of->left + of->width_px, &y0, &y1)
        && MAX (y0, y1) > top - margin_px && MIN (y0, y1) < bottom + margin_px)
      return TRUE;
  for (guint i = 0; i < chart->n_badges; i++)
    if (i != badge && fabs (chart->badges[i].y - y) < of->height_px + margin_px
        && overlap (of->left, of->width_px, chart->badges[i].left, chart->badges[i].width_px))
      return TRUE;
  for (guint i = 0; i < chart->n_tears; i++)
    if (chart->tears[i].y1 > top - margin_px && chart->tears[i].y0 < bottom + margin_px)
      return TRUE;
  return FALSE;
}

/* No port beside its line is over an arrow when a little higher or lower there is room. */
static void
check_badges (Check *check)
{
  const TramaChart *chart = check->chart;

  for (guint i = 0; i < chart->n_badges; i++)
    {
      const TramaChartBadge *badge = &chart->badges[i];
      const double reach = BADGE_MOVE_PX * chart->scale, margin = 6 * chart->scale;

      if (badge->align == 0 || !hides (chart, i, badge->y, 0))
        continue;
      for (double y = badge->y - reach; y <= badge->y + reach; y++)
        if (!hides (chart, i, y, margin))
          {
            complain (check, "%s (%.0f) is over an arrow, and has room at %.0f", badge->text, badge->y, y);
            break;
          }
    }
}

/* One must be able to add what the ticks below it say. */
static void
check_axis (Check *check)
{
  const TramaChart *chart = check->chart;
  const char *last = NULL;

  for (guint i = 0; i < chart->n_ticks; i++)
    {
      const TramaChartTick *tick = &chart->ticks[i];

      if (!tick->absolute && (tick->label == NULL || check->options.mode != TRAMA_SCALE_ROWS))
        continue;
      if (g_strcmp0 (tick->label, last) == 0)
        complain (check, "it is %s twice", last);
      last = tick->label;
    }
}

/* A phase is over when its conversation is: only a head may hang below that. */
static void
check_phases (Check *check)
{
  const TramaChart *chart = check->chart;
  TramaFlowTable *table = trama_chart_get_table (chart);

  for (guint i = 0; i < chart->n_tints; i++)
    {
      const TramaChartTint *tint = &chart->tints[i];
      gboolean known = FALSE;

      for (guint32 flow = 0; flow < trama_flow_table_n_flows (table) && !known; flow++)
        {
          const TramaFlow *record = trama_flow_table_get_flow (table, flow);

          known = tint->y0 >= trama_chart_y_of_time (chart, record->first_ns) - TOUCH_PX
                  && tint->y1 <= trama_chart_y_of_time (chart, record->last_ns) + HEAD_PX * chart->scale;
        }
      if (!known)
        complain (check, "a phase (%.0f…%.0f) is of no conversation", tint->y0, tint->y1);
      if (i > 0 && tint->y0 < tint[-1].y1)
        complain (check, "two phases meet at %.0f", tint->y0);
    }
}

static guint
count_mute (const TramaChart *chart)
{
  guint n_mute = 0;

  for (guint i = 0; i < chart->n_arrows; i++)
    n_mute += !chart->arrows[i].apart;
  return n_mute;
}

/* Who begins there sees more words or arrows than where everything fits, or everything. */
static void
check_start (Check *check)
{
  TramaChartOptions options = check->options;
  g_autoptr (TramaChart) start = NULL;
  const guint n_touching = trama_chart_count_touching (check->chart);

  if (options.ns_per_px > 0)
    return;
  options.ns_per_px = trama_chart_find_start (check->chart, &options);
  start = trama_chart_new (trama_chart_get_table (check->chart), &options);
  if (start->ns_per_px < check->chart->ns_per_px && trama_chart_count_touching (start) >= n_touching
      && count_mute (start) >= count_mute (check->chart))
    complain (check, "from nearer, no more can be read");
  if (start->body_px > MAX (2 * options.height_px, check->chart->body_px) + TOUCH_PX)
    complain (check, "one begins on more than two pages");
}

/* Three processes, one of which talks to the others, are seen without scrolling sideways. */
static void
check_width (Check *check)
{
  const TramaChart *chart = check->chart;

  if (chart->n_columns <= 3 && check->options.width_px >= NARROW_PX * check->options.text_scale
      && chart->width_px > check->options.width_px + TOUCH_PX)
    complain (check, "it is %.0f px wide", chart->width_px);
}

/* "bytes 0–6" or "0–6", and nothing else. */
static gboolean
tells_bytes (const PaintedText *text)
{
  const char *dash = strstr (text->text, "–");

  return text->part == PAINTED_BODY && dash != NULL && g_ascii_isdigit (dash[strlen ("–")])
         && dash > text->text && g_ascii_isdigit (dash[-1]);
}

/* Where ribbons meet, each says which bytes it is of without covering another. */
static void
check_trail (Check *check, const TramaLinks *links, TramaRef event)
{
  g_autoptr (TramaTrail) trail = trama_trail_new (check->chart, links, event);
  g_autoptr (GArray) texts = NULL;

  if (trail == NULL || trama_trail_n_ribbons (trail) < 2)
    return;
  texts = painted_list (check->chart, check->edge, trail);
  for (guint i = 0; i < texts->len; i++)
    for (guint j = i + 1; j < texts->len; j++)
      {
        const PaintedText *a = &g_array_index (texts, PaintedText, i);
        const PaintedText *b = &g_array_index (texts, PaintedText, j);

        if (tells_bytes (a) && tells_bytes (b) && meet (&a->box, &b->box))
          complain (check, "with %u %u chosen, “%s” is written over “%s”", event.kind, event.index, a->text,
                    b->text);
      }
}

/* A datagram that a call sends begins at its bar: an echo request, too, whose conversation has no ports. */
static void
check_send (Check *check, const TramaLinks *links, const TramaChartArrow *arrow)
{
  g_autoptr (GArray) causes = NULL;
  gboolean is_sent = FALSE, is_joined = FALSE;

  trama_links_get (links, (TramaRef){ TRAMA_EVENT_PACKET, arrow->packet }, &causes, NULL);
  for (guint i = 0; i < causes->len; i++)
    is_sent |= g_array_index (causes, TramaLink, i).kind == TRAMA_LINKS_SENDS;
  for (guint i = 0; i < check->chart->n_links; i++)
    is_joined |= check->chart->links[i].packet == arrow->packet && !check->chart->links[i].wakes;
  if (is_sent && !is_joined)
    complain (check, "packet %u was sent by a call, and nothing joins them", arrow->packet);
}

static guint
check_trails (const char *path, TramaFlowTable *table, const TramaEdge *edge, TramaChartOptions options)
{
  g_autoptr (TramaLinks) links = trama_links_new (table);
  g_autoptr (TramaChart) chart = trama_chart_new (table, &options);
  Check check = { path, chart, edge, options, 0 };

  for (guint i = 0; i < chart->n_arrows; i++)
    {
      check_trail (&check, links, (TramaRef){ TRAMA_EVENT_PACKET, chart->arrows[i].packet });
      if (chart->arrows[i].kind == TRAMA_SEGMENT_UDP || chart->arrows[i].kind == TRAMA_SEGMENT_ICMP)
        check_send (&check, links, &chart->arrows[i]);
    }
  for (guint i = 0; i < chart->n_bars; i++)
    check_trail (&check, links, (TramaRef){ TRAMA_EVENT_CALL, chart->bars[i].call });
  return check.n_complaints;
}

/* Each returns how many complaints there were. */
static guint
check_layout (const char *path, TramaFlowTable *table, const TramaEdge *edge, TramaChartOptions options)
{
  g_autoptr (TramaChart) chart = trama_chart_new (table, &options);
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);
  Check check = { path, chart, edge, options, 0 };

  check_labels (&check, labels);
  check_tears (&check, labels);
  check_bars (&check);
  check_strikes (&check, check.chart->arrows, check.chart->n_arrows, labels);
  check_strikes (&check, check.chart->branches, check.chart->n_branches, labels);
  check_painted (&check, labels);
  check_words (&check);
  check_hits (&check, labels);
  check_times (&check);
  check_gaps (&check);
  check_chips (&check, labels);
  check_badges (&check);
  check_axis (&check);
  check_phases (&check);
  check_start (&check);
  check_width (&check);
  return check.n_complaints;
}

/* The words are as many and as long at each width, and take their time to be painted: each has a size of its own. */
static guint
check_capture (const char *path, TramaStore *store, guint32 seed)
{
  static const double widths_px[] = { 1280, 1920, 2560 };
  static const double zooms[] = { 3, 1, 0.25 };
  static const double text_scales[] = { 1, 1.5, 2 };
  static const TramaScaleMode modes[] = { TRAMA_SCALE_FOLDED, TRAMA_SCALE_TO_SCALE, TRAMA_SCALE_ROWS };
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);
  g_autoptr (TramaFindings) findings = trama_findings_new (table);
  g_autoptr (TramaEdge) edge = trama_edge_new (findings, NULL);
  const TramaChartOptions narrow = { .width_px = NARROW_PX, .height_px = 600, .text_scale = 1 };
  guint n = check_layout (path, table, edge, narrow) + check_trails (path, table, edge, narrow);

  for (guint i = 0; i < G_N_ELEMENTS (widths_px) * G_N_ELEMENTS (text_scales) * G_N_ELEMENTS (modes); i++)
    {
      TramaChartOptions options = {
        .width_px = widths_px[i % 3],
        .height_px = 900,
        .text_scale = text_scales[i / 3 % 3],
        .mode = modes[i / 9],
      };
      g_autoptr (TramaChart) fit = NULL;

      if (seed > 0 && (i + seed) % SIZES_APART != 0)
        continue;
      fit = trama_chart_new (table, &options);
      n += check_layout (path, table, edge, options);
      for (guint zoom = 0; zoom < (options.mode == TRAMA_SCALE_ROWS ? 1 : G_N_ELEMENTS (zooms)); zoom++)
        {
          options.ns_per_px = fit->ns_per_px * zooms[zoom];
          n += check_layout (path, table, edge, options);
        }
    }
  return n;
}

static guint
check_file (const char *path, guint32 n_seeds)
{
  g_autofree char *contents = NULL;
  g_autofree char *name = g_path_get_basename (path);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  guint n = 0;
  gsize size;

  if (fd < 0 || !g_file_get_contents (path, &contents, &size, NULL))
    {
      printf ("%s: cannot be read\n", path);
      return 1;
    }
  for (guint32 seed = 0; seed <= n_seeds; seed++)
    {
      g_autoptr (TramaStore) store = stretch_store_new (fd, contents, size, seed);
      g_autofree char *which = seed > 0 ? g_strdup_printf ("%s, times %u", name, seed) : g_strdup (name);

      n += check_capture (which, store, seed);
    }
  close (fd);
  return n;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 2; i < argc; i++)
    n += check_file (argv[i], (guint32) atoi (argv[1]));
  return argc > 2 && n == 0 ? 0 : 1;
}
