/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/tcp_state.h"

#include "core/decode/decode.h"
#include "core/flow/sequence.h"
#include "core/trace/event.h"

/* The window of a SYN is not scaled: before it is answered, no more can be sent. RFC 7323, section 2.2. */
#define FIRST_WINDOW_BYTES 65535

/* What TramaTcpSide.entered has room for. */
G_STATIC_ASSERT (TRAMA_TCP_TIME_WAIT < 12);

/* One segment on its way through the machine. */
typedef struct
{
  const TramaTcpSegment *segment;
  TramaTcpSide *from;
  TramaTcpSide *to;
  TramaTcpEffect *effect;
} Step;

static gboolean
has (const Step *step, guint8 flag)
{
  return (step->segment->flags & flag) != 0;
}

gboolean
trama_tcp_is_of_opening (const TramaTcpSide *side, guint32 number)
{
  return side->syn_sent && number - (side->isn + 1) <= FIRST_WINDOW_BYTES;
}

static void
set_state (TramaTcpSide *side, guint8 state)
{
  side->state = state & 0xf;
  side->entered |= 1u << state;
}

static void
report (Step *step, const TramaTcpSide *side, guint32 at, gboolean withdraws)
{
  TramaTcpEffect *effect = step->effect;

  g_return_if_fail (effect->n < TRAMA_TCP_TRANSITIONS_MAX);
  effect->transitions[effect->n++] = (TramaTcpTransition){
    .at = at,
    .side = side == step->from ? step->segment->from : step->segment->to,
    .state = side->state,
    .withdraws = withdraws != FALSE,
  };
}

static void
enter_at (Step *step, TramaTcpSide *side, guint8 state, guint32 at)
{
  if (side->state == state)
    return;
  set_state (side, state);
  report (step, side, at, FALSE);
}

static void
enter (Step *step, TramaTcpSide *side, guint8 state)
{
  enter_at (step, side, state, step->segment->at);
}

static void
expect (TramaTcpSide *side, guint32 sequence)
{
  if (!side->expects || trama_is_after (sequence, side->expected))
    side->expected = sequence;
  side->expects = TRUE;
}

/* TRUE when the segment acknowledges the SYN of the side that receives it. */
static gboolean
covers_syn (const Step *step)
{
  const TramaTcpSide *to = step->to;

  if (!has (step, TRAMA_TCP_ACK) || !to->syn_sent)
    return FALSE;
  if (to->state == TRAMA_TCP_SYN_SENT)
    return trama_tcp_is_of_opening (to, step->segment->acknowledgment);
  return trama_is_after (step->segment->acknowledgment, to->isn);
}

static gboolean
covers_fin (const Step *step)
{
  return has (step, TRAMA_TCP_ACK) && step->to->fin_sent
         && !trama_is_after (step->to->fin_end, step->segment->acknowledgment);
}

/*
 * A reset counts when it could be of this connection: in SYN-SENT it must acknowledge the
 * SYN, later it must not be older than what was received. Behind a FIN it may repeat the
 * FIN's number, for it answers what was sent before the FIN came; Linux takes that in
 * these three states (tcp_reset_check), and in TIME-WAIT only the very next number
 * (RFC 9293, section 3.10.7.4, second check).
 */
static gboolean
reset_is_acceptable (const Step *step)
{
  const TramaTcpSide *to = step->to;
  guint32 sequence = step->segment->sequence;

  switch (to->state)
    {
    case TRAMA_TCP_SYN_SENT:
      return covers_syn (step);
    case TRAMA_TCP_CLOSE_WAIT:
    case TRAMA_TCP_CLOSING:
    case TRAMA_TCP_LAST_ACK:
      return !to->expects || !trama_is_after (to->expected - 1, sequence);
    case TRAMA_TCP_TIME_WAIT:
      return !to->expects || sequence == to->expected;
    default:
      return !to->expects || !trama_is_after (to->expected, sequence);
    }
}

/*
 * Who is still opening refuses what acknowledges something else with a reset, and goes on
 * waiting (RFC 9293, sections 3.10.7.3 and 3.10.7.4, fifth check). So a reset of a side
 * in SYN-RECEIVED ends its connection only when its number is of it.
 */
static gboolean
refuses_something_else (const Step *step)
{
  const TramaTcpSide *from = step->from;

  return from->state == TRAMA_TCP_SYN_SENT
         || (from->state == TRAMA_TCP_SYN_RECEIVED
             && !trama_tcp_is_of_opening (from, step->segment->sequence));
}

/* Nobody who has this connection sends a number from before it began. */
static gboolean
is_foreign (const Step *step)
{
  const TramaTcpSide *from = step->from;

  return from->syn_sent && from->state >= TRAMA_TCP_ESTABLISHED && step->to->state >= TRAMA_TCP_ESTABLISHED
         && trama_is_after (from->isn, step->segment->sequence);
}

