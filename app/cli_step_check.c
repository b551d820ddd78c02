/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_step_check.h"

#include "core/decode/printable.h"
#include "core/session/nearest.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

static void
say_unknown (TramaStore *store, const char *name)
{
  g_autofree char *shown = trama_printable_format ((const guint8 *) name, strlen (name),
                                                   TRAMA_TEXT_MAX_BYTES);
  g_autoptr (GString) list = g_string_new (NULL);
  TramaNearest nearest;

  trama_nearest_init (&nearest, shown);
  for (guint i = 0; i < trama_store_n_actors (store); i++)
    {
      const char *actor = trama_store_get_actor (store, i)->name;

      trama_nearest_offer (&nearest, actor);
      g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", actor);
    }
  if (nearest.best != NULL)
    printf (_ ("unknown actor \"%s\"; did you mean \"%s\"? There are: %s"), shown, nearest.best, list->str);
  else
    printf (_ ("unknown actor \"%s\"; there are: %s"), shown, list->str);
  printf ("\n");
}

gboolean
trama_cli_check_actor (TramaStore *store, const char *name)
{
  for (guint i = 0; i < trama_store_n_actors (store); i++)
    {
      const TramaActor *actor = trama_store_get_actor (store, i);
      const TramaPosition *position = trama_store_get_position (store, actor->id);

      if (strcmp (actor->name, name) != 0)
        continue;
      if (position == NULL || position->status != TRAMA_POSITION_ENDED)
        return TRUE;
      printf (_ ("%s has ended and takes no more steps"), name);
      printf ("\n");
      return FALSE;
    }
  say_unknown (store, name);
  return FALSE;
}

gboolean
trama_cli_check_line (const TramaSession *session, const char *text, guint *line)
{
  guint64 wanted = 0;
  guint first = trama_session_find_step_line (session, 1);

  /* A number that is too long for this is that of no line either. */
  *line = g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &wanted, NULL)
              ? trama_session_find_step_line (session, (guint) wanted)
              : 0;
  if (*line != 0)
    return TRUE;
  printf (_ ("no step stands in line %s or behind it; the steps are in lines %u to %u"), text, first,
          trama_session_get_last_step_line (session));
  printf ("\n");
  return FALSE;
}
