/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/words.h"

static gboolean
stand (const char *typed, const char *text)
{
  g_auto (GStrv) words = trama_words_split (typed);

  return trama_words_stand_in (words, text);
}

static void
test_words (void)
{
  g_auto (GStrv) none = trama_words_split (NULL);
  g_auto (GStrv) two = trama_words_split ("  Señal  perdida ");

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  g_assert_true (stand (NULL, "anything"));
  g_assert_true (stand ("  ", ""));
  g_assert_true (stand ("SEÑAL perdida", "Perdida la señal"));
  g_assert_true (stand (":80", "127.0.0.1:80"));
  g_assert_false (stand ("señal perdida", "la señal"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/words", test_words);
  return g_test_run ();
}