/*
 * Only with the next number a reset is taken; behind it, it is asked about, and before it
 * dropped (RFC 9293, section 3.10.7.4, first check). But it may be that the next has not
 * been captured, or that the reset answers something old: who goes on after it was not
 * closed by it, or has not sent it.
 */
static gboolean
is_doubtful (const Step *step)
{
  const TramaTcpSide *to = step->to;

  return to->state >= TRAMA_TCP_ESTABLISHED && to->expects && step->segment->sequence != to->expected;
}

/* Where its own FIN and its peer's leave a side that is not closed. */
static guint8
state_of_fins (const TramaTcpSide *side)
{
  if (!side->fin_sent)
    return side->fin_came ? TRAMA_TCP_CLOSE_WAIT : TRAMA_TCP_ESTABLISHED;
  if (!side->fin_came)
    return side->fin_acked ? TRAMA_TCP_FIN_WAIT_2 : TRAMA_TCP_FIN_WAIT_1;
  if (side->fin_acked)
    return TRAMA_TCP_TIME_WAIT;
  return side->after_fin == TRAMA_TCP_CLOSING ? TRAMA_TCP_CLOSING : TRAMA_TCP_LAST_ACK;
}

/* It goes on: no reset has closed it. */
static void
revive (Step *step)
{
  TramaTcpSide *from = step->from;

  if (!from->is_doubted)
    return;
  from->is_doubted = FALSE;
  if (from->state != TRAMA_TCP_CLOSED)
    return;
  from->state = state_of_fins (from) & 0xf;
  report (step, from, step->segment->at, TRUE);
}

/* Nobody sends a reset from TIME-WAIT: the FIN that seemed to bring it there had not come. */
static void
withdraw_time_wait (Step *step)
{
  TramaTcpSide *from = step->from;

  if (from->state != TRAMA_TCP_TIME_WAIT || from->fin_certain || !from->fin_came
      || from->after_fin != TRAMA_TCP_TIME_WAIT)
    return;
  from->state = from->before_fin;
  from->fin_came = FALSE;
  report (step, from, step->segment->at, TRUE);
}

static void
observe_reset (Step *step)
{
  gboolean unseen = step->from->state == TRAMA_TCP_UNKNOWN && step->to->state == TRAMA_TCP_UNKNOWN;
  gboolean acceptable = reset_is_acceptable (step);
  gboolean refuses = refuses_something_else (step);
  gboolean is_doubted = is_doubtful (step);

  if (is_foreign (step) || (refuses && step->from->state == TRAMA_TCP_SYN_RECEIVED))
    return;
  withdraw_time_wait (step);
  step->from->is_doubted = is_doubted && step->from->state != TRAMA_TCP_CLOSED;
  step->to->is_doubted = is_doubted;
  if (unseen || (step->from->state != TRAMA_TCP_UNKNOWN && !refuses))
    enter (step, step->from, TRAMA_TCP_CLOSED);
  if (!unseen && (step->to->state == TRAMA_TCP_UNKNOWN || !acceptable))
    return;
  if (step->to->state == TRAMA_TCP_SYN_SENT)
    step->effect->wakes |= TRAMA_TCP_WAKES_CONNECTOR;
  else if (step->to->state != TRAMA_TCP_CLOSED)
    step->effect->wakes |= TRAMA_TCP_WAKES_READER;
  enter (step, step->to, TRAMA_TCP_CLOSED);
}

/* Two SYNs that cross open the connection from both sides (RFC 9293, figure 7). */
static void
observe_syn (Step *step)
{
  TramaTcpSide *from = step->from, *to = step->to;

  if (from->state == TRAMA_TCP_UNKNOWN)
    enter (step, from, TRAMA_TCP_SYN_SENT);
  if (from->state != TRAMA_TCP_SYN_SENT || to->state != TRAMA_TCP_SYN_SENT)
    return;
  enter (step, to, TRAMA_TCP_SYN_RECEIVED);
  enter (step, from, TRAMA_TCP_SYN_RECEIVED);
}

/*
 * Only the answer shows that a SYN was taken and not refused or lost; SYN-RECEIVED
 * then began with the SYN that is answered (RFC 9293, figure 6).
 */
