/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Around text that wraps, in a pane: as high as the text is in the width that it gets, and where there is less room
 * it scrolls.
 *
 * A GtkPaned gives one of its two as much width as the user has chosen, and the other all the rest, also when it is
 * measured. Text in the one then wraps however wide the window might be, and no width makes the window as
 * low as it says it can be when asked for any width: GtkBoxLayout looks for such a width, up to 2^20, and calls what
 * it finds a critical fault (distribute_remaining_size ()). So what wraps in a pane needs a height that
 * is the same for every width: that of the text where nothing wraps.
 *
 * A GtkScrolledWindow that propagates the natural height of its child asks for that of another width than
 * it gets, hence not that alone.
 *
 * Property "shrinks": it may also be as low as any scrolled window, as befits text that can be long.
 *
 * Property "child". Not visible while the child is not; a stop of the Tab key while it scrolls, if the child is none.
 */
#define TRAMA_TYPE_WRAP_SCROLLER (trama_wrap_scroller_get_type ())
G_DECLARE_FINAL_TYPE (TramaWrapScroller, trama_wrap_scroller, TRAMA, WRAP_SCROLLER, GtkWidget)
