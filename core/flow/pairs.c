/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/pairs.h"

#include <string.h>

#define FIRST_SLOTS 64

static TramaPairSlot *
slot_at (const TramaPairs *pairs, guint32 place)
{
  return &pairs->slots[place & pairs->mask];
}

static void
make_slots (TramaPairs *pairs, gsize n)
{
  pairs->slots = g_new (TramaPairSlot, n);
  pairs->mask = (guint32) (n - 1);
  memset (pairs->slots, 0xff, n * sizeof (TramaPairSlot));
}

void
trama_pairs_init (TramaPairs *pairs, const TramaColumn *flows)
{
  *pairs = (TramaPairs){ .flows = flows };
  pairs->seed = (guint64) g_random_int () << 32 | g_random_int ();
  make_slots (pairs, FIRST_SLOTS);
}

void
trama_pairs_clear (TramaPairs *pairs)
{
  g_free (pairs->slots);
}

static guint64
mix (guint64 hash)
{
  hash ^= hash >> 31;
  hash *= G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ (hash >> 29);
}

static guint64
hash_endpoint (guint64 seed, const TramaEndpoint *endpoint)
{
  guint64 words[2];

  memcpy (words, endpoint->address, sizeof words);
  return mix (mix ((words[0] ^ seed) + endpoint->port) + words[1]);
}

guint32
trama_pairs_hash (const TramaPairs *pairs, guint8 protocol, const TramaEndpoint *a, const TramaEndpoint *b)
{
  guint64 both = hash_endpoint (pairs->seed, a) + hash_endpoint (pairs->seed, b);

  return (guint32) (mix (both + protocol) >> 16);
}

static gboolean
is_between (const TramaFlow *flow,
            guint8 protocol,
            const TramaEndpoint *a,
            const TramaEndpoint *b,
            guint *side)
{
  *side = trama_endpoint_equal (&flow->endpoint[0], a) ? 0 : 1;
  return flow->protocol == protocol && trama_endpoint_equal (&flow->endpoint[*side], a)
         && trama_endpoint_equal (&flow->endpoint[!*side], b);
}

guint32
trama_pairs_find (const TramaPairs *pairs,
                  guint32 hash,
                  guint8 protocol,
                  const TramaEndpoint *a,
                  const TramaEndpoint *b,
                  guint *side)
{
  for (guint32 place = hash;; place++)
    {
      const TramaPairSlot *slot = slot_at (pairs, place);

      if (slot->flow == TRAMA_FLOW_NONE)
        return TRAMA_FLOW_NONE;
      if (slot->hash == hash
          && is_between (&trama_column_index (pairs->flows, TramaFlow, slot->flow), protocol, a, b, side))
        return slot->flow;
    }
}

static void
put (TramaPairs *pairs, guint32 hash, guint32 old, guint32 flow)
{
  guint32 place = hash;

  while (slot_at (pairs, place)->flow != old)
    place++;
  *slot_at (pairs, place) = (TramaPairSlot){ hash, flow };
}

static void
grow (TramaPairs *pairs)
{
  g_autofree TramaPairSlot *old = pairs->slots;
  gsize n_old = (gsize) pairs->mask + 1;

  make_slots (pairs, 2 * n_old);
  for (gsize i = 0; i < n_old; i++)
    if (old[i].flow != TRAMA_FLOW_NONE)
      put (pairs, old[i].hash, TRAMA_FLOW_NONE, old[i].flow);
}

void
trama_pairs_set (TramaPairs *pairs, guint32 hash, guint32 old, guint32 flow)
{
  put (pairs, hash, old, flow);
  if (old == TRAMA_FLOW_NONE && ++pairs->n_used > pairs->mask / 4 * 3)
    grow (pairs);
}

void
trama_pairs_prefetch (const TramaPairs *pairs, guint32 hash)
{
  __builtin_prefetch (slot_at (pairs, hash));
}

guint32
trama_pairs_guess (const TramaPairs *pairs, guint32 hash)
{
  const TramaPairSlot *slot = slot_at (pairs, hash);

  return slot->hash == hash ? slot->flow : TRAMA_FLOW_NONE;
}
