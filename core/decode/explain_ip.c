/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/checksum.h"
#include "core/decode/explainer.h"
#include "core/decode/extension.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

#define IP4_MIN_BYTES 20
#define IP6_BYTES 40

static char *
format_route (const TramaExplainer *explainer, gsize source, gsize destination, gsize size)
{
  g_autofree char *from = trama_explainer_format_address (explainer->data + source, size);
  g_autofree char *to = trama_explainer_format_address (explainer->data + destination, size);

  return g_strdup_printf ("%s → %s", from, to);
}

/* The byte once called type of service; in IPv6 it is shifted by four bits. RFC 2474, RFC 3168. */
static void
add_traffic_class (const TramaExplainer *explainer, gsize offset, gsize size, guint8 traffic_class)
{
  guint8 dscp = traffic_class >> 2;
  guint8 ecn = traffic_class & 3;
  const char *name = trama_dscp_name (dscp);

  trama_explainer_add (explainer, 1, offset, size, "DSCP", g_strdup_printf ("%u", dscp),
                       g_strdup (name != NULL ? _ (name) : NULL));
  trama_explainer_add (explainer, 1, offset, size, "ECN", g_strdup_printf ("%u", ecn),
                       g_strdup (_ (trama_ecn_name (ecn))));
}

static void
add_protocol (const TramaExplainer *explainer, gsize offset, const char *name)
{
  const char *protocol = trama_ip_protocol_name (explainer->data[offset]);

  trama_explainer_add_number (explainer, 1, offset, 1, name,
                              protocol != NULL ? protocol : _ ("unknown protocol"));
}

/* Of IPv6 a length of 0 may be a jumbogram's, which its option tells. */
static gboolean
is_left_to_device (const TramaExplainer *explainer, gsize offset, gsize header_bytes, gsize room)
{
  return header_bytes == 0
         || (explainer->data[offset + 2] != IPPROTO_HOPOPTS && room > header_bytes + G_MAXUINT16);
}

/* Says where the length on the wire contradicts the header's. */
static void
add_length (const TramaExplainer *explainer,
            gsize offset,
            const char *name,
            gsize header_offset,
            gsize header_bytes)
{
  guint16 size = trama_read_u16 (explainer->data + offset);
  gsize room = explainer->length - header_offset;
  char *meaning = NULL;

  if (size == 0 && is_left_to_device (explainer, offset, header_bytes, room))
    meaning = g_strdup (_ ("left to segmentation offload: taken from the frame"));
  else if (header_bytes + size > room)
    meaning = g_strdup_printf (_ ("%u more than the frame holds"), (guint) (header_bytes + size - room));
  trama_explainer_add (explainer, 1, offset, 2, name, trama_explainer_count_bytes (size), meaning);
}

static char *
format_ip4_flags (guint16 field)
{
  if ((field & 0x6000) == 0x6000)
    return g_strdup ("DF MF");
  if ((field & 0x6000) == 0)
    return g_strdup (_ ("none"));
  return g_strdup ((field & 0x4000) != 0 ? "DF" : "MF");
}

static void
add_ip4_flags (const TramaExplainer *explainer, gsize offset)
{
  guint16 field = trama_read_u16 (explainer->data + offset);

  trama_explainer_add (explainer, 1, offset, 1, N_ ("Flags"), format_ip4_flags (field),
                       g_strdup_printf ("0x%x", field >> 13));
  trama_explainer_add_bit (explainer, offset, 1, N_ ("Reserved"), (field & 0x8000) != 0,
                           _ ("must not be set"));
  trama_explainer_add_bit (explainer, offset, 1, N_ ("Don't fragment (DF)"), (field & 0x4000) != 0,
                           _ ("no router may cut this packet"));
  trama_explainer_add_bit (explainer, offset, 1, N_ ("More fragments (MF)"), (field & 0x2000) != 0,
                           _ ("this is not the last fragment of its datagram"));
  trama_explainer_add (
      explainer, 1, offset, 2, N_ ("Fragment offset"), trama_explainer_count_bytes ((field & 0x1fffu) * 8),
      (field & 0x1fff) != 0 ? g_strdup (_ ("a later part: the transport header was in the first")) : NULL);
}

