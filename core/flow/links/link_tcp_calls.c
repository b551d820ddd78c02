/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/links/link_tcp.h"

#include <errno.h>
#include <poll.h>

static void
add (TramaTcpTalk *talk, TramaLinkKind kind, guint32 cause, guint call)
{
  TramaKeptLink link = { .cause = cause,
                         .effect = trama_linking_call (talk->linking, call),
                         .kind = (guint8) kind };

  if (cause != TRAMA_EVENT_NONE)
    trama_linking_add (talk->linking, &link);
}

/* A poll() that slept was woken by what it found. */
static void
ready (TramaTcpTalk *talk, guint32 cause, gint64 time_ns, guint call)
{
  if (cause == TRAMA_EVENT_NONE)
    return;
  add (talk, TRAMA_LINKS_READIES, cause, call);
  trama_linking_add_waking (talk->linking, cause, time_ns, call);
}

/* A shutdown() of one's own, when it was before @call. */
static guint32
if_before (const TramaTcpTalk *talk, guint32 shutdown, const TramaCall *call)
{
  if (shutdown == TRAMA_EVENT_NONE
      || trama_store_get_call (talk->linking->store, shutdown - talk->linking->n_packets)->entry_ns
             > call->exit_ns)
    return TRAMA_EVENT_NONE;
  return shutdown;
}

/* A read() that returned 0: the end of the stream, unless it was asked for nothing. */
static void
tell_end (TramaTcpTalk *talk, const TramaTcpEnd *end, const TramaTcpEnd *other, guint index)
{
  const TramaCall *call = trama_store_get_call (talk->linking->store, index);
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_RECEIVES || !deed.is_done || call->result != 0 || deed.wanted_bytes == 0)
    return;
  if (other->fin != TRAMA_EVENT_NONE && other->fin_ns <= call->exit_ns)
    add (talk, TRAMA_LINKS_ENDS, other->fin, index);
  else if (other->rst != TRAMA_EVENT_NONE && other->rst_ns <= call->exit_ns)
    add (talk, TRAMA_LINKS_ENDS, other->rst, index);
  else
    add (talk, TRAMA_LINKS_ENDS, if_before (talk, end->stops_reading, call), index);
}

static void
tell_error (TramaTcpTalk *talk, const TramaTcpEnd *end, const TramaTcpEnd *other, guint index, gint error)
{
  const TramaCall *call = trama_store_get_call (talk->linking->store, index);
  gboolean was_reset = other->rst != TRAMA_EVENT_NONE && other->rst_ns <= call->exit_ns;

  if (error == ECONNREFUSED && was_reset)
    add (talk, TRAMA_LINKS_REFUSES, other->rst, index);
  else if (error == EPIPE && if_before (talk, end->stops_writing, call) != TRAMA_EVENT_NONE)
    add (talk, TRAMA_LINKS_ENDS, end->stops_writing, index);
  else if ((error == ECONNRESET || error == EPIPE) && was_reset)
    add (talk, TRAMA_LINKS_RESETS, other->rst, index);
  else if (error == ETIMEDOUT && end->last_ns <= call->exit_ns)
    add (talk, TRAMA_LINKS_EXPIRES, end->last, index);
}

/* Whether it was told that the connection stands: by connect(), or after EINPROGRESS by SO_ERROR. */
static gboolean
is_told_connected (const TramaCall *call)
{
  TramaDeedKind kind = trama_deed_kind (call);

  return (kind == TRAMA_DEED_CONNECTS && (call->result == 0 || call->error == EISCONN))
         || (kind == TRAMA_DEED_ASKS && trama_linking_told_error (call) == -1);
}

static gboolean
ready_to_read (TramaTcpTalk *talk, const TramaTcpEnd *other, guint index)
{
  const TramaCall *call = trama_store_get_call (talk->linking->store, index);
  const TramaRange *piece;
  guint64 at;

  if (!trama_bytes_find_poll (&other->bytes, trama_linking_call (talk->linking, index), &at))
    return FALSE;
  piece = trama_bytes_find_piece (&other->bytes, at, call->exit_ns);
  if (piece != NULL)
    ready (talk, piece->event, piece->time_ns, index);
  return piece != NULL;
}

