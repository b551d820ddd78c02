/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/paint.h"

/*
 * What a painter asks of the trace, for a part of the body: a chart that is laid out says
 * where everything stands, but of the selected event and of what was found it has to be asked,
 * and it asks the trace, which may grow. Asked beforehand, by the thread of the trace, the
 * part can be painted by any other. Private to ui/paint.
 */

typedef struct
{
  TramaEdgeMark mark;
  gboolean is_selected; /* it is about the selected event, */
  double from_x;        /* which ends here; G_MAXDOUBLE: it is not drawn */
} TramaAnsweredMark;

struct _TramaAnswers
{
  GArray *marks; /* of TramaAnsweredMark; NULL: there is no edge */
  GHashTable *
      path; /* of gint64: the events that are on the path of the selected one, where there is no trail; NULL */
  TramaChartArrow selected; /* of a packet that is in the crowd */
  gboolean has_selected;
};

gboolean trama_answers_are_on_path (const TramaAnswers *answers, TramaRef ref);
