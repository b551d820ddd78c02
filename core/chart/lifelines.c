/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"
#include "core/chart/ports.h"
#include "core/chart/reaches.h"

#include <math.h>
#include <string.h>

/* Sockets from when they are made to when they are closed, and the badges of their ports. */

/* Sizes of the design at scale 1. */
#define BADGE_RISE_PX 24
#define BADGE_PX 30
#define BADGE_CHAR_PX 10.4
#define BADGE_PADDING_PX 24
#define BADGE_GAP_PX 8
#define TEAR_CLEAR_PX 4  /* the tear's wave */
#define ARROW_CLEAR_PX 6 /* the head of an arrow, the sign at its tail */
#define BADGE_MOVE_PX 36 /* from where it would stand */
#define BADGE_TURNS 2

/* Of many, lines with less between them are one. */
#define JOINT_PX 2

/* How many badges back one may meet another. */
#define BADGES_LOOKED_AT 16

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

/* The port of a socket, where there was none of its actor before. */
typedef struct
{
  gint64 bound_ns;
  guint32 socket; /* index in the table */
} Port;

/* How far above the moment in which a port is given its badge stands. */
static double
rise_of_badge (const TramaLayout *layout, gboolean bound_by_user)
{
  return bound_by_user ? 0 : trama_layout_px (layout, BADGE_RISE_PX);
}

static void
add_badge (TramaLayout *layout, guint32 on_rail, const Port *port, double y)
{
  const TramaSocket *socket = trama_flow_table_get_socket (layout->table, port->socket);
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, on_rail);
  TramaChartBadge badge = { .rail = on_rail, .y = y };

  /* Without a track the bars stand where half of a centred badge would. */
  badge.align = socket->bound_by_user && rail->track_x1 > rail->track_x0 ? 0 : -rail->direction;
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

/* A socket while one and the same actor uses it. */
typedef struct
{
  gint64 from_ns, to_ns; /* G_MAXINT64: nobody saw it end */
} Line;

/* Of a rail, in order of their beginnings. */
typedef struct
{
  GArray *lines; /* of Line */
  TramaReaches reaches;
} Lines;

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const Line *x = a, *y = b;

  if (x->from_ns != y->from_ns)
    return x->from_ns < y->from_ns ? -1 : 1;
  return x->to_ns < y->to_ns ? -1 : x->to_ns > y->to_ns;
}

static int
compare_ports (gconstpointer a, gconstpointer b)
{
  const Port *x = a, *y = b;

  if (x->bound_ns != y->bound_ns)
    return x->bound_ns < y->bound_ns ? -1 : 1;
  return x->socket < y->socket ? -1 : x->socket > y->socket;
}

static Lines *
lines_new (void)
{
  Lines *lines = g_new0 (Lines, 1);

  lines->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  trama_reaches_init (&lines->reaches);
  return lines;
}

static void
lines_free (gpointer data)
{
  Lines *lines = data;

  g_array_unref (lines->lines);
  trama_reaches_clear (&lines->reaches);
  g_free (lines);
}

static void
list_line (TramaLadder *ladder, const TramaSocket *socket, gint64 from_ns, gint64 to_ns)
{
  guint32 rail = trama_layout_rail_of_socket (&ladder->cast, socket->id, from_ns);
  const Line line = { from_ns, to_ns };

  if (rail != TRAMA_RAIL_NONE && from_ns <= to_ns)
    g_array_append_val (((Lines *) g_ptr_array_index (ladder->lines, rail))->lines, line);
}

/* Of a rail, those that the kernel chose, or those that a user did. */
static GArray *
get_ports (const TramaLadder *ladder, guint32 rail, gboolean bound_by_user)
{
  return g_ptr_array_index (ladder->ports, 2 * rail + (bound_by_user ? 1 : 0));
}

static void
list_port (TramaLadder *ladder, guint32 index)
{
  const TramaSocket *socket = trama_flow_table_get_socket (ladder->cast.table, index);
  const Port port = { socket->bound_ns, index };
  guint32 rail = trama_layout_rail_of_socket (&ladder->cast, socket->id, socket->bound_ns);

  if (socket->local.port != 0 && socket->bound_ns != TRAMA_TIME_NONE && rail != TRAMA_RAIL_NONE
      && trama_ports_is_news (ladder->seen_ports, socket))
    g_array_append_val (get_ports (ladder, rail, socket->bound_by_user), port);
}

static void
list_socket (TramaLadder *ladder, guint32 index)
{
  const TramaSocket *socket = trama_flow_table_get_socket (ladder->cast.table, index);
  const GArray *uses = trama_users_get (ladder->cast.users, socket->id);
  gint64 from_ns = socket->made_ns;

  for (guint use = 1; uses != NULL && use < uses->len; use++)
    {
      gint64 next_ns = g_array_index (uses, TramaUse, use).from_ns;

      list_line (ladder, socket, from_ns, next_ns);
      from_ns = next_ns;
    }
  list_line (ladder, socket, from_ns, socket->closed_ns != TRAMA_TIME_NONE ? socket->closed_ns : G_MAXINT64);
  list_port (ladder, index);
}

