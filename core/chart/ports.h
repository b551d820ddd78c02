/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/* Of every port of an actor, when a socket had it first: what accept() makes has that of its listener. Private to core/chart. */
typedef struct _TramaPorts TramaPorts;

TramaPorts *trama_ports_new (void);
void trama_ports_free (TramaPorts *ports);

void trama_ports_add (TramaPorts *ports, const TramaSocket *socket);

/* Whether no socket of its actor had the port of @socket before it; of those that were added, all of them by then. */
gboolean trama_ports_is_news (const TramaPorts *ports, const TramaSocket *socket);
