/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * A filter expression as of pcap-filter(7), over packets of any link type: it is
 * compiled once for each that comes. Used by one thread.
 */
typedef struct _TramaFilter TramaFilter;

/* NULL with @error (G_IO_ERROR_INVALID_ARGUMENT), libpcap's message in it, when no link type has such packets. */
TramaFilter *trama_filter_new (const char *expression, GError **error);
void trama_filter_free (TramaFilter *filter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFilter, trama_filter_free)

/*
 * Whether a packet matches. Where the expression cannot be compiled for its link type,
 * none does, and trama_filter_get_failure () tells why.
 */
gboolean
trama_filter_matches (TramaFilter *filter, guint32 link_type, const TramaPacket *packet, const guint8 *data);

/* The first link type that came and could not be filtered, and why. NULL: there was none. */
const char *trama_filter_get_failure (const TramaFilter *filter);
