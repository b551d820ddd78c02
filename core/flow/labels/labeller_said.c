/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/labeller_private.h"

/* No acknowledgment is further ahead of the one before: RFC 7323, section 2.3. */
#define REACH (1u << 30)

/* RFC 2883, section 4: the first block, when it is acknowledged already or lies in the second. */
static gboolean
reports_duplicate (const TramaLabelStep *step)
{
  const TramaSackBlock *first = &step->options.sacks[0], *second = &step->options.sacks[1];

  if (step->options.n_sacks == 0)
    return FALSE;
  if (!trama_is_after (first->end, step->input->decoded->acknowledgment))
    return TRUE;
  return step->options.n_sacks > 1 && !trama_is_after (second->begin, first->begin)
         && !trama_is_after (first->end, second->end);
}

/* What its peer sent again, the latest first; NULL: so many are not remembered. */
static TramaResent *
resent_before (const TramaLabelStep *step, guint back)
{
  TramaLabelSide *to = step->to;

  if (back > MIN (to->n_resent, TRAMA_RESENT_MAX))
    return NULL;
  return &to->resent[(to->n_resent - back) % TRAMA_RESENT_MAX];
}

/* A timeout that was for nothing leaves nothing to make good: RFC 4015, section 3.2; RFC 5682, section 4. */
static void
label_spurious (TramaLabelStep *step, TramaResent *resent)
{
  resent->is_spurious = TRUE;
  if (resent->reason & TRAMA_LABEL_TIMEOUT)
    step->to->recovery.label = 0;
  *step->late = (TramaLateLabel){ resent->packet, resent->ordinal, TRAMA_LABEL_SPURIOUS, 0 };
}

/* Every report is of one that came again: the last that overlaps what came twice, and was not reported yet. */
static void
take_report (TramaLabelStep *step)
{
  const TramaSackBlock *block = &step->options.sacks[0];
  TramaResent *resent;

  for (guint back = 1; (resent = resent_before (step, back)) != NULL; back++)
    if (!resent->is_spurious && trama_is_after (resent->end, block->begin)
        && trama_is_after (block->end, resent->begin))
      {
        label_spurious (step, resent);
        return;
      }
}

/* The time stamp tells that the first sending is acknowledged: RFC 3522. */
static void
take_echo (TramaLabelStep *step)
{
  guint32 again;
  TramaResent *resent;

  if (!(step->options.present & TRAMA_OPTION_TIMESTAMPS)
      || !trama_flight_answers_first (&step->to->flight, step->input->decoded->acknowledgment,
                                      step->options.echo, &again))
    return;
  for (guint back = 1; (resent = resent_before (step, back)) != NULL; back++)
    if (resent->packet == again && !resent->is_spurious)
      label_spurious (step, resent);
}

/*
 * Nothing is waited for, and it acknowledges the same once more: it answers what its
 * receiver had already (RFC 9293, section 3.10.7.4, first check).
 */
static void
take_idle_repetition (TramaLabelStep *step)
{
  TramaResent *resent;

  for (guint back = 1; (resent = resent_before (step, back)) != NULL; back++)
    if (!resent->is_spurious && trama_label_is_recent (step, resent->time_ns))
      {
        label_spurious (step, resent);
        return;
      }
}

static gboolean
sacks_equal (const TramaLabelSide *from, const TramaTcpOptions *options)
{
  if (from->n_sacks != options->n_sacks)
    return FALSE;
  for (guint i = 0; i < options->n_sacks; i++)
    if (from->sacks[i].begin != options->sacks[i].begin || from->sacks[i].end != options->sacks[i].end)
      return FALSE;
  return TRUE;
}

/* TRUE: it reports something that its last one did not. */
static gboolean
learn_sacks (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  const TramaTcpOptions *options = &step->options;
  gboolean is_news = !sacks_equal (from, options) && options->n_sacks > 0;

  if (reports_duplicate (step))
    take_report (step);
  for (guint i = 0; i < options->n_sacks; i++)
    {
      guint32 end = options->sacks[i].end;

      from->sacks[i] = options->sacks[i];
      if (!trama_is_after (end, step->input->decoded->acknowledgment))
        continue;
      from->sack_high = from->has_sack_high ? trama_latest (from->sack_high, end) : end;
      from->has_sack_high = TRUE;
      from->asked_ns = step->input->time_ns;
    }
  from->n_sacks = options->n_sacks;
  return is_news;
}

static void
measure_rtt (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from, *to = step->to;
  gboolean has_echo = (step->options.present & TRAMA_OPTION_TIMESTAMPS) != 0;
  guint32 acknowledgment = step->input->decoded->acknowledgment;
  gboolean is_doubtful = to->has_doubt && trama_is_after (to->doubt_end, from->acknowledged);
  TramaSending sending;

  take_echo (step);
  if (!trama_flight_acknowledge (&to->flight, acknowledgment, has_echo ? &step->options.echo : NULL,
                                 &sending))
    return;
  step->facts->other = sending.packet;
  if (is_doubtful || step->input->time_ns < sending.time_ns)
    return;
  step->facts->rtt_ns = step->input->time_ns - sending.time_ns;
  if (from->shortest_ns == TRAMA_TIME_NONE || step->facts->rtt_ns < from->shortest_ns)
    from->shortest_ns = step->facts->rtt_ns;
}

