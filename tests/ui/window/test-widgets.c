/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"
#include "ui/ladder/strip_cache.h"
#include "ui/lists/column_scroll.h"
#include "ui/text_ends.h"

/* The parts that need no window to be right. */

static void
count (cairo_t *cr, gint64 key, gpointer user_data)
{
  g_string_append_printf (user_data, "%" G_GINT64_FORMAT " ", key);
}

static void
test_strip_cache (void)
{
  TramaStripCache *cache = trama_strip_cache_new ();
  g_autoptr (GString) painted = g_string_new (NULL);
  TramaStripTarget target = { .width_px = 40, .scale = 1 };
  GskRenderNode *first = trama_strip_cache_get (cache, &target, 0, 256, count, painted);
  int strip;

  /* Once painted, the same node again: the GL renderer keeps its picture by the pointer. */
  g_assert_true (trama_strip_cache_get (cache, &target, 0, 256, count, painted) == first);
  g_assert_cmpint (gsk_render_node_get_node_type (first), ==, GSK_CAIRO_NODE);
  for (strip = -1; strip < 6; strip++)
    trama_strip_cache_get (cache, &target, strip, 256, count, painted);
  g_assert_cmpstr (painted->str, ==, "0 -1 1 2 3 4 5 ");

  /* What is far away goes; what does not scroll stays. */
  trama_strip_cache_trim (cache, 2, 3);
  g_assert_cmpuint (trama_strip_cache_n_strips (cache), ==, 3);

  /* Another width, another picture. */
  target.width_px = 50;
  target.textures = TRUE;
  first = trama_strip_cache_get (cache, &target, 2, 256, count, painted);
  g_assert_cmpint (gsk_render_node_get_node_type (first), ==, GSK_TEXTURE_NODE);
  g_assert_cmpuint (trama_strip_cache_n_strips (cache), ==, 1);
  g_assert_cmpstr (painted->str, ==, "0 -1 1 2 3 4 5 2 ");
  trama_strip_cache_free (cache);
}

static double
twice (double y, gpointer user_data)
{
  return y * 2 + 100;
}

static double
much_more (double y, gpointer user_data)
{
  return y * 5;
}

/* What was painted stands in where it belongs in the new picture, until it is stretched too much. */
static void
test_stand_ins (void)
{
  TramaStripCache *cache = trama_strip_cache_new ();
  g_autoptr (GString) painted = g_string_new (NULL);
  const TramaStripTarget target = { .width_px = 40, .scale = 1 };

  for (gint64 strip = -1; strip < 2; strip++)
    trama_strip_cache_get (cache, &target, strip, 256, count, painted);
  g_assert_true (trama_strip_cache_has (cache, 1));
  g_assert_false (trama_strip_cache_has_stand_in (cache, 0, 2000));

  trama_strip_cache_let_stand_in (cache, twice, NULL);
  g_assert_true (trama_strip_cache_has (cache, -1));
  g_assert_false (trama_strip_cache_has (cache, 1));
  g_assert_false (trama_strip_cache_has_stand_in (cache, 0, 100));
  g_assert_true (trama_strip_cache_has_stand_in (cache, 99, 101));
  g_assert_true (trama_strip_cache_has_stand_in (cache, 1100, 1200));
  g_assert_false (trama_strip_cache_has_stand_in (cache, 1124, 2000));

  /* It has not moved: the new ones are over the old. */
  trama_strip_cache_get (cache, &target, 7, 256, count, painted);
  trama_strip_cache_let_stand_in (cache, NULL, NULL);
  g_assert_true (trama_strip_cache_has_stand_in (cache, 99, 101));
  g_assert_true (trama_strip_cache_has_stand_in (cache, 7 * 256, 7 * 256 + 1));

  trama_strip_cache_let_stand_in (cache, much_more, NULL);
  g_assert_false (trama_strip_cache_has_stand_in (cache, -1e9, 1e9));
  g_assert_cmpuint (trama_strip_cache_n_strips (cache), ==, 1);
  trama_strip_cache_free (cache);
}

/* "Hello" in a struct of two fields, one inside the other. */
static TramaFields *
fields_new (void)
{
  TramaFields *fields = trama_fields_new ();

  trama_fields_add (fields, 0, 0, 5, "Word", NULL, NULL);
  trama_fields_add (fields, 1, 0, 1, "First", g_strdup ("H"), NULL);
  trama_fields_add (fields, 1, 1, 4, "Rest", g_strdup ("ello"), g_strdup ("four bytes"));
  return fields;
}

