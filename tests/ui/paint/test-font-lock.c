/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/font_lock.h"

#define N_TAKES 200

/* Who has the fonts writes here, with nothing else to guard it. */
typedef struct
{
  int n_inside;
  int n_most;
  int n_takes;
  int is_done;
} Shared;

static void
enter (Shared *shared)
{
  trama_font_lock_take ();
  shared->n_inside++;
  shared->n_most = MAX (shared->n_most, shared->n_inside);
  shared->n_takes++;
  g_thread_yield ();
  shared->n_inside--;
  trama_font_lock_give ();
}

static gpointer
draw_much (gpointer user_data)
{
  Shared *shared = user_data;

  trama_font_lock_begin_hurry ();
  for (int i = 0; i < N_TAKES; i++)
    enter (shared);
  trama_font_lock_end_hurry ();
  g_atomic_int_set (&shared->is_done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
test_alone (void)
{
  trama_font_lock_take ();
  trama_font_lock_take ();
  trama_font_lock_give ();
  trama_font_lock_give ();
  g_assert_cmpuint (trama_font_lock_lend (), ==, 0);
}

static void
test_threads (void)
{
  Shared shared = { 0 };
  GThread *one = g_thread_new ("one", draw_much, &shared);
  GThread *two = g_thread_new ("two", draw_much, &shared);

  g_thread_join (one);
  g_thread_join (two);
  g_assert_cmpint (shared.n_takes, ==, 2 * N_TAKES);
  g_assert_cmpint (shared.n_most, ==, 1);
}

/* What the loop does in a turn is never interrupted, and yet the other gets on while the loop is busy. */
static gboolean
on_turn (gpointer user_data)
{
  Shared *shared = user_data;
  int n_before = shared->n_takes;

  g_assert_cmpint (shared->n_inside, ==, 0);
  g_usleep (500);
  g_assert_cmpint (shared->n_takes, ==, n_before);
  enter (shared);
  return g_atomic_int_get (&shared->is_done) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
test_loop (void)
{
  Shared shared = { 0 };
  guint n_turns = 0;
  GThread *thread;

  trama_font_lock_keep_in_loop ();
  trama_font_lock_keep_in_loop ();
  thread = g_thread_new ("painter", draw_much, &shared);
  g_idle_add (on_turn, &shared);
  while (!g_atomic_int_get (&shared.is_done))
    {
      g_main_context_iteration (NULL, TRUE);
      n_turns++;
    }
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_thread_join (thread);
  g_assert_cmpint (shared.n_most, ==, 1);
  g_assert_cmpint (shared.n_takes, >, N_TAKES);
  g_test_message ("%d pieces in %u turns of a busy loop", N_TAKES, n_turns);
}

/* Who waits for a painter outside of the loop lends it the fonts. */
static void
test_lend (void)
{
  Shared shared = { 0 };
  GThread *thread;
  guint depth;

  trama_font_lock_keep_in_loop ();
  thread = g_thread_new ("painter", draw_much, &shared);
  depth = trama_font_lock_lend ();
  g_assert_cmpuint (depth, ==, 1);
  g_thread_join (thread);
  trama_font_lock_take_back (depth);
  g_assert_cmpint (shared.n_takes, ==, N_TAKES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/font-lock/alone", test_alone);
  g_test_add_func ("/font-lock/threads", test_threads);
  g_test_add_func ("/font-lock/loop", test_loop);
  g_test_add_func ("/font-lock/lend", test_lend);
  return g_test_run ();
}
