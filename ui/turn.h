/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Work that is done a little at a time while the window stays alive: reading, searching, making
 * lists. Whoever has some asks for a turn. In one round of the main loop only one of them has
 * it, for no longer than a few milliseconds, however many there are; they take turns. What is
 * pressed or to be drawn comes before the next.
 *
 * Of the default main context, and only from its thread.
 */

/* Works until @end_us of the monotonic clock. FALSE: there is no more to do. */
typedef gboolean (*TramaTurnFunc) (gint64 end_us, gpointer user_data);

/* An id for trama_turn_remove, never 0, that is gone when @func has returned FALSE. */
guint trama_turn_add (TramaTurnFunc func, gpointer user_data);

/* Also while it has its turn. Asserts that there is such an id. */
void trama_turn_remove (guint id);

/*
 * For who does some of his work at once, and asks for a turn for the rest: the same time for
 * all of them in a round. It may be over.
 */
gint64 trama_turn_get_end_us (void);
