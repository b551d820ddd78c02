/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/links/linking.h"

/*
 * Private to the room: messages and the sockets they are for. A socket reads its messages in the
 * order in which they came; one that it has passed over will not come any more. What was read and
 * who sent it tell which one it was where some were dropped.
 */

typedef struct
{
  gint64 time_ns;
  guint32 event; /* the packet, or the call, that brings it */
  guint32 size_bytes;
  guint32 data_offset;  /* of a packet: where it begins in the captured bytes */
  guint32 part_bytes;   /* of a packet: of the message in it; the rest comes in other fragments */
  guint32 next_part;    /* in TramaMessages.parts; G_MAXUINT32: no more */
  guint32 cause;        /* of a packet: the call that sent it, or the packet it answers; TRAMA_EVENT_NONE */
  guint32 next_same;    /* the same packet as it comes to another socket; G_MAXUINT32: no more */
  guint32 taken_by;     /* the call that took it last, when it is_taken */
  TramaEndpoint source; /* family 0: not looked at */
  guint8 flags;         /* TRAMA_LINK_HAS_RIGHTS */
  guint8 is_for_all;    /* broadcast or multicast: each may read it */
  guint8 is_taken;
  guint8 was_sent_here; /* by a call that is in the trace: if nobody reads it, it is lost */
  guint8 reason;        /* why it was lost, as far as it is known */
} TramaMessage;

/* A later fragment. */
typedef struct
{
  guint32 packet;
  guint32 from_bytes;
  guint32 n_bytes;
  guint32 next; /* G_MAXUINT32: no more */
} TramaMessagePart;

typedef struct
{
  TramaLinking *linking;
  GArray *messages; /* of TramaMessage */
  GArray *parts;    /* of TramaMessagePart */
  GArray *offers;   /* of a message to a socket */
} TramaMessages;

void trama_messages_init (TramaMessages *messages, TramaLinking *linking);
void trama_messages_clear (TramaMessages *messages);

/* What brings it; nothing else is known of it yet. */
TramaMessage trama_message_make (guint32 event, gint64 time_ns);

/* Returns its number. */
guint trama_messages_add (TramaMessages *messages, const TramaMessage *message);
TramaMessage *trama_messages_get (const TramaMessages *messages, guint index);

/* A later fragment of it. */
void trama_messages_add_part (TramaMessages *messages, guint index, guint32 packet, guint32 n_bytes);

/* It came for that socket, by number; in the order in which they came. */
void trama_messages_offer (TramaMessages *messages, guint index, guint socket);

/* When all is offered: links what was read, and what was lost. */
void trama_messages_link (TramaMessages *messages);
