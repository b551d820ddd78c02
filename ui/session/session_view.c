/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session_view.h"

#include "ui/session/session_colors.h"
#include "ui/session/session_gutter.h"
#include "ui/style_theme.h"

#include <string.h>

#define INDENT 4

/* A line that is scrolled to keeps so much of the view above and below it. */
#define REVEAL_MARGIN 0.12

/* Of what a mark says, beside the text. */
#define LABEL_SCALE 0.85

struct _TramaSessionView
{
  GtkTextView parent_instance;

  /* owned */
  TramaSessionDocument *document;
  GArray *marks; /* of TramaLineMark */
  GCancellable *paste;

  /* borrowed */
  GtkWidget *gutter;

  /* state */
  guint selected_line;
  guint cursor_line;
  guint mistake_line;
  guint failed_line;
  TramaThemeName theme;
};

enum
{
  SIGNAL_LINE_ENTERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaSessionView, trama_session_view, GTK_TYPE_TEXT_VIEW)

static void
redraw (TramaSessionView *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_widget_queue_draw (self->gutter);
}

static GtkTextBuffer *
get_buffer (TramaSessionView *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self));
}

/* Colours. */

static void
color_all (TramaSessionView *self)
{
  GtkTextBuffer *buffer = get_buffer (self);

  trama_session_colors_prepare (buffer, trama_theme_get (self->theme)->dark);
  trama_session_colors_apply (buffer, 0, gtk_text_buffer_get_line_count (buffer) - 1);
}

static void
on_inserted (GtkTextBuffer *buffer, GtkTextIter *end, const char *text, int n_bytes, TramaSessionView *self)
{
  GtkTextIter start = *end;

  gtk_text_iter_backward_chars (&start, (int) g_utf8_strlen (text, n_bytes));
  trama_session_colors_apply (buffer, gtk_text_iter_get_line (&start), gtk_text_iter_get_line (end));
}

static void
on_deleted (GtkTextBuffer *buffer, GtkTextIter *start, GtkTextIter *end, TramaSessionView *self)
{
  trama_session_colors_apply (buffer, gtk_text_iter_get_line (start), gtk_text_iter_get_line (start));
}

static void
show_mistake (TramaSessionView *self)
{
  const TramaSessionProblem *mistake = trama_session_document_get_mistake (self->document);

  self->mistake_line = mistake != NULL ? mistake->line : self->failed_line;
  trama_session_colors_mark_mistake (get_buffer (self), self->mistake_line,
                                     mistake != NULL ? mistake->column : 0);
  redraw (self);
}

static void
on_changed (TramaSessionView *self)
{
  gtk_widget_queue_resize (self->gutter);
  redraw (self);
}

static void
on_cursor_moved (TramaSessionView *self)
{
  guint line = trama_session_view_get_cursor_line (self);

  if (line == self->cursor_line)
    return;
  self->cursor_line = line;
  redraw (self);
  g_signal_emit (self, signals[SIGNAL_LINE_ENTERED], 0, line);
}

static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TramaSessionView *self = TRAMA_SESSION_VIEW (widget);
  TramaThemeName theme;

  GTK_WIDGET_CLASS (trama_session_view_parent_class)->css_changed (widget, change);

  theme = trama_style_theme_of (widget);
  if (theme == self->theme)
    return;
  self->theme = theme;
  if (self->document != NULL)
    trama_session_colors_prepare (get_buffer (self), trama_theme_get (theme)->dark);
}

/* Keys. */

static gboolean
insert (TramaSessionView *self, const char *text)
{
  GtkTextBuffer *buffer = get_buffer (self);

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_interactive_at_cursor (buffer, text, -1, TRUE);
  gtk_text_buffer_end_user_action (buffer);
  gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self), gtk_text_buffer_get_insert (buffer));
  return GDK_EVENT_STOP;
}

static void
get_cursor (TramaSessionView *self, GtkTextIter *iter)
{
  GtkTextBuffer *buffer = get_buffer (self);

  gtk_text_buffer_get_iter_at_mark (buffer, iter, gtk_text_buffer_get_insert (buffer));
}

static gboolean
insert_tab (TramaSessionView *self)
{
  GtkTextIter cursor;
  int column;

  get_cursor (self, &cursor);
  column = gtk_text_iter_get_line_offset (&cursor);
  return insert (self, "    " + column % INDENT);
}

