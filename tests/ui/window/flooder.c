/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Floods a private loopback with datagrams, captures them there and writes what it has captured
 * to standard output, until the flood is over or nobody reads any more.
 *
 *   flooder PER_SECOND SECONDS SOCKETS
 *
 * Exit status: 0 all is written; 77 there is no private loopback here, or no capture.
 */
#include "core/capture/capture.h"
#include "core/lab/loopback.h"
#include "core/trace/pcapng.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT 9000
#define SOCKETS_MAX 512
#define BATCH_MAX 1024
#define STEP_NS 2000000
#define LINGER_MS 100 /* what was sent last is still in the ring */
#define SKIPPED 77    /* meson(1) */

static char datagram[] = "One of very many.\n";

static int
open_sender (const struct sockaddr_in *to)
{
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  if (fd < 0 || connect (fd, (const struct sockaddr *) to, sizeof *to) < 0)
    abort ();
  return fd;
}

/* Nobody reads it: what it has no room for is captured all the same. */
static void
open_receiver (const struct sockaddr_in *at)
{
  int fd = socket (AF_INET, SOCK_DGRAM, 0);

  if (fd < 0 || bind (fd, (const struct sockaddr *) at, sizeof *at) < 0)
    abort ();
}

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
send_some (const int *fds, guint n_fds, guint64 from, guint64 to)
{
  struct iovec part = { datagram, sizeof datagram - 1 };
  struct mmsghdr messages[BATCH_MAX] = { 0 };

  for (guint i = 0; i < BATCH_MAX; i++)
    messages[i].msg_hdr = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 };
  for (guint i = 0; i < n_fds; i++)
    {
      guint64 n = (to + i) / n_fds - (from + i) / n_fds;

      if (n > 0 && sendmmsg (fds[i], messages, (guint) MIN (n, BATCH_MAX), 0) < 0)
        abort ();
    }
}

/* Late steps are made up for: a busy machine thins the flood no more than it must. */
static void
flood (guint64 per_s, guint seconds, guint n_sockets)
{
  struct sockaddr_in to = { AF_INET, htons (PORT), { htonl (INADDR_LOOPBACK) } };
  int fds[SOCKETS_MAX];
  gint64 begin_ns;
  guint64 sent = 0;

  open_receiver (&to);
  for (guint i = 0; i < n_sockets; i++)
    fds[i] = open_sender (&to);
  begin_ns = now_ns ();
  while (sent < per_s * seconds)
    {
      guint64 due = MIN ((guint64) (now_ns () - begin_ns) / 1000 * per_s / 1000000, per_s * seconds);

      send_some (fds, n_sockets, sent, due);
      sent = due;
      nanosleep (&(struct timespec){ 0, STEP_NS }, NULL);
    }
}

static void
on_event (const TramaEvent *event, gpointer out)
{
  trama_pcapng_write_event (out, event);
}

static void
write_all (GByteArray *out)
{
  for (guint at = 0; at < out->len;)
    {
      gssize n = write (STDOUT_FILENO, out->data + at, out->len - at);

      if (n < 0)
        exit (0);
      at += (guint) n;
    }
  g_byte_array_set_size (out, 0);
}

static void
write_head (TramaCapture *capture, GByteArray *out)
{
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE };

  event.interface = (TramaInterface){ .link_type = trama_capture_get_link_type (capture),
                                      .snap_bytes = TRAMA_CAPTURE_SNAP_BYTES,
                                      .name = "lo" };
  trama_pcapng_write_section (out, "flooder");
  on_event (&event, out);
  write_all (out);
}

int
main (int argc, char **argv)
{
  g_autoptr (TramaCapture) capture = NULL;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *step = NULL;
  struct pollfd ready = { .events = POLLIN };
  guint64 received, dropped;
  gboolean over = FALSE;
  pid_t child;

  if (argc != 4 || trama_loopback_enter (&step) != 0)
    return SKIPPED;
  capture = trama_capture_open ("lo", &step);
  if (capture == NULL)
    return SKIPPED;
  write_head (capture, out);
  child = fork ();
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      flood ((guint64) atoi (argv[1]), (guint) atoi (argv[2]),
             (guint) CLAMP (atoi (argv[3]), 1, SOCKETS_MAX));
      _exit (0);
    }
  ready.fd = trama_capture_get_fd (capture);
  while (poll (&ready, 1, LINGER_MS) > 0 || !over)
    {
      trama_capture_read (capture, on_event, out);
      write_all (out);
      over = over || waitpid (child, NULL, WNOHANG) == child;
    }
  trama_capture_get_counts (capture, &received, &dropped);
  g_printerr ("%" G_GUINT64_FORMAT " captured, %" G_GUINT64_FORMAT " lost\n", received, dropped);
  return 0;
}
