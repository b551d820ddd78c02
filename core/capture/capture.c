/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/capture/capture.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <sys/socket.h>

struct _TramaCapture
{
  pcap_t *pcap;
  guint64 received;
  guint64 dropped;
  guint32 last_received; /* pcap's counters are 32 bits wide and go round */
  guint32 last_dropped;
};

/* pcap has its own errors and keeps the kernel's in a text; these are the ones that tell something. */
static int
errno_of_status (int status)
{
  switch (status)
    {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return EPERM;
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return ENODEV;
    case PCAP_ERROR_IFACE_NOT_UP:
      return ENETDOWN;
    default:
      return errno != 0 ? errno : EIO;
    }
}

/* Of the two copies that a packet socket sees of a loopback packet, libpcap drops one; this keeps it out of the ring. */
static void
ignore_outgoing (pcap_t *pcap)
{
  int one = 1;

  setsockopt (pcap_fileno (pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
}

TramaCapture *
trama_capture_open (const char *device, const char **step)
{
  char message[PCAP_ERRBUF_SIZE];
  g_autoptr (TramaCapture) capture = g_new0 (TramaCapture, 1);
  int status;

  *step = "pcap_create";
  errno = 0;
  capture->pcap = pcap_create (device, message);
  if (capture->pcap == NULL)
    return NULL;
  pcap_set_snaplen (capture->pcap, TRAMA_CAPTURE_SNAP_BYTES);
  pcap_set_timeout (capture->pcap, TRAMA_CAPTURE_TIMEOUT_MS);
  pcap_set_buffer_size (capture->pcap, TRAMA_CAPTURE_RING_BYTES);
  pcap_set_tstamp_precision (capture->pcap, PCAP_TSTAMP_PRECISION_NANO);
  *step = "pcap_activate";
  status = pcap_activate (capture->pcap);
  if (status < 0)
    {
      errno = errno_of_status (status);
      return NULL;
    }
  *step = "pcap_setnonblock";
  if (pcap_setnonblock (capture->pcap, 1, message) < 0)
    return NULL;
  ignore_outgoing (capture->pcap);
  *step = NULL;
  return g_steal_pointer (&capture);
}

void
trama_capture_close (TramaCapture *capture)
{
  int saved = errno;

  if (capture == NULL)
    return;
  g_clear_pointer (&capture->pcap, pcap_close);
  g_free (capture);
  errno = saved;
}

int
trama_capture_get_fd (TramaCapture *capture)
{
  return pcap_get_selectable_fd (capture->pcap);
}

guint32
trama_capture_get_link_type (TramaCapture *capture)
{
  return (guint32) pcap_datalink (capture->pcap);
}

typedef struct
{
  TramaEventFunc func;
  gpointer user_data;
} Sink;

static void
on_packet (guchar *user, const struct pcap_pkthdr *header, const guchar *bytes)
{
  const Sink *sink = (const Sink *) (gconstpointer) user;
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  /* With nanosecond precision tv_usec counts nanoseconds, pcap_set_tstamp_precision(3PCAP). */
  event.packet = (TramaPacket){
    .time_ns = (gint64) header->ts.tv_sec * G_GINT64_CONSTANT (1000000000) + header->ts.tv_usec,
    .captured_bytes = header->caplen,
    .length_bytes = header->len,
  };
  event.data = bytes;
  sink->func (&event, sink->user_data);
}

guint
trama_capture_read (TramaCapture *capture, TramaEventFunc func, gpointer user_data)
{
  Sink sink = { func, user_data };
  guint total = 0;
  int n;

  while ((n = pcap_dispatch (capture->pcap, -1, on_packet, (guchar *) &sink)) > 0)
    total += (guint) n;
  return total;
}

void
trama_capture_get_counts (TramaCapture *capture, guint64 *received, guint64 *dropped)
{
  struct pcap_stat counts;

  if (pcap_stats (capture->pcap, &counts) == 0)
    {
      capture->received += counts.ps_recv - capture->last_received;
      capture->dropped += counts.ps_drop - capture->last_dropped;
      capture->last_received = counts.ps_recv;
      capture->last_dropped = counts.ps_drop;
    }
  *received = capture->received;
  *dropped = capture->dropped;
}
