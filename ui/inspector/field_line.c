/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/inspector/field_line.h"

#include <glib/gi18n-lib.h>

#define INDENT_PX 14
#define GAP_PX 10
#define NAME_SHARE 0.38
#define HEADING_SHARE 0.6
#define LETTERS_MIN 2
#define POINTS_PER_INCH 72

struct _TramaFieldLine
{
  GtkWidget parent_instance;

  /* children */
  GtkWidget *name;
  GtkWidget *texts; /* a box of the next two */
  GtkWidget *value;
  GtkWidget *meaning;

  /* state */
  guint depth;
};

G_DEFINE_FINAL_TYPE (TramaFieldLine, trama_field_line, GTK_TYPE_WIDGET)

static int
indent_px (TramaFieldLine *self)
{
  return (int) self->depth * INDENT_PX;
}

/* How much of @width is the name's, its indent included. */
static int
name_px (TramaFieldLine *self, int width)
{
  int natural;

  if (self->depth > 0)
    return MAX ((int) (width * NAME_SHARE), indent_px (self) + 1);
  gtk_widget_measure (self->name, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  return MIN (natural, (int) (width * HEADING_SHARE));
}

/*
 * Of the letters of the font, not of the texts: a label that wraps lays out its text several times to tell how wide
 * it could be, and a packet has a hundred of them. A wrapped text has at least its widest letter.
 */
static void
measure_width (TramaFieldLine *self, int *minimum, int *natural)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double letter_px = LETTERS_MIN * pango_font_description_get_size (font) / (double) PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    letter_px *= pango_cairo_context_get_resolution (context) / POINTS_PER_INCH;
  *minimum = MAX ((int) ((indent_px (self) + letter_px) / NAME_SHARE) + 1,
                  (int) (letter_px / (1 - HEADING_SHARE)) + GAP_PX + 1);
  *natural = *minimum;
}

static void
measure_height (TramaFieldLine *self, int width, int *minimum, int *natural)
{
  int name = name_px (self, width);
  int name_height;
  int texts_height;

  gtk_widget_measure (self->name, GTK_ORIENTATION_VERTICAL, MAX (0, name - indent_px (self)), &name_height,
                      NULL, NULL, NULL);
  gtk_widget_measure (self->texts, GTK_ORIENTATION_VERTICAL, MAX (0, width - name - GAP_PX), &texts_height,
                      NULL, NULL, NULL);
  *minimum = *natural = MAX (name_height, texts_height);
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
  TramaFieldLine *self = TRAMA_FIELD_LINE (widget);
  int unused;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, minimum, natural);
      return;
    }
  if (for_size < 0)
    measure_width (self, &unused, &for_size);
  measure_height (self, for_size, minimum, natural);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  TramaFieldLine *self = TRAMA_FIELD_LINE (widget);
  int name = name_px (self, width);
  GtkAllocation area = { indent_px (self), 0, MAX (0, name - indent_px (self)), height };

  gtk_widget_size_allocate (self->name, &area, -1);
  area = (GtkAllocation){ name + GAP_PX, 0, MAX (0, width - name - GAP_PX), height };
  gtk_widget_size_allocate (self->texts, &area, -1);
}

static void
dispose (GObject *object)
{
  TramaFieldLine *self = TRAMA_FIELD_LINE (object);

  g_clear_pointer (&self->name, gtk_widget_unparent);
  g_clear_pointer (&self->texts, gtk_widget_unparent);
  G_OBJECT_CLASS (trama_field_line_parent_class)->dispose (object);
}

static void
trama_field_line_class_init (TramaFieldLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->measure = measure;
  widget_class->get_request_mode = get_request_mode;
  widget_class->size_allocate = size_allocate;
}

static GtkWidget *
label_new (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
trama_field_line_init (TramaFieldLine *self)
{
  self->name = label_new ("field-name");
  self->texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->value = label_new ("field-value");
  self->meaning = label_new ("field-meaning");
  gtk_box_append (GTK_BOX (self->texts), self->value);
  gtk_box_append (GTK_BOX (self->texts), self->meaning);
  gtk_widget_set_parent (self->name, GTK_WIDGET (self));
  gtk_widget_set_parent (self->texts, GTK_WIDGET (self));
}

GtkWidget *
trama_field_line_new (void)
{
  return g_object_new (TRAMA_TYPE_FIELD_LINE, NULL);
}

static void
set_text (GtkWidget *label, const char *text)
{
  gtk_widget_set_visible (label, text != NULL);
  gtk_label_set_text (GTK_LABEL (label), text != NULL ? text : "");
}

void
trama_field_line_set (TramaFieldLine *self, const TramaField *field)
{
  gboolean is_heading;

  g_return_if_fail (TRAMA_IS_FIELD_LINE (self));
  g_return_if_fail (field != NULL);

  is_heading = field->depth == 0;
  if (self->depth != field->depth)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->depth = field->depth;
  gtk_widget_remove_css_class (self->name, is_heading ? "field-name" : "heading");
  gtk_widget_add_css_class (self->name, is_heading ? "heading" : "field-name");
  set_text (self->name, _ (field->name));
  set_text (self->value, field->value);
  set_text (self->meaning, field->meaning);
}
