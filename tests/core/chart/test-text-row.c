/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/text_row.h"

static char *
written (const TramaTextRow *row)
{
  GString *out = g_string_new (NULL);

  trama_text_row_append (row, out);
  return g_string_free (out, FALSE);
}

static void
test_width (void)
{
  g_assert_cmpuint (trama_text_width (""), ==, 0);
  g_assert_cmpuint (trama_text_width ("accept"), ==, 6);
  g_assert_cmpuint (trama_text_width ("µs · …"), ==, 6);
  g_assert_cmpuint (trama_text_width ("日本"), ==, 4);
  g_assert_cmpuint (trama_text_width ("e\u0301te\u0301"), ==, 3);
}

static void
test_wide (void)
{
  g_auto (TramaTextRow) row = { 0 };
  g_autofree char *text = NULL;

  trama_text_row_init (&row, 10);
  g_assert_cmpuint (trama_text_row_put (&row, 1, 10, "日本"), ==, 5);
  trama_text_row_put (&row, 6, 10, "x");
  text = written (&row);
  g_assert_cmpstr (text, ==, " 日本 x\n");
}

/* What overwrites half of a wide character leaves a blank for the other half. */
static void
test_halves (void)
{
  g_auto (TramaTextRow) row = { 0 };
  g_autofree char *text = NULL;

  trama_text_row_init (&row, 10);
  trama_text_row_put (&row, 0, 10, "日本語");
  trama_text_row_fill (&row, 1, 2, '|');
  trama_text_row_fill (&row, 4, 5, '|');
  text = written (&row);
  g_assert_cmpstr (text, ==, " |本|\n");
}

/* A wide character that has room for one half only is cut. */
static void
test_cut (void)
{
  g_auto (TramaTextRow) row = { 0 };
  g_autofree char *text = NULL;

  trama_text_row_init (&row, 5);
  trama_text_row_put (&row, 0, 5, "日本語");
  text = written (&row);
  g_assert_cmpstr (text, ==, "日本…\n");
  g_assert_cmpuint (trama_text_width (text), ==, 6); /* with the line feed */
}

static void
test_marks (void)
{
  g_auto (TramaTextRow) row = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *next = NULL;

  trama_text_row_init (&row, 10);
  trama_text_row_put (&row, 0, 10, "cafe\u0301");
  trama_text_row_put (&row, 5, 10, "x");
  text = written (&row);
  g_assert_cmpstr (text, ==, "cafe\u0301 x\n");
  trama_text_row_blank (&row);
  trama_text_row_put (&row, 0, 10, "cafes");
  next = written (&row);
  g_assert_cmpstr (next, ==, "cafes\n");
}

static void
test_ascii (void)
{
  static const char *const pairs[][2] = {
    { "│ accept(3) … ░", "| accept(3) ~ :" },
    { "◀── SYN · 7 B ──▶", "<-- SYN , 7 B -->" },
    { "+3 µs", "+3 us" },
    { "señal “日”", "senal \"??\"" },
    { "cafe\u0301 ☃", "cafe ?" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *ascii = trama_text_to_ascii (pairs[i][0]);

      g_assert_cmpstr (ascii, ==, pairs[i][1]);
      g_assert_cmpuint (trama_text_width (ascii), ==, trama_text_width (pairs[i][0]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/text-row/width", test_width);
  g_test_add_func ("/chart/text-row/wide", test_wide);
  g_test_add_func ("/chart/text-row/halves", test_halves);
  g_test_add_func ("/chart/text-row/cut", test_cut);
  g_test_add_func ("/chart/text-row/marks", test_marks);
  g_test_add_func ("/chart/text-row/ascii", test_ascii);
  return g_test_run ();
}
