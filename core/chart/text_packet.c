/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/text_ladder.h"

#include "core/decode/summary.h"
#include "core/flow/event_text.h"
#include "core/trace/call.h"
#include "core/trace/span.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

#define MIN_SHAFT 4       /* what must be seen of an arrow beside its label */
#define SHAFT 0x2500      /* ─ */
#define HEAD_RIGHT 0x25b6 /* ▶ */
#define HEAD_LEFT 0x25c0  /* ◀ */

/* Of an arrow: with two addresses there is room for a header and some bytes behind it. */
#define ADDRESSES_MIN 72

/* Around the bytes of a payload. */
#define QUOTES 2

/* The state each side enters by this packet; the last one where it passes through two. */
static void
take_changes_of_packet (TramaTextLadder *ladder, guint32 flow, gint64 time_ns, guint8 states[2])
{
  for (guint i = trama_text_find_change (ladder, time_ns); i < trama_flow_table_n_changes (ladder->table);
       i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (ladder->table, i);

      if (change.time_ns > time_ns)
        break;
      if (change.flow != flow || ladder->shown[i])
        continue;
      ladder->shown[i] = TRUE;
      states[change.side] = change.state;
    }
}

static void
append_header (GString *text, TramaFlowTable *table, guint packet, const TramaSegment *segment)
{
  const TramaFlow *flow = trama_flow_table_get_flow (table, segment->flow);
  g_autofree char *flags = NULL, *name = NULL;

  switch (segment->fragment ? IPPROTO_FRAGMENT : flow->protocol)
    {
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      name = trama_event_icmp_name (table, packet);
      g_string_append (text, name != NULL ? "ICMP " : "ICMP");
      g_string_append (text, name != NULL ? name : "");
      return;
    case IPPROTO_TCP:
      break;
    default:
      name = trama_event_protocol_title (table, segment);
      g_string_append (text, name);
      return;
    }
  flags = trama_tcp_flags_format (segment->flags);
  g_string_append (text, flags);
  g_string_append (text, " seq ");
  trama_decimal_append (text, segment->sequence);
  if (!(segment->flags & TRAMA_TCP_ACK))
    return;
  g_string_append (text, " ack ");
  trama_decimal_append (text, segment->acknowledgment);
}

/* The beginning of the payload as a C string of at most @room cells; NULL when that shows nothing. */
static char *
describe_payload (const TramaTextLadder *ladder, guint packet, const TramaSegment *segment, glong room)
{
  guint8 data[512];
  gssize size, bytes;

  if (room <= QUOTES)
    return NULL;
  size = trama_store_read_packet (ladder->store, packet, data, sizeof data, NULL);
  bytes = MIN (size - (gssize) segment->payload_offset, (gssize) segment->payload_bytes);
  for (bytes = MIN (bytes, room - QUOTES); bytes > 0; bytes--)
    {
      g_autofree char *text = trama_bytes_format (data + segment->payload_offset, (gsize) bytes,
                                                  segment->payload_bytes, (gsize) bytes);

      if (trama_text_width (text) <= room)
        return g_steal_pointer (&text);
    }
  return NULL;
}

/* Who talks with whom, where the columns do not tell. @in_full: with their addresses. */
static void
append_ends (GString *text, const TramaFlow *flow, const TramaSegment *segment, gboolean in_full)
{
  const TramaEndpoint *from = &flow->endpoint[segment->side], *to = &flow->endpoint[!segment->side];
  g_autofree char *from_text = trama_endpoint_format (from), *to_text = trama_endpoint_format (to);

  if (in_full)
    g_string_append_printf (text, "%s → %s ", from_text, to_text);
  else if (from->port != 0 || to->port != 0)
    g_string_append_printf (text, "%u → %u ", from->port, to->port);
}

static void
append_again (GString *text, TramaFlowTable *table, guint packet)
{
  TramaBrief brief = trama_flow_table_get_brief (table, packet);

  if (brief.copy)
    g_string_append_printf (text, " · %s", _ ("copy"));
  else if (brief.resent)
    g_string_append_printf (text, " · %s", _ ("sent again"));
}

