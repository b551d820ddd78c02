/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * One event in words, for tooltips, headings, lists and screen readers; in the
 * user's language. The strings are the caller's to free.
 */

/* "connect(3, 127.0.0.1:5000) = 0", "SYN ACK, seq 0, ack 1", the text of a note. */
char *trama_event_title (TramaFlowTable *table, TramaRef ref);

/* Who and when: "client · 31.2 µs", "127.0.0.1:5000 → 127.0.0.1:45812". */
char *trama_event_subtitle (TramaFlowTable *table, TramaRef ref);

/*
 * One sentence that can be read aloud: "SYN, seq 0 from client to server, 3 µs after connect was called".
 * Where the user has written a note, its beginning stands in front: "✎ look here · SYN, …".
 */
char *trama_event_sentence (TramaFlowTable *table, TramaRef ref);

/* What the user has written beside a packet or a call; NULL: nothing. Borrowed until it is changed. */
const char *trama_event_note (TramaFlowTable *table, TramaRef ref);

/* Who is at that side of a conversation: the name of the actor, or the endpoint. */
char *trama_event_side_name (TramaFlowTable *table, guint32 flow, guint side);

/* The name of the actor as the session wrote it, "process 3" when it was not recorded. */
char *trama_event_actor_name (TramaFlowTable *table, guint32 actor);

/* "SCTP", "UDP fragment": the protocol of what a packet of a conversation carries. The caller's to free. */
char *trama_event_protocol_title (TramaFlowTable *table, const TramaSegment *segment);

/* What a packet of ICMP is, untranslated: "echo request"; NULL: its bytes do not tell. The caller's to free. */
char *trama_event_icmp_name (TramaFlowTable *table, guint packet);
