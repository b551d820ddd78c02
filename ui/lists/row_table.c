/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/lists/column_fit.h"
#include "ui/lists/column_scroll.h"
#include "ui/lists/column_sort.h"
#include "ui/lists/row_cells.h"
#include "ui/lists/row_growth.h"
#include "ui/lists/row_model.h"
#include "ui/lists/row_table.h"
#include "ui/lists/stream_model.h"
#include "ui/tab_stop.h"

#include <glib/gi18n-lib.h>

struct _TramaRowTable
{
  GtkWidget parent_instance;

  /* owned */
  GtkWidget *window;         /* scrolled */
  TramaRowModel *model;      /* of rows of which one is selected, else NULL */
  TramaStreamModel *several; /* of rows of which any may be */
  GtkSelectionModel *selection;
  TramaRowCells *cells;
  TramaColumnFit *fit;   /* NULL: it has no columns yet */
  TramaColumnSort *sort; /* NULL: it is not sorted by them */
  TramaRowGrowth *growth;
  GtkBitset *waiting; /* to be selected when all rows have come; NULL: what is selected is as it shall be */

  /* borrowed */
  GtkColumnView *view;
  TramaRowTextFunc text;
  gpointer user_data;

  /* state */
  gboolean selecting;   /* from here, not by the user */
  gboolean catching_up; /* with what was waiting */
  guint tick_id;        /* until what is selected is brought into view; 0: it is */
  gboolean is_laid_out; /* at the next tick, as it was not at the one before */
  int width_px;
};

enum
{
  SIGNAL_ROW_SELECTED,
  SIGNAL_CHOSEN,
  SIGNAL_MENU,
  SIGNAL_ROW_ACTIVATED,
  SIGNAL_SORT_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaRowTable, trama_row_table, GTK_TYPE_WIDGET)

/* Fits TramaRowTextFunc; rows that are gone have none. */
static char *
dup_text (guint row, guint column, gpointer user_data)
{
  TramaRowTable *self = user_data;

  return row < trama_row_table_get_size (self) ? self->text (row, column, self->user_data) : NULL;
}

/* Fits TramaColumnSortFunc. */
static void
on_sorted (guint column, gboolean descending, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_SORT_CHANGED], 0, column, descending);
}

/* Selecting. */

static void
stop_waiting (TramaRowTable *self)
{
  g_clear_pointer (&self->waiting, gtk_bitset_unref);
}

static void
on_selected (GtkSingleSelection *selection, GParamSpec *pspec, TramaRowTable *self)
{
  guint row = gtk_single_selection_get_selected (selection);

  if (self->selecting || row >= trama_row_table_get_size (self))
    return;
  stop_waiting (self);
  g_signal_emit (self, signals[SIGNAL_ROW_SELECTED], 0, row);
}

static void
on_several_selected (GtkSelectionModel *selection, guint position, guint n_rows, TramaRowTable *self)
{
  const GtkBitset *rows = trama_stream_model_get_selected (self->several);

  if (self->catching_up)
    return;
  if (!self->selecting)
    stop_waiting (self);
  if (!self->selecting && gtk_bitset_get_size (rows) == 1
      && gtk_bitset_get_minimum (rows) < trama_row_table_get_size (self))
    g_signal_emit (self, signals[SIGNAL_ROW_SELECTED], 0, gtk_bitset_get_minimum (rows));
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

/* Of those that have come. */
static void
set_selected (TramaRowTable *self, GtkBitset *rows)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  g_autoptr (GtkBitset) all = gtk_bitset_new_range (0, n_rows);

  self->selecting = TRUE;
  if (self->several != NULL)
    gtk_selection_model_set_selection (self->selection, rows, all);
  else
    gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (self->selection),
                                       gtk_bitset_is_empty (rows) ? GTK_INVALID_LIST_POSITION
                                                                  : gtk_bitset_get_minimum (rows));
  self->selecting = FALSE;
}

/* What has not come yet is selected then; until then nothing is. Who asks does not see the difference. */
static void
choose (TramaRowTable *self, GtkBitset *rows)
{
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();

  stop_waiting (self);
  if (gtk_bitset_is_empty (rows) || trama_row_growth_is_whole (self->growth))
    {
      set_selected (self, rows);
      return;
    }
  set_selected (self, none);
  self->waiting = gtk_bitset_copy (rows);
  if (self->several != NULL)
    g_signal_emit (self, signals[SIGNAL_CHOSEN], 0);
}

static void
on_activated (GtkColumnView *view, guint row, TramaRowTable *self)
{
  if (row < trama_row_table_get_size (self))
    g_signal_emit (self, signals[SIGNAL_ROW_ACTIVATED], 0, row);
}

