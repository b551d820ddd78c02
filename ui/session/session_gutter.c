/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/session/session_gutter.h"

#include "ui/style_theme.h"

#define MIN_DIGITS 2

/* Of the height of a line: beside the number, and between marks. */
#define PADDING 0.35

struct _TramaSessionGutter
{
  GtkWidget parent_instance;

  /* borrowed */
  TramaSessionView *text;

  /* owned */
  GtkAdjustment *adjustment; /* of the text, which moves what is drawn here */
};

G_DEFINE_FINAL_TYPE (TramaSessionGutter, trama_session_gutter, GTK_TYPE_WIDGET)

static int
count_digits (TramaSessionGutter *self)
{
  int lines = gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->text)));
  int digits = 1;

  for (; lines >= 10; lines /= 10)
    digits++;
  return MAX (digits, MIN_DIGITS);
}

static void
get_cell (TramaSessionGutter *self, int *width, int *height)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");

  pango_layout_get_pixel_size (layout, width, height);
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
  TramaSessionGutter *self = TRAMA_SESSION_GUTTER (widget);
  int width;
  int height;

  get_cell (self, &width, &height);
  *minimum = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = count_digits (self) * width + height + (int) (3 * PADDING * height);
  *natural = *minimum;
}

typedef struct
{
  GtkSnapshot *snapshot;
  GdkRGBA ink;
  const TramaTheme *theme;
  float y;
  float height; /* of its first line on the screen */
  float width;
  guint line;
  gboolean current;
} Row;

static GdkRGBA
to_rgba (TramaColor color)
{
  return (GdkRGBA){ (float) color.red, (float) color.green, (float) color.blue, (float) color.alpha };
}

/* A ring is drawn in it on the ground, a letter on a disc of it. */
static GdkRGBA
get_tint (const TramaLineMark *mark, gboolean dark)
{
  TramaColor color = trama_theme_get_actor (mark->actor);

  if (mark->returned && dark)
    color = trama_color_mix (color, (TramaColor){ 1, 1, 1, 1 }, 0.5);
  return to_rgba (color);
}

static void
draw_number (TramaSessionGutter *self, const Row *row)
{
  g_autofree char *text = g_strdup_printf ("%u", row->line);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  GdkRGBA ink = row->ink;
  int width;
  int height;

  if (trama_session_view_get_mistake_line (self->text) == row->line)
    {
      gdk_rgba_parse (&ink, row->theme->dark ? "#FF6B5B" : "#C01C28");
      pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
    }
  else if (!row->current)
    ink = to_rgba (row->theme->ink3);
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (row->snapshot);
  gtk_snapshot_translate (
      row->snapshot,
      &GRAPHENE_POINT_INIT (row->width - (float) width - (float) PADDING * row->height, row->y));
  gtk_snapshot_append_layout (row->snapshot, layout, &ink);
  gtk_snapshot_restore (row->snapshot);
}

static void
draw_initial (TramaSessionGutter *self, const Row *row, const TramaLineMark *mark, GdkRGBA ink)
{
  char initial[7] = { 0 };
  g_autoptr (PangoLayout) layout = NULL;
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  int width;
  int height;

  g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (mark->label)), initial);
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), initial);
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_scale_new (0.85));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  gtk_snapshot_save (row->snapshot);
  gtk_snapshot_translate (row->snapshot, &GRAPHENE_POINT_INIT ((row->height - (float) width) / 2,
                                                               row->y + (row->height - (float) height) / 2));
  gtk_snapshot_append_layout (row->snapshot, layout, &ink);
  gtk_snapshot_restore (row->snapshot);
}

