/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/labels.h"
#include "core/chart/users.h"
#include "tests/core/fixture.h"

#include <math.h>
#include <signal.h>

#define CHILD_PID 7777
#define N_TRACES 400
#define N_CALLS 6
#define TOUCH_PX 0.01

/* With this between them there are words at both, whatever is folded, at scale 1. */
#define APART_PX 56

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

/* What two processes do at which microsecond. */
typedef struct
{
  guint32 parent, child;
  gint64 birth_us, death_us;
} Family;

/* The child is forked then, sleeps in a call and is killed. */
static void
make_family (Fixture *fixture, Family *family)
{
  TramaEvent child = { .kind = TRAMA_EVENT_ACTOR,
                       .actor = { .id = 77,
                                  .pid = CHILD_PID,
                                  .start_ns = fixture_time_ns (family->birth_us),
                                  .end_ns = TRAMA_TIME_NONE,
                                  .name = "worker",
                                  .program = "worker" } };

  family->parent = fixture_actor (fixture, "server");
  family->child = child.actor.id;
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_FORK,
                                         .actor = family->parent,
                                         .entry_us = family->birth_us - 10,
                                         .exit_us = family->birth_us + 1,
                                         .result = CHILD_PID });
  trama_store_append (&child, fixture->store);
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_READ,
                                         .actor = family->child,
                                         .entry_us = (family->birth_us + family->death_us) / 2,
                                         .exit_us = FIXTURE_NEVER,
                                         .fd = 3 });
  child.actor.end_ns = fixture_time_ns (family->death_us);
  child.actor.status = SIGKILL;
  trama_store_append (&child, fixture->store);
}

static void
add_close (Fixture *fixture, guint32 actor, gint64 time_us)
{
  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_CLOSE, .actor = actor, .entry_us = time_us, .exit_us = time_us + 1, .fd = 3 });
}

/* A forked process begins where it was forked, and where one is killed its call ends. */
static void
test_lives (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  g_autoptr (TramaChart) chart = NULL;
  Family family = { .birth_us = 30, .death_us = 60 };
  double end_y;

  make_family (fixture, &family);
  add_close (fixture, family.parent, 90);
  table = trama_flow_table_new (fixture->store);
  chart = trama_chart_new (table, &page);
  end_y = trama_chart_y_of_time (chart, fixture_time_ns (60));
  g_assert_cmpuint (chart->n_lives, ==, 2);
  g_assert_false (chart->lives[0].ends);
  g_assert_cmpstr (chart->lives[0].label, ==, "forked by server");
  g_assert_cmpfloat (chart->lives[0].y, ==, trama_chart_y_of_time (chart, fixture_time_ns (30)));
  g_assert_true (chart->lives[1].ends);
  g_assert_cmpstr (chart->lives[1].label, ==, "killed by SIGKILL");
  g_assert_cmpfloat (chart->lives[1].y, ==, end_y);
  g_assert_true (chart->bars[1].open);
  g_assert_cmpfloat (chart->bars[1].y1, ==, end_y);
}

static gboolean
meet (double y0, double y1, double other_y0, double other_y1)
{
  return MIN (y1, other_y1) - MAX (y0, other_y0) > TOUCH_PX;
}

static gboolean
cover (const TramaRect *a, const TramaRect *b)
{
  return meet (a->x, a->x + a->width, b->x, b->x + b->width)
         && meet (a->y, a->y + a->height, b->y, b->y + b->height);
}

/* On no mark of a gap, and on no other words. */
static void
check_words (const TramaChart *chart)
{
  g_autoptr (GArray) labels = trama_chart_get_labels (chart);

  for (guint i = 0; i < labels->len; i++)
    {
      const TramaChartLabel *label = &g_array_index (labels, TramaChartLabel, i);

      if (label->kind != TRAMA_LABEL_LIFE)
        continue;
      for (guint tear = 0; tear < chart->n_tears; tear++)
        g_assert_false (meet (label->box.y, label->box.y + label->box.height, chart->tears[tear].y0,
                              chart->tears[tear].y1));
      for (guint other = 0; other < labels->len; other++)
        if (other != i)
          g_assert_false (cover (&label->box, &g_array_index (labels, TramaChartLabel, other).box));
    }
}

