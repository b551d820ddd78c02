/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/constant.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The type proper in the second argument of socket(2); SOCK_NONBLOCK and SOCK_CLOEXEC stand above it. */
#define TYPE_MASK 0xf

#define CONSTANT(kind, name)                                                                                 \
  {                                                                                                          \
#name, name, TRAMA_PARAMETER_##kind, AF_UNSPEC                                                           \
  }
#define PROTOCOL(name, domain)                                                                               \
  {                                                                                                          \
#name, name, TRAMA_PARAMETER_PROTOCOL, domain                                                            \
  }

/* Of two names for one value, the first is the one that is written. */
static const TramaConstant constants[] = {
  CONSTANT (DOMAIN, AF_UNSPEC),
  CONSTANT (DOMAIN, AF_UNIX),
  CONSTANT (DOMAIN, AF_INET),
  CONSTANT (DOMAIN, AF_INET6),
  CONSTANT (DOMAIN, AF_LOCAL),

  CONSTANT (TYPE, SOCK_STREAM),
  CONSTANT (TYPE, SOCK_DGRAM),
  CONSTANT (TYPE, SOCK_RAW),
  CONSTANT (TYPE, SOCK_SEQPACKET),
  CONSTANT (TYPE, SOCK_NONBLOCK),
  CONSTANT (TYPE, SOCK_CLOEXEC),

  PROTOCOL (IPPROTO_ICMP, AF_INET),
  PROTOCOL (IPPROTO_TCP, AF_UNSPEC),
  PROTOCOL (IPPROTO_UDP, AF_UNSPEC),
  PROTOCOL (IPPROTO_ICMPV6, AF_INET6),
  PROTOCOL (IPPROTO_IP, AF_UNSPEC),
  PROTOCOL (IPPROTO_SCTP, AF_UNSPEC),
  PROTOCOL (IPPROTO_UDPLITE, AF_UNSPEC),
  PROTOCOL (IPPROTO_RAW, AF_UNSPEC),
  PROTOCOL (IPPROTO_MPTCP, AF_UNSPEC),

  CONSTANT (BACKLOG, SOMAXCONN),

  CONSTANT (FLAGS, MSG_OOB),
  CONSTANT (FLAGS, MSG_PEEK),
  CONSTANT (FLAGS, MSG_DONTROUTE),
  CONSTANT (FLAGS, MSG_CTRUNC),
  CONSTANT (FLAGS, MSG_TRUNC),
  CONSTANT (FLAGS, MSG_DONTWAIT),
  CONSTANT (FLAGS, MSG_EOR),
  CONSTANT (FLAGS, MSG_WAITALL),
  CONSTANT (FLAGS, MSG_CONFIRM),
  CONSTANT (FLAGS, MSG_ERRQUEUE),
  CONSTANT (FLAGS, MSG_NOSIGNAL),
  CONSTANT (FLAGS, MSG_MORE),
  CONSTANT (FLAGS, MSG_ZEROCOPY),
  CONSTANT (FLAGS, MSG_FASTOPEN),
  CONSTANT (FLAGS, MSG_CMSG_CLOEXEC),

  CONSTANT (SOCKET_FLAGS, SOCK_NONBLOCK),
  CONSTANT (SOCKET_FLAGS, SOCK_CLOEXEC),

  CONSTANT (HOW, SHUT_RD),
  CONSTANT (HOW, SHUT_WR),
  CONSTANT (HOW, SHUT_RDWR),

  CONSTANT (LEVEL, SOL_SOCKET),
  CONSTANT (LEVEL, IPPROTO_IP),
  CONSTANT (LEVEL, IPPROTO_TCP),
  CONSTANT (LEVEL, IPPROTO_UDP),
  CONSTANT (LEVEL, IPPROTO_IPV6),
  CONSTANT (LEVEL, IPPROTO_ICMPV6),
  CONSTANT (LEVEL, SOL_RAW),
  CONSTANT (LEVEL, SOL_IP),
  CONSTANT (LEVEL, SOL_IPV6),
  { "SOL_TCP", IPPROTO_TCP, TRAMA_PARAMETER_LEVEL, AF_UNSPEC },
  { "SOL_UDP", IPPROTO_UDP, TRAMA_PARAMETER_LEVEL, AF_UNSPEC },

  CONSTANT (OPTION_VALUE, IP_PMTUDISC_DONT),
  CONSTANT (OPTION_VALUE, IP_PMTUDISC_WANT),
  CONSTANT (OPTION_VALUE, IP_PMTUDISC_DO),
  CONSTANT (OPTION_VALUE, IP_PMTUDISC_PROBE),
  CONSTANT (OPTION_VALUE, IP_PMTUDISC_INTERFACE),
  CONSTANT (OPTION_VALUE, IP_PMTUDISC_OMIT),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_DONT),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_WANT),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_DO),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_PROBE),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_INTERFACE),
  CONSTANT (OPTION_VALUE, IPV6_PMTUDISC_OMIT),

  CONSTANT (POLL, POLLIN),
  CONSTANT (POLL, POLLPRI),
  CONSTANT (POLL, POLLOUT),
  CONSTANT (POLL, POLLERR),
  CONSTANT (POLL, POLLHUP),
  CONSTANT (POLL, POLLNVAL),
  CONSTANT (POLL, POLLRDNORM),
  CONSTANT (POLL, POLLRDBAND),
  CONSTANT (POLL, POLLWRNORM),
  CONSTANT (POLL, POLLWRBAND),
  CONSTANT (POLL, POLLRDHUP),

  CONSTANT (COMMAND, F_GETFL),
  CONSTANT (COMMAND, F_SETFL),
  CONSTANT (COMMAND, F_GETFD),
  CONSTANT (COMMAND, F_SETFD),
  CONSTANT (COMMAND, F_DUPFD),
  CONSTANT (COMMAND, F_DUPFD_CLOEXEC),
  CONSTANT (COMMAND, F_GETOWN),
  CONSTANT (COMMAND, F_SETOWN),

  CONSTANT (STATUS_FLAGS, O_RDONLY),
  CONSTANT (STATUS_FLAGS, O_WRONLY),
  CONSTANT (STATUS_FLAGS, O_RDWR),
  CONSTANT (STATUS_FLAGS, O_APPEND),
  CONSTANT (STATUS_FLAGS, O_NONBLOCK),
  CONSTANT (STATUS_FLAGS, O_ASYNC),
  CONSTANT (STATUS_FLAGS, O_DIRECT),
  CONSTANT (STATUS_FLAGS, O_NOATIME),
  CONSTANT (STATUS_FLAGS, FD_CLOEXEC),

  CONSTANT (STATUS, EXIT_SUCCESS),
  CONSTANT (STATUS, EXIT_FAILURE),

  CONSTANT (SIGNAL, SIGHUP),
  CONSTANT (SIGNAL, SIGINT),
  CONSTANT (SIGNAL, SIGQUIT),
  CONSTANT (SIGNAL, SIGILL),
  CONSTANT (SIGNAL, SIGTRAP),
  CONSTANT (SIGNAL, SIGABRT),
  CONSTANT (SIGNAL, SIGBUS),
  CONSTANT (SIGNAL, SIGFPE),
  CONSTANT (SIGNAL, SIGKILL),
  CONSTANT (SIGNAL, SIGUSR1),
  CONSTANT (SIGNAL, SIGSEGV),
  CONSTANT (SIGNAL, SIGUSR2),
  CONSTANT (SIGNAL, SIGPIPE),
  CONSTANT (SIGNAL, SIGALRM),
  CONSTANT (SIGNAL, SIGTERM),
  CONSTANT (SIGNAL, SIGCHLD),
  CONSTANT (SIGNAL, SIGCONT),
  CONSTANT (SIGNAL, SIGSTOP),
  CONSTANT (SIGNAL, SIGTSTP),
  CONSTANT (SIGNAL, SIGTTIN),
  CONSTANT (SIGNAL, SIGTTOU),
  CONSTANT (SIGNAL, SIGURG),
  CONSTANT (SIGNAL, SIGXCPU),
  CONSTANT (SIGNAL, SIGXFSZ),
  CONSTANT (SIGNAL, SIGVTALRM),
  CONSTANT (SIGNAL, SIGPROF),
  CONSTANT (SIGNAL, SIGWINCH),
  CONSTANT (SIGNAL, SIGIO),
  CONSTANT (SIGNAL, SIGPWR),
  CONSTANT (SIGNAL, SIGSYS),

  CONSTANT (ERROR, EPERM),
  CONSTANT (ERROR, ENOENT),
  CONSTANT (ERROR, ESRCH),
  CONSTANT (ERROR, EINTR),
  CONSTANT (ERROR, EIO),
  CONSTANT (ERROR, ENXIO),
  CONSTANT (ERROR, E2BIG),
  CONSTANT (ERROR, ENOEXEC),
  CONSTANT (ERROR, EBADF),
  CONSTANT (ERROR, ECHILD),
  CONSTANT (ERROR, EAGAIN),
  CONSTANT (ERROR, ENOMEM),
  CONSTANT (ERROR, EACCES),
  CONSTANT (ERROR, EFAULT),
  CONSTANT (ERROR, ENOTBLK),
  CONSTANT (ERROR, EBUSY),
  CONSTANT (ERROR, EEXIST),
  CONSTANT (ERROR, EXDEV),
  CONSTANT (ERROR, ENODEV),
  CONSTANT (ERROR, ENOTDIR),
  CONSTANT (ERROR, EISDIR),
  CONSTANT (ERROR, EINVAL),
  CONSTANT (ERROR, ENFILE),
  CONSTANT (ERROR, EMFILE),
  CONSTANT (ERROR, ENOTTY),
  CONSTANT (ERROR, ETXTBSY),
  CONSTANT (ERROR, EFBIG),
  CONSTANT (ERROR, ENOSPC),
  CONSTANT (ERROR, ESPIPE),
  CONSTANT (ERROR, EROFS),
  CONSTANT (ERROR, EMLINK),
  CONSTANT (ERROR, EPIPE),
  CONSTANT (ERROR, EDOM),
  CONSTANT (ERROR, ERANGE),
  CONSTANT (ERROR, EDEADLK),
  CONSTANT (ERROR, ENAMETOOLONG),
  CONSTANT (ERROR, ENOLCK),
  CONSTANT (ERROR, ENOSYS),
  CONSTANT (ERROR, ENOTEMPTY),
  CONSTANT (ERROR, ELOOP),
  CONSTANT (ERROR, ENOMSG),
  CONSTANT (ERROR, EIDRM),
  CONSTANT (ERROR, ECHRNG),
  CONSTANT (ERROR, EL2NSYNC),
  CONSTANT (ERROR, EL3HLT),
  CONSTANT (ERROR, EL3RST),
  CONSTANT (ERROR, ELNRNG),
  CONSTANT (ERROR, EUNATCH),
  CONSTANT (ERROR, ENOCSI),
  CONSTANT (ERROR, EL2HLT),
  CONSTANT (ERROR, EBADE),
  CONSTANT (ERROR, EBADR),
  CONSTANT (ERROR, EXFULL),
  CONSTANT (ERROR, ENOANO),
  CONSTANT (ERROR, EBADRQC),
  CONSTANT (ERROR, EBADSLT),
  CONSTANT (ERROR, EBFONT),
  CONSTANT (ERROR, ENOSTR),
  CONSTANT (ERROR, ENODATA),
  CONSTANT (ERROR, ETIME),
  CONSTANT (ERROR, ENOSR),
  CONSTANT (ERROR, ENONET),
  CONSTANT (ERROR, ENOPKG),
  CONSTANT (ERROR, EREMOTE),
  CONSTANT (ERROR, ENOLINK),
  CONSTANT (ERROR, EADV),
  CONSTANT (ERROR, ESRMNT),
  CONSTANT (ERROR, ECOMM),
  CONSTANT (ERROR, EPROTO),
  CONSTANT (ERROR, EMULTIHOP),
  CONSTANT (ERROR, EDOTDOT),
  CONSTANT (ERROR, EBADMSG),
  CONSTANT (ERROR, EOVERFLOW),
  CONSTANT (ERROR, ENOTUNIQ),
  CONSTANT (ERROR, EBADFD),
  CONSTANT (ERROR, EREMCHG),
  CONSTANT (ERROR, ELIBACC),
  CONSTANT (ERROR, ELIBBAD),
  CONSTANT (ERROR, ELIBSCN),
  CONSTANT (ERROR, ELIBMAX),
  CONSTANT (ERROR, ELIBEXEC),
  CONSTANT (ERROR, EILSEQ),
  CONSTANT (ERROR, ERESTART),
  CONSTANT (ERROR, ESTRPIPE),
  CONSTANT (ERROR, EUSERS),
  CONSTANT (ERROR, ENOTSOCK),
  CONSTANT (ERROR, EDESTADDRREQ),
  CONSTANT (ERROR, EMSGSIZE),
  CONSTANT (ERROR, EPROTOTYPE),
  CONSTANT (ERROR, ENOPROTOOPT),
  CONSTANT (ERROR, EPROTONOSUPPORT),
  CONSTANT (ERROR, ESOCKTNOSUPPORT),
  CONSTANT (ERROR, EOPNOTSUPP),
  CONSTANT (ERROR, EPFNOSUPPORT),
  CONSTANT (ERROR, EAFNOSUPPORT),
  CONSTANT (ERROR, EADDRINUSE),
  CONSTANT (ERROR, EADDRNOTAVAIL),
  CONSTANT (ERROR, ENETDOWN),
  CONSTANT (ERROR, ENETUNREACH),
  CONSTANT (ERROR, ENETRESET),
  CONSTANT (ERROR, ECONNABORTED),
  CONSTANT (ERROR, ECONNRESET),
  CONSTANT (ERROR, ENOBUFS),
  CONSTANT (ERROR, EISCONN),
  CONSTANT (ERROR, ENOTCONN),
  CONSTANT (ERROR, ESHUTDOWN),
  CONSTANT (ERROR, ETOOMANYREFS),
  CONSTANT (ERROR, ETIMEDOUT),
  CONSTANT (ERROR, ECONNREFUSED),
  CONSTANT (ERROR, EHOSTDOWN),
  CONSTANT (ERROR, EHOSTUNREACH),
  CONSTANT (ERROR, EALREADY),
  CONSTANT (ERROR, EINPROGRESS),
  CONSTANT (ERROR, ESTALE),
  CONSTANT (ERROR, EUCLEAN),
  CONSTANT (ERROR, ENOTNAM),
  CONSTANT (ERROR, ENAVAIL),
  CONSTANT (ERROR, EISNAM),
  CONSTANT (ERROR, EREMOTEIO),
  CONSTANT (ERROR, EDQUOT),
  CONSTANT (ERROR, ENOMEDIUM),
  CONSTANT (ERROR, EMEDIUMTYPE),
  CONSTANT (ERROR, ECANCELED),
  CONSTANT (ERROR, ENOKEY),
  CONSTANT (ERROR, EKEYEXPIRED),
  CONSTANT (ERROR, EKEYREVOKED),
  CONSTANT (ERROR, EKEYREJECTED),
  CONSTANT (ERROR, EOWNERDEAD),
  CONSTANT (ERROR, ENOTRECOVERABLE),
  CONSTANT (ERROR, ERFKILL),
  CONSTANT (ERROR, EHWPOISON),
  CONSTANT (ERROR, EDEADLOCK),
  CONSTANT (ERROR, ENOTSUP),
  CONSTANT (ERROR, EWOULDBLOCK),
};

