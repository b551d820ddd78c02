/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/ring.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define FULL_SLEEP_NS 200000

/* Positions only grow; the place in the data is the position modulo its size. */
struct _TramaRing
{
  _Alignas(64) _Atomic guint64 written;
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

static void
wait_for_room (TramaRing *ring, guint64 written, gsize size)
{
  static const struct timespec pause = { 0, FULL_SLEEP_NS };

  while (written + size - atomic_load_explicit (&ring->read, memory_order_acquire) > TRAMA_RING_BYTES)
    nanosleep (&pause, NULL);
}

void
trama_ring_write (TramaRing *ring, const guint8 *record, gsize size)
{
  guint64 written = atomic_load_explicit (&ring->written, memory_order_relaxed);
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
  guint64 read = atomic_load_explicit (&ring->read, memory_order_relaxed);
  gsize size = (gsize) (atomic_load_explicit (&ring->written, memory_order_acquire) - read);
  gsize place = read % TRAMA_RING_BYTES;
  gsize first = MIN (size, TRAMA_RING_BYTES - place);

  g_byte_array_append (out, ring->data + place, (guint) first);
  g_byte_array_append (out, ring->data, (guint) (size - first));
  atomic_store_explicit (&ring->read, read + size, memory_order_release);
  return size;
}
