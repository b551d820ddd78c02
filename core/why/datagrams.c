/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* How many sockets are looked at for one that did not take a datagram. */
#define SOCKETS_MAX 4096

static guint64
sent_bytes (const TramaCase *evidence, guint call)
{
  TramaDeed deed;

  trama_deed_read (trama_store_get_call (evidence->store, call), &deed);
  return deed.moved_bytes;
}

/* The size of the message of which an event brought some: of a packet, as its sender wrote it, or as was lost. */
static guint64
find_size (const TramaCase *evidence, TramaRef event)
{
  g_autoptr (GArray) causes = NULL, effects = NULL;
  guint64 size = 0;

  if (event.kind == TRAMA_EVENT_CALL)
    return sent_bytes (evidence, event.index);
  trama_links_get (evidence->links, event, &causes, &effects);
  for (guint i = 0; i < causes->len; i++)
    if (g_array_index (causes, TramaLink, i).kind == TRAMA_LINKS_SENDS)
      return sent_bytes (evidence, g_array_index (causes, TramaLink, i).cause.index);
  for (guint i = 0; i < effects->len; i++)
    if (g_array_index (effects, TramaLink, i).reason == TRAMA_LOSS_TRUNCATED)
      size = MAX (size, g_array_index (effects, TramaLink, i).to_bytes);
  return size;
}

/* The size of the message of which a call has read the beginning; 0: it is not known. */
static guint64
find_message (const TramaCase *evidence, guint index)
{
  g_autoptr (GArray) causes = NULL;

  trama_links_get (evidence->links, (TramaRef){ TRAMA_EVENT_CALL, index }, &causes, NULL);
  for (guint i = 0; i < causes->len; i++)
    {
      const TramaLink *cause = &g_array_index (causes, TramaLink, i);

      if (cause->kind == TRAMA_LINKS_TAKES || cause->kind == TRAMA_LINKS_PAIRS)
        return find_size (evidence, cause->cause);
    }
  return 0;
}

/* A call that has filled its buffer with a message, of a socket that has messages. */
static gboolean
fills_buffer (const TramaCase *evidence, const TramaCall *call, TramaDeed *deed)
{
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);

  trama_deed_read (call, deed);
  return deed->kind == TRAMA_DEED_RECEIVES && deed->is_done && deed->moved_bytes == deed->wanted_bytes
         && !(deed->flags & MSG_PEEK) && socket != NULL
         && (socket->type == SOCK_DGRAM || socket->type == SOCK_SEQPACKET);
}

/* What calls of one socket have cut off. */
typedef struct
{
  GArray *calls; /* of guint32 */
  gulong room;   /* of the first, */
  gulong size;   /* of what it read, */
  gulong gone;   /* and what is gone of all together */
} Cut;

static void
add_cut (const TramaCase *evidence, guint32 index, Cut *cut)
{
  TramaDeed deed;
  gulong size;

  if (!fills_buffer (evidence, trama_store_get_call (evidence->store, index), &deed))
    return;
  size = (gulong) find_message (evidence, index);
  if (size <= deed.moved_bytes)
    return;
  if (cut->calls->len == 0)
    {
      cut->room = (gulong) deed.moved_bytes;
      cut->size = size;
    }
  cut->gone += size - (gulong) deed.moved_bytes;
  g_array_append_val (cut->calls, index);
}

static char *
describe_cut (const char *reader, const Cut *cut)
{
  if (cut->calls->len > 1)
    return g_strdup_printf (
        _ ("%s cut %u datagrams short, the first to its buffer of %lu from %lu bytes: %lu bytes are gone in "
           "all."),
        reader, cut->calls->len, cut->room, cut->size, cut->gone);
  return g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE, "%s had a buffer of %lu for a datagram of %lu bytes: %lu byte of it is gone.",
          "%s had a buffer of %lu for a datagram of %lu bytes: %lu bytes of it are gone.", cut->gone),
      reader, cut->room, cut->size, cut->gone);
}

void
trama_judge_datagram_cut (TramaCase *evidence, guint number)
{
  g_autoptr (GArray) calls = g_array_new (FALSE, FALSE, sizeof (guint32));
  Cut cut = { .calls = calls };
  g_autofree char *reader = NULL;
  TramaPlace place;

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    add_cut (evidence, evidence->calls[i], &cut);
  if (calls->len == 0)
    return;
  place = trama_case_place_call (evidence, g_array_index (calls, guint32, 0));
  place.span.end_ns =
      trama_store_get_call (evidence->store, g_array_index (calls, guint32, calls->len - 1))->exit_ns;
  reader = trama_case_name_actor (evidence, place.actor);
  trama_case_report_calls (evidence, &place, calls, describe_cut (reader, &cut));
}

