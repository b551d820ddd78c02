/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The records of a trace. Everything Trama shows was one of these first.
 *
 * A record is a plain struct. Pointers in it are borrowed: from the caller when
 * a record is appended or written, from the store when one is read back.
 * Times are nanoseconds of CLOCK_REALTIME since the epoch, as libpcap gives them.
 */

/* A time that has not come: the exit of a call that blocks, the end of an actor that lives. */
#define TRAMA_TIME_NONE G_MININT64

/* All others lie between the years 1896 and 2116, so that they can be subtracted. A reader sees to it. */
#define TRAMA_TIME_MIN_NS (-(G_GINT64_CONSTANT (1) << 61))
#define TRAMA_TIME_MAX_NS (G_GINT64_CONSTANT (1) << 62)

/* No socket, no actor. Inode numbers and actor numbers begin at 1. */
#define TRAMA_SOCKET_NONE 0
#define TRAMA_ACTOR_NONE 0

/* What one record may hold at most; a writer cuts, a reader refuses more. */
#define TRAMA_DATA_MAX_BYTES 4096
#define TRAMA_ADDRESS_MAX_BYTES 128
#define TRAMA_TEXT_MAX_BYTES 65000

/* recvmsg(2) told flat: descriptor, bytes, length, name, control, flags, flags returned. */
#define TRAMA_CALL_MAX_ARGS 7

typedef enum
{
  TRAMA_EVENT_INTERFACE = 1,
  TRAMA_EVENT_PACKET,
  TRAMA_EVENT_SESSION,
  TRAMA_EVENT_GROUND,
  TRAMA_EVENT_ACTOR,
  TRAMA_EVENT_CALL,
  TRAMA_EVENT_RETURN,
  TRAMA_EVENT_SOCKET_STATE,
  TRAMA_EVENT_NOTE,
  TRAMA_EVENT_CLOCK,
  TRAMA_EVENT_OUTCOME,
  TRAMA_EVENT_STATISTICS,
  TRAMA_EVENT_POSITION,
} TramaEventKind;

/* A place packets were captured. The first interface of a trace is number 0. */
typedef struct
{
  guint32 link_type;  /* LINKTYPE_*, https://www.tcpdump.org/linktypes.html */
  guint32 snap_bytes; /* longest packet that is kept whole; 0: no limit */
  const char *name;   /* "lo" */
} TramaInterface;

/* TramaPacket.flags */
enum
{
  TRAMA_PACKET_MARKED = 1 << 0, /* by the user */
};

/* One packet, once, as the capture point saw it. Its bytes stay in the trace. */
typedef struct
{
  gint64 time_ns;
  guint64 offset;         /* of its first byte in the trace */
  guint32 captured_bytes; /* kept in the trace */
  guint32 length_bytes;   /* on the wire */
  guint32 interface;
  guint32 flags; /* TRAMA_PACKET_MARKED; 0 in a store, whose notebook has the marks */
} TramaPacket;

G_STATIC_ASSERT (sizeof (TramaPacket) == 32);

/* The script that made the events, so that a trace explains itself. */
typedef struct
{
  const char *name;  /* "telephone" */
  const char *title; /* "A telephone call" */
  const char *text;  /* the whole script */
} TramaSessionRecord;

/* Where a session ran, in the order in which they are tried. */
typedef enum
{
  TRAMA_GROUND_LAB = 1, /* a private loopback; packets observed */
  TRAMA_GROUND_HOST,    /* the host's loopback; packets not observed */
} TramaGroundKind;

typedef struct
{
  gint64 time_ns;
  guint32 kind;       /* TramaGroundKind */
  guint32 packets;    /* 1: packets are observed */
  gint32 error;       /* errno of the step that failed, 0: none did */
  const char *step;   /* the step that failed: "unshare", NULL: none did */
  const char *remedy; /* what to do about it, one sentence; NULL */
} TramaGround;

/* A process that makes calls. Recorded at its start and again at its end. */
typedef struct
{
  guint32 id;
  gint32 pid;
  gint64 start_ns;
  gint64 end_ns;
  gint32 status;       /* as from wait(2); meaningless until end_ns is set */
  const char *name;    /* its role in the session: "server" */
  const char *program; /* what it runs */
} TramaActor;

