/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"
#include "core/chart/plan.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* More sockets than this nobody looks through for the one of a poll(2). */
#define POLLED_MAX 64

static char *
describe_actor (TramaLayout *layout, const TramaActor *actor)
{
  GString *text = g_string_new (NULL);

  /* Translators: a process number. */
  g_string_append_printf (text, _ ("pid %d"), actor->pid);
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      g_autofree char *address = NULL;

      if (socket->actor != actor->id || !socket->bound_by_user || socket->local.family == 0)
        continue;
      address = trama_endpoint_format (&socket->local);
      g_string_append_printf (text, " · %s", address);
      break;
    }
  return g_string_free (text, FALSE);
}

/* Several endpoints of a host have its name. */
static void
name_seat (TramaLayout *layout, TramaChartColumn *column, const TramaSeat *seat)
{
  TramaEndpoint endpoint = seat->endpoint;
  g_autofree char *name = NULL;
  g_autofree char *subtitle = NULL;

  if (seat->n_endpoints > 1)
    endpoint.port = 0;
  name = trama_endpoint_format (&endpoint);
  column->name = trama_layout_keep (layout, name);
  if (seat->n_flows == 1)
    subtitle = g_strdup (_ ("calls not observed"));
  else
    subtitle = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%u conversation", "%u conversations", seat->n_flows), seat->n_flows);
  column->subtitle = trama_layout_keep (layout, subtitle);
}

static void
add_column (TramaLayout *layout, const TramaParty *party, guint32 first_rail)
{
  TramaChartColumn column = { .actor = party->actor,
                              .lane = party->lane,
                              .kernel = (guint8) party->kernel,
                              .first_rail = first_rail,
                              .n_rails = trama_party_count_sides (party) };

  if (party->actor != G_MAXUINT32)
    {
      const TramaActor *actor = trama_store_get_actor (layout->store, party->actor);
      g_autofree char *subtitle = describe_actor (layout, actor);

      column.name = trama_layout_keep (layout, actor->name);
      column.subtitle = trama_layout_keep (layout, subtitle);
    }
  else if (party->kernel)
    {
      /* Translators: the other side of a conversation that no process has. */
      column.name = trama_layout_keep (layout, _ ("kernel"));
      column.subtitle = trama_layout_keep (layout, _ ("of this host"));
    }
  else
    name_seat (layout, &column, trama_seats_get (layout->seats, party->seat));
  g_array_append_val (layout->columns, column);
}

guint32
trama_layout_rail_towards (const TramaLayout *layout, guint32 column, guint32 other)
{
  const TramaChartColumn *c = &g_array_index (layout->columns, TramaChartColumn, column);

  return c->n_rails == 2 && other != TRAMA_COLUMN_NONE && other > column ? c->first_rail + 1 : c->first_rail;
}

guint32
trama_layout_rail_of_side (const TramaLayout *layout, guint32 flow, guint side, gint64 time_ns)
{
  guint32 columns[2];

  trama_layout_columns_of_flow (layout, flow, time_ns, columns);
  if (columns[side] == TRAMA_COLUMN_NONE)
    return TRAMA_RAIL_NONE;
  return trama_layout_rail_towards (layout, columns[side], columns[!side]);
}

/* Of a conversation that is not drawn. */
static gboolean
is_elsewhere (const TramaLayout *layout, guint64 socket)
{
  guint place = layout->flows != NULL && socket != TRAMA_SOCKET_NONE
                    ? GPOINTER_TO_UINT (g_hash_table_lookup (layout->flow_of_socket, &socket))
                    : 0;

  return place != 0 && !trama_flow_set_has (layout->flows, place - 1);
}

gboolean
trama_layout_draws_call (const TramaLayout *layout, guint32 index)
{
  const TramaCall *call = trama_store_get_call (layout->store, index);

  if (layout->flows == NULL)
    return TRUE;
  return trama_layout_column_of_actor (layout, call->actor) != TRAMA_COLUMN_NONE
         && !is_elsewhere (layout, call->socket)
         && (call->socket != TRAMA_SOCKET_NONE || !is_elsewhere (layout, call->made));
}

