/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/arrange.h"

#include <string.h>

/* The search takes time as the fifth power of their number; a crowd stays as it is. */
#define CROWD_MIN 25

static guint64
cost_of (const guint *order, guint n, const guint *ties)
{
  guint64 cost = 0;

  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      cost += (guint64) (ties[order[i] * n + order[j]] + ties[order[j] * n + order[i]]) * (j - i);
  return cost;
}

static void
move (guint *order, guint from, guint to)
{
  guint moved = order[from];

  if (from < to)
    memmove (order + from, order + from + 1, (to - from) * sizeof *order);
  else
    memmove (order + to + 1, order + to, (from - to) * sizeof *order);
  order[to] = moved;
}

/* Tries every place for everybody; FALSE when none is better than the one they have. */
static gboolean
improve (guint *order, guint n, const guint *ties)
{
  guint64 best = cost_of (order, n, ties);
  guint best_from = 0, best_to = 0;

  for (guint from = n; from-- > 0;)
    for (guint to = 0; to < n; to++)
      {
        guint64 cost;

        move (order, from, to);
        cost = cost_of (order, n, ties);
        move (order, to, from);
        if (cost >= best)
          continue;
        best = cost;
        best_from = from;
        best_to = to;
      }
  move (order, best_from, best_to);
  return best_from != best_to;
}

void
trama_arrange (guint *order, guint n, const guint *ties)
{
  for (guint round = 0; n < CROWD_MIN && round < n && improve (order, n, ties); round++)
    ;
}
