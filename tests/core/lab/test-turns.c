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

#define LOOK_US 500

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
 *   z<n>  rests until n things have happened
 * The n-th step stands in line n.
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

static void
rest (const Stage *stage, guint actor, guint n)
{
  trama_turns_rest (stage->turns, actor);
  while (atomic_load (&stage->log->n) < n)
    g_usleep (LOOK_US);
  trama_turns_resume (stage->turns, actor);
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

      if (!g_ascii_isalpha (*step))
        continue;
      line++;
      if (*step == 'c' || *step == 'r' || *step == 'w')
        {
          play_call (&player, *step, number, line);
          continue;
        }
      trama_turns_pass (stage->turns, actor, line);
      if (*step == 's')
        trama_turns_signal (stage->turns, number);
      else if (*step == 'a')
        trama_turns_wait (stage->turns, actor, number, ++player.waits[number]);
      else if (*step == 'z')
        rest (stage, actor, number);
    }
  _exit (0);
}

static void
stage_open_ordered (Stage *stage, guint n_actors, TramaSessionOrder order)
{
  memset (stage, 0, sizeof *stage);
  stage->n_actors = n_actors;
  stage->turns = trama_turns_new (n_actors, order);
  g_assert_nonnull (stage->turns);
  stage->log = mmap (NULL, sizeof *stage->log, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_assert_true (stage->log != MAP_FAILED);
  for (guint i = 0; i < n_actors; i++)
    g_assert_cmpint (pipe (stage->to[i]), ==, 0);
}

static void
stage_open (Stage *stage, guint n_actors)
{
  stage_open_ordered (stage, n_actors, TRAMA_ORDER_TURNS);
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

static void
stage_start (Stage *stage, const char *const *scripts)
{
  for (guint i = 0; i < stage->n_actors; i++)
    {
      stage->pids[i] = fork ();
      g_assert_cmpint (stage->pids[i], >=, 0);
      if (stage->pids[i] == 0)
        play (stage, i, scripts[i]);
    }
}

/* As the lab does it: an actor's end is told when its process has ended. */
static void
stage_end (Stage *stage)
{
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

static void
stage_play (Stage *stage, const char *const *scripts)
{
  stage_start (stage, scripts);
  stage_end (stage);
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
assert_stands (const Stage *stage, guint actor, TramaPositionStatus status, guint line)
{
  guint stands_in;

  g_assert_cmpuint (trama_turns_get_position (stage->turns, actor, &stands_in), ==, status);
  g_assert_cmpuint (stands_in, ==, line);
}

static void
await_position (const Stage *stage, guint actor, TramaPositionStatus status, guint line)
{
  guint stands_in;

  for (guint looks = 0; looks < GUARD_S * 1000; looks++)
    {
      if (trama_turns_get_position (stage->turns, actor, &stands_in) == status && stands_in == line)
        return;
      g_usleep (1000);
    }
  assert_stands (stage, actor, status, line);
}

/* Long enough for who is not held to go on. */
static void
assert_log_stays (const Stage *stage, const char *expected)
{
  g_autofree char *text = NULL;

  g_usleep (20000);
  text = stage_get_log (stage);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_log_becomes (const Stage *stage, const char *expected)
{
  g_autofree char *text = NULL;

  for (guint looks = 0; looks < GUARD_S * 1000; looks++)
    {
      g_clear_pointer (&text, g_free);
      text = stage_get_log (stage);
      if (strcmp (text, expected) == 0)
        break;
      g_usleep (1000);
    }
  assert_log_stays (stage, expected);
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
  assert_stands (&stage, 0, TRAMA_POSITION_CALL, 2);
  assert_stands (&stage, 1, TRAMA_POSITION_ENDED, 0);
  assert_stands (&stage, 2, TRAMA_POSITION_WAITING, 1);
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
  g_autoptr (TramaTurns) turns = trama_turns_new (2, TRAMA_ORDER_TURNS);
  g_autofree char *lengthy = g_strnfill (2 * TRAMA_TURNS_FAILURE_BYTES, 'x');
  g_autoptr (TramaTurns) other = trama_turns_new (1, TRAMA_ORDER_TURNS);
  g_autoptr (TramaTurns) spanish = trama_turns_new (1, TRAMA_ORDER_TURNS);
  GString *accents = g_string_new ("x");
  guint line;

  g_assert_null (trama_turns_get_failure (turns, &line));
  trama_turns_fail (turns, 7, "the first");
  trama_turns_fail (turns, 8, "the second");
  g_assert_cmpstr (trama_turns_get_failure (turns, &line), ==, "the first");
  g_assert_cmpuint (line, ==, 7);
  trama_turns_fail (other, 7, lengthy);
  g_assert_cmpuint (strlen (trama_turns_get_failure (other, &line)), ==, TRAMA_TURNS_FAILURE_BYTES - 1);
  /* "ó" takes two bytes, and the last of them has no room. */
  while (accents->len < 2 * TRAMA_TURNS_FAILURE_BYTES)
    g_string_append (accents, "ó");
  trama_turns_fail (spanish, 7, accents->str);
  g_assert_cmpuint (strlen (trama_turns_get_failure (spanish, &line)), ==, TRAMA_TURNS_FAILURE_BYTES - 1);
  g_assert_true (g_utf8_validate (trama_turns_get_failure (spanish, &line), -1, NULL));
  g_string_append (accents, "ó");
  g_string_free (accents, TRUE);
}

/* Who rests keeps nobody waiting, and comes back behind who went on meanwhile. */
static void
test_rest (void)
{
  static const char *const scripts[] = { "c z4 c", "c c", "c" };

  assert_order (3, scripts, "Ac Bc Bc Cc Ac");
}

static void
test_held (void)
{
  static const char *const scripts[] = { "c r0 c", "c w0" };
  Stage stage;

  stage_open (&stage, 2);
  trama_turns_hold (stage.turns);
  g_assert_true (trama_turns_is_watched (stage.turns));
  stage_start (&stage, scripts);
  await_position (&stage, 0, TRAMA_POSITION_GATE, 1);
  await_position (&stage, 1, TRAMA_POSITION_GATE, 1);
  assert_log_stays (&stage, "");
  g_assert_true (trama_turns_is_standing (stage.turns));

  /* Whose turn it is: the first of the session, then who receives; and the kernel blocks it. */
  trama_turns_step (stage.turns, TRAMA_TURNS_NOBODY);
  assert_log_becomes (&stage, "Ac");
  trama_turns_step (stage.turns, TRAMA_TURNS_NOBODY);
  assert_log_becomes (&stage, "Ac Ar");
  await_position (&stage, 0, TRAMA_POSITION_CALL, 2);

  /* By name, twice: the second write lets the other come back, to its next gate. */
  trama_turns_step (stage.turns, 1);
  trama_turns_step (stage.turns, 1);
  assert_log_becomes (&stage, "Ac Ar Bc Bw AR");
  await_position (&stage, 0, TRAMA_POSITION_GATE, 3);

  trama_turns_run (stage.turns);
  g_assert_false (trama_turns_is_watched (stage.turns));
  stage_end (&stage);
  assert_log_stays (&stage, "Ac Ar Bc Bw AR Ac");
  stage_close (&stage);
}

/* A step that is no call is no step to take: who is let go comes to the gate behind it. */
static void
test_held_passes (void)
{
  static const char *const scripts[] = { "s0 c s1 z1 c", "a1 c" };
  Stage stage;

  stage_open (&stage, 2);
  trama_turns_hold (stage.turns);
  stage_start (&stage, scripts);
  await_position (&stage, 0, TRAMA_POSITION_GATE, 2);
  await_position (&stage, 1, TRAMA_POSITION_WAITING, 1);
  trama_turns_step (stage.turns, TRAMA_TURNS_NOBODY);
  await_position (&stage, 0, TRAMA_POSITION_GATE, 5);
  await_position (&stage, 1, TRAMA_POSITION_GATE, 2);
  assert_log_stays (&stage, "Ac");
  trama_turns_run (stage.turns);
  stage_end (&stage);
  stage_close (&stage);
}

/* Steps granted before are worth nothing after all went on. */
static void
test_steps_are_not_kept (void)
{
  static const char *const scripts[] = { "a0 c a1 c c" };
  Stage stage;

  stage_open (&stage, 1);
  trama_turns_step (stage.turns, TRAMA_TURNS_NOBODY); /* nobody is held: of no effect */
  trama_turns_hold (stage.turns);
  trama_turns_step (stage.turns, TRAMA_TURNS_NOBODY);
  trama_turns_step (stage.turns, 0);
  stage_start (&stage, scripts);
  await_position (&stage, 0, TRAMA_POSITION_WAITING, 1);
  trama_turns_run (stage.turns);
  trama_turns_signal (stage.turns, 0);
  await_position (&stage, 0, TRAMA_POSITION_WAITING, 3);
  trama_turns_hold (stage.turns);
  trama_turns_signal (stage.turns, 1);
  await_position (&stage, 0, TRAMA_POSITION_GATE, 4);
  assert_log_stays (&stage, "Ac");
  trama_turns_run (stage.turns);
  stage_end (&stage);
  stage_close (&stage);
}

static void
test_until (void)
{
  static const char *const scripts[] = { "c c c s0 c" };
  static const guint lines[] = { 3, 4 };
  static const char *const logs[] = { "Ac Ac", "Ac Ac Ac" };

  for (guint order = TRAMA_ORDER_AUTO; order <= TRAMA_ORDER_FREE; order++)
    for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
      {
        Stage stage;

        stage_open_ordered (&stage, 1, order);
        trama_turns_run_until (stage.turns, lines[i]);
        stage_start (&stage, scripts);
        await_position (&stage, 0, TRAMA_POSITION_GATE, lines[i]);
        assert_log_stays (&stage, logs[i]);
        g_assert_true (trama_turns_is_standing (stage.turns));
        trama_turns_step (stage.turns, 0);
        assert_log_becomes (&stage, "Ac Ac Ac");
        trama_turns_run (stage.turns);
        stage_end (&stage);
        stage_close (&stage);
      }
}

/* Each step a while after the one before it, whoever takes it. */
static void
test_pace (void)
{
  static const char *const scripts[] = { "c c c", "c c" };
  Stage stage;
  gint64 begin_us;

  stage_open_ordered (&stage, 2, TRAMA_ORDER_FREE);
  trama_turns_set_pace (stage.turns, 30);
  g_assert_true (trama_turns_is_watched (stage.turns));
  begin_us = g_get_monotonic_time ();
  stage_play (&stage, scripts);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, >=, 4 * 30000);
  assert_log_stays (&stage, "Ac Ac Ac Bc Bc");
  trama_turns_set_pace (stage.turns, 0);
  g_assert_false (trama_turns_is_watched (stage.turns));
  stage_close (&stage);
}

/* Turns are kept for so many calls, then nobody waits any more. */
static void
test_auto (void)
{
  g_autoptr (GString) script = g_string_new (NULL);
  const char *scripts[2];
  Stage stage;
  guint i = 0;

  for (guint calls = 0; calls < TRAMA_TURNS_AUTO_CALLS; calls++)
    g_string_append (script, "c ");
  scripts[0] = scripts[1] = script->str;
  stage_open_ordered (&stage, 2, TRAMA_ORDER_AUTO);
  stage_play (&stage, scripts);
  g_assert_cmpuint (stage.log->n, ==, 2 * TRAMA_TURNS_AUTO_CALLS);
  g_assert_cmpuint (trama_turns_count_calls (stage.turns), ==, 2 * TRAMA_TURNS_AUTO_CALLS);
  /* The thousandth opens the gates; who stood at its own may go before A's last. */
  for (; i + 1 < TRAMA_TURNS_AUTO_CALLS; i++)
    g_assert_cmpint (stage.log->entries[i][0], ==, 'A');
  stage_close (&stage);
}

static void
test_places_of_forked (void)
{
  g_autoptr (TramaTurns) turns = trama_turns_new (2, TRAMA_ORDER_TURNS);
  guint line;

  g_assert_cmpuint (trama_turns_n_actors (turns), ==, 2);
  for (guint i = 0; i < TRAMA_SESSION_MAX_FORKS; i++)
    {
      g_assert_cmpuint (trama_turns_add (turns, 1, 7 + i), ==, 2 + i);
      g_assert_cmpuint (trama_turns_n_actors (turns), ==, 3 + i);
      g_assert_cmpuint (trama_turns_get_key (turns, 2 + i), ==, 7 + i);
      g_assert_false (trama_turns_has_process (turns, 2 + i));
    }
  g_assert_cmpuint (trama_turns_add (turns, 1, 99), ==, TRAMA_TURNS_NOBODY);

  /* Of two that were to be forked one was; then their parent was killed. */
  *trama_turns_get_pid_place (turns, 2) = getpid ();
  g_assert_true (trama_turns_has_process (turns, 2));
  trama_turns_end_unborn (turns, 0);
  g_assert_cmpuint (trama_turns_get_position (turns, 3, &line), ==, TRAMA_POSITION_RUNNING);
  trama_turns_end_unborn (turns, 1);
  g_assert_cmpuint (trama_turns_get_position (turns, 2, &line), ==, TRAMA_POSITION_RUNNING);
  g_assert_cmpuint (trama_turns_get_position (turns, 3, &line), ==, TRAMA_POSITION_ENDED);
  trama_turns_forget_process (turns, 2);
  g_assert_false (trama_turns_has_process (turns, 2));
}

/* The last of one's own goes before the last of all; a number is an order in time. */
static void
test_finding_forked (void)
{
  g_autoptr (TramaTurns) turns = trama_turns_new (2, TRAMA_ORDER_TURNS);

  g_assert_cmpuint (trama_turns_find_forked (turns, 0, 7, 0), ==, TRAMA_TURNS_NOBODY);
  g_assert_cmpuint (trama_turns_add (turns, 0, 7), ==, 2);
  g_assert_cmpuint (trama_turns_add (turns, 1, 8), ==, 3);
  g_assert_cmpuint (trama_turns_add (turns, 0, 7), ==, 4);
  g_assert_cmpuint (trama_turns_add (turns, 1, 7), ==, 5);
  g_assert_cmpuint (trama_turns_find_forked (turns, 0, 7, 0), ==, 4);
  g_assert_cmpuint (trama_turns_find_forked (turns, 1, 7, 0), ==, 5);
  g_assert_cmpuint (trama_turns_find_forked (turns, 3, 7, 0), ==, 5);
  g_assert_cmpuint (trama_turns_find_forked (turns, 1, 7, 1), ==, 2);
  g_assert_cmpuint (trama_turns_find_forked (turns, 1, 7, 2), ==, 4);
  g_assert_cmpuint (trama_turns_find_forked (turns, 1, 7, 4), ==, TRAMA_TURNS_NOBODY);
  g_assert_cmpuint (trama_turns_find_forked (turns, 0, 8, 0), ==, 3);

  /* One that will never be there keeps nobody waiting. */
  trama_turns_end_unborn (turns, 0);
  trama_turns_await_process (turns, 2);
  *trama_turns_get_pid_place (turns, 3) = getpid ();
  trama_turns_await_process (turns, 3);
}

/* Wait statuses, wait(2): the number of a signal, or the exit status in the second byte. */
static void
test_wanted_ends (void)
{
  g_autoptr (TramaTurns) turns = trama_turns_new (1, TRAMA_ORDER_TURNS);

  g_assert_true (trama_turns_is_wanted_end (turns, 0, 0));
  g_assert_false (trama_turns_is_wanted_end (turns, 0, 1 << 8));
  trama_turns_want_exit (turns, 0, 3);
  g_assert_true (trama_turns_is_wanted_end (turns, 0, 3 << 8));
  g_assert_false (trama_turns_is_wanted_end (turns, 0, 1 << 8));
  g_assert_false (trama_turns_is_wanted_end (turns, 0, SIGKILL));
  trama_turns_want_signal (turns, 0, SIGKILL, TRUE);
  trama_turns_want_signal (turns, 0, SIGPIPE, TRUE);
  g_assert_true (trama_turns_is_wanted_end (turns, 0, SIGKILL));
  trama_turns_want_signal (turns, 0, SIGPIPE, FALSE);
  g_assert_false (trama_turns_is_wanted_end (turns, 0, SIGPIPE));
  g_assert_true (trama_turns_is_wanted_end (turns, 0, SIGKILL));
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
  g_test_add_func ("/lab/turns/rest", test_rest);
  g_test_add_func ("/lab/turns/held", test_held);
  g_test_add_func ("/lab/turns/held-passes", test_held_passes);
  g_test_add_func ("/lab/turns/steps-are-not-kept", test_steps_are_not_kept);
  g_test_add_func ("/lab/turns/until", test_until);
  g_test_add_func ("/lab/turns/pace", test_pace);
  g_test_add_func ("/lab/turns/auto", test_auto);
  g_test_add_func ("/lab/turns/places-of-forked", test_places_of_forked);
  g_test_add_func ("/lab/turns/finding-forked", test_finding_forked);
  g_test_add_func ("/lab/turns/wanted-ends", test_wanted_ends);
  return g_test_run ();
}
