/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns_private.h"

#define NS_PER_MS 1000000

TramaPositionStatus
trama_turns_get_position (TramaTurns *turns, guint actor, guint *line)
{
  static const TramaPositionStatus positions[] = {
    [TRAMA_SLOT_RUNNING] = TRAMA_POSITION_RUNNING, [TRAMA_SLOT_AT_GATE] = TRAMA_POSITION_GATE,
    [TRAMA_SLOT_IN_CALL] = TRAMA_POSITION_CALL,    [TRAMA_SLOT_WAITING] = TRAMA_POSITION_WAITING,
    [TRAMA_SLOT_RESTING] = TRAMA_POSITION_RUNNING, [TRAMA_SLOT_ENDED] = TRAMA_POSITION_ENDED,
  };
  const TramaSlot *slot = &turns->slots[actor];
  guint32 status = atomic_load (&slot->status);

  *line = status != TRAMA_SLOT_ENDED ? atomic_load (&slot->line) : 0;
  return positions[status];
}

guint
trama_turns_get_last_line (TramaTurns *turns, guint actor)
{
  return atomic_load (&turns->slots[actor].line);
}

guint64
trama_turns_count_calls (TramaTurns *turns)
{
  guint64 calls = 0;

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    calls += atomic_load_explicit (&turns->slots[i].calls, memory_order_relaxed);
  return calls;
}

guint64
trama_turns_count_steps (TramaTurns *turns)
{
  guint64 steps = 0;

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    steps += atomic_load_explicit (&turns->slots[i].steps, memory_order_relaxed);
  return steps;
}

static void
take_back_steps (TramaTurns *turns)
{
  atomic_store (&turns->steps_granted, 0);
  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    atomic_store (&turns->slots[i].steps_granted, 0);
}

void
trama_turns_hold (TramaTurns *turns)
{
  atomic_store (&turns->until_line, 0);
  atomic_fetch_or (&turns->gates, TRAMA_GATE_HELD);
  atomic_fetch_and (&turns->gates, ~(guint32) TRAMA_GATE_UNTIL);
  trama_turns_announce (turns);
}

void
trama_turns_run (TramaTurns *turns)
{
  take_back_steps (turns);
  atomic_store (&turns->until_line, 0);
  atomic_fetch_and (&turns->gates, ~(guint32) (TRAMA_GATE_HELD | TRAMA_GATE_UNTIL));
  trama_turns_announce (turns);
}

void
trama_turns_step (TramaTurns *turns, guint actor)
{
  if (!(atomic_load (&turns->gates) & TRAMA_GATE_HELD))
    return;
  atomic_fetch_add (
      actor < TRAMA_TURNS_MAX_ACTORS ? &turns->slots[actor].steps_granted : &turns->steps_granted, 1);
  trama_turns_announce (turns);
}

void
trama_turns_run_until (TramaTurns *turns, guint line)
{
  take_back_steps (turns);
  atomic_store (&turns->until_line, line);
  atomic_fetch_or (&turns->gates, TRAMA_GATE_UNTIL);
  atomic_fetch_and (&turns->gates, ~(guint32) TRAMA_GATE_HELD);
  trama_turns_announce (turns);
}

void
trama_turns_set_pace (TramaTurns *turns, guint pace_ms)
{
  atomic_store (&turns->pace_ns, (gint64) pace_ms * NS_PER_MS);
  atomic_store (&turns->next_step_ns, 0);
  if (pace_ms > 0)
    atomic_fetch_or (&turns->gates, TRAMA_GATE_PACED);
  else
    atomic_fetch_and (&turns->gates, ~(guint32) TRAMA_GATE_PACED);
  trama_turns_announce (turns);
}

gboolean
trama_turns_is_watched (TramaTurns *turns)
{
  return (atomic_load (&turns->gates) & (TRAMA_GATE_HELD | TRAMA_GATE_PACED | TRAMA_GATE_UNTIL)) != 0;
}

gboolean
trama_turns_is_standing (TramaTurns *turns)
{
  guint32 gates = atomic_load (&turns->gates);

  if (gates & TRAMA_GATE_HELD || !(gates & TRAMA_GATE_PACED))
    return (gates & TRAMA_GATE_HELD) != 0;
  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    if (atomic_load (&turns->slots[i].status) == TRAMA_SLOT_AT_GATE)
      return TRUE;
  return FALSE;
}
