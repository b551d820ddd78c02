/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/phases.h"

#include "core/flow/flow_private.h"
#include "core/flow/pairs.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/*
 * RFC 6298, section 2: how long the answer to a first SYN is waited for, and twice as long
 * for every further one; a little less, for a trace may end with the waiting.
 */
#define SYN_TIMEOUT_NS (G_GINT64_CONSTANT (900) * 1000 * 1000)
#define SYN_TIMEOUTS_MAX 8

/* So often the same segment is sent again before nobody seems to be there: a third sending may be lost, too. */
#define UNANSWERED_MIN 2

#define BIT(state) (1u << (state))

/* The handshake is behind it. */
#define OPENED                                                                                               \
  (BIT (TRAMA_TCP_ESTABLISHED) | BIT (TRAMA_TCP_FIN_WAIT_1) | BIT (TRAMA_TCP_FIN_WAIT_2)                     \
   | BIT (TRAMA_TCP_CLOSE_WAIT) | BIT (TRAMA_TCP_CLOSING) | BIT (TRAMA_TCP_LAST_ACK)                         \
   | BIT (TRAMA_TCP_TIME_WAIT))

/* It has nothing left to do. */
#define OVER (BIT (TRAMA_TCP_UNKNOWN) | BIT (TRAMA_TCP_CLOSED) | BIT (TRAMA_TCP_TIME_WAIT))

/* Its own FIN is not acknowledged. */
#define UNACKNOWLEDGED (BIT (TRAMA_TCP_FIN_WAIT_1) | BIT (TRAMA_TCP_CLOSING) | BIT (TRAMA_TCP_LAST_ACK))

struct _TramaPhases
{
  TramaFlowPhases *flows;
  guint n;
};

/* What the changes of a conversation tell. */
typedef struct
{
  gint64 established_ns[2]; /* TRAMA_TIME_NONE */
  gint64 changed_ns;        /* the last time; TRAMA_TIME_NONE */
  guint16 entered[2];       /* BIT of every state */
  guint8 state[2];          /* the last */
  guint8 is_replaced;       /* a later conversation has its endpoints */
  guint8 is_disowned;       /* and had begun when its last packet came */
} Course;

typedef struct
{
  const TramaFlow *flow;
  const Course *course;
  gint64 end_ns; /* of the trace */
} View;

static gboolean
is_in (const View *view, guint side, guint states)
{
  return (BIT (view->course->state[side]) & states) != 0;
}

static gboolean
was_in (const View *view, guint side, guint states)
{
  return (view->course->entered[side] & states) != 0;
}

static gboolean
began_before (const View *view)
{
  return view->flow->tcp[0].syn + view->flow->tcp[1].syn == 0;
}

static gboolean
has_reset (const View *view)
{
  return view->flow->tcp[0].rst + view->flow->tcp[1].rst > 0;
}

static gboolean
has_opened (const View *view)
{
  if (began_before (view))
    return was_in (view, 0, OPENED) || was_in (view, 1, OPENED);
  return was_in (view, 0, OPENED) && was_in (view, 1, OPENED);
}

/* Of two that sent resets, the one that had not closed. */
static guint
find_resetter (const View *view)
{
  const TramaTcpCounts *a = &view->flow->tcp[0], *b = &view->flow->tcp[1];

  if (a->rst > 0 && b->rst > 0)
    return a->fin > 0 && b->fin == 0 ? 1 : 0;
  return b->rst > 0 ? 1 : 0;
}

/* Nobody answers, and nobody asks any more. */
static gboolean
has_timed_out (const View *view, guint initiator)
{
  guint n_syns = view->flow->tcp[initiator].syn;
  gint64 wait_ns = SYN_TIMEOUT_NS << MIN (n_syns > 0 ? n_syns - 1 : 0, SYN_TIMEOUTS_MAX);

  return is_in (view, initiator, BIT (TRAMA_TCP_CLOSED)) || view->end_ns - view->flow->last_ns >= wait_ns;
}

