/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Records on their way from an actor to the lab: a ring in memory that both share
 * across fork(2). One process writes, one reads, without a system call on either
 * side, so that recording costs little and what an actor wrote outlives it.
 */
typedef struct _TramaRing TramaRing;

/* Room of one ring. What a session records between two looks of the lab fits several times. */
#define TRAMA_RING_BYTES (4u << 20)

/* NULL with errno when the memory cannot be had. */
TramaRing *trama_ring_new (void);
void trama_ring_free (TramaRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaRing, trama_ring_free)

/* Waits, in short sleeps, while the ring is full. @size is at most a quarter of the ring. */
void trama_ring_write (TramaRing *ring, const guint8 *record, gsize size);

/* Appends every whole record to @out. Returns how many bytes. */
gsize trama_ring_read (TramaRing *ring, GByteArray *out);
