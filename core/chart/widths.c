/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart_private.h"
#include "core/chart/plan.h"

/* Sizes of the design at scale 1. */
#define GUTTER_PX 116
#define MARGIN_PX 20
#define EDGE_PX 56 /* of the lane of what was found, beside the last column */
#define EDGE_MARGIN_PX 6
#define TRACK_INSET_PX 7
#define TRACK_PX 116
#define TRACK_CROWDED_PX 100
#define TRACK_TIGHT_PX 46 /* names are written upwards */
#define TRACK_TO_BAR_PX 8
#define BAR_PX 16
#define BAR_TO_LABEL_PX 10
#define LABEL_MARGIN_PX 14

/* Of a rail's labels: a name and an error, the least that can be read well, and “connect(3, 127.0.0.1:5000) = 0”. */
#define LABEL_TIGHT_PX 96
#define LABEL_LEAST_PX 150
#define LABEL_WANTED_PX 330

/* Of a column with two rails, which seldom have words side by side: as many labels as would stand side by side. */
#define LABELS_OF_TWO 1.5

/* Of a wire: a chip's flags, its number, and its first bytes too. */
#define WIRE_TIGHT_PX 116
#define LATE_PART 0.8 /* of what is tight, that words of calls give way alone */
#define WIRE_LEAST_PX 200
#define WIRE_WANTED_PX 420

/* Of the lane of notes, when there are any. */
#define NOTES_LEAST_PX 220
#define NOTES_WANTED_PX 320

/* Rather than that they lie beyond the edge of the page, where nobody looks for them. */
#define NOTES_TIGHT_PX 140

/* Of a column of the kernel's, which has no calls. */
#define KERNEL_PX 220
#define KERNEL_TIGHT_PX 196

/* Of any other: a short name has room. */
#define CARD_LEAST_PX 240
#define CARD_TIGHT_PX 190

/* The columns get so much of what is left when everything has what it wants. */
#define COLUMNS_PART 0.6

/* Of a strip that a column is folded to, besides the bars of its rails. */
#define FOLDED_PX 20

/* More columns than this have narrow tracks. */
#define CROWD_MIN 4

/* Smaller than this nothing is drawn as long as things can stand closer. */
#define SCALE_MIN 0.66

/* And smaller than this never for want of room: the chart becomes wider than the page. */
#define SCALE_TIGHT 0.58

/* Until less than a pixel is between them. */
#define BISECTIONS 12

#define HEADER_PX 118
#define SCOPE_PX 26

/* Of an endpoint's column, which has no calls: its name can be read. */
#define SEAT_LEAST_PX 210
#define SEAT_WANTED_PX 320

typedef struct
{
  TramaLayout *layout;
  GArray *parties; /* of TramaParty, from left to right */
  double label_px, wire_px, notes_px;
  gboolean tight; /* tracks are narrow, and all may stand closer than it likes to */
} Plan;

static double
track_width (const Plan *plan, const TramaParty *party)
{
  if (!party->track)
    return 0;
  if (plan->tight)
    return TRACK_TIGHT_PX;
  return plan->parties->len > CROWD_MIN ? TRACK_CROWDED_PX : TRACK_PX;
}

/* From the edge to where its labels begin, and behind them. */
static double
rail_width (const Plan *plan, const TramaParty *party)
{
  return (party->track ? TRACK_INSET_PX : 0) + track_width (plan, party) + TRACK_TO_BAR_PX + BAR_PX
         + BAR_TO_LABEL_PX + LABEL_MARGIN_PX;
}

static gboolean
is_folded (const Plan *plan, guint index)
{
  return g_array_index (plan->layout->columns, TramaChartColumn, index).folded;
}

/* Between the least and what is wanted, as labels are. */
static double
width_of_seat (const Plan *plan, const TramaParty *party, double label_px)
{
  double part = CLAMP ((label_px - LABEL_LEAST_PX) / (LABEL_WANTED_PX - LABEL_LEAST_PX), 0, 1);
  double tracks = trama_party_count_sides (party)
                  * (TRACK_INSET_PX + track_width (plan, party) + TRACK_TO_BAR_PX);

  return MAX (SEAT_LEAST_PX + part * (SEAT_WANTED_PX - SEAT_LEAST_PX), tracks);
}

/* Of all its labels; where one rail says nothing, the other has its room. */
static double
width_of_labels (const Plan *plan, const TramaParty *party, double label_px)
{
  double least = plan->tight ? LABEL_TIGHT_PX : LABEL_LEAST_PX;

  return trama_party_count_sides (party) < 2 ? label_px : MAX (LABELS_OF_TWO * label_px, 2 * least);
}

