/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/socket/caller.h"

#include "core/socket/caller_private.h"
#include "core/trace/call.h"
#include "core/trace/span.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Nobody falls asleep and is woken in less: the scheduler, twice, takes longer. Between two calls
 * more time passes, all of it awake but for a wait on another actor, which takes longer still. */
#define CALL_SLEEP_MIN_NS 1000
#define PAUSE_SLEEP_MIN_NS 2000

static const TramaMakeCall makers[] = {
  [TRAMA_CALL_SOCKET] = trama_call_socket,
  [TRAMA_CALL_BIND] = trama_call_bind,
  [TRAMA_CALL_LISTEN] = trama_call_listen,
  [TRAMA_CALL_ACCEPT] = trama_call_accept,
  [TRAMA_CALL_CONNECT] = trama_call_connect,
  [TRAMA_CALL_READ] = trama_call_read,
  [TRAMA_CALL_WRITE] = trama_call_write,
  [TRAMA_CALL_SENDTO] = trama_call_sendto,
  [TRAMA_CALL_RECVFROM] = trama_call_recvfrom,
  [TRAMA_CALL_CLOSE] = trama_call_close,
  [TRAMA_CALL_ACCEPT4] = trama_call_accept4,
  [TRAMA_CALL_RECV] = trama_call_recv,
  [TRAMA_CALL_RECVMSG] = trama_call_recvmsg,
  [TRAMA_CALL_SEND] = trama_call_send,
  [TRAMA_CALL_SENDMSG] = trama_call_sendmsg,
  [TRAMA_CALL_SHUTDOWN] = trama_call_shutdown,
  [TRAMA_CALL_GETSOCKOPT] = trama_call_getsockopt,
  [TRAMA_CALL_SETSOCKOPT] = trama_call_setsockopt,
  [TRAMA_CALL_GETSOCKNAME] = trama_call_getsockname,
  [TRAMA_CALL_GETPEERNAME] = trama_call_getpeername,
  [TRAMA_CALL_POLL] = trama_call_poll,
  [TRAMA_CALL_FCNTL] = trama_call_fcntl,
  [TRAMA_CALL_SOCKETPAIR] = trama_call_socketpair,
  [TRAMA_CALL_UNLINK] = trama_call_unlink,
  [TRAMA_CALL_DUP] = trama_call_dup,
};

TramaCaller *
trama_caller_new (guint32 actor, TramaCallerFlags flags, TramaEventFunc func, gpointer user_data)
{
  TramaCaller *caller = g_new0 (TramaCaller, 1);
  sigset_t set;

  caller->func = func;
  caller->user_data = user_data;
  caller->flags = flags;
  caller->actor = actor;
  caller->sockets = g_ptr_array_new ();
  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
  return caller;
}

void
trama_caller_free (TramaCaller *caller)
{
  if (caller == NULL)
    return;
  trama_caller_release_sockets (caller);
  g_ptr_array_unref (caller->sockets);
  trama_streams_free (caller->own_streams);
  trama_sock_diag_free (caller->diag);
  g_free (caller->buffer);
  g_free (caller);
}

void
trama_caller_share (TramaCaller *caller, TramaStreams *streams)
{
  g_return_if_fail (caller->streams == NULL);

  caller->streams = streams;
}

void
trama_caller_set_address (TramaCaller *caller, TramaCall *call, guint index, socklen_t size)
{
  if (size == 0)
    return;
  call->args[index] = (TramaValue){
    .kind = TRAMA_VALUE_ADDRESS,
    .bytes = caller->address,
    .size = MIN (size, sizeof caller->address),
  };
  call->args[index + 1] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = size };
}

void
trama_caller_set_filled (TramaCaller *caller, TramaCall *call, guint index, gsize size)
{
  call->args[index] = (TramaValue){
    .kind = TRAMA_VALUE_DATA,
    .bytes = size > 0 ? caller->filled : NULL,
    .size = (guint32) size,
    .number = (gint64) size,
  };
}

static void
record (TramaCaller *caller, TramaEventKind kind, const TramaCall *call)
{
  TramaEvent event;

  event.kind = kind;
  event.call = *call;
  caller->func (&event, caller->user_data);
}

