/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/ladder/overview_view.h"

#include "ui/ladder/strip_cache.h"
#include "ui/paint/paint_overview.h"
#include "ui/style_theme.h"
#include "ui/turn.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define HEIGHT_PX 64
#define MINIMUM_PX 320

/* A shorter drag is a click. */
#define DRAG_MIN_PX 4

/* Of packets; a few milliseconds. */
#define SLICE_PACKETS 100000

/* What a key moves the part in view by, of its length, or how much longer it makes it. */
#define KEY_MOVE 0.5
#define KEY_ZOOM 2.0

struct _TramaOverviewView
{
  GtkWidget parent_instance;

  /* owned */
  TramaViewState *state;
  TramaDensity *density; /* of the state's table */
  TramaOverview *overview;
  TramaStripCache *picture; /* of the overview without what is in view; its only piece is 0 */

  /* state */
  guint slice_id;
  double brush_x0, brush_x1; /* in any order */
  gboolean brushing;
  gboolean cancelled;  /* the drag shall choose nothing */
  TramaScaleMode mode; /* that the overview was made for */
  guint8 *hits;   /* by pixel of the overview; NULL: nothing is searched for, or they are to be found again */
  gboolean stale; /* the overview is to be made again */
  TramaThemeName theme;
};

G_DEFINE_FINAL_TYPE (TramaOverviewView, trama_overview_view, GTK_TYPE_WIDGET)

static TramaFlowTable *
get_table (TramaOverviewView *self)
{
  return self->state != NULL ? trama_view_state_get_table (self->state) : NULL;
}

/* Large text asked of the desktop is asked of the picture too. */
static double
text_scale (TramaOverviewView *self)
{
  int dpi = -1;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? dpi / (96.0 * 1024.0) : 1;
}

