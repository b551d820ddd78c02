/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/span.h"
#include "tests/ui/window/input.h"

#include <glib/gstdio.h>
#include <string.h>

/*
 * The whole way, once by keys alone and once by the mouse: run, select, follow links,
 * search, measure, zoom, export, follow the stream. What came of each is looked up.
 */

static TramaViewState *
get_state (Fixture *fixture)
{
  return trama_window_get_state (fixture->window);
}

static TramaRef
selected (Fixture *fixture)
{
  return trama_view_state_get_selected (get_state (fixture));
}

static gboolean
is_observed (Fixture *fixture)
{
  if (!trama_store_packets_observed (fixture_get_store (fixture)))
    g_test_skip ("packets are not observed on this machine");
  return trama_store_packets_observed (fixture_get_store (fixture));
}

/* Widgets: the first below @widget that is mapped and wanted. */

typedef gboolean (*WantedFunc) (GtkWidget *widget, const char *text);

static GtkWidget *
find_widget (GtkWidget *widget, WantedFunc wanted, const char *text)
{
  GtkWidget *found = gtk_widget_get_mapped (widget) && wanted (widget, text) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_widget (child, wanted, text);
  return found;
}

static gboolean
has_action (GtkWidget *widget, const char *text)
{
  return GTK_IS_BUTTON (widget)
         && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), text) == 0;
}

static gboolean
has_label (GtkWidget *widget, const char *text)
{
  return GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static gboolean
is_row_of_links (GtkWidget *widget, const char *text)
{
  return GTK_IS_LIST_BOX_ROW (widget)
         && gtk_widget_get_ancestor (widget, g_type_from_name ("TramaLinkList")) != NULL;
}

/* Where a popover, or a window without a manager, stands on the screen. */
static void
click_on (Fixture *fixture, GtkWidget *widget, guint button)
{
  GtkNative *native = gtk_widget_get_native (widget);
  GdkSurface *surface = gtk_native_get_surface (native);
  graphene_rect_t bounds;
  g_autofree char *command = NULL;
  double x, y;

  g_assert_true (gtk_widget_compute_bounds (widget, GTK_WIDGET (native), &bounds));
  gtk_native_get_surface_transform (native, &x, &y);
  x += (double) (bounds.origin.x + bounds.size.width / 2);
  y += (double) (bounds.origin.y + bounds.size.height / 2);
  if (GDK_IS_POPUP (surface))
    {
      x += gdk_popup_get_position_x (GDK_POPUP (surface));
      y += gdk_popup_get_position_y (GDK_POPUP (surface));
    }
  command = g_strdup_printf ("mousemove %d %d click %u", (int) x, (int) y, button);
  input_do (fixture, command);
}

static void
click_widget (Fixture *fixture, GtkWidget *top, WantedFunc wanted, const char *text)
{
  GtkWidget *widget = find_widget (top, wanted, text);

  if (widget == NULL)
    g_error ("there is no “%s”", text);
  click_on (fixture, widget, 1);
}

/* Windows beside the main one, the newest last. */

static GtkWidget *
find_dialog (Fixture *fixture)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWidget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_WINDOW (window) != GTK_WINDOW (fixture->window) && gtk_widget_get_mapped (window)
          && g_strcmp0 (gtk_window_get_title (GTK_WINDOW (window)), "Export the Picture") == 0
          && (found == NULL || GTK_IS_FILE_CHOOSER (window)))
        found = window;
    }
  return found;
}

static gboolean
is_dialog_there (Fixture *fixture)
{
  return find_dialog (fixture) != NULL;
}

static gboolean
is_dialog_gone (Fixture *fixture)
{
  return find_dialog (fixture) == NULL;
}

static gboolean
is_chooser_there (Fixture *fixture)
{
  return GTK_IS_FILE_CHOOSER (find_dialog (fixture));
}

/* Has every call of the trace, each a group with a title. */
static void
on_element (GMarkupParseContext *context,
            const char *name,
            const char **keys,
            const char **values,
            gpointer user_data,
            GError **error)
{
  guint *n_calls = user_data;

  for (guint i = 0; g_str_equal (name, "g") && keys[i] != NULL; i++)
    *n_calls += g_str_equal (keys[i], "id") && g_regex_match_simple ("^call-[0-9]+$", values[i], 0, 0);
}

