/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/view_state.h"

#define ZOOM_MIN 0.05
#define ZOOM_MAX 1e15 /* a day, to nanoseconds */

/* What links of so many events take fits into a frame; for more the findings are waited for, which bring them. */
#define LINKED_EVENTS_MAX 10000

/* Findings of so many are asked for again and again while they come; meanwhile what the last ones tell is told. */
#define GROWING_EVENTS_MAX 100000

struct _TramaViewState
{
  GObject parent_instance;

  /* owned */
  TramaFlowTable *table;
  TramaLinks *links; /* of it; NULL: nobody has asked for them */
  TramaFindings *findings;
  TramaUndoStack *undo;
  TramaLanes *lanes;
  TramaFlowSet *chosen;  /* NULL: nothing is */
  TramaFlowSet *busiest; /* where nothing is chosen, and nobody recorded calls */
  TramaFlowSet *drawn;   /* NULL: everything */

  /* borrowed */
  const TramaSearch *search;

  /* state */
  TramaRef selected;
  guint32 flow;
  gboolean flow_is_selected; /* an event of it was, since others were chosen to be drawn */
  TramaScaleMode mode;
  double zoom, least_zoom;
  TramaSpan visible;
};

enum
{
  SIGNAL_TABLE_CHANGED,
  SIGNAL_GROWING,
  SIGNAL_SELECTION_CHANGED,
  SIGNAL_SCALE_CHANGED,
  SIGNAL_VISIBLE_CHANGED,
  SIGNAL_SHOW,
  SIGNAL_FLOW_CHANGED,
  SIGNAL_DRAWN_CHANGED,
  SIGNAL_FINDINGS_CHANGED,
  SIGNAL_HITS_CHANGED,
  SIGNAL_REMARKS_CHANGED,
  SIGNAL_LANES_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaViewState, trama_view_state, G_TYPE_OBJECT)

static void
finalize (GObject *object)
{
  TramaViewState *self = TRAMA_VIEW_STATE (object);

  g_clear_object (&self->undo);
  g_clear_pointer (&self->lanes, trama_lanes_unref);
  g_clear_pointer (&self->chosen, trama_flow_set_unref);
  g_clear_pointer (&self->busiest, trama_flow_set_unref);
  g_clear_pointer (&self->drawn, trama_flow_set_unref);
  g_clear_pointer (&self->links, trama_links_unref);
  g_clear_pointer (&self->table, trama_flow_table_unref);
  g_clear_pointer (&self->findings, trama_findings_unref);
  G_OBJECT_CLASS (trama_view_state_parent_class)->finalize (object);
}

