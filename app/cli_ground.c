/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_ground.h"

#include "app/cli_common.h"
#include "core/decode/printable.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What it means that a step failed, by where the session ran then. */
static const struct
{
  const char *lack;
  const char *consequence;
} ground_failures[] = {
  [TRAMA_GROUND_LAB] = { N_ ("no capture"),
                         N_ ("The session ran in a private loopback; its packets were not observed.") },
  [TRAMA_GROUND_HOST] = { N_ ("no private loopback"),
                          N_ ("The session ran on the host's loopback; its packets were not observed.") },
};

/* A trace is from outside, and its text is not for the terminal to obey. */
static char *
printable (const char *text)
{
  return text != NULL ? trama_printable_format ((const guint8 *) text, strlen (text), TRAMA_TEXT_MAX_BYTES)
                      : g_strdup ("");
}

/* One message names the step, the errno and the remedy. */
void
trama_cli_tell_ground (const TramaStore *store)
{
  const TramaGround *ground = trama_store_get_ground (store);
  const char *name;
  g_autofree char *step = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *message = NULL;

  if (ground == NULL || ground->error == 0 || ground->kind >= G_N_ELEMENTS (ground_failures)
      || ground_failures[ground->kind].lack == NULL)
    return;
  name = trama_errno_name (ground->error);
  step = printable (ground->step);
  remedy = printable (ground->remedy);
  /* Translators: what lacks: the step that failed: the error in words (and its name). What to do. What happened. */
  message = g_strdup_printf (_ ("%s: %s: %s (%s). %s\n%s"), _ (ground_failures[ground->kind].lack), step,
                             g_strerror (ground->error), name != NULL ? name : "?", remedy,
                             _ (ground_failures[ground->kind].consequence));
  trama_cli_complain (message);
}