static void
assert_exported (Fixture *fixture, const char *path)
{
  const GMarkupParser parser = { .start_element = on_element };
  guint n_calls = 0;
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, &n_calls, NULL);
  g_autofree char *svg = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &svg, &length, NULL));
  g_assert_true (g_markup_parse_context_parse (context, svg, (gssize) length, NULL));
  g_assert_true (g_markup_parse_context_end_parse (context, NULL));
  g_markup_parse_context_free (context);
  g_assert_cmpuint (n_calls, ==, trama_store_n_calls (fixture_get_store (fixture)));
}

/* A page of it, complete to its end. */
static void
assert_pdf (const char *path)
{
  g_autofree char *pdf = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &pdf, &length, NULL));
  g_assert_true (g_str_has_prefix (pdf, "%PDF-"));
  g_assert_nonnull (memmem (pdf, length, "/Type /Page", 11));
  g_assert_nonnull (memmem (pdf, length, "%%EOF", 5));
}

static TramaStreamView *
get_stream (Fixture *fixture)
{
  return trama_lists_pane_get_stream (trama_window_get_lists (fixture->window));
}

static gboolean
is_stream_ready (Fixture *fixture)
{
  return !trama_stream_view_is_busy (get_stream (fixture));
}

static void
assert_stream (Fixture *fixture)
{
  g_autofree char *text = NULL;

  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (get_stream (fixture))));
  fixture_wait (fixture, is_stream_ready);
  fixture_settle (fixture);
  text = trama_stream_lines_dup_text (trama_stream_view_get_lines (get_stream (fixture)));
  g_assert_cmpstr (text, ==, "Hello?\nSpeaking!\n");
}

static void
assert_measured (Fixture *fixture, guint call)
{
  const TramaCall *record = trama_store_get_call (fixture_get_store (fixture), call);
  g_autofree char *expected = trama_duration_format (record->exit_ns - record->entry_ns);
  g_autofree char *measured = trama_ladder_view_dup_measured (trama_window_get_ladder (fixture->window));

  g_assert_cmpstr (measured, ==, expected);
}

static gboolean
is_measuring (Fixture *fixture)
{
  g_autofree char *measured = trama_ladder_view_dup_measured (trama_window_get_ladder (fixture->window));

  return measured != NULL;
}

static void
step_to (Fixture *fixture, TramaRef wanted)
{
  for (guint i = 0; i < 60; i++)
    {
      input_do (fixture, i == 0 ? "key Home" : "key Down");
      if (selected (fixture).kind == wanted.kind && selected (fixture).index == wanted.index)
        return;
    }
  g_assert_not_reached ();
}

static void
export_by_keys (Fixture *fixture, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strdup_printf ("type --delay 10 ~/%s", base);

  input_do (fixture, "key ctrl+e");
  fixture_wait (fixture, is_dialog_there);
  input_do (fixture, "search --sync --onlyvisible --name Export windowfocus --sync");
  input_do (fixture, "key alt+e");
  fixture_wait (fixture, is_chooser_there);
  fixture_settle (fixture);
  input_do (fixture, "search --sync --onlyvisible --name Export windowfocus --sync %2");
  input_do (fixture, "key ctrl+a");
  input_do (fixture, name);
  input_do (fixture, "key Return");
  fixture_wait (fixture, is_dialog_gone);
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  TramaViewState *state = get_state (fixture);
  TramaStore *before = fixture_get_store (fixture);
  g_autofree char *path = g_build_filename (g_get_home_dir (), "a.pdf", NULL);
  TramaRef call;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  input_do (fixture, "key ctrl+r");
  fixture_wait_finished (fixture);
  g_assert_true (fixture_get_store (fixture) != before);

  call = (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") };
  step_to (fixture, call);
  if (is_observed (fixture))
    {
      input_do (fixture, "key bracketright");
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
      input_do (fixture, "key bracketleft");
      g_assert_cmpuint (selected (fixture).kind, ==, call.kind);
      g_assert_cmpuint (selected (fixture).index, ==, call.index);
    }

  input_do (fixture, "key m");
  assert_measured (fixture, call.index);
  input_do (fixture, "key Escape");
  g_assert_false (is_measuring (fixture));

  input_do (fixture, "key plus");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1.5);
  input_do (fixture, "key 0");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);

  input_do (fixture, "key slash");
  input_do (fixture, "type --delay 20 listen");
  input_do (fixture, "key Return");
  g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpuint (selected (fixture).index, ==, fixture_find_call (fixture, "listen"));
  input_do (fixture, "key Escape");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (trama_window_get_search (fixture->window))));

  export_by_keys (fixture, path);
  assert_pdf (path);
  g_assert_cmpint (g_unlink (path), ==, 0);

  input_focus (fixture);
  input_do (fixture, "key ctrl+shift+f");
  assert_stream (fixture);
}

/* The mouse. */

