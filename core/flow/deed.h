/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

#include <poll.h>

/*
 * What a call does with its socket, whatever its name: the one place of this room that
 * knows the calls by name.
 */
typedef enum
{
  TRAMA_DEED_NONE,
  TRAMA_DEED_MAKES,    /* socket, socketpair */
  TRAMA_DEED_BINDS,    /* bind */
  TRAMA_DEED_LISTENS,  /* listen */
  TRAMA_DEED_CONNECTS, /* connect */
  TRAMA_DEED_ACCEPTS,  /* accept, accept4 */
  TRAMA_DEED_SENDS,    /* write, send, sendto, sendmsg */
  TRAMA_DEED_RECEIVES, /* read, recv, recvfrom, recvmsg */
  TRAMA_DEED_SHUTS,    /* shutdown */
  TRAMA_DEED_CLOSES,   /* close */
  TRAMA_DEED_POLLS,    /* poll */
  TRAMA_DEED_ASKS,     /* getsockopt */
  TRAMA_DEED_SETS,     /* setsockopt */
  TRAMA_DEED_EXITS,    /* exit */
  TRAMA_DEED_KILLS,    /* kill */
} TramaDeedKind;

typedef struct
{
  guint8 kind;
  guint8 is_done;            /* it came back, and did not fail */
  gint32 flags;              /* MSG_* it was given, send(2), recv(2) */
  gint32 answered_flags;     /* MSG_* it gave back, recvmsg(2) */
  guint32 moved_bytes;       /* that left its buffer, or the socket's; of one that is done */
  guint32 wanted_bytes;      /* the size it was called with */
  guint8 has_rights;         /* descriptors go along, SCM_RIGHTS, unix(7) */
  const TramaValue *data;    /* what it sends or has received; NULL: none */
  const TramaValue *address; /* of the peer; NULL: none */
} TramaDeed;

/* What is in @deed is borrowed from @call. */
void trama_deed_read (const TramaCall *call, TramaDeed *deed);

TramaDeedKind trama_deed_kind (const TramaCall *call);

/* An argument that is a number; 0 when it is none. */
gint64 trama_deed_number (const TramaCall *call, guint arg);

/* One of those that a poll() looked at, as they lie in the record; poll(2). FALSE: there are no more. */
gboolean trama_deed_get_polled (const TramaCall *call, guint index, struct pollfd *polled);
