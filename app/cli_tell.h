/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"
#include "core/trace/store.h"

/*
 * Tells on standard output what happens in a session while it happens: captions, calls,
 * and where the actors stand, in lines that begin with the actor's name.
 */
typedef struct _TramaCliTeller TramaCliTeller;

/* Both are borrowed. */
TramaCliTeller *trama_cli_teller_new (TramaStore *store, const TramaSession *session);
void trama_cli_teller_free (TramaCliTeller *teller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaCliTeller, trama_cli_teller_free)

/* What is new in the store: captions, and calls that came back, each whole. */
void trama_cli_teller_tell (TramaCliTeller *teller);

/* When nothing moves any more: the calls that block, and where each actor stands. */
void trama_cli_teller_show_positions (TramaCliTeller *teller);

/* Whether an actor stands at a gate. */
gboolean trama_cli_teller_has_gate (const TramaCliTeller *teller);
