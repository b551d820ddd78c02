/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/answers.h"

static void
ask_marks (TramaAnswers *self, const TramaPainting *painting, double y0, double y1)
{
  g_autoptr (GArray) marks = trama_edge_get_marks (painting->edge, painting->chart, y0, y1);

  self->marks = g_array_new (FALSE, FALSE, sizeof (TramaAnsweredMark));
  for (guint i = 0; i < marks->len; i++)
    {
      TramaAnsweredMark answer = { .mark = g_array_index (marks, TramaEdgeMark, i), .from_x = G_MAXDOUBLE };
      TramaRect bounds;

      answer.is_selected = painting->selected.kind != 0
                           && trama_edge_is_about (painting->edge, &answer.mark, painting->selected, NULL);
      if (answer.is_selected && trama_chart_get_bounds (painting->chart, painting->selected, &bounds))
        answer.from_x = bounds.x + bounds.width;
      g_array_append_val (self->marks, answer);
    }
}

static gint64
key_of (TramaRef ref)
{
  return (gint64) ref.kind << 32 | ref.index;
}

static void
ask_path (TramaAnswers *self, const TramaPainting *painting, guint32 kind, guint32 index)
{
  const TramaRef ref = { kind, index };
  const gint64 key = key_of (ref);

  if (!g_hash_table_contains (self->path, &key)
      && trama_chart_on_path (painting->chart, painting->selected, ref))
    g_hash_table_add (self->path, g_memdup2 (&key, sizeof key));
}

/* Lit is what a line leads to. */
static void
ask_paths (TramaAnswers *self, const TramaPainting *painting)
{
  const TramaChart *chart = painting->chart;

  self->path = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < chart->n_arrows; i++)
    ask_path (self, painting, TRAMA_EVENT_PACKET, chart->arrows[i].packet);
  for (guint i = 0; i < chart->n_links; i++)
    {
      ask_path (self, painting, TRAMA_EVENT_CALL, chart->links[i].call);
      ask_path (self, painting, TRAMA_EVENT_PACKET, chart->links[i].packet);
    }
  for (guint i = 0; i < chart->n_carries; i++)
    {
      ask_path (self, painting, TRAMA_EVENT_CALL, chart->carries[i].cause);
      ask_path (self, painting, TRAMA_EVENT_CALL, chart->carries[i].effect);
    }
}

static gboolean
has_arrow (const TramaChart *chart, guint32 packet)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].packet == packet)
      return TRUE;
  return FALSE;
}

/* What is selected has an arrow, however much there is around it. */
static void
ask_selected (TramaAnswers *self, const TramaPainting *painting)
{
  const TramaRef selected = painting->selected;

  self->has_selected = selected.kind == TRAMA_EVENT_PACKET && !has_arrow (painting->chart, selected.index)
                       && trama_chart_find_arrow (painting->chart, selected.index, &self->selected);
}

TramaAnswers *
trama_paint_ask (const TramaPainting *painting, double y0, double y1)
{
  TramaAnswers *self = g_new0 (TramaAnswers, 1);

  if (painting->edge != NULL)
    ask_marks (self, painting, y0, y1);
  if (painting->selected.kind != 0 && painting->trail == NULL)
    ask_paths (self, painting);
  ask_selected (self, painting);
  return self;
}

void
trama_answers_free (TramaAnswers *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->marks, g_array_unref);
  g_clear_pointer (&self->path, g_hash_table_unref);
  g_free (self);
}

gboolean
trama_answers_are_on_path (const TramaAnswers *self, TramaRef ref)
{
  const gint64 key = key_of (ref);

  return self != NULL && self->path != NULL && g_hash_table_contains (self->path, &key);
}
