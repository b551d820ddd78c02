/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/span.h"

#include <time.h>

static gint64
clock_ns (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (gint64) now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

gint64
trama_realtime_ns (void)
{
  return clock_ns (CLOCK_REALTIME);
}

gint64
trama_monotonic_ns (void)
{
  return clock_ns (CLOCK_MONOTONIC);
}

/* Rounded to three figures, without zeros at the end. */
static char *
format_in_unit (guint64 ns, guint64 unit_ns, const char *sign, const char *unit)
{
  guint64 step = ns + unit_ns / 200 < 10 * unit_ns   ? unit_ns / 100
                 : ns + unit_ns / 20 < 100 * unit_ns ? unit_ns / 10
                                                     : unit_ns;
  guint64 hundredths = (ns + step / 2) / step * step / (unit_ns / 100);
  guint64 whole = hundredths / 100, rest = hundredths % 100;

  if (rest == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT " %s", sign, whole, unit);
  if (rest % 10 == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT " %s", sign, whole, rest / 10, unit);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%02" G_GUINT64_FORMAT " %s", sign, whole, rest, unit);
}

char *
trama_duration_format (gint64 duration_ns)
{
  const char *sign = duration_ns < 0 ? "−" : "";
  guint64 ns = duration_ns < 0 ? -(guint64) duration_ns : (guint64) duration_ns;

  if (ns < 1000)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT " ns", sign, ns);
  if (ns < 999500)
    return format_in_unit (ns, 1000, sign, "µs");
  if (ns < 999500000)
    return format_in_unit (ns, 1000000, sign, "ms");
  if (ns < G_GUINT64_CONSTANT (600) * 1000000000)
    return format_in_unit (ns, 1000000000, sign, "s");
  if (ns < G_GUINT64_CONSTANT (600) * 60 * 1000000000)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT " min", sign, ns / (G_GUINT64_CONSTANT (60) * 1000000000));
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT " h", sign, ns / (G_GUINT64_CONSTANT (3600) * 1000000000));
}

char *
trama_offset_format (gint64 offset_ns)
{
  const char *sign = offset_ns < 0 ? "-" : "";
  guint64 ns = offset_ns < 0 ? -(guint64) offset_ns : (guint64) offset_ns;
  g_autofree char *text = g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%03" G_GUINT64_FORMAT, sign, ns / 1000,
                                           ns % 1000);

  return g_strdup_printf ("%14s µs", text);
}

char *
trama_time_format (gint64 time_ns)
{
  gint64 seconds = time_ns / G_GINT64_CONSTANT (1000000000);
  gint64 rest = time_ns % G_GINT64_CONSTANT (1000000000);
  g_autoptr (GDateTime) date = NULL;
  g_autofree char *text = NULL;

  if (rest < 0)
    {
      rest += G_GINT64_CONSTANT (1000000000);
      seconds--;
    }
  date = g_date_time_new_from_unix_utc (seconds);
  if (date == NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT, seconds, rest);
  text = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%09" G_GINT64_FORMAT "Z", text, rest);
}
