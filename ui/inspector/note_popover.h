/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/remarks.h"

#include <gtk/gtk.h>

/*
 * Where a note is written, beside what it is about. What is written is kept when it is
 * closed in any way but by Escape; an empty note is none.
 */
#define TRAMA_TYPE_NOTE_POPOVER (trama_note_popover_get_type ())
G_DECLARE_FINAL_TYPE (TramaNotePopover, trama_note_popover, TRAMA, NOTE_POPOVER, GtkPopover)

TramaNotePopover *trama_note_popover_new (TramaViewState *state);

/* @title: what it is about. @beside: in the coordinates of the parent, which it has by then. */
void trama_note_popover_open (TramaNotePopover *popover,
                              TramaPlace place,
                              const char *title,
                              const GdkRectangle *beside);

/* Borrowed. */
GtkTextView *trama_note_popover_get_text (TramaNotePopover *popover);
