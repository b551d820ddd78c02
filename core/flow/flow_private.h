/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/trace/column.h"

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

/* A TramaStateChange as it is kept: there are nine of a connection. Its packet knows time and flow. */
typedef struct
{
  guint32 at; /* a packet; an index in TramaFlowTable.told when it is told */
  guint8 side;
  guint8 state; /* while the table is made: UNKNOWN for a withdrawal */
  guint16 is_told;
} TramaFlowChange;

G_STATIC_ASSERT (sizeof (TramaFlowChange) == 8);

/* Of a change that no packet shows, but a call or a sample. */
typedef struct
{
  gint64 time_ns;
  guint64 socket; /* when it has no flow */
  guint32 flow;   /* TRAMA_FLOW_NONE */
} TramaToldChange;

struct _TramaFlowTable
{
  gatomicrefcount ref_count;
  TramaStore *store;
  gboolean has_fragments; /* of IP */

  TramaColumn flows;         /* of TramaFlow, by first_ns */
  TramaColumn conversations; /* of guint32, by packet index: flow << 1 | side; TRAMA_FLOW_NONE */
  TramaColumn kinds;         /* of guint8, by packet index: TramaSegmentKind, and the flags below */
  TramaColumn changes;       /* of TramaFlowChange, by time */
  GArray *told;              /* of TramaToldChange */
  GArray *listens;           /* of guint, calls of listen(), while the table is made */
  gboolean has_withdrawn;    /* changes, while the table is made */
  gboolean has_belated;      /* a change that may be earlier than one that was added before it */
  guint32 latest_change;     /* the last packet of any */
  gboolean is_complete;
  guint n_amended; /* conversations that were told later than their packets were followed */

  GArray *sockets;          /* of TramaSocket */
  GHashTable *socket_by_id; /* guint64 → index + 1 */

  GArray *senders;       /* of TramaCallSpan, by socket, in the order of .sockets, and entry */
  guint32 *first_sender; /* by socket; one more behind the last */
  gint64 *latest_exit;   /* a tree over senders: the latest exit below each node */
  guint latest_exit_top; /* number of its leaves, a power of two */
  GArray *wakings;       /* of TramaWaking, by packet */

  /* Made when somebody asks; NULL until then. */
  guint32 *packets_of;   /* all that are of a conversation, by conversation and time */
  guint32 *packets_from; /* by conversation, the first of its own; one more at the end */
};

/*
 * A sample and a packet may pass each other: the packet is stamped a little before
 * or after the kernel changes the state, the sample when its reader got to run. A
 * sample is weighed against every state of its side up to this much later.
 */
#define TRAMA_SAMPLE_GRACE_NS (20 * 1000 * 1000)

/* In TramaFlowTable.kinds, beside the kind. */
#define TRAMA_FLOW_RESENT 0x80
#define TRAMA_FLOW_ZERO_WINDOW 0x40
#define TRAMA_FLOW_COPY 0x20
#define TRAMA_FLOW_KIND 0x1f

guint8 trama_flow_segment_kind (const TramaDecoded *decoded);

/* The headers of all but the oddest packets; more is not read to find the flow. */
#define TRAMA_FLOW_HEADER_BYTES 256

/* FALSE when it does not belong to an IP conversation that can be told from others; a later fragment may. */
gboolean trama_flow_read_headers (TramaStore *store, guint packet, gint64 *time_ns, TramaDecoded *decoded);

TramaFlow *trama_flow_at (const TramaFlowTable *table, guint index);
TramaSocket *trama_flow_socket_by_id (const TramaFlowTable *table, guint64 id);

/* sockets.c: from @next_call on, which it moves, at most so many calls. FALSE: the sockets are all there. */
gboolean trama_flow_make_sockets (TramaFlowTable *table, guint *next_call, guint max_calls);

/* The address of an IP family among the arguments, as its packets carry it. */
gboolean trama_flow_call_address (const TramaCall *call, TramaEndpoint *endpoint);

/* When it can no longer send: its close, or the end of its process. G_MAXINT64: it lives. */
gint64 trama_flow_socket_end (const TramaFlowTable *table, const TramaSocket *socket);

/* Whether it cannot be of @flow: it had ended when that began, or had been accepted. */
gboolean
trama_flow_socket_is_older (const TramaFlowTable *table, const TramaSocket *socket, const TramaFlow *flow);

/*
 * match.c: fills in TramaFlow.socket, of at most @max flows, or with as many calls, in a step; FALSE: it
 * is done. @next_same: of guint32, by flow, the next one with its endpoints; borrowed.
 */
typedef struct _TramaMatching TramaMatching;

TramaMatching *trama_matching_new (TramaFlowTable *table, const TramaColumn *next_same);
void trama_matching_free (TramaMatching *matching);
gboolean trama_matching_step (TramaMatching *matching, guint max);

/*
 * changes.c: as they are added they are nearly in order of time; finish brings them into
 * it. A withdrawal takes back the last change of that side that a packet has shown.
 */
void trama_flow_add_change (TramaFlowTable *table, guint packet, guint side, guint8 state);
void trama_flow_withdraw_change (TramaFlowTable *table, guint packet, guint side);
void
trama_flow_add_told_change (TramaFlowTable *table, const TramaToldChange *told, guint side, guint8 state);

/* While they are added: whether that side has entered a state at @since_ns or later. */
gboolean trama_flow_has_changed_since (const TramaFlowTable *table, guint flow, guint side, gint64 since_ns);

void trama_flow_finish_changes (TramaFlowTable *table);

/*
 * build.c: flows, conversations and changes from the packets, as many at a time as
 * the caller wants; in order of time, and all samples and calls known before the
 * first. Finish works out what can be told only then, in steps as long; FALSE: it is done, and
 * then the wakeups can be taken, a new GArray of TramaWakeup, by time; NULL: there are no calls.
 */
typedef struct _TramaFlowBuild TramaFlowBuild;

TramaFlowBuild *trama_flow_build_new (TramaFlowTable *table);
void trama_flow_build_free (TramaFlowBuild *build);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFlowBuild, trama_flow_build_free)

void trama_flow_build_follow (TramaFlowBuild *build, guint max_packets);
guint trama_flow_build_get_position (const TramaFlowBuild *build);
gboolean trama_flow_build_finish (TramaFlowBuild *build, guint max);
GArray *trama_flow_build_take_wakeups (TramaFlowBuild *build);

/*
 * wakings.c: joins calls and packets, of at most @max calls in a step; FALSE: all are. @wakeups,
 * which it takes, are as trama_flow_build_finish () gives them.
 */
typedef struct _TramaJoining TramaJoining;

TramaJoining *trama_joining_new (TramaFlowTable *table, GArray *wakeups);
void trama_joining_free (TramaJoining *joining);
gboolean trama_joining_step (TramaJoining *joining, guint max);

void trama_flow_clear_wakings (TramaFlowTable *table);
