/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/capture.h"
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/pulse.h"

#include "ui/paint/theme.h"
#include "ui/window/export_dialog.h"

#include <glib/gstdio.h>
#include <string.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

/* The dialog of the window; NULL: it is not there. Borrowed. */
static GtkWidget *
find_dialog (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_window_get_transient_for (window) == GTK_WINDOW (fixture->window))
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

/* It is found out in a thread. */
static void
assert_says (Fixture *fixture, GtkWidget *dialog, const char *text)
{
  const gint64 end_us = g_get_monotonic_time () + PATIENCE_US;
  Search wanted = { GTK_TYPE_LABEL, text, 0, NULL };

  search (dialog, &wanted);
  while (wanted.found == NULL && g_get_monotonic_time () < end_us)
    {
      g_main_context_iteration (NULL, TRUE);
      search (dialog, &wanted);
    }
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

  assert_says (fixture, dialog, "1 page of 297 × 210 mm");
  choose (dialog, 1, 1);
  assert_says (fixture, dialog, "1920 × ");
  choose (dialog, 1, 3);
  assert_says (fixture, dialog, "3840 × ");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_null (find_dialog (fixture));
}

static void
test_range (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);

  write_range (dialog, "yesterday");
  assert_says (fixture, dialog, "1.5ms..20ms");
  write_range (dialog, "3..900");
  assert_says (fixture, dialog, "there is no event 900");
  write_range (dialog, "3..9");
  assert_says (fixture, dialog, "1 page");
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
  assert_says (fixture, dialog, "2400 × ");
  trama_export_dialog_write (dialog, path);
  fixture_wait (fixture, is_gone);
  g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, " width=\"2400\""));
  g_assert_null (strstr (svg, " height=\"1080\"")); /* which the other scales would fit */
  g_assert_cmpint (trama_view_state_get_mode (state), ==, TRAMA_SCALE_TO_SCALE);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

/* A capture so large that it takes its time. */
static void
open_large (Fixture *fixture, const char *path)
{
  capture_write (path, 21000, 1);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
}