static void
test_field_list (void)
{
  TramaFieldList *list = g_object_ref_sink (g_object_new (TRAMA_TYPE_FIELD_LIST, NULL));
  g_autoptr (GPtrArray) fields = fields_new ();
  g_autofree char *text = NULL;
  g_autofree char *selected = NULL;

  g_assert_null (trama_field_list_dup_selected (list));
  trama_field_list_set_fields (list, fields);
  text = trama_field_list_dup_text (list);
  g_assert_cmpstr (text, ==, "Word\n  First: H\n  Rest: ello (four bytes)\n");

  g_assert_false (trama_field_list_select_byte (list, 5));
  g_assert_true (trama_field_list_select_byte (list, 3));
  selected = trama_field_list_dup_selected (list);
  g_assert_cmpstr (selected, ==, "Rest: ello (four bytes)");

  trama_field_list_set_fields (list, NULL);
  g_assert_null (trama_field_list_dup_selected (list));
  g_object_unref (list);
}

static void
test_bytes_panel (void)
{
  TramaBytesPanel *panel = g_object_ref_sink (g_object_new (TRAMA_TYPE_BYTES_PANEL, NULL));
  TramaHexView *hex = trama_bytes_panel_get_hex (panel);
  g_autoptr (GPtrArray) fields = fields_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("Hello", 5);
  g_autofree char *all = NULL;
  g_autofree char *marked = NULL;
  g_autofree char *selected = NULL;

  trama_bytes_panel_set (panel, bytes, fields);
  all = trama_hex_view_dup_text (hex);
  g_assert_cmpstr (all, ==, "48 65 6c 6c 6f");

  /* A byte chooses its field, and the field marks its bytes. */
  g_signal_emit_by_name (hex, "byte-selected", 2);
  selected = trama_field_list_dup_selected (trama_bytes_panel_get_list (panel));
  g_assert_cmpstr (selected, ==, "Rest: ello (four bytes)");
  g_assert_cmpuint (trama_hex_view_get_mark_offset (hex), ==, 1);
  g_assert_cmpuint (trama_hex_view_get_mark_size (hex), ==, 4);
  marked = trama_hex_view_dup_text (hex);
  g_assert_cmpstr (marked, ==, "65 6c 6c 6f");

  trama_bytes_panel_set (panel, NULL, NULL);
  g_assert_cmpuint (trama_hex_view_get_mark_size (hex), ==, 0);
  g_object_unref (panel);
}

static void
test_notices (void)
{
  TramaNotices *notices = g_object_ref_sink (g_object_new (TRAMA_TYPE_NOTICES, NULL));
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  trama_notices_show (notices, "a", GTK_MESSAGE_ERROR, "It failed", "line 1\nline 2");
  trama_notices_show (notices, "b", GTK_MESSAGE_WARNING, "Something is missing", NULL);
  first = trama_notices_dup_text (notices, "a");
  g_assert_cmpstr (first, ==, "It failed\nline 1\nline 2");

  /* The same key again takes its place and leaves the other alone. */
  trama_notices_show (notices, "a", GTK_MESSAGE_ERROR, "It failed again", "");
  second = trama_notices_dup_text (notices, "b");
  g_assert_cmpstr (second, ==, "Something is missing");
  g_assert_true (gtk_widget_get_last_child (GTK_WIDGET (notices))
                 != gtk_widget_get_first_child (GTK_WIDGET (notices)));

  trama_notices_clear (notices, "a");
  trama_notices_clear (notices, "a");
  g_assert_null (trama_notices_dup_text (notices, "a"));
  g_object_unref (notices);
}

static void
on_gone (gpointer user_data, GObject *object)
{
  *(gboolean *) user_data = TRUE;
}

