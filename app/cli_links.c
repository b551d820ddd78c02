/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_links.h"

#include "app/cli_calls.h"

#include "core/decode/printable.h"
#include "core/decode/summary.h"
#include "core/flow/links.h"
#include "core/trace/call.h"
#include "core/trace/json.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

typedef struct
{
  TramaFlowTable *table;
  TramaStore *store;
  TramaLinks *links;
  guint *call_numbers; /* by index */
  GString *out;
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

static char *
summarize (const Listing *listing, guint index, TramaPacket *packet, guint32 *flow)
{
  guint32 bases[2] = { 0, 0 };
  TramaSegment segment;
  const guint8 *data;
  gsize size;

  trama_store_get_packet (listing->store, index, packet);
  trama_flow_table_get_segment (listing->table, index, &segment);
  *flow = segment.flow;
  if (segment.flow != TRAMA_FLOW_NONE)
    {
      const TramaFlow *found = trama_flow_table_get_flow (listing->table, segment.flow);

      bases[0] = found->first_sequence[segment.side];
      bases[1] = found->first_sequence[!segment.side];
    }
  data = trama_store_peek_packet (listing->store, index, packet->captured_bytes, &size);
  if (data == NULL)
    return g_strdup ("its bytes are no longer in the file");
  return trama_summarize_packet (trama_store_get_interface (listing->store, packet->interface)->link_type,
                                 data, size, packet->length_bytes, bases[0], bases[1]);
}

static char *
actor_name (const Listing *listing, guint32 id)
{
  const TramaActor *actor = trama_store_find_actor (listing->store, id);

  if (actor == NULL || actor->name == NULL)
    return g_strdup ("-");
  return trama_printable_format ((const guint8 *) actor->name, strlen (actor->name), TRAMA_TEXT_MAX_BYTES);
}

static char *
describe (const Listing *listing, TramaRef ref)
{
  g_autofree char *actor = NULL;
  g_autofree char *text = NULL;
  TramaPacket packet;
  guint32 flow;

  switch (ref.kind)
    {
    case TRAMA_EVENT_PACKET:
      return summarize (listing, ref.index, &packet, &flow);
    case TRAMA_EVENT_CALL:
      actor = actor_name (listing, trama_store_get_call (listing->store, ref.index)->actor);
      text = trama_call_format (trama_store_get_call (listing->store, ref.index));
      return g_strdup_printf ("%s: %s", actor, text);
    case TRAMA_EVENT_ACTOR:
      return actor_name (listing, trama_store_get_actor (listing->store, ref.index)->id);
    default:
      return g_strdup (trama_store_get_note (listing->store, ref.index)->text);
    }
}

static void
print_link (const Listing *listing, const TramaLink *link, gboolean is_cause)
{
  TramaRef there = is_cause ? link->cause : link->effect;
  g_autofree char *text = there.kind != 0 ? describe (listing, there) : g_strdup ("");
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
  g_autofree char *text = describe (listing, ref);

  printf ("%s  %s %u  %s\n", time, name_of_event (ref.kind), number_of (listing, ref), text);
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

static void
print_json (Listing *listing, TramaRef ref, gint64 time_ns)
{
  g_autoptr (GArray) causes = NULL;
  g_autoptr (GArray) effects = NULL;
  g_autofree char *text = describe (listing, ref);

  g_string_truncate (listing->out, 0);
  trama_json_begin_object (listing->out, NULL);
  trama_json_add_string (listing->out, "event", name_of_event (ref.kind));
  trama_json_add_unsigned (listing->out, "n", number_of (listing, ref));
  trama_json_add_signed (listing->out, "time_ns", time_ns);
  trama_json_add_string (listing->out, "text", text);
  trama_links_get (listing->links, ref, &causes, &effects);
  add_links (listing, "causes", causes, TRUE);
  add_links (listing, "effects", effects, FALSE);
  trama_json_end_object (listing->out);
  puts (listing->out->str);
}

static void
print_event (Listing *listing, TramaRef ref, gint64 time_ns, gboolean json)
{
  if (json)
    print_json (listing, ref, time_ns);
  else
    print_text (listing, ref, time_ns);
}

static void
print_ends (Listing *listing, gboolean json)
{
  for (guint i = 0; i < trama_store_n_actors (listing->store); i++)
    {
      gint64 end_ns = trama_store_get_actor (listing->store, i)->end_ns;

      if (end_ns != TRAMA_TIME_NONE)
        print_event (listing, (TramaRef){ TRAMA_EVENT_ACTOR, i }, end_ns, json);
    }
}

void
trama_cli_print_links (TramaFlowTable *table, gboolean json)
{
  Listing listing = { table, trama_flow_table_get_store (table), trama_links_new (table), NULL, NULL };
  g_autoptr (GArray) moments = trama_store_get_moments (listing.store, NULL);

  listing.out = g_string_new (NULL);
  listing.call_numbers = trama_cli_number_calls (listing.store);
  for (guint i = 0; i < moments->len; i++)
    {
      const TramaMoment *moment = &g_array_index (moments, TramaMoment, i);

      if (moment->kind != TRAMA_MOMENT_EXIT)
        print_event (&listing, trama_moment_ref (moment), moment->time_ns, json);
    }
  print_ends (&listing, json);
  g_string_free (listing.out, TRUE);
  g_free (listing.call_numbers);
  trama_links_unref (listing.links);
}
