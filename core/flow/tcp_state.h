/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The state machine of RFC 9293 (section 3.3.2, figure 5; section 3.10) for both
 * sides of one connection, from the segments that were seen of it. There is one
 * capture point: a segment is sent and received at its one time, unless what the
 * receiver sends next shows that it had not come yet.
 *
 * Pure; zeroed memory is a conversation nothing was seen of.
 */

/* What a segment can wake on the side that receives it. */
enum
{
  TRAMA_TCP_WAKES_READER = 1 << 0,   /* new bytes, the end of them, or a reset */
  TRAMA_TCP_WAKES_ACCEPTOR = 1 << 1, /* the handshake is complete */
  TRAMA_TCP_WAKES_CONNECTOR = 1 << 2,
};

/* There may be millions of them. */
typedef struct
{
  guint32 state : 4;       /* TramaTcpState; UNKNOWN: nothing is known of it */
  guint32 before_fin : 4;  /* its state before the peer's FIN came */
  guint32 after_fin : 4;   /* and what that made of it */
  guint32 syn_sent : 1;    /* isn is known */
  guint32 fin_sent : 1;    /* fin_end is known */
  guint32 fin_acked : 1;   /* by an acknowledgment that covers it */
  guint32 fin_came : 1;    /* the peer's, with everything before it */
  guint32 fin_certain : 1; /* ... and it has acknowledged it */
  guint32 expects : 1;     /* expected is known */
  guint32 is_doubted : 1;  /* that a reset closed it: who was to take it may not have */
  guint32 entered : 12;    /* bit 1 << state of every state it was in */
  guint32 isn;
  guint32 fin_end;  /* sequence number behind its FIN */
  guint32 expected; /* RCV.NXT: the next it wants from its peer */
  guint32 syn_at;   /* its last SYN */
} TramaTcpSide;

G_STATIC_ASSERT (sizeof (TramaTcpSide) == 20);

typedef struct
{
  TramaTcpSide side[2];
} TramaTcpConversation;

typedef struct
{
  guint32 at;  /* which it is; the caller counts */
  guint8 from; /* side that sent it */
  guint8 to;   /* side that receives it; the same when a socket is connected to itself */
  guint8 flags;
  guint32 sequence;
  guint32 acknowledgment;
  guint32 payload_bytes;
} TramaTcpSegment;

typedef struct
{
  guint32 at; /* the segment, or the earlier one that it answers */
  guint8 side;
  guint8 state;
  guint8 withdraws; /* the last transition of this side did not happen; nothing is entered */
} TramaTcpTransition;

#define TRAMA_TCP_TRANSITIONS_MAX 8

typedef struct
{
  guint n;
  TramaTcpTransition transitions[TRAMA_TCP_TRANSITIONS_MAX];
  guint8 wakes; /* TRAMA_TCP_WAKES_*, on the side that receives */
} TramaTcpEffect;

/* Fills in @effect. */
void trama_tcp_observe (TramaTcpConversation *conversation,
                        const TramaTcpSegment *segment,
                        TramaTcpEffect *effect);

/* The kernel says so. */
void trama_tcp_set_state (TramaTcpConversation *conversation, guint side, guint8 state);

/* Between its SYN and the most that it can have sent without an answer (SND.NXT, RFC 9293, section 3.10.7.3). */
gboolean trama_tcp_is_of_opening (const TramaTcpSide *side, guint32 number);

gboolean trama_tcp_was_in (const TramaTcpConversation *conversation, guint side, guint8 state);

/*
 * A SYN of that side goes on with an attempt that was refused, for no other has its number:
 * the refusal was lost on its way. The conversation begins anew with it.
 */
gboolean
trama_tcp_insists (const TramaTcpConversation *conversation, guint side, guint8 flags, guint32 sequence);

/* Nothing but a new handshake can follow. */
gboolean trama_tcp_is_over (const TramaTcpConversation *conversation);
