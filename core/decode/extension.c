/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/extension.h"

#include <netinet/in.h>

gboolean
trama_extension_is_known (guint8 protocol)
{
  switch (protocol)
    {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_FRAGMENT:
    case IPPROTO_AH:
    case IPPROTO_DSTOPTS:
    case IPPROTO_MH:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
trama_extension_read (const guint8 *data,
                      gsize captured,
                      guint8 protocol,
                      guint32 offset,
                      TramaExtension *extension)
{
  if (!trama_bytes_hold (captured, offset, 8))
    return FALSE;
  extension->protocol = protocol;
  extension->next = data[offset];
  extension->offset = offset;
  if (protocol == IPPROTO_FRAGMENT)
    extension->size_bytes = 8;
  else if (protocol == IPPROTO_AH) /* counts in fours: RFC 4302, section 2.2 */
    extension->size_bytes = (data[offset + 1] + 2u) * 4;
  else
    extension->size_bytes = (data[offset + 1] + 1u) * 8;
  return TRUE;
}