static gboolean
is_main_menu (GtkWidget *widget, const char *text)
{
  return GTK_IS_MENU_BUTTON (widget)
         && g_strcmp0 (gtk_menu_button_get_icon_name (GTK_MENU_BUTTON (widget)), "open-menu-symbolic") == 0;
}

static gboolean
has_tooltip (GtkWidget *widget, const char *text)
{
  return g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0;
}

static void
choose_in_main_menu (Fixture *fixture, const char *text)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  click_widget (fixture, window, is_main_menu, NULL);
  click_widget (fixture, find_widget (window, is_main_menu, NULL), has_label, text);
}

static void
press_call (Fixture *fixture, guint call)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  const TramaChart *chart = trama_ladder_view_get_chart (ladder);

  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->bars[i].call == call)
      {
        const TramaChartRail *rail = &chart->rails[chart->bars[i].rail];

        input_point_at (fixture, GTK_WIDGET (ladder), (rail->bar_x0 + rail->bar_x1) / 2,
                        chart->header_px + (chart->bars[i].y0 + chart->bars[i].y1) / 2);
        input_do (fixture, "click 1");
        return;
      }
  g_assert_not_reached ();
}

static void
export_by_mouse (Fixture *fixture, const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_strdup_printf ("type --delay 10 ~/%s", base);

  choose_in_main_menu (fixture, "Export the Picture…");
  fixture_wait (fixture, is_dialog_there);
  fixture_settle (fixture);
  click_widget (fixture, find_dialog (fixture), has_label, "PDF, pages of A4");
  click_widget (fixture, find_dialog (fixture), has_label, "SVG, one sheet");
  click_widget (fixture, find_dialog (fixture), has_label, "Export…");
  fixture_wait (fixture, is_chooser_there);
  fixture_settle (fixture);
  /* A name is written. */
  input_do (fixture, "search --sync --onlyvisible --name Export windowfocus --sync %2");
  input_do (fixture, "key ctrl+a");
  input_do (fixture, name);
  click_widget (fixture, find_dialog (fixture), has_label, "Save");
  fixture_wait (fixture, is_dialog_gone);
}

static gboolean
is_menu_open (Fixture *fixture)
{
  return find_widget (GTK_WIDGET (trama_window_get_ladder (fixture->window)), has_label, "Measure") != NULL;
}

/* Where the pointer is. */
static void
choose_in_menu (Fixture *fixture, const char *text)
{
  input_do (fixture, "click 3");
  fixture_wait (fixture, is_menu_open);
  fixture_settle (fixture);
  click_widget (fixture, GTK_WIDGET (trama_window_get_ladder (fixture->window)), has_label, text);
}

/* How long the call took that the pointer is at; then up to the beginning of another, which is near the pointer. */
static void
measure_by_mouse (Fixture *fixture, guint call, guint other)
{
  TramaLadderView *ladder = trama_window_get_ladder (fixture->window);
  const TramaChart *chart = trama_ladder_view_get_chart (ladder);
  TramaStore *store = fixture_get_store (fixture);
  const gint64 other_ns = trama_store_get_call (store, other)->entry_ns;
  g_autofree char *expected = trama_duration_format (trama_store_get_call (store, call)->entry_ns - other_ns);
  g_autofree char *measured = NULL;

  press_call (fixture, call);
  choose_in_menu (fixture, "Measure");
  assert_measured (fixture, call);
  input_point_at (fixture, GTK_WIDGET (ladder), 40,
                  chart->header_px + trama_chart_y_of_time (chart, other_ns) - 1);
  measured = trama_ladder_view_dup_measured (ladder);
  g_assert_cmpstr (measured, ==, expected);
}

static void
test_mouse (Fixture *fixture, gconstpointer data)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  TramaViewState *state = get_state (fixture);
  TramaStore *before = fixture_get_store (fixture);
  g_autofree char *path = g_build_filename (g_get_home_dir (), "a.svg", NULL);
  guint call;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  click_widget (fixture, window, has_action, "win.run");
  fixture_wait_finished (fixture);
  g_assert_true (fixture_get_store (fixture) != before);

  call = fixture_find_call (fixture, "connect");
  press_call (fixture, call);
  g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpuint (selected (fixture).index, ==, call);
  if (is_observed (fixture))
    {
      click_widget (fixture, window, is_row_of_links, NULL);
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
    }

  click_widget (fixture, window, has_action, "win.zoom-in");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1.5);
  click_widget (fixture, window, has_action, "win.zoom-fit");
  g_assert_cmpfloat (trama_view_state_get_zoom (state), ==, 1);

  measure_by_mouse (fixture, call, fixture_find_call (fixture, "socket"));

  choose_in_main_menu (fixture, "Find…");
  input_do (fixture, "type --delay 20 listen");
  click_widget (fixture, window, has_tooltip, "The next hit (F3)");
  g_assert_cmpuint (selected (fixture).index, ==, fixture_find_call (fixture, "listen"));

  click_widget (fixture, window, has_action, "win.zoom-fit");
  press_call (fixture, call);
  choose_in_menu (fixture, "Follow the Stream");
  if (is_observed (fixture))
    assert_stream (fixture);

  export_by_mouse (fixture, path);
  assert_exported (fixture, path);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* One whose words nothing lies over. */
