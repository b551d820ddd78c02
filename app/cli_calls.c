/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_calls.h"
#include "app/cli_note.h"
#include "app/cli_trace.h"

#include "core/decode/printable.h"
#include "core/trace/call.h"
#include "core/trace/json.h"

#include <stdio.h>
#include <string.h>

/* trama-cli calls: one call per row, in the order in which they were made. */

/* One call as it is listed. A trace is from outside: the call may be none we know, its actor none it told of. */
typedef struct
{
  guint number; /* from 1 */
  TramaRef ref;
  const TramaCall *call;
  const char *actor; /* NULL: not known */
  const char *name;  /* NULL: not known */
} Row;

static void
make_row (const TramaStore *store, guint index, guint number, Row *row)
{
  const TramaCall *call = trama_store_get_call (store, index);
  const TramaActor *actor = trama_store_find_actor (store, call->actor);
  const TramaCallInfo *info = trama_call_info (call->name);

  *row = (Row){ .number = number, .ref = { TRAMA_EVENT_CALL, index }, .call = call };
  row->actor = actor != NULL ? actor->name : NULL;
  row->name = info != NULL ? info->name : NULL;
}

static void
add_error (GString *out, int error)
{
  const char *name = trama_errno_name (error);
  g_autofree char *number = g_strdup_printf ("%d", error);

  if (error == 0)
    trama_json_add_null (out, "error");
  else
    trama_json_add_string (out, "error", name != NULL ? name : number);
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
print_json (const TramaStore *store, const Row *row, GString *out)
{
  g_autofree char *args = trama_call_format_args (row->call);
  gboolean returned = row->call->exit_ns != TRAMA_TIME_NONE;

  g_string_truncate (out, 0);
  trama_json_begin_object (out, NULL);
  trama_json_add_unsigned (out, "n", row->number);
  trama_json_add_string (out, "actor", row->actor);
  trama_json_add_string (out, "name", row->name);
  trama_json_add_string (out, "args", args);
  trama_json_add_signed (out, "entry_ns", row->call->entry_ns);
  if (returned)
    {
      trama_json_add_signed (out, "exit_ns", row->call->exit_ns);
      trama_json_add_signed (out, "result", row->call->result);
    }
  else
    {
      trama_json_add_null (out, "exit_ns");
      trama_json_add_null (out, "result");
    }
  add_error (out, row->call->error);
  if (row->call->line > 0)
    trama_json_add_unsigned (out, "line", row->call->line);
  else
    trama_json_add_null (out, "line");
  trama_cli_note_add (out, store, row->ref);
  trama_json_end_object (out);
  puts (out->str);
}

static char *
printable_actor (const Row *row)
{
  return row->actor != NULL
             ? trama_printable_format ((const guint8 *) row->actor, strlen (row->actor), TRAMA_TEXT_MAX_BYTES)
             : g_strdup ("-");
}

static int
measure_actors (const TramaStore *store)
{
  glong width = 0;
  Row row;

  for (guint i = 0; i < trama_store_n_calls (store); i++)
    {
      g_autofree char *actor = NULL;

      make_row (store, i, 0, &row);
      actor = printable_actor (&row);
      width = MAX (width, g_utf8_strlen (actor, -1));
    }
  return (int) width;
}

static void
print_text (const TramaStore *store, const Row *row, int actor_width)
{
  g_autofree char *time = trama_time_format (row->call->entry_ns);
  g_autofree char *call = trama_call_format (row->call);
  g_autofree char *actor = printable_actor (row);
  g_autofree char *note = trama_cli_note_format (store, row->ref);

  printf ("%5u  %s  %s%*s  %s%s\n", row->number, time, actor, actor_width - (int) g_utf8_strlen (actor, -1),
          "", call, note);
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer store)
{
  guint first = *(const guint *) a, second = *(const guint *) b;
  gint64 first_ns = trama_store_get_call (store, first)->entry_ns;
  gint64 second_ns = trama_store_get_call (store, second)->entry_ns;

  if (first_ns != second_ns)
    return first_ns < second_ns ? -1 : 1;
  return first < second ? -1 : first > second;
}

/* Indices, in the order in which they were made. */
static GArray *
order_calls (TramaStore *store)
{
  guint n_calls = trama_store_n_calls (store);
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_calls);

  for (guint i = 0; i < n_calls; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_entries, store);
  return order;
}

guint *
trama_cli_number_calls (TramaStore *store)
{
  g_autoptr (GArray) order = order_calls (store);
  guint *numbers = g_new (guint, order->len + 1);

  for (guint i = 0; i < order->len; i++)
    numbers[g_array_index (order, guint, i)] = i + 1;
  return numbers;
}

static void
print_calls (TramaStore *store, const TramaCliPart *part, gboolean json)
{
  g_autoptr (GArray) order = order_calls (store);
  g_autoptr (GString) out = g_string_new (NULL);
  int actor_width = measure_actors (store);
  Row row;

  for (guint i = 0; i < order->len; i++)
    {
      make_row (store, g_array_index (order, guint, i), i + 1, &row);
      if (!trama_cli_part_has (part, row.ref))
        continue;
      if (json)
        print_json (store, &row, out);
      else
        print_text (store, &row, actor_width);
    }
}

int
trama_cli_calls (int argc, char **argv)
{
  TramaCliReading reading = { .can_choose = TRUE };

  if (trama_cli_reading_begin (&reading, argc, argv))
    {
      TramaStore *store = trama_source_get_store (reading.capture.source);
      g_autoptr (TramaFlowTable) table = trama_flow_table_new (store);

      if (trama_cli_reading_choose (&reading, table))
        print_calls (store, &reading.part, reading.json);
    }
  return trama_cli_reading_end (&reading);
}
