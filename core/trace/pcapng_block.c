/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/pcapng_block.h"

#include "core/trace/notebook.h"
#include "core/trace/pcapng.h"

/* A section header tells the byte order of what follows and of itself, so it is looked at first. */
const char *
trama_pcapng_measure_block (const guint8 *data,
                            gsize size,
                            gboolean in_section,
                            gboolean *swapped,
                            guint32 *type,
                            guint32 *total)
{
  *total = 0;
  if (size < TRAMA_PCAPNG_OVERHEAD_BYTES)
    return NULL;
  if (trama_pcapng_get_u32 (data, FALSE) == TRAMA_PCAPNG_SECTION)
    {
      *swapped = trama_pcapng_get_u32 (data + 8, TRUE) == TRAMA_PCAPNG_BYTE_ORDER_MAGIC;
      if (trama_pcapng_get_u32 (data + 8, *swapped) != TRAMA_PCAPNG_BYTE_ORDER_MAGIC)
        return "a section header has no byte-order magic";
    }
  else if (!in_section)
    return "it does not begin with a section header: this is not pcapng";
  *type = trama_pcapng_get_u32 (data, *swapped);
  *total = trama_pcapng_get_u32 (data + 4, *swapped);
  if (*total < TRAMA_PCAPNG_OVERHEAD_BYTES)
    return "a block has an impossible length";
  if (*total > TRAMA_PCAPNG_BLOCK_MAX_BYTES)
    return "a block is larger than 16 MiB";
  return NULL;
}

gboolean
trama_pcapng_options_next (TramaPcapngOptions *options)
{
  gsize room = options->size - options->at;
  const guint8 *head;

  if (room < TRAMA_PCAPNG_OPTION_HEADER_BYTES) /* there may be no bytes at all */
    return FALSE;
  head = options->data + options->at;
  options->code = trama_pcapng_get_u16 (head, options->swapped);
  options->length = trama_pcapng_get_u16 (head + 2, options->swapped);
  room -= TRAMA_PCAPNG_OPTION_HEADER_BYTES;
  if (options->code == TRAMA_PCAPNG_OPTION_END || options->length > room)
    return FALSE;
  options->value = head + TRAMA_PCAPNG_OPTION_HEADER_BYTES;
  options->at += TRAMA_PCAPNG_OPTION_HEADER_BYTES
                 + MIN (options->length + trama_pcapng_padding (options->length), room);
  return TRUE;
}

gboolean
trama_pcapng_options_whole (const TramaPcapngOptions *options)
{
  gsize room = options->size - options->at;

  return room == 0
         || (room >= TRAMA_PCAPNG_OPTION_HEADER_BYTES
             && trama_pcapng_get_u16 (options->data + options->at, options->swapped)
                    == TRAMA_PCAPNG_OPTION_END);
}

/* Somebody else may have the same code for something. */
static void
read_own (const TramaPcapngOptions *options, TramaPcapngRemark *remark)
{
  const gsize magic = strlen (TRAMA_PCAPNG_OPTION_OWN_MAGIC);

  if (options->length < TRAMA_PCAPNG_OPTION_OWN_BYTES
      || memcmp (options->value, TRAMA_PCAPNG_OPTION_OWN_MAGIC, magic) != 0)
    return;
  remark->marked = (trama_pcapng_get_u16 (options->value + magic, options->swapped) & TRAMA_PCAPNG_OWN_MARKED)
                   != 0;
  remark->n_made = trama_pcapng_get_u16 (options->value + magic + 2, options->swapped);
}

TramaPcapngRemark
trama_pcapng_read_remark (const guint8 *data, gsize size, gboolean swapped)
{
  TramaPcapngOptions options = { data, size, swapped };
  TramaPcapngRemark remark = { NULL, FALSE, 0 };
  g_autoptr (GPtrArray) comments = NULL;
  g_autofree char *text = NULL;

  while (trama_pcapng_options_next (&options))
    if (options.code == TRAMA_PCAPNG_OPTION_OWN)
      read_own (&options, &remark);
    else if (options.code == TRAMA_PCAPNG_OPTION_COMMENT)
      {
        if (comments == NULL)
          comments = g_ptr_array_new_with_free_func (g_free);
        g_ptr_array_add (comments, g_strndup ((const char *) options.value, options.length));
      }
  remark.n_made = MIN (remark.n_made, comments != NULL ? comments->len : 0);
  if (comments == NULL || remark.n_made == comments->len)
    return remark;
  g_ptr_array_set_size (comments, (int) (comments->len - remark.n_made));
  g_ptr_array_add (comments, NULL);
  text = g_strjoinv ("\n", (char **) comments->pdata);
  remark.comment = trama_notebook_trim (text);
  return remark;
}

static void
append_padding (GByteArray *out, gsize size)
{
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (out, zeros, (guint) trama_pcapng_padding (size));
}

gsize
trama_pcapng_begin_block (GByteArray *out, guint32 type, gboolean swapped)
{
  gsize start = out->len;

  trama_pcapng_append_u32 (out, type, swapped);
  trama_pcapng_append_u32 (out, 0, swapped);
  return start;
}

void
trama_pcapng_end_block (GByteArray *out, gsize start, gboolean swapped)
{
  guint32 total;

  append_padding (out, out->len - start);
  total = out->len - (guint32) start + 4;
  trama_pcapng_append_u32 (out, total, swapped);
  memcpy (out->data + start + 4, out->data + out->len - 4, 4);
}

void
trama_pcapng_append_u16 (GByteArray *out, guint16 value, gboolean swapped)
{
  guint16 stored = swapped ? GUINT16_SWAP_LE_BE (value) : value;

  g_byte_array_append (out, (const guint8 *) &stored, sizeof stored);
}

void
trama_pcapng_append_u32 (GByteArray *out, guint32 value, gboolean swapped)
{
  guint32 stored = swapped ? GUINT32_SWAP_LE_BE (value) : value;

  g_byte_array_append (out, (const guint8 *) &stored, sizeof stored);
}

void
trama_pcapng_append_padded (GByteArray *out, const void *bytes, gsize size)
{
  if (size > 0)
    g_byte_array_append (out, bytes, (guint) size);
  append_padding (out, size);
}

void
trama_pcapng_append_option (GByteArray *out, guint16 code, const void *value, guint size, gboolean swapped)
{
  trama_pcapng_append_u16 (out, code, swapped);
  trama_pcapng_append_u16 (out, (guint16) size, swapped);
  trama_pcapng_append_padded (out, value, size);
}

void
trama_pcapng_append_own_option (GByteArray *out, gboolean marked, guint n_made, gboolean swapped)
{
  if (!marked && n_made == 0)
    return;
  trama_pcapng_append_u16 (out, TRAMA_PCAPNG_OPTION_OWN, swapped);
  trama_pcapng_append_u16 (out, TRAMA_PCAPNG_OPTION_OWN_BYTES, swapped);
  g_byte_array_append (out, (const guint8 *) TRAMA_PCAPNG_OPTION_OWN_MAGIC,
                       strlen (TRAMA_PCAPNG_OPTION_OWN_MAGIC));
  trama_pcapng_append_u16 (out, marked ? TRAMA_PCAPNG_OWN_MARKED : 0, swapped);
  trama_pcapng_append_u16 (out, (guint16) n_made, swapped);
}
