/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explain.h"
#include "core/decode/explainer.h"
#include "core/decode/link.h"
#include "core/decode/printable.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

#define UDP_BYTES 8

/* Of a payload shown as text; the bytes themselves stand beside the fields. */
#define TEXT_MAX_BYTES 256

static char *
format_text (const TramaExplainer *explainer, gsize offset, gsize held)
{
  g_autofree char *text = trama_printable_format (explainer->data + offset, held, TEXT_MAX_BYTES);

  return g_strdup_printf ("“%s”", text);
}

static void
add_data (const TramaExplainer *explainer, gsize offset, gsize size, const char *name)
{
  gsize held = trama_explainer_held (explainer, offset, size);
  char *count;

  if (size == 0)
    return;
  count = trama_explainer_count_bytes (size);
  if (held < size)
    {
      g_autofree char *whole = count;

      count = g_strdup_printf (explainer->quoted ? _ ("%s, of which %u were quoted")
                                                 : _ ("%s, of which %u were captured"),
                               whole, (guint) held);
    }
  trama_explainer_add (explainer, 0, offset, held, name,
                       held > 0 ? format_text (explainer, offset, held) : NULL, count);
}

void
trama_explain_udp (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->link_bytes + decoded->network_bytes;
  gsize held = trama_explainer_held (explainer, offset, UDP_BYTES);
  const guint8 *header = explainer->data + offset;
  char *ports = NULL;
  guint16 size;

  if (held == UDP_BYTES)
    ports = g_strdup_printf ("%u → %u", trama_read_u16 (header), trama_read_u16 (header + 2));
  trama_explainer_add (explainer, 0, offset, held, "UDP", ports, NULL);
  if (!trama_explainer_has_header (explainer, offset, UDP_BYTES))
    return;
  size = trama_read_u16 (header + 4);
  trama_explainer_add_number (explainer, 1, offset, 2, N_ ("Source port"), NULL);
  trama_explainer_add_number (explainer, 1, offset + 2, 2, N_ ("Destination port"), NULL);
  trama_explainer_add (
      explainer, 1, offset + 4, 2, N_ ("Length"), trama_explainer_count_bytes (size),
      g_strdup (size < UDP_BYTES ? _ ("too short: the header has 8") : _ ("header and data")));
  if (trama_read_u16 (header + 6) == 0)
    trama_explainer_add (explainer, 1, offset + 6, 2, N_ ("Checksum"), g_strdup ("0x0000"),
                         g_strdup (_ ("none: the sender left it out")));
  else
    trama_explainer_add_checksum (explainer, offset + 6, decoded);
}

/* TRUE when the payload has been explained with it. */
static gboolean
explain_transport (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  switch (decoded->protocol)
    {
    case IPPROTO_TCP:
      trama_explain_tcp (explainer, decoded);
      return FALSE;
    case IPPROTO_UDP:
      trama_explain_udp (explainer, decoded);
      return FALSE;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return trama_explain_icmp (explainer, decoded);
    default:
      return FALSE;
    }
}

/* What the innermost packet carries. @explainer ends where the packet ends: padding belongs to no header. */
static void
explain_contents (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  guint32 payload_end = decoded->payload_offset + decoded->payload_bytes;

  if (explain_transport (explainer, decoded) || decoded->payload_offset == 0)
    return;
  add_data (explainer, decoded->payload_offset, decoded->payload_bytes,
            decoded->fragment == TRAMA_FRAGMENT_LATER ? N_ ("Part of a datagram") : N_ ("Payload"));
  if (!explainer->quoted && payload_end < decoded->network_end)
    add_data (explainer, payload_end, decoded->network_end - payload_end, N_ ("Behind the datagram"));
}

/* One IP header, and what the packet carries, unless that begins with a header that is followed. */
static TramaDecodeStatus
explain_ip (const TramaExplainer *explainer, TramaDescent *descent, guint32 *end)
{
  TramaExplainer within = *explainer;
  TramaDecoded decoded = { 0 };
  TramaDecodeStatus status = trama_descent_pass_ip (descent, &decoded);

  decoded.status = (guint8) trama_descent_judge (descent, status);
  if (decoded.ether_type == TRAMA_ETHER_IPV4)
    trama_explain_ip4 (explainer, &decoded);
  else
    trama_explain_ip6 (explainer, &decoded);
  if (decoded.ip_version == 0)
    return status;
  if (*end == 0)
    *end = decoded.network_end;
  within.captured = MIN (explainer->captured, decoded.network_end);
  within.length = decoded.network_end;
  if (descent->next == TRAMA_HEADER_NONE)
    explain_contents (&within, &decoded);
  return status;
}

