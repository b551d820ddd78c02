/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Some conversations of a flow table, by their index: those that a ladder draws. Immutable
 * and reference counted, in ascending order, each once. NULL stands for no choice at all.
 */
typedef struct _TramaFlowSet TramaFlowSet;

TramaFlowSet *trama_flow_set_new (const guint32 *flows, guint n);

/* @set itself, a new reference, if it has @flow; else one that has it, too. */
TramaFlowSet *trama_flow_set_new_with (TramaFlowSet *set, guint32 flow);

/*
 * What to draw of a trace of which nobody has chosen anything: all of it if there are columns
 * enough for that, or else of those with the most packets as many as a page has room for. While
 * the trace grows, @before (NULL: none), a set made here, stays as long as no other has twice its
 * packets. A new reference.
 */
TramaFlowSet *trama_flow_set_new_busiest (TramaFlowTable *table, TramaFlowSet *before);

TramaFlowSet *trama_flow_set_ref (TramaFlowSet *set);
void trama_flow_set_unref (TramaFlowSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFlowSet, trama_flow_set_unref)

guint trama_flow_set_n_flows (const TramaFlowSet *set);
guint32 trama_flow_set_get (const TramaFlowSet *set, guint index);

/* Made by trama_flow_set_new_busiest, and nothing added. Not of NULL. */
gboolean trama_flow_set_is_busiest (const TramaFlowSet *set);

/*
 * Whether @table has all of them. What is added to a trace out of order may leave it with fewer conversations than were
 * told apart before. Of NULL, always.
 */
gboolean trama_flow_set_is_of (const TramaFlowSet *set, const TramaFlowTable *table);

/* Of NULL, always. */
gboolean trama_flow_set_has (const TramaFlowSet *set, guint32 flow);

/* Whether both, each of which may be NULL, are the same choice. */
gboolean trama_flow_set_equal (const TramaFlowSet *set, const TramaFlowSet *other);
