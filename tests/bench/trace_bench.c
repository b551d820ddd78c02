/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One measurement per process, so that memory is that of the measurement alone:
 *
 *   generate bulk|cut|short PACKETS FILE   one long conversation of large segments, the same with only
 *                                      their headers captured, or many short ones
 *   open FILE                          what Trama does: read, index, conversations, TCP analysis
 *   label FILE                         what each segment is, when Trama has opened it
 *   loop FILE                          an empty libpcap loop: what it costs to touch every packet
 *   minimal FILE                       headers parsed and one hash look-up per packet, nothing kept
 *
 * Prints "packets seconds peak-KiB conversations".
 */
#include "core/flow/builder.h"
#include "core/flow/labels/segments.h"
#include "core/source/source.h"

#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_BYTES 54
#define SHORT_PACKETS 10 /* of a short conversation: handshake, talk, both FINs */
#define MINIMAL_SLOTS (1u << 22)

/* From proc(5): what getrusage(2) tells is at least that of whoever started the process. */
static guint64
peak_kib (void)
{
  g_autofree char *status = NULL;
  const char *peak;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  peak = strstr (status, "VmHWM:");
  return peak != NULL ? g_ascii_strtoull (peak + strlen ("VmHWM:"), NULL, 10) : 0;
}

static void
report (guint64 packets, gint64 start_us, guint conversations)
{
  double seconds = (double) (g_get_monotonic_time () - start_us) / 1e6;

  printf ("%" G_GUINT64_FORMAT " %.6f %" G_GUINT64_FORMAT " %u\n", packets, seconds, peak_kib (),
          conversations);
}

typedef struct
{
  guint32 client, server;
  guint16 port;
  guint32 sequence[2];
  guint8 from; /* 0: the client */
  guint8 flags;
  guint16 payload;
} Segment;

static void
put_be16 (guint8 *at, guint value)
{
  at[0] = (guint8) (value >> 8);
  at[1] = (guint8) value;
}

static void
put_be32 (guint8 *at, guint32 value)
{
  put_be16 (at, value >> 16);
  put_be16 (at + 2, value & 0xffff);
}

static void
write_segment (pcap_dumper_t *dumper, Segment *segment, guint64 index, guint snap_bytes)
{
  static guint8 frame[HEADERS_BYTES + 1460];
  guint length = HEADERS_BYTES + segment->payload;
  struct pcap_pkthdr header = { { 1700000000 + (long) (index / 1000000), (long) (index % 1000000) },
                                MIN (length, snap_bytes),
                                length };

  put_be16 (frame + 12, 0x0800);
  frame[14] = 0x45;
  put_be16 (frame + 16, length - 14);
  frame[22] = 64;
  frame[23] = IPPROTO_TCP;
  put_be32 (frame + 26, segment->from == 0 ? segment->client : segment->server);
  put_be32 (frame + 30, segment->from == 0 ? segment->server : segment->client);
  put_be16 (frame + 34, segment->from == 0 ? segment->port : 80);
  put_be16 (frame + 36, segment->from == 0 ? 80 : segment->port);
  put_be32 (frame + 38, segment->sequence[segment->from]);
  put_be32 (frame + 42, segment->sequence[!segment->from]);
  frame[46] = 0x50;
  frame[47] = segment->flags;
  put_be16 (frame + 48, 512);
  segment->sequence[segment->from] += segment->payload + ((segment->flags & 0x03) != 0);
  pcap_dump ((guchar *) dumper, &header, frame);
}

/* The n-th packet of a short conversation. */
static void
shape_short (Segment *segment, guint step)
{
  static const struct
  {
    guint8 from, flags;
    guint16 payload;
  } steps[SHORT_PACKETS] = {
    { 0, 0x02, 0 },   { 1, 0x12, 0 }, { 0, 0x10, 0 }, { 0, 0x18, 78 }, { 1, 0x10, 0 },
    { 1, 0x18, 204 }, { 0, 0x10, 0 }, { 1, 0x11, 0 }, { 0, 0x11, 0 },  { 1, 0x10, 0 },
  };

  segment->from = steps[step].from;
  segment->flags = steps[step].flags;
  segment->payload = steps[step].payload;
}

