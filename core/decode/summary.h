/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/*
 * A packet in one line, for lists: "TCP 127.0.0.1:40000 → 127.0.0.1:5000 SYN seq 0",
 * "link type 147 is not decoded", "truncated IPv4". In English whatever the locale;
 * numbers and names only, nothing of its payload. @sequence_base and @acknowledgment_base
 * as for trama_explain_packet. The caller's to free.
 */
char *trama_summarize_packet (guint32 link_type,
                              const guint8 *data,
                              gsize captured,
                              gsize length,
                              guint32 sequence_base,
                              guint32 acknowledgment_base);

/* What IP carries, as people name it: "UDP", "SCTP"; "IP 253" where it has no name. The caller's to free. */
char *trama_protocol_title (guint8 protocol);

/*
 * A message of ICMP in few words, in the language of the user: "echo request", "port unreachable",
 * "type 40". The caller's to free.
 */
char *trama_icmp_format (guint8 ip_version, guint8 type, guint8 code);

/* What IP carries, as programs name it: "tcp", "icmpv6", "sctp"; "253" where it has no name. The caller's to free. */
char *trama_protocol_format (guint8 protocol);
