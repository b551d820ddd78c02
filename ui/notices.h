/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * What went wrong or could not be had, each in a bar that stays until it is
 * closed or no longer true. The text can be selected. A notice has a key: another
 * with the same key takes its place.
 */
#define TRAMA_TYPE_NOTICES (trama_notices_get_type ())
G_DECLARE_FINAL_TYPE (TramaNotices, trama_notices, TRAMA, NOTICES, GtkWidget)

/* @key is static. @title is one short sentence; @text may have several lines, or be NULL. */
void trama_notices_show (TramaNotices *notices,
                         const char *key,
                         GtkMessageType type,
                         const char *title,
                         const char *text);

/* Gives that notice a button for an action of the window. @label with a mnemonic. */
void trama_notices_add_button (TramaNotices *notices, const char *key, const char *label, const char *action);

/* Takes away the notice with that key, if it is there. */
void trama_notices_clear (TramaNotices *notices, const char *key);

/* Title and text of the notice with that key; NULL when there is none. The caller's to free. */
char *trama_notices_dup_text (TramaNotices *notices, const char *key);
