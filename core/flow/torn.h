/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"
#include "core/flow/flow.h"

/*
 * Private to the room: conversations across a place of the file at which the clock was set
 * back. What stands behind that place has the earlier times, so that it is followed first,
 * and the SYN comes when the conversation has long been under way.
 */
typedef struct _TramaTorn TramaTorn;

/* @table is borrowed. */
TramaTorn *trama_torn_new (TramaFlowTable *table);
void trama_torn_free (TramaTorn *torn);

/*
 * Whether @packet, which opens a connection, opened the one that @flow has only the rest of so
 * far: all of that stands behind it in the file, and goes on with the numbers of what was sent
 * before. For all of a trace no more than a million packets are read again to know.
 */
gboolean trama_torn_joins (TramaTorn *torn, guint32 flow, guint32 packet, const TramaDecoded *decoded);

/* Whether @packet was sent before that rest, whatever its time says. */
gboolean trama_torn_is_before (const TramaTorn *torn, guint32 flow, guint32 packet);
