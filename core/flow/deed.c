/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/deed.h"

#include "core/trace/call.h"

#include <string.h>

/* So many of the sockets of one poll() are looked at. */
#define POLLED_MAX 64

static const guint8 kinds[] = {
  [TRAMA_CALL_SOCKET] = TRAMA_DEED_MAKES,     [TRAMA_CALL_SOCKETPAIR] = TRAMA_DEED_MAKES,
  [TRAMA_CALL_BIND] = TRAMA_DEED_BINDS,       [TRAMA_CALL_LISTEN] = TRAMA_DEED_LISTENS,
  [TRAMA_CALL_CONNECT] = TRAMA_DEED_CONNECTS, [TRAMA_CALL_ACCEPT] = TRAMA_DEED_ACCEPTS,
  [TRAMA_CALL_ACCEPT4] = TRAMA_DEED_ACCEPTS,  [TRAMA_CALL_WRITE] = TRAMA_DEED_SENDS,
  [TRAMA_CALL_SEND] = TRAMA_DEED_SENDS,       [TRAMA_CALL_SENDTO] = TRAMA_DEED_SENDS,
  [TRAMA_CALL_SENDMSG] = TRAMA_DEED_SENDS,    [TRAMA_CALL_READ] = TRAMA_DEED_RECEIVES,
  [TRAMA_CALL_RECV] = TRAMA_DEED_RECEIVES,    [TRAMA_CALL_RECVFROM] = TRAMA_DEED_RECEIVES,
  [TRAMA_CALL_RECVMSG] = TRAMA_DEED_RECEIVES, [TRAMA_CALL_SHUTDOWN] = TRAMA_DEED_SHUTS,
  [TRAMA_CALL_CLOSE] = TRAMA_DEED_CLOSES,     [TRAMA_CALL_POLL] = TRAMA_DEED_POLLS,
  [TRAMA_CALL_GETSOCKOPT] = TRAMA_DEED_ASKS,  [TRAMA_CALL_SETSOCKOPT] = TRAMA_DEED_SETS,
  [TRAMA_CALL_EXIT] = TRAMA_DEED_EXITS,       [TRAMA_CALL_KILL] = TRAMA_DEED_KILLS,
  [TRAMA_CALL_FORK] = TRAMA_DEED_NONE,
};

TramaDeedKind
trama_deed_kind (const TramaCall *call)
{
  return call->name < G_N_ELEMENTS (kinds) ? kinds[call->name] : TRAMA_DEED_NONE;
}

gint64
trama_deed_number (const TramaCall *call, guint arg)
{
  return arg < call->n_args && call->args[arg].kind == TRAMA_VALUE_NUMBER ? call->args[arg].number : 0;
}

static void
read_argument (const TramaCall *call, const TramaCallInfo *info, guint arg, TramaDeed *deed)
{
  const TramaValue *value = &call->args[arg];

  switch (info->parameters[arg].kind)
    {
    case TRAMA_PARAMETER_DATA:
      deed->data = value->kind == TRAMA_VALUE_DATA ? value : NULL;
      break;
    case TRAMA_PARAMETER_DATA_SIZE:
      deed->wanted_bytes = (guint32) CLAMP (trama_deed_number (call, arg), 0, G_MAXINT32);
      break;
    case TRAMA_PARAMETER_ADDRESS:
      deed->address = value->kind == TRAMA_VALUE_ADDRESS ? value : NULL;
      break;
    case TRAMA_PARAMETER_CONTROL:
      deed->has_rights = value->kind == TRAMA_VALUE_DATA && value->size > 0;
      break;
    case TRAMA_PARAMETER_FLAGS:
      if (info->parameters[arg].filled_by_kernel)
        deed->answered_flags = (gint32) trama_deed_number (call, arg);
      else
        deed->flags = (gint32) trama_deed_number (call, arg);
      break;
    default:
      break;
    }
}

/* A receive with MSG_TRUNC returns more than it moved, recv(2). */
static gint64
count_moved (const TramaCall *call, const TramaDeed *deed)
{
  if (deed->kind == TRAMA_DEED_RECEIVES && deed->data != NULL)
    return deed->data->number;
  return deed->kind == TRAMA_DEED_SENDS || deed->kind == TRAMA_DEED_RECEIVES ? call->result : 0;
}

void
trama_deed_read (const TramaCall *call, TramaDeed *deed)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  *deed = (TramaDeed){ .kind = (guint8) trama_deed_kind (call) };
  deed->is_done = call->exit_ns != TRAMA_TIME_NONE && call->result >= 0;
  if (info == NULL)
    return;
  for (guint i = 0; i < MIN (call->n_args, info->n_parameters); i++)
    read_argument (call, info, i, deed);
  if (deed->is_done)
    deed->moved_bytes = (guint32) CLAMP (count_moved (call, deed), 0, G_MAXINT32);
}

gboolean
trama_deed_get_polled (const TramaCall *call, guint index, struct pollfd *polled)
{
  const TramaValue *value = &call->args[0];

  if (call->n_args == 0 || index >= POLLED_MAX || value->kind != TRAMA_VALUE_DATA
      || (index + 1) * sizeof *polled > value->size)
    return FALSE;
  memcpy (polled, value->bytes + index * sizeof *polled, sizeof *polled);
  return TRUE;
}
