/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include "core/trace/constant.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>

gboolean
trama_emit_may_fail (const TramaEmitCall *call)
{
  return call->step->expect.kind == TRAMA_EXPECT_ANY || call->step->expect.kind == TRAMA_EXPECT_ERROR;
}

/* " | " reads better in a program than "|". */
void
trama_emit_append_constant (GString *out, guint kind, gint64 value)
{
  g_autoptr (GString) names = g_string_new (NULL);

  trama_constant_append (names, kind, value);
  g_string_replace (names, "|", " | ", 0);
  g_string_append (out, names->str);
}

static const char *
get_variable_name (TramaEmitter *emitter, const TramaOperand *operand)
{
  return trama_emit_variable (emitter, operand->number)->name;
}

/* Where the kernel is to put an address. Of one that is kept only if the call goes well, beside that. */
const char *
trama_emit_peer (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaEmitVariable *variable = trama_emit_variable (emitter, call->step->operands[0].number);

  if (trama_emit_receives_data (call->step->call) && variable->sender != NULL && !trama_emit_may_fail (call))
    return variable->sender;
  return trama_emit_local (emitter, TRAMA_EMIT_PEER);
}

const char *
trama_emit_peer_size (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaEmitVariable *variable = trama_emit_variable (emitter, call->step->operands[0].number);

  if (trama_emit_peer (emitter, call) == variable->sender)
    return trama_emit_keep (emitter, "%s_size", variable->sender);
  return trama_emit_local (emitter, TRAMA_EMIT_PEER_SIZE);
}

const char *
trama_emit_buffer (TramaEmitter *emitter, const TramaEmitCall *call)
{
  const TramaEmitVariable *variable = trama_emit_variable (emitter, call->step->operands[0].number);

  if (variable->received != NULL)
    return variable->received;
  emitter->buffer_bytes = MAX (emitter->buffer_bytes, call->step->operands[2].number);
  return trama_emit_local (emitter, TRAMA_EMIT_BUFFER);
}

static void
append_address (TramaEmitter *emitter, TramaEmitCall *call, guint index)
{
  const TramaOperand *operand = &call->step->operands[index];

  if (operand->kind == TRAMA_OPERAND_SENDER)
    g_string_append_printf (call->call, "(const struct sockaddr *) &%s",
                            trama_emit_variable (emitter, operand->number)->sender);
  else if (operand->kind == TRAMA_OPERAND_ADDRESS)
    {
      g_string_append_printf (call->call, "(const struct sockaddr *) &%s",
                              trama_emit_address (emitter, operand)->name);
      emitter->makes_files = emitter->makes_files
                             || (call->step->call == TRAMA_CALL_BIND && trama_emit_is_path (operand));
    }
  else
    {
      const char *peer = trama_emit_peer (emitter, call);

      trama_emit_line (emitter, "%s = sizeof %s;", trama_emit_peer_size (emitter, call), peer);
      g_string_append_printf (call->call, "(struct sockaddr *) &%s", peer);
    }
}

static void
append_address_size (TramaEmitter *emitter, TramaEmitCall *call, guint index)
{
  const TramaOperand *address = &call->step->operands[index - 1];

  if (address->kind == TRAMA_OPERAND_SENDER)
    g_string_append_printf (call->call, "%s_size", trama_emit_variable (emitter, address->number)->sender);
  else if (address->kind == TRAMA_OPERAND_ADDRESS)
    g_string_append (call->call, trama_emit_address (emitter, address)->size);
  else
    g_string_append_printf (call->call, "&%s", trama_emit_peer_size (emitter, call));
}

/* The bytes and how many there are. */
static void
append_data (TramaEmitter *emitter, TramaEmitCall *call, guint index)
{
  TramaEmitData data;

  if (trama_emit_receives_data (call->step->call))
    {
      g_string_append_printf (call->call, "%s, %" G_GINT64_FORMAT, trama_emit_buffer (emitter, call),
                              call->step->operands[index + 1].number);
      return;
    }
  data = trama_emit_data (emitter, &call->step->operands[index]);
  g_string_append_printf (call->call, "%s, %s", data.expression, data.size);
}

