/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/export_dialog.h"

#include "core/flow/search/range.h"
#include "ui/dialogs.h"
#include "ui/window/export_job.h"
#include "ui/window/export_preview.h"

#include <glib/gi18n-lib.h>

#define MARGIN_PX 18
#define SPACING_PX 12
#define SIZE_CHARS 24 /* no wider than what is beside it */

/* Of more than this even a thread takes too long to say how large it becomes. */
#define MEASURED_MAX 2000000

/* How often something moves while nothing is known of how far it is. */
#define PULSE_MS 100

/* Less than the columns of any ladder, and how far apart the steps are. */
#define WIDTH_MIN_PX 200
#define WIDTH_STEP_PX 80

/* A PNG of this many pixels for one is sharp on any screen. */
#define FINE 2

/* Under which the parent has what was chosen last. */
#define HABITS "export-habits"

typedef enum
{
  PART_ALL,
  PART_SEEN,
  PART_RANGE,
} Part;

static const char *const part_names[] = { N_ ("Everything"), N_ ("What is seen"), N_ ("A range"), NULL };
static const char *const scale_names[] = {
  [TRAMA_SCALE_FOLDED] = N_ ("Waits folded"),
  [TRAMA_SCALE_TO_SCALE] = N_ ("Time to scale"),
  [TRAMA_SCALE_ROWS] = N_ ("One row per event"),
  NULL,
};
static const char *const theme_names[] = { N_ ("Light"), N_ ("Dark"), N_ ("For printing"), NULL };
static const TramaFileKind formats[] = {
  { N_ ("PDF, pages of A4"), ".pdf" },
  { N_ ("SVG, one sheet"), ".svg" },
  { N_ ("PNG picture"), ".png" },
  { N_ ("PNG picture, twice as fine"), ".png" },
};

/* What a file may be, by what was chosen, which stands first. */
#define N_KINDS 3
static const TramaFileKind kinds[N_KINDS][N_KINDS] = {
  { { N_ ("PDF, pages of A4"), ".pdf" }, { N_ ("SVG, one sheet"), ".svg" }, { N_ ("PNG picture"), ".png" } },
  { { N_ ("SVG, one sheet"), ".svg" }, { N_ ("PDF, pages of A4"), ".pdf" }, { N_ ("PNG picture"), ".png" } },
  { { N_ ("PNG picture"), ".png" }, { N_ ("PDF, pages of A4"), ".pdf" }, { N_ ("SVG, one sheet"), ".svg" } },
};

/* What was chosen last, for the next time: of the parent. */
typedef struct
{
  guint format, theme;
  double width_px;
} Habits;

typedef struct
{
  TramaViewState *state; /* owned, as the next four */
  TramaFlowTable *table;
  TramaLanes *lanes;   /* NULL */
  TramaFlowSet *flows; /* NULL */
  char *name;
  TramaExportDone done;
  GtkWindow *parent; /* borrowed, as the rest */
  GtkWindow *window; /* NULL: it is closed, and only a thread has not answered yet */
  GtkDropDown *part, *scale, *format, *theme;
  GtkEditable *range;
  GtkSpinButton *width;
  TramaExportPreview *preview;
  GtkLabel *size;
  GtkWidget *choices, *accept;
  GtkProgressBar *progress;
  char *path; /* that is being written */
  guint pulse_id;
  GCancellable *writing; /* NULL: nothing is written */
} Dialog;

static void
dialog_clear (gpointer data)
{
  Dialog *self = data;

  g_clear_object (&self->writing);
  g_object_unref (self->state);
  trama_flow_table_unref (self->table);
  trama_lanes_unref (self->lanes);
  trama_flow_set_unref (self->flows);
  g_free (self->name);
  g_free (self->path);
}

/* The window has one reference, and each thread that will answer. */
static void
dialog_unref (gpointer data)
{
  g_rc_box_release_full (data, dialog_clear);
}

