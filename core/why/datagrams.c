/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

static const TramaSocket *
find_datagram_socket (const TramaCase *evidence, const TramaCall *call)
{
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);

  return socket != NULL && socket->type == SOCK_DGRAM ? socket : NULL;
}

/* The kernel says so by MSG_TRUNC, or returns more than it moved: recv(2). */
void
trama_judge_datagram_cut (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *reader = NULL;
  TramaPlace place;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_RECEIVES || !deed.is_done || find_datagram_socket (evidence, call) == NULL)
    return;
  if (!(deed.answered_flags & MSG_TRUNC) && call->result <= deed.wanted_bytes)
    return;
  place = trama_case_place_call (evidence, index);
  reader = trama_case_name_actor (evidence, call->actor);
  if (call->result > deed.wanted_bytes)
    trama_case_report (evidence, &place,
                       g_strdup_printf (_ ("%s got %u bytes of a datagram of %ld: its buffer had no room for "
                                           "more, and the rest is gone."),
                                        reader, deed.moved_bytes, (glong) call->result));
  else
    trama_case_report (evidence, &place,
                       g_strdup_printf (_ ("%s got the first %u bytes of a longer datagram: its buffer had "
                                           "no room for more, and the rest is gone."),
                                        reader, deed.moved_bytes));
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

void
trama_judge_unreachable_told (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *caller = NULL;
  TramaPlace place;

  if (call->error != ECONNREFUSED || find_datagram_socket (evidence, call) == NULL
      || trama_deed_kind (call) == TRAMA_DEED_CONNECTS)
    return;
  place = trama_case_place_call (evidence, index);
  caller = trama_case_name_actor (evidence, call->actor);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          _ ("%s learned of the ICMP error for an earlier datagram from %s(), which did nothing else."),
          caller, trama_call_info (call->name)->name));
}

void
trama_judge_datagram_nobody (TramaCase *evidence, guint flow)
{
  const TramaTalk *talk = &evidence->talks[flow];
  g_autofree char *sender = NULL, *receiver = NULL;
  TramaPlace place;

  if (talk->unreachable == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_packet (evidence, talk->unreachable, flow, talk->asked);
  sender = trama_case_name_side (evidence, flow, talk->asked);
  receiver = trama_endpoint_format (
      &trama_flow_table_get_flow (evidence->table, flow)->endpoint[!talk->asked]);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u datagram of %s was lost: no socket is bound to %s.",
                                    "%u datagrams of %s were lost: no socket is bound to %s.",
                                    talk->n_unreachable),
                       talk->n_unreachable, sender, receiver));
}