/* Inside of the column view. */
static GtkWidget *
get_list (TramaRowTable *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->view));

  while (!GTK_IS_LIST_VIEW (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* GTK 4.8 scrolls only by an action of the list inside. */
static void
scroll_to (TramaRowTable *self, guint row)
{
  gtk_widget_activate_action (get_list (self), "list.scroll-to-item", "u", row);
}

/* The keyboard goes on from there, if it is in the list. A row that has the focus may be gone then. */
static void
go_to (TramaRowTable *self, guint row)
{
  gboolean focused = (gtk_widget_get_state_flags (GTK_WIDGET (self->view)) & GTK_STATE_FLAG_FOCUS_WITHIN)
                     != 0;
  GtkWidget *widget;

  scroll_to (self, row);
  widget = focused ? trama_row_cells_find (self->cells, row) : NULL;
  if (widget != NULL)
    gtk_widget_grab_focus (widget);
}

static gboolean
on_tick (GtkWidget *view, GdkFrameClock *clock, gpointer user_data)
{
  TramaRowTable *self = user_data;
  guint row = trama_row_table_get_selected (self);

  if (!self->is_laid_out)
    {
      self->is_laid_out = TRUE;
      return G_SOURCE_CONTINUE;
    }
  self->tick_id = 0;
  if (row < trama_row_table_get_size (self))
    go_to (self, row);
  return G_SOURCE_REMOVE;
}

/* Rows that were never laid out are scrolled when they are. */
static void
show_row (TramaRowTable *self, guint row)
{
  go_to (self, row);
  self->is_laid_out = FALSE;
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->view), on_tick, self, NULL);
}

/* Fits TramaRowGrowthFunc. */
static void
on_growth (guint n_rows, gboolean is_whole, gpointer user_data)
{
  TramaRowTable *self = user_data;
  g_autoptr (GtkBitset) waiting = NULL;

  self->selecting = TRUE;
  if (self->several != NULL)
    trama_stream_model_resize (self->several, n_rows);
  else
    trama_row_model_resize (self->model, n_rows);
  self->selecting = FALSE;
  if (!is_whole || self->waiting == NULL)
    return;
  waiting = g_steal_pointer (&self->waiting);
  gtk_bitset_remove_range (waiting, n_rows, G_MAXUINT - n_rows);
  self->catching_up = TRUE;
  set_selected (self, waiting);
  self->catching_up = FALSE;
  if (gtk_bitset_get_size (waiting) == 1)
    show_row (self, gtk_bitset_get_minimum (waiting));
}

/* The menu. */

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, TramaRowTable *self)
{
  guint row = trama_row_cells_find_at (self->cells, y);

  if (row == G_MAXUINT)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (!gtk_selection_model_is_selected (self->selection, row))
    gtk_selection_model_select_item (self->selection, row, TRUE);
}

/* Not before: ui/ladder/ladder_menu.c has the reason. */
static void
on_released (GtkGestureClick *gesture, int n_press, double x, double y, TramaRowTable *self)
{
  if (trama_row_cells_find_at (self->cells, y) != G_MAXUINT)
    g_signal_emit (self, signals[SIGNAL_MENU], 0, x, y);
}

/*
 * In GTK 4.8 both the cell and its row take a click: with Ctrl the one selects and the other
 * takes that back. So it is taken before they see it.
 */
static void
on_pressed_early (GtkGestureClick *gesture, int n_press, double x, double y, TramaRowTable *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint row = trama_row_cells_find_at (self->cells, y);

  if (row == G_MAXUINT || (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) != GDK_CONTROL_MASK)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (get_list (self), "list.select-item", "(ubb)", row, TRUE, FALSE);
}

/* At the first selected row that is in view, or else in the middle. */
static gboolean
on_menu_key (GtkWidget *widget, GVariant *parameter, gpointer user_data)
{
  TramaRowTable *self = TRAMA_ROW_TABLE (widget);
  double x = gtk_widget_get_width (widget) / 2.0, y = gtk_widget_get_height (widget) / 2.0;
  guint row = trama_row_table_get_selected (self);

  if (row == G_MAXUINT)
    return FALSE;
  if (trama_row_cells_get_middle (self->cells, row, &y))
    y = CLAMP (y, 0, gtk_widget_get_height (widget));
  g_signal_emit (self, signals[SIGNAL_MENU], 0, x, y);
  return TRUE;
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaRowTable *self = TRAMA_ROW_TABLE (object);

  g_clear_pointer (&self->sort, trama_column_sort_free);
  g_clear_pointer (&self->fit, trama_column_fit_free);
  g_clear_pointer (&self->growth, trama_row_growth_free);
  stop_waiting (self);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->view), self->tick_id);
  self->tick_id = 0;
  g_clear_pointer (&self->window, gtk_widget_unparent);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_object (&self->several);
  g_clear_pointer (&self->cells, trama_row_cells_free);
  G_OBJECT_CLASS (trama_row_table_parent_class)->dispose (object);
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
  gtk_widget_measure (TRAMA_ROW_TABLE (widget)->window, orientation, for_size, minimum, natural, NULL, NULL);
}

