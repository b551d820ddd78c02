/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The blocks of a pcapng file, one after the other, for who wants them as they are.
 * Reads with pread(2), so that the file may be walked by several and appended to.
 */
typedef struct _TramaWalk TramaWalk;

typedef struct
{
  guint32 type;
  guint32 size; /* with its frame and padding: a multiple of four, 12 at least */
  gboolean swapped;
  guint64 offset;      /* of bytes in the file */
  const guint8 *bytes; /* size of them; borrowed until the next block */
} TramaWalkBlock;

/* The bytes of @fd up to @end, where a block ends. The descriptor is borrowed. */
TramaWalk *trama_walk_new (int fd, guint64 end);
void trama_walk_free (TramaWalk *walk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaWalk, trama_walk_free)

/* FALSE at the end, or with @error (G_IO_ERROR) when the file cannot be read or does not hold whole blocks. */
gboolean trama_walk_next (TramaWalk *walk, TramaWalkBlock *block, GError **error);