static const TramaChartArrow *
find_apart (const TramaChart *chart)
{
  for (guint i = 0; i < chart->n_arrows; i++)
    if (chart->arrows[i].apart)
      return &chart->arrows[i];
  return NULL;
}

/* The right button, upon a packet and beside everything. */
static void
test_menu (Fixture *fixture, gconstpointer data)
{
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  g_autoptr (TramaChart) chart = trama_chart_ref (trama_ladder_view_get_chart (TRAMA_LADDER_VIEW (ladder)));
  TramaNotebook *notebook = trama_store_get_notebook (fixture_get_store (fixture));
  const TramaChartArrow *arrow;
  double y = chart->header_px + 200;
  gint64 moment_ns;

  if (!input_is_possible ())
    return;
  input_focus (fixture);
  arrow = find_apart (chart);
  if (arrow != NULL)
    {
      const guint packet = arrow->packet;

      input_point_at (fixture, ladder, arrow->chip_x, chart->header_px + arrow->chip_y);
      choose_in_menu (fixture, "Measure");
      g_assert_cmpuint (selected (fixture).kind, ==, TRAMA_EVENT_PACKET);
      g_assert_cmpuint (selected (fixture).index, ==, packet);
      g_assert_true (is_measuring (fixture));
      g_assert_cmpuint (selected (fixture).index, ==, packet);
      input_do (fixture, "key Escape");
    }

  /* The moment is the one that was pressed upon, not where the entry of the menu lies. */
  input_point_at (fixture, ladder, 40, y);
  moment_ns = trama_chart_time_of_y (chart, y - chart->header_px);
  input_do (fixture, "click 3");
  fixture_wait (fixture, is_menu_open);
  g_assert_cmpuint (selected (fixture).kind, ==, 0);
  click_widget (fixture, ladder, has_label, "Mark, or No Mark");
  g_assert_cmpuint (trama_notebook_n_marks (notebook), ==, 1);
  g_assert_cmpfloat_with_epsilon (trama_chart_y_of_time (chart, trama_notebook_get (notebook, 0).time_ns),
                                  trama_chart_y_of_time (chart, moment_ns), 2);
  input_do (fixture, "key ctrl+z");
  g_assert_cmpuint (trama_notebook_n_marks (notebook), ==, 0);

  /* By the keyboard, too. */
  input_do (fixture, "key Home shift+F10");
  fixture_wait (fixture, is_menu_open);
  fixture_settle (fixture);
  click_widget (fixture, ladder, has_label, "Follow the Stream");
  if (is_observed (fixture))
    assert_stream (fixture);
}

/*
 * A home for what is exported: its name is typed from there on. Each folder on the way is listed by the file chooser,
 * and of a file that goes meanwhile, as many do among the temporary ones, GLib 2.74 leaks the name
 * (g_local_file_enumerator_next_file ()).
 */
static char *
move_in (void)
{
  char *home = g_dir_make_tmp ("trama-drive-XXXXXX", NULL);
  g_autofree char *cache = g_build_filename (g_getenv ("HOME") != NULL ? g_getenv ("HOME") : home, ".cache",
                                             NULL);

  g_setenv ("XDG_CACHE_HOME", cache, FALSE);
  g_setenv ("HOME", home, TRUE);
  return home;
}

/* With what GTK has made there. */
static void
move_out (const char *home)
{
  static const char *const folders[] = { ".config/gtk-4.0", ".config", "" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *folder = g_build_filename (home, folders[i], NULL);

      g_rmdir (folder);
    }
}

int
main (int argc, char **argv)
{
  g_autofree char *home = move_in ();
  int status = 0;

  if (fixture_init (&argc, &argv))
    {
      fixture_add ("/drive/keys", test_keys);
      fixture_add ("/drive/mouse", test_mouse);
      fixture_add ("/drive/menu", test_menu);
      status = g_test_run ();
    }
  move_out (home);
  return status;
}
