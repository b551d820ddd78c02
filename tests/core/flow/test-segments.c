/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/segments.h"

#include "tests/core/flow/segment.h"

enum
{
  FIN = TRAMA_TCP_FIN,
  SYN = TRAMA_TCP_SYN,
  RST = TRAMA_TCP_RST,
  ACK = TRAMA_TCP_ACK,
};

#define N_SEGMENTS_MAX 16
#define MS 1000
#define W 1000 /* a window that nothing fills */

/* A segment, and the labels that it must have. The list ends where flags are 0. */
typedef struct
{
  TestSegment segment;
  const char *labels;
} Expected;

typedef struct
{
  const char *name;
  Expected expected[N_SEGMENTS_MAX];
} Case;

/* Both ISNs are 1000 and 5000; the windows are not scaled. */
#define HANDSHAKE                                                                                            \
  { { 0, 0, SYN, 1000, 0, 0, W }, "" }, { { 10, 1, SYN | ACK, 5000, 1001, 0, W }, "" },                      \
  {                                                                                                          \
    { 20, 0, ACK, 1001, 5001, 0, W }, ""                                                                     \
  }

/* The same, and both permit selective acknowledgments. */
#define HANDSHAKE_SACK                                                                                       \
  { { 0, 0, SYN, 1000, 0, 0, W, .permits = TRUE }, "" },                                                     \
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W, .permits = TRUE }, "" },                                       \
  {                                                                                                          \
    { 20, 0, ACK, 1001, 5001, 0, W }, ""                                                                     \
  }

