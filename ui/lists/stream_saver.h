/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/transcript.h"

#include <glib-object.h>

/*
 * Writes what was said to a file, a slice at a time between frames. What stood in the file
 * is replaced when everything is written, and not before.
 */

/* Called once; @error is NULL when it was written. @owner is alive. */
typedef void (*TramaStreamSavedFunc) (gpointer owner, const char *path, const GError *error);

/*
 * The bytes of the sides (as of a transcript) as they are, of both in the order in which they were
 * said. Zeroes stand where they are missing, so that everything else is in its place.
 */
void trama_stream_save_bytes (TramaDialogue *dialogue,
                              guint sides,
                              const char *path,
                              TramaStreamSavedFunc func,
                              gpointer owner);

/* The lines as they are shown, with who says them; arrays of C as a C compiler takes them. */
void trama_stream_save_lines (const TramaTranscript *transcript,
                              const char *path,
                              TramaStreamSavedFunc func,
                              gpointer owner);
