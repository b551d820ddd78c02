/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/order.h"

#define N_MAX 3000

/* Counts how often it is asked. */
typedef struct
{
  gint64 times[N_MAX];
  guint n_asked;
} Records;

static gint64
get_time (gconstpointer data, guint index)
{
  Records *records = (Records *) data;

  records->n_asked++;
  return records->times[index];
}

static void
assert_order (const GArray *places, const Records *records, guint n)
{
  g_autofree guint8 *seen = g_new0 (guint8, n + 1);

  g_assert_cmpuint (places->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      guint32 index = g_array_index (places, guint32, i), before;

      g_assert_cmpuint (index, <, n);
      g_assert_false (seen[index]);
      seen[index] = TRUE;
      if (i == 0)
        continue;
      before = g_array_index (places, guint32, i - 1);
      g_assert_true (records->times[before] < records->times[index]
                     || (records->times[before] == records->times[index] && before < index));
    }
}

typedef gint64 (*MakeTime) (guint index);

static gint64
in_order (guint index)
{
  return index / 3;
}

static gint64
backwards (guint index)
{
  return -(gint64) index;
}

static gint64
all_equal (guint index)
{
  return 7;
}

static gint64
anyhow (guint index)
{
  return g_test_rand_int_range (0, 500);
}

static gint64
late_by_little (guint index)
{
  return (gint64) index * 10 - g_test_rand_int_range (0, 40);
}

static gint64
two_clocks (guint index)
{
  return index % 2 == 0 ? index : (gint64) index + 100;
}

static gint64
extremes (guint index)
{
  return index % 3 == 0 ? G_MININT64 : index % 3 == 1 ? G_MAXINT64 : 0;
}

static const struct
{
  const char *name;
  MakeTime make;
} kinds[] = {
  { "in-order", in_order }, { "backwards", backwards },           { "all-equal", all_equal },
  { "anyhow", anyhow },     { "late-by-little", late_by_little }, { "two-clocks", two_clocks },
  { "extremes", extremes },
};

/* All at once, and piece by piece as they come, of every length up to a limit and some beyond. */
static void
test_kind (gconstpointer data)
{
  MakeTime make = kinds[GPOINTER_TO_UINT (data)].make;
  g_autofree Records *records = g_new0 (Records, 1);

  for (guint n = 0; n <= N_MAX; n += n < 70 ? 1 : 977)
    {
      g_autoptr (GArray) at_once = g_array_new (FALSE, FALSE, sizeof (guint32));
      g_autoptr (GArray) in_pieces = g_array_new (FALSE, FALSE, sizeof (guint32));

      for (guint i = 0; i < n; i++)
        records->times[i] = make (i);
      trama_order_extend (at_once, n, get_time, records);
      assert_order (at_once, records, n);
      for (guint end = 0; end < n; end += (guint) g_test_rand_int_range (1, 40))
        {
          trama_order_extend (in_pieces, end, get_time, records);
          assert_order (in_pieces, records, end);
        }
      trama_order_extend (in_pieces, n, get_time, records);
      assert_order (in_pieces, records, n);
    }
}

/* What is in order is looked at once and not moved; one that is late is found its place by bisection. */
static void
test_little_work (void)
{
  g_autofree Records *records = g_new0 (Records, 1);
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < N_MAX; i++)
    records->times[i] = i;
  trama_order_extend (places, N_MAX - 1, get_time, records);
  g_assert_cmpuint (records->n_asked, <=, 2 * N_MAX);

  records->n_asked = 0;
  records->times[N_MAX - 1] = N_MAX - 10;
  trama_order_extend (places, N_MAX, get_time, records);
  g_assert_cmpuint (records->n_asked, <=, 60);
  assert_order (places, records, N_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strconcat ("/trace/order/", kinds[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_kind);
    }
  g_test_add_func ("/trace/order/little-work", test_little_work);
  return g_test_run ();
}
