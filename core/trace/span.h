/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * A range of time and the one way to write times, and other numbers with a fraction, with the
 * decimal sign of the user's language. All nanoseconds. Strings are the caller's.
 */

typedef struct
{
  gint64 start_ns;
  gint64 end_ns; /* not before start_ns */
} TramaSpan;

/* A duration for people, rounded to three figures, and a unit: "3.2 µs", "12.4 ms", "1.01 s". */
char *trama_duration_format (gint64 duration_ns);

/*
 * The same of one that is not negative, but with as many more figures as tell it from what is @step_ns
 * away, @figures_max at most, and then in no longer unit than seconds: "12.403 ms", "86399.02 s".
 */
char *trama_duration_format_exactly (gint64 duration_ns, gint64 step_ns, guint figures_max);

/* What the last of so many figures is worth there, in nanoseconds: what is nearer may read the same. */
gint64 trama_duration_least_step (gint64 duration_ns, guint figures_max);

/*
 * A time since the start, to the nanosecond and of one width for a day, for columns: "        12.345 µs",
 * and from ten seconds on "   82.642261000 s".
 */
char *trama_offset_format (gint64 offset_ns);

/* What each of @n has of @sum, rounded to a tenth: "1", "1.3". *@plural is what ngettext() is to be asked for. */
char *trama_average_format (guint64 sum, guint64 n, gulong *plural);

/* An amount of bytes as g_format_size_full() tells it, but with the decimal sign that all the others have: "1.2 MB". */
char *trama_size_format (guint64 size_bytes, GFormatSizeFlags flags);

/* As printf (3) does "%" G_GINT64_FORMAT, for a million of them. */
void trama_decimal_append (GString *text, gint64 number);

/* ISO 8601 in UTC with nanoseconds: "2026-11-22T19:00:39.123456789Z". */
char *trama_time_format (gint64 time_ns);

/* Now, of CLOCK_REALTIME and CLOCK_MONOTONIC. */
gint64 trama_realtime_ns (void);
gint64 trama_monotonic_ns (void);
