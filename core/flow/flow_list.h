/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/phases.h"
#include "core/trace/sieve.h"

/* Conversations for a list: which are in it, and in which order. */

/* By what a list is sorted. */
typedef enum
{
  TRAMA_FLOW_KEY_BEGIN,
  TRAMA_FLOW_KEY_FROM, /* the endpoint of side 0 */
  TRAMA_FLOW_KEY_TO,
  TRAMA_FLOW_KEY_PROCESSES,
  TRAMA_FLOW_KEY_PROTOCOL,
  TRAMA_FLOW_KEY_ENDING,
  TRAMA_FLOW_KEY_PACKETS,
  TRAMA_FLOW_KEY_BYTES,
  TRAMA_FLOW_KEY_DURATION,
  TRAMA_FLOW_KEY_WEIGHT,
  TRAMA_N_FLOW_KEYS,
} TramaFlowKey;

/* Who had the socket of that side; NULL: nobody's calls were recorded there. Borrowed. */
const TramaActor *trama_flow_get_actor (TramaFlowTable *table, const TramaFlow *flow, guint side);

/* "client, server", "client" where only one is known, "". The caller's to free. */
char *trama_flow_format_processes (TramaFlowTable *table, const TramaFlow *flow);

/*
 * The conversations of @table that hold every word of @filter, in any case, in an
 * endpoint, a process, the protocol or the ending; NULL or "": all. Sorted by @key, those that
 * are alike by their begin. @weights: of every conversation, for what only the caller knows of
 * them; NULL: all are alike. Keeps a reference to the table, takes @weights; @phases, of that
 * table, are borrowed for as long as it is sifted.
 */
TramaSieve *trama_flow_list_sift (TramaFlowTable *table,
                                  const TramaPhases *phases,
                                  guint32 *weights,
                                  const char *filter,
                                  TramaFlowKey key,
                                  gboolean descending);
