/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/option.h"

#include <linux/tcp.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define SHOWN_BYTES 32

/* Of an interface (netdevice(7)) and of a congestion control, both with their 0. */
#define TEXT_MAX_BYTES 16

/* linux/icmp.h, which netinet/in.h does not bear beside it; raw(7). */
#define ICMP_FILTER 1

#define OPTION(level, name, type, readable, writable)                                                        \
  {                                                                                                          \
#level, #name, level, name, TRAMA_OPTION_##type, readable, writable, 0                                   \
  }
/* The usual one: an int, or a flag that is one. */
#define INT(level, name)                                                                                     \
  {                                                                                                          \
#level, #name, level, name, TRAMA_OPTION_INT, TRUE, TRUE, 0                                              \
  }
/* An int whose values have names. */
#define NAMED(level, name, kind, writable)                                                                   \
  {                                                                                                          \
#level, #name, level, name, TRAMA_OPTION_INT, TRUE, writable, TRAMA_PARAMETER_##kind                     \
  }

static const TramaOption options[] = {
  /* socket(7), unix(7) */
  OPTION (SOL_SOCKET, SO_ACCEPTCONN, INT, TRUE, FALSE),
  OPTION (SOL_SOCKET, SO_BINDTODEVICE, TEXT, TRUE, TRUE),
  INT (SOL_SOCKET, SO_BROADCAST),
  INT (SOL_SOCKET, SO_BUSY_POLL),
  INT (SOL_SOCKET, SO_DEBUG),
  NAMED (SOL_SOCKET, SO_DOMAIN, DOMAIN, FALSE),
  INT (SOL_SOCKET, SO_DONTROUTE),
  OPTION (SOL_SOCKET, SO_ERROR, ERROR, TRUE, FALSE),
  INT (SOL_SOCKET, SO_INCOMING_CPU),
  INT (SOL_SOCKET, SO_KEEPALIVE),
  OPTION (SOL_SOCKET, SO_LINGER, LINGER, TRUE, TRUE),
  INT (SOL_SOCKET, SO_LOCK_FILTER),
  INT (SOL_SOCKET, SO_MARK),
  INT (SOL_SOCKET, SO_MAX_PACING_RATE),
  INT (SOL_SOCKET, SO_NO_CHECK),
  INT (SOL_SOCKET, SO_OOBINLINE),
  INT (SOL_SOCKET, SO_PASSCRED),
  INT (SOL_SOCKET, SO_PASSSEC),
  INT (SOL_SOCKET, SO_PEEK_OFF),
  OPTION (SOL_SOCKET, SO_PEERCRED, CREDENTIALS, TRUE, FALSE),
  INT (SOL_SOCKET, SO_PRIORITY),
  NAMED (SOL_SOCKET, SO_PROTOCOL, PROTOCOL, FALSE),
  INT (SOL_SOCKET, SO_RCVBUF),
  OPTION (SOL_SOCKET, SO_RCVBUFFORCE, INT, FALSE, TRUE),
  INT (SOL_SOCKET, SO_RCVLOWAT),
  OPTION (SOL_SOCKET, SO_RCVTIMEO, TIMEVAL, TRUE, TRUE),
  INT (SOL_SOCKET, SO_REUSEADDR),
  INT (SOL_SOCKET, SO_REUSEPORT),
  INT (SOL_SOCKET, SO_RXQ_OVFL),
  INT (SOL_SOCKET, SO_SELECT_ERR_QUEUE),
  INT (SOL_SOCKET, SO_SNDBUF),
  OPTION (SOL_SOCKET, SO_SNDBUFFORCE, INT, FALSE, TRUE),
  OPTION (SOL_SOCKET, SO_SNDLOWAT, INT, TRUE, FALSE),
  OPTION (SOL_SOCKET, SO_SNDTIMEO, TIMEVAL, TRUE, TRUE),
  INT (SOL_SOCKET, SO_TIMESTAMP),
  INT (SOL_SOCKET, SO_TIMESTAMPNS),
  NAMED (SOL_SOCKET, SO_TYPE, TYPE, FALSE),
  INT (SOL_SOCKET, SO_ZEROCOPY),

  /* ip(7) */
  INT (IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
  INT (IPPROTO_IP, IP_FREEBIND),
  INT (IPPROTO_IP, IP_HDRINCL),
  INT (IPPROTO_IP, IP_MINTTL),
  OPTION (IPPROTO_IP, IP_MTU, INT, TRUE, FALSE),
  NAMED (IPPROTO_IP, IP_MTU_DISCOVER, OPTION_VALUE, TRUE),
  INT (IPPROTO_IP, IP_MULTICAST_ALL),
  INT (IPPROTO_IP, IP_MULTICAST_LOOP),
  INT (IPPROTO_IP, IP_MULTICAST_TTL),
  INT (IPPROTO_IP, IP_NODEFRAG),
  INT (IPPROTO_IP, IP_PKTINFO),
  INT (IPPROTO_IP, IP_RECVERR),
  INT (IPPROTO_IP, IP_RECVFRAGSIZE),
  INT (IPPROTO_IP, IP_RECVOPTS),
  INT (IPPROTO_IP, IP_RECVORIGDSTADDR),
  INT (IPPROTO_IP, IP_RECVTOS),
  INT (IPPROTO_IP, IP_RECVTTL),
  INT (IPPROTO_IP, IP_RETOPTS),
  INT (IPPROTO_IP, IP_TOS),
  INT (IPPROTO_IP, IP_TRANSPARENT),
  INT (IPPROTO_IP, IP_TTL),

  /* ipv6(7) */
  OPTION (IPPROTO_IPV6, IPV6_ADDRFORM, INT, FALSE, TRUE),
  INT (IPPROTO_IPV6, IPV6_AUTOFLOWLABEL),
  INT (IPPROTO_IPV6, IPV6_DONTFRAG),
  INT (IPPROTO_IPV6, IPV6_FREEBIND),
  INT (IPPROTO_IPV6, IPV6_MINHOPCOUNT),
  INT (IPPROTO_IPV6, IPV6_MTU),
  NAMED (IPPROTO_IPV6, IPV6_MTU_DISCOVER, OPTION_VALUE, TRUE),
  INT (IPPROTO_IPV6, IPV6_MULTICAST_ALL),
  INT (IPPROTO_IPV6, IPV6_MULTICAST_HOPS),
  INT (IPPROTO_IPV6, IPV6_MULTICAST_IF),
  INT (IPPROTO_IPV6, IPV6_MULTICAST_LOOP),
  INT (IPPROTO_IPV6, IPV6_RECVERR),
  INT (IPPROTO_IPV6, IPV6_RECVHOPLIMIT),
  INT (IPPROTO_IPV6, IPV6_RECVPKTINFO),
  INT (IPPROTO_IPV6, IPV6_RECVTCLASS),
  INT (IPPROTO_IPV6, IPV6_TCLASS),
  INT (IPPROTO_IPV6, IPV6_TRANSPARENT),
  INT (IPPROTO_IPV6, IPV6_UNICAST_HOPS),
  INT (IPPROTO_IPV6, IPV6_V6ONLY),

  /* tcp(7) */
  OPTION (IPPROTO_TCP, TCP_CONGESTION, TEXT, TRUE, TRUE),
  INT (IPPROTO_TCP, TCP_CORK),
  INT (IPPROTO_TCP, TCP_DEFER_ACCEPT),
  INT (IPPROTO_TCP, TCP_FASTOPEN),
  INT (IPPROTO_TCP, TCP_FASTOPEN_CONNECT),
  INT (IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE),
  INT (IPPROTO_TCP, TCP_INQ),
  INT (IPPROTO_TCP, TCP_KEEPCNT),
  INT (IPPROTO_TCP, TCP_KEEPIDLE),
  INT (IPPROTO_TCP, TCP_KEEPINTVL),
  INT (IPPROTO_TCP, TCP_LINGER2),
  INT (IPPROTO_TCP, TCP_MAXSEG),
  INT (IPPROTO_TCP, TCP_NODELAY),
  INT (IPPROTO_TCP, TCP_NOTSENT_LOWAT),
  INT (IPPROTO_TCP, TCP_QUEUE_SEQ),
  INT (IPPROTO_TCP, TCP_QUICKACK),
  INT (IPPROTO_TCP, TCP_REPAIR),
  INT (IPPROTO_TCP, TCP_REPAIR_QUEUE),
  INT (IPPROTO_TCP, TCP_SAVE_SYN),
  INT (IPPROTO_TCP, TCP_SYNCNT),
  INT (IPPROTO_TCP, TCP_THIN_DUPACK),
  INT (IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS),
  INT (IPPROTO_TCP, TCP_TIMESTAMP),
  INT (IPPROTO_TCP, TCP_TX_DELAY),
  INT (IPPROTO_TCP, TCP_USER_TIMEOUT),
  INT (IPPROTO_TCP, TCP_WINDOW_CLAMP),

  /* udp(7) */
  INT (IPPROTO_UDP, UDP_CORK),
  INT (IPPROTO_UDP, UDP_GRO),
  INT (IPPROTO_UDP, UDP_NO_CHECK6_RX),
  INT (IPPROTO_UDP, UDP_NO_CHECK6_TX),
  INT (IPPROTO_UDP, UDP_SEGMENT),

  /* raw(7) */
  INT (SOL_RAW, ICMP_FILTER),
};

const TramaOption *
trama_options (guint *n_options)
{
  *n_options = G_N_ELEMENTS (options);
  return options;
}

const TramaOption *
trama_option_find (gint64 level, gint64 option)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].level == level && options[i].option == option)
      return &options[i];
  return NULL;
}

