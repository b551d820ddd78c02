/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/store.h"

static void
add_moment (GArray *moments, const TramaSpan *span, gint64 time_ns, TramaMomentKind kind, guint index)
{
  TramaMoment moment = { time_ns, kind, index };

  if (time_ns == TRAMA_TIME_NONE || (span != NULL && (time_ns < span->start_ns || time_ns > span->end_ns)))
    return;
  g_array_append_val (moments, moment);
}

static int
compare_moments (gconstpointer a, gconstpointer b)
{
  const TramaMoment *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

GArray *
trama_store_get_moments (const TramaStore *store, const TramaSpan *span)
{
  GArray *moments = g_array_new (FALSE, FALSE, sizeof (TramaMoment));
  guint position = span != NULL ? trama_store_find_packet (store, span->start_ns) : 0;

  for (; position < trama_store_n_packets (store); position++)
    {
      guint index = trama_store_packet_at (store, position);
      TramaPacket packet;

      trama_store_get_packet (store, index, &packet);
      if (span != NULL && packet.time_ns > span->end_ns)
        break;
      add_moment (moments, span, packet.time_ns, TRAMA_MOMENT_PACKET, index);
    }
  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);

      add_moment (moments, span, call->entry_ns, TRAMA_MOMENT_ENTRY, i);
      add_moment (moments, span, call->exit_ns, TRAMA_MOMENT_EXIT, i);
    }
  for (guint i = 0; i < trama_store_n_notes (store); i++)
    add_moment (moments, span, trama_store_get_note (store, i)->time_ns, TRAMA_MOMENT_NOTE, i);
  g_array_sort (moments, compare_moments);
  return moments;
}

TramaRef
trama_moment_ref (const TramaMoment *moment)
{
  static const guint32 kinds[] = {
    [TRAMA_MOMENT_NOTE] = TRAMA_EVENT_NOTE,
    [TRAMA_MOMENT_ENTRY] = TRAMA_EVENT_CALL,
    [TRAMA_MOMENT_PACKET] = TRAMA_EVENT_PACKET,
    [TRAMA_MOMENT_EXIT] = TRAMA_EVENT_CALL,
  };

  return (TramaRef){ kinds[moment->kind], moment->index };
}
