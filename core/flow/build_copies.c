/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/build_private.h"
#include "core/flow/counts.h"

#include <netinet/in.h>

/* A table under construction, and what of its packets repeats another. */

/*
 * What the receiver of a packet has sent until now that may make its sender send it again. It answers
 * another SYN with another SYN-ACK, but no ACK.
 */
static guint32
count_heard (const TramaFlow *flow, guint side, const TramaDecoded *decoded)
{
  if (decoded->protocol == IPPROTO_TCP && (decoded->tcp_flags & TRAMA_TCP_SYN)
      && (decoded->tcp_flags & TRAMA_TCP_ACK))
    return flow->tcp[!side].syn + flow->tcp[!side].rst;
  return flow->packets[!side];
}

/* No other has begun between its endpoints. */
static gboolean
is_latest (const TramaFlowBuild *build, const TramaCopyInput *input, guint32 flow)
{
  guint side;

  return trama_pairs_find (&build->pairs, input->hash, input->decoded->protocol, &input->decoded->source,
                           &input->decoded->destination, &side)
         == flow;
}

static gboolean
find_copy (const TramaFlowBuild *build, const TramaCopyInput *input, guint32 *conversation)
{
  const TramaCopySlot *guess = trama_copies_guess (&build->copies, input);
  const TramaFlow *flow;
  TramaCopyContext context;
  guint side;

  if (guess == NULL)
    return FALSE;
  *conversation = trama_column_index (&build->table->conversations, guint32, guess->packet);
  if (*conversation == TRAMA_FLOW_NONE)
    return FALSE;
  side = *conversation & 1;
  flow = trama_flow_at (build->table, *conversation >> 1);
  context.is_marked = trama_following_at (build, *conversation >> 1)->is_marked[side];
  context.is_usual = flow->copies[0] > 0 && flow->copies[1] > 0;
  context.heard = count_heard (flow, side, input->decoded);
  if (!context.is_marked && !is_latest (build, input, *conversation >> 1))
    return FALSE;
  return trama_copies_confirm (&build->copies, guess, input, &context);
}

gboolean
trama_flow_follow_copy (TramaFlowBuild *build, const TramaCopyInput *input, guint32 *conversation)
{
  const TramaDecoded *decoded = input->decoded;
  TramaFollowing *following;
  TramaFlow *flow;
  guint side;

  if (!find_copy (build, input, conversation))
    return FALSE;
  following = trama_following_at (build, *conversation >> 1);
  flow = trama_flow_at (build->table, *conversation >> 1);
  side = *conversation & 1;
  trama_column_index (&build->table->kinds, guint8, input->packet) |= TRAMA_FLOW_COPY;
  trama_column_index (&build->table->conversations, guint32, input->packet) = *conversation;
  flow->last_ns = MAX (flow->last_ns, input->time_ns);
  flow->packets[side]++;
  flow->copies[side]++;
  if (decoded->fragment != TRAMA_FRAGMENT_LATER || decoded->fragment_protocol != IPPROTO_UDP)
    flow->payload_bytes[side] += MAX (decoded->payload_bytes, decoded->datagram_bytes);
  if (decoded->protocol == IPPROTO_TCP && decoded->fragment != TRAMA_FRAGMENT_LATER)
    trama_counts_add (&flow->tcp[side], &following->sent[side], &following->syns[side], decoded);
  return TRUE;
}

void
trama_flow_remember (TramaFlowBuild *build, const TramaCopyInput *input, guint32 conversation)
{
  TramaFollowing *following = trama_following_at (build, conversation >> 1);
  guint side = conversation & 1;
  guint16 mark = input->decoded->identification;

  trama_copies_add (&build->copies, input,
                    count_heard (trama_flow_at (build->table, conversation >> 1), side, input->decoded));
  if (mark == 0)
    return;
  if (following->mark[side] != 0 && following->mark[side] != mark)
    following->is_marked[side] = TRUE;
  following->mark[side] = mark;
}
