/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/remarks.h"

#include <glib/gi18n-lib.h>

/* NULL: there is no trace. */
static TramaNotebook *
get_notebook (TramaViewState *state)
{
  TramaFlowTable *table = trama_view_state_get_table (state);

  return table != NULL ? trama_store_get_notebook (trama_flow_table_get_store (table)) : NULL;
}

TramaPlace
trama_place_of_event (TramaViewState *state, TramaRef ref)
{
  TramaStore *store = trama_flow_table_get_store (trama_view_state_get_table (state));
  TramaPacket packet;

  if (ref.kind == TRAMA_EVENT_CALL)
    return (TramaPlace){ ref, trama_store_get_call (store, ref.index)->entry_ns };
  g_return_val_if_fail (ref.kind == TRAMA_EVENT_PACKET, ((TramaPlace){ 0 }));
  trama_store_get_packet (store, ref.index, &packet);
  return (TramaPlace){ ref, packet.time_ns };
}

const char *
trama_remarks_get_note (TramaViewState *state, TramaPlace place)
{
  TramaNotebook *notebook = get_notebook (state);

  return notebook != NULL ? trama_notebook_get_text (notebook, place.subject, place.time_ns) : NULL;
}

gboolean
trama_remarks_is_marked (TramaViewState *state, TramaPlace place)
{
  TramaNotebook *notebook = get_notebook (state);

  return notebook != NULL && trama_notebook_is_marked (notebook, place.subject, place.time_ns);
}

/* One change. The undo stack belongs to the state, and is emptied before the store goes. */
typedef struct
{
  TramaViewState *state; /* borrowed */
  TramaStore *store;
  TramaPlace place;
  char *before, *after; /* of a note */
} Change;

static Change *
change_new (TramaViewState *state, TramaPlace place)
{
  Change *change = g_new0 (Change, 1);

  change->state = state;
  change->store = trama_store_ref (trama_flow_table_get_store (trama_view_state_get_table (state)));
  change->place = place;
  return change;
}

static void
change_free (gpointer data)
{
  Change *change = data;

  trama_store_unref (change->store);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

static void
apply_note (gpointer data, gboolean forth)
{
  const Change *change = data;

  trama_notebook_set_text (trama_store_get_notebook (change->store), change->place.subject,
                           change->place.time_ns, forth ? change->after : change->before);
  trama_view_state_tell_remarks (change->state);
}

/* There and back again. */
static void
apply_mark (gpointer data, gboolean forth)
{
  const Change *change = data;
  TramaNotebook *notebook = trama_store_get_notebook (change->store);
  const TramaPlace place = change->place;

  trama_notebook_set_marked (notebook, place.subject, place.time_ns,
                             !trama_notebook_is_marked (notebook, place.subject, place.time_ns));
  trama_view_state_tell_remarks (change->state);
}

void
trama_remarks_write (TramaViewState *state, TramaPlace place, const char *text)
{
  g_autofree char *stripped = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
  g_autofree char *after = trama_notebook_trim (stripped);
  const char *before = trama_remarks_get_note (state, place);
  Change *change;

  g_return_if_fail (get_notebook (state) != NULL);

  if (g_strcmp0 (before, after) == 0)
    return;
  change = change_new (state, place);
  change->before = g_strdup (before);
  change->after = g_steal_pointer (&after);
  trama_undo_stack_do (trama_view_state_get_undo (state), N_ ("note"), apply_note, change, change_free);
}

void
trama_remarks_toggle_mark (TramaViewState *state, TramaPlace place)
{
  g_return_if_fail (get_notebook (state) != NULL);

  trama_undo_stack_do (trama_view_state_get_undo (state), N_ ("mark"), apply_mark, change_new (state, place),
                       change_free);
}

gboolean
trama_remarks_find_mark (TramaViewState *state, gint64 time_ns, int direction, TramaPlace *place)
{
  TramaNotebook *notebook = get_notebook (state);
  guint index = notebook != NULL ? trama_notebook_find_mark (notebook, time_ns, direction) : G_MAXUINT;
  TramaRemark remark;

  if (notebook != NULL && index == G_MAXUINT)
    index = trama_notebook_find_mark (notebook, TRAMA_TIME_NONE, direction);
  if (index == G_MAXUINT)
    return FALSE;
  remark = trama_notebook_get (notebook, index);
  *place = (TramaPlace){ remark.subject, remark.time_ns };
  return TRUE;
}

gboolean
trama_remarks_are_modified (TramaViewState *state)
{
  TramaNotebook *notebook = get_notebook (state);

  return notebook != NULL && trama_notebook_is_modified (notebook);
}

guint
trama_remarks_n_notes (TramaViewState *state)
{
  TramaNotebook *notebook = get_notebook (state);

  return notebook != NULL ? trama_notebook_n_notes (notebook) : 0;
}

guint
trama_remarks_n_marks (TramaViewState *state)
{
  TramaNotebook *notebook = get_notebook (state);

  return notebook != NULL ? trama_notebook_n_marks (notebook) : 0;
}
