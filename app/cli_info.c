/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_trace.h"

#include "core/capture/link_name.h"
#include "core/decode/printable.h"
#include "core/trace/json.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 256

/* trama-cli info: what a capture is and holds. */

typedef struct
{
  const TramaStore *store;
  const char *format;      /* NULL: not known */
  const char *compression; /* NULL: none */
  gboolean has_span;
  TramaSpan span;
  guint steps_back; /* packets that are earlier than the one before them */
  guint first_step; /* the first of these, from 1; 0: none */
  const char *damage;
  guint64 damage_offset;
} Info;

static void
find_steps_back (Info *info)
{
  for (guint i = 0; i < trama_store_n_packets (info->store); i++)
    if (trama_store_get_step_back (info->store, i) > 0 && info->steps_back++ == 0)
      info->first_step = i + 1;
}

static void
add_time (GString *out, const Info *info, const char *key, const char *key_ns, gint64 time_ns)
{
  g_autofree char *time = info->has_span ? trama_time_format (time_ns) : NULL;

  trama_json_add_string (out, key, time);
  if (info->has_span)
    trama_json_add_signed (out, key_ns, time_ns);
  else
    trama_json_add_null (out, key_ns);
}

static void
add_interfaces (GString *out, const TramaStore *store)
{
  trama_json_begin_array (out, "interfaces");
  for (guint i = 0; i < trama_store_n_interfaces (store); i++)
    {
      const TramaInterface *interface = trama_store_get_interface (store, i);

      trama_json_begin_object (out, NULL);
      trama_json_add_string (out, "name", interface->name);
      trama_json_add_unsigned (out, "link_type", interface->link_type);
      trama_json_add_string (out, "link_type_name", trama_link_name (interface->link_type));
      trama_json_add_string (out, "link_type_description", trama_link_description (interface->link_type));
      trama_json_add_unsigned (out, "snap_length", interface->snap_bytes);
      trama_json_end_object (out);
    }
  trama_json_end_array (out);
}

static void
print_json (const Info *info)
{
  g_autoptr (GString) out = g_string_new (NULL);

  trama_json_begin_object (out, NULL);
  trama_json_add_string (out, "format", info->format);
  trama_json_add_string (out, "compression", info->compression);
  add_interfaces (out, info->store);
  trama_json_add_unsigned (out, "packets", trama_store_n_packets (info->store));
  trama_json_add_unsigned (out, "calls", trama_store_n_calls (info->store));
  add_time (out, info, "first", "first_ns", info->span.start_ns);
  add_time (out, info, "last", "last_ns", info->span.end_ns);
  trama_json_add_unsigned (out, "drops", trama_store_get_drops (info->store));
  trama_json_add_unsigned (out, "steps_back", info->steps_back);
  if (info->first_step != 0)
    trama_json_add_unsigned (out, "first_step_back", info->first_step);
  else
    trama_json_add_null (out, "first_step_back");
  if (info->damage != NULL)
    {
      trama_json_begin_object (out, "damage");
      trama_json_add_unsigned (out, "offset", info->damage_offset);
      trama_json_add_string (out, "reason", info->damage);
      trama_json_end_object (out);
    }
  else
    trama_json_add_null (out, "damage");
  trama_json_end_object (out);
  puts (out->str);
}

static void
print_interfaces (const TramaStore *store)
{
  printf ("interfaces: %u\n", trama_store_n_interfaces (store));
  for (guint i = 0; i < trama_store_n_interfaces (store); i++)
    {
      const TramaInterface *interface = trama_store_get_interface (store, i);
      const char *name = interface->name != NULL ? interface->name : "-";
      g_autofree char *shown = trama_printable_format ((const guint8 *) name, strlen (name), NAME_MAX_BYTES);
      const char *link = trama_link_name (interface->link_type);

      printf ("interface %u: %s, link type %u", i, shown, interface->link_type);
      if (link != NULL)
        printf (" (%s, %s)", link, trama_link_description (interface->link_type));
      printf (", snap length %u\n", interface->snap_bytes);
    }
}

static void
print_time (const char *key, gint64 time_ns)
{
  g_autofree char *time = trama_time_format (time_ns);

  printf ("%s: %s (%" G_GINT64_FORMAT ")\n", key, time, time_ns);
}

static void
print_text (const Info *info)
{
  printf ("format: %s\n", info->format != NULL ? info->format : "unknown");
  printf ("compression: %s\n", info->compression != NULL ? info->compression : "none");
  print_interfaces (info->store);
  printf ("packets: %u\n", trama_store_n_packets (info->store));
  printf ("calls: %u\n", trama_store_n_calls (info->store));
  if (info->has_span)
    {
      print_time ("first", info->span.start_ns);
      print_time ("last", info->span.end_ns);
    }
  printf ("drops: %" G_GUINT64_FORMAT "\n", trama_store_get_drops (info->store));
  if (info->steps_back > 0)
    printf ("steps back: %u, the first at packet %u\n", info->steps_back, info->first_step);
  else
    printf ("steps back: 0\n");
  if (info->damage != NULL)
    printf ("damage: byte %" G_GUINT64_FORMAT ": %s\n", info->damage_offset, info->damage);
  else
    printf ("damage: none\n");
}

static void
print_info (const TramaCliReading *reading)
{
  TramaSource *source = reading->capture.source;
  Info info = { .store = trama_source_get_store (source), .format = trama_source_get_format (source) };

  info.compression = trama_source_get_compression (source);
  info.has_span = trama_store_get_span (info.store, &info.span);
  info.damage = trama_source_get_damage (source, &info.damage_offset);
  if (info.format == NULL && info.damage == NULL)
    return;
  find_steps_back (&info);
  if (reading->json)
    print_json (&info);
  else
    print_text (&info);
}

int
trama_cli_info (int argc, char **argv)
{
  TramaCliReading reading = { 0 };

  if (trama_cli_reading_begin (&reading, argc, argv))
    print_info (&reading);
  return trama_cli_reading_end (&reading);
}
