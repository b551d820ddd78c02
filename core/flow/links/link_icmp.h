/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/links/link_messages.h"

/*
 * Private to the room: ICMP, of either version. An echo and its reply (RFC 792; RFC 4443,
 * section 4), an error and the packet that it quotes, and the call that is told of it.
 */
typedef struct _TramaIcmp TramaIcmp;

TramaIcmp *trama_icmp_new (TramaLinking *linking, TramaMessages *messages);
void trama_icmp_free (TramaIcmp *icmp);

/* The message of a UDP datagram, which an error may quote. */
void trama_icmp_note_datagram (TramaIcmp *icmp, guint packet, guint message);

/*
 * The next packet. What sockets of ICMP may read becomes a message, of which the first is returned;
 * G_MAXUINT32: there is none.
 */
guint32 trama_icmp_follow (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded);
