/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/emit_private.h"

#include "core/trace/call.h"

#include <string.h>

#define STACK_BYTES 65536

/* Keywords of C17, and what a function of the program calls or refers to. */
static const char *const reserved[] = {
  "auto",         "break",  "case",       "char",    "const",      "continue",    "default",
  "do",           "double", "else",       "enum",    "extern",     "float",       "for",
  "goto",         "if",     "inline",     "int",     "long",       "register",    "restrict",
  "return",       "short",  "signed",     "sizeof",  "static",     "struct",      "switch",
  "typedef",      "union",  "unsigned",   "void",    "volatile",   "while",       "asm",
  "typeof",       "linux",  "unix",       "errno",   "stdin",      "stdout",      "stderr",
  "htons",        "htonl",  "exit",       "fork",    "wait",       "signal",      "sigaction",
  "nanosleep",    "memcmp", "memcpy",     "strncmp", "offsetof",   "kill",        "getpid",
  "main",         "die",    "unexpected", "fill",    "on_signal",  "wait_for",    "put_rights",
  "take_rights",  "shared", "mmap",       "perror",  "atomic_int", "atomic_load", "atomic_fetch_add",
  "atomic_store",
};

/* Names that the headers define as macros, or may. */
static const char *const reserved_prefixes[] = { "_", "sa_", "si_", "st_", "s6_", "sin_", "sin6_", "sigev_" };

static gboolean
is_reserved (const char *name)
{
  gboolean shouts = name[0] != '\0' && name[1] != '\0';

  for (gsize i = 0; i < G_N_ELEMENTS (reserved); i++)
    if (strcmp (reserved[i], name) == 0)
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (reserved_prefixes); i++)
    if (g_str_has_prefix (name, reserved_prefixes[i]))
      return TRUE;
  for (const char *c = name; *c != '\0'; c++)
    shouts = shouts && !g_ascii_islower (*c);
  return shouts || g_str_has_suffix (name, "_t");
}

/* Its value is the last number that was put behind it. */
static void
take_name (TramaEmitter *emitter, const char *name, guint number)
{
  g_hash_table_insert (emitter->taken, (gpointer) name, GUINT_TO_POINTER (number));
}

const char *
trama_emit_new_name (TramaEmitter *emitter, const char *wanted)
{
  const char *base = trama_emit_keep (emitter, "%s", wanted), *name;
  guint number;

  if (is_reserved (base))
    base = trama_emit_keep (emitter, "my_%s%s", wanted, g_str_has_suffix (wanted, "_t") ? "_" : "");
  number = GPOINTER_TO_UINT (g_hash_table_lookup (emitter->taken, base));
  name = base;
  while (g_hash_table_contains (emitter->taken, name))
    name = trama_emit_keep (emitter, "%s_%u", base, ++number);
  take_name (emitter, base, MAX (number, 1));
  if (name != base)
    take_name (emitter, name, 1);
  return name;
}

gboolean
trama_emit_receives_data (guint call)
{
  const TramaParameter *parameter = &trama_call_info (call)->parameters[1];

  return parameter->kind == TRAMA_PARAMETER_DATA && parameter->filled_by_kernel;
}

gboolean
trama_emit_sends_data (guint call)
{
  const TramaParameter *parameter = &trama_call_info (call)->parameters[1];

  return parameter->kind == TRAMA_PARAMETER_DATA && !parameter->filled_by_kernel;
}

const char *
trama_emit_new_sized_name (TramaEmitter *emitter, const char *wanted)
{
  const char *name = trama_emit_new_name (emitter, wanted);
  const char *size = trama_emit_keep (emitter, "%s_size", name);

  while (g_hash_table_contains (emitter->taken, size))
    {
      name = trama_emit_new_name (emitter, wanted);
      size = trama_emit_keep (emitter, "%s_size", name);
    }
  take_name (emitter, size, 1);
  return name;
}

TramaEmitVariable *
trama_emit_variable (TramaEmitter *emitter, gint64 index)
{
  return &g_array_index (emitter->variables, TramaEmitVariable, index);
}

static void
note_set (TramaEmitter *emitter, gint64 index, guint step)
{
  TramaEmitVariable *variable = trama_emit_variable (emitter, index);

  variable->first = MIN (variable->first, step);
  variable->last = step;
}

static void
note_read (TramaEmitter *emitter, gint64 index, guint step)
{
  TramaEmitVariable *variable = trama_emit_variable (emitter, index);

  variable->is_read = TRUE;
  variable->last = step;
}

