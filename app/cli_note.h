/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/* What the user, or the file, says beside a packet or a call. */

/* "  ✎ look here", for a terminal; "" when there is none. The caller's to free. */
char *trama_cli_note_format (const TramaStore *store, TramaRef ref);

/* Adds the member “note”, null when there is none. */
void trama_cli_note_add (GString *out, const TramaStore *store, TramaRef ref);