/* What the other side must have sent, and was not captured. @before: what was acknowledged so far. */
static void
label_lost (TramaLabelStep *step, guint32 before)
{
  TramaLabelSide *to = step->to;
  guint32 acknowledgment = step->input->decoded->acknowledgment;
  guint32 known = trama_latest (to->next, before);

  if (!to->has_next)
    return;
  if (to->space.begin != to->space.end)
    step->facts->lost_bytes = trama_sent_space_missing (&to->space, before, acknowledgment);
  else if (trama_is_after (acknowledgment, known))
    step->facts->lost_bytes = acknowledgment - known;
  if (step->facts->lost_bytes > 0)
    step->facts->labels |= TRAMA_LABEL_LOST;
  to->next = trama_latest (to->next, acknowledgment);
}

static void
take_advance (TramaLabelStep *step, guint32 before)
{
  TramaLabelSide *from = step->from, *to = step->to;
  guint32 acknowledgment = step->input->decoded->acknowledgment;

  label_lost (step, before);
  measure_rtt (step);
  from->acknowledged = acknowledgment;
  from->duplicate_acks = 0;
  from->heard_ns = step->input->time_ns;
  if (from->has_sack_high && !trama_is_after (from->sack_high, acknowledgment))
    from->has_sack_high = FALSE;
  if (to->recovery.label != 0 && !trama_is_after (to->recovery.end, acknowledgment))
    to->recovery.label = 0;
}

static gboolean
is_pure (const TramaLabelStep *step)
{
  return step->begin == step->end;
}

static gboolean
asks (const TramaLabelStep *step)
{
  return (step->facts->labels & (TRAMA_LABEL_KEEP_ALIVE | TRAMA_LABEL_WINDOW_PROBE)) != 0;
}

/* By more than the scale takes away from the window of a SYN, which is not scaled. */
static gboolean
is_larger (const TramaLabelStep *step, guint32 window)
{
  guint unit = 1u << MAX (step->from->shift, 0);

  return window > step->from->window_bytes && window - step->from->window_bytes >= unit;
}

/* It acknowledges what was acknowledged before. RFC 5681, section 2; with a selective one, RFC 6675, section 2. */
static void
take_repetition (TramaLabelStep *step, guint32 window, gboolean is_news)
{
  TramaLabelSide *from = step->from, *to = step->to;
  gboolean is_waited_for = to->has_next && trama_is_after (to->next, from->acknowledged);

  if (!is_pure (step) || step->input->is_copy || asks (step))
    return;
  if (is_waited_for && (window == from->window_bytes || is_news))
    {
      from->duplicate_acks++;
      if (step->options.n_sacks != 1 || !reports_duplicate (step)) /* that asks for nothing */
        from->asked_ns = step->input->time_ns;
      step->facts->labels |= TRAMA_LABEL_DUPLICATE_ACK;
      step->facts->duplicate_acks = (guint16) MIN (from->duplicate_acks, G_MAXUINT16);
    }
  else if (is_larger (step, window))
    step->facts->labels |= TRAMA_LABEL_WINDOW_UPDATE;
  else if (!is_waited_for && to->question.label == 0 && step->options.n_sacks == 0
           && !(step->facts->labels & TRAMA_LABEL_DUPLICATED))
    take_idle_repetition (step);
}

static void
label_answer (TramaLabelStep *step)
{
  const TramaQuestion *question = &step->to->question;

  if (question->label == 0)
    return;
  step->facts->labels &= ~(guint32) TRAMA_LABEL_DUPLICATE_ACK;
  step->facts->duplicate_acks = 0;
  step->facts->labels |= question->label == TRAMA_LABEL_KEEP_ALIVE ? TRAMA_LABEL_KEEP_ALIVE_ANSWER
                                                                   : TRAMA_LABEL_WINDOW_PROBE_ANSWER;
  step->facts->other = question->packet;
}

/* Where both sides ask at once, the question of one is no answer to that of the other. */
static void
take_answer (TramaLabelStep *step)
{
  if (step->input->from != step->input->to && is_pure (step))
    label_answer (step);
  step->to->question.label = 0;
}

static void
take_window (TramaLabelStep *step, guint32 window)
{
  TramaLabelSide *from = step->from;
  guint32 edge = step->input->decoded->acknowledgment + window;

  from->window_bytes = window;
  from->edge = from->has_edge ? trama_latest (from->edge, edge) : edge;
  from->has_edge = TRUE;
  if (window == 0 && !trama_label_has (step, TRAMA_TCP_SYN))
    step->facts->labels |= TRAMA_LABEL_ZERO_WINDOW;
}

void
trama_label_said (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from, *to = step->to;
  guint32 acknowledgment = step->input->decoded->acknowledgment;
  guint32 window = step->facts->window_bytes;
  guint32 before = from->acknowledged;
  gboolean is_news;

  if (!from->has_acknowledged)
    before = to->has_syn ? to->isn + 1 : to->has_next ? to->first : acknowledgment;
  if (to->has_syn && trama_is_after (to->isn + 1, before))
    before = to->isn + 1;
  if (to->has_syn && !trama_is_after (acknowledgment, to->isn))
    return; /* of an older connection */
  if (acknowledgment - before > REACH && before - acknowledgment > REACH)
    return; /* of another stream */
  if (from->has_acknowledged && trama_is_after (from->acknowledged, acknowledgment))
    return; /* overtaken by a later one */
  is_news = learn_sacks (step);
  if (!from->has_acknowledged || acknowledgment != from->acknowledged)
    take_advance (step, before);
  else
    take_repetition (step, window, is_news);
  from->has_acknowledged = TRUE;
  if (!asks (step))
    take_answer (step);
  take_window (step, window);
}
