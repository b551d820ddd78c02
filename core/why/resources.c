/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/flow/disagreements.h"
#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* How long Linux keeps a connection in TIME-WAIT; RFC 9293, section 3.6.1, would have 4 minutes. */
#define TIME_WAIT_NS (60 * G_GINT64_CONSTANT (1000000000))

/* How many of those that were at one port are looked at, the latest first. */
#define LOOK_BACK 16

/* A connection that holds the port of its end, or a socket that is bound to it. */
typedef struct
{
  gint64 begin_ns;
  gint64 end_ns;
  TramaEndpoint at;
} Holding;

static void
add_holding (GHashTable *holdings, const Holding *holding)
{
  gpointer key = GUINT_TO_POINTER (holding->at.port);
  GArray *there = g_hash_table_lookup (holdings, key);

  if (there == NULL)
    {
      there = g_array_new (FALSE, FALSE, sizeof (Holding));
      g_hash_table_insert (holdings, key, there);
    }
  g_array_append_val (there, *holding);
}

static GHashTable *
new_holdings (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
}

static GHashTable *
collect_time_waits (const TramaCase *evidence)
{
  GHashTable *holdings = new_holdings ();

  for (guint i = 0; i < trama_flow_table_n_changes (evidence->table); i++)
    {
      TramaStateChange change = trama_flow_table_get_change (evidence->table, i);
      Holding holding = { .begin_ns = change.time_ns, .end_ns = change.time_ns + TIME_WAIT_NS };

      if (change.state != TRAMA_TCP_TIME_WAIT || change.flow == TRAMA_FLOW_NONE)
        continue;
      holding.at = trama_flow_table_get_flow (evidence->table, change.flow)->endpoint[change.side];
      add_holding (holdings, &holding);
    }
  return holdings;
}

static GHashTable *
collect_bound (const TramaCase *evidence)
{
  GHashTable *holdings = new_holdings ();

  for (guint i = 0; i < trama_flow_table_n_sockets (evidence->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, i);
      Holding holding = { .begin_ns = socket->bound_ns,
                          .end_ns = trama_case_socket_end (evidence, i),
                          .at = socket->local };

      if (socket->bound_by_user && socket->bound_ns != TRAMA_TIME_NONE)
        add_holding (holdings, &holding);
    }
  return holdings;
}

static gboolean
is_any (const TramaEndpoint *endpoint)
{
  static const guint8 any[16] = { 0 };

  return memcmp (endpoint->address, any, sizeof any) == 0;
}

/* Who holds @at at that time; NULL: nobody was seen to. */
static const Holding *
find_holding (GHashTable *holdings, const TramaEndpoint *at, gint64 time_ns)
{
  const GArray *there = g_hash_table_lookup (holdings, GUINT_TO_POINTER (at->port));

  for (guint i = there != NULL ? there->len : 0, n = 0; i > 0 && n < LOOK_BACK; i--)
    {
      const Holding *holding = &g_array_index (there, Holding, i - 1);

      if (holding->begin_ns > time_ns)
        continue;
      n++;
      if (holding->end_ns > time_ns
          && (trama_endpoint_equal (&holding->at, at) || is_any (at) || is_any (&holding->at)))
        return holding;
    }
  return NULL;
}

/* Whether a bind() failed for an address that is in use: which. */
static gboolean
is_taken (const TramaCall *call, TramaEndpoint *at)
{
  TramaDeed deed;

  if (call->error != EADDRINUSE || trama_deed_kind (call) != TRAMA_DEED_BINDS)
    return FALSE;
  trama_deed_read (call, &deed);
  return deed.address != NULL && trama_endpoint_from_address (at, deed.address->bytes, deed.address->size);
}

static void
report_wait (TramaCase *evidence, guint index, const TramaEndpoint *at, gint64 left_ns)
{
  TramaPlace place = trama_case_place_call (evidence, index);
  g_autofree char *actor = trama_case_name_actor (evidence, place.actor);
  g_autofree char *address = trama_endpoint_format (at);
  g_autofree char *left = trama_duration_format (left_ns);

  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s could not bind %s: a connection there is in TIME-WAIT, for another %s."), actor,
                       address, left));
}

