/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/links/link_bytes.h"

/* Private to the room: one TCP conversation while it is linked. */

/* A segment, as far as it is needed. */
typedef struct
{
  gint64 time_ns;
  guint32 packet;
  guint32 sequence; /* relative to the ISN, as the acknowledgment */
  guint32 acknowledgment;
  guint32 payload_bytes;
  guint8 side;
  guint8 flags; /* TRAMA_TCP_* */
} TramaLinkSegment;

/* One of its ends. */
typedef struct
{
  guint64 socket; /* TRAMA_SOCKET_NONE: not known */
  TramaCallList list;
  TramaStreamBytes bytes; /* that it sends */
  guint64 sent;           /* bytes before it have been sent */
  guint64 acknowledged;   /* by the other end */
  guint32 last;           /* segment, or TRAMA_EVENT_NONE */
  guint32 unanswered;     /* the last that wants an acknowledgment */
  guint32 probe;          /* the last that wanted only that */
  gint64 last_ns;
  guint32 syn; /* the first of each, or TRAMA_EVENT_NONE */
  guint32 syn_ack;
  gint64 syn_ack_ns;
  guint32 fin;
  guint32 fin_end; /* the number that acknowledges it */
  gint64 fin_ns;
  guint32 rst;
  gint64 rst_ns;
  guint32 urgent; /* the last with URG */
  gint64 urgent_ns;
  guint32 fin_cause;

  guint32 stops_reading; /* its first shutdown() of that direction, or TRAMA_EVENT_NONE */
  guint32 stops_writing;
  guint32 keeps_alive; /* its setsockopt() with SO_KEEPALIVE */
} TramaTcpEnd;

typedef struct
{
  TramaLinking *linking;
  const TramaFlow *flow;
  TramaTcpEnd ends[2];
  gboolean is_own_peer;  /* a socket connected to itself: end 0 is both */
  gint64 established_ns; /* TRAMA_TIME_NONE: it was not */
  guint32 established;   /* the segment that did, at the passive end */
} TramaTcpTalk;

static inline guint
trama_tcp_talk_other (const TramaTcpTalk *talk, guint side)
{
  return talk->is_own_peer ? side : !side;
}

/* link_tcp_calls.c: what the calls of both ends were told. All segments are known. */
void trama_tcp_talk_tell_calls (TramaTcpTalk *talk);
