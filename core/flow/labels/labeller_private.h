/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/labels/labeller.h"

#include "core/decode/options.h"
#include "core/flow/labels/flight.h"
#include "core/flow/labels/twins.h"
#include "core/flow/sent_space.h"
#include "core/flow/sequence.h"

/*
 * What the files of the labeller share. "It" is a side of the conversation; what it has
 * sent is acknowledged by what the other has said.
 */

/* What was sent again last, for who is told later that it was not needed. */
#define TRAMA_RESENT_MAX 32

typedef struct
{
  guint32 begin;
  guint32 end;
  guint32 packet;
  guint32 ordinal;
  gint64 time_ns;
  gint64 waited_ns;     /* since it had been sent before; TRAMA_TIME_NONE: not known */
  guint32 reason;       /* TRAMA_LABEL_* */
  gboolean is_spurious; /* it is known */
} TramaResent;

/* Until everything that was sent before it began is acknowledged, what is resent has the same reason. */
typedef struct
{
  guint32 label; /* TRAMA_LABEL_TIMEOUT or _FAST; 0: nothing has to be recovered */
  guint32 last;  /* the same, and stays when everything is */
  guint32 end;
} TramaRecovery;

/* A segment that asks for an answer: TRAMA_LABEL_KEEP_ALIVE or _WINDOW_PROBE; 0: it was answered. */
typedef struct
{
  guint32 label;
  guint32 packet;
} TramaQuestion;

typedef struct
{
  /* What it has sent. */
  TramaSentSpace space; /* of data and its FIN */
  TramaFlight flight;
  guint32 isn;
  guint32 first;     /* number of the first segment */
  guint32 next;      /* behind the newest number, */
  guint32 shown;     /* and behind the newest that was captured */
  guint32 fin_end;   /* behind its FIN */
  guint32 doubt_end; /* what lies before it may have been sent again unseen */
  guint8 syns;       /* TRAMA_SENT_* */
  guint16 mark;      /* identification of its last packet, */
  guint16 mark_high; /* and of the last that it made */
  guint8 n_counted;  /* how often that went on by one, or few */
  TramaRecovery recovery;
  TramaQuestion question;
  guint32 asked;  /* the label of its last segment, answered or not */
  guint n_resent; /* ever */
  TramaResent resent[TRAMA_RESENT_MAX];
  TramaTwins twins;
  gint64 syn_ns;      /* its last SYN; TRAMA_TIME_NONE */
  guint32 stamp_high; /* TSval of the last that it made */
  guint32 syn_with_data;
  guint32 refused_begin; /* of the last probe with data; the window did not take them */
  guint32 refused_end;
  guint32 cut_end; /* what lies before it was too large for the way, and comes again in pieces */
  gint64 cut_ns;   /* TRAMA_TIME_NONE: nothing was */

  /* What it has said of what its peer has sent. */
  guint32 acknowledged;
  guint32 window_bytes;
  guint32 edge; /* number behind the furthest window it offered */
  guint n_sacks;
  TramaSackBlock sacks[TRAMA_SACK_BLOCKS_MAX]; /* in its last acknowledgment */
  guint32 sack_high;                           /* behind the newest that it has reported selectively */
  guint duplicate_acks;
  gint64 asked_ns;    /* when it last said that something is missing */
  gint64 heard_ns;    /* when it last acknowledged something new */
  gint64 shortest_ns; /* that one of its acknowledgments took */
  guint8 offered_shift;
  gint8 shift; /* of its windows; TRAMA_WINDOW_SHIFT_UNKNOWN */

  /* Which of all that is known. */
  guint has_syn : 1;
  guint has_next : 1;
  guint has_fin : 1;
  guint has_doubt : 1;
  guint has_syn_data : 1;
  guint has_stamp : 1;
  guint has_refused : 1;
  guint has_acknowledged : 1;
  guint has_edge : 1;
  guint has_sack_high : 1;
  guint offers_shift : 1;
  guint counts_marks : 1; /* it has given two packets another one */
  guint lacks_sack : 1;   /* its SYN did not permit it: RFC 2018, section 2 */
} TramaLabelSide;

/* One segment on its way through. */
typedef struct
{
  const TramaLabelInput *input;
  guint32 ordinal; /* among the segments of the conversation, from 0 */
  TramaTcpOptions options;
  guint16 mark;  /* identification of IPv4; 0: there is none */
  guint32 begin; /* of all that it brings: SYN, data, FIN */
  guint32 end;
  guint32 data_begin;
  guint32 data_bytes;
  gboolean is_latest;  /* by its sender's clock, or count of packets: nothing before it was made later, */
  gboolean is_belated; /* or something was; neither, when they do not tell */
  gboolean is_piece;   /* of a larger segment that was sent before */
  TramaLabelSide *from;
  TramaLabelSide *to;
  TramaSegmentFacts *facts;
  TramaLateLabel *late;
} TramaLabelStep;

static inline gboolean
trama_label_has (const TramaLabelStep *step, guint8 flag)
{
  return (step->input->decoded->tcp_flags & flag) != 0;
}

/* labeller_sent.c: what the segment brings. */
void trama_label_sent (TramaLabelStep *step);

/* labeller_said.c: what it acknowledges, and the window that it offers. */
void trama_label_said (TramaLabelStep *step);

/* labeller_reason.c: the way from the capture point to both ends and back, as far as it was measured. */
gint64 trama_label_way_ns (const TramaLabelStep *step);

/* Whether @time_ns is so near that an answer to what was then may not have come. NONE is never. */
gboolean trama_label_is_recent (const TramaLabelStep *step, gint64 time_ns);

/* The shortest timeout of Linux (TCP_RTO_MIN), less what a timer may be early. RFC 6298 has one second. */
#define TRAMA_TIMEOUT_MIN_NS (180 * 1000 * 1000)

/* The last that it has sent again; NULL: none was. */
static inline TramaResent *
trama_label_last_resent (TramaLabelSide *side)
{
  return side->n_resent > 0 ? &side->resent[(side->n_resent - 1) % TRAMA_RESENT_MAX] : NULL;
}

/*
 * Why it is sent again; labels. @before is its sending before; NULL: not
 * known. What is resent next may have the same reason.
 */
guint32 trama_label_reason (TramaLabelStep *step, const TramaSending *before);
