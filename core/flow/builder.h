/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * Makes a flow table while its store still grows, and in steps, for whoever must
 * not be kept waiting. Packets are followed as they come as long as they come in
 * order of time and there are no calls, which must all be known before; otherwise
 * everything is done at the end. The table is the same either way.
 */
typedef struct _TramaFlowBuilder TramaFlowBuilder;

/* Keeps a reference to @store. */
TramaFlowBuilder *trama_flow_builder_new (TramaStore *store);
void trama_flow_builder_free (TramaFlowBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFlowBuilder, trama_flow_builder_free)

/* Follows at most @max_packets of what has come. FALSE: nothing more can be done for now. */
gboolean trama_flow_builder_step (TramaFlowBuilder *builder, guint max_packets);

/*
 * The store is complete: as step, but nothing needs to be waited for. FALSE when
 * all is followed.
 */
gboolean trama_flow_builder_step_to_end (TramaFlowBuilder *builder, guint max_packets);

/* How much of the store is followed, 0 … 1. */
double trama_flow_builder_get_progress (const TramaFlowBuilder *builder);

/*
 * The table as far as it is made of packets that come in order, for whoever prepares for the whole of it
 * meanwhile: it is this one that will be given. Of the packets that it has, what is known in brief stays, unless
 * trama_flow_table_count_amended () says otherwise. NULL: there is none. Borrowed.
 */
TramaFlowTable *trama_flow_builder_get_table (const TramaFlowBuilder *builder);

/* Does what is left to do and gives the table. Consumes the builder. Transfer full. */
TramaFlowTable *trama_flow_builder_finish (TramaFlowBuilder *builder);