/* Sockets come nearly in the order in which they are made, and most of them are. */
static void
sort (GArray *array, GCompareFunc compare)
{
  const guint size = g_array_get_element_size (array);

  for (guint i = 1; i < array->len; i++)
    if (compare (array->data + (gsize) (i - 1) * size, array->data + (gsize) i * size) > 0)
      {
        g_array_sort (array, compare);
        return;
      }
}

static void
close_rail (TramaLadder *ladder, guint32 rail)
{
  Lines *lines = g_ptr_array_index (ladder->lines, rail);

  sort (get_ports (ladder, rail, FALSE), compare_ports);
  sort (get_ports (ladder, rail, TRUE), compare_ports);
  sort (lines->lines, compare_lines);
  for (guint i = 0; i < lines->lines->len; i++)
    {
      const Line *line = &g_array_index (lines->lines, Line, i);

      trama_reaches_append (&lines->reaches, line->from_ns, line->to_ns);
    }
}

gboolean
trama_ladder_list_ports (TramaLadder *ladder, guint room)
{
  const guint n_sockets = trama_flow_table_n_sockets (ladder->cast.table);

  if (ladder->seen_ports == NULL)
    ladder->seen_ports = trama_ports_new ();
  for (; ladder->next_prepared < n_sockets && room > 0; ladder->next_prepared++, room--)
    trama_ports_add (ladder->seen_ports,
                     trama_flow_table_get_socket (ladder->cast.table, ladder->next_prepared));
  return ladder->next_prepared < n_sockets;
}

static void
begin_rails (TramaLadder *ladder)
{
  guint n_rails = trama_ladder_n_rails (ladder);

  ladder->lines = g_ptr_array_new_with_free_func (lines_free);
  ladder->ports = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < n_rails; i++)
    g_ptr_array_add (ladder->lines, lines_new ());
  for (guint i = 0; i < 2 * n_rails; i++)
    g_ptr_array_add (ladder->ports, g_array_new (FALSE, FALSE, sizeof (Port)));
}

gboolean
trama_ladder_list_sockets (TramaLadder *ladder, guint room)
{
  const guint n_sockets = trama_flow_table_n_sockets (ladder->cast.table);

  if (ladder->lines == NULL)
    begin_rails (ladder);
  for (; ladder->next_prepared < n_sockets && room > 0; ladder->next_prepared++, room--)
    list_socket (ladder, ladder->next_prepared);
  if (ladder->next_prepared == n_sockets)
    g_clear_pointer (&ladder->seen_ports, trama_ports_free);
  return ladder->next_prepared < n_sockets;
}

gboolean
trama_ladder_close_rails (TramaLadder *ladder, guint room)
{
  if (ladder->next_prepared < ladder->lines->len)
    close_rail (ladder, ladder->next_prepared++);
  return ladder->next_prepared < ladder->lines->len;
}

/* Returns whether it goes on from the one before it, of many. */
static gboolean
add_lifeline (TramaLayout *layout, guint32 rail, const Line *of, TramaChartLifeline *last)
{
  TramaChartLifeline line = { .rail = rail };

  line.x = g_array_index (layout->rails, TramaChartRail, rail).line_x;
  line.y0 = trama_layout_y (layout, of->from_ns);
  line.y1 = of->to_ns == G_MAXINT64 ? layout->self->time_scale.height_px : trama_layout_y (layout, of->to_ns);
  if (!trama_layout_wants (layout, line.y0, line.y1))
    return FALSE;
  if (last != NULL && trama_layout_is_large (layout) && line.y0 - last->y1 < JOINT_PX)
    {
      last->y1 = MAX (last->y1, line.y1);
      return TRUE;
    }
  g_array_append_val (layout->lifelines, line);
  return TRUE;
}

/* Of many, those that end within the pixel below the last are not looked at: they join it to the next. */
static void
add_lifelines_of_rail (TramaLayout *layout, guint32 rail)
{
  const Lines *lines = g_ptr_array_index (layout->ladder->lines, rail);
  gint64 since_ns = layout->start_ns;
  guint before = layout->lifelines->len;

  for (guint i = 0;; i++)
    {
      TramaChartLifeline *last = layout->lifelines->len > before ? &g_array_index (
                                     layout->lifelines, TramaChartLifeline, layout->lifelines->len - 1)
                                                                 : NULL;
      const Line *line;

      i = trama_reaches_next (&lines->reaches, i, since_ns, -1);
      if (i >= lines->lines->len)
        break;
      line = &g_array_index (lines->lines, Line, i);
      if (line->from_ns > layout->end_ns)
        break;
      if (line->to_ns < since_ns || !add_lifeline (layout, rail, line, last)
          || !trama_layout_is_large (layout))
        continue;
      last = &g_array_index (layout->lifelines, TramaChartLifeline, layout->lifelines->len - 1);
      since_ns = MAX (since_ns, trama_scale_time_of_y (&layout->self->time_scale, last->y1 + 1));
    }
}

