/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/sieve.h"

static gboolean
is_even (guint32 index, gpointer user_data)
{
  return index % 2 == 0;
}

/* By their last digit. */
static int
compare_digits (guint32 one, guint32 other, gpointer user_data)
{
  return (int) (one % 10) - (int) (other % 10);
}

static void
free_count (gpointer user_data)
{
  ++*(guint *) user_data;
}

static char *
render (GArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (list, guint32, i));
  return g_string_free (text, FALSE);
}

/* However it is cut into steps. */
static void
assert_list (guint32 n, TramaSieveKeepsFunc keeps, TramaSieveCompareFunc compare, const char *expected)
{
  for (guint step = 1; step < 50; step += 7)
    {
      guint n_freed = 0;
      TramaSieve *sieve = trama_sieve_new (n, keeps, compare, &n_freed, free_count);
      g_autoptr (GArray) list = NULL;
      g_autofree char *text = NULL;

      while (trama_sieve_step (sieve, step))
        continue;
      list = trama_sieve_take_list (sieve);
      text = render (list);
      g_assert_cmpstr (text, ==, expected);
      g_assert_cmpuint (n_freed, ==, 0);
      trama_sieve_free (sieve);
      g_assert_cmpuint (n_freed, ==, 1);
    }
}

static void
test_list (void)
{
  assert_list (0, NULL, compare_digits, "");
  assert_list (1, NULL, compare_digits, "0");
  assert_list (3, NULL, NULL, "0 1 2");
  assert_list (7, is_even, NULL, "0 2 4 6");
  /* Those that are alike stay as they were. */
  assert_list (23, NULL, compare_digits, "0 10 20 1 11 21 2 12 22 3 13 4 14 5 15 6 16 7 17 8 18 9 19");
  assert_list (23, is_even, compare_digits, "0 10 20 2 12 22 4 14 6 16 8 18");
}

/* Of a hundred thousand no step does more than it is told to. */
typedef struct
{
  guint n_done;
} Count;

static gboolean
keeps_counted (guint32 index, gpointer user_data)
{
  ((Count *) user_data)->n_done++;
  return TRUE;
}

static int
compare_counted (guint32 one, guint32 other, gpointer user_data)
{
  ((Count *) user_data)->n_done++;
  return compare_digits (one, other, NULL);
}

static void
test_bound (void)
{
  Count count = { 0 };
  g_autoptr (TramaSieve) sieve = trama_sieve_new (100000, keeps_counted, compare_counted, &count, NULL);
  g_autoptr (GArray) list = NULL;
  gboolean more;

  do
    {
      count.n_done = 0;
      more = trama_sieve_step (sieve, 1000);
      g_assert_cmpuint (count.n_done, <=, 1000);
    }
  while (more);
  list = trama_sieve_take_list (sieve);
  g_assert_cmpuint (list->len, ==, 100000);
  for (guint i = 1; i < list->len; i++)
    {
      guint32 one = g_array_index (list, guint32, i - 1), other = g_array_index (list, guint32, i);

      g_assert_true (one % 10 < other % 10 || (one % 10 == other % 10 && one < other));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sieve/list", test_list);
  g_test_add_func ("/sieve/bound", test_bound);
  return g_test_run ();
}
