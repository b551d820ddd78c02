/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/lab/actor.h"

#include "core/trace/call.h"
#include "core/trace/pcapng.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

typedef struct
{
  guint8 bytes[TRAMA_ADDRESS_MAX_BYTES];
  guint32 size;
} Address;

typedef struct
{
  const TramaActorTask *task;
  const TramaScript *script;
  TramaCaller *caller;
  GByteArray *record;
  gint64 variables[TRAMA_SESSION_MAX_VARIABLES];
  Address senders[TRAMA_SESSION_MAX_VARIABLES]; /* where the last datagram on that socket came from */
  guint waits[TRAMA_SESSION_MAX_SIGNALS];
} Actor;

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Actor *actor = user_data;

  g_byte_array_set_size (actor->record, 0);
  trama_pcapng_write_event (actor->record, event);
  trama_ring_write (actor->task->ring, actor->record->data, actor->record->len);
}

/* Standard input, output and error stay taken, as in any program; the output is not ours to write to. */
static void
leave_the_lab (const TramaActorTask *task)
{
  int null = open ("/dev/null", O_RDWR);

  if (null >= 0)
    {
      dup2 (null, STDIN_FILENO);
      dup2 (null, STDOUT_FILENO);
    }
  close_range (3, ~0u, 0);
  prctl (PR_SET_NAME, trama_session_get_actor (task->session, task->index)->name);
  signal (SIGPIPE, SIG_DFL);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  if (getppid () != task->lab)
    _exit (1);
}

static TramaValue
evaluate (Actor *actor, const TramaOperand *operand)
{
  switch (operand->kind)
    {
    case TRAMA_OPERAND_NUMBER:
      return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = operand->number };
    case TRAMA_OPERAND_VARIABLE:
      return (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = actor->variables[operand->number] };
    case TRAMA_OPERAND_SENDER:
      return (TramaValue){
        .kind = TRAMA_VALUE_ADDRESS,
        .bytes = actor->senders[operand->number].bytes,
        .size = actor->senders[operand->number].size,
      };
    case TRAMA_OPERAND_ADDRESS:
      return (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .bytes = operand->bytes, .size = operand->size };
    case TRAMA_OPERAND_DATA:
      return (TramaValue){
        .kind = TRAMA_VALUE_DATA,
        .bytes = operand->bytes,
        .size = operand->size,
        .number = operand->size,
      };
    default:
      return (TramaValue){ .kind = TRAMA_VALUE_NONE };
    }
}

static void
evaluate_operands (Actor *actor, const TramaStep *step, TramaCall *call)
{
  for (guint i = 0; i < step->n_operands; i++)
    {
      call->args[i] = evaluate (actor, &step->operands[i]);
      /* Only now is it known how long that address is. */
      if (i > 0 && step->operands[i - 1].kind == TRAMA_OPERAND_SENDER)
        call->args[i] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = call->args[i - 1].size };
    }
}

static void
remember_sender (Actor *actor, const TramaStep *step, const TramaCall *call)
{
  const TramaOperand *socket = &step->operands[0];
  Address *sender;

  if (call->name != TRAMA_CALL_RECVFROM || socket->kind != TRAMA_OPERAND_VARIABLE
      || call->args[4].kind != TRAMA_VALUE_ADDRESS)
    return;
  sender = &actor->senders[socket->number];
  sender->size = call->args[4].size;
  memcpy (sender->bytes, call->args[4].bytes, sender->size);
}

static gboolean
make_call (Actor *actor, const TramaStep *step)
{
  const TramaCallInfo *info = trama_call_info (step->call);
  TramaCall call = { .name = (guint16) step->call, .line = step->line, .n_args = (guint16) step->n_operands };
  g_autofree char *text = NULL;
  g_autofree char *message = NULL;

  evaluate_operands (actor, step, &call);
  trama_turns_enter (actor->task->turns, actor->task->index, (info->traits & TRAMA_CALL_RECEIVES) != 0,
                     step->line);
  trama_caller_call (actor->caller, &call);
  trama_turns_leave (actor->task->turns, actor->task->index);
  if (call.result >= 0)
    {
      if (step->result >= 0)
        actor->variables[step->result] = call.result;
      remember_sender (actor, step, &call);
      return TRUE;
    }
  text = trama_call_format (&call);
  /* Translators: who, the line of the session, the call as in C, the error in words. */
  message = g_strdup_printf (_ ("%s, line %u: %s: %s"), actor->script->name, step->line, text,
                             g_strerror (call.error));
  trama_turns_fail (actor->task->turns, message);
  return FALSE;
}

static gboolean
take_step (Actor *actor, const TramaStep *step)
{
  switch (step->kind)
    {
    case TRAMA_STEP_SIGNAL:
      trama_turns_signal (actor->task->turns, step->signal);
      return TRUE;
    case TRAMA_STEP_WAIT:
      trama_turns_wait (actor->task->turns, actor->task->index, step->signal, ++actor->waits[step->signal]);
      return TRUE;
    default:
      return make_call (actor, step);
    }
}

void
trama_actor_run (const TramaActorTask *task)
{
  Actor *actor = g_new0 (Actor, 1);
  gboolean ok = TRUE;

  leave_the_lab (task);
  actor->task = task;
  actor->script = trama_session_get_actor (task->session, task->index);
  actor->record = g_byte_array_sized_new (2 * TRAMA_DATA_MAX_BYTES);
  actor->caller = trama_caller_new (task->index + 1, task->flags, on_event, actor);
  trama_turns_join (task->turns, task->index);
  for (guint i = 0; ok && i < actor->script->n_steps; i++)
    ok = take_step (actor, &actor->script->steps[i]);
  /* What is still open the kernel closes at the end of the process, and the others go on only when
   * the lab has seen that. Who has closed everything need not keep them waiting. */
  if (ok && !trama_caller_has_sockets (actor->caller))
    trama_turns_end (task->turns, task->index);
  /* Not exit (): what the lab registered to happen at its end is the lab's. */
  _exit (ok ? 0 : 1);
}
