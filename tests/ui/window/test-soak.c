/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/window/fixture.h"
#include "tests/ui/window/random_trace.h"

#include <glib/gstdio.h>
#include <malloc.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
/* Of the sanitizers' run-time library; GCC installs no header for it. */
size_t __sanitizer_get_current_allocated_bytes (void);
#endif

/*
 * One window in which trace after trace is opened and session after session run: what it holds in memory does not grow.
 * TRAMA_SOAK_ROUNDS says how often. The first rounds fill what is kept for good: fonts, styles, strings; the last
 * quarter is compared with the second.
 */
#define ROUNDS "48"
#define EVENTS 300
/* A round, at most: of the texts of each run's times some 12 KiB come into a cache of so many texts (ui/paint/text.c). */
#define GROWTH_BYTES 32768
/* Two strips of 1920 × 256 points, kept or not. */
#define KEPT_BYTES (4 << 20)

static gsize
live_bytes (void)
{
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes ();
#else
  struct mallinfo2 info = mallinfo2 ();

  return info.uordblks + info.hblkhd;
#endif
}

static guint
get_rounds (void)
{
  const char *told = g_getenv ("TRAMA_SOAK_ROUNDS");

  return (guint) atoi (told != NULL ? told : ROUNDS);
}

typedef void (*RoundFunc) (Fixture *fixture, guint round);

static void
soak (Fixture *fixture, RoundFunc do_round)
{
  const guint n_rounds = MAX (get_rounds (), 4) / 4 * 4;
  gsize bytes = G_MAXSIZE;
  gsize least[4];

  /* Of each quarter the least: a strip that is being painted or kept for a while is no leak. */
  for (guint i = 1; i <= n_rounds; i++)
    {
      do_round (fixture, i);
      bytes = MIN (bytes, live_bytes ());
      if (i % (n_rounds / 4) != 0)
        continue;
      g_test_message ("until %u rounds: %" G_GSIZE_FORMAT " KiB", i, bytes / 1024);
      least[i / (n_rounds / 4) - 1] = bytes;
      bytes = G_MAXSIZE;
    }
  g_assert_cmpuint (least[3], <, least[1] + n_rounds / 2 * GROWTH_BYTES + KEPT_BYTES);
}

/* Always the same few traces: what is different each time would be remembered in some cache for a while. */
static void
open_trace (Fixture *fixture, guint round)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1 + round % 3);
  g_autofree char *folder = g_dir_make_tmp ("trama-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "random.pcapng", NULL);

  random_trace_write (path, rand, RANDOM_TRACE_MIXED, EVENTS);
  trama_window_open (fixture->window, path);
  fixture_wait_finished (fixture);
  g_assert_cmpuint (trama_store_n_packets (fixture_get_store (fixture)), >, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_traces (Fixture *fixture, gconstpointer data)
{
  soak (fixture, open_trace);
}

static void
run_session (Fixture *fixture, guint round)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "run", NULL);
  g_assert_true (trama_feed_is_running (trama_window_get_feed (fixture->window)));
  fixture_wait_finished (fixture);
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  soak (fixture, run_session);
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/soak/traces", test_traces);
  fixture_add ("/soak/sessions", test_sessions);
  return g_test_run ();
}
