/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/answers.h"
#include "ui/paint/svg.h"
#include "ui/paint/text.h"
#include "ui/paint/tiles.h"

/*
 * Private to ui/paint: what its files draw on, and the layers of the picture, one
 * function each, from the bottom up. Coordinates are the body's, the header lies
 * above zero. Lengths in the code are the design's at 1920 px, times .scale.
 *
 * A layer leaves line width, dash, cap and source as it likes, never the clip or
 * the matrix. What a layer draws does not depend on y0 and y1, except for what lies
 * outside of them: strips of one picture fit together.
 */
typedef struct
{
  cairo_t *cr;       /* borrowed, as the rest */
  TramaSvg *svg;     /* NULL: drawn on .cr; else .cr holds only path, source, line and matrix */
  TramaTiles *tiles; /* NULL: nothing is painted by means of images */
  const TramaPainting *painting;
  const TramaAnswers *answers; /* for the body; NULL */
  const TramaChart *chart;
  const TramaTheme *theme;
  double scale;
  double y0, y1;     /* what is wanted */
  gboolean only_lit; /* of the events, those of the trail */
} TramaCanvas;

/* Where something stands, and where it looks: lengths along it and across it, to its right. */
typedef struct
{
  double x, y;
  double ux, uy; /* of length 1 */
} TramaAxis;

/*
 * canvas.c: the brushes. Paths, lines and the matrix are cairo's own; what is drawn, clipped and
 * written goes through here, on the screen and on all kinds of paper.
 */
void trama_canvas_fill (const TramaCanvas *canvas);
void trama_canvas_fill_preserve (const TramaCanvas *canvas);
void trama_canvas_stroke (const TramaCanvas *canvas);
void trama_canvas_clip (const TramaCanvas *canvas);
void trama_canvas_save (const TramaCanvas *canvas);
void trama_canvas_restore (const TramaCanvas *canvas);
void trama_canvas_text (const TramaCanvas *canvas, const TramaText *text, double x, double y, double align);
/* What is drawn between these two is one call or packet; on paper that can say so, it has its name. */
void trama_canvas_begin_event (const TramaCanvas *canvas, guint32 kind, guint32 index);
/* The same of other things: @what is a word for an id, @title may be NULL. */
void trama_canvas_begin_thing (const TramaCanvas *canvas, const char *what, guint32 index, const char *title);
void trama_canvas_end_event (const TramaCanvas *canvas);
void trama_canvas_set_color (const TramaCanvas *canvas, TramaColor color);
void trama_canvas_fill_rect (const TramaCanvas *canvas, double x, double y, double width, double height);
void trama_canvas_round_rect (const TramaCanvas *canvas,
                              double x,
                              double y,
                              double width,
                              double height,
                              double radius);
/*
 * Where pixels are painted, that is where there are tiles: what tiles.h does, with brushes; @data
 * besides. Elsewhere a stamp is drawn as it is.
 */
typedef void (*TramaCanvasFunc) (const TramaCanvas *canvas, gconstpointer data);
void trama_canvas_set_tile (const TramaCanvas *canvas,
                            const TramaTileKey *key,
                            double x,
                            double y,
                            double width_px,
                            double height_px,
                            TramaCanvasFunc draw,
                            gconstpointer data);
void trama_canvas_stamp (const TramaCanvas *canvas,
                         const TramaTileKey *key,
                         double x,
                         double y,
                         double reach_px,
                         TramaCanvasFunc draw,
                         gconstpointer data);
/* To a place of @axis, in px of the design; a line, or nothing. */
void trama_canvas_go (const TramaCanvas *canvas,
                      const TramaAxis *axis,
                      double along,
                      double across,
                      gboolean draw);
void trama_canvas_set_dash (const TramaCanvas *canvas, const double *dashes, int n_dashes);
gboolean trama_canvas_sees (const TramaCanvas *canvas, double y0, double y1);
/* Cairo's coordinates end at 2^23 px: lengths that may be longer are cut, well outside of what is wanted. */
double trama_canvas_clamp (const TramaCanvas *canvas, double y);
gboolean trama_canvas_on_path (const TramaCanvas *canvas, guint32 kind, guint32 index);
/* FALSE: it is left out of this layer, as it is not lit. */
gboolean trama_canvas_wants (const TramaCanvas *canvas, guint32 kind, guint32 index);
gboolean trama_canvas_is_selected (const TramaCanvas *canvas, guint32 kind, guint32 index);
/* A ring around a box, for what is selected. */
void trama_canvas_outline (const TramaCanvas *canvas,
                           double x,
                           double y,
                           double width,
                           double height,
                           double radius);

