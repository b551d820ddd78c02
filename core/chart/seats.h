/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/flow_set.h"

/*
 * Who has a column where nobody recorded calls: an endpoint that several talk to has one, and so
 * has everybody who talks to it. Endpoints of one host share a column where they talk to the same
 * endpoint one after the other; and where there would be too many columns, hosts have them.
 * Private to core/chart.
 */

/* So many columns can be looked at together, and so many are drawn at most. */
#define TRAMA_SEATS_FEW 8
#define TRAMA_SEATS_MAX 24

/* So many conversations are drawn at most. */
#define TRAMA_SEATS_FLOWS_MAX 4096

#define TRAMA_SEAT_NONE G_MAXUINT32

typedef struct
{
  TramaEndpoint endpoint; /* the first that has it; of a host, its port is 0 */
  gint32 lane;            /* as in lanes.h */
  guint32 n_endpoints;    /* that have it one after the other; a host counts as one */
  guint32 n_flows;
  guint32 partner; /* the only one whom they talk to; TRAMA_SEAT_NONE */
  gboolean tcp;    /* some of it has states */
  GArray *spans;   /* of TramaSpan, of who has a partner: when somebody has it, in order of time */
} TramaSeat;

typedef struct
{
  TramaFlowSet *flows;   /* those that have both their seats */
  GArray *seats;         /* of TramaSeat, in order of time */
  guint n_flows;         /* of the table */
  guint32 (*of_side)[2]; /* by flow: its number + 1 */
} TramaSeats;

/* For trama_flow_set_new_busiest: a new GArray of guint32. */
GArray *trama_seats_list_busiest (TramaFlowTable *table);

/* Of the conversations that are asked for as many as there are columns for, those with the most packets first. */
TramaSeats *trama_seats_new (TramaFlowTable *table, TramaFlowSet *asked);
void trama_seats_free (TramaSeats *seats);

/* Its number; TRAMA_SEAT_NONE: it has none. */
static inline guint32
trama_seats_find (const TramaSeats *seats, guint32 flow, guint side)
{
  return flow < seats->n_flows ? seats->of_side[flow][side] - 1 : TRAMA_SEAT_NONE;
}

static inline const TramaSeat *
trama_seats_get (const TramaSeats *seats, guint32 index)
{
  return &g_array_index (seats->seats, TramaSeat, index);
}

/* Its seat is not named after this endpoint alone. */
gboolean trama_seats_is_shared (const TramaSeats *seats, guint32 flow, guint side);