/* Covers the header alone, and is computed on loopback too. */
static void
add_ip4_checksum (const TramaExplainer *explainer, gsize offset, gsize header_bytes)
{
  const guint8 *header = explainer->data + offset;
  guint16 stated = trama_read_u16 (header + 10);
  guint64 sum;
  guint16 right;
  char *meaning;

  if (trama_explainer_held (explainer, offset, header_bytes) < header_bytes)
    meaning = g_strdup (_ ("not verified: it covers bytes that are not all here"));
  else
    {
      sum = trama_checksum_add (trama_checksum_add (0, header, 10), header + 12, header_bytes - 12);
      right = (guint16) ~trama_checksum_fold (sum);
      meaning = stated == right ? g_strdup (_ ("good"))
                                : g_strdup_printf (_ ("bad: 0x%04x would be right"), right);
    }
  trama_explainer_add (explainer, 1, offset + 10, 2, N_ ("Header checksum"),
                       g_strdup_printf ("0x%04x", stated), meaning);
}

/* RFC 791, section 3.1. FALSE at the last one, or at one that is damaged. */
static gboolean
add_ip4_option (const TramaExplainer *explainer, gsize *offset, gsize end)
{
  const guint8 *option = explainer->data + *offset;
  const char *name = trama_ip_option_name (option[0]);
  gsize size = option[0] <= 1 ? 1 : *offset + 1 < end ? option[1] : 0;

  if (size == 0 || size > end - *offset || (size == 1 && option[0] > 1))
    {
      trama_explainer_add (explainer, 2, *offset, end - *offset, N_ ("Damaged option"),
                           g_strdup_printf ("%u", option[0]), g_strdup (_ ("its length does not fit")));
      return FALSE;
    }
  trama_explainer_add (explainer, 2, *offset, size, name != NULL ? name : N_ ("Unknown option"),
                       g_strdup_printf ("%u", option[0]), trama_explainer_count_bytes (size));
  *offset += size;
  return option[0] != 0;
}

static void
add_ip4_options (const TramaExplainer *explainer, gsize offset, gsize size)
{
  gsize held = trama_explainer_held (explainer, offset, size);
  gsize end = offset + held;

  trama_explainer_add_bytes (explainer, 1, offset, size, N_ ("Options"), NULL);
  if (held < size)
    return;
  while (offset < end && add_ip4_option (explainer, &offset, end))
    continue;
}

void
trama_explain_ip4 (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->link_bytes;
  const guint8 *header = explainer->data + offset;
  gsize header_bytes;
  gboolean whole;

  if (trama_explainer_held (explainer, offset, IP4_MIN_BYTES) < IP4_MIN_BYTES)
    {
      trama_explainer_add_bytes (explainer, 0, offset,
                                 trama_explainer_held (explainer, offset, IP4_MIN_BYTES), "IPv4", NULL);
      trama_explainer_has_header (explainer, offset, IP4_MIN_BYTES);
      return;
    }
  header_bytes = (header[0] & 0x0f) * 4u;
  whole = header_bytes >= IP4_MIN_BYTES;
  trama_explainer_add (explainer, 0, offset,
                       trama_explainer_held (explainer, offset, MAX (header_bytes, IP4_MIN_BYTES)), "IPv4",
                       format_route (explainer, offset + 12, offset + 16, 4), NULL);
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Version"), g_strdup_printf ("%u", header[0] >> 4),
                       g_strdup (header[0] >> 4 == 4 ? NULL : _ ("not that of IPv4")));
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Header length"),
                       trama_explainer_count_bytes (header_bytes),
                       g_strdup (whole ? NULL : _ ("too short: it has 20 at least")));
  add_traffic_class (explainer, offset + 1, 1, header[1]);
  add_length (explainer, offset + 2, N_ ("Total length"), offset, 0);
  trama_explainer_add (explainer, 1, offset + 4, 2, N_ ("Identification"),
                       g_strdup_printf ("0x%04x", trama_read_u16 (header + 4)), NULL);
  add_ip4_flags (explainer, offset + 6);
  trama_explainer_add_number (explainer, 1, offset + 8, 1, N_ ("Time to live"), NULL);
  add_protocol (explainer, offset + 9, N_ ("Protocol"));
  add_ip4_checksum (explainer, offset, MAX (header_bytes, IP4_MIN_BYTES));
  trama_explainer_add_address (explainer, 1, offset + 12, 4, N_ ("Source"));
  trama_explainer_add_address (explainer, 1, offset + 16, 4, N_ ("Destination"));
  if (header_bytes > IP4_MIN_BYTES)
    add_ip4_options (explainer, offset + IP4_MIN_BYTES, header_bytes - IP4_MIN_BYTES);
}

