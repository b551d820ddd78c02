/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "core/decode/link.h"
#include "core/decode/link_sizes.h"

/* A link header of fixed size, and the type of what it carries at a fixed place; or one that has to be measured. */
typedef struct
{
  guint16 link_type;
  guint16 header_bytes; /* at least */
  gint16 type_offset;   /* -1: it is not told */
  guint16 carries;      /* the only type it carries; 0: as told, or by the IP version */
  gboolean type_family; /* the type is an address family in four bytes */
  TramaLinkMeasure measure;
} LinkLayout;

static const LinkLayout layouts[] = {
  { TRAMA_LINK_ETHERNET, 14, 12, 0, FALSE, NULL },
  { TRAMA_LINK_SLL, 16, 14, 0, FALSE, NULL },
  { TRAMA_LINK_SLL2, 20, 0, 0, FALSE, NULL },
  { TRAMA_LINK_NULL, 4, 0, 0, TRUE, NULL },
  { TRAMA_LINK_LOOP, 4, 0, 0, TRUE, NULL },
  { TRAMA_LINK_RAW, 0, -1, 0, FALSE, NULL },
  { TRAMA_LINK_RAW_BSD, 0, -1, 0, FALSE, NULL },
  { TRAMA_LINK_RAW_OPENBSD, 0, -1, 0, FALSE, NULL },
  { TRAMA_LINK_IPV4, 0, -1, TRAMA_ETHER_IPV4, FALSE, NULL },
  { TRAMA_LINK_IPV6, 0, -1, TRAMA_ETHER_IPV6, FALSE, NULL },
  { TRAMA_LINK_PPP, 1, -1, 0, FALSE, trama_ppp_measure },
  { TRAMA_LINK_PPP_HDLC, 1, -1, 0, FALSE, trama_ppp_measure },
  { TRAMA_LINK_PPPOE, 2, -1, 0, FALSE, trama_pppoe_measure },
  { TRAMA_LINK_CISCO_HDLC, 4, 2, 0, FALSE, NULL },
  { TRAMA_LINK_WLAN, 2, -1, 0, FALSE, trama_wlan_measure },
  { TRAMA_LINK_FIBRE_CHANNEL, 16, -1, TRAMA_ETHER_LLC, FALSE, NULL },
  { TRAMA_LINK_RADIOTAP, 8, -1, 0, FALSE, trama_radiotap_measure },
  { TRAMA_LINK_NFLOG, TRAMA_NFLOG_BYTES, -1, 0, FALSE, trama_nflog_measure },
};

static const LinkLayout *
find_layout (guint32 link_type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (layouts); i++)
    if (layouts[i].link_type == link_type)
      return &layouts[i];
  return NULL;
}

/*
 * The family is in the byte order of the machine that captured, LOOP's in network
 * order. Families are small numbers, so the order shows. AF_INET is 2 everywhere;
 * AF_INET6 differs between NetBSD and OpenBSD, FreeBSD, Darwin and Linux.
 */
static guint16
type_of_family (const guint8 *data)
{
  guint32 family = trama_read_u32 (data);

  if (family > G_MAXUINT16)
    family = GUINT32_SWAP_LE_BE (family);
  switch (family)
    {
    case 2:
      return TRAMA_ETHER_IPV4;
    case 10:
    case 24:
    case 28:
    case 30:
      return TRAMA_ETHER_IPV6;
    default:
      return 0;
    }
}

guint16
trama_link_type_of_version (const guint8 *data)
{
  switch (data[0] >> 4)
    {
    case 4:
      return TRAMA_ETHER_IPV4;
    case 6:
      return TRAMA_ETHER_IPV6;
    default:
      return 0;
    }
}

gboolean
trama_link_is_known (guint32 link_type)
{
  return find_layout (link_type) != NULL;
}

guint
trama_link_header_bytes (guint32 link_type)
{
  const LinkLayout *layout = find_layout (link_type);

  return layout != NULL ? layout->header_bytes : 0;
}

gboolean
trama_link_is_llc (guint32 link_type, guint16 ether_type)
{
  switch (link_type)
    {
    case TRAMA_LINK_SLL:
    case TRAMA_LINK_SLL2:
    case TRAMA_LINK_WLAN:
    case TRAMA_LINK_RADIOTAP:
    case TRAMA_LINK_FIBRE_CHANNEL:
      return ether_type == TRAMA_ETHER_LLC;
    default:
      return FALSE;
    }
}

static guint16
read_type (const LinkLayout *layout, const guint8 *data)
{
  if (layout->carries != 0)
    return layout->carries;
  if (layout->type_offset < 0)
    return trama_link_type_of_version (data);
  if (layout->type_family)
    return type_of_family (data);
  return trama_read_u16 (data + layout->type_offset);
}

TramaDecodeStatus
trama_link_decode (guint32 link_type,
                   const guint8 *data,
                   gsize captured,
                   guint32 *header_bytes,
                   guint16 *ether_type)
{
  const LinkLayout *layout = find_layout (link_type);

  if (layout == NULL)
    return TRAMA_DECODE_LINK_UNKNOWN;
  if (captured < MAX (layout->header_bytes, 1u))
    return TRAMA_DECODE_TRUNCATED;
  if (layout->measure != NULL)
    return layout->measure (data, captured, header_bytes, ether_type);
  *header_bytes = layout->header_bytes;
  *ether_type = read_type (layout, data);
  return layout->header_bytes == 0 && *ether_type == 0 ? TRAMA_DECODE_MALFORMED : TRAMA_DECODE_OK;
}
