/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/undo_stack.h"

/* A number that steps add to. */
typedef struct
{
  int *number;
  int added;
  guint *n_freed;
} Sum;

static void
apply (gpointer data, gboolean forth)
{
  const Sum *sum = data;

  *sum->number += forth ? sum->added : -sum->added;
}

static void
free_sum (gpointer data)
{
  Sum *sum = data;

  (*sum->n_freed)++;
  g_free (sum);
}

static void
add (TramaUndoStack *stack, const char *name, int *number, int added, guint *n_freed)
{
  Sum *sum = g_new (Sum, 1);

  *sum = (Sum){ number, added, n_freed };
  trama_undo_stack_do (stack, name, apply, sum, free_sum);
}

static void
on_changed (TramaUndoStack *stack, guint *n_changes)
{
  (*n_changes)++;
}

static void
test_there_and_back (void)
{
  g_autoptr (TramaUndoStack) stack = trama_undo_stack_new ();
  guint n_freed = 0, n_changes = 0;
  int number = 0;

  g_signal_connect (stack, "changed", G_CALLBACK (on_changed), &n_changes);
  g_assert_false (trama_undo_stack_can_undo (stack));
  g_assert_null (trama_undo_stack_undo (stack));
  g_assert_null (trama_undo_stack_redo (stack));

  add (stack, "one", &number, 1, &n_freed);
  add (stack, "ten", &number, 10, &n_freed);
  g_assert_cmpint (number, ==, 11);
  g_assert_cmpstr (trama_undo_stack_undo (stack), ==, "ten");
  g_assert_cmpint (number, ==, 1);
  g_assert_cmpstr (trama_undo_stack_undo (stack), ==, "one");
  g_assert_cmpint (number, ==, 0);
  g_assert_false (trama_undo_stack_can_undo (stack));
  g_assert_cmpstr (trama_undo_stack_redo (stack), ==, "one");
  g_assert_cmpstr (trama_undo_stack_redo (stack), ==, "ten");
  g_assert_false (trama_undo_stack_can_redo (stack));
  g_assert_cmpint (number, ==, 11);
  g_assert_cmpuint (n_freed, ==, 0);
  g_assert_cmpuint (n_changes, ==, 6);
}

/* What was undone is gone when something else is done. */
static void
test_other_way (void)
{
  g_autoptr (TramaUndoStack) stack = trama_undo_stack_new ();
  guint n_freed = 0;
  int number = 0;

  add (stack, "one", &number, 1, &n_freed);
  add (stack, "ten", &number, 10, &n_freed);
  trama_undo_stack_undo (stack);
  add (stack, "hundred", &number, 100, &n_freed);
  g_assert_cmpuint (n_freed, ==, 1);
  g_assert_false (trama_undo_stack_can_redo (stack));
  g_assert_cmpint (number, ==, 101);
  trama_undo_stack_clear (stack);
  g_assert_cmpuint (n_freed, ==, 3);
  g_assert_false (trama_undo_stack_can_undo (stack));
  g_assert_cmpint (number, ==, 101);
}

static void
test_bound (void)
{
  g_autoptr (TramaUndoStack) stack = trama_undo_stack_new ();
  guint n_freed = 0, n_undone = 0;
  int number = 0;

  for (guint i = 0; i < TRAMA_UNDO_MAX + 7; i++)
    add (stack, "one", &number, 1, &n_freed);
  g_assert_cmpuint (n_freed, ==, 7);
  while (trama_undo_stack_undo (stack) != NULL)
    n_undone++;
  g_assert_cmpuint (n_undone, ==, TRAMA_UNDO_MAX);
  g_assert_cmpint (number, ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/undo-stack/there-and-back", test_there_and_back);
  g_test_add_func ("/ui/undo-stack/other-way", test_other_way);
  g_test_add_func ("/ui/undo-stack/bound", test_bound);
  return g_test_run ();
}
