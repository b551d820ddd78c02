/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/color_scheme.h"
#include "ui/window/application.h"
#include "ui/window/recovery.h"
#include "ui/window/window.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#define EXIT_USAGE 2

struct _TramaApplication
{
  GtkApplication parent_instance;

  /* owned */
  TramaColorScheme *colors;

  /* state */
  gboolean is_told_to_end;
};

G_DEFINE_FINAL_TYPE (TramaApplication, trama_application, GTK_TYPE_APPLICATION)

/* Actions. */

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  GList *windows = gtk_application_get_windows (user_data);

  while (windows != NULL)
    {
      GtkWindow *window = windows->data;

      windows = windows->next;
      gtk_window_close (window);
    }
}

/* From outside, and by Ctrl+C in a terminal: as if the window was closed, which may ask; then it ends. */
static gboolean
on_terminate (gpointer user_data)
{
  TramaApplication *self = TRAMA_APPLICATION (user_data);

  if (self->is_told_to_end)
    g_application_quit (G_APPLICATION (self));
  else
    on_quit (NULL, NULL, self);
  self->is_told_to_end = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Its first label can be copied from, and would show a cursor; Tab still comes to it. */
static void
free_focus_of_about (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (GTK_IS_ABOUT_DIALOG (link->data))
      gtk_window_set_focus (link->data, NULL);
}

static void
on_about (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_show_about_dialog (
      gtk_application_get_active_window (user_data), "program-name", "Trama", "version", TRAMA_VERSION,
      "comments", _ ("Every socket call and every packet it caused, on one timeline"), "logo-icon-name",
      TRAMA_APP_ID, "license-type", GTK_LICENSE_GPL_3_0, "copyright", _ ("© The Trama contributors"),
      /* Translators: your names, one a line. */
      "translator-credits", _ ("translator-credits"), NULL);
  free_focus_of_about ();
}

static void
on_change_dark (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  trama_color_scheme_choose (TRAMA_APPLICATION (user_data)->colors, g_variant_get_boolean (state));
}

static void
on_dark_changed (TramaColorScheme *colors, GParamSpec *pspec, TramaApplication *self)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "dark");

  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_boolean (trama_color_scheme_get_dark (colors)));
}

static void
add_actions (TramaApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = on_quit },
    { .name = "about", .activate = on_about },
    { .name = "dark", .state = "false", .change_state = on_change_dark },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

static void
add_accelerators (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[4];
  } accelerators[] = {
    { "app.quit", { "<Control>q" } },
    { "app.dark", { "<Control>d" } },
    { "win.run", { "<Control>r", "<Control>Return", "<Control>KP_Enter" } },
    { "win.go-on", { "F5" } },
    { "win.pause", { "F6" } },
    { "win.step", { "F10" } },
    { "win.run-to-cursor", { "<Control>F10" } },
    { "win.stop", { "<Control><Shift>r", "<Shift>F5" } },
    { "win.open", { "<Control>o" } },
    { "win.save", { "<Control>s" } },
    { "win.export", { "<Control>e" } },
    { "win.new-session", { "<Control>n" } },
    { "win.save-session", { "<Control><Shift>s" } },
    { "win.editor", { "F4" } },
    { "win.menu", { "<Control>m" } },
    { "win.zoom-in", { "<Control>plus", "<Control>equal", "<Control>KP_Add" } },
    { "win.zoom-out", { "<Control>minus", "<Control>KP_Subtract" } },
    { "win.zoom-fit", { "<Control>0", "<Control>KP_0" } },
    { "win.conversations", { "F7" } },
    { "win.events", { "F8" } },
    { "win.findings", { "F9" } },
    { "win.copy-picture", { "<Control><Shift>c" } },
    { "win.copy-text", { "<Control><Shift>t" } },
    { "win.copy-bytes", { "<Control><Shift>b" } },
    { "win.copy-call", { "<Control><Shift>l" } },
    { "win.stream", { "<Control><Shift>f" } },
    { "win.copy-measured", { "<Control><Alt>c" } },
    { "win.next-mark", { "<Control>b" } },
    { "win.previous-mark", { "<Control><Alt>b" } },
    { "win.find", { "<Control>f" } },
    { "win.find-next", { "F3" } },
    { "win.find-previous", { "<Shift>F3" } },
    { "win.sessions", { "<Shift>F4" } },
    { "win.inspector", { "<Control>i" } },
    { "win.fullscreen", { "F11" } },
    { "win.show-help-overlay", { "<Control>question", "F1" } },
    { "win.projector", { "<Control><Shift>p" } },
    { "window.close", { "<Control>w" } },
  };
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (application, accelerators[i].action, accelerators[i].keys);
}

/* The window. */

static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/org/trama/Trama/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  /* Else gtk_label_grab_focus () of GTK 4.8 asks who had the focus before, who may be gone by then. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
}

static void
startup (GApplication *application)
{
  TramaApplication *self = TRAMA_APPLICATION (application);

  G_APPLICATION_CLASS (trama_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (TRAMA_APP_ID);
  load_style ();
  g_unix_signal_add (SIGINT, on_terminate, self);
  g_unix_signal_add (SIGTERM, on_terminate, self);
  add_actions (self);
  add_accelerators (GTK_APPLICATION (self));
  self->colors = trama_color_scheme_new (g_application_get_dbus_connection (application));
  g_signal_connect (self->colors, "notify::dark", G_CALLBACK (on_dark_changed), self);
  on_dark_changed (self->colors, NULL, self);
}

static void
open_window (GtkApplication *application, const char *argument)
{
  gboolean first = gtk_application_get_windows (application) == NULL;
  TramaWindow *window = trama_window_new (application);

  gtk_window_present (GTK_WINDOW (window));
  trama_window_start (window, argument);
  if (first)
    trama_recovery_offer (window);
}

static void
activate (GApplication *application)
{
  open_window (GTK_APPLICATION (application), NULL);
}

static int
command_line (GApplication *application, GApplicationCommandLine *line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  g_autofree const char **rest = NULL;

  g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&ay", &rest);
  if (rest != NULL && rest[0] != NULL && rest[1] != NULL)
    {
      g_application_command_line_printerr (line, "trama: %s\n", _ ("one file or session at a time"));
      return EXIT_USAGE;
    }

  open_window (GTK_APPLICATION (application), rest != NULL ? rest[0] : NULL);
  return EXIT_SUCCESS;
}

static int
handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("Trama %s\n", TRAMA_VERSION);
  return EXIT_SUCCESS;
}

static void
dispose (GObject *object)
{
  TramaApplication *self = TRAMA_APPLICATION (object);

  if (self->colors != NULL)
    g_signal_handlers_disconnect_by_data (self->colors, self);
  g_clear_object (&self->colors);
  G_OBJECT_CLASS (trama_application_parent_class)->dispose (object);
}

static void
trama_application_class_init (TramaApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  application_class->startup = startup;
  application_class->activate = activate;
  application_class->command_line = command_line;
  application_class->handle_local_options = handle_local_options;
}

static void
trama_application_init (TramaApplication *self)
{
  static const GOptionEntry entries[] = {
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, NULL, NULL, N_ ("[FILE | SESSION]") },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_summary (
      G_APPLICATION (self),
      _ ("Shows every socket call and every packet it caused, on one timeline. Opens a capture, or runs a "
         "session by its name or file; without either, runs the first session of its library."));
}

TramaApplication *
trama_application_new (void)
{
  return g_object_new (TRAMA_TYPE_APPLICATION, "application-id", TRAMA_APP_ID, "flags",
                       G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_NON_UNIQUE, NULL);
}
