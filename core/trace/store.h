/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"
#include "core/trace/notebook.h"
#include "core/trace/span.h"

/*
 * Every event of one trace, ready to be asked for. Append only: an index, once
 * given, names the same event for the store's life. The bytes of packets stay in
 * the trace's file and are read from there on demand.
 *
 * Reference counted. One thread at a time. What get functions return is borrowed
 * and stays valid until the next append.
 */
typedef struct _TramaStore TramaStore;

TramaStore *trama_store_new (void);
TramaStore *trama_store_ref (TramaStore *store);
void trama_store_unref (TramaStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaStore, trama_store_unref)

/* The file that TramaPacket.offset counts in; a duplicate of @fd is kept. FALSE sets errno. */
gboolean trama_store_set_bytes_fd (TramaStore *store, int fd);

/* Borrowed; to be read with pread(2). -1: there is none. */
int trama_store_get_bytes_fd (const TramaStore *store);

/* Copies @event. Amortised O(1) when times come nearly in order, as they do. Fits TramaEventFunc. */
void trama_store_append (const TramaEvent *event, gpointer store);

/*
 * What @store holds now, for another thread: a store of its own, that nothing can be appended to. It
 * shares the records and is made in no time; whatever is appended to @store later, and it may be
 * while others read what is frozen, is not in it. Transfer full.
 */
TramaStore *trama_store_freeze (TramaStore *store);

/* Grows with every append. */
guint64 trama_store_get_generation (const TramaStore *store);

guint trama_store_n_packets (const TramaStore *store);
guint trama_store_n_calls (const TramaStore *store);
guint trama_store_n_actors (const TramaStore *store);
guint trama_store_n_states (const TramaStore *store);
guint trama_store_n_notes (const TramaStore *store);
guint trama_store_n_interfaces (const TramaStore *store);

void trama_store_get_packet (const TramaStore *store, guint index, TramaPacket *packet);
const TramaCall *trama_store_get_call (const TramaStore *store, guint index);
const TramaActor *trama_store_get_actor (const TramaStore *store, guint index);
const TramaSocketState *trama_store_get_state (const TramaStore *store, guint index);
const TramaNote *trama_store_get_note (const TramaStore *store, guint index);
const TramaInterface *trama_store_get_interface (const TramaStore *store, guint index);

/* What the user has written into it, which alone may be changed; never NULL. The notes above are of others. */
TramaNotebook *trama_store_get_notebook (const TramaStore *store);

/* By number; NULL when no such actor was recorded. */
const TramaActor *trama_store_find_actor (const TramaStore *store, guint32 id);

/* NULL until recorded. The last one counts. */
const TramaSessionRecord *trama_store_get_session (const TramaStore *store);
const TramaGround *trama_store_get_ground (const TramaStore *store);
const TramaOutcome *trama_store_get_outcome (const TramaStore *store);

/* Where an actor stood last, by its number; NULL: the session was not stepped. */
const TramaPosition *trama_store_get_position (const TramaStore *store, guint32 actor);

/* Packets that were received and packets that were lost at the capture points, by their own count. */
guint64 trama_store_get_received (const TramaStore *store);
guint64 trama_store_get_drops (const TramaStore *store);

/* From the first event to the last. FALSE when there is none with a time. */
gboolean trama_store_get_span (const TramaStore *store, TramaSpan *span);

/* FALSE when the trace says that it has no packets to show (TramaGround.packets). */
gboolean trama_store_packets_observed (const TramaStore *store);

/*
 * The first packet at or after @time_ns, n_packets when there is none. Binary
 * search over packets in order of time; position p holds packet
 * trama_store_packet_at (store, p).
 */
guint trama_store_find_packet (const TramaStore *store, gint64 time_ns);
guint trama_store_packet_at (const TramaStore *store, guint position);

/* Whether every packet so far came no earlier than the one before it. */
gboolean trama_store_is_in_order (const TramaStore *store);

/*
 * By how much a packet is earlier than the one before it in the file; 0: it is not.
 * Packets without a time, as the simple packet blocks of pcapng, neither step back
 * nor are stepped back from.
 */
gint64 trama_store_get_step_back (const TramaStore *store, guint index);

/*
 * Reads up to @size captured bytes of a packet into @buffer. Returns how many,
 * -1 with @error when the file cannot be read or has become shorter.
 */
gssize
trama_store_read_packet (const TramaStore *store, guint index, guint8 *buffer, gsize size, GError **error);

/*
 * The first @want bytes of a packet, or as many as were captured: *@size. They are
 * read many packets at a time, so going through a trace in the order of its file
 * costs little. At most 512 KiB. Borrowed until the next peek. NULL when they
 * cannot be read.
 */
const guint8 *trama_store_peek_packet (TramaStore *store, guint index, gsize want, gsize *size);

/* What happens at one moment. In this order where times are equal. */
typedef enum
{
  TRAMA_MOMENT_NOTE,
  TRAMA_MOMENT_ENTRY, /* a call is made */
  TRAMA_MOMENT_PACKET,
  TRAMA_MOMENT_EXIT, /* a call returns */
} TramaMomentKind;

typedef struct
{
  gint64 time_ns;
  guint32 kind;  /* TramaMomentKind */
  guint32 index; /* of the packet, call or note */
} TramaMoment;

/* Every moment of @span in order of time, as a new GArray of TramaMoment. NULL: of the whole trace. */
GArray *trama_store_get_moments (const TramaStore *store, const TramaSpan *span);

/* The event a moment belongs to. */
TramaRef trama_moment_ref (const TramaMoment *moment);
