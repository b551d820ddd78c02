/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli_note.h"

#include "core/decode/printable.h"
#include "core/trace/json.h"

#include <string.h>

static const char *
get_note (const TramaStore *store, TramaRef ref)
{
  return trama_notebook_get_text (trama_store_get_notebook (store), ref, TRAMA_TIME_NONE);
}

char *
trama_cli_note_format (const TramaStore *store, TramaRef ref)
{
  const char *note = get_note (store, ref);
  g_autofree char *shown = NULL;

  if (note == NULL)
    return g_strdup ("");
  shown = trama_printable_format ((const guint8 *) note, strlen (note), TRAMA_TEXT_MAX_BYTES);
  return g_strdup_printf ("  ✎ %s", shown);
}

void
trama_cli_note_add (GString *out, const TramaStore *store, TramaRef ref)
{
  trama_json_add_string (out, "note", get_note (store, ref));
}