static void
observe_syn_ack (Step *step)
{
  TramaTcpSide *from = step->from, *to = step->to;
  gboolean covers = covers_syn (step);

  if (from->state == TRAMA_TCP_UNKNOWN)
    enter_at (step, from, TRAMA_TCP_SYN_RECEIVED, covers ? to->syn_at : step->segment->at);
  else if (from->state == TRAMA_TCP_SYN_SENT)
    enter (step, from, TRAMA_TCP_SYN_RECEIVED);
  if (to->state == TRAMA_TCP_UNKNOWN || (to->state == TRAMA_TCP_SYN_SENT && covers))
    {
      enter (step, to, TRAMA_TCP_ESTABLISHED);
      step->effect->wakes |= TRAMA_TCP_WAKES_CONNECTOR;
    }
}

/*
 * Of a connection that was there before the capture, an acknowledgment alone does not tell
 * in which state: it may be the last of all. Who sends data or a FIN had not closed yet.
 */
static void
observe_unknown (Step *step)
{
  TramaTcpSide *from = step->from;

  if (step->segment->payload_bytes == 0 && !has (step, TRAMA_TCP_FIN))
    return;
  from->fin_came = from->fin_certain = covers_fin (step);
  enter (step, from, from->fin_came ? TRAMA_TCP_CLOSE_WAIT : TRAMA_TCP_ESTABLISHED);
}

/*
 * Whoever sends neither SYN nor RST has the handshake behind it, seen or not. An
 * acknowledgment of something else than the peer's SYN answers with an older
 * connection (RFC 9293, section 3.5.1): it says nothing of this one.
 */
static void
observe_synchronized (Step *step)
{
  TramaTcpSide *from = step->from, *to = step->to;

  if (from->state != TRAMA_TCP_UNKNOWN && from->state != TRAMA_TCP_SYN_SENT)
    return;
  if (to->state == TRAMA_TCP_CLOSED || (to->state == TRAMA_TCP_SYN_SENT && !covers_syn (step)))
    return;
  if (from->state == TRAMA_TCP_UNKNOWN && !to->syn_sent)
    {
      observe_unknown (step);
      return;
    }
  enter (step, from, TRAMA_TCP_ESTABLISHED);
  if (to->state == TRAMA_TCP_UNKNOWN)
    enter (step, to, TRAMA_TCP_ESTABLISHED);
}

/* The peer's FIN has come to @side, and everything before it. */
static void
receive_fin (Step *step, TramaTcpSide *side, guint32 fin_end)
{
  side->fin_came = TRUE;
  side->before_fin = side->state;
  expect (side, fin_end);
  switch (side->state)
    {
    case TRAMA_TCP_SYN_RECEIVED:
    case TRAMA_TCP_ESTABLISHED:
      enter (step, side, TRAMA_TCP_CLOSE_WAIT);
      break;
    case TRAMA_TCP_FIN_WAIT_1:
      enter (step, side, side->fin_acked ? TRAMA_TCP_TIME_WAIT : TRAMA_TCP_CLOSING);
      break;
    case TRAMA_TCP_FIN_WAIT_2:
      enter (step, side, TRAMA_TCP_TIME_WAIT);
      break;
    default:
      break;
    }
  side->after_fin = side->state;
}

/*
 * What the sender says of what it has received. When it does not acknowledge the
 * peer's FIN, that had not come when it sent: the two crossed. TRUE: so it was.
 */
static gboolean
observe_own_acknowledgment (Step *step)
{
  TramaTcpSide *from = step->from;

  if (!has (step, TRAMA_TCP_ACK))
    return FALSE;
  expect (from, step->segment->acknowledgment);
  if (!step->to->fin_sent || from->fin_certain)
    return FALSE;
  if (covers_fin (step))
    {
      if (!from->fin_came)
        receive_fin (step, from, step->to->fin_end);
      from->fin_certain = TRUE;
      return FALSE;
    }
  if (!from->fin_came || from->state != from->after_fin || from->state == from->before_fin)
    return FALSE;
  from->state = from->before_fin;
  from->fin_came = FALSE;
  report (step, from, step->segment->at, TRUE);
  return TRUE;
}

static void
observe_own_fin (Step *step)
{
  TramaTcpSide *from = step->from;

  if (!has (step, TRAMA_TCP_FIN) || from->fin_sent)
    return;
  from->fin_sent = TRUE;
  from->fin_end = step->segment->sequence + (has (step, TRAMA_TCP_SYN) ? 1 : 0) + step->segment->payload_bytes
                  + 1;
  if (from->state == TRAMA_TCP_ESTABLISHED || from->state == TRAMA_TCP_SYN_RECEIVED)
    enter (step, from, TRAMA_TCP_FIN_WAIT_1);
  else if (from->state == TRAMA_TCP_CLOSE_WAIT)
    enter (step, from, TRAMA_TCP_LAST_ACK);
}

