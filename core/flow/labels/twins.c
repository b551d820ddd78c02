/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/twins.h"

#include "core/decode/decode.h"

/* While they can grow, a quarter of them is used at the most. */
#define SLOTS_MIN 32
#define SLOTS_PER_PACKET 4

/* Time stamps of Linux, the BSDs and macOS count milliseconds, those of old Linux up to 4; by then they have gone on. */
#define TIMESTAMP_TICK_NS (5 * 1000 * 1000)

static guint32
slot_of (const TramaTwins *twins, const TramaTwin *packet)
{
  guint32 key = packet->is_marked ? packet->mark : packet->begin * 0x9e3779b1u >> 16;

  return key & (twins->n_slots - 1);
}

static void
make_room (TramaTwins *twins)
{
  TramaTwins larger = *twins;

  larger.n_slots = MAX (SLOTS_PER_PACKET * twins->n_slots, SLOTS_MIN);
  larger.slots = g_new0 (TramaTwin, larger.n_slots);
  for (guint32 i = 0; i < twins->n_slots; i++)
    if (twins->slots[i].flags != 0)
      larger.slots[slot_of (&larger, &twins->slots[i])] = twins->slots[i];
  g_free (twins->slots);
  *twins = larger;
}

void
trama_twins_add (TramaTwins *twins, const TramaTwin *packet)
{
  if (packet->flags & TRAMA_TCP_SYN)
    {
      twins->syn = *packet;
      return;
    }
  if (SLOTS_PER_PACKET * twins->n_added >= twins->n_slots && twins->n_slots < TRAMA_TWINS_MAX)
    make_room (twins);
  twins->slots[slot_of (twins, packet)] = *packet;
  twins->n_added++;
}

static gboolean
equals (const TramaTwin *a, const TramaTwin *b)
{
  return a->begin == b->begin && a->end == b->end && a->acknowledgment == b->acknowledgment
         && a->window == b->window && a->mark == b->mark && a->flags == b->flags
         && a->has_timestamp == b->has_timestamp && a->timestamp == b->timestamp;
}

const TramaTwin *
trama_twins_find (const TramaTwins *twins, const TramaTwin *packet, gint64 again_ns, gint64 way_ns)
{
  const TramaTwin *twin = &twins->syn;
  gint64 elapsed_ns;

  if (!(packet->flags & TRAMA_TCP_SYN))
    {
      if (twins->n_slots == 0)
        return NULL;
      twin = &twins->slots[slot_of (twins, packet)];
    }
  if (twin->flags == 0 || !equals (twin, packet))
    return NULL;
  elapsed_ns = packet->time_ns - twin->time_ns;
  if (packet->is_marked || elapsed_ns < again_ns)
    return twin;
  return packet->has_timestamp && MAX (elapsed_ns, way_ns) > TIMESTAMP_TICK_NS ? twin : NULL;
}

void
trama_twins_clear (TramaTwins *twins)
{
  g_free (twins->slots);
  *twins = (TramaTwins){ 0 };
}