static const Case cases[] = {
  { "new data",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 50, 1, ACK, 5001, 1101, 50, W }, "new data" },
      { { 60, 0, FIN | ACK, 1101, 5051, 20, W }, "new data" },
      { { 70, 1, FIN | ACK, 5051, 1122, 0, W }, "" } } },
  { "a timeout: nothing came that asked for it",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" },
      { { 640 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" },
      { { 641 * MS, 1, ACK, 5001, 1101, 0, W }, "" } } },
  { "a timeout, and all that follows until the loss is made good",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 32, 0, ACK, 1201, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" },
      { { 231 * MS, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 232 * MS, 0, ACK, 1101, 5001, 200, W }, "resent, timeout" },
      { { 233 * MS, 1, ACK, 5001, 1301, 0, W }, "" } } },
  { "data of a SYN that its answer leaves out, sent again at once",
    { { { 0, 0, SYN, 1000, 0, 100, W }, "new data" },
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 20, 0, ACK, 1001, 5001, 100, W }, "resent" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  { "a byte that a probe had brought in vain, when the window opens",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 1000, W }, "new data, window full" },
      { { 40, 1, ACK, 5001, 2001, 0, 0 }, "zero window" },
      { { 250 * MS, 0, ACK, 2001, 5001, 1, W }, "new data, zero-window probe" },
      { { 251 * MS, 1, ACK, 5001, 2001, 0, 0 }, "zero window, answer to zero-window probe" },
      { { 500 * MS, 1, ACK, 5001, 2001, 0, W }, "window update" },
      { { 501 * MS, 0, ACK, 2001, 5001, 500, W }, "new data, resent" },
      { { 502 * MS, 1, ACK, 5001, 2501, 0, W }, "" } } },
  { "a segment that was too large for the way, in pieces",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 900, W }, "new data" },
      { { 10 * MS, 0, ACK, 1001, 5001, 600, W }, "resent" },
      { { 10 * MS + 1, 0, ACK, 1601, 5001, 300, W }, "resent" },
      { { 10 * MS + 50, 1, ACK, 5001, 1901, 0, W }, "" },
      { { 20 * MS, 0, ACK, 1901, 5001, 600, W }, "new data" },
      { { 230 * MS, 0, ACK, 1901, 5001, 300, W }, "resent, timeout" },
      { { 230 * MS + 50, 1, ACK, 5001, 2201, 0, W }, "" },
      { { 230 * MS + 60, 0, ACK, 2201, 5001, 300, W }, "resent, timeout" } } },
  { "a SYN and its answer, each sent again",
    { { { 0, 0, SYN, 1000, 0, 0, W }, "" },
      { { 1000 * MS, 0, SYN, 1000, 0, 0, W }, "resent, timeout" },
      { { 1001 * MS, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 2001 * MS, 1, SYN | ACK, 5000, 1001, 0, W }, "resent, timeout" } } },
  { "a FIN sent again",
    { HANDSHAKE,
      { { 30, 0, FIN | ACK, 1001, 5001, 0, W }, "" },
      { { 240 * MS, 0, FIN | ACK, 1001, 5001, 0, W }, "resent, timeout" } } },
  { "a fast retransmission, after three duplicate acknowledgments",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 32, 0, ACK, 1201, 5001, 100, W }, "new data" },
      { { 33, 0, ACK, 1301, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 41, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 2" },
      { { 42, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 3" },
      { { 43, 0, ACK, 1001, 5001, 100, W }, "resent, fast retransmission" },
      { { 50, 1, ACK, 5001, 1401, 0, W }, "" },
      { { 60, 0, ACK, 1401, 5001, 1, W }, "new data" },
      { { 70, 1, ACK, 5001, 1401, 0, W }, "duplicate ACK 1" } } },
  { "a fast retransmission of a hole that only SACK tells of",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 32, 0, ACK, 1201, 5001, 100, W }, "new data" },
      { { 33, 0, ACK, 1301, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1101, 0, W, .sack = { 1301, 1401 } }, "" },
      { { 43, 0, ACK, 1101, 5001, 100, W }, "resent, fast retransmission" },
      { { 44, 0, ACK, 1201, 5001, 100, W }, "resent, fast retransmission" } } },
  { "dead silence after duplicate acknowledgments: a timeout",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 260 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  /* RFC 8985, section 7.3: the last of three, long before a timeout. */
  { "a probe for the tail",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 32, 0, ACK, 1201, 5001, 100, W }, "new data" },
      { { 12 * MS, 0, ACK, 1201, 5001, 100, W }, "resent, tail loss probe" },
      { { 220 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  { "one on its own, after a timeout: nothing tells whether it is a probe",
    { HANDSHAKE_SACK,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout or tail loss probe" },
      { { 231 * MS, 1, ACK, 5001, 1101, 0, W }, "" } } },
  /* RFC 8985, section 7.3: the timer of the probe starts the timeout anew, and does not double it. */
  { "one on its own: a probe, for the next comes after as long",
    { HANDSHAKE_SACK,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 204 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, tail loss probe" },
      { { 412 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" },
      { { 828 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  /* RFC 6298, section 5.5 */
  { "one on its own: a timeout, for the next comes after twice as long",
    { HANDSHAKE_SACK,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 204 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" },
      { { 612 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  { "one on its own: a FIN",
    { HANDSHAKE_SACK,
      { { 30, 0, FIN | ACK, 1001, 5001, 0, W }, "" },
      { { 204 * MS, 0, FIN | ACK, 1001, 5001, 0, W }, "resent, timeout or tail loss probe" },
      { { 205 * MS, 1, ACK, 5001, 1002, 0, W }, "" } } },
  { "one on its own: no probe where one side does not permit selective acknowledgments",
    { { { 0, 0, SYN, 1000, 0, 0, W, .permits = TRUE }, "" },
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 20, 0, ACK, 1001, 5001, 0, W }, "" },
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 204 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  { "spurious: acknowledged before",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 3 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, spurious" } } },
  { "spurious: acknowledged selectively before",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1001, 0, W, .sack = { 1101, 1201 } }, "duplicate ACK 1" },
      { { 41, 0, ACK, 1101, 5001, 100, W }, "resent, fast retransmission, spurious" } } },
  /* RFC 2883, section 4.1: the receiver had it, as it says later. */
  { "spurious: the receiver reports that it came twice",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout, spurious" },
      { { 231 * MS, 1, ACK, 5001, 1201, 0, W }, "" },
      { { 232 * MS, 1, ACK, 5001, 1201, 0, W, .sack = { 1001, 1101 } }, "" } } },
  { "doubled on its way: the same packet, with the same identification",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W, .mark = 77 }, "new data" },
      { { 31, 0, ACK, 1001, 5001, 100, W, .mark = 77 }, "resent, doubled on its way" },
      { { 300 * MS, 0, ACK, 1001, 5001, 100, W, .mark = 78 }, "resent, timeout" } } },
  { "sent again by who gives every packet the same identification",
    { { { 0, 0, SYN, 1000, 0, 0, W, .mark = 1 }, "" },
      { { 1000 * MS, 0, SYN, 1000, 0, 0, W, .mark = 1 }, "resent, timeout" },
      { { 1001 * MS, 1, SYN | ACK, 5000, 1001, 0, W, .mark = 1 }, "" },
      { { 1002 * MS, 0, ACK, 1001, 5001, 100, W, .mark = 1 }, "new data" },
      { { 1003 * MS, 0, ACK, 1101, 5001, 100, W, .mark = 1 }, "new data" },
      { { 1003 * MS + 3, 0, ACK, 1101, 5001, 100, W, .mark = 1 }, "resent, doubled on its way" },
      { { 1004 * MS, 1, ACK, 5001, 1001, 0, W, .mark = 1 }, "duplicate ACK 1" },
      { { 1004 * MS + 100, 1, ACK, 5001, 1001, 0, W, .mark = 1 }, "duplicate ACK 2" },
      { { 1300 * MS, 0, ACK, 1001, 5001, 100, W, .mark = 1 }, "resent, timeout" } } },
  { "doubled on its way: without an identification, sooner than a probe for the tail",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 900, 0, ACK, 1001, 5001, 100, W }, "resent, doubled on its way" },
      { { 3 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, tail loss probe" },
      { { 220 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout" } } },
  { "doubled on its way: what reports the first asks for nothing",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 32, 0, ACK, 1001, 5001, 100, W }, "resent, doubled on its way" },
      { { 33, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 34, 1, ACK, 5001, 1101, 0, W, .sack = { 1001, 1101 } }, "duplicate ACK 1" },
      { { 35, 0, ACK, 1101, 5001, 100, W }, "resent, doubled on its way" } } },
  { "doubled on its way: with the time stamp of long ago",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W, .time = { 70, 9 } }, "new data" },
      { { 40 * MS, 0, ACK, 1001, 5001, 100, W, .time = { 70, 9 } }, "resent, doubled on its way" },
      { { 240 * MS, 0, ACK, 1001, 5001, 100, W, .time = { 310, 9 } }, "resent, timeout" } } },
  { "doubled on its way: a SYN and its answer, which have no identification",
    { { { 0, 0, SYN, 1000, 0, 0, W }, "" },
      { { 10 * MS, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 20 * MS, 0, SYN, 1000, 0, 0, W }, "resent, doubled on its way" },
      { { 30 * MS, 1, SYN | ACK, 5000, 1001, 0, W }, "resent, timeout" }, /* the answer to that */
      { { 31 * MS, 1, SYN | ACK, 5000, 1001, 0, W }, "resent, doubled on its way" } } },
  { "doubled on its way: an acknowledgment",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1101, 0, W, .mark = 4 }, "" },
      { { 41, 1, ACK, 5001, 1101, 0, W, .mark = 4 }, "doubled on its way" },
      { { 42, 1, ACK, 5001, 1101, 0, W, .mark = 5 }, "" } } },
  /* RFC 3522, section 3.2: the acknowledgment echoes the time stamp of the first. */
  { "spurious: the first sending is acknowledged, late",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W, .time = { 70, 9 } }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W, .time = { 300, 9 } }, "resent, timeout, spurious" },
      { { 231 * MS, 1, ACK, 5001, 1101, 0, W, .time = { 9, 70 } }, "" },
      { { 500 * MS, 0, ACK, 1101, 5001, 100, W, .time = { 570, 9 } }, "new data" },
      { { 730 * MS, 0, ACK, 1101, 5001, 100, W, .time = { 800, 9 } }, "resent, timeout" },
      { { 731 * MS, 1, ACK, 5001, 1201, 0, W, .time = { 10, 800 } }, "" } } },
  { "spurious: the receiver acknowledges once more what is acknowledged",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout, spurious" },
      { { 231 * MS, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 240 * MS, 1, ACK, 5001, 1101, 0, W }, "" } } },
  { "spurious: two of three, and each is reported",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 230 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout, spurious" },
      { { 640 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout, spurious" },
      { { 641 * MS, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 642 * MS, 1, ACK, 5001, 1101, 0, W, .sack = { 1001, 1101 } }, "" },
      { { 643 * MS, 1, ACK, 5001, 1101, 0, W, .sack = { 1001, 1101 } }, "" } } },
  { "out of order: sent before what it comes after",
    { HANDSHAKE,
      { { 30, 0, ACK, 1101, 5001, 100, W, .mark = 8 }, "new data, gap before it" },
      { { 31, 0, ACK, 1001, 5001, 100, W, .mark = 7 }, "out of order" } } },
  { "out of order: by the clock of its sender",
    { HANDSHAKE,
      { { 30, 0, ACK, 1101, 5001, 100, W, .mark = 6, .time = { 0, 9 } }, "new data, gap before it" },
      { { 31, 0, ACK, 1001, 5001, 100, W, .mark = 7, .time = { 0xffffffff, 9 } }, "out of order" } } },
  { "resent, and the first was lost before the capture",
    { HANDSHAKE,
      { { 30, 0, ACK, 1101, 5001, 100, W, .time = { 90, 9 } }, "new data, gap before it" },
      { { 40, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 50, 0, ACK, 1001, 5001, 100, W, .time = { 91, 9 } }, "resent, first not captured" },
      { { 51, 1, ACK, 5001, 1201, 0, W }, "" } } },
  { "the same by the count of its sender, however soon for the way that was measured",
    { { { 0, 0, SYN, 1000, 0, 0, W, .mark = 1 }, "" },
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 40 * MS, 0, ACK, 1001, 5001, 0, W, .mark = 2 }, "" },
      { { 50 * MS, 0, ACK, 1101, 5001, 100, W, .mark = 4 }, "new data, gap before it" },
      { { 51 * MS, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 55 * MS, 0, ACK, 1001, 5001, 100, W, .mark = 5 }, "resent, first not captured" } } },
  { "the same by the clock of its sender, with nothing behind it but an acknowledgment",
    { HANDSHAKE,
      { { 30, 0, ACK, 1101, 5001, 0, W, .time = { 90, 9 } }, "gap before it" },
      { { 40, 0, ACK, 1001, 5001, 100, W, .time = { 91, 9 } }, "resent, first not captured" } } },
  { "captured behind its acknowledgment",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W, .time = { 90, 9 } }, "new data" },
      { { 40, 1, ACK, 5001, 1201, 0, W }, "acknowledges what was not captured" },
      { { 41, 0, ACK, 1101, 5001, 100, W, .time = { 91, 9 } }, "out of order" } } },
  { "the same packet, and other bytes",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W, .mark = 7, .fill = 1 }, "new data" },
      { { 31, 0, ACK, 1001, 5001, 100, W, .mark = 7, .fill = 2 }, "resent" },
      { { 32, 0, ACK, 1001, 5001, 100, W, .mark = 7, .fill = 2 }, "resent, doubled on its way" } } },
  { "lost before the capture: a gap that is acknowledged",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1201, 5001, 100, W }, "new data, gap before it" },
      { { 40, 1, ACK, 5001, 1301, 0, W }, "acknowledges what was not captured" },
      { { 41, 1, ACK, 5001, 1401, 0, W }, "acknowledges what was not captured" },
      { { 50, 0, ACK, 1401, 5001, 100, W }, "new data" } } },
  { "what changes nothing is no duplicate acknowledgment",
    { HANDSHAKE,
      { { 30, 1, ACK, 5001, 1001, 0, W }, "" }, /* nothing is on its way */
      { { 31, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 32, 1, ACK, 5001, 1001, 50, W }, "new data" },         /* brings data */
      { { 33, 1, ACK, 5051, 1001, 0, 2 * W }, "window update" }, /* offers another window */
      { { 34, 1, ACK, 5051, 1001, 0, W }, "" },                  /* the same, smaller */
      { { 35, 1, FIN | ACK, 5051, 1001, 0, W }, "" } } },        /* a FIN */
  { "window full, zero window, its probe and the answers",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 900, W }, "new data" },
      { { 31, 0, ACK, 1901, 5001, 100, W }, "new data, window full" },
      { { 32, 1, ACK, 5001, 2001, 0, 0 }, "zero window" },
      { { 232 * MS, 0, ACK, 2000, 5001, 0, W }, "zero-window probe" },
      { { 233 * MS, 1, ACK, 5001, 2001, 0, 0 }, "zero window, answer to zero-window probe" },
      { { 633 * MS, 0, ACK, 2001, 5001, 1, W }, "new data, zero-window probe" },
      { { 634 * MS, 1, ACK, 5001, 2001, 0, 0 }, "zero window, answer to zero-window probe" },
      { { 640 * MS, 1, ACK, 5001, 2001, 0, W }, "window update" },
      { { 641 * MS, 0, ACK, 2002, 5001, 10, W }, "new data" } } },
  { "after a timeout that was for nothing, what duplicate acknowledgments ask for",
    { HANDSHAKE_SACK,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 300 * MS, 0, ACK, 1001, 5001, 100, W }, "resent, timeout, spurious" },
      { { 301 * MS, 1, ACK, 5001, 1101, 0, W, .sack = { 1001, 1101 } }, "" },
      { { 302 * MS, 0, ACK, 1201, 5001, 100, W }, "new data" },
      { { 303 * MS, 1, ACK, 5001, 1101, 0, W, .sack = { 1201, 1301 } }, "duplicate ACK 1" },
      { { 304 * MS, 0, ACK, 1101, 5001, 100, W }, "resent, fast retransmission" } } },
  { "with a FIN that is new, data that had come",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 41, 1, ACK, 5001, 1201, 0, W }, "" },
      { { 42, 0, FIN | ACK, 1101, 5001, 100, W }, "resent, fast retransmission, spurious" } } },
  { "with a FIN that was sent before, data that had come",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, FIN | ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1001, 0, W }, "duplicate ACK 1" },
      { { 41, 1, ACK, 5001, 1201, 0, W }, "" },
      { { 42, 0, FIN | ACK, 1101, 5001, 100, W }, "resent, fast retransmission" } } },
  { "an acknowledgment that later ones have overtaken is no keep-alive",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 31, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 40, 1, FIN | ACK, 5001, 1201, 0, W }, "" },
      { { 41, 0, ACK, 1201, 5002, 0, W }, "" },
      { { 50 * MS, 1, ACK, 5001, 1101, 0, W }, "" } } },
  { "nor is one that its sender's own FIN has overtaken",
    { HANDSHAKE,
      { { 30, 1, FIN | ACK, 5001, 1001, 0, W }, "" },
      { { 40, 0, FIN | ACK, 1001, 5002, 0, W }, "" },
      { { 41, 1, ACK, 5002, 1002, 0, W }, "" },
      { { 90, 0, ACK, 1001, 5002, 0, W }, "" } } },
  { "nor that long after, when its sender's clock tells",
    { { { 0, 0, SYN, 1000, 0, 0, W, .time = { 10, 0 } }, "" },
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W, .time = { 20, 10 } }, "" },
      { { 20, 0, ACK, 1001, 5001, 0, W, .time = { 11, 20 } }, "" },
      { { 30, 1, FIN | ACK, 5001, 1001, 0, W, .time = { 21, 11 } }, "" },
      { { 40, 0, FIN | ACK, 1001, 5002, 0, W, .time = { 13, 21 } }, "" },
      { { 41, 1, ACK, 5002, 1002, 0, W, .time = { 22, 13 } }, "" },
      { { 1041 * MS, 0, ACK, 1001, 5002, 0, W, .time = { 12, 21 } }, "out of order" },
      { { 2041 * MS, 0, ACK, 1001, 5002, 0, W, .time = { 2013, 21 } }, "keep-alive" } } },
  { "nor when the count of its packets does",
    { { { 0, 0, SYN, 1000, 0, 0, W, .mark = 1 }, "" },
      { { 10, 1, SYN | ACK, 5000, 1001, 0, W }, "" },
      { { 20, 0, ACK, 1001, 5001, 0, W, .mark = 2 }, "" },
      { { 30, 1, FIN | ACK, 5001, 1001, 0, W }, "" },
      { { 40, 0, FIN | ACK, 1001, 5002, 0, W, .mark = 4 }, "" },
      { { 41, 1, ACK, 5002, 1002, 0, W }, "" },
      { { 1041 * MS, 0, ACK, 1001, 5002, 0, W, .mark = 3 }, "out of order" },
      { { 2041 * MS, 0, ACK, 1001, 5002, 0, W, .mark = 5 }, "keep-alive" } } },
  { "a probe that goes on, for the message that the window is open was lost",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 1000, W }, "new data, window full" },
      { { 40, 1, ACK, 5001, 2001, 0, 0 }, "zero window" },
      { { 250 * MS, 0, ACK, 2000, 5001, 0, W }, "zero-window probe" },
      { { 251 * MS, 1, ACK, 5001, 2001, 0, 0 }, "zero window, answer to zero-window probe" },
      { { 300 * MS, 1, ACK, 5001, 2001, 0, W }, "window update" },
      { { 650 * MS, 0, ACK, 2000, 5001, 0, W }, "zero-window probe" },
      { { 651 * MS, 1, ACK, 5001, 2001, 0, W }, "answer to zero-window probe" },
      { { 652 * MS, 0, ACK, 2001, 5001, 500, W }, "new data" },
      { { 653 * MS, 1, ACK, 5001, 2501, 0, W }, "" },
      { { 7000 * MS, 0, ACK, 2500, 5001, 0, W }, "keep-alive" } } },
  /* RFC 9293, section 3.8.4: with a byte that was sent before, or without. */
  { "keep-alive and its answer",
    { HANDSHAKE,
      { { 30, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 40, 1, ACK, 5001, 1101, 0, W }, "" },
      { { 5000 * MS, 0, ACK, 1100, 5001, 0, W }, "keep-alive" },
      { { 5001 * MS, 1, ACK, 5001, 1101, 0, W }, "answer to keep-alive" },
      { { 6000 * MS, 0, ACK, 1100, 5001, 1, W }, "resent, keep-alive" },
      { { 6001 * MS, 1, ACK, 5001, 1101, 0, W }, "answer to keep-alive" },
      { { 6002 * MS, 0, ACK, 1101, 5001, 0, W }, "" } } },
  { "keep-alives of both sides at once: the question of one answers nothing",
    { HANDSHAKE,
      { { 1000 * MS, 1, ACK, 5000, 1001, 0, W }, "keep-alive" },
      { { 1000 * MS + 10, 0, ACK, 1000, 5001, 0, W }, "keep-alive" },
      { { 1000 * MS + 12, 0, ACK, 1001, 5001, 0, W }, "answer to keep-alive" },
      { { 1000 * MS + 15, 1, ACK, 5001, 1001, 0, W }, "answer to keep-alive" } } },
  { "a capture that begins in the middle",
    { { { 0, 1, ACK, 5001, 1001, 0, W }, "" },
      { { 1, 0, ACK, 1001, 5001, 100, W }, "new data" },
      { { 2, 0, ACK, 1101, 5001, 100, W }, "new data" },
      { { 3, 1, ACK, 5001, 1201, 0, W }, "" },
      { { 3 * MS, 0, ACK, 1101, 5001, 100, W }, "resent, spurious" } } },
  { "a simultaneous open sends nothing twice",
    { { { 0, 0, SYN, 1000, 0, 0, W }, "" },
      { { 1, 1, SYN, 5000, 0, 0, W }, "" },
      { { 2, 0, SYN | ACK, 1000, 5001, 0, W }, "" },
      { { 3, 1, SYN | ACK, 5000, 1001, 0, W }, "" } } },
  { "what a reset carries is no data", { HANDSHAKE, { { 30, 0, RST | ACK, 1001, 5001, 10, 0 }, "" } } },
  { "numbers that go round",
    { { { 0, 0, SYN, 0xffffffce, 0, 0, W }, "" },
      { { 1, 1, SYN | ACK, 5000, 0xffffffcf, 0, W }, "" },
      { { 2, 0, ACK, 0xffffffcf, 5001, 100, W }, "new data" }, /* up to 51 */
      { { 3, 0, ACK, 51, 5001, 100, W }, "new data" },
      { { 4, 1, ACK, 5001, 0xffffffcf, 0, W, .sack = { 51, 151 } }, "duplicate ACK 1" },
      { { 5, 0, ACK, 0xffffffcf, 5001, 100, W }, "resent, fast retransmission" },
      { { 6, 1, ACK, 5001, 151, 0, W }, "" },
      { { 7, 0, ACK, 151, 5001, 900, W }, "new data" },
      { { 8, 0, ACK, 1051, 5001, 100, W }, "new data, window full" } } },
};

