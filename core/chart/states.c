/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include "core/chart/reaches.h"
#include "core/trace/call.h"

#include <math.h>
#include <string.h>

/* Sizes of the design at scale 1. */
#define STRIP_PX 12 /* a listener beside the connections it made */
#define STRIP_GAP_PX 6
#define BAND_GAP_PX 4
#define NAME_MIN_WIDTH_PX 18

/* Connections side by side; those beyond them share the last lane. */
#define LANES_MAX 16

/* A change of the table. Its time is asked for again and again. */
typedef struct
{
  gint64 time_ns;
  guint index;
  guint8 state; /* TramaTcpState, from then on */
} Change;

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
  GArray *changes;         /* of Change */
  gint64 start_ns, end_ns; /* G_MAXINT64: nobody saw it end */
  gint64 from_ns,
      to_ns; /* the part of that in which one and the same actor uses it; G_MAXINT64: to the end */
  guint lane;
} Track;

static void
track_free (gpointer data)
{
  Track *track = data;

  if (track == NULL)
    return;
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
  track->changes = g_array_new (FALSE, FALSE, sizeof (Change));
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

static void
list_change (TramaLadder *ladder, guint index)
{
  const TramaLayout *layout = &ladder->cast;
  const TramaStateChange change = trama_flow_table_get_change (layout->table, index);
  guint64 key = track_key (&change);
  Track *track;

  if ((layout->seats != NULL || change.flow != TRAMA_FLOW_NONE)
      && !trama_flow_set_has (layout->flows, change.flow))
    return;
  track = g_hash_table_lookup (ladder->track_of, &key);
  if (track == NULL)
    {
      track = track_new (&change);
      g_hash_table_insert (ladder->track_of, &track->key, track);
      g_ptr_array_add (ladder->whole_tracks, track);
    }
  g_array_append_val (track->changes, ((Change){ change.time_ns, index, change.state }));
  track->end_ns = change.state == TRAMA_TCP_CLOSED ? change.time_ns : G_MAXINT64;
}

gboolean
trama_ladder_list_tracks (TramaLadder *ladder, guint room)
{
  guint begin, end;

  find_changes (&ladder->cast, &begin, &end);
  if (ladder->whole_tracks == NULL)
    {
      ladder->whole_tracks = g_ptr_array_new_with_free_func (track_free);
      ladder->track_of = g_hash_table_new (g_int64_hash, g_int64_equal);
      ladder->next_prepared = begin;
    }
  for (; ladder->next_prepared < end && room > 0; ladder->next_prepared++, room--)
    list_change (ladder, ladder->next_prepared);
  if (ladder->next_prepared < end)
    return TRUE;
  g_clear_pointer (&ladder->track_of, g_hash_table_unref);
  return FALSE;
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
static void
add_parts (const TramaLayout *layout, GPtrArray *parts, const Track *track)
{
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

gboolean
trama_ladder_part_tracks (TramaLadder *ladder, guint room)
{
  if (ladder->tracks == NULL)
    ladder->tracks = g_ptr_array_new_with_free_func (track_free);
  for (; ladder->next_prepared < ladder->whole_tracks->len && room > 0; ladder->next_prepared++, room--)
    {
      gpointer *track = &g_ptr_array_index (ladder->whole_tracks, ladder->next_prepared);

      add_parts (&ladder->cast, ladder->tracks, *track);
      track_free (g_steal_pointer (track));
    }
  if (ladder->next_prepared < ladder->whole_tracks->len)
    return TRUE;
  g_clear_pointer (&ladder->whole_tracks, g_ptr_array_unref);
  return FALSE;
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
y_of_change_at (const TramaLayout *layout, const Track *track, guint index)
{
  const TramaStateChange change = trama_flow_table_get_change (
      layout->table, g_array_index (track->changes, Change, index).index);

  return y_of_change (layout, &change);
}

/* Whether there is room for it is told later. */
static void
name_band (TramaLayout *layout, TramaChartBand *band, const Track *track)
{
  const TramaSocket *socket = trama_flow_table_find_socket (layout->table, track->socket);
  g_autofree char *note = NULL;
  gint32 fd;

  if (band->x1 - band->x0 < trama_layout_px (layout, NAME_MIN_WIDTH_PX))
    return;
  band->name = trama_tcp_state_name (band->state);
  if (socket == NULL)
    return;
  fd = trama_users_descriptor_at (layout->users, socket->id, track->from_ns);
  note = g_strdup_printf ("fd %d", fd >= 0 ? fd : socket->fd);
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

static gboolean
is_drawn (guint state)
{
  return state != TRAMA_TCP_CLOSED && state != TRAMA_TCP_UNKNOWN;
}

/* What began with a change of a track, up to the next one. */
static void
add_band (TramaLayout *layout, const Track *track, guint index, double x0, double x1)
{
  const Change *kept = &g_array_index (track->changes, Change, index);
  gboolean is_last = index + 1 == track->changes->len;
  TramaChartBand band = { .rail = track->rail, .x0 = x0, .x1 = x1, .fades = is_last };
  TramaStateChange change;

  if (kept->time_ns > layout->end_ns || (!is_last && kept[1].time_ns < layout->start_ns))
    return;
  change = trama_flow_table_get_change (layout->table, kept->index);
  if (!is_drawn (change.state))
    return;
  band.state = change.state;
  band.y0 = y_of_change (layout, &change);
  band.y1 = is_last ? y_of_last_knowledge (layout, track) : y_of_change_at (layout, track, index + 1);
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

/* Of one behind the last, when the track ends: nothing lasts longer than that. */
static gint64
time_of_change (const Track *track, guint index)
{
  gint64 end_ns = MIN (track->end_ns, track->to_ns);

  return index < track->changes->len ? MIN (g_array_index (track->changes, Change, index).time_ns, end_ns)
                                     : end_ns;
}

/* Of a lane with many, what it has by now. */
typedef struct
{
  gint64 until_ns; /* what ends before falls into a row of pixels that has states already */
  guint n_bands;   /* when the last of them was made to stand for its row; 0: none was */
} Rows;

/* What is lower than a row of pixels, of many, stands for all that begins in its row. */
static gboolean
is_low (const TramaLayout *layout, gint64 begin_ns, gint64 end_ns)
{
  return trama_layout_is_large (layout) && end_ns < G_MAXINT64
         && trama_layout_y (layout, end_ns) - trama_layout_y (layout, begin_ns) < 1;
}

/* Those of one state in rows one below the other are one. */
static void
add_row (TramaLayout *layout, TramaChartBand band, Rows *rows)
{
  TramaChartBand *last = rows->n_bands > 0 && rows->n_bands == layout->bands->len
                             ? &g_array_index (layout->bands, TramaChartBand, rows->n_bands - 1)
                             : NULL;

  rows->until_ns = trama_scale_time_of_y (&layout->self->time_scale, band.y1);
  if (last != NULL && last->state == band.state && last->y1 >= band.y0)
    {
      last->y1 = band.y1;
      return;
    }
  g_array_append_val (layout->bands, band);
  rows->n_bands = layout->bands->len;
}

/* From where to where a lane of a rail is. */
typedef struct
{
  guint32 rail;
  double x0, x1;
} Place;

static Place
place_lane (const TramaLayout *layout, const TramaRailTracks *beside, guint32 index, guint lane)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, index);
  double strip = beside->listeners->len > 0 ? trama_layout_px (layout, STRIP_PX + STRIP_GAP_PX) : 0;
  double x0 = rail->track_x0 + (rail->direction > 0 ? strip : 0);
  double x1 = rail->track_x1 - (rail->direction > 0 ? 0 : strip);
  double width = (x1 - x0) / MAX (beside->n_lanes, 1);
  double gap = beside->n_lanes > 1 ? trama_layout_px (layout, BAND_GAP_PX) : 0;

  x0 += lane * width;
  return (Place){ index, x0, x0 + width - gap };
}

static void
add_low (TramaLayout *layout, guint8 state, gint64 begin_ns, const Place *place, Rows *rows)
{
  double row = floor (trama_layout_y (layout, begin_ns));

  if (begin_ns >= rows->until_ns && is_drawn (state))
    add_row (layout, (TramaChartBand){ place->rail, state, FALSE, place->x0, place->x1, row, row + 1 }, rows);
}

static void
add_state (TramaLayout *layout, const Track *track, guint index, const Place *place, Rows *rows)
{
  gint64 begin_ns = time_of_change (track, index), end_ns = time_of_change (track, index + 1);
  double row = floor (trama_layout_y (layout, begin_ns));

  if (is_low (layout, begin_ns, end_ns))
    {
      add_low (layout, g_array_index (track->changes, Change, index).state, begin_ns, place, rows);
      return;
    }
  add_band (layout, track, index, place->x0, place->x1);
  rows->until_ns = trama_scale_time_of_y (&layout->self->time_scale, row + 1);
}

static void
add_connection (TramaLayout *layout, const Track *track, const Place *place, Rows *rows)
{
  gboolean is_large = trama_layout_is_large (layout);

  for (guint i = 0; i < track->changes->len && time_of_change (track, i) <= layout->end_ns; i++)
    {
      gint64 end_ns = time_of_change (track, i + 1);

      if (end_ns >= layout->start_ns && (!is_large || end_ns >= rows->until_ns))
        add_state (layout, track, i, place, rows);
    }
}

static double
first_connection_y (const TramaLayout *layout, guint32 rail)
{
  const TramaRailTracks *beside = &g_array_index (layout->ladder->rail_tracks, TramaRailTracks, rail);
  const Track *first;

  if (beside->first_connection == G_MAXUINT)
    return G_MAXDOUBLE;
  first = g_ptr_array_index (layout->ladder->tracks, beside->first_connection);
  return first->from_ns > first->start_ns ? trama_layout_y (layout, first->from_ns)
                                          : y_of_change_at (layout, first, 0);
}

/* A listener has the whole width until its first connection, then makes room for it. */
static void
add_listener (TramaLayout *layout, const Track *track)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, track->rail);
  double strip = trama_layout_px (layout, STRIP_PX);
  double parting = first_connection_y (layout, track->rail);
  guint before = layout->bands->len;
  guint after;

  for (guint i = 0; i < track->changes->len; i++)
    add_band (layout, track, i, rail->track_x0, rail->track_x1);
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

/* Of a track, what is looked at in every part. */
typedef struct
{
  gint64 from_ns, until_ns;
  guint32 track;
  guint8 state; /* in which it was for longest */
} Stay;

/* Those that stand one below the other, in order. */
typedef struct
{
  GArray *stays; /* of Stay */
  TramaReaches reaches;
} Lane;

static int
compare_stays (gconstpointer a, gconstpointer b)
{
  const Stay *x = a, *y = b;

  if (x->from_ns != y->from_ns)
    return x->from_ns < y->from_ns ? -1 : 1;
  return x->track < y->track ? -1 : x->track > y->track;
}

static Lane *
lane_new (void)
{
  Lane *lane = g_new0 (Lane, 1);

  lane->stays = g_array_new (FALSE, FALSE, sizeof (Stay));
  trama_reaches_init (&lane->reaches);
  return lane;
}

static void
lane_free (gpointer data)
{
  Lane *lane = data;

  g_array_unref (lane->stays);
  trama_reaches_clear (&lane->reaches);
  g_free (lane);
}

static void
close_lane (Lane *lane)
{
  g_array_sort (lane->stays, compare_stays);
  for (guint i = 0; i < lane->stays->len; i++)
    {
      const Stay *stay = &g_array_index (lane->stays, Stay, i);

      trama_reaches_append (&lane->reaches, stay->from_ns, stay->until_ns);
    }
}

static guint8
find_longest_state (const Track *track)
{
  gint64 longest_ns = -1;
  guint8 state = TRAMA_TCP_UNKNOWN;

  for (guint i = 0; i < track->changes->len; i++)
    {
      const Change *change = &g_array_index (track->changes, Change, i);
      gint64 length_ns = trama_reaches_length (time_of_change (track, i), time_of_change (track, i + 1));

      if (!is_drawn (change->state) || length_ns <= longest_ns)
        continue;
      longest_ns = length_ns;
      state = change->state;
    }
  return state;
}

static void
list_stay (TramaRailTracks *beside, const Track *track, guint32 index)
{
  const Stay stay = { track->from_ns, MIN (track->end_ns, track->to_ns), index, find_longest_state (track) };
  Lane *lane = g_ptr_array_index (beside->lanes, track->lane);

  if (track->listens)
    g_array_append_val (beside->listeners, index);
  else
    g_array_append_val (lane->stays, stay);
}

static void
begin_stays (TramaRailTracks *beside)
{
  beside->first_connection = G_MAXUINT;
  beside->listeners = g_array_new (FALSE, FALSE, sizeof (guint));
  beside->lanes = g_ptr_array_new_with_free_func (lane_free);
  for (guint lane = 0; lane < MAX (beside->n_lanes, 1); lane++)
    g_ptr_array_add (beside->lanes, lane_new ());
}

static void
place_track (TramaLadder *ladder, guint index)
{
  const Track *track = g_ptr_array_index (ladder->tracks, index), *first = NULL;
  TramaRailTracks *beside = &g_array_index (ladder->rail_tracks, TramaRailTracks, track->rail);

  list_stay (beside, track, index);
  if (beside->first_connection != G_MAXUINT)
    first = g_ptr_array_index (ladder->tracks, beside->first_connection);
  if (!track->listens && (first == NULL || track->from_ns < first->from_ns))
    beside->first_connection = index;
}

static void
clear_rail_tracks (gpointer data)
{
  TramaRailTracks *beside = data;

  g_clear_pointer (&beside->listeners, g_array_unref);
  g_clear_pointer (&beside->lanes, g_ptr_array_unref);
}

static void
begin_rail_tracks (TramaLadder *ladder)
{
  ladder->rail_tracks = g_array_new (FALSE, TRUE, sizeof (TramaRailTracks));
  g_array_set_clear_func (ladder->rail_tracks, clear_rail_tracks);
  g_array_set_size (ladder->rail_tracks, trama_ladder_n_rails (ladder));
}

/* A rail is as much as there is room for. */
gboolean
trama_ladder_assign_lanes (TramaLadder *ladder, guint room)
{
  const guint32 rail = ladder->next_prepared;
  TramaRailTracks *beside;

  if (ladder->rail_tracks == NULL)
    begin_rail_tracks (ladder);
  if (rail == ladder->rail_tracks->len)
    return FALSE;
  beside = &g_array_index (ladder->rail_tracks, TramaRailTracks, rail);
  beside->n_lanes = assign_lanes (ladder->tracks, rail);
  begin_stays (beside);
  return ++ladder->next_prepared < ladder->rail_tracks->len;
}

gboolean
trama_ladder_place_tracks (TramaLadder *ladder, guint room)
{
  for (; ladder->next_prepared < ladder->tracks->len && room > 0; room--)
    place_track (ladder, ladder->next_prepared++);
  return ladder->next_prepared < ladder->tracks->len;
}

gboolean
trama_ladder_close_lanes (TramaLadder *ladder, guint room)
{
  const GPtrArray *lanes;

  if (ladder->next_prepared == ladder->rail_tracks->len)
    return FALSE;
  lanes = g_array_index (ladder->rail_tracks, TramaRailTracks, ladder->next_prepared).lanes;
  for (guint lane = 0; lane < lanes->len; lane++)
    close_lane (g_ptr_array_index (lanes, lane));
  return ++ladder->next_prepared < ladder->rail_tracks->len;
}

/* Of many, what falls into a row that has states already is not even looked at. */
static void
add_bands_of_lane (TramaLayout *layout, const Lane *lane, const Place *place)
{
  gboolean is_large = trama_layout_is_large (layout);
  Rows rows = { G_MININT64, 0 };

  for (guint i = 0;; i++)
    {
      gint64 since_ns = is_large ? MAX (rows.until_ns, layout->start_ns) : layout->start_ns;
      const Stay *stay;

      i = trama_reaches_next (&lane->reaches, i, since_ns, -1);
      if (i >= lane->stays->len)
        break;
      stay = &g_array_index (lane->stays, Stay, i);
      if (stay->from_ns > layout->end_ns)
        break;
      if (stay->until_ns < since_ns)
        continue;
      if (is_low (layout, stay->from_ns, stay->until_ns))
        add_low (layout, stay->state, stay->from_ns, place, &rows);
      else
        add_connection (layout, g_ptr_array_index (layout->ladder->tracks, stay->track), place, &rows);
    }
}

static void
add_bands_of_rail (TramaLayout *layout, const TramaRailTracks *beside, guint32 rail)
{
  for (guint i = 0; i < beside->listeners->len; i++)
    add_listener (layout,
                  g_ptr_array_index (layout->ladder->tracks, g_array_index (beside->listeners, guint, i)));
  for (guint lane = 0; lane < beside->lanes->len; lane++)
    {
      const Place place = place_lane (layout, beside, rail, lane);

      add_bands_of_lane (layout, g_ptr_array_index (beside->lanes, lane), &place);
    }
}

void
trama_layout_states (TramaLayout *layout)
{
  for (guint32 rail = 0; rail < layout->ladder->rail_tracks->len; rail++)
    {
      const TramaChartRail *place = &g_array_index (layout->rails, TramaChartRail, rail);

      if (place->track_x1 > place->track_x0)
        add_bands_of_rail (layout, &g_array_index (layout->ladder->rail_tracks, TramaRailTracks, rail), rail);
    }
}
