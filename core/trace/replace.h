/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writing a file so that its name always names a whole one: a temporary file in
 * the same folder, fsync(2), rename(2), fsync of the folder. Whatever fails, the
 * old file is untouched and no other stays; where the file system has files without
 * a name (O_TMPFILE), not even when the process is killed while it writes.
 * A symbolic link stays, and what it leads to is replaced. Errors are G_IO_ERROR, and
 * say in words which path, why, and after how many bytes. SIGXFSZ must be ignored for a
 * limit on file sizes to be one of them.
 */
typedef struct _TramaReplacement TramaReplacement;

/* @mode as for open(2), before the umask. NULL with @error. */
TramaReplacement *trama_replacement_new (const char *path, guint mode, GError **error);

/* The path, as messages have it. Borrowed. */
const char *trama_replacement_get_name (const TramaReplacement *replacement);

/* Gives up, unless it was committed. */
void trama_replacement_free (TramaReplacement *replacement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaReplacement, trama_replacement_free)

/* All of it, or FALSE with @error. */
gboolean
trama_replacement_write (TramaReplacement *replacement, const guint8 *data, gsize size, GError **error);

/*
 * When this returned TRUE the new file is there, and stays. When only the folder could
 * not be synced it is there too, and @error says so. Nothing may follow but free.
 */
gboolean trama_replacement_commit (TramaReplacement *replacement, GError **error);