/* At scale 1. */
static double
width_of_column (const Plan *plan, guint index, double label_px)
{
  const TramaParty *party = &g_array_index (plan->parties, TramaParty, index);

  if (is_folded (plan, index))
    return trama_party_count_sides (party) * (TRACK_TO_BAR_PX + BAR_PX) + FOLDED_PX;
  if (plan->layout->seats != NULL)
    return width_of_seat (plan, party, label_px);
  if (party->kernel)
    return plan->tight ? KERNEL_TIGHT_PX : KERNEL_PX;
  return MAX (trama_party_count_sides (party) * rail_width (plan, party)
                  + width_of_labels (plan, party, label_px),
              plan->tight ? CARD_TIGHT_PX : CARD_LEAST_PX);
}

static double
width_of_all (const Plan *plan, double label_px, double wire_px, double notes_px)
{
  double width = GUTTER_PX + 12 + EDGE_PX + MAX (notes_px, EDGE_MARGIN_PX);

  for (guint i = 0; i < plan->parties->len; i++)
    {
      width += width_of_column (plan, i, label_px);
      width += i > 0 ? wire_px : 0;
    }
  return width;
}

/* From the least on, @part of the way to what is wanted, or that much towards what is tight. */
static double
mix (double tight_px, double least_px, double wanted_px, double part)
{
  return least_px + (part < 0 ? part * (least_px - tight_px) : part * (wanted_px - least_px));
}

/*
 * @part is -1 where things are as tight as can be, 0 at the least that is good, 1 at what is wanted.
 */
static double
go_between (Plan *plan, double part, gboolean notes)
{
  plan->label_px = mix (LABEL_TIGHT_PX, LABEL_LEAST_PX, LABEL_WANTED_PX, part);
  plan->wire_px = mix (WIRE_TIGHT_PX, WIRE_LEAST_PX, WIRE_WANTED_PX,
                       part < 0 ? MIN ((part + LATE_PART) / (1 - LATE_PART), 0) : part);
  plan->notes_px = notes ? mix (NOTES_TIGHT_PX, NOTES_LEAST_PX, NOTES_WANTED_PX, part) : 0;
  return width_of_all (plan, plan->label_px, plan->wire_px, plan->notes_px);
}

/* As far as there is room; some columns stay as wide as their cards until labels need more. */
static void
go_as_far (Plan *plan, double low, double high, double page, gboolean notes)
{
  if (go_between (plan, high, notes) <= page)
    return;
  for (guint i = 0; i < BISECTIONS; i++)
    {
      const double middle = (low + high) / 2;

      if (go_between (plan, middle, notes) <= page)
        low = middle;
      else
        high = middle;
    }
  go_between (plan, low, notes);
}

/* What is left over when all have what they want, between columns and wires. */
static void
share_rest (Plan *plan, double rest_px)
{
  const guint n_wires = plan->parties->len - 1;
  double n_labels = 0, columns;

  for (guint i = 0; i < plan->parties->len && plan->layout->seats == NULL; i++)
    {
      const TramaParty *party = &g_array_index (plan->parties, TramaParty, i);

      if (!party->kernel && !is_folded (plan, i))
        n_labels += trama_party_count_sides (party) < 2 ? 1 : LABELS_OF_TWO;
    }
  columns = n_labels <= 0 ? 0 : n_wires > 0 ? COLUMNS_PART : 1;
  plan->label_px += n_labels > 0 ? rest_px * columns / n_labels : 0;
  plan->wire_px += n_wires > 0 ? rest_px * (1 - columns) / n_wires : 0;
}

/* FALSE where that would not be enough. */
static gboolean
squeeze_notes (Plan *plan, double lack_px)
{
  if (plan->notes_px <= 0 || lack_px > NOTES_LEAST_PX - NOTES_TIGHT_PX)
    return FALSE;
  plan->notes_px -= lack_px;
  return TRUE;
}

/*
 * Things stand closer than they like to, and only then become smaller still. What cannot be seen
 * whole even so is at least easy to read. The width of all.
 */
static double
tighten (Plan *plan, double page_px, double text_scale, gboolean notes, double *scale)
{
  double tight;

  plan->tight = TRUE;
  tight = go_between (plan, -1, notes);
  if (tight <= page_px / *scale)
    {
      go_as_far (plan, -1, 1, page_px / *scale, notes);
      return page_px;
    }
  if (tight > page_px / (SCALE_TIGHT * text_scale))
    {
      plan->tight = FALSE;
      return go_between (plan, 0, notes) * *scale;
    }
  *scale = page_px / tight;
  return page_px;
}

