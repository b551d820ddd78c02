/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/chart_private.h"

#include "core/decode/summary.h"
#include "core/flow/event_text.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Sizes of the design at scale 1. */
#define SLANT_PX 28
#define SLANT_MIN_PX 3

/* Of the way to the next packet: its tail must not touch this one's head. */
#define SLANT_OF_PITCH 0.55
#define CHIP_PX 30
#define CHIP_ACK_PX 22
#define CHIP_GAP_PX 3
#define FLAG_CHAR_PX 12.6
#define DETAIL_CHAR_PX 9.4
#define FIGURE_PX 11.8
#define SPACE_PX 6
#define CHIP_PADDING_PX 42
#define CHIP_MARGIN_PX 30

/* On a short wire flags stand closer to the ends, in little more than the width that they take. */
#define CHIP_TIGHT_MARGIN_PX 20
#define CHIP_SLACK_PX 12

/* Between the parts of a detail, the one that can be missed most in front. */
#define DETAIL_SEPARATOR " · "

/* Of packets at one time. */
#define LEAST_PITCH_PX 0.1

#define SHOWN_PAYLOAD_BYTES 24

/* A text of so many letters, with its quotation marks, is short; a longer one is cut to them. */
#define SHORT_TEXT_LETTERS 13
#define CUT_TEXT "…\""

#define READ_BYTES 512
#define ICMP_HEADER_BYTES 8

/* Nearer than this to another packet, a chip stands at its tail, so that opposite directions keep apart. */
#define CROWDED_PX 44

/* Where on the wire a chip is tried, from the tail (0: as near as may be) to the head. */
#define N_PLACES 9
static const double roomy_places[N_PLACES] = { 0.5, 0, 1, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875 };
static const double crowded_places[N_PLACES] = { 0, 0.5, 1, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875 };

/* How far back a chip may meet another. */
#define CHIPS_LOOKED_AT 12

typedef struct
{
  TramaLayout *layout;
  GArray *chips; /* of TramaRect */
  GArray *near;  /* of TramaRect: those that the next one may meet */
} Chips;

/* Figures are as wide as one another, and wider than most letters. */
static double
estimate_detail (const char *detail)
{
  double width = 0;

  for (const char *at = detail; *at != '\0'; at = g_utf8_next_char (at))
    width += *at == ' '                                       ? SPACE_PX
             : g_ascii_isdigit (*at) || g_ascii_isupper (*at) ? FIGURE_PX
                                                              : DETAIL_CHAR_PX;
  return width;
}

static double
estimate_width (const TramaLayout *layout, const char *flags, const char *detail)
{
  double chars = (double) g_utf8_strlen (flags, -1) * FLAG_CHAR_PX;

  if (detail != NULL)
    chars += estimate_detail (detail);
  return trama_layout_px (layout, chars + CHIP_PADDING_PX);
}

static gboolean
overlaps (const TramaRect *a, const TramaRect *b, double gap)
{
  return a->x < b->x + b->width + gap && b->x < a->x + a->width + gap && a->y < b->y + b->height + gap
         && b->y < a->y + a->height + gap;
}

/* Of the last ones, those beside some place of the arrow. */
static void
list_near (Chips *chips, const TramaChartArrow *arrow)
{
  const guint first = chips->chips->len > CHIPS_LOOKED_AT ? chips->chips->len - CHIPS_LOOKED_AT : 0;
  const double half = trama_layout_px (chips->layout, CHIP_PX) / 2;
  const TramaRect reach = { 0, MIN (arrow->y0, arrow->y1) - half, 0,
                            fabs (arrow->y1 - arrow->y0) + 2 * half };

  g_array_set_size (chips->near, 0);
  for (guint i = first; i < chips->chips->len; i++)
    {
      TramaRect chip = g_array_index (chips->chips, TramaRect, i);
      const TramaRect beside = { 0, chip.y, 0, chip.height };

      if (overlaps (&reach, &beside, trama_layout_px (chips->layout, CHIP_GAP_PX)))
        g_array_append_val (chips->near, chip);
    }
}

static gboolean
is_free (const Chips *chips, const TramaRect *rect)
{
  const double gap = trama_layout_px (chips->layout, CHIP_GAP_PX);

  for (guint i = 0; i < chips->near->len; i++)
    if (overlaps (rect, &g_array_index (chips->near, TramaRect, i), gap))
      return FALSE;
  return TRUE;
}

