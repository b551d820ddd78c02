/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Private to the room: the Internet checksum (RFC 1071). A sum over bytes that hold
 * their own right checksum folds to 0xffff.
 */

/* Adds @size bytes to @sum, the last padded with 0 when the number is odd. */
guint64 trama_checksum_add (guint64 sum, const guint8 *bytes, gsize size);

guint16 trama_checksum_fold (guint64 sum);
