/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/input.h"
#include "tests/ui/window/manager.h"
#include "tests/ui/window/walk.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

/*
 * Every warning ends the test. TRAMA_WALK_INPUTS says how many inputs there shall be; --seed, which
 * ones: the seed is printed first.
 */
#define INPUTS "800"
#define INPUTS_AT_ONCE 25
#define BURSTS_PER_TRACE 4
#define FOCUS_FRAMES 3
#define THREADS_PATIENCE 500 /* hundredths of a second */

static void
on_selection_changed (TramaViewState *state, guint *n_selections)
{
  (*n_selections)++;
}

/* A deed or a menu entry may have opened a dialog: half of the time it is walked in. */
static void
walk_dialog (Walk *walk)
{
  GtkWindow *dialog = walk_find_dialog (walk);

  if (dialog != NULL && walk_pick (walk, 2) == 0)
    walk_inputs (walk, dialog, INPUTS_AT_ONCE);
}

static void
leave_dialogs (Walk *walk)
{
  /* As long as anybody would take. A file chooser that was asked for a menu opens it in idle time, whether it is there
     by then or not (file_list_show_popover_in_idle (), GTK 4.8). */
  fixture_settle (walk->fixture);
  walk_close_dialogs (walk, walk_pick (walk, 2) == 0 ? GTK_RESPONSE_ACCEPT : GTK_RESPONSE_CANCEL);
}

static gboolean
is_focus_shown (Fixture *fixture)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));

  return focus == NULL || gtk_widget_get_mapped (focus)
         || focus == GTK_WIDGET (trama_window_get_ladder (fixture->window));
}

/*
 * Else keys go to what nobody sees; the ladder may have them while its picture is made. What was hidden since the last
 * frame loses them with the next.
 */
static void
assert_focus_is_shown (Fixture *fixture)
{
  for (guint i = 0; i < FOCUS_FRAMES && !is_focus_shown (fixture); i++)
    fixture_settle (fixture);
  g_assert_true (is_focus_shown (fixture));
}

static void
walk_on (Walk *walk, guint n_inputs)
{
  Fixture *fixture = walk->fixture;

  for (guint i = 0; i * INPUTS_AT_ONCE < n_inputs; i++)
    {
      if (i % BURSTS_PER_TRACE == 0)
        {
          g_test_message ("%u inputs", i * INPUTS_AT_ONCE);
          walk_open (walk);
        }
      if (walk_pick (walk, 2) == 0)
        walk_resize (walk);
      walk_deed (walk);
      walk_dialog (walk);
      g_assert_true (walk_inputs (walk, GTK_WINDOW (fixture->window), INPUTS_AT_ONCE));
      walk_dialog (walk);
      leave_dialogs (walk);
      fixture_settle (fixture);
      assert_focus_is_shown (fixture);
    }
}

/* With the pictures that were written after they had been taken away, on a machine with much else to do. */
static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Who searches among the emoji of GTK 4.8 loses the list of key words of each (filter_func (), gtkemojichooser.c). */
static gboolean
on_map (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  GObject *widget = g_value_get_object (&values[0]);

  if (GTK_IS_TEXT (widget) || GTK_IS_TEXT_VIEW (widget))
    g_object_set (widget, "input-hints", GTK_INPUT_HINT_NO_EMOJI, NULL);
  return TRUE;
}

