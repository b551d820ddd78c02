/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_links.h"

#include "app/cli_calls.h"
#include "app/cli_event.h"
#include "app/cli_note.h"

#include "core/decode/printable.h"
#include "core/flow/links/links.h"
#include "core/trace/json.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  const TramaCliPart *part;
  TramaFlowTable *table;
  TramaStore *store;
  TramaLinks *links;
  guint *call_numbers; /* by index */
  GString *out;
  GArray *remarks; /* of guint: notes of the user that stand beside no event, by time */
  guint next_remark;
} Listing;

static const char *
name_of_event (guint kind)
{
  switch (kind)
    {
    case TRAMA_EVENT_PACKET:
      return "packet";
    case TRAMA_EVENT_CALL:
      return "call";
    case TRAMA_EVENT_ACTOR:
      return "end";
    default:
      return "note";
    }
}

static guint
number_of (const Listing *listing, TramaRef ref)
{
  return ref.kind == TRAMA_EVENT_CALL ? listing->call_numbers[ref.index] : ref.index + 1;
}

static void
print_link (const Listing *listing, const TramaLink *link, gboolean is_cause)
{
  TramaRef there = is_cause ? link->cause : link->effect;
  g_autofree char *text = there.kind != 0 ? trama_cli_event_describe (listing->table, there) : g_strdup ("");
  g_autofree char *delay = trama_duration_format (trama_links_get_delay_ns (listing->links, link));

  printf ("        %s %-8s", is_cause ? "←" : "→", trama_link_kind_name (link->kind));
  if (link->to_bytes > link->from_bytes)
    printf (" [%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT ")", link->from_bytes, link->to_bytes);
  for (guint flag = 1; flag <= link->flags; flag <<= 1)
    if (link->flags & flag)
      printf (" %s", trama_link_flag_name (flag));
  if (link->reason != TRAMA_LOSS_NONE)
    printf (" %s", trama_loss_reason_name (link->reason));
  if (there.kind != 0)
    printf (" %s %u  %s", name_of_event (there.kind), number_of (listing, there), text);
  if (link->kind == TRAMA_LINKS_ACCEPTS || link->kind == TRAMA_LINKS_ANSWERS)
    printf ("  (%s)", delay);
  printf ("\n");
}

static void
print_text (Listing *listing, TramaRef ref, gint64 time_ns)
{
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;
  g_autofree char *time = trama_time_format (time_ns);
  g_autofree char *text = trama_cli_event_describe (listing->table, ref);
  g_autofree char *note = trama_cli_note_format (listing->store, ref);

  printf ("%s  %s %u  %s%s\n", time, name_of_event (ref.kind), number_of (listing, ref), text, note);
  trama_links_get (listing->links, ref, &causes, &effects);
  for (guint i = 0; i < causes->len; i++)
    print_link (listing, &g_array_index (causes, TramaLink, i), TRUE);
  for (guint i = 0; i < effects->len; i++)
    print_link (listing, &g_array_index (effects, TramaLink, i), FALSE);
}

static void
add_links (const Listing *listing, const char *key, const GArray *links, gboolean are_causes)
{
  GString *out = listing->out;

  trama_json_begin_array (out, key);
  for (guint i = 0; i < links->len; i++)
    {
      const TramaLink *link = &g_array_index (links, TramaLink, i);
      TramaRef there = are_causes ? link->cause : link->effect;

      trama_json_begin_object (out, NULL);
      trama_json_add_string (out, "kind", trama_link_kind_name (link->kind));
      trama_json_add_string (out, "event", there.kind != 0 ? name_of_event (there.kind) : NULL);
      if (there.kind != 0)
        trama_json_add_unsigned (out, "n", number_of (listing, there));
      else
        trama_json_add_null (out, "n");
      trama_json_add_unsigned (out, "from", link->from_bytes);
      trama_json_add_unsigned (out, "to", link->to_bytes);
      trama_json_begin_array (out, "flags");
      for (guint flag = 1; flag <= link->flags; flag <<= 1)
        if (link->flags & flag)
          trama_json_add_string (out, NULL, trama_link_flag_name (flag));
      trama_json_end_array (out);
      trama_json_add_string (out, "reason", trama_loss_reason_name (link->reason));
      trama_json_add_signed (out, "delay_ns", trama_links_get_delay_ns (listing->links, link));
      trama_json_end_object (out);
    }
  trama_json_end_array (out);
}

