/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

#define ICMP_BYTES 8

/* A quoted packet was as long as it said; how long, the quote does not show. */
#define QUOTED_LENGTH_BYTES (40 + G_MAXUINT16)

static gboolean
is_error (guint8 ip_version, guint8 type)
{
  if (ip_version == 6)
    return type >= ICMP6_DST_UNREACH && type <= ICMP6_PARAM_PROB;
  switch (type)
    {
    case ICMP_DEST_UNREACH:
    case ICMP_SOURCE_QUENCH:
    case ICMP_REDIRECT:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETERPROB:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_echo (guint8 ip_version, guint8 type)
{
  if (ip_version == 6)
    return type == ICMP6_ECHO_REQUEST || type == ICMP6_ECHO_REPLY;
  return type == ICMP_ECHO || type == ICMP_ECHOREPLY;
}

/* The second word of the header, which each type uses in its own way. */
static void
add_rest (const TramaExplainer *explainer, gsize offset, guint8 ip_version)
{
  guint8 type = explainer->data[offset];
  guint8 code = explainer->data[offset + 1];

  if (is_echo (ip_version, type))
    {
      trama_explainer_add_number (explainer, 1, offset + 4, 2, N_ ("Identifier"), NULL);
      trama_explainer_add_number (explainer, 1, offset + 6, 2, N_ ("Sequence number"), NULL);
    }
  else if (ip_version == 4 && type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)
    trama_explainer_add_number (explainer, 1, offset + 6, 2, N_ ("Next-hop MTU"), NULL);
  else if (ip_version == 4 && type == ICMP_REDIRECT)
    trama_explainer_add_address (explainer, 1, offset + 4, 4, N_ ("Gateway"));
  else if (ip_version == 4 && type == ICMP_PARAMETERPROB)
    trama_explainer_add_number (explainer, 1, offset + 4, 1, N_ ("Pointer"), NULL);
  else if (ip_version == 6 && type == ICMP6_PACKET_TOO_BIG)
    trama_explainer_add_number (explainer, 1, offset + 4, 4, N_ ("MTU"), NULL);
  else if (ip_version == 6 && type == ICMP6_PARAM_PROB)
    trama_explainer_add_number (explainer, 1, offset + 4, 4, N_ ("Pointer"), NULL);
  else
    trama_explainer_add (explainer, 1, offset + 4, 4, N_ ("Rest of the header"),
                         g_strdup_printf ("0x%08x", trama_read_u32 (explainer->data + offset + 4)), NULL);
}

/* An error quotes the packet that caused it, or its beginning; a quote within a quote is not followed. */
static void
explain_quote (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->payload_offset;
  gsize held = trama_explainer_held (explainer, offset, decoded->payload_bytes);
  guint32 link_type = decoded->ip_version == 4 ? TRAMA_LINK_IPV4 : TRAMA_LINK_IPV6;
  TramaExplainer quote = *explainer;

  trama_explainer_add_bytes (explainer, 0, offset, decoded->payload_bytes, N_ ("Quoted packet"),
                             _ ("what caused the error"));
  quote.data = explainer->data + offset;
  quote.captured = held;
  quote.length = QUOTED_LENGTH_BYTES;
  quote.base = explainer->base + (guint) offset;
  quote.depth = explainer->depth + 1;
  quote.quoted = TRUE;
  quote.sequence_base = 0;
  quote.acknowledgment_base = 0;
  trama_explain_headers (&quote, link_type);
}

gboolean
trama_explain_icmp (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->link_bytes + decoded->network_bytes;
  guint8 ip_version = decoded->ip_version;
  gsize held = trama_explainer_held (explainer, offset, ICMP_BYTES);
  const guint8 *header = explainer->data + offset;
  const char *type = held > 0 ? trama_icmp_type_name (ip_version, header[0]) : NULL;
  const char *code;

  trama_explainer_add (explainer, 0, offset, held, ip_version == 4 ? "ICMP" : "ICMPv6",
                       type != NULL ? g_strdup (_ (type)) : NULL, NULL);
  if (!trama_explainer_has_header (explainer, offset, ICMP_BYTES))
    return FALSE;
  code = trama_icmp_code_name (ip_version, header[0], header[1]);
  trama_explainer_add_number (explainer, 1, offset, 1, N_ ("Type"),
                              type != NULL ? _ (type) : _ ("unknown type"));
  trama_explainer_add_number (explainer, 1, offset + 1, 1, N_ ("Code"), code != NULL ? _ (code) : NULL);
  trama_explainer_add_checksum (explainer, offset + 2, decoded);
  add_rest (explainer, offset, ip_version);
  if (explainer->quoted || decoded->payload_bytes == 0 || !is_error (ip_version, header[0]))
    return FALSE;
  explain_quote (explainer, decoded);
  return TRUE;
}