/* The calls that are recorded. The numbers are part of the format: append only. */
typedef enum
{
  TRAMA_CALL_SOCKET = 1,
  TRAMA_CALL_BIND,
  TRAMA_CALL_LISTEN,
  TRAMA_CALL_ACCEPT,
  TRAMA_CALL_CONNECT,
  TRAMA_CALL_READ,
  TRAMA_CALL_WRITE,
  TRAMA_CALL_SENDTO,
  TRAMA_CALL_RECVFROM,
  TRAMA_CALL_CLOSE,
  TRAMA_CALL_ACCEPT4,
  TRAMA_CALL_RECV,
  TRAMA_CALL_RECVMSG,
  TRAMA_CALL_SEND,
  TRAMA_CALL_SENDMSG,
  TRAMA_CALL_SHUTDOWN,
  TRAMA_CALL_GETSOCKOPT,
  TRAMA_CALL_SETSOCKOPT,
  TRAMA_CALL_GETSOCKNAME,
  TRAMA_CALL_GETPEERNAME,
  TRAMA_CALL_POLL,
  TRAMA_CALL_FCNTL,
  TRAMA_CALL_SOCKETPAIR,
  TRAMA_CALL_UNLINK,
  TRAMA_CALL_DUP,
  TRAMA_CALL_FORK,
  TRAMA_CALL_EXIT, /* does not return: its record has no exit */
  TRAMA_CALL_KILL,
  TRAMA_CALL_LAST = TRAMA_CALL_KILL,
} TramaCallName;

typedef enum
{
  TRAMA_VALUE_NONE,    /* a NULL pointer, or not known (yet) */
  TRAMA_VALUE_NUMBER,  /* .number; its meaning comes from the parameter, see call.h */
  TRAMA_VALUE_ADDRESS, /* .bytes is a struct sockaddr of .size bytes */
  TRAMA_VALUE_DATA,    /* .bytes moved; .number is their true count, .size what was kept */
} TramaValueKind;

typedef struct
{
  guint32 kind; /* TramaValueKind */
  guint32 size; /* of .bytes */
  gint64 number;
  const guint8 *bytes; /* borrowed; NULL when size is 0 */
} TramaValue;

/* TramaCall.flags */
enum
{
  TRAMA_CALL_SLEPT = 1 << 0,   /* the kernel put the caller to sleep in it (ru_nvcsw, getrusage(2)) */
  TRAMA_CALL_SIGPIPE = 1 << 1, /* the kernel sent the caller SIGPIPE for it, signal(7) */
};

/*
 * One call. It is recorded twice: TRAMA_EVENT_CALL before it is made, so that a
 * call that blocks is seen blocking, and TRAMA_EVENT_RETURN when it came back.
 * The second carries the same id and completes the first in the store.
 * args are in the order of the C prototype.
 */
typedef struct
{
  guint64 id; /* unique in the trace: actor << 32 | count */
  gint64 entry_ns;
  gint64 exit_ns;
  guint64 socket;        /* identity of the socket it acts on (its inode) */
  guint64 made;          /* of the socket that socket() or accept() made */
  gint64 result;         /* what the C function returned */
  guint64 stream_offset; /* bytes this socket had moved in this direction before */
  gint32 error;          /* errno when result is -1, else 0 */
  gint32 fd;             /* the descriptor it acts on, -1: none */
  guint32 actor;
  guint32 line; /* of the session's text, from 1; 0: none */
  guint16 name; /* TramaCallName */
  guint16 n_args;
  guint32 flags; /* TRAMA_CALL_SLEPT and others, known at the return */
  TramaValue args[TRAMA_CALL_MAX_ARGS];
} TramaCall;

G_STATIC_ASSERT (sizeof (TramaValue) == 24);
G_STATIC_ASSERT (sizeof (TramaCall) == 80 + 24 * TRAMA_CALL_MAX_ARGS);

/* RFC 9293, section 3.3.2. CLOSED is the state of a socket without a connection. */
typedef enum
{
  TRAMA_TCP_UNKNOWN,
  TRAMA_TCP_CLOSED,
  TRAMA_TCP_LISTEN,
  TRAMA_TCP_SYN_SENT,
  TRAMA_TCP_SYN_RECEIVED,
  TRAMA_TCP_ESTABLISHED,
  TRAMA_TCP_FIN_WAIT_1,
  TRAMA_TCP_FIN_WAIT_2,
  TRAMA_TCP_CLOSE_WAIT,
  TRAMA_TCP_CLOSING,
  TRAMA_TCP_LAST_ACK,
  TRAMA_TCP_TIME_WAIT,
} TramaTcpState;

/* What a socket has become by the calls made on it. */
typedef enum
{
  TRAMA_ROLE_UNBOUND,
  TRAMA_ROLE_BOUND,
  TRAMA_ROLE_PASSIVE, /* listening */
  TRAMA_ROLE_ACTIVE,  /* connect() is under way or failed */
  TRAMA_ROLE_CONNECTED,
} TramaSocketRole;

/*
 * The kernel's own view of one socket, sampled right after a call on it, and by the lab
 * whenever it has changed: then actor is TRAMA_ACTOR_NONE and fd is -1.
 */
