/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/source/spool.h"
#include "ui/window/recovery.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#define NOTICE_LEFT "left"

/* Lives as long as its actions, which is as long as the window. */
typedef struct
{
  TramaWindow *window;  /* borrowed */
  GPtrArray *paths;     /* of char *, the newest first */
  TramaSource *counted; /* the newest, while it is read; NULL */
} Recovery;

static void
recovery_free (gpointer data)
{
  Recovery *self = data;

  if (self->counted != NULL)
    g_signal_handlers_disconnect_by_data (self->counted, self);
  g_clear_object (&self->counted);
  g_ptr_array_unref (self->paths);
  g_free (self);
}

static void
on_open_left (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Recovery *self = user_data;

  trama_notices_clear (trama_window_get_notices (self->window), NOTICE_LEFT);
  trama_window_open (self->window, g_ptr_array_index (self->paths, 0));
}

static void
on_discard_left (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Recovery *self = user_data;

  trama_notices_clear (trama_window_get_notices (self->window), NOTICE_LEFT);
  for (guint i = 0; i < self->paths->len; i++)
    g_unlink (g_ptr_array_index (self->paths, i));
}

static char *
describe (const Recovery *self)
{
  TramaStore *store = trama_source_get_store (self->counted);
  guint n_packets = trama_store_n_packets (store);
  guint n_calls = trama_store_n_calls (store);
  g_autofree char *packets = g_strdup_printf (ngettext ("%u packet", "%u packets", n_packets), n_packets);
  g_autofree char *calls = g_strdup_printf (ngettext ("%u call", "%u calls", n_calls), n_calls);
  TramaSpan span;
  g_autofree char *time = trama_store_get_span (store, &span) ? trama_time_format (span.start_ns)
                                                              : g_strdup ("");

  /* Translators: counts of packets and calls, then a date and time. */
  return g_strdup_printf (_ ("%s, %s, begun %s. It can be opened and saved, or thrown away."), packets, calls,
                          time);
}

/* Even one that breaks off in the middle is worth its beginning. */
static void
on_counted (TramaSource *source, const GError *error, Recovery *self)
{
  TramaNotices *notices = trama_window_get_notices (self->window);
  guint n = self->paths->len;
  g_autofree char *title = g_strdup_printf (
      ngettext ("A trace was left by a Trama that was ended",
                "%u traces were left by a Trama that was ended; the newest:", n),
      n);
  g_autofree char *text = describe (self);

  trama_notices_show (notices, NOTICE_LEFT, GTK_MESSAGE_INFO, title, text);
  trama_notices_add_button (notices, NOTICE_LEFT, _ ("_Open"), "win.open-left");
  trama_notices_add_button (notices, NOTICE_LEFT, _ ("_Throw Away"), "win.discard-left");
}

void
trama_recovery_offer (TramaWindow *window)
{
  static const GActionEntry entries[] = {
    { .name = "open-left", .activate = on_open_left },
    { .name = "discard-left", .activate = on_discard_left },
  };
  g_autoptr (GPtrArray) paths = trama_spool_find_left ();
  Recovery *self;

  g_return_if_fail (TRAMA_IS_WINDOW (window));

  if (paths->len == 0)
    return;
  self = g_new0 (Recovery, 1);
  self->window = window;
  self->paths = g_steal_pointer (&paths);
  self->counted = trama_source_open (g_ptr_array_index (self->paths, 0));
  g_object_set_data_full (G_OBJECT (window), "trama-recovery", self, recovery_free);
  g_action_map_add_action_entries (G_ACTION_MAP (window), entries, G_N_ELEMENTS (entries), self);
  g_signal_connect (self->counted, "finished", G_CALLBACK (on_counted), self);
}
