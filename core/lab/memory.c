/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/memory.h"

#include "core/trace/call.h"

#include <poll.h>
#include <string.h>

typedef struct
{
  guint8 bytes[TRAMA_ADDRESS_MAX_BYTES];
  guint32 size;
} Address;

struct _TramaMemory
{
  /* Nothing holds a descriptor before it was given one: a call on it is EBADF. */
  gint64 variables[TRAMA_SESSION_MAX_VARIABLES];
  Address senders[TRAMA_SESSION_MAX_VARIABLES];      /* where the last datagram on that socket came from */
  GByteArray *received[TRAMA_SESSION_MAX_VARIABLES]; /* NULL: nobody asks for it */
  GByteArray *fill;                                  /* as much of the pattern as was asked for at most */
  GArray *descriptors;                               /* int; of rights () */
  GArray *polled;                                    /* struct pollfd */
};

TramaMemory *
trama_memory_new (const TramaScript *script)
{
  TramaMemory *memory = g_new0 (TramaMemory, 1);

  for (guint i = 0; i < TRAMA_SESSION_MAX_VARIABLES; i++)
    memory->variables[i] = -1;
  for (guint i = 0; i < script->n_steps; i++)
    for (guint k = 0; k < script->steps[i].n_operands; k++)
      {
        const TramaOperand *operand = &script->steps[i].operands[k];

        if (operand->kind == TRAMA_OPERAND_RECEIVED && memory->received[operand->number] == NULL)
          memory->received[operand->number] = g_byte_array_new ();
      }
  memory->fill = g_byte_array_new ();
  memory->descriptors = g_array_new (FALSE, TRUE, sizeof (gint32));
  memory->polled = g_array_new (FALSE, TRUE, sizeof (struct pollfd));
  return memory;
}

void
trama_memory_free (TramaMemory *memory)
{
  if (memory == NULL)
    return;
  for (guint i = 0; i < TRAMA_SESSION_MAX_VARIABLES; i++)
    g_clear_pointer (&memory->received[i], g_byte_array_unref);
  g_byte_array_unref (memory->fill);
  g_array_unref (memory->descriptors);
  g_array_unref (memory->polled);
  g_free (memory);
}

static TramaValue
data_value (gconstpointer bytes, gsize size)
{
  return (TramaValue){
    .kind = TRAMA_VALUE_DATA,
    .bytes = size > 0 ? bytes : NULL,
    .size = (guint32) size,
    .number = (gint64) size,
  };
}

static TramaValue
number_value (gint64 number)
{
  return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = number };
}

static TramaValue
evaluate_fill (TramaMemory *memory, gsize size)
{
  if (memory->fill->len < size)
    {
      g_byte_array_set_size (memory->fill, (guint) size);
      trama_session_fill (memory->fill->data, size);
    }
  return data_value (memory->fill->data, size);
}

/* For recvmsg too: there is room for as many as are named. */
static TramaValue
evaluate_rights (TramaMemory *memory, const TramaOperand *operand)
{
  g_array_set_size (memory->descriptors, operand->size);
  for (guint i = 0; i < operand->size; i++)
    g_array_index (memory->descriptors, gint32, i) = (gint32) memory->variables[operand->bytes[i]];
  return data_value (memory->descriptors->data, operand->size * sizeof (gint32));
}

static TramaValue
evaluate_poll (TramaMemory *memory, const TramaOperand *operand)
{
  guint n = operand->size / sizeof (TramaPollItem);

  g_array_set_size (memory->polled, n);
  for (guint i = 0; i < n; i++)
    {
      TramaPollItem item;

      memcpy (&item, operand->bytes + i * sizeof item, sizeof item);
      g_array_index (memory->polled, struct pollfd, i) = (struct pollfd){
        .fd = (int) memory->variables[item.variable],
        .events = (short) item.events,
      };
    }
  return data_value (memory->polled->data, n * sizeof (struct pollfd));
}

static TramaValue
evaluate (TramaMemory *memory, const TramaOperand *operand)
{
  switch (operand->kind)
    {
    case TRAMA_OPERAND_NUMBER:
      return number_value (operand->number);
    case TRAMA_OPERAND_VARIABLE:
      return number_value (memory->variables[operand->number]);
    case TRAMA_OPERAND_SENDER:
      return (TramaValue){
        .kind = TRAMA_VALUE_ADDRESS,
        .bytes = memory->senders[operand->number].bytes,
        .size = memory->senders[operand->number].size,
      };
    case TRAMA_OPERAND_ADDRESS:
      return (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .bytes = operand->bytes, .size = operand->size };
    case TRAMA_OPERAND_DATA:
      return data_value (operand->bytes, operand->size);
    case TRAMA_OPERAND_FILL:
      return evaluate_fill (memory, (gsize) operand->number);
    case TRAMA_OPERAND_RECEIVED:
      return data_value (memory->received[operand->number]->data, memory->received[operand->number]->len);
    case TRAMA_OPERAND_RIGHTS:
      return evaluate_rights (memory, operand);
    case TRAMA_OPERAND_POLL:
      return evaluate_poll (memory, operand);
    default:
      return (TramaValue){ .kind = TRAMA_VALUE_NONE };
    }
}