/* Filled where the actor is; a ring where it was. */
static void
draw_mark (TramaSessionGutter *self, const Row *row, const TramaLineMark *mark)
{
  GdkRGBA tint = get_tint (mark, row->theme->dark);
  GdkRGBA white = { 1, 1, 1, 1 };
  const float widths[] = { 1.5f, 1.5f, 1.5f, 1.5f };
  GskRoundedRect disc;

  gsk_rounded_rect_init_from_rect (
      &disc, &GRAPHENE_RECT_INIT (1, row->y + 1, row->height - 2, row->height - 2), row->height / 2 - 1);
  if (mark->returned)
    gtk_snapshot_append_border (row->snapshot, &disc, widths, (GdkRGBA[]){ tint, tint, tint, tint });
  else
    {
      gtk_snapshot_push_rounded_clip (row->snapshot, &disc);
      gtk_snapshot_append_color (row->snapshot, &tint, &disc.bounds);
      gtk_snapshot_pop (row->snapshot);
    }
  draw_initial (self, row, mark, mark->returned ? tint : white);
}

/* Of several actors at one line, whoever is there before whoever was. */
static const TramaLineMark *
find_mark (TramaSessionGutter *self, guint line)
{
  guint n_marks;
  const TramaLineMark *marks = trama_session_view_get_marks (self->text, &n_marks);
  const TramaLineMark *found = NULL;

  for (guint i = 0; i < n_marks; i++)
    if (marks[i].line == line && (found == NULL || found->returned))
      found = &marks[i];
  return found;
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaSessionGutter *self = TRAMA_SESSION_GUTTER (widget);
  GtkTextView *view = GTK_TEXT_VIEW (self->text);
  Row row = { .snapshot = snapshot, .width = (float) gtk_widget_get_width (widget) };
  guint cursor_line = trama_session_view_get_cursor_line (self->text);
  int n_lines = gtk_text_buffer_get_line_count (gtk_text_view_get_buffer (view));
  const TramaLineMark *mark;
  GdkRectangle visible;
  GtkTextIter iter;
  int cell_width;
  int cell_height;
  int top;
  int height;
  int y;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &row.ink);
  row.theme = trama_theme_get (trama_style_theme_of (widget));
  get_cell (self, &cell_width, &cell_height);
  gtk_text_view_get_visible_rect (view, &visible);
  gtk_text_view_get_line_at_y (view, &iter, visible.y, NULL);
  for (int line = gtk_text_iter_get_line (&iter); line < n_lines; line++)
    {
      gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (view), &iter, line);
      gtk_text_view_get_line_yrange (view, &iter, &top, &height);
      if (top > visible.y + visible.height)
        break;
      gtk_text_view_buffer_to_window_coords (view, GTK_TEXT_WINDOW_LEFT, 0, top, NULL, &y);
      row.y = (float) y;
      row.height = (float) MIN (height, cell_height);
      row.line = (guint) line + 1;
      row.current = row.line == cursor_line;
      draw_number (self, &row);
      mark = find_mark (self, row.line);
      if (mark != NULL)
        draw_mark (self, &row, mark);
    }
}

static void
follow_adjustment (GtkWidget *text, GParamSpec *pspec, TramaSessionGutter *self)
{
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_clear_object (&self->adjustment);
  g_object_get (text, "vadjustment", &self->adjustment, NULL);
  if (self->adjustment == NULL)
    return;
  g_signal_connect_swapped (self->adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_draw), self);
  g_signal_connect_swapped (self->adjustment, "changed", G_CALLBACK (gtk_widget_queue_draw), self);
}

static void
dispose (GObject *object)
{
  TramaSessionGutter *self = TRAMA_SESSION_GUTTER (object);

  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (trama_session_gutter_parent_class)->dispose (object);
}

static void
trama_session_gutter_class_init (TramaSessionGutterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->measure = measure;
  widget_class->snapshot = snapshot;
  gtk_widget_class_set_css_name (widget_class, "gutter");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
trama_session_gutter_init (TramaSessionGutter *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
trama_session_gutter_new (TramaSessionView *text)
{
  TramaSessionGutter *self = g_object_new (TRAMA_TYPE_SESSION_GUTTER, NULL);

  self->text = text;
  g_signal_connect_object (text, "notify::vadjustment", G_CALLBACK (follow_adjustment), self, 0);
  follow_adjustment (GTK_WIDGET (text), NULL, self);
  return GTK_WIDGET (self);
}
