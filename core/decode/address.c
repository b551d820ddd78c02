/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/address.h"

#include "core/decode/printable.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

/* The family stands first in every struct sockaddr; the bytes may not be aligned. */
static gboolean
get_family (const guint8 *address, gsize size, sa_family_t *family)
{
  if (address == NULL || size < sizeof *family)
    return FALSE;
  memcpy (family, address, sizeof *family);
  return TRUE;
}

gboolean
trama_endpoint_from_address (TramaEndpoint *endpoint, const guint8 *address, gsize size)
{
  sa_family_t family;

  memset (endpoint, 0, sizeof *endpoint);
  if (!get_family (address, size, &family))
    return FALSE;
  if (family == AF_INET && size >= sizeof (struct sockaddr_in))
    {
      struct sockaddr_in in;

      memcpy (&in, address, sizeof in);
      memcpy (endpoint->address, &in.sin_addr, sizeof in.sin_addr);
      endpoint->port = ntohs (in.sin_port);
      endpoint->family = AF_INET;
      return TRUE;
    }
  if (family == AF_INET6 && size >= sizeof (struct sockaddr_in6))
    {
      struct sockaddr_in6 in6;

      memcpy (&in6, address, sizeof in6);
      memcpy (endpoint->address, &in6.sin6_addr, sizeof in6.sin6_addr);
      endpoint->port = ntohs (in6.sin6_port);
      endpoint->family = AF_INET6;
      return TRUE;
    }
  return FALSE;
}

char *
trama_endpoint_format (const TramaEndpoint *endpoint)
{
  char text[INET6_ADDRSTRLEN];

  if (inet_ntop (endpoint->family, endpoint->address, text, sizeof text) == NULL)
    return g_strdup ("?");
  if (endpoint->port == 0)
    return g_strdup (text);
  return g_strdup_printf (endpoint->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, endpoint->port);
}

/* unix(7): a path, which ends with a 0; an abstract name after a first 0, in which others may be; or nothing. */
static char *
format_unix (const guint8 *address, gsize size)
{
  const guint8 *path = address + offsetof (struct sockaddr_un, sun_path);
  gsize length = size - offsetof (struct sockaddr_un, sun_path);
  g_autofree char *shown = NULL;

  if (size <= offsetof (struct sockaddr_un, sun_path))
    return g_strdup ("(unnamed)");
  if (path[0] != '\0')
    return trama_printable_format (path, strnlen ((const char *) path, length), length);
  shown = trama_printable_format (path + 1, length - 1, length);
  return g_strconcat ("@", shown, NULL);
}

char *
trama_address_format (const guint8 *address, gsize size)
{
  TramaEndpoint endpoint;
  sa_family_t family;

  if (trama_endpoint_from_address (&endpoint, address, size))
    {
      g_autofree char *host = NULL;

      if (endpoint.port != 0)
        return trama_endpoint_format (&endpoint);
      host = trama_endpoint_format (&endpoint);
      return g_strdup_printf (endpoint.family == AF_INET6 ? "[%s]:0" : "%s:0", host);
    }
  if (!get_family (address, size, &family))
    return g_strdup ("(no address)");
  if (family == AF_UNIX)
    return format_unix (address, size);
  if (family == AF_UNSPEC)
    return g_strdup ("AF_UNSPEC");
  return g_strdup_printf ("(family %u, %" G_GSIZE_FORMAT " bytes)", family, size);
}
