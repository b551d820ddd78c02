/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <netinet/in.h>

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

  return trama_layout_draws_flow (layout, flow)
         || (layout->has_kernel && (protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6));
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
