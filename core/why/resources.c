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

/* A peer that has closed for so long might have been noticed. */
#define LEAK_MIN_NS (100 * G_GINT64_CONSTANT (1000000))

/* How many calls before one are looked at. */
#define CALLS_MAX 4096

/* A connection that holds the port of its end, or a socket that is bound to it. */
typedef struct
{
  gint64 begin_ns;
  gint64 end_ns;
  TramaEndpoint at;
  guint16 type; /* SOCK_* */
} Holding;

/* Where a call failed to find its place, as that was in use. */
typedef struct
{
  TramaEndpoint at;
  const TramaValue *name; /* of AF_UNIX; NULL: .at */
  guint16 type;
} Wanted;

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
      Holding holding = { .begin_ns = change.time_ns,
                          .end_ns = change.time_ns + TIME_WAIT_NS,
                          .type = SOCK_STREAM };

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
                          .at = socket->local,
                          .type = socket->type };

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
find_holding (GHashTable *holdings, const Wanted *wanted, gint64 time_ns)
{
  const TramaEndpoint *at = &wanted->at;
  const GArray *there = g_hash_table_lookup (holdings, GUINT_TO_POINTER (at->port));

  for (guint i = there != NULL ? there->len : 0, n = 0; i > 0 && n < LOOK_BACK; i--)
    {
      const Holding *holding = &g_array_index (there, Holding, i - 1);

      if (holding->begin_ns > time_ns || holding->type != wanted->type)
        continue;
      n++;
      if (holding->end_ns > time_ns
          && (trama_endpoint_equal (&holding->at, at) || is_any (at) || is_any (&holding->at)))
        return holding;
    }
  return NULL;
}

/* Whether a bind() or listen() failed, as the place is in use: which. */
static gboolean
is_taken (const TramaCase *evidence, const TramaCall *call, Wanted *wanted)
{
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);
  TramaDeed deed;

  trama_deed_read (call, &deed);
  *wanted = (Wanted){ .type = socket != NULL ? socket->type : SOCK_STREAM };
  if (call->error != EADDRINUSE)
    return FALSE;
  if (deed.kind == TRAMA_DEED_LISTENS && socket != NULL)
    {
      wanted->at = socket->local;
      return TRUE;
    }
  if (deed.kind != TRAMA_DEED_BINDS || deed.address == NULL)
    return FALSE;
  if (!trama_endpoint_from_address (&wanted->at, deed.address->bytes, deed.address->size))
    wanted->name = deed.address;
  return TRUE;
}

static char *
format_wanted (const Wanted *wanted)
{
  return wanted->name != NULL ? trama_address_format (wanted->name->bytes, wanted->name->size)
                              : trama_endpoint_format (&wanted->at);
}

/* Of a name in the file system that is left from a socket which is gone already: *@since_ns, for so long. */
static void
find_left_over (const TramaCase *evidence, guint index, const Wanted *wanted, gint64 *since_ns)
{
  gint64 now_ns = trama_store_get_call (evidence->store, index)->entry_ns;

  for (guint i = index; wanted->name != NULL && i > 0 && index - i < CALLS_MAX; i--)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, i - 1);
      guint32 number = trama_case_socket_number (evidence, call->socket);
      TramaDeed deed;

      trama_deed_read (call, &deed);
      if (deed.kind != TRAMA_DEED_BINDS || !deed.is_done || deed.address == NULL || number == TRAMA_CASE_NONE
          || deed.address->size != wanted->name->size
          || memcmp (deed.address->bytes, wanted->name->bytes, wanted->name->size) != 0)
        continue;
      if (trama_case_socket_end (evidence, number) <= now_ns)
        *since_ns = now_ns - trama_case_socket_end (evidence, number);
      return;
    }
}

