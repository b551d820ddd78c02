/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/labeller_private.h"

/* The largest payload that is believed: RFC 7323, section 2.3, has no larger window. */
#define PAYLOAD_MAX (1u << 30)

/* How far the identification goes on from one packet to the next: a large one may have been cut by a device. */
#define MARKS_MAX 64

/* After so many steps of a count nobody takes it for chance. */
#define COUNTED_MIN 2

struct _TramaLabeller
{
  TramaLabelSide side[2];
  guint32 n_segments;
};

TramaLabeller *
trama_labeller_new (void)
{
  TramaLabeller *labeller = g_new0 (TramaLabeller, 1);

  for (guint i = 0; i < 2; i++)
    {
      labeller->side[i].shift = TRAMA_WINDOW_SHIFT_UNKNOWN;
      labeller->side[i].shortest_ns = TRAMA_TIME_NONE;
      labeller->side[i].asked_ns = TRAMA_TIME_NONE;
      labeller->side[i].heard_ns = TRAMA_TIME_NONE;
      labeller->side[i].syn_ns = TRAMA_TIME_NONE;
      labeller->side[i].cut_ns = TRAMA_TIME_NONE;
    }
  return labeller;
}

void
trama_labeller_free (TramaLabeller *labeller)
{
  if (labeller == NULL)
    return;
  for (guint i = 0; i < 2; i++)
    {
      trama_sent_space_clear (&labeller->side[i].space);
      trama_flight_clear (&labeller->side[i].flight);
      trama_twins_clear (&labeller->side[i].twins);
    }
  g_free (labeller);
}

/*
 * Systems give every packet of a connection another one, and only a packet that is doubled keeps
 * it. Who writes packets by hand may give all of them the same: RFC 6864, section 4.1, allows it.
 */
static void
learn_mark (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from;

  if (step->mark == 0)
    return;
  if (from->mark != 0 && from->mark != step->mark)
    from->counts_marks = TRUE;
  from->mark = step->mark;
}

/* The time stamp never goes back (RFC 7323, section 5.4), but it goes on only once in a while. */
static void
learn_stamp (TramaLabelStep *step, gint32 *later)
{
  TramaLabelSide *from = step->from;

  *later = 0;
  if (!(step->options.present & TRAMA_OPTION_TIMESTAMPS))
    return;
  if (from->has_stamp)
    *later = (gint32) (step->options.timestamp - from->stamp_high);
  if (!from->has_stamp || *later > 0)
    from->stamp_high = step->options.timestamp;
  from->has_stamp = TRUE;
}

/* Some count the packets of a connection, or all of theirs; of others the identification tells nothing. */
static void
learn_count (TramaLabelStep *step, gint16 *ahead)
{
  TramaLabelSide *from = step->from;

  *ahead = 0;
  if (step->mark == 0)
    return;
  if (from->mark_high != 0)
    *ahead = (gint16) (step->mark - from->mark_high);
  if (ABS (*ahead) > MARKS_MAX)
    from->n_counted = 0;
  else if (*ahead > 0)
    from->n_counted = MIN (from->n_counted + 1, COUNTED_MIN);
  if (from->mark_high == 0 || *ahead > 0)
    from->mark_high = step->mark;
}

static void
learn_age (TramaLabelStep *step)
{
  gint32 later;
  gint16 ahead;

  learn_stamp (step, &later);
  learn_count (step, &ahead);
  step->is_latest = later > 0 || (later == 0 && ahead > 0 && ahead <= MARKS_MAX);
  step->is_belated =
      later < 0 || (later == 0 && ahead < 0 && ahead >= -MARKS_MAX && step->from->n_counted == COUNTED_MIN);
}

static void
begin_step (TramaLabelStep *step)
{
  const TramaDecoded *decoded = step->input->decoded;

  trama_decode_tcp_options (step->input->data, step->input->captured, decoded, &step->options);
  step->mark = decoded->identification;
  learn_mark (step);
  learn_age (step);
  step->data_bytes = MIN (decoded->payload_bytes, PAYLOAD_MAX);
  step->begin = decoded->sequence;
  step->data_begin = step->begin + (trama_label_has (step, TRAMA_TCP_SYN) ? 1 : 0);
  step->end = step->data_begin + step->data_bytes + (trama_label_has (step, TRAMA_TCP_FIN) ? 1 : 0);
}

/*
 * Selective acknowledgments are made when both SYNs permit it (RFC 2018, section 2). Windows are scaled when both SYNs offer it; a SYN-ACK may only when the SYN did, so it
 * tells by itself whether any is (RFC 7323, section 2.2).
 */
static void
learn_offers (TramaLabelStep *step)
{
  TramaLabelSide *from = step->from, *to = step->to;

  from->lacks_sack = (step->options.present & TRAMA_OPTION_SACK_PERMITTED) == 0;
  from->offers_shift = (step->options.present & TRAMA_OPTION_WINDOW_SCALE) != 0;
  from->offered_shift = step->options.window_shift;
  if (!trama_label_has (step, TRAMA_TCP_ACK) && !to->has_syn)
    return;
  if (!from->offers_shift || (to->has_syn && !to->offers_shift))
    from->shift = to->shift = 0;
  else
    {
      from->shift = (gint8) from->offered_shift;
      if (to->has_syn)
        to->shift = (gint8) to->offered_shift;
    }
}

/* The window of a SYN is never scaled: RFC 7323, section 2.2. */
static guint32
scaled_window (const TramaLabelStep *step)
{
  guint32 window = step->input->decoded->window;

  if (trama_label_has (step, TRAMA_TCP_SYN) || step->from->shift == TRAMA_WINDOW_SHIFT_UNKNOWN)
    return window;
  return window << step->from->shift;
}

/* Bytes alone: a SYN and a FIN that are on their way count for nothing. */
static guint32
flight_bytes (const TramaLabelSide *side, const TramaLabelSide *peer)
{
  guint32 from = peer->has_acknowledged ? peer->acknowledged : side->first;
  guint32 bytes;

  if (!side->has_next || !trama_is_after (side->next, from))
    return 0;
  bytes = side->next - from;
  if (side->has_syn && from == side->isn)
    bytes--;
  if (side->has_fin && bytes > 0 && trama_is_after (side->fin_end, from))
    bytes--;
  return bytes;
}

void
trama_labeller_observe (TramaLabeller *labeller,
                        const TramaLabelInput *input,
                        TramaSegmentFacts *facts,
                        TramaLateLabel *late)
{
  TramaLabelStep step = { .input = input, .facts = facts, .late = late };

  step.ordinal = labeller->n_segments++;
  step.from = &labeller->side[input->from];
  step.to = &labeller->side[input->to];
  *facts = (TramaSegmentFacts){
    .rtt_ns = TRAMA_TIME_NONE,
    .packet = input->packet,
    .other = G_MAXUINT32,
    .side = input->from,
  };
  late->labels = 0;
  begin_step (&step);
  if (trama_label_has (&step, TRAMA_TCP_SYN))
    learn_offers (&step);
  facts->window_bytes = scaled_window (&step);
  if (!trama_label_has (&step, TRAMA_TCP_RST)) /* what it carries is no part of the stream */
    {
      trama_label_sent (&step);
      if (trama_label_has (&step, TRAMA_TCP_ACK))
        trama_label_said (&step);
    }
  facts->window_shift = step.from->shift;
  facts->flight_bytes[0] = flight_bytes (&labeller->side[0], &labeller->side[1]);
  facts->flight_bytes[1] = flight_bytes (&labeller->side[1], &labeller->side[0]);
}
