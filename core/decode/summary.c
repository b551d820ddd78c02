/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/decode/bytes.h"

#include "core/decode/summary.h"

#include "core/decode/link.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* For Ethernet and IPv4: RFC 826. */
#define ARP_BYTES 28
#define ARP_REQUEST 1
#define ARP_REPLY 2

/* RFC 792; RFC 4443, section 3.1. */
#define ICMP_UNREACHABLE 3
#define ICMP6_UNREACHABLE 1

static void
append_address4 (GString *text, const guint8 *address)
{
  g_string_append_printf (text, "%u.%u.%u.%u", address[0], address[1], address[2], address[3]);
}

static void
append_arp (GString *text, const guint8 *arp, gsize held)
{
  const guint8 shape[] = { 0x08, 0x00, 6, 4 }; /* of IPv4 addresses, and Ethernet's */
  const guint8 *mac = arp + 8;
  guint16 operation;

  if (held < ARP_BYTES)
    {
      g_string_append (text, "truncated ARP");
      return;
    }
  operation = trama_read_u16 (arp + 6);
  g_string_append (text, "ARP ");
  if (memcmp (arp + 2, shape, sizeof shape) != 0 || (operation != ARP_REQUEST && operation != ARP_REPLY))
    g_string_append_printf (text, "operation %u", operation);
  else if (operation == ARP_REQUEST)
    {
      g_string_append (text, "who has ");
      append_address4 (text, arp + 24);
      g_string_append (text, ", asks ");
      append_address4 (text, arp + 14);
    }
  else
    {
      append_address4 (text, arp + 14);
      g_string_append_printf (text, " is at %02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                              mac[4], mac[5]);
    }
}

/* What is not IP, or not whole enough to be. */
static void
append_foreign (GString *text, const guint8 *data, gsize captured, const TramaDecoded *decoded)
{
  const char *name = trama_ether_type_name (decoded->ether_type);

  if (decoded->status == TRAMA_DECODE_OK && decoded->ether_type == TRAMA_ETHER_ARP)
    {
      append_arp (text, data + decoded->link_bytes, captured - decoded->link_bytes);
      return;
    }
  if (decoded->status == TRAMA_DECODE_TRUNCATED)
    g_string_append (text, "truncated ");
  else if (decoded->status == TRAMA_DECODE_MALFORMED)
    g_string_append (text, "malformed ");
  if (decoded->ether_type == 0)
    g_string_append (text, decoded->status == TRAMA_DECODE_OK ? "no network protocol" : "link header");
  else if (decoded->ether_type < TRAMA_ETHER_TYPE_MIN)
    g_string_append (text, "IEEE 802.3 frame");
  else if (name != NULL)
    g_string_append (text, name);
  else
    g_string_append_printf (text, "protocol 0x%04x", decoded->ether_type);
}

static void
append_protocol (GString *text, guint8 protocol)
{
  const char *name = trama_ip_protocol_name (protocol);

  if (name != NULL)
    g_string_append (text, name);
  else
    g_string_append_printf (text, "protocol %u", protocol);
}

static void
append_endpoints (GString *text, const TramaDecoded *decoded)
{
  g_autofree char *source = trama_endpoint_format (&decoded->source);
  g_autofree char *destination = trama_endpoint_format (&decoded->destination);

  g_string_append_printf (text, " %s → %s", source, destination);
}

static void
append_segment (GString *text, const TramaDecoded *decoded, guint32 sequence, guint32 acknowledgment)
{
  g_autofree char *flags = trama_tcp_flags_format (decoded->tcp_flags);

  g_string_append_printf (text, "%s%s seq %u", flags[0] != '\0' ? " " : "", flags, sequence);
  if (decoded->tcp_flags & TRAMA_TCP_ACK)
    g_string_append_printf (text, " ack %u", acknowledgment);
}

static void
append_icmp (GString *text, const guint8 *header, const TramaDecoded *decoded)
{
  const char *type = trama_icmp_type_name (decoded->ip_version, header[0]);
  const char *code = trama_icmp_code_name (decoded->ip_version, header[0], header[1]);

  if (type != NULL)
    g_string_append_printf (text, " %s", type);
  else
    g_string_append_printf (text, " type %u", header[0]);
  if (code != NULL)
    g_string_append_printf (text, ", %s", code);
}

static void
append_fragment (GString *text, const TramaDecoded *decoded)
{
  append_protocol (text, decoded->fragment_protocol);
  append_endpoints (text, decoded);
  g_string_append_printf (text, " fragment of 0x%04x len %u", decoded->fragment_id, decoded->payload_bytes);
}

static gboolean
is_headed (guint8 protocol)
{
  return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_ICMP
         || protocol == IPPROTO_ICMPV6;
}

static void
append_transport (GString *text,
                  const guint8 *data,
                  const TramaDecoded *decoded,
                  guint32 sequence,
                  guint32 acknowledgment)
{
  gboolean is_headless = is_headed (decoded->protocol) && decoded->transport_bytes == 0;

  if (is_headless)
    g_string_append (text, decoded->status == TRAMA_DECODE_TRUNCATED ? "truncated " : "malformed ");
  append_protocol (text, decoded->protocol);
  append_endpoints (text, decoded);
  if (is_headless)
    return;
  if (decoded->protocol == IPPROTO_TCP)
    append_segment (text, decoded, sequence, acknowledgment);
  else if (decoded->protocol == IPPROTO_ICMP || decoded->protocol == IPPROTO_ICMPV6)
    append_icmp (text, data + decoded->link_bytes + decoded->network_bytes, decoded);
  if (decoded->payload_bytes > 0)
    g_string_append_printf (text, " len %u", decoded->payload_bytes);
  if (decoded->fragment == TRAMA_FRAGMENT_FIRST)
    g_string_append_printf (text, " first fragment of 0x%04x", decoded->fragment_id);
  if (decoded->status == TRAMA_DECODE_MALFORMED)
    g_string_append (text, ", malformed");
}

/* An IP header whose extension headers or whose rest could not be read. */
static void
append_headless (GString *text, const TramaDecoded *decoded)
{
  if (decoded->status == TRAMA_DECODE_OK)
    g_string_append_printf (text, "IPv%u", decoded->ip_version);
  else
    g_string_append_printf (text, "%s IPv%u",
                            decoded->status == TRAMA_DECODE_TRUNCATED ? "truncated" : "malformed",
                            decoded->ip_version);
  append_endpoints (text, decoded);
}

char *
trama_summarize_packet (guint32 link_type,
                        const guint8 *data,
                        gsize captured,
                        gsize length,
                        guint32 sequence_base,
                        guint32 acknowledgment_base)
{
  GString *text = g_string_sized_new (96);
  TramaDecoded decoded;

  trama_decode (link_type, data, captured, length, &decoded);
  if (decoded.status == TRAMA_DECODE_LINK_UNKNOWN)
    g_string_append_printf (text, "link type %u is not decoded", link_type);
  else if (decoded.ip_version == 0)
    append_foreign (text, data, captured, &decoded);
  else if (decoded.fragment == TRAMA_FRAGMENT_LATER)
    append_fragment (text, &decoded);
  else if (decoded.protocol == 0)
    append_headless (text, &decoded);
  else
    append_transport (text, data, &decoded, decoded.sequence - sequence_base,
                      decoded.acknowledgment - acknowledgment_base);
  return g_string_free (text, FALSE);
}

char *
trama_protocol_format (guint8 protocol)
{
  const char *name = trama_ip_protocol_name (protocol);

  return name != NULL ? g_ascii_strdown (name, -1) : g_strdup_printf ("%u", protocol);
}

char *
trama_protocol_title (guint8 protocol)
{
  const char *name = trama_ip_protocol_name (protocol);

  return name != NULL ? g_strdup (name) : g_strdup_printf ("IP %u", protocol);
}

/* Of what is unreachable the code says more than the type, of everything else the type. */
char *
trama_icmp_format (guint8 ip_version, guint8 type, guint8 code)
{
  gboolean is_unreachable = type == (ip_version == 4 ? ICMP_UNREACHABLE : ICMP6_UNREACHABLE);
  const char *name = is_unreachable ? trama_icmp_code_name (ip_version, type, code) : NULL;
  char *text;

  if (name == NULL)
    name = trama_icmp_type_name (ip_version, type);
  if (name == NULL)
    return g_strdup_printf (_ ("type %u"), type);
  text = g_strdup (_ (name));
  text[0] = g_ascii_tolower (text[0]);
  return text;
}
