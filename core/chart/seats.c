/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/seats.h"

#include "core/chart/lanes.h"

#include <netinet/in.h>
#include <string.h>

/* More than these are not looked at when nobody has chosen any: what is left has next to nothing. */
#define CONSIDERED_MAX 256

/* Of the numbers that lanes of endpoints have. */
#define LANES (1u << 30)

/* Who has a seat of their own. */
typedef enum
{
  MANNER_ALONE,  /* every endpoint */
  MANNER_SHARED, /* the same, but those of one host take turns when they talk to the same one */
  MANNER_HOSTS,  /* hosts, where both sides are not the same one */
} Manner;

/* An endpoint that has come into it, or a host that has. */
typedef struct
{
  TramaEndpoint endpoint; /* port 0: the host */
  guint32 seat;
  guint32 n_flows; /* that it has a part in, of all that are to be seated */
} Guest;

/* What is decided while people are being seated. */
typedef struct
{
  TramaFlowTable *table;
  GHashTable *guests; /* of Guest, by endpoint */
  GArray *seats;      /* of TramaSeat */
  GArray *seated;     /* of guint32: conversations */
  Manner manner;
  guint limit;
  guint n_left_out;
} Seating;

static guint
hash_endpoint (gconstpointer key)
{
  const TramaEndpoint *endpoint = key;
  guint hash = 5381u + endpoint->family;

  for (gsize i = 0; i < sizeof endpoint->address; i++)
    hash = hash * 33 + endpoint->address[i];
  return (hash * 33 + (endpoint->port >> 8)) * 33 + (endpoint->port & 0xff);
}

static gboolean
equal_endpoints (gconstpointer a, gconstpointer b)
{
  return trama_endpoint_equal (a, b);
}

static void
seat_clear (gpointer data)
{
  g_array_unref (((TramaSeat *) data)->spans);
}

static GArray *
seats_array_new (void)
{
  GArray *seats = g_array_new (FALSE, TRUE, sizeof (TramaSeat));

  g_array_set_clear_func (seats, seat_clear);
  return seats;
}

