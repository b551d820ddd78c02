/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/notebook.h"

#include <string.h>

typedef struct
{
  TramaRef subject;
  gint64 time_ns;
  char *text;         /* NULL: none */
  char *settled_text; /* the same pointer while it is the same text */
  gboolean marked;
  gboolean settled_mark;
} Remark;

struct _TramaNotebook
{
  GPtrArray *remarks; /* of Remark */
  GHashTable *places; /* Remark, known by its place → index */
  guint n_notes, n_marks, n_modified;
  gboolean touched;
};

static guint
hash_place (gconstpointer data)
{
  const Remark *remark = data;

  if (remark->subject.kind == 0)
    return g_int64_hash (&remark->time_ns);
  return remark->subject.index * 31 + remark->subject.kind;
}

static gboolean
equal_places (gconstpointer a, gconstpointer b)
{
  const Remark *x = a, *y = b;

  if (x->subject.kind != y->subject.kind)
    return FALSE;
  return x->subject.kind == 0 ? x->time_ns == y->time_ns : x->subject.index == y->subject.index;
}

static void
free_remark (gpointer data)
{
  Remark *remark = data;

  if (remark->settled_text != remark->text)
    g_free (remark->settled_text);
  g_free (remark->text);
  g_free (remark);
}

TramaNotebook *
trama_notebook_new (void)
{
  TramaNotebook *notebook = g_new0 (TramaNotebook, 1);

  notebook->remarks = g_ptr_array_new_with_free_func (free_remark);
  notebook->places = g_hash_table_new (hash_place, equal_places);
  return notebook;
}

void
trama_notebook_free (TramaNotebook *notebook)
{
  if (notebook == NULL)
    return;
  g_hash_table_unref (notebook->places);
  g_ptr_array_unref (notebook->remarks);
  g_free (notebook);
}

static Remark *
remark_at (const TramaNotebook *notebook, guint index)
{
  return g_ptr_array_index (notebook->remarks, index);
}

guint
trama_notebook_n_remarks (const TramaNotebook *notebook)
{
  return notebook->remarks->len;
}

TramaRemark
trama_notebook_get (const TramaNotebook *notebook, guint index)
{
  const Remark *remark;

  g_return_val_if_fail (index < notebook->remarks->len, ((TramaRemark){ 0 }));

  remark = remark_at (notebook, index);
  return (TramaRemark){ remark->subject, remark->time_ns, remark->text, remark->marked };
}

guint
trama_notebook_find (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns)
{
  const Remark place = { .subject = subject, .time_ns = time_ns };
  gpointer index;

  if (!g_hash_table_lookup_extended (notebook->places, &place, NULL, &index))
    return G_MAXUINT;
  return GPOINTER_TO_UINT (index);
}

const char *
trama_notebook_get_text (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns)
{
  guint index = trama_notebook_find (notebook, subject, time_ns);

  return index != G_MAXUINT ? remark_at (notebook, index)->text : NULL;
}

gboolean
trama_notebook_is_marked (const TramaNotebook *notebook, TramaRef subject, gint64 time_ns)
{
  guint index = trama_notebook_find (notebook, subject, time_ns);

  return index != G_MAXUINT && remark_at (notebook, index)->marked;
}

/* Changing. */

static Remark *
need_remark (TramaNotebook *notebook, TramaRef subject, gint64 time_ns)
{
  guint index = trama_notebook_find (notebook, subject, time_ns);
  Remark *remark;

  if (index != G_MAXUINT)
    return remark_at (notebook, index);
  remark = g_new0 (Remark, 1);
  remark->subject = subject;
  remark->time_ns = time_ns;
  g_hash_table_insert (notebook->places, remark, GUINT_TO_POINTER (notebook->remarks->len));
  g_ptr_array_add (notebook->remarks, remark);
  return remark;
}

static gboolean
is_modified (const Remark *remark)
{
  return remark->text != remark->settled_text || remark->marked != remark->settled_mark;
}

char *
trama_notebook_trim (const char *text)
{
  gsize size = text != NULL ? strlen (text) : 0;

  if (size == 0)
    return NULL;
  if (size > TRAMA_TEXT_MAX_BYTES)
    for (size = TRAMA_TEXT_MAX_BYTES; size > 0 && ((guint8) text[size] & 0xc0) == 0x80; size--)
      ;
  return g_utf8_make_valid (text, (gssize) size);
}

