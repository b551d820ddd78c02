/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/edge.h"

#include <string.h>

/* Sizes of the design at scale 1. */
#define PITCH_PX 30
#define SIZE_PX 24
#define LEFT_PX 6 /* of the shape, from the beginning of the edge */
#define COUNT_GAP_PX 3

typedef struct
{
  gint64 time_ns;
  guint32 finding;
  TramaRef ref; /* the event that it stands beside */
} Place;

struct _TramaEdge
{
  gatomicrefcount ref_count;
  TramaFindings *findings;
  GArray *places;                      /* of Place, in their order */
  guint32 *before[TRAMA_N_SEVERITIES]; /* by position, and one more: how many of each stand before it */
};

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  if (x->finding != y->finding)
    return x->finding < y->finding ? -1 : 1;
  return x->ref.index < y->ref.index ? -1 : x->ref.index > y->ref.index;
}

/* A call stands where it begins. */
static Place
make_place (const TramaFindings *findings, guint32 index, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (trama_findings_get_table (findings));
  Place place = { .finding = index, .ref = ref };
  TramaPacket packet;

  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      trama_store_get_packet (store, ref.index, &packet);
      place.time_ns = packet.time_ns;
      break;
    case TRAMA_EVENT_CALL:
      place.time_ns = trama_store_get_call (store, ref.index)->entry_ns;
      break;
    default:
      place.time_ns = trama_findings_get_finding (findings, index)->span.start_ns;
      break;
    }
  return place;
}

static void
add_places (TramaEdge *edge, const TramaFlowSet *flows)
{
  guint n = trama_findings_n_findings (edge->findings);

  for (guint32 i = 0; i < n; i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (edge->findings, i);

      if (!trama_flow_set_has (flows, finding->flow))
        continue;
      for (guint k = 0; k < finding->n_places; k++)
        {
          Place place = make_place (edge->findings, i, finding->places[k]);

          g_array_append_val (edge->places, place);
        }
    }
  g_array_sort (edge->places, compare_places);
}

static guint
get_severity (const TramaEdge *edge, guint position)
{
  return trama_findings_get_finding (edge->findings, trama_edge_get_finding (edge, position))->severity;
}

static void
count_severities (TramaEdge *edge)
{
  for (guint severity = 0; severity < TRAMA_N_SEVERITIES; severity++)
    {
      guint32 *before = g_new (guint32, edge->places->len + 1);

      before[0] = 0;
      for (guint i = 0; i < edge->places->len; i++)
        before[i + 1] = before[i] + (get_severity (edge, i) == severity);
      edge->before[severity] = before;
    }
}

TramaEdge *
trama_edge_new (TramaFindings *findings, const TramaFlowSet *flows)
{
  TramaEdge *edge;

  g_return_val_if_fail (findings != NULL, NULL);

  edge = g_new0 (TramaEdge, 1);
  g_atomic_ref_count_init (&edge->ref_count);
  edge->findings = trama_findings_ref (findings);
  edge->places = g_array_new (FALSE, FALSE, sizeof (Place));
  add_places (edge, flows);
  count_severities (edge);
  return edge;
}

TramaEdge *
trama_edge_ref (TramaEdge *edge)
{
  g_atomic_ref_count_inc (&edge->ref_count);
  return edge;
}

void
trama_edge_unref (TramaEdge *edge)
{
  if (edge == NULL || !g_atomic_ref_count_dec (&edge->ref_count))
    return;
  for (guint i = 0; i < TRAMA_N_SEVERITIES; i++)
    g_free (edge->before[i]);
  g_array_unref (edge->places);
  trama_findings_unref (edge->findings);
  g_free (edge);
}

TramaFindings *
trama_edge_get_findings (const TramaEdge *edge)
{
  return edge->findings;
}

guint
trama_edge_n_places (const TramaEdge *edge)
{
  return edge->places->len;
}

guint
trama_edge_get_finding (const TramaEdge *edge, guint position)
{
  g_return_val_if_fail (position < edge->places->len, 0);
  return g_array_index (edge->places, Place, position).finding;
}

TramaRef
trama_edge_get_ref (const TramaEdge *edge, guint position)
{
  g_return_val_if_fail (position < edge->places->len, (TramaRef){ 0 });
  return g_array_index (edge->places, Place, position).ref;
}

gboolean
trama_edge_has (const TramaEdge *edge, guint severity)
{
  g_return_val_if_fail (edge != NULL && severity < TRAMA_N_SEVERITIES, FALSE);
  return edge->before[severity][edge->places->len] > 0;
}

static double
get_y (const TramaEdge *edge, const TramaChart *chart, guint position)
{
  return trama_chart_y_of_time (chart, g_array_index (edge->places, Place, position).time_ns);
}

