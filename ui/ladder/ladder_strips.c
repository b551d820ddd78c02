/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/ladder/ladder_private.h"

#include <math.h>

/*
 * The body of the picture in strips. What takes no longer than a frame has time for is
 * painted at once; what would is laid out at once, and painted in a thread, while the
 * picture before stands in for it.
 */

/* How many strips outside of the view are kept, and how many are painted beforehand. */
#define STRIPS_KEPT 3
#define STRIPS_AHEAD 2

/* More need not wait for the thread: the view may be elsewhere by then. */
#define ORDERS_MAX 6

/* Of a frame, what may be spent on layout and painting; where nothing stands in; and of a trace that is new. */
#define FRAME_US 2000
#define HOLE_US 4000
#define FIRST_US 25000

/* What was spent is paid with a part of the time that goes by: 2 ms of every sixtieth of a second, or of a longer frame. */
#define SHARE 0.12
#define PAYING_US 16667

/* Of what a strip was expected to take, after one that took less: the next may be like those before. */
#define FORGET 0.75

/* A strip to be painted, with all that it takes. */
typedef struct
{
  TramaPainting painting; /* of what follows */
  TramaChart *chart;
  TramaEdge *edge;
  TramaTrail *trail;
  TramaAnswers *answers;
} Strip;

static void
strip_free (gpointer data)
{
  Strip *strip = data;

  g_clear_pointer (&strip->answers, trama_answers_free);
  g_clear_pointer (&strip->trail, trama_trail_unref);
  g_clear_pointer (&strip->edge, trama_edge_unref);
  trama_chart_unref (strip->chart);
  g_free (strip);
}

/* Of a large chart the events of a part are known only to the part: it has a trail of its own. */
static Strip *
strip_new (TramaLadderView *view, const TramaPainting *painting, gint64 key)
{
  const double top = (double) key * TRAMA_STRIP_HEIGHT_PX;
  Strip *strip = g_new0 (Strip, 1);
  TramaTrail *trail = trama_ladder_view_get_trail (view, top);

  strip->painting = *painting;
  strip->painting.chart = strip->chart = trama_chart_ref (trama_ladder_view_get_part (view, top));
  if (painting->edge != NULL)
    strip->painting.edge = strip->edge = trama_edge_ref ((TramaEdge *) painting->edge);
  if (trail != NULL)
    strip->painting.trail = strip->trail = trama_trail_ref (trail);
  strip->painting.answers = strip->answers = trama_paint_ask (&strip->painting, top,
                                                              top + TRAMA_STRIP_HEIGHT_PX);
  return strip;
}

/* In any thread. */
static void
paint_strip (cairo_t *cr, gint64 key, gpointer user_data)
{
  const Strip *strip = user_data;
  const double top = (double) key * TRAMA_STRIP_HEIGHT_PX;

  cairo_rectangle (cr, 0, 0, strip->chart->width_px, TRAMA_STRIP_HEIGHT_PX);
  cairo_clip (cr);
  cairo_translate (cr, 0, -top);
  trama_paint_body (cr, &strip->painting, top, top + TRAMA_STRIP_HEIGHT_PX);
}

/* What is expected. */

static void
learn (gint64 *expected_us, gint64 took_us)
{
  *expected_us = MAX (took_us, (gint64) ((double) *expected_us * FORGET));
}

static gint64
expect_layout (TramaLadderView *view, gint64 key)
{
  return trama_ladder_view_has_part (view, (double) key * TRAMA_STRIP_HEIGHT_PX) ? 0 : view->part_us;
}

/* What one frame has spent too much, the next ones have to save; when all is paid, one thing may be dearer. */
static gboolean
can_afford (const TramaBody *body, gint64 us, gint64 limit_us)
{
  return body->view->owed_us + body->spent_us + us <= limit_us
         || (body->n_done == 0 && body->view->owed_us <= 0);
}

