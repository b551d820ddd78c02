/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"
#include "core/chart/plan.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* Sizes of the design at scale 1. */
#define GUTTER_PX 116
#define MARGIN_PX 20
#define EDGE_PX 56 /* of the lane of what was found, beside the last column */
#define EDGE_MARGIN_PX 6
#define TRACK_INSET_PX 7
#define TRACK_PX 116
#define TRACK_CROWDED_PX 100
#define TRACK_TO_BAR_PX 8
#define BAR_PX 16
#define BAR_TO_LABEL_PX 10
#define LABEL_MARGIN_PX 14

/* Of a rail's labels: the least that can be read, and “connect(3, 127.0.0.1:5000) = 0” whole. */
#define LABEL_LEAST_PX 150
#define LABEL_WANTED_PX 330

/* Of a column with two rails, which seldom have words side by side: as many labels as would stand side by side. */
#define LABELS_OF_TWO 1.5

/* Of a wire: a chip's flags and number, and its first bytes too. */
#define WIRE_LEAST_PX 200
#define WIRE_WANTED_PX 420

/* Of the lane of notes, when there are any. */
#define NOTES_LEAST_PX 220
#define NOTES_WANTED_PX 320

/* Rather than that they lie beyond the edge of the page, where nobody looks for them. */
#define NOTES_TIGHT_PX 150

/* Of a column of the kernel's, which has no calls. */
#define KERNEL_PX 220

/* Of any other: a short name has room. */
#define CARD_LEAST_PX 240

/* The columns get so much of what is left when everything has what it wants. */
#define COLUMNS_PART 0.6

/* Of a strip that a column is folded to, besides the bars of its rails. */
#define FOLDED_PX 20

/* More columns than this have narrow tracks. */
#define CROWD_MIN 4

/* More sockets than this nobody looks through for the one of a poll(2). */
#define POLLED_MAX 64

/* Smaller than this nothing is drawn for want of room: the chart becomes wider than the page. */
#define SCALE_MIN 0.66

/* Until less than a pixel is between them. */
#define BISECTIONS 12

#define HEADER_PX 118
#define SCOPE_PX 26

/* Of an endpoint's column, which has no calls: its name can be read. */
#define SEAT_LEAST_PX 210
#define SEAT_WANTED_PX 320

typedef struct
{
  TramaLayout *layout;
  GArray *parties; /* of TramaParty, from left to right */
  double label_px, wire_px, notes_px;
} Plan;

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

static guint
count_sides (const TramaParty *party)
{
  return ((party->sides & TRAMA_PARTY_LEFT) != 0) + ((party->sides & TRAMA_PARTY_RIGHT) != 0);
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
                              .n_rails = count_sides (party) };

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

static double
track_width (const Plan *plan, const TramaParty *party)
{
  if (!party->track)
    return 0;
  return plan->parties->len > CROWD_MIN ? TRACK_CROWDED_PX : TRACK_PX;
}

/* From the edge to where its labels begin, and behind them. */
static double
rail_width (const Plan *plan, const TramaParty *party)
{
  return (party->track ? TRACK_INSET_PX : 0) + track_width (plan, party) + TRACK_TO_BAR_PX + BAR_PX
         + BAR_TO_LABEL_PX + LABEL_MARGIN_PX;
}

static gboolean
is_folded (const Plan *plan, guint index)
{
  return g_array_index (plan->layout->columns, TramaChartColumn, index).folded;
}

/* Between the least and what is wanted, as labels are. */
static double
width_of_seat (const Plan *plan, const TramaParty *party, double label_px)
{
  double part = CLAMP ((label_px - LABEL_LEAST_PX) / (LABEL_WANTED_PX - LABEL_LEAST_PX), 0, 1);
  double tracks = count_sides (party) * (TRACK_INSET_PX + track_width (plan, party) + TRACK_TO_BAR_PX);

  return MAX (SEAT_LEAST_PX + part * (SEAT_WANTED_PX - SEAT_LEAST_PX), tracks);
}

/* Of all its labels; where one rail says nothing, the other has its room. */
static double
width_of_labels (const TramaParty *party, double label_px)
{
  return count_sides (party) < 2 ? label_px : MAX (LABELS_OF_TWO * label_px, 2 * LABEL_LEAST_PX);
}

/* At scale 1. */
static double
width_of_column (const Plan *plan, guint index, double label_px)
{
  const TramaParty *party = &g_array_index (plan->parties, TramaParty, index);

  if (is_folded (plan, index))
    return count_sides (party) * (TRACK_TO_BAR_PX + BAR_PX) + FOLDED_PX;
  if (plan->layout->seats != NULL)
    return width_of_seat (plan, party, label_px);
  return party->kernel
             ? KERNEL_PX
             : MAX (count_sides (party) * rail_width (plan, party) + width_of_labels (party, label_px),
                    CARD_LEAST_PX);
}

static double
width_of_all (const Plan *plan, double label_px, double wire_px, double notes_px)
{
  double width = GUTTER_PX + 12 + EDGE_PX + MAX (notes_px, EDGE_MARGIN_PX);

  for (guint i = 0; i < plan->parties->len; i++)
    {
      width += width_of_column (plan, i, label_px);
      width += i > 0 ? wire_px : 0;
    }
  return width;
}

/* @part of the way from the least to what is wanted. */
static double
go_between (Plan *plan, double part, gboolean notes)
{
  plan->label_px = LABEL_LEAST_PX + part * (LABEL_WANTED_PX - LABEL_LEAST_PX);
  plan->wire_px = WIRE_LEAST_PX + part * (WIRE_WANTED_PX - WIRE_LEAST_PX);
  plan->notes_px = notes ? NOTES_LEAST_PX + part * (NOTES_WANTED_PX - NOTES_LEAST_PX) : 0;
  return width_of_all (plan, plan->label_px, plan->wire_px, plan->notes_px);
}

