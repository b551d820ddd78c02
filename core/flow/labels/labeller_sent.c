/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/copies.h"
#include "core/flow/counts.h"
#include "core/flow/labels/labeller_private.h"

#include <string.h>

/* Two ticks of the clock (TCP_TIMEOUT_MIN of Linux) at 1000 Hz. */
#define PROBE_MIN_NS (2 * 1000 * 1000)

/* RFC 9293, section 3.1 */
#define TCP_CHECKSUM_AT 16

/* With so many of the segments behind a gap is compared what fills it. */
#define BEHIND_MAX 64

/* Of a copy that was captured elsewhere a device may have computed it only there. */
static gboolean
read_checksum (const TramaLabelStep *step, guint16 *checksum)
{
  const TramaDecoded *decoded = step->input->decoded;
  gsize at = decoded->link_bytes + decoded->network_bytes + TCP_CHECKSUM_AT;

  if (step->input->is_copy || at + sizeof *checksum > step->input->captured)
    return FALSE;
  memcpy (checksum, step->input->data + at, sizeof *checksum);
  return TRUE;
}

static TramaTwin
this_packet (const TramaLabelStep *step)
{
  const TramaDecoded *decoded = step->input->decoded;
  guint16 checksum = 0;
  gboolean has_checksum = read_checksum (step, &checksum);

  return (TramaTwin){
    .time_ns = step->input->time_ns,
    .begin = step->begin,
    .end = step->end,
    .acknowledgment = decoded->acknowledgment,
    .timestamp = step->options.timestamp,
    .packet = step->input->packet,
    .window = decoded->window,
    .mark = step->mark,
    .is_marked = step->mark != 0 && step->from->counts_marks,
    .checksum = checksum,
    .has_checksum = has_checksum != FALSE,
    .flags = decoded->tcp_flags,
    .has_timestamp = (step->options.present & TRAMA_OPTION_TIMESTAMPS) != 0,
  };
}

/*
 * What is asked for may be sent again at once, a probe for the tail after twice the way
 * (RFC 8985, section 7.2), and a SYN after a timeout. When a SYN comes again, its answer does.
 */
static gint64
soonest_again_ns (const TramaLabelStep *step)
{
  const TramaLabelSide *to = step->to;

  if (step->begin == step->end)
    return TRAMA_COPY_MAX_NS;
  if (!trama_label_has (step, TRAMA_TCP_SYN))
    return trama_label_is_recent (step, to->asked_ns) ? 0 : MAX (trama_label_way_ns (step), PROBE_MIN_NS);
  if (!trama_label_has (step, TRAMA_TCP_ACK) || to->syn_ns == TRAMA_TIME_NONE)
    return TRAMA_TIMEOUT_MIN_NS;
  return MIN (step->input->time_ns - to->syn_ns, TRAMA_TIMEOUT_MIN_NS);
}

/* The same packet, doubled on its way. NULL: it is new. */
static const TramaTwin *
find_twin (const TramaLabelStep *step)
{
  TramaTwin packet = this_packet (step);

  return trama_twins_find (&step->from->twins, &packet,
                           step->input->is_copy ? G_MAXINT64 : soonest_again_ns (step),
                           trama_label_way_ns (step));
}

static TramaSending
this_sending (const TramaLabelStep *step)
{
  return (TramaSending){ step->input->time_ns, step->input->packet, step->options.timestamp, step->mark };
}

static void
remember_resent (const TramaLabelStep *step, const TramaSending *before)
{
  TramaLabelSide *from = step->from;

  from->resent[from->n_resent++ % TRAMA_RESENT_MAX] = (TramaResent){
    .begin = step->begin,
    .end = step->end,
    .packet = step->input->packet,
    .ordinal = step->ordinal,
    .time_ns = step->input->time_ns,
    .waited_ns = before != NULL ? step->input->time_ns - before->time_ns : TRAMA_TIME_NONE,
    .reason = step->facts->labels,
    .is_spurious = (step->facts->labels & TRAMA_LABEL_SPURIOUS) != 0,
  };
}

/* All that its sender could choose is the same, and the bytes are not: somebody else has made one of the two. */
static gboolean
has_other_bytes (const TramaLabelStep *step, const TramaTwin *twin)
{
  TramaTwin packet = this_packet (step);

  return packet.has_checksum && twin->has_checksum && packet.checksum != twin->checksum;
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
  if (twin != NULL && has_other_bytes (step, twin))
    {
      step->facts->other = twin->packet;
      return;
    }
  if (twin != NULL || step->input->is_copy)
    {
      step->facts->labels |= TRAMA_LABEL_DUPLICATED;
      if (twin != NULL)
        step->facts->other = twin->packet;
      return;
    }
  step->is_piece = trama_flight_is_piece (&from->flight, step->begin, step->end);
  is_known = trama_flight_resend (&from->flight, step->begin, step->end, &sending, &before);
  if (is_known)
    step->facts->other = before.packet;
  step->facts->labels |= trama_label_reason (step, is_known ? &before : NULL);
  remember_resent (step, is_known ? &before : NULL);
}

/*
 * By its sender's clock, or by the count of its packets, it was sent later than @behind, which
 * lies behind it. When neither tells: it comes late enough for that to have asked for it.
 */
