/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * How much happened when, in a trace of any size: packets, bytes and rare packets
 * for each pixel of a time axis, in a time that depends on the pixels and not on
 * the packets.
 *
 * The store has the packets in order of time. Every TRAMA_DENSITY_BLOCK of them are
 * summed up, and so is each block of blocks, for every lane. A pixel is a range of
 * positions: the blocks in it, and at its ends the packets of a block one by one. So
 * sums are exact at every scale, nothing is kept of a packet itself, and what comes
 * later is appended. One thread at a time.
 */
typedef struct _TramaDensity TramaDensity;

#define TRAMA_DENSITY_BLOCK 64

/* In the order in which a histogram stacks them. */
typedef enum
{
  TRAMA_DENSITY_DATA, /* TCP with data */
  TRAMA_DENSITY_ACK,  /* other TCP */
  TRAMA_DENSITY_UDP,  /* and everything else */
  TRAMA_N_DENSITY_KINDS,
} TramaDensityKind;

/* In TramaDensitySum.rare, beside 1 << TramaSegmentKind of SYN, FIN, RST and ICMP. */
#define TRAMA_DENSITY_RESENT (1 << 7)
#define TRAMA_DENSITY_ZERO_WINDOW (1 << 1)

/* Of a lane in a range of time, by the side that sent. */
typedef struct
{
  guint32 packets[2][TRAMA_N_DENSITY_KINDS];
  guint64 bytes[2]; /* of the frames, as long as they were on the wire */
  guint8 rare[2];   /* what there is of it at least once */
} TramaDensitySum;

#define TRAMA_DENSITY_NO_LANE G_MAXUINT32

/*
 * @lane_of_flow: for each of @n_flows the lane below @n_lanes that its packets count
 * in, or TRAMA_DENSITY_NO_LANE; copied. NULL: there is one lane, with every packet.
 */
TramaDensity *trama_density_new (const guint32 *lane_of_flow, guint n_flows, guint n_lanes);
void trama_density_free (TramaDensity *density);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaDensity, trama_density_free)

/*
 * Takes in at most @max_packets that @table has, which may still be in the making, and that
 * are not there yet; keeps a reference. FALSE: all of them are. A table made anew of a store
 * that has grown goes on where the one before ended, unless packets came late: then from
 * the beginning.
 */
gboolean trama_density_follow (TramaDensity *density, TramaFlowTable *table, guint max_packets);

/* How many packets it has taken in. */
guint trama_density_n_packets (const TramaDensity *density);

/*
 * @edges_ns: @n + 1 times, ascending; pixel i is from edge i up to but not including
 * edge i + 1. Writes the sum of lane l in it to sums[i * n_lanes + l].
 */
void
trama_density_query (const TramaDensity *density, const gint64 *edges_ns, guint n, TramaDensitySum *sums);

/* Adds @from to @to. Inline, as a picture is made of very many. */
static inline void
trama_density_sum_add (TramaDensitySum *to, const TramaDensitySum *from)
{
  for (guint side = 0; side < 2; side++)
    {
      for (guint kind = 0; kind < TRAMA_N_DENSITY_KINDS; kind++)
        to->packets[side][kind] += from->packets[side][kind];
      to->bytes[side] += from->bytes[side];
      to->rare[side] |= from->rare[side];
    }
}

/* Adds one packet, of a length on the wire, to what @side sent, and what of the rare it is. */
void
trama_density_sum_count (TramaDensitySum *sum, const TramaBrief *brief, guint side, guint32 length_bytes);