/* Only now is it known how long what stands before it is. */
static gboolean
is_size_of_previous (const TramaStep *step, guint index)
{
  guint32 previous = index > 0 ? step->operands[index - 1].kind : TRAMA_OPERAND_NONE;

  return step->operands[index].kind == TRAMA_OPERAND_NONE
         && (previous == TRAMA_OPERAND_SENDER || previous == TRAMA_OPERAND_RECEIVED);
}

void
trama_memory_prepare (TramaMemory *memory, const TramaStep *step, TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (step->call);

  *call =
      (TramaCall){ .name = (guint16) step->call, .line = step->line, .n_args = (guint16) step->n_operands };
  for (guint i = 0; i < step->n_operands; i++)
    {
      guint8 kind = info->parameters[i].kind;

      call->args[i] = evaluate (memory, &step->operands[i]);
      if (is_size_of_previous (step, i)
          && (kind == TRAMA_PARAMETER_ADDRESS_SIZE || kind == TRAMA_PARAMETER_DATA_SIZE))
        call->args[i] = number_value (call->args[i - 1].size);
    }
}

/* What the kernel filled in for a parameter of that kind, or NULL. */
static const TramaValue *
find_given (const TramaCall *call, TramaParameterKind kind)
{
  const TramaCallInfo *info = trama_call_info (call->name);

  for (guint i = 0; i < info->n_parameters; i++)
    if (info->parameters[i].filled_by_kernel && info->parameters[i].kind == kind)
      return &call->args[i];
  return NULL;
}

static void
keep_received (TramaMemory *memory, guint variable, const TramaCall *call)
{
  const TramaValue *data = find_given (call, TRAMA_PARAMETER_DATA);
  const TramaValue *name = find_given (call, TRAMA_PARAMETER_ADDRESS);
  GByteArray *received = memory->received[variable];
  Address *sender = &memory->senders[variable];

  if (data != NULL && data->kind == TRAMA_VALUE_DATA && received != NULL)
    {
      g_byte_array_set_size (received, 0);
      g_byte_array_append (received, data->bytes, data->size);
    }
  if (data != NULL && name != NULL && name->kind == TRAMA_VALUE_ADDRESS)
    {
      sender->size = MIN (name->size, sizeof sender->bytes);
      memcpy (sender->bytes, name->bytes, sender->size);
    }
}

static gint32
descriptor_at (const TramaValue *descriptors, guint index)
{
  gint32 descriptor = -1;

  if (descriptors != NULL && descriptors->kind == TRAMA_VALUE_DATA
      && descriptors->size >= (index + 1) * sizeof descriptor)
    memcpy (&descriptor, descriptors->bytes + index * sizeof descriptor, sizeof descriptor);
  return descriptor;
}

static void
keep_rights (TramaMemory *memory, const TramaStep *step, const TramaCall *call)
{
  const TramaValue *control = find_given (call, TRAMA_PARAMETER_CONTROL);

  if (control == NULL)
    return;
  for (guint i = 0; i < step->n_operands; i++)
    if (step->operands[i].kind == TRAMA_OPERAND_RIGHTS)
      for (guint k = 0; k < step->operands[i].size; k++)
        memory->variables[step->operands[i].bytes[k]] = descriptor_at (control, k);
}

void
trama_memory_keep (TramaMemory *memory, const TramaStep *step, const TramaCall *call)
{
  if (call->name == TRAMA_CALL_SOCKETPAIR)
    {
      const TramaValue *pair = find_given (call, TRAMA_PARAMETER_PAIR);

      if (step->result >= 0)
        memory->variables[step->result] = descriptor_at (pair, 0);
      if (step->result_2 >= 0)
        memory->variables[step->result_2] = descriptor_at (pair, 1);
      return;
    }
  if (step->result >= 0)
    memory->variables[step->result] = call->result;
  if (call->result < 0)
    return;
  if (step->n_operands > 0 && step->operands[0].kind == TRAMA_OPERAND_VARIABLE)
    keep_received (memory, (guint) step->operands[0].number, call);
  keep_rights (memory, step, call);
}
