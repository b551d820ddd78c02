/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"
#include "core/trace/store.h"

/*
 * Events to conversations: who talked with whom, in which TCP state each side
 * was (RFC 9293, section 3.3.2), where setup, data and teardown begin, and which
 * call a packet belongs to.
 *
 * A table is made from a whole store and is immutable; make it again when the
 * store has grown. It keeps a reference to its store.
 */

#define TRAMA_FLOW_NONE G_MAXUINT32

/* How a packet is drawn: the strongest thing it does. */
typedef enum
{
  TRAMA_SEGMENT_SYN,
  TRAMA_SEGMENT_DATA,
  TRAMA_SEGMENT_ACK,
  TRAMA_SEGMENT_FIN,
  TRAMA_SEGMENT_RST,
  TRAMA_SEGMENT_UDP,
  TRAMA_SEGMENT_ICMP,
  TRAMA_SEGMENT_OTHER,
  TRAMA_N_SEGMENT_KINDS,
} TramaSegmentKind;

typedef enum
{
  TRAMA_PHASE_NONE,
  TRAMA_PHASE_SETUP,
  TRAMA_PHASE_DATA,
  TRAMA_PHASE_TEARDOWN,
  TRAMA_N_PHASES,
} TramaPhase;

/* What an ICMP error made of a SYN: RFC 9293, section 3.9.2.2. */
typedef enum
{
  TRAMA_DENIAL_NONE,
  TRAMA_DENIAL_REFUSED,     /* there is no such protocol or port */
  TRAMA_DENIAL_UNREACHABLE, /* nobody could, or would, pass it on */
} TramaDenial;

/* Segments of one side. */
typedef struct
{
  guint32 syn; /* with the flag, whatever else they are */
  guint32 fin;
  guint32 rst;
  guint32 resent; /* with data, of which at least a byte had been sent before */
  guint32 resent_syn;
  guint32 resent_fin;
} TramaTcpCounts;

/* Two endpoints and a protocol. Side 0 sent first. */
typedef struct
{
  guint8 protocol;      /* IPPROTO_* */
  guint8 denial;        /* TramaDenial */
  guint8 unanswered[2]; /* how often that side sent the same again since the other was heard; at most 255 */
  TramaEndpoint endpoint[2];
  guint8
      disowns[2]; /* a RST of that side answers as who has no such connection: RFC 9293, section 3.10.7.1 */
  gint64 first_ns;
  gint64 last_ns;
  guint32 packets[2];       /* sent by that side, fragments one by one */
  guint32 copies[2];        /* of these, such as repeat another: captured twice, or doubled on their way */
  guint64 payload_bytes[2]; /* of the transport, from the headers, even when not captured */
  TramaTcpCounts tcp[2];
  guint32 first_sequence[2];       /* its ISN, or the first seen; base of relative numbers */
  guint64 socket[2];               /* TRAMA_SOCKET_NONE: not known from calls */
  gint64 phase_ns[TRAMA_N_PHASES]; /* where it begins; TRAMA_TIME_NONE: it did not happen */
} TramaFlow;

/* One packet as its conversation sees it. */
typedef struct
{
  guint32 flow;           /* TRAMA_FLOW_NONE: no IP conversation, or a fragment whose first was not seen */
  guint8 side;            /* who sent it */
  guint8 kind;            /* TramaSegmentKind */
  guint8 flags;           /* TRAMA_TCP_* */
  guint8 fragment;        /* a later one of IP: it has no other header, and its kind is OTHER */
  guint32 sequence;       /* relative to the ISN */
  guint32 acknowledgment; /* relative; meaningless without ACK */
  guint32 payload_bytes;
  guint32 payload_offset; /* in the captured bytes */
} TramaSegment;

/* A packet in brief: what is known of it without reading it. */
typedef struct
{
  guint32 flow; /* TRAMA_FLOW_NONE, as above */
  guint8 side;
  guint8 kind;        /* TramaSegmentKind */
  guint8 resent;      /* it brings a SYN, a FIN or data of which at least a byte had been sent before */
  guint8 copy;        /* it repeats a packet that nobody sent again: captured twice, or doubled on its way */
  guint8 zero_window; /* its sender takes no more (RFC 9293, section 3.8.6) */
} TramaBrief;

