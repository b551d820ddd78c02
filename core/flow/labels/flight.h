/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/options.h"

/*
 * Private to the room: the segments of one side that are not acknowledged yet, to
 * tell how long an acknowledgment took. A queue in the order of their numbers; what
 * came out of order is not among them, for nobody knows when it was sent. Zeroed
 * memory is an empty one. Of more than TRAMA_FLIGHT_MAX the oldest are forgotten.
 */

#define TRAMA_FLIGHT_MAX 16384

typedef struct
{
  gint64 time_ns;
  guint32 packet;
  guint32 timestamp; /* TSval; meaningless without the option */
  guint16 mark;      /* identification of IPv4; 0: none */
} TramaSending;

typedef struct
{
  TramaSending first;
  TramaSending last; /* the same until it is resent */
  guint32 begin;
  guint32 end;
} TramaFlightSegment;

typedef struct
{
  TramaFlightSegment *segments; /* a ring */
  guint32 head;
  guint32 n;
  guint32 room; /* 0 or a power of two */
} TramaFlight;

/* [begin, end) lies behind everything that was added before. */
void trama_flight_add (TramaFlight *flight, guint32 begin, guint32 end, const TramaSending *sending);

/* A part of it is sent again. The sending of its first number before; FALSE: it is not known. */
gboolean trama_flight_resend (TramaFlight *flight,
                              guint32 begin,
                              guint32 end,
                              const TramaSending *sending,
                              TramaSending *before);

/* Whether [begin, end) is less than a segment of it, and within that. */
gboolean trama_flight_is_piece (const TramaFlight *flight, guint32 begin, guint32 end);

/* The first sending of the @nth segment that lies behind @end, from 0; NULL: there are no more. */
const TramaSending *trama_flight_find_behind (const TramaFlight *flight, guint32 end, guint nth);

/*
 * RFC 3522, section 3.2: the acknowledgment of the oldest segment answers its first sending,
 * as its @echo shows. *@again: the packet in which it was sent again, without need.
 */
gboolean
trama_flight_answers_first (const TramaFlight *flight, guint32 acknowledged, guint32 echo, guint32 *again);

/*
 * Everything before @acknowledged has arrived. The sending that this acknowledges, as far
 * as it can be told (Karn: RFC 6298, section 3): of resent segments only @echo, TSecr of
 * the acknowledgment (RFC 7323, section 4), tells which sending it was; NULL: there is no
 * such option. FALSE: it cannot be told.
 */
gboolean trama_flight_acknowledge (TramaFlight *flight,
                                   guint32 acknowledged,
                                   const guint32 *echo,
                                   TramaSending *sending);

/* Nothing in it can be told from now on. */
void trama_flight_forget (TramaFlight *flight);

/* To be called at the end. */
void trama_flight_clear (TramaFlight *flight);
