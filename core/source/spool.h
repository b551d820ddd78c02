/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where the bytes of a live trace are kept: a file of mode 0600 in our own folder,
 * mode 0700, under $XDG_CACHE_HOME, without a name from the start; in memory where
 * that folder cannot be had.
 */

/* A descriptor, the caller's to close. -1 with @error. */
int trama_spool_open (GError **error);

/* Appends all of it. FALSE with @error. */
gboolean trama_spool_append (int fd, const guint8 *data, gsize size, GError **error);
