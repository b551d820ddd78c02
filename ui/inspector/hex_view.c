/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/hex_view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/*
 * "0010  48 65 …  He…": where the columns of a line begin, in characters. With few bytes to a line there is
 * little room, and one blank between the columns.
 */
#define GAP(per_line) ((per_line) > 8 ? 2 : 1)
#define HEX_COLUMN(per_line) (4 + GAP (per_line))
#define TEXT_COLUMN(per_line) (HEX_COLUMN (per_line) + 3 * (per_line) + GAP (per_line) - 1)
#define LINE_CHARS(per_line) (TEXT_COLUMN (per_line) + (per_line))
#define PADDING_PX 6
#define NATURAL_PER_LINE 8

struct _TramaHexView
{
  GtkWidget parent_instance;

  /* owned */
  GBytes *bytes;

  /* state */
  guint mark_offset;
  guint mark_size; /* 0: nothing is marked */
};

enum
{
  SIGNAL_BYTE_SELECTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TramaHexView, trama_hex_view, GTK_TYPE_WIDGET)

static guint
n_bytes (TramaHexView *self)
{
  return self->bytes != NULL ? (guint) MIN (g_bytes_get_size (self->bytes), TRAMA_HEX_MAX_BYTES) : 0;
}

static guint
n_hidden (TramaHexView *self)
{
  return self->bytes != NULL ? (guint) g_bytes_get_size (self->bytes) - n_bytes (self) : 0;
}

/* The style gives a font of fixed width: one character tells of all. */
static void
get_cell (TramaHexView *self, double *width_px, double *height_px)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);

  *width_px = (double) pango_font_metrics_get_approximate_digit_width (metrics) / PANGO_SCALE;
  *height_px = ceil ((double) pango_font_metrics_get_height (metrics) / PANGO_SCALE * 1.15);
  pango_font_metrics_unref (metrics);
}

static guint
bytes_per_line (TramaHexView *self, double width_px)
{
  double cell_width;
  double cell_height;
  guint per_line;

  get_cell (self, &cell_width, &cell_height);
  for (per_line = 16; per_line > 4; per_line /= 2)
    if (LINE_CHARS (per_line) * cell_width + 2 * PADDING_PX <= width_px)
      break;
  return per_line;
}

static guint
n_lines (TramaHexView *self, guint per_line)
{
  guint lines = (n_bytes (self) + per_line - 1) / per_line;

  return lines + (n_hidden (self) > 0 ? 1 : 0);
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
  TramaHexView *self = TRAMA_HEX_VIEW (widget);
  double cell_width;
  double cell_height;
  guint per_line;

  get_cell (self, &cell_width, &cell_height);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) ceil (LINE_CHARS (4) * cell_width) + 2 * PADDING_PX;
      *natural = (int) ceil (LINE_CHARS (NATURAL_PER_LINE) * cell_width) + 2 * PADDING_PX;
      return;
    }
  /* A scrolled window asks without a width; then it is as tall as at its natural one. */
  per_line = for_size < 0 ? NATURAL_PER_LINE : bytes_per_line (self, for_size);
  *minimum = *natural = (int) (n_lines (self, per_line) * cell_height);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static char *
line_text (TramaHexView *self, guint first, guint per_line)
{
  const guint8 *bytes = g_bytes_get_data (self->bytes, NULL);
  guint size = n_bytes (self);
  g_autoptr (GString) text = g_string_sized_new (LINE_CHARS (16) + 1);
  guint i;

  if (first >= size)
    {
      g_string_printf (text,
                       g_dngettext (GETTEXT_PACKAGE, "… %u more byte", "… %u more bytes", n_hidden (self)),
                       n_hidden (self));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }

  g_string_append_printf (text, "%04x%*s", first, GAP (per_line), "");
  for (i = first; i < first + per_line; i++)
    if (i < size)
      g_string_append_printf (text, "%02x ", bytes[i]);
    else
      g_string_append (text, "   ");
  g_string_append_printf (text, "%*s", GAP (per_line) - 1, "");
  for (i = first; i < MIN (first + per_line, size); i++)
    g_string_append (text, g_ascii_isprint (bytes[i]) ? (const char[]){ (char) bytes[i], 0 } : "·");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_mark (TramaHexView *self,
             GtkSnapshot *snapshot,
             guint line,
             guint per_line,
             double cell_width,
             double cell_height,
             const GdkRGBA *color)
{
  guint first = MAX (self->mark_offset, line * per_line);
  guint last = MIN (self->mark_offset + self->mark_size, (line + 1) * per_line);
  double y = line * cell_height;
  double from;
  double size;

  if (first >= last)
    return;
  from = first - line * per_line;
  size = last - first;
  gtk_snapshot_append_color (
      snapshot, color,
      &GRAPHENE_RECT_INIT ((float) (PADDING_PX + (HEX_COLUMN (per_line) + 3 * from) * cell_width - 2),
                           (float) y, (float) ((3 * size - 1) * cell_width + 4), (float) cell_height));
  gtk_snapshot_append_color (
      snapshot, color,
      &GRAPHENE_RECT_INIT ((float) (PADDING_PX + (TEXT_COLUMN (per_line) + from) * cell_width), (float) y,
                           (float) (size * cell_width), (float) cell_height));
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaHexView *self = TRAMA_HEX_VIEW (widget);
  guint per_line = bytes_per_line (self, gtk_widget_get_width (widget));
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  GdkRGBA ink;
  GdkRGBA mark = { 1, 0.77f, 0, 0.4f };
  double cell_width;
  double cell_height;
  guint line;

  get_cell (self, &cell_width, &cell_height);
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &ink);
  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), "trama_mark", &mark);

  for (line = 0; line < n_lines (self, per_line); line++)
    {
      g_autofree char *text = line_text (self, line * per_line, per_line);

      append_mark (self, snapshot, line, per_line, cell_width, cell_height, &mark);
      pango_layout_set_text (layout, text, -1);
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (PADDING_PX, (float) (line * cell_height)));
      gtk_snapshot_append_layout (snapshot, layout, &ink);
      gtk_snapshot_restore (snapshot);
    }
}

