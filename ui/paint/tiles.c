/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/tiles.h"

#include <math.h>
#include <string.h>

/* Of a pixel, where a stamp may stand. */
#define STEPS 4

/* More than one way of painting needs. */
#define MAX_PIECES 512

typedef struct
{
  TramaTileKey key;
  gint32 step_x, step_y; /* of a stamp */
} Key;

/* What all pieces are painted for. */
typedef struct
{
  gconstpointer theme;
  double size;
  double scale;        /* pixels per px of the picture */
  double device_scale; /* and per unit of the device, which are between them */
} Way;

struct _TramaTiles
{
  GHashTable *patterns; /* Key → cairo_pattern_t */
  Way way;
};

static guint
key_hash (gconstpointer pointer)
{
  const guint8 *bytes = pointer;
  guint hash = 5381;

  for (gsize i = 0; i < sizeof (Key); i++)
    hash = hash * 33 + bytes[i];
  return hash;
}

static gboolean
key_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static void
tiles_free (gpointer data)
{
  TramaTiles *self = data;

  g_hash_table_unref (self->patterns);
  g_free (self);
}

static GPrivate tiles_of_thread = G_PRIVATE_INIT (tiles_free);

static TramaTiles *
get_own (void)
{
  TramaTiles *self = g_private_get (&tiles_of_thread);

  if (self == NULL)
    {
      self = g_new0 (TramaTiles, 1);
      self->patterns = g_hash_table_new_full (key_hash, key_equal, g_free,
                                              (GDestroyNotify) cairo_pattern_destroy);
      g_private_set (&tiles_of_thread, self);
    }
  return self;
}

TramaTiles *
trama_tiles_get (cairo_t *cr, gconstpointer theme, double size)
{
  cairo_surface_t *target = cairo_get_group_target (cr);
  Way way = { .theme = theme, .size = size };
  TramaTiles *self;
  cairo_matrix_t matrix;
  double device_scale_y;

  cairo_get_matrix (cr, &matrix);
  cairo_surface_get_device_scale (target, &way.device_scale, &device_scale_y);
  if (cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE || matrix.xy < 0 || matrix.xy > 0
      || matrix.yx < 0 || matrix.yx > 0 || !(matrix.xx > 0) || matrix.yy < matrix.xx || matrix.yy > matrix.xx
      || device_scale_y < way.device_scale || device_scale_y > way.device_scale)
    return NULL;
  way.scale = matrix.xx * way.device_scale;
  self = get_own ();
  if (memcmp (&self->way, &way, sizeof way) != 0 || g_hash_table_size (self->patterns) > MAX_PIECES)
    g_hash_table_remove_all (self->patterns);
  self->way = way;
  return self;
}

static double
round_up_to_pixel (double length, double scale)
{
  return MAX (1, round (length * scale)) / scale;
}

double
trama_tiles_round (const TramaTiles *self, double length_px)
{
  return round_up_to_pixel (length_px, self->way.scale);
}

static cairo_pattern_t *
draw_piece (const TramaTiles *self,
            int width,
            int height,
            double x,
            double y,
            TramaTileFunc draw,
            gpointer data)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_pattern_t *pattern;
  cairo_t *cr;

  cairo_surface_set_device_scale (surface, self->way.device_scale, self->way.device_scale);
  cr = cairo_create (surface);
  cairo_translate (cr, x / self->way.device_scale, y / self->way.device_scale);
  cairo_scale (cr, self->way.scale / self->way.device_scale, self->way.scale / self->way.device_scale);
  draw (cr, data);
  cairo_destroy (cr);
  pattern = cairo_pattern_create_for_surface (surface);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_surface_destroy (surface);
  return pattern;
}

/* With its corner there, in pixels of the device. */
static void
set_source (const TramaTiles *self, cairo_t *cr, cairo_pattern_t *pattern, double x, double y)
{
  cairo_matrix_t matrix;

  cairo_get_matrix (cr, &matrix);
  matrix.x0 -= x / self->way.device_scale;
  matrix.y0 -= y / self->way.device_scale;
  cairo_pattern_set_matrix (pattern, &matrix);
  cairo_set_source (cr, pattern);
}

static void
find_pixel (const TramaTiles *self, cairo_t *cr, double *x, double *y)
{
  cairo_user_to_device (cr, x, y);
  *x *= self->way.device_scale;
  *y *= self->way.device_scale;
}

static cairo_pattern_t *
keep (TramaTiles *self, const Key *key, cairo_pattern_t *pattern)
{
  g_hash_table_insert (self->patterns, g_memdup2 (key, sizeof *key), pattern);
  return pattern;
}

void
trama_tiles_set_source (TramaTiles *self,
                        cairo_t *cr,
                        const TramaTileKey *name,
                        double x,
                        double y,
                        double width_px,
                        double height_px,
                        TramaTileFunc draw,
                        gpointer data)
{
  const Key key = { .key = *name };
  cairo_pattern_t *pattern = g_hash_table_lookup (self->patterns, &key);

  if (pattern == NULL)
    {
      pattern = keep (self, &key,
                      draw_piece (self, (int) MAX (1, round (width_px * self->way.scale)),
                                  (int) MAX (1, round (height_px * self->way.scale)), 0, 0, draw, data));
      cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
    }
  find_pixel (self, cr, &x, &y);
  set_source (self, cr, pattern, round (x), round (y));
}

void
trama_tiles_stamp (TramaTiles *self,
                   cairo_t *cr,
                   const TramaTileKey *name,
                   double x,
                   double y,
                   double reach_px,
                   TramaTileFunc draw,
                   gpointer data)
{
  const double reach = ceil (reach_px * self->way.scale) + 1;
  cairo_pattern_t *pattern;
  Key key = { .key = *name };

  find_pixel (self, cr, &x, &y);
  x = round (x * STEPS);
  y = round (y * STEPS);
  key.step_x = (gint32) (x - floor (x / STEPS) * STEPS);
  key.step_y = (gint32) (y - floor (y / STEPS) * STEPS);
  pattern = g_hash_table_lookup (self->patterns, &key);
  if (pattern == NULL)
    pattern = keep (self, &key,
                    draw_piece (self, (int) (2 * reach + 1), (int) (2 * reach + 1),
                                reach + (double) key.step_x / STEPS, reach + (double) key.step_y / STEPS,
                                draw, data));
  set_source (self, cr, pattern, floor (x / STEPS) - reach, floor (y / STEPS) - reach);
  cairo_paint (cr);
}