static guint
new_signal (const char *name)
{
  return g_signal_new (name, TRAMA_TYPE_VIEW_STATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
trama_view_state_class_init (TramaViewStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = finalize;

  signals[SIGNAL_TABLE_CHANGED] = new_signal ("table-changed");
  signals[SIGNAL_GROWING] = g_signal_new ("growing", TRAMA_TYPE_VIEW_STATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_SELECTION_CHANGED] = new_signal ("selection-changed");
  signals[SIGNAL_SCALE_CHANGED] = new_signal ("scale-changed");
  signals[SIGNAL_VISIBLE_CHANGED] = new_signal ("visible-changed");
  signals[SIGNAL_SHOW] = g_signal_new ("show", TRAMA_TYPE_VIEW_STATE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_FLOW_CHANGED] = new_signal ("flow-changed");
  signals[SIGNAL_DRAWN_CHANGED] = new_signal ("drawn-changed");
  signals[SIGNAL_FINDINGS_CHANGED] = new_signal ("findings-changed");
  signals[SIGNAL_HITS_CHANGED] = new_signal ("hits-changed");
  signals[SIGNAL_REMARKS_CHANGED] = new_signal ("remarks-changed");
  signals[SIGNAL_LANES_CHANGED] = new_signal ("lanes-changed");
}

static void
trama_view_state_init (TramaViewState *self)
{
  self->zoom = 1;
  self->least_zoom = ZOOM_MIN;
  self->mode = TRAMA_SCALE_FOLDED;
  self->undo = trama_undo_stack_new ();
}

TramaViewState *
trama_view_state_new (void)
{
  return g_object_new (TRAMA_TYPE_VIEW_STATE, NULL);
}

/* The shortest table that still holds the selected event keeps it selected. */
static gboolean
table_has (TramaFlowTable *table, TramaRef ref)
{
  TramaStore *store;

  if (table == NULL)
    return FALSE;

  store = trama_flow_table_get_store (table);
  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      return ref.index < trama_store_n_packets (store);
    case TRAMA_EVENT_CALL:
      return ref.index < trama_store_n_calls (store);
    case TRAMA_EVENT_NOTE:
      return ref.index < trama_store_n_notes (store);
    default:
      return FALSE;
    }
}

static gboolean
same_trace (TramaFlowTable *a, TramaFlowTable *b)
{
  return a != NULL && b != NULL && trama_flow_table_get_store (a) == trama_flow_table_get_store (b);
}

/* What is drawn where nothing is chosen: of a trace that grows, as long as it makes sense the same. */
static void
update_busiest (TramaViewState *self)
{
  g_autoptr (TramaFlowSet) before = g_steal_pointer (&self->busiest);

  if (self->table != NULL && trama_store_n_actors (trama_flow_table_get_store (self->table)) == 0)
    self->busiest = trama_flow_set_new_busiest (self->table, before);
}

static void
update_drawn (TramaViewState *self)
{
  g_autoptr (TramaFlowSet) before = g_steal_pointer (&self->drawn);
  TramaFlowSet *base = self->chosen != NULL ? self->chosen : self->busiest;

  if (base != NULL && self->flow_is_selected && trama_view_state_get_flow (self) != TRAMA_FLOW_NONE)
    self->drawn = trama_flow_set_new_with (base, self->flow);
  else if (base != NULL)
    self->drawn = trama_flow_set_ref (base);
  if (!trama_flow_set_equal (before, self->drawn))
    g_signal_emit (self, signals[SIGNAL_DRAWN_CHANGED], 0);
}

static void
forget_drawn (TramaViewState *self)
{
  g_clear_pointer (&self->chosen, trama_flow_set_unref);
  g_clear_pointer (&self->busiest, trama_flow_set_unref);
  self->flow_is_selected = FALSE;
}

void
trama_view_state_choose_flows (TramaViewState *self, TramaFlowSet *flows)
{
  g_autoptr (TramaFlowSet) before = NULL;

  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  before = g_steal_pointer (&self->chosen);
  self->chosen = flows != NULL ? trama_flow_set_ref (flows) : NULL;
  self->flow_is_selected = FALSE;
  update_drawn (self);
}

TramaFlowSet *
trama_view_state_get_drawn (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->drawn;
}

void
trama_view_state_set_table (TramaViewState *self, TramaFlowTable *table, gboolean keep_selection)
{
  g_autoptr (TramaFlowTable) old = NULL;

  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  /* While the old one is still there: no view meets a selection its table does not hold, nor rows of another. */
  if (!keep_selection || !table_has (table, self->selected))
    trama_view_state_select (self, (TramaRef){ 0 });
  g_clear_pointer (&self->links, trama_links_unref);
  old = g_steal_pointer (&self->table);
  self->table = table != NULL ? trama_flow_table_ref (table) : NULL;
  if (!same_trace (old, table))
    {
      trama_view_state_set_findings (self, NULL);
      trama_undo_stack_clear (self->undo);
      trama_view_state_set_lanes (self, NULL);
      forget_drawn (self);
    }
  if (table != NULL && !trama_flow_set_is_of (self->chosen, table))
    g_clear_pointer (&self->chosen, trama_flow_set_unref);
  if (!keep_selection)
    {
      self->flow = 0;
      self->flow_is_selected = FALSE;
    }
  update_busiest (self);
  update_drawn (self);
  g_signal_emit (self, signals[SIGNAL_TABLE_CHANGED], 0);
}

void
trama_view_state_tell_growing (TramaViewState *self, TramaFlowTable *table)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_return_if_fail (table == NULL || same_trace (self->table, table));
  g_signal_emit (self, signals[SIGNAL_GROWING], 0, table);
}

