/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "ui/session/step_bar.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the scale's positions mean; its adjustment in the .ui file has as many. */
static const guint paces_ms[] = { 0, 10, 20, 50, 100, 200, 500, TRAMA_STEPPER_MAX_PACE_MS };

/* So much of an actor's name can be read even when there are many; then the row is scrolled. */
#define NAME_CHARS_MIN 3

struct _TramaStepBar
{
  GtkWidget parent_instance;

  /* template children */
  GtkWidget *box;
  GtkBox *actors;
  GtkWidget *pace;
  GtkLabel *pace_text;
  GtkLabel *sentence;

  /* owned */
  TramaStepper *stepper;
  TramaSession *session; /* NULL: its text is not valid */
};

G_DEFINE_FINAL_TYPE (TramaStepBar, trama_step_bar, GTK_TYPE_WIDGET)

/* In words. */

static char *
dup_stand (const TramaStand *stand)
{
  const TramaCallInfo *info = trama_call_info (stand->call);

  switch (stand->kind)
    {
    case TRAMA_STAND_GATE:
      return g_strdup_printf (_ ("%s is held before line %u"), stand->name, stand->line);
    case TRAMA_STAND_CALL:
      if (info == NULL)
        return g_strdup_printf (_ ("%s is in a call, line %u"), stand->name, stand->line);
      return g_strdup_printf (_ ("%s is blocked in %s(), line %u"), stand->name, info->name, stand->line);
    case TRAMA_STAND_WAITING:
      return g_strdup_printf (_ ("%s waits for a signal, line %u"), stand->name, stand->line);
    case TRAMA_STAND_ENDED:
      return g_strdup_printf (_ ("%s has ended"), stand->name);
    case TRAMA_STAND_RUNNING:
      break;
    }
  return g_strdup_printf (_ ("%s runs"), stand->name);
}

static char *
dup_sentence (TramaStepBar *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_stands;
  const TramaStand *stands = trama_stepper_get_stands (self->stepper, &n_stands);

  if (trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_IDLE)
    return g_strdup (self->session != NULL ? _ ("F5 runs the session, F10 takes it step by step.")
                                           : _ ("There is a mistake in the session."));
  for (guint i = 0; i < n_stands; i++)
    {
      g_autofree char *stand = dup_stand (&stands[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? " · " : "", stand);
    }
  if (text->len == 0)
    return g_strdup (_ ("The session is starting"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_sentence (TramaStepBar *self)
{
  g_autofree char *sentence = dup_sentence (self);

  gtk_label_set_text (self->sentence, sentence);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->sentence), sentence);
}

/* The actors. */

static GtkWidget *
get_button (TramaStepBar *self, guint index)
{
  GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (self->actors));

  while (index-- > 0 && button != NULL)
    button = gtk_widget_get_next_sibling (button);
  if (button != NULL)
    return button;
  button = gtk_button_new ();
  gtk_box_append (self->actors, button);
  return button;
}

/* @line: 0, none. Of a long name the middle gives way; a part of the line would be another line. */
static void
set_label (GtkButton *button, const char *name, guint line)
{
  g_autofree char *end = line != 0 ? g_strdup_printf (" %u", line) : g_strdup ("");
  g_autofree char *label = g_strconcat (name, end, NULL);
  int least = NAME_CHARS_MIN + (int) strlen (end);
  GtkLabel *shown;

  gtk_button_set_label (button, label);
  shown = GTK_LABEL (gtk_button_get_child (button));
  gtk_label_set_ellipsize (shown, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (shown, MIN ((int) g_utf8_strlen (label, -1), least));
}

static void
show_actor (TramaStepBar *self, guint index, const char *name, guint line)
{
  GtkWidget *button = get_button (self, index);
  g_autofree char *label = line != 0 ? g_strdup_printf ("%s %u", name, line) : g_strdup (name);
  g_autofree char *tooltip = g_strdup_printf (_ ("One step of %s"), name);

  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) == 0)
    return;
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.step-actor");
  set_label (GTK_BUTTON (button), name, line);
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
}

/* While a session runs, those that live; else those it would begin with. */
static guint
show_each_actor (TramaStepBar *self)
{
  guint n_stands;
  const TramaStand *stands = trama_stepper_get_stands (self->stepper, &n_stands);
  guint n_shown = 0;

  for (guint i = 0; i < n_stands; i++)
    if (stands[i].kind != TRAMA_STAND_ENDED)
      show_actor (self, n_shown++, stands[i].name, stands[i].line);
  if (trama_stepper_get_state (self->stepper) == TRAMA_STEPPER_IDLE && self->session != NULL)
    for (guint i = 0; i < trama_session_n_actors (self->session); i++)
      show_actor (self, n_shown++, trama_session_get_actor (self->session, i)->name, 0);
  return n_shown;
}

