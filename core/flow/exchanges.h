/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Requests and their answers, where there is no connection.
 *
 * An echo request and its reply have the same identifier and number (RFC 792; RFC 4443,
 * section 4). Of UDP nobody knows without its protocol: the side that sent first asks,
 * the other answers. Many protocols begin an answer as its request began, with a number
 * (DNS: RFC 1035, section 4.1.1): where the beginning of one request alone fits best, the
 * answer is to that; when that was answered already, to none. Else the answers that follow
 * some requests go to them in their order; when the next request comes, what is not
 * answered stays so.
 */
typedef struct
{
  gint64 took_ns;  /* TRAMA_TIME_NONE: not answered */
  guint32 request; /* a packet */
  guint32 answer;  /* a packet; G_MAXUINT32: none */
  guint8 side;     /* who asks */
} TramaExchange;

/* A new GArray of TramaExchange, by the time of the request; empty when it is of another protocol. */
GArray *trama_exchanges_find (TramaFlowTable *table, guint flow);

/* As ping(8) sums it up. */
typedef struct
{
  guint sent;
  guint received;
  guint doubled; /* replies that came again */
  gint64 shortest_ns;
  gint64 mean_ns;
  gint64 longest_ns;
} TramaEchoSummary;

/* FALSE: there was no echo request in it. */
gboolean trama_echo_summarize (TramaFlowTable *table, guint flow, TramaEchoSummary *summary);

/* "4 sent, 4 received, 0 lost, min/avg/max 12 µs/…", in the language of the user. The caller's to free. */
char *trama_echo_summary_format (const TramaEchoSummary *summary);
