/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/finding_text.h"
#include "ui/inspector/finding_cards.h"

#include <glib/gi18n-lib.h>

/* What is below has more to show. */
#define LINES_MIN 4
#define LINES_MAX 18

struct _TramaFindingCards
{
  GtkWidget parent_instance;

  /* owned */
  GtkWidget *window;
  TramaViewState *state;

  /* borrowed */
  GtkWidget *box;

  /* the button that is being used, and the one that takes its place and its focus */
  const TramaFinding *stepped;
  int step;
  GtkWidget *successor;
};

G_DEFINE_FINAL_TYPE (TramaFindingCards, trama_finding_cards, GTK_TYPE_WIDGET)

static void
add_label (GtkWidget *card, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (card), label);
}

/* The place of @finding that is selected. */
static guint
find_place (TramaFindingCards *self, const TramaFinding *finding)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  guint place = 0;

  while (place + 1 < finding->n_places
         && (finding->places[place].kind != selected.kind || finding->places[place].index != selected.index))
    place++;
  return place;
}

static const guint32 *
get_about (TramaFindingCards *self, guint *n)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);
  TramaRef selected = trama_view_state_get_selected (self->state);

  *n = 0;
  return findings != NULL && selected.kind != 0 ? trama_findings_get_about (findings, selected, n) : NULL;
}

/* A card may be older than the findings: it stays while it says the same. */
static void
on_step (GtkWidget *button, TramaFindingCards *self)
{
  guint number = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "number"));
  int step = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), "step"));
  TramaFindings *findings = trama_view_state_get_findings (self->state);
  const TramaFinding *finding;
  guint n;
  const guint32 *about = get_about (self, &n);

  if (number >= n)
    return;
  finding = trama_findings_get_finding (findings, about[number]);
  self->stepped = finding;
  self->step = step;
  self->successor = NULL;
  trama_view_state_select (self->state, finding->places[(int) find_place (self, finding) + step]);
  self->stepped = NULL;
  if (self->successor != NULL)
    gtk_widget_grab_focus (self->successor);
}

static void
add_step (TramaFindingCards *self, GtkWidget *row, const TramaFinding *finding, guint number, int step)
{
  GtkWidget *button = gtk_button_new_from_icon_name (step < 0 ? "go-previous-symbolic" : "go-next-symbolic");
  const char *tooltip = step < 0 ? _ ("Previous place") : _ ("Next place");
  guint place = find_place (self, finding);

  g_object_set_data (G_OBJECT (button), "number", GUINT_TO_POINTER (number));
  g_object_set_data (G_OBJECT (button), "step", GINT_TO_POINTER (step));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_set_sensitive (button, step < 0 ? place > 0 : place + 1 < finding->n_places);
  g_signal_connect_object (button, "clicked", G_CALLBACK (on_step), self, 0);
  gtk_box_append (GTK_BOX (row), button);
  if (self->stepped == finding && self->step == step)
    self->successor = button;
}

/* Where else it is found. */
static void
add_places (TramaFindingCards *self, GtkWidget *card, const TramaFinding *finding, guint number)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  /* Translators: which of the places it is that a finding is about, and how many there are. */
  g_autofree char *text = g_strdup_printf (_ ("Place %u of %u"), find_place (self, finding) + 1,
                                           finding->n_places);
  GtkWidget *label = gtk_label_new (text);

  gtk_box_append (GTK_BOX (card), row);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "why");
  gtk_box_append (GTK_BOX (row), label);
  add_step (self, row, finding, number, -1);
  add_step (self, row, finding, number, 1);
}

/* What stands on a card. */
static char *
describe_card (TramaFindingCards *self, const TramaFinding *finding)
{
  return g_strdup_printf ("%u\n%s\n%s\n%s\n%u/%u", finding->severity, finding->what, finding->why,
                          finding->todo, find_place (self, finding), finding->n_places);
}

