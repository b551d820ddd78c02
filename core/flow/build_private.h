/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/copies.h"
#include "core/flow/flow_private.h"
#include "core/flow/fragments.h"
#include "core/flow/pairs.h"
#include "core/flow/sent_space.h"
#include "core/flow/tcp_state.h"
#include "core/flow/torn.h"

/* What build.c and build_samples.c share: a table under construction. */

/* How the first sequence number of a side is known. */
typedef enum
{
  TRAMA_BASE_UNKNOWN,
  TRAMA_BASE_ACKNOWLEDGED, /* by its peer */
  TRAMA_BASE_SENT,
} TramaBase;

/* What is needed of a flow only while the packets are followed. There may be millions of them. */
typedef struct
{
  TramaTcpConversation tcp;
  TramaSentSpace sent[2]; /* of data and FIN */
  guint8 syns[2];         /* TRAMA_SENT_SYN, TRAMA_SENT_SYN_ACK */
  guint8 base[2];         /* TramaBase */
  guint16 mark[2];        /* identification of the last packet */
  guint8 is_marked[2];    /* which that side does not give to two packets */
  guint32 again;          /* sequence number of what was sent again last */
  guint32 acknowledgment; /* of the last segment that was no reset */
  guint32 older;          /* the flow before it with its endpoints, while it opens; TRAMA_FLOW_NONE */
} TramaFollowing;

G_STATIC_ASSERT (sizeof (TramaFollowing) <= 96);

struct _TramaFlowBuild
{
  TramaFlowTable *table;
  guint next_position; /* packets before it, in order of time, are followed */

  TramaPairs pairs;      /* endpoints → the latest flow */
  TramaColumn following; /* of Following, by flow */
  TramaColumn next_same; /* of guint32, by flow; TRAMA_FLOW_NONE */
  GArray *wakeups;       /* of TramaWakeup */

  GArray *samples;           /* of guint, indices of states by time */
  guint next_sample;         /* the first not yet weighed */
  GHashTable *sampled_state; /* socket without a flow → its state, from samples alone */

  TramaCopies copies;
  TramaMatching *matching;   /* NULL before all packets are followed */
  TramaFragments *fragments; /* NULL until there is one */
  TramaTorn *torn;
};

static inline TramaFollowing *
trama_following_at (const TramaFlowBuild *build, guint flow)
{
  return &trama_column_index (&build->following, TramaFollowing, flow);
}

/*
 * build_copies.c: a packet that repeats another is of the same conversation, is counted there, and
 * changes nothing. FALSE: it is new.
 */
gboolean trama_flow_follow_copy (TramaFlowBuild *build, const TramaCopyInput *input, guint32 *conversation);

/* A packet that is new, when its conversation has it. */
void trama_flow_remember (TramaFlowBuild *build, const TramaCopyInput *input, guint32 conversation);

/* build_samples.c: the samples of the kernel, by time; and what the calls tell of sockets that listen. */
void trama_flow_sort_samples (TramaFlowBuild *build);
void trama_flow_follow_listeners (TramaFlowBuild *build);

/* Takes into account what was sampled so long before @time_ns that no packet can pass it. */
void trama_flow_weigh_samples_before (TramaFlowBuild *build, gint64 time_ns);