static gboolean
remove_tab (TramaSessionView *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start;
  GtkTextIter end;

  get_cursor (self, &start);
  gtk_text_iter_set_line_offset (&start, 0);
  end = start;
  while (gtk_text_iter_get_char (&end) == ' ' && gtk_text_iter_get_line_offset (&end) < INDENT)
    gtk_text_iter_forward_char (&end);
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete_interactive (buffer, &start, &end, TRUE);
  gtk_text_buffer_end_user_action (buffer);
  return GDK_EVENT_STOP;
}

/* As deep as the line it leaves; deeper behind the head of a block. */
static gboolean
insert_line (TramaSessionView *self)
{
  g_autoptr (GString) text = g_string_new ("\n");
  g_autofree char *line = NULL;
  GtkTextIter start;
  GtkTextIter cursor;
  gsize depth;

  get_cursor (self, &cursor);
  start = cursor;
  gtk_text_iter_set_line_offset (&start, 0);
  line = gtk_text_iter_get_text (&start, &cursor);
  depth = strspn (line, " ");
  if (g_str_has_suffix (g_strchomp (line), ":"))
    depth += INDENT;
  for (gsize i = 0; i < depth; i++)
    g_string_append_c (text, ' ');
  return insert (self, text->str);
}

static gboolean
on_key (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, TramaSessionView *self)
{
  GdkModifierType pressed = state & gtk_accelerator_get_default_mod_mask ();

  if (self->document == NULL)
    return GDK_EVENT_PROPAGATE;
  if (pressed == 0 && (key == GDK_KEY_Tab || key == GDK_KEY_KP_Tab))
    return insert_tab (self);
  if (pressed == GDK_SHIFT_MASK && key == GDK_KEY_ISO_Left_Tab)
    return remove_tab (self);
  if (pressed == 0 && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter))
    return insert_line (self);
  return GDK_EVENT_PROPAGATE;
}

static gsize
get_selected_bytes (GtkTextBuffer *buffer)
{
  g_autofree char *text = NULL;
  GtkTextIter start;
  GtkTextIter end;

  if (!gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    return 0;
  text = gtk_text_iter_get_text (&start, &end);
  return strlen (text);
}

static void
on_pasted (GObject *clipboard, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &error);
  TramaSessionView *self = user_data;

  /* Cancelled: the view may be gone. No text: there is nothing to paste. */
  if (text == NULL || self->document == NULL)
    return;
  if (trama_session_document_has_room (self->document, get_selected_bytes (get_buffer (self)), strlen (text)))
    insert (self, text);
}

/* GTK's own would first delete what is selected, and then be refused. */
static void
paste_clipboard (GtkTextView *view)
{
  TramaSessionView *self = TRAMA_SESSION_VIEW (view);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (view)), self->paste, on_pasted, self);
}

/* Drawing. */

static GdkRGBA
to_rgba (TramaColor color, double alpha)
{
  return (GdkRGBA){ (float) color.red, (float) color.green, (float) color.blue, (float) alpha };
}

/* FALSE when the text has no such line. */
static gboolean
get_row (TramaSessionView *self, guint line, graphene_rect_t *row)
{
  GtkTextView *view = GTK_TEXT_VIEW (self);
  GdkRectangle visible;
  GtkTextIter iter;
  int y;
  int height;

  if (line == 0 || !gtk_text_buffer_get_iter_at_line (get_buffer (self), &iter, (int) line - 1))
    return FALSE;
  gtk_text_view_get_line_yrange (view, &iter, &y, &height);
  gtk_text_view_get_visible_rect (view, &visible);
  graphene_rect_init (row, (float) visible.x, (float) y, (float) visible.width, (float) height);
  return TRUE;
}

static void
draw_rows (TramaSessionView *self, GtkSnapshot *snapshot)
{
  const TramaTheme *theme = trama_theme_get (self->theme);
  GdkRGBA selection = to_rgba (theme->selection, theme->selection.alpha);
  graphene_rect_t row;

  for (guint i = 0; i < self->marks->len; i++)
    {
      const TramaLineMark *mark = &g_array_index (self->marks, TramaLineMark, i);
      TramaColor color = trama_color_mix (trama_theme_get_actor (mark->actor), theme->ink,
                                          theme->dark ? 0.4 : 0);
      GdkRGBA tint = to_rgba (color, (mark->returned ? 0.06 : 0.2) * (theme->dark ? 1.8 : 1));

      if (get_row (self, mark->line, &row))
        gtk_snapshot_append_color (snapshot, &tint, &row);
    }
  if (get_row (self, self->selected_line, &row))
    gtk_snapshot_append_color (snapshot, &selection, &row);
}