/* From which to which height an arrow is drawn where the rect is; FALSE when it is not there. */
static gboolean
strikes (const TramaChartArrow *arrow, const TramaRect *rect)
{
  double low = MIN (arrow->x0, arrow->x1), high = MAX (arrow->x0, arrow->x1);
  double slope = high > low ? (arrow->y1 - arrow->y0) / (arrow->x1 - arrow->x0) : 0;
  double ends[2] = { CLAMP (rect->x, low, high), CLAMP (rect->x + rect->width, low, high) };
  double at[2];

  if (rect->x >= high || rect->x + rect->width <= low)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    at[i] = arrow->y0 + slope * (ends[i] - arrow->x0);
  return MAX (at[0], at[1]) > rect->y && MIN (at[0], at[1]) < rect->y + rect->height;
}

/*
 * Whether another arrow is drawn where the rect is. Through a chip without a pill, which is a
 * gap in its arrow, it would strike; of a pill it would be hidden by it.
 */
static gboolean
is_struck (const Chips *chips, guint index, const TramaRect *rect)
{
  const TramaChartArrow *arrows = (const TramaChartArrow *) (gpointer) chips->layout->arrows->data;
  const guint first = index > CHIPS_LOOKED_AT ? index - CHIPS_LOOKED_AT : 0;
  const guint end = MIN (chips->layout->arrows->len, index + CHIPS_LOOKED_AT + 1);
  const double slant = trama_layout_px (chips->layout, SLANT_PX);

  for (guint i = index; i > first && arrows[i - 1].y0 + slant > rect->y; i--)
    if (strikes (&arrows[i - 1], rect))
      return TRUE;
  for (guint i = index + 1; i < end && arrows[i].y0 < rect->y + rect->height; i++)
    if (strikes (&arrows[i], rect))
      return TRUE;
  return FALSE;
}

/* Between the same lines, and so near that wherever a chip as high as that stood it would be drawn there. */
static gboolean
is_beside (const TramaChartArrow *arrow, const TramaChartArrow *other, double half_px)
{
  return MIN (arrow->x0, arrow->x1) == MIN (other->x0, other->x1)
         && MAX (arrow->x0, arrow->x1) == MAX (other->x0, other->x1)
         && MAX (arrow->y1, other->y1) - MIN (arrow->y0, other->y0) < half_px;
}

/* Whether is_struck () needs not be asked: one of the next arrows is in the way everywhere. */
static gboolean
is_crossed (const Chips *chips, guint index, double half_px)
{
  const TramaChartArrow *arrow = &g_array_index (chips->layout->arrows, TramaChartArrow, index);

  return (index > 0 && is_beside (arrow, arrow - 1, half_px))
         || (index + 1 < chips->layout->arrows->len && is_beside (arrow, arrow + 1, half_px));
}

/* Tails are in order of y. The first whose head may reach down to @y. */
static guint
first_arrow_below (const TramaLayout *layout, double y)
{
  double slant = trama_layout_px (layout, SLANT_PX);
  guint low = 0, high = layout->arrows->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (layout->arrows, TramaChartArrow, middle).y0 + slant < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
trama_layout_meets_arrow (const TramaLayout *layout, const TramaRect *rect)
{
  for (guint i = first_arrow_below (layout, rect->y); i < layout->arrows->len; i++)
    {
      const TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, i);

      if (arrow->y0 >= rect->y + rect->height)
        break;
      if (strikes (arrow, rect))
        return TRUE;
    }
  return FALSE;
}

/* Over a column there are calls. */
static gboolean
is_on_wire (const TramaLayout *layout, const TramaRect *rect)
{
  for (guint i = 0; i < layout->wires->len; i++)
    {
      const TramaChartWire *wire = &g_array_index (layout->wires, TramaChartWire, i);

      if (rect->x >= wire->x0 && rect->x + rect->width <= wire->x1)
        return TRUE;
    }
  return FALSE;
}

/* They are in order of y. The first that may reach down to @y. */
static guint
first_badge_below (const TramaLayout *layout, double y)
{
  guint low = 0, high = layout->badges->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, middle);

      if (badge->y + badge->height_px < y)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gboolean
