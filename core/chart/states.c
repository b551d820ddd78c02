/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include "core/trace/call.h"

#include <sys/socket.h>

/* Sizes of the design at scale 1. */
#define STRIP_PX 12 /* a listener beside the connections it made */
#define STRIP_GAP_PX 6
#define BAND_GAP_PX 4
#define NAME_MIN_HEIGHT_PX 17
#define NAME_MIN_WIDTH_PX 46
#define NOTE_MIN_HEIGHT_PX 42
#define BADGE_RISE_PX 24

/*
 * One socket, or one side of a conversation whose socket is not known: the states
 * it went through, as indices of changes in order of time.
 */
typedef struct
{
  guint32 rail;
  guint32 flow, side; /* TRAMA_FLOW_NONE: known by its socket alone */
  guint64 socket;
  gboolean listens;
  GArray *changes; /* of guint */
  gint64 start_ns, end_ns;
  guint lane;
} Track;

static void
track_free (gpointer data)
{
  Track *track = data;

  g_array_unref (track->changes);
  g_free (track);
}

static guint32
rail_of_change (const TramaLayout *layout, const TramaStateChange *change)
{
  guint32 rail = TRAMA_RAIL_NONE;

  if (change->socket != TRAMA_SOCKET_NONE)
    rail = trama_layout_rail_of_socket (layout, change->socket);
  if (rail == TRAMA_RAIL_NONE && change->flow != TRAMA_FLOW_NONE)
    rail = layout->rail_of_side[change->flow][change->side];
  return rail;
}

static Track *
find_track (GPtrArray *tracks, const TramaStateChange *change)
{
  for (guint i = tracks->len; i-- > 0;)
    {
      Track *track = g_ptr_array_index (tracks, i);

      if (track->flow == change->flow && track->side == change->side
          && (track->flow != TRAMA_FLOW_NONE || track->socket == change->socket))
        return track;
    }
  return NULL;
}

static GPtrArray *
list_tracks (const TramaLayout *layout)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func (track_free);

  for (guint i = 0; i < trama_flow_table_n_changes (layout->self->table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (layout->self->table, i);
      guint32 rail = rail_of_change (layout, &change);
      Track *track;

      if (rail == TRAMA_RAIL_NONE)
        continue;
      track = find_track (tracks, &change);
      if (track == NULL)
        {
          track = g_new0 (Track, 1);
          track->rail = rail;
          track->flow = change.flow;
          track->side = change.side;
          track->socket = change.socket;
          track->changes = g_array_new (FALSE, FALSE, sizeof (guint));
          track->start_ns = change.time_ns;
          track->listens = change.flow == TRAMA_FLOW_NONE && change.state == TRAMA_TCP_LISTEN;
          g_ptr_array_add (tracks, track);
        }
      g_array_append_val (track->changes, i);
      track->end_ns = change.state == TRAMA_TCP_CLOSED ? change.time_ns : G_MAXINT64;
    }
  return tracks;
}

/* Connections that live at the same time stand side by side. Returns how many lanes that takes. */
static guint
assign_lanes (GPtrArray *tracks, guint32 rail)
{
  gint64 free_from[16];
  guint n_lanes = 0;

  for (guint i = 0; i < tracks->len; i++)
    {
      Track *track = g_ptr_array_index (tracks, i);
      guint lane = 0;

      if (track->rail != rail || track->listens)
        continue;
      while (lane < n_lanes && free_from[lane] > track->start_ns)
        lane++;
      track->lane = MIN (lane, G_N_ELEMENTS (free_from) - 1);
      free_from[track->lane] = track->end_ns;
      n_lanes = MAX (n_lanes, track->lane + 1);
    }
  return n_lanes;
}

