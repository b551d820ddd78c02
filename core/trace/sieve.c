/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/sieve.h"

struct _TramaSieve
{
  TramaSieveKeepsFunc keeps;
  TramaSieveCompareFunc compare;
  gpointer user_data;
  GDestroyNotify free_func;
  guint32 n;
  guint32 n_done; /* looked at */

  /* Merged from runs of one, two, four …, from .list to .merged, which then change places. */
  GArray *list;
  GArray *merged;
  gsize run;         /* 0: nothing is merged yet */
  gsize left, right; /* the next of each of the two runs that are merged now */
  gsize start;       /* of those */
};

TramaSieve *
trama_sieve_new (guint32 n,
                 TramaSieveKeepsFunc keeps,
                 TramaSieveCompareFunc compare,
                 gpointer user_data,
                 GDestroyNotify free_func)
{
  TramaSieve *self = g_new0 (TramaSieve, 1);

  self->n = n;
  self->keeps = keeps;
  self->compare = compare;
  self->user_data = user_data;
  self->free_func = free_func;
  self->list = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->merged = g_array_new (FALSE, FALSE, sizeof (guint32));
  return self;
}

void
trama_sieve_free (TramaSieve *self)
{
  if (self == NULL)
    return;
  if (self->free_func != NULL)
    self->free_func (self->user_data);
  g_clear_pointer (&self->list, g_array_unref);
  g_array_unref (self->merged);
  g_free (self);
}

static void
look_at (TramaSieve *self, guint32 index)
{
  if (self->keeps == NULL || self->keeps (index, self->user_data))
    g_array_append_val (self->list, index);
}

static gsize
end_of_run (const TramaSieve *self, gsize start)
{
  return MIN (start + self->run, self->list->len);
}

static void
begin_pair (TramaSieve *self, gsize start)
{
  self->start = self->left = start;
  self->right = end_of_run (self, start);
}

static void
begin_runs (TramaSieve *self, gsize run)
{
  self->run = run;
  g_array_set_size (self->merged, 0);
  begin_pair (self, 0);
}

static gboolean
is_left_next (const TramaSieve *self, gsize left_end, gsize right_end)
{
  if (self->left == left_end || self->right == right_end)
    return self->left < left_end;
  return self->compare (g_array_index (self->list, guint32, self->left),
                        g_array_index (self->list, guint32, self->right), self->user_data)
         <= 0;
}

static void
merge_one (TramaSieve *self)
{
  gsize left_end = end_of_run (self, self->start), right_end = end_of_run (self, left_end);
  gsize next = is_left_next (self, left_end, right_end) ? self->left++ : self->right++;
  GArray *merged = self->merged;

  g_array_append_val (merged, g_array_index (self->list, guint32, next));
  if (merged->len < right_end)
    return;
  if (right_end < self->list->len)
    {
      begin_pair (self, right_end);
      return;
    }
  self->merged = self->list;
  self->list = merged;
  begin_runs (self, self->run * 2);
}

gboolean
trama_sieve_step (TramaSieve *self, guint n)
{
  g_return_val_if_fail (self->list != NULL, FALSE);

  for (; n > 0 && self->n_done < self->n; n--)
    look_at (self, self->n_done++);
  if (self->n_done < self->n)
    return TRUE;
  if (self->compare == NULL)
    return FALSE;
  if (self->run == 0)
    begin_runs (self, 1);
  for (; n > 0 && self->run < self->list->len; n--)
    merge_one (self);
  return self->run < self->list->len;
}

GArray *
trama_sieve_take_list (TramaSieve *self)
{
  return g_steal_pointer (&self->list);
}

GArray *
trama_sieve_run (TramaSieve *sieve)
{
  g_autoptr (TramaSieve) self = sieve;

  while (trama_sieve_step (self, G_MAXUINT))
    continue;
  return trama_sieve_take_list (self);
}