typedef struct
{
  Fixture *fixture;
  TramaFlowTable *table;
  TramaSegments *segments;
} Labelled;

static void
labelled_finish (Labelled *labelled)
{
  labelled->table = trama_flow_table_new (labelled->fixture->store);
  g_assert_cmpuint (trama_flow_table_n_flows (labelled->table), ==, 1);
  labelled->segments = trama_segments_new (labelled->table, 0);
}

static void
labelled_clear (Labelled *labelled)
{
  trama_segments_free (labelled->segments);
  trama_flow_table_unref (labelled->table);
  fixture_free (labelled->fixture);
}

static void
assert_labels (const TramaSegmentFacts *facts, const TramaLabels *labels, const char *expected)
{
  guint duplicate_acks;
  guint32 in_pass = trama_labels_get (labels, facts->packet, &duplicate_acks);
  g_autofree char *text = trama_segment_labels_format (facts->labels, facts->duplicate_acks);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmphex (in_pass, ==, facts->labels);
  g_assert_cmpuint (duplicate_acks, ==, facts->duplicate_acks);
}

static void
test_labels (gconstpointer data)
{
  const Case *one = data;
  Labelled labelled = { .fixture = fixture_new () };
  TramaLabels *labels;
  guint n = 0;

  for (; n < N_SEGMENTS_MAX && one->expected[n].segment.flags != 0; n++)
    test_segment_add (labelled.fixture, &one->expected[n].segment);
  labelled_finish (&labelled);
  labels = trama_labels_new (labelled.table);
  g_assert_cmpuint (trama_segments_get_size (labelled.segments), ==, n);
  for (guint i = 0; i < n; i++)
    {
      const TramaSegmentFacts *facts = trama_segments_get (labelled.segments, i);

      g_assert_true (trama_segments_find (labelled.segments, facts->packet) == facts);
      g_assert_cmpuint (facts->side, ==,
                        one->expected[i].segment.from == one->expected[0].segment.from ? 0 : 1);
      assert_labels (facts, labels, one->expected[i].labels);
    }
  trama_labels_free (labels);
  labelled_clear (&labelled);
}

