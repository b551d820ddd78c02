/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"

/*
 * How each conversation went: how long its setup, its data and its teardown took, in which
 * state (RFC 9293, section 3.3.2) the trace leaves its sides, and what became of it.
 *
 * Made from a table when somebody asks, in one pass over its changes of state; 32 bytes
 * per conversation.
 */
typedef enum
{
  TRAMA_ENDING_NONE,        /* of no TCP conversation */
  TRAMA_ENDING_UNKNOWN,     /* too little was captured of it */
  TRAMA_ENDING_OPENING,     /* the handshake is under way */
  TRAMA_ENDING_REFUSED,     /* its SYN was answered with a reset, or an ICMP error that means the same */
  TRAMA_ENDING_UNREACHABLE, /* its SYN was answered with another ICMP error */
  TRAMA_ENDING_TIMED_OUT,
  TRAMA_ENDING_OPEN,
  TRAMA_ENDING_HALF_CLOSED, /* one side has closed; the other may go on */
  TRAMA_ENDING_CLOSING,     /* a FIN is not acknowledged */
  TRAMA_ENDING_CLOSED,      /* both FINs are */
  TRAMA_ENDING_ABORTED,     /* a side that had not closed sent a reset */
  TRAMA_ENDING_RESET,       /* a side that had closed, or knew nothing of it, answered with a reset */
  TRAMA_ENDING_UNANSWERED,  /* one side sends the same again and again, and nothing comes back */
  TRAMA_ENDING_HALF_OPEN,   /* one side is gone without the other's knowledge: RFC 9293, section 3.5.1 */
  TRAMA_N_ENDINGS,
} TramaEnding;

typedef enum
{
  TRAMA_CLOSED_BY_NOBODY,
  TRAMA_CLOSED_BY_A, /* side 0 closed actively: it sent the first FIN, or the reset */
  TRAMA_CLOSED_BY_B,
  TRAMA_CLOSED_BY_BOTH, /* their FINs crossed */
} TramaClosedBy;

/* Durations: TRAMA_TIME_NONE, when there was no such phase. */
typedef struct
{
  gint64 setup_ns;     /* from the SYN until both sides are established, or the attempt is refused */
  gint64 data_ns;      /* from the first byte until the teardown, or the last packet */
  gint64 teardown_ns;  /* from the first FIN or reset until nothing changes any more */
  guint8 state[2];     /* TramaTcpState */
  guint8 ending;       /* TramaEnding */
  guint8 closed_by;    /* TramaClosedBy */
  guint8 began_before; /* the capture: its handshake was not seen */
} TramaFlowPhases;

G_STATIC_ASSERT (sizeof (TramaFlowPhases) == 32);

typedef struct _TramaPhases TramaPhases;

TramaPhases *trama_phases_new (const TramaFlowTable *table);
void trama_phases_free (TramaPhases *phases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaPhases, trama_phases_free)

const TramaFlowPhases *trama_phases_get (const TramaPhases *phases, guint flow);

/* "timed out"; untranslated, and marked to be translated; "" of NONE. */
const char *trama_ending_name (guint ending);
