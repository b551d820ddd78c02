/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/ports.h"

struct _TramaPorts
{
  GHashTable *first_ns; /* actor << 16 | port → gint64 */
};

static gint64
key_of (const TramaSocket *socket)
{
  return (gint64) socket->actor << 16 | socket->local.port;
}

TramaPorts *
trama_ports_new (void)
{
  TramaPorts *self = g_new0 (TramaPorts, 1);

  self->first_ns = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return self;
}

void
trama_ports_add (TramaPorts *self, const TramaSocket *socket)
{
  gint64 key = key_of (socket), *first_ns = g_hash_table_lookup (self->first_ns, &key);

  if (first_ns == NULL)
    g_hash_table_insert (self->first_ns, g_memdup2 (&key, sizeof key),
                         g_memdup2 (&socket->bound_ns, sizeof socket->bound_ns));
  else
    *first_ns = MIN (*first_ns, socket->bound_ns);
}

void
trama_ports_free (TramaPorts *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->first_ns);
  g_free (self);
}

gboolean
trama_ports_is_news (const TramaPorts *self, const TramaSocket *socket)
{
  gint64 key = key_of (socket);
  const gint64 *first_ns = g_hash_table_lookup (self->first_ns, &key);

  return first_ns == NULL || *first_ns >= socket->bound_ns;
}
