/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/flow/render.h"

#include "core/trace/call.h"
#include "tests/core/fixture.h"

static void
append_state (GString *text, const TramaStateChange *change)
{
  g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s", text->len > 0 ? ", " : "",
                          (change->time_ns - FIXTURE_BEGIN_NS) / 1000, trama_tcp_state_name (change->state));
}

char *
render_states (const TramaFlowTable *table, guint flow, guint side)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_flow_table_n_changes (table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (table, i);

      if (change.flow == flow && change.side == side)
        append_state (text, &change);
    }
  return g_string_free (text, FALSE);
}

char *
render_socket_states (const TramaFlowTable *table, guint64 socket)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_flow_table_n_changes (table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (table, i);

      if (change.flow == TRAMA_FLOW_NONE && change.socket == socket)
        append_state (text, &change);
    }
  return g_string_free (text, FALSE);
}