trama_layout_meets_badge (const TramaLayout *layout, const TramaRect *rect)
{
  for (guint i = first_badge_below (layout, rect->y); i < layout->badges->len; i++)
    {
      const TramaChartBadge *badge = &g_array_index (layout->badges, TramaChartBadge, i);
      TramaRect box = { badge->left, badge->y - badge->height_px / 2, badge->width_px, badge->height_px };

      if (box.y > rect->y + 2 * rect->height)
        break;
      if (overlaps (rect, &box, trama_layout_px (layout, CHIP_GAP_PX)))
        return TRUE;
    }
  return FALSE;
}

static double
height_of_chip (const Chips *chips, const TramaChartArrow *arrow)
{
  return trama_layout_px (chips->layout, arrow->kind == TRAMA_SEGMENT_ACK ? CHIP_ACK_PX : CHIP_PX);
}

/* Puts the chip where nothing is in its way, or nothing but arrows that it hides; FALSE when there is no such place. */
static gboolean
try_width (Chips *chips, guint index, const double *places, gboolean hides, double width, double margin)
{
  TramaChartArrow *arrow = &g_array_index (chips->layout->arrows, TramaChartArrow, index);
  double height = height_of_chip (chips, arrow);
  double length = fabs (arrow->x1 - arrow->x0);
  double gap = trama_layout_px (chips->layout, CHIP_GAP_PX);
  double room = length - 2 * margin - width;

  if (room < 0)
    return FALSE;
  for (guint i = 0; i < N_PLACES; i++)
    {
      double along = (margin + width / 2 + places[i] * room) / length;
      double x = arrow->x0 + along * (arrow->x1 - arrow->x0);
      double y = arrow->y0 + along * (arrow->y1 - arrow->y0);
      TramaRect rect = { x - width / 2, y - height / 2, width, height };
      TramaRect around = { rect.x, rect.y - gap, width, height + 2 * gap };

      if (!is_free (chips, &rect) || !is_on_wire (chips->layout, &rect)
          || trama_layout_meets_badge (chips->layout, &rect)
          || trama_layout_meets_tear (chips->layout, rect.y - gap, rect.y + height + gap))
        continue;
      if (hides ? arrow->kind == TRAMA_SEGMENT_ACK && is_struck (chips, index, &rect)
                : is_struck (chips, index, &around))
        continue;
      arrow->hides = (guint8) hides;
      arrow->chip_width_px = width;
      arrow->chip_x = x;
      arrow->chip_y = y;
      g_array_append_val (chips->chips, rect);
      return TRUE;
    }
  return FALSE;
}

static gboolean
try_chip (Chips *chips, guint index, const char *detail, const double *places, gboolean hides)
{
  const TramaChartArrow *arrow = &g_array_index (chips->layout->arrows, TramaChartArrow, index);
  double width = estimate_width (chips->layout, arrow->flags, detail);

  if (try_width (chips, index, places, hides, width, trama_layout_px (chips->layout, CHIP_MARGIN_PX)))
    return TRUE;
  return detail == NULL && arrow->kind != TRAMA_SEGMENT_ACK
         && try_width (chips, index, places, hides, width - trama_layout_px (chips->layout, CHIP_SLACK_PX),
                       trama_layout_px (chips->layout, CHIP_TIGHT_MARGIN_PX));
}

static gboolean
is_crowded (const TramaLayout *layout, guint index)
{
  const TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, index);
  double limit = trama_layout_px (layout, CROWDED_PX);

  return (index > 0 && arrow->y0 - arrow[-1].y0 < limit)
         || (index + 1 < layout->arrows->len && arrow[1].y0 - arrow->y0 < limit);
}

/*
 * What is left of a detail when there is less room, NULL: nothing. Of data the sequence
 * number goes first, then the rest of a long text, then the text, as the length says more;
 * a short text says more than its length. Of everything else, what stands last goes first.
 */
static const char *
shorten_detail (TramaLayout *layout, const char *detail)
{
  const char *separator = strstr (detail, DETAIL_SEPARATOR), *quote = strchr (detail, '"');
  g_autofree char *rest = NULL;

  if (separator != NULL && g_str_has_prefix (detail, "seq "))
    return separator + strlen (DETAIL_SEPARATOR);
  if (quote != NULL && g_utf8_strlen (quote, -1) <= SHORT_TEXT_LETTERS)
    return quote > detail ? quote : NULL;
  if (quote != NULL && !g_str_has_suffix (detail, CUT_TEXT))
    {
      g_autofree char *head = g_utf8_substring (
          detail, 0, g_utf8_pointer_to_offset (detail, quote) + SHORT_TEXT_LETTERS);

      rest = g_strconcat (head, CUT_TEXT, NULL);
    }
  else if (separator != NULL)
    rest = g_strndup (detail, (gsize) (g_strrstr (detail, DETAIL_SEPARATOR) - detail));
  return trama_layout_keep (layout, rest);
}

