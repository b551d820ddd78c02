/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"
#include "core/session/recorded.h"

#include "core/trace/option.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* What is larger does not belong on a stack. */
#define STACK_BYTES 65536

/* A call that is being written: what stands before it is written at once. */
typedef struct
{
  TramaEmitter emitter; /* of which only what declares is in use */
  const TramaCall *call;
  TramaStep step; /* the same call in the terms of a session */
  GString *text;  /* "recv(4, buffer, sizeof buffer, 0)" */
} Recorded;

/* In the order of TramaValueKind. */
static guint
get_operand_kind (const TramaValue *value)
{
  static const guint kinds[] = { TRAMA_OPERAND_NONE, TRAMA_OPERAND_NUMBER, TRAMA_OPERAND_ADDRESS,
                                 TRAMA_OPERAND_DATA };

  return value->kind < G_N_ELEMENTS (kinds) ? kinds[value->kind] : (guint) TRAMA_OPERAND_NONE;
}

static void
begin (Recorded *self, const TramaCall *call)
{
  *self = (Recorded){ .call = call };
  self->emitter.strings = g_string_chunk_new (256);
  self->emitter.code = g_string_new (NULL);
  self->emitter.taken = g_hash_table_new (g_str_hash, g_str_equal);
  self->emitter.addresses = g_array_new (FALSE, FALSE, sizeof (TramaEmitAddress));
  self->text = g_string_new (NULL);
  self->step.call = call->name;
  self->step.n_operands = MIN (call->n_args, trama_call_info (call->name)->n_parameters);
  for (guint i = 0; i < self->step.n_operands; i++)
    self->step.operands[i] = (TramaOperand){ .kind = get_operand_kind (&call->args[i]),
                                             .size = call->args[i].size,
                                             .number = call->args[i].number,
                                             .bytes = call->args[i].bytes };
}

static char *
end (Recorded *self)
{
  g_string_chunk_free (self->emitter.strings);
  g_hash_table_unref (self->emitter.taken);
  g_array_unref (self->emitter.addresses);
  g_string_free (self->text, TRUE);
  return g_string_free (self->emitter.code, FALSE);
}

static const char *
declare (Recorded *self, const char *type, const char *wanted, const char *rest)
{
  const char *name = trama_emit_new_name (&self->emitter, wanted);

  trama_emit_line (&self->emitter, g_str_has_suffix (type, "*") ? "%s%s%s;" : "%s %s%s;", type, name, rest);
  return name;
}

/* Addresses. */

/* A trace is from outside: what is no whole struct of its family is given as bytes. */
static gboolean
is_whole (const TramaOperand *operand)
{
  sa_family_t family;

  if (operand->size < sizeof family)
    return FALSE;
  memcpy (&family, operand->bytes, sizeof family);
  switch (family)
    {
    case AF_INET:
      return operand->size == sizeof (struct sockaddr_in);
    case AF_INET6:
      return operand->size == sizeof (struct sockaddr_in6);
    case AF_UNIX:
      return operand->size <= sizeof (struct sockaddr_un);
    case AF_UNSPEC:
      return operand->size == sizeof (struct sockaddr);
    default:
      return FALSE;
    }
}

static TramaEmitAddress
declare_address (Recorded *self, const TramaOperand *operand)
{
  TramaEmitter *emitter = &self->emitter;
  const TramaEmitAddress *address;
  g_autoptr (GString) bytes = g_string_new (NULL);
  const char *name;

  if (is_whole (operand))
    {
      address = trama_emit_address (emitter, operand);
      trama_emit_declare_address (emitter, address);
      return *address;
    }
  for (guint i = 0; i < operand->size; i++)
    g_string_append_printf (bytes, i > 0 ? ", 0x%02x" : "0x%02x", operand->bytes[i]);
  name = declare (self, "const unsigned char", "address",
                  trama_emit_keep (emitter, "[] = { %s }", bytes->len > 0 ? bytes->str : "0"));
  return (TramaEmitAddress){ .name = name, .size = trama_emit_keep (emitter, "%u", operand->size) };
}

/* It returned, and there is none: NULL stood there. */
static gboolean
is_null (const Recorded *self, guint index)
{
  return self->step.operands[index].kind == TRAMA_OPERAND_NONE && self->call->exit_ns != TRAMA_TIME_NONE
         && self->call->error == 0;
}