static void
append_poll (TramaEmitter *emitter, TramaEmitCall *call, guint index)
{
  const TramaOperand *operand = &call->step->operands[index];
  const char *name = trama_emit_new_name (emitter, "polled");
  g_autoptr (GString) come = g_string_new (NULL);
  gsize n = operand->size / sizeof (TramaPollItem);

  trama_emit_line (emitter, "struct pollfd %s[] = {", name);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GString) events = g_string_new (NULL);
      TramaPollItem item;

      memcpy (&item, operand->bytes + i * sizeof item, sizeof item);
      trama_emit_append_constant (events, TRAMA_PARAMETER_POLL, item.events);
      trama_emit_line (emitter, "    { .fd = %s, .events = %s },",
                       trama_emit_variable (emitter, item.variable)->name, events->str);
    }
  trama_emit_line (emitter, "};");
  g_string_append_printf (call->call, "%s, %" G_GSIZE_FORMAT, name, n);
  if (call->step->expect.value.kind == TRAMA_OPERAND_NONE)
    return;
  trama_emit_append_constant (come, TRAMA_PARAMETER_POLL, call->step->expect.value.number);
  g_string_append_printf (call->differs,
                          strchr (come->str, '|') != NULL ? " || %s[0].revents != (%s)"
                                                          : " || %s[0].revents != %s",
                          name, come->str);
}

/* The third of fcntl is flags of one kind or another, or a number, as the command has it; fcntl(2). */
static void
append_command_argument (TramaEmitter *emitter, GString *out, gint64 command, gint64 value)
{
  if (command == F_SETFL)
    trama_emit_append_constant (out, TRAMA_PARAMETER_STATUS_FLAGS, value);
  else if (command == F_SETFD && value == FD_CLOEXEC)
    g_string_append (out, "FD_CLOEXEC");
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, value);
}

static void
append_pair (TramaEmitter *emitter, TramaEmitCall *call)
{
  call->pair = trama_emit_new_name (emitter, "pair");
  trama_emit_line (emitter, "int %s[2];", call->pair);
  g_string_append (call->call, call->pair);
}

static void
append_option_argument (TramaEmitter *emitter, TramaEmitCall *call, guint kind)
{
  gboolean gets = call->step->call == TRAMA_CALL_GETSOCKOPT;

  if (kind == TRAMA_PARAMETER_OPTION_VALUE && gets)
    trama_emit_append_option_room (emitter, call->call, call->step);
  else if (kind == TRAMA_PARAMETER_OPTION_VALUE)
    trama_emit_append_option_value (emitter, call->call, call->step);
  else if (gets)
    g_string_append_printf (call->call, "&%s", trama_emit_local (emitter, TRAMA_EMIT_OPTION_SIZE));
  else
    trama_emit_append_option_size (emitter, call->call, call->step);
}