static void
show_actors (TramaStepBar *self)
{
  guint n_shown = show_each_actor (self);
  GtkWidget *last = gtk_widget_get_last_child (GTK_WIDGET (self->actors));
  guint n_buttons = 0;

  for (GtkWidget *child = last; child != NULL; child = gtk_widget_get_prev_sibling (child))
    n_buttons++;
  for (; n_buttons > n_shown; n_buttons--)
    gtk_box_remove (self->actors, gtk_widget_get_last_child (GTK_WIDGET (self->actors)));
}

static void
update (TramaStepBar *self)
{
  show_actors (self);
  show_sentence (self);
}

/* The pace. */

static char *
dup_pace (guint pace_ms)
{
  if (pace_ms == 0)
    return g_strdup (_ ("full speed"));
  if (pace_ms % 1000 == 0)
    return g_strdup_printf (_ ("%u s per call"), pace_ms / 1000);
  return g_strdup_printf (_ ("%u ms per call"), pace_ms);
}

static void
on_pace (GtkAdjustment *adjustment, TramaStepBar *self)
{
  guint position = (guint) (gtk_adjustment_get_value (adjustment) + 0.5);
  guint pace_ms = paces_ms[MIN (position, G_N_ELEMENTS (paces_ms) - 1)];
  g_autofree char *text = dup_pace (pace_ms);

  gtk_label_set_text (self->pace_text, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pace), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
  if (self->stepper != NULL)
    trama_stepper_set_pace (self->stepper, pace_ms);
}

/* The longest of the texts, so that nothing moves when it changes. */
static void
reserve_pace_text (TramaStepBar *self)
{
  glong longest = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (paces_ms); i++)
    {
      g_autofree char *text = dup_pace (paces_ms[i]);

      longest = MAX (longest, g_utf8_strlen (text, -1));
    }
  gtk_label_set_width_chars (self->pace_text, (int) longest);
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaStepBar *self = TRAMA_STEP_BAR (object);

  if (self->stepper != NULL)
    g_signal_handlers_disconnect_by_data (self->stepper, self);
  g_clear_object (&self->stepper);
  g_clear_pointer (&self->session, trama_session_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TRAMA_TYPE_STEP_BAR);
  G_OBJECT_CLASS (trama_step_bar_parent_class)->dispose (object);
}

static void
trama_step_bar_class_init (TramaStepBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "stepbar");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/step_bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaStepBar, box);
  gtk_widget_class_bind_template_child (widget_class, TramaStepBar, actors);
  gtk_widget_class_bind_template_child (widget_class, TramaStepBar, pace);
  gtk_widget_class_bind_template_child (widget_class, TramaStepBar, pace_text);
  gtk_widget_class_bind_template_child (widget_class, TramaStepBar, sentence);
  gtk_widget_class_bind_template_callback (widget_class, on_pace);
}

static void
trama_step_bar_init (TramaStepBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  reserve_pace_text (self);
  on_pace (gtk_range_get_adjustment (GTK_RANGE (self->pace)), self);
}

void
trama_step_bar_bind (TramaStepBar *self, TramaStepper *stepper)
{
  g_return_if_fail (TRAMA_IS_STEP_BAR (self));
  g_return_if_fail (TRAMA_IS_STEPPER (stepper));
  g_return_if_fail (self->stepper == NULL);

  self->stepper = g_object_ref (stepper);
  g_signal_connect_swapped (stepper, "changed", G_CALLBACK (update), self);
  update (self);
}

void
trama_step_bar_set_session (TramaStepBar *self, TramaSession *session)
{
  g_return_if_fail (TRAMA_IS_STEP_BAR (self));
  g_return_if_fail (self->stepper != NULL);

  if (session != NULL)
    trama_session_ref (session);
  g_clear_pointer (&self->session, trama_session_unref);
  self->session = session;
  update (self);
}

const char *
trama_step_bar_get_sentence (TramaStepBar *self)
{
  g_return_val_if_fail (TRAMA_IS_STEP_BAR (self), NULL);
  return gtk_label_get_text (self->sentence);
}