guint32
trama_layout_rail_of_socket (const TramaLayout *layout, guint64 socket, gint64 time_ns)
{
  guint32 actor = trama_users_at (layout->users, socket, time_ns);
  guint32 column = trama_layout_column_of_actor (layout, actor);
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (layout->flow_of_socket, &socket));
  guint32 columns[2];

  if (column == TRAMA_COLUMN_NONE || is_elsewhere (layout, socket))
    return TRAMA_RAIL_NONE;
  if (place == 0)
    return trama_layout_rail_towards (layout, column, TRAMA_COLUMN_NONE);
  trama_layout_columns_of_flow (layout, place - 1, time_ns, columns);
  return trama_layout_rail_towards (layout, column, columns[0] == column ? columns[1] : columns[0]);
}

/* poll(2) is about several; it stands where the first of them is. */
static guint64
find_polled (const TramaLayout *layout, const TramaCall *call)
{
  guint n = trama_flow_table_n_sockets (layout->table);
  struct pollfd first;

  if (call->name != TRAMA_CALL_POLL || call->n_args == 0 || call->args[0].kind != TRAMA_VALUE_DATA
      || call->args[0].size < sizeof first || n > POLLED_MAX)
    return TRAMA_SOCKET_NONE;
  memcpy (&first, call->args[0].bytes, sizeof first);
  for (guint i = 0; i < n; i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);

      if (socket->actor == call->actor && socket->fd == first.fd && socket->made_ns <= call->entry_ns
          && (socket->closed_ns == TRAMA_TIME_NONE || socket->closed_ns >= call->entry_ns))
        return socket->id;
    }
  return TRAMA_SOCKET_NONE;
}

static guint64
find_socket_of_call (const TramaLayout *layout, const TramaCall *call)
{
  if (call->socket != TRAMA_SOCKET_NONE)
    return call->socket;
  return call->made != TRAMA_SOCKET_NONE ? call->made : find_polled (layout, call);
}

static guint32
find_rail_of_socket (const TramaLayout *layout, const TramaCall *call, guint32 column)
{
  const TramaChartColumn *c = &g_array_index (layout->columns, TramaChartColumn, column);
  guint64 socket = find_socket_of_call (layout, call);
  guint32 rail = TRAMA_RAIL_NONE;

  if (socket != TRAMA_SOCKET_NONE)
    rail = trama_layout_rail_of_socket (layout, socket, call->entry_ns);
  if (rail != TRAMA_RAIL_NONE && rail >= c->first_rail && rail < c->first_rail + c->n_rails)
    return rail;
  return trama_layout_rail_towards (layout, column, TRAMA_COLUMN_NONE);
}

/* What the ladder has taken in has its place; of what came later, it is looked for. */
guint32
trama_layout_rail_of_call (const TramaLayout *layout, guint32 index)
{
  const TramaLadder *ladder = layout->ladder;
  const TramaCallPlace *place = index < ladder->n_places ? &ladder->places[index] : NULL;
  const TramaCall *call;
  guint32 column;

  if (place != NULL && place->is_final)
    return place->rail;
  call = trama_store_get_call (layout->store, index);
  column = trama_layout_column_of_actor (layout, call->actor);
  if (column == TRAMA_COLUMN_NONE || !trama_layout_draws_call (layout, index))
    return TRAMA_RAIL_NONE;
  if (place != NULL && place->rail != TRAMA_RAIL_NONE)
    return place->rail;
  return find_rail_of_socket (layout, call, column);
}

/* Sockets of AF_UNIX on both sides of it, and nothing that packets go between. */
static gboolean
is_inside_kernel (const TramaLayout *layout, guint32 left_column)
{
  gboolean sides[2] = { FALSE, FALSE };

  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      guint32 column = trama_layout_column_of_actor (layout, socket->actor);

      if (column == TRAMA_COLUMN_NONE)
        continue;
      if (socket->domain != AF_UNIX)
        return FALSE;
      sides[column > left_column] = TRUE;
    }
  return sides[0] && sides[1];
}

/* "TCP, ICMP", of the bits of trama_ladder_count_crossing. */
static char *
list_protocols (guint protocols)
{
  static const char *const names[] = { "TCP", "UDP", "ICMP", "IP" };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (protocols & 1u << i)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", names[i]);
  return g_string_free (text, FALSE);
}

