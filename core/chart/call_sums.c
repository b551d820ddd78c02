/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/call_sums.h"

#include "core/chart/reaches.h"
#include "core/trace/column.h"

#include <string.h>

/* Times between two sums of them. */
#define PART_SHIFT 6
#define PART (1u << PART_SHIFT)

/* Moments in order of time. What is added up of them may pass 2^64: only differences mean something. */
typedef struct
{
  TramaColumn times; /* of gint64 */
  TramaColumn sums;  /* of guint64: of all before each part */
  guint64 sum;
} Moments;

/* Those that failed in one way. */
typedef struct
{
  gint32 error;
  GArray *positions; /* of guint */
} Failures;

/* What is known of all, and of those that slept. */
enum
{
  BUSY,
  SLEPT,
  N_KINDS,
};

typedef struct
{
  TramaColumn spans; /* of TramaCallSpan */
  TramaReaches reaches;
  Moments entries[N_KINDS], exits[N_KINDS];
  GArray *failures; /* of Failures */
} Rail;

struct _TramaCallSums
{
  Rail *rails;
  guint n_rails;
};

/* Moments. */

static void
moments_init (Moments *self)
{
  trama_column_init (&self->times, sizeof (gint64));
  trama_column_init (&self->sums, sizeof (guint64));
  trama_column_add (&self->sums, guint64) = 0;
}

static void
moments_clear (Moments *self)
{
  trama_column_clear (&self->times);
  trama_column_clear (&self->sums);
}

static void
moments_append (Moments *self, gint64 time_ns)
{
  trama_column_add (&self->times, gint64) = time_ns;
  self->sum += (guint64) time_ns;
  if (self->times.len % PART == 0)
    trama_column_add (&self->sums, guint64) = self->sum;
}

/* From @low on, the first of @n records whose time, at the beginning of each, is not before @time_ns. */
static guint
find_time (const TramaColumn *column, gsize record_bytes, guint low, gint64 time_ns)
{
  guint step = 1, high;

#define TIME_AT(index) (*(const gint64 *) trama_column_at (column, record_bytes, index))
  while (low + step < column->len && TIME_AT (low + step) < time_ns)
    {
      low += step;
      step *= 2;
    }
  high = MIN (low + step, column->len);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (TIME_AT (middle) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
#undef TIME_AT
  return low;
}

/* How much time has gone by since each of them, together, up to @time_ns; *at is where to look first, and is kept. */
static guint64
sum_since (const Moments *self, gint64 time_ns, guint *at)
{
  guint64 sum;

  *at = find_time (&self->times, sizeof (gint64), *at, time_ns);
  sum = trama_column_index (&self->sums, guint64, *at >> PART_SHIFT);
  for (guint i = *at & ~(PART - 1); i < *at; i++)
    sum += (guint64) trama_column_index (&self->times, gint64, i);
  return *at * (guint64) time_ns - sum;
}

/* Rails. */

static void
rail_init (Rail *rail)
{
  trama_column_init (&rail->spans, sizeof (TramaCallSpan));
  trama_reaches_init (&rail->reaches);
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      moments_init (&rail->entries[kind]);
      moments_init (&rail->exits[kind]);
    }
  rail->failures = g_array_new (FALSE, FALSE, sizeof (Failures));
}

static void
rail_clear (Rail *rail)
{
  trama_column_clear (&rail->spans);
  trama_reaches_clear (&rail->reaches);
  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      moments_clear (&rail->entries[kind]);
      moments_clear (&rail->exits[kind]);
    }
  for (guint i = 0; i < rail->failures->len; i++)
    g_array_unref (g_array_index (rail->failures, Failures, i).positions);
  g_array_unref (rail->failures);
}

TramaCallSums *
trama_call_sums_new (guint n_rails)
{
  TramaCallSums *self = g_new0 (TramaCallSums, 1);

  self->n_rails = n_rails;
  self->rails = g_new0 (Rail, MAX (n_rails, 1));
  for (guint i = 0; i < n_rails; i++)
    rail_init (&self->rails[i]);
  return self;
}

void
trama_call_sums_free (TramaCallSums *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->n_rails; i++)
    rail_clear (&self->rails[i]);
  g_free (self->rails);
  g_free (self);
}

static void
list_failure (Rail *rail, guint position, gint32 error)
{
  Failures failures = { error, NULL };

  for (guint i = 0; i < rail->failures->len; i++)
    if (g_array_index (rail->failures, Failures, i).error == error)
      {
        g_array_append_val (g_array_index (rail->failures, Failures, i).positions, position);
        return;
      }
  failures.positions = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_val (failures.positions, position);
  g_array_append_val (rail->failures, failures);
}

