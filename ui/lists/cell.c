/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lists/cell.h"

struct _TramaLetter
{
  gatomicrefcount ref_count;
  PangoFontDescription *font; /* NULL: not measured */
  double width_px;
  int height_px;
};

struct _TramaCell
{
  GtkWidget parent_instance;

  /* owned */
  TramaLetter *letter;
  char *text;
  PangoAttrList *attributes; /* NULL: none */
  PangoLayout *layout;       /* of it; NULL until it is drawn */

  /* state */
  guint n_letters;
  float xalign;
};

G_DEFINE_FINAL_TYPE (TramaCell, trama_cell, GTK_TYPE_WIDGET)

/* Letters. */

TramaLetter *
trama_letter_new (void)
{
  TramaLetter *self = g_new0 (TramaLetter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

TramaLetter *
trama_letter_ref (TramaLetter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
trama_letter_unref (TramaLetter *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->font, pango_font_description_free);
  g_free (self);
}

/* Whose font @widget has, measured anew when that is another. */
static void
ensure_measured (TramaLetter *self, GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  PangoFontMetrics *metrics;

  if (self->font != NULL && pango_font_description_equal (self->font, font))
    return;
  g_clear_pointer (&self->font, pango_font_description_free);
  self->font = pango_font_description_copy (font);
  metrics = pango_context_get_metrics (context, NULL, NULL);
  self->width_px = MAX (pango_font_metrics_get_approximate_char_width (metrics),
                        pango_font_metrics_get_approximate_digit_width (metrics))
                   / (double) PANGO_SCALE;
  self->height_px = MAX (PANGO_PIXELS_CEIL (pango_font_metrics_get_height (metrics)), 1);
  pango_font_metrics_unref (metrics);
}

/* The widget. */

static void
forget_layout (TramaCell *self)
{
  g_clear_object (&self->layout);
  gtk_widget_queue_draw (GTK_WIDGET (self));
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
  TramaCell *self = TRAMA_CELL (widget);

  ensure_measured (self->letter, widget);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = (int) (self->n_letters * self->letter->width_px) + 1;
  else
    *minimum = *natural = self->letter->height_px;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaCell *self = TRAMA_CELL (widget);

  if (self->layout != NULL)
    pango_layout_set_width (self->layout, width * PANGO_SCALE);
}

static void
ensure_layout (TramaCell *self)
{
  if (self->layout != NULL)
    return;
  self->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->text);
  pango_layout_set_single_paragraph_mode (self->layout, TRUE);
  pango_layout_set_ellipsize (self->layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (self->layout, gtk_widget_get_width (GTK_WIDGET (self)) * PANGO_SCALE);
  pango_layout_set_attributes (self->layout, self->attributes);
}

static void
snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TramaCell *self = TRAMA_CELL (widget);
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  double xalign = (double) (is_mirrored ? 1 - self->xalign : self->xalign);
  PangoRectangle extents;

  if (self->text == NULL || *self->text == '\0')
    return;
  ensure_layout (self);
  pango_layout_get_pixel_extents (self->layout, NULL, &extents);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget),
                              xalign * (gtk_widget_get_width (widget) - extents.width) - extents.x,
                              (gtk_widget_get_height (widget) - extents.height) / 2, self->layout);
}

/* Its font may be another, or have another size. */
static void
css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (trama_cell_parent_class)->css_changed (widget, change);
  forget_layout (TRAMA_CELL (widget));
}

static void
direction_changed (GtkWidget *widget, GtkTextDirection previous)
{
  GTK_WIDGET_CLASS (trama_cell_parent_class)->direction_changed (widget, previous);
  forget_layout (TRAMA_CELL (widget));
}

static void
finalize (GObject *object)
{
  TramaCell *self = TRAMA_CELL (object);

  g_free (self->text);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  g_clear_pointer (&self->letter, trama_letter_unref);
  G_OBJECT_CLASS (trama_cell_parent_class)->finalize (object);
}

static void
trama_cell_class_init (TramaCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = finalize;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;
  widget_class->snapshot = snapshot;
  widget_class->css_changed = css_changed;
  widget_class->direction_changed = direction_changed;
  gtk_widget_class_set_css_name (widget_class, "label");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
trama_cell_init (TramaCell *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
trama_cell_new (TramaLetter *letter, float xalign)
{
  TramaCell *self = g_object_new (TRAMA_TYPE_CELL, NULL);

  self->letter = trama_letter_ref (letter);
  self->xalign = xalign;
  return GTK_WIDGET (self);
}

void
trama_cell_set_text (TramaCell *self, const char *text)
{
  g_return_if_fail (TRAMA_IS_CELL (self));

  if (g_strcmp0 (text, self->text) == 0)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  forget_layout (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

const char *
trama_cell_get_text (TramaCell *self)
{
  g_return_val_if_fail (TRAMA_IS_CELL (self), NULL);
  return self->text;
}

void
trama_cell_set_attributes (TramaCell *self, PangoAttrList *attributes)
{
  g_return_if_fail (TRAMA_IS_CELL (self));

  if (self->attributes == NULL && attributes == NULL)
    return;
  g_clear_pointer (&self->attributes, pango_attr_list_unref);
  self->attributes = attributes != NULL ? pango_attr_list_ref (attributes) : NULL;
  forget_layout (self);
}

void
trama_cell_set_width (TramaCell *self, guint n_letters)
{
  g_return_if_fail (TRAMA_IS_CELL (self));

  if (self->n_letters == n_letters)
    return;
  self->n_letters = n_letters;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
