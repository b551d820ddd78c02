/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/flow/links/links.h"
#include "core/trace/span.h"

#include <gio/gio.h>

/*
 * What there is to say about a trace: rules over its calls, its packets and the
 * kernel's own view. A finding never claims what was not seen; where a rule can only
 * guess, its sentence says "probably", and from what.
 *
 * Made from a table, all at once, in time that grows as the events do. Immutable;
 * keeps a reference to its table. One thread at a time while it is made.
 */

typedef enum
{
  TRAMA_SEVERITY_FACT,    /* as it should be, and worth knowing */
  TRAMA_SEVERITY_NOTICE,  /* no error, but it costs something or surprises */
  TRAMA_SEVERITY_PROBLEM, /* something did not work */
  TRAMA_N_SEVERITIES,
} TramaSeverity;

/* Strings are borrowed from the findings. */
typedef struct
{
  const char *rule; /* "refused-nobody-listens": stable, not translated */
  guint8 severity;  /* TramaSeverity */
  guint8 side;      /* of the flow, whom it is about */
  TramaRef anchor;  /* the packet or call it stands beside, the first of */
  guint32 n_places; /* those that it is about, in order of time */
  const TramaRef *places;
  TramaSpan span;
  guint32 flow;     /* TRAMA_FLOW_NONE: no conversation */
  guint32 actor;    /* TRAMA_ACTOR_NONE: not known */
  guint64 socket;   /* TRAMA_SOCKET_NONE: not known */
  const char *what; /* one sentence each, translated: what happened, with its numbers, */
  const char *why;  /* the rule behind it, with its RFC section or man page, */
  const char *todo; /* and what to do about it */
} TramaFinding;

typedef struct _TramaFindings TramaFindings;

TramaFindings *trama_findings_new (TramaFlowTable *table);

/* For a thread of their own, with a table of a frozen store. NULL: it was cancelled. */
TramaFindings *trama_findings_new_cancellable (TramaFlowTable *table, GCancellable *cancellable);

/*
 * Only what the capture as a whole does not tell, or tells in a way that has to be known: a few
 * nanoseconds for each packet, and more only for those that belong to no conversation. Without links.
 */
TramaFindings *trama_findings_new_of_capture (TramaFlowTable *table);

TramaFindings *trama_findings_ref (TramaFindings *findings);
void trama_findings_unref (TramaFindings *findings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFindings, trama_findings_unref)

TramaFlowTable *trama_findings_get_table (const TramaFindings *findings);

/* What caused what in that table, which the rules had to know. Borrowed; NULL: they had not. */
TramaLinks *trama_findings_get_links (const TramaFindings *findings);

/* In order of time. */
guint trama_findings_n_findings (const TramaFindings *findings);
const TramaFinding *trama_findings_get_finding (const TramaFindings *findings, guint index);

/* Whether it is about the capture as a whole, not about what was said or done. */
gboolean trama_finding_is_of_capture (const TramaFinding *finding);

/* Whether one of its places is @ref. */
gboolean trama_finding_is_about (const TramaFinding *finding, TramaRef ref);

/* Those of whose places @ref is one, in order of time, by their index: *@n of them. Borrowed. */
const guint32 *trama_findings_get_about (const TramaFindings *findings, TramaRef ref, guint *n);

/* How many there are about a conversation of the table, and the worst of them. */
typedef struct
{
  guint32 n;
  guint8 severity; /* TramaSeverity; of none: a fact */
} TramaFindingCount;

TramaFindingCount trama_findings_count (const TramaFindings *findings, guint flow);

/* "problem"; untranslated, wrap in gettext. NULL: there is no such severity. */
const char *trama_severity_name (guint severity);

/* The names of all rules that there are, in the order of their themes. NULL: @index is behind the last. */
const char *trama_findings_rule_name (guint index);
