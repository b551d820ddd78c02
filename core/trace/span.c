/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/span.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <string.h>
#include <time.h>

/* Of an offset without its unit. */
#define OFFSET_WIDTH 14
#define OFFSET_LONG_S 10 /* as microseconds, that would be eight digits and more */

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

/* Enough for two numbers of 64 bits, a unit and what stands between them. */
#define TEXT_BYTES 64

/* Numbers are written from their end: a ladder has a million of them. Returns where it begins. */
static char *
put_decimal (char *end, guint64 number, guint least_digits)
{
  for (; number > 0 || least_digits > 0; number /= 10)
    {
      *--end = (char) ('0' + number % 10);
      least_digits -= least_digits > 0;
    }
  return end;
}

static char *
put_text (char *end, const char *text)
{
  gsize length = strlen (text);

  return memcpy (end - length, text, length);
}

static const char *
decimal_sign (void)
{
  return C_ ("decimal sign", ".");
}

void
trama_decimal_append (GString *text, gint64 number)
{
  char digits[TEXT_BYTES];
  char *end = digits + sizeof digits;
  char *begin = put_decimal (end, number < 0 ? -(guint64) number : (guint64) number, 1);

  if (number < 0)
    *--begin = '-';
  g_string_append_len (text, begin, end - begin);
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
  char text[TEXT_BYTES] = "";
  char *at = put_text (put_text (text + sizeof text - 1, unit), " ");

  if (rest != 0)
    at = put_text (rest % 10 == 0 ? put_decimal (at, rest / 10, 1) : put_decimal (at, rest, 2),
                   decimal_sign ());
  return g_strdup (put_text (put_decimal (at, whole, 1), sign));
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

#define NS_PER_S G_GUINT64_CONSTANT (1000000000)

/* What the three figures of above are worth. */
static guint64
three_figures (guint64 ns)
{
  guint64 unit_ns = 1;

  if (ns >= 600 * NS_PER_S)
    return ns < 600 * 60 * NS_PER_S ? 60 * NS_PER_S : 3600 * NS_PER_S;
  while (ns >= 1000 * unit_ns)
    unit_ns *= 10;
  return unit_ns;
}

char *
trama_duration_format_exactly (gint64 duration_ns, gint64 step_ns, guint figures_max)
{
  const guint64 ns = (guint64) MAX (duration_ns, 0), step = (guint64) MAX (step_ns, 1);
  const char *unit = ns < 1000000 ? " µs" : ns < NS_PER_S ? " ms" : " s";
  const guint64 unit_ns = ns < 1000000 ? 1000 : ns < NS_PER_S ? 1000000 : NS_PER_S;
  guint64 worth = unit_ns, shown, rest;
  char text[TEXT_BYTES] = "";
  char *at = put_text (text + sizeof text - 1, unit);
  guint n_figures = 1, n_decimals = 0;

  if (ns < 1000 || step >= three_figures (ns))
    return trama_duration_format (duration_ns);
  for (guint64 whole = ns / unit_ns; whole >= 10; whole /= 10)
    n_figures++;
  for (; worth > step && (n_figures < figures_max || n_figures < 3); worth /= 10, n_figures++)
    n_decimals++;
  shown = (ns + worth / 2) / worth;
  rest = shown % (unit_ns / worth);
  for (; n_decimals > 0 && rest % 10 == 0; rest /= 10)
    n_decimals--;
  if (n_decimals > 0)
    at = put_text (put_decimal (at, rest, n_decimals), decimal_sign ());
  return g_strdup (put_decimal (at, shown / (unit_ns / worth), 1));
}

gint64
trama_duration_least_step (gint64 duration_ns, guint figures_max)
{
  guint64 unit_ns = duration_ns < 1000000 ? 1000 : duration_ns < (gint64) NS_PER_S ? 1000000 : NS_PER_S;
  guint64 worth = unit_ns;
  guint n_figures = 1;

  if (duration_ns < 1000)
    return 1;
  for (guint64 whole = (guint64) duration_ns / unit_ns; whole >= 10; whole /= 10)
    n_figures++;
  for (; worth > 1 && n_figures < MAX (figures_max, 3); n_figures++)
    worth /= 10;
  return (gint64) worth;
}

char *
trama_average_format (guint64 sum, guint64 n, gulong *plural)
{
  guint64 tenths = n > 0 ? sum / n * 10 + (sum % n * 10 + n / 2) / n : 0;

  if (tenths % 10 == 0)
    {
      *plural = (gulong) (tenths / 10);
      return g_strdup_printf ("%" G_GUINT64_FORMAT, tenths / 10);
    }
  *plural = 2;
  return g_strdup_printf ("%" G_GUINT64_FORMAT "%s%u", tenths / 10, decimal_sign (), (guint) (tenths % 10));
}

char *
trama_size_format (guint64 size_bytes, GFormatSizeFlags flags)
{
  g_autofree char *size = g_format_size_full (size_bytes, flags);
  const char *radix = nl_langinfo (
      RADIXCHAR); /* GLib asks the locale, which may be another than the language */
  char *at = radix[0] != '\0' ? strstr (size, radix) : NULL;

  if (at == NULL)
    return g_steal_pointer (&size);
  *at = '\0';
  return g_strconcat (size, decimal_sign (), at + strlen (radix), NULL);
}

char *
trama_offset_format (gint64 offset_ns)
{
  guint64 ns = offset_ns < 0 ? -(guint64) offset_ns : (guint64) offset_ns;
  gboolean is_long = ns >= OFFSET_LONG_S * NS_PER_S;
  guint64 unit_ns = is_long ? NS_PER_S : 1000;
  char text[TEXT_BYTES] = "";
  char *end = put_text (text + sizeof text - 1, is_long ? " s" : " µs");
  char *at = put_text (put_decimal (end, ns % unit_ns, is_long ? 9 : 3), decimal_sign ());

  at = put_text (put_decimal (at, ns / unit_ns, 1), offset_ns < 0 ? "-" : "");
  while (end - at < OFFSET_WIDTH + is_long)
    *--at = ' ';
  return g_strdup (at);
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
