/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * A trace made by hand, event by event. Addresses are 127.0.0.1 and a port, times
 * microseconds since the fixture's beginning; frames are Ethernet with IPv4.
 */
#define FIXTURE_BEGIN_NS (G_GINT64_CONSTANT (1700000000) * 1000000000)
#define FIXTURE_NEVER (-1)

typedef struct
{
  TramaStore *store;
  int fd; /* of the frames */
  guint64 size_bytes;
  guint32 interface; /* of the frames that follow; 0 is there, of Ethernet */
  guint32 n_calls;
  guint32 n_actors;
} Fixture;

Fixture *fixture_new (void);
void fixture_free (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

gint64 fixture_time_ns (gint64 time_us);

/* Returns the number of the packet. */
guint fixture_frame (Fixture *fixture, gint64 time_us, const guint8 *bytes, gsize size);
guint fixture_tcp (Fixture *fixture,
                   gint64 time_us,
                   guint16 from,
                   guint16 to,
                   guint8 flags,
                   guint32 sequence,
                   guint32 acknowledgment,
                   const char *payload);
guint fixture_udp (Fixture *fixture, gint64 time_us, guint16 from, guint16 to, const char *payload);

/* Returns the actor's number. */
guint32 fixture_actor (Fixture *fixture, const char *name);

/* What differs from call to call; the arguments follow from the name. */
typedef struct
{
  guint16 name; /* TramaCallName */
  guint32 actor;
  gint64 entry_us;
  gint64 exit_us; /* FIXTURE_NEVER: it blocks */
  gint32 fd;
  guint64 socket;
  guint64 made;
  gint64 result;
  gint32 error;
  guint16 port;     /* of its address, 0: none */
  const char *data; /* what it moved */
  gint32 number;    /* type, backlog, size of the buffer, or how to shut down */
  gint32 flags;     /* of send() and recv() */
  gboolean slept;
} FixtureCall;

/* Returns the number of the call. */
guint fixture_call (Fixture *fixture, const FixtureCall *call);

/* A sample of the kernel's; ports may be 0. */
void fixture_state (Fixture *fixture,
                    gint64 time_us,
                    guint64 socket,
                    guint8 tcp_state,
                    guint16 local,
                    guint16 peer);

/*
 * The telephone call: the client on port 40122, socket 21, calls the server on
 * port 5000, sockets 11 (listener) and 12. The server closes first.
 */
void fixture_telephone (Fixture *fixture);
