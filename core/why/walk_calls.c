/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/why/walk.h"

#include "core/trace/call.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void
clear_sockets (TramaCase *evidence)
{
  guint n = trama_flow_table_n_sockets (evidence->table);

  evidence->sockets = g_new (TramaSocketCase, n);
  for (guint i = 0; i < n; i++)
    evidence->sockets[i] = (TramaSocketCase){
      .flow = TRAMA_FLOW_NONE,
      .lingers = TRAMA_CASE_NONE,
      .listened = TRAMA_CASE_NONE,
      .made = TRAMA_CASE_NONE,
      .accepted = TRAMA_CASE_NONE,
      .closed = TRAMA_CASE_NONE,
      .shut = TRAMA_CASE_NONE,
    };
}

static guint64
socket_of_call (const TramaStore *store, guint index)
{
  return trama_store_get_call (store, index)->socket;
}

static guint64
socket_of_state (const TramaStore *store, guint index)
{
  return trama_store_get_state (store, index)->socket;
}

/* The records of every socket, in their order: *@first says where those of each begin, in what is returned. */
static guint32 *
group (TramaCase *evidence,
       guint n,
       guint64 (*socket_of) (const TramaStore *store, guint index),
       guint32 **first)
{
  guint n_sockets = trama_flow_table_n_sockets (evidence->table);
  guint32 *grouped = g_new (guint32, n);
  guint32 *at = g_new0 (guint32, n_sockets + 2);
  guint32 number;

  for (guint i = 0; i < n; i++)
    if ((number = trama_case_socket_number (evidence, socket_of (evidence->store, i))) != TRAMA_CASE_NONE)
      at[number + 2]++;
  for (guint i = 2; i < n_sockets + 2; i++)
    at[i] += at[i - 1];
  for (guint i = 0; i < n; i++)
    if ((number = trama_case_socket_number (evidence, socket_of (evidence->store, i))) != TRAMA_CASE_NONE)
      grouped[at[number + 1]++] = i;
  *first = at;
  return grouped;
}

/* A linger time of 0 makes close() a reset: socket(7). */
static gboolean
sets_linger (const TramaCall *call)
{
  struct linger linger;

  if (trama_deed_number (call, 1) != SOL_SOCKET || trama_deed_number (call, 2) != SO_LINGER
      || call->n_args < 4 || call->args[3].size < sizeof linger)
    return FALSE;
  memcpy (&linger, call->args[3].bytes, sizeof linger);
  return linger.l_onoff != 0 && linger.l_linger == 0;
}

static gboolean
sets_v6_only (const TramaCall *call)
{
  int on;

  if (trama_deed_number (call, 1) != IPPROTO_IPV6 || trama_deed_number (call, 2) != IPV6_V6ONLY
      || call->n_args < 4 || call->args[3].size < sizeof on)
    return FALSE;
  memcpy (&on, call->args[3].bytes, sizeof on);
  return on != 0;
}

static void
note_listening (TramaCase *evidence, guint32 number, const TramaCall *call)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  gpointer key = GUINT_TO_POINTER (socket->local.port);
  GArray *there = g_hash_table_lookup (evidence->listenings, key);
  TramaListening listening = {
    .socket = number,
    .begin_ns = call->entry_ns,
    .end_ns = trama_case_socket_end (evidence, number),
    .at = socket->local,
    .is_v6_only = evidence->sockets[number].is_v6_only,
  };

  if (there == NULL)
    {
      there = g_array_new (FALSE, FALSE, sizeof (TramaListening));
      g_hash_table_insert (evidence->listenings, key, there);
    }
  g_array_append_val (there, listening);
}

static void
note_setting (TramaSocketCase *socket, const TramaCall *call, guint32 index)
{
  if (sets_linger (call))
    socket->lingers = index;
  if (sets_v6_only (call))
    socket->is_v6_only = TRUE;
}

static void
note_call (TramaCase *evidence, guint32 index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  guint32 number = trama_case_socket_number (evidence, call->socket);
  TramaSocketCase *socket = number != TRAMA_CASE_NONE ? &evidence->sockets[number] : NULL;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (socket == NULL || !deed.is_done)
    return;
  switch (deed.kind)
    {
    case TRAMA_DEED_SENDS:
      socket->given_bytes += deed.moved_bytes;
      break;
    case TRAMA_DEED_RECEIVES:
      if (!(deed.flags & MSG_PEEK))
        socket->taken_bytes += deed.moved_bytes;
      break;
    case TRAMA_DEED_ACCEPTS:
      number = trama_case_socket_number (evidence, call->made);
      if (number != TRAMA_CASE_NONE)
        evidence->sockets[number].accepted = index;
      break;
    case TRAMA_DEED_LISTENS:
      if (socket->listened == TRAMA_CASE_NONE)
        note_listening (evidence, number, call);
      socket->listened = index;
      break;
    case TRAMA_DEED_CLOSES:
      socket->closed = index;
      break;
    case TRAMA_DEED_SHUTS:
      if (trama_deed_number (call, 1) != SHUT_RD && socket->shut == TRAMA_CASE_NONE)
        socket->shut = index;
      break;
    case TRAMA_DEED_SETS:
      note_setting (socket, call, index);
      break;
    default:
      break;
    }
}

static void
note_made (TramaCase *evidence, guint32 index)
{
  guint32 number = trama_case_socket_number (evidence, trama_store_get_call (evidence->store, index)->made);

  if (number != TRAMA_CASE_NONE && evidence->sockets[number].made == TRAMA_CASE_NONE)
    evidence->sockets[number].made = index;
}

static void
note_flow (TramaCase *evidence, guint flow)
{
  const TramaFlow *seen = trama_flow_table_get_flow (evidence->table, flow);

  for (guint side = 0; side < 2; side++)
    {
      guint32 number = trama_case_socket_number (evidence, seen->socket[side]);

      if (number == TRAMA_CASE_NONE)
        continue;
      evidence->sockets[number].flow = flow;
      evidence->sockets[number].side = (guint8) side;
    }
}

void
trama_walk_calls (TramaCase *evidence)
{
  guint n_calls = trama_store_n_calls (evidence->store);

  evidence->listenings = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
  clear_sockets (evidence);
  evidence->calls = group (evidence, n_calls, socket_of_call, &evidence->first_call);
  evidence->states = group (evidence, trama_store_n_states (evidence->store), socket_of_state,
                            &evidence->first_state);
  for (guint i = 0; i < n_calls; i++)
    {
      note_made (evidence, i);
      note_call (evidence, i);
    }
  for (guint i = trama_flow_table_n_flows (evidence->table); i > 0; i--)
    note_flow (evidence, i - 1);
}