/* paint_time.c */
TramaColor trama_canvas_ground_color (const TramaCanvas *canvas, double y); /* of the wire, tinted */
/* Narrows y0…y1 to its first piece between tears that is @least_px high, or else to the longest. */
void trama_canvas_find_clear (const TramaCanvas *canvas, double least_px, double *y0, double *y1);
void trama_canvas_draw_phases (const TramaCanvas *canvas);
void trama_canvas_draw_grid (const TramaCanvas *canvas);
void trama_canvas_draw_ticks (const TramaCanvas *canvas);
void trama_canvas_draw_tears (const TramaCanvas *canvas);
void trama_canvas_draw_steps (const TramaCanvas *canvas);
void trama_canvas_draw_step_mark (const TramaCanvas *canvas, double x, double y); /* its middle */

/* paint_columns.c */
void trama_canvas_draw_columns (const TramaCanvas *canvas);
void trama_canvas_draw_cards (const TramaCanvas *canvas);
void trama_canvas_draw_bands (const TramaCanvas *canvas);
void trama_canvas_draw_lifelines (const TramaCanvas *canvas);
void trama_canvas_draw_badges (const TramaCanvas *canvas);

/* paint_dense.c: what there is too much of to be drawn one by one. */
void trama_canvas_draw_densities (const TramaCanvas *canvas);
void trama_canvas_draw_crowds (const TramaCanvas *canvas);
void trama_canvas_draw_selected (const TramaCanvas *canvas);

/* paint_lives.c: processes that come and go. */
void trama_canvas_draw_births (const TramaCanvas *canvas); /* beneath what they do */
void trama_canvas_draw_lives (const TramaCanvas *canvas);

/* paint_calls.c */
void trama_canvas_draw_bars (const TramaCanvas *canvas);
void trama_canvas_draw_bar (const TramaCanvas *canvas, const TramaChartBar *bar, double x, double width);
void trama_canvas_draw_labels (const TramaCanvas *canvas);

/* paint_links.c */
void trama_canvas_draw_halo (const TramaCanvas *canvas);
void trama_canvas_draw_carries (const TramaCanvas *canvas);
void trama_canvas_draw_carry (const TramaCanvas *canvas,
                              const TramaChartCarry *carry); /* without its label */
void trama_canvas_draw_links (const TramaCanvas *canvas);
void trama_canvas_draw_link (const TramaCanvas *canvas, const TramaChartLink *link);

/* paint_arrows.c */
/* Less is in view than what has words: there may be very many. */
gboolean trama_canvas_sees_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow);
gboolean trama_arrow_is_quiet (const TramaChartArrow *arrow); /* an ACK and nothing more, or unknown */
void
trama_canvas_draw_passing (const TramaCanvas *canvas); /* what goes past columns, beneath what they hold */
void trama_canvas_draw_arrows (const TramaCanvas *canvas, gboolean quiet);
void trama_canvas_draw_arrow (const TramaCanvas *canvas, const TramaChartArrow *arrow);

/* paint_notes.c: what is written over the wires. */
void trama_canvas_draw_chips (const TramaCanvas *canvas, gboolean quiet);
void trama_canvas_draw_notes (const TramaCanvas *canvas);
void trama_canvas_draw_not_observed (const TramaCanvas *canvas);

/* paint_trail.c: what has to do with the selected event; there is a trail. */
void trama_canvas_draw_veil (const TramaCanvas *canvas);
void trama_canvas_draw_ribbons (const TramaCanvas *canvas);
void trama_canvas_draw_ribbon_labels (const TramaCanvas *canvas);

/* paint_edge.c: what was found. */
void trama_canvas_draw_leaders (const TramaCanvas *canvas);
void trama_canvas_draw_edge (const TramaCanvas *canvas);
void trama_canvas_draw_severity (const TramaCanvas *canvas,
                                 guint severity,
                                 double x, /* its middle */
                                 double y,
                                 double size_px);

/* paint_remarks.c: the user's own. */
void trama_canvas_draw_mark_lines (const TramaCanvas *canvas); /* beneath whatever is written */
void trama_canvas_draw_marks (const TramaCanvas *canvas);
void trama_canvas_draw_flag (const TramaCanvas *canvas, double x, double y);   /* its left, in the middle */
void trama_canvas_draw_pencil (const TramaCanvas *canvas, double x, double y); /* its middle */

/* legend.c */
void trama_canvas_draw_legend (const TramaCanvas *canvas);
