/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * The events of a trace in rows, in the order of the ladder: packets by their time, calls
 * by their entry, a call before the packet of the same moment. Packets are already kept
 * in order of time, so that only the calls need room and work here.
 *
 * Of the store as it is when the order is made; make it again when it has grown. Keeps a
 * reference to its store.
 */
typedef struct _TramaEventOrder TramaEventOrder;

TramaEventOrder *trama_event_order_new (TramaStore *store);
void trama_event_order_free (TramaEventOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaEventOrder, trama_event_order_free)

guint trama_event_order_get_size (const TramaEventOrder *order);

/* A packet or a call. */
TramaRef trama_event_order_at (const TramaEventOrder *order, guint row);

/* The row of a packet or a call; G_MAXUINT: it has none. */
guint trama_event_order_find (const TramaEventOrder *order, TramaRef ref);