/*
 * First things shrink, then labels and wires give way, then the chart becomes wider. What is
 * left over when they have all they want is divided between them.
 */
static void
choose_widths (Plan *plan, double page_px, double text_scale)
{
  TramaChartPrivate *self = plan->layout->self;
  gboolean notes = trama_layout_has_notes (plan->layout);
  double wanted = go_between (plan, 1, notes);
  double least = go_between (plan, 0, notes);
  double scale = text_scale * CLAMP (page_px / wanted, SCALE_MIN, 1);
  double page = page_px / scale;
  double width = page_px;

  go_as_far (plan, 0, 1, page, notes);
  if (least > page && !squeeze_notes (plan, least - page))
    width = tighten (plan, page_px, text_scale, notes, &scale);
  if (page > wanted && plan->parties->len > 0)
    share_rest (plan, page - wanted);
  plan->layout->scale = self->chart.scale = scale;
  self->chart.scope_px = self->chart.scope != NULL ? SCOPE_PX * scale : 0;
  self->chart.header_px = HEADER_PX * scale + self->chart.scope_px;
  self->chart.gutter_px = GUTTER_PX * scale;
  self->chart.width_px = width;
  self->chart.notes_x0 = self->chart.width_px - MAX (plan->notes_px, EDGE_MARGIN_PX) * scale;
  self->chart.notes_x1 = MAX (self->chart.width_px - MARGIN_PX * scale, self->chart.notes_x0);
  self->chart.edge_x1 = self->chart.notes_x0;
  self->chart.edge_x0 = self->chart.edge_x1 - EDGE_PX * scale;
}

static void
place_columns (Plan *plan)
{
  double x = trama_layout_px (plan->layout, GUTTER_PX + 12);

  for (guint i = 0; i < plan->parties->len; i++)
    {
      TramaChartColumn *column = &g_array_index (plan->layout->columns, TramaChartColumn, i);
      double width = trama_layout_px (plan->layout, width_of_column (plan, i, plan->label_px));

      column->x0 = x;
      column->x1 = x + width;
      x += width + trama_layout_px (plan->layout, plan->wire_px);
    }
}

/* The rail at one edge of a column; direction as in TramaChartRail. */
static void
add_rail (TramaLayout *layout, guint32 index, int direction, double track, double room_px)
{
  const TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, index);
  double edge = direction > 0 ? column->x0 : column->x1;
  double inset = track > 0 ? TRACK_INSET_PX : 0;
  double at[4] = { inset, inset + track, inset + track + TRACK_TO_BAR_PX,
                   inset + track + TRACK_TO_BAR_PX + BAR_PX };
  TramaChartRail rail = { .column = index, .direction = direction, .line_x = edge };

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    at[i] = edge + direction * trama_layout_px (layout, at[i]);
  rail.track_x0 = MIN (at[0], at[1]);
  rail.track_x1 = MAX (at[0], at[1]);
  rail.bar_x0 = MIN (at[2], at[3]);
  rail.bar_x1 = MAX (at[2], at[3]);
  rail.label_x = at[3] + direction * trama_layout_px (layout, BAR_TO_LABEL_PX);
  rail.label_width_px = MAX (room_px - ABS (rail.label_x - edge) - trama_layout_px (layout, LABEL_MARGIN_PX),
                             0);
  g_array_append_val (layout->rails, rail);
}

static void
place_rails (Plan *plan)
{
  TramaLayout *layout = plan->layout;

  for (guint32 i = 0; i < plan->parties->len; i++)
    {
      const TramaParty *party = &g_array_index (plan->parties, TramaParty, i);
      TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, i);
      double room = column->folded ? 0 : (column->x1 - column->x0) / trama_party_count_sides (party);
      double track = column->folded ? 0 : track_width (plan, party);

      if (party->sides & TRAMA_PARTY_LEFT)
        add_rail (layout, i, 1, track, room);
      if (party->sides & TRAMA_PARTY_RIGHT)
        add_rail (layout, i, -1, track, room);
    }
}

void
trama_layout_columns (TramaLayout *layout, const TramaChartOptions *options)
{
  Plan plan = { .layout = layout, .parties = layout->parties };

  for (guint i = 0; i < layout->columns->len; i++)
    {
      TramaChartColumn *column = &g_array_index (layout->columns, TramaChartColumn, i);

      column->folded = (guint8) trama_lanes_is_folded (options->lanes, column->lane);
      column->pinned = (guint8) trama_lanes_is_pinned (options->lanes, column->lane);
    }
  choose_widths (&plan, options->width_px, options->text_scale);
  place_columns (&plan);
  place_rails (&plan);
}
