/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/lists/cell.h"
#include "ui/lists/column_scroll.h"
#include "ui/lists/row_growth.h"
#include "ui/lists/stream_lines.h"
#include "ui/lists/stream_model.h"
#include "ui/tab_stop.h"

#include <glib/gi18n-lib.h>

#define COPY_MAX_BYTES (4u << 20)
#define NAME_MAX_CHARS 18
#define HITS_IN_A_LINE_MAX 64

/* Of one row; it begins as a GtkBox with these two. */
typedef struct
{
  TramaCell *who;
  TramaCell *text;
} Row;

struct _TramaStreamLines
{
  GtkWidget parent_instance;

  /* owned */
  GtkWidget *window; /* scrolled */
  TramaStreamModel *model;
  TramaRowGrowth *growth;
  TramaLetter *letter; /* of its cells */
  GHashTable *bound;   /* of GtkListItem, borrowed */

  /* borrowed */
  GtkListView *view;
  const TramaTranscript *transcript;
  const TramaUtterSearch *search;

  /* state */
  guint current; /* hit */
  guint waiting; /* a line that is to be selected when it has come; G_MAXUINT */
  gboolean selecting;
};

enum
{
  SIGNAL_LINE_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const side_classes[] = { "side-a", "side-b" };

/* They tell the sides apart where colours do not. */
static const char *const side_marks[] = { "▸", "◂" };

G_DEFINE_FINAL_TYPE (TramaStreamLines, trama_stream_lines, GTK_TYPE_WIDGET)

/* Rows. */

static TramaCell *
cell_new (TramaStreamLines *self, const char *css_class)
{
  GtkWidget *cell = trama_cell_new (self->letter, 0);

  gtk_widget_add_css_class (cell, css_class);
  return TRAMA_CELL (cell);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item, TramaStreamLines *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  Row *row = g_new (Row, 1);

  row->who = cell_new (self, "who");
  row->text = cell_new (self, "said");
  gtk_widget_set_hexpand (GTK_WIDGET (row->text), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->who));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->text));
  g_object_set_data_full (G_OBJECT (box), "trama-row", row, g_free);
  gtk_list_item_set_child (item, box);
}

static void
light (PangoAttrList *attributes, gsize from, gsize to, gboolean is_current)
{
  PangoAttribute *ground = is_current ? pango_attr_background_new (0xffff, 0x9800, 0)
                                      : pango_attr_background_new (0xffff, 0xe0ff, 0x6600);
  PangoAttribute *ink = pango_attr_foreground_new (0, 0, 0);

  ground->start_index = ink->start_index = (guint) from;
  ground->end_index = ink->end_index = (guint) to;
  pango_attr_list_insert (attributes, ground);
  pango_attr_list_insert (attributes, ink);
  if (is_current)
    {
      PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      bold->start_index = (guint) from;
      bold->end_index = (guint) to;
      pango_attr_list_insert (attributes, bold);
    }
}

/* The hits that stand in a line. */
static PangoAttrList *
find_lights (TramaStreamLines *self, const TramaLine *line)
{
  PangoAttrList *attributes = pango_attr_list_new ();
  guint64 end = line->offset + line->size_bytes, at = line->offset;

  for (guint n = 0; self->search != NULL && line->kind == TRAMA_LINE_BYTES && n < HITS_IN_A_LINE_MAX; n++)
    {
      guint index = trama_utter_search_find (self->search, line->side, at, end);
      const TramaUtterHit *hit;
      g_autofree char *text = NULL;
      gsize from, to;

      if (index == G_MAXUINT)
        break;
      hit = trama_utter_search_get_hit (self->search, index);
      text = trama_transcript_dup_text (self->transcript, line, hit->offset, hit->offset + hit->size_bytes,
                                        &from, &to);
      light (attributes, from, to, index == self->current);
      at = hit->offset + hit->size_bytes;
      if (at >= end)
        break;
    }
  return attributes;
}

/* As wide as the longer of the two names, with its mark; nothing moves where there is none. */
static guint
count_name_chars (TramaStreamLines *self)
{
  glong first = g_utf8_strlen (trama_transcript_get_name (self->transcript, 0), -1);
  glong second = g_utf8_strlen (trama_transcript_get_name (self->transcript, 1), -1);

  return (guint) MIN (MAX (first, second) + 2, NAME_MAX_CHARS);
}

/* In places of a letter, of which some take two; none takes more than that in a font of one width. */
static guint
count_places (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    n += g_unichar_iswide (g_utf8_get_char (text)) ? 2 : 1;
  return n;
}

