/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/* Traces of calls alone, for what is drawn of them. */

#define MS G_GINT64_CONSTANT (1000000)

void calls_append_actor (TramaStore *store, guint32 id, const char *name);

/* @count: of that actor's calls, from 1. It makes a socket and returns 3. */
void calls_append_call (TramaStore *store,
                        guint32 actor,
                        guint32 count,
                        guint16 name,
                        gint64 entry_ns,
                        gint64 exit_ns);

/* Of @n calls, 20 µs apart. */
TramaFlowTable *calls_new_table (guint n);