static GtkWidget *
card_new (TramaFindingCards *self, const TramaFinding *finding, guint number)
{
  g_autofree char *severity = trama_severity_text (finding->severity);
  g_autofree char *todo = g_strdup_printf ("→ %s", finding->todo);
  GtkWidget *card = g_object_new (GTK_TYPE_BOX, "orientation", GTK_ORIENTATION_VERTICAL, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_GROUP, NULL);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, trama_severity_name (finding->severity));
  add_label (card, severity, "severity");
  add_label (card, finding->what, "what");
  add_label (card, finding->why, "why");
  add_label (card, todo, "todo");
  if (finding->n_places > 1)
    add_places (self, card, finding, number);
  g_object_set_data_full (G_OBJECT (card), "text", describe_card (self, finding), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (card), GTK_ACCESSIBLE_PROPERTY_LABEL, finding->what,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, finding->todo, -1);
  return card;
}

/* While a trace grows, its findings are made anew again and again, most of them as they were. */
static gboolean
are_shown (TramaFindingCards *self, TramaFindings *findings, const guint32 *about, guint n)
{
  GtkWidget *card = gtk_widget_get_first_child (self->box);

  for (guint i = 0; i < n; i++, card = gtk_widget_get_next_sibling (card))
    {
      g_autofree char *text = describe_card (self, trama_findings_get_finding (findings, about[i]));

      if (card == NULL || g_strcmp0 (g_object_get_data (G_OBJECT (card), "text"), text) != 0)
        return FALSE;
    }
  return card == NULL;
}

static void
update (TramaFindingCards *self)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);
  guint n;
  const guint32 *about = get_about (self, &n);
  GtkWidget *child;

  if (are_shown (self, findings, about, n))
    return;
  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  for (guint i = 0; i < n; i++)
    gtk_box_append (GTK_BOX (self->box), card_new (self, trama_findings_get_finding (findings, about[i]), i));
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static int
get_line_px (GtkWidget *widget)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (gtk_widget_get_pango_context (widget), NULL, NULL);
  int line_px = PANGO_PIXELS (pango_font_metrics_get_height (metrics));

  pango_font_metrics_unref (metrics);
  return line_px;
}

/* A scrolled window asks its child how high it is when it is as wide as it likes, not as wide as it gets. */
static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  TramaFindingCards *self = TRAMA_FINDING_CARDS (widget);
  int line_px = get_line_px (widget);

  /* It scrolls: no height makes it wider. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      gtk_widget_measure (self->box, orientation, -1, minimum, natural, NULL, NULL);
      return;
    }
  gtk_widget_measure (self->box, orientation, for_size, minimum, natural, NULL, NULL);
  *minimum = MIN (*minimum, LINES_MIN * line_px);
  *natural = CLAMP (*natural, *minimum, LINES_MAX * line_px);
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (TRAMA_FINDING_CARDS (widget)->window, width, height, baseline, NULL);
}

static void
dispose (GObject *object)
{
  TramaFindingCards *self = TRAMA_FINDING_CARDS (object);

  if (self->state != NULL)
    g_signal_handlers_disconnect_by_data (self->state, self);
  g_clear_object (&self->state);
  g_clear_pointer (&self->window, gtk_widget_unparent);
  G_OBJECT_CLASS (trama_finding_cards_parent_class)->dispose (object);
}

static void
trama_finding_cards_class_init (TramaFindingCardsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dispose;
  widget_class->measure = measure;
  widget_class->get_request_mode = get_request_mode;
  widget_class->size_allocate = size_allocate;
  gtk_widget_class_set_css_name (widget_class, "findings");
}

static void
trama_finding_cards_init (TramaFindingCards *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->window = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->window), self->box);
  gtk_widget_set_parent (self->window, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
trama_finding_cards_set_state (TramaFindingCards *self, TramaViewState *state)
{
  g_return_if_fail (TRAMA_IS_FINDING_CARDS (self));
  g_return_if_fail (TRAMA_IS_VIEW_STATE (state));
  g_return_if_fail (self->state == NULL);

  self->state = g_object_ref (state);
  g_signal_connect_swapped (state, "selection-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (state, "findings-changed", G_CALLBACK (update), self);
  update (self);
}

char *
trama_finding_cards_dup_text (TramaFindingCards *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const guint32 *about;
  guint n;

  g_return_val_if_fail (TRAMA_IS_FINDING_CARDS (self), NULL);

  about = get_about (self, &n);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *one = trama_finding_text (
          trama_findings_get_finding (trama_view_state_get_findings (self->state), about[i]));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n\n" : "", one);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