const TramaOption *
trama_option_from_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strcmp (options[i].name, name) == 0)
      return &options[i];
  return NULL;
}

gsize
trama_option_value_bytes (const TramaOption *option)
{
  static const guint8 sizes[] = {
    [TRAMA_OPTION_INT] = sizeof (int),
    [TRAMA_OPTION_LINGER] = sizeof (struct linger),
    [TRAMA_OPTION_TIMEVAL] = sizeof (struct timeval),
    [TRAMA_OPTION_TEXT] = TEXT_MAX_BYTES,
    [TRAMA_OPTION_ERROR] = sizeof (int),
    [TRAMA_OPTION_CREDENTIALS] = sizeof (struct ucred),
  };

  return sizes[option->type];
}

guint
trama_option_n_numbers (const TramaOption *option)
{
  static const guint8 counts[] = {
    [TRAMA_OPTION_INT] = 1,  [TRAMA_OPTION_LINGER] = 2, [TRAMA_OPTION_TIMEVAL] = 2,
    [TRAMA_OPTION_TEXT] = 0, [TRAMA_OPTION_ERROR] = 1,  [TRAMA_OPTION_CREDENTIALS] = 3,
  };

  return counts[option->type];
}

void
trama_option_encode (const TramaOption *option, const gint64 *numbers, guint8 *bytes)
{
  struct linger linger;
  struct timeval timeval;
  struct ucred credentials;
  int number;

  switch (option->type)
    {
    case TRAMA_OPTION_LINGER:
      linger = (struct linger){ .l_onoff = (int) numbers[0], .l_linger = (int) numbers[1] };
      memcpy (bytes, &linger, sizeof linger);
      break;
    case TRAMA_OPTION_TIMEVAL:
      timeval = (struct timeval){ .tv_sec = numbers[0], .tv_usec = numbers[1] };
      memcpy (bytes, &timeval, sizeof timeval);
      break;
    case TRAMA_OPTION_CREDENTIALS:
      credentials = (struct ucred){ (pid_t) numbers[0], (uid_t) numbers[1], (gid_t) numbers[2] };
      memcpy (bytes, &credentials, sizeof credentials);
      break;
    case TRAMA_OPTION_TEXT:
      memset (bytes, 0, TEXT_MAX_BYTES);
      break;
    default:
      number = (int) numbers[0];
      memcpy (bytes, &number, sizeof number);
      break;
    }
}