static guint
n_lines (TramaStreamLines *self)
{
  return self->transcript != NULL ? trama_transcript_n_lines (self->transcript) : 0;
}

/* For a moment there may be rows of lines that are gone. */
static void
clear (Row *row)
{
  trama_cell_set_text (row->who, "");
  trama_cell_set_text (row->text, "");
}

static void
fill_with_line (TramaStreamLines *self, GtkListItem *item, GtkWidget *box, Row *row)
{
  TramaLine line = trama_transcript_get_line (self->transcript, gtk_list_item_get_position (item));
  g_autofree char *text = trama_transcript_dup_text (self->transcript, &line, 0, 0, NULL, NULL);
  g_autofree char *who = g_strdup_printf ("%s %s", side_marks[line.side],
                                          trama_transcript_get_name (self->transcript, line.side));
  /* Translators: who says something, and what: for those who hear it. */
  g_autofree char *sentence = g_strdup_printf (_ ("%s: %s"),
                                               trama_transcript_get_name (self->transcript, line.side), text);
  PangoAttrList *lights = find_lights (self, &line);

  trama_cell_set_width (row->who, count_name_chars (self));
  trama_cell_set_text (row->who, line.is_first ? who : side_marks[line.side]);
  trama_cell_set_width (row->text, count_places (text));
  trama_cell_set_text (row->text, text);
  trama_cell_set_attributes (row->text, self->search != NULL ? lights : NULL);
  pango_attr_list_unref (lights);
  gtk_widget_remove_css_class (box, side_classes[!line.side]);
  gtk_widget_add_css_class (box, side_classes[line.side]);
  if (line.kind == TRAMA_LINE_MARK)
    gtk_widget_add_css_class (box, "mark");
  else
    gtk_widget_remove_css_class (box, "mark");
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
}

static void
fill (TramaStreamLines *self, GtkListItem *item)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  Row *row = g_object_get_data (G_OBJECT (box), "trama-row");

  if (gtk_list_item_get_position (item) < n_lines (self))
    fill_with_line (self, item, box, row);
  else
    clear (row);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item, TramaStreamLines *self)
{
  g_hash_table_add (self->bound, item);
  fill (self, item);
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *item, TramaStreamLines *self)
{
  g_hash_table_remove (self->bound, item);
}

static void
refresh (TramaStreamLines *self)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    fill (self, item);
}

/* Selecting and copying. */

static void
select_line (TramaStreamLines *self, guint index)
{
  self->selecting = TRUE;
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->model), index, TRUE);
  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", index);
  self->selecting = FALSE;
}

/* Fits TramaRowGrowthFunc. */
static void
on_growth (guint n_rows, gboolean is_whole, gpointer user_data)
{
  TramaStreamLines *self = user_data;

  self->selecting = TRUE;
  trama_stream_model_resize (self->model, n_rows);
  self->selecting = FALSE;
  if (self->waiting >= n_rows)
    return;
  select_line (self, self->waiting);
  self->waiting = G_MAXUINT;
}

static void
on_selection_changed (GtkSelectionModel *model, guint position, guint n_items, TramaStreamLines *self)
{
  const GtkBitset *selected = trama_stream_model_get_selected (self->model);

  if (!self->selecting)
    self->waiting = G_MAXUINT;
  if (!self->selecting && gtk_bitset_get_size (selected) == 1
      && gtk_bitset_get_minimum (selected) < n_lines (self))
    g_signal_emit (self, signals[SIGNAL_LINE_CHOSEN], 0, gtk_bitset_get_minimum (selected));
}

static gboolean
on_copy (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  return gtk_widget_activate_action (widget, "stream.copy", NULL);
}

/* The class. */

static void
dispose (GObject *object)
{
  TramaStreamLines *self = TRAMA_STREAM_LINES (object);

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_pointer (&self->growth, trama_row_growth_free);
  g_clear_pointer (&self->letter, trama_letter_unref);
  g_clear_pointer (&self->window, gtk_widget_unparent);
  g_clear_object (&self->model);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  G_OBJECT_CLASS (trama_stream_lines_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TRAMA_STREAM_LINES (widget)->view));
}

static gboolean
focus (GtkWidget *widget, GtkDirectionType direction)
{
  return trama_tab_stop_is_tab (direction)
             ? trama_tab_stop_focus (GTK_WIDGET (TRAMA_STREAM_LINES (widget)->view))
             : GTK_WIDGET_CLASS (trama_stream_lines_parent_class)->focus (widget, direction);
}

