/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/ladder/lane_edits.h"
#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* The column that is meant; NULL: none is, and that is said. */
static const TramaChartColumn *
find_column (TramaWindow *self)
{
  guint column = trama_ladder_view_get_column (self->ladder);

  if (column != G_MAXUINT)
    return &trama_ladder_view_get_chart (self->ladder)->columns[column];
  trama_toast_show (self->toast, _ ("Select a call or a packet first: its column is meant"));
  return NULL;
}

static void
move (TramaWindow *self, int places)
{
  const TramaChartColumn *column = find_column (self);

  if (column != NULL)
    trama_lane_edits_move (self->state, trama_ladder_view_get_chart (self->ladder), column->lane, places);
}

static void
on_left (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  move (user_data, -1);
}

static void
on_right (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  move (user_data, 1);
}

/* What it becomes is told by the signal. */
static void
on_fold (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  TramaWindow *self = user_data;
  const TramaChartColumn *column = find_column (self);

  if (column != NULL)
    trama_lane_edits_toggle_fold (self->state, column->lane);
}

/* It is told, for nothing is seen of it while everything is in view. */
static void
on_pin (GSimpleAction *action, GVariant *value, gpointer user_data)
{
  TramaWindow *self = user_data;
  const TramaChartColumn *column = find_column (self);
  g_autofree char *told = NULL;

  if (column == NULL)
    return;
  told = g_strdup_printf (column->pinned ? _ ("No longer pinned: %s")
                                         : _ ("Pinned: %s stays in view when the picture is moved sideways"),
                          column->name);
  trama_lane_edits_toggle_pin (self->state, column->lane);
  trama_toast_show (self->toast, told);
}

static GSimpleAction *
find_action (TramaWindow *self, const char *name)
{
  return G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name));
}

/* Whether the column of the selected event is folded, and whether it is pinned. */
static void
update_states (TramaWindow *self)
{
  TramaLanes *lanes = trama_view_state_get_lanes (self->state);
  guint column = trama_ladder_view_means_column (self->ladder) ? trama_ladder_view_get_column (self->ladder)
                                                               : G_MAXUINT;
  gint32 lane = column != G_MAXUINT ? trama_ladder_view_get_chart (self->ladder)->columns[column].lane : 0;
  gboolean folded = column != G_MAXUINT && trama_lanes_is_folded (lanes, lane);
  gboolean pinned = column != G_MAXUINT && trama_lanes_is_pinned (lanes, lane);

  g_simple_action_set_state (find_action (self, "fold-column"), g_variant_new_boolean (folded));
  g_simple_action_set_state (find_action (self, "pin-column"), g_variant_new_boolean (pinned));
}

static void
update_actions (TramaWindow *self)
{
  static const char *const names[] = { "column-left", "column-right", "fold-column", "pin-column" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_simple_action_set_enabled (find_action (self, names[i]),
                                 trama_view_state_get_table (self->state) != NULL);
}

void
trama_window_add_lanes (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "column-left", .activate = on_left },
    { .name = "column-right", .activate = on_right },
    { .name = "fold-column", .state = "false", .change_state = on_fold },
    { .name = "pin-column", .state = "false", .change_state = on_pin },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect_object (self->state, "table-changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "selection-changed", G_CALLBACK (update_states), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->ladder, "column-meant", G_CALLBACK (update_states), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "lanes-changed", G_CALLBACK (update_states), self, G_CONNECT_SWAPPED);
  update_actions (self);
}
