/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/link_messages.h"

/*
 * Private to the room: ICMP, of either version. An echo and its reply (RFC 792; RFC 4443,
 * section 4), an error and the datagram that it quotes, and the call that is told of it.
 */
typedef struct _TramaIcmp TramaIcmp;

TramaIcmp *trama_icmp_new (TramaLinking *linking, TramaMessages *messages);
void trama_icmp_free (TramaIcmp *icmp);

/* A UDP datagram, which an error may quote; @call that sent it, an event or TRAMA_EVENT_NONE. */
void trama_icmp_note_datagram (TramaIcmp *icmp,
                               guint message,
                               const TramaEndpoint *from,
                               const TramaEndpoint *to,
                               guint32 call);

/* The next packet. Echo replies become messages. */
void trama_icmp_follow (TramaIcmp *icmp, guint packet, gint64 time_ns, const TramaDecoded *decoded);
