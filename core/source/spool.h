/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where the bytes of a live trace are kept: a file of mode 0600 in our own folder,
 * mode 0700, under $XDG_CACHE_HOME; in memory where that cannot be had. It goes
 * with its spool. What is left behind belonged to a program that was killed, and
 * can be found again.
 */
typedef struct _TramaSpool TramaSpool;

/* NULL with @error. */
TramaSpool *trama_spool_new (GError **error);

/*
 * The same with its file at @path, in the place of one that was left there; elsewhere, as
 * above, when the folder cannot be written to or another spool or no plain file is there.
 */
TramaSpool *trama_spool_new_at (const char *path, GError **error);

/* Closes and removes the file. Whoever duplicated the descriptor can still read it. */
void trama_spool_free (TramaSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSpool, trama_spool_free)

/* Borrowed. */
int trama_spool_get_fd (const TramaSpool *spool);

/* Appends all of it. FALSE with @error. */
gboolean trama_spool_append (TramaSpool *spool, const guint8 *data, gsize size, GError **error);

/* The paths of what programs that are gone have left, the newest first. Empty files are removed. */
GPtrArray *trama_spool_find_left (void); /* of char *, owned by the array */
