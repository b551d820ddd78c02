/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The fonts of cairo, for one thread at a time.
 *
 * cairo 1.16 keeps ten font files open. For another it closes one of them, also when a
 * thread is drawing with it at that moment, and it opens them in one FT_Library without
 * the lock that FreeType asks for. GTK draws text in the thread of the main loop and asks
 * nobody. So that thread has the fonts as soon as another one paints, except while it
 * waits for events; then others get them, in the order in which they asked.
 *
 * https://freetype.org/freetype2/docs/reference/ft2-library_setup.html (FT_Library)
 */

/* For a piece of text, in any thread; it nests. */
void trama_font_lock_take (void);
void trama_font_lock_give (void);

/* The calling thread runs the default main context, and another one is about to paint. As often as one likes. */
void trama_font_lock_keep_in_loop (void);

/* Around waiting, outside of the main loop, for a thread that paints. The result is for the second. */
guint trama_font_lock_lend (void);
void trama_font_lock_take_back (guint depth);

/* Around what a thread paints that should be there soon: a busy main loop leaves it some time then. */
void trama_font_lock_begin_hurry (void);
void trama_font_lock_end_hurry (void);