/* As far as there is room; some columns stay as wide as their cards until labels need more. */
static void
go_as_far (Plan *plan, double page, gboolean notes)
{
  double low = 0, high = 1;

  if (go_between (plan, 1, notes) <= page)
    return;
  for (guint i = 0; i < BISECTIONS; i++)
    {
      const double middle = (low + high) / 2;

      if (go_between (plan, middle, notes) <= page)
        low = middle;
      else
        high = middle;
    }
  go_between (plan, low, notes);
}

/* What is left over when all have what they want, between columns and wires. */
static void
share_rest (Plan *plan, double rest_px)
{
  const guint n_wires = plan->parties->len - 1;
  double n_labels = 0, columns;

  for (guint i = 0; i < plan->parties->len && plan->layout->seats == NULL; i++)
    {
      const TramaParty *party = &g_array_index (plan->parties, TramaParty, i);

      if (!party->kernel && !is_folded (plan, i))
        n_labels += count_sides (party) < 2 ? 1 : LABELS_OF_TWO;
    }
  columns = n_labels <= 0 ? 0 : n_wires > 0 ? COLUMNS_PART : 1;
  plan->label_px += n_labels > 0 ? rest_px * columns / n_labels : 0;
  plan->wire_px += n_wires > 0 ? rest_px * (1 - columns) / n_wires : 0;
}

/* FALSE where that would not be enough. */
static gboolean
squeeze_notes (Plan *plan, double lack_px)
{
  if (plan->notes_px <= 0 || lack_px > NOTES_LEAST_PX - NOTES_TIGHT_PX)
    return FALSE;
  plan->notes_px -= lack_px;
  return TRUE;
}

/*
 * First things shrink, then labels and wires give way, then the chart becomes wider. What is
 * left over when they have all they want is divided between them.
 */
static void
choose_widths (Plan *plan, double page_px, double text_scale)
{
  TramaChartPrivate *self = plan->layout->self;
  gboolean notes = trama_layout_has_notes (plan->layout);
  double wanted = go_between (plan, 1, notes);
  double least = go_between (plan, 0, notes);
  double scale = text_scale * CLAMP (page_px / wanted, SCALE_MIN, 1);
  double page = page_px / scale;
  gboolean fits;

  go_as_far (plan, page, notes);
  fits = least <= page || squeeze_notes (plan, least - page);
  if (page > wanted && plan->parties->len > 0)
    share_rest (plan, page - wanted);
  plan->layout->scale = self->chart.scale = scale;
  self->chart.scope_px = self->chart.scope != NULL ? SCOPE_PX * scale : 0;
  self->chart.header_px = HEADER_PX * scale + self->chart.scope_px;
  self->chart.gutter_px = GUTTER_PX * scale;
  self->chart.width_px = fits ? page_px : least * scale;
  self->chart.notes_x0 = self->chart.width_px - MAX (plan->notes_px, EDGE_MARGIN_PX) * scale;
  self->chart.notes_x1 = MAX (self->chart.width_px - MARGIN_PX * scale, self->chart.notes_x0);
  self->chart.edge_x1 = self->chart.notes_x0;
  self->chart.edge_x0 = self->chart.edge_x1 - EDGE_PX * scale;
}

static void
place_columns (Plan *plan)
{
  double x = trama_layout_px (plan->layout, GUTTER_PX + 12);

  for (guint i = 0; i < plan->parties->len; i++)
    {
      TramaChartColumn *column = &g_array_index (plan->layout->columns, TramaChartColumn, i);
      double width = trama_layout_px (plan->layout, width_of_column (plan, i, plan->label_px));

      column->x0 = x;
      column->x1 = x + width;
      x += width + trama_layout_px (plan->layout, plan->wire_px);
    }
}

/* The rail at one edge of a column; direction as in TramaChartRail. */
static void
add_rail (TramaLayout *layout, guint32 index, int direction, double track, double room_px)
{
  const TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, index);
  double edge = direction > 0 ? column->x0 : column->x1;
  double inset = track > 0 ? TRACK_INSET_PX : 0;
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

static void
place_rails (Plan *plan)
{
  TramaLayout *layout = plan->layout;

  for (guint32 i = 0; i < plan->parties->len; i++)
    {
      const TramaParty *party = &g_array_index (plan->parties, TramaParty, i);
      TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, i);
      double room = column->folded ? 0 : (column->x1 - column->x0) / count_sides (party);
      double track = column->folded ? 0 : track_width (plan, party);

      if (party->sides & TRAMA_PARTY_LEFT)
        add_rail (layout, i, 1, track, room);
      if (party->sides & TRAMA_PARTY_RIGHT)
        add_rail (layout, i, -1, track, room);
    }
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

  trama_layout_ends_init (layout);
  trama_layout_list_sockets (layout);
  layout->parties = trama_layout_plan (layout);
  for (guint i = 0; i < layout->parties->len; i++)
    {
      const TramaParty *party = &g_array_index (layout->parties, TramaParty, i);

      add_column (layout, party, n_rails);
      n_rails += count_sides (party);
    }
}

void
trama_layout_columns (TramaLayout *layout, const TramaChartOptions *options)
{
  Plan plan = { .layout = layout, .parties = layout->parties };

  for (guint i = 0; i < layout->columns->len; i++)
    {
      TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, i);

      column->folded = (guint8) trama_lanes_is_folded (options->lanes, column->lane);
      column->pinned = (guint8) trama_lanes_is_pinned (options->lanes, column->lane);
    }
  choose_widths (&plan, options->width_px, options->text_scale);
  place_columns (&plan);
  place_rails (&plan);
}
