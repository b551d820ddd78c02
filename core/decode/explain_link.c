/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"
#include "core/decode/link.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>

#define ETHERNET_ADDRESS_BYTES 6
#define IP4_ADDRESS_BYTES 4

void
trama_explain_ether_type (const TramaExplainer *explainer, gsize offset)
{
  guint16 ether_type = trama_read_u16 (explainer->data + offset);
  const char *name = trama_ether_type_name (ether_type);

  if (ether_type < TRAMA_ETHER_TYPE_MIN)
    trama_explainer_add_number (explainer, 1, offset, 2, N_ ("Length"),
                                _ ("an IEEE 802.3 frame: bytes, not a type"));
  else
    trama_explainer_add (explainer, 1, offset, 2, N_ ("Type"), g_strdup_printf ("0x%04x", ether_type),
                         g_strdup (name != NULL ? name : _ ("unknown type")));
}

void
trama_explain_ethernet (const TramaExplainer *explainer, gsize offset)
{
  trama_explainer_add (explainer, 0, offset, 14, "Ethernet II", NULL, NULL);
  trama_explainer_add_address (explainer, 1, offset, ETHERNET_ADDRESS_BYTES, N_ ("Destination"));
  trama_explainer_add_address (explainer, 1, offset + 6, ETHERNET_ADDRESS_BYTES, N_ ("Source"));
  trama_explain_ether_type (explainer, offset + 12);
}

static const char *
describe_sll_direction (guint16 direction)
{
  switch (direction)
    {
    case 0:
      return _ ("sent to us");
    case 1:
      return _ ("broadcast to us");
    case 2:
      return _ ("multicast to us");
    case 3:
      return _ ("sent by someone else to someone else");
    case 4:
      return _ ("sent by us");
    default:
      return NULL;
    }
}

/* The address has eight bytes of room, of which a length says how many count. */
static void
add_sll_address (const TramaExplainer *explainer, gsize offset, gsize size)
{
  if (size == ETHERNET_ADDRESS_BYTES)
    trama_explainer_add_address (explainer, 1, offset, size, N_ ("Source"));
  else
    trama_explainer_add_bytes (explainer, 1, offset, 8, N_ ("Link address"), NULL);
}

static void
explain_sll (const TramaExplainer *explainer)
{
  const guint8 *header = explainer->data;

  trama_explainer_add (explainer, 0, 0, 16, N_ ("Linux cooked capture"), NULL, NULL);
  trama_explainer_add_number (explainer, 1, 0, 2, N_ ("Packet type"),
                              describe_sll_direction (trama_read_u16 (header)));
  trama_explainer_add_number (explainer, 1, 2, 2, N_ ("Device type"), NULL);
  trama_explainer_add_number (explainer, 1, 4, 2, N_ ("Address length"), NULL);
  add_sll_address (explainer, 6, trama_read_u16 (header + 4));
  trama_explain_ether_type (explainer, 14);
}

static void
explain_sll2 (const TramaExplainer *explainer)
{
  const guint8 *header = explainer->data;

  trama_explainer_add (explainer, 0, 0, 20, N_ ("Linux cooked capture, version 2"), NULL, NULL);
  trama_explain_ether_type (explainer, 0);
  trama_explainer_add_number (explainer, 1, 4, 4, N_ ("Interface index"), NULL);
  trama_explainer_add_number (explainer, 1, 8, 2, N_ ("Device type"), NULL);
  trama_explainer_add_number (explainer, 1, 10, 1, N_ ("Packet type"), describe_sll_direction (header[10]));
  trama_explainer_add_number (explainer, 1, 11, 1, N_ ("Address length"), NULL);
  add_sll_address (explainer, 12, header[11]);
}

static void
explain_family (const TramaExplainer *explainer, guint16 ether_type)
{
  const char *name = trama_ether_type_name (ether_type);

  trama_explainer_add (explainer, 0, 0, 4, N_ ("Loopback header"), NULL, NULL);
  trama_explainer_add (explainer, 1, 0, 4, N_ ("Address family"),
                       g_strdup_printf ("0x%08x", trama_read_u32 (explainer->data)),
                       g_strdup (name != NULL ? name : _ ("unknown family")));
}