static void
tell_poll (TramaTcpTalk *talk,
           const TramaTcpEnd *end,
           const TramaTcpEnd *other,
           guint index,
           gboolean connects)
{
  const TramaCall *call = trama_store_get_call (talk->linking->store, index);
  gint revents = trama_linking_find_revents (talk->linking, call, end->socket);

  if ((revents & (POLLERR | POLLHUP)) && other->rst != TRAMA_EVENT_NONE && other->rst_ns <= call->exit_ns)
    {
      ready (talk, other->rst, other->rst_ns, index);
      return;
    }
  if (revents & POLLPRI)
    ready (talk, other->urgent, other->urgent_ns, index);
  if ((revents & POLLIN) && !ready_to_read (talk, other, index) && other->fin != TRAMA_EVENT_NONE
      && other->fin_ns <= call->exit_ns)
    ready (talk, other->fin, other->fin_ns, index);
  if ((revents & POLLOUT) && connects)
    ready (talk, other->syn_ack, other->syn_ack_ns, index);
}

static void
tell_calls_of (TramaTcpTalk *talk, guint side)
{
  const TramaTcpEnd *end = &talk->ends[side];
  const TramaTcpEnd *other = &talk->ends[trama_tcp_talk_other (talk, side)];
  gboolean in_progress = FALSE;

  for (guint i = 0; i < end->list.n; i++)
    {
      guint index = end->list.calls[i];
      const TramaCall *call = trama_store_get_call (talk->linking->store, index);
      gint error = trama_linking_told_error (call);

      if (call->exit_ns == TRAMA_TIME_NONE)
        continue;
      if (error > 0)
        tell_error (talk, end, other, index, error);
      if (error == EINPROGRESS || error == EINTR)
        in_progress = TRUE;
      else if (is_told_connected (call) && (in_progress || trama_deed_kind (call) == TRAMA_DEED_CONNECTS))
        {
          add (talk, TRAMA_LINKS_CONNECTS, other->syn_ack, index);
          in_progress = FALSE;
        }
      if (trama_deed_kind (call) == TRAMA_DEED_POLLS)
        tell_poll (talk, end, other, index, in_progress);
      tell_end (talk, end, other, index);
    }
}

/* The poll() on the listener that found the connection, if there was one. */
static void
tell_listener (TramaTcpTalk *talk, const TramaCall *accept)
{
  TramaCallList list = trama_linking_calls_of (talk->linking, accept->socket);
  guint n = trama_linking_count_entered (talk->linking, &list, accept->entry_ns);

  for (guint i = 0; i < MIN (n, TRAMA_LOOK_BACK); i++)
    {
      guint index = list.calls[n - 1 - i];
      const TramaCall *call = trama_store_get_call (talk->linking->store, index);

      if (trama_deed_kind (call) == TRAMA_DEED_POLLS && call->exit_ns >= talk->established_ns
          && (trama_linking_find_revents (talk->linking, call, accept->socket) & POLLIN))
        {
          ready (talk, talk->established, talk->established_ns, index);
          return;
        }
    }
}

static void
tell_accept (TramaTcpTalk *talk, guint side)
{
  guint number = trama_linking_socket_number (talk->linking, talk->ends[side].socket);
  guint call;

  if (number == G_MAXUINT || talk->linking->accepted_by[number] == TRAMA_EVENT_NONE)
    return;
  call = talk->linking->accepted_by[number];
  add (talk, TRAMA_LINKS_ACCEPTS, talk->established, call);
  tell_listener (talk, trama_store_get_call (talk->linking->store, call));
}

void
trama_tcp_talk_tell_calls (TramaTcpTalk *talk)
{
  for (guint side = 0; side < (talk->is_own_peer ? 1 : 2); side++)
    {
      tell_calls_of (talk, side);
      tell_accept (talk, side);
    }
}
