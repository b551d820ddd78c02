/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/inflate.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Of what is unpacked at once. */
#define STEP_BYTES 512

typedef enum
{
  STATE_BEGINNING,
  STATE_PLAIN,   /* it is not compressed */
  STATE_MEMBER,  /* inside one */
  STATE_BETWEEN, /* behind one */
} State;

struct _TramaInflate
{
  GObject parent_instance;

  GConverter *member;
  State state;
  guint64 bytes_in;
  guint64 bytes_out;
};

/* What a conversion works on: the arguments of g_converter_convert (). */
typedef struct
{
  const guint8 *in;
  gsize in_size;
  guint8 *out;
  gsize out_size;
  gboolean at_end;
  gsize *bytes_read;
  gsize *bytes_written;
} Work;

static void trama_inflate_init_converter (GConverterIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TramaInflate,
                               trama_inflate,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_CONVERTER, trama_inflate_init_converter))

gboolean
trama_inflate_knows (const guint8 *magic)
{
  return magic[0] == 0x1f && magic[1] == 0x8b;
}

TramaInflate *
trama_inflate_new (void)
{
  return g_object_new (TRAMA_TYPE_INFLATE, NULL);
}

gboolean
trama_inflate_is_used (TramaInflate *self)
{
  g_return_val_if_fail (TRAMA_IS_INFLATE (self), FALSE);
  return self->state == STATE_MEMBER || self->state == STATE_BETWEEN;
}

static void
trama_inflate_finalize (GObject *object)
{
  TramaInflate *self = TRAMA_INFLATE (object);

  g_object_unref (self->member);
  G_OBJECT_CLASS (trama_inflate_parent_class)->finalize (object);
}

static void
trama_inflate_class_init (TramaInflateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = trama_inflate_finalize;
}

static void
trama_inflate_init (TramaInflate *self)
{
  self->member = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

static void
trama_inflate_reset (GConverter *converter)
{
  TramaInflate *self = TRAMA_INFLATE (converter);

  g_converter_reset (self->member);
  self->state = STATE_BEGINNING;
  self->bytes_in = self->bytes_out = 0;
}

static char *
format_place (guint64 offset)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, offset);
}

/* What the decompressor says names no place; but that it wants more, the stream must hear as it is. */
static GConverterResult
fail (const TramaInflate *self, const Work *work, GError *cause, GError **error)
{
  g_autoptr (GError) owned = cause;
  gboolean is_short = g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_autofree char *place = format_place (self->bytes_in + (is_short ? work->in_size : 0));

  if (is_short && work->at_end)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                 _ ("cut short at byte %s of the compressed file"), place);
  else if (is_short || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_propagate_error (error, g_steal_pointer (&owned));
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _ ("damaged at byte %s of the compressed file"),
                 place);
  return G_CONVERTER_ERROR;
}

static GConverterResult
check_growth (const TramaInflate *self, GConverterResult result, GError **error)
{
  g_autofree char *place = NULL;

  if (self->bytes_out <= TRAMA_INFLATE_FREE_BYTES
      || self->bytes_out / TRAMA_INFLATE_MAX_GROWTH <= self->bytes_in)
    return result;
  place = format_place (self->bytes_in);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("byte %s of the compressed file: it has grown more than %u times, and is read no further"),
               place, TRAMA_INFLATE_MAX_GROWTH);
  return G_CONVERTER_ERROR;
}

/* One step: as much as may be lost when it fails, because the decompressor forgets then what it had. */
static GConverterResult
convert_step (TramaInflate *self, const Work *work, GError **error)
{
  gsize done_in = *work->bytes_read, done_out = *work->bytes_written;
  gsize bytes_read = 0, bytes_written = 0;
  GConverterResult result;

  result = g_converter_convert (self->member, work->in + done_in, work->in_size - done_in,
                                work->out + done_out, MIN (work->out_size - done_out, STEP_BYTES),
                                work->at_end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &bytes_read,
                                &bytes_written, error);
  if (result != G_CONVERTER_ERROR)
    {
      *work->bytes_read += bytes_read;
      *work->bytes_written += bytes_written;
      self->bytes_in += bytes_read;
      self->bytes_out += bytes_written;
    }
  return result;
}