static void
test_walk (Fixture *fixture, gconstpointer data)
{
  const char *told = g_getenv ("TRAMA_WALK_INPUTS");
  guint n_inputs = (guint) atoi (told != NULL ? told : INPUTS);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "random.pcapng", NULL);
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  TramaViewState *state = trama_window_get_state (fixture->window);
  Walk walk = { .fixture = fixture, .rand = rand, .folder = folder };
  g_autoptr (Manager) manager = NULL;
  guint n_selections = 0;
  gulong id;

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }
  /* Where a file chooser begins, and may be told to write. */
  g_assert_cmpint (g_chdir (folder), ==, 0);
  id = g_signal_connect (state, "selection-changed", G_CALLBACK (on_selection_changed), &n_selections);
  g_signal_add_emission_hook (g_signal_lookup ("map", GTK_TYPE_WIDGET), 0, on_map, NULL, NULL);
  manager = manager_new ();
  walk_resize (&walk);
  walk_on (&walk, n_inputs);
  walk_leave (&walk);
  g_signal_handler_disconnect (state, id);
  g_test_message ("%u selections", n_selections);
  /* What is pressed does something, though a dialog may keep most of a burst from the window: on a machine with much
     else to do one input in a hundred was counted, else one in twenty. */
  g_assert_cmpuint (n_selections, >, n_inputs / 400);
  g_assert_cmpuint (walk.n_meanwhile, >, n_inputs / 100);
  g_clear_pointer (&walk.rest, g_bytes_unref);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_chdir (before), ==, 0);
  remove_folder (folder);
}

/*
 * Where GTK 4.8 warns of itself alone, and nothing follows but the warning; no code of ours reaches there.
 *
 * The presses within each widget are counted by handle_pointing_event () alone (gtk/gtkmain.c). An implicit grab that
 * is broken by another grab, as that of a menu, is taken from the count twice, by the GDK_GRAB_BROKEN and by the
 * GDK_LEAVE_NOTIFY of GDK_CROSSING_GRAB that comes with it, or by the release. On a busy machine a key that opens a
 * menu and a press are dealt with in one go.
 *
 * A tooltip forgets the window for which it waits when that is destroyed, but not a popover
 * (gtk_popover_unrealize () calls no gtk_tooltip_unset_surface ()): half a second later gtk_tooltip_show_tooltip ()
 * asks where the pointer is on a surface that is gone, and then what is there.
 */
static const char *const faults_of_gtk[] = {
  "Broken accounting of active state for widget ",
  "gdk_surface_get_device_position: assertion 'GDK_IS_SURFACE (surface)' failed",
  "_gtk_widget_find_at_coords: assertion 'GDK_IS_SURFACE (surface)' failed",
};

static gboolean
is_fault_of_gtk (const GLogField *fields, gsize n_fields)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      for (guint k = 0; k < G_N_ELEMENTS (faults_of_gtk); k++)
        if (g_str_has_prefix (fields[i].value, faults_of_gtk[k]))
          return TRUE;
  return FALSE;
}

/* Who warned: the same walk may not come there again. */
static void
print_stack (void)
{
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_print_stack_trace ();
#endif
}

/* Every one, also those that GTK logs structured, which g_log_set_always_fatal () does not reach. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  g_log_writer_default (level, fields, n_fields, NULL);
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0 && !is_fault_of_gtk (fields, n_fields))
    {
      print_stack ();
      abort ();
    }
  return G_LOG_WRITER_HANDLED;
}

static guint
count_pool_threads (void)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);
  const char *id;
  guint n = 0;

  while (tasks != NULL && (id = g_dir_read_name (tasks)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", id, "comm", NULL);
      g_autofree char *name = NULL;

      n += g_file_get_contents (path, &name, NULL, NULL) && g_str_has_prefix (name, "pool-")
           && !g_str_has_prefix (name, "pool-spawner"); /* stays */
    }
  return n;
}

/* The leak sanitizer sometimes overlooks what a thread keeps for itself that was begun after libraries had been loaded,
   and takes it for lost. A thread that is gone has given it back. One that has just done its work waits for more, and is
   not among the unused ones until half a second later. */
static void
end_threads (void)
{
  for (guint i = 0; i < THREADS_PATIENCE && count_pool_threads () > 0; i++)
    {
      g_thread_pool_stop_unused_threads ();
      g_usleep (G_USEC_PER_SEC / 100);
    }
}

int
main (int argc, char **argv)
{
  int result;

  if (!fixture_init (&argc, &argv))
    return 0;
  /* Every other walk speaks Spanish. */
  if (g_test_rand_bit ())
    g_setenv ("LANGUAGE", "es", TRUE);
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (write_log, NULL, NULL);
  fixture_add ("/walk/random", test_walk);
  result = g_test_run ();
  end_threads ();
  return result;
}