/* What the kernel has dropped for a socket: SK_MEMINFO_DROPS, sock_diag(7). */
void
trama_judge_no_room (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  const TramaSocketState *first = NULL, *state = NULL;
  g_autofree char *reader = NULL;
  TramaPlace place;

  for (guint32 i = evidence->first_state[number]; i < evidence->first_state[number + 1]; i++)
    {
      state = trama_store_get_state (evidence->store, evidence->states[i]);
      if (first == NULL && state->drops > 0)
        first = state;
    }
  if (first == NULL || socket->type != SOCK_DGRAM)
    return;
  place = (TramaPlace){
    .span = { first->time_ns, state->time_ns },
    .flow = evidence->sockets[number].flow,
    .side = evidence->sockets[number].side,
    .actor = socket->actor,
    .socket = socket->id,
  };
  if (evidence->first_call[number] < evidence->first_call[number + 1])
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->calls[evidence->first_call[number + 1] - 1] };
  reader = trama_case_name_actor (evidence, socket->actor);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                    "%u datagram for %s was dropped: its receive buffer was full.",
                                    "%u datagrams for %s were dropped: its receive buffer was full.",
                                    MAX (first->drops, state->drops)),
                       MAX (first->drops, state->drops), reader));
}

/* How a call was told of an ICMP error; of one that slept, as it came. @n: how many calls were told of one. */
static char *
describe_told (const TramaCase *evidence, guint index, const TramaLink *cause, guint n)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  const char *name = trama_call_info (call->name)->name;
  g_autofree char *caller = trama_case_name_actor (evidence, call->actor);
  g_autofree char *since = trama_duration_format (trama_links_get_delay_ns (evidence->links, cause));

  if (n > 1)
    return g_strdup_printf (
        _ ("%u calls of %s ended with the ICMP error for an earlier datagram, the first of "
           "them %s()."),
        n, caller, name);
  if (trama_case_packet_ns (evidence, cause->cause.index) >= call->entry_ns)
    return g_strdup_printf (_ ("%s waited in %s(), which ended with the ICMP error for an earlier datagram."),
                            caller, name);
  return g_strdup_printf (_ ("%s learned of the ICMP error for an earlier datagram from %s(), %s after it "
                             "had come."),
                          caller, name, since);
}

void
trama_judge_unreachable_told (TramaCase *evidence, guint number)
{
  g_autoptr (GArray) calls = g_array_new (FALSE, FALSE, sizeof (guint32));
  TramaLink cause, first = { 0 };
  TramaPlace place;

  if (trama_flow_table_get_socket (evidence->table, number)->type == SOCK_STREAM)
    return; /* refused-by-icmp and unreachable tell it */
  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    if (trama_case_find_cause (evidence, evidence->calls[i], TRAMA_LINKS_REPORTS, &cause))
      {
        if (calls->len == 0)
          first = cause;
        g_array_append_val (calls, evidence->calls[i]);
      }
  if (calls->len == 0)
    return;
  place = trama_case_place_call (evidence, g_array_index (calls, guint32, 0));
  trama_case_report_calls (evidence, &place, calls,
                           describe_told (evidence, g_array_index (calls, guint32, 0), &first, calls->len));
}

/* Whether a socket was bound where the datagrams went, but to be reached by another peer only: connect(2). */
static gboolean
is_connected_elsewhere (const TramaCase *evidence, guint flow, guint side, gint64 time_ns)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);
  const TramaEndpoint *there = &seen->endpoint[side];

  for (guint i = 0; i < MIN (trama_flow_table_n_sockets (evidence->table), SOCKETS_MAX); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, i);

      if (socket->type == SOCK_DGRAM && trama_endpoint_equal (&socket->local, there) && socket->peer.port != 0
          && !trama_endpoint_equal (&socket->peer, &seen->endpoint[!side]) && socket->bound_ns <= time_ns
          && trama_case_socket_end (evidence, i) >= time_ns)
        return TRUE;
    }
  return FALSE;
}

static char *
describe_nobody (guint n, const char *sender, const char *receiver, gboolean is_elsewhere)
{
  if (is_elsewhere)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "%u datagram of %s was lost: the socket at %s is connected to another peer.",
                     "%u datagrams of %s were lost: the socket at %s is connected to another peer.", n),
        n, sender, receiver);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u datagram of %s was lost: no socket is bound to %s.",
                                       "%u datagrams of %s were lost: no socket is bound to %s.", n),
                          n, sender, receiver);
}

void
trama_judge_datagram_nobody (TramaCase *evidence, guint flow)
{
  const TramaTalk *talk = &evidence->talks[flow];
  g_autofree char *sender = NULL, *receiver = NULL;
  gboolean is_elsewhere;
  TramaPlace place;

  if (talk->unreachable == TRAMA_CASE_NONE
      || trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_UDP)
    return;
  place = trama_case_place_packet (evidence, talk->unreachable, flow, talk->asked);
  sender = trama_case_name_side (evidence, flow, talk->asked);
  receiver = trama_endpoint_format (
      &trama_flow_table_get_flow (evidence->table, flow)->endpoint[!talk->asked]);
  is_elsewhere = is_connected_elsewhere (evidence, flow, !talk->asked, place.span.start_ns);
  trama_case_report (evidence, &place, describe_nobody (talk->n_unreachable, sender, receiver, is_elsewhere));
}