/* RFC 8200, section 4.5 */
static void
add_fragment_header (const TramaExplainer *explainer, gsize offset)
{
  guint16 field = trama_read_u16 (explainer->data + offset + 2);

  trama_explainer_add (explainer, 2, offset + 2, 2, N_ ("Fragment offset"),
                       trama_explainer_count_bytes (field & 0xfff8u), NULL);
  trama_explainer_add_bit (explainer, offset + 2, 2, N_ ("More fragments"), (field & 1) != 0,
                           _ ("this is not the last fragment of its datagram"));
  trama_explainer_add (explainer, 2, offset + 4, 4, N_ ("Identification"),
                       g_strdup_printf ("0x%08x", trama_read_u32 (explainer->data + offset + 4)), NULL);
}

static void
add_extension (const TramaExplainer *explainer, const TramaExtension *extension)
{
  trama_explainer_add (explainer, 1, extension->offset,
                       trama_explainer_held (explainer, extension->offset, extension->size_bytes),
                       N_ ("Extension header"), g_strdup (trama_ip_protocol_name (extension->protocol)),
                       trama_explainer_count_bytes (extension->size_bytes));
  if (extension->protocol == IPPROTO_FRAGMENT)
    add_fragment_header (explainer, extension->offset);
  else if (extension->protocol == IPPROTO_ROUTING)
    {
      trama_explainer_add_number (explainer, 2, extension->offset + 2, 1, N_ ("Routing type"), NULL);
      trama_explainer_add_number (explainer, 2, extension->offset + 3, 1, N_ ("Segments left"), NULL);
    }
}

static void
add_extensions (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  guint8 protocol = explainer->data[decoded->link_bytes + 6];
  guint32 offset = decoded->link_bytes + IP6_BYTES;
  TramaExtension extension;

  for (guint i = 0; i < TRAMA_EXTENSION_MAX && trama_extension_is_known (protocol); i++)
    {
      if (!trama_extension_read (explainer->data, explainer->captured, protocol, offset, &extension))
        {
          trama_explainer_has_header (explainer, offset, 8);
          return;
        }
      add_extension (explainer, &extension);
      if (offset + extension.size_bytes > decoded->link_bytes + decoded->network_bytes)
        return;
      protocol = extension.next;
      offset += extension.size_bytes;
      if (extension.protocol == IPPROTO_FRAGMENT && decoded->fragment == TRAMA_FRAGMENT_LATER)
        return;
    }
}

void
trama_explain_ip6 (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->link_bytes;
  const guint8 *header = explainer->data + offset;
  guint32 first;

  if (trama_explainer_held (explainer, offset, IP6_BYTES) < IP6_BYTES)
    {
      trama_explainer_add_bytes (explainer, 0, offset, trama_explainer_held (explainer, offset, IP6_BYTES),
                                 "IPv6", NULL);
      trama_explainer_has_header (explainer, offset, IP6_BYTES);
      return;
    }
  first = trama_read_u32 (header);
  trama_explainer_add (explainer, 0, offset, MAX (decoded->network_bytes, IP6_BYTES), "IPv6",
                       format_route (explainer, offset + 8, offset + 24, 16), NULL);
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Version"), g_strdup_printf ("%u", first >> 28),
                       g_strdup (first >> 28 == 6 ? NULL : _ ("not that of IPv6")));
  add_traffic_class (explainer, offset, 2, (guint8) (first >> 20 & 0xff));
  trama_explainer_add (explainer, 1, offset + 1, 3, N_ ("Flow label"),
                       g_strdup_printf ("0x%05x", first & 0xfffffu), NULL);
  add_length (explainer, offset + 4, N_ ("Payload length"), offset, IP6_BYTES);
  add_protocol (explainer, offset + 6, N_ ("Next header"));
  trama_explainer_add_number (explainer, 1, offset + 7, 1, N_ ("Hop limit"), NULL);
  trama_explainer_add_address (explainer, 1, offset + 8, 16, N_ ("Source"));
  trama_explainer_add_address (explainer, 1, offset + 24, 16, N_ ("Destination"));
  if (decoded->ip_version == 6)
    add_extensions (explainer, decoded);
}
