/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/command.h"

static void
assert_parsed (const char *line, TramaCommandKind kind, const char *name, guint number)
{
  TramaCommand command = trama_command_parse (line);

  g_assert_cmpint (command.kind, ==, kind);
  g_assert_cmpstr (command.name, ==, name);
  g_assert_cmpuint (command.number, ==, number);
}

static void
test_known (void)
{
  assert_parsed ("pause", TRAMA_COMMAND_PAUSE, NULL, 0);
  assert_parsed ("run", TRAMA_COMMAND_RUN, NULL, 0);
  assert_parsed ("step", TRAMA_COMMAND_STEP, NULL, 0);
  assert_parsed ("step server", TRAMA_COMMAND_STEP, "server", 0);
  assert_parsed ("step worker 2", TRAMA_COMMAND_STEP, "worker 2", 0);
  assert_parsed ("until 12", TRAMA_COMMAND_UNTIL, NULL, 12);
  assert_parsed ("pace 500", TRAMA_COMMAND_PACE, NULL, 500);
  assert_parsed ("pace 0", TRAMA_COMMAND_PACE, NULL, 0);
  assert_parsed ("pace 60000", TRAMA_COMMAND_PACE, NULL, 60000);
}

static void
test_unknown (void)
{
  static const char *const lines[] = {
    "",         " ",          "paus",      "pauses",   "Pause", "pause now",  "run 1",   "until",
    "until x",  "until -1",   "until 1 2", "until  1", "pace",  "pace 60001", "pace 1s", "until 99999999999",
    "\xff\xfe", "stepserver",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_parsed (lines[i], TRAMA_COMMAND_NONE, NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/command/known", test_known);
  g_test_add_func ("/lab/command/unknown", test_unknown);
  return g_test_run ();
}
