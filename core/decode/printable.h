/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What came from outside, made fit to be shown: printable characters of valid UTF-8
 * stay, line ends and tabs become \n \r \t, a backslash \\, every other byte \xNN.
 * Nothing that moves, hides or reorders text passes, and at most two combining
 * marks on one character. At most @max_bytes of @bytes are written, then "…".
 * The result is valid UTF-8 and the caller's to free.
 */
char *trama_printable_format (const guint8 *bytes, gsize size, gsize max_bytes);
