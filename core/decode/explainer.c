/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>

void
trama_explainer_add (const TramaExplainer *explainer,
                     guint level,
                     gsize offset,
                     gsize size,
                     const char *name,
                     char *value,
                     char *meaning)
{
  gsize at = MIN (offset, explainer->captured); /* what was not captured has no place in the bytes */

  trama_fields_add (explainer->fields, explainer->depth + level, explainer->base + (guint) at, (guint) size,
                    name, value, meaning);
}

static guint32
read_number (const guint8 *bytes, gsize size)
{
  switch (size)
    {
    case 1:
      return bytes[0];
    case 2:
      return trama_read_u16 (bytes);
    default:
      return trama_read_u32 (bytes);
    }
}

void
trama_explainer_add_number (const TramaExplainer *explainer,
                            guint level,
                            gsize offset,
                            gsize size,
                            const char *name,
                            const char *meaning)
{
  guint32 number = read_number (explainer->data + offset, size);

  trama_explainer_add (explainer, level, offset, size, name, g_strdup_printf ("%u", number),
                       g_strdup (meaning));
}

void
trama_explainer_add_bit (const TramaExplainer *explainer,
                         gsize offset,
                         gsize size,
                         const char *name,
                         gboolean set,
                         const char *meaning)
{
  trama_explainer_add (explainer, 2, offset, size, name, g_strdup (set ? _ ("set") : _ ("not set")),
                       set ? g_strdup (meaning) : NULL);
}

void
trama_explainer_add_bytes (const TramaExplainer *explainer,
                           guint level,
                           gsize offset,
                           gsize size,
                           const char *name,
                           const char *meaning)
{
  trama_explainer_add (explainer, level, offset, trama_explainer_held (explainer, offset, size), name,
                       trama_explainer_count_bytes (size), g_strdup (meaning));
}

void
trama_explainer_add_address (const TramaExplainer *explainer,
                             guint level,
                             gsize offset,
                             gsize size,
                             const char *name)
{
  trama_explainer_add (explainer, level, offset, size, name,
                       trama_explainer_format_address (explainer->data + offset, size), NULL);
}

static const char *
describe_verdict (TramaChecksum verdict)
{
  switch (verdict)
    {
    case TRAMA_CHECKSUM_GOOD:
      return _ ("good");
    case TRAMA_CHECKSUM_BAD:
      return _ ("bad");
    case TRAMA_CHECKSUM_NOT_COMPUTED:
      return _ ("not computed (loopback offload)");
    default:
      return _ ("not verified: it covers bytes that are not all here");
    }
}

void
trama_explainer_add_checksum (const TramaExplainer *explainer, gsize offset, const TramaDecoded *decoded)
{
  guint16 checksum = trama_read_u16 (explainer->data + offset);
  TramaChecksum verdict = trama_decode_transport_checksum (explainer->data, explainer->captured, decoded);

  trama_explainer_add (explainer, 1, offset, 2, N_ ("Checksum"), g_strdup_printf ("0x%04x", checksum),
                       g_strdup (describe_verdict (verdict)));
}

gsize
trama_explainer_held (const TramaExplainer *explainer, gsize offset, gsize size)
{
  return offset < explainer->captured ? MIN (size, explainer->captured - offset) : 0;
}

gboolean
trama_explainer_has_header (const TramaExplainer *explainer, gsize offset, gsize size)
{
  gsize held = trama_explainer_held (explainer, offset, size);
  char *meaning;

  if (held == size)
    return TRUE;
  meaning = g_strdup_printf (explainer->quoted ? _ ("%u of the header's %u bytes were not quoted")
                                               : _ ("%u of the header's %u bytes are missing"),
                             (guint) (size - held), (guint) size);
  trama_explainer_add (explainer, 1, offset, held, N_ ("Cut short"),
                       trama_explainer_count_bytes (size - held), meaning);
  return FALSE;
}

char *
trama_explainer_count_bytes (gsize size)
{
  guint count = (guint) size;

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u byte", "%u bytes", count), count);
}

char *
trama_explainer_format_address (const guint8 *address, gsize size)
{
  TramaEndpoint endpoint = { .family = size == 4 ? AF_INET : AF_INET6 };

  if (size == 6)
    return g_strdup_printf ("%02x:%02x:%02x:%02x:%02x:%02x", address[0], address[1], address[2], address[3],
                            address[4], address[5]);
  memcpy (endpoint.address, address, size);
  return trama_endpoint_format (&endpoint);
}