static GtkWidget *
find_scroller (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SCROLLED_WINDOW (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_scroller (child);
  return found;
}

/* What is in it has the focus, and GTK keeps what it takes that from: nothing of it may still wait for the time to
   scroll. */
static void
test_notice_gone (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *notices = g_object_new (TRAMA_TYPE_NOTICES, NULL);
  GtkWidget *scroller;
  gboolean gone = FALSE;

  gtk_window_set_child (GTK_WINDOW (window), notices);
  trama_notices_show (TRAMA_NOTICES (notices), "a", GTK_MESSAGE_ERROR, "It failed", "line 1\nline 2");
  gtk_window_present (GTK_WINDOW (window));
  scroller = find_scroller (notices);
  g_assert_nonnull (scroller);
  g_assert_true (gtk_widget_child_focus (scroller, GTK_DIR_TAB_FORWARD));
  g_object_weak_ref (G_OBJECT (scroller), on_gone, &gone);
  trama_notices_clear (TRAMA_NOTICES (notices), "a");
  g_assert_true (gone);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_toast (void)
{
  TramaToast *toast = g_object_ref_sink (g_object_new (TRAMA_TYPE_TOAST, NULL));

  g_assert_null (trama_toast_get_text (toast));
  trama_toast_show (toast, "Saved to /tmp/a");
  trama_toast_show (toast, "Saved to /tmp/b");
  g_assert_cmpstr (trama_toast_get_text (toast), ==, "Saved to /tmp/b");
  g_object_unref (toast);
}

static void
on_set_up (GtkListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (
      item, gtk_label_new ("a row that is as wide as three of these windows, so that whoever wants "
                           "to see where it ends has to scroll there"));
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  return --*(int *) user_data > 0;
}

static void
run_frames (GtkWidget *widget, int n_frames)
{
  gtk_widget_add_tick_callback (widget, count_frame, &n_frames, NULL);
  while (n_frames > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Other rows than before, as many. */
static void
exchange (GtkStringList *rows)
{
  static const char *const rest[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", NULL };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (rows));

  gtk_string_list_splice (rows, 0, n, NULL);
  for (guint i = 0; i < 20; i++)
    gtk_string_list_splice (rows, 0, 0, rest);
}

/* A window that waits to be told of its size lays out nothing. Its frames stop, except where a popover has them, too;
   GTK would warn of a position in rows without heights. */
static void
test_scroll_unlaid (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *button = gtk_menu_button_new ();
  GtkStringList *rows = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *view = gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (G_LIST_MODEL (rows))),
                                       factory);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scroller));
  GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));

  g_signal_connect (factory, "setup", G_CALLBACK (on_set_up), NULL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  trama_column_scroll_cure (GTK_SCROLLED_WINDOW (scroller), GTK_SCROLLABLE (view));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), gtk_popover_new ());
  gtk_window_set_titlebar (GTK_WINDOW (window), button);
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_window_set_default_size (GTK_WINDOW (window), 300, 200);
  exchange (rows);
  gtk_window_present (GTK_WINDOW (window));
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  run_frames (scroller, 10);
  for (int i = 1; i <= 10; i++)
    {
      gtk_window_set_default_size (GTK_WINDOW (window), 300 + i, 200 + i);
      exchange (rows);
      gtk_adjustment_set_value (down, 100 * i);
      gtk_adjustment_set_value (across, 10 * i);
      run_frames (scroller, 10);
      g_assert_cmpfloat (gtk_adjustment_get_value (down), ==, 100 * i);
      g_assert_cmpfloat (gtk_adjustment_get_value (across), ==, 10 * i);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
on_moved (GtkTextView *view, GtkMovementStep step, int count, gboolean extend, GString *steps)
{
  g_string_append_printf (steps, "%c%d ", step == GTK_MOVEMENT_VISUAL_POSITIONS ? 'v' : 'l', count);
}

static void
move (GtkWidget *view, int count, gboolean extend)
{
  g_signal_emit_by_name (view, "move-cursor", GTK_MOVEMENT_VISUAL_POSITIONS, count, extend);
}

/* Only where there is something to go to does GTK look for it; a selection ends as ever. */
static void
test_text_ends (void)
{
  GtkWidget *view = g_object_ref_sink (gtk_text_view_new ());
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_autoptr (GString) steps = g_string_new (NULL);
  GtkTextIter begin, end;

  trama_text_ends_guard (GTK_TEXT_VIEW (view));
  g_signal_connect_after (view, "move-cursor", G_CALLBACK (on_moved), steps);
  gtk_text_buffer_set_text (buffer, "ab", -1);
  gtk_text_buffer_get_start_iter (buffer, &begin);
  gtk_text_buffer_place_cursor (buffer, &begin);
  move (view, -1, FALSE);
  move (view, 1, FALSE);
  move (view, 1, TRUE);
  move (view, 1, TRUE);
  g_assert_cmpstr (steps->str, ==, "l-1 v1 v1 l1 ");
  g_assert_true (gtk_text_buffer_get_selection_bounds (buffer, &begin, &end));
  g_assert_cmpint (gtk_text_iter_get_offset (&begin), ==, 1);
  move (view, 1, FALSE);
  g_assert_false (gtk_text_buffer_get_has_selection (buffer));
  g_object_unref (view);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  g_test_add_func ("/widgets/strip-cache", test_strip_cache);
  g_test_add_func ("/widgets/stand-ins", test_stand_ins);
  g_test_add_func ("/widgets/field-list", test_field_list);
  g_test_add_func ("/widgets/bytes-panel", test_bytes_panel);
  g_test_add_func ("/widgets/notices", test_notices);
  g_test_add_func ("/widgets/notice-gone", test_notice_gone);
  g_test_add_func ("/widgets/toast", test_toast);
  g_test_add_func ("/widgets/scroll-unlaid", test_scroll_unlaid);
  g_test_add_func ("/widgets/text-ends", test_text_ends);
  return g_test_run ();
}
