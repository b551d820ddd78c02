/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/socket/recorder.h"

#include "core/trace/call.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const guint8 *
keep (Recorder *recorder, const guint8 *bytes, gsize size)
{
  guint8 *copy = size > 0 ? g_memdup2 (bytes, size) : NULL;

  g_ptr_array_add (recorder->bytes, copy);
  return copy;
}

void
recorder_on_event (const TramaEvent *event, gpointer user_data)
{
  Recorder *recorder = user_data;
  TramaEvent copy = *event;

  if (copy.kind == TRAMA_EVENT_SOCKET_STATE)
    {
      copy.state.local = keep (recorder, copy.state.local, copy.state.local_bytes);
      copy.state.peer = keep (recorder, copy.state.peer, copy.state.peer_bytes);
    }
  else
    for (guint i = 0; i < copy.call.n_args; i++)
      copy.call.args[i].bytes = keep (recorder, copy.call.args[i].bytes, copy.call.args[i].size);
  g_array_append_val (recorder->events, copy);
}

void
recorder_set_up (Recorder *recorder, gconstpointer data)
{
  alarm (RECORDER_GUARD_S);
  recorder->directory = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_assert_nonnull (recorder->directory);
  g_assert_cmpint (g_chdir (recorder->directory), ==, 0);
  recorder->events = g_array_new (FALSE, FALSE, sizeof (TramaEvent));
  recorder->bytes = g_ptr_array_new_with_free_func (g_free);
  recorder->caller = trama_caller_new (RECORDER_ACTOR, 0, recorder_on_event, recorder);
}

/* A test leaves its sockets to whoever comes behind it: here they are closed. */
void
recorder_tear_down (Recorder *recorder, gconstpointer data)
{
  for (guint i = 0; i < recorder->events->len; i++)
    {
      const TramaEvent *event = recorder_at (recorder, i);

      if (event->kind == TRAMA_EVENT_SOCKET_STATE && event->state.fd >= 0)
        close (event->state.fd);
    }
  trama_caller_free (recorder->caller);
  g_array_unref (recorder->events);
  g_ptr_array_unref (recorder->bytes);
  g_assert_cmpint (g_chdir ("/"), ==, 0);
  g_assert_cmpint (g_rmdir (recorder->directory), ==, 0);
  g_free (recorder->directory);
  alarm (0);
}

const TramaEvent *
recorder_at (const Recorder *recorder, guint index)
{
  g_assert_cmpuint (index, <, recorder->events->len);
  return &g_array_index (recorder->events, TramaEvent, index);
}

const TramaSocketState *
recorder_state (const Recorder *recorder, guint64 socket)
{
  g_assert_cmpuint (socket, !=, TRAMA_SOCKET_NONE);
  for (guint i = recorder->events->len; i-- > 0;)
    {
      const TramaEvent *event = recorder_at (recorder, i);

      if (event->kind == TRAMA_EVENT_SOCKET_STATE && event->state.socket == socket)
        return &event->state;
    }
  g_assert_not_reached ();
}

guint
recorder_count (const Recorder *recorder, TramaEventKind kind)
{
  guint n = 0;

  for (guint i = 0; i < recorder->events->len; i++)
    n += recorder_at (recorder, i)->kind == kind;
  return n;
}

Argument
argument_number (gint64 number)
{
  return (Argument){ .value = { .kind = TRAMA_VALUE_NUMBER, .number = number } };
}

Argument
argument_bytes (const void *bytes, gsize size)
{
  return (Argument){
    .value = { .kind = TRAMA_VALUE_DATA, .bytes = bytes, .size = (guint32) size, .number = (gint64) size }
  };
}

Argument
argument_text (const char *text)
{
  return argument_bytes (text, strlen (text));
}

Argument
argument_address (const void *address, gsize size)
{
  return (Argument){ .value = { .kind = TRAMA_VALUE_ADDRESS, .bytes = address, .size = (guint32) size } };
}

