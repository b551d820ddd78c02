/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"
#include "core/flow/links/links.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <sys/socket.h>

/* Sizes of the design at scale 1. */
#define CHAR_PX 9.4
#define PADDING_PX 16
#define HEIGHT_PX 22
#define EDGE_PX 5 /* from the end of a bar to where the line leaves it */
#define MARGIN_PX 6

#define LINES_LOOKED_AT 12

/* None covers another: more of them than these are not near. */
#define LABELS_LOOKED_AT 128

static const char *const names[TRAMA_LINKS_N_KINDS] = {
  [TRAMA_LINKS_OPENS] = N_ ("connection"),   [TRAMA_LINKS_CONNECTS] = N_ ("connection"),
  [TRAMA_LINKS_ACCEPTS] = N_ ("connection"), [TRAMA_LINKS_ENDS] = N_ ("end"),
  [TRAMA_LINKS_RESETS] = N_ ("abort"),       [TRAMA_LINKS_REFUSES] = N_ ("refusal"),
};

/* There are ways inside the kernel that no packet shows. */
static gboolean
is_wanted (const TramaLayout *layout)
{
  TramaFlowTable *table = layout->table;
  TramaStore *store = layout->store;

  if (!trama_store_packets_observed (store))
    return TRUE;
  for (guint i = 0; i < trama_flow_table_n_sockets (table); i++)
    if (trama_flow_table_get_socket (table, i)->domain == AF_UNIX)
      return TRUE;
  return FALSE;
}

static char *
format_label (const TramaLink *link)
{
  g_autofree char *bytes = g_strdup_printf ("%" G_GUINT64_FORMAT " B", link->to_bytes - link->from_bytes);

  if (names[link->kind] != NULL)
    return g_strdup (_ (names[link->kind]));
  /* Translators: how many bytes, and that file descriptors went with them. */
  return link->flags & TRAMA_LINK_HAS_RIGHTS ? g_strdup_printf (_ ("%s · descriptor"), bytes)
                                             : g_steal_pointer (&bytes);
}

static const TramaChartBar *
find_bar (const TramaLayout *layout, const TramaRef *ref)
{
  gpointer place = ref->kind == TRAMA_EVENT_CALL
                       ? g_hash_table_lookup (layout->self->bar_of_call, GUINT_TO_POINTER (ref->index))
                       : NULL;

  return place != NULL ? &g_array_index (layout->bars, TramaChartBar, GPOINTER_TO_UINT (place) - 1) : NULL;
}

/* The inner edge of a bar, towards its rail. */
static double
edge_of (const TramaLayout *layout, const TramaChartBar *bar)
{
  const TramaChartRail *rail = &g_array_index (layout->rails, TramaChartRail, bar->rail);

  return rail->direction > 0 ? rail->bar_x0 : rail->bar_x1;
}

static gboolean
meet (const TramaRect *a, const TramaRect *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

static gboolean
meets_chip (const TramaLayout *layout, const TramaRect *rect)
{
  double half = trama_layout_px (layout, HEIGHT_PX);

  for (guint i = 0; i < layout->arrows->len; i++)
    {
      const TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, i);
      TramaRect chip = { arrow->chip_x - arrow->chip_width_px / 2, arrow->chip_y - half, arrow->chip_width_px,
                         2 * half };

      if (arrow->y0 > rect->y + 3 * half)
        break;
      if (arrow->apart && meet (rect, &chip))
        return TRUE;
    }
  return FALSE;
}

/* Where the line of a near one goes: of two that lie so close, nobody would know whose label it is. */
static gboolean
meets_line (const TramaLayout *layout, guint index, const TramaRect *rect)
{
  double x = rect->x + rect->width / 2;

  for (guint i = index - MIN (index, LINES_LOOKED_AT);
       i < MIN (layout->carries->len, index + LINES_LOOKED_AT); i++)
    {
      const TramaChartCarry *other = &g_array_index (layout->carries, TramaChartCarry, i);
      double y = other->y0 + (x - other->x0) / (other->x1 - other->x0) * (other->y1 - other->y0);

      if (i != index && x > MIN (other->x0, other->x1) && x < MAX (other->x0, other->x1) && y > rect->y
          && y < rect->y + rect->height)
        return TRUE;
    }
  return FALSE;
}

/* @labelled: of guint, the carries that have theirs, the last that got it at the end. */
static gboolean
meets_label (const TramaLayout *layout, const GArray *labelled, const TramaRect *rect)
{
  double height = trama_layout_px (layout, HEIGHT_PX);

  for (guint i = 0; i < MIN (labelled->len, LABELS_LOOKED_AT); i++)
    {
      guint index = g_array_index (labelled, guint, labelled->len - 1 - i);
      const TramaChartCarry *carry = &g_array_index (layout->carries, TramaChartCarry, index);
      TramaRect other = { carry->label_x - carry->label_width_px / 2, carry->label_y - height / 2,
                          carry->label_width_px, height };

      if (meet (rect, &other))
        return TRUE;
    }
  return FALSE;
}