/* FALSE with @error: the range is none. */
static gboolean
read_options (Dialog *self, TramaExportOptions *options, GError **error)
{
  const guint part = gtk_drop_down_get_selected (self->part);
  TramaRange range;

  *options = trama_export_defaults;
  options->theme = (TramaThemeName) gtk_drop_down_get_selected (self->theme);
  options->mode = (TramaScaleMode) gtk_drop_down_get_selected (self->scale);
  options->width_px = gtk_spin_button_get_value (self->width);
  options->flows = self->flows;
  options->findings = trama_view_state_get_findings (self->state);
  options->lanes = self->lanes;
  options->pixel_scale = gtk_drop_down_get_selected (self->format) == G_N_ELEMENTS (formats) - 1 ? FINE : 1;
  if (part == PART_SEEN)
    options->span = trama_view_state_get_visible (self->state);
  return part != PART_RANGE
         || (trama_range_parse (gtk_editable_get_text (self->range), &range, error)
             && trama_range_resolve (&range, self->table, &options->span, error));
}

static char *
describe_size (Dialog *self, TramaExportSize size)
{
  if (gtk_drop_down_get_selected (self->format) == 0)
    return g_strdup_printf (
        ngettext ("%u page of %.0f × %.0f mm", "%u pages of %.0f × %.0f mm", size.n_pages), size.n_pages,
        size.width, size.height);
  if (size.n_files > 1)
    return g_strdup_printf (
        ngettext ("%u file of %.0f × %.0f pixels", "%u files of up to %.0f × %.0f pixels", size.n_files),
        size.n_files, size.width, size.height);
  return g_strdup_printf (_ ("%.0f × %.0f pixels"), size.width, size.height);
}

static void
on_looked (TramaExportPreview *preview, const TramaExportSize *size, const GError *error, Dialog *self)
{
  g_autofree char *text = size != NULL ? describe_size (self, *size) : g_strdup (error->message);

  gtk_label_set_text (self->size, text);
}

static void
look (Dialog *self, const TramaExportOptions *options)
{
  TramaStore *store = trama_flow_table_get_store (self->table);
  g_autofree char *path = g_strconcat ("x", formats[gtk_drop_down_get_selected (self->format)].suffix, NULL);

  if (trama_store_n_packets (store) + trama_store_n_calls (store) > MEASURED_MAX)
    {
      trama_export_preview_clear (self->preview);
      gtk_label_set_text (self->size, _ ("Very large: it may take a while."));
      return;
    }
  if (!trama_export_preview_has_picture (self->preview))
    gtk_label_set_text (self->size, _ ("How large it becomes is being found out…"));
  trama_export_preview_look (self->preview, self->table, path, options);
}

static void
update (Dialog *self)
{
  g_autoptr (GError) error = NULL;
  TramaExportOptions options;
  const gboolean ok = read_options (self, &options, &error);

  if (ok)
    look (self, &options);
  else
    {
      trama_export_preview_clear (self->preview);
      gtk_label_set_text (self->size, error->message);
    }
  gtk_widget_set_sensitive (self->accept, ok);
  gtk_widget_set_visible (GTK_WIDGET (self->range), gtk_drop_down_get_selected (self->part) == PART_RANGE);
}

/* Writing: the window can be worked in meanwhile. */

static void
finish (Dialog *self, const GError *error)
{
  self->done (self->parent, self->path, error);
  gtk_window_destroy (self->window);
}

/* Of one that was closed nobody needs to be told: it was given up. */
static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Dialog *self = user_data;
  g_autoptr (GError) error = NULL;

  trama_export_write_finish (result, &error);
  if (self->window != NULL)
    finish (self, error);
  dialog_unref (self);
}

static void
on_progress (gpointer data, guint n_done, guint n_steps)
{
  Dialog *self = data;

  if (n_steps <= 1)
    return;
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  gtk_progress_bar_set_fraction (self->progress, (double) n_done / n_steps);
}

static gboolean
on_pulse (gpointer data)
{
  gtk_progress_bar_pulse (((Dialog *) data)->progress);
  return G_SOURCE_CONTINUE;
}

static void
keep_habits (Dialog *self)
{
  Habits *habits = g_new0 (Habits, 1);

  habits->format = gtk_drop_down_get_selected (self->format);
  habits->theme = gtk_drop_down_get_selected (self->theme);
  habits->width_px = gtk_spin_button_get_value (self->width);
  g_object_set_data_full (G_OBJECT (self->parent), HABITS, habits, g_free);
}

