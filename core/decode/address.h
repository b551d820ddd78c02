/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <string.h>

/*
 * Socket addresses as text and as fields. Pure functions over the bytes of a
 * struct sockaddr; a size that does not fit its family is shown as such.
 */

/* An IP endpoint without its struct: IPv4 in the first four bytes, the rest 0. */
typedef struct
{
  guint8 address[16];
  guint16 port;  /* host order; 0 for ICMP */
  guint8 family; /* AF_INET, AF_INET6; 0: none */
} TramaEndpoint;

/* "127.0.0.1:5000", "[::1]:5000", "/run/x", "@abstract", "AF_UNSPEC". The caller's to free. */
char *trama_address_format (const guint8 *address, gsize size);

/* "127.0.0.1:5000"; without a port when it is 0. The caller's to free. */
char *trama_endpoint_format (const TramaEndpoint *endpoint);

/* FALSE when @address is not of an IP family or is too short. */
gboolean trama_endpoint_from_address (TramaEndpoint *endpoint, const guint8 *address, gsize size);

static inline gboolean
trama_endpoint_equal (const TramaEndpoint *a, const TramaEndpoint *b)
{
  return a->port == b->port && a->family == b->family
         && memcmp (a->address, b->address, sizeof a->address) == 0;
}
