/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/walk.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* As small as a window gets; up to which size it mostly is, and sometimes; and what it may get larger by while inputs
   come: at most 2560 by 1440. */
#define LEAST_WIDTH_PX 360
#define LEAST_HEIGHT_PX 280
#define WIDTH_PX 1500
#define HEIGHT_PX 800
#define MOST_WIDTH_PX 2160
#define MOST_HEIGHT_PX 1180
#define MORE_WIDTH_PX 400
#define MORE_HEIGHT_PX 260

#define GROW_BYTES 6000

static int
pick_from (Walk *walk, int low, int high)
{
  return g_rand_int_range (walk->rand, low, high + 1);
}

void
walk_resize (Walk *walk)
{
  gboolean large = walk_pick (walk, 8) == 0;

  walk->width_px = pick_from (walk, LEAST_WIDTH_PX, large ? MOST_WIDTH_PX : WIDTH_PX);
  walk->height_px = pick_from (walk, LEAST_HEIGHT_PX, large ? MOST_HEIGHT_PX : HEIGHT_PX);
  gtk_window_set_default_size (GTK_WINDOW (walk->fixture->window), walk->width_px, walk->height_px);
}

/* Larger, so that no press meets an edge and drags it. */
static void
enlarge (Walk *walk)
{
  gtk_window_set_default_size (GTK_WINDOW (walk->fixture->window),
                               walk->width_px + pick_from (walk, 0, MORE_WIDTH_PX),
                               walk->height_px + pick_from (walk, 0, MORE_HEIGHT_PX));
}

static void
toggle_dark (Walk *walk)
{
  g_action_group_activate_action (G_ACTION_GROUP (walk->fixture->application), "dark", NULL);
}

static void
change_contrast (Walk *walk)
{
  static const char *const themes[] = { "Default", "Default-hc", "Default-dark", "Default-hc-dark" };

  g_object_set (gtk_settings_get_default (), "gtk-theme-name",
                themes[walk_pick (walk, G_N_ELEMENTS (themes))], NULL);
}

static void
change_text_size (Walk *walk)
{
  static const int dpi[] = { 96, 96, 120, 144, 192 };

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 1024 * dpi[walk_pick (walk, G_N_ELEMENTS (dpi))],
                NULL);
}

/* No tool presses with two fingers: what the gesture would say of them. */
static void
pinch (Walk *walk)
{
  GtkGesture *zoom = fixture_find_pinch (walk->fixture);
  double scale = 1;

  g_signal_emit_by_name (zoom, "begin", NULL);
  for (guint i = walk_pick (walk, 12); i > 0; i--)
    {
      scale *= g_rand_double_range (walk->rand, 0.7, 1.4);
      g_signal_emit_by_name (zoom, "scale-changed", scale);
    }
  g_signal_emit_by_name (zoom, "end", NULL);
}

/* By pieces that end anywhere. */
static void
grow (Walk *walk)
{
  g_autofree char *path = g_build_filename (walk->folder, "random.pcapng", NULL);
  g_autoptr (GBytes) rest = g_steal_pointer (&walk->rest);
  gsize size = 1 + walk_pick (walk, GROW_BYTES);
  int fd;

  if (rest == NULL)
    return;
  size = MIN (size, g_bytes_get_size (rest));
  fd = g_open (path, O_WRONLY | O_APPEND);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, g_bytes_get_data (rest, NULL), size), ==, (gssize) size);
  close (fd);
  if (size < g_bytes_get_size (rest))
    walk->rest = g_bytes_new_from_bytes (rest, size, g_bytes_get_size (rest) - size);
}

void
walk_meanwhile (Walk *walk)
{
  static void (*const events[]) (Walk *) = {
    enlarge, enlarge, enlarge, pinch, pinch, grow, grow, grow, toggle_dark, change_contrast, change_text_size
  };

  walk->n_meanwhile++;
  events[walk_pick (walk, G_N_ELEMENTS (events))](walk);
}