/* All but the payload. */
static GString *
describe (const TramaTextLadder *ladder, guint packet, const TramaSegment *segment, gboolean in_full)
{
  const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, segment->flow);
  GString *text = g_string_sized_new (128);

  if (ladder->crowded || trama_layout_shares_column (&ladder->layout, segment->flow))
    append_ends (text, flow, segment, in_full);
  append_header (text, ladder->table, packet, segment);
  append_again (text, ladder->table, packet);
  if (segment->payload_bytes == 0)
    return text;
  g_string_append (text, " · ");
  trama_decimal_append (text, segment->payload_bytes);
  g_string_append (text, " B");
  return text;
}

/* Where columns stand for many, their addresses stand beside the ports if there is room for them, and more. */
static GString *
describe_segment (const TramaTextLadder *ladder, guint packet, const TramaSegment *segment, glong room)
{
  gboolean has_ports = trama_flow_table_get_flow (ladder->table, segment->flow)->endpoint[0].port != 0;
  gboolean in_full = ladder->crowded && (room >= ADDRESSES_MIN || !has_ports);
  GString *text = describe (ladder, packet, segment, in_full);

  if (!in_full || (glong) trama_text_width (text->str) <= room)
    return text;
  g_string_free (text, TRUE);
  return describe (ladder, packet, segment, FALSE);
}

static void
append_payload (const TramaTextLadder *ladder,
                guint packet,
                const TramaSegment *segment,
                glong room,
                GString *text)
{
  guint8 protocol = trama_flow_table_get_flow (ladder->table, segment->flow)->protocol;
  g_autofree char *payload = NULL;

  if (segment->payload_bytes == 0 || (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP))
    return;
  payload = describe_payload (ladder, packet, segment, room - (glong) trama_text_width (text->str) - 1);
  if (payload == NULL)
    return;
  g_string_append_c (text, ' ');
  g_string_append (text, payload);
}

static char *
state_or_nothing (guint8 state)
{
  return state != TRAMA_TCP_UNKNOWN ? trama_text_state_label (state) : g_strdup ("");
}

/*
 * The states stand where the arrow begins and ends, if that leaves @needed
 * characters between them; what is left is its shaft.
 */
static gboolean
put_states (TramaTextLadder *ladder,
            TramaTextColumn *const ends[2],
            const guint8 states[2],
            guint needed,
            guint *from,
            guint *to)
{
  guint left = ends[0]->x < ends[1]->x ? 0 : 1;
  g_autofree char *left_label = state_or_nothing (states[left]);
  g_autofree char *right_label = state_or_nothing (states[!left]);
  guint length = trama_text_width (left_label) + trama_text_width (right_label);

  if (length > 0 && length + needed > *to - *from)
    return FALSE;
  trama_text_row_put_right (&ladder->row, *from, *to, right_label);
  *to -= trama_text_width (right_label);
  *from = trama_text_row_put (&ladder->row, *from, *to, left_label);
  return TRUE;
}

/* Under the arrow, where beside it there was no room. */
static void
write_states (TramaTextLadder *ladder, TramaTextColumn *const ends[2], const guint8 states[2])
{
  trama_text_line_begin (ladder);
  for (guint side = 0; side < 2; side++)
    if (states[side] != TRAMA_TCP_UNKNOWN)
      {
        g_autofree char *label = trama_text_state_label (states[side]);

        trama_text_line_put_beside (ladder, ends[side], label);
      }
  trama_text_line_end (ladder);
}

/* @ends: by side. */
static void
write_arrow (TramaTextLadder *ladder,
             guint packet,
             const TramaSegment *segment,
             TramaTextColumn *const ends[2],
             const guint8 states[2])
{
  gboolean to_right = ends[segment->side]->x < ends[!segment->side]->x;
  guint from = MIN (ends[0]->x, ends[1]->x) + 1, to = MAX (ends[0]->x, ends[1]->x);
  GString *label = describe_segment (ladder, packet, segment, (glong) (to - from) - MIN_SHAFT - 2);
  gboolean has_states = put_states (ladder, ends, states, trama_text_width (label->str) + 2 + MIN_SHAFT,
                                    &from, &to);

  trama_text_row_fill (&ladder->row, from, to, SHAFT);
  trama_text_row_fill (&ladder->row, to_right ? to - 1 : from, to_right ? to : from + 1,
                       to_right ? HEAD_RIGHT : HEAD_LEFT);
  append_payload (ladder, packet, segment, (glong) (to - from) - MIN_SHAFT - 2, label);
  trama_text_row_put_centre (&ladder->row, from + MIN_SHAFT / 2, to - MIN_SHAFT / 2, label->str);
  trama_text_line_end (ladder);
  if (!has_states)
    write_states (ladder, ends, states);
  g_string_free (label, TRUE);
}

