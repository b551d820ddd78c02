/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/paint/calls.h"

void
calls_append_actor (TramaStore *store, guint32 id, const char *name)
{
  const TramaEvent event = {
    .kind = TRAMA_EVENT_ACTOR,
    .actor = { .id = id,
               .pid = 4000 + (gint32) id,
               .start_ns = MS,
               .end_ns = 90 * MS,
               .name = name,
               .program = name },
  };

  trama_store_append (&event, store);
}

void
calls_append_call (TramaStore *store,
                   guint32 actor,
                   guint32 count,
                   guint16 name,
                   gint64 entry_ns,
                   gint64 exit_ns)
{
  TramaEvent event = {
    .kind = TRAMA_EVENT_CALL,
    .call = { .id = (guint64) actor << 32 | count,
              .entry_ns = entry_ns,
              .exit_ns = TRAMA_TIME_NONE,
              .fd = -1,
              .actor = actor,
              .name = name },
  };

  trama_store_append (&event, store);
  event.kind = TRAMA_EVENT_RETURN;
  event.call.exit_ns = exit_ns;
  event.call.result = 3;
  event.call.made = 100 + actor;
  trama_store_append (&event, store);
}

TramaFlowTable *
calls_new_table (guint n)
{
  g_autoptr (TramaStore) store = trama_store_new ();

  calls_append_actor (store, 1, "server");
  for (guint i = 0; i < n; i++)
    calls_append_call (store, 1, 1 + i, TRAMA_CALL_SOCKET, 2 * MS + i * 20000, 2 * MS + i * 20000 + 3000);
  return trama_flow_table_new (store);
}