/* Where the text of a line ends; of one that is wrapped, the last part of it. */
static void
get_line_end (TramaSessionView *self, guint line, GdkRectangle *place)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (get_buffer (self), &iter, (int) line - 1);
  if (!gtk_text_iter_ends_line (&iter))
    gtk_text_iter_forward_to_line_end (&iter);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (self), &iter, place);
  place->x += place->height;
}

/* What the mark says, in a pill at @place, which is moved behind it; where it fits: the initial beside tells it too. */
static void
draw_label (TramaSessionView *self, GtkSnapshot *snapshot, const TramaLineMark *mark, GdkRectangle *place)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), mark->label);
  GdkRGBA ground = to_rgba (trama_theme_get_actor (mark->actor), 1);
  GdkRGBA white = { 1, 1, 1, 1 };
  g_autoptr (PangoAttrList) small = pango_attr_list_new ();
  GdkRectangle visible;
  GskRoundedRect pill;
  int width;
  int height;

  pango_attr_list_insert (small, pango_attr_scale_new (LABEL_SCALE));
  pango_layout_set_attributes (layout, small);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_text_view_get_visible_rect (GTK_TEXT_VIEW (self), &visible);
  if (place->x + width + place->height > visible.x + visible.width)
    return;
  gsk_rounded_rect_init_from_rect (&pill,
                                   &GRAPHENE_RECT_INIT ((float) place->x, (float) place->y,
                                                        (float) (width + place->height),
                                                        (float) place->height),
                                   (float) place->height / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &pill);
  gtk_snapshot_append_color (snapshot, &ground, &pill.bounds);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) place->x + (float) place->height / 2,
                                                (float) place->y + (float) (place->height - height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
  place->x += width + place->height + place->height / 4;
}

/* Several actors can be at one line, side by side. */
static void
draw_labels (TramaSessionView *self, GtkSnapshot *snapshot)
{
  int n_lines = gtk_text_buffer_get_line_count (get_buffer (self));
  GdkRectangle place = { 0 };
  guint line = 0;

  for (guint i = 0; i < self->marks->len; i++)
    {
      const TramaLineMark *mark = &g_array_index (self->marks, TramaLineMark, i);

      if (mark->returned || (int) mark->line > n_lines)
        continue;
      if (mark->line != line)
        get_line_end (self, mark->line, &place);
      line = mark->line;
      draw_label (self, snapshot, mark, &place);
    }
}

static void
snapshot_layer (GtkTextView *view, GtkTextViewLayer layer, GtkSnapshot *snapshot)
{
  if (layer == GTK_TEXT_VIEW_LAYER_BELOW_TEXT)
    draw_rows (TRAMA_SESSION_VIEW (view), snapshot);
  else
    draw_labels (TRAMA_SESSION_VIEW (view), snapshot);
}

/* The class. */

static void
leave_document (TramaSessionView *self)
{
  if (self->document == NULL)
    return;
  g_signal_handlers_disconnect_by_data (get_buffer (self), self);
  g_signal_handlers_disconnect_by_data (self->document, self);
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (self), NULL);
  g_clear_object (&self->document);
  self->mistake_line = 0;
  self->failed_line = 0;
  self->selected_line = 0;
}

