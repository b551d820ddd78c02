/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What one side of a conversation has sent, put together as its receiver's kernel does:
 * in order, each byte once, what never was captured marked as a gap. Of datagrams, their
 * payloads one after the other.
 *
 * Where segments overlap with different bytes, it is as in Linux: tcp_data_queue() keeps
 * what it has already put in order; among what waits out of order, tcp_data_queue_ofo()
 * drops a segment that one that begins no later holds as a whole, replaces those that
 * the new one holds as a whole, and keeps both where they overlap in part: then the one
 * that begins first is read to its end. (It may also join two that meet, and then drops
 * more; whether it does depends on how their memory lies.) That a receiver has no room
 * for a segment is not considered; its bytes come again.
 *
 * Only where the bytes are is kept, 24 bytes for each segment; the bytes are read from the
 * trace when they are asked for. Keeps a reference to its table; belongs to who made it.
 */
typedef struct
{
  guint64 offset; /* in the stream, from 0: its first byte, or the first that was captured */
  guint32 size_bytes;
  guint32 packet;      /* that brought it; G_MAXUINT32: none was captured, a gap */
  guint32 data_offset; /* in the captured bytes of the packet */
  guint32 is_missing;  /* a gap, or the end of a packet that was not kept whole */
} TramaStreamRange;

G_STATIC_ASSERT (sizeof (TramaStreamRange) == 24);

/* A part of a packet that brings bytes that are there already, from another one. */
typedef struct
{
  guint64 offset;
  guint32 size_bytes;
  guint32 packet;
  guint32 data_offset; /* in the captured bytes of the packet */
  guint32 kept_bytes;  /* of it, in the trace */
} TramaStreamOverlap;

typedef struct _TramaStream TramaStream;

TramaStream *trama_stream_new (TramaFlowTable *table, guint flow, guint side);

/*
 * The same a piece at a time: looks at so many of the packets of the conversation. It is
 * not to be read before there are no more. FALSE: it is whole.
 */
TramaStream *trama_stream_begin (TramaFlowTable *table, guint flow, guint side);
gboolean trama_stream_step (TramaStream *stream, guint n_packets);

void trama_stream_free (TramaStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaStream, trama_stream_free)

/* Missing bytes counted. */
guint64 trama_stream_get_size (const TramaStream *stream);
guint64 trama_stream_get_missing (const TramaStream *stream);

/* They follow one another without a break. */
guint trama_stream_n_ranges (const TramaStream *stream);
const TramaStreamRange *trama_stream_get_range (const TramaStream *stream, guint index);

/* The range that holds the byte at @offset; n_ranges behind the last. */
guint trama_stream_find_range (const TramaStream *stream, guint64 offset);

/* What was sent again, or sent otherwise, in the order in which it came. */
guint trama_stream_n_overlaps (const TramaStream *stream);
const TramaStreamOverlap *trama_stream_get_overlap (const TramaStream *stream, guint index);

/* Whether it brings other bytes than those that are in the stream; what is missing is no difference. */
gboolean trama_stream_overlap_differs (const TramaStream *stream, guint index);

/*
 * Up to @size bytes from @offset, zeroes where they are missing. Returns how many, less than
 * @size only at the end; -1 with @error when the trace's file has become shorter.
 */
gssize
trama_stream_read (const TramaStream *stream, guint64 offset, guint8 *buffer, gsize size, GError **error);
