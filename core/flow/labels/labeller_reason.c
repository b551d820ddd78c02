/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/labeller_private.h"

gint64
trama_label_way_ns (const TramaLabelStep *step)
{
  gint64 way_ns = 0;

  if (step->from->shortest_ns != TRAMA_TIME_NONE)
    way_ns += step->from->shortest_ns;
  if (step->to->shortest_ns != TRAMA_TIME_NONE)
    way_ns += step->to->shortest_ns;
  return way_ns;
}

/* Twice the way is how long an answer may take to show. */
gboolean
trama_label_is_recent (const TramaLabelStep *step, gint64 time_ns)
{
  return time_ns != TRAMA_TIME_NONE
         && step->input->time_ns - time_ns < MAX (TRAMA_TIMEOUT_MIN_NS, 2 * trama_label_way_ns (step));
}

/* What it brings that is new, as a FIN behind the data, cannot have come. */
static gboolean
is_known_to_have_come (const TramaLabelStep *step)
{
  const TramaLabelSide *to = step->to;
  guint32 end = trama_is_after (step->end, step->from->next) ? step->from->next : step->end;

  if (!to->has_acknowledged)
    return FALSE;
  if (!trama_is_after (end, to->acknowledged))
    return TRUE;
  for (guint i = 0; i < to->n_sacks; i++)
    if (!trama_is_after (to->sacks[i].begin, step->begin) && !trama_is_after (end, to->sacks[i].end))
      return TRUE;
  return FALSE;
}

/* What is acknowledged nobody sends again who has heard of it. */
static gboolean
has_come_in_part (const TramaLabelStep *step)
{
  return step->to->has_acknowledged && trama_is_after (step->to->acknowledged, step->begin);
}

/* Its receiver has said that something is missing, and it may be this. */
static gboolean
is_asked_for (const TramaLabelStep *step)
{
  const TramaLabelSide *to = step->to;

  return (to->has_sack_high && trama_is_after (to->sack_high, step->begin))
         || (to->duplicate_acks > 0 && step->begin == to->acknowledged);
}

/* Its sending before, when that had not been the first either. NULL. */
static TramaResent *
find_resent_before (const TramaLabelStep *step, const TramaSending *before)
{
  TramaResent *last = trama_label_last_resent (step->from);

  if (last == NULL || last->packet != before->packet || last->begin != step->begin)
    return NULL;
  return last;
}

/*
 * A probe is followed by a timeout that has not been doubled, and a timeout by one that has
 * (RFC 8985, section 7.3; RFC 6298, section 5.5): how long the second was waited for tells
 * which the first was.
 */
static void
settle (TramaLabelStep *step, TramaResent *first, const TramaSending *before)
{
  gint64 waited_ns = step->input->time_ns - before->time_ns;
  guint32 label = 0;

  if (!(first->reason & TRAMA_LABEL_TIMEOUT_OR_PROBE))
    return;
  if (waited_ns < first->waited_ns * 3 / 2)
    label = TRAMA_LABEL_TAIL_PROBE;
  else if (waited_ns > first->waited_ns * 7 / 4 && waited_ns < first->waited_ns * 9 / 4)
    label = TRAMA_LABEL_TIMEOUT;
  if (label == 0)
    return;
  first->reason = label;
  *step->late = (TramaLateLabel){ first->packet, first->ordinal, label, TRAMA_LABEL_TIMEOUT_OR_PROBE };
}

/*
 * Nobody asked for it. Who probes for the tail sends the last segment again, though others
 * wait, and once; a timeout sends the first (RFC 8985, section 7.3; RFC 6298, section
 * 5.4). When it is both, the time may tell, but Linux waits as long for the one as for the
 * other. Without selective acknowledgments nobody probes (RFC 8985, section 7.1).
 */
static guint32
find_unasked (TramaLabelStep *step, const TramaSending *before)
{
  const TramaLabelSide *from = step->from, *to = step->to;
  TramaResent *first;

  if (step->end != from->next || !to->has_acknowledged || before == NULL
      || trama_label_has (step, TRAMA_TCP_SYN))
    return TRAMA_LABEL_TIMEOUT;
  first = find_resent_before (step, before);
  if (first != NULL)
    {
      settle (step, first, before);
      return TRAMA_LABEL_TIMEOUT;
    }
  if (step->begin != to->acknowledged || step->input->time_ns - before->time_ns < TRAMA_TIMEOUT_MIN_NS)
    return TRAMA_LABEL_TAIL_PROBE;
  return from->lacks_sack || to->lacks_sack ? TRAMA_LABEL_TIMEOUT : TRAMA_LABEL_TIMEOUT_OR_PROBE;
}

