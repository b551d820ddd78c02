/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/deed.h"
#include "core/flow/icmp_errors.h"
#include "core/flow/labels/segments.h"
#include "core/flow/links/links.h"
#include "core/flow/phases.h"
#include "core/why/finding.h"

/*
 * Private to the room: the evidence that rules look at, collected in one walk over the
 * calls, one over the samples and one over the packets; and the way to report.
 */

/* A packet, call or sample that there is none of. */
#define TRAMA_CASE_NONE G_MAXUINT32

/* Packets of several interfaces are written a little out of order; a clock that is set back steps farther. */
#define TRAMA_CASE_STEP_MIN_NS G_GINT64_CONSTANT (1000000000)

/* Why data, or a FIN, were sent again. */
typedef enum
{
  TRAMA_AGAIN_PROBE, /* for what may have been lost at the end */
  TRAMA_AGAIN_SPURIOUS,
  TRAMA_AGAIN_TIMEOUT,
  TRAMA_AGAIN_TAIL, /* a probe or a timeout */
  TRAMA_AGAIN_FAST,
  TRAMA_AGAIN_UNSEEN, /* not known: what it repeats was not captured */
  TRAMA_N_AGAIN,
} TramaAgain;

/* One segment sent again and again, because nothing came. */
typedef struct
{
  guint32 first; /* packets */
  guint32 last;
  guint32 n_sent;     /* again */
  guint32 n_timeouts; /* of these */
  guint32 sequence;
} TramaBackoff;

/* What came after the RST of a side: its own, an answer to that, and its own again. Then nobody has taken the RST. */
typedef enum
{
  TRAMA_GONE_ON_NOT,
  TRAMA_GONE_ON_SENT,
  TRAMA_GONE_ON_ANSWERED,
} TramaGoneOn;

/* What one side of a TCP conversation has sent; packets by their index. */
typedef struct
{
  guint32 syn; /* the first of each, TRAMA_CASE_NONE */
  guint32 last_syn;
  guint32 n_syns; /* a SYN-ACK is one, too */
  guint32 n_syns_again;
  guint32 after_syn; /* what it sent next */
  guint32 fin;
  guint32 rst;
  guint32 first_data;
  guint32 last_data;
  guint32 last;         /* anything */
  guint32 sent_end;     /* behind the newest byte, relative to its ISN */
  guint32 acked;        /* the newest acknowledgment it sent, relative to its peer's ISN */
  guint32 bytes_after;  /* new payload after its peer's FIN */
  guint8 knew_fin;      /* and some of it acknowledged that FIN: it did not cross it on the way */
  guint8 rst_flags;     /* TRAMA_TCP_* of its RST, */
  guint8 since_rst;     /* and how far both have gone on since: TramaGoneOn */
  gint32 rst_ahead;     /* its number, less the next that its peer expected; before, it is negative */
  guint32 rst_sequence; /* the same relative to its ISN */
  guint32 ignored;      /* the first RST after which both have gone on, */
  guint32 n_ignored;    /* and how many there were */
  gint32 ignored_ahead; /* as rst_ahead */
  guint8 last_is_bare;  /* the newest it sent is an acknowledgment and nothing else */
  guint8 held_is_plain; /* nothing but that delay can have held it back */
  guint32 keep_alive;   /* the first probe, */
  guint32 n_keep_alives;
  guint32 n_numbered;   /* segments that take sequence numbers, */
  guint32 doubled;      /* the first of these that is a copy of another, */
  guint32 n_doubled;    /* and how many are */
  guint32 unseen;       /* the first that acknowledges what was not captured, */
  guint32 n_unseen;     /* and how many do; */
  guint32 unseen_begin; /* of the last of these, what it acknowledges so, relative to its peer's ISN, */
  guint32 unseen_bytes; /* and how much of it has not come since */
  guint32 n_unanswered; /* of these, since anything came from its peer */
  guint32 shut;         /* the segment that shut its window, while that is shut, */
  guint32 shut_most;    /* the one that did for longest, */
  guint32 n_shut;       /* and how often it did */
  guint32 held;         /* the segment that waited longest for an acknowledgment, */
  guint32 before_held;  /* and the one before it, */
  guint32 n_held;       /* and how many waited like it */
  guint32 again[TRAMA_N_AGAIN]; /* the first that was sent again for each reason */
  guint32 n_again[TRAMA_N_AGAIN];
  TramaBackoff backoff; /* now */
  TramaBackoff longest; /* of all */
  gint64 shut_ns;
  gint64 held_ns;
} TramaTalkSide;

typedef struct
{
  TramaTalkSide side[2];
  guint32 earlier;       /* a flow of the same endpoints; TRAMA_FLOW_NONE */
  guint32 unreachable;   /* the first ICMP error that one of its packets got: nobody is there, */
  guint32 n_unreachable; /* how many did, */
  guint8 asked;          /* the side that had sent it, */
  guint8 is_refusal;     /* and whether the last said that there is no such port, not no such host */
  guint32 complaints[TRAMA_N_FATES]; /* the first ICMP error of each kind about its packets, of the errors, */
  guint32 n_complaints[TRAMA_N_FATES]; /* how many there are, */
  guint8 asking[TRAMA_N_FATES];        /* and the side that sent what the first quotes */
} TramaTalk;

