/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/column.h"
#include "core/trace/pcapng.h"
#include "core/trace/store.h"

/* Private to store.c and freeze.c: what a store is made of. */

/* Packets in order of time, made when somebody asks for it; not needed while they come in that order. */
typedef struct
{
  gboolean needed;
  GArray *places; /* of guint32, index by position; as long as it was when it was last made */
} TramaStoreOrder;

/* A TramaPacket as it is kept: of any file that can be, and with no more interfaces than are read. */
typedef struct
{
  gint64 time_ns;
  guint64 offset : 48;
  guint64 interface : 16;
  guint32 captured_bytes;
  guint32 length_bytes;
} TramaStorePacket;

G_STATIC_ASSERT (sizeof (TramaStorePacket) == 24);
G_STATIC_ASSERT (TRAMA_PCAPNG_INTERFACES_MAX <= 1u << 16);

struct _TramaStore
{
  gatomicrefcount ref_count;
  guint64 generation;
  int bytes_fd;

  /* In the order appended; the index of an event is its place here. */
  TramaColumn packets; /* of TramaStorePacket */
  GArray *calls;       /* of TramaCall */
  GArray *actors;      /* of TramaActor */
  GArray *states;      /* of TramaSocketState */
  GArray *notes;       /* of TramaNote */
  GArray *interfaces;  /* of TramaInterface */
  GArray *statistics;  /* of TramaStatistics, the last of each interface, by its number */
  GArray *positions;   /* of TramaPosition, the last of each actor */
  TramaNotebook *notebook;

  TramaStoreOrder *order;

  GHashTable *call_by_id;  /* guint64 in the call → index + 1 */
  GHashTable *actor_by_id; /* id → index + 1 */

  TramaSessionRecord session;
  TramaGround ground;
  TramaOutcome outcome;
  TramaSpan span;
  gboolean has_session, has_ground, has_outcome, has_span;
  gboolean has_zero; /* a packet at 0: it has no time, or its clock began there */

  GPtrArray *chunks;
  gsize chunk_used;

  guint8 *window; /* a part of the file, from window_offset; NULL until something is peeked at */
  guint64 window_offset;
  gsize window_size;

  TramaStore *origin; /* of a frozen store: that it shares with, which nothing is taken from */
  gboolean is_shared; /* its arrays are those of a frozen one too */
};

/* freeze.c: it is to be appended to, and has its arrays for itself from now on. */
void trama_store_stop_sharing (TramaStore *store);
