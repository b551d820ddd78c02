/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"

#include <glib/gi18n-lib.h>

#define TCP_MIN_BYTES 20

/* RFC 9293, section 3.1; the order of the header's bits. */
static const struct
{
  guint8 flag;
  const char *name;
  const char *meaning;
} flags[] = {
  { TRAMA_TCP_CWR, N_ ("CWR, congestion window reduced"), N_ ("the sender slowed down because of an ECE") },
  { TRAMA_TCP_ECE, N_ ("ECE, congestion echo"),
    N_ ("congestion was met on the way here; in a SYN: ECN is offered") },
  { TRAMA_TCP_URG, N_ ("URG, urgent"), N_ ("the urgent pointer field is significant") },
  { TRAMA_TCP_ACK, N_ ("ACK, acknowledgment"), N_ ("the acknowledgment field is significant") },
  { TRAMA_TCP_PSH, N_ ("PSH, push"), N_ ("deliver the data without waiting for more") },
  { TRAMA_TCP_RST, N_ ("RST, reset"), N_ ("the connection is aborted") },
  { TRAMA_TCP_SYN, N_ ("SYN, synchronize"), N_ ("the sequence number is the initial one") },
  { TRAMA_TCP_FIN, N_ ("FIN, finish"), N_ ("no more data from the sender") },
};

static char *
format_relative (guint32 number, guint32 base)
{
  return base != 0 ? g_strdup_printf (_ ("relative: %u"), number - base) : NULL;
}

static void
add_number_text (const TramaExplainer *explainer,
                 gsize offset,
                 gsize size,
                 const char *name,
                 guint32 number,
                 char *meaning)
{
  trama_explainer_add (explainer, 1, offset, size, name, g_strdup_printf ("%u", number), meaning);
}

static void
add_acknowledgment (const TramaExplainer *explainer, gsize offset)
{
  guint32 number = trama_read_u32 (explainer->data + offset + 8);
  gboolean significant = (explainer->data[offset + 13] & TRAMA_TCP_ACK) != 0;

  add_number_text (explainer, offset + 8, 4, N_ ("Acknowledgment number"), number,
                   significant ? format_relative (number, explainer->acknowledgment_base)
                               : g_strdup (_ ("not significant: ACK is not set")));
}

static void
add_header_length (const TramaExplainer *explainer, gsize offset, const TramaDecoded *decoded)
{
  gsize header_bytes = (explainer->data[offset + 12] >> 4) * 4u;
  const char *meaning = NULL;

  if (header_bytes < TCP_MIN_BYTES)
    meaning = _ ("too short: it has 20 at least");
  else if (offset + header_bytes > decoded->network_end)
    meaning = _ ("more than the packet holds");
  trama_explainer_add (explainer, 1, offset + 12, 1, N_ ("Data offset"),
                       trama_explainer_count_bytes (header_bytes), g_strdup (meaning));
  trama_explainer_add (explainer, 1, offset + 12, 1, N_ ("Reserved"),
                       g_strdup_printf ("0x%x", explainer->data[offset + 12] & 0x0fu), NULL);
}

static void
add_flags (const TramaExplainer *explainer, gsize offset)
{
  guint8 set = explainer->data[offset + 13];

  trama_explainer_add (explainer, 1, offset + 13, 1, N_ ("Flags"),
                       set != 0 ? trama_tcp_flags_format (set) : g_strdup (_ ("none")),
                       g_strdup_printf ("0x%02x", set));
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    trama_explainer_add_bit (explainer, offset + 13, 1, flags[i].name, (set & flags[i].flag) != 0,
                             _ (flags[i].meaning));
}

/* RFC 7323, section 2.2: the window of a SYN is never scaled. */
static void
add_window (const TramaExplainer *explainer, gsize offset)
{
  gboolean syn = (explainer->data[offset + 13] & TRAMA_TCP_SYN) != 0;

  trama_explainer_add_number (explainer, 1, offset + 14, 2, N_ ("Window"),
                              syn ? _ ("bytes; never scaled in a SYN")
                                  : _ ("as in the header: window scaling is not applied"));
}

static void
add_urgent_pointer (const TramaExplainer *explainer, gsize offset)
{
  gboolean significant = (explainer->data[offset + 13] & TRAMA_TCP_URG) != 0;

  trama_explainer_add_number (explainer, 1, offset + 18, 2, N_ ("Urgent pointer"),
                              significant ? _ ("offset from the sequence number")
                                          : _ ("not significant: URG is not set"));
}

static char *
format_ports (const TramaExplainer *explainer, gsize offset)
{
  const guint8 *header = explainer->data + offset;

  return g_strdup_printf ("%u → %u", trama_read_u16 (header), trama_read_u16 (header + 2));
}

/* The first eight bytes, which are all that an ICMP error must quote. FALSE when that is all there is. */
static gboolean
explain_beginning (const TramaExplainer *explainer, gsize offset)
{
  gsize held = trama_explainer_held (explainer, offset, TCP_MIN_BYTES);
  guint32 sequence;

  if (held >= 4)
    {
      trama_explainer_add_number (explainer, 1, offset, 2, N_ ("Source port"), NULL);
      trama_explainer_add_number (explainer, 1, offset + 2, 2, N_ ("Destination port"), NULL);
    }
  if (held >= 8)
    {
      sequence = trama_read_u32 (explainer->data + offset + 4);
      add_number_text (explainer, offset + 4, 4, N_ ("Sequence number"), sequence,
                       format_relative (sequence, explainer->sequence_base));
    }
  return trama_explainer_has_header (explainer, offset, TCP_MIN_BYTES);
}

void
trama_explain_tcp (const TramaExplainer *explainer, const TramaDecoded *decoded)
{
  gsize offset = decoded->link_bytes + decoded->network_bytes;
  gsize size = MAX (decoded->transport_bytes, TCP_MIN_BYTES);
  gsize held = trama_explainer_held (explainer, offset, size);
  gboolean has_flags = held > 13;

  trama_explainer_add (explainer, 0, offset, held, "TCP", held >= 4 ? format_ports (explainer, offset) : NULL,
                       has_flags ? trama_tcp_flags_format (explainer->data[offset + 13]) : NULL);
  if (!explain_beginning (explainer, offset))
    return;
  add_acknowledgment (explainer, offset);
  add_header_length (explainer, offset, decoded);
  add_flags (explainer, offset);
  add_window (explainer, offset);
  trama_explainer_add_checksum (explainer, offset + 16, decoded);
  add_urgent_pointer (explainer, offset);
  if (decoded->transport_bytes > TCP_MIN_BYTES)
    trama_explain_tcp_options (explainer, offset + TCP_MIN_BYTES, offset + decoded->transport_bytes);
}
