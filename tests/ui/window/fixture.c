/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "tests/ui/window/fixture.h"

#include <glib/gi18n-lib.h>
#include <link.h>
#include <locale.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
/* Of the sanitizers' run-time library; GCC installs no header for them. */
int __sanitizer_get_ownership (const volatile void *pointer);
size_t __sanitizer_get_allocated_size (const volatile void *pointer);
void __lsan_ignore_object (const void *pointer);
#endif

#define WAIT_SECONDS 20
#define SETTLE_FRAMES 4
#define SETTLE_US (5 * G_USEC_PER_SEC)

#ifdef __SANITIZE_ADDRESS__
/*
 * When the table of quarks is full GLib makes another and, on purpose, forgets the
 * first, which a reader without a lock may still hold (glib/gquark.c). A window
 * with a file chooser needs that many. The table is found among GLib's own
 * variables, by its size and its first name.
 */
static int
forgive_quarks (struct dl_phdr_info *info, size_t size, void *data)
{
  const gsize table_bytes = 2048 * sizeof (char *);

  if (strstr (info->dlpi_name, "libglib-2.0") == NULL)
    return 0;
  for (guint i = 0; i < info->dlpi_phnum; i++)
    {
      const ElfW (Phdr) *part = &info->dlpi_phdr[i];
      guintptr at = info->dlpi_addr + ((part->p_vaddr + 7) & ~(ElfW (Addr)) 7);
      guintptr end = info->dlpi_addr + part->p_vaddr + part->p_memsz;

      if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
        continue;
      for (; at + sizeof (char **) <= end; at += sizeof (char **))
        {
          const char *const *table = *(const char *const *const *) at;

          if (__sanitizer_get_ownership (table) && __sanitizer_get_allocated_size (table) == table_bytes
              && table[1] == g_quark_to_string (1))
            __lsan_ignore_object (table);
        }
    }
  return 1;
}
#endif

/*
 * Who asks GLib 2.74 for the name of a type before anybody has asked where types are described has it read them once
 * more, and lose what it had read. Neither do all of its functions lock that against other threads.
 */
static void
ask_for_types_once (void)
{
  g_autofree char *type = NULL;

  g_content_type_get_mime_dirs ();
  type = g_content_type_guess ("x", NULL, 0, NULL);
}

gboolean
fixture_init (int *argc, char ***argv)
{
  const char *locales = g_getenv ("TRAMA_LOCALEDIR");

  setlocale (LC_ALL, "");
  if (locales != NULL)
    bindtextdomain (GETTEXT_PACKAGE, locales);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
#ifdef __SANITIZE_ADDRESS__
  dl_iterate_phdr (forgive_quarks, NULL);
#endif
  ask_for_types_once ();
  g_test_init (argc, argv, NULL);
  if (gtk_init_check ())
    return TRUE;
  g_print ("1..0 # SKIP there is no display\n");
  return FALSE;
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
fixture_wait (Fixture *fixture, FixtureFunc done)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (WAIT_SECONDS, on_timeout, &late);

  while (!done (fixture))
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  if (!late)
    g_source_remove (id);
}

static gboolean
is_finished (Fixture *fixture)
{
  return !trama_feed_is_running (trama_window_get_feed (fixture->window));
}

/* The X server may be slower than we are: what it was asked for, as to show a menu, it has done before the next frame. */
static void
on_after_paint (GdkFrameClock *clock, guint *n_frames)
{
  (*n_frames)++;
  gdk_display_sync (gdk_display_get_default ());
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
}

/* Of what grows on the picture may never be complete. */
static gboolean
is_settled (Fixture *fixture, gint64 begin_us)
{
  return (trama_ladder_view_is_settled (trama_window_get_ladder (fixture->window))
          && !trama_search_bar_is_busy (trama_window_get_search (fixture->window)))
         || g_get_monotonic_time () - begin_us > SETTLE_US;
}

