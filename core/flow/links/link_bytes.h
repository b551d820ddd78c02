/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/links/linking.h"

/*
 * Private to the room: one direction of a stream. What its sender wrote, what segments
 * carried and what its receiver read are ranges of the same count of bytes, and joined
 * where they overlap.
 */

/* Of what overlaps by so many ranges only the nearest are looked at; likewise of what is peeked at. */
#define TRAMA_OVERLAPS_MAX 32

typedef struct
{
  guint64 from;
  guint64 to;
  gint64 time_ns; /* of a segment its time, of a call when it came back */
  guint32 event;
  guint8 flags;   /* TRAMA_LINK_* of what is linked */
  guint8 is_open; /* a write() that did not come back: it may have moved less */
} TramaRange;

/* Where the reader stands, and what its socket has counted, urgent bytes too. */
typedef struct
{
  guint64 at;
  guint64 counted;
  gint64 since_ns; /* stands there */
  guint next_urgent;
  gboolean is_inline;
} TramaStreamReader;

typedef struct
{
  TramaLinking *linking;
  GArray *writes; /* of TramaRange, one behind the other */
  GArray *copies; /* what segments carried that was not acknowledged; by time */
  GArray *pieces; /* the same without overlaps: what arrived; in order */
  GArray *before; /* what lies under those pieces, sent earlier; by place */
  GArray *takes;  /* what was read, in order */
  GArray *peeks;
  GArray *polls;      /* from: what had been read when poll() came back; by event */
  GArray *urgent;     /* of guint64, in order: the bytes that stand outside */
  guint64 newest;     /* behind the last byte that was sent */
  TramaRange arrived; /* of .before, the last that is known to have come: some of it was read in time */

  /* while it is linked */
  guint n_parts; /* that are done, */
  guint next;    /* and of the next one */
  guint64 base;  /* of what the sender has counted */
  GArray *reads; /* the calls of the reader, in the order in which they came back */
  TramaStreamReader reader;
  guint64 linked; /* what lies before it was taken, or is lost */
} TramaStreamBytes;

static inline TramaRange *
trama_range_at (const GArray *ranges, guint index)
{
  return &g_array_index (ranges, TramaRange, index);
}

/* By place, then by time. */
int trama_range_compare (gconstpointer a, gconstpointer b);

void trama_ranges_sort (GArray *ranges, GCompareFunc compare);

/* The first of @ranges, in order and without overlaps, that ends behind @at. */
guint trama_ranges_first_behind (const GArray *ranges, guint64 at);

/* Who the bytes are for. */
typedef struct
{
  guint64 socket;        /* TRAMA_SOCKET_NONE: not known */
  gboolean was_listened; /* not known, but a listener is: nobody took the connection */
  gboolean has_packets;  /* they are sent in packets, and those were observed */
  guint64 acknowledged;  /* bytes before it have arrived */
  gint64 shut_ns;        /* when it was shut down for reading; G_MAXINT64: it was not */
} TramaBytesReceiver;

void trama_bytes_init (TramaStreamBytes *bytes, TramaLinking *linking);
void trama_bytes_clear (TramaStreamBytes *bytes);

/* For another stream. */
void trama_bytes_reset (TramaStreamBytes *bytes);

/* The calls of the sender; before its segments. A part of them each time. FALSE: there are no more. */
gboolean trama_bytes_add_writes (TramaStreamBytes *bytes, const TramaCallList *list);

/* How far a stream can come that is in a trace; what is told beyond it is not true. */
#define TRAMA_STREAM_MAX_BYTES (G_GUINT64_CONSTANT (1) << 60)

/*
 * A segment: links it to what wrote it. @segment->flags is IS_RESENT when all of it had been sent, IS_URGENT
 * when its last byte is urgent. What lies before @acknowledged had arrived already.
 */
void trama_bytes_add_segment (TramaStreamBytes *bytes, const TramaRange *segment, guint64 acknowledged);

/* The write() whose bytes lie at @at, an event; TRAMA_EVENT_NONE. */
guint32 trama_bytes_find_write (const TramaStreamBytes *bytes, guint64 at);

/*
 * The calls of the receiver; all segments are known. Links a part of what it took, and of what was lost, the next
 * each time. FALSE: there is no more.
 */
gboolean trama_bytes_link_part (TramaStreamBytes *bytes,
                                const TramaCallList *list,
                                const TramaBytesReceiver *receiver);

/* What had come by @time_ns and lies at @at; NULL: nothing. */
const TramaRange *trama_bytes_find_piece (const TramaStreamBytes *bytes, guint64 at, gint64 time_ns);

/* How much had been read when that poll(), an event, came back. FALSE: it is not among the calls. */
gboolean trama_bytes_find_poll (const TramaStreamBytes *bytes, guint32 event, guint64 *at);

/*
 * link_pieces.c: what was sent twice before it was acknowledged arrived with the later copy, or the
 * earlier was not needed.
 */
void trama_bytes_make_pieces (TramaStreamBytes *bytes);

/* What brought the byte at @at of a piece to somebody who had read it by @time_ns: what came before, when it did. */
const TramaRange *
trama_bytes_find_arrival (TramaStreamBytes *bytes, const TramaRange *piece, guint64 at, gint64 time_ns);
