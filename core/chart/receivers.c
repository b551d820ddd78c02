/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"

#include <netinet/in.h>
#include <sys/socket.h>

/*
 * A datagram for many is one packet and one conversation, and every socket that is bound to
 * its port gets a copy of it: ip(7), ipv6(7). Sockets are known only where calls are.
 */

#define IPV4_BYTES 4
#define BROADCAST 255

static gboolean
is_for_many (const TramaEndpoint *to)
{
  if (to->family == AF_INET6)
    return to->address[0] == 0xff; /* RFC 4291, section 2.7 */
  return to->family == AF_INET
         && (to->address[0] >> 4 == 0xe || to->address[IPV4_BYTES - 1] == BROADCAST); /* RFC 1112; RFC 919 */
}

static gboolean
is_any (const TramaEndpoint *at)
{
  static const guint8 none[sizeof at->address];

  return memcmp (at->address, none, sizeof none) == 0;
}

static gboolean
hears (const TramaSocket *socket, const TramaEndpoint *to, gint64 time_ns)
{
  return socket->type == SOCK_DGRAM && socket->local.port == to->port && socket->bound_by_user
         && (is_any (&socket->local) || trama_endpoint_equal (&socket->local, to))
         && socket->bound_ns <= time_ns
         && (socket->closed_ns == TRAMA_TIME_NONE || socket->closed_ns >= time_ns);
}

static gboolean
contains (const guint32 *columns, guint n, guint32 column)
{
  for (guint i = 0; i < n; i++)
    if (columns[i] == column)
      return TRUE;
  return FALSE;
}

guint
trama_layout_receivers (const TramaLayout *layout,
                        guint32 packet,
                        const guint32 columns[2],
                        guint32 others[TRAMA_RECEIVERS_MAX])
{
  const TramaBrief brief = trama_flow_table_get_brief (layout->table, packet);
  const TramaEndpoint *to;
  TramaPacket record;
  guint n = 0;

  if (layout->seats != NULL || brief.kind != TRAMA_SEGMENT_UDP || brief.flow == TRAMA_FLOW_NONE)
    return 0;
  to = &trama_flow_table_get_flow (layout->table, brief.flow)->endpoint[!brief.side];
  if (!is_for_many (to))
    return 0;
  trama_store_get_packet (layout->store, packet, &record);
  for (guint i = 0; i < trama_flow_table_n_sockets (layout->table) && n < TRAMA_RECEIVERS_MAX; i++)
    {
      const TramaSocket *socket = trama_flow_table_get_socket (layout->table, i);
      guint32 column;

      if (!hears (socket, to, record.time_ns))
        continue;
      column = trama_layout_column_of_actor (layout,
                                             trama_users_at (layout->users, socket->id, record.time_ns));
      if (column != TRAMA_COLUMN_NONE && !contains (columns, 2, column) && !contains (others, n, column))
        others[n++] = column;
    }
  return n;
}
