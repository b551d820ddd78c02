/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/text_ladder.h"

#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

#define MIN_SHAFT 4       /* what must be seen of an arrow beside its label */
#define SHAFT 0x2500      /* ─ */
#define HEAD_RIGHT 0x25b6 /* ▶ */
#define HEAD_LEFT 0x25c0  /* ◀ */

/* How much of a payload is looked at. */
#define PAYLOAD_BYTES 96

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

static char *
describe_header (const TramaFlow *flow, const TramaSegment *segment)
{
  g_autofree char *flags = NULL;

  switch (flow->protocol)
    {
    case IPPROTO_UDP:
      return g_strdup ("UDP");
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return g_strdup ("ICMP");
    case IPPROTO_TCP:
      break;
    default:
      return g_strdup_printf ("IP %u", flow->protocol);
    }
  flags = trama_tcp_flags_format (segment->flags);
  if (segment->flags & TRAMA_TCP_ACK)
    return g_strdup_printf ("%s seq %u ack %u", flags, segment->sequence, segment->acknowledgment);
  return g_strdup_printf ("%s seq %u", flags, segment->sequence);
}

/* The beginning of the payload as a C string of at most @room characters; NULL when that shows nothing. */
static char *
describe_payload (const TramaTextLadder *ladder, guint packet, const TramaSegment *segment, glong room)
{
  guint8 data[512];
  gssize size = trama_store_read_packet (ladder->store, packet, data, sizeof data, NULL);
  gsize bytes;

  if (size <= 0 || (gsize) size <= segment->payload_offset)
    return NULL;
  bytes = MIN ((gsize) size - segment->payload_offset, MIN (segment->payload_bytes, PAYLOAD_BYTES));
  for (; bytes > 0; bytes--)
    {
      g_autofree char *text = trama_bytes_format (data + segment->payload_offset, bytes,
                                                  segment->payload_bytes, bytes);

      if (g_utf8_strlen (text, -1) <= room)
        return g_steal_pointer (&text);
    }
  return NULL;
}

static char *
describe_segment (const TramaTextLadder *ladder, guint packet, const TramaSegment *segment, glong room)
{
  const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, segment->flow);
  g_autofree char *header = describe_header (flow, segment);
  GString *text = g_string_new (NULL);
  g_autofree char *payload = NULL;

  if (ladder->anonymous && trama_flow_table_n_flows (ladder->table) > 1)
    g_string_append_printf (text, "%u → %u ", flow->endpoint[segment->side].port,
                            flow->endpoint[!segment->side].port);
  g_string_append (text, header);
  if (segment->payload_bytes == 0)
    return g_string_free (text, FALSE);
  g_string_append_printf (text, " · %u B", segment->payload_bytes);
  if (flow->protocol == IPPROTO_TCP || flow->protocol == IPPROTO_UDP)
    payload = describe_payload (ladder, packet, segment, room - g_utf8_strlen (text->str, -1) - 1);
  if (payload != NULL)
    g_string_append_printf (text, " %s", payload);
  return g_string_free (text, FALSE);
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
            glong needed,
            guint *from,
            guint *to)
{
  guint left = ends[0]->x < ends[1]->x ? 0 : 1;
  g_autofree char *left_label = state_or_nothing (states[left]);
  g_autofree char *right_label = state_or_nothing (states[!left]);
  glong length = g_utf8_strlen (left_label, -1) + g_utf8_strlen (right_label, -1);

  if (length > 0 && length + needed > (glong) (*to - *from))
    return FALSE;
  trama_text_row_put_right (&ladder->row, *from, *to, right_label);
  *to -= (guint) g_utf8_strlen (right_label, -1);
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

static void
write_arrow (TramaTextLadder *ladder, guint packet, const TramaSegment *segment, const guint8 states[2])
{
  const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, segment->flow);
  TramaTextColumn *ends[2] = { trama_text_columns_of_side (ladder, flow, 0),
                               trama_text_columns_of_side (ladder, flow, 1) };
  gboolean to_right = ends[segment->side]->x < ends[!segment->side]->x;
  guint from = MIN (ends[0]->x, ends[1]->x) + 1, to = MAX (ends[0]->x, ends[1]->x);
  g_autofree char *header = describe_segment (ladder, packet, segment, 0);
  g_autofree char *label = NULL;
  gboolean has_states = put_states (ladder, ends, states, g_utf8_strlen (header, -1) + 2 + MIN_SHAFT, &from,
                                    &to);

  trama_text_row_fill (&ladder->row, from, to, SHAFT);
  trama_text_row_fill (&ladder->row, to_right ? to - 1 : from, to_right ? to : from + 1,
                       to_right ? HEAD_RIGHT : HEAD_LEFT);
  label = describe_segment (ladder, packet, segment, (glong) (to - from) - MIN_SHAFT - 2);
  trama_text_row_put_centre (&ladder->row, from + MIN_SHAFT / 2, to - MIN_SHAFT / 2, label);
  trama_text_line_end (ladder);
  if (!has_states)
    write_states (ladder, ends, states);
}

/* Both ends in one column: a process that talks to itself. */
static void
write_loop (TramaTextLadder *ladder,
            guint packet,
            const TramaSegment *segment,
            const TramaTextColumn *column,
            const guint8 states[2])
{
  glong room = trama_text_line_room_beside (ladder, column);
  g_autofree char *text = describe_segment (ladder, packet, segment, room - 2);
  g_autofree char *label = g_strconcat ("↺ ", text, NULL);

  trama_text_line_put_beside (ladder, column, label);
  trama_text_line_end (ladder);
  for (guint side = 0; side < 2; side++)
    if (states[side] != TRAMA_TCP_UNKNOWN)
      {
        g_autofree char *state = trama_text_state_label (states[side]);

        trama_text_line_begin (ladder);
        trama_text_line_put_beside (ladder, column, state);
        trama_text_line_end (ladder);
      }
}

static void
write_segment (TramaTextLadder *ladder, guint packet, const TramaSegment *segment, gint64 time_ns)
{
  const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, segment->flow);
  const TramaTextColumn *column = trama_text_columns_of_side (ladder, flow, 0);
  guint8 states[2] = { TRAMA_TCP_UNKNOWN, TRAMA_TCP_UNKNOWN };

  take_changes_of_packet (ladder, segment->flow, time_ns, states);
  if (column == trama_text_columns_of_side (ladder, flow, 1))
    write_loop (ladder, packet, segment, column, states);
  else
    write_arrow (ladder, packet, segment, states);
}

/* Told above a packet that the file has behind a later one. */
static void
write_step_back (TramaTextLadder *ladder, guint packet)
{
  gint64 step_ns = trama_store_get_step_back (ladder->store, packet);
  g_autofree char *step = trama_duration_format (step_ns);
  g_autofree char *text = NULL;

  if (step_ns == 0)
    return;
  text = g_strdup_printf (_ ("▲ packet %u steps back %s in the file"), packet + 1, step);
  trama_text_line_begin (ladder);
  trama_text_row_put_centre (&ladder->row, TRAMA_TEXT_FIRST_LINE + 1, ladder->width - 1, text);
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

      trama_text_row_put_centre (&ladder->row, TRAMA_TEXT_FIRST_LINE + 1, ladder->width - 1, text);
      trama_text_line_end (ladder);
    }
  else
    write_segment (ladder, packet, &segment, record.time_ns);
}
