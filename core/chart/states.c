/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include "core/trace/call.h"

#include <math.h>
#include <string.h>
#include <sys/socket.h>

/* Sizes of the design at scale 1. */
#define STRIP_PX 12 /* a listener beside the connections it made */
#define STRIP_GAP_PX 6
#define BAND_GAP_PX 4
#define NAME_MIN_WIDTH_PX 18
#define BADGE_RISE_PX 24
#define BADGE_PX 30
#define BADGE_CHAR_PX 10.4
#define BADGE_PADDING_PX 24
#define BADGE_GAP_PX 8
#define TEAR_CLEAR_PX 4 /* the tear's wave */

/* Connections side by side; those beyond them share the last lane. */
#define LANES_MAX 16

/* How many badges back one may meet another. */
#define BADGES_LOOKED_AT 16

/*
 * One socket, or one side of a conversation whose socket is not known: the states
 * it went through, as indices of changes in order of time.
 */
typedef struct
{
  guint64 key;
  guint32 rail;
  guint32 flow, side; /* TRAMA_FLOW_NONE: known by its socket alone */
  guint64 socket;
  gboolean listens;
  GArray *changes;         /* of guint */
  gint64 start_ns, end_ns; /* G_MAXINT64: nobody saw it end */
  gint64 from_ns,
      to_ns; /* the part of that in which one and the same actor uses it; G_MAXINT64: to the end */
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
rail_at (const TramaLayout *layout, const Track *track, gint64 time_ns)
{
  guint32 rail = TRAMA_RAIL_NONE;

  if (track->flow != TRAMA_FLOW_NONE)
    rail = trama_layout_rail_of_side (layout, track->flow, track->side, time_ns);
  if (rail == TRAMA_RAIL_NONE && track->socket != TRAMA_SOCKET_NONE)
    rail = trama_layout_rail_of_socket (layout, track->socket, time_ns);
  return rail;
}

/* Of a side of a conversation, or else of a socket, whose inode number has not 64 bits. */
static guint64
track_key (const TramaStateChange *change)
{
  if (change->flow == TRAMA_FLOW_NONE)
    return change->socket | G_GUINT64_CONSTANT (1) << 63;
  return (guint64) change->flow << 1 | change->side;
}

static Track *
track_new (const TramaStateChange *change)
{
  Track *track = g_new0 (Track, 1);

  track->key = track_key (change);
  track->flow = change->flow;
  track->side = change->side;
  track->socket = change->socket;
  track->changes = g_array_new (FALSE, FALSE, sizeof (guint));
  track->start_ns = change->time_ns;
  track->listens = change->flow == TRAMA_FLOW_NONE && change->state == TRAMA_TCP_LISTEN;
  return track;
}

/* Where those of the conversations that are drawn are: what ends one, others than its packets may tell later. */
static void
find_changes (const TramaLayout *layout, guint *begin, guint *end)
{
  gint64 first_ns = G_MAXINT64, last_ns = G_MININT64;

  *begin = 0;
  *end = trama_flow_table_n_changes (layout->table);
  if (layout->seats == NULL || trama_store_n_states (layout->store) > 0)
    return;
  for (guint i = 0; i < trama_flow_set_n_flows (layout->flows); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (layout->table,
                                                         trama_flow_set_get (layout->flows, i));

      first_ns = MIN (first_ns, flow->first_ns);
      last_ns = MAX (last_ns, flow->denial == TRAMA_DENIAL_NONE ? flow->last_ns : G_MAXINT64);
    }
  *begin = trama_flow_table_find_change (layout->table, first_ns);
  if (last_ns < G_MAXINT64)
    *end = trama_flow_table_find_change (layout->table, last_ns + 1);
}

static GPtrArray *
list_tracks (const TramaLayout *layout)
{
  GPtrArray *tracks = g_ptr_array_new_with_free_func (track_free);
  g_autoptr (GHashTable) by_key = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint i, end;

  for (find_changes (layout, &i, &end); i < end; i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (layout->table, i);
      guint64 key = track_key (&change);
      Track *track;

      if ((layout->seats != NULL || change.flow != TRAMA_FLOW_NONE)
          && !trama_flow_set_has (layout->flows, change.flow))
        continue;
      track = g_hash_table_lookup (by_key, &key);
      if (track == NULL)
        {
          track = track_new (&change);
          g_hash_table_insert (by_key, &track->key, track);
          g_ptr_array_add (tracks, track);
        }
      g_array_append_val (track->changes, i);
      track->end_ns = change.state == TRAMA_TCP_CLOSED ? change.time_ns : G_MAXINT64;
    }
  return tracks;
}

static void
add_part (const TramaLayout *layout, GPtrArray *parts, const Track *track, gint64 from_ns, gint64 to_ns)
{
  guint32 rail = rail_at (layout, track, from_ns);
  Track *part;

  if (rail == TRAMA_RAIL_NONE || from_ns >= MIN (to_ns, track->end_ns))
    return;
  part = g_memdup2 (track, sizeof *track);
  part->changes = g_array_ref (track->changes);
  part->rail = rail;
  part->from_ns = from_ns;
  part->to_ns = to_ns;
  g_ptr_array_add (parts, part);
}

/* A socket that passes from one actor to another is drawn at each in turn. */
static GPtrArray *
list_parts (const TramaLayout *layout)
{
  g_autoptr (GPtrArray) tracks = list_tracks (layout);
  GPtrArray *parts = g_ptr_array_new_with_free_func (track_free);

  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *track = g_ptr_array_index (tracks, i);
      const GArray *uses = trama_users_get (layout->users, track->socket);
      gint64 from_ns = track->start_ns;

      for (guint use = 1; uses != NULL && use < uses->len; use++)
        {
          gint64 next_ns = g_array_index (uses, TramaUse, use).from_ns;

          if (next_ns <= from_ns)
            continue;
          add_part (layout, parts, track, from_ns, next_ns);
          from_ns = next_ns;
        }
      add_part (layout, parts, track, from_ns, G_MAXINT64);
    }
  return parts;
}