TramaFlowTable *
trama_view_state_get_table (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->table;
}

void
trama_view_state_set_findings (TramaViewState *self, TramaFindings *findings)
{
  g_autoptr (TramaFindings) old = NULL;

  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  if (self->findings == findings)
    return;
  old = g_steal_pointer (&self->findings);
  g_clear_pointer (&self->links, trama_links_unref);
  self->findings = findings != NULL ? trama_findings_ref (findings) : NULL;
  g_signal_emit (self, signals[SIGNAL_FINDINGS_CHANGED], 0);
}

TramaFindings *
trama_view_state_get_findings (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->findings;
}

void
trama_view_state_set_search (TramaViewState *self, const TramaSearch *search)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  if (search == NULL && self->search == NULL)
    return;
  self->search = search;
  g_signal_emit (self, signals[SIGNAL_HITS_CHANGED], 0);
}

const TramaSearch *
trama_view_state_get_search (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->search;
}

/* They are of a trace that was frozen: its events have the same numbers, but more may have come since. */
static gboolean
is_about_all (const TramaFindings *findings, const TramaStore *store)
{
  const TramaStore *frozen = trama_flow_table_get_store (trama_findings_get_table (findings));

  return trama_store_n_packets (frozen) == trama_store_n_packets (store)
         && trama_store_n_calls (frozen) == trama_store_n_calls (store);
}

TramaLinks *
trama_view_state_get_links (TramaViewState *self)
{
  TramaStore *store;
  guint n_events;

  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);

  if (self->table == NULL || self->links != NULL)
    return self->links;
  store = trama_flow_table_get_store (self->table);
  n_events = trama_store_n_packets (store) + trama_store_n_calls (store);
  if (n_events <= LINKED_EVENTS_MAX)
    self->links = trama_links_new (self->table);
  else if (self->findings != NULL && (n_events <= GROWING_EVENTS_MAX || is_about_all (self->findings, store)))
    self->links = trama_links_ref (trama_findings_get_links (self->findings));
  return self->links;
}

/* The conversation that a socket is a side of. */
static guint32
find_flow_of_socket (TramaFlowTable *table, guint64 socket)
{
  guint n_flows = socket != TRAMA_SOCKET_NONE ? trama_flow_table_n_flows (table) : 0;

  for (guint32 i = 0; i < n_flows; i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);

      if (flow->socket[0] == socket || flow->socket[1] == socket)
        return i;
    }
  return TRAMA_FLOW_NONE;
}

static guint32
find_flow (TramaFlowTable *table, TramaRef ref)
{
  const TramaCall *call;

  if (ref.kind == TRAMA_EVENT_PACKET)
    return trama_flow_table_get_flow_of_packet (table, ref.index);
  if (ref.kind != TRAMA_EVENT_CALL)
    return TRAMA_FLOW_NONE;
  call = trama_store_get_call (trama_flow_table_get_store (table), ref.index);
  return find_flow_of_socket (table, call->socket);
}

static void
look_at_flow (TramaViewState *self, guint32 flow)
{
  gboolean is_other = flow != self->flow;

  if (flow == TRAMA_FLOW_NONE || (!is_other && self->flow_is_selected))
    return;
  self->flow = flow;
  self->flow_is_selected = TRUE;
  update_drawn (self);
  if (is_other)
    g_signal_emit (self, signals[SIGNAL_FLOW_CHANGED], 0);
}

guint32
trama_view_state_get_flow (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), TRAMA_FLOW_NONE);

  if (self->table == NULL || self->flow >= trama_flow_table_n_flows (self->table))
    return TRAMA_FLOW_NONE;
  return self->flow;
}