void
trama_export_dialog_write (GtkWidget *dialog, const char *path)
{
  Dialog *self = g_object_get_data (G_OBJECT (dialog), "dialog");
  g_autoptr (GError) error = NULL;
  TramaExportOptions options;

  g_return_if_fail (self != NULL && self->path == NULL);

  self->path = g_strdup (path);
  trama_export_preview_stop (self->preview);
  keep_habits (self);
  if (!read_options (self, &options, &error))
    {
      finish (self, error);
      return;
    }
  gtk_widget_set_sensitive (self->choices, FALSE);
  gtk_widget_set_sensitive (self->accept, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), TRUE);
  gtk_window_set_modal (self->window, FALSE);
  self->pulse_id = g_timeout_add (PULSE_MS, on_pulse, self);
  self->writing = options.cancellable = g_cancellable_new ();
  trama_export_write_async (self->table, path, &options, on_progress, on_written, g_rc_box_acquire (self));
}

static void
on_file (gpointer owner, const char *path, gconstpointer data)
{
  if (gtk_widget_get_visible (owner))
    trama_export_dialog_write (owner, path);
}

/* The kind that was chosen stands first; who writes another ending means that. */
static void
ask_for_file (Dialog *self)
{
  const guint chosen = gtk_drop_down_get_selected (self->format);
  g_autofree char *name = g_strconcat (self->name, formats[chosen].suffix, NULL);

  trama_dialogs_save (self->window, _ ("Export the Picture"), name, kinds[MIN (chosen, N_KINDS - 1)], N_KINDS,
                      on_file, self->window, NULL);
}

static GtkStringList *
translate (const char *const *names)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    gtk_string_list_append (list, _ (names[i]));
  return list;
}

static GtkStringList *
list_formats (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    gtk_string_list_append (list, _ (formats[i].name));
  return list;
}

static void
add_row (GtkGrid *grid, int row, const char *label, GtkWidget *choice)
{
  GtkWidget *title = gtk_label_new_with_mnemonic (label);

  gtk_widget_set_hexpand (choice, TRUE);
  gtk_label_set_xalign (GTK_LABEL (title), 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (title), choice);
  gtk_grid_attach (grid, title, 0, row, 1, 1);
  gtk_grid_attach (grid, choice, 1, row, 1, 1);
}

/* Takes @list. */
static GtkDropDown *
add_choice (GtkGrid *grid, int row, const char *label, GtkStringList *list, guint chosen, Dialog *self)
{
  GtkWidget *choice = gtk_drop_down_new (G_LIST_MODEL (list), NULL);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), chosen);
  add_row (grid, row, label, choice);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (update), self);
  return GTK_DROP_DOWN (choice);
}

static GtkEditable *
make_range (void)
{
  GtkWidget *range = gtk_entry_new ();

  gtk_entry_set_placeholder_text (GTK_ENTRY (range), "1.5ms..20ms");
  gtk_entry_set_activates_default (GTK_ENTRY (range), TRUE);
  gtk_widget_set_tooltip_text (range, _ ("Times since the start, or numbers of events: 1.5ms..20ms, 3..17"));
  gtk_editable_set_text (GTK_EDITABLE (range), "..");
  return GTK_EDITABLE (range);
}

static GtkSpinButton *
make_width (double width_px)
{
  GtkWidget *width = gtk_spin_button_new_with_range (WIDTH_MIN_PX, TRAMA_EXPORT_WIDTH_MAX_PX, WIDTH_STEP_PX);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (width), width_px);
  gtk_text_set_activates_default (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (width))), TRUE);
  gtk_widget_set_tooltip_text (
      width, _ ("In pixels, or more if the columns need it; the smaller, the larger is what a page shows"));
  return GTK_SPIN_BUTTON (width);
}

static GtkWidget *
make_choices (Dialog *self)
{
  static const Habits first = { .theme = TRAMA_THEME_LIGHT, .width_px = 1920 };
  const Habits *kept = g_object_get_data (G_OBJECT (self->parent), HABITS);
  const Habits *habits = kept != NULL ? kept : &first;
  GtkGrid *grid = GTK_GRID (gtk_grid_new ());

  gtk_grid_set_row_spacing (grid, SPACING_PX);
  gtk_grid_set_column_spacing (grid, SPACING_PX);
  self->choices = GTK_WIDGET (grid);
  self->range = make_range ();
  self->width = make_width (habits->width_px);
  self->part = add_choice (grid, 0, _ ("_Part"), translate (part_names), PART_ALL, self);
  gtk_grid_attach (grid, GTK_WIDGET (self->range), 1, 1, 1, 1);
  self->format = add_choice (grid, 2, _ ("_Format"), list_formats (), habits->format, self);
  self->theme = add_choice (grid, 3, _ ("_Colors"), translate (theme_names), habits->theme, self);
  self->scale = add_choice (grid, 4, _ ("_Time Scale"), translate (scale_names),
                            trama_view_state_get_mode (self->state), self);
  add_row (grid, 5, _ ("_Width"), GTK_WIDGET (self->width));
  g_signal_connect_swapped (self->range, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->width, "value-changed", G_CALLBACK (update), self);
  return self->choices;
}