/* A segment, and what is told of it in numbers; -1: no round trip. */
typedef struct
{
  TestSegment segment;
  gint64 rtt_us;
  guint32 other; /* G_MAXUINT32: none */
  guint32 flight_bytes[2];
  guint32 window_bytes;
} Measured;

#define NONE G_MAXUINT32

static void
assert_measured (const Measured *measured, guint n)
{
  Labelled labelled = { .fixture = fixture_new () };

  for (guint i = 0; i < n; i++)
    test_segment_add (labelled.fixture, &measured[i].segment);
  labelled_finish (&labelled);
  for (guint i = 0; i < n; i++)
    {
      const TramaSegmentFacts *facts = trama_segments_get (labelled.segments, i);
      gint64 rtt_us = facts->rtt_ns == TRAMA_TIME_NONE ? -1 : facts->rtt_ns / 1000;

      g_assert_cmpint (rtt_us, ==, measured[i].rtt_us);
      g_assert_cmpuint (facts->other, ==, measured[i].other);
      g_assert_cmpuint (facts->flight_bytes[0], ==, measured[i].flight_bytes[0]);
      g_assert_cmpuint (facts->flight_bytes[1], ==, measured[i].flight_bytes[1]);
      g_assert_cmpuint (facts->window_bytes, ==, measured[i].window_bytes);
    }
  labelled_clear (&labelled);
}