/* What stands in the record before the call is made: nothing of what the kernel has yet to say. */
static void
assert_entry (const TramaCall *entry, const TramaCall *back)
{
  const TramaCallInfo *info = trama_call_info (entry->name);

  g_assert_cmpuint (entry->id >> 32, ==, RECORDER_ACTOR);
  g_assert_cmpuint (entry->id, ==, back->id);
  g_assert_cmpuint (entry->actor, ==, RECORDER_ACTOR);
  g_assert_cmpuint (entry->line, ==, RECORDER_LINE);
  g_assert_cmpint (entry->exit_ns, ==, TRAMA_TIME_NONE);
  g_assert_cmpint (entry->result, ==, 0);
  g_assert_cmpint (entry->error, ==, 0);
  g_assert_cmpuint (entry->made, ==, TRAMA_SOCKET_NONE);
  g_assert_cmpuint (entry->flags, ==, 0);
  g_assert_cmpuint (entry->socket, ==, back->socket);
  g_assert_cmpint (entry->fd, ==, back->fd);
  g_assert_cmpuint (entry->stream_offset, ==, back->stream_offset);
  g_assert_cmpint (entry->entry_ns, ==, back->entry_ns);
  g_assert_cmpint (back->entry_ns, <=, back->exit_ns);
  for (guint i = 0; i < entry->n_args; i++)
    /* How much room there is for an option is said in both directions. */
    if (info->parameters[i].filled_by_kernel && info->parameters[i].kind != TRAMA_PARAMETER_OPTION_SIZE)
      g_assert_cmpuint (entry->args[i].kind, ==, TRAMA_VALUE_NONE);
}

static gint64
make (Recorder *recorder, guint16 name, va_list list)
{
  guint before = recorder->events->len;
  TramaCall *call = &recorder->call;
  const TramaCall *back;
  gint64 result;

  /* Whatever was in it before must not matter. */
  memset (call, 0xa5, sizeof *call);
  memset (call->args, 0, sizeof call->args);
  call->name = name;
  call->line = RECORDER_LINE;
  call->n_args = 0;
  for (Argument next = va_arg (list, Argument); !next.is_end; next = va_arg (list, Argument))
    call->args[call->n_args++] = next.value;
  g_assert_cmpuint (call->n_args, ==, trama_call_info (name)->n_parameters);
  result = trama_caller_call (recorder->caller, call);

  g_assert_cmpint (recorder_at (recorder, before)->kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpint (recorder_at (recorder, before + 1)->kind, ==, TRAMA_EVENT_RETURN);
  back = &recorder_at (recorder, before + 1)->call;
  assert_entry (&recorder_at (recorder, before)->call, back);
  g_assert_cmpint (back->result, ==, result);
  g_assert_cmpint (call->result, ==, result);
  g_assert_true ((result >= 0) == (back->error == 0));
  for (guint i = before + 2; i < recorder->events->len; i++)
    {
      const TramaSocketState *state = &recorder_at (recorder, i)->state;

      g_assert_cmpint (recorder_at (recorder, i)->kind, ==, TRAMA_EVENT_SOCKET_STATE);
      g_assert_cmpint (state->time_ns, >=, back->exit_ns);
      g_assert_cmpuint (state->actor, ==, RECORDER_ACTOR);
    }
  return result;
}

gint64
recorder_call (Recorder *recorder, guint16 name, ...)
{
  va_list list;
  gint64 result;

  va_start (list, name);
  result = make (recorder, name, list);
  va_end (list);
  return result;
}

void
recorder_fail (Recorder *recorder, int error, guint16 name, ...)
{
  va_list list;

  va_start (list, name);
  g_assert_cmpint (make (recorder, name, list), ==, -1);
  va_end (list);
  g_assert_cmpstr (trama_errno_name (recorder->call.error), ==, trama_errno_name (error));
  g_assert_cmpuint (recorder->call.made, ==, TRAMA_SOCKET_NONE);
}

void
recorder_assert_received (const Recorder *recorder, guint arg, const char *text, guint64 offset)
{
  const TramaValue *value = &recorder->call.args[arg];

  g_assert_cmpuint (value->kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpmem (value->bytes, value->size, text, strlen (text));
  g_assert_cmpint (value->number, ==, strlen (text));
  g_assert_cmpuint (recorder->call.stream_offset, ==, offset);
}

struct sockaddr_in
recorder_loopback (guint16 port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
}

int
recorder_int_of (const TramaValue *value, guint index)
{
  int number;

  g_assert_cmpuint (value->kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpuint ((index + 1) * sizeof number, <=, value->size);
  memcpy (&number, value->bytes + index * sizeof number, sizeof number);
  return number;
}

/* A socket bound to a port of 127.0.0.1 that the kernel chose; its address in @in. */
gint64
recorder_make_bound (Recorder *recorder, int type, struct sockaddr_in *in)
{
  gint64 fd = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (type), NUMBER (0), END);
  const TramaValue *name = &recorder->call.args[1];

  *in = recorder_loopback (0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_BIND, NUMBER (fd), ADDRESS (in, sizeof *in),
                                  NUMBER (sizeof *in), END),
                   ==, 0);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_GETSOCKNAME, NUMBER (fd), NOTHING, NOTHING, END), ==,
                   0);
  g_assert_cmpuint (name->kind, ==, TRAMA_VALUE_ADDRESS);
  g_assert_cmpuint (name->size, ==, sizeof *in);
  g_assert_cmpint (recorder->call.args[2].number, ==, sizeof *in);
  memcpy (in, name->bytes, sizeof *in);
  g_assert_cmpuint (in->sin_port, !=, 0);
  return fd;
}

