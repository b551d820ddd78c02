/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/labels/segments.h"

#include "tests/core/flow/segment.h"

#include <string.h>

/*
 * A sender, a receiver, and between them a network that drops, doubles and reorders; what
 * each segment is, is known from them. It is captured at one end or at the other, and
 * labelled from the packets alone.
 *
 * The sender is that of RFC 6582: three duplicate acknowledgments or a timeout make it
 * send the first segment again, and until all is made good every partial acknowledgment
 * the next. The receiver acknowledges everything at once.
 */

#define RUNS 200
#define TOTAL_BYTES 4000
#define WINDOW_BYTES 600
#define SEGMENT_MAX_BYTES 100
#define TIMEOUT_US 300000
#define RECENT_MAX 512 /* packets, among which one is known again */

enum
{
  ACK = TRAMA_TCP_ACK,
};

/* On its way. */
typedef struct
{
  gint64 at_us;
  guint32 begin; /* of data; an acknowledgment when it is the end */
  guint32 end;
  guint32 acknowledgment;
  guint16 mark; /* which sending it is, from 1 */
  guint32 reason;
} Flying;

/* A captured segment, and the labels that it must have. */
typedef struct
{
  guint32 labels;
  guint duplicate_acks;
} Truth;

typedef struct
{
  gboolean at_sender; /* the capture */
  guint32 isn;
  gint64 now_us;
  GArray *flying; /* of Flying */
  Fixture *fixture;
  GArray *truths; /* of Truth, by packet */

  /* The sender. */
  guint32 acknowledged;
  guint32 next;
  guint duplicates;
  guint32 recovers; /* the label; 0: it does not */
  guint32 recovered_at;
  gint64 deadline_us;
  guint16 n_sent;
  guint32 size_at[TOTAL_BYTES]; /* of the segment that begins there */

  /* The receiver. */
  guint8 has[TOTAL_BYTES];
  guint32 expected;

  /* Whoever captures. */
  guint8 seen[TOTAL_BYTES];
  guint32 seen_end;
  guint16 mark_of[TOTAL_BYTES]; /* of the first that brought it, when it was the newest; 0: it was not */
  guint16 recent[RECENT_MAX];
  guint n_recent;
  guint32 last_acknowledgment;
  guint seen_duplicates;
} Model;

static void
record (Model *model, const TestSegment *segment, const Truth *truth)
{
  test_segment_add (model->fixture, segment);
  g_array_append_val (model->truths, *truth);
}

static gboolean
was_captured (const Model *model, guint16 mark)
{
  for (guint i = 0; i < MIN (model->n_recent, RECENT_MAX); i++)
    if (model->recent[i] == mark)
      return TRUE;
  return FALSE;
}

/* What lies behind it was captured before, and sent before: whoever sends for the first time sends in order. */
static gboolean
is_known_to_be_late (const Model *model, const Flying *data)
{
  for (guint32 i = data->end; i < model->seen_end; i++)
    if (model->mark_of[i] != 0 && model->mark_of[i] < data->mark)
      {
        g_assert_cmpuint (data->reason, !=, 0);
        return TRUE;
      }
  return FALSE;
}

/* As it passes the capture point. */
static void
capture_data (Model *model, const Flying *data)
{
  TestSegment segment = {
    model->now_us, 0, ACK, model->isn + 1 + data->begin, 1, data->end - data->begin, 500
  };
  Truth truth = { 0, 0 };
  guint n_seen = 0;

  segment.mark = data->mark;
  for (guint32 i = data->begin; i < data->end; i++)
    {
      n_seen += model->seen[i];
      model->seen[i] = TRUE;
    }
  if (data->end > model->seen_end)
    truth.labels |= TRAMA_LABEL_NEW_DATA;
  if (data->begin > model->seen_end)
    truth.labels |= TRAMA_LABEL_GAP;
  if (n_seen > 0 && was_captured (model, data->mark))
    truth.labels |= TRAMA_LABEL_RESENT | TRAMA_LABEL_DUPLICATED;
  else if (n_seen > 0)
    truth.labels |= TRAMA_LABEL_RESENT | (model->at_sender ? data->reason : TRAMA_LABEL_SPURIOUS);
  else if (data->begin < model->seen_end)
    truth.labels |= is_known_to_be_late (model, data) ? TRAMA_LABEL_FIRST_UNSEEN : TRAMA_LABEL_OUT_OF_ORDER;
  for (; model->seen_end < data->end; model->seen_end++)
    model->mark_of[model->seen_end] = model->seen_end >= data->begin ? data->mark : 0;
  model->recent[model->n_recent++ % RECENT_MAX] = data->mark;
  record (model, &segment, &truth);
}

