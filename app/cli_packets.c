/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_event.h"
#include "app/cli_facts.h"
#include "app/cli_note.h"
#include "app/cli_trace.h"

#include "core/flow/labels/segments.h"
#include "core/trace/json.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

/* trama-cli packets: one packet per row, in the order of the file. */

/* What is followed is printed this long after it has come, or later, so that listing takes no more than its part. */
#define LISTING_INTERVAL_MS 50
#define LISTING_PART 4

/* Columns of what may still grow. */
#define FOLLOWED_NUMBER_WIDTH 6

typedef struct
{
  TramaSource *source;
  TramaStore *store;
  TramaCliReading *reading;
  const TramaFlowTable *table;
  const TramaLabels *labels;
  TramaCliFacts *facts;
  gboolean json;
  gboolean follows;
  gboolean has_head; /* the titles of the columns are printed */
  guint n_printed;
  guint due_id;
  gint64 took_us;         /* the listing of the last ones */
  gboolean is_unreadable; /* the file became shorter while it was read */
} Listing;

/* One packet as it is listed. */
typedef struct
{
  guint number; /* from 1 */
  TramaPacket packet;
  guint32 flow;        /* TRAMA_FLOW_NONE */
  gint64 step_back_ns; /* 0: it does not */
  guint32 labels;      /* TRAMA_LABEL_* */
  guint duplicate_acks;
  char *summary;
} Row;

static void
make_row (Listing *listing, guint index, Row *row)
{
  row->number = index + 1;
  row->labels = trama_labels_get (listing->labels, index, &row->duplicate_acks);
  row->step_back_ns = trama_store_get_step_back (listing->store, index);
  row->flow = trama_flow_table_get_flow_of_packet (listing->table, index);
  trama_store_get_packet (listing->store, index, &row->packet);
  row->summary = trama_cli_event_summarize (listing->table, index);
  if (row->summary != NULL)
    return;
  listing->is_unreadable = TRUE;
  row->summary = g_strdup ("its bytes are no longer in the file");
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
print_json (const Listing *listing, Row *row, GString *out)
{
  g_string_truncate (out, 0);
  trama_json_begin_object (out, NULL);
  trama_json_add_unsigned (out, "n", row->number);
  trama_json_add_signed (out, "time_ns", row->packet.time_ns);
  trama_json_add_unsigned (out, "interface", row->packet.interface);
  trama_json_add_unsigned (out, "length", row->packet.length_bytes);
  trama_json_add_unsigned (out, "captured", row->packet.captured_bytes);
  if (row->flow != TRAMA_FLOW_NONE)
    trama_json_add_unsigned (out, "flow", row->flow);
  else
    trama_json_add_null (out, "flow");
  trama_json_add_string (out, "summary", row->summary);
  trama_json_add_signed (out, "step_back_ns", row->step_back_ns);
  trama_cli_facts_add (listing->facts, row->number - 1, row->labels, out);
  trama_cli_note_add (out, listing->store, (TramaRef){ TRAMA_EVENT_PACKET, row->number - 1 });
  trama_json_end_object (out);
  puts (out->str);
}

static int
count_digits (guint number)
{
  int digits = 1;

  for (; number >= 10; number /= 10)
    digits++;
  return digits;
}

/* Stands behind the summary. What is nothing but new needs no words. */
static char *
format_labels (const Listing *listing, const Row *row)
{
  guint32 labels = row->labels & ~(guint32) (TRAMA_LABEL_NEW_DATA | TRAMA_LABEL_DUPLICATE_ACK);
  g_autofree char *note = trama_cli_note_format (listing->store,
                                                 (TramaRef){ TRAMA_EVENT_PACKET, row->number - 1 });
  GString *text = g_string_new (NULL);

  if (row->duplicate_acks > 0)
    g_string_append_printf (text, "  [%s %u]", trama_segment_label_name (TRAMA_LABEL_DUPLICATE_ACK),
                            row->duplicate_acks);
  for (guint32 label = 1; label < 1u << TRAMA_N_SEGMENT_LABELS; label <<= 1)
    if (labels & label)
      g_string_append_printf (text, "  [%s]", trama_segment_label_name (label));
  g_string_append (text, note);
  return g_string_free (text, FALSE);
}

/* Stands before the summary; "" for almost every packet. */
static char *
format_step_back (const Row *row)
{
  g_autofree char *step = trama_duration_format (row->step_back_ns);

  return row->step_back_ns > 0 ? g_strdup_printf ("[%s earlier]  ", step) : g_strdup ("");
}

static void
print_text (Listing *listing, Row *row)
{
  int number_width = listing->follows ? FOLLOWED_NUMBER_WIDTH
                                      : count_digits (trama_store_n_packets (listing->store));
  int interface_width = MAX (count_digits (trama_store_n_interfaces (listing->store)), (int) strlen ("if"));
  int flow_width = MAX (count_digits (trama_flow_table_n_flows (listing->table)), (int) strlen ("flow"));
  g_autofree char *time = trama_time_format (row->packet.time_ns);
  g_autofree char *flow = row->flow != TRAMA_FLOW_NONE ? g_strdup_printf ("%u", row->flow) : g_strdup ("-");
  g_autofree char *mark = format_step_back (row);
  g_autofree char *labels = format_labels (listing, row);

  if (!listing->has_head)
    printf ("%*s  %-30s  %*s  %8s  %8s  %*s  %s\n", number_width, "n", "time", interface_width, "if",
            "length", "captured", flow_width, "flow", "summary");
  printf ("%*u  %-30s  %*u  %8u  %8u  %*s  %s%s%s\n", number_width, row->number, time, interface_width,
          row->packet.interface, row->packet.length_bytes, row->packet.captured_bytes, flow_width, flow, mark,
          row->summary, labels);
  listing->has_head = TRUE;
}

/* Those that have come since, of the part that is asked for. */
static void
print_packets (Listing *listing)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (listing->store);
  g_autoptr (TramaLabels) labels = trama_labels_new (table);
  g_autoptr (TramaCliFacts) facts = trama_cli_facts_new (table);
  g_autoptr (GString) out = g_string_new (NULL);

  listing->facts = facts;
  listing->table = table;
  listing->labels = labels;
  if (listing->n_printed == 0 && !trama_cli_reading_choose (listing->reading, table))
    return;
  listing->reading->part.table = table;
  for (; listing->n_printed < trama_store_n_packets (listing->store); listing->n_printed++)
    {
      Row row;

      if (!trama_cli_part_has (&listing->reading->part, (TramaRef){ TRAMA_EVENT_PACKET, listing->n_printed }))
        continue;
      make_row (listing, listing->n_printed, &row);
      if (listing->json)
        print_json (listing, &row, out);
      else
        print_text (listing, &row);
      g_free (row.summary);
    }
}

