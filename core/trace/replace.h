/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writing a file so that its name always names a whole one: a temporary file in
 * the same folder, fsync(2), rename(2), fsync of the folder. Whatever fails, the
 * old file is untouched and no other stays. Errors are G_IO_ERROR and name the path.
 */
typedef struct _TramaReplacement TramaReplacement;

/* @mode as for open(2), before the umask. NULL with @error. */
TramaReplacement *trama_replacement_new (const char *path, guint mode, GError **error);

/* Gives up, unless it was committed. */
void trama_replacement_free (TramaReplacement *replacement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaReplacement, trama_replacement_free)

/* All of it, or FALSE with @error. */
gboolean
trama_replacement_write (TramaReplacement *replacement, const guint8 *data, gsize size, GError **error);

/* Only when this returned TRUE is the new file there. Nothing may follow but free. */
gboolean trama_replacement_commit (TramaReplacement *replacement, GError **error);