/* An error that comes after something was read will come again when it is asked for more. */
static GConverterResult
convert_member (TramaInflate *self, const Work *work, GError **error)
{
  GConverterResult result = G_CONVERTER_CONVERTED;
  GError *cause = NULL;

  while (result == G_CONVERTER_CONVERTED && *work->bytes_written < work->out_size)
    result = convert_step (self, work, &cause);
  if (result == G_CONVERTER_ERROR && *work->bytes_read + *work->bytes_written == 0)
    return fail (self, work, cause, error);
  g_clear_error (&cause);
  if (result == G_CONVERTER_FINISHED)
    {
      g_converter_reset (self->member);
      self->state = STATE_BETWEEN;
    }
  return check_growth (self, G_CONVERTER_CONVERTED, error);
}

/* gzip(1) passes over zeros behind the last member as well. */
static GConverterResult
convert_between (TramaInflate *self, const Work *work, GError **error)
{
  g_autofree char *place = NULL;

  while (*work->bytes_read < work->in_size && work->in[*work->bytes_read] == 0)
    ++*work->bytes_read;
  self->bytes_in += *work->bytes_read;
  if (*work->bytes_read > 0)
    return G_CONVERTER_CONVERTED;
  if (work->in_size >= TRAMA_INFLATE_MAGIC_BYTES && trama_inflate_knows (work->in))
    {
      self->state = STATE_MEMBER;
      return convert_member (self, work, error);
    }
  place = format_place (self->bytes_in);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("byte %s of the compressed file: what follows is not compressed"), place);
  return G_CONVERTER_ERROR;
}

static GConverterResult
convert_plain (const Work *work)
{
  gsize size = MIN (work->in_size, work->out_size);

  memcpy (work->out, work->in, size);
  *work->bytes_read = *work->bytes_written = size;
  return work->at_end && size == work->in_size ? G_CONVERTER_FINISHED : G_CONVERTER_CONVERTED;
}

static GConverterResult
convert_beginning (TramaInflate *self, const Work *work, GError **error)
{
  if (work->in_size >= TRAMA_INFLATE_MAGIC_BYTES && trama_inflate_knows (work->in))
    {
      self->state = STATE_MEMBER;
      return convert_member (self, work, error);
    }
  self->state = STATE_PLAIN;
  return convert_plain (work);
}

static GConverterResult
trama_inflate_convert (GConverter *converter,
                       const void *in,
                       gsize in_size,
                       void *out,
                       gsize out_size,
                       GConverterFlags flags,
                       gsize *bytes_read,
                       gsize *bytes_written,
                       GError **error)
{
  TramaInflate *self = TRAMA_INFLATE (converter);
  gboolean at_end = (flags & G_CONVERTER_INPUT_AT_END) != 0;
  const Work work = { in, in_size, out, out_size, at_end, bytes_read, bytes_written };

  *bytes_read = *bytes_written = 0;
  if (self->state == STATE_MEMBER) /* there may be more to come of what it was given */
    return convert_member (self, &work, error);
  if (in_size == 0 && at_end)
    return G_CONVERTER_FINISHED;
  if (!at_end && in_size < (self->state == STATE_PLAIN ? 1 : TRAMA_INFLATE_MAGIC_BYTES))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, g_strerror (EAGAIN));
      return G_CONVERTER_ERROR;
    }
  if (self->state == STATE_BETWEEN)
    return convert_between (self, &work, error);
  return self->state == STATE_PLAIN ? convert_plain (&work) : convert_beginning (self, &work, error);
}

static void
trama_inflate_init_converter (GConverterIface *iface)
{
  iface->convert = trama_inflate_convert;
  iface->reset = trama_inflate_reset;
}