/* Takes @text. A text that is settled is kept, to be known again when it comes back. */
static void
change_text (TramaNotebook *notebook, Remark *remark, char *text)
{
  notebook->n_modified -= is_modified (remark);
  notebook->n_notes -= remark->text != NULL;
  if (remark->text != remark->settled_text)
    g_free (remark->text);
  remark->text = text;
  if (g_strcmp0 (text, remark->settled_text) == 0)
    {
      g_free (text);
      remark->text = remark->settled_text;
    }
  notebook->n_notes += remark->text != NULL;
  notebook->n_modified += is_modified (remark);
}

static void
change_mark (TramaNotebook *notebook, Remark *remark, gboolean marked)
{
  notebook->n_modified -= is_modified (remark);
  notebook->n_marks -= remark->marked;
  remark->marked = marked;
  notebook->n_marks += remark->marked;
  notebook->n_modified += is_modified (remark);
}

static void
settle (TramaNotebook *notebook, Remark *remark)
{
  notebook->n_modified -= is_modified (remark);
  if (remark->settled_text != remark->text)
    g_free (remark->settled_text);
  remark->settled_text = remark->text;
  remark->settled_mark = remark->marked;
}

void
trama_notebook_set_text (TramaNotebook *notebook, TramaRef subject, gint64 time_ns, const char *text)
{
  notebook->touched = TRUE;
  change_text (notebook, need_remark (notebook, subject, time_ns), trama_notebook_trim (text));
}

void
trama_notebook_set_marked (TramaNotebook *notebook, TramaRef subject, gint64 time_ns, gboolean marked)
{
  notebook->touched = TRUE;
  change_mark (notebook, need_remark (notebook, subject, time_ns), marked != FALSE);
}

void
trama_notebook_take (TramaNotebook *notebook,
                     TramaRef subject,
                     gint64 time_ns,
                     const char *text,
                     gboolean marked)
{
  Remark *remark = need_remark (notebook, subject, time_ns);

  if (text != NULL && text[0] != '\0')
    change_text (notebook, remark, trama_notebook_trim (text));
  if (marked)
    change_mark (notebook, remark, TRUE);
  settle (notebook, remark);
}

guint
trama_notebook_n_notes (const TramaNotebook *notebook)
{
  return notebook->n_notes;
}

guint
trama_notebook_n_marks (const TramaNotebook *notebook)
{
  return notebook->n_marks;
}

guint
trama_notebook_find_mark (const TramaNotebook *notebook, gint64 time_ns, int direction)
{
  guint found = G_MAXUINT;

  for (guint i = 0; i < notebook->remarks->len; i++)
    {
      const Remark *remark = remark_at (notebook, i);
      gboolean beyond = time_ns == TRAMA_TIME_NONE
                        || (direction > 0 ? remark->time_ns > time_ns : remark->time_ns < time_ns);

      if (!remark->marked || !beyond)
        continue;
      if (found == G_MAXUINT
          || (direction > 0 ? remark->time_ns < remark_at (notebook, found)->time_ns
                            : remark->time_ns > remark_at (notebook, found)->time_ns))
        found = i;
    }
  return found;
}

static int
compare_times (gconstpointer a, gconstpointer b, gpointer notebook)
{
  guint one = *(const guint *) a, other = *(const guint *) b;
  gint64 one_ns = remark_at (notebook, one)->time_ns, other_ns = remark_at (notebook, other)->time_ns;

  if (one_ns != other_ns)
    return one_ns < other_ns ? -1 : 1;
  return one < other ? -1 : one > other;
}

GArray *
trama_notebook_list_moments (const TramaNotebook *notebook)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < notebook->remarks->len; i++)
    if (remark_at (notebook, i)->subject.kind == 0 && remark_at (notebook, i)->text != NULL)
      g_array_append_val (list, i);
  g_array_sort_with_data (list, compare_times, (gpointer) notebook);
  return list;
}

gboolean
trama_notebook_is_modified (const TramaNotebook *notebook)
{
  return notebook->n_modified > 0;
}

void
trama_notebook_settle (TramaNotebook *notebook)
{
  for (guint i = 0; i < notebook->remarks->len; i++)
    settle (notebook, remark_at (notebook, i));
}

gboolean
trama_notebook_is_touched (const TramaNotebook *notebook)
{
  return notebook->touched;
}
