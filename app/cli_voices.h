/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/dialogue.h"

/*
 * Prints what was said, in turns, each line behind the letter of its side, fit for a
 * terminal; with @hex as numbers. @side: only what that one said; 2: both. FALSE with
 * @error when the trace's file has become shorter.
 */
gboolean trama_cli_print_voices (const TramaDialogue *dialogue, guint side, gboolean hex, GError **error);
