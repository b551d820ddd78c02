/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What is typed to choose rows of a list: words, all of which have to stand in a row, in any case. */

/* The words of @typed, folded; none when it is NULL or blank. For g_strfreev (). */
char **trama_words_split (const char *typed);

/* Whether each of them stands somewhere in @text. */
gboolean trama_words_stand_in (char **words, const char *text);
