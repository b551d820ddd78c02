/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"
#include "core/decode/link.h"
#include "core/decode/link_sizes.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>

/* RFC 1662, section 3.1: an address and a control field, of which no other value was ever used. */
#define FRAMING_BYTES 2

#define WLAN_ADDRESS_BYTES 6

void
trama_explain_ppp (const TramaExplainer *explainer, gsize offset, gsize end)
{
  const guint8 *header = explainer->data + offset;
  gsize at = end - offset > 2 ? offset + FRAMING_BYTES : offset;
  guint16 protocol = end - at == 1 ? explainer->data[at] : trama_read_u16 (explainer->data + at);
  const char *name = trama_ppp_protocol_name (protocol);

  trama_explainer_add (explainer, 0, offset, end - offset, "PPP", NULL, NULL);
  if (at > offset)
    trama_explainer_add (explainer, 1, offset, FRAMING_BYTES, N_ ("Address and control"),
                         g_strdup_printf ("0x%02x 0x%02x", header[0], header[1]), NULL);
  trama_explainer_add (explainer, 1, at, end - at, N_ ("Protocol"), g_strdup_printf ("0x%04x", protocol),
                       g_strdup (name != NULL ? name : _ ("unknown protocol")));
}

/* Where its first byte is Cisco's, the protocol is one of Ethernet. */
static void
explain_ppp_link (const TramaExplainer *explainer, gsize end)
{
  if (end < 4)
    {
      trama_explain_ppp (explainer, 0, end);
      return;
    }
  if (explainer->data[0] == 0xff)
    {
      trama_explain_ppp (explainer, 0, end);
      return;
    }
  trama_explainer_add (explainer, 0, 0, end, "Cisco HDLC", NULL, NULL);
  trama_explain_ether_type (explainer, 2);
}

static void
explain_nflog (const TramaExplainer *explainer, gsize end)
{
  gsize offset = TRAMA_NFLOG_BYTES;

  trama_explainer_add (explainer, 0, 0, end, N_ ("Netfilter log"), NULL, NULL);
  trama_explainer_add_number (explainer, 1, 0, 1, N_ ("Address family"), NULL);
  trama_explainer_add_number (explainer, 1, 1, 1, N_ ("Version"), NULL);
  trama_explainer_add_number (explainer, 1, 2, 2, N_ ("Group"), NULL);
  while (trama_bytes_hold (end, offset, 4))
    {
      TramaNflogAttribute attribute = trama_nflog_attribute (explainer->data + offset);
      gboolean is_payload = attribute.type == TRAMA_NFLOG_PAYLOAD;

      trama_explainer_add (explainer, 1, offset, MIN (attribute.size, end - offset), N_ ("Attribute"),
                           g_strdup_printf ("%u", attribute.type),
                           is_payload ? g_strdup (_ ("the packet follows"))
                                      : trama_explainer_count_bytes (attribute.size));
      if (attribute.size < 4)
        return;
      offset += (attribute.size + 3u) & ~3u;
    }
}

static const char *
describe_wlan (guint8 control)
{
  switch (TRAMA_WLAN_TYPE (control))
    {
    case 0:
      return _ ("management");
    case 1:
      return _ ("control");
    case TRAMA_WLAN_TYPE_DATA:
      return _ ("data");
    default:
      return _ ("extension");
    }
}

/* Of frames other than data only the kind is told; the rest of them is shown as bytes. */
static void
explain_wlan (const TramaExplainer *explainer, gsize offset, gsize end)
{
  const guint8 *frame = explainer->data + offset;
  guint8 flags = frame[1];

  if (end - offset < TRAMA_WLAN_MIN_BYTES)
    {
      trama_explainer_add (explainer, 0, offset, 2, "IEEE 802.11", g_strdup (describe_wlan (frame[0])), NULL);
      return;
    }
  trama_explainer_add (explainer, 0, offset, end - offset, "IEEE 802.11", g_strdup (describe_wlan (frame[0])),
                       NULL);
  trama_explainer_add (explainer, 1, offset + 1, 1, N_ ("Flags"), g_strdup_printf ("0x%02x", flags), NULL);
  trama_explainer_add_bit (explainer, offset + 1, 1, N_ ("To the access point"),
                           (flags & TRAMA_WLAN_TO_DS) != 0, NULL);
  trama_explainer_add_bit (explainer, offset + 1, 1, N_ ("From the access point"),
                           (flags & TRAMA_WLAN_FROM_DS) != 0, NULL);
  trama_explainer_add_bit (explainer, offset + 1, 1, N_ ("Protected"), (flags & TRAMA_WLAN_PROTECTED) != 0,
                           _ ("encrypted: what it carries is not decoded"));
  trama_explainer_add_address (explainer, 1, offset + 4, WLAN_ADDRESS_BYTES, N_ ("Receiver"));
  trama_explainer_add_address (explainer, 1, offset + 10, WLAN_ADDRESS_BYTES, N_ ("Transmitter"));
  trama_explainer_add_address (explainer, 1, offset + 16, WLAN_ADDRESS_BYTES, N_ ("Third address"));
}

static void
explain_radiotap (const TramaExplainer *explainer, gsize end)
{
  gsize size = trama_radiotap_bytes (explainer->data);

  trama_explainer_add (explainer, 0, 0, size, "Radiotap", NULL, NULL);
  trama_explainer_add_number (explainer, 1, 0, 1, N_ ("Version"), NULL);
  trama_explainer_add (explainer, 1, 2, 2, N_ ("Header length"), trama_explainer_count_bytes (size), NULL);
  explain_wlan (explainer, size, end);
}

void
trama_explain_link_measured (const TramaExplainer *explainer, guint32 link_type, gsize end)
{
  switch (link_type)
    {
    case TRAMA_LINK_PPP:
    case TRAMA_LINK_PPP_HDLC:
      explain_ppp_link (explainer, end);
      break;
    case TRAMA_LINK_NFLOG:
      explain_nflog (explainer, end);
      break;
    case TRAMA_LINK_WLAN:
      explain_wlan (explainer, 0, end);
      break;
    case TRAMA_LINK_RADIOTAP:
      explain_radiotap (explainer, end);
      break;
    default: /* PPPoE is passed later, and IP has no link header */
      break;
    }
}