/* The keys are a promise to other programs: their names, their order, their meaning. */
static void
print_object (Listing *listing,
              const char *event,
              guint number,
              gint64 time_ns,
              const char *text,
              const GArray *links[2],
              TramaRef noted)
{
  GString *out = listing->out;

  g_string_truncate (out, 0);
  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "event", event);
  trama_json_add_unsigned (out, "n", number);
  trama_json_add_signed (out, "time_ns", time_ns);
  trama_json_add_string (out, "text", text);
  add_links (listing, "causes", links[0], TRUE);
  add_links (listing, "effects", links[1], FALSE);
  trama_cli_note_add (out, listing->store, noted);
  trama_json_end_object (out);
  puts (out->str);
}

static void
print_json (Listing *listing, TramaRef ref, gint64 time_ns)
{
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;
  g_autofree char *text = trama_cli_event_describe (listing->table, ref);

  trama_links_get (listing->links, ref, &causes, &effects);
  print_object (listing, name_of_event (ref.kind), number_of (listing, ref), time_ns, text,
                (const GArray *[]){ causes, effects }, ref);
}

static void
print_event (Listing *listing, TramaRef ref, gint64 time_ns, gboolean json)
{
  if (json)
    print_json (listing, ref, time_ns);
  else
    print_text (listing, ref, time_ns);
}

/* What the user has noted at a moment: it has no links, and its number is behind those of the session's notes. */
static void
print_remark (Listing *listing, const TramaRemark *remark, gboolean json)
{
  guint number = trama_store_n_notes (listing->store) + listing->next_remark;
  g_autofree char *time = trama_time_format (remark->time_ns);
  g_autofree char *shown = NULL;

  if (json)
    {
      g_autoptr (GArray) none = g_array_new (FALSE, FALSE, sizeof (TramaLink));

      print_object (listing, "note", number, remark->time_ns, remark->text, (const GArray *[]){ none, none },
                    (TramaRef){ 0 });
      return;
    }
  shown = trama_printable_format ((const guint8 *) remark->text, strlen (remark->text), TRAMA_TEXT_MAX_BYTES);
  printf ("%s  note %u  ✎ %s\n", time, number, shown);
}

static void
print_remarks_before (Listing *listing, gint64 time_ns, gboolean json)
{
  const TramaNotebook *notebook = trama_store_get_notebook (listing->store);

  while (listing->next_remark < listing->remarks->len)
    {
      guint index = g_array_index (listing->remarks, guint, listing->next_remark);
      TramaRemark remark = trama_notebook_get (notebook, index);

      if (remark.time_ns >= time_ns)
        return;
      listing->next_remark++;
      if (trama_cli_part_has_time (listing->part, remark.time_ns, remark.time_ns))
        print_remark (listing, &remark, json);
    }
}

static void
print_ends (Listing *listing, gboolean json)
{
  for (guint i = 0; i < trama_store_n_actors (listing->store); i++)
    {
      gint64 end_ns = trama_store_get_actor (listing->store, i)->end_ns;

      if (end_ns != TRAMA_TIME_NONE && trama_cli_part_has (listing->part, (TramaRef){ TRAMA_EVENT_ACTOR, i }))
        print_event (listing, (TramaRef){ TRAMA_EVENT_ACTOR, i }, end_ns, json);
    }
}

void
trama_cli_print_links (TramaFlowTable *table, const TramaCliPart *part, gboolean json)
{
  Listing listing = {
    .part = part,
    .table = table,
    .store = trama_flow_table_get_store (table),
    .links = trama_links_new (table),
    .out = g_string_new (NULL),
  };
  g_autoptr (GArray) moments = trama_store_get_moments (listing.store, NULL);

  listing.remarks = trama_notebook_list_moments (trama_store_get_notebook (listing.store));
  listing.call_numbers = trama_cli_number_calls (listing.store);
  for (guint i = 0; i < moments->len; i++)
    {
      const TramaMoment *moment = &g_array_index (moments, TramaMoment, i);

      print_remarks_before (&listing, moment->time_ns, json);
      if (moment->kind != TRAMA_MOMENT_EXIT && trama_cli_part_has (part, trama_moment_ref (moment)))
        print_event (&listing, trama_moment_ref (moment), moment->time_ns, json);
    }
  print_remarks_before (&listing, G_MAXINT64, json);
  print_ends (&listing, json);
  g_array_unref (listing.remarks);
  g_string_free (listing.out, TRUE);
  g_free (listing.call_numbers);
  trama_links_unref (listing.links);
}