static void
capture_acknowledgment (Model *model, guint32 acknowledgment)
{
  TestSegment segment = { model->now_us, 1, ACK, 1, model->isn + 1 + acknowledgment, 0, 2000 };
  Truth truth = { 0, 0 };

  model->seen_duplicates = acknowledgment == model->last_acknowledgment ? model->seen_duplicates : 0;
  if (acknowledgment == model->last_acknowledgment && acknowledgment < model->seen_end)
    truth = (Truth){ TRAMA_LABEL_DUPLICATE_ACK, ++model->seen_duplicates };
  model->last_acknowledgment = acknowledgment;
  record (model, &segment, &truth);
}

static void
let_fly (Model *model, const Flying *what, gint64 after_us)
{
  Flying flying = *what;

  flying.at_us = model->now_us + after_us;
  g_array_append_val (model->flying, flying);
}

static void
send_data (Model *model, guint32 begin, guint32 end, guint32 reason)
{
  Flying data = { .begin = begin, .end = end, .mark = ++model->n_sent, .reason = reason };

  if (model->at_sender)
    capture_data (model, &data);
  model->deadline_us = model->now_us + TIMEOUT_US;
  if (g_test_rand_int_range (0, 100) < 8)
    return;
  let_fly (model, &data,
           1000 + g_test_rand_int_range (0, 100) * (g_test_rand_int_range (0, 10) == 0 ? 30 : 1));
  if (g_test_rand_int_range (0, 100) < 5)
    let_fly (model, &data, 1000 + g_test_rand_int_range (0, 200));
}

static void
send_new (Model *model)
{
  while (model->next < TOTAL_BYTES && model->next - model->acknowledged < WINDOW_BYTES)
    {
      guint32 size = (guint32) g_test_rand_int_range (1, SEGMENT_MAX_BYTES + 1);
      guint32 begin = model->next;

      size = MIN (size, TOTAL_BYTES - begin);
      model->size_at[begin] = size;
      model->next += size;
      model->now_us += 10;
      send_data (model, begin, model->next, 0);
    }
}

static void
send_first_again (Model *model)
{
  guint32 begin = model->acknowledged;

  model->now_us += 10;
  send_data (model, begin, begin + model->size_at[begin], model->recovers);
}

static void
recover (Model *model, guint32 reason)
{
  model->recovers = reason;
  model->recovered_at = model->next;
  send_first_again (model);
}

static void
take_acknowledgment (Model *model, guint32 acknowledgment)
{
  if (model->at_sender)
    capture_acknowledgment (model, acknowledgment);
  if (acknowledgment < model->acknowledged)
    return;
  if (acknowledgment > model->acknowledged)
    {
      model->acknowledged = acknowledgment;
      model->duplicates = 0;
      model->deadline_us = model->now_us + TIMEOUT_US;
      if (acknowledgment >= model->recovered_at)
        model->recovers = 0;
      else if (model->recovers != 0)
        send_first_again (model);
    }
  else if (acknowledgment < model->next && ++model->duplicates == 3 && model->recovers == 0)
    recover (model, TRAMA_LABEL_FAST);
}

static void
take_data (Model *model, const Flying *data)
{
  Flying answer = { 0 };

  if (!model->at_sender)
    capture_data (model, data);
  memset (model->has + data->begin, TRUE, data->end - data->begin);
  while (model->expected < TOTAL_BYTES && model->has[model->expected])
    model->expected++;
  answer.acknowledgment = model->expected;
  model->now_us++;
  if (!model->at_sender)
    capture_acknowledgment (model, answer.acknowledgment);
  let_fly (model, &answer, 1000);
}

