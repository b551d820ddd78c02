/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/view_state.h"

#include <gtk/gtk.h>

/*
 * Events that have to do with the one that is shown, each a row to press: it is
 * selected in the view state. Hides itself when it is empty.
 */
#define TRAMA_TYPE_LINK_LIST (trama_link_list_get_type ())
G_DECLARE_FINAL_TYPE (TramaLinkList, trama_link_list, TRAMA, LINK_LIST, GtkWidget)

/* Removes every row; the rows that follow lead to events of @state, which is kept. */
void trama_link_list_begin (TramaLinkList *list, TramaViewState *state);

/* @caption says how: "sent by". */
void trama_link_list_add (TramaLinkList *list, const char *caption, TramaRef ref);

guint trama_link_list_n_links (TramaLinkList *list);