/* Whoever is there answers what comes again; who sends it gives up some time: RFC 9293, section 3.8.3. */
static gboolean
is_unanswered (const View *view)
{
  return MAX (view->flow->unanswered[0], view->flow->unanswered[1]) >= UNANSWERED_MIN;
}

static TramaEnding
judge_attempt (const View *view)
{
  guint initiator = was_in (view, 1, BIT (TRAMA_TCP_SYN_SENT)) && !was_in (view, 0, BIT (TRAMA_TCP_SYN_SENT));

  if (view->flow->denial == TRAMA_DENIAL_UNREACHABLE)
    return TRAMA_ENDING_UNREACHABLE;
  if (view->flow->denial == TRAMA_DENIAL_REFUSED
      || (view->flow->tcp[!initiator].rst > 0 && is_in (view, initiator, BIT (TRAMA_TCP_CLOSED))))
    return TRAMA_ENDING_REFUSED;
  if (has_reset (view) && is_in (view, !initiator, OVER))
    return began_before (view) ? TRAMA_ENDING_RESET : TRAMA_ENDING_ABORTED;
  if (!was_in (view, 0, ~0u) && !was_in (view, 1, ~0u))
    return TRAMA_ENDING_UNKNOWN;
  if (has_timed_out (view, initiator))
    return TRAMA_ENDING_TIMED_OUT;
  return is_unanswered (view) ? TRAMA_ENDING_UNANSWERED : TRAMA_ENDING_OPENING;
}

static TramaEnding
judge_reset (const View *view)
{
  guint resetter = find_resetter (view);

  if (!is_in (view, 0, OVER) || !is_in (view, 1, OVER))
    return TRAMA_ENDING_HALF_OPEN;
  if (view->course->is_disowned || view->flow->disowns[resetter] || view->flow->tcp[resetter].fin > 0
      || !was_in (view, resetter, OPENED))
    return TRAMA_ENDING_RESET;
  return TRAMA_ENDING_ABORTED;
}

static gboolean
has_closed (const View *view)
{
  guint last = BIT (TRAMA_TCP_TIME_WAIT) | (has_reset (view) ? 0 : BIT (TRAMA_TCP_LAST_ACK));

  return is_in (view, 0, OVER) && is_in (view, 1, OVER) && (was_in (view, 0, last) || was_in (view, 1, last));
}

static gboolean
is_half_open (const View *view)
{
  for (guint side = 0; side < 2; side++)
    if (is_in (view, side, BIT (TRAMA_TCP_CLOSED)) && is_in (view, !side, OPENED)
        && !is_in (view, !side, BIT (TRAMA_TCP_TIME_WAIT)))
      return TRUE;
  return view->course->is_replaced;
}

/* Nothing of one of them was captured. */
static gboolean
is_one_sided (const View *view)
{
  return (view->flow->packets[0] == 0 || view->flow->packets[1] == 0)
         && !trama_endpoint_equal (&view->flow->endpoint[0], &view->flow->endpoint[1]);
}

static TramaEnding
judge (const View *view)
{
  if (view->flow->protocol != IPPROTO_TCP)
    return TRAMA_ENDING_NONE;
  if (!has_opened (view))
    return judge_attempt (view);
  if (has_closed (view))
    return TRAMA_ENDING_CLOSED;
  if (has_reset (view))
    return judge_reset (view);
  if (is_unanswered (view) && !is_one_sided (view)) /* who has acknowledged something was answered */
    return is_in (view, view->flow->unanswered[1] > 0, BIT (TRAMA_TCP_CLOSED)) ? TRAMA_ENDING_TIMED_OUT
                                                                               : TRAMA_ENDING_UNANSWERED;
  if (is_half_open (view))
    return TRAMA_ENDING_HALF_OPEN;
  if (is_in (view, 0, UNACKNOWLEDGED) || is_in (view, 1, UNACKNOWLEDGED))
    return TRAMA_ENDING_CLOSING;
  if (is_in (view, 0, BIT (TRAMA_TCP_ESTABLISHED)) || is_in (view, 1, BIT (TRAMA_TCP_ESTABLISHED)))
    return TRAMA_ENDING_OPEN;
  return TRAMA_ENDING_HALF_CLOSED;
}

