/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/window/window_private.h"

#include <glib/gstdio.h>
#include <math.h>

/*
 * How large the window and its panes are, kept from one run to the next in a file of
 * the user's state, XDG Base Directory. Panes are kept in pixels of normal text, so that
 * they fit again when text has another size. Where nothing can be kept nothing is said:
 * it is a convenience.
 */

#define SESSIONS_EM 15
#define EDITOR_EM 34
#define INSPECTOR_EM 28
#define EM_PX 14

/* Of the window's height, the lists below the ladder. */
#define LISTS_PART 0.42

#define GROUP "Window"
#define SIZE_MIN_PX 200
#define SIZE_MAX_PX 16384

static char *
get_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "trama", "window.ini", NULL);
}

/* 0: it was not kept, or is beyond reason. */
static int
read_px (GKeyFile *file, const char *key)
{
  int px = g_key_file_get_integer (file, GROUP, key, NULL);

  return px >= 0 && px <= SIZE_MAX_PX ? px : 0;
}

void
trama_window_restore_layout (TramaWindow *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = get_path ();
  int width, height;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;
  width = read_px (file, "Width");
  height = read_px (file, "Height");
  if (width >= SIZE_MIN_PX && height >= SIZE_MIN_PX)
    gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_key_file_get_boolean (file, GROUP, "Maximized", NULL))
    gtk_window_maximize (GTK_WINDOW (self));
  self->layout.sessions_px = read_px (file, "Sessions");
  self->layout.editor_px = read_px (file, "Editor");
  self->layout.inspector_px = read_px (file, "Inspector");
  self->layout.lists_px = read_px (file, "Lists");
}

/* What was kept, else what its text asks for; but never more than @most, that the picture keeps its place. */
static int
choose (TramaWindow *self, int kept_px, double em, double most, double usual_most)
{
  if (kept_px > 0)
    return (int) MIN (trama_window_scale_px (self, kept_px), most);
  return (int) MIN (trama_window_scale_px (self, em * EM_PX), usual_most);
}

void
trama_window_place_panes (TramaWindow *self, int width)
{
  const TramaWindowLayout *kept = &self->layout;
  int sessions = choose (self, kept->sessions_px, SESSIONS_EM, width / 3.0, width / 6.4);
  int inspector = choose (self, kept->inspector_px, INSPECTOR_EM, width / 2.0, width / 4.4);
  int inner = gtk_widget_get_width (GTK_WIDGET (self->inner));

  gtk_paned_set_position (self->outer, sessions);
  gtk_paned_set_position (self->middle, choose (self, kept->editor_px, EDITOR_EM, width / 2.0, width / 3.0));
  /* It is about to be as wide as the list of sessions leaves it, and the picture is given the difference. */
  gtk_paned_set_position (self->inner, (inner > 0 ? inner : width - sessions) - inspector);
}

void
trama_window_place_lists (TramaWindow *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->lower));
  double lists = self->layout.lists_px > 0
                     ? MIN (trama_window_scale_px (self, self->layout.lists_px), height * 0.8)
                     : height * LISTS_PART;

  if (!self->lists_placed)
    gtk_paned_set_position (self->lower, (int) (height - lists));
  self->lists_placed = TRUE;
}

/* Of what is not shown, what was kept before stays. */
static void
note_px (TramaWindow *self, GtkWidget *pane, int size_px, int *kept_px)
{
  if (gtk_widget_get_mapped (pane) && size_px > 0)
    *kept_px = (int) lround (size_px / trama_window_scale_px (self, 1));
}

static void
note_panes (TramaWindow *self)
{
  TramaWindowLayout *kept = &self->layout;

  note_px (self, GTK_WIDGET (self->sessions), gtk_paned_get_position (self->outer), &kept->sessions_px);
  note_px (self, GTK_WIDGET (self->editor), gtk_paned_get_position (self->middle), &kept->editor_px);
  note_px (self, GTK_WIDGET (self->inspector), gtk_widget_get_width (GTK_WIDGET (self->inspector)),
           &kept->inspector_px);
  note_px (self, GTK_WIDGET (self->lists), gtk_widget_get_height (GTK_WIDGET (self->lists)), &kept->lists_px);
}

void
trama_window_keep_layout (TramaWindow *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = get_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  int width, height;

  if (!self->placed)
    return;
  note_panes (self);
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_key_file_set_integer (file, GROUP, "Width", width);
  g_key_file_set_integer (file, GROUP, "Height", height);
  g_key_file_set_boolean (file, GROUP, "Maximized", gtk_window_is_maximized (GTK_WINDOW (self)));
  g_key_file_set_integer (file, GROUP, "Sessions", self->layout.sessions_px);
  g_key_file_set_integer (file, GROUP, "Editor", self->layout.editor_px);
  g_key_file_set_integer (file, GROUP, "Inspector", self->layout.inspector_px);
  g_key_file_set_integer (file, GROUP, "Lists", self->layout.lists_px);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_key_file_save_to_file (file, path, NULL);
}

static void
forget (GtkWidget *widget)
{
  GtkWidget *child;

  for (child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    forget (child);
  gtk_widget_queue_resize (widget);
}

/*
 * GTK measures anew what it knows to have another style, and knows that from the next update of the frame clock on;
 * but a clock that waited for the window's size goes on with the layout. Paddings in em are those of the new text
 * there, beside sizes measured with the old one, and GtkBoxLayout finds them contradictory.
 */
void
trama_window_forget_sizes (TramaWindow *self)
{
  forget (GTK_WIDGET (self));
}