static void
report_taken (TramaCase *evidence, guint index, const TramaEndpoint *at)
{
  TramaPlace place = trama_case_place_call (evidence, index);
  g_autofree char *actor = trama_case_name_actor (evidence, place.actor);
  g_autofree char *address = trama_endpoint_format (at);

  trama_case_report (evidence, &place,
                     g_strdup_printf (_ ("%s could not bind %s: another socket has it."), actor, address));
}

/* What nobody asks is not collected. */
static gboolean
has_taken (const TramaCase *evidence)
{
  TramaEndpoint at;

  for (guint i = 0; i < trama_store_n_calls (evidence->store); i++)
    if (is_taken (trama_store_get_call (evidence->store, i), &at))
      return TRUE;
  return FALSE;
}

static void
judge_taken (TramaCase *evidence, gboolean by_time_wait)
{
  g_autoptr (GHashTable) waiting = NULL, bound = NULL;

  if (!has_taken (evidence))
    return;
  waiting = collect_time_waits (evidence);
  bound = collect_bound (evidence);
  for (guint i = 0; i < trama_store_n_calls (evidence->store); i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, i);
      const Holding *wait, *holder;
      TramaEndpoint at;

      if (!is_taken (call, &at))
        continue;
      holder = find_holding (bound, &at, call->entry_ns);
      wait = holder == NULL ? find_holding (waiting, &at, call->entry_ns) : NULL;
      if (by_time_wait && wait != NULL)
        report_wait (evidence, i, &at, wait->end_ns - call->entry_ns);
      if (!by_time_wait && holder != NULL)
        report_taken (evidence, i, &at);
    }
}

void
trama_judge_address_waits (TramaCase *evidence)
{
  judge_taken (evidence, TRUE);
}

void
trama_judge_address_taken (TramaCase *evidence)
{
  judge_taken (evidence, FALSE);
}

/* The kernel closes what a process leaves open when it ends; one that lives keeps it. */
void
trama_judge_leak (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  const TramaActor *actor = trama_store_find_actor (evidence->store, socket->actor);
  g_autofree char *name = NULL, *open = NULL;
  TramaPlace place;

  if (socket->made_ns == TRAMA_TIME_NONE || socket->closed_ns != TRAMA_TIME_NONE || actor == NULL
      || actor->end_ns == TRAMA_TIME_NONE || !WIFEXITED (actor->status) || socket->fd < 0)
    return;
  name = trama_case_name_actor (evidence, socket->actor);
  open = trama_duration_format (actor->end_ns - socket->made_ns);
  place = (TramaPlace){
    .span = { socket->made_ns, actor->end_ns },
    .flow = evidence->sockets[number].flow,
    .side = evidence->sockets[number].side,
    .actor = socket->actor,
    .socket = socket->id,
  };
  if (evidence->sockets[number].accepted != TRAMA_CASE_NONE)
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->sockets[number].accepted };
  else if (evidence->first_call[number] < evidence->first_call[number + 1])
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->calls[evidence->first_call[number]] };
  trama_case_report (
      evidence, &place,
      g_strdup_printf (_ ("%s never closed its descriptor %d, open for %s until the process ended."), name,
                       socket->fd, open));
}

void
trama_judge_disagrees (TramaCase *evidence)
{
  g_autoptr (GArray) found = trama_disagreements_find (evidence->table);

  for (guint i = 0; i < found->len; i++)
    {
      const TramaDisagreement *one = &g_array_index (found, TramaDisagreement, i);
      const TramaTalkSide *own = &evidence->talks[one->flow].side[one->side];
      g_autofree char *name = trama_case_name_side (evidence, one->flow, one->side);
      TramaPlace place = { .flow = one->flow, .side = one->side, .socket = one->socket };

      if (own->last != TRAMA_CASE_NONE)
        place = trama_case_place_packet (evidence, own->last, one->flow, one->side);
      place.span = (TramaSpan){ one->time_ns, one->time_ns };
      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("The kernel of %s has its socket in %s, but its packets lead to %s."), name,
                           trama_tcp_state_name (one->kernel), trama_tcp_state_name (one->packets)));
    }
}