/* On one of the wires that it crosses, where nothing else is; FALSE: there is no such place. */
static gboolean
place_label (TramaLayout *layout, guint index, GArray *labelled, const char *label, gboolean apart)
{
  static const double places[] = { 0.5, 0.25, 0.75, 0, 1 };
  TramaChartCarry *carry = &g_array_index (layout->carries, TramaChartCarry, index);
  double width = trama_layout_px (layout, (double) g_utf8_strlen (label, -1) * CHAR_PX + PADDING_PX);
  double height = trama_layout_px (layout, HEIGHT_PX);

  for (guint i = 0; i < layout->wires->len * G_N_ELEMENTS (places); i++)
    {
      const TramaChartWire *wire = &g_array_index (layout->wires, TramaChartWire, i / G_N_ELEMENTS (places));
      double left = wire->x0 + trama_layout_px (layout, MARGIN_PX) + width / 2;
      double right = wire->x1 - trama_layout_px (layout, MARGIN_PX) - width / 2;
      double x = left + places[i % G_N_ELEMENTS (places)] * (right - left);
      double y = carry->y0 + (x - carry->x0) / (carry->x1 - carry->x0) * (carry->y1 - carry->y0);
      TramaRect rect = { x - width / 2, y - height / 2, width, height };

      if (right < left || x <= MIN (carry->x0, carry->x1) || x >= MAX (carry->x0, carry->x1)
          || trama_layout_meets_tear (layout, rect.y, rect.y + height)
          || meets_label (layout, labelled, &rect) || trama_layout_meets_badge (layout, &rect)
          || meets_chip (layout, &rect) || (apart && meets_line (layout, index, &rect)))
        continue;
      carry->label = trama_layout_keep (layout, label);
      carry->label_x = x;
      carry->label_y = y;
      carry->label_width_px = width;
      g_array_append_val (labelled, index);
      return TRUE;
    }
  return FALSE;
}

/* From where a call is made to where the other is told of it. FALSE: one of the two is not drawn. */
static gboolean
add_carry (TramaLayout *layout, const TramaLink *link)
{
  const TramaChartBar *cause = find_bar (layout, &link->cause);
  const TramaChartBar *effect = find_bar (layout, &link->effect);
  double edge = trama_layout_px (layout, EDGE_PX);
  TramaChartCarry carry = { .cause = link->cause.index, .effect = link->effect.index, .kind = link->kind };

  if (cause == NULL || effect == NULL || effect->open
      || g_array_index (layout->rails, TramaChartRail, cause->rail).column
             == g_array_index (layout->rails, TramaChartRail, effect->rail).column)
    return FALSE;
  carry.x0 = edge_of (layout, cause);
  carry.x1 = edge_of (layout, effect);
  carry.y0 = MIN (cause->y0 + edge, cause->y1);
  carry.y1 = MAX (effect->y1 - MIN (edge, (effect->y1 - effect->y0) / 2), carry.y0);
  g_array_append_val (layout->carries, carry);
  return TRUE;
}

static gboolean
is_drawn (const TramaLink *link)
{
  return link->kind == TRAMA_LINKS_CARRIES || link->kind == TRAMA_LINKS_PAIRS
         || (link->kind < TRAMA_LINKS_N_KINDS && names[link->kind] != NULL);
}

/* Links are grouped by cause, in order: the first of this call or of a later one. */
static guint
find_first_link (const TramaLinks *links, guint32 call)
{
  guint low = 0, high = trama_links_n_links (links);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      TramaRef cause = trama_links_get_link (links, middle).cause;

      if (cause.kind == TRAMA_EVENT_PACKET || (cause.kind == TRAMA_EVENT_CALL && cause.index < call))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static int
compare_calls (gconstpointer a, gconstpointer b)
{
  guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;

  return x < y ? -1 : x > y;
}

/* Only those of the bars of this part are looked for, however many links there are. @drawn gets those that are drawn. */
static void
add_carries (TramaLayout *layout, GArray *drawn)
{
  const TramaLinks *links = layout->ladder->links;
  g_autoptr (GArray) calls = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < layout->bars->len; i++)
    g_array_append_val (calls, g_array_index (layout->bars, TramaChartBar, i).call);
  g_array_sort (calls, compare_calls);
  for (guint i = 0; i < calls->len; i++)
    {
      guint32 call = g_array_index (calls, guint32, i);

      for (guint at = find_first_link (links, call); at < trama_links_n_links (links); at++)
        {
          TramaLink link = trama_links_get_link (links, at);

          if (link.cause.kind != TRAMA_EVENT_CALL || link.cause.index != call)
            break;
          if (is_drawn (&link) && add_carry (layout, &link))
            g_array_append_val (drawn, link);
        }
    }
}

/* Once all lines are known; beside the lines of others if that can be, else on them. */
static void
label_carry (TramaLayout *layout, guint index, GArray *labelled, const TramaLink *link)
{
  g_autofree char *label = format_label (link);

  if (!place_label (layout, index, labelled, label, TRUE))
    place_label (layout, index, labelled, label, FALSE);
}

gboolean
trama_ladder_list_links (TramaLadder *ladder, guint room)
{
  if (!is_wanted (&ladder->cast) || !trama_ladder_may_link (ladder))
    return FALSE;
  ladder->links = trama_ladder_link (ladder, room);
  return ladder->links == NULL;
}

void
trama_layout_carries (TramaLayout *layout)
{
  g_autoptr (GArray) links = g_array_new (FALSE, FALSE, sizeof (TramaLink));
  g_autoptr (GArray) labelled = g_array_new (FALSE, FALSE, sizeof (guint));

  if (layout->ladder->links == NULL)
    return;
  add_carries (layout, links);
  for (guint i = 0; i < links->len; i++)
    label_carry (layout, i, labelled, &g_array_index (links, TramaLink, i));
}