/* Why the call failed: @since_ns of what is left over, @left_ns of TIME-WAIT; G_MAXINT64: neither. */
static char *
describe_taken (const TramaCase *evidence, guint index, const char *address, gint64 since_ns, gint64 left_ns)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *actor = trama_case_name_actor (evidence, call->actor);
  g_autofree char *time = trama_duration_format (MIN (since_ns, left_ns));

  if (left_ns != G_MAXINT64)
    return g_strdup_printf (_ ("%s could not bind %s: a connection there is in TIME-WAIT, for another %s."),
                            actor, address, time);
  if (since_ns != G_MAXINT64)
    return g_strdup_printf (
        _ ("%s could not bind %s: the file is left from a socket that was closed %s before."), actor, address,
        time);
  if (trama_deed_kind (call) == TRAMA_DEED_LISTENS)
    return g_strdup_printf (_ ("%s could not listen on %s: another socket does."), actor, address);
  return g_strdup_printf (_ ("%s could not bind %s: another socket has it."), actor, address);
}

static void
report_taken (TramaCase *evidence, guint index, const Wanted *wanted, gint64 since_ns, gint64 left_ns)
{
  TramaPlace place = trama_case_place_call (evidence, index);
  g_autofree char *address = format_wanted (wanted);

  trama_case_report (evidence, &place, describe_taken (evidence, index, address, since_ns, left_ns));
}

/* What nobody asks is not collected. */
static gboolean
has_taken (const TramaCase *evidence)
{
  Wanted wanted;

  for (guint i = 0; i < trama_store_n_calls (evidence->store); i++)
    if (is_taken (evidence, trama_store_get_call (evidence->store, i), &wanted))
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
      const Holding *wait = NULL, *holder = NULL;
      gint64 since_ns = G_MAXINT64;
      Wanted wanted;

      if (!is_taken (evidence, call, &wanted))
        continue;
      if (wanted.name == NULL)
        holder = find_holding (bound, &wanted, call->entry_ns);
      if (wanted.name == NULL && holder == NULL)
        wait = find_holding (waiting, &wanted, call->entry_ns);
      if ((wait != NULL) != by_time_wait)
        continue;
      if (wait == NULL)
        find_left_over (evidence, i, &wanted, &since_ns);
      report_taken (evidence, i, &wanted, since_ns,
                    wait != NULL ? wait->end_ns - call->entry_ns : G_MAXINT64);
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

/* Whether who made it has closed its own descriptor of it; another process may have one besides, fork(2). */
static gboolean
has_closed_its_own (const TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);

  for (guint32 i = evidence->first_call[number]; i < evidence->first_call[number + 1]; i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, evidence->calls[i]);

      if (trama_deed_kind (call) == TRAMA_DEED_CLOSES && call->actor == socket->actor && call->result == 0)
        return TRUE;
    }
  return FALSE;
}

/* When the peer closed, whose end is then all that can come; TRAMA_TIME_NONE: it has not. */
static gint64
peer_end_ns (const TramaCase *evidence, guint number)
{
  const TramaSocketCase *own = &evidence->sockets[number];
  guint32 fin;

  if (own->flow == TRAMA_FLOW_NONE)
    return TRAMA_TIME_NONE;
  fin = evidence->talks[own->flow].side[!own->side].fin;
  return fin != TRAMA_CASE_NONE ? trama_case_packet_ns (evidence, fin) : TRAMA_TIME_NONE;
}

static TramaPlace
place_leak (const TramaCase *evidence, guint number, gint64 end_ns)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  TramaPlace place = { .span = { socket->made_ns, end_ns },
                       .flow = evidence->sockets[number].flow,
                       .side = evidence->sockets[number].side,
                       .actor = socket->actor,
                       .socket = socket->id };

  if (evidence->sockets[number].accepted != TRAMA_CASE_NONE)
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->sockets[number].accepted };
  else if (evidence->first_call[number] < evidence->first_call[number + 1])
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->calls[evidence->first_call[number]] };
  else if (evidence->sockets[number].made != TRAMA_CASE_NONE)
    place.anchor = (TramaRef){ TRAMA_EVENT_CALL, evidence->sockets[number].made };
  return place;
}