/* What is known of a socket besides what the table knows. By its number in the table. */
typedef struct
{
  guint64 taken_bytes; /* that calls have read out of it */
  guint64 given_bytes; /* and written into it */
  guint32 flow;        /* TRAMA_FLOW_NONE; the first of several */
  guint32 lingers;     /* the setsockopt() that made close() a reset, */
  guint32 listened;    /* listen(), */
  guint32 made;        /* the first call that gave a descriptor of it, */
  guint32 accepted;    /* the accept() that made it, */
  guint32 closed;      /* close() and */
  guint32 shut;        /* shutdown() of its sending */
  guint8 side;         /* of the flow */
  guint8 is_v6_only;   /* ipv6(7) */
} TramaSocketCase;

/* A place where somebody listens, or has. */
typedef struct
{
  guint32 socket; /* its number */
  gint64 begin_ns;
  gint64 end_ns; /* G_MAXINT64: it still does */
  TramaEndpoint at;
  guint8 is_v6_only;
} TramaListening;

/* Where a finding stands; what is not said is not known. */
typedef struct
{
  TramaRef anchor;
  TramaSpan span;
  guint32 flow;
  guint8 side;
  guint32 actor;
  guint64 socket;
} TramaPlace;

typedef struct _TramaRule TramaRule;

typedef struct
{
  TramaFlowTable *table; /* borrowed */
  TramaStore *store;     /* borrowed */
  gint64 end_ns;         /* of the trace */

  TramaLabels *labels; /* of segments */
  TramaPhases *phases;
  TramaLinks *links;
  TramaTalk *talks;         /* by flow */
  guint8 *torn;             /* by flow: whether the clock was set back in it; NULL: it never was */
  TramaSocketCase *sockets; /* by number */
  guint32 *first_call;      /* by number of the socket, and one more: */
  guint32 *calls;           /* where its calls begin in these */
  guint32 *first_state;     /* the same of samples */
  guint32 *states;
  GHashTable *listenings; /* port → GArray of TramaListening */
  GArray *errors;         /* of TramaIcmpError, by conversation of the errors and time */

  const TramaRule *rule; /* being judged */
  GArray *findings;      /* of TramaFinding, whose sentences are in strings, */
  GStringChunk *strings;
  GArray *places; /* and whose places, of TramaRef, are here in the order of the findings */
} TramaCase;

/* As far as the table and its store tell: enough for what is of the capture as a whole, and nothing to be cleared. */
void trama_case_begin (TramaCase *evidence, TramaFlowTable *table);

void trama_case_init (TramaCase *evidence, TramaFlowTable *table);

/* What was found is the caller's. */
void trama_case_clear (TramaCase *evidence);

/* The rule that is being judged holds here. Takes @what, a translated sentence. */
void trama_case_report (TramaCase *evidence, const TramaPlace *place, char *what);

/* The same of several calls, @calls, a GArray of guint32 in order of time; the anchor is the first of them. */
void trama_case_report_calls (TramaCase *evidence, const TramaPlace *place, const GArray *calls, char *what);

/* Where a call or a packet is. */
TramaPlace trama_case_place_call (const TramaCase *evidence, guint call);
TramaPlace trama_case_place_packet (const TramaCase *evidence, guint packet, guint flow, guint side);

gint64 trama_case_packet_ns (const TramaCase *evidence, guint packet);

/* The number of a socket; TRAMA_CASE_NONE: it is not known. */
guint32 trama_case_socket_number (const TramaCase *evidence, guint64 socket);

/* Of a side of a flow; NULL: its socket is not known. */
const TramaSocketCase *trama_case_socket_of (const TramaCase *evidence, guint flow, guint side);

/* The first that caused a call in that way. FALSE: nothing did. */
gboolean trama_case_find_cause (const TramaCase *evidence, guint call, TramaLinkKind kind, TramaLink *cause);

/* "client", or "127.0.0.1:5000" where the process is not known, or talks with itself. The caller's. */
char *trama_case_name_side (const TramaCase *evidence, guint flow, guint side);
char *trama_case_name_actor (const TramaCase *evidence, guint32 actor);

/* Those calls of a socket, by its number, of which that holds, in order of time: a new GArray of guint32. */
GArray *
trama_case_collect_calls (const TramaCase *evidence, guint number, gboolean (*holds) (const TramaCall *call));

/* When a socket was closed, or its process ended; G_MAXINT64: it lives. */
gint64 trama_case_socket_end (const TramaCase *evidence, guint32 number);

/* Who listens, or listened last, where a connection is opened to; NULL: nobody was seen to. */
const TramaListening *
trama_case_find_listening (const TramaCase *evidence, const TramaEndpoint *at, gint64 time_ns);

/* Has it come so far that both sides know of it, RFC 9293, section 3.5? */
gboolean trama_case_is_established (const TramaCase *evidence, guint flow);
