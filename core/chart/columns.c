/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"
#include "core/chart/parties.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* Sizes of the design at scale 1. */
#define GUTTER_PX 116
#define MARGIN_PX 20
#define TRACK_INSET_PX 7
#define TRACK_PX 116
#define TRACK_TO_BAR_PX 8
#define BAR_PX 16
#define BAR_TO_LABEL_PX 10
#define LABEL_MARGIN_PX 14

/* Of the width: a column with two rails against one with one, a wire against a column. */
#define TWO_RAILS_FACTOR 1.9
#define WIRE_FACTOR 0.82
#define WIRE_FACTOR_MIN 0.68

/* Of one rail: a wire gives way so that “connect(3, 127.0.0.1:5000) = 0” stands whole. */
#define LABEL_WANTED_PX 330
#define RAIL_PX (TRACK_INSET_PX + TRACK_PX + TRACK_TO_BAR_PX + BAR_PX + BAR_TO_LABEL_PX + LABEL_MARGIN_PX)

/* Who is in which column: an actor, or an endpoint where nobody recorded calls. */
typedef struct
{
  guint32 actor; /* index in the store; G_MAXUINT32: an endpoint */
  guint32 flow, side;
} Party;

static GArray *
list_parties (TramaLayout *layout)
{
  g_autoptr (GArray) actors = trama_parties_new (layout->self->store);
  GArray *parties = g_array_new (FALSE, TRUE, sizeof (Party));

  for (guint i = 0; i < actors->len; i++)
    {
      Party party = { .actor = g_array_index (actors, guint32, i) };

      g_array_append_val (parties, party);
    }
  if (parties->len == 0 && trama_flow_table_n_flows (layout->self->table) > 0)
    for (guint32 side = 0; side < 2; side++)
      {
        Party party = { .actor = G_MAXUINT32, .flow = 0, .side = side };

        g_array_append_val (parties, party);
      }
  return parties;
}

static char *
describe_actor (TramaLayout *layout, const TramaActor *actor)
{
  GString *text = g_string_new (NULL);

  /* Translators: a process number. */
  g_string_append_printf (text, _ ("pid %d"), actor->pid);
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->self->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->self->table, i);
      g_autofree char *address = NULL;

      if (socket->actor != actor->id || !socket->bound_by_user || socket->local.family == 0)
        continue;
      address = trama_endpoint_format (&socket->local);
      g_string_append_printf (text, " · %s", address);
      break;
    }
  return g_string_free (text, FALSE);
}

static void
add_column (TramaLayout *layout, const Party *party, double x0, double x1)
{
  TramaChartColumn column = { .actor = party->actor, .x0 = x0, .x1 = x1 };

  if (party->actor != G_MAXUINT32)
    {
      const TramaActor *actor = trama_store_get_actor (layout->self->store, party->actor);
      g_autofree char *subtitle = describe_actor (layout, actor);

      column.name = trama_layout_keep (layout, actor->name);
      column.subtitle = trama_layout_keep (layout, subtitle);
    }
  else
    {
      const TramaFlow *flow = trama_flow_table_get_flow (layout->self->table, party->flow);
      g_autofree char *name = trama_endpoint_format (&flow->endpoint[party->side]);

      column.name = trama_layout_keep (layout, name);
      column.subtitle = trama_layout_keep (layout, _ ("calls not observed"));
    }
  g_array_append_val (layout->columns, column);
}

/* How many columns with one rail would stand beside one another. */
static double
count_units (guint n_columns)
{
  return n_columns <= 1 ? 1.6 : 2 + (n_columns - 2) * TWO_RAILS_FACTOR;
}

/* The width of a wire as a part of a column's. */
static double
choose_wire_factor (const TramaLayout *layout, guint n_columns, double room)
{
  double wanted = trama_layout_px (layout, LABEL_WANTED_PX + RAIL_PX);

  if (n_columns <= 1)
    return WIRE_FACTOR;
  return CLAMP ((room / wanted - count_units (n_columns)) / (n_columns - 1), WIRE_FACTOR_MIN, WIRE_FACTOR);
}

/* Divides what the gutter and the margin leave between columns and the wires between them. */
static void
place_columns (TramaLayout *layout, GArray *parties)
{
  double left = trama_layout_px (layout, GUTTER_PX + 12);
  double room = layout->self->chart.notes_x0 - left - trama_layout_px (layout, MARGIN_PX);
  guint n = parties->len;
  double wire = choose_wire_factor (layout, n, room);
  double unit = MAX (room / (count_units (n) + (n > 1 ? (n - 1) * wire : 0)), 1);
  double x = left;

  for (guint i = 0; i < n; i++)
    {
      double width = i == 0 || i == n - 1 ? unit : unit * TWO_RAILS_FACTOR;

      add_column (layout, &g_array_index (parties, Party, i), x, x + width);
      x += width + unit * wire;
    }
}

