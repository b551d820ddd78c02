/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/column.h"

/* As odd as records get: no power of two fills a segment. */
typedef struct
{
  guint64 words[3];
} Record;

#define MANY 600000u /* some segments of them */

static void
test_keeps_what_was_added (void)
{
  TramaColumn column;

  trama_column_init (&column, sizeof (Record));
  for (guint i = 0; i < MANY; i++)
    trama_column_add (&column, Record) = (Record){ { i, ~i, 3 * i } };
  g_assert_cmpuint (column.len, ==, MANY);
  g_assert_cmpuint (column.n_segments, >=, 3);
  for (guint i = 0; i < MANY; i++)
    {
      const Record *record = &trama_column_index (&column, Record, i);

      if (record->words[0] != i || record->words[1] != ~i || record->words[2] != 3 * i)
        g_error ("record %u is another", i);
    }
  trama_column_clear (&column);
}

/* What is in a full segment stays where it is. */
static void
test_does_not_move (void)
{
  TramaColumn column;
  const guint32 *first;

  trama_column_init (&column, sizeof (guint32));
  trama_column_fill (&column, 1u << column.shift, 0);
  first = &trama_column_index (&column, guint32, 0);
  trama_column_fill (&column, 3u << column.shift, 0);
  g_assert_true (first == &trama_column_index (&column, guint32, 0));
  trama_column_clear (&column);
}

static void
test_fills (void)
{
  static const guint lengths[] = { 1, 1, 15, 16, 17, 40, 39, 600000, 1100000, 1100001 };
  TramaColumn column;
  guint len = 0;

  trama_column_init (&column, sizeof (guint32));
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      trama_column_fill (&column, lengths[i], (guint8) i);
      for (guint k = len; k < lengths[i]; k++)
        if (trama_column_index (&column, guint32, k) != 0x01010101u * i)
          g_error ("record %u is not filled", k);
      len = MAX (len, lengths[i]);
      g_assert_cmpuint (column.len, ==, len);
    }
  g_assert_cmpuint (trama_column_index (&column, guint32, 0), ==, 0);
  g_assert_cmpuint (trama_column_index (&column, guint32, 38), ==, 0x05050505);
  trama_column_clear (&column);
}

static void
test_truncates (void)
{
  TramaColumn column;

  trama_column_init (&column, sizeof (guint32));
  trama_column_fill (&column, 100, 1);
  trama_column_truncate (&column, 200);
  g_assert_cmpuint (column.len, ==, 100);
  trama_column_truncate (&column, 7);
  trama_column_add (&column, guint32) = 8;
  g_assert_cmpuint (column.len, ==, 8);
  g_assert_cmpuint (trama_column_index (&column, guint32, 6), ==, 0x01010101);
  g_assert_cmpuint (trama_column_index (&column, guint32, 7), ==, 8);
  trama_column_clear (&column);
  g_assert_cmpuint (column.len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/column/keeps-what-was-added", test_keeps_what_was_added);
  g_test_add_func ("/trace/column/does-not-move", test_does_not_move);
  g_test_add_func ("/trace/column/fills", test_fills);
  g_test_add_func ("/trace/column/truncates", test_truncates);
  return g_test_run ();
}