/* Kinds whose values are sets of bits. The others are one of several values. */
static gboolean
is_set (guint kind)
{
  switch (kind)
    {
    case TRAMA_PARAMETER_TYPE:
    case TRAMA_PARAMETER_FLAGS:
    case TRAMA_PARAMETER_SOCKET_FLAGS:
    case TRAMA_PARAMETER_STATUS_FLAGS:
    case TRAMA_PARAMETER_POLL:
      return TRUE;
    default:
      return FALSE;
    }
}

static const TramaConstant *
find_value (guint kind, gint64 value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    if (constants[i].kind == kind && constants[i].value == value)
      return &constants[i];
  return NULL;
}

const TramaConstant *
trama_constants (guint *n_constants)
{
  *n_constants = G_N_ELEMENTS (constants);
  return constants;
}

const TramaConstant *
trama_constant_from_name (guint parameter_kind, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    if (constants[i].kind == parameter_kind && strcmp (constants[i].name, name) == 0)
      return &constants[i];
  return NULL;
}

const TramaConstant *
trama_constant_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (constants); i++)
    if (strcmp (constants[i].name, name) == 0)
      return &constants[i];
  return NULL;
}

const char *
trama_constant_name (guint parameter_kind, gint64 value)
{
  const TramaConstant *constant = find_value (parameter_kind, value);

  return constant != NULL ? constant->name : NULL;
}

