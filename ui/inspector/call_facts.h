/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/field.h"
#include "core/flow/flow.h"

/*
 * What there is to say of a call, as fields in sections: its arguments, what it
 * returned, its times, and the socket as the kernel had it afterwards. In the
 * user's language. No widgets. The fields cover no bytes.
 */
TramaFields *trama_call_facts (TramaFlowTable *table, guint call);

/* The first argument of @kind (TramaValueKind) that has bytes; NULL: none. Borrowed. */
const TramaValue *trama_call_find_bytes (const TramaCall *call, guint kind);

/* The packets it sent, then those that woke it, as an array of guint32. */
GArray *trama_call_packets (TramaFlowTable *table, guint call);

/*
 * Whether @packet left the socket that @call acts on. On the loopback the answer of
 * the other side comes while the call that asked for it still runs: that is caused
 * by it, but not sent. TRUE when the sockets are not known.
 */
gboolean trama_call_sent (TramaFlowTable *table, guint call, guint packet);