static Seating *
seating_new (TramaFlowTable *table, Manner manner, guint limit)
{
  Seating *self = g_new0 (Seating, 1);

  self->table = table;
  self->manner = manner;
  self->limit = limit;
  self->guests = g_hash_table_new_full (hash_endpoint, equal_endpoints, NULL, g_free);
  self->seats = seats_array_new ();
  self->seated = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

static void
seating_free (Seating *self)
{
  g_hash_table_unref (self->guests);
  g_array_unref (self->seats);
  g_array_unref (self->seated);
  g_free (self);
}

static gboolean
is_one_host (const TramaFlow *flow)
{
  return memcmp (flow->endpoint[0].address, flow->endpoint[1].address, sizeof flow->endpoint[0].address) == 0
         && flow->endpoint[0].family == flow->endpoint[1].family;
}

/* Who it is that sits down. */
static TramaEndpoint
name_guest (const Seating *self, const TramaFlow *flow, guint side)
{
  TramaEndpoint endpoint = flow->endpoint[side];

  if (self->manner == MANNER_HOSTS && !is_one_host (flow))
    endpoint.port = 0;
  return endpoint;
}

static Guest *
get_guest (Seating *self, const TramaFlow *flow, guint side)
{
  TramaEndpoint endpoint = name_guest (self, flow, side);
  Guest *guest = g_hash_table_lookup (self->guests, &endpoint);

  if (guest != NULL)
    return guest;
  guest = g_new0 (Guest, 1);
  guest->endpoint = endpoint;
  guest->seat = TRAMA_SEAT_NONE;
  g_hash_table_insert (self->guests, &guest->endpoint, guest);
  return guest;
}

/* The first that ends at @start_ns or later. */
static guint
find_span (const GArray *spans, gint64 start_ns)
{
  guint low = 0, high = spans->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (spans, TramaSpan, middle).end_ns < start_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_free (const TramaSeat *seat, const TramaSpan *span)
{
  guint at = find_span (seat->spans, span->start_ns);

  return at == seat->spans->len || g_array_index (seat->spans, TramaSpan, at).start_ns > span->end_ns;
}

static gboolean
is_same_host (const TramaEndpoint *one, const TramaEndpoint *other)
{
  return one->family == other->family && memcmp (one->address, other->address, sizeof one->address) == 0;
}

/*
 * Of somebody who talks to @hub alone: the seat of another endpoint of that host that does
 * so, too, but at another time. With @mirror: of the endpoint that talks to itself.
 */
static guint32
find_beside (const Seating *self, const Guest *guest, const TramaSpan *span, guint32 hub, gboolean mirror)
{
  for (guint32 i = 0; i < self->seats->len; i++)
    {
      const TramaSeat *seat = &g_array_index (self->seats, TramaSeat, i);

      if (seat->partner != hub || !is_same_host (&seat->endpoint, &guest->endpoint))
        continue;
      if (mirror
              == trama_endpoint_equal (&seat->endpoint, &g_array_index (self->seats, TramaSeat, hub).endpoint)
          && (mirror || is_free (seat, span)))
        return i;
    }
  return TRAMA_SEAT_NONE;
}

/* FALSE: there is no room. */
static gboolean
find_seats (Seating *self, const TramaFlow *flow, Guest *const guests[2], guint hub, guint32 seats[2])
{
  const TramaSpan span = { flow->first_ns, flow->last_ns };
  gboolean mirror = guests[0] == guests[1];
  gboolean shares = self->manner != MANNER_ALONE && guests[!hub]->n_flows == 1
                    && guests[!hub]->endpoint.port != 0;

  seats[hub] = guests[hub]->seat;
  seats[!hub] = mirror ? TRAMA_SEAT_NONE : guests[!hub]->seat;
  if (seats[!hub] == TRAMA_SEAT_NONE && seats[hub] != TRAMA_SEAT_NONE && (mirror || shares))
    seats[!hub] = find_beside (self, guests[!hub], &span, seats[hub], mirror);
  if (self->seats->len + (seats[0] == TRAMA_SEAT_NONE) + (seats[1] == TRAMA_SEAT_NONE) > self->limit)
    return FALSE;
  /* Whoever sent first stands on the left. */
  for (guint side = 0; side < 2; side++)
    if (seats[side] == TRAMA_SEAT_NONE)
      {
        TramaSeat seat = { .endpoint = guests[side]->endpoint, .partner = TRAMA_SEAT_NONE };

        seat.spans = g_array_new (FALSE, FALSE, sizeof (TramaSpan));
        g_array_append_val (self->seats, seat);
        seats[side] = self->seats->len - 1;
      }
  if (mirror || shares)
    g_array_index (self->seats, TramaSeat, seats[!hub]).partner = seats[hub];
  return TRUE;
}

static void
sit_down (Seating *self, const TramaFlow *flow, Guest *guest, guint32 index)
{
  TramaSeat *seat = &g_array_index (self->seats, TramaSeat, index);
  const TramaSpan span = { flow->first_ns, flow->last_ns };

  if (guest->seat == TRAMA_SEAT_NONE || seat->n_flows == 0)
    seat->n_endpoints++;
  if (guest->seat == TRAMA_SEAT_NONE)
    guest->seat = index;
  seat->n_flows++;
  seat->tcp |= flow->protocol == IPPROTO_TCP;
  if (seat->partner != TRAMA_SEAT_NONE)
    g_array_insert_val (seat->spans, find_span (seat->spans, span.start_ns), span);
}

static void
seat_flow (Seating *self, guint32 index, guint32 seats[2])
{
  const TramaFlow *flow = trama_flow_table_get_flow (self->table, index);
  Guest *guests[2] = { get_guest (self, flow, 0), get_guest (self, flow, 1) };
  guint hub = guests[1]->n_flows >= guests[0]->n_flows;

  if (!find_seats (self, flow, guests, hub, seats))
    {
      self->n_left_out++;
      return;
    }
  sit_down (self, flow, guests[hub], seats[hub]);
  sit_down (self, flow, guests[!hub], seats[!hub]);
  g_array_append_val (self->seated, index);
}

/* Before anybody sits down. */
static void
expect (Seating *self, guint32 flow)
{
  for (guint side = 0; side < 2; side++)
    get_guest (self, trama_flow_table_get_flow (self->table, flow), side)->n_flows++;
}

static Seating *
try_seating (TramaFlowTable *table, const GArray *flows, Manner manner, guint limit)
{
  Seating *self = seating_new (table, manner, limit);

  for (guint i = 0; i < flows->len; i++)
    expect (self, g_array_index (flows, guint32, i));
  for (guint i = 0; i < flows->len; i++)
    {
      guint32 seats[2];

      seat_flow (self, g_array_index (flows, guint32, i), seats);
    }
  return self;
}

static gboolean
is_better (const Seating *one, const Seating *other)
{
  return one->n_left_out < other->n_left_out
         || (one->n_left_out == other->n_left_out && one->seats->len < other->seats->len);
}

/* Everybody alone, if a few seats do for that; or else whatever leaves the fewest out and takes the fewest seats. */
static Seating *
find_seating (TramaFlowTable *table, const GArray *flows, guint limit)
{
  Seating *best = try_seating (table, flows, MANNER_ALONE, TRAMA_SEATS_FEW);

  for (Manner manner = MANNER_SHARED; manner <= MANNER_HOSTS; manner++)
    {
      Seating *other;

      if (best->n_left_out == 0 && best->seats->len <= TRAMA_SEATS_FEW)
        break;
      other = try_seating (table, flows, manner, limit);
      if (is_better (other, best))
        {
          seating_free (best);
          best = other;
        }
      else
        seating_free (other);
    }
  return best;
}

/* Those with the most packets first. */
typedef struct
{
  guint64 n_packets;
  guint32 flow;
} Candidate;

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;

  if (x->n_packets != y->n_packets)
    return x->n_packets > y->n_packets ? -1 : 1;
  return x->flow < y->flow ? -1 : x->flow > y->flow;
}

static void
keep_busiest (GArray *candidates, guint n)
{
  g_array_sort (candidates, compare_candidates);
  g_array_set_size (candidates, MIN (candidates->len, n));
}

/* At most @max of them: a new GArray of guint32. NULL: of all there are. */
static GArray *
list_busiest (TramaFlowTable *table, const TramaFlowSet *asked, guint max)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  GArray *flows = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint n = asked != NULL ? trama_flow_set_n_flows (asked) : trama_flow_table_n_flows (table);
  guint64 enough = 0; /* whoever has no more than that does not come into it */

  for (guint i = 0; i < n; i++)
    {
      Candidate candidate = { .flow = asked != NULL ? trama_flow_set_get (asked, i) : i };
      const TramaFlow *flow;

      if (candidate.flow >= trama_flow_table_n_flows (table))
        continue;
      flow = trama_flow_table_get_flow (table, candidate.flow);
      candidate.n_packets = (guint64) flow->packets[0] + flow->packets[1];
      if (candidate.n_packets <= enough)
        continue;
      g_array_append_val (candidates, candidate);
      if (candidates->len < 2 * max)
        continue;
      keep_busiest (candidates, max);
      enough = g_array_index (candidates, Candidate, max - 1).n_packets;
    }
  keep_busiest (candidates, max);
  for (guint i = 0; i < candidates->len; i++)
    g_array_append_val (flows, g_array_index (candidates, Candidate, i).flow);
  return flows;
}

