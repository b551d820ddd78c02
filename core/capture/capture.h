/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * Live capture on one interface with libpcap. The only room that includes pcap.h.
 * Each loopback packet is seen once, as it is received, stamped in nanoseconds by
 * the kernel. Used by one thread; needs CAP_NET_RAW in the network namespace.
 */
typedef struct _TramaCapture TramaCapture;

/* pcap(3PCAP): a ring in the kernel, handed over in blocks at least this often. */
#define TRAMA_CAPTURE_TIMEOUT_MS 10
#define TRAMA_CAPTURE_RING_BYTES (32 << 20)
#define TRAMA_CAPTURE_SNAP_BYTES 262144

/*
 * Opens and activates; packets are kept from here on. NULL with errno set when it
 * fails, *@step names what failed (static).
 */
TramaCapture *trama_capture_open (const char *device, const char **step);
void trama_capture_close (TramaCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaCapture, trama_capture_close)

/* Becomes readable when a block of packets is ready. */
int trama_capture_get_fd (TramaCapture *capture);

/* LINKTYPE_* of its packets. */
guint32 trama_capture_get_link_type (TramaCapture *capture);

/* Hands over what is ready, as TRAMA_EVENT_PACKET of interface 0; does not wait. Returns how many. */
guint trama_capture_read (TramaCapture *capture, TramaEventFunc func, gpointer user_data);

/* How many packets the kernel has put into the ring and how many it could not, since the start. */
void trama_capture_get_counts (TramaCapture *capture, guint64 *received, guint64 *dropped);
