/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/inspector/link_list.h"

/*
 * What caused the event that is shown and what it caused, in words, with the bytes that went
 * from one to the other; in the user's language.
 */

/* What stands at the other end: "was sent by · bytes 0–6". @is_cause: that is the cause. The caller's to free. */
char *trama_link_describe (const TramaLink *link, gboolean is_cause);

/* Adds all of them to a list that has begun. FALSE: links are not known in so large a trace. */
gboolean trama_link_words_add (TramaLinkList *list, TramaViewState *state, TramaRef ref);