/* The rail at one edge of a column; direction as in TramaChartRail. */
static void
add_rail (TramaLayout *layout, guint32 index, int direction, gboolean has_track, double room_px)
{
  const TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, index);
  double edge = direction > 0 ? column->x0 : column->x1;
  double inset = has_track ? TRACK_INSET_PX : 0;
  double track = has_track ? TRACK_PX : 0;
  double at[4] = { inset, inset + track, inset + track + TRACK_TO_BAR_PX,
                   inset + track + TRACK_TO_BAR_PX + BAR_PX };
  TramaChartRail rail = { .column = index, .direction = direction, .line_x = edge };

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    at[i] = edge + direction * trama_layout_px (layout, at[i]);
  rail.track_x0 = MIN (at[0], at[1]);
  rail.track_x1 = MAX (at[0], at[1]);
  rail.bar_x0 = MIN (at[2], at[3]);
  rail.bar_x1 = MAX (at[2], at[3]);
  rail.label_x = at[3] + direction * trama_layout_px (layout, BAR_TO_LABEL_PX);
  rail.label_width_px = MAX (room_px - ABS (rail.label_x - edge) - trama_layout_px (layout, LABEL_MARGIN_PX),
                             0);
  g_array_append_val (layout->rails, rail);
}

static gboolean
actor_has_tcp (TramaLayout *layout, guint32 actor)
{
  TramaStore *store = layout->self->store;
  guint32 id;

  if (actor == G_MAXUINT32)
    return trama_flow_table_get_flow (layout->self->table, 0)->protocol == IPPROTO_TCP;
  id = trama_store_get_actor (store, actor)->id;
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->self->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->self->table, i);

      if (socket->actor == id && socket->type == SOCK_STREAM && socket->domain != AF_UNIX)
        return TRUE;
    }
  return FALSE;
}

static void
place_rails (TramaLayout *layout)
{
  guint n = layout->columns->len;

  for (guint32 i = 0; i < n; i++)
    {
      TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, i);
      gboolean has_track = actor_has_tcp (layout, column->actor);
      gboolean left = i > 0, right = i + 1 < n || n == 1;

      column->first_rail = layout->rails->len;
      column->n_rails = (guint32) (left + right);
      if (left)
        add_rail (layout, i, 1, has_track, (column->x1 - column->x0) / column->n_rails);
      if (right)
        add_rail (layout, i, -1, has_track, (column->x1 - column->x0) / column->n_rails);
    }
}

static guint32
column_of_actor (const TramaLayout *layout, guint32 actor_id)
{
  for (guint32 i = 0; i < layout->columns->len; i++)
    {
      guint32 actor = g_array_index (layout->columns, TramaChartColumn, i).actor;

      if (actor != G_MAXUINT32 && trama_store_get_actor (layout->self->store, actor)->id == actor_id)
        return i;
    }
  return TRAMA_RAIL_NONE;
}

/* The rail of a column on the side where @other stands. */
static guint32
rail_towards (const TramaLayout *layout, guint32 column, guint32 other)
{
  const TramaChartColumn *c = &g_array_index (layout->columns, TramaChartColumn, column);

  return c->n_rails == 2 && other != TRAMA_RAIL_NONE && other > column ? c->first_rail + 1 : c->first_rail;
}

static void
set_rail_of_socket (TramaLayout *layout, guint64 socket, guint32 rail)
{
  g_hash_table_replace (layout->rail_of_socket, g_memdup2 (&socket, sizeof socket),
                        GUINT_TO_POINTER (rail + 1));
}

guint32
trama_layout_rail_of_socket (const TramaLayout *layout, guint64 socket)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (layout->rail_of_socket, &socket));

  return place != 0 ? place - 1 : TRAMA_RAIL_NONE;
}

guint32
trama_layout_rail_of_call (const TramaLayout *layout, const TramaCall *call)
{
  guint32 rail = trama_layout_rail_of_socket (layout, call->socket != 0 ? call->socket : call->made);
  guint32 column;

  if (rail != TRAMA_RAIL_NONE)
    return rail;
  column = column_of_actor (layout, call->actor);
  return column != TRAMA_RAIL_NONE ? g_array_index (layout->columns, TramaChartColumn, column).first_rail
                                   : TRAMA_RAIL_NONE;
}

static guint32
column_of_side (const TramaLayout *layout, const TramaFlow *flow, guint32 index, guint side)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->self->table, flow->socket[side]);

  if (socket != NULL)
    return column_of_actor (layout, socket->actor);
  if (layout->columns->len == 2 && g_array_index (layout->columns, TramaChartColumn, 0).actor == G_MAXUINT32
      && index == 0)
    return side;
  return TRAMA_RAIL_NONE;
}

