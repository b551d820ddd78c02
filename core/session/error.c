/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session/private.h"

/* To a caller's bug the accessor that GLib's macro defines answers NULL; there is none here. */
#pragma GCC diagnostic ignored "-Wnull-dereference"

/* What a GError of ours carries besides its message. */
typedef struct
{
  guint line;
  guint column;
  char *message; /* owned; NULL: the error's own */
} TramaSessionErrorPrivate;

static void
trama_session_error_private_init (TramaSessionErrorPrivate *place)
{
}

static void
trama_session_error_private_copy (const TramaSessionErrorPrivate *from, TramaSessionErrorPrivate *to)
{
  to->line = from->line;
  to->column = from->column;
  to->message = g_strdup (from->message);
}

static void
trama_session_error_private_clear (TramaSessionErrorPrivate *place)
{
  g_free (place->message);
}

G_DEFINE_EXTENDED_ERROR (TramaSessionError, trama_session_error)

GError *
trama_session_error_new (TramaSessionError code,
                         guint line,
                         guint column,
                         const char *message,
                         const char *shown)
{
  GError *error = g_error_new_literal (TRAMA_SESSION_ERROR, (int) code, shown);
  TramaSessionErrorPrivate *place = trama_session_error_get_private (error);

  place->line = line;
  place->column = column;
  place->message = g_strdup (message);
  return error;
}

gboolean
trama_session_error_get_problem (const GError *error, TramaSessionProblem *problem)
{
  const TramaSessionErrorPrivate *place;

  g_return_val_if_fail (error != NULL, FALSE);
  g_return_val_if_fail (problem != NULL, FALSE);

  if (error->domain != TRAMA_SESSION_ERROR)
    return FALSE;
  place = trama_session_error_get_private (error);
  problem->line = place->line;
  problem->column = place->column;
  problem->message = place->message != NULL ? place->message : error->message;
  return TRUE;
}