void
trama_call_sums_enter (TramaCallSums *self, guint32 rail_index, const TramaCallSpan *span, gboolean slept)
{
  Rail *rail = &self->rails[rail_index];
  guint position = rail->spans.len;

  trama_column_add (&rail->spans, TramaCallSpan) = *span;
  trama_reaches_append (&rail->reaches, span->entry_ns, span->exit_ns);
  if (span->error != 0)
    list_failure (rail, position, span->error);
  if (span->exit_ns == G_MAXINT64)
    return;
  moments_append (&rail->entries[BUSY], span->entry_ns);
  if (slept)
    moments_append (&rail->entries[SLEPT], span->entry_ns);
}

void
trama_call_sums_leave (TramaCallSums *self, guint32 rail_index, gint64 exit_ns, gboolean slept)
{
  Rail *rail = &self->rails[rail_index];

  moments_append (&rail->exits[BUSY], exit_ns);
  if (slept)
    moments_append (&rail->exits[SLEPT], exit_ns);
}

guint
trama_call_sums_n (const TramaCallSums *self, guint32 rail)
{
  return self->rails[rail].spans.len;
}

static const TramaCallSpan *
span_at (const Rail *rail, guint position)
{
  return &trama_column_index (&rail->spans, TramaCallSpan, position);
}

const TramaCallSpan *
trama_call_sums_get (const TramaCallSums *self, guint32 rail, guint position)
{
  return span_at (&self->rails[rail], position);
}

G_STATIC_ASSERT (G_STRUCT_OFFSET (TramaCallSpan, entry_ns) == 0);

guint
trama_call_sums_find (const TramaCallSums *self, guint32 rail, guint from, gint64 time_ns)
{
  return find_time (&self->rails[rail].spans, sizeof (TramaCallSpan), from, time_ns);
}

void
trama_call_sums_query (const TramaCallSums *self,
                       guint32 rail_index,
                       const gint64 *edges_ns,
                       guint n,
                       TramaCallSum *stretches)
{
  const Rail *rail = &self->rails[rail_index];
  guint position = 0, entries[N_KINDS] = { 0 }, exits[N_KINDS] = { 0 };
  guint64 before[N_KINDS] = { 0 };

  for (guint i = 0; i <= n; i++)
    {
      guint begin = position;
      gint64 spent_ns[N_KINDS];

      position = find_time (&rail->spans, sizeof (TramaCallSpan), begin, edges_ns[i]);
      for (guint kind = 0; kind < N_KINDS; kind++)
        {
          guint64 until = sum_since (&rail->entries[kind], edges_ns[i], &entries[kind])
                          - sum_since (&rail->exits[kind], edges_ns[i], &exits[kind]);

          spent_ns[kind] = (gint64) (until - before[kind]);
          before[kind] = until;
        }
      if (i > 0)
        stretches[i - 1] = (TramaCallSum){ position - begin, spent_ns[BUSY], spent_ns[SLEPT] };
    }
}

void
trama_call_sums_find_long (const TramaCallSums *self,
                           guint32 rail_index,
                           gint64 start_ns,
                           gint64 end_ns,
                           gint64 least_ns,
                           GArray *positions)
{
  const Rail *rail = &self->rails[rail_index];
  guint position = 0, end = rail->spans.len;

  g_return_if_fail (start_ns <= end_ns);
  if (end_ns < G_MAXINT64)
    end = trama_call_sums_find (self, rail_index, 0, end_ns + 1);
  for (;; position++)
    {
      const TramaCallSpan *span;

      position = trama_reaches_next (&rail->reaches, position, start_ns, least_ns);
      if (position >= end)
        break;
      span = span_at (rail, position);
      if (span->exit_ns >= start_ns && trama_reaches_length (span->entry_ns, span->exit_ns) > least_ns)
        g_array_append_val (positions, position);
    }
}

static guint
find_position (const GArray *positions, guint from)
{
  guint low = 0, high = positions->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (positions, guint, middle) < from)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

void
trama_call_sums_find_failed (const TramaCallSums *self,
                             guint32 rail,
                             guint begin,
                             guint end,
                             GArray *positions)
{
  const GArray *failures = self->rails[rail].failures;

  for (guint i = 0; i < failures->len; i++)
    {
      const GArray *of = g_array_index (failures, Failures, i).positions;
      guint first = find_position (of, begin);

      if (first < of->len && g_array_index (of, guint, first) < end)
        g_array_append_val (positions, g_array_index (of, guint, first));
    }
}
