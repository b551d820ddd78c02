/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Where the kernel's samples of a socket tell another TCP state than its packets do. In the
 * table the kernel has won; here is what it has won against. That the two come to know of
 * a state some milliseconds apart is no disagreement, nor is a socket that the kernel
 * has given up without a packet, nor what began before the capture did.
 */
typedef struct
{
  gint64 time_ns; /* of the first sample that says so */
  guint64 socket;
  guint32 flow;
  guint8 side;
  guint8 kernel;  /* TramaTcpState, of the sample */
  guint8 packets; /* the same, by the packets alone */
} TramaDisagreement;

/* A new GArray of TramaDisagreement, by conversation and time. Goes through the conversations that have samples. */
GArray *trama_disagreements_find (TramaFlowTable *table);
