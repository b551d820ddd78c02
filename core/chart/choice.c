/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <netinet/in.h>

void
trama_layout_seat (TramaLayout *layout, TramaFlowSet *asked)
{
  g_autoptr (TramaFlowSet) busiest = NULL;

  layout->flows = asked;
  if (trama_store_n_actors (layout->store) > 0)
    return;
  if (asked == NULL)
    busiest = trama_flow_set_new_busiest (layout->table, NULL);
  layout->seats = trama_seats_new (layout->table, asked != NULL ? asked : busiest);
  layout->flows = layout->seats->flows;
  layout->column_of_seat = g_new (guint32, MAX (layout->seats->seats->len, 1));
}

void
trama_layout_unseat (TramaLayout *layout)
{
  g_clear_pointer (&layout->seats, trama_seats_free);
  g_clear_pointer (&layout->column_of_seat, g_free);
}

gboolean
trama_layout_draws_flow (const TramaLayout *layout, guint32 flow)
{
  guint32 columns[2];

  if (flow == TRAMA_FLOW_NONE)
    return FALSE;
  trama_layout_columns_of_flow (layout, flow, trama_flow_table_get_flow (layout->table, flow)->first_ns,
                                columns);
  return columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE && columns[0] != columns[1];
}

gboolean
trama_layout_may_draw_flow (const TramaLayout *layout, guint32 flow)
{
  guint8 protocol = trama_flow_table_get_flow (layout->table, flow)->protocol;

  if (!trama_flow_set_has (layout->flows, flow))
    return FALSE;
  return trama_layout_draws_flow (layout, flow)
         || (layout->has_kernel && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6));
}

gboolean
trama_layout_shares_column (const TramaLayout *layout, guint32 flow)
{
  return layout->seats != NULL
         && (trama_seats_is_shared (layout->seats, flow, 0)
             || trama_seats_is_shared (layout->seats, flow, 1));
}

gboolean
trama_layout_is_large (const TramaLayout *layout)
{
  return trama_timeline_n (layout->ladder->timeline) > TRAMA_LADDER_PLAIN;
}

GArray *
trama_ladder_get_moments (TramaLadder *self)
{
  guint n = trama_timeline_n (self->timeline);

  if (self->moments != NULL && self->moments->len == n)
    return self->moments;
  g_clear_pointer (&self->moments, g_array_unref);
  self->moments = g_array_sized_new (FALSE, FALSE, sizeof (TramaMoment), n);
  for (guint i = 0; i < n; i++)
    {
      TramaMoment moment = trama_timeline_get (self->timeline, i);

      g_array_append_val (self->moments, moment);
    }
  return self->moments;
}
