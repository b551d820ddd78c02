/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/flow/links/links.h"

/*
 * What caused the selected event and what it caused, on the ladder: which events are lit, and
 * ribbons for the bytes that went from one to the next. Of a call the packets that carried its
 * bytes, and behind them the calls at the other end that had the same bytes.
 *
 * Immutable, and of that one chart. Reference counted, so that several threads can draw it.
 */
typedef struct
{
  TramaRef cause, effect;
  guint8 kind;        /* TramaLinkKind */
  guint8 segment;     /* TramaSegmentKind of the packet, where there is one */
  guint64 from_bytes; /* as of a link */
  guint64 to_bytes;
  double x0, top0,
      bottom0; /* its edge at the cause: of the bar of a call, or where an arrow begins or ends */
  double x1, top1, bottom1; /* at the effect */
  const char *label;        /* "bytes 0–6": the first and the last of them; the trail's */
  const char *short_label;  /* "0–6" */
} TramaRibbon;

typedef struct _TramaTrail TramaTrail;

/* NULL: nothing is linked with @selected. */
TramaTrail *trama_trail_new (const TramaChart *chart, const TramaLinks *links, TramaRef selected);
TramaTrail *trama_trail_ref (TramaTrail *trail);
void trama_trail_unref (TramaTrail *trail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaTrail, trama_trail_unref)

/* Whether an event is lit; the selected one is. */
gboolean trama_trail_has (const TramaTrail *trail, TramaRef ref);

guint trama_trail_n_ribbons (const TramaTrail *trail);
const TramaRibbon *trama_trail_get_ribbon (const TramaTrail *trail, guint index);