static void
append_bits (GString *text, guint kind, gint64 value)
{
  gsize start = text->len;
  gint64 rest = value;

  for (gsize i = 0; i < G_N_ELEMENTS (constants) && rest != 0; i++)
    {
      const TramaConstant *constant = &constants[i];
      gboolean is_type = kind == TRAMA_PARAMETER_TYPE && constant->value <= TYPE_MASK;
      gint64 bits = is_type ? rest & TYPE_MASK : rest & constant->value;

      if (constant->kind != kind || constant->value == 0 || bits != constant->value)
        continue;
      g_string_append_printf (text, "%s%s", text->len > start ? "|" : "", constant->name);
      rest &= ~bits;
    }
  if (rest != 0)
    g_string_append_printf (text, "%s0x%" G_GINT64_MODIFIER "x", text->len > start ? "|" : "",
                            (guint64) rest);
}

void
trama_constant_append (GString *text, guint parameter_kind, gint64 value)
{
  const char *name = trama_constant_name (parameter_kind, value);

  /* 0 of a set is none of them, and of a protocol the usual one, socket(2). */
  if (value == 0 && (is_set (parameter_kind) || parameter_kind == TRAMA_PARAMETER_PROTOCOL))
    g_string_append_c (text, '0');
  else if (name != NULL)
    g_string_append (text, name);
  else if (is_set (parameter_kind))
    append_bits (text, parameter_kind, value);
  else
    g_string_append_printf (text, "%" G_GINT64_FORMAT, value);
}

void
trama_constant_append_protocol (GString *text, gint64 domain, gint64 protocol)
{
  if (domain == AF_UNIX)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, protocol);
  else
    trama_constant_append (text, TRAMA_PARAMETER_PROTOCOL, protocol);
}
