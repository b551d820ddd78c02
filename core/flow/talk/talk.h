/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Who talks with whom: a conversation of which there are packets, or two sockets of
 * which there are only calls, as those of AF_UNIX. Side 0 is that of the conversation, or
 * else whose call was looked at.
 */
typedef struct
{
  guint32 flow;      /* TRAMA_FLOW_NONE: there are no packets of it */
  guint64 socket[2]; /* TRAMA_SOCKET_NONE: not known */
} TramaTalk;

/*
 * Of which talk an event is; of @current (NULL: none) if it is of more than one. FALSE:
 * it is of none, as the calls of a socket that only listens.
 */
gboolean trama_talk_find (TramaFlowTable *table, TramaRef event, const TramaTalk *current, TramaTalk *talk);

/* Of a conversation. */
TramaTalk trama_talk_of_flow (TramaFlowTable *table, guint32 flow);

gboolean trama_talk_equal (const TramaTalk *a, const TramaTalk *b);

/* What is sent in it are messages, each for itself, and not a stream of bytes. */
gboolean trama_talk_has_messages (TramaFlowTable *table, const TramaTalk *talk);

/* Whether a call sent a message without any bytes, or received a datagram without; @side: who said it. */
gboolean
trama_talk_find_empty (TramaFlowTable *table, const TramaTalk *talk, const TramaCall *call, guint *side);

/*
 * Which bytes a call wrote or read, counted from 0 in what @side has said. FALSE: none, or
 * it is not of this talk.
 */
gboolean trama_talk_find_bytes (TramaFlowTable *table,
                                const TramaTalk *talk,
                                const TramaCall *call,
                                guint *side,
                                guint64 *offset,
                                guint32 *size_bytes);