/* *@end becomes where the packet ends that lies directly in the frame. */
static TramaDecodeStatus
explain_next (const TramaExplainer *explainer, TramaDescent *descent, guint32 *end)
{
  TramaHeaderKind kind = descent->next;
  guint32 offset = descent->offset;
  TramaDecodeStatus status;

  if (kind == TRAMA_HEADER_IP)
    return explain_ip (explainer, descent, end);
  status = trama_descent_pass (descent);
  if (descent->offset > offset || status == TRAMA_DECODE_TRUNCATED)
    trama_explain_header (explainer, kind, offset, descent->offset > offset);
  return status;
}

/* Nothing is guessed where no header tells what it is. */
static void
explain_other (const TramaExplainer *explainer, const TramaDescent *descent, guint32 *end)
{
  if (descent->ether_type != TRAMA_ETHER_ARP)
    {
      add_data (explainer, descent->offset, explainer->length - descent->offset, N_ ("Data"));
      return;
    }
  trama_explain_arp (explainer, descent->offset);
  if (*end == 0)
    *end = descent->offset + TRAMA_ARP_BYTES;
}

static void
add_padding (const TramaExplainer *explainer, gsize end)
{
  if (end > 0 && end < explainer->length && !explainer->quoted)
    trama_explainer_add_bytes (explainer, 0, end, explainer->length - end, N_ ("Padding"),
                               _ ("behind the packet, no part of it"));
}

TramaDecodeStatus
trama_explain_headers (const TramaExplainer *explainer, guint32 link_type)
{
  TramaExplainer within = *explainer;
  TramaHeaderKind last = TRAMA_HEADER_NONE;
  guint32 end = 0;
  TramaDescent descent;
  TramaDecodeStatus status = trama_descent_begin (&descent, link_type, explainer->data, explainer->captured,
                                                  explainer->length);

  trama_explain_link (explainer, link_type, &descent, status);
  while (status == TRAMA_DECODE_OK && descent.next != TRAMA_HEADER_NONE)
    {
      last = descent.next;
      within.captured = descent.captured;
      within.length = descent.length;
      status = explain_next (&within, &descent, &end);
    }
  within.captured = descent.captured;
  within.length = descent.length;
  if (last != TRAMA_HEADER_IP && status != TRAMA_DECODE_TRUNCATED)
    explain_other (&within, &descent, &end);
  add_padding (explainer, end);
  return trama_descent_judge (&descent, status);
}

static void
add_ending (const TramaExplainer *explainer, TramaDecodeStatus status)
{
  guint missing = (guint) (explainer->length - explainer->captured);

  if (status == TRAMA_DECODE_MALFORMED)
    trama_explainer_add (
        explainer, 0, 0, 0, N_ ("Malformed"), NULL,
        g_strdup_printf (_ ("a header contradicts itself or the length on the wire, or there are "
                            "more than %u headers"),
                         TRAMA_DECODE_HEADERS_MAX));
  if (missing > 0)
    trama_explainer_add (explainer, 0, explainer->captured, 0, N_ ("Not captured"),
                         trama_explainer_count_bytes (missing),
                         g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u byte was not captured",
                                                       "%u bytes were not captured", missing),
                                          missing));
}

TramaFields *
trama_explain_packet (guint32 link_type,
                      const guint8 *data,
                      gsize captured,
                      gsize length,
                      guint32 sequence_base,
                      guint32 acknowledgment_base)
{
  TramaExplainer explainer = {
    .fields = trama_fields_new (),
    .data = data,
    .captured = MIN (captured, G_MAXINT32),
    .sequence_base = sequence_base,
    .acknowledgment_base = acknowledgment_base,
  };

  explainer.length = CLAMP (length, explainer.captured, G_MAXINT32);
  add_ending (&explainer, trama_explain_headers (&explainer, link_type));
  return explainer.fields;
}
