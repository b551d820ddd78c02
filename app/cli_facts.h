/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * What is measured of a packet within its conversation, for programs: of a TCP segment its
 * RTT, what is in flight and the window; of a datagram how long its answer took. Asked for
 * packet by packet, each once, in any order; a conversation is kept until its last was asked for.
 */
typedef struct _TramaCliFacts TramaCliFacts;

/* Keeps a reference to the table. */
TramaCliFacts *trama_cli_facts_new (TramaFlowTable *table);
void trama_cli_facts_free (TramaCliFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaCliFacts, trama_cli_facts_free)

/* Adds the members of an object; @labels of the packet, TRAMA_LABEL_*, among them. */
void trama_cli_facts_add (TramaCliFacts *facts, guint packet, guint32 labels, GString *out);
