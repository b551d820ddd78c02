/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/* The states of one side, each with its time in microseconds: "205 SYN-SENT, 208 ESTABLISHED". */
char *render_states (const TramaFlowTable *table, guint flow, guint side);

/* The same of a socket before its conversation. */
char *render_socket_states (const TramaFlowTable *table, guint64 socket);