/* Both ends in one column: nobody knows whose they are. */
static void
write_loop (TramaTextLadder *ladder,
            guint packet,
            const TramaSegment *segment,
            const TramaTextColumn *column,
            const guint8 states[2])
{
  GString *label = describe_segment (ladder, packet, segment,
                                     (glong) trama_text_line_room_beside (ladder, column) - 2);

  g_string_prepend (label, "↺ ");
  append_payload (ladder, packet, segment, (glong) trama_text_line_room_beside (ladder, column), label);
  trama_text_line_put_beside (ladder, column, label->str);
  trama_text_line_end (ladder);
  g_string_free (label, TRUE);
  for (guint side = 0; side < 2; side++)
    if (states[side] != TRAMA_TCP_UNKNOWN)
      {
        g_autofree char *state = trama_text_state_label (states[side]);

        trama_text_line_begin (ladder);
        trama_text_line_put_beside (ladder, column, state);
        trama_text_line_end (ladder);
      }
}

/* A row each, without a time: it is the same datagram. */
static void
write_branches (TramaTextLadder *ladder,
                guint packet,
                const TramaSegment *segment,
                TramaTextColumn *const ends[2])
{
  static const guint8 states[2] = { TRAMA_TCP_UNKNOWN, TRAMA_TCP_UNKNOWN };
  TramaTextColumn *columns[TRAMA_RECEIVERS_MAX];
  guint n = trama_text_receivers_of_packet (ladder, packet, columns);

  for (guint i = 0; i < n; i++)
    {
      TramaTextColumn *way[2];

      way[segment->side] = ends[segment->side];
      way[!segment->side] = columns[i];
      if (way[0] == way[1])
        continue;
      trama_text_line_begin (ladder);
      write_arrow (ladder, packet, segment, way, states);
    }
}

static void
write_segment (TramaTextLadder *ladder, guint packet, const TramaSegment *segment, gint64 time_ns)
{
  TramaTextColumn *way[2], *ends[2];
  guint8 states[2] = { TRAMA_TCP_UNKNOWN, TRAMA_TCP_UNKNOWN };

  trama_text_columns_of_packet (ladder, packet, way);
  ends[segment->side] = way[0];
  ends[!segment->side] = way[1];
  take_changes_of_packet (ladder, segment->flow, time_ns, states);
  if (ends[0] == ends[1])
    write_loop (ladder, packet, segment, ends[0], states);
  else
    write_arrow (ladder, packet, segment, ends, states);
  write_branches (ladder, packet, segment, ends);
}

/* Told above a packet that the file has behind a later one. */
static void
write_step_back (TramaTextLadder *ladder, guint packet)
{
  gint64 step_ns = trama_store_get_step_back (ladder->store, packet);
  g_autofree char *step = NULL;
  g_autofree char *text = NULL;

  if (step_ns == 0)
    return;
  step = trama_duration_format (step_ns);
  text = g_strdup_printf (_ ("▲ packet %u steps back %s in the file"), packet + 1, step);
  trama_text_line_begin (ladder);
  trama_text_row_put_centre (&ladder->row, ladder->first_x + 1, ladder->width - 1, text);
  trama_text_line_end (ladder);
}

void
trama_text_packet_write (TramaTextLadder *ladder, guint packet)
{
  TramaSegment segment;
  TramaPacket record;

  trama_store_get_packet (ladder->store, packet, &record);
  trama_flow_table_get_segment (ladder->table, packet, &segment);
  write_step_back (ladder, packet);
  trama_text_line_begin (ladder);
  trama_text_line_put_time (ladder, record.time_ns);
  if (segment.flow == TRAMA_FLOW_NONE)
    {
      g_autofree char *text = g_strdup_printf (_ ("%u bytes, not of an IP conversation"),
                                               record.length_bytes);

      trama_text_row_put_centre (&ladder->row, ladder->first_x + 1, ladder->width - 1, text);
      trama_text_line_end (ladder);
    }
  else
    write_segment (ladder, packet, &segment, record.time_ns);
}
