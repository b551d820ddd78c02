/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/stream.h"

/*
 * Prints what both sides sent, in turns, each line behind the letter of its side, fit
 * for a terminal; with @hex as numbers. NULL: of that side nothing is printed.
 */
gboolean trama_cli_print_voices (TramaStream *const streams[2], gboolean hex, GError **error);
