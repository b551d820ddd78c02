/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/window/export_preview.h"

#include "ui/window/export_job.h"

#include <glib/gi18n-lib.h>

/* Of the style's own, too. */
#define WIDTH_PX 300
#define HEIGHT_PX 340
#define PADDING_PX 12

#define SPACING_PX 6

enum
{
  LOOKED,
  N_SIGNALS,
};

struct _TramaExportPreview
{
  GtkWidget parent_instance;

  /* children */
  GtkWidget *box;
  GtkPicture *picture;
  GtkLabel *place;
  GtkWidget *previous, *next;

  /* owned */
  TramaExportOutlook *outlook; /* NULL: a thread has it, or nothing was asked */
  GCancellable *looking;       /* of all that is asked about one picture; NULL: nothing is */

  /* state */
  guint view; /* that is wanted */
  guint n_views;
  gboolean is_paper;
};

G_DEFINE_FINAL_TYPE (TramaExportPreview, trama_export_preview, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

/* Where one is. */

static char *
describe_place (TramaExportPreview *self)
{
  if (self->n_views == 0)
    return g_strdup ("");
  if (self->is_paper)
    return g_strdup_printf (_ ("Page %u of %u"), self->view + 1, self->n_views);
  return g_strdup_printf (_ ("Part %u of %u"), self->view + 1, self->n_views);
}

/* Who has turned to the end by a button has the other one then: what is insensitive loses the focus. */
static void
update_place (TramaExportPreview *self)
{
  const gboolean has_previous = self->view > 0, has_next = self->view + 1 < self->n_views;
  g_autofree char *place = describe_place (self);

  gtk_label_set_text (self->place, place);
  if (has_next && !has_previous && gtk_widget_has_focus (self->previous))
    {
      gtk_widget_set_sensitive (self->next, TRUE);
      gtk_widget_grab_focus (self->next);
    }
  if (has_previous && !has_next && gtk_widget_has_focus (self->next))
    {
      gtk_widget_set_sensitive (self->previous, TRUE);
      gtk_widget_grab_focus (self->previous);
    }
  gtk_widget_set_sensitive (self->previous, has_previous);
  gtk_widget_set_sensitive (self->next, has_next);
}

static GdkTexture *
make_texture (cairo_surface_t *surface)
{
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_get_from_surface (
      surface, 0, 0, cairo_image_surface_get_width (surface), cairo_image_surface_get_height (surface));

  return gdk_texture_new_for_pixbuf (pixbuf);
}

static void on_looked (GObject *source, GAsyncResult *result, gpointer user_data);

/* What is painted is what was wanted when the thread began; somebody may have turned on meanwhile. */
static void
take (TramaExportPreview *self, TramaExportOutlook *outlook)
{
  g_autoptr (GdkTexture) texture = make_texture (outlook->preview);
  const TramaExportSize size = outlook->size;

  self->n_views = outlook->n_views;
  self->view = MIN (self->view, self->n_views - 1);
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  if (outlook->view != self->view)
    trama_export_turn_async (outlook, self->view, on_looked, g_object_ref (self));
  else
    self->outlook = outlook;
  update_place (self);
  g_signal_emit (self, signals[LOOKED], 0, &size, NULL);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (TramaExportPreview) self = user_data;
  g_autoptr (GError) error = NULL;
  TramaExportOutlook *outlook = trama_export_look_finish (result, &error);

  if (outlook != NULL)
    take (self, outlook);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      trama_export_preview_clear (self);
      g_signal_emit (self, signals[LOOKED], 0, NULL, error);
    }
}

void
trama_export_preview_turn (TramaExportPreview *self, int n_pages)
{
  gint64 view;

  g_return_if_fail (TRAMA_IS_EXPORT_PREVIEW (self));

  view = CLAMP ((gint64) self->view + n_pages, 0, MAX ((gint64) self->n_views - 1, 0));
  if (view == self->view)
    return;
  self->view = (guint) view;
  update_place (self);
  if (self->outlook != NULL)
    trama_export_turn_async (g_steal_pointer (&self->outlook), self->view, on_looked, g_object_ref (self));
}

/* Asking. */

gboolean
trama_export_preview_has_picture (TramaExportPreview *self)
{
  g_return_val_if_fail (TRAMA_IS_EXPORT_PREVIEW (self), FALSE);
  return gtk_picture_get_paintable (self->picture) != NULL;
}

void
trama_export_preview_stop (TramaExportPreview *self)
{
  g_return_if_fail (TRAMA_IS_EXPORT_PREVIEW (self));

  g_cancellable_cancel (self->looking);
  g_clear_object (&self->looking);
  g_clear_pointer (&self->outlook, trama_export_outlook_unref);
}

