/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The steps below, each of which leaves out more than the one before. */
#define TRAMA_ABRIDGE_STEPS 7

/* From the next on, hardly more than that there are arguments is left. */
#define TRAMA_ABRIDGE_LAST_TELLING 5

/*
 * The arguments of a call as C, "(3, \"Hello?\\n\", 7, 0, 127.0.0.1:5000)", with what one misses
 * least left out: from step 1 the host of an address, from 2 the rest of a long text, from 3
 * lengths and flags that are plain numbers, from 4 families and levels, which show in the
 * names behind them, from 5 a text before an address or a flag, and all but the beginning
 * of any other, from 6 all but the descriptor, at 7 that too. At step 0 all is there. The caller's
 * to free.
 */
char *trama_args_abridge (const char *args, guint step);

/* As many letters of the arguments as fit in @n_letters with a mark that there are more: "(3, SOL_SOC…)". */
char *trama_args_cut (const char *args, guint n_letters);

/*
 * What a call returned, "= 14 \"Good morning.\\n\" ← 127.0.0.1:5001", in the same way: from step 1
 * without the host, from 2 without the rest of a text and without what poll() found, from 3
 * with no more than the very beginning of a text, and of an error its name alone.
 */
#define TRAMA_ABRIDGE_RESULT_STEPS 3
char *trama_result_abridge (const char *result, guint step);