/*
 * A column view gives its rows what its heads leave them, also less than nothing, of which GTK warns
 * (gtk_column_view_allocate (), GTK 4.8): where the text grew and whoever gives out the room has not asked again, the
 * rest is cut off.
 */
static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaRowTable *self = TRAMA_ROW_TABLE (widget);
  int least_px;

  gtk_widget_measure (self->window, GTK_ORIENTATION_VERTICAL, width, &least_px, NULL, NULL, NULL);
  gtk_widget_allocate (self->window, width, MAX (height, least_px), baseline, NULL);
  if (self->fit != NULL && width != self->width_px)
    trama_column_fit_set_width (self->fit, width);
  self->width_px = width;
}

static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TramaRowTable *self = TRAMA_ROW_TABLE (widget);

  GTK_WIDGET_CLASS (trama_row_table_parent_class)->css_changed (widget, change);
  if (self->fit != NULL && self->width_px > 0)
    trama_column_fit_set_width (self->fit, self->width_px);
}

/*
 * Who comes goes on from what is selected. A list of GTK 4.8 would give the focus to the row that had it last; and
 * what is scrolled to it shows only when sizes are given out, which is too late for the focus (ui/shown_focus.h).
 */
static gboolean
grab_focus (GtkWidget *widget)
{
  TramaRowTable *self = TRAMA_ROW_TABLE (widget);
  guint row = trama_row_table_get_selected (self);
  GtkWidget *found = NULL;

  if (row != G_MAXUINT && self->waiting == NULL)
    {
      scroll_to (self, row);
      found = trama_row_cells_find (self->cells, row);
    }
  if (found != NULL)
    gtk_widget_set_child_visible (found, TRUE);
  return (found != NULL && gtk_widget_grab_focus (found)) || gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static gboolean
focus (GtkWidget *widget, GtkDirectionType direction)
{
  return trama_tab_stop_is_tab (direction)
             ? trama_tab_stop_focus (GTK_WIDGET (TRAMA_ROW_TABLE (widget)->view))
             : GTK_WIDGET_CLASS (trama_row_table_parent_class)->focus (widget, direction);
}

static void
trama_row_table_class_init (TramaRowTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->focus = focus;
  widget_class->grab_focus = grab_focus;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->css_changed = css_changed;
  gtk_widget_class_set_css_name (widget_class, "rowtable");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_slash, 0, "win.find", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, on_menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, on_menu_key, NULL);

  signals[SIGNAL_ROW_SELECTED] = g_signal_new ("row-selected", TRAMA_TYPE_ROW_TABLE, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", TRAMA_TYPE_ROW_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_MENU] = g_signal_new ("menu", TRAMA_TYPE_ROW_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_ROW_ACTIVATED] = g_signal_new ("row-activated", TRAMA_TYPE_ROW_TABLE, G_SIGNAL_RUN_LAST, 0,
                                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SIGNAL_SORT_CHANGED] = g_signal_new ("sort-changed", TRAMA_TYPE_ROW_TABLE, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
}

static void
trama_row_table_init (TramaRowTable *self)
{
  GtkSingleSelection *selection = gtk_single_selection_new (NULL);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->cells = trama_row_cells_new (GTK_WIDGET (self));
  self->growth = trama_row_growth_new (GTK_WIDGET (self), on_growth, self);
  self->model = trama_row_model_new ();
  self->selection = GTK_SELECTION_MODEL (selection);
  gtk_single_selection_set_autoselect (selection, FALSE);
  gtk_single_selection_set_can_unselect (selection, TRUE);
  gtk_single_selection_set_model (selection, G_LIST_MODEL (self->model));
  g_signal_connect (selection, "notify::selected", G_CALLBACK (on_selected), self);

  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (g_object_ref (self->selection)));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "data-table");
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activated), self);
  self->window = gtk_scrolled_window_new ();
  gtk_widget_set_hexpand (self->window, TRUE);
  gtk_widget_set_vexpand (self->window, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), GTK_WIDGET (self->view));
  trama_column_scroll_cure (GTK_SCROLLED_WINDOW (self->window), GTK_SCROLLABLE (self->view));
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (click, "released", G_CALLBACK (on_released), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
trama_row_table_new (void)
{
  return g_object_new (TRAMA_TYPE_ROW_TABLE, NULL);
}

void
trama_row_table_allow_several (TramaRowTable *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));
  g_return_if_fail (self->several == NULL);

  self->several = trama_stream_model_new ();
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->several));
  g_signal_handlers_disconnect_by_data (self->selection, self);
  g_set_object (&self->selection, GTK_SELECTION_MODEL (self->several));
  g_clear_object (&self->model);
  g_signal_connect (self->several, "selection-changed", G_CALLBACK (on_several_selected), self);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed_early), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

