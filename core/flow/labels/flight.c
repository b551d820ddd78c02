/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/flight.h"

#include "core/flow/sequence.h"

#define ROOM_MIN 4

/* One segment may be sent again for many small ones; more are not marked. */
#define RESENT_AT_ONCE_MAX 64

static TramaFlightSegment *
segment_at (const TramaFlight *flight, guint32 index)
{
  return &flight->segments[(flight->head + index) & (flight->room - 1)];
}

static gboolean
was_resent (const TramaFlightSegment *segment)
{
  return segment->first.packet != segment->last.packet;
}

static void
drop_oldest (TramaFlight *flight)
{
  flight->head = (flight->head + 1) & (flight->room - 1);
  flight->n--;
}

static void
make_room (TramaFlight *flight)
{
  TramaFlight larger = { .n = flight->n, .room = MAX (2 * flight->room, ROOM_MIN) };

  if (flight->n == TRAMA_FLIGHT_MAX)
    {
      drop_oldest (flight);
      return;
    }
  larger.segments = g_new (TramaFlightSegment, larger.room);
  for (guint32 i = 0; i < flight->n; i++)
    larger.segments[i] = *segment_at (flight, i);
  g_free (flight->segments);
  *flight = larger;
}

void
trama_flight_add (TramaFlight *flight, guint32 begin, guint32 end, const TramaSending *sending)
{
  if (flight->n == flight->room)
    make_room (flight);
  *segment_at (flight, flight->n++) = (TramaFlightSegment){ *sending, *sending, begin, end };
}

/* The first that ends behind @number. */
static guint32
find (const TramaFlight *flight, guint32 number)
{
  guint32 low = 0, high = flight->n;

  while (low < high)
    {
      guint32 middle = low + (high - low) / 2;

      if (trama_is_after (segment_at (flight, middle)->end, number))
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

gboolean
trama_flight_resend (TramaFlight *flight,
                     guint32 begin,
                     guint32 end,
                     const TramaSending *sending,
                     TramaSending *before)
{
  guint32 first = find (flight, begin);
  gboolean found = FALSE;

  for (guint32 i = first; i < flight->n && i - first < RESENT_AT_ONCE_MAX; i++)
    {
      TramaFlightSegment *segment = segment_at (flight, i);

      if (!trama_is_after (end, segment->begin))
        break;
      if (!found)
        *before = segment->last;
      found = TRUE;
      segment->last = *sending;
    }
  return found;
}

gboolean
trama_flight_is_piece (const TramaFlight *flight, guint32 begin, guint32 end)
{
  const TramaFlightSegment *segment;
  guint32 index = flight->n > 0 ? find (flight, begin) : 0;

  if (index == flight->n)
    return FALSE;
  segment = segment_at (flight, index);
  return end - begin < segment->end - segment->begin && !trama_is_after (segment->begin, begin)
         && !trama_is_after (end, segment->end);
}

const TramaSending *
trama_flight_find_behind (const TramaFlight *flight, guint32 end, guint nth)
{
  guint32 index = flight->n > 0 ? find (flight, end) + nth : 0;

  return index < flight->n ? &segment_at (flight, index)->first : NULL;
}

gboolean
trama_flight_answers_first (const TramaFlight *flight, guint32 acknowledged, guint32 echo, guint32 *again)
{
  const TramaFlightSegment *segment;

  if (flight->n == 0)
    return FALSE;
  segment = segment_at (flight, 0);
  if (trama_is_after (segment->end, acknowledged) || !was_resent (segment) || segment->first.timestamp != echo
      || segment->last.timestamp == echo)
    return FALSE;
  *again = segment->last.packet;
  return TRUE;
}

/* Which of its sendings is told by the echo; NULL: both could be, or none. */
static const TramaSending *
find_echoed (const TramaFlightSegment *segment, const guint32 *echo)
{
  gboolean is_first = echo != NULL && segment->first.timestamp == *echo;
  gboolean is_last = echo != NULL && segment->last.timestamp == *echo;

  if (is_first == is_last)
    return NULL;
  return is_first ? &segment->first : &segment->last;
}

/*
 * What is acknowledged together with something resent may have come long before: that is
 * why the echo of the resent one counts then, and nothing else.
 */
gboolean
trama_flight_acknowledge (TramaFlight *flight,
                          guint32 acknowledged,
                          const guint32 *echo,
                          TramaSending *sending)
{
  gboolean is_any_resent = FALSE, found = FALSE;

  while (flight->n > 0 && !trama_is_after (segment_at (flight, 0)->end, acknowledged))
    {
      const TramaFlightSegment *segment = segment_at (flight, 0);
      const TramaSending *echoed = was_resent (segment) ? find_echoed (segment, echo) : NULL;

      if (was_resent (segment) && !is_any_resent)
        {
          is_any_resent = TRUE;
          found = FALSE;
        }
      if (echoed != NULL || (!was_resent (segment) && !is_any_resent))
        {
          *sending = echoed != NULL ? *echoed : segment->last;
          found = TRUE;
        }
      drop_oldest (flight);
    }
  return found;
}

void
trama_flight_forget (TramaFlight *flight)
{
  flight->n = 0;
}

void
trama_flight_clear (TramaFlight *flight)
{
  g_free (flight->segments);
  *flight = (TramaFlight){ 0 };
}
