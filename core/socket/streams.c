/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/streams.h"

#include "core/trace/event.h"

#include <sys/mman.h>
#include <sys/socket.h>

/* As many as a session may have open many times over; a power of two. */
#define N_PLACES 4096

/* How far from its own place a socket may lie. */
#define N_STEPS 64

struct _TramaStreams
{
  _Atomic guint32 kinds;
  TramaStream places[N_PLACES];
};

TramaStreams *
trama_streams_new (void)
{
  void *memory = mmap (NULL, sizeof (TramaStreams), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                       0);

  return memory != MAP_FAILED ? memory : NULL;
}

void
trama_streams_free (TramaStreams *streams)
{
  if (streams != NULL)
    munmap (streams, sizeof *streams);
}

/* Inode numbers follow one another: the lowest bits spread them best. */
static TramaStream *
place_of (TramaStreams *streams, guint64 socket, guint step)
{
  return &streams->places[(socket + step) % N_PLACES];
}

/* Takes the place when it is free, or when nobody holds the socket that lies there. */
static gboolean
take (TramaStream *stream, guint64 socket, gboolean also_closed)
{
  guint64 before = stream->socket;

  if (before != TRAMA_SOCKET_NONE && (!also_closed || stream->n_holders > 0))
    return FALSE;
  return atomic_compare_exchange_strong (&stream->socket, &before, socket);
}

static TramaStream *
find (TramaStreams *streams, guint64 socket)
{
  for (guint step = 0; step < N_STEPS; step++)
    if (place_of (streams, socket, step)->socket == socket)
      return place_of (streams, socket, step);
  return NULL;
}

gboolean
trama_streams_knows (TramaStreams *streams, guint64 socket)
{
  return find (streams, socket) != NULL;
}

static TramaStream *
take_any (TramaStreams *streams, guint64 socket)
{
  TramaStream *known = find (streams, socket);

  if (known != NULL)
    return known;
  for (guint also_closed = 0; also_closed < 2; also_closed++)
    for (guint step = 0; step < N_STEPS; step++)
      if (take (place_of (streams, socket, step), socket, also_closed == 1))
        return place_of (streams, socket, step);
  return NULL;
}

TramaStream *
trama_streams_begin (TramaStreams *streams, guint64 socket)
{
  TramaStream *stream = take_any (streams, socket);

  if (stream == NULL)
    return NULL;
  stream->connected = 0;
  stream->received_bytes = 0;
  stream->sent_bytes = 0;
  stream->n_holders = 1;
  return stream;
}

TramaStream *
trama_streams_hold (TramaStreams *streams, guint64 socket)
{
  TramaStream *stream = find (streams, socket);

  if (stream != NULL)
    stream->n_holders++;
  return stream;
}

void
trama_streams_release (TramaStream *stream)
{
  stream->n_holders--;
}

/* Of AF_UNIX there is but one kind: all are asked for together. */
static guint32
bit_of (guint domain, guint type)
{
  if (domain == AF_UNIX)
    return 1;
  return 1u << (1 + (domain == AF_INET6) * 2 + (type == SOCK_STREAM));
}

void
trama_streams_note_kind (TramaStreams *streams, guint domain, guint type)
{
  if (!trama_streams_has_kind (streams, domain, type))
    streams->kinds |= bit_of (domain, type);
}

gboolean
trama_streams_has_kind (TramaStreams *streams, guint domain, guint type)
{
  return (streams->kinds & bit_of (domain, type)) != 0;
}

void
trama_stream_set_ends (TramaStream *stream,
                       guint type,
                       const TramaEndpoint *local,
                       const TramaEndpoint *peer,
                       guint64 cookie)
{
  stream->connected = 0;
  stream->type = type;
  stream->ends[0] = *local;
  stream->ends[1] = *peer;
  stream->cookie = cookie;
  stream->connected = 1;
}

static gboolean
has_ends (const TramaStream *stream, guint type, const TramaEndpoint *local, const TramaEndpoint *peer)
{
  return stream->connected != 0 && stream->type == type && trama_endpoint_equal (&stream->ends[0], local)
         && trama_endpoint_equal (&stream->ends[1], peer);
}

/* Inode numbers grow: of two with the same ends the greater is the later one. */
guint64
trama_streams_find (TramaStreams *streams,
                    guint type,
                    const TramaEndpoint *local,
                    const TramaEndpoint *peer,
                    guint64 cookie)
{
  guint64 found = TRAMA_SOCKET_NONE;

  for (guint i = 0; i < N_PLACES; i++)
    {
      const TramaStream *stream = &streams->places[i];

      if (!has_ends (stream, type, local, peer))
        continue;
      if (stream->cookie == cookie)
        return stream->socket;
      if (stream->cookie == 0 && stream->socket > found)
        found = stream->socket;
    }
  return found;
}
