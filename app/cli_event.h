/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/* One event in a line of English, for the lists of trama-cli. Strings are the caller's to free. */

/* NULL: its bytes are no longer in the file. */
char *trama_cli_event_summarize (const TramaFlowTable *table, guint packet);

/* Of a packet what it is, of a call who made it, of an actor its name, of a note its text. */
char *trama_cli_event_describe (const TramaFlowTable *table, TramaRef ref);
