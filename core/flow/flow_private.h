/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What the files of this room share: the table, and the parts it is made of, in
 * the order in which they are made. Sockets first, from the calls; then the flows,
 * from the packets; then what joins the two.
 */

/* A call by the socket it acts on and its time; exit_ns is the actor's end where it never returned. */
typedef struct
{
  guint64 socket;
  gint64 entry_ns;
  gint64 exit_ns;
  guint32 call;
} TramaCallSpan;

typedef struct
{
  guint32 packet;
  guint32 call;
} TramaWaking;

/* A packet that could wake somebody, and whom. */
typedef struct
{
  gint64 time_ns;
  guint32 packet;
  guint32 flow;
  guint8 side;  /* that receives it */
  guint8 wakes; /* TRAMA_TCP_WAKES_* */
} TramaWakeup;

/* A TramaStateChange as it is kept: there are nine of a connection. */
typedef struct
{
  gint64 time_ns;
  guint32 of; /* a flow; a socket's index in the table when it is alone */
  guint8 side;
  guint8 state;
  guint16 alone;
} TramaFlowChange;

G_STATIC_ASSERT (sizeof (TramaFlowChange) == 16);

struct _TramaFlowTable
{
  gatomicrefcount ref_count;
  TramaStore *store;

  GArray *flows;         /* of TramaFlow, by first_ns */
  GArray *conversations; /* of guint32, by packet index: flow << 1 | side; TRAMA_FLOW_NONE */
  GArray *changes;       /* of TramaFlowChange, by time */

  GArray *sockets;          /* of TramaSocket */
  GHashTable *socket_by_id; /* guint64 → index + 1 */

  GArray *senders;       /* of TramaCallSpan, by socket and entry */
  gint64 *latest_exit;   /* a tree over senders: the latest exit below each node */
  guint latest_exit_top; /* number of its leaves, a power of two */
  GArray *wakings;       /* of TramaWaking, by packet */
};

/* The headers of all but the oddest packets; more is not read to find the flow. */
#define TRAMA_FLOW_HEADER_BYTES 256

/* FALSE when it does not belong to an IP conversation that can be told from others; a later fragment may. */
gboolean trama_flow_read_headers (TramaStore *store, guint packet, gint64 *time_ns, TramaDecoded *decoded);

TramaFlow *trama_flow_at (const TramaFlowTable *table, guint index);
TramaSocket *trama_flow_socket_by_id (const TramaFlowTable *table, guint64 id);

/* sockets.c */
void trama_flow_make_sockets (TramaFlowTable *table);

/* The address of an IP family among the arguments, as its packets carry it. */
gboolean trama_flow_call_address (const TramaCall *call, TramaEndpoint *endpoint);

/* When it can no longer send: its close, or the end of its process. G_MAXINT64: it lives. */
gint64 trama_flow_socket_end (const TramaFlowTable *table, const TramaSocket *socket);

/* match.c: fills in TramaFlow.socket. @next_same: by flow, the next one with its endpoints. */
void trama_flow_match_sockets (TramaFlowTable *table, const guint32 *next_same);

/*
 * build.c: flows, conversations and changes from the packets, as many at a time as
 * the caller wants; in order of time, and all samples and calls known before the
 * first. Finish returns a new GArray of TramaWakeup, by time; NULL: there are no calls.
 */
typedef struct _TramaFlowBuild TramaFlowBuild;

TramaFlowBuild *trama_flow_build_new (TramaFlowTable *table);
void trama_flow_build_free (TramaFlowBuild *build);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFlowBuild, trama_flow_build_free)

void trama_flow_build_follow (TramaFlowBuild *build, guint max_packets);
guint trama_flow_build_get_position (const TramaFlowBuild *build);
GArray *trama_flow_build_finish (TramaFlowBuild *build);

/* links.c */
void trama_flow_link_calls (TramaFlowTable *table, const GArray *wakeups);
void trama_flow_clear_links (TramaFlowTable *table);
