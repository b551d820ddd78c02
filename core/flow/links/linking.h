/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/deed.h"
#include "core/flow/flow_private.h"
#include "core/flow/handles.h"
#include "core/flow/links/links.h"

/*
 * Private to the room: what is needed while links are made, and who makes which. An event
 * is one number here: packets first, then calls, then actors.
 */

#define TRAMA_EVENT_NONE G_MAXUINT32

/* How many calls on one socket may be under way at a time, as far as they are looked at. */
#define TRAMA_LOOK_BACK 16

/* As it is kept. There may be millions of them. */
typedef struct
{
  guint64 from_bytes;
  guint32 n_bytes;
  guint32 cause;
  guint32 effect; /* TRAMA_EVENT_NONE: lost */
  guint8 kind;
  guint8 flags;
  guint8 reason;
} TramaKeptLink;

G_STATIC_ASSERT (sizeof (TramaKeptLink) == 24);

/* The calls on one socket, in order of entry: indices of the store's. */
typedef struct
{
  const guint32 *calls; /* borrowed */
  guint n;
  gboolean is_first; /* of a socket that is connected again and again: nothing stands before them */
} TramaCallList;

typedef struct
{
  TramaFlowTable *table;
  TramaStore *store;
  TramaColumn *links; /* of TramaKeptLink */
  guint n_packets;    /* as they are when it begins, as the next; more may come */
  guint n_calls;
  guint n_actors;

  guint32 *calls;       /* by socket, then by entry; a poll() stands with all of its sockets */
  guint32 *first_call;  /* in .calls, by number of the socket; one more behind the last */
  guint32 *accepted_by; /* by number of the socket: the call that made it; TRAMA_EVENT_NONE */
  guint64 *peers;       /* of AF_UNIX, by number of the socket */
  guint32 *drops;       /* what the kernel says it has dropped for want of room, by number of the socket */
  GArray *acts;         /* while the calls are collected */
  TramaHandlesCollecting *collecting; /* while descriptors are */
  GArray *handles;                    /* of which sockets descriptors were */
  GHashTable *deaths;                 /* actor → what ended it, an event + 1 */
  GHashTable *listened;               /* port → GArray of guint64, the sockets that have listened on it */
  guint n_steps;                      /* of trama_linking_collect that are done, */
  guint next;                         /* and what the one that is not begins with */
} TramaLinking;

void trama_linking_init (TramaLinking *linking, TramaFlowTable *table, TramaColumn *links);
void trama_linking_clear (TramaLinking *linking);

/* A step of what must be known before anything is linked, with about @max calls. FALSE: it is. */
gboolean trama_linking_collect (TramaLinking *linking, guint max);

void trama_linking_add (TramaLinking *linking, const TramaKeptLink *link);

static inline guint32
trama_linking_call (const TramaLinking *linking, guint call)
{
  return linking->n_packets + call;
}

static inline guint32
trama_linking_actor (const TramaLinking *linking, guint actor)
{
  return linking->n_packets + linking->n_calls + actor;
}

/* Of which event the number is. */
TramaRef trama_linking_ref (guint n_packets, guint n_calls, guint32 event);

TramaCallList trama_linking_calls_of (const TramaLinking *linking, guint64 socket);

/* Of them, those that belong to a connection whose first packet came then, and before the next. */
TramaCallList trama_linking_slice_calls (const TramaLinking *linking,
                                         const TramaCallList *list,
                                         gint64 first_ns,
                                         gint64 next_ns);

/* The number of a socket; G_MAXUINT: it is not known. */
guint trama_linking_socket_number (const TramaLinking *linking, guint64 socket);

#define TRAMA_DEED_BIT(kind) (1u << (kind))

/* Deeds of one who may end a connection. */
#define TRAMA_DEEDS_THAT_END (TRAMA_DEED_BIT (TRAMA_DEED_CLOSES) | TRAMA_DEED_BIT (TRAMA_DEED_SHUTS))

/* The call under way at @time_ns that was entered last, of those deeds; its index, G_MAXUINT: none. */
guint trama_linking_find_under_way (const TramaLinking *linking,
                                    const TramaCallList *list,
                                    gint64 time_ns,
                                    guint deeds);

/* How many of the calls were entered by then. */
guint trama_linking_count_entered (const TramaLinking *linking, const TramaCallList *list, gint64 time_ns);

/* When it came back, or its actor ended; G_MAXINT64: neither. */
gint64 trama_linking_call_end (const TramaLinking *linking, const TramaCall *call);

/*
 * What ended the connection, or the sending, of a socket by @time_ns: a close(), a shutdown(), or
 * the end of a process that had it open. TRAMA_EVENT_NONE: nothing known.
 */
guint32 trama_linking_find_end (const TramaLinking *linking, guint64 socket, gint64 time_ns);

/* The same of whoever has listened on that port: what waits there for accept() ends with it, listen(2). */
guint32 trama_linking_find_listener_end (const TramaLinking *linking, guint port, gint64 time_ns);

/* The revents of poll() for @socket; 0: it found nothing there. */
gint trama_linking_find_revents (const TramaLinking *linking, const TramaCall *call, guint64 socket);

/* What a call was told went wrong: errno, or what SO_ERROR gave; 0: nothing, -1: that nothing went wrong. */
gint trama_linking_told_error (const TramaCall *call);

/* An effect that slept until its cause came was woken by it. */
void trama_linking_add_waking (TramaLinking *linking, guint32 cause, gint64 time_ns, guint call);

/*
 * A sender that slept for want of room was woken by the first of the peer's calls that made some. @taker has taken the
 * sender's own message, for which there was room before; G_MAXUINT: nobody has, or it is of a stream.
 */
void trama_linking_wake_sender (TramaLinking *linking, guint call, const TramaCallList *peer, guint taker);

/*
 * link_tcp.c, link_datagrams.c, link_local.c: each adds links of its own, those of about @max events
 * in a step. FALSE: it has added all.
 */
typedef struct _TramaTcpLinking TramaTcpLinking;
typedef struct _TramaDatagramLinking TramaDatagramLinking;
typedef struct _TramaLocalLinking TramaLocalLinking;

TramaTcpLinking *trama_tcp_linking_new (TramaLinking *linking);
gboolean trama_tcp_linking_step (TramaTcpLinking *tcp, guint max);
void trama_tcp_linking_free (TramaTcpLinking *tcp);

TramaDatagramLinking *trama_datagram_linking_new (TramaLinking *linking);
gboolean trama_datagram_linking_step (TramaDatagramLinking *datagrams, guint max);
void trama_datagram_linking_free (TramaDatagramLinking *datagrams);

TramaLocalLinking *trama_local_linking_new (TramaLinking *linking);
gboolean trama_local_linking_step (TramaLocalLinking *local, guint max);
void trama_local_linking_free (TramaLocalLinking *local);
