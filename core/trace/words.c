/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/words.h"

#include <string.h>

char **
trama_words_split (const char *typed)
{
  g_autofree char *folded = g_utf8_casefold (typed != NULL ? typed : "", -1);
  g_auto (GStrv) parts = g_strsplit (folded, " ", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0')
      g_strv_builder_add (words, *part);
  return g_strv_builder_end (words);
}

gboolean
trama_words_stand_in (char **words, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (; *words != NULL; words++)
    if (strstr (folded, *words) == NULL)
      return FALSE;
  return TRUE;
}
