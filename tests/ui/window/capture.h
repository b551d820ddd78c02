/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writes a classic capture of @n_packets TCP segments with ten bytes of payload each,
 * a microsecond apart, of @n_flows conversations in turn: from 10.0.0.1, ports from
 * 10000 on, to 10.0.0.2, port 80. No SYN, no answers.
 */
#define CAPTURE_HEAD_BYTES 24
#define CAPTURE_PACKET_BYTES 66 /* with its header in the file */
#define CAPTURE_PAYLOAD_BYTES 10
void capture_write (const char *path, guint n_packets, guint n_flows);

/* The same of @n_flows conversations, a millisecond apart: a SYN, and the RST ACK of a host where nobody listens. */
void capture_write_refused (const char *path, guint n_flows);