static void
append_argument (TramaEmitter *emitter, TramaEmitCall *call, guint index)
{
  const TramaStep *step = call->step;
  const TramaOperand *operand = &step->operands[index];
  guint8 kind = trama_call_info (step->call)->parameters[index].kind;

  switch (kind)
    {
    case TRAMA_PARAMETER_FD:
      g_string_append (call->call, get_variable_name (emitter, operand));
      break;
    case TRAMA_PARAMETER_ADDRESS:
      append_address (emitter, call, index);
      break;
    case TRAMA_PARAMETER_ADDRESS_SIZE:
      append_address_size (emitter, call, index);
      break;
    case TRAMA_PARAMETER_DATA:
      append_data (emitter, call, index);
      break;
    case TRAMA_PARAMETER_LEVEL:
      trama_emit_append_level (emitter, call->call, operand->number, step->operands[index + 1].number);
      break;
    case TRAMA_PARAMETER_OPTION:
      trama_emit_append_option (emitter, call->call, step->operands[index - 1].number, operand->number);
      break;
    case TRAMA_PARAMETER_OPTION_VALUE:
    case TRAMA_PARAMETER_OPTION_SIZE:
      append_option_argument (emitter, call, kind);
      break;
    case TRAMA_PARAMETER_POLL:
      append_poll (emitter, call, index);
      break;
    case TRAMA_PARAMETER_PAIR:
      append_pair (emitter, call);
      break;
    case TRAMA_PARAMETER_PATH:
      trama_emit_append_literal (call->call, operand->bytes, operand->size);
      break;
    case TRAMA_PARAMETER_PROTOCOL:
      trama_constant_append_protocol (call->call, step->operands[0].number, operand->number);
      break;
    case TRAMA_PARAMETER_STATUS_FLAGS:
      append_command_argument (emitter, call->call, step->operands[index - 1].number, operand->number);
      break;
    default:
      trama_emit_append_constant (call->call, kind, operand->number);
      break;
    }
}

/* What stands with the argument before it, or is not there. */
static gboolean
is_left_out (const TramaStep *step, guint index)
{
  guint8 kind = trama_call_info (step->call)->parameters[index].kind;

  return kind == TRAMA_PARAMETER_DATA_SIZE || kind == TRAMA_PARAMETER_POLL_COUNT
         || (kind == TRAMA_PARAMETER_STATUS_FLAGS && step->operands[index].kind == TRAMA_OPERAND_NONE);
}

static void
append_arguments (TramaEmitter *emitter, TramaEmitCall *call)
{
  for (guint i = 0; i < call->step->n_operands; i++)
    {
      if (is_left_out (call->step, i))
        continue;
      if (i > 0)
        g_string_append (call->call, ", ");
      append_argument (emitter, call, i);
    }
}

const TramaOperand *
trama_emit_find_rights (const TramaStep *step)
{
  for (guint i = 0; i < step->n_operands; i++)
    if (step->operands[i].kind == TRAMA_OPERAND_RIGHTS)
      return &step->operands[i];
  return NULL;
}

static void
write_name (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaOperand *name = &call->step->operands[3];

  if (name->kind == TRAMA_OPERAND_ADDRESS)
    trama_emit_line (emitter, "    .msg_name = (void *) &%s, .msg_namelen = %s,",
                     trama_emit_address (emitter, name)->name, trama_emit_address (emitter, name)->size);
  else if (name->kind == TRAMA_OPERAND_SENDER)
    {
      const char *sender = trama_emit_variable (emitter, name->number)->sender;

      trama_emit_line (emitter, "    .msg_name = &%s, .msg_namelen = %s_size,", sender, sender);
    }
  else if (call->step->call == TRAMA_CALL_RECVMSG)
    trama_emit_line (emitter, "    .msg_name = &%s, .msg_namelen = sizeof %s,",
                     trama_emit_peer (emitter, call), trama_emit_peer (emitter, call));
}

static void
put_rights (TramaEmitter *emitter, const TramaOperand *rights, const char *message)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < rights->size; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "",
                            trama_emit_variable (emitter, rights->bytes[i])->name);
  trama_emit_need_helper (emitter, TRAMA_EMIT_PUT_RIGHTS);
  trama_emit_line (emitter, "put_rights(&%s, (const int[]){ %s }, %u);", message, list->str, rights->size);
}

