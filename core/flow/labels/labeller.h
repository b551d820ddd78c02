/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/labels/segments.h"

/*
 * Private to the room: the labels of one conversation, segment by segment in order of
 * time. It knows of both sides what they have sent and said so far.
 */
typedef struct _TramaLabeller TramaLabeller;

TramaLabeller *trama_labeller_new (void);
void trama_labeller_free (TramaLabeller *labeller);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaLabeller, trama_labeller_free)

/* One TCP segment as it was captured. */
typedef struct
{
  const guint8 *data; /* of which decoded is; its first @captured bytes */
  gsize captured;
  const TramaDecoded *decoded;
  gint64 time_ns;
  guint32 packet;
  guint8 from;    /* side that sent it */
  guint8 is_copy; /* the table knows it for one */
  guint8 to;      /* the same when a socket is connected to itself */
} TramaLabelInput;

/* What shows of an earlier segment only by what comes later. labels 0: nothing. */
typedef struct
{
  guint32 packet;
  guint32 ordinal; /* among the segments of the conversation, from 0 */
  guint32 labels;
  guint32 withdrawn; /* what it seemed to be until now */
} TramaLateLabel;

/* Fills in @facts and @late. */
void trama_labeller_observe (TramaLabeller *labeller,
                             const TramaLabelInput *input,
                             TramaSegmentFacts *facts,
                             TramaLateLabel *late);
