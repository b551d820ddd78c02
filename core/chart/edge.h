/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/chart/chart.h"
#include "core/why/finding.h"

/*
 * What was found in a trace, at the edge of its ladder: marks between edge_x0 and edge_x1
 * of a chart, each as high as the event that it is about. Where there is no room for all
 * of them one mark stands for several, and looks as the worst of them does.
 *
 * The edge knows nothing of a scale and serves every chart of its trace: it is asked for
 * a part of one, and takes time by what is in that part. Immutable, reference counted;
 * keeps a reference to its findings.
 */
typedef struct _TramaEdge TramaEdge;

typedef struct
{
  guint32 first;         /* position of the first of those it stands for, */
  guint32 n;             /* and how many they are */
  guint32 worst;         /* position of the first of the worst */
  guint8 severity;       /* TramaSeverity, of the worst */
  double y;              /* the moment of the worst */
  double x, mark_y;      /* the middle of its shape; the two never part by more than half a mark */
  double size_px;        /* of the shape, both ways */
  double count_x;        /* where the number begins that says how many, */
  double count_width_px; /* and its room */
} TramaEdgeMark;

/* @flows: the conversations that are drawn; NULL: all are. */
TramaEdge *trama_edge_new (TramaFindings *findings, const TramaFlowSet *flows);
TramaEdge *trama_edge_ref (TramaEdge *edge);
void trama_edge_unref (TramaEdge *edge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaEdge, trama_edge_unref)

TramaFindings *trama_edge_get_findings (const TramaEdge *edge);

/* By position: in order of the time of the events that findings are about; of one finding there may be several. */
guint trama_edge_n_places (const TramaEdge *edge);
guint trama_edge_get_finding (const TramaEdge *edge, guint position);
TramaRef trama_edge_get_ref (const TramaEdge *edge, guint position);

/* Whether anything of that TramaSeverity was found. */
gboolean trama_edge_has (const TramaEdge *edge, guint severity);

/* A new GArray of TramaEdgeMark, from above: those that y0…y1 of the body of @chart shows a part of. */
GArray *trama_edge_get_marks (const TramaEdge *edge, const TramaChart *chart, double y0, double y1);

/* The mark at a point of the body. FALSE: there is none. */
gboolean
trama_edge_hit (const TramaEdge *edge, const TramaChart *chart, double x, double y, TramaEdgeMark *mark);

/* Whether one of those that @mark stands for is about @ref; its position in *@position, which may be NULL. */
gboolean
trama_edge_is_about (const TramaEdge *edge, const TramaEdgeMark *mark, TramaRef ref, guint *position);
