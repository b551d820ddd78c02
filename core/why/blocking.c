/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/socket.h>

/* How many of the calls that blocked longest are told, and what is not worth it. */
#define LONGEST_MAX 5
#define LONGEST_MIN_NS (10 * G_GINT64_CONSTANT (1000000))

static gint64
blocked_ns (const TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);

  if (call->exit_ns == TRAMA_TIME_NONE || !(call->flags & TRAMA_CALL_SLEPT))
    return 0;
  return call->exit_ns - call->entry_ns;
}

/* The longest first; returns how many. */
static guint
find_longest (const TramaCase *evidence, guint longest[LONGEST_MAX])
{
  guint n = 0;

  for (guint i = 0; i < trama_store_n_calls (evidence->store); i++)
    {
      gint64 blocked = blocked_ns (evidence, i);
      guint at = n;

      if (blocked < LONGEST_MIN_NS)
        continue;
      while (at > 0 && blocked_ns (evidence, longest[at - 1]) < blocked)
        at--;
      if (at == LONGEST_MAX)
        continue;
      n = MIN (n + 1, LONGEST_MAX);
      for (guint j = n - 1; j > at; j--)
        longest[j] = longest[j - 1];
      longest[at] = i;
    }
  return n;
}

void
trama_judge_longest (TramaCase *evidence)
{
  guint longest[LONGEST_MAX];
  guint n = find_longest (evidence, longest);

  for (guint i = 0; i < n; i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, longest[i]);
      g_autofree char *actor = trama_case_name_actor (evidence, call->actor);
      g_autofree char *blocked = trama_duration_format (blocked_ns (evidence, longest[i]));
      TramaPlace place = trama_case_place_call (evidence, longest[i]);

      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("%s was blocked for %s in %s(): rank %u of the calls that blocked longest."),
                           actor, blocked, trama_call_info (call->name)->name, i + 1));
    }
}

/* A call that sends and had to wait for room, or was told that there is none. */
static gboolean
finds_no_room (const TramaCall *call)
{
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_SENDS || call->exit_ns == TRAMA_TIME_NONE)
    return FALSE;
  return call->error == EAGAIN || (call->flags & TRAMA_CALL_SLEPT) != 0;
}

static char *
describe_no_room (const TramaCase *evidence, guint32 index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  g_autofree char *blocked = trama_duration_format (call->exit_ns - call->entry_ns);

  if (call->error == EAGAIN)
    return g_strdup (_ ("it got EAGAIN"));
  return g_strdup_printf (_ ("it waited for %s"), blocked);
}

/* The sentence about @n calls of @actor, and what became of the first. */
typedef char *(*Describe) (const char *actor, guint n, const char *outcome);

static void
judge_no_room (TramaCase *evidence, const GArray *calls, Describe describe)
{
  g_autofree char *actor = NULL, *outcome = NULL;
  TramaPlace place;

  if (calls->len == 0)
    return;
  place = trama_case_place_call (evidence, g_array_index (calls, guint32, 0));
  actor = trama_case_name_actor (evidence, place.actor);
  outcome = describe_no_room (evidence, place.anchor.index);
  trama_case_report_calls (evidence, &place, calls, describe (actor, calls->len, outcome));
}

static char *
describe_full_buffer (const char *actor, guint n, const char *outcome)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The send buffer of %s was full in %u call: %s.",
                                       "The send buffer of %s was full in %u calls: at first, %s.", n),
                          actor, n, outcome);
}

void
trama_judge_send_blocks (TramaCase *evidence, guint number)
{
  g_autoptr (GArray) calls = NULL;

  if (trama_flow_table_get_socket (evidence->table, number)->type != SOCK_STREAM)
    return;
  calls = trama_case_collect_calls (evidence, number, finds_no_room);
  judge_no_room (evidence, calls, describe_full_buffer);
}

static char *
describe_full_queue (const char *actor, guint n, const char *outcome)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The receiver's queue was full in %u call of %s: %s.",
                                       "The receiver's queue was full in %u calls of %s: at first, %s.", n),
                          n, actor, outcome);
}

/* Whether its datagram was read, and nobody made room before that: it slept for something else. */
static gboolean
had_room (const TramaCase *evidence, guint32 index)
{
  g_autoptr (GArray) effects = NULL;
  gboolean was_read = FALSE;
  TramaLink waking;

  trama_links_get (evidence->links, (TramaRef){ TRAMA_EVENT_CALL, index }, NULL, &effects);
  for (guint i = 0; i < effects->len; i++)
    was_read |= g_array_index (effects, TramaLink, i).kind == TRAMA_LINKS_PAIRS;
  return was_read && !trama_case_find_cause (evidence, index, TRAMA_LINKS_WAKES, &waking);
}

void
trama_judge_queue_full (TramaCase *evidence, guint number)
{
  const TramaSocket *socket = trama_flow_table_get_socket (evidence->table, number);
  g_autoptr (GArray) calls = NULL;

  if (socket->type != SOCK_DGRAM || socket->domain != AF_UNIX)
    return;
  calls = trama_case_collect_calls (evidence, number, finds_no_room);
  for (guint i = calls->len; i > 0; i--)
    if (had_room (evidence, g_array_index (calls, guint32, i - 1)))
      g_array_remove_index (calls, i - 1);
  judge_no_room (evidence, calls, describe_full_queue);
}

/* Over AF_UNIX nothing else makes connect() wait: it has no network to ask. */
void
trama_judge_connect_blocks (TramaCase *evidence, guint index)
{
  const TramaCall *call = trama_store_get_call (evidence->store, index);
  const TramaSocket *socket = trama_flow_table_find_socket (evidence->table, call->socket);
  g_autofree char *client = NULL, *server = NULL, *waited = NULL;
  TramaPlace place;
  TramaDeed deed;

  trama_deed_read (call, &deed);
  if (deed.kind != TRAMA_DEED_CONNECTS || deed.address == NULL || socket == NULL || socket->domain != AF_UNIX
      || socket->type == SOCK_DGRAM || call->exit_ns == TRAMA_TIME_NONE
      || (call->error != EAGAIN && !(deed.is_done && (call->flags & TRAMA_CALL_SLEPT))))
    return;
  place = trama_case_place_call (evidence, index);
  client = trama_case_name_actor (evidence, call->actor);
  server = trama_address_format (deed.address->bytes, deed.address->size);
  waited = trama_duration_format (call->exit_ns - call->entry_ns);
  trama_case_report (
      evidence, &place,
      call->error == EAGAIN
          ? g_strdup_printf (_ ("%s got EAGAIN from connect(): the accept queue of %s was full."), client,
                             server)
          : g_strdup_printf (_ ("%s waited in connect() for %s: the accept queue of %s was full."), client,
                             waited, server));
}
