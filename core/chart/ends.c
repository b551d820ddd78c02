/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

/*
 * Between which columns a packet is drawn. A side is the actor that uses its socket at
 * that time; where nobody has one (no such port, a connection nobody accepted, an ICMP
 * message) it is the kernel, and so is the other side of who talks to himself.
 */

#define ICMP_HEADER_BYTES 8
#define READ_BYTES 256

/* More sockets than this nobody looks through for the one at a port. */
#define BOUND_MAX 64

static gboolean
fits (const TramaSocket *socket, const TramaFlow *flow, guint side)
{
  int type = flow->protocol == IPPROTO_TCP ? SOCK_STREAM : flow->protocol == IPPROTO_UDP ? SOCK_DGRAM : -1;

  return socket->type == type && socket->local.port != 0 && socket->local.port == flow->endpoint[side].port
         && socket->bound_by_user && socket->made_ns <= flow->first_ns
         && (socket->closed_ns == TRAMA_TIME_NONE || socket->closed_ns >= flow->first_ns);
}

/* The socket of a side, or else the one that is bound to its port. */
static guint64
find_socket (GPtrArray *bound, const TramaFlow *flow, guint side)
{
  if (flow->socket[side] != TRAMA_SOCKET_NONE)
    return flow->socket[side];
  for (guint i = 0; i < bound->len; i++)
    if (fits (g_ptr_array_index (bound, i), flow, side))
      return ((const TramaSocket *) g_ptr_array_index (bound, i))->id;
  return TRAMA_SOCKET_NONE;
}

char *
trama_layout_describe_echo (const guint8 *message, gsize size, guint64 length)
{
  gboolean asks;

  if (size < ICMP_HEADER_BYTES)
    return NULL;
  asks = message[0] == ICMP_ECHO || message[0] == ICMP6_ECHO_REQUEST;
  if (!asks && message[0] != ICMP_ECHOREPLY && message[0] != ICMP6_ECHO_REPLY)
    return NULL;
  return g_strdup_printf ("%s · seq %u · %" G_GUINT64_FORMAT " B", asks ? "echo request" : "echo reply",
                          (guint) (message[6] << 8 | message[7]), length - ICMP_HEADER_BYTES);
}

/* There may be millions of conversations. */
gboolean
trama_layout_knows_sockets (const TramaLayout *layout)
{
  return trama_flow_table_n_sockets (layout->table) > 0 || trama_store_n_calls (layout->store) > 0;
}

void
trama_layout_ends_init (TramaLayout *layout)
{
  TramaFlowTable *table = layout->table;
  guint n = trama_flow_table_n_flows (table);
  guint32 pinger;
  g_autoptr (GPtrArray) bound = g_ptr_array_new ();

  for (guint i = 0; i < trama_flow_table_n_sockets (table) && bound->len < BOUND_MAX; i++)
    if (trama_flow_table_get_socket (table, i)->bound_by_user)
      g_ptr_array_add (bound, (gpointer) trama_flow_table_get_socket (table, i));
  if (layout->users == NULL)
    layout->users = trama_users_new (layout->store);
  pinger = trama_users_find_pinger (layout->users);
  if (pinger != G_MAXUINT32)
    {
      layout->pinger = trama_store_get_call (layout->store, pinger)->actor;
      layout->pinger_socket = trama_store_get_call (layout->store, pinger)->made;
    }
  layout->socket_of_side = g_malloc0_n (MAX (n, 1), sizeof *layout->socket_of_side);
  if (!trama_layout_knows_sockets (layout))
    return;
  for (guint i = 0; i < n; i++)
    for (guint side = 0; side < 2; side++)
      layout->socket_of_side[i][side] = find_socket (bound, trama_flow_table_get_flow (table, i), side);
}

guint32
trama_layout_column_of_actor (const TramaLayout *layout, guint32 actor)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (layout->column_of_actor, GUINT_TO_POINTER (actor)));

  return place != 0 ? place - 1 : TRAMA_COLUMN_NONE;
}

static guint32
column_of_socket (const TramaLayout *layout, guint64 socket, gint64 time_ns)
{
  return trama_layout_column_of_actor (layout, trama_users_at (layout->users, socket, time_ns));
}