/* The first that stands at @y or below. */
static guint
find_below (const TramaEdge *edge, const TramaChart *chart, double y)
{
  gint64 time_ns = trama_chart_time_of_y (chart, y);
  guint low = 0, high = edge->places->len;

  /* Below the last moment time goes no further. */
  if (y > trama_chart_y_of_time (chart, chart->span.end_ns))
    return high;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (edge->places, Place, middle).time_ns < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Of those from @first up to @end, the first that is as bad as any. */
static guint
find_worst (const TramaEdge *edge, guint first, guint end, guint8 *severity)
{
  const guint32 *before;
  guint low = first, high = end - 1;

  *severity = TRAMA_N_SEVERITIES - 1;
  while (*severity > 0 && edge->before[*severity][end] == edge->before[*severity][first])
    --*severity;
  before = edge->before[*severity];
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (before[middle + 1] > before[first])
        high = middle;
      else
        low = middle + 1;
    }
  return low;
}

/*
 * The edge is divided into boxes as high as a mark, and each holds one. That makes a mark
 * depend on nothing but its box and those beside it, wherever one begins to look.
 */
typedef struct
{
  const TramaEdge *edge;
  const TramaChart *chart;
  guint64 n;
  double height_px;
} Boxes;

static Boxes
make_boxes (const TramaEdge *edge, const TramaChart *chart)
{
  guint64 n = (guint64) MAX (chart->body_px / (PITCH_PX * chart->scale), 1);

  return (Boxes){ edge, chart, n, chart->body_px / (double) n };
}

/* The first that stands in the box or behind it. */
static guint
get_begin (const Boxes *boxes, guint64 box)
{
  if (box == 0)
    return 0;
  return box < boxes->n ? find_below (boxes->edge, boxes->chart, (double) box * boxes->height_px)
                        : boxes->edge->places->len;
}

/* At its moment when it is alone; in the middle of its box when there is one beside it. */
static void
add_mark (const Boxes *boxes, GArray *marks, guint64 box, const guint begins[4])
{
  const TramaChart *chart = boxes->chart;
  double half = boxes->height_px / 2;
  gboolean crowded = begins[1] > begins[0] || begins[3] > begins[2];
  TramaEdgeMark mark = { .first = begins[1], .n = begins[2] - begins[1], .size_px = SIZE_PX * chart->scale };

  mark.worst = find_worst (boxes->edge, begins[1], begins[2], &mark.severity);
  mark.y = get_y (boxes->edge, chart, mark.worst);
  mark.x = chart->edge_x0 + LEFT_PX * chart->scale + mark.size_px / 2;
  mark.mark_y = crowded ? (double) box * boxes->height_px + half
                        : CLAMP (mark.y, half, chart->body_px - half);
  mark.count_x = mark.x + mark.size_px / 2 + COUNT_GAP_PX * chart->scale;
  mark.count_width_px = chart->edge_x1 - mark.count_x;
  g_array_append_val (marks, mark);
}

GArray *
trama_edge_get_marks (const TramaEdge *edge, const TramaChart *chart, double y0, double y1)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (TramaEdgeMark));
  Boxes boxes = make_boxes (edge, chart);
  double end = (double) boxes.n - 1;
  guint64 first = (guint64) CLAMP (y0 / boxes.height_px - 1, 0, end);
  guint64 last = (guint64) CLAMP (y1 / boxes.height_px + 1, 0, end);
  guint begins[4]; /* of the box before, this one, the one behind, and the one behind that */

  begins[0] = get_begin (&boxes, first > 0 ? first - 1 : 0);
  begins[1] = get_begin (&boxes, first);
  begins[2] = get_begin (&boxes, first + 1);
  for (guint64 box = first; box <= last; box++)
    {
      begins[3] = get_begin (&boxes, box + 2);
      if (begins[2] > begins[1])
        add_mark (&boxes, marks, box, begins);
      memmove (begins, begins + 1, 3 * sizeof *begins);
    }
  return marks;
}

gboolean
trama_edge_hit (const TramaEdge *edge, const TramaChart *chart, double x, double y, TramaEdgeMark *mark)
{
  g_autoptr (GArray) marks = NULL;

  if (x < chart->edge_x0 || x > chart->edge_x1)
    return FALSE;
  marks = trama_edge_get_marks (edge, chart, y, y);
  for (guint i = 0; i < marks->len; i++)
    {
      *mark = g_array_index (marks, TramaEdgeMark, i);
      if (ABS (mark->mark_y - y) <= mark->size_px / 2)
        return TRUE;
    }
  return FALSE;
}

/* G_MAXUINT: it is not at this edge. */
static guint
find_position (const TramaEdge *edge, guint finding, TramaRef ref)
{
  const Place wanted = make_place (edge->findings, finding, ref);
  guint low = 0, high = edge->places->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_places (&g_array_index (edge->places, Place, middle), &wanted) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == edge->places->len || compare_places (&g_array_index (edge->places, Place, low), &wanted) != 0)
    return G_MAXUINT;
  return low;
}

gboolean
trama_edge_is_about (const TramaEdge *edge, const TramaEdgeMark *mark, TramaRef ref, guint *position)
{
  guint n;
  const guint32 *about = trama_findings_get_about (edge->findings, ref, &n);

  for (guint i = 0; i < n; i++)
    {
      guint found = find_position (edge, about[i], ref);

      if (found < mark->first || found - mark->first >= mark->n)
        continue;
      if (position != NULL)
        *position = found;
      return TRUE;
    }
  return FALSE;
}
