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
         "(AF_INET, SOCK_STREAM, 0)", "(…, SOCK_STREAM, 0)", "(…, SOCK_STREAM, 0)");
  CHECK ("(3, 127.0.0.1:5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)", "(3, :5000)");
  CHECK ("(3, [::ffff:127.0.0.1]:80)", "(3, :80)", "(3, :80)", "(3, :80)", "(3, :80)", "(3, :80)");
  CHECK ("(3, \"How are you?\\n\", 13, 0, 127.0.0.1:5001)", "(3, \"How are you?\\n\", 13, 0, :5001)",
         "(3, \"How ar…\", 13, 0, :5001)", "(3, \"How ar…\", …, :5001)", "(3, \"How ar…\", …, :5001)",
         "(3, …, :5001)");
  CHECK ("(4, \"Hello?\\n\", 64)", "(4, \"Hello?\\n\", 64)", "(4, \"Hello?…\", 64)", "(4, \"Hello?…\", …)",
         "(4, \"Hello?…\", …)", "(4, \"He…\", …)");
  CHECK ("(3, SOL_SOCKET, SO_LINGER, {1, 0})", "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
         "(3, SOL_SOCKET, SO_LINGER, {1, 0})", "(3, SOL_SOCKET, SO_LINGER, {1, 0})",
         "(3, …, SO_LINGER, {1, 0})", "(3, …, SO_LINGER, {1, 0})");
}

/* A comma, a bracket and a port in a text are letters; a file name is no address. */
static void
test_letters (void)
{
  CHECK ("(3, \"a, \\\"b) c\", 64)", "(3, \"a, \\\"b) c\", 64)", "(3, \"a, \\\"b)…\", 64)",
         "(3, \"a, \\\"b)…\", …)", "(3, \"a, \\\"b)…\", …)", "(3, \"a,…\", …)");
  CHECK ("(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")", "(3, \"1:2\")");
  CHECK ("(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)", "(3, @radio)");
  CHECK ("(3, \"ñandúes áéíóú\", 19)", "(3, \"ñandúes áéíóú\", 19)", "(3, \"ñandúe…\", 19)",
         "(3, \"ñandúe…\", …)", "(3, \"ñandúe…\", …)", "(3, \"ña…\", …)");
}

/* The only argument is what the call is about. */
static void
test_ends (void)
{
  CHECK ("(3)", "(3)", "(3)", "(3)", "(3)", "(3)");
  CHECK ("()", "()", "()", "()", "()", "()");
  CHECK ("", "", "", "", "", "");
  CHECK ("(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\", "(3, \"\\");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/abridge/steps", test_steps);
  g_test_add_func ("/chart/abridge/letters", test_letters);
  g_test_add_func ("/chart/abridge/ends", test_ends);
  return g_test_run ();
}
