/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/random_trace.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>

/*
 * Somebody who presses and clicks whatever there is, on traces that make no sense. Every
 * warning ends the test. TRAMA_WALK_INPUTS says how many inputs there shall be; --seed, which
 * ones: the seed is printed first.
 */
#define INPUTS "1500"
#define TRACES 20
#define INPUTS_AT_ONCE 25
#define EVENTS_MAX 400
#define HEADER_PX 70
#define EDGE_PX 24

static const char *const keys[] = {
  "Up",
  "Down",
  "Left",
  "Right",
  "Home",
  "End",
  "Prior",
  "Next",
  "plus",
  "minus",
  "0",
  "w",
  "a",
  "s",
  "d",
  "f",
  "period",
  "comma",
  "bracketleft",
  "bracketright",
  "slash",
  "Escape",
  "Escape",
  "Tab",
  "Tab",
  "shift+Tab",
  "Return",
  "space",
  "alt+Left",
  "alt+Right",
  "c",
  "m",
  "b",
  "n",
  "Delete",
  "BackSpace",
  "1",
  "x",
  "colon",
  "F4",
  "F5",
  "F6",
  "F7",
  "F8",
  "F9",
  "F10",
  "F11",
  "F12",
  "ctrl+plus",
  "ctrl+minus",
  "ctrl+0",
  "ctrl+f",
  "ctrl+d",
  "ctrl+a",
  "ctrl+c",
  "ctrl+z",
  "ctrl+shift+z",
  "ctrl+shift+f",
  "ctrl+shift+p",
  "ctrl+F10",
  "ctrl+r",
  "ctrl+Return",
  "ctrl+Tab",
  "shift+Down",
  "shift+Up",
  "ctrl+Home",
  "ctrl+End",
  "shift+F10",
  "Menu",
};

/*
 * Inputs for xdotool, a line each. Below the header bar, where no button opens, saves or quits; away from
 * the edges, where a drag makes the window larger: without a window manager GDK may then draw no more.
 */
static void
append_input (GString *script, GtkWidget *window, GRand *rand)
{
  static const char *const modifiers[] = { "ctrl", "shift", "ctrl", "shift", "alt" };
  int width = gtk_widget_get_width (window);
  int height = gtk_widget_get_height (window);
  int x = g_rand_int_range (rand, EDGE_PX, MAX (width - EDGE_PX, EDGE_PX + 1));
  int y = g_rand_int_range (rand, HEADER_PX, MAX (height - EDGE_PX, HEADER_PX + 1));
  const char *modifier = modifiers[g_rand_int_range (rand, 0, G_N_ELEMENTS (modifiers))];

  switch (g_rand_int_range (rand, 0, 10))
    {
    case 0:
    case 1:
      g_string_append_printf (script, "mousemove %d %d\nclick %d\n", x, y, g_rand_int_range (rand, 1, 4));
      break;
    case 2:
      g_string_append_printf (script, "mousemove %d %d\nclick --repeat 2 --delay 1 1\n", x, y);
      break;
    case 3:
      g_string_append_printf (script, "mousemove %d %d\nclick %d\n", x, y, g_rand_int_range (rand, 4, 8));
      break;
    case 4:
      g_string_append_printf (script, "keydown %s\nmousemove %d %d\nclick %d\nkeyup %s\n", modifier, x, y,
                              g_rand_int_range (rand, 4, 6), modifier);
      break;
    case 5:
      g_string_append_printf (
          script,
          "mousemove %d %d\nkeydown %s\nmousedown 1\nmousemove_relative -- %d %d\nmouseup 1\nkeyup %s\n", x,
          y, modifier, g_rand_int_range (rand, -200, 200), g_rand_int_range (rand, -200, 200), modifier);
      break;
    default:
      g_string_append_printf (script, "key --delay 1 %s\n",
                              keys[g_rand_int_range (rand, 0, G_N_ELEMENTS (keys))]);
    }
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_assert_true (g_subprocess_communicate_utf8_finish (G_SUBPROCESS (object), result, NULL, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (G_SUBPROCESS (object)));
  *(gboolean *) user_data = TRUE;
}

static void
do_inputs (const char *script)
{
  g_autoptr (GSubprocess)
      process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE, NULL, "xdotool", "-", NULL);
  gboolean done = FALSE;

  g_assert_nonnull (process);
  g_subprocess_communicate_utf8_async (process, script, NULL, on_done, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* A menu entry may have opened a dialog, which is for the walk of somebody else. */
static void
close_others (Fixture *fixture)
{
  GList *windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (l->data != fixture->window && gtk_window_get_transient_for (l->data) == GTK_WINDOW (fixture->window))
      gtk_window_destroy (l->data);
  g_list_free (windows);
}

static void
open_random (Fixture *fixture, const char *path, GRand *rand)
{
  random_trace_write (path, rand, (guint) g_rand_int_range (rand, 0, EVENTS_MAX));
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
}

static void
on_selection_changed (TramaViewState *state, guint *n_selections)
{
  (*n_selections)++;
}

static void
test_walk (Fixture *fixture, gconstpointer data)
{
  const char *told = g_getenv ("TRAMA_WALK_INPUTS");
  int n_inputs = atoi (told != NULL ? told : INPUTS);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "random.pcapng", NULL);
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");
  TramaViewState *state = trama_window_get_state (fixture->window);
  guint n_selections = 0;
  gulong id;

  if (xdotool == NULL)
    {
      g_test_skip ("xdotool is not installed");
      return;
    }
  id = g_signal_connect (state, "selection-changed", G_CALLBACK (on_selection_changed), &n_selections);
  do_inputs ("search --sync --onlyvisible --name telephone windowfocus --sync\n");
  for (int i = 0; i < n_inputs; i += INPUTS_AT_ONCE)
    {
      g_autoptr (GString) script = g_string_new (NULL);

      if (i / INPUTS_AT_ONCE % (MAX (n_inputs / INPUTS_AT_ONCE / TRACES, 1)) == 0)
        open_random (fixture, path, rand);
      for (int k = 0; k < INPUTS_AT_ONCE; k++)
        append_input (script, GTK_WIDGET (fixture->window), rand);
      do_inputs (script->str);
      close_others (fixture);
      fixture_settle (fixture);
    }
  g_signal_handler_disconnect (state, id);
  g_assert_cmpuint (n_selections, >, (guint) n_inputs / 100); /* what is pressed does something */
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/*
 * What GTK 4.8 says of itself. A GtkTextView that scrolls to a mark while it is allocated may ask for another size
 * in the middle of that (gtk_text_view_flush_first_validate (), gtk/gtktextview.c), and GTK then finds it, its
 * scrollbar or what stands beside it not allocated; the next frame is right. And something of its own in a pane
 * that is hidden disconnects a handler twice, when it is unmapped.
 */
static gboolean
is_forgiven (const char *message)
{
  return g_str_has_prefix (message, "Trying to snapshot ")
         || g_str_equal (message, "g_signal_handler_disconnect: assertion 'handler_id > 0' failed");
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const char *message = "";

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      message = fields[i].value;
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0 && is_forgiven (message))
    return G_LOG_WRITER_HANDLED;
  g_log_writer_default (level, fields, n_fields, NULL);
  if ((level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING)) != 0)
    abort ();
  return G_LOG_WRITER_HANDLED;
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_writer_func (write_log, NULL, NULL);
  fixture_add ("/walk/random", test_walk);
  return g_test_run ();
}