/* The next that arrives; the earlier of two at one time. */
static guint
find_next (const Model *model)
{
  guint next = 0;

  for (guint i = 1; i < model->flying->len; i++)
    if (g_array_index (model->flying, Flying, i).at_us < g_array_index (model->flying, Flying, next).at_us)
      next = i;
  return next;
}

static void
step (Model *model)
{
  guint next = find_next (model);
  Flying flying;

  if (model->flying->len == 0 || g_array_index (model->flying, Flying, next).at_us > model->deadline_us)
    {
      model->now_us = MAX (model->now_us, model->deadline_us);
      recover (model, TRAMA_LABEL_TIMEOUT);
      return;
    }
  flying = g_array_index (model->flying, Flying, next);
  g_array_remove_index (model->flying, next);
  model->now_us = MAX (model->now_us, flying.at_us);
  if (flying.begin < flying.end)
    take_data (model, &flying);
  else
    take_acknowledgment (model, flying.acknowledgment);
}

static void
shake_hands (Model *model)
{
  record (model, &(TestSegment){ 0, 0, TRAMA_TCP_SYN, model->isn, 0, 0, 500, .mark = G_MAXUINT16 },
          &(Truth){ 0, 0 });
  record (model, &(TestSegment){ 1, 1, TRAMA_TCP_SYN | ACK, 0, model->isn + 1, 0, 2000 }, &(Truth){ 0, 0 });
  record (model, &(TestSegment){ 2, 0, ACK, model->isn + 1, 1, 0, 500 }, &(Truth){ 0, 0 });
  model->now_us = 3;
}

static void
assert_truths (const Model *model)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (model->fixture->store);
  g_autoptr (TramaSegments) segments = trama_segments_new (table, 0);
  guint n_resent = 0;

  g_assert_cmpuint (trama_segments_get_size (segments), ==, model->truths->len);
  for (guint i = 0; i < model->truths->len; i++)
    {
      const Truth *truth = &g_array_index (model->truths, Truth, i);
      const TramaSegmentFacts *facts = trama_segments_get (segments, i);
      g_autofree char *expected = trama_segment_labels_format (truth->labels, truth->duplicate_acks);
      guint32 unknown = truth->labels & TRAMA_LABEL_SPURIOUS ? TRAMA_LABEL_FAST
                                                             : 0; /* at the receiver: why */
      g_autofree char *labels = trama_segment_labels_format (facts->labels & ~unknown, facts->duplicate_acks);

      g_assert_cmpuint (facts->packet, ==, i);
      g_assert_cmpstr (labels, ==, expected);
      n_resent += (truth->labels & TRAMA_LABEL_RESENT) != 0;
    }
  g_assert_cmpuint (trama_flow_table_get_flow (table, 0)->tcp[0].resent, ==, n_resent);
}

static void
run_once (gboolean at_sender)
{
  g_autofree Model *model = g_new0 (Model, 1);

  model->at_sender = at_sender;
  model->isn = (guint32) g_test_rand_int ();
  model->flying = g_array_new (FALSE, FALSE, sizeof (Flying));
  model->truths = g_array_new (FALSE, FALSE, sizeof (Truth));
  model->fixture = fixture_new ();
  shake_hands (model);
  while (model->acknowledged < TOTAL_BYTES)
    {
      send_new (model);
      step (model);
    }
  assert_truths (model);
  g_array_unref (model->flying);
  g_array_unref (model->truths);
  fixture_free (model->fixture);
}

static void
test_at_sender (void)
{
  for (guint i = 0; i < RUNS; i++)
    run_once (TRUE);
}

static void
test_at_receiver (void)
{
  for (guint i = 0; i < RUNS; i++)
    run_once (FALSE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/segments-model/captured-at-the-sender", test_at_sender);
  g_test_add_func ("/flow/segments-model/captured-at-the-receiver", test_at_receiver);
  return g_test_run ();
}