/* Connections that live at the same time stand side by side. Returns how many lanes that takes. */
static guint
assign_lanes (GPtrArray *tracks, guint32 rail)
{
  gint64 free_from[LANES_MAX];
  Track *last_of[LANES_MAX] = { NULL };
  guint n_lanes = 0;

  for (guint i = 0; i < tracks->len; i++)
    {
      Track *track = g_ptr_array_index (tracks, i);
      guint lane = 0;

      if (track->rail != rail || track->listens)
        continue;
      while (lane < n_lanes && free_from[lane] > track->from_ns)
        lane++;
      track->lane = MIN (lane, G_N_ELEMENTS (free_from) - 1);
      /* In the last lane, which is shared, the next one covers those before it. */
      if (lane == LANES_MAX)
        last_of[track->lane]->to_ns = MIN (last_of[track->lane]->to_ns, track->from_ns);
      last_of[track->lane] = track;
      free_from[track->lane] = MIN (track->end_ns, track->to_ns);
      n_lanes = MAX (n_lanes, track->lane + 1);
    }
  return n_lanes;
}

/* They are in order of their tails. The first that may begin at @y. */
static guint
first_arrow_at (const TramaLayout *layout, double y)
{
  guint low = 0, high = layout->arrows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (layout->arrows, TramaChartArrow, middle).y0 < y - 1)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* At the receiver a packet arrives where its head is drawn. */
