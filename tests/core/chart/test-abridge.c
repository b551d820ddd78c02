/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/abridge.h"

static void
check (const char *args, const char *const *wanted)
{
  for (guint step = 0; step <= TRAMA_ABRIDGE_STEPS; step++)
    {
      g_autofree char *text = trama_args_abridge (args, step);

      g_assert_cmpstr (text, ==, step == 0 ? args : wanted[step - 1]);
    }
}

#define CHECK(args, ...) check (args, (const char *const[TRAMA_ABRIDGE_STEPS]){ __VA_ARGS__ })

static void
test_steps (void)
{
  CHECK ("(AF_INET, SOCK_STREAM, 0)", "(AF_INET, SOCK_STREAM, 0)", "(AF_INET, SOCK_STREAM, 0)",
         "(AF_INET, SOCK_STREAM, 0)", "(…, SOCK_STREAM, 0)", "(…, SOCK_STREAM, 0)", "(…)", "(…)");
  CHECK ("(3, 127.0.0.1:5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)",
         "(3, …)", "(…)");
  CHECK ("(3, [::ffff:127.0.0.1]:80)", "(3, :80)", "(3, :80)", "(3, :80)", "(3, :80)", "(3, :80)", "(3, …)",
         "(…)");
  CHECK ("(3, \"How are you?\\n\", 13, 0, 127.0.0.1:5001)", "(3, \"How are you?\\n\", 13, 0, :5001)",
         "(3, \"How ar…\", 13, 0, :5001)", "(3, \"How ar…\", …, :5001)", "(3, \"How ar…\", …, :5001)",
         "(3, …, :5001)", "(3, …)", "(…)");
  CHECK ("(4, \"Hello?\\n\", 64)", "(4, \"Hello?\\n\", 64)", "(4, \"Hello?…\", 64)", "(4, \"Hello?…\", …)",
         "(4, \"Hello?…\", …)", "(4, \"He…\", …)", "(4, …)", "(…)");
  CHECK ("(3, SOL_SOCKET, SO_LINGER, {1, 0})", "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
         "(3, SOL_SOCKET, SO_LINGER, {1, 0})", "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
         "(3, …, SO_LINGER, {1, 0})", "(3, …, SO_LINGER, {1, 0})", "(3, …)", "(…)");
}

/* A comma, a bracket and a port in a text are letters; a file name is no address. */
static void
test_letters (void)
{
  CHECK ("(3, \"a, \\\"b) c\", 64)", "(3, \"a, \\\"b) c\", 64)", "(3, \"a, \\\"b)…\", 64)",
         "(3, \"a, \\\"b)…\", …)", "(3, \"a, \\\"b)…\", …)", "(3, \"a,…\", …)", "(3, …)", "(…)");
  CHECK ("(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")",
         "(3, …)", "(…)");
  CHECK ("(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, …)",
         "(…)");
  CHECK ("(3, \"ñandúes áéíóú\", 19)", "(3, \"ñandúes áéíóú\", 19)", "(3, \"ñandúe…\", 19)",
         "(3, \"ñandúe…\", …)", "(3, \"ñandúe…\", …)", "(3, \"ña…\", …)", "(3, …)", "(…)");
}

/* The only argument is what the call is about. */
static void
test_ends (void)
{
  CHECK ("(3)", "(3)", "(3)", "(3)", "(3)", "(3)", "(3)", "(3)");
  CHECK ("()", "()", "()", "()", "()", "()", "()", "()");
  CHECK ("", "", "", "", "", "", "", "");
  CHECK ("(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\");
}

static void
check_cut (const char *args, guint n_letters, const char *wanted)
{
  g_autofree char *text = trama_args_cut (args, n_letters);

  g_assert_cmpstr (text, ==, wanted);
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, MAX (n_letters, 3));
}

/* What is cut still is one pair of brackets. */
static void
test_cut (void)
{
  check_cut ("(3, …, SO_REUSEADDR, 1)", 40, "(3, …, SO_REUSEADDR, 1)");
  check_cut ("(3, …, SO_REUSEADDR, 1)", 22, "(3, …, SO_REUSEADDR…)");
  check_cut ("(3, …, SO_REUSEADDR, 1)", 12, "(3, …, SO_…)");
  check_cut ("(3, …, SO_REUSEADDR, 1)", 8, "(3, …)");
  check_cut ("(3, echo request · seq 1 · 14 B)", 22, "(3, echo request…)");
  check_cut ("(3, \"ñandú\")", 9, "(3, \"ña…)");
}

static void
check_result (const char *result, const char *const *wanted)
{
  for (guint step = 0; step <= TRAMA_ABRIDGE_RESULT_STEPS; step++)
    {
      g_autofree char *text = trama_result_abridge (result, step);

      g_assert_cmpstr (text, ==, step == 0 ? result : wanted[step - 1]);
    }
}

#define CHECK_RESULT(result, ...)                                                                            \
  check_result (result, (const char *const[TRAMA_ABRIDGE_RESULT_STEPS]){ __VA_ARGS__ })

static void
test_results (void)
{
  CHECK_RESULT ("= 0", "= 0", "= 0", "= 0");
  CHECK_RESULT ("= 4 ← 127.0.0.1:33194", "= 4 ← :33194", "= 4 ← :33194", "= 4 ← :33194");
  CHECK_RESULT ("= 4 ← (unnamed)", "= 4 ← (unnamed)", "= 4 ← (unnamed)", "= 4 ← (unnamed)");
  CHECK_RESULT ("= 14 \"Good morning.\\n\" ← 127.0.0.1:5001", "= 14 \"Good morning.\\n\" ← :5001",
                "= 14 \"Good m…\" ← :5001", "= 14 \"Go…\" ← :5001");
  CHECK_RESULT ("= 4000 \"abcdefghij\"…", "= 4000 \"abcdefghij\"…", "= 4000 \"abcdef…\"", "= 4000 \"ab…\"");
  CHECK_RESULT ("= 1 \"!\" rights [4]", "= 1 \"!\" rights [4]", "= 1 \"!\" rights [4]",
                "= 1 \"!\" rights [4]");
  CHECK_RESULT ("= 5 \"a \\\" ← b\"", "= 5 \"a \\\" ← b\"", "= 5 \"a \\\" ← …\"", "= 5 \"a …\"");
  CHECK_RESULT ("= 1 [{3, POLLIN}]", "= 1 [{3, POLLIN}]", "= 1 […]", "= 1 […]");
  CHECK_RESULT ("= -1 ECONNRESET", "= -1 ECONNRESET", "= -1 ECONNRESET", "ECONNRESET");
  CHECK_RESULT ("= -1", "= -1", "= -1", "= -1");
  CHECK_RESULT ("= 5 \"open", "= 5 \"open", "= 5 \"open", "= 5 \"open");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/abridge/steps", test_steps);
  g_test_add_func ("/chart/abridge/letters", test_letters);
  g_test_add_func ("/chart/abridge/ends", test_ends);
  g_test_add_func ("/chart/abridge/cut", test_cut);
  g_test_add_func ("/chart/abridge/results", test_results);
  return g_test_run ();
}
