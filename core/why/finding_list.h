/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/sieve.h"
#include "core/why/finding.h"

/* Findings for a list: which are in it, and in which order. */

/* By what a list is sorted. */
typedef enum
{
  TRAMA_FINDING_KEY_TIME,
  TRAMA_FINDING_KEY_SEVERITY,
  TRAMA_FINDING_KEY_WHERE,
  TRAMA_FINDING_KEY_WHAT,
  TRAMA_N_FINDING_KEYS,
} TramaFindingKey;

/* The conversation, or the process, that it is about: "client → server", "client", "". The caller's to free. */
char *trama_finding_format_where (const TramaFindings *findings, guint index);

/* Whether one of those about @ref holds every word of @words, as below. */
gboolean trama_findings_say (const TramaFindings *findings, TramaRef ref, const char *words);

/*
 * Those that hold every word of @filter, in any case, in what they say, in where they are, in their rule or in
 * the name of their severity; NULL or "": all. Sorted by @key, those that are alike by their time. Keeps a
 * reference to the findings.
 */
TramaSieve *trama_finding_list_sift (TramaFindings *findings,
                                     const char *filter,
                                     TramaFindingKey key,
                                     gboolean descending);
