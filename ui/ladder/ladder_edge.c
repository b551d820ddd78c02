/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/finding_text.h"
#include "ui/ladder/ladder_private.h"

#include <glib/gi18n-lib.h>

/* Of one mark, how many a card tells. */
#define TOLD_MAX 4

void
trama_ladder_view_update_edge (TramaLadderView *self)
{
  TramaFindings *findings = trama_view_state_get_findings (self->state);

  if (self->edge != NULL && self->chart != NULL && trama_edge_get_findings (self->edge) == findings
      && trama_flow_set_equal (self->edge_flows, self->chart->flows))
    return;
  g_clear_pointer (&self->edge, trama_edge_unref);
  g_clear_pointer (&self->edge_flows, trama_flow_set_unref);
  if (self->chart == NULL || findings == NULL)
    return;
  if (self->chart->flows != NULL)
    self->edge_flows = trama_flow_set_ref (self->chart->flows);
  self->edge = trama_edge_new (findings, self->edge_flows);
}

static gboolean
find_mark (TramaLadderView *self, double x, double y, TramaEdgeMark *mark)
{
  double body_y = y - trama_ladder_view_header_px (self);

  trama_ladder_view_update (self);
  if (self->edge == NULL || body_y < 0 || body_y > trama_ladder_view_body_px (self))
    return FALSE;
  return trama_edge_hit (self->edge, self->chart, trama_ladder_view_get_chart_x (self, x),
                         body_y + trama_ladder_view_get_scroll (self), mark);
}

static const TramaFinding *
get_finding (TramaLadderView *self, guint position)
{
  return trama_findings_get_finding (trama_edge_get_findings (self->edge),
                                     trama_edge_get_finding (self->edge, position));
}

/* The worst first, and then one after the other. */
TramaRef
trama_ladder_view_hit_edge (TramaLadderView *self, double x, double y)
{
  TramaRef selected = trama_view_state_get_selected (self->state);
  TramaEdgeMark mark;
  guint position;

  if (!find_mark (self, x, y, &mark))
    return (TramaRef){ 0 };
  if (!trama_edge_is_about (self->edge, &mark, selected, &position))
    return trama_edge_get_ref (self->edge, mark.worst);
  /* Several may be about one event. */
  for (guint i = 1; i < mark.n; i++)
    {
      TramaRef next = trama_edge_get_ref (self->edge, mark.first + (position - mark.first + i) % mark.n);

      if (next.kind != selected.kind || next.index != selected.index)
        return next;
    }
  return selected;
}

/* One is told in full; of several, what each says. */
char *
trama_ladder_view_dup_edge_text (TramaLadderView *self, double x, double y)
{
  g_autoptr (GString) text = g_string_new (NULL);
  TramaEdgeMark mark;

  if (!find_mark (self, x, y, &mark))
    return NULL;
  if (mark.n == 1)
    return trama_finding_text (get_finding (self, mark.first));
  for (guint i = 0; i < MIN (mark.n, TOLD_MAX); i++)
    {
      g_autofree char *line = trama_finding_title (get_finding (self, mark.first + i));

      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", line);
    }
  if (mark.n > TOLD_MAX)
    {
      guint more = mark.n - TOLD_MAX;

      g_string_append_c (text, '\n');
      /* Translators: of findings, behind the first of them. */
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", more), more);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
