/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/dialogs.h"
#include "ui/lists/stream_saver.h"
#include "ui/lists/stream_view_private.h"

#include <glib/gi18n-lib.h>

/* What leaves the view: to the clipboard and to files. */

static const TramaFileKind byte_kinds[] = {
  { N_ ("bytes as they are"), ".bin" },
};

static const TramaFileKind text_kinds[] = {
  { N_ ("text"), ".txt" },
};

static const TramaFileKind c_kinds[] = {
  { N_ ("C source"), ".c" },
};

static void
on_copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaStreamView *self = TRAMA_STREAM_VIEW (widget);
  g_autofree char *text = trama_stream_lines_dup_text (self->lines);
  guint n = trama_stream_lines_n_selected (self->lines);
  g_autofree char *told = NULL;

  if (n == 0)
    n = trama_transcript_n_lines (self->shown.transcript);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  told = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Copied: %u line", "Copied: %u lines", n), n);
  g_signal_emit_by_name (self, "told", told);
}

static void
on_saved (gpointer owner, const char *path, const GError *error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *text = g_strdup_printf (_ ("Saved to %s"), name);

  if (error != NULL)
    g_signal_emit_by_name (owner, "failed", error->message);
  else
    g_signal_emit_by_name (owner, "told", text);
}

void
trama_stream_view_save (TramaStreamView *self, const char *path, gboolean as_shown)
{
  g_return_if_fail (TRAMA_IS_STREAM_VIEW (self));
  g_return_if_fail (self->shown.transcript != NULL);

  if (as_shown)
    trama_stream_save_lines (self->shown.transcript, path, on_saved, self);
  else
    trama_stream_save_bytes (self->shown.dialogue, trama_stream_view_get_sides (self), path, on_saved, self);
}

static void
save_shown (gpointer owner, const char *path, gconstpointer data)
{
  trama_stream_view_save (owner, path, TRUE);
}

static void
save_bytes (gpointer owner, const char *path, gconstpointer data)
{
  trama_stream_view_save (owner, path, FALSE);
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  return GTK_WINDOW (gtk_widget_get_root (widget));
}

static void
on_save_bytes (GtkWidget *widget, const char *action, GVariant *parameter)
{
  trama_dialogs_save (get_window (widget), _ ("Save the Bytes"), "stream.bin", byte_kinds,
                      G_N_ELEMENTS (byte_kinds), save_bytes, widget, NULL);
}

static void
on_save_shown (GtkWidget *widget, const char *action, GVariant *parameter)
{
  TramaStreamView *self = TRAMA_STREAM_VIEW (widget);

  if (trama_transcript_get_format (self->shown.transcript) == TRAMA_TRANSCRIPT_C)
    trama_dialogs_save (get_window (widget), _ ("Save as Shown"), "stream.c", c_kinds, G_N_ELEMENTS (c_kinds),
                        save_shown, widget, NULL);
  else
    trama_dialogs_save (get_window (widget), _ ("Save as Shown"), "stream.txt", text_kinds,
                        G_N_ELEMENTS (text_kinds), save_shown, widget, NULL);
}

void
trama_stream_out_class_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "stream.copy", NULL, on_copy);
  gtk_widget_class_install_action (widget_class, "stream.save-bytes", NULL, on_save_bytes);
  gtk_widget_class_install_action (widget_class, "stream.save-shown", NULL, on_save_shown);
}
