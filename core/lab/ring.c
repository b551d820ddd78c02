/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/ring.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define FULL_SLEEP_NS 200000

/* Where the writer begins anew, when everything was read and it has come so far. */
#define FRONT_BYTES (256u << 10)

/*
 * Positions only grow; the place in the data is the position modulo its size. A writer
 * that finds the ring empty goes to its front, over places that are then in nobody's way:
 * so it keeps to a part of the memory that is in the cache, and the rest is never touched.
 */
struct _TramaRing
{
  _Alignas(64) _Atomic guint64 written;
  _Atomic guint64 skipped; /* nothing was written between the last place before and this one */
  _Alignas(64) _Atomic guint64 read;
  _Alignas(64) guint8 data[TRAMA_RING_BYTES];
};

G_STATIC_ASSERT ((TRAMA_RING_BYTES & (TRAMA_RING_BYTES - 1)) == 0);

TramaRing *
trama_ring_new (void)
{
  void *memory = mmap (NULL, sizeof (TramaRing), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

  return memory != MAP_FAILED ? memory : NULL;
}

void
trama_ring_free (TramaRing *ring)
{
  if (ring != NULL)
    munmap (ring, sizeof *ring);
}

/* By the writer: the first position that may not be written over. */
static guint64
find_unread (TramaRing *ring)
{
  guint64 read = atomic_load_explicit (&ring->read, memory_order_acquire);
  guint64 skipped = atomic_load_explicit (&ring->skipped, memory_order_relaxed);

  return MAX (read, skipped);
}

static void
wait_for_room (TramaRing *ring, guint64 written, gsize size)
{
  static const struct timespec pause = { 0, FULL_SLEEP_NS };

  while (written + size - find_unread (ring) > TRAMA_RING_BYTES)
    nanosleep (&pause, NULL);
}

static guint64
choose_place (TramaRing *ring)
{
  guint64 written = atomic_load_explicit (&ring->written, memory_order_relaxed);
  gsize place = written % TRAMA_RING_BYTES;

  if (place < FRONT_BYTES || find_unread (ring) != written)
    return written;
  written += TRAMA_RING_BYTES - place;
  atomic_store_explicit (&ring->skipped, written, memory_order_relaxed);
  return written;
}

void
trama_ring_write (TramaRing *ring, const guint8 *record, gsize size)
{
  guint64 written = choose_place (ring);
  gsize place = written % TRAMA_RING_BYTES;
  gsize first = MIN (size, TRAMA_RING_BYTES - place);

  g_return_if_fail (size <= TRAMA_RING_BYTES / 4);

  wait_for_room (ring, written, size);
  memcpy (ring->data + place, record, first);
  memcpy (ring->data, record + first, size - first);
  atomic_store_explicit (&ring->written, written + size, memory_order_release);
}

gsize
trama_ring_read (TramaRing *ring, GByteArray *out)
{
  guint64 written = atomic_load_explicit (&ring->written, memory_order_acquire);
  guint64 read = find_unread (ring);
  gsize place = read % TRAMA_RING_BYTES;
  gsize size, first;

  /* The writer has skipped, and not yet written there. */
  if (read >= written)
    return 0;
  size = (gsize) (written - read);
  first = MIN (size, TRAMA_RING_BYTES - place);
  g_byte_array_append (out, ring->data + place, (guint) first);
  g_byte_array_append (out, ring->data, (guint) (size - first));
  atomic_store_explicit (&ring->read, read + size, memory_order_release);
  return size;
}
