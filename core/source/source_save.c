/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/source_private.h"

#include "core/trace/replace.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define COPY_BYTES (256u << 10)

static gboolean
copy_bytes (TramaSource *self, TramaReplacement *file, guint64 size, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);

  for (guint64 at = 0; at < size;)
    {
      gssize n = pread (self->bytes_fd, buffer, MIN (COPY_BYTES, size - at), (off_t) at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", self->name,
                       n < 0 ? g_strerror (errno) : _ ("the trace has become shorter"));
          return FALSE;
        }
      if (!trama_replacement_write (file, buffer, (gsize) n, error))
        return FALSE;
      at += (guint64) n;
    }
  return TRUE;
}

static gboolean
is_pcapng (const TramaSource *self)
{
  return g_strcmp0 (trama_parser_get_format (self->parser), "pcapng") == 0;
}

gboolean
trama_source_save (TramaSource *self, const char *path, GError **error)
{
  static const TramaRewriteOptions everything = { 0 };
  g_autoptr (TramaReplacement) file = NULL;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);

  if (!is_pcapng (self) || self->keeps != NULL
      || trama_notebook_is_touched (trama_store_get_notebook (self->store)))
    return trama_source_save_rewritten (self, path, &everything, error);
  file = trama_replacement_new (path, 0600, error);
  return file != NULL && copy_bytes (self, file, trama_parser_get_offset (self->parser), error)
         && trama_replacement_commit (file, error);
}

gboolean
trama_source_save_rewritten (TramaSource *self,
                             const char *path,
                             const TramaRewriteOptions *options,
                             GError **error)
{
  g_autoptr (TramaReplacement) file = NULL;

  g_return_val_if_fail (TRAMA_IS_SOURCE (self), FALSE);

  file = trama_replacement_new (path, 0600, error);
  return file != NULL
         && trama_rewrite (self->store, trama_parser_get_offset (self->parser), options, file, error)
         && trama_replacement_commit (file, error);
}
