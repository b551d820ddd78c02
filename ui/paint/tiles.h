/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

/*
 * Private to ui/paint: small pieces of picture that come again and again, painted once into
 * images. Only where pixels are painted: on paper that keeps shapes, shapes they stay. They
 * belong to a thread, which keeps those of the last way of painting.
 */
typedef struct _TramaTiles TramaTiles;

/* What tells a piece from the others; what is not needed is 0. */
typedef struct
{
  gconstpointer shape; /* an address of its own for each kind of piece, as that of what draws it */
  gint32 numbers[4];
  float colors[2][4];
} TramaTileKey;

/* In px of the picture, with the upper left corner of the piece at the origin. */
typedef void (*TramaTileFunc) (cairo_t *cr, gpointer data);

/*
 * Those of this thread, for pictures in the colours of @theme, an address, with sizes of the
 * design times @size. NULL when @cr does not paint pixels, as a printer or a recording, or
 * turns them. Borrowed, until this is called again.
 */
TramaTiles *trama_tiles_get (cairo_t *cr, gconstpointer theme, double size);

/* @length_px, or a little more or less: such that so many of them take whole pixels. At least one. */
double trama_tiles_round (const TramaTiles *tiles, double length_px);

/*
 * Makes the piece of @key the source, again and again, with a corner at the pixel nearest to
 * @x, @y of @cr. @draw is called when there is none yet.
 */
void trama_tiles_set_source (TramaTiles *tiles,
                             cairo_t *cr,
                             const TramaTileKey *key,
                             double x,
                             double y,
                             double width_px,
                             double height_px,
                             TramaTileFunc draw,
                             gpointer data);

/*
 * Paints the piece of @key once, with its middle at @x, @y, which is kept to a quarter of a
 * pixel; nothing of it is more than @reach_px from there. @draw has the middle at the origin.
 */
void trama_tiles_stamp (TramaTiles *tiles,
                        cairo_t *cr,
                        const TramaTileKey *key,
                        double x,
                        double y,
                        double reach_px,
                        TramaTileFunc draw,
                        gpointer data);