/* A gap is where nothing happens; who is killed is told so, whenever that is. */
static void
check_lives (const TramaChart *chart, const Family *family)
{
  g_assert_cmpuint (chart->n_lives, ==, 2);
  g_assert_cmpstr (chart->lives[1].label, ==, "killed by SIGKILL");
  if (chart->lives[1].y - chart->lives[0].y > APART_PX * chart->scale)
    g_assert_cmpstr (chart->lives[0].label, ==, "forked by server");
  for (guint life = 0; life < chart->n_lives; life++)
    {
      gint64 time_ns = fixture_time_ns (chart->lives[life].ends ? family->death_us : family->birth_us);

      for (guint tear = 0; tear < chart->n_tears; tear++)
        g_assert_true (time_ns <= chart->tears[tear].span.start_ns
                       || time_ns >= chart->tears[tear].span.end_ns);
    }
  check_words (chart);
}

/* Of every length from a microsecond to seconds. */
static gint64
random_wait_us (GRand *random)
{
  return (gint64) pow (10, g_rand_double_range (random, 0, 6.5));
}

static void
check_times (GRand *random)
{
  static const double text_scales[] = { 1, 1.5, 2 }, zooms[] = { 3, 1, 0.25 };
  g_autoptr (Fixture) fixture = fixture_new ();
  g_autoptr (TramaFlowTable) table = NULL;
  TramaChartOptions options = page;
  Family family = { .birth_us = random_wait_us (random) + 20 };
  gint64 time_us = 0;

  family.death_us = family.birth_us + random_wait_us (random);
  make_family (fixture, &family);
  for (guint i = 0; i < N_CALLS; i++)
    add_close (fixture, i % 3 == 0 ? family.child : family.parent, time_us += random_wait_us (random));
  table = trama_flow_table_new (fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (text_scales) * G_N_ELEMENTS (zooms); i++)
    {
      g_autoptr (TramaChart) fit = NULL;
      g_autoptr (TramaChart) chart = NULL;

      options.text_scale = text_scales[i % 3];
      options.ns_per_px = 0;
      fit = trama_chart_new (table, &options);
      options.ns_per_px = fit->ns_per_px * zooms[i / 3];
      chart = trama_chart_new (table, &options);
      check_lives (chart, &family);
    }
}

static void
test_times (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (41);

  for (guint i = 0; i < N_TRACES; i++)
    check_times (random);
}

/* Who is given a socket may call it by another number than who gave it. */
static void
test_handed_on (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  const guint32 doorman = fixture_actor (fixture, "doorman");
  const guint32 clerk = fixture_actor (fixture, "clerk");
  const guint64 socket = 12;
  TramaUsers *users;

  fixture_call (
      fixture,
      &(FixtureCall){
          .name = TRAMA_CALL_SOCKET, .actor = doorman, .exit_us = 1, .fd = -1, .made = socket, .result = 5 });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_SEND,
                                         .actor = doorman,
                                         .entry_us = 2,
                                         .exit_us = 3,
                                         .fd = 5,
                                         .socket = socket,
                                         .data = "?" });
  fixture_call (fixture, &(FixtureCall){ .name = TRAMA_CALL_RECV,
                                         .actor = clerk,
                                         .entry_us = 10,
                                         .exit_us = 12,
                                         .fd = 4,
                                         .socket = socket,
                                         .data = "!" });
  users = trama_users_new (fixture->store);
  g_assert_cmpint (trama_users_descriptor_at (users, socket, fixture_time_ns (2)), ==, 5);
  g_assert_cmpint (trama_users_descriptor_at (users, socket, fixture_time_ns (12)), ==, 4);
  g_assert_cmpint (trama_users_descriptor_at (users, socket + 1, fixture_time_ns (2)), ==, -1);
  trama_users_free (users);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/lives", test_lives);
  g_test_add_func ("/chart/lives/times", test_times);
  g_test_add_func ("/chart/lives/handed-on", test_handed_on);
  return g_test_run ();
}
