/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/descent.h"
#include "core/decode/field.h"

/*
 * Private to the room: the state of one explanation, and the rows that every header
 * has. Each trama_explain_* appends the rows of one header, as far as it was captured.
 */
typedef struct
{
  TramaFields *fields; /* borrowed */
  const guint8 *data;  /* of the packet, or of one quoted in it; borrowed */
  gsize captured;      /* what may be read there */
  gsize length;        /* what was there on the wire */
  guint base;          /* where data begins in the explained bytes */
  guint depth;         /* of a header's row */
  gboolean quoted;     /* the beginning of a packet inside an ICMP error */
  guint32 sequence_base;
  guint32 acknowledgment_base;
} TramaExplainer;

/* For Ethernet and IPv4: RFC 826. */
#define TRAMA_ARP_BYTES 28

/* The link header; what was captured of it when that is not all. @status is what came of passing it. */
void trama_explain_link (const TramaExplainer *explainer,
                         guint32 link_type,
                         const TramaDescent *descent,
                         TramaDecodeStatus status);

/* A link header of no fixed size that ends at @end. */
void trama_explain_link_measured (const TramaExplainer *explainer, guint32 link_type, gsize end);

/* The header of PPP from @offset to @end: the protocol, which may be a single byte, last. */
void trama_explain_ppp (const TramaExplainer *explainer, gsize offset, gsize end);

/* A header of @kind that was passed, or, where @whole is FALSE, was not captured as a whole. */
void
trama_explain_header (const TramaExplainer *explainer, TramaHeaderKind kind, gsize offset, gboolean whole);

void trama_explain_ethernet (const TramaExplainer *explainer, gsize offset);
void trama_explain_ether_type (const TramaExplainer *explainer, gsize offset);
void trama_explain_arp (const TramaExplainer *explainer, guint32 offset);
void trama_explain_ip4 (const TramaExplainer *explainer, const TramaDecoded *decoded);
void trama_explain_ip6 (const TramaExplainer *explainer, const TramaDecoded *decoded);
void trama_explain_tcp (const TramaExplainer *explainer, const TramaDecoded *decoded);
void trama_explain_tcp_options (const TramaExplainer *explainer, gsize offset, gsize end);
void trama_explain_udp (const TramaExplainer *explainer, const TramaDecoded *decoded);

/* TRUE when it has explained its payload, the packet that an error quotes. */
gboolean trama_explain_icmp (const TramaExplainer *explainer, const TramaDecoded *decoded);

/* All headers and what they carry; an ICMP error comes back here once for its quote. Returns how far it came. */
TramaDecodeStatus trama_explain_headers (const TramaExplainer *explainer, guint32 link_type);

/* One row. @level counts from the header's; @value and @meaning are taken. */
void trama_explainer_add (const TramaExplainer *explainer,
                          guint level,
                          gsize offset,
                          gsize size,
                          const char *name,
                          char *value,
                          char *meaning);

/* A number of 1, 2 or 4 captured bytes, in decimal; @meaning is copied and may be NULL. */
void trama_explainer_add_number (const TramaExplainer *explainer,
                                 guint level,
                                 gsize offset,
                                 gsize size,
                                 const char *name,
                                 const char *meaning);

/* One bit of a field: "set" with @meaning, which is copied, or "not set". */
void trama_explainer_add_bit (const TramaExplainer *explainer,
                              gsize offset,
                              gsize size,
                              const char *name,
                              gboolean set,
                              const char *meaning);

/* Bytes that are only counted. */
void trama_explainer_add_bytes (const TramaExplainer *explainer,
                                guint level,
                                gsize offset,
                                gsize size,
                                const char *name,
                                const char *meaning);

/* An address of 4, 6 or 16 bytes. */
void trama_explainer_add_address (const TramaExplainer *explainer,
                                  guint level,
                                  gsize offset,
                                  gsize size,
                                  const char *name);

/* The transport checksum at @offset with the verdict on it. */
void
trama_explainer_add_checksum (const TramaExplainer *explainer, gsize offset, const TramaDecoded *decoded);

/* Whether the header is whole; otherwise a row says what is missing. */
gboolean trama_explainer_has_header (const TramaExplainer *explainer, gsize offset, gsize size);

/* How many of @size bytes at @offset were captured. */
gsize trama_explainer_held (const TramaExplainer *explainer, gsize offset, gsize size);

/* "1 byte", "20 bytes". The caller's to free. */
char *trama_explainer_count_bytes (gsize size);

/* "127.0.0.1", "::1", "02:00:00:00:00:01" of 4, 16 or 6 bytes. The caller's to free. */
char *trama_explainer_format_address (const guint8 *address, gsize size);