static void
add_column (TramaRowTable *self, const TramaRowColumn *description, guint index)
{
  GtkListItemFactory *factory = trama_row_cells_new_factory (self->cells, index);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (_ (description->title), factory);

  gtk_column_view_column_set_expand (column, description->is_wide);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (self->sort != NULL)
    trama_column_sort_add (self->sort, column, index);
  gtk_column_view_append_column (self->view, column);
}

void
trama_row_table_set_columns (TramaRowTable *self,
                             const char *name,
                             const TramaRowColumn *columns,
                             guint n_columns,
                             gboolean sortable,
                             TramaRowTextFunc text,
                             gpointer user_data)
{
  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));
  g_return_if_fail (self->text == NULL);

  self->text = text;
  self->user_data = user_data;
  trama_row_cells_set_text (self->cells, columns, dup_text, self);
  if (sortable)
    self->sort = trama_column_sort_new (self->view, on_sorted, self);
  for (guint i = 0; i < n_columns; i++)
    add_column (self, &columns[i], i);
  self->fit = trama_column_fit_new (GTK_WIDGET (self), self->view, columns, n_columns);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
trama_row_table_resize (TramaRowTable *self, guint n_rows)
{
  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));
  trama_row_growth_set (self->growth, n_rows);
  trama_row_cells_refresh (self->cells);
}

/*
 * A row is nothing but its number, so those in view are only filled anew: a view of GTK 4.8 that hears
 * that they are others makes two hundred rows anew, which takes it three frames and more.
 */
void
trama_row_table_replace (TramaRowTable *self, guint n_rows)
{
  g_autoptr (GtkBitset) none = gtk_bitset_new_empty ();

  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));

  choose (self, none);
  /* Before rows go, too: a view whose rows in view go makes others, one that is far from them only forgets them. */
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0)
    scroll_to (self, 0);
  trama_row_table_resize (self, n_rows);
  if (n_rows > 0)
    scroll_to (self, 0);
}

guint
trama_row_table_get_size (TramaRowTable *self)
{
  g_return_val_if_fail (TRAMA_IS_ROW_TABLE (self), 0);
  return trama_row_growth_get (self->growth);
}

gboolean
trama_row_table_is_whole (TramaRowTable *self)
{
  g_return_val_if_fail (TRAMA_IS_ROW_TABLE (self), TRUE);
  return trama_row_growth_is_whole (self->growth);
}

void
trama_row_table_select (TramaRowTable *self, guint row)
{
  g_autoptr (GtkBitset) chosen = trama_row_table_dup_chosen (self);
  g_autoptr (GtkBitset) rows = gtk_bitset_new_empty ();
  gboolean any = chosen != NULL && row < trama_row_table_get_size (self);

  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));

  if (any ? gtk_bitset_contains (chosen, row) : gtk_bitset_is_empty (chosen))
    return;
  if (any)
    gtk_bitset_add (rows, row);
  choose (self, rows);
  if (any && self->waiting == NULL)
    scroll_to (self, row);
}

guint
trama_row_table_get_selected (TramaRowTable *self)
{
  g_autoptr (GtkBitset) rows = trama_row_table_dup_chosen (self);

  g_return_val_if_fail (rows != NULL, G_MAXUINT);
  return gtk_bitset_is_empty (rows) ? G_MAXUINT : gtk_bitset_get_minimum (rows);
}

void
trama_row_table_choose (TramaRowTable *self, GtkBitset *rows)
{
  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));
  g_return_if_fail (self->several != NULL);
  choose (self, rows);
}

GtkBitset *
trama_row_table_dup_chosen (TramaRowTable *self)
{
  g_autoptr (GtkBitset) rows = NULL;

  g_return_val_if_fail (TRAMA_IS_ROW_TABLE (self), NULL);
  if (self->waiting != NULL)
    return gtk_bitset_copy (self->waiting);
  rows = gtk_selection_model_get_selection (self->selection);
  return gtk_bitset_copy (rows);
}

void
trama_row_table_sort (TramaRowTable *self, guint column, gboolean descending)
{
  g_autoptr (GtkColumnViewColumn) found = NULL;

  g_return_if_fail (TRAMA_IS_ROW_TABLE (self));

  found = g_list_model_get_item (gtk_column_view_get_columns (self->view), column);
  gtk_column_view_sort_by_column (self->view, found, descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}