int
trama_hex_view_byte_at (TramaHexView *self, double x, double y)
{
  guint per_line;
  double cell_width;
  double cell_height;
  double column;
  guint byte;

  g_return_val_if_fail (TRAMA_IS_HEX_VIEW (self), -1);

  per_line = bytes_per_line (self, gtk_widget_get_width (GTK_WIDGET (self)));
  get_cell (self, &cell_width, &cell_height);
  column = (x - PADDING_PX) / cell_width;
  if (y < 0 || column < HEX_COLUMN (per_line))
    return -1;

  if (column >= TEXT_COLUMN (per_line))
    column -= TEXT_COLUMN (per_line);
  else
    column = (column - HEX_COLUMN (per_line)) / 3;
  if (column >= per_line)
    return -1;

  byte = (guint) (y / cell_height) * per_line + (guint) column;
  return byte < n_bytes (self) ? (int) byte : -1;
}

static void
select_byte (TramaHexView *self, guint offset)
{
  trama_hex_view_mark (self, offset, 1);
  g_signal_emit (self, signals[SIGNAL_BYTE_SELECTED], 0, offset);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, TramaHexView *self)
{
  int byte = trama_hex_view_byte_at (self, x, y);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (byte >= 0)
    select_byte (self, (guint) byte);
}

static gboolean
on_key_move (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  TramaHexView *self = TRAMA_HEX_VIEW (widget);
  int step = g_variant_get_int32 (args);
  int per_line = (int) bytes_per_line (self, gtk_widget_get_width (widget));
  int from = (int) self->mark_offset;
  int to;

  if (n_bytes (self) == 0)
    return GDK_EVENT_PROPAGATE;
  /* Upwards and downwards are steps of a whole line. */
  if (ABS (step) > 1)
    step = step > 0 ? per_line : -per_line;
  else if (step > 0 && self->mark_size > 1)
    from += (int) self->mark_size - 1;
  to = self->mark_size == 0 ? 0 : from + step;
  if (to >= 0 && to < (int) n_bytes (self))
    select_byte (self, (guint) to);
  return GDK_EVENT_STOP;
}

static gboolean
on_copy (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  g_autofree char *text = trama_hex_view_dup_text (TRAMA_HEX_VIEW (widget));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  return GDK_EVENT_STOP;
}

static void
finalize (GObject *object)
{
  TramaHexView *self = TRAMA_HEX_VIEW (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  G_OBJECT_CLASS (trama_hex_view_parent_class)->finalize (object);
}

static void
trama_hex_view_class_init (TramaHexViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize;

  widget_class->measure = measure;
  widget_class->get_request_mode = get_request_mode;
  widget_class->snapshot = snapshot;

  signals[SIGNAL_BYTE_SELECTED] = g_signal_new ("byte-selected", TRAMA_TYPE_HEX_VIEW, G_SIGNAL_RUN_LAST, 0,
                                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "hex");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, 0, on_key_move, "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, 0, on_key_move, "i", 1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, 0, on_key_move, "i", -2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, 0, on_key_move, "i", 2);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, on_copy, NULL);
}

static void
trama_hex_view_init (TramaHexView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Bytes in hexadecimal"), -1);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

void
trama_hex_view_set_bytes (TramaHexView *self, GBytes *bytes)
{
  GBytes *old;

  g_return_if_fail (TRAMA_IS_HEX_VIEW (self));

  old = g_steal_pointer (&self->bytes);
  self->bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL;
  g_clear_pointer (&old, g_bytes_unref);
  self->mark_offset = 0;
  self->mark_size = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
trama_hex_view_mark (TramaHexView *self, guint offset, guint size_bytes)
{
  g_return_if_fail (TRAMA_IS_HEX_VIEW (self));

  self->mark_offset = offset;
  self->mark_size = size_bytes;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
trama_hex_view_get_mark_offset (TramaHexView *self)
{
  g_return_val_if_fail (TRAMA_IS_HEX_VIEW (self), 0);
  return self->mark_offset;
}

guint
trama_hex_view_get_mark_size (TramaHexView *self)
{
  g_return_val_if_fail (TRAMA_IS_HEX_VIEW (self), 0);
  return self->mark_size;
}

char *
trama_hex_view_dup_text (TramaHexView *self)
{
  const guint8 *bytes;
  gsize size;
  gsize first;
  gsize last;
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (TRAMA_IS_HEX_VIEW (self), NULL);

  if (self->bytes == NULL)
    return g_string_free (g_steal_pointer (&text), FALSE);
  bytes = g_bytes_get_data (self->bytes, &size);
  first = self->mark_size > 0 ? self->mark_offset : 0;
  last = self->mark_size > 0 ? first + self->mark_size : size;
  for (; first < MIN (last, size); first++)
    g_string_append_printf (text, text->len > 0 ? " %02x" : "%02x", bytes[first]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
