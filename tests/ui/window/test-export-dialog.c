/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"

#include "ui/paint/theme.h"
#include "ui/window/export_dialog.h"

#include <glib/gstdio.h>
#include <string.h>

/* The dialog of the window; NULL: it is not there. Borrowed. */
static GtkWidget *
find_dialog (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      /* The help overlay belongs to the window, too. */
      if (gtk_window_get_transient_for (window) == GTK_WINDOW (fixture->window)
          && gtk_window_get_modal (window) && !GTK_IS_SHORTCUTS_WINDOW (window))
        return GTK_WIDGET (window);
    }
  return NULL;
}

static gboolean
is_gone (Fixture *fixture)
{
  return find_dialog (fixture) == NULL;
}

static GtkWidget *
open_dialog (Fixture *fixture)
{
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.export", NULL));
  dialog = find_dialog (fixture);
  g_assert_nonnull (dialog);
  return dialog;
}

typedef struct
{
  GType type;
  const char *text; /* of a label, a part of it; NULL: any */
  guint skip;
  GtkWidget *found;
} Search;

static void
search (GtkWidget *widget, Search *wanted)
{
  if (wanted->found == NULL && G_TYPE_CHECK_INSTANCE_TYPE (widget, wanted->type)
      && (wanted->text == NULL || strstr (gtk_label_get_text (GTK_LABEL (widget)), wanted->text) != NULL)
      && wanted->skip-- == 0)
    wanted->found = widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && wanted->found == NULL;
       child = gtk_widget_get_next_sibling (child))
    search (child, wanted);
}

/* The @index-th choice from above. */
static void
choose (GtkWidget *dialog, guint index, guint choice)
{
  Search wanted = { GTK_TYPE_DROP_DOWN, NULL, index, NULL };

  search (dialog, &wanted);
  g_assert_nonnull (wanted.found);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (wanted.found), choice);
}

static void
assert_says (GtkWidget *dialog, const char *text)
{
  Search wanted = { GTK_TYPE_LABEL, text, 0, NULL };

  search (dialog, &wanted);
  if (wanted.found == NULL)
    g_error ("the dialog does not say “%s”", text);
}

static void
write_range (GtkWidget *dialog, const char *text)
{
  Search wanted = { GTK_TYPE_ENTRY, NULL, 0, NULL };

  choose (dialog, 0, 2);
  search (dialog, &wanted);
  g_assert_true (gtk_widget_get_visible (wanted.found));
  gtk_editable_set_text (GTK_EDITABLE (wanted.found), text);
}

static void
test_size (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);

  assert_says (dialog, "1 page of 297 × 210 mm");
  choose (dialog, 1, 1);
  assert_says (dialog, "1920 × 1080 pixels");
  choose (dialog, 1, 3);
  assert_says (dialog, "3840 × 2160 pixels");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_null (find_dialog (fixture));
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);

  write_range (dialog, "yesterday");
  assert_says (dialog, "1.5ms..20ms");
  write_range (dialog, "3..900");
  assert_says (dialog, "there is no event 900");
  write_range (dialog, "3..9");
  assert_says (dialog, "1 page");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Everything, a part, and in the colours of paper: the dialog writes it and goes. */
static void
test_write (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.svg", NULL);

  for (guint part = 0; part < 3; part++)
    {
      GtkWidget *dialog = open_dialog (fixture);
      g_autofree char *svg = NULL;

      choose (dialog, 0, part);
      choose (dialog, 1, 1);
      choose (dialog, 2, TRAMA_THEME_PRINT);
      if (part == 2)
        write_range (dialog, "1..2");
      trama_export_dialog_write (dialog, path);
      fixture_wait (fixture, is_gone);
      g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
      g_assert_nonnull (strstr (svg, "fill=\"#ffffff\""));
      g_assert_nonnull (strstr (svg, "<g id=\"call-1\">"));
      g_assert_cmpint (strstr (svg, "<g id=\"call-13\">") != NULL, ==, part < 2);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_rmdir (folder);
}

/* Closed before the first page, it writes nothing. */
static void
test_give_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pdf", NULL);
  GtkWidget *dialog = open_dialog (fixture);

  trama_export_dialog_write (dialog, path);
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (fixture, is_gone);
  fixture_settle (fixture);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
set_width (GtkWidget *dialog, double width_px)
{
  Search wanted = { GTK_TYPE_SPIN_BUTTON, NULL, 0, NULL };

  search (dialog, &wanted);
  g_assert_nonnull (wanted.found);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (wanted.found), width_px);
}

/* The time scale and the width are the dialog's own, and those of the file. */
static void
test_scale_and_width (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.svg", NULL);
  TramaViewState *state = trama_window_get_state (fixture->window);
  g_autofree char *svg = NULL;
  GtkWidget *dialog;

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.scale", "s", "to-scale"));
  dialog = open_dialog (fixture);
  choose (dialog, 1, 1);
  choose (dialog, 3, TRAMA_SCALE_ROWS);
  set_width (dialog, 2400);
  assert_says (dialog, "2400 × ");
  trama_export_dialog_write (dialog, path);
  fixture_wait (fixture, is_gone);
  g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, " width=\"2400\""));
  g_assert_null (strstr (svg, " height=\"1080\"")); /* which the other scales would fit */
  g_assert_cmpint (trama_view_state_get_mode (state), ==, TRAMA_SCALE_TO_SCALE);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

static gboolean
says_pages (Fixture *fixture)
{
  Search wanted = { GTK_TYPE_LABEL, "pages of 210 × 297 mm", 0, NULL };

  search (find_dialog (fixture), &wanted);
  return wanted.found != NULL;
}

/* Of many events how large it becomes is found out meanwhile, and only what was asked last is told. */
static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pcap", NULL);
  GtkWidget *dialog;

  capture_write (path, 21000, 1);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  dialog = open_dialog (fixture);
  assert_says (dialog, "is being found out");
  choose (dialog, 1, 1);
  choose (dialog, 3, TRAMA_SCALE_ROWS);
  choose (dialog, 1, 0);
  assert_says (dialog, "is being found out");
  fixture_wait (fixture, says_pages);
  choose (dialog, 1, 1);
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (fixture, is_gone);
  fixture_settle (fixture);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/export-dialog/size", test_size);
  fixture_add ("/window/export-dialog/range", test_range);
  fixture_add ("/window/export-dialog/write", test_write);
  fixture_add ("/window/export-dialog/give-up", test_give_up);
  fixture_add ("/window/export-dialog/scale-and-width", test_scale_and_width);
  fixture_add ("/window/export-dialog/large", test_large);
  return g_test_run ();
}