typedef struct
{
  gint64 time_ns;
  guint64 socket;
  guint32 actor;
  gint32 fd;
  guint16 domain;              /* AF_* */
  guint16 type;                /* SOCK_* */
  guint16 protocol;            /* IPPROTO_* */
  guint8 role;                 /* TramaSocketRole */
  guint8 tcp_state;            /* TramaTcpState; UNKNOWN when it is not TCP */
  guint32 receive_queue_bytes; /* SIOCINQ, tcp(7), udp(7) */
  guint32 send_queue_bytes;    /* SIOCOUTQ */
  guint32 accept_queue;        /* a listener's: connections not yet accepted */
  guint32 backlog;             /* a listener's: the most it lets wait */
  guint32 cwnd_segments;
  guint32 rtt_us;
  guint32 retransmits; /* in the life of the connection */
  guint32 drops;       /* of what came for it and had no room: SK_MEMINFO_DROPS, sock_diag(7) */
  guint32 local_bytes; /* size of .local, 0: not bound */
  guint32 peer_bytes;  /* size of .peer, 0: no peer */
  guint64 peer_socket; /* of AF_UNIX: the socket at the other end, unix_diag; TRAMA_SOCKET_NONE: not known */
  const guint8 *local; /* struct sockaddr */
  const guint8 *peer;
} TramaSocketState;

typedef enum
{
  TRAMA_NOTE_CAPTION = 1, /* from the session: what the lecturer says here */
  TRAMA_NOTE_ANNOTATION,  /* the user's own */
  TRAMA_NOTE_NOTICE,      /* Trama's: something could not be had */
  TRAMA_NOTE_MARK,        /* the user's own; it has no text */
} TramaNoteKind;

typedef struct
{
  gint64 time_ns;
  gint64 end_ns; /* TRAMA_TIME_NONE: a point */
  guint32 kind;  /* TramaNoteKind */
  guint32 actor; /* TRAMA_ACTOR_NONE: nobody's */
  const char *text;
  guint64 call; /* of the user's own: the id of the call it is about; 0: the moment */
} TramaNote;

/* Both clocks at one moment; a step of the first shows against the second. */
typedef struct
{
  gint64 realtime_ns;
  gint64 monotonic_ns;
} TramaClock;

/* What a capture point counted since it began. The last record of an interface counts. */
typedef struct
{
  gint64 time_ns; /* TRAMA_TIME_NONE: not told */
  guint64 received;
  guint64 dropped; /* by the interface and by the system, for want of room */
  guint32 interface;
} TramaStatistics;

/* How a session ended. A trace without one was cut short. */
typedef struct
{
  gint64 time_ns;
  guint32 ok;              /* 1: every actor came to its end */
  guint32 line;            /* of the session, where it failed; 0: at no one place */
  guint64 packets_dropped; /* by the capture ring */
  const char *text;        /* what went wrong; NULL when ok */
} TramaOutcome;

typedef enum
{
  TRAMA_POSITION_RUNNING, /* between two steps */
  TRAMA_POSITION_GATE,    /* held before .line, for somebody to let it go */
  TRAMA_POSITION_CALL,    /* in the call of .line */
  TRAMA_POSITION_WAITING, /* for a signal, in .line */
  TRAMA_POSITION_ENDED,
} TramaPositionStatus;

/* Where an actor stands in its script. Told while a session is stepped; the last one of an actor counts. */
typedef struct
{
  gint64 time_ns;
  guint32 actor;
  guint32 line;   /* of the session's text, from 1; 0: none */
  guint32 status; /* TramaPositionStatus */
} TramaPosition;

typedef struct
{
  TramaEventKind kind;
  union
  {
    TramaInterface interface;
    struct
    {
      TramaPacket packet;
      const guint8 *data;  /* captured_bytes of it */
      const char *comment; /* what the file says beside it: the user's note; NULL: nothing */
    };
    TramaSessionRecord session;
    TramaGround ground;
    TramaActor actor;
    TramaCall call; /* TRAMA_EVENT_CALL and TRAMA_EVENT_RETURN */
    TramaSocketState state;
    TramaNote note;
    TramaClock clock;
    TramaOutcome outcome;
    TramaStatistics statistics;
    TramaPosition position;
  };
} TramaEvent;

/* Called once per event, in the order of the stream. The event is borrowed. */
typedef void (*TramaEventFunc) (const TramaEvent *event, gpointer user_data);

/* Names one event of a store: kind and index in its own table. */
typedef struct
{
  guint32 kind; /* TRAMA_EVENT_PACKET, _CALL, _ACTOR or _NOTE; 0: nothing */
  guint32 index;
} TramaRef;