/* The data and their size, as a part of a message. */
static void
write_part (TramaEmitter *emitter, TramaEmitCall *call, const char *part)
{
  TramaEmitData data;

  if (call->step->call == TRAMA_CALL_RECVMSG)
    {
      trama_emit_line (emitter, "struct iovec %s = { .iov_base = %s, .iov_len = %" G_GINT64_FORMAT " };",
                       part, trama_emit_buffer (emitter, call), call->step->operands[2].number);
      return;
    }
  data = trama_emit_data (emitter, &call->step->operands[1]);
  trama_emit_line (emitter, "struct iovec %s = { .iov_base = (void *) %s, .iov_len = %s };", part,
                   data.expression, data.size);
}

/* sendmsg and recvmsg: their arguments stand in a struct before the call, which is left with three. */
static void
append_message (TramaEmitter *emitter, TramaEmitCall *call)
{
  const TramaOperand *rights = trama_emit_find_rights (call->step);
  const char *part = trama_emit_new_name (emitter, "part");
  const char *message = trama_emit_new_name (emitter, "message");
  const char *control = rights != NULL ? trama_emit_new_name (emitter, "control") : NULL;

  write_part (emitter, call, part);
  if (control != NULL)
    trama_emit_line (emitter, "_Alignas(struct cmsghdr) char %s[CMSG_SPACE(%u * sizeof(int))] = { 0 };",
                     control, rights->size);
  trama_emit_line (emitter, "struct msghdr %s = {", message);
  write_name (emitter, call);
  trama_emit_line (emitter, "    .msg_iov = &%s, .msg_iovlen = 1,", part);
  if (control != NULL)
    trama_emit_line (emitter, "    .msg_control = %s, .msg_controllen = sizeof %s,", control, control);
  trama_emit_line (emitter, "};");
  if (rights != NULL && call->step->call == TRAMA_CALL_SENDMSG)
    put_rights (emitter, rights, message);
  g_string_append_printf (call->call, "%s, &%s, ", get_variable_name (emitter, &call->step->operands[0]),
                          message);
  trama_emit_append_constant (call->call, TRAMA_PARAMETER_FLAGS, call->step->operands[5].number);
  if (call->step->call == TRAMA_CALL_RECVMSG)
    call->rights = message;
}

static void
need_headers (TramaEmitter *emitter, const TramaStep *step)
{
  switch (step->call)
    {
    case TRAMA_CALL_READ:
    case TRAMA_CALL_WRITE:
    case TRAMA_CALL_CLOSE:
    case TRAMA_CALL_DUP:
    case TRAMA_CALL_UNLINK:
      trama_emit_need_header (emitter, TRAMA_EMIT_UNISTD_H);
      break;
    case TRAMA_CALL_FCNTL:
      trama_emit_need_header (emitter, TRAMA_EMIT_FCNTL_H);
      break;
    case TRAMA_CALL_POLL:
      trama_emit_need_header (emitter, TRAMA_EMIT_POLL_H);
      break;
    default:
      trama_emit_need_header (emitter, TRAMA_EMIT_SYS_SOCKET_H);
      break;
    }
  if (step->call == TRAMA_CALL_SOCKET && step->operands[2].number != 0)
    trama_emit_need_header (emitter, TRAMA_EMIT_NETINET_IN_H);
}

static void
write_call (TramaEmitter *emitter, TramaEmitCall *call)
{
  g_string_append_printf (call->call, "%s(", call->name);
  if (call->step->call == TRAMA_CALL_SENDMSG || call->step->call == TRAMA_CALL_RECVMSG)
    append_message (emitter, call);
  else
    append_arguments (emitter, call);
  g_string_append_c (call->call, ')');
  trama_emit_outcome (emitter, call);
}

void
trama_emit_call (TramaEmitter *emitter, guint index)
{
  TramaEmitCall call = { .step = &emitter->script->steps[index], .index = index };

  call.name = trama_call_info (call.step->call)->name;
  call.call = g_string_new (NULL);
  call.differs = g_string_new (NULL);
  need_headers (emitter, call.step);
  trama_emit_gap (emitter);
  write_call (emitter, &call);
  g_string_free (call.call, TRUE);
  g_string_free (call.differs, TRUE);
}
