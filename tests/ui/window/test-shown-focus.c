/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"

#include "ui/session/session_list.h"
#include "ui/shown_focus.h"

/* A page with an entry, another with a label, and a button below. */
typedef struct
{
  GtkWidget *window;
  GtkWidget *stack;
  GtkWidget *entry;
  GtkWidget *button;
} Small;

#define FRAMES 4
#define LIST_PX 160

static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
}

static void
show_frames (Small *small)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (small->window);
  guint n_frames = 0;
  gulong id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);

  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  while (n_frames < FRAMES)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, id);
}

/* Without a window manager: the X server gives the keys to whom it is told. */
static void
take_keys (Small *small)
{
  gdk_toplevel_focus (GDK_TOPLEVEL (gtk_native_get_surface (GTK_NATIVE (small->window))), GDK_CURRENT_TIME);
  while (!gtk_window_is_active (GTK_WINDOW (small->window)))
    g_main_context_iteration (NULL, TRUE);
}

static void
small_set_up (Small *small, gconstpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  small->window = gtk_window_new ();
  small->stack = gtk_stack_new ();
  small->entry = gtk_entry_new ();
  small->button = gtk_button_new_with_label ("Below");
  gtk_editable_set_text (GTK_EDITABLE (small->entry), "Hello?");
  gtk_stack_add_named (GTK_STACK (small->stack), small->entry, "entry");
  gtk_stack_add_named (GTK_STACK (small->stack), gtk_label_new ("Nothing"), "nothing");
  gtk_box_append (GTK_BOX (box), small->stack);
  gtk_box_append (GTK_BOX (box), small->button);
  gtk_window_set_child (GTK_WINDOW (small->window), box);
  trama_shown_focus_keep (GTK_WINDOW (small->window), small->button);
  gtk_window_present (GTK_WINDOW (small->window));
  show_frames (small);
  take_keys (small);
  gtk_widget_grab_focus (small->entry);
  show_frames (small);
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (small->window)), small->entry));
}

static void
small_tear_down (Small *small, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (small->window));
}

static void
test_page (Small *small, gconstpointer data)
{
  gtk_stack_set_visible_child_name (GTK_STACK (small->stack), "nothing");
  show_frames (small);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (small->window)) == small->button);
}

/* Between the page that goes and the frame after it; GTK's warning would end the test. */
static void
test_selected_unseen (Small *small, gconstpointer data)
{
  gtk_editable_set_position (GTK_EDITABLE (small->entry), 0);
  show_frames (small);
  gtk_stack_set_visible_child_name (GTK_STACK (small->stack), "nothing");
  gtk_editable_select_region (GTK_EDITABLE (small->entry), 0, -1);
  show_frames (small);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (small->window)) == small->button);
}

/* As GTK does when it looks for somebody to have the focus after what was hidden: with all of the text selected. */
static void
test_taken_unseen (Small *small, gconstpointer data)
{
  gtk_stack_set_visible_child_name (GTK_STACK (small->stack), "nothing");
  show_frames (small);
  gtk_widget_grab_focus (small->entry);
  show_frames (small);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (small->window)) == small->button);
}

static void
test_no_fallback (Small *small, gconstpointer data)
{
  GtkWidget *other = gtk_button_new_with_label ("Beside");

  gtk_box_append (GTK_BOX (gtk_widget_get_parent (small->button)), other);
  gtk_widget_set_visible (small->button, FALSE);
  gtk_stack_set_visible_child_name (GTK_STACK (small->stack), "nothing");
  show_frames (small);
  gtk_widget_grab_focus (small->entry);
  show_frames (small);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (small->window)) == other);
}

static GtkAdjustment *
find_scroll (GtkWidget *widget)
{
  GtkAdjustment *found = NULL;

  if (GTK_IS_SCROLLED_WINDOW (widget))
    return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_scroll (child);
  return found;
}

/* The list says that its row has taken the focus, also when that is scrolled away: who comes next has it. */
static void
test_scrolled_away (Small *small, gconstpointer data)
{
  GtkWidget *list = g_object_new (TRAMA_TYPE_SESSION_LIST, "height-request", LIST_PX, NULL);
  GtkAdjustment *adjustment = find_scroll (list);
  GtkWidget *focus;

  gtk_box_prepend (GTK_BOX (gtk_widget_get_parent (small->button)), list);
  gtk_widget_set_visible (small->button, FALSE);
  show_frames (small);
  g_assert_true (gtk_widget_child_focus (list, GTK_DIR_TAB_FORWARD));
  show_frames (small);
  focus = gtk_window_get_focus (GTK_WINDOW (small->window));
  g_assert_true (gtk_widget_is_ancestor (focus, list) && gtk_widget_get_mapped (focus));

  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  show_frames (small);
  focus = gtk_window_get_focus (GTK_WINDOW (small->window));
  g_assert_true (gtk_widget_is_ancestor (focus, small->entry));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  g_test_add ("/shown-focus/page", Small, NULL, small_set_up, test_page, small_tear_down);
  g_test_add ("/shown-focus/selected-unseen", Small, NULL, small_set_up, test_selected_unseen,
              small_tear_down);
  g_test_add ("/shown-focus/taken-unseen", Small, NULL, small_set_up, test_taken_unseen, small_tear_down);
  g_test_add ("/shown-focus/no-fallback", Small, NULL, small_set_up, test_no_fallback, small_tear_down);
  g_test_add ("/shown-focus/scrolled-away", Small, NULL, small_set_up, test_scrolled_away, small_tear_down);
  return g_test_run ();
}