static void
note_result (TramaEmitter *emitter, const TramaStep *step, guint index)
{
  if (step->result_2 >= 0)
    note_set (emitter, step->result_2, index);
  if (step->result < 0)
    return;
  note_set (emitter, step->result, index);
  if (step->call == TRAMA_CALL_SOCKETPAIR)
    return;
  trama_emit_variable (emitter, step->result)->is_written = TRUE;
  if (trama_emit_receives_data (step->call) || trama_emit_sends_data (step->call))
    trama_emit_variable (emitter, step->result)->is_count = TRUE;
}

static void
note_poll (TramaEmitter *emitter, const TramaOperand *operand, guint step)
{
  for (gsize at = 0; at + sizeof (TramaPollItem) <= operand->size; at += sizeof (TramaPollItem))
    {
      TramaPollItem item;

      memcpy (&item, operand->bytes + at, sizeof item);
      note_read (emitter, item.variable, step);
    }
}

static void
note_rights (TramaEmitter *emitter, const TramaOperand *operand, guint step, gboolean receives)
{
  for (guint i = 0; i < operand->size; i++)
    if (receives)
      note_set (emitter, operand->bytes[i], step);
    else
      note_read (emitter, operand->bytes[i], step);
}

static void
note_operand (TramaEmitter *emitter, const TramaOperand *operand, guint step, gboolean receives)
{
  switch (operand->kind)
    {
    case TRAMA_OPERAND_VARIABLE:
      note_read (emitter, operand->number, step);
      break;
    case TRAMA_OPERAND_SENDER:
      trama_emit_variable (emitter, operand->number)->has_sender = TRUE;
      break;
    case TRAMA_OPERAND_RECEIVED:
      trama_emit_variable (emitter, operand->number)->has_received = TRUE;
      break;
    case TRAMA_OPERAND_RIGHTS:
      note_rights (emitter, operand, step, receives);
      break;
    case TRAMA_OPERAND_POLL:
      note_poll (emitter, operand, step);
      break;
    default:
      break;
    }
}

static void
note_call (TramaEmitter *emitter, const TramaStep *step, guint index)
{
  gboolean receives = trama_emit_receives_data (step->call);
  TramaEmitVariable *variable;

  for (guint i = 0; i < step->n_operands; i++)
    note_operand (emitter, &step->operands[i], index, receives);
  note_result (emitter, step, index);
  if (!receives)
    return;
  variable = trama_emit_variable (emitter, step->operands[0].number);
  variable->received_bytes = MAX (variable->received_bytes, step->operands[2].number);
}

/* Of each step, where the block ends that it stands in. */
static void
find_blocks (TramaEmitter *emitter)
{
  const TramaScript *script = emitter->script;
  guint ends[TRAMA_SESSION_MAX_DEPTH + 1] = { script->n_steps };
  guint depth = 0;

  emitter->block_ends = g_renew (guint, emitter->block_ends, script->n_steps);
  emitter->fork_names = g_renew (const char *, emitter->fork_names, script->n_steps);
  for (guint i = 0; i < script->n_steps; i++)
    {
      const TramaStep *step = &script->steps[i];

      depth -= step->kind == TRAMA_STEP_END;
      emitter->block_ends[i] = ends[depth];
      if (step->kind == TRAMA_STEP_REPEAT || step->kind == TRAMA_STEP_FORK)
        ends[++depth] = step->other;
    }
}

static const char *
name_beside (TramaEmitter *emitter, const TramaEmitVariable *variable, const char *what)
{
  g_autofree char *name = g_strdup_printf ("%s_%s", variable->name, what);

  return trama_emit_new_sized_name (emitter, name);
}

void
trama_emit_begin_names (TramaEmitter *emitter)
{
  const TramaScript *script = emitter->script;

  g_hash_table_remove_all (emitter->taken);
  g_array_set_size (emitter->variables, 0);
  for (guint i = 0; i < script->n_variables; i++)
    {
      TramaEmitVariable variable = { .first = G_MAXUINT };

      variable.name = trama_emit_new_name (emitter, script->variables[i]);
      g_array_append_val (emitter->variables, variable);
    }
  for (guint i = 0; i < script->n_steps; i++)
    if (script->steps[i].kind == TRAMA_STEP_CALL)
      note_call (emitter, &script->steps[i], i);
  for (guint i = 0; i < script->n_variables; i++)
    {
      TramaEmitVariable *variable = trama_emit_variable (emitter, i);

      variable->sender = variable->has_sender ? name_beside (emitter, variable, "sender") : NULL;
      variable->received = variable->has_received ? name_beside (emitter, variable, "received") : NULL;
    }
  find_blocks (emitter);
}