/* TRUE when this segment completes what the receiver wants up to the sender's FIN. */
static gboolean
brings_fin (const Step *step)
{
  const TramaTcpSide *from = step->from, *to = step->to;

  return from->fin_sent && !to->fin_came && to->expects && !trama_is_after (from->fin_end - 1, to->expected);
}

/*
 * The acknowledgment as its receiver takes it. From FIN-WAIT-1 a FIN in the same
 * segment leads to TIME-WAIT at once (RFC 9293, figure 5, note 2).
 */
static void
receive_acknowledgment (Step *step)
{
  TramaTcpSide *to = step->to;

  if (to->state == TRAMA_TCP_SYN_RECEIVED && covers_syn (step))
    {
      enter (step, to, TRAMA_TCP_ESTABLISHED);
      step->effect->wakes |= TRAMA_TCP_WAKES_ACCEPTOR;
    }
  if (!covers_fin (step))
    return;
  to->fin_acked = TRUE;
  if (to->state == TRAMA_TCP_FIN_WAIT_1 && !brings_fin (step))
    enter (step, to, TRAMA_TCP_FIN_WAIT_2);
  else if (to->state == TRAMA_TCP_CLOSING)
    enter (step, to, TRAMA_TCP_TIME_WAIT);
  else if (to->state == TRAMA_TCP_LAST_ACK)
    enter (step, to, TRAMA_TCP_CLOSED);
}

/* Bytes that leave no hole and were not there before. */
static void
receive_bytes (Step *step)
{
  TramaTcpSide *to = step->to;
  guint32 start = step->segment->sequence + (has (step, TRAMA_TCP_SYN) ? 1 : 0);
  guint32 end = start + step->segment->payload_bytes;

  if (to->expects && (trama_is_after (start, to->expected) || !trama_is_after (end, to->expected)))
    return;
  if (step->segment->payload_bytes > 0)
    step->effect->wakes |= TRAMA_TCP_WAKES_READER;
  expect (to, end);
}

void
trama_tcp_observe (TramaTcpConversation *conversation, const TramaTcpSegment *segment, TramaTcpEffect *effect)
{
  Step step = { segment, &conversation->side[segment->from], &conversation->side[segment->to], effect };
  gboolean crossed;

  effect->n = 0;
  effect->wakes = 0;
  if (has (&step, TRAMA_TCP_RST))
    {
      observe_reset (&step);
      return;
    }
  if (!has (&step, TRAMA_TCP_SYN | TRAMA_TCP_ACK))
    return; /* whoever gets it drops it: RFC 9293, section 3.10.7 */
  revive (&step);
  if (has (&step, TRAMA_TCP_SYN))
    {
      step.from->isn = segment->sequence;
      step.from->syn_sent = TRUE;
      step.from->syn_at = segment->at;
      if (has (&step, TRAMA_TCP_ACK))
        observe_syn_ack (&step);
      else
        observe_syn (&step);
    }
  else
    observe_synchronized (&step);

  crossed = observe_own_acknowledgment (&step);
  observe_own_fin (&step);
  if (crossed)
    receive_fin (&step, step.from, step.to->fin_end);
  receive_bytes (&step);
  receive_acknowledgment (&step);
  if (brings_fin (&step))
    {
      receive_fin (&step, step.to, step.from->fin_end);
      effect->wakes |= TRAMA_TCP_WAKES_READER;
    }
}

void
trama_tcp_set_state (TramaTcpConversation *conversation, guint side, guint8 state)
{
  set_state (&conversation->side[side], state);
}

gboolean
trama_tcp_was_in (const TramaTcpConversation *conversation, guint side, guint8 state)
{
  return (conversation->side[side].entered & (1u << state)) != 0;
}

gboolean
trama_tcp_is_over (const TramaTcpConversation *conversation)
{
  guint closed = 0;

  for (guint side = 0; side < 2; side++)
    switch (conversation->side[side].state)
      {
      case TRAMA_TCP_CLOSED:
      case TRAMA_TCP_TIME_WAIT:
        closed++;
        break;
      case TRAMA_TCP_UNKNOWN:
        break;
      default:
        return FALSE;
      }
  return closed > 0;
}

gboolean
trama_tcp_insists (const TramaTcpConversation *conversation, guint side, guint8 flags, guint32 sequence)
{
  const TramaTcpSide *sender = &conversation->side[side];

  return (flags & (TRAMA_TCP_SYN | TRAMA_TCP_ACK | TRAMA_TCP_RST)) == TRAMA_TCP_SYN
         && trama_tcp_is_over (conversation) && sender->syn_sent && sender->isn == sequence
         && !trama_tcp_was_in (conversation, 0, TRAMA_TCP_ESTABLISHED)
         && !trama_tcp_was_in (conversation, 1, TRAMA_TCP_ESTABLISHED);
}