static gboolean
on_quiet (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* What is searched, listed or filled in idle time comes before this. */
static void
wait_quiet (gint64 begin_us)
{
  gboolean quiet = FALSE;
  guint id = g_idle_add_full (G_PRIORITY_LOW, on_quiet, &quiet, NULL);

  while (!quiet && g_get_monotonic_time () - begin_us <= SETTLE_US)
    g_main_context_iteration (NULL, TRUE);
  if (!quiet)
    g_source_remove (id);
}

/*
 * Frames, not time: a slow machine has both, but only frames lay out and draw; and a thread paints. Each is asked for
 * once: whenever it is asked, a clock that has events to flush makes that its next work, before any frame
 * (maybe_start_idle (), GTK 4.8).
 */
static void
wait_frames (Fixture *fixture, gint64 begin_us)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  gulong id;
  guint n_frames = 0;

  g_assert_nonnull (clock);
  id = g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), &n_frames);
  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  while (n_frames < SETTLE_FRAMES || !is_settled (fixture, begin_us))
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, id);
}

void
fixture_settle (Fixture *fixture)
{
  gint64 begin_us = g_get_monotonic_time ();

  wait_quiet (begin_us);
  wait_frames (fixture, begin_us);
  wait_quiet (begin_us);
}

void
fixture_wait_finished (Fixture *fixture)
{
  fixture_wait (fixture, is_finished);
  fixture_settle (fixture);
}

static gboolean
is_mapped (Fixture *fixture)
{
  return gtk_widget_get_mapped (GTK_WIDGET (fixture->window));
}

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->application = trama_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (fixture->application), NULL, NULL));
  g_application_activate (G_APPLICATION (fixture->application));
  fixture->window = TRAMA_WINDOW (gtk_application_get_active_window (GTK_APPLICATION (fixture->application)));
  fixture_wait (fixture, is_mapped);
  fixture_wait_finished (fixture);
  trama_ladder_view_fit (trama_window_get_ladder (fixture->window)); /* all of it in view */
  fixture_settle (fixture);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  /* A test may have closed it. */
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&fixture->application);
}

TramaStore *
fixture_get_store (Fixture *fixture)
{
  return trama_feed_get_store (trama_window_get_feed (fixture->window));
}

guint
fixture_find_call (Fixture *fixture, const char *name)
{
  TramaStore *store = fixture_get_store (fixture);
  guint wanted = trama_call_from_name (name);
  guint i;

  for (i = 0; i < trama_store_n_calls (store); i++)
    if (trama_store_get_call (store, i)->name == wanted)
      return i;
  g_assert_not_reached ();
}

GtkLabel *
fixture_find_label (GtkWidget *widget, const char *text)
{
  GtkLabel *found = NULL;

  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return GTK_LABEL (widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = fixture_find_label (child, text);
  return found;
}

GtkGesture *
fixture_find_pinch (Fixture *fixture)
{
  GtkWidget *ladder = GTK_WIDGET (trama_window_get_ladder (fixture->window));
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (ladder);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkGesture) gesture = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_ZOOM (gesture))
        return gesture; /* the ladder has it */
    }
  g_assert_not_reached ();
}

double
fixture_brightness (Fixture *fixture, GtkWidget *widget)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  int width, height;
  GtkSnapshot *snapshot;
  g_autofree guint8 *pixels = NULL;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  double sum = 0;
  gsize i;

  /* Its size, too: what a widget that shrank meanwhile does not draw would count as black. */
  fixture_settle (fixture);
  width = gtk_widget_get_width (widget);
  height = gtk_widget_get_height (widget);
  pixels = g_malloc0 ((gsize) width * (gsize) height * 4);
  snapshot = gtk_snapshot_new ();
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  gdk_texture_download (texture, pixels, (gsize) width * 4);
  for (i = 0; i < (gsize) width * (gsize) height; i++)
    sum += pixels[4 * i] + pixels[4 * i + 1] + pixels[4 * i + 2];
  return sum / (3 * 255.0 * width * height);
}