/* As much of the detail as there is room for. */
static void
place_chip (Chips *chips, guint index)
{
  TramaChartArrow *arrow = &g_array_index (chips->layout->arrows, TramaChartArrow, index);
  const double *places = is_crowded (chips->layout, index) ? crowded_places : roomy_places;
  const double half = height_of_chip (chips, arrow) / 2;
  const double gap = trama_layout_px (chips->layout, CHIP_GAP_PX);
  const gboolean may_be_clear = !is_crossed (chips, index, half + gap);
  const gboolean may_hide = arrow->kind != TRAMA_SEGMENT_ACK || !is_crossed (chips, index, half);

  list_near (chips, arrow);
  arrow->chip_x = (arrow->x0 + arrow->x1) / 2;
  arrow->chip_y = (arrow->y0 + arrow->y1) / 2;
  while (!(arrow->apart = (guint8) ((may_be_clear && try_chip (chips, index, arrow->detail, places, FALSE))
                                    || (may_hide && try_chip (chips, index, arrow->detail, places, TRUE))))
         && arrow->detail != NULL)
    arrow->detail = shorten_detail (chips->layout, arrow->detail);
}

static char *
format_icmp (const TramaLayout *layout, guint32 packet, const TramaSegment *segment)
{
  guint8 bytes[READ_BYTES];
  gssize size = trama_store_read_packet (layout->store, packet, bytes, sizeof bytes, NULL);
  gsize begin = segment->payload_offset - MIN (segment->payload_offset, ICMP_HEADER_BYTES);
  char *echo = NULL, *name;

  if (size >= (gssize) (begin + ICMP_HEADER_BYTES))
    echo = trama_layout_describe_echo (bytes + begin, (gsize) size - begin,
                                       segment->payload_bytes + ICMP_HEADER_BYTES);
  if (echo != NULL)
    return echo;
  name = trama_event_icmp_name (layout->table, packet);
  return name != NULL ? name : g_strdup_printf ("%u B", segment->payload_bytes);
}

/* The first bytes as text, when they are text. */
static char *
format_payload (const TramaLayout *layout, guint32 packet, const TramaSegment *segment)
{
  guint8 bytes[READ_BYTES];
  gssize size;
  gsize shown;

  if (segment->payload_bytes == 0)
    return NULL;
  size = trama_store_read_packet (layout->store, packet, bytes, sizeof bytes, NULL);
  if (size <= (gssize) segment->payload_offset)
    return NULL;
  shown = MIN ((gsize) size - segment->payload_offset, segment->payload_bytes);
  return trama_bytes_format (bytes + segment->payload_offset, shown, segment->payload_bytes,
                             SHOWN_PAYLOAD_BYTES);
}

static char *
format_content (const TramaLayout *layout, guint32 packet, const TramaSegment *segment)
{
  g_autofree char *payload = format_payload (layout, packet, segment);

  if (segment->kind == TRAMA_SEGMENT_UDP)
    return payload != NULL ? g_strdup_printf ("%u B" DETAIL_SEPARATOR "%s", segment->payload_bytes, payload)
                           : g_strdup_printf ("%u B", segment->payload_bytes);
  if (segment->kind == TRAMA_SEGMENT_ICMP)
    return format_icmp (layout, packet, segment);
  if (segment->kind == TRAMA_SEGMENT_OTHER)
    return g_strdup_printf ("%u B", segment->payload_bytes);
  if (segment->kind == TRAMA_SEGMENT_ACK)
    return g_strdup_printf ("ack %u", segment->acknowledgment);
  if (segment->payload_bytes > 0)
    return payload != NULL ? g_strdup_printf ("seq %u" DETAIL_SEPARATOR "%u B" DETAIL_SEPARATOR "%s",
                                              segment->sequence, segment->payload_bytes, payload)
                           : g_strdup_printf ("seq %u" DETAIL_SEPARATOR "%u B", segment->sequence,
                                              segment->payload_bytes);
  if (segment->flags & TRAMA_TCP_ACK)
    return g_strdup_printf ("seq %u" DETAIL_SEPARATOR "ack %u", segment->sequence, segment->acknowledgment);
  return g_strdup_printf ("seq %u", segment->sequence);
}