static double
y_of_change (const TramaLayout *layout, const TramaStateChange *change)
{
  double y = trama_layout_y (layout, change->time_ns);

  for (guint i = first_arrow_at (layout, y); change->flow != TRAMA_FLOW_NONE && i < layout->arrows->len; i++)
    {
      const TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, i);
      TramaPacket record;
      TramaSegment segment;

      if (arrow->y0 > y + 1)
        break;
      if (arrow->y0 != y)
        continue;
      trama_store_get_packet (layout->store, arrow->packet, &record);
      trama_flow_table_get_segment (layout->table, arrow->packet, &segment);
      if (record.time_ns == change->time_ns && segment.flow == change->flow && segment.side != change->side)
        return arrow->y1;
    }
  return y;
}

static double
y_of_change_at (const TramaLayout *layout, guint index)
{
  const TramaStateChange change = trama_flow_table_get_change (layout->table, index);

  return y_of_change (layout, &change);
}

/* Whether there is room for it is told later. */
static void
name_band (TramaLayout *layout, TramaChartBand *band, const Track *track)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->table, track->socket);
  g_autofree char *note = NULL;

  if (band->x1 - band->x0 < trama_layout_px (layout, NAME_MIN_WIDTH_PX))
    return;
  band->name = trama_tcp_state_name (band->state);
  if (socket == NULL)
    return;
  note = g_strdup_printf ("fd %d", socket->fd);
  band->note = trama_layout_keep (layout, note);
}

/* Where packets tell, the state lasts; where only the calls do, nobody knows it after close(). */
static double
y_of_last_knowledge (const TramaLayout *layout, const Track *track)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->table, track->socket);

  if (track->flow != TRAMA_FLOW_NONE || socket == NULL || socket->closed_ns == TRAMA_TIME_NONE)
    return layout->self->time_scale.height_px;
  return trama_layout_y (layout, socket->closed_ns);
}

static void
add_band (TramaLayout *layout, const Track *track, guint change_index, guint next_index, double x0, double x1)
{
  const TramaStateChange change = trama_flow_table_get_change (layout->table, change_index);
  TramaChartBand band = { .rail = track->rail, .state = change.state, .x0 = x0, .x1 = x1 };

  if (change.state == TRAMA_TCP_CLOSED || change.state == TRAMA_TCP_UNKNOWN
      || change.time_ns > layout->end_ns)
    return;
  if (next_index != G_MAXUINT
      && trama_flow_table_get_change (layout->table, next_index).time_ns < layout->start_ns)
    return;
  band.y0 = y_of_change (layout, &change);
  band.fades = next_index == G_MAXUINT;
  band.y1 = band.fades ? y_of_last_knowledge (layout, track) : y_of_change_at (layout, next_index);
  if (track->from_ns > track->start_ns)
    band.y0 = MAX (band.y0, trama_layout_y (layout, track->from_ns));
  if (track->to_ns != G_MAXINT64 && band.y1 > trama_layout_y (layout, track->to_ns))
    {
      band.y1 = trama_layout_y (layout, track->to_ns);
      band.fades = FALSE;
    }
  if (band.y1 <= band.y0)
    return;
  name_band (layout, &band, track);
  g_array_append_val (layout->bands, band);
}

/* By lane: until when what begins falls into a row of pixels that has states already; of few, none does. */
typedef struct
{
  gint64 until_ns[LANES_MAX];
} Rows;

/* Of many, one in a row of pixels stands for all. */
static gboolean
falls_into_row (const TramaLayout *layout, Rows *rows, guint lane, gint64 begin_ns, gint64 end_ns)
{
  const TramaScale *scale = &layout->self->time_scale;

  if (!trama_layout_is_large (layout))
    return FALSE;
  if (end_ns < rows->until_ns[lane])
    return TRUE;
  rows->until_ns[lane] = trama_scale_time_of_y (scale, floor (trama_layout_y (layout, begin_ns)) + 1);
  return FALSE;
}

static gint64
time_of_change (const TramaLayout *layout, const Track *track, guint index)
{
  if (index >= track->changes->len)
    return track->end_ns;
  return trama_flow_table_get_change (layout->table, g_array_index (track->changes, guint, index)).time_ns;
}

