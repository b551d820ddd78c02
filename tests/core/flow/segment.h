/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tests/core/fixture.h"

#define SEGMENT_CLIENT 40122 /* port of side 0 */
#define SEGMENT_SERVER 5000

#define SEGMENT_OPTIONS_MAX 40

/* A TCP segment of 127.0.0.1 in an Ethernet frame, with what fixture_tcp leaves out. */
typedef struct
{
  gint64 time_us;
  guint from; /* side: 0 is the client */
  guint8 flags;
  guint32 sequence;
  guint32 acknowledgment;
  guint32 bytes; /* of data, which are made up */
  guint16 window;
  guint16 mark;    /* identification of IPv4 */
  guint32 shift;   /* window scale + 1; 0: no such option */
  guint32 time[2]; /* TSval and TSecr; no option when both are 0 */
  guint32 sack[4]; /* two blocks; the first that is empty ends them */
  guint8 fill;     /* every byte of the data, and the checksum: other bytes have another one */
  guint8 permits;  /* selective acknowledgments */
} TestSegment;

/* Returns the number of the packet. */
guint test_segment_add (Fixture *fixture, const TestSegment *segment);
