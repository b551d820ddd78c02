/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/call.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef struct
{
  gint64 number;
  const char *name;
} Name;

static const Name domains[] = {
  { AF_UNSPEC, "AF_UNSPEC" },
  { AF_UNIX, "AF_UNIX" },
  { AF_INET, "AF_INET" },
  { AF_INET6, "AF_INET6" },
};

static const Name types[] = {
  { SOCK_STREAM, "SOCK_STREAM" },
  { SOCK_DGRAM, "SOCK_DGRAM" },
  { SOCK_RAW, "SOCK_RAW" },
  { SOCK_SEQPACKET, "SOCK_SEQPACKET" },
};

static const Name protocols[] = {
  { IPPROTO_ICMP, "IPPROTO_ICMP" },
  { IPPROTO_TCP, "IPPROTO_TCP" },
  { IPPROTO_UDP, "IPPROTO_UDP" },
  { IPPROTO_ICMPV6, "IPPROTO_ICMPV6" },
};

/* As RFC 9293 writes them. */
static const char *const tcp_states[] = {
  [TRAMA_TCP_CLOSED] = "CLOSED",           [TRAMA_TCP_LISTEN] = "LISTEN",
  [TRAMA_TCP_SYN_SENT] = "SYN-SENT",       [TRAMA_TCP_SYN_RECEIVED] = "SYN-RECEIVED",
  [TRAMA_TCP_ESTABLISHED] = "ESTABLISHED", [TRAMA_TCP_FIN_WAIT_1] = "FIN-WAIT-1",
  [TRAMA_TCP_FIN_WAIT_2] = "FIN-WAIT-2",   [TRAMA_TCP_CLOSE_WAIT] = "CLOSE-WAIT",
  [TRAMA_TCP_CLOSING] = "CLOSING",         [TRAMA_TCP_LAST_ACK] = "LAST-ACK",
  [TRAMA_TCP_TIME_WAIT] = "TIME-WAIT",
};

static const char *const roles[] = {
  [TRAMA_ROLE_UNBOUND] = "unbound", [TRAMA_ROLE_BOUND] = "bound",         [TRAMA_ROLE_PASSIVE] = "passive",
  [TRAMA_ROLE_ACTIVE] = "active",   [TRAMA_ROLE_CONNECTED] = "connected",
};

static const char *
find (const Name *names, gsize n_names, gint64 number)
{
  for (gsize i = 0; i < n_names; i++)
    if (names[i].number == number)
      return names[i].name;
  return NULL;
}

const char *
trama_domain_name (gint64 domain)
{
  return find (domains, G_N_ELEMENTS (domains), domain);
}

const char *
trama_type_name (gint64 type)
{
  return find (types, G_N_ELEMENTS (types), type);
}

/* Protocol 0 is "the usual one of that domain and type", socket(2); it has no name. */
const char *
trama_protocol_name (gint64 domain, gint64 protocol)
{
  if (protocol == 0 || (domain != AF_INET && domain != AF_INET6))
    return NULL;
  return find (protocols, G_N_ELEMENTS (protocols), protocol);
}

const char *
trama_errno_name (int error)
{
  return strerrorname_np (error);
}

const char *
trama_tcp_state_name (guint state)
{
  return state < G_N_ELEMENTS (tcp_states) ? tcp_states[state] : NULL;
}

const char *
trama_role_name (guint role)
{
  return role < G_N_ELEMENTS (roles) ? roles[role] : NULL;
}