static void
add_connection (TramaLayout *layout, const Track *track, guint n_lanes, gboolean beside_listener, Rows *rows)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, track->rail);
  double strip = beside_listener ? trama_layout_px (layout, STRIP_PX + STRIP_GAP_PX) : 0;
  double x0 = rail->track_x0 + (rail->direction > 0 ? strip : 0);
  double x1 = rail->track_x1 - (rail->direction > 0 ? 0 : strip);
  double width = (x1 - x0) / n_lanes;
  double gap = n_lanes > 1 ? trama_layout_px (layout, BAND_GAP_PX) : 0;

  x0 += track->lane * width;
  if (MIN (track->end_ns, track->to_ns) < rows->until_ns[track->lane])
    return;
  for (guint i = 0; i < track->changes->len; i++)
    if (!falls_into_row (layout, rows, track->lane, time_of_change (layout, track, i),
                         time_of_change (layout, track, i + 1)))
      add_band (layout, track, g_array_index (track->changes, guint, i),
                i + 1 < track->changes->len ? g_array_index (track->changes, guint, i + 1) : G_MAXUINT, x0,
                x0 + width - gap);
}

static double
first_connection_y (const TramaLayout *layout, GPtrArray *tracks, guint32 rail)
{
  const Track *first = NULL;

  for (guint i = 0; i < tracks->len; i++)
    {
      const Track *track = g_ptr_array_index (tracks, i);

      if (track->rail == rail && !track->listens && (first == NULL || track->from_ns < first->from_ns))
        first = track;
    }
  if (first == NULL)
    return G_MAXDOUBLE;
  return first->from_ns > first->start_ns ? trama_layout_y (layout, first->from_ns)
                                          : y_of_change_at (layout, g_array_index (first->changes, guint, 0));
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

/* They are the same at every scale. */
static void
make_tracks (TramaLayout *layout)
{
  TramaLadder *ladder = layout->ladder;

  ladder->tracks = list_parts (layout);
  ladder->rail_tracks = g_new0 (TramaRailTracks, layout->rails->len + 1);
  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    ladder->rail_tracks[rail] = (TramaRailTracks){ assign_lanes (ladder->tracks, rail),
                                                   has_listener (ladder->tracks, rail) };
}

static void
add_bands (TramaLayout *layout)
{
  const GPtrArray *tracks;

  if (layout->ladder->tracks == NULL)
    make_tracks (layout);
  tracks = layout->ladder->tracks;
  for (guint32 rail = 0; rail < layout->rails->len; rail++)
    {
      const TramaChartRail *place = &g_array_index (layout->rails, TramaChartRail, rail);
      const TramaRailTracks *beside = &layout->ladder->rail_tracks[rail];
      Rows rows;

      for (guint lane = 0; lane < LANES_MAX; lane++)
        rows.until_ns[lane] = G_MININT64;

      for (guint i = 0; place->track_x1 > place->track_x0 && i < tracks->len; i++)
        {
          const Track *track = g_ptr_array_index (tracks, i);

          if (track->rail != rail || track->from_ns > layout->end_ns
              || MIN (track->end_ns, track->to_ns) < layout->start_ns)
            continue;
          if (track->listens)
            add_listener (layout, layout->ladder->tracks, track);
          else
            add_connection (layout, track, beside->n_lanes, beside->has_listener, &rows);
        }
    }
}

/* Of @badge, who has it, how high it stands and on which side. */
static void
place_badge (TramaLayout *layout, TramaChartBadge badge, guint16 port)
{
  g_autofree char *text = g_strdup_printf (":%u", port);

  badge.x = g_array_index (layout->rails, TramaChartRail, badge.rail).line_x;
  badge.text = trama_layout_keep (layout, text);
  badge.height_px = trama_layout_px (layout, BADGE_PX);
  badge.width_px = trama_layout_px (layout, (double) strlen (text) * BADGE_CHAR_PX + BADGE_PADDING_PX);
  badge.left = badge.x - badge.width_px / 2;
  if (badge.align != 0)
    badge.left = badge.align > 0 ? badge.x + trama_layout_px (layout, BADGE_GAP_PX)
                                 : badge.x - trama_layout_px (layout, BADGE_GAP_PX) - badge.width_px;
  g_array_append_val (layout->badges, badge);
}

/* @row: of the last one at that rail; of many that begin in one row, one is named. */
static void
add_badge (TramaLayout *layout, const TramaSocket *socket, guint32 rail_index, double *row)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, rail_index);
  TramaChartBadge badge = { .rail = rail_index };

  if (socket->local.port == 0 || socket->bound_ns == TRAMA_TIME_NONE || socket->bound_ns < layout->start_ns
      || socket->bound_ns > layout->end_ns || !trama_ports_is_news (layout->ladder->ports, socket))
    return;
  /* Without a track the bars stand where half of a centred badge would. */
  badge.align = socket->bound_by_user && rail->track_x1 > rail->track_x0 ? 0 : -rail->direction;
  badge.y = trama_layout_y (layout, socket->bound_ns);
  if (!socket->bound_by_user)
    badge.y -= trama_layout_px (layout, BADGE_RISE_PX);
  if (trama_layout_is_large (layout) && floor (badge.y / trama_layout_px (layout, BADGE_PX)) == *row)
    return;
  *row = floor (badge.y / trama_layout_px (layout, BADGE_PX));
  place_badge (layout, badge, socket->local.port);
}

