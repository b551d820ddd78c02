/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What each segment of a TCP conversation does, and why it was sent: told from the
 * sequence numbers of what was captured before it, modulo 2^32. What was lost on its
 * way to the capture point was not sent, as far as this goes.
 *
 * Made when it is asked for, in time and memory linear in the packets of the
 * conversation. Belongs to whoever made it; keeps a reference to its table.
 */

typedef enum
{
  TRAMA_LABEL_NEW_DATA = 1 << 0, /* bytes behind all that were sent before */

  /* At least a byte, or the SYN or FIN, had been sent before; and why it is sent again, where that shows. */
  TRAMA_LABEL_RESENT = 1 << 1,
  TRAMA_LABEL_TIMEOUT = 1 << 2, /* nothing had come that asked for it: RFC 6298, section 5 */
  TRAMA_LABEL_FAST =
      1 << 3, /* after duplicate or selective acknowledgments: RFC 5681, section 3.2; RFC 6675 */
  TRAMA_LABEL_TAIL_PROBE = 1 << 4,       /* the last of several, before a timeout: RFC 8985, section 7 */
  TRAMA_LABEL_TIMEOUT_OR_PROBE = 1 << 5, /* one of these, of one on its own: nothing tells which */
  TRAMA_LABEL_SPURIOUS = 1 << 6,   /* it had been acknowledged, or its receiver says so later: RFC 2883 */
  TRAMA_LABEL_DUPLICATED = 1 << 7, /* the same packet came twice: it was doubled on its way */

  TRAMA_LABEL_OUT_OF_ORDER = 1 << 8, /* sent before what it comes after, or not known to be sent later */
  TRAMA_LABEL_FIRST_UNSEEN = 1 << 9, /* fills a gap, and was sent later than what is behind the gap: resent */
  TRAMA_LABEL_GAP = 1 << 10,         /* something before it has not been captured */
  TRAMA_LABEL_LOST = 1 << 11,        /* acknowledges what has not been captured: the capture lost it */

  TRAMA_LABEL_DUPLICATE_ACK = 1 << 12, /* RFC 5681, section 2 */
  TRAMA_LABEL_WINDOW_UPDATE = 1 << 13, /* nothing but a larger window */
  TRAMA_LABEL_WINDOW_FULL = 1 << 14,   /* its data reach the end of the window it is sent to */
  TRAMA_LABEL_ZERO_WINDOW = 1 << 15,   /* its sender has no room */
  TRAMA_LABEL_WINDOW_PROBE = 1 << 16,  /* asks whether there is room again: RFC 9293, section 3.8.6.1 */
  TRAMA_LABEL_WINDOW_PROBE_ANSWER = 1 << 17,
  TRAMA_LABEL_KEEP_ALIVE = 1 << 18, /* RFC 9293, section 3.8.4 */
  TRAMA_LABEL_KEEP_ALIVE_ANSWER = 1 << 19,
} TramaSegmentLabel;

#define TRAMA_N_SEGMENT_LABELS 20

/* Of a segment whose window is not known to be scaled, nor not to be: a SYN was not captured. */
#define TRAMA_WINDOW_SHIFT_UNKNOWN (-1)

typedef struct
{
  gint64 rtt_ns;           /* of what it is the first to acknowledge; TRAMA_TIME_NONE: not known */
  guint32 packet;          /* its index in the store */
  guint32 labels;          /* TRAMA_LABEL_* */
  guint32 other;           /* the packet that it acknowledges, repeats or answers; G_MAXUINT32: none */
  guint32 flight_bytes[2]; /* by side: sent, and not acknowledged, after it */
  guint32 window_bytes;    /* what its sender has room for, scaled where that is known */
  guint32 lost_bytes;      /* that it acknowledges and that were not captured */
  guint16 duplicate_acks;  /* which one in a row it is, from 1; 0: none */
  guint8 side;             /* who sent it */
  gint8 window_shift;      /* RFC 7323, section 2; TRAMA_WINDOW_SHIFT_UNKNOWN: window_bytes is not scaled */
} TramaSegmentFacts;

G_STATIC_ASSERT (sizeof (TramaSegmentFacts) == 40);

typedef struct _TramaSegments TramaSegments;

/* There are none when the conversation is not of TCP. */
TramaSegments *trama_segments_new (TramaFlowTable *table, guint flow);
void trama_segments_free (TramaSegments *segments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSegments, trama_segments_free)

/* In order of time. Fragments without a TCP header are not among them. */
guint trama_segments_get_size (const TramaSegments *segments);
const TramaSegmentFacts *trama_segments_get (const TramaSegments *segments, guint index);

/* Of a packet; NULL: it is none of them. */
const TramaSegmentFacts *trama_segments_find (const TramaSegments *segments, guint packet);

/*
 * How many of what a TramaFlow counts as sent again by each side nobody sent again: it is the
 * same packet, doubled on its way or captured twice. Of what is not TCP, how many packets are
 * copies. Nothing is labelled to know of none.
 */
void trama_segments_count_doubled (TramaFlowTable *table, guint flow, guint32 doubled[2]);

/*
 * The labels of all segments of a trace, in one pass: what trama_segments_new finds of
 * each conversation. 4 bytes per packet.
 */
typedef struct _TramaLabels TramaLabels;

TramaLabels *trama_labels_new (TramaFlowTable *table);
void trama_labels_free (TramaLabels *labels);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaLabels, trama_labels_free)

/* TRAMA_LABEL_* of a packet. *@duplicate_acks, which may be NULL, as in TramaSegmentFacts, but at most 255. */
guint32 trama_labels_get (const TramaLabels *labels, guint packet, guint *duplicate_acks);

/* "duplicate ACK", of one label; untranslated, and marked to be translated. NULL: it is none. */
const char *trama_segment_label_name (guint32 label);

/* The names of all of them in the language of the user: "resent, after a timeout"; "". The caller's to free. */
char *trama_segment_labels_format (guint32 labels, guint duplicate_acks);