/* Of many events how large it becomes is found out meanwhile, and only what was asked last is told. */
static void
test_large (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pcap", NULL);
  GtkWidget *dialog;

  open_large (fixture, path);
  dialog = open_dialog (fixture);
  assert_says (fixture, dialog, "is being found out");
  choose (dialog, 1, 1);
  choose (dialog, 3, TRAMA_SCALE_ROWS);
  choose (dialog, 1, 0);
  assert_says (fixture, dialog, "pages of 210 × 297 mm");
  choose (dialog, 1, 1);
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (fixture, is_gone);
  fixture_settle (fixture);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

static GdkPaintable *
get_preview (GtkWidget *dialog)
{
  Search wanted = { GTK_TYPE_PICTURE, NULL, 0, NULL };

  search (dialog, &wanted);
  g_assert_nonnull (wanted.found);
  return gtk_picture_get_paintable (GTK_PICTURE (wanted.found));
}

/* Of its upper left corner. */
static guint
get_ground (GtkWidget *dialog)
{
  GdkTexture *texture = GDK_TEXTURE (get_preview (dialog));
  const gsize stride_bytes = (gsize) gdk_texture_get_width (texture) * 4;
  g_autofree guchar *pixels = g_malloc (stride_bytes * (gsize) gdk_texture_get_height (texture));

  gdk_texture_download (texture, pixels, stride_bytes);
  return pixels[0];
}

/* Its shape and its colours are those of what would be written. */
static void
test_preview (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog = open_dialog (fixture);

  assert_says (fixture, dialog, "1 page of 297 × 210 mm");
  g_assert_cmpfloat_with_epsilon (gdk_paintable_get_intrinsic_aspect_ratio (get_preview (dialog)),
                                  297.0 / 210, 0.02);
  g_assert_cmpuint (get_ground (dialog), >, 200);
  choose (dialog, 2, TRAMA_THEME_DARK);
  choose (dialog, 1, 1);
  assert_says (fixture, dialog, "1920 × ");
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (get_preview (dialog)), ==, 300);
  g_assert_cmpuint (get_ground (dialog), <, 60);
  write_range (dialog, "yesterday");
  assert_says (fixture, dialog, "1.5ms..20ms");
  g_assert_null (get_preview (dialog));
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static void
press_button (GtkWidget *dialog, guint index)
{
  Search preview = { g_type_from_name ("TramaExportPreview"), NULL, 0, NULL };
  Search wanted = { GTK_TYPE_BUTTON, NULL, index, NULL };

  search (dialog, &preview);
  search (preview.found, &wanted);
  g_assert_true (gtk_widget_get_sensitive (wanted.found));
  g_signal_emit_by_name (wanted.found, "clicked");
}

static void
assert_turned (Fixture *fixture, GtkWidget *dialog, const char *place, GdkPaintable *before)
{
  const gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  assert_says (fixture, dialog, place);
  while (get_preview (dialog) == before && g_get_monotonic_time () < end_us)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (get_preview (dialog) != before);
}

/* Each page can be looked at, and stays while the colours change; with fewer pages it is the last of them. */
static void
test_turn (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.pcap", NULL);
  g_autoptr (GdkPaintable) before = NULL;
  GtkWidget *dialog;

  capture_write (path, 300, 1);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  dialog = open_dialog (fixture);
  choose (dialog, 3, TRAMA_SCALE_ROWS);
  assert_says (fixture, dialog, "Page 1 of ");
  g_assert_nonnull (get_preview (dialog));
  g_set_object (&before, get_preview (dialog));
  press_button (dialog, 1);
  press_button (dialog, 1);
  assert_turned (fixture, dialog, "Page 3 of ", before);
  press_button (dialog, 0);
  assert_says (fixture, dialog, "Page 2 of ");
  choose (dialog, 2, TRAMA_THEME_DARK);
  g_set_object (&before, get_preview (dialog));
  assert_turned (fixture, dialog, "Page 2 of ", before);
  g_assert_cmpuint (get_ground (dialog), <, 60);
  choose (dialog, 1, 1);
  assert_says (fixture, dialog, "Part 2 of ");
  write_range (dialog, "1..3");
  assert_says (fixture, dialog, "Part 1 of 1");
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

/* The dialog while it writes; what was not as slow as before is written once more, and waited for half as long. */
static GtkWidget *
begin_to_write (Fixture *fixture, const char *path, gint64 wait_us)
{
  for (;; wait_us /= 2)
    {
      GtkWidget *dialog = open_dialog (fixture);
      const gint64 end_us = g_get_monotonic_time () + wait_us;

      trama_export_dialog_write (dialog, path);
      while (!is_gone (fixture) && g_get_monotonic_time () < end_us)
        g_main_context_iteration (NULL, FALSE);
      if (!is_gone (fixture))
        return dialog;
      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

/* While a thread writes it, this one works next to nothing, and what is given up in its middle leaves nothing. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *capture = g_build_filename (folder, "a.pcap", NULL);
  g_autofree char *path = g_build_filename (folder, "a.svg", NULL);
  g_autofree char *svg = NULL;
  g_autoptr (GDir) left = NULL;
  GtkWidget *dialog;
  gint64 worked_us, took_us;

  open_large (fixture, capture);
  dialog = open_dialog (fixture);
  worked_us = pulse_get_work_us ();
  took_us = g_get_monotonic_time ();
  trama_export_dialog_write (dialog, path);
  g_assert_false (gtk_window_get_modal (GTK_WINDOW (dialog)));
  while (!is_gone (fixture))
    g_main_context_iteration (NULL, TRUE);
  worked_us = pulse_get_work_us () - worked_us;
  took_us = g_get_monotonic_time () - took_us;
  g_test_message ("writing took %.0f ms, of which the window worked %.0f", (double) took_us / 1000,
                  (double) worked_us / 1000);
  g_assert_cmpint (worked_us, <, took_us / 2);
  g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, "<g id=\"packet-21000\">"));
  g_assert_true (g_str_has_suffix (svg, "</svg>\n"));
  g_assert_cmpint (g_remove (path), ==, 0);

  dialog = begin_to_write (fixture, path, took_us / 3);
  gtk_window_close (GTK_WINDOW (dialog));
  fixture_wait (fixture, is_gone);
  for (gint64 end_us = g_get_monotonic_time () + took_us; g_get_monotonic_time () < end_us;)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (g_remove (capture), ==, 0);
  left = g_dir_open (folder, 0, NULL);
  g_assert_cmpstr (g_dir_read_name (left), ==, NULL);
  g_rmdir (folder);
}

/* What the user wrote is on paper, too. */
static void
test_notes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.svg", NULL);
  TramaNotebook *notebook = trama_store_get_notebook (fixture_get_store (fixture));
  g_autofree char *svg = NULL;
  GtkWidget *dialog;

  trama_notebook_set_text (notebook, (TramaRef){ TRAMA_EVENT_CALL, 1 }, 0, "by hand");
  dialog = open_dialog (fixture);
  trama_export_dialog_write (dialog, path);
  fixture_wait (fixture, is_gone);
  g_assert_true (g_file_get_contents (path, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, ">by hand</text>"));
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
}

/* What was written last is proposed the next time. */
static void
test_habits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("trama-export-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);
  GtkWidget *dialog = open_dialog (fixture);

  choose (dialog, 1, 3);
  set_width (dialog, 800);
  trama_export_dialog_write (dialog, path);
  fixture_wait (fixture, is_gone);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_rmdir (folder);
  dialog = open_dialog (fixture);
  assert_says (fixture, dialog, "1600 × ");
  gtk_window_destroy (GTK_WINDOW (dialog));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/window/export-dialog/size", test_size);
  fixture_add ("/window/export-dialog/range", test_range);
  fixture_add ("/window/export-dialog/write", test_write);
  fixture_add ("/window/export-dialog/scale-and-width", test_scale_and_width);
  fixture_add ("/window/export-dialog/large", test_large);
  fixture_add ("/window/export-dialog/preview", test_preview);
  fixture_add ("/window/export-dialog/turn", test_turn);
  fixture_add ("/window/export-dialog/beside", test_beside);
  fixture_add ("/window/export-dialog/notes", test_notes);
  fixture_add ("/window/export-dialog/habits", test_habits);
  return g_test_run ();
}