static gboolean
is_younger (const TramaLabelStep *step, const TramaSending *behind)
{
  gint64 way_ns = trama_label_way_ns (step);
  gint32 later = (gint32) (step->options.timestamp - behind->timestamp);

  gboolean has_timestamp = (step->options.present & TRAMA_OPTION_TIMESTAMPS) != 0;

  if (step->input->time_ns - behind->time_ns < way_ns / 2) /* nobody can have asked for it so soon */
    return FALSE;
  if (has_timestamp && later != 0)
    return later > 0;
  if (step->from->counts_marks && step->mark != 0 && behind->mark != 0)
    return (gint16) (step->mark - behind->mark) > 0;
  return !has_timestamp && way_ns > 0 && step->input->time_ns - behind->time_ns >= way_ns;
}

/* What is sent for the first time is older than everything behind it, that which is sent again included. */
static gboolean
is_younger_than_any (const TramaLabelStep *step)
{
  if (step->is_latest && !trama_is_after (step->end, step->from->shown))
    return TRUE;
  for (guint nth = 0; nth < BEHIND_MAX; nth++)
    {
      const TramaSending *behind = trama_flight_find_behind (&step->from->flight, step->end, nth);

      if (behind == NULL)
        return FALSE;
      if (is_younger (step, behind))
        return TRUE;
    }
  return FALSE;
}

static void
label_late (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  step->facts->labels |= is_younger_than_any (step) ? TRAMA_LABEL_FIRST_UNSEEN : TRAMA_LABEL_OUT_OF_ORDER;
  from->doubt_end = from->next;
  from->has_doubt = TRUE;
}

static void
label_new (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;
  TramaSending sending = this_sending (step);

  if (step->data_bytes > 0
      && (!from->has_next || trama_is_after (step->data_begin + step->data_bytes, from->next)))
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
    from->first = from->shown = step->begin;
  from->shown = trama_latest (from->shown, step->end);
  if (from->has_next && !trama_is_after (step->end, from->next))
    return;
  from->next = step->end;
  from->has_next = TRUE;
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
  step->from->syn_ns = step->input->time_ns;
  if (step->data_bytes > 0)
    {
      step->from->syn_with_data = step->input->packet;
      step->from->has_syn_data = TRUE;
    }
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

/* Its sender has made later ones, which came before it. */
static gboolean
is_overtaken (const TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from;

  return step->is_belated
         || (from->has_acknowledged
             && trama_is_after (from->acknowledged, step->input->decoded->acknowledgment));
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

  if (!from->has_next || trama_label_has (step, TRAMA_TCP_SYN | TRAMA_TCP_FIN) || !to->has_acknowledged)
    return 0;
  if (is_overtaken (step))
    return 0;
  if (is_closed && step->data_bytes > 0 && !trama_is_after (to->edge, step->begin))
    return find_twin (step) == NULL ? TRAMA_LABEL_WINDOW_PROBE : 0;
  if (step->data_bytes > 1 || step->begin != to->acknowledged - 1 || find_twin (step) != NULL)
    return 0;
  if (step->data_bytes == 1 && trama_label_is_recent (step, to->heard_ns))
    return 0; /* a byte on its own that is sent again */
  if (is_closed)
    return TRAMA_LABEL_WINDOW_PROBE;
  if (to->acknowledged != from->next || trama_label_is_recent (step, to->heard_ns))
    return 0; /* nobody asks who has just spoken */
  /* Who goes on asking has not heard that the window is open. */
  return from->asked == TRAMA_LABEL_WINDOW_PROBE ? TRAMA_LABEL_WINDOW_PROBE : TRAMA_LABEL_KEEP_ALIVE;
}

static void
label_question (TramaLabelStep *step)
{
  guint32 label = find_question (step);

  step->facts->labels |= label;
  if (label == 0 && step->begin == step->end && step->to->question.label != 0)
    return; /* an answer takes no question back: both sides may ask at once */
  step->from->question = (TramaQuestion){ label, step->input->packet };
  step->from->asked = label;
  if (label != TRAMA_LABEL_WINDOW_PROBE || step->data_bytes == 0)
    return;
  step->from->refused_begin = step->begin;
  step->from->refused_end = step->end;
  step->from->has_refused = TRUE;
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

/* An acknowledgment on its own that says nothing new may be one that was doubled, or overtaken. */
static void
label_bare (TramaLabelStep *step)
{
  const TramaLabelSide *from = step->from;
  const TramaTwin *twin = NULL;

  if (step->mark != 0 && from->has_acknowledged
      && !trama_is_after (step->input->decoded->acknowledgment, from->acknowledged))
    twin = find_twin (step);
  if (twin != NULL || step->input->is_copy)
    step->facts->labels |= TRAMA_LABEL_DUPLICATED;
  else if (step->is_belated)
    step->facts->labels |= TRAMA_LABEL_OUT_OF_ORDER;
  if (twin != NULL)
    step->facts->other = twin->packet;
}

static void
remember_packet (TramaLabelStep *step)
{
  TramaTwin packet = this_packet (step);

  trama_twins_add (&step->from->twins, &packet);
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
  if (!brings)
    label_bare (step);
  if (brings || step->mark != 0)
    remember_packet (step);
  advance (step);
}
