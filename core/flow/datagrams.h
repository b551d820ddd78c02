/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * The fragments of the datagram that @packet is a part of, itself among them: a new GArray of
 * guint32, packets in order of time. Of what came whole, it is the only one. Looks for
 * them among the packets of its conversation not far before and behind it, within the
 * time that a receiver waits for the rest (RFC 791, section 3.2; RFC 8200, section 4.5).
 */
GArray *trama_datagram_find_parts (TramaFlowTable *table, guint packet);
