/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

/* Room for the pencil in front of the text, at scale 1, and the least that a card of one line takes. */
#define PENCIL_PX 22
#define CARD_LEAST_PX 49

/* So many cards may make a chart longer than it is; where there are more, one stands for several. */
#define CARDS_LEAST 12
#define CARDS_MOST 10000

/* Of a conversation that is not drawn. */
static gboolean
is_elsewhere (const TramaLayout *layout, const TramaRemark *remark)
{
  return remark->subject.kind == TRAMA_EVENT_PACKET
         && !trama_flow_set_has (layout->flows,
                                 trama_flow_table_get_flow_of_packet (layout->table, remark->subject.index));
}

static int
compare_remarks (gconstpointer a, gconstpointer b, gpointer data)
{
  guint32 one = *(const guint32 *) a, other = *(const guint32 *) b;
  gint64 one_ns = trama_notebook_get (data, one).time_ns;
  gint64 other_ns = trama_notebook_get (data, other).time_ns;

  if (one_ns != other_ns)
    return one_ns < other_ns ? -1 : 1;
  return one < other ? -1 : one > other;
}

/* Those with a note, or those with a mark, in order of time: a new GArray of guint32. */
static GArray *
list_remarks (const TramaLayout *layout, gboolean marks)
{
  TramaNotebook *notebook = trama_store_get_notebook (layout->store);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < trama_notebook_n_remarks (notebook); i++)
    {
      TramaRemark remark = trama_notebook_get (notebook, i);

      if ((marks ? remark.marked : remark.text != NULL) && !is_elsewhere (layout, &remark))
        g_array_append_val (list, i);
    }
  g_array_sort_with_data (list, compare_remarks, notebook);
  return list;
}

static void
add_card (TramaLayout *layout, const GArray *list, guint first, guint n)
{
  guint32 index = g_array_index (list, guint32, first);
  TramaRemark remark = trama_notebook_get (trama_store_get_notebook (layout->store), index);
  g_autofree char *text = n > 1 ? g_strdup_printf ("%s  (+%u)", remark.text, n - 1) : NULL;
  const TramaChartNote note = {
    .note = G_MAXUINT32,
    .remark = index,
    .n_own = n,
    .subject = remark.subject,
    .actor = G_MAXUINT32,
  };

  trama_layout_add_note (layout, note, remark.time_ns, text != NULL ? text : remark.text, PENCIL_PX);
}

void
trama_layout_remarks (TramaLayout *layout)
{
  g_autoptr (GArray) notes = list_remarks (layout, FALSE);
  g_autoptr (GArray) marks = list_remarks (layout, TRUE);
  double room = layout->self->chart.body_px / trama_layout_px (layout, CARD_LEAST_PX);
  guint most = (guint) CLAMP (room, CARDS_LEAST, CARDS_MOST);
  guint n_each;

  n_each = (notes->len + most - 1) / most;
  for (guint i = 0; i < notes->len; i += n_each)
    add_card (layout, notes, i, MIN (n_each, notes->len - i));
  for (guint i = 0; i < marks->len; i++)
    {
      guint32 index = g_array_index (marks, guint32, i);
      TramaRemark remark = trama_notebook_get (trama_store_get_notebook (layout->store), index);
      TramaChartMark mark = { index, remark.subject, trama_layout_y (layout, remark.time_ns) };

      g_array_append_val (layout->marks, mark);
    }
}