static void
invalidate (TramaOverviewView *self)
{
  self->stale = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The trace. */

static gboolean
on_slice (gint64 end_us, gpointer user_data)
{
  TramaOverviewView *self = user_data;

  if (trama_density_follow (self->density, get_table (self), SLICE_PACKETS))
    return TRUE;
  self->slice_id = 0;
  invalidate (self);
  return FALSE;
}

static void
on_table_changed (TramaViewState *state, TramaOverviewView *self)
{
  TramaFlowTable *table = trama_view_state_get_table (state);

  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  if (table == NULL)
    g_clear_pointer (&self->density, trama_density_free);
  else
    {
      if (self->density == NULL)
        self->density = trama_density_new (NULL, 0, 0);
      if (trama_density_follow (self->density, table, SLICE_PACKETS))
        self->slice_id = trama_turn_add (on_slice, self);
    }
  invalidate (self);
}

/* What has come is taken in at once, so that all of it is there when the table is. */
static void
on_growing (TramaViewState *state, TramaFlowTable *table, TramaOverviewView *self)
{
  if (table != NULL && self->slice_id == 0 && self->density != NULL
      && trama_flow_table_count_amended (table) == 0)
    trama_density_follow (self->density, table, SLICE_PACKETS);
}

static void
update (TramaOverviewView *self)
{
  TramaFlowTable *table = get_table (self);
  const TramaOverviewOptions options = {
    .width_px = gtk_widget_get_width (GTK_WIDGET (self)),
    .height_px = gtk_widget_get_height (GTK_WIDGET (self)),
    .scale = text_scale (self),
    .mode = self->state != NULL ? trama_view_state_get_mode (self->state) : TRAMA_SCALE_FOLDED,
  };

  if (!self->stale)
    return;
  if (table != NULL && options.width_px <= 0)
    return;
  self->stale = FALSE;
  self->mode = options.mode;
  g_clear_pointer (&self->overview, trama_overview_free);
  g_clear_pointer (&self->hits, g_free);
  if (table != NULL)
    self->overview = trama_overview_new (table, self->density, &options);
  trama_strip_cache_clear (self->picture);
}

/* What a screen reader says. */
static void
describe (TramaOverviewView *self)
{
  TramaFlowTable *table = get_table (self);
  TramaSpan visible, span;
  g_autofree char *text = NULL;

  if (table == NULL || !trama_store_get_span (trama_flow_table_get_store (table), &span))
    text = g_strdup (_ ("Nothing to show yet"));
  else
    {
      guint n_flows = trama_flow_table_n_flows (table);
      g_autofree char *flows = g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u conversation", "%u conversations", n_flows), n_flows);
      g_autofree char *whole = trama_duration_format (span.end_ns - span.start_ns);
      g_autofree char *from = NULL;
      g_autofree char *length = NULL;

      visible = trama_view_state_get_visible (self->state);
      from = trama_duration_format (MAX (visible.start_ns - span.start_ns, 0));
      length = trama_duration_format (visible.end_ns - visible.start_ns);
      /* Translators: "2 conversations in 1.2 s. In view: 30 ms, from 200 ms on". */
      text = g_strdup_printf (_ ("%s in %s. In view: %s, from %s on"), flows, whole, length, from);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}

static void
on_visible_changed (TramaViewState *state, TramaOverviewView *self)
{
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_hits_changed (TramaViewState *state, TramaOverviewView *self)
{
  g_clear_pointer (&self->hits, g_free);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* NULL: there are none. */
static const guint8 *
get_hits (TramaOverviewView *self)
{
  const TramaSearch *search = trama_view_state_get_search (self->state);

  if (self->hits == NULL && search != NULL && trama_search_n_hits (search) > 0)
    self->hits = trama_overview_find_hits (self->overview, search);
  return self->hits;
}

/* Zooming is the ladder's alone. */
static void
on_scale_changed (TramaViewState *state, TramaOverviewView *self)
{
  if (trama_view_state_get_mode (state) != self->mode)
    invalidate (self);
}

/* The picture. */

static void
paint_picture (cairo_t *cr, gint64 key, gpointer user_data)
{
  TramaOverviewView *self = user_data;

  trama_paint_overview (cr, self->overview, trama_theme_get (self->theme));
}

static void
snapshot_picture (TramaOverviewView *self, GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  const TramaStripTarget target = {
    .width_px = gtk_widget_get_width (widget),
    .scale = gtk_widget_get_scale_factor (widget),
    .textures = renderer != NULL && g_str_has_prefix (G_OBJECT_TYPE_NAME (renderer), "GskGL"),
  };

  gtk_snapshot_append_node (
      snapshot,
      trama_strip_cache_get (self->picture, &target, 0, gtk_widget_get_height (widget), paint_picture, self));
}

/* The user's marks. */
static void
paint_flags (TramaOverviewView *self, cairo_t *cr, const TramaTheme *theme)
{
  TramaNotebook *notebook = trama_store_get_notebook (trama_flow_table_get_store (get_table (self)));

  for (guint i = 0; i < trama_notebook_n_remarks (notebook); i++)
    {
      TramaRemark remark = trama_notebook_get (notebook, i);

      if (remark.marked)
        trama_paint_overview_flag (cr, self->overview, theme,
                                   trama_overview_x_of_time (self->overview, remark.time_ns));
    }
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (widget);
  const TramaTheme *theme = trama_theme_get (self->theme);
  TramaSpan visible;
  cairo_t *cr;

  update (self);
  if (self->overview == NULL)
    return;
  snapshot_picture (self, snapshot);
  visible = trama_view_state_get_visible (self->state);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                                 (float) gtk_widget_get_height (widget)));
  trama_paint_overview_range (cr, self->overview, theme,
                              floor (trama_overview_x_of_time (self->overview, visible.start_ns)),
                              ceil (trama_overview_x_of_time (self->overview, visible.end_ns)));
  if (get_hits (self) != NULL)
    trama_paint_overview_hits (cr, self->overview, theme, self->hits);
  paint_flags (self, cr, theme);
  if (self->brushing)
    trama_paint_overview_brush (cr, self->overview, theme, MIN (self->brush_x0, self->brush_x1),
                                MAX (self->brush_x0, self->brush_x1));
  cairo_destroy (cr);
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  double scale = text_scale (TRAMA_OVERVIEW_VIEW (widget));

  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MINIMUM_PX : (int) ceil (HEIGHT_PX * scale);
  *natural = *minimum;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TRAMA_OVERVIEW_VIEW (widget)->stale = TRUE;
}

static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (widget);

  GTK_WIDGET_CLASS (trama_overview_view_parent_class)->css_changed (widget, change);
  self->theme = trama_style_theme_of (widget);
  invalidate (self);
}

/* What is chosen. */

static gint64
time_at (TramaOverviewView *self, double x)
{
  return trama_overview_time_of_x (self->overview, CLAMP (x, 0, self->overview->width_px));
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, TramaOverviewView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  update (self);
  self->brush_x0 = self->brush_x1 = x;
  self->cancelled = FALSE;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, TramaOverviewView *self)
{
  if (self->overview == NULL || self->cancelled)
    return;
  self->brushing = self->brushing || ABS (dx) >= DRAG_MIN_PX;
  self->brush_x1 = CLAMP (self->brush_x0 + dx, 0, self->overview->width_px);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, TramaOverviewView *self)
{
  gboolean chosen = self->brushing;
  double x0 = MIN (self->brush_x0, self->brush_x1), x1 = MAX (self->brush_x0, self->brush_x1);

  self->brushing = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->overview == NULL || self->cancelled)
    return;
  if (!chosen)
    x1 = x0 = self->brush_x0;
  trama_view_state_show (self->state, (TramaSpan){ time_at (self, x0), time_at (self, x1) });
}