static void
explain_cisco (const TramaExplainer *explainer)
{
  guint8 address = explainer->data[0];

  trama_explainer_add (explainer, 0, 0, 4, "Cisco HDLC", NULL, NULL);
  trama_explainer_add (explainer, 1, 0, 1, N_ ("Address"), g_strdup_printf ("0x%02x", address),
                       g_strdup (address == 0x0f   ? _ ("to one")
                                 : address == 0x8f ? _ ("to all")
                                                   : NULL));
  trama_explain_ether_type (explainer, 2);
}

/* RFC 2625, section 4: two names of eight bytes; LLC follows. */
static void
explain_fibre_channel (const TramaExplainer *explainer)
{
  trama_explainer_add (explainer, 0, 0, 16, N_ ("IP over Fibre Channel"), NULL, NULL);
  trama_explainer_add_bytes (explainer, 1, 0, 8, N_ ("Destination"), NULL);
  trama_explainer_add_bytes (explainer, 1, 8, 8, N_ ("Source"), NULL);
}

void
trama_explain_link (const TramaExplainer *explainer,
                    guint32 link_type,
                    const TramaDescent *descent,
                    TramaDecodeStatus status)
{
  guint header_bytes = trama_link_header_bytes (link_type);

  if (!trama_link_is_known (link_type))
    {
      trama_explainer_add (explainer, 0, 0, 0, N_ ("Link"), g_strdup_printf ("%u", link_type),
                           g_strdup_printf (_ ("link type %u is not decoded"), link_type));
      return;
    }
  if (status == TRAMA_DECODE_MALFORMED)
    return;
  if (status == TRAMA_DECODE_TRUNCATED && header_bytes > 0)
    {
      trama_explainer_add (explainer, 0, 0, explainer->captured, N_ ("Link header"), NULL, NULL);
      trama_explainer_has_header (explainer, 0, header_bytes);
      return;
    }
  switch (link_type)
    {
    case TRAMA_LINK_ETHERNET:
      trama_explain_ethernet (explainer, 0);
      break;
    case TRAMA_LINK_SLL:
      explain_sll (explainer);
      break;
    case TRAMA_LINK_SLL2:
      explain_sll2 (explainer);
      break;
    case TRAMA_LINK_NULL:
    case TRAMA_LINK_LOOP:
      explain_family (explainer, descent->ether_type);
      break;
    case TRAMA_LINK_CISCO_HDLC:
      explain_cisco (explainer);
      break;
    case TRAMA_LINK_FIBRE_CHANNEL:
      explain_fibre_channel (explainer);
      break;
    default:
      trama_explain_link_measured (explainer, link_type, descent->offset);
      break;
    }
}

void
trama_explain_arp (const TramaExplainer *explainer, guint32 offset)
{
  const guint8 *header = explainer->data + offset;
  const char *operation;

  trama_explainer_add (explainer, 0, offset, trama_explainer_held (explainer, offset, TRAMA_ARP_BYTES), "ARP",
                       NULL, NULL);
  if (!trama_explainer_has_header (explainer, offset, 8))
    return;
  operation = trama_arp_operation_name (trama_read_u16 (header + 6));
  trama_explainer_add_number (explainer, 1, offset, 2, N_ ("Hardware type"), NULL);
  trama_explainer_add (explainer, 1, offset + 2, 2, N_ ("Protocol type"),
                       g_strdup_printf ("0x%04x", trama_read_u16 (header + 2)),
                       g_strdup (trama_ether_type_name (trama_read_u16 (header + 2))));
  trama_explainer_add_number (explainer, 1, offset + 4, 1, N_ ("Hardware address size"), NULL);
  trama_explainer_add_number (explainer, 1, offset + 5, 1, N_ ("Protocol address size"), NULL);
  trama_explainer_add_number (explainer, 1, offset + 6, 2, N_ ("Operation"),
                              operation != NULL ? _ (operation) : NULL);
  if (header[4] != ETHERNET_ADDRESS_BYTES || header[5] != IP4_ADDRESS_BYTES
      || !trama_explainer_has_header (explainer, offset, TRAMA_ARP_BYTES))
    return;
  trama_explainer_add_address (explainer, 1, offset + 8, ETHERNET_ADDRESS_BYTES,
                               N_ ("Sender's hardware address"));
  trama_explainer_add_address (explainer, 1, offset + 14, IP4_ADDRESS_BYTES, N_ ("Sender's address"));
  trama_explainer_add_address (explainer, 1, offset + 18, ETHERNET_ADDRESS_BYTES,
                               N_ ("Target's hardware address"));
  trama_explainer_add_address (explainer, 1, offset + 24, IP4_ADDRESS_BYTES, N_ ("Target's address"));
}