/* A conversation may reach back to the first packet, so all of them are gone through each time. */
static gboolean
on_due (gpointer data)
{
  Listing *listing = data;
  gint64 begin_us = g_get_monotonic_time ();

  listing->due_id = 0;
  print_packets (listing);
  listing->took_us = g_get_monotonic_time () - begin_us;
  if (fflush (stdout) != 0)
    trama_source_stop (listing->source);
  return G_SOURCE_REMOVE;
}

static void
on_changed (TramaSource *source, gpointer data)
{
  Listing *listing = data;
  gint64 pause_ms = MAX (LISTING_INTERVAL_MS, LISTING_PART * listing->took_us / 1000);

  if (listing->due_id == 0)
    listing->due_id = g_timeout_add ((guint) pause_ms, on_due, listing);
}

/* TRAMA_CLI_OK: until somebody has stopped it, or there is nobody any more to write. */
static int
follow (Listing *listing)
{
  gboolean ok;

  g_signal_connect (listing->source, "changed", G_CALLBACK (on_changed), listing);
  ok = trama_cli_wait_for_stop (listing->source);
  g_clear_handle_id (&listing->due_id, g_source_remove);
  return ok ? TRAMA_CLI_OK : TRAMA_CLI_FAILED;
}

int
trama_cli_packets (int argc, char **argv)
{
  TramaCliReading reading = { .can_follow = TRUE, .can_choose = TRUE };

  if (trama_cli_reading_begin (&reading, argc, argv))
    {
      TramaSource *source = reading.capture.source;
      Listing listing = { .source = source, .store = trama_source_get_store (source), .reading = &reading };

      listing.json = reading.json;
      listing.follows = reading.capture.follows;
      if (listing.follows)
        reading.status = follow (&listing);
      print_packets (&listing);
      if (listing.is_unreadable)
        {
          trama_cli_complain (_ ("the file has become shorter while it was read"));
          reading.status = TRAMA_CLI_FAILED;
        }
    }
  return trama_cli_reading_end (&reading);
}