const char *
trama_emit_local (TramaEmitter *emitter, TramaEmitLocal local)
{
  static const char *const names[] = {
    [TRAMA_EMIT_RESULT] = "n",
    [TRAMA_EMIT_BUFFER] = "buffer",
    [TRAMA_EMIT_FILLED] = "filled",
    [TRAMA_EMIT_PEER] = "peer",
    [TRAMA_EMIT_PEER_SIZE] = "peer_size",
    [TRAMA_EMIT_OPTION_SIZE] = "value_size",
    [TRAMA_EMIT_OPTION_INT] = "value",
    [TRAMA_EMIT_OPTION_LINGER] = "linger",
    [TRAMA_EMIT_OPTION_TIMEVAL] = "timeval",
    [TRAMA_EMIT_OPTION_TEXT] = "text",
    [TRAMA_EMIT_OPTION_CREDENTIALS] = "credentials",
  };

  if (emitter->locals[local] == NULL)
    emitter->locals[local] = trama_emit_new_name (emitter, names[local]);
  return emitter->locals[local];
}

const char *
trama_emit_target (TramaEmitter *emitter, gint64 index, guint step)
{
  TramaEmitVariable *variable = trama_emit_variable (emitter, index);

  if (variable->is_declared || variable->first != step || variable->last > emitter->block_ends[step])
    return variable->name;
  variable->is_declared = TRUE;
  return trama_emit_keep (emitter, "%s %s", variable->is_count ? "ssize_t" : "int", variable->name);
}

/* What is large is no load for the stack. @name NULL: it is not needed. */
static void
declare_bytes (TramaEmitter *emitter, const char *name, gint64 size)
{
  if (name != NULL)
    trama_emit_line (emitter, "%schar %s[%" G_GINT64_FORMAT "];", size > STACK_BYTES ? "static " : "", name,
                     MAX (size, 1));
}

static void
declare_locals (TramaEmitter *emitter)
{
  static const struct
  {
    TramaEmitLocal local;
    const char *type;
  } plain[] = {
    { TRAMA_EMIT_PEER, "struct sockaddr_storage" },
    { TRAMA_EMIT_PEER_SIZE, "socklen_t" },
    { TRAMA_EMIT_OPTION_INT, "int" },
    { TRAMA_EMIT_OPTION_LINGER, "struct linger" },
    { TRAMA_EMIT_OPTION_TIMEVAL, "struct timeval" },
    { TRAMA_EMIT_OPTION_CREDENTIALS, "struct ucred" },
    { TRAMA_EMIT_OPTION_SIZE, "socklen_t" },
    { TRAMA_EMIT_RESULT, "ssize_t" },
  };

  declare_bytes (emitter, emitter->locals[TRAMA_EMIT_FILLED], emitter->filled_bytes);
  declare_bytes (emitter, emitter->locals[TRAMA_EMIT_BUFFER], emitter->buffer_bytes);
  if (emitter->locals[TRAMA_EMIT_OPTION_TEXT] != NULL)
    trama_emit_line (emitter, "char %s[%d] = \"\";", emitter->locals[TRAMA_EMIT_OPTION_TEXT],
                     TRAMA_EMIT_OPTION_TEXT_BYTES);
  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (emitter->locals[plain[i].local] != NULL)
      trama_emit_line (emitter, "%s %s;", plain[i].type, emitter->locals[plain[i].local]);
}

static void
declare_variable (TramaEmitter *emitter, const TramaEmitVariable *variable)
{
  if (variable->sender != NULL)
    {
      trama_emit_line (emitter, "struct sockaddr_storage %s = { 0 };", variable->sender);
      trama_emit_line (emitter, "socklen_t %s_size = 0;", variable->sender);
    }
  if (variable->received != NULL)
    {
      declare_bytes (emitter, variable->received, variable->received_bytes);
      trama_emit_line (emitter, "size_t %s_size = 0;", variable->received);
    }
  if (!variable->is_declared && (variable->is_read || variable->is_written))
    trama_emit_line (emitter, "%s %s = -1;", variable->is_count ? "ssize_t" : "int", variable->name);
}

void
trama_emit_declarations (TramaEmitter *emitter)
{
  for (guint i = 0; i < emitter->addresses->len; i++)
    trama_emit_declare_address (emitter, &g_array_index (emitter->addresses, TramaEmitAddress, i));
  declare_locals (emitter);
  for (guint i = 0; i < emitter->variables->len; i++)
    declare_variable (emitter, trama_emit_variable (emitter, i));
  for (guint i = 0; i < trama_session_n_signals (emitter->session); i++)
    if (emitter->waits[i] != NULL)
      trama_emit_line (emitter, "int %s = 0;", emitter->waits[i]);
  trama_emit_gap (emitter);
  if (emitter->locals[TRAMA_EMIT_FILLED] == NULL)
    return;
  trama_emit_line (emitter, "fill(%s, sizeof %s);", emitter->locals[TRAMA_EMIT_FILLED],
                   emitter->locals[TRAMA_EMIT_FILLED]);
  trama_emit_gap (emitter);
}
