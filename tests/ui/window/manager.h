/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The least of a window manager, for a window whose size changes under Xvfb. GDK counts the sizes that it asks for
 * and draws nothing before it was told of each (gdk_x11_surface_toplevel_resize (), GTK 4.8); of one that the window
 * has already the X server says nothing, and only a manager answers: Inter-Client Communication Conventions
 * Manual, section 4.1.5. Without one such a window is never drawn again.
 *
 * It has a connection of its own, and works when the main context does.
 */
typedef struct _Manager Manager;

Manager *manager_new (void);
void manager_free (Manager *manager);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Manager, manager_free)