/* Of endpoints that share a column: where each conversation begins, unless there is another already. */
static void
add_seat_badges (TramaLayout *layout)
{
  g_autofree double *free_from = g_new0 (double, layout->rails->len + 1);

  if (layout->seats == NULL)
    return;
  for (guint i = 0; i < trama_flow_set_n_flows (layout->flows); i++)
    for (guint side = 0; side < 2; side++)
      {
        guint32 flow = trama_flow_set_get (layout->flows, i);
        const TramaFlow *of = trama_flow_table_get_flow (layout->table, flow);
        guint32 rail = trama_layout_rail_of_side (layout, flow, side, of->first_ns);
        TramaChartBadge badge = { .rail = rail, .y = trama_layout_y (layout, of->first_ns) };

        if (!trama_seats_is_shared (layout->seats, flow, side) || of->endpoint[side].port == 0
            || badge.y < free_from[rail])
          continue;
        free_from[rail] = badge.y + trama_layout_px (layout, BADGE_PX + BADGE_GAP_PX);
        badge.y -= trama_layout_px (layout, BADGE_RISE_PX);
        badge.align = -g_array_index (layout->rails, TramaChartRail, rail).direction;
        if (of->first_ns >= layout->start_ns && of->first_ns <= layout->end_ns)
          place_badge (layout, badge, of->endpoint[side].port);
      }
}

static void
add_lifeline (TramaLayout *layout, const TramaSocket *socket, gint64 from_ns, gint64 to_ns, guint *lasts)
{
  guint32 rail = trama_layout_rail_of_socket (layout, socket->id, from_ns);
  TramaChartLifeline line = { .rail = rail }, *last;

  if (rail == TRAMA_RAIL_NONE)
    return;
  line.x = g_array_index (layout->rails, TramaChartRail, rail).line_x;
  line.y0 = trama_layout_y (layout, from_ns);
  line.y1 = to_ns == TRAMA_TIME_NONE ? layout->self->time_scale.height_px : trama_layout_y (layout, to_ns);
  if (line.y0 > line.y1 || !trama_layout_wants (layout, line.y0, line.y1))
    return;
  last = lasts[rail] > 0 ? &g_array_index (layout->lifelines, TramaChartLifeline, lasts[rail] - 1) : NULL;
  if (last != NULL && trama_layout_is_large (layout) && line.y0 >= last->y0 && line.y0 - last->y1 < 1)
    {
      last->y1 = MAX (last->y1, line.y1);
      return;
    }
  g_array_append_val (layout->lifelines, line);
  lasts[rail] = layout->lifelines->len;
}

