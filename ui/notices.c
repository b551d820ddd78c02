/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/notices.h"

#include "ui/dialogs.h"

#define TEXT_MAX_HEIGHT_PX 240

struct _TramaNotices
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (TramaNotices, trama_notices, GTK_TYPE_WIDGET)

/*
 * What has the focus and is removed, GTK keeps until the frame is drawn (_gtk_window_unset_focus_and_default ()); and a
 * scrolled window that the wheel has moved past its end asks a moment later for a frame clock which it no longer has
 * (start_scroll_deceleration_cb (), GTK 4.8), unless it was disposed of.
 */
static void
take_away (GtkWidget *bar)
{
  GtkWidget *scroller = g_object_get_data (G_OBJECT (bar), "scroller");

  if (scroller != NULL)
    {
      g_object_ref (scroller);
      gtk_widget_unparent (scroller);
      g_object_run_dispose (G_OBJECT (scroller));
      g_object_unref (scroller);
    }
  gtk_widget_unparent (bar);
}

static void
dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    take_away (child);
  G_OBJECT_CLASS (trama_notices_parent_class)->dispose (object);
}

static void
trama_notices_class_init (TramaNoticesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "notices");
}

static void
trama_notices_init (TramaNotices *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
}

static GtkWidget *
label_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* Or the first of them takes the keyboard from the picture. */
  gtk_widget_set_focus_on_click (label, FALSE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
text_new (const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_MAX_HEIGHT_PX);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label_new (text, "notice-text"));
  return scroller;
}

static GtkWidget *
find (TramaNotices *self, const char *key)
{
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_strcmp0 (gtk_widget_get_name (child), key) == 0)
      return child;
  return NULL;
}

static void
on_response (GtkInfoBar *bar, int response, gpointer user_data)
{
  take_away (GTK_WIDGET (bar));
}

void
trama_notices_show (TramaNotices *self,
                    const char *key,
                    GtkMessageType type,
                    const char *title,
                    const char *text)
{
  GtkWidget *bar;
  GtkWidget *box;
  GtkWidget *scroller = NULL;

  g_return_if_fail (TRAMA_IS_NOTICES (self));
  g_return_if_fail (key != NULL && title != NULL);

  trama_notices_clear (self, key);

  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), label_new (title, "heading"));
  if (text != NULL && *text != '\0')
    {
      scroller = text_new (text);
      gtk_box_append (GTK_BOX (box), scroller);
    }

  bar = gtk_info_bar_new ();
  gtk_widget_set_name (bar, key);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (bar), type);
  gtk_info_bar_set_show_close_button (GTK_INFO_BAR (bar), TRUE);
  gtk_info_bar_add_child (GTK_INFO_BAR (bar), box);
  g_object_set_data (G_OBJECT (bar), "scroller", scroller);
  g_object_set_data_full (G_OBJECT (bar), "text", g_strjoin ("\n", title, text, NULL), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect (bar, "response", G_CALLBACK (on_response), NULL);
  gtk_widget_set_parent (bar, GTK_WIDGET (self));
}

void
trama_notices_add_button (TramaNotices *self, const char *key, const char *label, const char *action)
{
  GtkWidget *bar;
  GtkWidget *button;

  g_return_if_fail (TRAMA_IS_NOTICES (self));

  bar = find (self, key);
  g_return_if_fail (bar != NULL);
  button = gtk_button_new_with_mnemonic (label);
  trama_dialogs_name_button (button);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_info_bar_add_child (GTK_INFO_BAR (bar), button);
}

void
trama_notices_clear (TramaNotices *self, const char *key)
{
  GtkWidget *bar;

  g_return_if_fail (TRAMA_IS_NOTICES (self));

  bar = find (self, key);
  if (bar != NULL)
    take_away (bar);
}

char *
trama_notices_dup_text (TramaNotices *self, const char *key)
{
  GtkWidget *bar;

  g_return_val_if_fail (TRAMA_IS_NOTICES (self), NULL);

  bar = find (self, key);
  return bar != NULL ? g_strdup (g_object_get_data (G_OBJECT (bar), "text")) : NULL;
}
