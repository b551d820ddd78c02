/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * An event on its way from an actor to the lab, through a ring: as it lies in memory, with
 * what it points to behind it. Both are the same program, so nothing needs to be encoded,
 * which takes ten times as long; the lab does that, on another core.
 *
 * Calls, returns, states of sockets and notes.
 */

/* The most one takes: each argument of a call with as much as a trace keeps of it. */
#define TRAMA_RECORD_MAX_BYTES (8 + sizeof (TramaEvent) + TRAMA_CALL_MAX_ARGS * TRAMA_DATA_MAX_BYTES)

/* Returns how much of @record it takes, a multiple of 8. @record is aligned to 8. */
gsize trama_record_pack (const TramaEvent *event, guint8 *record);

/* The first one of @data; @event points into it. Returns how much that was; 0: it is no whole record. */
gsize trama_record_unpack (const guint8 *data, gsize size, TramaEvent *event);