static void
append_address (Recorded *self, guint index)
{
  const TramaOperand *operand = &self->step.operands[index];
  gboolean filled = trama_call_info (self->call->name)->parameters[index].filled_by_kernel;
  TramaEmitAddress address;
  const char *peer, *size;

  if (filled && !is_null (self, index))
    {
      peer = declare (self, "struct sockaddr_storage", "peer", "");
      size = declare (self, "socklen_t", "peer_size", trama_emit_keep (&self->emitter, " = sizeof %s", peer));
      g_string_append_printf (self->text, "(struct sockaddr *) &%s, &%s", peer, size);
    }
  else if (filled || operand->kind != TRAMA_OPERAND_ADDRESS)
    g_string_append (self->text, filled ? "NULL, NULL" : "NULL, 0");
  else
    {
      address = declare_address (self, operand);
      g_string_append_printf (self->text, "(const struct sockaddr *) &%s, %s", address.name, address.size);
    }
}

/* Data. */

static gsize
count_room (const Recorded *self, guint index)
{
  return (gsize) MAX (0, self->step.operands[index].number);
}

static const char *
declare_buffer (Recorded *self, gsize size)
{
  return declare (self, size > STACK_BYTES ? "static char" : "char", "buffer",
                  trama_emit_keep (&self->emitter, "[%" G_GSIZE_FORMAT "]", MAX (1, size)));
}

static TramaEmitData
declare_data (Recorded *self, const TramaOperand *operand)
{
  g_autofree char *cut = NULL;

  if (operand->kind != TRAMA_OPERAND_DATA)
    return (TramaEmitData){ "NULL", "0" };
  if (operand->number > (gint64) operand->size)
    {
      cut = g_strdup_printf (_ ("the trace has %1$u of %2$lu bytes"), operand->size,
                             (gulong) operand->number);
      trama_emit_comment (&self->emitter, cut);
    }
  return trama_emit_data (&self->emitter, operand);
}

/* The bytes and how many there are. */
static void
append_data (Recorded *self, guint index)
{
  gsize room = count_room (self, index + 1);
  TramaEmitData data;

  if (trama_emit_receives_data (self->call->name))
    {
      const char *buffer = declare_buffer (self, room);

      g_string_append_printf (self->text, room > 0 ? "%1$s, sizeof %1$s" : "%1$s, 0", buffer);
      return;
    }
  data = declare_data (self, &self->step.operands[index]);
  g_string_append_printf (self->text, "%s, %s", data.expression, data.size);
}

static void
append_poll (Recorded *self, guint index)
{
  const TramaOperand *operand = &self->step.operands[index];
  gsize n = operand->size / sizeof (struct pollfd);
  const char *name;

  if (n == 0)
    {
      g_string_append (self->text, "NULL, 0");
      return;
    }
  name = trama_emit_new_name (&self->emitter, "polled");
  trama_emit_line (&self->emitter, "struct pollfd %s[] = {", name);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GString) events = g_string_new (NULL);
      struct pollfd item;

      memcpy (&item, operand->bytes + i * sizeof item, sizeof item);
      trama_emit_append_constant (events, TRAMA_PARAMETER_POLL, (guint16) item.events);
      trama_emit_line (&self->emitter, "    { .fd = %d, .events = %s },", item.fd, events->str);
    }
  trama_emit_line (&self->emitter, "};");
  g_string_append_printf (self->text, "%s, %" G_GSIZE_FORMAT, name, n);
}

/* Options. */

/* A value that has not the size of its type is given as bytes. */
static gboolean
has_type (const Recorded *self)
{
  const TramaOption *option = trama_option_find (self->step.operands[1].number,
                                                 self->step.operands[2].number);
  const TramaOperand *value = &self->step.operands[3];
  gsize wanted = option != NULL ? trama_option_value_bytes (option) : sizeof (int);

  if (option != NULL && option->type == TRAMA_OPTION_CREDENTIALS)
    return FALSE;
  return option != NULL && option->type == TRAMA_OPTION_TEXT ? value->size <= wanted : value->size == wanted;
}

static void
append_option_value (Recorded *self)
{
  const TramaOperand *value = &self->step.operands[3];
  TramaEmitData data;

  if (value->kind != TRAMA_OPERAND_DATA || !has_type (self))
    {
      data = declare_data (self, value);
      g_string_append_printf (self->text, "%s, %s", data.expression, data.size);
      return;
    }
  trama_emit_append_option_value (&self->emitter, self->text, &self->step);
  g_string_append (self->text, ", ");
  trama_emit_append_option_size (&self->emitter, self->text, &self->step);
}

