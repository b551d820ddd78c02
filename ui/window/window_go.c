/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/window_private.h"

/*
 * The main menu hangs on the header bar, from where the actions of the ladder cannot be
 * reached: the window has them under the same names, and hands them on.
 */

static void
on_go (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  TramaWindow *self = user_data;
  g_autofree char *name = g_strconcat ("ladder.", g_action_get_name (G_ACTION (action)), NULL);

  gtk_widget_activate_action_variant (GTK_WIDGET (self->ladder), name, parameter);
}

static void
update_actions (TramaWindow *self)
{
  g_auto (GStrv) names = g_action_group_list_actions (G_ACTION_GROUP (self->go));

  for (char **name = names; *name != NULL; name++)
    g_simple_action_set_enabled (
        G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->go), *name)),
        trama_view_state_get_table (self->state) != NULL);
}

void
trama_window_add_go (TramaWindow *self)
{
  static const GActionEntry entries[] = {
    { .name = "step", .activate = on_go, .parameter_type = "i" },
    { .name = "step-across", .activate = on_go, .parameter_type = "i" },
    { .name = "step-in-lane", .activate = on_go, .parameter_type = "i" },
    { .name = "step-along", .activate = on_go, .parameter_type = "i" },
    { .name = "step-from-end", .activate = on_go, .parameter_type = "i" },
    { .name = "page", .activate = on_go, .parameter_type = "i" },
    { .name = "page-across", .activate = on_go, .parameter_type = "i" },
    { .name = "centre", .activate = on_go },
    { .name = "select-nothing", .activate = on_go },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "ladder", G_ACTION_GROUP (group));
  self->go = group;
  g_signal_connect_object (self->state, "table-changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
  trama_ladder_view_set_menu (self->ladder, self->ladder_menu, self->column_menu);
}
