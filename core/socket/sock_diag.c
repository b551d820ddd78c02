/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/sock_diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Above what a session counts up to, below the usual limit of 1024. */
#define FIRST_FD 1020

/* The kernel fills at most so much at once, netlink(7). */
#define ANSWER_BYTES 32768

/* Nobody waits for the kernel: it answers within the question. */
#define RECEIVE_FLAGS (MSG_DONTWAIT | MSG_TRUNC)

#define ANY_COOKIE INET_DIAG_NOCOOKIE

struct _TramaSockDiag
{
  int fd;
  guint32 sequence;
  _Alignas(struct nlmsghdr) guint8 answer[ANSWER_BYTES];
};

TramaSockDiag *
trama_sock_diag_new (void)
{
  TramaSockDiag *diag;
  int low = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  int fd;

  if (low < 0)
    return NULL;
  fd = fcntl (low, F_DUPFD_CLOEXEC, FIRST_FD);
  close (low);
  if (fd < 0)
    return NULL;
  diag = g_new0 (TramaSockDiag, 1);
  diag->fd = fd;
  return diag;
}

void
trama_sock_diag_free (TramaSockDiag *diag)
{
  if (diag == NULL)
    return;
  close (diag->fd);
  g_free (diag);
}

/* One datagram of the answer. Returns 1 when more follows, 0 at its end, -1 when it is an error. */
static int
read_answer (TramaSockDiag *diag, gsize size, TramaSockDiagFunc func, gpointer user_data)
{
  const struct nlmsghdr *message = (const struct nlmsghdr *) (gconstpointer) diag->answer;
  gboolean many = FALSE;

  for (; NLMSG_OK (message, size); message = NLMSG_NEXT (message, size))
    {
      if (message->nlmsg_seq != diag->sequence)
        return 1; /* of a question that was given up */
      if (message->nlmsg_type == NLMSG_DONE)
        return 0;
      if (message->nlmsg_type == NLMSG_ERROR)
        return -1;
      many = (message->nlmsg_flags & NLM_F_MULTI) != 0;
      func (message, user_data);
    }
  return many ? 1 : 0;
}

static gboolean
ask (TramaSockDiag *diag, struct nlmsghdr *question, TramaSockDiagFunc func, gpointer user_data)
{
  int more = 1;

  question->nlmsg_seq = ++diag->sequence;
  if (send (diag->fd, question, question->nlmsg_len, 0) < 0)
    return FALSE;
  while (more > 0)
    {
      gssize n = recv (diag->fd, diag->answer, sizeof diag->answer, RECEIVE_FLAGS);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0 || (gsize) n > sizeof diag->answer)
        return FALSE;
      more = read_answer (diag, (gsize) n, func, user_data);
    }
  return more == 0;
}

gboolean
trama_sock_diag_dump_inet (TramaSockDiag *diag,
                           guint8 domain,
                           guint8 protocol,
                           TramaSockDiagFunc func,
                           gpointer user_data)
{
  struct
  {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
  } question = {
    .header = { .nlmsg_len = sizeof question,
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
    .request = { .sdiag_family = domain,
                 .sdiag_protocol = protocol,
                 .idiag_ext = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_SKMEMINFO - 1),
                 .idiag_states = ~0u },
  };

  return ask (diag, &question.header, func, user_data);
}

typedef struct
{
  struct nlmsghdr header;
  struct unix_diag_req request;
} UnixQuestion;

static UnixQuestion
unix_question (void)
{
  return (UnixQuestion){
    .header = { .nlmsg_len = sizeof (UnixQuestion),
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST },
    .request = { .sdiag_family = AF_UNIX,
                 .udiag_states = ~0u,
                 .udiag_show = UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN,
                 .udiag_cookie = { ANY_COOKIE, ANY_COOKIE } },
  };
}

gboolean
trama_sock_diag_dump_unix (TramaSockDiag *diag, TramaSockDiagFunc func, gpointer user_data)
{
  UnixQuestion question = unix_question ();

  question.header.nlmsg_flags |= NLM_F_DUMP;
  return ask (diag, &question.header, func, user_data);
}

gconstpointer
trama_sock_diag_find (const struct nlmsghdr *message,
                      gsize header_bytes,
                      guint type,
                      gsize size,
                      gsize *length)
{
  gsize at = NLMSG_HDRLEN + NLMSG_ALIGN (header_bytes);

  while (at + sizeof (struct rtattr) <= message->nlmsg_len)
    {
      const struct rtattr *attribute = (gconstpointer) ((const guint8 *) message + at);

      if (attribute->rta_len < sizeof *attribute || attribute->rta_len > message->nlmsg_len - at)
        return NULL;
      if (attribute->rta_type == type && RTA_PAYLOAD (attribute) >= size)
        {
          if (length != NULL)
            *length = RTA_PAYLOAD (attribute);
          return RTA_DATA (attribute);
        }
      at += RTA_ALIGN (attribute->rta_len);
    }
  return NULL;
}

void
trama_sock_diag_read_unix (const struct nlmsghdr *message, TramaUnixView *view)
{
  const struct unix_diag_msg *found = NLMSG_DATA (message);
  const guint32 *peer = trama_sock_diag_find (message, sizeof *found, UNIX_DIAG_PEER, sizeof *peer, NULL);
  const struct unix_diag_rqlen *queues = trama_sock_diag_find (message, sizeof *found, UNIX_DIAG_RQLEN,
                                                               sizeof *queues, NULL);

  *view = (TramaUnixView){
    .socket = found->udiag_ino,
    .peer = peer != NULL ? *peer : TRAMA_SOCKET_NONE,
    .listens = found->udiag_state == 10, /* TCP_LISTEN, which unix_diag borrows */
  };
  if (queues == NULL)
    return;
  view->receive_queue_bytes = queues->udiag_rqueue;
  view->send_queue_bytes = queues->udiag_wqueue;
}

static void
on_unix (const struct nlmsghdr *message, gpointer user_data)
{
  trama_sock_diag_read_unix (message, user_data);
}

gboolean
trama_sock_diag_ask_unix (TramaSockDiag *diag, guint64 socket, TramaUnixView *view)
{
  UnixQuestion question = unix_question ();

  question.request.udiag_ino = (guint32) socket;
  return ask (diag, &question.header, on_unix, view);
}