static void
append_option_room (Recorded *self)
{
  static const char *const types[] = {
    [TRAMA_OPTION_INT] = "int",
    [TRAMA_OPTION_LINGER] = "struct linger",
    [TRAMA_OPTION_TIMEVAL] = "struct timeval",
    [TRAMA_OPTION_TEXT] = "char",
    [TRAMA_OPTION_ERROR] = "int",
    [TRAMA_OPTION_CREDENTIALS] = "struct ucred",
  };
  const TramaOption *option = trama_option_find (self->step.operands[1].number,
                                                 self->step.operands[2].number);
  guint type = option != NULL ? option->type : TRAMA_OPTION_INT;
  const char *rest = type == TRAMA_OPTION_TEXT ? "[" G_STRINGIFY (TRAMA_EMIT_OPTION_TEXT_BYTES) "]" : "";
  const char *value = declare (self, types[type], "value", rest);
  const char *size = declare (self, "socklen_t", "value_size",
                              trama_emit_keep (&self->emitter, " = sizeof %s", value));

  g_string_append_printf (self->text, "%s%s, &%s", *rest == '\0' ? "&" : "", value, size);
}

/* The third of fcntl is flags of one kind or another, or a number, as the command has it; fcntl(2). */
static void
append_command_argument (Recorded *self, gint64 command, gint64 value)
{
  if (command == F_SETFL)
    trama_emit_append_constant (self->text, TRAMA_PARAMETER_STATUS_FLAGS, value);
  else if (command == F_SETFD && value == FD_CLOEXEC)
    g_string_append (self->text, "FD_CLOEXEC");
  else
    g_string_append_printf (self->text, "%" G_GINT64_FORMAT, value);
}

/* Arguments. */

static void
append_number (Recorded *self, guint index)
{
  const TramaOperand *operands = self->step.operands;
  guint kind = trama_call_info (self->call->name)->parameters[index].kind;

  switch (kind)
    {
    case TRAMA_PARAMETER_LEVEL:
      trama_emit_append_level (&self->emitter, self->text, operands[index].number,
                               operands[index + 1].number);
      break;
    case TRAMA_PARAMETER_OPTION:
      trama_emit_append_option (&self->emitter, self->text, operands[index - 1].number,
                                operands[index].number);
      break;
    case TRAMA_PARAMETER_PROTOCOL:
      trama_constant_append_protocol (self->text, operands[0].number, operands[index].number);
      break;
    case TRAMA_PARAMETER_STATUS_FLAGS:
      append_command_argument (self, operands[index - 1].number, operands[index].number);
      break;
    default:
      trama_emit_append_constant (self->text, kind, operands[index].number);
      break;
    }
}

static void
append_argument (Recorded *self, guint index)
{
  const TramaOperand *operand = &self->step.operands[index];

  switch (trama_call_info (self->call->name)->parameters[index].kind)
    {
    case TRAMA_PARAMETER_ADDRESS:
      append_address (self, index);
      break;
    case TRAMA_PARAMETER_DATA:
      append_data (self, index);
      break;
    case TRAMA_PARAMETER_POLL:
      append_poll (self, index);
      break;
    case TRAMA_PARAMETER_OPTION_VALUE:
      if (self->call->name == TRAMA_CALL_SETSOCKOPT)
        append_option_value (self);
      else
        append_option_room (self);
      break;
    case TRAMA_PARAMETER_PAIR:
      g_string_append (self->text, declare (self, "int", "pair", "[2]"));
      break;
    case TRAMA_PARAMETER_PATH:
      trama_emit_append_literal (self->text, operand->bytes, operand->size);
      break;
    default:
      append_number (self, index);
      break;
    }
}

/* What stands with the argument before it, or is not there. */
static gboolean
is_left_out (const Recorded *self, guint index)
{
  switch (trama_call_info (self->call->name)->parameters[index].kind)
    {
    case TRAMA_PARAMETER_DATA_SIZE:
    case TRAMA_PARAMETER_ADDRESS_SIZE:
    case TRAMA_PARAMETER_OPTION_SIZE:
    case TRAMA_PARAMETER_POLL_COUNT:
      return TRUE;
    case TRAMA_PARAMETER_STATUS_FLAGS:
      return self->step.operands[index].kind == TRAMA_OPERAND_NONE;
    default:
      return FALSE;
    }
}

static void
append_arguments (Recorded *self)
{
  for (guint i = 0; i < self->step.n_operands; i++)
    {
      if (is_left_out (self, i))
        continue;
      if (i > 0)
        g_string_append (self->text, ", ");
      append_argument (self, i);
    }
}

/* sendmsg(2) and recvmsg(2), which a trace tells flat. */

