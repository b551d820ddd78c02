/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/ladder/ladder_private.h"

#include "core/flow/event_text.h"

#include <glib/gi18n-lib.h>

/* What a screen reader says: nothing on a canvas can be reached one by one in GTK 4.8. */
void
trama_ladder_view_describe (TramaLadderView *self)
{
  TramaFlowTable *table = self->state != NULL ? trama_view_state_get_table (self->state) : NULL;
  g_autofree char *duration = trama_ladder_view_dup_measured (self);
  g_autofree char *text = NULL;

  if (table != NULL && trama_view_state_get_selected (self->state).kind != 0)
    text = trama_event_sentence (table, trama_view_state_get_selected (self->state));
  else
    text = g_strdup (_ ("Nothing is selected; the arrow keys step through calls and packets"));
  if (duration != NULL)
    {
      g_autofree char *sentence = g_steal_pointer (&text);
      /* Translators: %s is a duration: "57.6 µs". */
      g_autofree char *measured = g_strdup_printf (_ ("Measured: %s"), duration);

      text = g_strdup_printf ("%s. %s", measured, sentence);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

/*
 * Of a widget's actions AT-SPI is told those without a parameter, as there is no way to give one:
 * each direction of a step has a name here.
 */
static const struct
{
  const char *name;
  const char *action;
  int direction;
} steps[] = {
  { "ladder.next-event", "ladder.step", 1 },
  { "ladder.previous-event", "ladder.step", -1 },
  { "ladder.next-in-lane", "ladder.step-in-lane", 1 },
  { "ladder.previous-in-lane", "ladder.step-in-lane", -1 },
  { "ladder.effect", "ladder.step-along", 1 },
  { "ladder.cause", "ladder.step-along", -1 },
  { "ladder.first-event", "ladder.step-from-end", 1 },
  { "ladder.last-event", "ladder.step-from-end", -1 },
};

static void
on_named_step (GtkWidget *widget, const char *name, GVariant *parameter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_str_equal (steps[i].name, name))
      gtk_widget_activate_action (widget, steps[i].action, "i", steps[i].direction);
}

void
trama_ladder_view_class_add_named_steps (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    gtk_widget_class_install_action (widget_class, steps[i].name, NULL, on_named_step);
}
