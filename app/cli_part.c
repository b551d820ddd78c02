/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_part.h"

#include "app/cli_common.h"
#include "core/flow/search/range.h"

void
trama_cli_part_clear (TramaCliPart *part)
{
  trama_cli_choice_clear (&part->choice);
  g_clear_pointer (&part->range, g_free);
  g_clear_pointer (&part->flows, trama_flow_set_unref);
  g_clear_pointer (&part->flow_of_socket, g_hash_table_unref);
  g_clear_pointer (&part->actors, g_hash_table_unref);
}

gboolean
trama_cli_part_is_all (const TramaCliPart *part)
{
  return part->choice.words == NULL && part->range == NULL;
}

int
trama_cli_part_check (const TramaCliPart *part)
{
  g_autoptr (GError) error = NULL;
  TramaRange range;
  int status = trama_cli_choice_check (&part->choice);

  if (status == TRAMA_CLI_OK && part->range != NULL && !trama_range_parse (part->range, &range, &error))
    return trama_cli_usage_error (error->message);
  return status;
}

/* A socket of UDP may have a part in several conversations. */
static void
note_socket (TramaCliPart *part, guint64 socket, gboolean asked)
{
  const TramaSocket *found = trama_flow_table_find_socket (part->table, socket);

  if (found == NULL)
    return;
  if (asked || !g_hash_table_contains (part->flow_of_socket, &found->id))
    g_hash_table_insert (part->flow_of_socket, (gpointer) &found->id, GINT_TO_POINTER (asked));
  if (asked)
    g_hash_table_add (part->actors, GUINT_TO_POINTER (found->actor));
}

static void
note_sockets (TramaCliPart *part)
{
  part->flow_of_socket = g_hash_table_new (g_int64_hash, g_int64_equal);
  part->actors = g_hash_table_new (NULL, NULL);
  for (guint flow = 0; flow < trama_flow_table_n_flows (part->table); flow++)
    for (guint side = 0; side < 2; side++)
      note_socket (part, trama_flow_table_get_flow (part->table, flow)->socket[side],
                   trama_flow_set_has (part->flows, flow));
}

gboolean
trama_cli_part_resolve (TramaCliPart *part, const char *path, TramaFlowTable *table)
{
  g_autoptr (GError) error = NULL;
  TramaRange range;

  part->table = table;
  if (!trama_cli_choice_resolve (&part->choice, path, table, &part->flows))
    return FALSE;
  if (part->flows != NULL)
    note_sockets (part);
  if (part->range == NULL)
    return TRUE;
  if (trama_range_parse (part->range, &range, &error)
      && trama_range_resolve (&range, table, &part->span, &error))
    return part->has_span = TRUE;
  trama_cli_complain (error->message);
  return FALSE;
}

gboolean
trama_cli_part_has_time (const TramaCliPart *part, gint64 start_ns, gint64 end_ns)
{
  return !part->has_span || (start_ns <= part->span.end_ns && part->span.start_ns <= end_ns);
}

gboolean
trama_cli_part_has_flow (const TramaCliPart *part, guint32 flow)
{
  const TramaFlow *found = trama_flow_table_get_flow (part->table, flow);

  return trama_flow_set_has (part->flows, flow)
         && trama_cli_part_has_time (part, found->first_ns, found->last_ns);
}

static gboolean
has_actor (const TramaCliPart *part, guint32 actor)
{
  return part->flows == NULL || actor == TRAMA_ACTOR_NONE
         || g_hash_table_contains (part->actors, GUINT_TO_POINTER (actor));
}

static gboolean
has_call (const TramaCliPart *part, const TramaCall *call)
{
  guint64 socket = call->socket != TRAMA_SOCKET_NONE ? call->socket : call->made;
  gpointer asked;

  if (!trama_cli_part_has_time (part, call->entry_ns,
                                call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : G_MAXINT64))
    return FALSE;
  if (part->flows != NULL && g_hash_table_lookup_extended (part->flow_of_socket, &socket, NULL, &asked))
    return GPOINTER_TO_INT (asked);
  return has_actor (part, call->actor);
}

static gboolean
has_packet (const TramaCliPart *part, guint index)
{
  TramaPacket packet;

  if (!trama_flow_set_has (part->flows, trama_flow_table_get_flow_of_packet (part->table, index)))
    return FALSE;
  if (!part->has_span)
    return TRUE;
  trama_store_get_packet (trama_flow_table_get_store (part->table), index, &packet);
  return trama_cli_part_has_time (part, packet.time_ns, packet.time_ns);
}

gboolean
trama_cli_part_has (const TramaCliPart *part, TramaRef ref)
{
  const TramaStore *store = trama_flow_table_get_store (part->table);
  const TramaActor *actor;
  const TramaNote *note;

  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      return has_packet (part, ref.index);
    case TRAMA_EVENT_CALL:
      return has_call (part, trama_store_get_call (store, ref.index));
    case TRAMA_EVENT_ACTOR: /* its end */
      actor = trama_store_get_actor (store, ref.index);
      return has_actor (part, actor->id) && trama_cli_part_has_time (part, actor->end_ns, actor->end_ns);
    default:
      note = trama_store_get_note (store, ref.index);
      return has_actor (part, note->actor)
             && trama_cli_part_has_time (part, note->time_ns,
                                         note->end_ns != TRAMA_TIME_NONE ? note->end_ns : note->time_ns);
    }
}
