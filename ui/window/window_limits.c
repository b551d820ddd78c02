/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/window_private.h"

#include <glib/gi18n-lib.h>

/* What a capture does not tell is said at once: whoever sees an empty picture looks into no list. */

#define NOTICE_LIMITS "limits"

/* Of a larger capture it is said with all other findings: to look at each packet takes too long for a frame. */
#define AT_ONCE_MAX_PACKETS 100000

/* What the capture has dropped is said already where a session has counted it. */
static gboolean
is_said_already (TramaStore *store, const TramaFinding *finding)
{
  const TramaOutcome *outcome = trama_store_get_outcome (store);

  return outcome != NULL && outcome->packets_dropped > 0 && strcmp (finding->rule, "capture-dropped") == 0;
}

static char *
dup_limits (TramaStore *store, const TramaFindings *findings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < trama_findings_n_findings (findings); i++)
    {
      const TramaFinding *finding = trama_findings_get_finding (findings, i);

      if (!trama_finding_is_of_capture (finding) || is_said_already (store, finding))
        continue;
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? "\n" : "", finding->what, finding->todo);
    }
  return g_string_free (text, FALSE);
}

/* Whoever has read it, and closed the notice, is not told the same of one capture twice. */
static gboolean
is_told (TramaWindow *self, const char *text, gboolean is_empty)
{
  GObject *notices = G_OBJECT (self->notices);
  g_autofree char *told = g_strdup_printf ("%d %s", is_empty, text);
  gboolean is_same = g_strcmp0 (g_object_get_data (notices, NOTICE_LIMITS), told) == 0;

  if (!is_same)
    g_object_set_data_full (notices, NOTICE_LIMITS, g_steal_pointer (&told), g_free);
  return is_same;
}

static void
forget (TramaWindow *self)
{
  trama_notices_clear (self->notices, NOTICE_LIMITS);
  g_object_set_data (G_OBJECT (self->notices), NOTICE_LIMITS, NULL);
}

static void
show_limits (TramaWindow *self, const TramaFindings *findings)
{
  TramaFlowTable *table = trama_findings_get_table (findings);
  TramaStore *store = trama_flow_table_get_store (table);
  g_autofree char *text = NULL;
  gboolean is_empty;

  text = dup_limits (store, findings);
  is_empty = trama_store_n_packets (store) > 0 && trama_store_n_calls (store) == 0
             && trama_flow_table_n_flows (table) == 0;
  if (is_told (self, text, is_empty))
    return;
  trama_notices_clear (self->notices, NOTICE_LIMITS);
  if (*text == '\0' && !is_empty)
    return;
  trama_notices_show (self->notices, NOTICE_LIMITS, GTK_MESSAGE_WARNING,
                      is_empty ? _ ("No conversation is in this capture that could be drawn")
                               : _ ("The capture does not tell everything"),
                      *text != '\0' ? text : NULL);
  if (is_empty)
    trama_notices_add_button (self->notices, NOTICE_LIMITS, _ ("Show _Packets"), "win.events");
}

static void
on_findings_changed (TramaWindow *self)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);

  if (findings != NULL)
    show_limits (self, findings);
  else
    forget (self);
}

/* With the first picture, or that would move down when the findings come. */
static void
on_table_changed (TramaWindow *self)
{
  TramaFlowTable *table = trama_view_state_get_table (self->state);
  TramaStore *store = table != NULL ? trama_flow_table_get_store (table) : NULL;
  g_autoptr (TramaFindings) findings = NULL;

  if (store == NULL || !trama_flow_table_is_complete (table)
      || trama_view_state_get_findings (self->state) != NULL || trama_store_n_calls (store) > 0
      || trama_store_n_packets (store) > AT_ONCE_MAX_PACKETS)
    return;
  findings = trama_findings_new_of_capture (table);
  show_limits (self, findings);
}

void
trama_window_add_limits (TramaWindow *self)
{
  g_signal_connect_object (self->state, "findings-changed", G_CALLBACK (on_findings_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->state, "table-changed", G_CALLBACK (on_table_changed), self,
                           G_CONNECT_SWAPPED);
}