/* Where endpoints share a column, their ports come first, as what can be missed most: they have a badge, too. */
static char *
format_detail (const TramaLayout *layout, guint32 packet, const TramaSegment *segment)
{
  const TramaFlow *flow = trama_flow_table_get_flow (layout->table, segment->flow);
  g_autofree char *content = format_content (layout, packet, segment);

  if (!trama_layout_shares_column (layout, segment->flow) || flow->endpoint[0].port == 0)
    return g_steal_pointer (&content);
  return g_strdup_printf (":%u → :%u" DETAIL_SEPARATOR "%s", flow->endpoint[segment->side].port,
                          flow->endpoint[!segment->side].port, content);
}

static const char *
format_flags (TramaLayout *layout, const TramaSegment *segment)
{
  g_autofree char *flags = NULL;

  switch (segment->kind)
    {
    case TRAMA_SEGMENT_UDP:
      return "UDP";
    case TRAMA_SEGMENT_ICMP:
      return "ICMP";
    case TRAMA_SEGMENT_OTHER:
      flags = trama_event_protocol_title (layout->table, segment);
      return trama_layout_keep (layout, flags);
    default:
      flags = trama_tcp_flags_format (segment->flags);
      return trama_layout_keep (layout, flags);
    }
}

static const char *
format_copy (TramaLayout *layout, const TramaSegment *segment)
{
  /* Translators: what a packet is, "SYN copy": it was captured twice, or doubled on its way. */
  g_autofree char *copy = g_strdup_printf (_ ("%s copy"), format_flags (layout, segment));

  return trama_layout_keep (layout, copy);
}

/* The line on which it ends that goes from column to column. */
static double
line_towards (const TramaLayout *layout, guint32 from, guint32 to)
{
  return g_array_index (layout->rails, TramaChartRail, trama_layout_rail_towards (layout, from, to)).line_x;
}

static void
add_arrow (TramaLayout *layout, guint32 packet)
{
  TramaSegment segment;
  TramaPacket record;
  guint32 columns[2];
  g_autofree char *detail = NULL;
  TramaChartArrow arrow = { .packet = packet };
  const TramaBrief brief = trama_flow_table_get_brief (layout->table, packet);

  trama_flow_table_get_segment (layout->table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return;
  trama_layout_ends_of_packet (layout, packet, columns);
  trama_store_get_packet (layout->store, packet, &record);
  arrow.kind = segment.kind;
  arrow.again = brief.resent;
  arrow.copy = brief.copy;
  arrow.fragment = segment.fragment;
  arrow.lost = (guint8) trama_layout_is_lost (layout, packet);
  arrow.x0 = line_towards (layout, columns[0], columns[1]);
  arrow.x1 = line_towards (layout, columns[1], columns[0]);
  arrow.y0 = trama_layout_y (layout, record.time_ns);
  arrow.flags = brief.copy ? format_copy (layout, &segment) : format_flags (layout, &segment);
  detail = format_detail (layout, packet, &segment);
  arrow.detail = trama_layout_keep (layout, detail);
  g_array_append_val (layout->arrows, arrow);
}

static const TramaChartBar *
find_bar (const TramaLayout *layout, guint call)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (layout->self->bar_of_call, GUINT_TO_POINTER (call)));

  return place != 0 ? &g_array_index (layout->bars, TramaChartBar, place - 1) : NULL;
}

static void
measure_pitch (TramaLayout *layout, guint index)
{
  TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, index);
  double above = index > 0 ? arrow->y0 - arrow[-1].y0 : G_MAXDOUBLE;
  double below = index + 1 < layout->arrows->len ? arrow[1].y0 - arrow->y0 : G_MAXDOUBLE;

  arrow->pitch_px = layout->arrows->len > 1 ? MAX (MIN (above, below), LEAST_PITCH_PX) : 0;
}

