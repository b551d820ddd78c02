/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/trail.h"

#include "core/chart/chart_private.h"

#include <glib/gi18n-lib.h>

/* Sizes of the design at scale 1. */
#define AT_BAR_PX 22   /* how much of a bar its bytes take, at most */
#define AT_ARROW_PX 18 /* the same of the end of an arrow */

struct _TramaTrail
{
  gatomicrefcount ref_count;
  const TramaChart *chart; /* borrowed while it is made, as are the links */
  const TramaLinks *links;
  GHashTable *lit; /* of gint64 */
  GArray *kept;    /* of TramaLink: that carry bytes */
  GArray *ribbons; /* of TramaRibbon */
  GStringChunk *strings;
};

static gint64
key_of (TramaRef ref)
{
  return (gint64) ref.kind << 32 | ref.index;
}

static void
add_lit (TramaTrail *self, TramaRef ref)
{
  gint64 key = key_of (ref);

  if (ref.kind != 0 && !g_hash_table_contains (self->lit, &key))
    g_hash_table_add (self->lit, g_memdup2 (&key, sizeof key));
}

static gboolean
is_same_link (const TramaLink *a, const TramaLink *b)
{
  return a->kind == b->kind && a->from_bytes == b->from_bytes && key_of (a->cause) == key_of (b->cause)
         && key_of (a->effect) == key_of (b->effect);
}

static gboolean
has_bytes (const TramaLink *link)
{
  return link->effect.kind != 0 && link->to_bytes > link->from_bytes
         && (link->kind == TRAMA_LINKS_SENDS || link->kind == TRAMA_LINKS_TAKES
             || link->kind == TRAMA_LINKS_CARRIES || link->kind == TRAMA_LINKS_PAIRS);
}

static void
keep_link (TramaTrail *self, const TramaLink *link)
{
  if (!has_bytes (link))
    return;
  for (guint i = 0; i < self->kept->len; i++)
    if (is_same_link (&g_array_index (self->kept, TramaLink, i), link))
      return;
  g_array_append_val (self->kept, *link);
}

/* Where both are about bytes, only those that they share go on. */
static gboolean
goes_on (const TramaLink *first, const TramaLink *next)
{
  if (!has_bytes (first) || !has_bytes (next))
    return !has_bytes (first) && !has_bytes (next);
  return first->from_bytes < next->to_bytes && next->from_bytes < first->to_bytes;
}

static void
follow (TramaTrail *self, const GArray *links, gboolean forwards, gboolean is_far)
{
  for (guint i = 0; i < links->len; i++)
    {
      const TramaLink *link = &g_array_index (links, TramaLink, i);
      TramaRef other = forwards ? link->effect : link->cause;
      g_autoptr (GArray) further = NULL;

      add_lit (self, other);
      keep_link (self, link);
      if (!is_far || other.kind != TRAMA_EVENT_PACKET)
        continue;
      trama_links_get (self->links, other, forwards ? NULL : &further, forwards ? &further : NULL);
      for (guint n = 0; n < further->len; n++)
        {
          const TramaLink *next = &g_array_index (further, TramaLink, n);
          TramaRef end = forwards ? next->effect : next->cause;

          if (end.kind != TRAMA_EVENT_CALL || !goes_on (link, next))
            continue;
          add_lit (self, end);
          keep_link (self, next);
        }
    }
}

/* Ribbons. */

static const TramaChartBar *
find_bar (const TramaTrail *self, guint call)
{
  const TramaChartPrivate *chart = (const TramaChartPrivate *) self->chart;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (chart->bar_of_call, GUINT_TO_POINTER (call)));

  return place != 0 ? &self->chart->bars[place - 1] : NULL;
}

static const TramaChartArrow *
find_arrow (const TramaTrail *self, guint packet)
{
  const TramaChartPrivate *chart = (const TramaChartPrivate *) self->chart;
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (chart->arrow_of_packet, GUINT_TO_POINTER (packet)));

  return place != 0 ? &self->chart->arrows[place - 1] : NULL;
}

/* All of the bytes that went out of an event, or came into it. */
static void
find_whole (const TramaTrail *self, TramaRef ref, gboolean as_cause, guint64 *from, guint64 *to)
{
  g_autoptr (GArray) links = NULL;

  *from = G_MAXUINT64;
  *to = 0;
  trama_links_get (self->links, ref, as_cause ? NULL : &links, as_cause ? &links : NULL);
  for (guint i = 0; i < links->len; i++)
    {
      const TramaLink *link = &g_array_index (links, TramaLink, i);

      if (!has_bytes (link))
        continue;
      *from = MIN (*from, link->from_bytes);
      *to = MAX (*to, link->to_bytes);
    }
}

/* The part of [top, bottom] that the bytes of a link are of all that went the same way. */
static void
cut_edge (const TramaTrail *self, const TramaLink *link, gboolean as_cause, double *top, double *bottom)
{
  double height = *bottom - *top, y = *top;
  guint64 from, to;

  find_whole (self, as_cause ? link->cause : link->effect, as_cause, &from, &to);
  if (to <= from)
    return;
  *top = y + height * (double) (link->from_bytes - from) / (double) (to - from);
  *bottom = y + height * (double) (link->to_bytes - from) / (double) (to - from);
}

