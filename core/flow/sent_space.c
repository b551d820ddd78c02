/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/sent_space.h"

/* The largest window: further away is another stream. */
#define REACH (1u << 30)

/* How far back numbers are remembered; behind that they cannot be told from those ahead. */
#define SPAN_MAX ((1u << 31) - 1)

/* Numbers that were not sent. */
typedef struct
{
  guint32 begin;
  guint32 end;
} Hole;

static Hole *
hole_at (const TramaSentSpace *space, guint index)
{
  return &g_array_index (space->holes, Hole, index);
}

/* Numbers of one space are compared by where they stand in it. */
static guint32
place (const TramaSentSpace *space, guint32 number)
{
  return number - space->begin;
}

static void
begin_anew (TramaSentSpace *space, guint32 begin, guint32 end)
{
  trama_sent_space_clear (space);
  space->begin = begin;
  space->end = end;
}

static void
remove_holes (TramaSentSpace *space, guint index, guint n)
{
  if (n > 0)
    g_array_remove_range (space->holes, index, n);
  if (space->holes->len == 0)
    g_clear_pointer (&space->holes, g_array_unref);
}

static void
insert_hole (TramaSentSpace *space, guint index, guint32 begin, guint32 end)
{
  Hole hole = { begin, end };

  if (space->holes == NULL)
    space->holes = g_array_new (FALSE, FALSE, sizeof (Hole));
  g_array_insert_val (space->holes, index, hole);
  if (space->holes->len > TRAMA_SENT_HOLES_MAX)
    remove_holes (space, 0, 1);
}

/* Of what lies before @begin nothing is known any more. A hole there goes as a whole: begin was always sent. */
static void
forget_before (TramaSentSpace *space, guint32 begin)
{
  guint32 shift = place (space, begin);
  guint gone = 0;

  for (; space->holes != NULL && gone < space->holes->len; gone++)
    {
      const Hole *hole = hole_at (space, gone);

      if (place (space, hole->begin) > shift)
        break;
      shift = MAX (shift, place (space, hole->end));
    }
  if (gone > 0)
    remove_holes (space, 0, gone);
  space->begin += shift;
}

static void
set_end (TramaSentSpace *space, guint32 end)
{
  if ((guint64) place (space, space->end) + (end - space->end) > SPAN_MAX)
    forget_before (space, end - SPAN_MAX);
  space->end = end;
}

/* The first hole that ends behind @number. */
static guint
find_hole (const TramaSentSpace *space, guint32 number)
{
  guint low = 0, high = space->holes->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (place (space, hole_at (space, middle)->end) <= place (space, number))
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* [begin, end) lies within the space and is sent now. Returns how many of its numbers had not been. */
static guint32
fill (TramaSentSpace *space, guint32 begin, guint32 end)
{
  guint32 from = place (space, begin), to = place (space, end), filled = 0;
  guint first, behind;

  if (space->holes == NULL)
    return 0;
  first = behind = find_hole (space, begin);
  while (behind < space->holes->len && place (space, hole_at (space, behind)->begin) < to)
    {
      Hole *hole = hole_at (space, behind);
      guint32 hole_from = place (space, hole->begin), hole_to = place (space, hole->end);

      filled += MIN (hole_to, to) - MAX (hole_from, from);
      if (hole_from < from && hole_to > to) /* nothing else can be in it */
        {
          guint32 rest_end = hole->end;

          hole->end = begin;
          insert_hole (space, behind + 1, end, rest_end);
          return filled;
        }
      if (hole_from < from)
        {
          hole->end = begin;
          first++;
        }
      else if (hole_to > to)
        {
          hole->begin = end;
          break;
        }
      behind++;
    }
  remove_holes (space, first, behind - first);
  return filled;
}

/* It begins within the space, and may go on behind it. */
static gboolean
add_inside (TramaSentSpace *space, guint32 begin, guint32 size)
{
  guint32 known = MIN (size, space->end - begin);
  gboolean sent = fill (space, begin, begin + known) < known;

  if (size > known)
    set_end (space, begin + size);
  return sent;
}

static gboolean
add_ahead (TramaSentSpace *space, guint32 begin, guint32 size)
{
  guint32 end = space->end;

  if ((guint64) (begin - end) + size > REACH)
    {
      begin_anew (space, begin, begin + size);
      return FALSE;
    }
  set_end (space, begin + size);
  insert_hole (space, space->holes != NULL ? space->holes->len : 0, end, begin);
  return FALSE;
}

/* It is older than all that was seen. */
static gboolean
add_before (TramaSentSpace *space, guint32 begin, guint32 size)
{
  guint32 distance = space->begin - begin, oldest = space->begin;

  if (distance > REACH)
    {
      begin_anew (space, begin, begin + size);
      return FALSE;
    }
  if ((guint64) place (space, space->end) + distance <= SPAN_MAX)
    {
      space->begin = begin;
      if (size < distance)
        insert_hole (space, 0, begin + size, oldest);
    }
  if (size <= distance)
    return FALSE;
  add_inside (space, oldest, size - distance);
  return TRUE;
}

gboolean
trama_sent_space_add (TramaSentSpace *space, guint32 begin, guint32 size)
{
  guint32 span = space->end - space->begin, offset = begin - space->begin;

  g_return_val_if_fail (size <= REACH, FALSE);

  if (size == 0)
    return FALSE;
  if (span == 0)
    {
      begin_anew (space, begin, begin + size);
      return FALSE;
    }
  if (offset <= span)
    return add_inside (space, begin, size);
  return offset - span <= -offset ? add_ahead (space, begin, size) : add_before (space, begin, size);
}

/* Seen from the end: all that is known lies less than half the numbers before it. */
static gint64
behind_end (const TramaSentSpace *space, guint32 number)
{
  return (gint32) (number - space->end);
}

guint32
trama_sent_space_missing (const TramaSentSpace *space, guint32 begin, guint32 end)
{
  gint64 from = behind_end (space, begin), to = behind_end (space, end);
  gint64 missing = MAX (to, 0) - MAX (from, 0);

  if (from >= to)
    return 0;
  from = MAX (from, behind_end (space, space->begin));
  if (space->holes == NULL || from >= MIN (to, 0))
    return (guint32) missing;
  for (guint i = find_hole (space, space->end + (guint32) from); i < space->holes->len; i++)
    {
      gint64 hole_from = behind_end (space, hole_at (space, i)->begin);
      gint64 hole_to = behind_end (space, hole_at (space, i)->end);

      if (hole_from >= to)
        break;
      missing += MIN (hole_to, to) - MAX (hole_from, from);
    }
  return (guint32) missing;
}

void
trama_sent_space_clear (TramaSentSpace *space)
{
  g_clear_pointer (&space->holes, g_array_unref);
  space->begin = space->end = 0;
}