/*
 * Its sender has heard its peer, but the capture has not: it has lost that direction, and what came there to
 * ask for this is not known.
 */
static gboolean
is_one_sided (const TramaLabelStep *step, const TramaSending *before)
{
  if (step->to->has_next || step->to->has_acknowledged || !trama_label_has (step, TRAMA_TCP_ACK))
    return FALSE;
  return step->from->has_syn || before == NULL
         || step->input->time_ns - before->time_ns < TRAMA_TIMEOUT_MIN_NS;
}

/* It was under way when what made it needless came. */
static guint32
late_reason (const TramaRecovery *recovery)
{
  return recovery->last == TRAMA_LABEL_TIMEOUT ? TRAMA_LABEL_TIMEOUT : TRAMA_LABEL_FAST;
}

/* Its peer has taken the SYN and not the data that came with it: RFC 7413, section 4.2.2. */
static gboolean
is_declined (const TramaLabelStep *step, const TramaSending *before)
{
  const TramaLabelSide *from = step->from, *to = step->to;

  return from->has_syn_data && before != NULL && before->packet == from->syn_with_data
         && !trama_label_has (step, TRAMA_TCP_SYN) && to->has_acknowledged
         && to->acknowledged == from->isn + 1 && trama_label_is_recent (step, to->heard_ns);
}

/* Nothing of it had been sent before but by probes, for which the window had no room: RFC 9293, section 3.8.6.1. */
static gboolean
was_refused (const TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from;

  return from->has_refused && step->begin == from->refused_begin && from->next == from->refused_end;
}

/*
 * It comes again sooner than after a timeout, from the first that is not acknowledged on, and in pieces: a
 * router has told its sender that it was too large (RFC 1191, section 6.4; RFC 8201, section 5.4).
 */
static gboolean
is_cut (TramaLabelStep *step, const TramaSending *before)
{
  TramaLabelSide *from = step->from;

  if (trama_label_is_recent (step, from->cut_ns) && trama_is_after (from->cut_end, step->begin))
    return TRUE;
  if (!step->is_piece || before == NULL || !step->to->has_acknowledged
      || step->begin != step->to->acknowledged || step->end == from->next
      || step->input->time_ns - before->time_ns >= TRAMA_TIMEOUT_MIN_NS)
    return FALSE;
  from->cut_end = from->next;
  from->cut_ns = step->input->time_ns;
  return TRUE;
}

static guint32
find_reason (TramaLabelStep *step, const TramaSending *before)
{
  const TramaRecovery *recovery = &step->from->recovery;
  gboolean recovers = recovery->label != 0 && trama_is_after (recovery->end, step->begin);

  if (is_one_sided (step, before) || is_declined (step, before) || was_refused (step))
    return 0;
  if (recovers && recovery->label == TRAMA_LABEL_TIMEOUT)
    return TRAMA_LABEL_TIMEOUT;
  if (is_asked_for (step) && trama_label_is_recent (step, step->to->asked_ns))
    return TRAMA_LABEL_FAST;
  if (recovers && trama_label_is_recent (step, step->to->heard_ns))
    return TRAMA_LABEL_FAST;
  if (is_known_to_have_come (step) || has_come_in_part (step))
    return trama_label_is_recent (step, step->to->asked_ns) ? late_reason (recovery) : 0;
  return is_cut (step, before) ? 0 : find_unasked (step, before);
}

/* RFC 6582, section 4: what has been sent until now is what a timeout has to make good. */
static void
begin_recovery (TramaLabelStep *step, guint32 reason)
{
  TramaRecovery *recovery = &step->from->recovery;
  gboolean is_fresh = reason != recovery->label
                      || (reason == TRAMA_LABEL_TIMEOUT && !trama_label_is_recent (step, step->to->heard_ns));

  if (reason == TRAMA_LABEL_TIMEOUT || reason == TRAMA_LABEL_FAST)
    *recovery = (TramaRecovery){ reason, reason, is_fresh ? step->from->next : recovery->end };
}

guint32
trama_label_reason (TramaLabelStep *step, const TramaSending *before)
{
  guint32 reason = find_reason (step, before);

  if (is_known_to_have_come (step))
    return reason | TRAMA_LABEL_SPURIOUS;
  begin_recovery (step, reason);
  return reason;
}
