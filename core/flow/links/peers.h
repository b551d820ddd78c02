/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/links/linking.h"

/* Whom a datagram socket was connected to, and when: connect(2) may be called again and again. */
typedef struct _TramaPeers TramaPeers;

TramaPeers *trama_peers_new (TramaLinking *linking);
void trama_peers_free (TramaPeers *peers);

/* The calls from *@next on, which it moves, at most @max of them. FALSE: it has seen them all. */
gboolean trama_peers_collect (TramaPeers *peers, guint *next, guint max);

/* FALSE: it hears everybody at that time. */
gboolean
trama_peers_find (const TramaPeers *peers, const TramaSocket *socket, gint64 time_ns, TramaEndpoint *peer);
