/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/socket/caller.h"

#include <netinet/in.h>

/* A caller with what it recorded, for as long as the recorder lives. */

#define RECORDER_ACTOR 7
#define RECORDER_LINE 12

/* A test that hangs is ended after so long. */
#define RECORDER_GUARD_S 60

typedef struct
{
  TramaCaller *caller;
  GArray *events; /* of TramaEvent; what they point to is in .bytes */
  GPtrArray *bytes;
  TramaCall call;  /* the last one, as it came back */
  char *directory; /* where the test runs, a fresh one; for the names of AF_UNIX */
} Recorder;

void recorder_set_up (Recorder *recorder, gconstpointer data);
void recorder_tear_down (Recorder *recorder, gconstpointer data);

/* For trama_diag_look () and others: what comes is kept as what the caller records. */
void recorder_on_event (const TramaEvent *event, gpointer user_data);

const TramaEvent *recorder_at (const Recorder *recorder, guint index);

/* The last state of @socket. */
const TramaSocketState *recorder_state (const Recorder *recorder, guint64 socket);

guint recorder_count (const Recorder *recorder, TramaEventKind kind);

/* Makes a call, checks what is true of every record, and returns its result. The last argument is END. */
gint64 recorder_call (Recorder *recorder, guint16 name, ...);

/* As recorder_call (), and expects that error. */
void recorder_fail (Recorder *recorder, int error, guint16 name, ...);

/* Arguments. */
typedef struct
{
  TramaValue value;
  gboolean is_end;
} Argument;

Argument argument_number (gint64 number);
Argument argument_bytes (const void *bytes, gsize size);
Argument argument_text (const char *text);
Argument argument_address (const void *address, gsize size);

#define NUMBER(n) argument_number (n)
#define BYTES(bytes, size) argument_bytes (bytes, size)
#define TEXT(text) argument_text (text)
#define ADDRESS(address, size) argument_address (address, size)
#define NOTHING ((Argument){ .value = { .kind = TRAMA_VALUE_NONE } })
#define END ((Argument){ .is_end = TRUE })

/* What the last call received is @text, and there were @offset bytes before it. */
void recorder_assert_received (const Recorder *recorder, guint arg, const char *text, guint64 offset);

/* What several tests do. A port is one of 127.0.0.1; what returns a descriptor made sure that there is one. */

struct sockaddr_in recorder_loopback (guint16 port);

/* Bound to a port that the kernel chose; its address in @in. The listener's backlog is 5. */
gint64 recorder_make_bound (Recorder *recorder, int type, struct sockaddr_in *in);
gint64 recorder_make_listener (Recorder *recorder, struct sockaddr_in *in);

/* Both ends of a TCP connection; returns the accepted one. */
gint64 recorder_make_connection (Recorder *recorder, gint64 *client);

/* A pair of AF_UNIX; the identities in @ids. */
void recorder_make_pair (Recorder *recorder, int type, gint64 *fds, guint64 *ids);

gint64 recorder_send_text (Recorder *recorder, gint64 fd, const char *text, int flags);
gint64 recorder_receive (Recorder *recorder, gint64 fd, gint64 size, int flags);
gint64 recorder_receive_message (Recorder *recorder, gint64 fd, gint64 size, Argument control, int flags);
gint64 recorder_get_option (Recorder *recorder, gint64 fd, int level, int option, Argument size);
gint64
recorder_set_option (Recorder *recorder, gint64 fd, int level, int option, const void *bytes, gsize size);

/* The @index-th int in a value. */
int recorder_int_of (const TramaValue *value, guint index);