gint64
recorder_make_listener (Recorder *recorder, struct sockaddr_in *in)
{
  gint64 fd = recorder_make_bound (recorder, SOCK_STREAM, in);

  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_LISTEN, NUMBER (fd), NUMBER (5), END), ==, 0);
  return fd;
}

/* Both ends of a connection; returns the accepted one. */
gint64
recorder_make_connection (Recorder *recorder, gint64 *client)
{
  struct sockaddr_in in;
  gint64 listener = recorder_make_listener (recorder, &in), accepted;

  *client = recorder_call (recorder, TRAMA_CALL_SOCKET, NUMBER (AF_INET), NUMBER (SOCK_STREAM), NUMBER (0),
                           END);
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_CONNECT, NUMBER (*client), ADDRESS (&in, sizeof in),
                                  NUMBER (sizeof in), END),
                   ==, 0);
  accepted = recorder_call (recorder, TRAMA_CALL_ACCEPT, NUMBER (listener), NOTHING, NOTHING, END);
  g_assert_cmpint (accepted, >=, 0);
  return accepted;
}

gint64
recorder_send_text (Recorder *recorder, gint64 fd, const char *text, int flags)
{
  return recorder_call (recorder, TRAMA_CALL_SEND, NUMBER (fd), TEXT (text), NUMBER ((gint64) strlen (text)),
                        NUMBER (flags), END);
}

gint64
recorder_receive (Recorder *recorder, gint64 fd, gint64 size, int flags)
{
  return recorder_call (recorder, TRAMA_CALL_RECV, NUMBER (fd), NOTHING, NUMBER (size), NUMBER (flags), END);
}

/* A pair of AF_UNIX; the identities in @ids. */
void
recorder_make_pair (Recorder *recorder, int type, gint64 *fds, guint64 *ids)
{
  g_assert_cmpint (recorder_call (recorder, TRAMA_CALL_SOCKETPAIR, NUMBER (AF_UNIX), NUMBER (type),
                                  NUMBER (0), NOTHING, END),
                   ==, 0);
  fds[0] = recorder_int_of (&recorder->call.args[3], 0);
  fds[1] = recorder_int_of (&recorder->call.args[3], 1);
  ids[0] = recorder->call.made;
  ids[1] = recorder_state (recorder, ids[0])->peer_socket;
}

gint64
recorder_receive_message (Recorder *recorder, gint64 fd, gint64 size, Argument control, int flags)
{
  return recorder_call (recorder, TRAMA_CALL_RECVMSG, NUMBER (fd), NOTHING, NUMBER (size), NOTHING, control,
                        NUMBER (flags), NOTHING, END);
}

gint64
recorder_get_option (Recorder *recorder, gint64 fd, int level, int option, Argument size)
{
  return recorder_call (recorder, TRAMA_CALL_GETSOCKOPT, NUMBER (fd), NUMBER (level), NUMBER (option),
                        NOTHING, size, END);
}

gint64
recorder_set_option (Recorder *recorder, gint64 fd, int level, int option, const void *bytes, gsize size)
{
  return recorder_call (recorder, TRAMA_CALL_SETSOCKOPT, NUMBER (fd), NUMBER (level), NUMBER (option),
                        BYTES (bytes, size), NUMBER ((gint64) size), END);
}
