/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/turns.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nobody waits for ever: whoever does is ended by SIGALRM, and the test sees it. */
#define GUARD_S 30
#define LOG_MAX 4096

/* What happened, in the order it happened: written by the actors, each in its turn. */
typedef struct
{
  _Atomic guint32 n;
  char entries[LOG_MAX][4];
} Log;

typedef struct
{
  TramaTurns *turns;
  Log *log;
  int to[TRAMA_TURNS_MAX_ACTORS][2]; /* a pipe to each actor */
  pid_t pids[TRAMA_TURNS_MAX_ACTORS];
  guint n_actors;
} Stage;

/*
 * What an actor does, one letter a step, blanks between:
 *   c     a call that sends        r<n>  a call that receives: reads a byte from pipe n
 *   w<n>  a call that writes a byte to pipe n
 *   s<n>  gives signal n           a<n>  waits for signal n
 */
typedef struct
{
  const Stage *stage;
  guint actor;
  guint waits[10];
} Player;

static void
note (const Stage *stage, guint actor, char what)
{
  guint place = atomic_fetch_add (&stage->log->n, 1);

  g_assert_cmpuint (place, <, LOG_MAX);
  stage->log->entries[place][0] = (char) ('A' + actor);
  stage->log->entries[place][1] = what;
}

static void
play_call (Player *player, char kind, guint number, guint line)
{
  const Stage *stage = player->stage;
  char byte = 0;

  trama_turns_enter (stage->turns, player->actor, kind == 'r', line);
  note (stage, player->actor, kind);
  if (kind == 'w' && write (stage->to[number][1], &byte, 1) != 1)
    _exit (2);
  if (kind == 'r' && read (stage->to[number][0], &byte, 1) != 1)
    _exit (3);
  if (kind == 'r')
    note (stage, player->actor, 'R');
  trama_turns_leave (stage->turns, player->actor);
}

G_NORETURN static void
play (const Stage *stage, guint actor, const char *script)
{
  Player player = { stage, actor, { 0 } };
  guint line = 0;

  alarm (GUARD_S);
  trama_turns_join (stage->turns, actor);
  for (const char *step = script; *step != '\0'; step++)
    {
      guint number = g_ascii_isdigit (step[1]) ? (guint) (step[1] - '0') : 0;

      if (*step == 's')
        trama_turns_signal (stage->turns, number);
      else if (*step == 'a')
        trama_turns_wait (stage->turns, actor, number, ++player.waits[number]);
      else if (*step == 'c' || *step == 'r' || *step == 'w')
        play_call (&player, *step, number, ++line);
    }
  _exit (0);
}

static void
stage_open (Stage *stage, guint n_actors)
{
  memset (stage, 0, sizeof *stage);
  stage->n_actors = n_actors;
  stage->turns = trama_turns_new (n_actors);
  g_assert_nonnull (stage->turns);
  stage->log = mmap (NULL, sizeof *stage->log, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (stage->log != MAP_FAILED);
  for (guint i = 0; i < n_actors; i++)
    g_assert_cmpint (pipe (stage->to[i]), ==, 0);
}

static void
stage_close (Stage *stage)
{
  for (guint i = 0; i < stage->n_actors; i++)
    {
      close (stage->to[i][0]);
      close (stage->to[i][1]);
    }
  munmap (stage->log, sizeof *stage->log);
  trama_turns_free (stage->turns);
}

/* As the lab does it: an actor's end is told when its process has ended. */
static void
stage_play (Stage *stage, const char *const *scripts)
{
  for (guint i = 0; i < stage->n_actors; i++)
    {
      stage->pids[i] = fork ();
      g_assert_cmpint (stage->pids[i], >=, 0);
      if (stage->pids[i] == 0)
        play (stage, i, scripts[i]);
    }
  for (guint ended = 0; ended < stage->n_actors; ended++)
    {
      int status;
      pid_t pid = waitpid (-1, &status, 0);

      g_assert_true (WIFEXITED (status));
      g_assert_cmpint (WEXITSTATUS (status), ==, 0);
      for (guint i = 0; i < stage->n_actors; i++)
        if (stage->pids[i] == pid)
          trama_turns_end (stage->turns, i);
    }
}

static char *
stage_get_log (const Stage *stage)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < stage->log->n; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", stage->log->entries[i]);
  return g_string_free (text, FALSE);
}

