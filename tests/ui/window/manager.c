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
 * Windows stay where they are; only their size changes. GDK itself moves one that is dragged by its header, or by the
 * menu that hangs there (emulate_move_drag ()), also off the screen. With its edge there GTK's own entries and labels
 * place a menu beside a pixel left of the pointer's (float coordinates cut down to int, and a label forgets its padding:
 * gtk_text_click_gesture_pressed (), gtk_label_do_popup ()); GDK finds that on no monitor and warns
 * (gdk_x11_surface_layout_popup (), GTK 4.8).
 *
 * It may be gone by now: GDK has taken care that errors of X which are not its own are passed over.
 */
static void
configure (Manager *self, const XConfigureRequestEvent *request)
{
  XWindowAttributes now;
  XWindowChanges changes = { .width = request->width, .height = request->height };

  if (XGetWindowAttributes (self->display, request->window, &now) == 0)
    return;
  if ((request->value_mask & CWWidth) == 0)
    changes.width = now.width;
  if ((request->value_mask & CWHeight) == 0)
    changes.height = now.height;
  if (changes.width == now.width && changes.height == now.height)
    tell_again (self, request->window, &now);
  else
    XConfigureWindow (self->display, request->window, CWWidth | CWHeight, &changes);
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