static void
pay (TramaLadderView *view)
{
  gint64 now_us = g_get_monotonic_time ();
  gint64 paying_us = MIN (now_us - view->paid_us, PAYING_US);

  view->owed_us = MAX (view->owed_us - (gint64) ((double) paying_us * SHARE), 0);
  view->paid_us = now_us;
}

static void
spend (TramaBody *body, gint64 begin_us)
{
  body->spent_us += g_get_monotonic_time () - begin_us;
  body->n_done++;
}

/* Strips. */

static void
paint_now (TramaBody *body, gint64 key)
{
  TramaLadderView *view = body->view;
  gint64 begin_us = g_get_monotonic_time (), laid_out_us;
  Strip *strip = strip_new (view, &body->painting, key);

  laid_out_us = g_get_monotonic_time ();
  trama_strip_cache_get (view->strips, &body->target, key, TRAMA_STRIP_HEIGHT_PX, paint_strip, strip);
  strip_free (strip);
  learn (&view->paint_us, g_get_monotonic_time () - laid_out_us);
  spend (body, begin_us);
}

static void
order (TramaBody *body, gint64 key)
{
  gint64 begin_us = g_get_monotonic_time ();

  trama_strip_cache_order (body->view->strips, &body->target, key, paint_strip,
                           strip_new (body->view, &body->painting, key), strip_free);
  spend (body, begin_us);
}

/* FALSE: not in this frame. */
static gboolean
see_to (TramaBody *body, gint64 key)
{
  TramaLadderView *view = body->view;
  const double y = (double) key * TRAMA_STRIP_HEIGHT_PX;
  const gboolean is_hole = !trama_strip_cache_has_stand_in (view->strips, y, y + TRAMA_STRIP_HEIGHT_PX);
  const gint64 limit_us = view->is_fresh ? FIRST_US : is_hole ? HOLE_US : FRAME_US;
  const gint64 layout_us = expect_layout (view, key);

  if (can_afford (body, layout_us + view->paint_us, limit_us)
      && (view->is_fresh || view->paint_us + layout_us <= limit_us))
    {
      paint_now (body, key);
      return TRUE;
    }
  if (trama_strip_cache_n_ordered (view->strips) >= ORDERS_MAX
      || (layout_us > 0 && !can_afford (body, layout_us, limit_us) && !(is_hole && body->n_done == 0)))
    return FALSE;
  order (body, key);
  return TRUE;
}

/*
 * Each frame begins with another, so that while one zooms all get their turn. FALSE: some
 * are not there yet.
 */
static gboolean
see_to_all (TramaBody *body)
{
  TramaLadderView *view = body->view;
  gint64 n = body->last - body->first + 1;
  gboolean is_complete = TRUE, is_late = FALSE;

  for (gint64 i = 0; i < n; i++)
    {
      gint64 key = body->first + (view->turn + i) % n;

      if (!trama_strip_cache_has (view->strips, key) && !trama_strip_cache_is_ordered (view->strips, key))
        is_late |= !see_to (body, key);
      is_complete &= trama_strip_cache_has (view->strips, key);
    }
  view->turn = (guint) ((view->turn + body->n_done) % MAX (n, 1));
  if (is_late && trama_strip_cache_n_ordered (view->strips) < ORDERS_MAX)
    trama_ladder_view_draw_again (view);
  return is_complete;
}

/* What may be scrolled to next, one at a time, when there is nothing else to paint. */
static void
order_ahead (TramaBody *body)
{
  TramaLadderView *view = body->view;
  const gint64 end = (gint64) ceil (view->chart->body_px / TRAMA_STRIP_HEIGHT_PX);

  if (view->paint_us + view->part_us <= FRAME_US || trama_strip_cache_n_ordered (view->strips) > 0)
    return;
  for (gint64 i = 0; i < 2 * STRIPS_AHEAD; i++)
    {
      const gint64 far = 1 + i / 2;
      const gint64 key = (i % 2 == 0) == view->scrolls_down ? body->last + far : body->first - far;

      if (key < 0 || key >= end || trama_strip_cache_has (view->strips, key))
        continue;
      if (can_afford (body, expect_layout (view, key), FRAME_US))
        order (body, key);
      return;
    }
}