/* What is sent is given at the entry of the call, what is received at its return. */
static gboolean
place_at_bar (const TramaTrail *self, guint call, gboolean as_cause, double *x, double *top, double *bottom)
{
  const TramaChartBar *bar = find_bar (self, call);
  const TramaChartRail *rail;
  double size = AT_BAR_PX * self->chart->scale, height;

  if (bar == NULL)
    return FALSE;
  rail = &self->chart->rails[bar->rail];
  height = MIN (MAX (bar->y1 - bar->y0, size / 2), size);
  *x = rail->direction > 0 ? rail->bar_x0 : rail->bar_x1;
  *top = as_cause ? bar->y0 : MAX (bar->y1 - height, bar->y0);
  *bottom = *top + height;
  return TRUE;
}

static gboolean
place_at_arrow (const TramaTrail *self,
                guint packet,
                gboolean as_cause,
                double *x,
                double *top,
                double *bottom)
{
  const TramaChartArrow *arrow = find_arrow (self, packet);
  double half = AT_ARROW_PX * self->chart->scale / 2;

  if (arrow == NULL)
    return FALSE;
  *x = as_cause ? arrow->x1 : arrow->x0;
  *top = (as_cause ? arrow->y1 : arrow->y0) - half;
  *bottom = *top + 2 * half;
  return TRUE;
}

static gboolean
place_edge (const TramaTrail *self,
            const TramaLink *link,
            gboolean as_cause,
            double *x,
            double *top,
            double *bottom)
{
  TramaRef ref = as_cause ? link->cause : link->effect;
  gboolean is_there = ref.kind == TRAMA_EVENT_CALL
                          ? place_at_bar (self, ref.index, as_cause, x, top, bottom)
                          : place_at_arrow (self, ref.index, as_cause, x, top, bottom);

  if (is_there)
    cut_edge (self, link, as_cause, top, bottom);
  return is_there;
}

static void
add_ribbon (TramaTrail *self, const TramaLink *link)
{
  g_autofree char *range = g_strdup_printf ("%" G_GUINT64_FORMAT "–%" G_GUINT64_FORMAT, link->from_bytes,
                                            link->to_bytes - 1);
  /* Translators: the first and the last of some bytes: "bytes 0–6". */
  g_autofree char *label = g_strdup_printf (_ ("bytes %s"), range);
  TramaRef packet = link->cause.kind == TRAMA_EVENT_PACKET ? link->cause : link->effect;
  const TramaChartArrow *arrow = packet.kind == TRAMA_EVENT_PACKET ? find_arrow (self, packet.index) : NULL;
  TramaRibbon ribbon = { .cause = link->cause,
                         .effect = link->effect,
                         .kind = link->kind,
                         .segment = arrow != NULL ? arrow->kind : TRAMA_SEGMENT_DATA,
                         .from_bytes = link->from_bytes,
                         .to_bytes = link->to_bytes };

  if (!place_edge (self, link, TRUE, &ribbon.x0, &ribbon.top0, &ribbon.bottom0)
      || !place_edge (self, link, FALSE, &ribbon.x1, &ribbon.top1, &ribbon.bottom1))
    return;
  ribbon.label = g_string_chunk_insert (self->strings, label);
  ribbon.short_label = g_string_chunk_insert (self->strings, range);
  g_array_append_val (self->ribbons, ribbon);
}

TramaTrail *
trama_trail_new (const TramaChart *chart, const TramaLinks *links, TramaRef selected)
{
  TramaTrail *self;
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;

  if (selected.kind != TRAMA_EVENT_PACKET && selected.kind != TRAMA_EVENT_CALL)
    return NULL;
  trama_links_get (links, selected, &causes, &effects);
  if (causes->len == 0 && effects->len == 0)
    return NULL;
  self = g_new0 (TramaTrail, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->chart = chart;
  self->links = links;
  self->lit = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->kept = g_array_new (FALSE, FALSE, sizeof (TramaLink));
  self->ribbons = g_array_new (FALSE, FALSE, sizeof (TramaRibbon));
  self->strings = g_string_chunk_new (256);
  add_lit (self, selected);
  follow (self, causes, FALSE, selected.kind == TRAMA_EVENT_CALL);
  follow (self, effects, TRUE, selected.kind == TRAMA_EVENT_CALL);
  for (guint i = 0; i < self->kept->len; i++)
    add_ribbon (self, &g_array_index (self->kept, TramaLink, i));
  self->chart = NULL;
  self->links = NULL;
  return self;
}

TramaTrail *
trama_trail_ref (TramaTrail *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_trail_unref (TramaTrail *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->lit);
  g_array_unref (self->kept);
  g_array_unref (self->ribbons);
  g_string_chunk_free (self->strings);
  g_free (self);
}

gboolean
trama_trail_has (const TramaTrail *self, TramaRef ref)
{
  gint64 key = key_of (ref);

  return g_hash_table_contains (self->lit, &key);
}

guint
trama_trail_n_ribbons (const TramaTrail *self)
{
  return self->ribbons->len;
}

const TramaRibbon *
trama_trail_get_ribbon (const TramaTrail *self, guint index)
{
  g_return_val_if_fail (index < self->ribbons->len, NULL);
  return &g_array_index (self->ribbons, TramaRibbon, index);
}