static char *
summarise_wire (const TramaLayout *layout, guint32 left_column)
{
  guint protocols = 0;
  guint64 packets = trama_ladder_count_crossing (layout->ladder, left_column, &protocols);
  g_autofree char *names = NULL, *count = NULL;

  if (!trama_store_packets_observed (layout->store))
    return g_strdup (_ ("packets not observed"));
  if (packets == 0 && layout->seats != NULL)
    return NULL;
  count = g_strdup_printf (ngettext ("%u packet", "%u packets", (gulong) packets), (guint) packets);
  if (protocols == 0)
    return g_steal_pointer (&count);
  names = list_protocols (protocols);
  return g_strdup_printf ("%s · %s", names, count);
}

/* A capture that does not name its interface leaves it open. */
static const char *
get_wire_name (const TramaLayout *layout)
{
  TramaStore *store = layout->store;

  if (trama_store_n_interfaces (store) > 0 && trama_store_get_interface (store, 0)->name != NULL)
    return trama_store_get_interface (store, 0)->name;
  return trama_store_get_ground (store) != NULL ? "lo" : "";
}

void
trama_layout_wires (TramaLayout *layout)
{
  for (guint32 i = 0; i + 1 < layout->columns->len; i++)
    {
      const TramaChartColumn *left = &g_array_index (layout->columns, TramaChartColumn, i);
      gboolean inside = is_inside_kernel (layout, i);
      g_autofree char *summary = inside ? g_strdup (_ ("inside the kernel, without packets"))
                                        : summarise_wire (layout, i);
      TramaChartWire wire = {
        .x0 = left->x1,
        .x1 = left[1].x0,
        .name = trama_layout_keep (layout, inside ? "AF_UNIX" : get_wire_name (layout)),
        .summary = trama_layout_keep (layout, summary),
      };

      g_array_append_val (layout->wires, wire);
    }
}

static void
list_sockets_of (TramaLayout *layout, guint32 flow)
{
  for (guint side = 0; side < 2; side++)
    {
      guint64 socket = layout->socket_of_side[flow][side];

      if (socket != TRAMA_SOCKET_NONE && !g_hash_table_contains (layout->flow_of_socket, &socket))
        g_hash_table_insert (layout->flow_of_socket, g_memdup2 (&socket, sizeof socket),
                             GUINT_TO_POINTER (flow + 1));
    }
}

/* One that has a part in several conversations is drawn if any of them is. */
void
trama_layout_list_sockets (TramaLayout *layout)
{
  if (!trama_layout_knows_sockets (layout))
    return;
  for (guint i = 0; layout->flows != NULL && i < trama_flow_set_n_flows (layout->flows); i++)
    list_sockets_of (layout, trama_flow_set_get (layout->flows, i));
  for (guint32 i = 0; i < trama_flow_table_n_flows (layout->table); i++)
    list_sockets_of (layout, i);
}

char *
trama_layout_describe_scope (const TramaLayout *layout, const TramaFlowSet *asked)
{
  guint n_all = trama_flow_table_n_flows (layout->table);
  guint n = layout->flows != NULL ? trama_flow_set_n_flows (layout->flows) : n_all;
  guint n_asked = asked != NULL ? trama_flow_set_n_flows (asked) : n;

  if (n < n_asked)
    return g_strdup_printf (_ ("%u of %u chosen conversations: those with the most packets"), n, n_asked);
  if (n == n_all)
    return NULL;
  if (asked == NULL || trama_flow_set_is_busiest (asked))
    return g_strdup_printf (_ ("%u of %u conversations: those with the most packets"), n, n_all);
  return g_strdup_printf (_ ("%u of %u conversations"), n, n_all);
}

void
trama_layout_cast (TramaLayout *layout)
{
  guint32 n_rails = 0;

  trama_layout_face_parties (layout, layout->parties);
  for (guint i = 0; i < layout->parties->len; i++)
    {
      const TramaParty *party = &g_array_index (layout->parties, TramaParty, i);

      add_column (layout, party, n_rails);
      n_rails += trama_party_count_sides (party);
    }
}