void
trama_layout_columns_of_flow (const TramaLayout *layout, guint32 flow, gint64 time_ns, guint32 columns[2])
{
  const guint64 *sockets = layout->socket_of_side[flow];

  columns[0] = columns[1] = TRAMA_COLUMN_NONE;
  if (layout->seats != NULL)
    {
      for (guint side = 0; side < 2; side++)
        {
          guint32 seat = trama_seats_find (layout->seats, flow, side);

          columns[side] = seat != TRAMA_SEAT_NONE ? layout->column_of_seat[seat] : TRAMA_COLUMN_NONE;
        }
      return;
    }
  if (!trama_flow_set_has (layout->flows, flow))
    return;
  for (guint side = 0; side < 2; side++)
    if (sockets[side] != TRAMA_SOCKET_NONE)
      columns[side] = column_of_socket (layout, sockets[side], time_ns);
  for (guint side = 0; side < 2; side++)
    if (columns[side] == TRAMA_COLUMN_NONE && columns[!side] != TRAMA_COLUMN_NONE)
      columns[side] = layout->kernel_column;
  if (columns[0] == columns[1] && columns[0] != TRAMA_COLUMN_NONE)
    columns[1] = layout->kernel_column;
}

/* An error carries the beginning of what it is about (RFC 792; RFC 4443, section 3): its source port tells whose. */
static guint32
find_blamed (const TramaLayout *layout, const guint8 *quoted, gsize size, gint64 time_ns)
{
  gsize header = size > 0 && quoted[0] >> 4 == 6 ? 40 : size > 0 ? (quoted[0] & 0xf) * 4u : 0;
  guint16 port;

  if (size < header + 2 || header == 0)
    return TRAMA_COLUMN_NONE;
  port = (guint16) (quoted[header] << 8 | quoted[header + 1]);
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table); i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);

      if (socket->local.port == port)
        return column_of_socket (layout, socket->id, time_ns);
    }
  return TRAMA_COLUMN_NONE;
}

/* The kernel answers echoes and reports errors; it asks nobody. */
static void
find_icmp_ends (const TramaLayout *layout,
                guint32 packet,
                const TramaSegment *segment,
                gint64 time_ns,
                guint32 columns[2])
{
  guint8 bytes[READ_BYTES];
  gssize size = trama_store_read_packet (layout->store, packet, bytes, sizeof bytes, NULL);
  gsize at = segment->payload_offset;
  guint8 type = at >= ICMP_HEADER_BYTES && size >= (gssize) at ? bytes[at - ICMP_HEADER_BYTES] : 255;
  gboolean asks = type == ICMP_ECHO || type == ICMP6_ECHO_REQUEST;
  gboolean answers = type == ICMP_ECHOREPLY || type == ICMP6_ECHO_REPLY;
  guint32 process = asks || answers      ? trama_layout_column_of_actor (layout, layout->pinger)
                    : size > (gssize) at ? find_blamed (layout, bytes + at, (gsize) size - at, time_ns)
                                         : TRAMA_COLUMN_NONE;

  columns[!asks] = process;
  columns[asks] = process != TRAMA_COLUMN_NONE ? layout->kernel_column : TRAMA_COLUMN_NONE;
}

gboolean
trama_layout_is_to_oneself (const TramaLayout *layout, guint32 flow, gint64 time_ns)
{
  const guint64 *sockets = layout->socket_of_side[flow];

  return layout->seats == NULL && sockets[0] != TRAMA_SOCKET_NONE && sockets[1] != TRAMA_SOCKET_NONE
         && column_of_socket (layout, sockets[0], time_ns) == column_of_socket (layout, sockets[1], time_ns);
}

gboolean
trama_layout_ends_of_packet (const TramaLayout *layout, guint32 packet, guint32 columns[2])
{
  TramaSegment segment;
  TramaPacket record;
  guint32 sides[2] = { TRAMA_COLUMN_NONE, TRAMA_COLUMN_NONE };
  gboolean back;

  columns[0] = columns[1] = TRAMA_COLUMN_NONE;
  trama_flow_table_get_segment (layout->table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return FALSE;
  trama_store_get_packet (layout->store, packet, &record);
  trama_layout_columns_of_flow (layout, segment.flow, record.time_ns, sides);
  /* To oneself, what a call sent goes, and what nobody sent comes. */
  back = trama_layout_is_to_oneself (layout, segment.flow, record.time_ns)
             ? trama_flow_table_get_cause (layout->table, packet) == G_MAXUINT
             : segment.side == 1;
  columns[0] = sides[back];
  columns[1] = sides[!back];
  if (layout->seats == NULL && columns[0] == TRAMA_COLUMN_NONE && segment.kind == TRAMA_SEGMENT_ICMP)
    find_icmp_ends (layout, packet, &segment, record.time_ns, columns);
  return columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE && columns[0] != columns[1];
}
