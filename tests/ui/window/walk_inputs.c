/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/walk.h"

#include <gdk/x11/gdkx.h>
#include <gio/gio.h>

#define MEANWHILE_MS 50
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
  "slash",
  "bracketright",
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
  "F1",
  "F3",
  "shift+F3",
  "F4",
  "shift+F4",
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
  "ctrl+b",
  "ctrl+i",
  "ctrl+f",
  "ctrl+d",
  "ctrl+a",
  "ctrl+c",
  "ctrl+z",
  "ctrl+m",
  "ctrl+shift+z",
  "shift+F5",
  "ctrl+shift+f",
  "ctrl+shift+p",
  "ctrl+F10",
  "ctrl+r",
  "ctrl+Home",
  "ctrl+End",
  "ctrl+Return",
  "ctrl+Tab",
  "shift+Down",
  "shift+Up",
  "shift+F10",
  "Menu",
  "ctrl+shift+c",
  "ctrl+shift+b",
};

/* What is searched for, and what becomes a note: each ends with a key. */
static const char *const phrases[] = {
  "key --delay 1 ctrl+f\ntype --delay 1 'fin'\nkey --delay 1 Return\n",
  "key --delay 1 ctrl+f\ntype --delay 1 '0x48'\nkey --delay 1 Return F3\n",
  "key --delay 1 slash\ntype --delay 1 'connect'\nkey --delay 1 Escape\n",
  "key --delay 1 ctrl+f\ntype --delay 1 'port 4096 error'\n",
  "key --delay 1 n\ntype --delay 1 'why?'\nkey --delay 1 ctrl+Return\n",
  "key --delay 1 n\ntype --delay 1 'a note'\nkey --delay 1 Escape\n",
  "key --delay 1 n\ntype --delay 1 'one'\nkey --delay 1 Return ctrl+a ctrl+c End ctrl+v ctrl+z ctrl+Return\n",
  "key --delay 1 m Down Down\n",
  "key --delay 1 b ctrl+b b\n",
  "key --delay 1 ctrl+shift+f\ntype --delay 1 'a'\n",
};

guint
walk_pick (Walk *walk, guint n)
{
  return (guint) g_rand_int_range (walk->rand, 0, (gint32) n);
}

typedef struct
{
  Walk *walk;
  GString *script;
  gulong xid;
  int width;
  int height;
} Scribe;

/* Below the header bar, where no button opens, saves or quits; away from the edges, where a drag makes the window
   larger: without a window manager GDK may then draw no more. */
static void
append_move (Scribe *scribe)
{
  GRand *rand = scribe->walk->rand;
  int x = g_rand_int_range (rand, EDGE_PX, MAX (scribe->width - EDGE_PX, EDGE_PX + 1));
  int y = g_rand_int_range (rand, HEADER_PX, MAX (scribe->height - EDGE_PX, HEADER_PX + 1));

  g_string_append_printf (scribe->script, "mousemove --window %lu %d %d\n", scribe->xid, x, y);
}

/* The left button moves what is there, the middle one the picture; some think better of it on the way. */
static void
append_drag (Scribe *scribe, int reach_px)
{
  GRand *rand = scribe->walk->rand;
  guint button = walk_pick (scribe->walk, 4) == 0 ? 2 : 1;

  g_string_append_printf (scribe->script, "mousedown %u\nmousemove_relative -- %d %d\n", button,
                          g_rand_int_range (rand, -200, 200), g_rand_int_range (rand, -reach_px, reach_px));
  if (walk_pick (scribe->walk, 4) == 0)
    g_string_append (scribe->script, "key --delay 1 Escape\n");
  g_string_append_printf (scribe->script, "mouseup %u\n", button);
}

/* By the head of a column of the ladder. */
static void
append_column_drag (Scribe *scribe)
{
  Fixture *fixture = scribe->walk->fixture;
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  int width = gtk_widget_get_width (ladder);
  graphene_point_t point;

  if (width < 2 * EDGE_PX
      || !gtk_widget_compute_point (
          ladder, GTK_WIDGET (fixture->window),
          &GRAPHENE_POINT_INIT ((float) g_rand_int_range (scribe->walk->rand, EDGE_PX, width - EDGE_PX),
                                (float) EDGE_PX),
          &point)
      || point.x > (float) (scribe->width - EDGE_PX) || point.y > (float) (scribe->height - EDGE_PX))
    return;
  g_string_append_printf (scribe->script, "mousemove --window %lu %d %d\n", scribe->xid, (int) point.x,
                          (int) point.y);
  append_drag (scribe, 10);
}

static void
append_click (Scribe *scribe)
{
  append_move (scribe);
  g_string_append_printf (scribe->script, "click %u\n", 1 + walk_pick (scribe->walk, 3));
}

static void
append_double_click (Scribe *scribe)
{
  append_move (scribe);
  g_string_append (scribe->script, "click --repeat 2 --delay 1 1\n");
}

