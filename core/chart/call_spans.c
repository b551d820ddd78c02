/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/call_spans.h"

#define PART 64

typedef struct
{
  gint64 entry_ns, exit_ns; /* G_MAXINT64: it has not returned */
  guint32 call;
} Span;

struct _TramaCallSpans
{
  GArray *spans;  /* of Span, by entry */
  GArray *latest; /* of gint64: the latest exit of each so many */
};

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const Span *x = a, *y = b;

  if (x->entry_ns != y->entry_ns)
    return x->entry_ns < y->entry_ns ? -1 : 1;
  return x->call < y->call ? -1 : x->call > y->call;
}

TramaCallSpans *
trama_call_spans_new (TramaStore *store)
{
  TramaCallSpans *self = g_new0 (TramaCallSpans, 1);

  self->spans = g_array_new (FALSE, FALSE, sizeof (Span));
  self->latest = g_array_new (FALSE, FALSE, sizeof (gint64));
  for (guint32 i = 0; i < trama_store_n_calls (store); i++)
    {
      const TramaCall *call = trama_store_get_call (store, i);
      Span span = { call->entry_ns, call->exit_ns != TRAMA_TIME_NONE ? call->exit_ns : G_MAXINT64, i };

      g_array_append_val (self->spans, span);
    }
  g_array_sort (self->spans, compare_spans);
  for (guint i = 0; i < self->spans->len; i++)
    {
      gint64 exit_ns = g_array_index (self->spans, Span, i).exit_ns;

      if (i % PART == 0)
        g_array_append_val (self->latest, exit_ns);
      else
        g_array_index (self->latest, gint64, i / PART) = MAX (g_array_index (self->latest, gint64, i / PART),
                                                              exit_ns);
    }
  return self;
}

void
trama_call_spans_free (TramaCallSpans *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->spans);
  g_array_unref (self->latest);
  g_free (self);
}

void
trama_call_spans_find (const TramaCallSpans *self, gint64 start_ns, gint64 end_ns, GArray *calls)
{
  for (guint part = 0; part < self->latest->len; part++)
    {
      guint begin = part * PART, end = MIN (begin + PART, self->spans->len);

      if (g_array_index (self->spans, Span, begin).entry_ns > end_ns)
        break;
      if (g_array_index (self->latest, gint64, part) < start_ns)
        continue;
      for (guint i = begin; i < end; i++)
        {
          const Span *span = &g_array_index (self->spans, Span, i);

          if (span->entry_ns <= end_ns && span->exit_ns >= start_ns)
            g_array_append_val (calls, span->call);
        }
    }
}