/* One that was killed, or still lives, might have closed it yet; though hardly when its peer has closed long ago. */
static void
report_leak (TramaCase *evidence, guint number, const TramaActor *actor)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  gboolean is_known = actor->end_ns != TRAMA_TIME_NONE;
  TramaPlace place = place_leak (evidence, number, is_known ? actor->end_ns : evidence->end_ns);
  gint64 peer_ns = peer_end_ns (evidence, number);
  g_autofree char *name = trama_case_name_actor (evidence, socket->actor);
  g_autofree char *open = trama_duration_format (place.span.end_ns - place.span.start_ns);
  g_autofree char *since = NULL;

  if (is_known && WIFEXITED (actor->status))
    {
      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("%s never closed its descriptor %d, open for %s until the process ended."),
                           name, socket->fd, open));
      return;
    }
  if (peer_ns == TRAMA_TIME_NONE || place.span.end_ns - peer_ns < LEAK_MIN_NS)
    return;
  since = trama_duration_format (place.span.end_ns - peer_ns);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          is_known ? _ ("%s had not closed its descriptor %d when it was killed, %s after its peer had "
                        "closed.")
                   : _ ("%s did not close its descriptor %d while it was watched, to %s after its peer "
                        "had closed."),
          name, socket->fd, since));
}

void
trama_judge_leak (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  const TramaActor *actor = trama_store_find_actor (evidence->store, socket->actor);

  if (socket->made_ns != TRAMA_TIME_NONE && socket->closed_ns == TRAMA_TIME_NONE && actor != NULL
      && socket->fd >= 0 && !has_closed_its_own (evidence, number))
    report_leak (evidence, number, actor);
}

/* A sample that was taken when another conversation had the same ends is not of this one. */
static gboolean
is_reused_by (const TramaCase *evidence, guint flow, gint64 time_ns)
{
  for (guint i = flow + 1; i < trama_flow_table_n_flows (evidence->table); i++)
    if (trama_flow_table_get_flow (evidence->table, i)->first_ns > time_ns)
      return FALSE;
    else if (evidence->talks[i].earlier == flow)
      return TRUE;
  return FALSE;
}

/* The last packet of that side by then; where there is none, its last. */
static guint32
find_last_packet (const TramaCase *evidence, guint flow, guint side, gint64 time_ns)
{
  guint n, low = 0, high;
  const guint32 *packets = trama_flow_table_get_packets (evidence->table, flow, &n);

  high = n;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_case_packet_ns (evidence, packets[middle]) <= time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  for (; low > 0; low--)
    if (trama_flow_table_get_brief (evidence->table, packets[low - 1]).side == side)
      return packets[low - 1];
  return evidence->talks[flow].side[side].last;
}

void
trama_judge_disagrees (TramaCase *evidence)
{
  g_autoptr (GArray) found = trama_disagreements_find (evidence->table);

  for (guint i = 0; i < found->len; i++)
    {
      const TramaDisagreement *one = &g_array_index (found, TramaDisagreement, i);
      g_autofree char *name = trama_case_name_side (evidence, one->flow, one->side);
      TramaPlace place = { .flow = one->flow, .side = one->side, .socket = one->socket };
      guint32 last = find_last_packet (evidence, one->flow, one->side, one->time_ns);

      if (is_reused_by (evidence, one->flow, one->time_ns))
        continue;
      if (last != TRAMA_CASE_NONE)
        place = trama_case_place_packet (evidence, last, one->flow, one->side);
      place.span = (TramaSpan){ one->time_ns, one->time_ns };
      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("The kernel of %s has its socket in %s, but its packets lead to %s."), name,
                           trama_tcp_state_name (one->kernel), trama_tcp_state_name (one->packets)));
    }
}