/* Windows 2^3 and 2^0 after the handshake: each SYN's is as it stands. */
static void
test_measures (void)
{
  static const Measured measured[] = {
    { { 0, 0, SYN, 1000, 0, 0, 600, .shift = 4 }, -1, NONE, { 0, 0 }, 600 },
    { { 10, 1, SYN | ACK, 5000, 1001, 0, 700, .shift = 1 }, 10, 0, { 0, 0 }, 700 },
    { { 25, 0, ACK, 1001, 5001, 0, 600 }, 15, 1, { 0, 0 }, 4800 },
    { { 30, 0, ACK, 1001, 5001, 100, 600 }, -1, NONE, { 100, 0 }, 4800 },
    { { 31, 0, ACK, 1101, 5001, 100, 600 }, -1, NONE, { 200, 0 }, 4800 },
    { { 40, 1, ACK, 5001, 1101, 0, 700 }, 10, 3, { 100, 0 }, 700 },
    { { 60, 1, ACK, 5001, 1201, 40, 700 }, 29, 4, { 0, 40 }, 700 },
    /* It acknowledges two segments: the later one tells. */
    { { 70, 0, ACK, 1201, 5001, 10, 600 }, -1, NONE, { 10, 40 }, 4800 },
    { { 71, 0, FIN | ACK, 1211, 5041, 10, 600 }, 11, 6, { 20, 0 }, 4800 },
    { { 90, 1, ACK, 5041, 1222, 0, 700 }, 19, 8, { 0, 0 }, 700 },
  };

  assert_measured (measured, G_N_ELEMENTS (measured));
}

