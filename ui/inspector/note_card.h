/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/note_popover.h"

/*
 * The user's note beside the selected event, and the button that writes it: it is changed
 * where it stands. Hidden while no call and no packet is selected.
 */
#define TRAMA_TYPE_NOTE_CARD (trama_note_card_get_type ())
G_DECLARE_FINAL_TYPE (TramaNoteCard, trama_note_card, TRAMA, NOTE_CARD, GtkWidget)

/* Once. Keeps a reference. */
void trama_note_card_set_state (TramaNoteCard *card, TramaViewState *state);

/* As its button does: opens a popover to write in. */
void trama_note_card_edit (TramaNoteCard *card);

/* The note as it is shown; "" when there is none. Borrowed until the next. */
const char *trama_note_card_get_text (TramaNoteCard *card);

/* NULL until something was written. Borrowed. */
TramaNotePopover *trama_note_card_get_popover (TramaNoteCard *card);
