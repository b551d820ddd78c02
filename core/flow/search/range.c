/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/search/range.h"

#include "core/flow/search/event_order.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define SEPARATOR ".."

/* Longer than any capture: what is later than that is not a time. */
#define TIME_MAX_NS 4e18

typedef struct
{
  const char *name;
  double ns;
} Unit;

static const Unit units[] = {
  { "ns", 1 },   { "us", 1e3 }, { "µs", 1e3 },   { "μs", 1e3 },
  { "ms", 1e6 }, { "s", 1e9 },  { "min", 60e9 }, { "h", 3600e9 },
};

static gboolean
parse_end (const char *text, TramaRange *range, guint end)
{
  g_autofree char *copy = g_strdup (text);
  const char *word = g_strstrip (copy);
  const gboolean is_number = strspn (word, "0123456789") > 0;
  char *rest = NULL;
  double value;

  if (word[0] == '\0')
    return TRUE;
  if (!is_number && word[0] != '.')
    return FALSE;
  value = g_ascii_strtod (word, &rest);
  if (*rest == '\0' && value == 0)
    {
      range->kind[end] = TRAMA_RANGE_TIME;
      range->value[end] = 0;
      return TRUE;
    }
  if (*rest == '\0')
    {
      range->kind[end] = TRAMA_RANGE_EVENT;
      range->value[end] = (gint64) CLAMP (value, 0, G_MAXUINT32);
      return value >= 1 && floor (value) == value && strspn (word, "0123456789") == strlen (word);
    }
  rest = g_strchug (rest);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (rest, units[i].name) && value * units[i].ns < TIME_MAX_NS)
      {
        range->kind[end] = TRAMA_RANGE_TIME;
        range->value[end] = llround (value * units[i].ns);
        return TRUE;
      }
  return FALSE;
}

gboolean
trama_range_parse (const char *text, TramaRange *range, GError **error)
{
  const char *separator = strstr (text, SEPARATOR);
  g_autofree char *begin = separator != NULL ? g_strndup (text, (gsize) (separator - text)) : NULL;
  gboolean ok = begin != NULL;

  *range = (TramaRange){ 0 };
  ok = ok && parse_end (begin, range, 0) && parse_end (separator + strlen (SEPARATOR), range, 1);
  if (ok && range->kind[0] != TRAMA_RANGE_OPEN && range->kind[0] == range->kind[1]
      && range->value[1] < range->value[0])
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("the range “%s” ends before it begins"),
                   text);
      return FALSE;
    }
  if (!ok)
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
        _ ("“%s” is no range: it is written A..B, each a time since the start with its unit (ns, us, ms, "
           "s, min, h) or the number of an event, as 1.5ms..20ms or 3..17; without A it begins with the "
           "trace, without B it ends with it"),
        text);
  return ok;
}

static gboolean
get_event_ns (TramaFlowTable *table, gint64 number, gint64 *time_ns, GError **error)
{
  TramaStore *store = trama_flow_table_get_store (table);
  g_autoptr (TramaEventOrder) order = trama_event_order_new (store);
  const guint size = trama_event_order_get_size (order);
  TramaPacket packet;
  TramaRef ref;

  if (number < 1 || number > size)
    {
      g_autofree char *which = g_strdup_printf ("%" G_GINT64_FORMAT, number);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("there is no event %s: the trace has %u"), which, size);
      return FALSE;
    }
  ref = trama_event_order_at (order, (guint) number - 1);
  if (ref.kind == TRAMA_EVENT_CALL)
    {
      *time_ns = trama_store_get_call (store, ref.index)->entry_ns;
      return TRUE;
    }
  trama_store_get_packet (store, ref.index, &packet);
  *time_ns = packet.time_ns;
  return TRUE;
}

gboolean
trama_range_resolve (const TramaRange *range, TramaFlowTable *table, TramaSpan *span, GError **error)
{
  gint64 *const ends[2] = { &span->start_ns, &span->end_ns };
  gint64 begin_ns, last_ns;

  if (!trama_store_get_span (trama_flow_table_get_store (table), span))
    *span = (TramaSpan){ 0 };
  begin_ns = span->start_ns;
  last_ns = span->end_ns;
  for (guint end = 0; end < 2; end++)
    if (range->kind[end] == TRAMA_RANGE_TIME)
      *ends[end] = begin_ns + range->value[end];
    else if (range->kind[end] == TRAMA_RANGE_EVENT
             && !get_event_ns (table, range->value[end], ends[end], error))
      return FALSE;
  if (span->start_ns <= MIN (span->end_ns, last_ns))
    return TRUE;
  g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      _ ("the range is empty: it ends before it begins, or begins after the trace has ended"));
  return FALSE;
}