/* Only the first side offers it: then nobody scales. RFC 7323, section 2.2. */
static void
test_scale_refused (void)
{
  static const Measured measured[] = {
    { { 0, 0, SYN, 1000, 0, 0, 600, .shift = 4 }, -1, NONE, { 0, 0 }, 600 },
    { { 10, 1, SYN | ACK, 5000, 1001, 0, 700 }, 10, 0, { 0, 0 }, 700 },
    { { 25, 0, ACK, 1001, 5001, 0, 600 }, 15, 1, { 0, 0 }, 600 },
  };

  assert_measured (measured, G_N_ELEMENTS (measured));
}

/* Karn: what was sent twice tells no time, unless the echo names one of the two. */
static void
test_karn (void)
{
  static const Measured plain[] = {
    { { 0, 0, ACK, 1001, 5001, 100, W }, -1, NONE, { 100, 0 }, W },
    { { 300 * MS, 0, ACK, 1001, 5001, 100, W }, -1, 0, { 100, 0 }, W },
    { { 300 * MS + 9, 1, ACK, 5001, 1101, 0, W }, -1, NONE, { 0, 0 }, W },
  };
  static const Measured stamped[] = {
    { { 0, 0, ACK, 1001, 5001, 100, W, .time = { 70, 1 } }, -1, NONE, { 100, 0 }, W },
    { { 300 * MS, 0, ACK, 1001, 5001, 100, W, .time = { 370, 1 } }, -1, 0, { 100, 0 }, W },
    { { 300 * MS + 9, 1, ACK, 5001, 1101, 0, W, .time = { 1, 370 } }, 9, 1, { 0, 0 }, W },
    { { 301 * MS, 0, ACK, 1101, 5001, 100, W, .time = { 371, 1 } }, -1, NONE, { 100, 0 }, W },
    { { 600 * MS, 0, ACK, 1101, 5001, 100, W, .time = { 670, 1 } }, -1, 3, { 100, 0 }, W },
    { { 601 * MS, 1, ACK, 5001, 1201, 0, W, .time = { 2, 371 } }, 300 * MS, 3, { 0, 0 }, W },
  };

  assert_measured (plain, G_N_ELEMENTS (plain));
  assert_measured (stamped, G_N_ELEMENTS (stamped));
}

