/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"

#include "core/trace/constant.h"

#include <glib/gi18n-lib.h>
#include <sys/socket.h>

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
  [TRAMA_ROLE_UNBOUND] = N_ ("unbound"),     [TRAMA_ROLE_BOUND] = N_ ("bound"),
  [TRAMA_ROLE_PASSIVE] = N_ ("passive"),     [TRAMA_ROLE_ACTIVE] = N_ ("active"),
  [TRAMA_ROLE_CONNECTED] = N_ ("connected"),
};

const char *
trama_domain_name (gint64 domain)
{
  return trama_constant_name (TRAMA_PARAMETER_DOMAIN, domain);
}

const char *
trama_type_name (gint64 type)
{
  return trama_constant_name (TRAMA_PARAMETER_TYPE, type);
}

/* Protocol 0 is "the usual one of that domain and type", socket(2); it is written as a number. */
const char *
trama_protocol_name (gint64 domain, gint64 protocol)
{
  if (protocol == 0 || (domain != AF_INET && domain != AF_INET6))
    return NULL;
  return trama_constant_name (TRAMA_PARAMETER_PROTOCOL, protocol);
}

const char *
trama_errno_name (int error)
{
  return trama_constant_name (TRAMA_PARAMETER_ERROR, error);
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