/* How often the kernel has put this thread to sleep, getrusage(2). */
static gint64
count_sleeps (void)
{
  struct rusage usage;

  getrusage (RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

/* What was counted after the last call still holds when there was no time to sleep since. */
static void
count_sleeps_before (TramaCaller *caller, gint64 now_ns)
{
  if (now_ns - caller->sleeps_ns >= PAUSE_SLEEP_MIN_NS || now_ns < caller->sleeps_ns)
    caller->n_sleeps = count_sleeps ();
}

static gboolean
has_slept (TramaCaller *caller, const TramaCall *call)
{
  gint64 before = caller->n_sleeps;
  gint64 took_ns = call->exit_ns - call->entry_ns;

  caller->sleeps_ns = call->exit_ns;
  if (took_ns >= 0 && took_ns < CALL_SLEEP_MIN_NS)
    return FALSE;
  caller->n_sleeps = count_sleeps ();
  return caller->n_sleeps > before;
}

static TramaSockDiag *
get_diag (TramaCaller *caller, const TramaSampledSocket *socket)
{
  if (socket->domain == AF_UNIX && caller->diag == NULL && !caller->has_no_diag)
    {
      caller->diag = trama_sock_diag_new ();
      caller->has_no_diag = caller->diag == NULL;
    }
  return caller->diag;
}

/* Whether the calls on it have come without a pause for so long that they are a load. */
static gboolean
is_load (TramaSampledSocket *socket, const TramaCall *call)
{
  gboolean is_quick = call->result >= 0 && call->exit_ns - socket->called_ns < TRAMA_CALLER_LOAD_GAP_NS;

  socket->called_ns = call->exit_ns;
  socket->n_quick = is_quick ? socket->n_quick + 1 : 0;
  return socket->n_quick > TRAMA_CALLER_LOAD_CALLS
         && call->exit_ns - socket->sampled_ns < TRAMA_CALLER_LOAD_SAMPLE_NS;
}

static void
sample (TramaCaller *caller, const TramaCall *call, gint64 fd)
{
  TramaSampledSocket *socket = trama_caller_get_socket (caller, fd);
  TramaEvent event;

  if (socket == NULL || is_load (socket, call))
    return;
  event.kind = TRAMA_EVENT_SOCKET_STATE;
  if (caller->streams != NULL)
    trama_streams_note_kind (caller->streams, socket->domain, socket->type);
  trama_sample_socket (socket, (int) fd, caller->actor, get_diag (caller, socket), &event.state);
  caller->func (&event, caller->user_data);
}

static int
int_at (const TramaValue *value, gsize offset)
{
  int number;

  memcpy (&number, value->bytes + offset, sizeof number);
  return number;
}

/* The descriptors in a value the kernel filled in: of socketpair(), recvmsg(), poll(). */
static void
sample_listed (TramaCaller *caller, const TramaCall *call, guint index, gsize step)
{
  const TramaValue *value = &call->args[index];

  for (gsize at = 0; value->kind == TRAMA_VALUE_DATA && at + step <= value->size; at += step)
    sample (caller, call, int_at (value, at));
}

static void
sample_all (TramaCaller *caller, const TramaCall *call)
{
  sample (caller, call, call->fd);
  if (call->result < 0)
    return;
  if (trama_call_info (call->name)->traits & TRAMA_CALL_MAKES_FD)
    sample (caller, call, call->result);
  else if (call->name == TRAMA_CALL_SOCKETPAIR)
    sample_listed (caller, call, 3, sizeof (int));
  else if (call->name == TRAMA_CALL_RECVMSG)
    sample_listed (caller, call, 4, sizeof (int));
  else if (call->name == TRAMA_CALL_POLL)
    sample_listed (caller, call, 0, sizeof (struct pollfd));
}

static void
begin (TramaCaller *caller, TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  gboolean on_fd = info->n_parameters > 0 && info->parameters[0].kind == TRAMA_PARAMETER_FD;
  const TramaSampledSocket *socket = on_fd ? trama_caller_get_socket (caller, call->args[0].number) : NULL;

  call->id = (guint64) caller->actor << 32 | ++caller->n_calls;
  call->actor = caller->actor;
  call->fd = on_fd ? (gint32) call->args[0].number : -1;
  call->socket = socket != NULL ? socket->id : TRAMA_SOCKET_NONE;
  call->made = TRAMA_SOCKET_NONE;
  call->stream_offset = 0;
  if (socket != NULL)
    call->stream_offset = info->traits & TRAMA_CALL_RECEIVES ? socket->stream->received_bytes
                                                             : socket->stream->sent_bytes;
  call->exit_ns = TRAMA_TIME_NONE;
  call->result = 0;
  call->error = 0;
  call->flags = 0;
}

/* The list with room for descriptors is the kernel's to fill in: it is not known yet. */
static void
take_wishes (TramaCaller *caller, TramaCall *call)
{
  caller->n_rights = 0;
  if (call->name != TRAMA_CALL_RECVMSG || call->args[4].kind != TRAMA_VALUE_DATA)
    return;
  caller->n_rights = MIN (call->args[4].size / sizeof (int), TRAMA_CALLER_RIGHTS_MAX);
  call->args[4] = (TramaValue){ .kind = TRAMA_VALUE_NONE };
}

/* The host keeps the port of a closed connection in TIME-WAIT for a minute; a lab is new each time. */
static void
allow_reuse (int fd)
{
  int one = 1;

  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
}

/* Takes the signal that came with EPIPE, which is blocked. FALSE: none came, or nobody minds it, signal(7). */
static gboolean
take_sigpipe (void)
{
  static const struct timespec at_once = { 0 };
  struct sigaction action;
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  if (sigtimedwait (&set, NULL, &at_once) != SIGPIPE)
    return FALSE;
  return sigaction (SIGPIPE, NULL, &action) < 0 || action.sa_handler != SIG_IGN;
}

/* As if it had not been blocked. Whoever has a handler for it lives on. */
static void
give_sigpipe (void)
{
  sigset_t set;

  raise (SIGPIPE);
  sigemptyset (&set);
  sigaddset (&set, SIGPIPE);
  pthread_sigmask (SIG_UNBLOCK, &set, NULL);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

static void
finish (TramaCaller *caller, TramaCall *call, int error)
{
  call->error = call->result < 0 ? error : 0;
  if (has_slept (caller, call))
    call->flags |= TRAMA_CALL_SLEPT;
  if (call->error == EPIPE && take_sigpipe ())
    call->flags |= TRAMA_CALL_SIGPIPE;
  trama_caller_follow (caller, call);
  if (call->name == TRAMA_CALL_SOCKET && call->result >= 0 && caller->flags & TRAMA_CALLER_REUSE_ADDRESS)
    allow_reuse ((int) call->result);
  record (caller, TRAMA_EVENT_RETURN, call);
  if (call->flags & TRAMA_CALL_SIGPIPE)
    give_sigpipe ();
}

gint64
trama_caller_call (TramaCaller *caller, TramaCall *call)
{
  int error;

  g_return_val_if_fail (call->name < G_N_ELEMENTS (makers) && makers[call->name] != NULL, -1);

  begin (caller, call);
  take_wishes (caller, call);
  call->entry_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_CALL, call);
  count_sleeps_before (caller, trama_realtime_ns ()); /* who records may have slept */

  call->result = makers[call->name](caller, call);
  error = errno;
  call->exit_ns = trama_realtime_ns ();

  finish (caller, call, error);
  sample_all (caller, call);
  return call->result;
}

void
trama_caller_begin (TramaCaller *caller, TramaCall *call)
{
  begin (caller, call);
  call->entry_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_CALL, call);
}

void
trama_caller_end (TramaCaller *caller, TramaCall *call)
{
  call->exit_ns = trama_realtime_ns ();
  record (caller, TRAMA_EVENT_RETURN, call);
}

void
trama_caller_become (TramaCaller *caller, guint32 actor)
{
  caller->actor = actor;
  caller->n_calls = 0;
  /* An answer to a question of the one must not be read by the other. */
  g_clear_pointer (&caller->diag, trama_sock_diag_free);
  trama_caller_hold_sockets (caller);
}

gboolean
trama_caller_has_sockets (const TramaCaller *caller)
{
  for (guint fd = 0; fd < caller->sockets->len; fd++)
    if (trama_caller_get_socket (caller, fd) != NULL)
      return TRUE;
  return FALSE;
}
