/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/counts.h"
#include "core/flow/labeller_private.h"

/* The same packet, doubled on its way: whoever sends it again gives it another identification. NULL: it is new. */
static const TramaTwin *
find_twin (const TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from;

  for (guint i = 0; step->mark != 0 && i < MIN (from->n_twins, TRAMA_TWINS_MAX); i++)
    {
      const TramaTwin *twin = &from->twins[i];

      if (twin->mark == step->mark && twin->begin == step->begin && twin->end == step->end
          && twin->timestamp == step->options.timestamp)
        return twin;
    }
  return NULL;
}

static TramaSending
this_sending (const TramaLabelStep *step)
{
  return (TramaSending){ step->input->time_ns, step->input->packet, step->options.timestamp };
}

static void
remember_resent (const TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  from->resent[from->n_resent++ % TRAMA_RESENT_MAX] = (TramaResent){
    .begin = step->begin,
    .end = step->end,
    .packet = step->input->packet,
    .ordinal = step->ordinal,
  };
}

static void
remember_packet (const TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  from->twins[from->n_twins++ % TRAMA_TWINS_MAX] = (TramaTwin){
    .begin = step->begin,
    .end = step->end,
    .timestamp = step->options.timestamp,
    .packet = step->input->packet,
    .mark = step->mark,
  };
}

static void
label_resent (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  const TramaTwin *twin = find_twin (step);
  TramaSending sending = this_sending (step), before;
  gboolean is_known;

  step->facts->labels |= TRAMA_LABEL_RESENT;
  if (step->facts->labels & (TRAMA_LABEL_KEEP_ALIVE | TRAMA_LABEL_WINDOW_PROBE))
    return; /* it repeats a byte, but not because that could be lost */
  if (twin != NULL)
    {
      step->facts->labels |= TRAMA_LABEL_DUPLICATED;
      step->facts->other = twin->packet;
      return;
    }
  is_known = trama_flight_resend (&from->flight, step->begin, step->end, &sending, &before);
  if (is_known)
    step->facts->other = before.packet;
  step->facts->labels |= trama_label_reason (step, is_known ? &before : NULL);
  remember_resent (step);
}

/* By its own clock, or by the count of its packets, it was sent later than what lies behind it. */
static gboolean
is_younger_than_newest (const TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from;
  gint32 later = (gint32) (step->options.timestamp - from->newest_time);

  if ((step->options.present & TRAMA_OPTION_TIMESTAMPS) && from->has_newest_time && later != 0)
    return later > 0;
  if (step->mark == 0 || from->newest_mark == 0)
    return FALSE;
  return (gint16) (step->mark - from->newest_mark) > 0;
}

static void
label_late (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  step->facts->labels |= is_younger_than_newest (step) ? TRAMA_LABEL_FIRST_UNSEEN : TRAMA_LABEL_OUT_OF_ORDER;
  from->doubt_end = from->next;
  from->has_doubt = TRUE;
}

static void
label_new (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  TramaSending sending = this_sending (step);

  if (step->data_bytes > 0)
    step->facts->labels |= TRAMA_LABEL_NEW_DATA;
  if (step->facts->labels & TRAMA_LABEL_RESENT) /* the rest of it lies in the flight already */
    trama_flight_add (&from->flight, from->next, step->end, &sending);
  else
    trama_flight_add (&from->flight, step->begin, step->end, &sending);
}

static void
advance (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  if (!from->has_next)
    from->first = step->begin;
  if (from->has_next && !trama_is_after (step->end, from->next))
    return;
  from->next = step->end;
  from->has_next = TRUE;
  from->newest_time = step->options.timestamp;
  from->has_newest_time = (step->options.present & TRAMA_OPTION_TIMESTAMPS) != 0;
  from->newest_mark = step->mark;
}

/* What both sides of a simultaneous open send with the same number is sent again by neither. */
static gboolean
add_syn (TramaLabelStep *step)
{
  guint8 kind = trama_label_has (step, TRAMA_TCP_ACK) ? TRAMA_SENT_SYN_ACK : TRAMA_SENT_SYN;
  gboolean is_resent = (step->from->syns & kind) != 0;

  step->from->syns |= kind;
  step->from->isn = step->begin;
  step->from->has_syn = TRUE;
  return is_resent;
}

/* TRUE: at least one of its numbers was sent before. As trama_counts_add counts it. */
static gboolean
add_numbers (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  gboolean is_resent = trama_label_has (step, TRAMA_TCP_SYN) && add_syn (step);

  if (step->data_bytes > 0 && trama_sent_space_add (&from->space, step->data_begin, step->data_bytes))
    is_resent = TRUE;
  if (!trama_label_has (step, TRAMA_TCP_FIN))
    return is_resent;
  from->fin_end = step->end;
  from->has_fin = TRUE;
  return trama_sent_space_add (&from->space, step->end - 1, 1) || is_resent;
}

/*
 * Both repeat the number before the next, with a byte or without; Linux sends both of
 * them empty. A probe may also bring the first byte behind the window.
 */
static guint32
find_question (const TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from, *to = step->to;
  gboolean is_closed = to->has_edge && to->window_bytes == 0;

  if (find_twin (step) != NULL || !from->has_next || trama_label_has (step, TRAMA_TCP_SYN | TRAMA_TCP_FIN)
      || !to->has_acknowledged)
    return 0;
  if (is_closed && step->data_bytes > 0 && !trama_is_after (to->edge, step->begin))
    return TRAMA_LABEL_WINDOW_PROBE;
  if (step->data_bytes > 1 || step->begin != to->acknowledged - 1)
    return 0;
  if (step->data_bytes == 1 && trama_label_is_recent (step, to->heard_ns))
    return 0; /* a byte on its own that is sent again */
  if (is_closed)
    return TRAMA_LABEL_WINDOW_PROBE;
  return to->acknowledged == from->next ? TRAMA_LABEL_KEEP_ALIVE : 0;
}

static void
label_question (TramaLabelStep *step)
{
  guint32 label = find_question (step);

  step->facts->labels |= label;
  step->from->question = (TramaQuestion){ label, step->input->packet };
}

static void
label_gap (TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from, *to = step->to;
  guint32 known = from->next;

  if (!from->has_next)
    return;
  if (to->has_acknowledged)
    known = trama_latest (known, to->acknowledged);
  if (trama_is_after (step->begin, known))
    step->facts->labels |= TRAMA_LABEL_GAP;
}

static void
label_window (TramaLabelStep *step)
{
  const TramaLabelSide *to = step->to;

  if (step->data_bytes > 0 && to->has_edge && to->shift != TRAMA_WINDOW_SHIFT_UNKNOWN && to->window_bytes > 0
      && !trama_is_after (to->edge, step->data_begin + step->data_bytes))
    step->facts->labels |= TRAMA_LABEL_WINDOW_FULL;
}

void
trama_label_sent (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  gboolean brings = step->begin != step->end;
  gboolean is_late = from->has_next && trama_is_after (from->next, step->begin);
  gboolean is_new = !from->has_next || trama_is_after (step->end, from->next);

  label_question (step);
  label_gap (step);
  label_window (step);
  if (brings && add_numbers (step))
    label_resent (step);
  else if (brings && is_late && !trama_label_has (step, TRAMA_TCP_SYN))
    label_late (step);
  if (brings && is_new)
    label_new (step);
  if (brings && step->mark != 0)
    remember_packet (step);
  advance (step);
}