static int
generate (const char *kind, guint64 packets, const char *path)
{
  gboolean cut = strcmp (kind, "cut") == 0, bulk = cut || strcmp (kind, "bulk") == 0;
  pcap_t *pcap = pcap_open_dead (DLT_EN10MB, 262144);
  pcap_dumper_t *dumper = pcap_dump_open (pcap, path);
  Segment segment = { .client = 0x0a000001, .server = 0x0a090909, .port = 40000, .sequence = { 1000, 5000 } };

  if (dumper == NULL)
    return 1;
  for (guint64 i = 0; i < packets; i++)
    {
      guint64 conversation = i / SHORT_PACKETS;

      if (bulk)
        {
          segment.from = i % 3 == 2;
          segment.flags = 0x10;
          segment.payload = segment.from == 0 ? 1448 : 0;
        }
      else
        {
          if (i % SHORT_PACKETS == 0)
            segment = (Segment){
              .client = 0x0a000000 + (guint32) (conversation / 50000),
              .server = 0x0a090909,
              .port = (guint16) (1024 + conversation % 50000),
              .sequence = { (guint32) i * 7, (guint32) i * 13 },
            };
          shape_short (&segment, (guint) (i % SHORT_PACKETS));
        }
      write_segment (dumper, &segment, i, cut ? HEADERS_BYTES : G_MAXUINT);
    }
  pcap_dump_close (dumper);
  pcap_close (pcap);
  return 0;
}

static void
on_finished (TramaSource *source, GError *error, gpointer loop)
{
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  g_main_loop_quit (loop);
}

static void
on_changed (TramaSource *source, TramaFlowBuilder *builder)
{
  trama_flow_builder_step (builder, G_MAXUINT);
}

/* @labels: what is measured begins when it is open. */
static int
open_trace (const char *path, gboolean labels)
{
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TramaSource) source = trama_source_open (path);
  TramaFlowBuilder *builder = trama_flow_builder_new (trama_source_get_store (source));
  g_autoptr (TramaFlowTable) table = NULL;

  g_signal_connect (source, "changed", G_CALLBACK (on_changed), builder);
  g_signal_connect (source, "finished", G_CALLBACK (on_finished), loop);
  g_main_loop_run (loop);
  table = trama_flow_builder_finish (builder);
  if (labels)
    {
      start_us = g_get_monotonic_time ();
      trama_labels_free (trama_labels_new (table));
    }
  report (trama_store_n_packets (trama_source_get_store (source)), start_us,
          trama_flow_table_n_flows (table));
  return 0;
}

typedef struct
{
  guint64 packets;
  guint conversations;
  guint64 *slots; /* NULL: only touch */
} Count;

static void
on_packet (guchar *user, const struct pcap_pkthdr *header, const guchar *bytes)
{
  Count *count = (Count *) (gpointer) user;
  guint64 key, hash;

  count->packets++;
  if (count->slots == NULL || header->caplen < HEADERS_BYTES || bytes[23] != IPPROTO_TCP)
    return;
  key = ((guint64) bytes[26] << 56 | (guint64) bytes[27] << 48 | (guint64) bytes[28] << 40
         | (guint64) bytes[29] << 32)
        ^ ((guint64) bytes[30] << 56 | (guint64) bytes[31] << 48 | (guint64) bytes[32] << 40
           | (guint64) bytes[33] << 32)
        ^ (guint64) (bytes[34] ^ bytes[36]) << 8 ^ (guint64) (bytes[35] ^ bytes[37]) ^ 1u << 31;
  hash = key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  for (guint i = (guint) (hash >> 40);; i++)
    {
      guint64 *slot = &count->slots[i & (MINIMAL_SLOTS - 1)];

      if (*slot == key)
        return;
      if (*slot == 0)
        {
          *slot = key;
          count->conversations++;
          return;
        }
    }
}

static int
loop_pcap (const char *path, gboolean look_up)
{
  char message[PCAP_ERRBUF_SIZE];
  Count count = { .slots = look_up ? g_new0 (guint64, MINIMAL_SLOTS) : NULL };
  gint64 start_us = g_get_monotonic_time ();
  pcap_t *pcap = pcap_open_offline (path, message);

  if (pcap == NULL)
    return 1;
  pcap_loop (pcap, -1, on_packet, (guchar *) &count);
  report (count.packets, start_us, count.conversations);
  pcap_close (pcap);
  g_free (count.slots);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && strcmp (argv[1], "generate") == 0)
    return generate (argv[2], g_ascii_strtoull (argv[3], NULL, 10), argv[4]);
  if (argc == 3 && strcmp (argv[1], "open") == 0)
    return open_trace (argv[2], FALSE);
  if (argc == 3 && strcmp (argv[1], "label") == 0)
    return open_trace (argv[2], TRUE);
  if (argc == 3 && strcmp (argv[1], "loop") == 0)
    return loop_pcap (argv[2], FALSE);
  if (argc == 3 && strcmp (argv[1], "minimal") == 0)
    return loop_pcap (argv[2], TRUE);
  fprintf (stderr, "trace_bench generate bulk|cut|short PACKETS FILE | open FILE | label FILE | loop FILE | "
                   "minimal FILE\n");
  return 2;
}