/* The setup ends with the answer, and there is nothing to tear down. */
static gboolean
is_denied (guint ending)
{
  return ending == TRAMA_ENDING_REFUSED || ending == TRAMA_ENDING_UNREACHABLE;
}

static TramaClosedBy
find_closer (const View *view, TramaEnding ending)
{
  gboolean a = was_in (view, 0, BIT (TRAMA_TCP_FIN_WAIT_1));
  gboolean b = was_in (view, 1, BIT (TRAMA_TCP_FIN_WAIT_1));

  if (a && b)
    return TRAMA_CLOSED_BY_BOTH;
  if ((a || b) && is_one_sided (view))
    return TRAMA_CLOSED_BY_NOBODY; /* the FIN of the other may have come before it */
  if (a || b)
    return a ? TRAMA_CLOSED_BY_A : TRAMA_CLOSED_BY_B;
  if (!has_reset (view) || is_denied (ending) || ending == TRAMA_ENDING_OPENING)
    return TRAMA_CLOSED_BY_NOBODY;
  return find_resetter (view) == 0 ? TRAMA_CLOSED_BY_A : TRAMA_CLOSED_BY_B;
}

static gint64
subtract (gint64 end_ns, gint64 begin_ns)
{
  if (end_ns == TRAMA_TIME_NONE || begin_ns == TRAMA_TIME_NONE)
    return TRAMA_TIME_NONE;
  return MAX (end_ns - begin_ns, 0);
}

static gint64
measure_setup (const View *view, TramaEnding ending)
{
  const gint64 *begin_ns = view->flow->phase_ns;
  const gint64 *established_ns = view->course->established_ns;

  if (is_denied (ending))
    return subtract (begin_ns[TRAMA_PHASE_TEARDOWN], begin_ns[TRAMA_PHASE_SETUP]);
  if (established_ns[0] == TRAMA_TIME_NONE || established_ns[1] == TRAMA_TIME_NONE)
    return TRAMA_TIME_NONE;
  return subtract (MAX (established_ns[0], established_ns[1]), begin_ns[TRAMA_PHASE_SETUP]);
}

static void
measure (const View *view, TramaFlowPhases *phases)
{
  const gint64 *begin_ns = view->flow->phase_ns;
  gint64 teardown_ns = begin_ns[TRAMA_PHASE_TEARDOWN];

  phases->setup_ns = measure_setup (view, phases->ending);
  phases->data_ns = subtract (teardown_ns != TRAMA_TIME_NONE ? teardown_ns : view->flow->last_ns,
                              begin_ns[TRAMA_PHASE_DATA]);
  phases->teardown_ns = TRAMA_TIME_NONE;
  if (!is_denied (phases->ending))
    phases->teardown_ns = subtract (view->course->changed_ns, teardown_ns);
}

static void
fill (const View *view, TramaFlowPhases *phases)
{
  phases->ending = (guint8) judge (view);
  phases->closed_by = (guint8) find_closer (view, phases->ending);
  phases->began_before = view->flow->protocol == IPPROTO_TCP && began_before (view);
  phases->state[0] = view->course->state[0];
  phases->state[1] = view->course->state[1];
  for (guint side = 0; side < 2; side++)
    if (phases->ending == TRAMA_ENDING_REFUSED && view->flow->denial == TRAMA_DENIAL_NONE
        && phases->state[side] == TRAMA_TCP_UNKNOWN)
      phases->state[side] =
          TRAMA_TCP_CLOSED; /* it has none: that is why it refused, RFC 9293, section 3.10.7.1 */
  measure (view, phases);
}

static void
follow_change (Course *course, guint side, const TramaStateChange *change)
{
  course->changed_ns = change->time_ns;
  course->state[side] = change->state;
  course->entered[side] |= (guint16) BIT (change->state);
  if (change->state == TRAMA_TCP_ESTABLISHED && course->established_ns[side] == TRAMA_TIME_NONE)
    course->established_ns[side] = change->time_ns;
}