static void
assert_order (guint n_actors, const char *const *scripts, const char *expected)
{
  /* What is settled by rules comes out the same every time. */
  for (guint run = 0; run < 20; run++)
    {
      Stage stage;
      g_autofree char *text = NULL;

      stage_open (&stage, n_actors);
      stage_play (&stage, scripts);
      text = stage_get_log (&stage);
      g_assert_cmpstr (text, ==, expected);
      stage_close (&stage);
    }
}

static void
test_alone (void)
{
  static const char *const scripts[] = { "c c w0 r0 c" };

  assert_order (1, scripts, "Ac Ac Aw Ar AR Ac");
}

/* Among equals the first of the session begins, and who went last goes on. */
static void
test_first_then_last (void)
{
  static const char *const scripts[] = { "c c c", "c c c", "c" };

  assert_order (3, scripts, "Ac Ac Ac Bc Bc Bc Cc");
}

/* The letter box is there before the letter: B waits in read(2) before A writes, though A is the first. */
static void
test_receiver_first (void)
{
  static const char *const scripts[] = { "c w1 c", "r1 c" };

  assert_order (2, scripts, "Br Ac Aw BR Ac Bc");
}

/* Two receivers: the first of the session, and each as soon as it is woken. */
static void
test_receivers (void)
{
  static const char *const scripts[] = { "w2 w1 c", "r1 w2", "r2 r2" };

  assert_order (3, scripts, "Br Cr Aw CR Cr Aw BR Ac Bw CR");
}

/* A call that returns at once gives the turn to who receives. */
static void
test_ready (void)
{
  static const char *const scripts[] = { "w1 w1 c", "c r1 r1 c" };

  assert_order (2, scripts, "Aw Aw Ac Bc Br BR Br BR Bc");
}

/* A signal lets pass who waits for it the first time, not who waits the second time. */
static void
test_signals (void)
{
  static const char *const scripts[] = { "c s0 c c s0 c", "a0 c a0 c", "a0 c" };

  assert_order (3, scripts, "Ac Ac Ac Ac Bc Bc Cc");
}

/* Given before it is waited for, it is not lost. */
static void
test_early_signal (void)
{
  static const char *const scripts[] = { "s0 s0 s1", "a1 a0 a0 c" };

  assert_order (2, scripts, "Bc");
}

/* Each waits for the other in turn: nobody may be left behind. */
static void
test_ping_pong (void)
{
  static const char *const scripts[] = { "c s0 a1 c s0 a1 c s0 a1 c s0 a1 c s0 a1 c",
                                         "a0 c s1 a0 c s1 a0 c s1 a0 c s1 a0 c s1" };

  assert_order (2, scripts, "Ac Bc Ac Bc Ac Bc Ac Bc Ac Bc Ac");
}

/* As many as there may be, all through one pipe after the other. */
static void
test_chain (void)
{
  static const char *const scripts[] = { "w1 r0", "r1 w2", "r2 w3", "r3 w4", "r4 w5",
                                         "r5 w6", "r6 w7", "r7 w8", "r8 w9", "r9 w0" };

  assert_order (10, scripts,
                "Br Cr Dr Er Fr Gr Hr Ir Jr Aw BR Ar Bw CR Cw DR Dw ER Ew FR Fw GR Gw HR Hw IR Iw JR Jw AR");
}

static void
test_many (void)
{
  const char *scripts[TRAMA_TURNS_MAX_ACTORS];
  Stage stage;

  for (guint i = 0; i < TRAMA_TURNS_MAX_ACTORS; i++)
    scripts[i] = "c c c c c c c c c c c c c c c c c c c c";
  stage_open (&stage, TRAMA_TURNS_MAX_ACTORS);
  stage_play (&stage, scripts);
  g_assert_cmpuint (stage.log->n, ==, TRAMA_TURNS_MAX_ACTORS * 20);
  for (guint i = 0; i < stage.log->n; i++)
    g_assert_cmpint (stage.log->entries[i][0], ==, (char) ('A' + i / 20));
  stage_close (&stage);
}

