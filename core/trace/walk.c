/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/walk.h"

#include "core/trace/pcapng.h"
#include "core/trace/pcapng_block.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define READ_BYTES (256u << 10)

struct _TramaWalk
{
  int fd; /* borrowed */
  guint64 end;
  guint64 offset; /* of the next block in the file */
  gboolean in_section;
  gboolean swapped;
  guint8 *buffer;
  gsize room;
  gsize start; /* of the next block in buffer */
  gsize filled;
};

TramaWalk *
trama_walk_new (int fd, guint64 end)
{
  TramaWalk *walk = g_new0 (TramaWalk, 1);

  walk->fd = fd;
  walk->end = end;
  walk->room = READ_BYTES;
  walk->buffer = g_malloc (walk->room);
  return walk;
}

void
trama_walk_free (TramaWalk *walk)
{
  if (walk == NULL)
    return;
  g_free (walk->buffer);
  g_free (walk);
}

static gboolean
fail (GError **error, const TramaWalk *walk, const char *reason)
{
  g_autofree char *place = g_strdup_printf ("%" G_GUINT64_FORMAT, walk->offset);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("the trace has changed at byte %s: %s"), place,
               reason);
  return FALSE;
}

/* Moves what is left to the front, and reads until there are @want bytes. */
static gboolean
fill (TramaWalk *walk, gsize want, GError **error)
{
  guint64 left = walk->end - walk->offset;

  if (want > left)
    return fail (error, walk, "it goes on behind its end");
  memmove (walk->buffer, walk->buffer + walk->start, walk->filled - walk->start);
  walk->filled -= walk->start;
  walk->start = 0;
  if (want > walk->room)
    walk->buffer = g_realloc (walk->buffer, walk->room = MIN (2 * want, TRAMA_PCAPNG_BLOCK_MAX_BYTES));
  while (walk->filled < want)
    {
      gssize n = pread (walk->fd, walk->buffer + walk->filled, MIN (walk->room, left) - walk->filled,
                        (off_t) (walk->offset + walk->filled));

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        return fail (error, walk, "it has become shorter");
      if (n < 0)
        {
          g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), _ ("the trace: %s"),
                       g_strerror (errno));
          return FALSE;
        }
      walk->filled += (gsize) n;
    }
  return TRUE;
}

static gboolean
need (TramaWalk *walk, gsize want, GError **error)
{
  return walk->filled - walk->start >= want || fill (walk, want, error);
}

gboolean
trama_walk_next (TramaWalk *walk, TramaWalkBlock *block, GError **error)
{
  const char *reason;
  guint32 total;

  if (walk->offset == walk->end || !need (walk, TRAMA_PCAPNG_OVERHEAD_BYTES, error))
    return FALSE;
  reason = trama_pcapng_measure_block (walk->buffer + walk->start, TRAMA_PCAPNG_OVERHEAD_BYTES,
                                       walk->in_section, &walk->swapped, &block->type, &total);
  if (reason != NULL)
    return fail (error, walk, reason);
  block->size = total + (guint32) trama_pcapng_padding (total);
  if (!need (walk, block->size, error))
    return FALSE;
  block->swapped = walk->swapped;
  block->offset = walk->offset;
  block->bytes = walk->buffer + walk->start;
  if (trama_pcapng_get_u32 (block->bytes + block->size - 4, block->swapped) != total)
    return fail (error, walk, "the two lengths of a block differ");
  walk->in_section = TRUE;
  walk->start += block->size;
  walk->offset += block->size;
  return TRUE;
}