static void
trama_stream_lines_class_init (TramaStreamLinesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->focus = focus;
  widget_class->grab_focus = grab_focus;
  signals[SIGNAL_LINE_CHOSEN] = g_signal_new ("line-chosen", TRAMA_TYPE_STREAM_LINES, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "streamlines");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_slash, 0, "win.find", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
}

static void
trama_stream_lines_init (TramaStreamLines *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->current = self->waiting = G_MAXUINT;
  self->letter = trama_letter_new ();
  self->growth = trama_row_growth_new (GTK_WIDGET (self), on_growth, self);
  self->bound = g_hash_table_new (NULL, NULL);
  self->model = trama_stream_model_new ();
  g_signal_connect (self->model, "selection-changed", G_CALLBACK (on_selection_changed), self);
  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), self);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (g_object_ref (GTK_SELECTION_MODEL (self->model)), factory));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What was said"), -1);
  self->window = gtk_scrolled_window_new ();
  gtk_widget_set_hexpand (self->window, TRUE);
  gtk_widget_set_vexpand (self->window, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), GTK_WIDGET (self->view));
  trama_column_scroll_cure (GTK_SCROLLED_WINDOW (self->window), GTK_SCROLLABLE (self->view));
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));
}

void
trama_stream_lines_set (TramaStreamLines *self, const TramaTranscript *transcript, gboolean continues)
{
  g_return_if_fail (TRAMA_IS_STREAM_LINES (self));

  self->search = NULL;
  self->current = G_MAXUINT;
  if (!continues)
    {
      /* No row is bound while there is another transcript behind it. */
      self->waiting = G_MAXUINT;
      trama_row_growth_set (self->growth, 0);
    }
  self->transcript = transcript;
  trama_stream_lines_grow (self);
}

void
trama_stream_lines_grow (TramaStreamLines *self)
{
  g_return_if_fail (TRAMA_IS_STREAM_LINES (self));

  trama_row_growth_set (self->growth, n_lines (self));
  refresh (self);
}

void
trama_stream_lines_light (TramaStreamLines *self, const TramaUtterSearch *search, guint current)
{
  g_return_if_fail (TRAMA_IS_STREAM_LINES (self));

  self->search = search;
  self->current = current;
  refresh (self);
}

void
trama_stream_lines_select (TramaStreamLines *self, guint index)
{
  g_return_if_fail (TRAMA_IS_STREAM_LINES (self));

  self->waiting = G_MAXUINT;
  if (index < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    {
      select_line (self, index);
      return;
    }
  if (index < n_lines (self))
    self->waiting = index;
  self->selecting = TRUE;
  gtk_selection_model_unselect_all (GTK_SELECTION_MODEL (self->model));
  self->selecting = FALSE;
}

guint
trama_stream_lines_get_selected (TramaStreamLines *self)
{
  const GtkBitset *selected;

  g_return_val_if_fail (TRAMA_IS_STREAM_LINES (self), G_MAXUINT);
  selected = trama_stream_model_get_selected (self->model);
  return gtk_bitset_is_empty (selected) ? self->waiting : gtk_bitset_get_minimum (selected);
}

guint
trama_stream_lines_n_selected (TramaStreamLines *self)
{
  g_return_val_if_fail (TRAMA_IS_STREAM_LINES (self), 0);
  return (guint) gtk_bitset_get_size (trama_stream_model_get_selected (self->model));
}

char *
trama_stream_lines_dup_text (TramaStreamLines *self)
{
  GString *text = g_string_new (NULL);
  GtkBitsetIter iter;
  gboolean any, all;
  guint index = 0;

  g_return_val_if_fail (TRAMA_IS_STREAM_LINES (self), NULL);

  any = gtk_bitset_iter_init_first (&iter, trama_stream_model_get_selected (self->model), &index);
  all = !any;
  for (any = any || n_lines (self) > 0; any && text->len < COPY_MAX_BYTES;)
    {
      TramaLine line = trama_transcript_get_line (self->transcript, index);
      g_autofree char *said = trama_transcript_dup_text (self->transcript, &line, 0, 0, NULL, NULL);

      g_string_append (text, said);
      g_string_append_c (text, '\n');
      any = all ? ++index < n_lines (self) : gtk_bitset_iter_next (&iter, &index);
    }
  return g_string_free (text, FALSE);
}