/* At the receiver a packet arrives where its head is drawn. */
static double
y_of_change (const TramaLayout *layout, const TramaStateChange *change)
{
  TramaStore *store = layout->self->store;
  double y = trama_layout_y (layout, change->time_ns);
  guint position;

  if (change->flow == TRAMA_FLOW_NONE)
    return y;
  for (position = trama_store_find_packet (store, change->time_ns); position < trama_store_n_packets (store);
       position++)
    {
      guint packet = trama_store_packet_at (store, position);
      guint place = GPOINTER_TO_UINT (
          g_hash_table_lookup (layout->self->arrow_of_packet, GUINT_TO_POINTER (packet)));
      TramaPacket record;
      TramaSegment segment;

      trama_store_get_packet (store, packet, &record);
      if (record.time_ns != change->time_ns)
        break;
      trama_flow_table_get_segment (layout->self->table, packet, &segment);
      if (place != 0 && segment.flow == change->flow && segment.side != change->side)
        return g_array_index (layout->arrows, TramaChartArrow, place - 1).y1;
    }
  return y;
}

static double
y_of_change_at (const TramaLayout *layout, guint index)
{
  const TramaStateChange change = trama_flow_table_get_change (layout->self->table, index);

  return y_of_change (layout, &change);
}

static void
name_band (TramaLayout *layout, TramaChartBand *band, const Track *track)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->self->table, track->socket);
  double height = band->y1 - band->y0;
  g_autofree char *note = NULL;

  if (height < trama_layout_px (layout, NAME_MIN_HEIGHT_PX)
      || band->x1 - band->x0 < trama_layout_px (layout, NAME_MIN_WIDTH_PX))
    return;
  band->name = trama_tcp_state_name (band->state);
  if (socket == NULL || height < trama_layout_px (layout, NOTE_MIN_HEIGHT_PX))
    return;
  note = g_strdup_printf ("fd %d", socket->fd);
  band->note = trama_layout_keep (layout, note);
}

/* Where packets tell, the state lasts; where only the calls do, nobody knows it after close(). */
static double
y_of_last_knowledge (const TramaLayout *layout, const Track *track)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->self->table, track->socket);

  if (track->flow != TRAMA_FLOW_NONE || socket == NULL || socket->closed_ns == TRAMA_TIME_NONE)
    return layout->self->time_scale.height_px;
  return trama_layout_y (layout, socket->closed_ns);
}

static void
add_band (TramaLayout *layout, const Track *track, guint change_index, guint next_index, double x0, double x1)
{
  const TramaStateChange change = trama_flow_table_get_change (layout->self->table, change_index);
  TramaChartBand band = { .rail = track->rail, .state = change.state, .x0 = x0, .x1 = x1 };

  if (change.state == TRAMA_TCP_CLOSED || change.state == TRAMA_TCP_UNKNOWN)
    return;
  band.y0 = y_of_change (layout, &change);
  band.fades = next_index == G_MAXUINT;
  band.y1 = band.fades ? y_of_last_knowledge (layout, track) : y_of_change_at (layout, next_index);
  if (band.y1 <= band.y0)
    return;
  name_band (layout, &band, track);
  g_array_append_val (layout->bands, band);
}

static void
add_connection (TramaLayout *layout, const Track *track, guint n_lanes, gboolean beside_listener)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, track->rail);
  double strip = beside_listener ? trama_layout_px (layout, STRIP_PX + STRIP_GAP_PX) : 0;
  double x0 = rail->track_x0 + (rail->direction > 0 ? strip : 0);
  double x1 = rail->track_x1 - (rail->direction > 0 ? 0 : strip);
  double width = (x1 - x0) / n_lanes;
  double gap = n_lanes > 1 ? trama_layout_px (layout, BAND_GAP_PX) : 0;

  x0 += track->lane * width;
  for (guint i = 0; i < track->changes->len; i++)
    add_band (layout, track, g_array_index (track->changes, guint, i),
              i + 1 < track->changes->len ? g_array_index (track->changes, guint, i + 1) : G_MAXUINT, x0,
              x0 + width - gap);
}

static double
first_connection_y (const TramaLayout *layout, GPtrArray *tracks, guint32 rail)
{
  double y = G_MAXDOUBLE;

  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *track = g_ptr_array_index (tracks, i);
      guint first = g_array_index (track->changes, guint, 0);

      if (track->rail == rail && !track->listens)
        y = MIN (y, y_of_change_at (layout, first));
    }
  return y;
}

