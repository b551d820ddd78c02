/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/fragments.h"

#include <string.h>

/* Two generations of this many datagrams at most; when one is full, the older one is forgotten. */
#define GENERATION_MAX 4096

/* Without gaps, for it is hashed and compared byte by byte. */
typedef struct
{
  guint8 source[16];
  guint8 destination[16];
  guint32 identification;
  guint16 family;
  guint16 protocol;
} Key;

G_STATIC_ASSERT (sizeof (Key) == 40);

typedef struct
{
  Key key;
  guint32 conversation;
} Datagram;

/* More fragments that wait for their first one are not held: all are forgotten. */
#define HELD_MAX 4096

struct _TramaFragments
{
  GHashTable *young; /* Key in a Datagram → Datagram, owned */
  GHashTable *old;
  GHashTable *held; /* Key, owned → GArray of guint32, packets */
  guint n_held;
};

static Key
key_of (const TramaDecoded *decoded)
{
  Key key;

  memset (&key, 0, sizeof key);
  memcpy (key.source, decoded->source.address, sizeof key.source);
  memcpy (key.destination, decoded->destination.address, sizeof key.destination);
  key.identification = decoded->fragment_id;
  key.family = decoded->source.family;
  key.protocol = decoded->fragment_protocol;
  return key;
}

static guint
hash_key (gconstpointer data)
{
  const guint8 *bytes = data;
  guint hash = 2166136261u; /* FNV-1a */

  for (gsize i = 0; i < sizeof (Key); i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

static gboolean
keys_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static GHashTable *
new_generation (void)
{
  return g_hash_table_new_full (hash_key, keys_equal, NULL, g_free);
}

TramaFragments *
trama_fragments_new (void)
{
  TramaFragments *fragments = g_new0 (TramaFragments, 1);

  fragments->young = new_generation ();
  fragments->old = new_generation ();
  fragments->held = g_hash_table_new_full (hash_key, keys_equal, g_free, (GDestroyNotify) g_array_unref);
  return fragments;
}

void
trama_fragments_free (TramaFragments *fragments)
{
  if (fragments == NULL)
    return;
  g_hash_table_unref (fragments->young);
  g_hash_table_unref (fragments->old);
  g_hash_table_unref (fragments->held);
  g_free (fragments);
}

void
trama_fragments_add (TramaFragments *fragments, const TramaDecoded *first, guint32 conversation)
{
  Datagram *datagram = g_new (Datagram, 1);

  datagram->key = key_of (first);
  datagram->conversation = conversation;
  if (g_hash_table_size (fragments->young) >= GENERATION_MAX)
    {
      g_hash_table_unref (fragments->old);
      fragments->old = fragments->young;
      fragments->young = new_generation ();
    }
  g_hash_table_replace (fragments->young, &datagram->key, datagram);
}

gboolean
trama_fragments_find (const TramaFragments *fragments, const TramaDecoded *later, guint32 *conversation)
{
  Key key = key_of (later);
  const Datagram *datagram = g_hash_table_lookup (fragments->young, &key);

  if (datagram == NULL)
    datagram = g_hash_table_lookup (fragments->old, &key);
  if (datagram == NULL)
    return FALSE;
  *conversation = datagram->conversation;
  return TRUE;
}

void
trama_fragments_hold (TramaFragments *fragments, const TramaDecoded *later, guint packet)
{
  Key key = key_of (later);
  GArray *packets;
  guint32 index = packet;

  if (fragments->n_held == HELD_MAX)
    {
      g_hash_table_remove_all (fragments->held);
      fragments->n_held = 0;
    }
  packets = g_hash_table_lookup (fragments->held, &key);
  if (packets == NULL)
    {
      packets = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_hash_table_insert (fragments->held, g_memdup2 (&key, sizeof key), packets);
    }
  g_array_append_val (packets, index);
  fragments->n_held++;
}

GArray *
trama_fragments_take (TramaFragments *fragments, const TramaDecoded *first)
{
  Key key = key_of (first);
  GArray *packets = g_hash_table_lookup (fragments->held, &key);

  if (packets == NULL)
    return NULL;
  g_array_ref (packets);
  fragments->n_held -= packets->len;
  g_hash_table_remove (fragments->held, &key);
  return packets;
}