/* How far the head may hang: not below the next packet, nor below the end of the call it wakes. */
static void
slant_arrow (TramaLayout *layout, guint index)
{
  TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, index);
  const TramaChartBar *woken = find_bar (layout, trama_flow_table_get_woken (layout->table, arrow->packet));
  double slant = trama_layout_px (layout, SLANT_PX);

  if (index + 1 < layout->arrows->len)
    slant = MIN (slant, (arrow[1].y0 - arrow->y0) * SLANT_OF_PITCH);
  if (woken != NULL)
    slant = MIN (slant, woken->y1 - arrow->y0 - trama_layout_px (layout, 3));
  slant = MIN (slant, trama_scale_next_tear (&layout->self->time_scale, arrow->y0) - arrow->y0 - 1);
  arrow->y1 = arrow->y0 + MAX (slant, trama_layout_px (layout, SLANT_MIN_PX));
}

/* Echoes have no ports that would tell whose they are; who pings is known (ends.c). */
static guint
find_cause (const TramaLayout *layout, guint32 packet, guint kind)
{
  guint cause = trama_flow_table_get_cause (layout->table, packet);
  TramaPacket record;

  if (cause != G_MAXUINT || kind != TRAMA_SEGMENT_ICMP)
    return cause;
  trama_store_get_packet (layout->store, packet, &record);
  return trama_flow_table_find_sender (layout->table, layout->pinger_socket, record.time_ns);
}

static void
add_link (TramaLayout *layout, const TramaChartArrow *arrow, guint call, gboolean wakes)
{
  const TramaChartBar *bar = find_bar (layout, call);
  const TramaChartRail *rail;
  double line_x = wakes ? arrow->x1 : arrow->x0;
  TramaChartLink link = {
    .packet = arrow->packet,
    .kind = arrow->kind,
    .wakes = (guint8) wakes,
    .line_x = line_x,
    .y = wakes ? arrow->y1 : arrow->y0,
  };

  if (bar == NULL)
    return;
  rail = &g_array_index (layout->rails, TramaChartRail, bar->rail);
  if (rail->line_x != line_x)
    return;
  link.call = bar->call;
  link.bar_x = rail->direction > 0 ? rail->bar_x0 : rail->bar_x1;
  g_array_append_val (layout->links, link);
}

/* As line_towards, but never on the far side of a column, which may have no other line: its words are between. */
static double
edge_towards (const TramaLayout *layout, guint32 from, guint32 to)
{
  const TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, from);
  const TramaChartColumn *other = &g_array_index (layout->columns, TramaChartColumn, to);
  double line_x = line_towards (layout, from, to);

  return column->x0 < other->x0 ? MAX (line_x, column->x1) : MIN (line_x, column->x0);
}

/* To everybody else who hears it. */
static void
add_branches (TramaLayout *layout, const TramaChartArrow *arrow)
{
  guint32 columns[2], others[TRAMA_RECEIVERS_MAX];
  guint n;

  trama_layout_ends_of_packet (layout, arrow->packet, columns);
  n = trama_layout_receivers (layout, arrow->packet, columns, others);
  for (guint i = 0; i < n; i++)
    {
      TramaChartArrow branch = *arrow;

      branch.apart = FALSE;
      branch.detail = NULL;
      branch.x0 = edge_towards (layout, columns[0], others[i]);
      branch.x1 = edge_towards (layout, others[i], columns[0]);
      g_array_append_val (layout->branches, branch);
    }
}

void
trama_layout_arrows (TramaLayout *layout)
{
  Chips chips = { layout, g_array_new (FALSE, FALSE, sizeof (TramaRect)),
                  g_array_new (FALSE, FALSE, sizeof (TramaRect)) };

  for (guint i = 0; i < layout->packets->len; i++)
    add_arrow (layout, g_array_index (layout->packets, guint32, i));
  for (guint i = 0; i < layout->arrows->len; i++)
    {
      measure_pitch (layout, i);
      slant_arrow (layout, i);
    }
  trama_layout_clear_badges (layout);
  for (guint i = 0; i < layout->arrows->len; i++)
    {
      TramaChartArrow *arrow = &g_array_index (layout->arrows, TramaChartArrow, i);

      place_chip (&chips, i);
      add_link (layout, arrow, find_cause (layout, arrow->packet, arrow->kind), FALSE);
      add_link (layout, arrow, trama_flow_table_get_woken (layout->table, arrow->packet), TRUE);
      g_hash_table_insert (layout->self->arrow_of_packet, GUINT_TO_POINTER (arrow->packet),
                           GUINT_TO_POINTER (i + 1));
      add_branches (layout, arrow);
    }
  g_array_unref (chips.chips);
  g_array_unref (chips.near);
}