static gboolean
can_draw (TramaLadderView *view)
{
  return view->chart != NULL && !view->stale && gtk_widget_get_mapped (GTK_WIDGET (view));
}

void
trama_ladder_view_take_strip (gint64 key, gint64 took_us, gpointer user_data)
{
  TramaLadderView *view = user_data;
  TramaBody body;

  learn (&view->paint_us, took_us);
  if (!can_draw (view))
    return;
  body = trama_ladder_view_make_body (view, NULL);
  if (key < 0 || (key >= body.first && key <= body.last))
    gtk_widget_queue_draw (GTK_WIDGET (view));
  else if (trama_ladder_view_is_settled (view))
    {
      pay (view);
      order_ahead (&body);
      view->owed_us += body.spent_us;
    }
}

gboolean
trama_ladder_view_is_settled (TramaLadderView *view)
{
  TramaBody body;

  g_return_val_if_fail (TRAMA_IS_LADDER_VIEW (view), TRUE);
  if (!gtk_widget_get_mapped (GTK_WIDGET (view)))
    return TRUE;
  if (view->stale || view->slice_id != 0 || view->tick_id != 0)
    return FALSE;
  if (view->chart == NULL)
    return TRUE;
  body = trama_ladder_view_make_body (view, NULL);
  for (gint64 key = body.first; key <= body.last; key++)
    if (!trama_strip_cache_has (view->strips, key))
      return FALSE;
  return TRUE;
}

/* Drawing. */

static double
y_of_strip (const TramaBody *body, gint64 key)
{
  return body->header + (double) key * TRAMA_STRIP_HEIGHT_PX - body->scroll;
}

static void
append_stand_ins (const TramaBody *body, double x)
{
  gtk_snapshot_save (body->snapshot);
  gtk_snapshot_translate (body->snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) body->header));
  trama_strip_cache_append_stand_ins (body->view->strips, body->snapshot, body->scroll,
                                      body->scroll + body->page);
  gtk_snapshot_restore (body->snapshot);
}

void
trama_ladder_view_append_painted (const TramaBody *body, double x)
{
  gtk_snapshot_push_clip (body->snapshot,
                          &GRAPHENE_RECT_INIT ((float) x, (float) body->header, (float) body->target.width_px,
                                               (float) body->page));
  /* The columns at least go on where nothing stands in. */
  for (gint64 key = body->first; key <= body->last; key++)
    if (!trama_strip_cache_has (body->view->strips, key))
      trama_ladder_view_append_piece (body, TRAMA_STRIP_GROUND, x, y_of_strip (body, key),
                                      TRAMA_STRIP_HEIGHT_PX);
  append_stand_ins (body, x);
  for (gint64 key = body->first; key <= body->last; key++)
    if (trama_strip_cache_has (body->view->strips, key))
      trama_ladder_view_append_piece (body, key, x, y_of_strip (body, key), TRAMA_STRIP_HEIGHT_PX);
  gtk_snapshot_pop (body->snapshot);
}

void
trama_ladder_view_append_body (TramaBody *body)
{
  TramaLadderView *view = body->view;

  if (body->scroll < view->drawn_scroll || body->scroll > view->drawn_scroll)
    view->scrolls_down = body->scroll > view->drawn_scroll;
  view->drawn_scroll = body->scroll;
  pay (view);
  body->spent_us = view->layout_us;
  view->layout_us = 0;
  if (see_to_all (body))
    {
      trama_strip_cache_forget_stand_ins (view->strips);
      order_ahead (body);
    }
  view->owed_us += body->spent_us;
  view->is_fresh = FALSE;
  trama_ladder_view_append_painted (body, -body->scroll_x);
  trama_strip_cache_trim (view->strips, body->first - STRIPS_KEPT, body->last + STRIPS_KEPT);
}