void
trama_view_state_choose_flow (TramaViewState *self, guint32 flow)
{
  TramaStore *store;
  guint position;

  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_return_if_fail (self->table != NULL && flow < trama_flow_table_n_flows (self->table));

  if (find_flow (self->table, self->selected) == flow)
    return;
  store = trama_flow_table_get_store (self->table);
  position = trama_store_find_packet (store, trama_flow_table_get_flow (self->table, flow)->first_ns);
  for (; position < trama_store_n_packets (store); position++)
    {
      guint packet = trama_store_packet_at (store, position);

      if (trama_flow_table_get_flow_of_packet (self->table, packet) == flow)
        {
          trama_view_state_select (self, (TramaRef){ TRAMA_EVENT_PACKET, packet });
          return;
        }
    }
}

void
trama_view_state_select (TramaViewState *self, TramaRef ref)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_return_if_fail (ref.kind == 0 || table_has (self->table, ref));

  if (ref.kind == self->selected.kind && ref.index == self->selected.index)
    return;
  self->selected = ref;
  look_at_flow (self, find_flow (self->table, ref));
  g_signal_emit (self, signals[SIGNAL_SELECTION_CHANGED], 0);
}

TramaRef
trama_view_state_get_selected (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), ((TramaRef){ 0 }));
  return self->selected;
}

void
trama_view_state_set_zoom (TramaViewState *self, double zoom)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  zoom = CLAMP (zoom, self->least_zoom, ZOOM_MAX);
  /* Steps in and out again come back to the fit exactly, not to 0.9999. */
  if (ABS (zoom - 1) < 1e-6)
    zoom = 1;
  if (zoom == self->zoom)
    return;
  self->zoom = zoom;
  g_signal_emit (self, signals[SIGNAL_SCALE_CHANGED], 0);
}

void
trama_view_state_set_least_zoom (TramaViewState *self, double zoom)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  self->least_zoom = CLAMP (zoom, 1 / ZOOM_MAX, ZOOM_MIN);
}

double
trama_view_state_get_zoom (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), 1);
  return self->zoom;
}

void
trama_view_state_set_mode (TramaViewState *self, TramaScaleMode mode)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  if (mode == self->mode)
    return;
  self->mode = mode;
  g_signal_emit (self, signals[SIGNAL_SCALE_CHANGED], 0);
}

TramaScaleMode
trama_view_state_get_mode (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), TRAMA_SCALE_FOLDED);
  return self->mode;
}

void
trama_view_state_set_lanes (TramaViewState *self, TramaLanes *lanes)
{
  g_autoptr (TramaLanes) old = NULL;

  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));

  if (self->lanes == lanes)
    return;
  old = g_steal_pointer (&self->lanes);
  self->lanes = lanes != NULL ? trama_lanes_ref (lanes) : NULL;
  g_signal_emit (self, signals[SIGNAL_LANES_CHANGED], 0);
}

TramaLanes *
trama_view_state_get_lanes (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->lanes;
}

void
trama_view_state_set_visible (TramaViewState *self, TramaSpan visible)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_return_if_fail (visible.start_ns <= visible.end_ns);

  if (visible.start_ns == self->visible.start_ns && visible.end_ns == self->visible.end_ns)
    return;
  self->visible = visible;
  g_signal_emit (self, signals[SIGNAL_VISIBLE_CHANGED], 0);
}

TramaSpan
trama_view_state_get_visible (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), ((TramaSpan){ 0 }));
  return self->visible;
}

void
trama_view_state_show (TramaViewState *self, TramaSpan span)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_return_if_fail (span.start_ns <= span.end_ns);
  g_signal_emit (self, signals[SIGNAL_SHOW], 0, &span);
}

TramaUndoStack *
trama_view_state_get_undo (TramaViewState *self)
{
  g_return_val_if_fail (TRAMA_IS_VIEW_STATE (self), NULL);
  return self->undo;
}

void
trama_view_state_tell_remarks (TramaViewState *self)
{
  g_return_if_fail (TRAMA_IS_VIEW_STATE (self));
  g_signal_emit (self, signals[SIGNAL_REMARKS_CHANGED], 0);
}