/* Which edge a socket is drawn at: the one that faces its peer. */
static void
place_sockets (TramaLayout *layout)
{
  TramaFlowTable *table = layout->self->table;
  guint n_flows = trama_flow_table_n_flows (table);

  for (guint i = 0; i < trama_flow_table_n_sockets (table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (table, i);
      guint32 column = column_of_actor (layout, socket->actor);

      if (column != TRAMA_RAIL_NONE)
        set_rail_of_socket (layout, socket->id, rail_towards (layout, column, TRAMA_RAIL_NONE));
    }
  layout->rail_of_side = g_malloc0_n (MAX (n_flows, 1), sizeof *layout->rail_of_side);
  for (guint i = 0; i < n_flows; i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);
      guint32 columns[2] = { column_of_side (layout, flow, i, 0), column_of_side (layout, flow, i, 1) };

      for (guint side = 0; side < 2; side++)
        {
          layout->rail_of_side[i][side] = columns[side] != TRAMA_RAIL_NONE
                                              ? rail_towards (layout, columns[side], columns[!side])
                                              : TRAMA_RAIL_NONE;
          if (columns[side] != TRAMA_RAIL_NONE && flow->socket[side] != TRAMA_SOCKET_NONE)
            set_rail_of_socket (layout, flow->socket[side], layout->rail_of_side[i][side]);
        }
    }
}

static guint
count_packets (const TramaLayout *layout, guint32 left_column, guint *protocols)
{
  guint packets = 0;

  for (guint i = 0; i < trama_flow_table_n_flows (layout->self->table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (layout->self->table, i);
      const guint32 *rails = layout->rail_of_side[i];
      guint32 low, high;

      if (rails[0] == TRAMA_RAIL_NONE || rails[1] == TRAMA_RAIL_NONE)
        continue;
      low = g_array_index (layout->rails, TramaChartRail, rails[0]).column;
      high = g_array_index (layout->rails, TramaChartRail, rails[1]).column;
      if (MIN (low, high) > left_column || MAX (low, high) <= left_column)
        continue;
      packets += flow->packets[0] + flow->packets[1];
      *protocols |= flow->protocol == IPPROTO_TCP ? 1 : flow->protocol == IPPROTO_UDP ? 2 : 4;
    }
  return packets;
}

static char *
summarise_wire (const TramaLayout *layout, guint32 left_column)
{
  static const char *const names[] = { "", "TCP", "UDP", "TCP, UDP" };
  guint protocols = 0;
  guint packets = count_packets (layout, left_column, &protocols);
  g_autofree char *count = NULL;

  if (!trama_store_packets_observed (layout->self->store))
    return g_strdup (_ ("packets not observed"));
  count = g_strdup_printf (ngettext ("%u packet", "%u packets", packets), packets);
  if (protocols > 0 && protocols < G_N_ELEMENTS (names))
    {
      g_autofree char *plain = g_steal_pointer (&count);

      count = g_strdup_printf ("%s · %s", names[protocols], plain);
    }
  if (packets <= TRAMA_LAYOUT_DRAWN_MAX)
    return g_steal_pointer (&count);
  /* Translators: "TCP · 1000000 packets · the first 20000 are drawn". */
  return g_strdup_printf (_ ("%s · the first %d are drawn"), count, TRAMA_LAYOUT_DRAWN_MAX);
}

/* A capture that does not name its interface leaves it open. */
static const char *
get_wire_name (const TramaLayout *layout)
{
  TramaStore *store = layout->self->store;

  if (trama_store_n_interfaces (store) > 0 && trama_store_get_interface (store, 0)->name != NULL)
    return trama_store_get_interface (store, 0)->name;
  return trama_store_get_ground (store) != NULL ? "lo" : "";
}

static void
place_wires (TramaLayout *layout)
{
  for (guint32 i = 0; i + 1 < layout->columns->len; i++)
    {
      const TramaChartColumn *left = &g_array_index (layout->columns, TramaChartColumn, i);
      g_autofree char *summary = summarise_wire (layout, i);
      TramaChartWire wire = {
        .x0 = left->x1,
        .x1 = left[1].x0,
        .name = trama_layout_keep (layout, get_wire_name (layout)),
        .summary = trama_layout_keep (layout, summary),
      };

      g_array_append_val (layout->wires, wire);
    }
}

void
trama_layout_columns (TramaLayout *layout)
{
  g_autoptr (GArray) parties = list_parties (layout);

  layout->self->chart.gutter_px = trama_layout_px (layout, GUTTER_PX);
  layout->self->chart.notes_x1 = layout->self->chart.width_px - trama_layout_px (layout, MARGIN_PX);
  layout->self->chart.notes_x0 = layout->self->chart.width_px - trama_layout_notes_width (layout);
  place_columns (layout, parties);
  place_rails (layout);
  place_sockets (layout);
  place_wires (layout);
}
