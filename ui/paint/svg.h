/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/paint/text.h"

#include <cairo.h>

/*
 * Private to ui/paint: a picture as SVG 1.1 with text as text, which cairo's own SVG
 * cannot do: there, letters are shapes and nothing has a name. What is drawn is taken
 * from a cairo context that draws nothing itself: its path, source, line and matrix,
 * which may move and turn, not scale. Coordinates on paper are those of its device.
 */
typedef struct _TramaSvg TramaSvg;

TramaSvg *trama_svg_new (double width_px, double height_px, const char *title, const char *description);
void trama_svg_free (TramaSvg *svg);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSvg, trama_svg_free)

/*
 * Takes what is written, in order, as it comes; FALSE: nothing more of it. Without one it is all kept.
 * To be set before anything is drawn.
 */
typedef gboolean (*TramaSvgSink) (const char *data, gsize size, gpointer user_data);
void trama_svg_set_sink (TramaSvg *svg, TramaSvgSink sink, gpointer user_data);

/* Closes the picture. What is kept of it; borrowed. */
const GString *trama_svg_end (TramaSvg *svg);

/* As cairo does it; the path stays. */
void trama_svg_fill (TramaSvg *svg, cairo_t *cr);
void trama_svg_stroke (TramaSvg *svg, cairo_t *cr);
void trama_svg_clip (TramaSvg *svg, cairo_t *cr);

/* Between these two, what was clipped ends. */
void trama_svg_save (TramaSvg *svg);
void trama_svg_restore (TramaSvg *svg);

void trama_svg_text (TramaSvg *svg, cairo_t *cr, const TramaText *text, double x, double y, double align);

/*
 * What is drawn until the end belongs to one thing, which @title names. Its group has
 * @id; a second one of the same thing, drawn above what lies between, has "@id-label".
 */
void trama_svg_begin_group (TramaSvg *svg, const char *id, const char *title);
void trama_svg_end_group (TramaSvg *svg);
