/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What caused what, byte by byte: calls to the packets they sent, packets to the calls
 * that took their bytes or were told of them, packets to the packets that answer them,
 * and, where there are no packets, calls to calls.
 *
 * Made from a table, only when somebody asks: in time and memory that
 * grow as the events do. Of a TCP conversation none of whose sockets made a call in
 * the trace, there are no links. Immutable; keeps a reference to its table.
 */
typedef struct _TramaLinks TramaLinks;

/* Of a byte range: in the stream of its sender, from 0; of a datagram, in the datagram. */
typedef enum
{
  TRAMA_LINKS_SENDS = 1, /* a call → the packet that left for it, with the bytes it carries */
  TRAMA_LINKS_TAKES,     /* a packet → the call that read its bytes */
  TRAMA_LINKS_CARRIES,   /* a call → the call that read its bytes, where no packet was seen to carry them */
  TRAMA_LINKS_PAIRS,     /* the same of a whole message */
  TRAMA_LINKS_OPENS,     /* connect() → its SYN, and the ACK that completes the handshake */
  TRAMA_LINKS_CONNECTS,  /* what completed the handshake → the call that was told so */
  TRAMA_LINKS_ACCEPTS,   /* what put the connection into the accept queue → the accept() that took it out */
  TRAMA_LINKS_ENDS,    /* close(), shutdown(), the end of a process → FIN → the read() that returned 0 */
  TRAMA_LINKS_RESETS,  /* a call → RST → the call that got ECONNRESET or EPIPE */
  TRAMA_LINKS_REFUSES, /* what refused a connection → the call that got ECONNREFUSED */
  TRAMA_LINKS_REPORTS, /* an ICMP error → the call that got its errno */
  TRAMA_LINKS_EXPIRES, /* the last segment that was not answered → the call that got ETIMEDOUT */
  TRAMA_LINKS_ANSWERS, /* a packet → the packet that its receiver's kernel answers it with */
  TRAMA_LINKS_READIES, /* what there was to find → the poll() that found it */
  TRAMA_LINKS_WAKES,   /* what ended its sleep → a call that blocked */
  TRAMA_LINKS_LOST,    /* bytes that nobody will read: of a packet or a call; there is no effect */
  TRAMA_LINKS_N_KINDS,
} TramaLinkKind;

/* Why bytes were lost. */
typedef enum
{
  TRAMA_LOSS_NONE,
  TRAMA_LOSS_UNSENT,     /* taken from the caller by the kernel, but no packet ever carried them */
  TRAMA_LOSS_UNREAD,     /* in the receive queue when the socket was closed */
  TRAMA_LOSS_WAITING,    /* in the receive queue to the end of the trace */
  TRAMA_LOSS_TOO_LATE,   /* arrived when the receiver was closed already */
  TRAMA_LOSS_UNACCEPTED, /* on a connection that no accept() has taken */
  TRAMA_LOSS_TRUNCATED,  /* the end of a message that was longer than the buffer, recv(2) */
  TRAMA_LOSS_NO_ROOM,    /* the receive queue was full, udp(7), or a filter dropped it */
  TRAMA_LOSS_NOBODY,     /* no socket had that port or name */
  TRAMA_LOSS_ON_THE_WAY, /* sent, but not seen to arrive */
  TRAMA_LOSS_N_REASONS,
} TramaLossReason;

enum
{
  TRAMA_LINK_IS_RESENT = 1 << 0,  /* of SENDS, OPENS, ENDS: all of it had been sent before */
  TRAMA_LINK_IS_PEEK = 1 << 1,    /* of TAKES, CARRIES, PAIRS: MSG_PEEK, the bytes stay */
  TRAMA_LINK_IS_URGENT = 1 << 2,  /* MSG_OOB, out of the stream's order */
  TRAMA_LINK_IS_DISCARD = 1 << 3, /* MSG_TRUNC on a stream: taken, but given to nobody, tcp(7) */
  TRAMA_LINK_IS_PROBE = 1 << 4,   /* of SENDS: a probe of the kernel's, which carries none of the bytes */
  TRAMA_LINK_HAS_RIGHTS = 1 << 5, /* of PAIRS, CARRIES: descriptors went along, unix(7) */
};

typedef struct
{
  guint8 kind;   /* TramaLinkKind */
  guint8 flags;  /* TRAMA_LINK_* */
  guint8 reason; /* of LOST: TramaLossReason */
  TramaRef cause;
  TramaRef effect;    /* kind 0: there is none */
  guint64 from_bytes; /* the first of its bytes, */
  guint64 to_bytes;   /* and behind its last; equal: it is not about bytes */
} TramaLink;

/* All at once. */
TramaLinks *trama_links_new (TramaFlowTable *table);

/* A little at a time, for whoever must not be kept waiting. What comes into the store meanwhile is left out. */
typedef struct _TramaLinksBuilder TramaLinksBuilder;

TramaLinksBuilder *trama_links_builder_new (TramaFlowTable *table);
void trama_links_builder_free (TramaLinksBuilder *builder);

/* Links about @max_events more. FALSE: all are. */
gboolean trama_links_builder_step (TramaLinksBuilder *builder, guint max_events);

/* Does what is left to do. Consumes the builder. Transfer full. */
TramaLinks *trama_links_builder_finish (TramaLinksBuilder *builder);

TramaLinks *trama_links_ref (TramaLinks *links);
void trama_links_unref (TramaLinks *links);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaLinks, trama_links_unref)

TramaFlowTable *trama_links_get_table (const TramaLinks *links);

/* All of them, in order of their causes by index: packets first, then calls, then actors. */
guint trama_links_n_links (const TramaLinks *links);
TramaLink trama_links_get_link (const TramaLinks *links, guint index);

/*
 * What caused an event and what it caused, each as a new GArray of TramaLink in order of
 * time, empty when there is nothing; NULL for what is not wanted. Events are packets, calls,
 * and actors: the kernel closes what a process has open when it ends.
 */
void trama_links_get (const TramaLinks *links, TramaRef event, GArray **causes, GArray **effects);

/*
 * From the cause to the effect: from packet to packet, from the call to its packet, from the
 * packet to the return of the call. Of ACCEPTS, how long the connection waited in the queue
 * for accept() to be called; 0: accept() waited for it. Never negative.
 */
gint64 trama_links_get_delay_ns (const TramaLinks *links, const TramaLink *link);

/* "sends", "no room": words for programs, the same in every language. NULL: there is no such thing. */
const char *trama_link_kind_name (guint kind);
const char *trama_link_flag_name (guint flag);
const char *trama_loss_reason_name (guint reason);
