/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/*
 * Every dialogue that asks for something, in one place: GTK 4.10 has another way,
 * and only this file will have to learn it.
 */

typedef struct
{
  const char *name;   /* untranslated: "SVG picture" */
  const char *suffix; /* ".svg" */
} TramaFileKind;

/* Called once with the path that was chosen, and not at all when none was. @owner is alive. */
typedef void (*TramaFileFunc) (gpointer owner, const char *path, gconstpointer data);

/*
 * A file that exists, of one of @n_kinds kinds or any other. @owner (a GObject) is kept
 * alive meanwhile; @data is static.
 */
void trama_dialogs_open (GtkWindow *parent,
                         const char *title,
                         const TramaFileKind *kinds,
                         guint n_kinds,
                         TramaFileFunc func,
                         gpointer owner,
                         gconstpointer data);

/*
 * A file to write. The path has the suffix of one of the kinds: what the user
 * typed, else that of the kind chosen. Nothing is replaced unasked.
 */
void trama_dialogs_save (GtkWindow *parent,
                         const char *title,
                         const char *suggested_name,
                         const TramaFileKind *kinds,
                         guint n_kinds,
                         TramaFileFunc func,
                         gpointer owner,
                         gconstpointer data);

/* Called once when the user agreed, and not at all otherwise. @owner is alive. */
typedef void (*TramaConfirmFunc) (gpointer owner);

/*
 * Asks whether something that cannot be undone shall be done. @accept, with a
 * mnemonic, says what; not doing it is what Return and Escape choose. Returns the
 * dialogue, borrowed.
 */
GtkWidget *trama_dialogs_confirm (GtkWindow *parent,
                                  const char *title,
                                  const char *text,
                                  const char *accept,
                                  TramaConfirmFunc func,
                                  gpointer owner);

/*
 * Lets a button with a mnemonic be called what is written on it: GTK 4.8 calls it that behind
 * its label with the underscore, "_Open Open". To be called once it has its label.
 */
void trama_dialogs_name_button (GtkWidget *button);

/* Of a window with larger text; what that means is in style.css. */
#define TRAMA_PROJECTOR_CLASS "projector"

/* A dialogue of a window whose text is larger, as for a projector, has such a text, too. */
void trama_dialogs_match_text (GtkWindow *dialog, GtkWindow *parent);