/* A listener has the whole width until its first connection, then makes room for it. */
static void
add_listener (TramaLayout *layout, GPtrArray *tracks, const Track *track)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, track->rail);
  double strip = trama_layout_px (layout, STRIP_PX);
  double parting = first_connection_y (layout, tracks, track->rail);
  guint before = layout->bands->len;
  guint after;

  for (guint i = 0; i < track->changes->len; i++)
    add_band (layout, track, g_array_index (track->changes, guint, i),
              i + 1 < track->changes->len ? g_array_index (track->changes, guint, i + 1) : G_MAXUINT,
              rail->track_x0, rail->track_x1);
  after = layout->bands->len;
  for (guint i = before; i < after; i++)
    {
      TramaChartBand *band = &g_array_index (layout->bands, TramaChartBand, i);
      TramaChartBand rest = *band;

      if (band->y1 <= parting)
        continue;
      rest.y0 = MAX (parting, band->y0);
      rest.name = rest.note = NULL;
      rest.x0 = rail->direction > 0 ? rail->track_x0 : rail->track_x1 - strip;
      rest.x1 = rest.x0 + strip;
      band->y1 = rest.y0;
      band->fades = FALSE;
      name_band (layout, band, track);
      g_array_append_val (layout->bands, rest);
    }
}

static gboolean
has_listener (GPtrArray *tracks, guint32 rail)
{
  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *track = g_ptr_array_index (tracks, i);

      if (track->rail == rail && track->listens)
        return TRUE;
    }
  return FALSE;
}

static void
add_bands (TramaLayout *layout)
{
  g_autoptr (GPtrArray) tracks = list_tracks (layout);

  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    {
      guint n_lanes = assign_lanes (tracks, rail);
      gboolean listener = has_listener (tracks, rail);

      for (guint i = 0; i < tracks->len; i++)
        {
          const Track *track = g_ptr_array_index (tracks, i);

          if (track->rail != rail)
            continue;
          if (track->listens)
            add_listener (layout, tracks, track);
          else
            add_connection (layout, track, n_lanes, listener);
        }
    }
}

/* The port an accepted socket has is its listener's, and stands there already. */
static gboolean
port_is_news (const TramaLayout *layout, const TramaSocket *socket)
{
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->self->table); i++)
    {
      const TramaSocket *other = trama_flow_table_get_socket (layout->self->table, i);

      if (other->id != socket->id && other->actor == socket->actor && other->local.port == socket->local.port
          && other->bound_ns < socket->bound_ns)
        return FALSE;
    }
  return TRUE;
}

static void
add_badge (TramaLayout *layout, const TramaSocket *socket, guint32 rail_index)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, rail_index);
  g_autofree char *text = g_strdup_printf (":%u", socket->local.port);
  TramaChartBadge badge = { .rail = rail_index, .x = rail->line_x };

  if (socket->local.port == 0 || socket->bound_ns == TRAMA_TIME_NONE || !port_is_news (layout, socket))
    return;
  /* Without a track the bars stand where half of a centred badge would. */
  badge.align = socket->bound_by_user && rail->track_x1 > rail->track_x0 ? 0 : -rail->direction;
  badge.y = trama_layout_y (layout, socket->bound_ns);
  if (!socket->bound_by_user)
    badge.y -= trama_layout_px (layout, BADGE_RISE_PX);
  badge.text = trama_layout_keep (layout, text);
  g_array_append_val (layout->badges, badge);
}

static void
add_lifelines (TramaLayout *layout)
{
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->self->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->self->table, i);
      guint32 rail = trama_layout_rail_of_socket (layout, socket->id);
      TramaChartLifeline line = { .rail = rail };

      if (rail == TRAMA_RAIL_NONE)
        continue;
      line.x = g_array_index (layout->rails, TramaChartRail, rail).line_x;
      line.y0 = trama_layout_y (layout, socket->made_ns);
      line.y1 = socket->closed_ns == TRAMA_TIME_NONE ? layout->self->time_scale.height_px
                                                     : trama_layout_y (layout, socket->closed_ns);
      g_array_append_val (layout->lifelines, line);
      add_badge (layout, socket, rail);
    }
}

void
trama_layout_states (TramaLayout *layout)
{
  add_bands (layout);
  add_lifelines (layout);
}
