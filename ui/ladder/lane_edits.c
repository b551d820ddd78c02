/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/ladder/lane_edits.h"

#include <glib/gi18n-lib.h>

/* One change. The undo stack belongs to the state, and is emptied with the arrangement. */
typedef struct
{
  TramaViewState *state;      /* borrowed */
  TramaLanes *before, *after; /* NULL: as the layout has them */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  trama_lanes_unref (change->before);
  trama_lanes_unref (change->after);
  g_free (change);
}

static void
apply (gpointer data, gboolean forth)
{
  const Change *change = data;

  trama_view_state_set_lanes (change->state, forth ? change->after : change->before);
}

/* Takes @after. */
static void
set_lanes (TramaViewState *state, const char *name, TramaLanes *after)
{
  TramaLanes *before = trama_view_state_get_lanes (state);
  Change *change = g_new0 (Change, 1);

  change->state = state;
  change->before = before != NULL ? trama_lanes_ref (before) : NULL;
  change->after = after;
  trama_undo_stack_do (trama_view_state_get_undo (state), name, apply, change, change_free);
}

/* The chart may still be that of the arrangement before. */
static GArray *
list_lanes (TramaViewState *state, const TramaChart *chart)
{
  GArray *lanes = g_array_new (FALSE, FALSE, sizeof (gint32));

  for (guint i = 0; i < chart->n_columns; i++)
    g_array_append_val (lanes, chart->columns[i].lane);
  trama_lanes_arrange (trama_view_state_get_lanes (state), (gint32 *) (gpointer) lanes->data, lanes->len);
  return lanes;
}

void
trama_lane_edits_move (TramaViewState *state, const TramaChart *chart, gint32 lane, int places)
{
  g_autoptr (GArray) lanes = list_lanes (state, chart);
  int from = 0, to;

  while (from < (int) lanes->len && g_array_index (lanes, gint32, from) != lane)
    from++;
  g_return_if_fail (from < (int) lanes->len);
  to = CLAMP (from + places, 0, (int) lanes->len - 1);
  if (to == from)
    return;
  set_lanes (state, N_ ("moved column"),
             trama_lanes_new_moved (trama_view_state_get_lanes (state), (gint32 *) (gpointer) lanes->data,
                                    lanes->len, (guint) from, (guint) to));
}

void
trama_lane_edits_toggle_fold (TramaViewState *state, gint32 lane)
{
  set_lanes (state, N_ ("folded column"), trama_lanes_new_toggled (trama_view_state_get_lanes (state), lane));
}

void
trama_lane_edits_toggle_pin (TramaViewState *state, gint32 lane)
{
  set_lanes (state, N_ ("pinned column"), trama_lanes_new_pinned (trama_view_state_get_lanes (state), lane));
}
