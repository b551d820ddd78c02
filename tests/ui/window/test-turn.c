/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/turn.h"

/* One that has work for so many turns, and tells when it has one. */
typedef struct
{
  GString *told;
  char name;
  guint n_left;
  guint id;
  guint other; /* that it takes away in its turn; 0: none */
} Worker;

static gboolean
work (gint64 end_us, gpointer user_data)
{
  Worker *worker = user_data;

  g_assert_cmpint (end_us, >, g_get_monotonic_time ());
  g_string_append_c (worker->told, worker->name);
  if (worker->other != 0)
    trama_turn_remove (worker->other);
  if (--worker->n_left > 0)
    return TRUE;
  worker->id = 0;
  return FALSE;
}

static void
begin (Worker *worker)
{
  worker->id = trama_turn_add (work, worker);
  g_assert_cmpuint (worker->id, !=, 0);
}

static void
run_dry (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
take_away (gpointer worker)
{
  trama_turn_remove (((Worker *) worker)->id);
  return G_SOURCE_REMOVE;
}

/* By who is served before it in the same round. The first test: who was there before all turns is. */
static void
test_taken_away (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker worker = { told, 'a', 1, 0, 0 };

  g_idle_add (take_away, &worker);
  begin (&worker);
  run_dry ();
  g_assert_cmpstr (told->str, ==, "");
}

/* However many have work, one of them works in a round of the main loop. */
static void
test_one_in_a_round (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker workers[] = { { told, 'a', 3, 0, 0 }, { told, 'b', 1, 0, 0 }, { told, 'c', 2, 0, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (workers); i++)
    begin (&workers[i]);
  for (guint i = 1; i <= 6; i++)
    {
      g_assert_true (g_main_context_iteration (NULL, FALSE));
      g_assert_cmpuint (told->len, ==, i);
    }
  g_assert_false (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpstr (told->str, ==, "abcaca");
}

static gboolean
on_event (gpointer told)
{
  g_string_append_c (told, '!');
  return G_SOURCE_REMOVE;
}

/* What is pressed comes before the next turn. */
static void
test_events_first (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker worker = { told, 'a', 3, 0, 0 };

  begin (&worker);
  g_main_context_iteration (NULL, FALSE);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_event, told, NULL);
  run_dry ();
  g_assert_cmpstr (told->str, ==, "a!aa");
}

static void
test_remove (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker first = { told, 'a', 5, 0, 0 }, second = { told, 'b', 5, 0, 0 };

  begin (&first);
  begin (&second);
  g_main_context_iteration (NULL, FALSE);
  trama_turn_remove (second.id);
  g_main_context_iteration (NULL, FALSE);
  trama_turn_remove (first.id);
  run_dry ();
  g_assert_cmpstr (told->str, ==, "aa");
}

/* Itself, or another, while it has its turn. */
static void
test_remove_in_turn (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker first = { told, 'a', 2, 0, 0 }, second = { told, 'b', 5, 0, 0 }, third = { told, 'c', 5, 0, 0 };

  begin (&first);
  begin (&second);
  begin (&third);
  third.other = third.id;
  first.other = second.id;
  g_main_context_iteration (NULL, FALSE);
  first.other = 0;
  run_dry ();
  g_assert_cmpstr (told->str, ==, "aca");
}

/* What is done at once in a round shares one time; in the next there is another. */
static void
test_shared (void)
{
  g_autoptr (GString) told = g_string_new (NULL);
  Worker worker = { told, 'a', 1, 0, 0 };
  gint64 end_us = trama_turn_get_end_us ();

  g_assert_cmpint (end_us, >, g_get_monotonic_time () - G_USEC_PER_SEC);
  g_usleep (2000);
  g_assert_cmpint (trama_turn_get_end_us (), ==, end_us);
  begin (&worker);
  run_dry ();
  g_assert_cmpint (trama_turn_get_end_us (), >, end_us);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/taken-away", test_taken_away);
  g_test_add_func ("/turn/one-in-a-round", test_one_in_a_round);
  g_test_add_func ("/turn/events-first", test_events_first);
  g_test_add_func ("/turn/remove", test_remove);
  g_test_add_func ("/turn/remove-in-turn", test_remove_in_turn);
  g_test_add_func ("/turn/shared", test_shared);
  return g_test_run ();
}
