/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/address.h"

#include <stdatomic.h>

/*
 * What all actors know of every socket: how far its streams have come, and its two ends. A table in memory
 * that processes share across fork(2), because several of them may have descriptors of one socket, and
 * because the kernel tells nothing of the owner of a socket in TIME-WAIT but its two ends and its cookie.
 *
 * Any process may use it at any time; nothing in it waits. A socket that is closed stays
 * until its place is needed.
 */
typedef struct _TramaStreams TramaStreams;

typedef struct
{
  _Atomic guint64 socket; /* TRAMA_SOCKET_NONE: the place is free */
  _Atomic guint64 received_bytes;
  _Atomic guint64 sent_bytes;
  _Atomic guint32 n_holders; /* processes that have a descriptor of it */
  _Atomic guint32 type;      /* SOCK_* */
  TramaEndpoint ends[2];     /* local and peer; written by the holder, before .connected, */
  _Atomic guint64 cookie;    /* as SO_COOKIE */
  _Atomic guint32 connected; /* 1: ends are known */
} TramaStream;

/* NULL with errno when the memory cannot be had. */
TramaStreams *trama_streams_new (void);
void trama_streams_free (TramaStreams *streams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaStreams, trama_streams_free)

/* A place for a socket that was just made, all at 0. NULL: the table is full of open ones. */
TramaStream *trama_streams_begin (TramaStreams *streams, guint64 socket);

/* The place of a socket that another process has made; one more holds it. NULL: it is not known. */
TramaStream *trama_streams_hold (TramaStreams *streams, guint64 socket);

/* Whether it is a socket of ours, open or closed. */
gboolean trama_streams_knows (TramaStreams *streams, guint64 socket);

/* The process has closed its last descriptor of it. */
void trama_streams_release (TramaStream *stream);

/* Notes that there are sockets of that domain and type; whether there are: not everybody has all of them. */
void trama_streams_note_kind (TramaStreams *streams, guint domain, guint type);
gboolean trama_streams_has_kind (TramaStreams *streams, guint domain, guint type);

/*
 * The two ends of a connection, both of an IP family. No two sockets ever have the same @cookie, SO_COOKIE of
 * socket(7), and it stays when the kernel takes the socket from its process; 0: not known.
 */
void trama_stream_set_ends (TramaStream *stream,
                            guint type,
                            const TramaEndpoint *local,
                            const TramaEndpoint *peer,
                            guint64 cookie);

/*
 * The socket with these two ends and that cookie. Of those whose cookie is not known the last that had these ends;
 * TRAMA_SOCKET_NONE: there is none.
 */
guint64 trama_streams_find (TramaStreams *streams,
                            guint type,
                            const TramaEndpoint *local,
                            const TramaEndpoint *peer,
                            guint64 cookie);
