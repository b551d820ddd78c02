/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tab_stop.h"

gboolean
trama_tab_stop_is_tab (GtkDirectionType direction)
{
  return direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
}

gboolean
trama_tab_stop_focus (GtkWidget *list)
{
  return (gtk_widget_get_state_flags (list) & GTK_STATE_FLAG_FOCUS_WITHIN) == 0
         && gtk_widget_grab_focus (list);
}
