/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Which datagrams are not whole in the trace: of some of their fragments (RFC 791,
 * section 3.2; RFC 8200, section 4.5) nothing was captured. Only of UDP, whose first
 * fragment tells how long the datagram is.
 */
typedef struct
{
  guint32 first; /* the packet with its first fragment */
  guint32 flow;
  guint8 side;            /* who sent it */
  guint32 captured_bytes; /* of the payload, those that the fragments had on the wire */
  guint32 whole_bytes;
  gint64 last_ns; /* of the fragments, in time */
} TramaIncomplete;

/* A new GArray of TramaIncomplete, in order of the first fragments; empty, and no work, where there is no fragment. */
GArray *trama_reassembly_find_incomplete (TramaFlowTable *table);