static void
cancel (TramaOverviewView *self)
{
  self->brushing = FALSE;
  self->cancelled = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The part in view, as x. FALSE: there is none. */
static gboolean
get_part (TramaOverviewView *self, double *x0, double *x1)
{
  TramaSpan visible;

  update (self);
  if (self->overview == NULL)
    return FALSE;
  visible = trama_view_state_get_visible (self->state);
  *x0 = trama_overview_x_of_time (self->overview, visible.start_ns);
  *x1 = trama_overview_x_of_time (self->overview, visible.end_ns);
  return TRUE;
}

static void
on_move (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (widget);
  double x0, x1;
  gint64 middle_ns;

  if (!get_part (self, &x0, &x1))
    return;
  middle_ns = time_at (self, (x0 + x1) / 2 + MAX (x1 - x0, 1) * KEY_MOVE * g_variant_get_int32 (direction));
  trama_view_state_show (self->state, (TramaSpan){ middle_ns, middle_ns });
}

static void
on_move_to_end (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (widget);
  double x0, x1;
  gint64 end_ns;

  if (!get_part (self, &x0, &x1))
    return;
  end_ns = g_variant_get_int32 (direction) < 0 ? self->overview->span.start_ns : self->overview->span.end_ns;
  trama_view_state_show (self->state, (TramaSpan){ end_ns, end_ns });
}

static void
on_zoom (GtkWidget *widget, const char *action, GVariant *direction)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (widget);
  double factor = g_variant_get_int32 (direction) > 0 ? KEY_ZOOM : 1 / KEY_ZOOM;

  if (self->state != NULL)
    trama_view_state_set_zoom (self->state, trama_view_state_get_zoom (self->state) * factor);
}

