/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/sent_space.h"

#define REACH (1u << 30)

typedef struct
{
  guint32 begin, size;
  gboolean sent_before;
} Step;

static void
assert_steps (guint32 base, const Step *steps, gsize n_steps)
{
  TramaSentSpace space = { 0 };

  for (gsize i = 0; i < n_steps; i++)
    {
      gboolean found = trama_sent_space_add (&space, base + steps[i].begin, steps[i].size);

      g_assert_cmpint (found, ==, steps[i].sent_before);
    }
  trama_sent_space_clear (&space);
}

/* Wherever the stream begins, also where its numbers go round. */
static void
assert_anywhere (const Step *steps, gsize n_steps)
{
  static const guint32 bases[] = { 0, 1, 0x7fffff00, 0x80000000, 0xffffff00, 0xffffffff };

  for (gsize i = 0; i < G_N_ELEMENTS (bases); i++)
    assert_steps (bases[i], steps, n_steps);
}

static void
test_in_order (void)
{
  static const Step steps[] = {
    { 100, 50, FALSE }, { 150, 50, FALSE }, { 200, 0, FALSE }, /* nothing is no data */
    { 199, 1, TRUE },                                          /* a keep-alive with its byte */
    { 100, 100, TRUE }, { 150, 100, TRUE },                    /* half of it is new, half was sent */
    { 250, 1, FALSE },  { 249, 0, FALSE },  { 90, 400, TRUE }, { 490, 1, FALSE },
  };

  assert_anywhere (steps, G_N_ELEMENTS (steps));
}

/* A segment that comes late was not sent before; when it comes twice, it was. */
static void
test_out_of_order (void)
{
  static const Step steps[] = {
    { 100, 10, FALSE }, { 130, 10, FALSE }, { 120, 10, FALSE }, { 110, 10, FALSE },
    { 110, 10, TRUE },  { 160, 10, FALSE }, { 142, 4, FALSE },  /* in the middle of a hole */
    { 141, 2, TRUE },                                           /* one number of it was not sent */
    { 140, 1, FALSE },  { 146, 14, FALSE }, { 140, 30, TRUE },  /* all of it */
    { 200, 10, FALSE }, { 220, 10, FALSE }, { 165, 100, TRUE }, /* over two holes and the end */
    { 264, 1, TRUE },   { 265, 1, FALSE },
  };

  assert_anywhere (steps, G_N_ELEMENTS (steps));
}

/* What is older than the first that was seen had not been seen either. */
static void
test_before_the_first (void)
{
  static const Step steps[] = {
    { 1000, 100, FALSE }, { 900, 50, FALSE }, { 960, 10, FALSE }, { 950, 10, FALSE }, { 970, 30, FALSE },
    { 900, 200, TRUE },   { 800, 101, TRUE }, { 800, 100, TRUE }, { 1100, 1, FALSE },
  };

  assert_anywhere (steps, G_N_ELEMENTS (steps));
}

/* Further away than any window is another stream. */
static void
test_another_stream (void)
{
  static const Step steps[] = {
    { 0, 100, FALSE }, { 50 + REACH, 50, FALSE }, /* the last within reach */
    { 99, 1, TRUE },   { 200 + 2 * REACH, 100, FALSE }, { 99, 1, FALSE }, { 0, 99, FALSE }, { 0, 99, TRUE },
  };

  assert_anywhere (steps, G_N_ELEMENTS (steps));
}

/* Ten gigabytes, with a number lost and a number sent again in every megabyte. */
static void
test_long_stream (void)
{
  TramaSentSpace space = { 0 };
  const guint32 size = 1u << 20;
  guint32 at = 0xfffff000;

  for (guint i = 0; i < 10240; i++, at += size)
    {
      g_assert_false (trama_sent_space_add (&space, at, size - 2));
      g_assert_false (trama_sent_space_add (&space, at + size - 1, 1));
      g_assert_true (trama_sent_space_add (&space, at + size - 1, 1));
      if (i >= 1000)
        {
          g_assert_true (trama_sent_space_add (&space, at - 1000 * size, 1));
          g_assert_false (trama_sent_space_add (&space, at - 999 * size - 2, 1));
        }
    }
  trama_sent_space_clear (&space);
}

/* Of more holes than are kept, the oldest counts as sent. */
static void
test_many_holes (void)
{
  TramaSentSpace space = { 0 };

  for (guint32 i = 0; i <= TRAMA_SENT_HOLES_MAX + 1; i++)
    g_assert_false (trama_sent_space_add (&space, 10 * i, 5));
  g_assert_true (trama_sent_space_add (&space, 5, 1));
  g_assert_false (trama_sent_space_add (&space, 15, 5));
  g_assert_false (trama_sent_space_add (&space, 10 * TRAMA_SENT_HOLES_MAX + 5, 5));
  trama_sent_space_clear (&space);
}

/* Random segments near each other, against one flag for each number. */
static void
test_random (void)
{
  enum
  {
    N_NUMBERS = 512
  };
  g_autoptr (GRand) random = g_rand_new_with_seed ((guint32) g_test_rand_int ());

  for (guint round = 0; round < 400; round++)
    {
      TramaSentSpace space = { 0 };
      gboolean sent[N_NUMBERS] = { 0 };
      guint32 base = g_rand_int (random), longest = 1u << g_rand_int_range (random, 0, 7);

      for (guint step = 0; step < 300; step++)
        {
          guint32 size = (guint32) g_rand_int_range (random, 1, (gint32) longest + 1);
          guint32 begin = (guint32) g_rand_int_range (random, 0, N_NUMBERS - (gint32) size);
          gboolean expected = FALSE;

          for (guint32 i = begin; i < begin + size; i++)
            {
              expected |= sent[i];
              sent[i] = TRUE;
            }
          g_assert_cmpint (trama_sent_space_add (&space, base + begin, size), ==, expected);
        }
      trama_sent_space_clear (&space);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flow/sent-space/in-order", test_in_order);
  g_test_add_func ("/flow/sent-space/out-of-order", test_out_of_order);
  g_test_add_func ("/flow/sent-space/before-the-first", test_before_the_first);
  g_test_add_func ("/flow/sent-space/another-stream", test_another_stream);
  g_test_add_func ("/flow/sent-space/long-stream", test_long_stream);
  g_test_add_func ("/flow/sent-space/many-holes", test_many_holes);
  g_test_add_func ("/flow/sent-space/random", test_random);
  return g_test_run ();
}