void
trama_export_preview_clear (TramaExportPreview *self)
{
  trama_export_preview_stop (self);
  gtk_picture_set_paintable (self->picture, NULL);
  self->n_views = 0;
  update_place (self);
}

void
trama_export_preview_look (TramaExportPreview *self,
                           TramaFlowTable *table,
                           const char *path,
                           const TramaExportOptions *options)
{
  const int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  TramaExportOptions mine = *options;

  g_return_if_fail (TRAMA_IS_EXPORT_PREVIEW (self));

  trama_export_preview_stop (self);
  self->looking = mine.cancellable = g_cancellable_new ();
  self->is_paper = g_str_has_suffix (path, ".pdf");
  trama_export_look_async (table, path, &mine, self->view, WIDTH_PX * scale, HEIGHT_PX * scale, on_looked,
                           g_object_ref (self));
}

/* The widget. */

static void
on_turn (GtkWidget *widget, const char *action, GVariant *n_pages)
{
  trama_export_preview_turn (TRAMA_EXPORT_PREVIEW (widget), g_variant_get_int32 (n_pages));
}

static void
on_previous (TramaExportPreview *self)
{
  trama_export_preview_turn (self, -1);
}

static void
on_next (TramaExportPreview *self)
{
  trama_export_preview_turn (self, 1);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, TramaExportPreview *self)
{
  trama_export_preview_turn (self, dy < 0 ? -1 : 1);
  return GDK_EVENT_STOP;
}

/* Anywhere in the window, where nobody else takes them. */
static void
add_keys (TramaExportPreview *self)
{
  static const struct
  {
    guint key;
    int n_pages;
  } keys[] = {
    { GDK_KEY_Page_Up, -1 },
    { GDK_KEY_KP_Page_Up, -1 },
    { GDK_KEY_Page_Down, 1 },
    { GDK_KEY_KP_Page_Down, 1 },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      GtkShortcut *shortcut = gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, 0),
                                                gtk_named_action_new ("preview.turn"));

      gtk_shortcut_set_arguments (shortcut, g_variant_new_int32 (keys[i].n_pages));
      gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
    }
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static GtkWidget *
make_button (TramaExportPreview *self, const char *icon, const char *name, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", clicked, self);
  return button;
}

/* Its room is there from the beginning, whatever is shown in it. */
static GtkWidget *
make_picture (TramaExportPreview *self)
{
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL
                                                               | GTK_EVENT_CONTROLLER_SCROLL_DISCRETE);
  GtkWidget *picture = gtk_picture_new ();

  gtk_widget_set_size_request (picture, WIDTH_PX + 2 * PADDING_PX, HEIGHT_PX + 2 * PADDING_PX);
  gtk_widget_add_css_class (picture, "preview");
  gtk_picture_set_alternative_text (GTK_PICTURE (picture), _ ("How the page will look"));
  gtk_widget_set_tooltip_text (picture, _ ("How the page will look"));
  g_signal_connect (wheel, "scroll", G_CALLBACK (on_scroll), self);
  gtk_widget_add_controller (picture, wheel);
  return picture;
}

static GtkWidget *
make_turner (TramaExportPreview *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING_PX);

  self->place = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->place), "numeric");
  self->previous = make_button (self, "go-previous-symbolic", _ ("The page before (Page Up)"),
                                G_CALLBACK (on_previous));
  self->next = make_button (self, "go-next-symbolic", _ ("The next page (Page Down)"), G_CALLBACK (on_next));
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), self->previous);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->place));
  gtk_box_append (GTK_BOX (box), self->next);
  return box;
}

/* Whoever still holds it: nobody is told any more. */
static void
unroot (GtkWidget *widget)
{
  trama_export_preview_stop (TRAMA_EXPORT_PREVIEW (widget));
  GTK_WIDGET_CLASS (trama_export_preview_parent_class)->unroot (widget);
}

static void
dispose (GObject *object)
{
  TramaExportPreview *self = TRAMA_EXPORT_PREVIEW (object);

  trama_export_preview_stop (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (trama_export_preview_parent_class)->dispose (object);
}

static void
trama_export_preview_class_init (TramaExportPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->unroot = unroot;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "preview.turn", "i", on_turn);
  signals[LOOKED] = g_signal_new ("looked", TRAMA_TYPE_EXPORT_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
trama_export_preview_init (TramaExportPreview *self)
{
  GtkWidget *picture = make_picture (self);

  self->picture = GTK_PICTURE (picture);
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING_PX);
  gtk_box_append (GTK_BOX (self->box), picture);
  gtk_box_append (GTK_BOX (self->box), make_turner (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  add_keys (self);
  update_place (self);
}

GtkWidget *
trama_export_preview_new (void)
{
  return g_object_new (TRAMA_TYPE_EXPORT_PREVIEW, NULL);
}