static TramaFlowSet *
set_of (const GArray *flows)
{
  return trama_flow_set_new ((const guint32 *) (gconstpointer) flows->data, flows->len);
}

GArray *
trama_seats_list_busiest (TramaFlowTable *table)
{
  g_autoptr (GArray) flows = list_busiest (table, NULL, CONSIDERED_MAX);
  Seating *seating = find_seating (table, flows, TRAMA_SEATS_FEW);
  GArray *seated = g_array_ref (seating->seated);

  seating_free (seating);
  return seated;
}

/* The same for an endpoint in every trace and every choice, unless two that are drawn would have it. */
static gint32
find_lane (const GArray *seats, guint32 index)
{
  gint32 lane = TRAMA_LANE_ENDPOINTS
                - (gint32) (hash_endpoint (&g_array_index (seats, TramaSeat, index).endpoint) % LANES);

  for (guint32 i = 0; i < index; i++)
    if (g_array_index (seats, TramaSeat, i).lane == lane)
      {
        lane--;
        i = G_MAXUINT32; /* from the beginning */
      }
  return lane;
}

/* In order of time, as they are numbered. */
static void
seat_all (TramaSeats *self, Seating *seating)
{
  for (guint i = 0; i < trama_flow_set_n_flows (self->flows); i++)
    {
      guint32 flow = trama_flow_set_get (self->flows, i);

      seat_flow (seating, flow, self->of_side[flow]);
      self->of_side[flow][0]++;
      self->of_side[flow][1]++;
    }
  for (guint32 i = 0; i < seating->seats->len; i++)
    g_array_index (seating->seats, TramaSeat, i).lane = find_lane (seating->seats, i);
  self->seats = g_array_ref (seating->seats);
}

TramaSeats *
trama_seats_new (TramaFlowTable *table, TramaFlowSet *asked)
{
  g_autoptr (GArray) flows = list_busiest (table, asked, TRAMA_SEATS_FLOWS_MAX);
  Seating *seating = find_seating (table, flows, TRAMA_SEATS_MAX);
  TramaSeats *self = g_new0 (TramaSeats, 1);
  Seating *final = seating_new (table, seating->manner, G_MAXUINT);

  self->flows = set_of (seating->seated);
  self->n_flows = trama_flow_table_n_flows (table);
  self->of_side = g_malloc0_n (MAX (self->n_flows, 1), sizeof *self->of_side);
  for (guint i = 0; i < trama_flow_set_n_flows (self->flows); i++)
    expect (final, trama_flow_set_get (self->flows, i));
  seat_all (self, final);
  seating_free (seating);
  seating_free (final);
  return self;
}

void
trama_seats_free (TramaSeats *self)
{
  if (self == NULL)
    return;
  trama_flow_set_unref (self->flows);
  g_array_unref (self->seats);
  g_free (self->of_side);
  g_free (self);
}

gboolean
trama_seats_is_shared (const TramaSeats *self, guint32 flow, guint side)
{
  guint32 index = trama_seats_find (self, flow, side);

  return index != TRAMA_SEAT_NONE
         && (trama_seats_get (self, index)->n_endpoints > 1
             || trama_seats_get (self, index)->endpoint.port == 0);
}