static gboolean
lived_in (const TramaLayout *layout, const TramaSocket *socket)
{
  return socket->made_ns <= layout->end_ns
         && (socket->closed_ns == TRAMA_TIME_NONE || socket->closed_ns >= layout->start_ns);
}

static void
add_lifelines (TramaLayout *layout)
{
  g_autofree guint *lasts = g_new0 (guint, layout->rails->len + 1); /* by rail, + 1 */
  g_autofree double *rows = g_new (double, layout->rails->len + 1);

  for (guint i = 0; i <= layout->rails->len; i++)
    rows[i] = -G_MAXDOUBLE;
  if (layout->ladder->ports == NULL)
    layout->ladder->ports = trama_ports_new (layout->table);
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      const GArray *uses;
      guint32 rail;
      gint64 from_ns = socket->made_ns;

      if (trama_layout_is_large (layout) && !lived_in (layout, socket))
        continue;
      uses = trama_users_get (layout->users, socket->id);
      rail = trama_layout_rail_of_socket (layout, socket->id, socket->bound_ns);
      for (guint use = 1; uses != NULL && use < uses->len; use++)
        {
          gint64 next_ns = g_array_index (uses, TramaUse, use).from_ns;

          add_lifeline (layout, socket, from_ns, next_ns, lasts);
          from_ns = next_ns;
        }
      add_lifeline (layout, socket, from_ns, socket->closed_ns, lasts);
      if (rail != TRAMA_RAIL_NONE)
        add_badge (layout, socket, rail, &rows[rail]);
    }
}

static int
compare_badges (gconstpointer a, gconstpointer b)
{
  const TramaChartBadge *x = a, *y = b;

  if (x->y != y->y)
    return x->y < y->y ? -1 : 1;
  return x->left < y->left ? -1 : x->left > y->left;
}

/* Where the badge would hide the mark of a gap it stands below that, or above if that is nearer and @up. */
static void
keep_off_tears (const TramaLayout *layout, TramaChartBadge *badge, gboolean up)
{
  double clear = badge->height_px / 2 + trama_layout_px (layout, TEAR_CLEAR_PX);

  for (guint i = 0; i < layout->tears->len; i++)
    {
      const TramaChartTear *tear = &g_array_index (layout->tears, TramaChartTear, i);
      double above = tear->y0 - clear, below = tear->y1 + clear;

      if (badge->y > above && badge->y < below)
        badge->y = up && badge->y - above < below - badge->y ? above : below;
    }
}

/* Those that were given at the same time stand below one another. */
static void
part_badges (TramaLayout *layout)
{
  g_array_sort (layout->badges, compare_badges);
  for (guint i = 0; i < layout->badges->len; i++)
    {
      TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, i);

      keep_off_tears (layout, badge, TRUE);
      for (guint other = i - MIN (i, BADGES_LOOKED_AT); other < i; other++)
        {
          const TramaChartBadge *before = &g_array_index (layout->badges, TramaChartBadge, other);
          gboolean beside = badge->left >= before->left + before->width_px
                            || before->left >= badge->left + badge->width_px;

          if (!beside && fabs (badge->y - before->y) < badge->height_px + 1)
            {
              badge->y = before->y + badge->height_px + 2;
              keep_off_tears (layout, badge, FALSE);
            }
        }
    }
  g_array_sort (layout->badges, compare_badges);
}

void
trama_layout_lifelines (TramaLayout *layout)
{
  add_lifelines (layout);
  if (layout->seats != NULL)
    add_seat_badges (layout);
  part_badges (layout);
}

void
trama_layout_states (TramaLayout *layout)
{
  add_bands (layout);
}
