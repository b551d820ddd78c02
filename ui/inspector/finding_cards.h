/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

#include <gtk/gtk.h>

/*
 * What was found about the selected event, a card for each finding: what happened, why,
 * and what to do about it. Hides itself when there is nothing.
 */
#define TRAMA_TYPE_FINDING_CARDS (trama_finding_cards_get_type ())
G_DECLARE_FINAL_TYPE (TramaFindingCards, trama_finding_cards, TRAMA, FINDING_CARDS, GtkWidget)

/* Once. Keeps a reference. */
void trama_finding_cards_set_state (TramaFindingCards *cards, TramaViewState *state);

/* What stands on them, "" when there are none. The caller's to free. */
char *trama_finding_cards_dup_text (TramaFindingCards *cards);
