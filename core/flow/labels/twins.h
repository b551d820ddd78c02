/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Private to the room: the last packets of one side of a connection, to know one again
 * that comes twice, for it was doubled on its way. Zeroed memory remembers none.
 *
 * Who sends something again gives the packet another identification, where IPv4 has one
 * (by RFC 6864 only fragments need it, but Linux counts on). Without it, or from who gives
 * all of them the same, a packet is the same one when nothing in it differs, and it comes
 * sooner than it could have been sent again, or its time stamp would be another by then
 * (RFC 7323, section 3.2). Checksums are not compared.
 */

/* Of more, some are forgotten. A power of two. */
#define TRAMA_TWINS_MAX 2048

typedef struct
{
  gint64 time_ns;
  guint32 begin; /* of what it brings */
  guint32 end;
  guint32 acknowledgment;
  guint32 timestamp; /* TSval */
  guint32 packet;
  guint16 window; /* not scaled */
  guint16 mark;   /* identification of IPv4; 0: none */
  guint16 checksum;
  guint8 flags;
  guint8 has_timestamp;
  guint8 has_checksum;
  guint8 is_marked; /* nothing that its sender made has the same mark */
} TramaTwin;

typedef struct
{
  TramaTwin syn;    /* the last */
  TramaTwin *slots; /* of the others, by mark, or by begin where that tells nothing */
  guint32 n_slots;
  guint32 n_added; /* ever */
} TramaTwins;

void trama_twins_add (TramaTwins *twins, const TramaTwin *packet);

/*
 * The one that @packet repeats; NULL: it is new. Nothing is sent again sooner than after
 * @again_ns. @way_ns: to its receiver and back, as far as it was measured.
 */
const TramaTwin *
trama_twins_find (const TramaTwins *twins, const TramaTwin *packet, gint64 again_ns, gint64 way_ns);

/* To be called at the end. */
void trama_twins_clear (TramaTwins *twins);