static char *
format_bytes (const guint8 *bytes, gsize size)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < MIN (size, SHOWN_BYTES); i++)
    g_string_append_printf (text, "%s%02x", i > 0 ? " " : "", bytes[i]);
  if (size > SHOWN_BYTES)
    g_string_append (text, "…");
  return g_string_free (text, FALSE);
}

static char *
format_int (guint kind, const guint8 *bytes)
{
  GString *text = g_string_new (NULL);
  int number;

  memcpy (&number, bytes, sizeof number);
  if (kind != 0)
    trama_constant_append (text, kind, number);
  else
    g_string_append_printf (text, "%d", number);
  return g_string_free (text, FALSE);
}

static char *
format_pair (const TramaOption *option, const guint8 *bytes)
{
  struct linger linger;
  struct timeval timeval;

  if (option->type == TRAMA_OPTION_LINGER)
    {
      memcpy (&linger, bytes, sizeof linger);
      return g_strdup_printf ("{%d, %d}", linger.l_onoff, linger.l_linger);
    }
  memcpy (&timeval, bytes, sizeof timeval);
  return g_strdup_printf ("{%ld, %ld}", (long) timeval.tv_sec, (long) timeval.tv_usec);
}

/* -1 stands for a peer that is none or not of this namespace, unix(7). */
static char *
format_credentials (const guint8 *bytes)
{
  struct ucred ucred;

  memcpy (&ucred, bytes, sizeof ucred);
  return g_strdup_printf ("{%d, %d, %d}", (int) ucred.pid, (int) ucred.uid, (int) ucred.gid);
}

/* The kernel fills what it has room for with 0. */
static char *
format_text (const guint8 *bytes, gsize size)
{
  gsize length = size > 0 ? strnlen ((const char *) bytes, size) : 0;

  return trama_bytes_format (bytes, length, length, SHOWN_BYTES);
}

char *
trama_option_format_value (const TramaOption *option, const guint8 *bytes, gsize size)
{
  if (option == NULL || (option->type != TRAMA_OPTION_TEXT && size != trama_option_value_bytes (option)))
    return format_bytes (bytes, size);
  switch (option->type)
    {
    case TRAMA_OPTION_TEXT:
      return format_text (bytes, size);
    case TRAMA_OPTION_LINGER:
    case TRAMA_OPTION_TIMEVAL:
      return format_pair (option, bytes);
    case TRAMA_OPTION_CREDENTIALS:
      return format_credentials (bytes);
    case TRAMA_OPTION_ERROR:
      return format_int (TRAMA_PARAMETER_ERROR, bytes);
    default:
      return format_int (option->names, bytes);
    }
}