/* A side of a conversation, or a listening socket, enters a state. */
typedef struct
{
  gint64 time_ns;
  guint64 socket; /* TRAMA_SOCKET_NONE: not known */
  guint32 flow;   /* TRAMA_FLOW_NONE: a socket before its conversation (LISTEN) */
  guint8 side;
  guint8 state; /* TramaTcpState */
} TramaStateChange;

/* What is known of a socket from its calls and samples. */
typedef struct
{
  guint64 id;
  guint64 listener; /* that accept() took it from; TRAMA_SOCKET_NONE */
  guint32 actor;
  gint32 fd; /* at first */
  guint16 domain;
  guint16 type;
  gint64 made_ns;       /* return of socket() or accept() */
  gint64 closed_ns;     /* return of close(); TRAMA_TIME_NONE */
  guint8 bound_by_user; /* its port came from bind(), not from the kernel */
  gint64 bound_ns;      /* when it had a local port first; TRAMA_TIME_NONE */
  TramaEndpoint local;  /* family 0: none */
  TramaEndpoint peer;
} TramaSocket;

typedef struct _TramaFlowTable TramaFlowTable;

TramaFlowTable *trama_flow_table_new (TramaStore *store);
TramaFlowTable *trama_flow_table_ref (TramaFlowTable *table);
void trama_flow_table_unref (TramaFlowTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFlowTable, trama_flow_table_unref)

TramaStore *trama_flow_table_get_store (const TramaFlowTable *table);

guint trama_flow_table_n_flows (const TramaFlowTable *table);
const TramaFlow *trama_flow_table_get_flow (const TramaFlowTable *table, guint index);

guint trama_flow_table_n_sockets (const TramaFlowTable *table);
const TramaSocket *trama_flow_table_get_socket (const TramaFlowTable *table, guint index);
const TramaSocket *trama_flow_table_find_socket (const TramaFlowTable *table, guint64 id);

/* In order of time. */
guint trama_flow_table_n_changes (const TramaFlowTable *table);
TramaStateChange trama_flow_table_get_change (const TramaFlowTable *table, guint index);

/* The first change at @time_ns or later; n_changes when there is none. */
guint trama_flow_table_find_change (const TramaFlowTable *table, gint64 time_ns);

/* How many packets of the store it knows: those that were there when it was made. */
guint trama_flow_table_n_packets (const TramaFlowTable *table);

/* FALSE: it is being made (builder.h), and knows more later of what it knows. */
gboolean trama_flow_table_is_complete (const TramaFlowTable *table);

/* Of how many packets the conversation was not known when they came: fragments that came before their first. */
guint trama_flow_table_count_amended (const TramaFlowTable *table);

/* The conversation of a packet, without reading the packet; TRAMA_FLOW_NONE. */
guint32 trama_flow_table_get_flow_of_packet (const TramaFlowTable *table, guint packet);

/*
 * The packets of a conversation, *@n of them, in order of time; borrowed from the table.
 * Whoever asks first waits for one pass over the trace; after that, 4 bytes per packet
 * are kept.
 */
const guint32 *trama_flow_table_get_packets (TramaFlowTable *table, guint flow, guint *n);

TramaBrief trama_flow_table_get_brief (const TramaFlowTable *table, guint packet);
void trama_flow_table_get_segment (const TramaFlowTable *table, guint packet, TramaSegment *segment);

/*
 * The call that caused a packet: whose [entry, exit] holds its time, and which
 * sends. And the call that was blocked until this packet came. G_MAXUINT: none.
 */
guint trama_flow_table_get_cause (const TramaFlowTable *table, guint packet);

/* The call on @socket that sends and was entered last of those under way at @time_ns; G_MAXUINT: none is. */
guint trama_flow_table_find_sender (const TramaFlowTable *table, guint64 socket, gint64 time_ns);
guint trama_flow_table_get_woken (const TramaFlowTable *table, guint packet);

const char *trama_phase_name (guint phase); /* "setup"; untranslated */
