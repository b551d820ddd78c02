/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/manager.h"

#include <X11/Xlib.h>
#include <glib-unix.h>

struct _Manager
{
  Display *display;
  guint id;
};

/* Where it stands and how large it is, as if it had come to be so now. */
static void
tell_again (Manager *self, Window window, const XWindowAttributes *now)
{
  XEvent event = { .xconfigure = { .type = ConfigureNotify,
                                   .event = window,
                                   .window = window,
                                   .x = now->x,
                                   .y = now->y,
                                   .width = now->width,
                                   .height = now->height } };

  XSendEvent (self->display, window, False, StructureNotifyMask, &event);
}

/*
 * Wholly on the screen, as far as it fits, wherever it was dragged by its header, or by the menu that hangs there.
 * A menu at the pointer is placed beside the pixel that GTK's own entries and labels take for the pointer's: float
 * coordinates, cut down to int (gtk_text_click_gesture_pressed (), gtk_label_do_popup ()), one less where the window
 * begins left of the screen and the pointer is at the edge. GDK then finds it on no monitor, and warns
 * (gdk_x11_surface_layout_popup (), GTK 4.8).
 */
static void
keep_on_screen (Manager *self, XWindowChanges *changes)
{
  int screen = DefaultScreen (self->display);

  changes->x = CLAMP (changes->x, 0, MAX (0, DisplayWidth (self->display, screen) - changes->width));
  changes->y = CLAMP (changes->y, 0, MAX (0, DisplayHeight (self->display, screen) - changes->height));
}

/* It may be gone by now: GDK has taken care that errors of X which are not its own are passed over. */
static void
configure (Manager *self, const XConfigureRequestEvent *request)
{
  XWindowAttributes now;
  XWindowChanges changes = {
    .x = request->x, .y = request->y, .width = request->width, .height = request->height
  };

  if (XGetWindowAttributes (self->display, request->window, &now) == 0)
    return;
  if ((request->value_mask & CWX) == 0)
    changes.x = now.x;
  if ((request->value_mask & CWY) == 0)
    changes.y = now.y;
  if ((request->value_mask & CWWidth) == 0)
    changes.width = now.width;
  if ((request->value_mask & CWHeight) == 0)
    changes.height = now.height;
  keep_on_screen (self, &changes);
  if (changes.x == now.x && changes.y == now.y && changes.width == now.width && changes.height == now.height)
    tell_again (self, request->window, &now);
  else
    XConfigureWindow (self->display, request->window, CWX | CWY | CWWidth | CWHeight, &changes);
}

static gboolean
on_events (int fd, GIOCondition condition, gpointer user_data)
{
  Manager *self = user_data;

  while (XPending (self->display) > 0)
    {
      XEvent event;

      XNextEvent (self->display, &event);
      if (event.type == ConfigureRequest)
        configure (self, &event.xconfigurerequest);
      else if (event.type == MapRequest)
        XMapWindow (self->display, event.xmaprequest.window);
    }
  XFlush (self->display);
  return G_SOURCE_CONTINUE;
}

Manager *
manager_new (void)
{
  Manager *self = g_new0 (Manager, 1);

  self->display = XOpenDisplay (NULL);
  g_assert_nonnull (self->display);
  XSelectInput (self->display, DefaultRootWindow (self->display), SubstructureRedirectMask);
  XFlush (self->display);
  self->id = g_unix_fd_add_full (G_PRIORITY_HIGH, ConnectionNumber (self->display), G_IO_IN, on_events, self,
                                 NULL);
  return self;
}

void
manager_free (Manager *self)
{
  g_source_remove (self->id);
  XCloseDisplay (self->display);
  g_free (self);
}
