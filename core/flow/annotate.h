/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/flow.h"
#include "core/trace/rewrite.h"

/*
 * What a trace that is saved takes from its conversations: which packets are kept, and
 * which calls are written beside them. The functions fit TramaRewriteOptions, with an
 * annotator as their user data.
 */
typedef struct
{
  const TramaFlowTable *table; /* borrowed */
  GHashTable *flows;           /* of GUINT_TO_POINTER (index of a flow): those that are kept; borrowed */
  gboolean without_data;       /* what the calls moved is not shown */
} TramaAnnotator;

/* Whether it belongs to one of the flows. */
gboolean trama_annotator_keeps (guint packet, gpointer annotator);

/*
 * The call of its sender that caused it, as in "connect(3, 127.0.0.1:5000) = 0", and the
 * one that it ended the waiting of: "wakes accept(3, 127.0.0.1:40122) = 4".
 */
void trama_annotator_annotate (guint packet, TramaAnnotation *annotation, gpointer annotator);