static Course *
follow_changes (const TramaFlowTable *table)
{
  guint n = trama_flow_table_n_flows (table);
  Course *courses = g_new0 (Course, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    courses[i].established_ns[0] = courses[i].established_ns[1] = courses[i].changed_ns = TRAMA_TIME_NONE;
  for (guint i = 0; i < trama_flow_table_n_changes (table); i++)
    {
      TramaStateChange change = trama_flow_table_get_change (table, i);

      const TramaFlow *flow;

      if (change.flow == TRAMA_FLOW_NONE)
        continue;
      follow_change (&courses[change.flow], change.side, &change);
      flow = trama_flow_at (table, change.flow);
      if (trama_endpoint_equal (&flow->endpoint[0], &flow->endpoint[1])) /* a socket that is its own peer */
        follow_change (&courses[change.flow], !change.side, &change);
    }
  return courses;
}

static void
mark_replaced (const TramaFlowTable *table, Course *courses)
{
  TramaPairs pairs;

  trama_pairs_init (&pairs, &table->flows);
  for (guint32 i = 0; i < table->flows.len; i++)
    {
      const TramaFlow *flow = trama_flow_at (table, i);
      const TramaEndpoint *a = &flow->endpoint[0], *b = &flow->endpoint[1];
      guint32 hash = trama_pairs_hash (&pairs, flow->protocol, a, b);
      guint side;
      guint32 old = trama_pairs_find (&pairs, hash, flow->protocol, a, b, &side);

      if (old != TRAMA_FLOW_NONE)
        {
          courses[old].is_replaced = TRUE;
          courses[old].is_disowned = trama_flow_at (table, old)->last_ns >= flow->first_ns;
        }
      trama_pairs_set (&pairs, hash, old, i);
    }
  trama_pairs_clear (&pairs);
}

TramaPhases *
trama_phases_new (const TramaFlowTable *table)
{
  TramaPhases *phases = g_new0 (TramaPhases, 1);
  g_autofree Course *courses = follow_changes (table);
  TramaSpan span = { 0 };

  mark_replaced (table, courses);
  trama_store_get_span (table->store, &span);
  phases->n = trama_flow_table_n_flows (table);
  phases->flows = g_new0 (TramaFlowPhases, MAX (phases->n, 1));
  for (guint i = 0; i < phases->n; i++)
    {
      View view = { trama_flow_at (table, i), &courses[i], span.end_ns };

      fill (&view, &phases->flows[i]);
    }
  return phases;
}

void
trama_phases_free (TramaPhases *phases)
{
  if (phases == NULL)
    return;
  g_free (phases->flows);
  g_free (phases);
}

const TramaFlowPhases *
trama_phases_get (const TramaPhases *phases, guint flow)
{
  g_return_val_if_fail (flow < phases->n, NULL);
  return &phases->flows[flow];
}

const char *
trama_ending_name (guint ending)
{
  static const char *const names[TRAMA_N_ENDINGS] = {
    [TRAMA_ENDING_NONE] = "",
    [TRAMA_ENDING_UNKNOWN] = N_ ("unknown"),
    [TRAMA_ENDING_OPENING] = N_ ("opening"),
    [TRAMA_ENDING_REFUSED] = N_ ("refused"),
    [TRAMA_ENDING_UNREACHABLE] = N_ ("unreachable"),
    [TRAMA_ENDING_TIMED_OUT] = N_ ("timed out"),
    [TRAMA_ENDING_OPEN] = N_ ("still open"),
    [TRAMA_ENDING_HALF_CLOSED] = N_ ("half-closed"),
    [TRAMA_ENDING_CLOSING] = N_ ("closing"),
    [TRAMA_ENDING_CLOSED] = N_ ("closed"),
    [TRAMA_ENDING_ABORTED] = N_ ("aborted"),
    [TRAMA_ENDING_RESET] = N_ ("reset"),
    [TRAMA_ENDING_UNANSWERED] = N_ ("unanswered"),
    [TRAMA_ENDING_HALF_OPEN] = N_ ("half-open"),
  };

  return ending < TRAMA_N_ENDINGS ? names[ending] : NULL;
}