static const char *
declare_part (Recorded *self)
{
  gsize room = count_room (self, 2);
  TramaEmitData data;

  if (self->call->name == TRAMA_CALL_RECVMSG)
    data = (TramaEmitData){ declare_buffer (self, room),
                            trama_emit_keep (&self->emitter, "%" G_GSIZE_FORMAT, room) };
  else
    data = declare_data (self, &self->step.operands[1]);
  return declare (self, "struct iovec", "part",
                  trama_emit_keep (&self->emitter, " = { .iov_base = (void *) %s, .iov_len = %s }",
                                   data.expression, data.size));
}

/* NULL: the message has no name. */
static const char *
declare_name (Recorded *self)
{
  const TramaOperand *operand = &self->step.operands[3];
  TramaEmitAddress address;

  if (operand->kind == TRAMA_OPERAND_ADDRESS && self->call->name == TRAMA_CALL_SENDMSG)
    {
      address = declare_address (self, operand);
      return trama_emit_keep (&self->emitter, "    .msg_name = (void *) &%s, .msg_namelen = %s,",
                              address.name, address.size);
    }
  if (self->call->name != TRAMA_CALL_RECVMSG || is_null (self, 3))
    return NULL;
  return trama_emit_keep (&self->emitter, "    .msg_name = &%1$s, .msg_namelen = sizeof %1$s,",
                          declare (self, "struct sockaddr_storage", "peer", ""));
}

/* Descriptors travel in a control message, unix(7), cmsg(3). */
static void
put_rights (Recorded *self, const TramaOperand *rights, const char *message)
{
  g_autoptr (GString) list = g_string_new (NULL);
  const char *passed, *header;

  for (gsize at = 0; at + sizeof (int) <= rights->size; at += sizeof (int))
    {
      int fd;

      memcpy (&fd, rights->bytes + at, sizeof fd);
      g_string_append_printf (list, at > 0 ? ", %d" : "%d", fd);
    }
  passed = declare (self, "const int", "passed", trama_emit_keep (&self->emitter, "[] = { %s }", list->str));
  header = declare (self, "struct cmsghdr *", "header",
                    trama_emit_keep (&self->emitter, " = CMSG_FIRSTHDR(&%s)", message));
  trama_emit_line (&self->emitter, "%s->cmsg_level = SOL_SOCKET;", header);
  trama_emit_line (&self->emitter, "%s->cmsg_type = SCM_RIGHTS;", header);
  trama_emit_line (&self->emitter, "%s->cmsg_len = CMSG_LEN(sizeof %s);", header, passed);
  trama_emit_line (&self->emitter, "memcpy(CMSG_DATA(%s), %s, sizeof %s);", header, passed, passed);
}

static void
append_message (Recorded *self)
{
  const TramaOperand *rights = &self->step.operands[4];
  gsize n_rights = rights->kind == TRAMA_OPERAND_DATA ? rights->size / sizeof (int) : 0;
  const char *part = declare_part (self);
  const char *name = declare_name (self);
  const char *control = NULL, *message = trama_emit_new_name (&self->emitter, "message");

  if (n_rights > 0)
    control = declare (self, "_Alignas(struct cmsghdr) char", "control",
                       trama_emit_keep (&self->emitter,
                                        "[CMSG_SPACE(%" G_GSIZE_FORMAT " * sizeof(int))] = { 0 }", n_rights));
  trama_emit_line (&self->emitter, "struct msghdr %s = {", message);
  if (name != NULL)
    trama_emit_line (&self->emitter, "%s", name);
  trama_emit_line (&self->emitter, "    .msg_iov = &%s, .msg_iovlen = 1,", part);
  if (control != NULL)
    trama_emit_line (&self->emitter, "    .msg_control = %1$s, .msg_controllen = sizeof %1$s,", control);
  trama_emit_line (&self->emitter, "};");
  if (control != NULL && self->call->name == TRAMA_CALL_SENDMSG)
    put_rights (self, rights, message);
  append_number (self, 0);
  g_string_append_printf (self->text, ", &%s, ", message);
  append_number (self, 5);
}

char *
trama_recorded_emit_c (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *result = trama_call_format_result (call);
  Recorded self;

  if (info == NULL || call->n_args < info->n_parameters)
    return NULL;
  begin (&self, call);
  g_string_append_printf (self.text, "%s(", info->name);
  if (call->name == TRAMA_CALL_SENDMSG || call->name == TRAMA_CALL_RECVMSG)
    append_message (&self);
  else
    append_arguments (&self);
  g_string_append_c (self.text, ')');
  trama_emit_line (&self.emitter, "%s;", self.text->str);
  g_string_truncate (self.emitter.code, self.emitter.code->len - 1);
  g_string_append_printf (self.emitter.code, " /* %s */\n",
                          result != NULL ? result : _ ("has not returned yet"));
  return end (&self);
}