static void
dispose (GObject *object)
{
  TramaSessionView *self = TRAMA_SESSION_VIEW (object);

  g_cancellable_cancel (self->paste);
  leave_document (self);
  g_array_set_size (self->marks, 0);
  G_OBJECT_CLASS (trama_session_view_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  TramaSessionView *self = TRAMA_SESSION_VIEW (object);

  g_array_unref (self->marks);
  g_object_unref (self->paste);
  G_OBJECT_CLASS (trama_session_view_parent_class)->finalize (object);
}

static void
trama_session_view_class_init (TramaSessionViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkTextViewClass *view_class = GTK_TEXT_VIEW_CLASS (klass);

  object_class->dispose = dispose;
  object_class->finalize = finalize;
  GTK_WIDGET_CLASS (klass)->css_changed = css_changed;
  view_class->paste_clipboard = paste_clipboard;
  view_class->snapshot_layer = snapshot_layer;

  signals[SIGNAL_LINE_ENTERED] = g_signal_new ("line-entered", TRAMA_TYPE_SESSION_VIEW, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
clear_mark (gpointer data)
{
  g_free (((TramaLineMark *) data)->label);
}

static void
trama_session_view_init (TramaSessionView *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->marks = g_array_new (FALSE, FALSE, sizeof (TramaLineMark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->paste = g_cancellable_new ();
  self->gutter = trama_session_gutter_new (self);
  gtk_text_view_set_gutter (GTK_TEXT_VIEW (self), GTK_TEXT_WINDOW_LEFT, self->gutter);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

void
trama_session_view_set_document (TramaSessionView *self, TramaSessionDocument *document)
{
  GtkTextBuffer *buffer;

  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));

  if (document == self->document)
    return;
  leave_document (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self), document != NULL);
  if (document == NULL)
    return;
  self->document = g_object_ref (document);
  buffer = trama_session_document_get_buffer (document);
  gtk_text_view_set_buffer (GTK_TEXT_VIEW (self), buffer);
  self->cursor_line = trama_session_view_get_cursor_line (self);
  color_all (self);
  g_signal_connect_after (buffer, "insert-text", G_CALLBACK (on_inserted), self);
  g_signal_connect_after (buffer, "delete-range", G_CALLBACK (on_deleted), self);
  g_signal_connect_swapped (buffer, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (buffer, "notify::cursor-position", G_CALLBACK (on_cursor_moved), self);
  g_signal_connect_swapped (document, "checked", G_CALLBACK (show_mistake), self);
  show_mistake (self);
  on_changed (self);
}

void
trama_session_view_set_marks (TramaSessionView *self, const TramaLineMark *marks, guint n_marks)
{
  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));

  g_array_set_size (self->marks, 0);
  for (guint i = 0; i < n_marks; i++)
    {
      TramaLineMark mark = marks[i];

      mark.label = g_strdup (mark.label);
      g_array_append_val (self->marks, mark);
    }
  redraw (self);
}

const TramaLineMark *
trama_session_view_get_marks (TramaSessionView *self, guint *n_marks)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_VIEW (self), NULL);
  *n_marks = self->marks->len;
  return (const TramaLineMark *) (gconstpointer) self->marks->data;
}

void
trama_session_view_set_selected_line (TramaSessionView *self, guint line)
{
  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));
  if (line == self->selected_line)
    return;
  self->selected_line = line;
  redraw (self);
}

guint
trama_session_view_get_selected_line (TramaSessionView *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_VIEW (self), 0);
  return self->selected_line;
}

void
trama_session_view_set_failed_line (TramaSessionView *self, guint line)
{
  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));
  if (line == self->failed_line || self->document == NULL)
    return;
  self->failed_line = line;
  show_mistake (self);
}

guint
trama_session_view_get_cursor_line (TramaSessionView *self)
{
  GtkTextIter cursor;

  g_return_val_if_fail (TRAMA_IS_SESSION_VIEW (self), 0);

  get_cursor (self, &cursor);
  return (guint) gtk_text_iter_get_line (&cursor) + 1;
}

void
trama_session_view_place_cursor (TramaSessionView *self, guint line, guint column)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter iter;

  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));

  gtk_text_buffer_get_iter_at_line_offset (buffer, &iter, (int) MAX (line, 1) - 1, (int) MAX (column, 1) - 1);
  gtk_text_buffer_place_cursor (buffer, &iter);
  trama_session_view_reveal_line (self, line);
}

void
trama_session_view_reveal_line (TramaSessionView *self, guint line)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextMark *mark;
  GtkTextIter iter;

  g_return_if_fail (TRAMA_IS_SESSION_VIEW (self));

  if (line == 0)
    return;
  /* By a mark: the view scrolls when it knows how high the lines above are. */
  gtk_text_buffer_get_iter_at_line (buffer, &iter, (int) line - 1);
  mark = gtk_text_buffer_create_mark (buffer, NULL, &iter, TRUE);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self), mark, REVEAL_MARGIN, FALSE, 0, 0);
  gtk_text_buffer_delete_mark (buffer, mark);
}

guint
trama_session_view_get_mistake_line (TramaSessionView *self)
{
  g_return_val_if_fail (TRAMA_IS_SESSION_VIEW (self), 0);
  return self->mistake_line;
}
