/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/finding_text.h"

#include <glib/gi18n-lib.h>

const char *
trama_severity_sign (guint severity)
{
  static const char *const signs[TRAMA_N_SEVERITIES] = {
    [TRAMA_SEVERITY_FACT] = "○",
    [TRAMA_SEVERITY_NOTICE] = "▲",
    [TRAMA_SEVERITY_PROBLEM] = "✖",
  };

  g_return_val_if_fail (severity < TRAMA_N_SEVERITIES, "");
  return signs[severity];
}

char *
trama_severity_text (guint severity)
{
  return g_strdup_printf ("%s %s", trama_severity_sign (severity), _ (trama_severity_name (severity)));
}

char *
trama_finding_title (const TramaFinding *finding)
{
  return g_strdup_printf ("%s %s", trama_severity_sign (finding->severity), finding->what);
}

char *
trama_finding_text (const TramaFinding *finding)
{
  g_autofree char *title = trama_finding_title (finding);

  return g_strdup_printf ("%s\n\n%s\n\n→ %s", title, finding->why, finding->todo);
}

char *
trama_finding_count_text (TramaFindingCount count)
{
  g_autofree char *severity = NULL;

  if (count.n == 0)
    return g_strdup ("");
  severity = trama_severity_text (count.severity);
  /* Translators: how many findings there are, and the worst of them: "2, ✖ problem". */
  return count.n > 1 ? g_strdup_printf (_ ("%u, %s"), count.n, severity) : g_steal_pointer (&severity);
}
