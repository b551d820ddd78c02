/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"
#include "core/chart/ports.h"

#include <math.h>
#include <string.h>

/* Sockets from when they are made to when they are closed, and the badges of their ports. */

/* Sizes of the design at scale 1. */
#define BADGE_RISE_PX 24
#define BADGE_PX 30
#define BADGE_CHAR_PX 10.4
#define BADGE_PADDING_PX 24
#define BADGE_GAP_PX 8
#define TEAR_CLEAR_PX 4 /* the tear's wave */

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
  guint32 rail;
  guint32 socket; /* index in the table */
} Port;

/* @rows: by rail, of the last one; of many that begin in one row, one is named. */
static void
add_badge (TramaLayout *layout, const Port *port, double *rows)
{
  const TramaSocket *socket = trama_flow_table_get_socket (layout->table, port->socket);
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, port->rail);
  TramaChartBadge badge = { .rail = port->rail, .y = trama_layout_y (layout, port->bound_ns) };
  double row;

  /* Without a track the bars stand where half of a centred badge would. */
  badge.align = socket->bound_by_user && rail->track_x1 > rail->track_x0 ? 0 : -rail->direction;
  if (!socket->bound_by_user)
    badge.y -= trama_layout_px (layout, BADGE_RISE_PX);
  row = floor (badge.y / trama_layout_px (layout, BADGE_PX));
  if (trama_layout_is_large (layout) && row == rows[port->rail])
    return;
  rows[port->rail] = row;
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
  guint32 rail;
} Line;

static void
list_line (TramaLayout *layout, const TramaSocket *socket, gint64 from_ns, gint64 to_ns)
{
  const Line line = { from_ns, to_ns, trama_layout_rail_of_socket (layout, socket->id, from_ns) };

  if (line.rail != TRAMA_RAIL_NONE)
    g_array_append_val (layout->ladder->lines, line);
}

static void
list_port (TramaLayout *layout, const TramaPorts *ports, guint32 index)
{
  const TramaSocket *socket = trama_flow_table_get_socket (layout->table, index);
  const Port port = { socket->bound_ns, trama_layout_rail_of_socket (layout, socket->id, socket->bound_ns),
                      index };

  if (socket->local.port != 0 && socket->bound_ns != TRAMA_TIME_NONE && port.rail != TRAMA_RAIL_NONE
      && trama_ports_is_news (ports, socket))
    g_array_append_val (layout->ladder->ports, port);
}

/* They are the same at every scale. */
static void
list_sockets (TramaLayout *layout)
{
  TramaPorts *ports = trama_ports_new (layout->table);

  layout->ladder->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  layout->ladder->ports = g_array_new (FALSE, FALSE, sizeof (Port));
  for (guint32 i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      const GArray *uses = trama_users_get (layout->users, socket->id);
      gint64 from_ns = socket->made_ns;

      for (guint use = 1; uses != NULL && use < uses->len; use++)
        {
          gint64 next_ns = g_array_index (uses, TramaUse, use).from_ns;

          list_line (layout, socket, from_ns, next_ns);
          from_ns = next_ns;
        }
      list_line (layout, socket, from_ns,
                 socket->closed_ns != TRAMA_TIME_NONE ? socket->closed_ns : G_MAXINT64);
      list_port (layout, ports, i);
    }
  trama_ports_free (ports);
}

/* @lasts: by rail, the last one that was drawn, + 1. */
static void
add_lifeline (TramaLayout *layout, const Line *of, guint *lasts)
{
  TramaChartLifeline line = { .rail = of->rail }, *last;

  line.x = g_array_index (layout->rails, TramaChartRail, of->rail).line_x;
  line.y0 = trama_layout_y (layout, of->from_ns);
  line.y1 = of->to_ns == G_MAXINT64 ? layout->self->time_scale.height_px : trama_layout_y (layout, of->to_ns);
  if (line.y0 > line.y1 || !trama_layout_wants (layout, line.y0, line.y1))
    return;
  last = lasts[of->rail] > 0 ? &g_array_index (layout->lifelines, TramaChartLifeline, lasts[of->rail] - 1)
                             : NULL;
  if (last != NULL && trama_layout_is_large (layout) && line.y0 >= last->y0 && line.y0 - last->y1 < 1)
    {
      last->y1 = MAX (last->y1, line.y1);
      return;
    }
  g_array_append_val (layout->lifelines, line);
  lasts[of->rail] = layout->lifelines->len;
}

static void
add_lifelines (TramaLayout *layout)
{
  g_autofree guint *lasts = g_new0 (guint, layout->rails->len + 1);
  const GArray *lines;

  if (layout->ladder->lines == NULL)
    list_sockets (layout);
  lines = layout->ladder->lines;
  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);

      if (line->from_ns <= layout->end_ns && line->to_ns >= layout->start_ns)
        add_lifeline (layout, line, lasts);
    }
}

static void
add_badges (TramaLayout *layout)
{
  g_autofree double *rows = g_new (double, layout->rails->len + 1);
  const GArray *ports = layout->ladder->ports;

  for (guint i = 0; i <= layout->rails->len; i++)
    rows[i] = -G_MAXDOUBLE;
  for (guint i = 0; i < ports->len; i++)
    {
      const Port *port = &g_array_index (ports, Port, i);

      if (port->bound_ns >= layout->start_ns && port->bound_ns <= layout->end_ns)
        add_badge (layout, port, rows);
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
  add_badges (layout);
  if (layout->seats != NULL)
    add_seat_badges (layout);
  part_badges (layout);
}