static GtkWidget *
make_buttons (Dialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING_PX);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->accept = gtk_button_new_with_mnemonic (_ ("_Export…"));
  trama_dialogs_name_button (cancel);
  trama_dialogs_name_button (self->accept);
  gtk_widget_add_css_class (self->accept, "suggested-action");
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), cancel);
  gtk_box_append (GTK_BOX (box), self->accept);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (gtk_window_close), self->window);
  g_signal_connect_swapped (self->accept, "clicked", G_CALLBACK (ask_for_file), self);
  return box;
}

static void
fill (Dialog *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING_PX);
  GtkWidget *upper = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, MARGIN_PX);
  GtkWidget *beside = gtk_box_new (GTK_ORIENTATION_VERTICAL, MARGIN_PX);

  self->preview = TRAMA_EXPORT_PREVIEW (trama_export_preview_new ());
  g_signal_connect (self->preview, "looked", G_CALLBACK (on_looked), self);
  self->size = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->size, TRUE);
  gtk_label_set_max_width_chars (self->size, SIZE_CHARS);
  gtk_label_set_xalign (self->size, 1);
  gtk_label_set_justify (self->size, GTK_JUSTIFY_RIGHT);
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->progress), FALSE);
  gtk_widget_set_margin_top (box, MARGIN_PX);
  gtk_widget_set_margin_bottom (box, MARGIN_PX);
  gtk_widget_set_margin_start (box, MARGIN_PX);
  gtk_widget_set_margin_end (box, MARGIN_PX);
  gtk_box_append (GTK_BOX (upper), GTK_WIDGET (self->preview));
  gtk_box_append (GTK_BOX (beside), make_choices (self));
  gtk_box_append (GTK_BOX (beside), GTK_WIDGET (self->size));
  gtk_box_append (GTK_BOX (upper), beside);
  gtk_box_append (GTK_BOX (box), upper);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress));
  gtk_box_append (GTK_BOX (box), make_buttons (self));
  gtk_window_set_child (self->window, box);
  gtk_window_set_default_widget (self->window, self->accept);
}

/* Whoever still holds the window, nothing more is written. */
static void
on_destroy (Dialog *self)
{
  g_cancellable_cancel (self->writing);
  g_clear_handle_id (&self->pulse_id, g_source_remove);
  self->window = NULL;
}

static gboolean
on_escape (GtkWidget *window, GVariant *args, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (window));
  return GDK_EVENT_STOP;
}

static void
close_on_escape (GtkWindow *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (window), keys);
}

GtkWidget *
trama_export_dialog_open (GtkWindow *parent, TramaViewState *state, const char *name, TramaExportDone done)
{
  Dialog *self = g_rc_box_new0 (Dialog);
  TramaLanes *lanes = trama_view_state_get_lanes (state);
  TramaFlowSet *flows = trama_view_state_get_drawn (state);

  self->state = g_object_ref (state);
  self->table = trama_flow_table_ref (trama_view_state_get_table (state));
  self->lanes = lanes != NULL ? trama_lanes_ref (lanes) : NULL;
  self->flows = flows != NULL ? trama_flow_set_ref (flows) : NULL;
  self->name = g_strdup (name);
  self->done = done;
  self->parent = parent;
  self->window = GTK_WINDOW (gtk_window_new ());
  g_object_set_data_full (G_OBJECT (self->window), "dialog", self, dialog_unref);
  gtk_window_set_title (self->window, _ ("Export the Picture"));
  gtk_window_set_transient_for (self->window, parent);
  gtk_window_set_modal (self->window, TRUE);
  gtk_window_set_destroy_with_parent (self->window, TRUE);
  trama_dialogs_match_text (self->window, parent);
  g_signal_connect_swapped (self->window, "destroy", G_CALLBACK (on_destroy), self);
  fill (self);
  close_on_escape (self->window);
  update (self);
  gtk_window_present (self->window);
  return GTK_WIDGET (self->window);
}