static void
on_cancel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  cancel (TRAMA_OVERVIEW_VIEW (widget));
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (object);

  trama_overview_view_set_state (self, NULL);
  G_OBJECT_CLASS (trama_overview_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  TramaOverviewView *self = TRAMA_OVERVIEW_VIEW (object);

  g_clear_pointer (&self->picture, trama_strip_cache_free);
  g_clear_pointer (&self->hits, g_free);
  G_OBJECT_CLASS (trama_overview_view_parent_class)->finalize (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  static const struct
  {
    guint key;
    const char *action;
    int direction;
  } keys[] = {
    { GDK_KEY_Left, "overview.move", -1 },
    { GDK_KEY_Right, "overview.move", 1 },
    { GDK_KEY_KP_Left, "overview.move", -1 },
    { GDK_KEY_KP_Right, "overview.move", 1 },
    { GDK_KEY_Home, "overview.move-to-end", -1 },
    { GDK_KEY_End, "overview.move-to-end", 1 },
    { GDK_KEY_KP_Home, "overview.move-to-end", -1 },
    { GDK_KEY_KP_End, "overview.move-to-end", 1 },
    { GDK_KEY_plus, "overview.zoom", 1 },
    { GDK_KEY_minus, "overview.zoom", -1 },
    { GDK_KEY_KP_Add, "overview.zoom", 1 },
    { GDK_KEY_KP_Subtract, "overview.zoom", -1 },
  };

  gtk_widget_class_install_action (widget_class, "overview.move", "i", on_move);
  gtk_widget_class_install_action (widget_class, "overview.move-to-end", "i", on_move_to_end);
  gtk_widget_class_install_action (widget_class, "overview.zoom", "i", on_zoom);
  gtk_widget_class_install_action (widget_class, "overview.cancel", NULL, on_cancel);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding_action (widget_class, keys[i].key, 0, keys[i].action, "i",
                                         keys[i].direction);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "overview.cancel", NULL);
}

static void
trama_overview_view_class_init (TramaOverviewViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  widget_class->snapshot = snapshot;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->css_changed = css_changed;
  gtk_widget_class_set_css_name (widget_class, "overview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  add_keys (widget_class);
}

static void
trama_overview_view_init (TramaOverviewView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *gesture = gtk_gesture_drag_new ();

  self->picture = trama_strip_cache_new ();
  self->stale = TRUE;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (widget, "crosshair");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Overview of the whole trace"), -1);
  g_signal_connect (gesture, "drag-begin", G_CALLBACK (on_drag_begin), self);
  g_signal_connect (gesture, "drag-update", G_CALLBACK (on_drag_update), self);
  g_signal_connect (gesture, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect_swapped (gesture, "cancel", G_CALLBACK (cancel), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (gesture));
  g_signal_connect_object (gtk_widget_get_settings (widget), "notify::gtk-xft-dpi",
                           G_CALLBACK (gtk_widget_queue_resize), self, G_CONNECT_SWAPPED);
}

void
trama_overview_view_set_state (TramaOverviewView *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_OVERVIEW_VIEW (self));

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_handle_id (&self->slice_id, trama_turn_remove);
  g_clear_pointer (&self->overview, trama_overview_free);
  g_clear_pointer (&self->density, trama_density_free);
  g_set_object (&self->state, state);
  if (state == NULL)
    return;
  g_signal_connect (state, "table-changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect (state, "growing", G_CALLBACK (on_growing), self);
  g_signal_connect (state, "hits-changed", G_CALLBACK (on_hits_changed), self);
  g_signal_connect (state, "visible-changed", G_CALLBACK (on_visible_changed), self);
  g_signal_connect_object (state, "remarks-changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (state, "scale-changed", G_CALLBACK (on_scale_changed), self);
  on_table_changed (state, self);
  describe (self);
}

const TramaOverview *
trama_overview_view_get_overview (TramaOverviewView *self)
{
  g_return_val_if_fail (TRAMA_IS_OVERVIEW_VIEW (self), NULL);
  update (self);
  return self->overview;
}

gboolean
trama_overview_view_is_complete (TramaOverviewView *self)
{
  g_return_val_if_fail (TRAMA_IS_OVERVIEW_VIEW (self), FALSE);
  return self->density != NULL && self->slice_id == 0;
}