/* Up, down or to a side, faster than frames come. */
static void
append_wheel (Scribe *scribe)
{
  append_move (scribe);
  g_string_append_printf (scribe->script, "click --repeat %u --delay 1 %u\n", 1 + walk_pick (scribe->walk, 6),
                          4 + walk_pick (scribe->walk, 4));
}

static void
append_free_drag (Scribe *scribe)
{
  append_move (scribe);
  append_drag (scribe, 200);
}

static void
append_with_modifier (Scribe *scribe)
{
  static const char *const modifiers[] = { "ctrl", "shift", "ctrl", "shift", "alt" };
  const char *modifier = modifiers[walk_pick (scribe->walk, G_N_ELEMENTS (modifiers))];

  append_move (scribe);
  g_string_append_printf (scribe->script, "keydown %s\n", modifier);
  if (walk_pick (scribe->walk, 3) == 0)
    append_drag (scribe, 200);
  else
    g_string_append_printf (scribe->script, "click %u\n", 4 + walk_pick (scribe->walk, 2));
  g_string_append_printf (scribe->script, "keyup %s\n", modifier);
}

static void
append_phrase (Scribe *scribe)
{
  g_string_append (scribe->script, phrases[walk_pick (scribe->walk, G_N_ELEMENTS (phrases))]);
}

static void
append_key (Scribe *scribe)
{
  g_string_append_printf (scribe->script, "key --delay 1 %s\n",
                          keys[walk_pick (scribe->walk, G_N_ELEMENTS (keys))]);
}

static void
append_input (Scribe *scribe)
{
  static void (*const inputs[]) (Scribe *) = {
    append_click,         append_click,         append_click,  append_click,     append_double_click,
    append_double_click,  append_wheel,         append_wheel,  append_free_drag, append_column_drag,
    append_with_modifier, append_with_modifier, append_phrase, append_key,       append_key,
    append_key,           append_key,           append_key,    append_key,       append_key,
    append_key,           append_key,
  };

  inputs[walk_pick (scribe->walk, G_N_ELEMENTS (inputs))](scribe);
}

typedef struct
{
  gboolean done;
  gboolean successful;
} Outcome;

static void
on_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Outcome *outcome = user_data;

  g_assert_true (g_subprocess_communicate_utf8_finish (G_SUBPROCESS (object), result, NULL, NULL, NULL));
  outcome->successful = g_subprocess_get_successful (G_SUBPROCESS (object));
  outcome->done = TRUE;
}

static gboolean
on_meanwhile (gpointer user_data)
{
  walk_meanwhile (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
do_inputs (Walk *walk, const char *script)
{
  guint id = g_timeout_add (MEANWHILE_MS, on_meanwhile, walk);
  g_autoptr (GSubprocess) process = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "xdotool", "-", NULL);
  Outcome outcome = { 0 };

  g_assert_nonnull (process);
  g_subprocess_communicate_utf8_async (process, script, NULL, on_done, &outcome);
  while (!outcome.done)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  return outcome.successful;
}

/* By a script that ended early, as its window went. */
static const char let_go[] = "mouseup 1 mouseup 2 keyup ctrl keyup shift keyup alt\n";

/* There is no window manager: who is to have the keys is told each time. */
gboolean
walk_inputs (Walk *walk, GtkWindow *window, guint n_inputs)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));
  Scribe scribe = { .walk = walk,
                    .width = gtk_widget_get_width (GTK_WIDGET (window)),
                    .height = gtk_widget_get_height (GTK_WIDGET (window)) };
  g_autoptr (GString) script = g_string_new (NULL);

  g_assert_true (GDK_IS_X11_SURFACE (surface));
  if (window == GTK_WINDOW (walk->fixture->window))
    {
      scribe.width = MIN (scribe.width, walk->width_px);
      scribe.height = MIN (scribe.height, walk->height_px);
    }
  scribe.script = script;
  scribe.xid = gdk_x11_surface_get_xid (surface);
  g_string_append_printf (script, "windowfocus %lu\n", scribe.xid);
  for (guint i = 0; i < n_inputs; i++)
    append_input (&scribe);
  if (do_inputs (walk, script->str))
    return TRUE;
  do_inputs (walk, let_go);
  return FALSE;
}

/*
 * Beyond the window; the screen has a size at which the server stops it. A tooltip that GTK is about to show outlives
 * the popover over which it was to be, and GDK warns (gtk_tooltip_show_tooltip (), GTK 4.8): as long as a menu is open
 * wherever the pointer is counts as in it.
 */
void
walk_leave (Walk *walk)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (walk->fixture->window));
  g_autofree char *script = g_strdup_printf ("windowfocus %lu\nkey --delay 1 Escape Escape Escape\n"
                                             "mousemove 30000 30000\n",
                                             gdk_x11_surface_get_xid (surface));

  g_assert_true (do_inputs (walk, script));
  fixture_settle (walk->fixture);
}
