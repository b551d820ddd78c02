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

/* The call that has read the beginning of what a packet or a call brought; G_MAXUINT: none. */
static guint
find_reader (const TramaCase *evidence, TramaRef cause)
{
  g_autoptr (GArray) effects = NULL;

  trama_links_get (evidence->links, cause, NULL, &effects);
  for (guint i = 0; i < effects->len; i++)
    {
      const TramaLink *link = &g_array_index (effects, TramaLink, i);

      if (link->effect.kind == TRAMA_EVENT_CALL && !(link->flags & TRAMA_LINK_IS_PEEK)
          && (link->kind == TRAMA_LINKS_TAKES || link->kind == TRAMA_LINKS_PAIRS
              || link->kind == TRAMA_LINKS_CARRIES))
        return link->effect.index;
    }
  return G_MAXUINT;
}

static void
report_cut (TramaCase *evidence, const TramaLink *link)
{
  guint reader = find_reader (evidence, link->cause);
  g_autofree char *name = NULL;
  TramaPlace place;

  if (reader == G_MAXUINT)
    return;
  place = trama_case_place_call (evidence, reader);
  name = trama_case_name_actor (evidence, place.actor);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%s had room for %lu bytes of a datagram of %lu: %lu byte of it is gone.",
                       "%s had room for %lu bytes of a datagram of %lu: %lu bytes of it are gone.",
                       (gulong) (link->to_bytes - link->from_bytes)),
          name, (gulong) link->from_bytes, (gulong) link->to_bytes,
          (gulong) (link->to_bytes - link->from_bytes)));
}

void
trama_judge_datagram_cut (TramaCase *evidence)
{
  for (guint i = 0; i < trama_links_n_links (evidence->links); i++)
    {
      TramaLink link = trama_links_get_link (evidence->links, i);

      if (link.kind == TRAMA_LINKS_LOST && link.reason == TRAMA_LOSS_TRUNCATED)
        report_cut (evidence, &link);
    }
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