/* Whoever is stuck for good lets the others come to their ends, and can be asked for its line. */
static void
test_stuck (void)
{
  Stage stage;
  int status;
  g_autofree char *text = NULL;

  stage_open (&stage, 3);
  for (guint i = 0; i < 3; i++)
    {
      static const char *const scripts[] = { "c r0", "c c", "a7 c" };

      stage.pids[i] = fork ();
      g_assert_cmpint (stage.pids[i], >=, 0);
      if (stage.pids[i] == 0)
        play (&stage, i, scripts[i]);
    }
  alarm (GUARD_S);
  g_assert_cmpint (waitpid (stage.pids[1], &status, 0), ==, stage.pids[1]);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  trama_turns_end (stage.turns, 1);
  g_assert_cmpuint (trama_turns_get_line (stage.turns, 0), ==, 2);
  g_assert_cmpuint (trama_turns_get_line (stage.turns, 1), ==, 0);
  g_assert_cmpuint (trama_turns_get_line (stage.turns, 2), ==, 0);
  kill (stage.pids[0], SIGKILL);
  kill (stage.pids[2], SIGKILL);
  waitpid (stage.pids[0], &status, 0);
  waitpid (stage.pids[2], &status, 0);
  alarm (0);
  text = stage_get_log (&stage);
  g_assert_cmpstr (text, ==, "Ac Ar Bc Bc");
  stage_close (&stage);
}

/* One that ends without a word holds the others up, for it may still come to a gate; until the lab sees its end. */
static void
test_silent_end (void)
{
  static const char *const scripts[] = { "", "c c" };
  Stage stage;
  int status;

  stage_open (&stage, 2);
  for (guint i = 0; i < 2; i++)
    {
      stage.pids[i] = fork ();
      g_assert_cmpint (stage.pids[i], >=, 0);
      if (stage.pids[i] == 0)
        play (&stage, i, scripts[i]);
    }
  alarm (GUARD_S);
  g_assert_cmpint (waitpid (stage.pids[0], &status, 0), ==, stage.pids[0]);
  g_usleep (20000);
  g_assert_cmpuint (stage.log->n, ==, 0);
  trama_turns_end (stage.turns, 0);
  g_assert_cmpint (waitpid (stage.pids[1], &status, 0), ==, stage.pids[1]);
  alarm (0);
  g_assert_cmpuint (stage.log->n, ==, 2);
  stage_close (&stage);
}

static void
test_failure (void)
{
  g_autoptr (TramaTurns) turns = trama_turns_new (2);
  g_autofree char *lengthy = g_strnfill (2 * TRAMA_TURNS_FAILURE_BYTES, 'x');
  g_autoptr (TramaTurns) other = trama_turns_new (1);

  g_assert_null (trama_turns_get_failure (turns));
  trama_turns_fail (turns, "the first");
  trama_turns_fail (turns, "the second");
  g_assert_cmpstr (trama_turns_get_failure (turns), ==, "the first");
  trama_turns_fail (other, lengthy);
  g_assert_cmpuint (strlen (trama_turns_get_failure (other)), ==, TRAMA_TURNS_FAILURE_BYTES - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/turns/alone", test_alone);
  g_test_add_func ("/lab/turns/first-then-last", test_first_then_last);
  g_test_add_func ("/lab/turns/receiver-first", test_receiver_first);
  g_test_add_func ("/lab/turns/receivers", test_receivers);
  g_test_add_func ("/lab/turns/ready", test_ready);
  g_test_add_func ("/lab/turns/signals", test_signals);
  g_test_add_func ("/lab/turns/early-signal", test_early_signal);
  g_test_add_func ("/lab/turns/ping-pong", test_ping_pong);
  g_test_add_func ("/lab/turns/chain", test_chain);
  g_test_add_func ("/lab/turns/many", test_many);
  g_test_add_func ("/lab/turns/stuck", test_stuck);
  g_test_add_func ("/lab/turns/silent-end", test_silent_end);
  g_test_add_func ("/lab/turns/failure", test_failure);
  return g_test_run ();
}