/* The first port from @from on that was given at @time_ns or later. */
static guint
find_port (const GArray *ports, guint from, gint64 time_ns)
{
  guint low = from, high = ports->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (ports, Port, middle).bound_ns < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Of a rail, where one is in the ports of one kind. */
typedef struct
{
  const GArray *ports;
  guint next;
  double rise_px;
} Given;

/* The kind of which the next port is, that was given first; 2: there is none. */
static guint
find_first_given (const Given given[2])
{
  const Port *first = NULL;
  guint found = 2;

  for (guint kind = 0; kind < 2; kind++)
    {
      const Port *port;

      if (given[kind].next == given[kind].ports->len)
        continue;
      port = &g_array_index (given[kind].ports, Port, given[kind].next);
      if (first != NULL && compare_ports (first, port) < 0)
        continue;
      first = port;
      found = kind;
    }
  return found;
}

/* Of many that stand in one row, one is named, and the others are not looked at. */
static void
add_badges_of_rail (TramaLayout *layout, guint32 rail)
{
  const gboolean is_large = trama_layout_is_large (layout);
  const double row_px = trama_layout_px (layout, BADGE_PX);
  double last_row = -G_MAXDOUBLE;
  Given given[2];
  guint kind;

  for (kind = 0; kind < 2; kind++)
    {
      given[kind] = (Given){ get_ports (layout->ladder, rail, kind), 0, rise_of_badge (layout, kind) };
      given[kind].next = find_port (given[kind].ports, 0, layout->start_ns);
    }
  while ((kind = find_first_given (given)) < 2)
    {
      Given *of = &given[kind];
      const Port *port = &g_array_index (of->ports, Port, of->next++);
      const double y = trama_layout_y (layout, port->bound_ns) - of->rise_px;
      const double row = floor (y / row_px);

      if (port->bound_ns > layout->end_ns)
        break;
      if (!is_large || row > last_row)
        add_badge (layout, rail, port, y);
      last_row = MAX (row, last_row);
      if (is_large)
        of->next = find_port (
            of->ports, of->next,
            trama_scale_time_of_y (&layout->self->time_scale, (last_row + 1) * row_px + of->rise_px));
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
  for (guint32 rail = 0; rail < layout->ladder->lines->len; rail++)
    {
      add_lifelines_of_rail (layout, rail);
      add_badges_of_rail (layout, rail);
    }
  if (layout->seats != NULL)
    add_seat_badges (layout);
  part_badges (layout);
}

/* Whether the badge, at that height, hides nothing, and no arrow is nearer to it than @clear_px. */
static gboolean
is_clear (const TramaLayout *layout, guint index, double y, double clear_px)
{
  const TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, index);
  double half = badge->height_px / 2, tear = half + trama_layout_px (layout, TEAR_CLEAR_PX);
  double arrow = half + clear_px;
  TramaRect around = { badge->left, y - arrow, badge->width_px, 2 * arrow };

  if (trama_layout_meets_arrow (layout, &around) || trama_layout_meets_tear (layout, y - tear, y + tear))
    return FALSE;
  for (guint i = 0; i < layout->badges->len; i++)
    {
      const TramaChartBadge *other = &g_array_index (layout->badges, TramaChartBadge, i);

      if (i != index && fabs (other->y - y) < badge->height_px + 1
          && other->left < badge->left + badge->width_px && badge->left < other->left + other->width_px)
        return FALSE;
    }
  return TRUE;
}

/* To the nearest height at which it is clear. */
static gboolean
try_badge (TramaLayout *layout, guint index, double clear_px)
{
  TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, index);

  for (double far = 0; far <= trama_layout_px (layout, BADGE_MOVE_PX); far++)
    for (int side = 1; side >= -1; side -= 2)
      if (is_clear (layout, index, badge->y + side * far, clear_px))
        {
          badge->y += side * far;
          return TRUE;
        }
  return FALSE;
}

/* Not near an arrow, or at least over none; where there is no such place, FALSE, it stays. */
static gboolean
clear_badge (TramaLayout *layout, guint index)
{
  return try_badge (layout, index, trama_layout_px (layout, ARROW_CLEAR_PX)) || try_badge (layout, index, 1);
}

/*
 * One on its line stands among bars and states, not among arrows. Whoever finds no place may find
 * one when those have moved that stood there.
 */
void
trama_layout_clear_badges (TramaLayout *layout)
{
  gboolean all_clear = trama_layout_is_large (layout);

  for (guint turn = 0; turn < BADGE_TURNS && !all_clear; turn++)
    {
      all_clear = TRUE;
      for (guint i = 0; i < layout->badges->len; i++)
        if (g_array_index (layout->badges, TramaChartBadge, i).align != 0)
          all_clear &= clear_badge (layout, i);
    }
  g_array_sort (layout->badges, compare_badges);
}
