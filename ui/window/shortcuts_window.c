/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/shortcuts_window.h"

#include "ui/dialogs.h"

#include <string.h>

struct _TramaShortcutsWindow
{
  GtkWindow parent_instance;

  GtkSearchEntry *entry;
  GtkScrolledWindow *scroller;
  GtkWidget *groups;
  GtkWidget *nothing; /* is found */
  GtkSizeGroup *keys;
};

G_DEFINE_FINAL_TYPE (TramaShortcutsWindow, trama_shortcuts_window, GTK_TYPE_WINDOW)

/* What is shown of "<Control>r <Control>Return"; the caller's to free. */
static char *
name_keys (const char *accelerators)
{
  g_auto (GStrv) words = g_strsplit (accelerators != NULL ? accelerators : "", " ", -1);
  GString *names = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint key = 0;
      GdkModifierType modifiers = 0;
      g_autofree char *name = NULL;

      if (!gtk_accelerator_parse (words[i], &key, &modifiers))
        continue;
      name = gtk_accelerator_get_label (key, modifiers);
      g_string_append_printf (names, " %s", name);
    }
  return g_string_free (names, FALSE);
}

/* @wanted is casefolded. */
static gboolean
is_wanted (GtkWidget *shortcut, const char *wanted)
{
  g_autofree char *title = NULL, *subtitle = NULL, *accelerators = NULL;
  g_autofree char *keys = NULL, *all = NULL, *folded = NULL;

  g_object_get (shortcut, "title", &title, "subtitle", &subtitle, "accelerator", &accelerators, NULL);
  keys = name_keys (accelerators);
  all = g_strjoin (" ", title != NULL ? title : "", subtitle != NULL ? subtitle : "", keys, NULL);
  folded = g_utf8_casefold (all, -1);
  return strstr (folded, wanted) != NULL;
}

static gboolean
filter_group (GtkWidget *group, const char *wanted)
{
  gboolean any = FALSE;

  for (GtkWidget *child = gtk_widget_get_first_child (group); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_SHORTCUTS_SHORTCUT (child))
      {
        gboolean shown = is_wanted (child, wanted);

        gtk_widget_set_visible (child, shown);
        any = any || shown;
      }
  gtk_widget_set_visible (group, any);
  return any;
}

static void
on_typed (TramaShortcutsWindow *self)
{
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);
  gboolean any = FALSE;

  for (GtkWidget *group = gtk_widget_get_first_child (self->groups); group != NULL;
       group = gtk_widget_get_next_sibling (group))
    any = filter_group (group, g_strstrip (wanted)) || any;
  gtk_widget_set_visible (self->groups, any);
  gtk_widget_set_visible (self->nothing, !any);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* The first Escape ends the search. */
static void
on_stop (TramaShortcutsWindow *self)
{
  if (gtk_editable_get_text (GTK_EDITABLE (self->entry))[0] == '\0')
    gtk_window_close (GTK_WINDOW (self));
  else
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

/* GTK 4.8 writes on a cap what it calls the key where no translation has a better name: "Page_Down". */
static void
name_caps (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    {
      g_autoptr (GString) name = g_string_new (gtk_label_get_text (GTK_LABEL (widget)));

      g_string_replace (name, "_", " ", 0);
      gtk_label_set_text (GTK_LABEL (widget), name->str);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    name_caps (child);
}

/* Large text gets as wide as it has room for: what keys do may take several lines, their caps do not. */
static void
arrange_words (GtkWidget *widget)
{
  if (GTK_IS_SHORTCUT_LABEL (widget))
    {
      name_caps (widget);
      return;
    }
  if (GTK_IS_LABEL (widget))
    {
      gtk_label_set_wrap (GTK_LABEL (widget), TRUE);
      gtk_label_set_xalign (GTK_LABEL (widget), 0);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    arrange_words (child);
}

static void
trama_shortcuts_window_class_init (TramaShortcutsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/trama/Trama/shortcuts_window.ui");
  gtk_widget_class_bind_template_child (widget_class, TramaShortcutsWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, TramaShortcutsWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, TramaShortcutsWindow, groups);
  gtk_widget_class_bind_template_child (widget_class, TramaShortcutsWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, TramaShortcutsWindow, keys);
  gtk_widget_class_bind_template_callback (widget_class, on_typed);
  gtk_widget_class_bind_template_callback (widget_class, on_stop);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
trama_shortcuts_window_init (TramaShortcutsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (GtkWidget *group = gtk_widget_get_first_child (self->groups); group != NULL;
       group = gtk_widget_get_next_sibling (group))
    g_object_set (group, "accel-size-group", self->keys, NULL);
  arrange_words (self->groups);
  gtk_search_entry_set_key_capture_widget (self->entry, GTK_WIDGET (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->scroller));
}

GtkWindow *
trama_shortcuts_window_new (GtkWindow *parent)
{
  GtkWindow *self = g_object_new (TRAMA_TYPE_SHORTCUTS_WINDOW, "transient-for", parent, "destroy-with-parent",
                                  TRUE, NULL);

  trama_dialogs_match_text (self, parent);
  return self;
}