/* 100 bytes within what was captured, and 50 behind it. */
static void
test_lost_bytes (void)
{
  static const TestSegment segments[] = {
    { 0, 0, ACK, 1001, 5001, 100, W },
    { 1, 0, ACK, 1201, 5001, 100, W },
    { 2, 1, ACK, 5001, 1351, 0, W },
  };
  Labelled labelled = { .fixture = fixture_new () };

  for (guint i = 0; i < G_N_ELEMENTS (segments); i++)
    test_segment_add (labelled.fixture, &segments[i]);
  labelled_finish (&labelled);
  /* Until the first acknowledgment, nobody knows what was acknowledged before the capture began. */
  g_assert_cmpuint (trama_segments_get (labelled.segments, 2)->lost_bytes, ==, 150);
  g_assert_cmpint (trama_segments_get (labelled.segments, 2)->window_shift, ==, TRAMA_WINDOW_SHIFT_UNKNOWN);
  labelled_clear (&labelled);
}

static void
test_names (void)
{
  for (guint i = 0; i < TRAMA_N_SEGMENT_LABELS; i++)
    g_assert_nonnull (trama_segment_label_name (1u << i));
  g_assert_null (trama_segment_label_name (0));
  g_assert_null (trama_segment_label_name (3));
  g_assert_null (trama_segment_label_name (1u << TRAMA_N_SEGMENT_LABELS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/flow/segments/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_labels);
    }
  g_test_add_func ("/flow/segments/measures", test_measures);
  g_test_add_func ("/flow/segments/scale-refused", test_scale_refused);
  g_test_add_func ("/flow/segments/karn", test_karn);
  g_test_add_func ("/flow/segments/lost-bytes", test_lost_bytes);
  g_test_add_func ("/flow/segments/names", test_names);
  return g_test_run ();
}
