/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/paint/telephone.h"
#include "ui/paint/over.h"
#include "ui/paint/paint.h"

#include <math.h>
#include <string.h>

#define WIDTH 1920
#define HEIGHT 880

static const TramaRef nothing = { 0, 0 };

static TramaPainting
painting_of (const Telephone *telephone, gboolean is_dark, TramaRef selected)
{
  return (TramaPainting){ &telephone->chart, trama_theme_get (is_dark), selected };
}

/* The body from @top, as a picture whose first row is @top. */
static cairo_surface_t *
draw_body (const TramaPainting *painting, double top, int height, const double *cuts, guint n_cuts)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) painting->chart->width_px,
                                                         height);
  cairo_t *cr = cairo_create (surface);
  double from = top;

  cairo_translate (cr, 0, -top);
  for (guint i = 0; i < n_cuts; i++)
    {
      trama_paint_body (cr, painting, from, cuts[i]);
      from = cuts[i];
    }
  trama_paint_body (cr, painting, from, top + height);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

static guint32
pixel_at (cairo_surface_t *surface, double x, double y)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  guint32 pixel;

  g_assert_cmpint ((int) x, <, cairo_image_surface_get_width (surface));
  g_assert_cmpint ((int) y, <, cairo_image_surface_get_height (surface));
  memcpy (&pixel, data + (int) y * cairo_image_surface_get_stride (surface) + (int) x * 4, 4);
  return pixel & 0xFFFFFF;
}

static double
distance (guint32 pixel, TramaColor color)
{
  const double red = (pixel >> 16 & 255) / 255.0 - color.red;
  const double green = (pixel >> 8 & 255) / 255.0 - color.green;
  const double blue = (pixel & 255) / 255.0 - color.blue;

  return MAX (fabs (red), MAX (fabs (green), fabs (blue)));
}

static gboolean
same_pixels (cairo_surface_t *a, cairo_surface_t *b)
{
  const gsize size = (gsize) cairo_image_surface_get_stride (a) * (gsize) cairo_image_surface_get_height (a);

  g_assert_cmpint (cairo_image_surface_get_stride (a), ==, cairo_image_surface_get_stride (b));
  return memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b), size) == 0;
}

static void
test_ground (gconstpointer is_dark)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, GPOINTER_TO_INT (is_dark), nothing);
  const TramaTheme *theme = painting.theme;
  cairo_surface_t *picture = draw_body (&painting, 0, HEIGHT, NULL, 0);
  const TramaColor tinted = theme->phase[TRAMA_PHASE_DATA];

  g_assert_cmpfloat (distance (pixel_at (picture, 900, 100), theme->wire), <, 0.01);
  g_assert_cmpfloat (distance (pixel_at (picture, 200, 100), theme->column), <, 0.01);
  g_assert_cmpfloat (distance (pixel_at (picture, 700, 320), theme->wire), >, 0.1);
  /* The tint of a phase: seen, and no more than that. */
  g_assert_cmpfloat (distance (pixel_at (picture, 970, 470), trama_color_mix (theme->wire, tinted, 0.06)), <,
                     0.02);
  g_assert_cmpfloat (distance (pixel_at (picture, 970, 470), theme->wire), >, 0.01);
  cairo_surface_destroy (picture);
}

/* A quarter along the arrow there is neither tail nor chip nor head. */
static void
test_arrows (gconstpointer is_dark)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, GPOINTER_TO_INT (is_dark), nothing);
  cairo_surface_t *picture = draw_body (&painting, 0, HEIGHT, NULL, 0);

  for (guint i = 0; i < telephone->chart.n_arrows; i++)
    {
      const TramaChartArrow *arrow = &telephone->chart.arrows[i];
      const TramaColor color = painting.theme->segment[arrow->kind];
      double nearest = 1;

      /* Somewhere in a stretch, for the sake of dashes and of thin lines between two rows. */
      for (double t = 0.1; t < 0.2; t += 0.001)
        for (int dy = -1; dy <= 1; dy++)
          {
            const double x = arrow->x0 + t * (arrow->x1 - arrow->x0);
            const double y = arrow->y0 + t * (arrow->y1 - arrow->y0) + dy;
            nearest = MIN (nearest, distance (pixel_at (picture, x, y), color));
          }
      g_assert_cmpfloat (nearest, <, 0.08);
    }
  cairo_surface_destroy (picture);
}

/* In how many of 60 columns an arrow has ink: tells dashes from a line. */
static guint
count_inked (cairo_surface_t *picture, const TramaChartArrow *arrow, TramaColor color)
{
  guint n = 0;

  for (double x = 750; x < 810; x++)
    {
      const double y = arrow->y0 + (x - arrow->x0) / (arrow->x1 - arrow->x0) * (arrow->y1 - arrow->y0);
      n += distance (pixel_at (picture, x, y), color) < 0.25;
    }
  return n;
}

static void
test_dashes (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const TramaColor *colors = painting.theme->segment;
  const TramaChartArrow *arrows = telephone->chart.arrows;
  cairo_surface_t *picture = draw_body (&painting, 0, HEIGHT, NULL, 0);

  g_assert_cmpuint (count_inked (picture, &arrows[0], colors[TRAMA_SEGMENT_SYN]), ==, 60);
  g_assert_cmpuint (count_inked (picture, &arrows[3], colors[TRAMA_SEGMENT_DATA]), ==, 60);
  g_assert_cmpuint (count_inked (picture, &arrows[11], colors[TRAMA_SEGMENT_UDP]), <, 52);
  g_assert_cmpuint (count_inked (picture, &arrows[11], colors[TRAMA_SEGMENT_UDP]), >, 25);
  cairo_surface_destroy (picture);
}

static void
test_bars (gconstpointer is_dark)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, GPOINTER_TO_INT (is_dark), nothing);
  const TramaTheme *theme = painting.theme;
  cairo_surface_t *picture = draw_body (&painting, 0, HEIGHT, NULL, 0);
  const double server_x = 1379, client_x = 561;
  gboolean striped = FALSE;

  /* bind () ran; accept () slept: caps at both ends, stripes between. */
  g_assert_cmpfloat (distance (pixel_at (picture, server_x, 48), theme->bar), <, 0.02);
  g_assert_cmpfloat (distance (pixel_at (picture, server_x, 96), theme->bar), <, 0.02);
  g_assert_cmpfloat (distance (pixel_at (picture, server_x, 326), theme->bar), <, 0.02);
  for (int y = 160; y < 180; y++)
    {
      g_assert_cmpfloat (distance (pixel_at (picture, server_x, y), theme->bar), >, 0.2);
      striped = striped || distance (pixel_at (picture, server_x, y), theme->wait) < 0.02;
    }
  g_assert_true (striped);
  /* The last read () has not returned: it begins with a cap and has no end. */
  g_assert_cmpfloat (distance (pixel_at (picture, client_x, 724), theme->bar), <, 0.02);
  g_assert_cmpfloat (distance (pixel_at (picture, client_x, 856), theme->column), <, 0.06);
  cairo_surface_destroy (picture);
}

static void
test_states (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const TramaTheme *theme = painting.theme;
  cairo_surface_t *picture = draw_body (&painting, 0, HEIGHT, NULL, 0);
  const TramaColor established = trama_color_mix (theme->column, theme->segment[TRAMA_SEGMENT_DATA], 0.16);

  g_assert_cmpfloat (distance (pixel_at (picture, 1300, 470), established), <, 0.01);
  /* TIME-WAIT fades: grey at its top, the column at its end. */
  g_assert_cmpfloat (distance (pixel_at (picture, 1270, 740), theme->column), >, 0.05);
  g_assert_cmpfloat (distance (pixel_at (picture, 1270, 857), theme->column), <, 0.02);
  cairo_surface_destroy (picture);
}

/* However narrow, what a call is called and what it returned stay within their room. */
static void
test_labels_keep_room (void)
{
  static const double rooms[] = { 300, 200, 150, 100, 60 };

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
      const TramaPainting painting = painting_of (telephone, FALSE, nothing);
      TramaChartRail *rail = &telephone->chart.rails[1];
      cairo_surface_t *picture;
      guint n_inked = 0;

      rail->label_width_px = rooms[i];
      picture = draw_body (&painting, 0, HEIGHT, NULL, 0);
      for (int y = 145; y < 425; y++)
        for (double x = rail->label_x; x < 1880; x++)
          {
            const gboolean inked = distance (pixel_at (picture, x, y), painting.theme->column) > 0.02;

            n_inked += inked;
            if (x > rail->label_x + rooms[i] + 2)
              g_assert_false (inked);
          }
      g_assert_cmpuint (n_inked, >, 100);
      cairo_surface_destroy (picture);
    }
}

/* Choosing the datum lights write → segment → read, and nothing else. */
static void
test_halo (gconstpointer is_dark)
{
  static const struct
  {
    double x, y;
    gboolean lit;
  } points[] = {
    { 640, 330, TRUE },   /* from write () to the lifeline */
    { 760, 334, TRUE },   /* along the arrow */
    { 1310, 375, TRUE },  /* from the lifeline to read () */
    { 640, 192, FALSE },  /* connect () */
    { 1310, 482, FALSE }, /* the answer */
    { 760, 560, FALSE },
  };
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting plain = painting_of (telephone, GPOINTER_TO_INT (is_dark), nothing);
  const TramaPainting chosen = painting_of (telephone, GPOINTER_TO_INT (is_dark),
                                            (TramaRef){ TRAMA_EVENT_PACKET, 3 });
  cairo_surface_t *before = draw_body (&plain, 0, HEIGHT, NULL, 0);
  cairo_surface_t *after = draw_body (&chosen, 0, HEIGHT, NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      const guint32 was = pixel_at (before, points[i].x, points[i].y);
      const guint32 is = pixel_at (after, points[i].x, points[i].y);

      g_assert_cmpint (was != is, ==, points[i].lit);
      if (points[i].lit) /* yellow: blue loses most */
        g_assert_cmpint ((int) (is & 255) - (int) (was & 255), <, (int) (is >> 16) - (int) (was >> 16));
    }
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
}

/* One by one, every call, packet and note can be seen to be selected. */
static void
test_selection_shows (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting plain = painting_of (telephone, FALSE, nothing);
  const TramaRef refs[] = {
    { TRAMA_EVENT_CALL, 0 },   { TRAMA_EVENT_CALL, 3 },   { TRAMA_EVENT_CALL, 13 },
    { TRAMA_EVENT_PACKET, 2 }, { TRAMA_EVENT_PACKET, 7 }, { TRAMA_EVENT_PACKET, 13 },
    { TRAMA_EVENT_NOTE, 0 },   { TRAMA_EVENT_NOTE, 1 },
  };
  cairo_surface_t *before = draw_body (&plain, 0, HEIGHT, NULL, 0);

  for (guint i = 0; i < G_N_ELEMENTS (refs); i++)
    {
      const TramaPainting chosen = painting_of (telephone, FALSE, refs[i]);
      cairo_surface_t *after = draw_body (&chosen, 0, HEIGHT, NULL, 0);

      g_assert_false (same_pixels (before, after));
      cairo_surface_destroy (after);
    }
  cairo_surface_destroy (before);
}

/* On the screen the body is drawn in strips, cut anywhere. */
static void
test_strips_fit (void)
{
  static const double halves[] = { HEIGHT / 2 };
  static const double odd[] = { 1, 37, 113, 126, 127, 331, 400, 431, 555, 806 };
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, (TramaRef){ TRAMA_EVENT_PACKET, 3 });
  cairo_surface_t *whole = draw_body (&painting, 0, HEIGHT, NULL, 0);
  cairo_surface_t *in_halves = draw_body (&painting, 0, HEIGHT, halves, G_N_ELEMENTS (halves));
  cairo_surface_t *in_strips = draw_body (&painting, 0, HEIGHT, odd, G_N_ELEMENTS (odd));

  g_assert_true (same_pixels (whole, in_halves));
  g_assert_true (same_pixels (whole, in_strips));
  cairo_surface_destroy (whole);
  cairo_surface_destroy (in_halves);
  cairo_surface_destroy (in_strips);
}

/* A strip in an image of its own is the same piece of the picture. */
static void
test_strip_alone (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, TRUE, nothing);
  cairo_surface_t *whole = draw_body (&painting, 0, HEIGHT, NULL, 0);
  cairo_surface_t *strip = draw_body (&painting, 256, 256, NULL, 0);

  for (int y = 0; y < 256; y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_cmphex (pixel_at (strip, x, y), ==, pixel_at (whole, x, 256 + y));
  cairo_surface_destroy (whole);
  cairo_surface_destroy (strip);
}

static void
test_context_as_found (void)
{
  static const double dashes[] = { 3, 1 };
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  cairo_pattern_t *source;
  cairo_matrix_t before, after;
  double x0, y0, x1, y1;

  cairo_translate (cr, 3, 5);
  cairo_set_line_width (cr, 7);
  cairo_set_dash (cr, dashes, 2, 0.5);
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_SQUARE);
  cairo_set_source_rgb (cr, 1, 0, 0);
  cairo_rectangle (cr, 10, 10, 1000, 500);
  cairo_clip (cr);
  cairo_move_to (cr, 11, 12);
  source = cairo_get_source (cr);
  cairo_get_matrix (cr, &before);

  trama_paint_header (cr, &painting);
  trama_paint_body (cr, &painting, 0, HEIGHT);
  trama_paint_legend (cr, &painting);

  cairo_get_matrix (cr, &after);
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  g_assert_cmpfloat (cairo_get_line_width (cr), ==, 7);
  g_assert_cmpint (cairo_get_dash_count (cr), ==, 2);
  g_assert_cmpint (cairo_get_antialias (cr), ==, CAIRO_ANTIALIAS_NONE);
  g_assert_cmpint (cairo_get_line_cap (cr), ==, CAIRO_LINE_CAP_SQUARE);
  g_assert_true (cairo_get_source (cr) == source);
  cairo_clip_extents (cr, &x0, &y0, &x1, &y1);
  g_assert_cmpfloat (x1 - x0, ==, 1000);
  g_assert_cmpfloat (y1 - y0, ==, 500);
  g_assert_true (cairo_has_current_point (cr));
  cairo_get_current_point (cr, &x0, &y0);
  g_assert_cmpfloat (x0, ==, 11);
  g_assert_cmpfloat (y0, ==, 12);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static cairo_status_t
append_text (void *closure, const unsigned char *data, unsigned int size)
{
  g_string_append_len (closure, (const char *) data, size);
  return CAIRO_STATUS_SUCCESS;
}

/* Fast antialiasing may overrun the heap inside cairo (see paint.c), where no sanitizer looks. */
static void
test_never_fast (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, (TramaRef){ TRAMA_EVENT_PACKET, 3 });
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_surface_t *observer = cairo_surface_create_observer (surface, CAIRO_SURFACE_OBSERVER_NORMAL);
  cairo_t *cr = cairo_create (observer);
  g_autoptr (GString) report = g_string_new (NULL);

  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  trama_paint_header (cr, &painting);
  trama_paint_body (cr, &painting, 0, HEIGHT);
  trama_paint_legend (cr, &painting);
  cairo_destroy (cr);
  g_assert_cmpint (cairo_surface_observer_print (observer, append_text, report), ==, CAIRO_STATUS_SUCCESS);
  g_assert_nonnull (strstr (report->str, "stroke: count"));
  g_assert_nonnull (strstr (report->str, "antialias: "));
  g_assert_null (strstr (report->str, "fast"));
  cairo_surface_destroy (observer);
  cairo_surface_destroy (surface);
}

static void
draw_all (const TramaPainting *painting)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 2000, 1000);
  cairo_t *cr = cairo_create (surface);

  trama_paint_header (cr, painting);
  trama_paint_body (cr, painting, -100, 1000);
  trama_paint_legend (cr, painting);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* Of a chart with nothing, only a column, only a wire, ... nothing breaks. */
static void
test_poor_charts (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, FALSE);
  TramaChart *chart = &telephone->chart;
  const TramaPainting painting = painting_of (telephone, FALSE, (TramaRef){ TRAMA_EVENT_CALL, 5 });

  chart->n_arrows = chart->n_tears = 0;
  draw_all (&painting);
  chart->n_columns = 1;
  chart->n_wires = chart->n_links = chart->n_badges = 0;
  draw_all (&painting);
  chart->n_columns = chart->n_bars = chart->n_bands = chart->n_lifelines = 0;
  chart->n_ticks = chart->n_tints = chart->n_notes = 0;
  draw_all (&painting);
  chart->body_px = chart->header_px = 0;
  draw_all (&painting);
  g_assert_cmpfloat (trama_paint_legend_height (&painting), >, 0);
}

static void
test_odd_sizes (void)
{
  static const double sizes[][3] = {
    { 400.0 / 1920, 1, 0.5 }, { 400.0 / 1920, 1, 2 }, { 1, 1, 2 }, { 0.01, 0.01, 0.1 }, { 2, 0.02, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (Telephone) telephone = telephone_new (sizes[i][0], sizes[i][1], sizes[i][2], i % 2 == 0);
      const TramaPainting painting = painting_of (telephone, i % 2, (TramaRef){ TRAMA_EVENT_PACKET, 3 });
      draw_all (&painting);
    }
}

/* Zoomed in a hundred thousand times, far beyond cairo's own coordinates. */
static void
test_huge_body (void)
{
  const double factor = 100000;
  g_autoptr (Telephone) telephone = telephone_new (1, factor, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const TramaTheme *theme = painting.theme;
  const double top = 200 * factor + 1000; /* accept () and connect () wait, SYN-SENT */
  cairo_surface_t *picture = draw_body (&painting, top, HEIGHT, NULL, 0);
  const TramaColor syn_sent = trama_color_mix (theme->column, theme->segment[TRAMA_SEGMENT_SYN], 0.16);
  gboolean striped = FALSE;

  g_assert_cmpfloat (distance (pixel_at (picture, 300, 500), theme->column), <, 0.01);
  g_assert_cmpfloat (distance (pixel_at (picture, 650, 500), syn_sent), <, 0.01);
  for (int y = 400; y < 420; y++)
    striped = striped || distance (pixel_at (picture, 1379, y), theme->wait) < 0.02;
  g_assert_true (striped);
  cairo_surface_destroy (picture);
}

static void
test_not_observed (void)
{
  g_autoptr (Telephone) seen = telephone_new (1, 1, 1, TRUE);
  g_autoptr (Telephone) unseen = telephone_new (1, 1, 1, FALSE);
  const TramaPainting with = painting_of (seen, FALSE, nothing);
  const TramaPainting without = painting_of (unseen, FALSE, nothing);
  cairo_surface_t *a, *b;
  guint n_different = 0;

  seen->chart.n_arrows = unseen->chart.n_arrows = 0;
  a = draw_body (&with, 0, HEIGHT, NULL, 0);
  b = draw_body (&without, 0, HEIGHT, NULL, 0);
  for (int y = HEIGHT / 2 - 30; y < HEIGHT / 2 + 30; y++)
    for (int x = 700; x < 1240; x++)
      n_different += pixel_at (a, x, y) != pixel_at (b, x, y);
  g_assert_cmpuint (n_different, >, 200);
  cairo_surface_destroy (a);
  cairo_surface_destroy (b);
}

static void
test_header (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, 300);
  cairo_t *cr = cairo_create (surface);

  trama_paint_header (cr, &painting);
  cairo_surface_flush (surface);
  g_assert_cmpfloat (distance (pixel_at (surface, 900, 20), painting.theme->wire), <, 0.01);
  g_assert_cmpfloat (distance (pixel_at (surface, 500, 118), painting.theme->column), <, 0.02);
  /* The two discs have tints of their own. */
  g_assert_cmphex (pixel_at (surface, 150, 69), !=, pixel_at (surface, 1270, 69));
  /* Nothing below its height. */
  g_assert_cmphex (pixel_at (surface, 900, 123), ==, 0);
  g_assert_cmphex (pixel_at (surface, 500, 123), ==, 0);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* What is not in the picture is not in its legend. */
static void
test_legend (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const double all = trama_paint_legend_height (&painting);
  const guint32 contents = trama_paint_legend_contents (&painting);
  TramaChartMark mark = { .y = 10 };

  g_assert_cmpfloat (all, >, 40);
  telephone->chart.marks = &mark;
  telephone->chart.n_marks = 1;
  g_assert_cmphex (trama_paint_legend_contents (&painting) & contents, ==, contents);
  g_assert_cmphex (trama_paint_legend_contents (&painting), !=, contents);
  telephone->chart.n_marks = 0;
  telephone->chart.contents |= TRAMA_CHART_IS_UNLINKED;
  g_assert_cmphex (trama_paint_legend_contents (&painting), >, contents);
  g_assert_cmphex (trama_paint_legend_contents (&painting) & contents, ==, contents);
  telephone->chart.contents &= ~(guint32) TRAMA_CHART_IS_UNLINKED;
  telephone->chart.n_arrows = 1;
  g_assert_cmpfloat (trama_paint_legend_height (&painting), <, all);
}

/* Where that saves a row, things stand closer; a row less is never paid for with a wider one. */
static void
test_close_legend (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const double row_px = 34;
  double last_px = 0, single_px = 0;

  for (painting.legend_width_px = 4000; painting.legend_width_px > 300; painting.legend_width_px -= 10)
    {
      const double height_px = trama_paint_legend_height (&painting);

      g_assert_cmpfloat (height_px, >=, last_px);
      if (last_px > 0 && height_px > last_px + row_px / 2 && single_px <= 0)
        single_px = painting.legend_width_px + 10;
      last_px = height_px;
    }
  g_assert_cmpfloat (single_px, >, 0);
  g_assert_cmpfloat (single_px, <, 2200);
}

/* A mark beside the times, and what it means in the legend. */
static void
test_step_back (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const double legend = trama_paint_legend_height (&painting);
  TramaChartStep step = { .n_steps = 1, .x0 = 22, .x1 = 100, .y0 = 400, .y1 = 424, .label = "8 ms" };
  cairo_surface_t *before = draw_body (&painting, 0, HEIGHT, NULL, 0);
  cairo_surface_t *after;

  telephone->chart.steps = &step;
  telephone->chart.n_steps = 1;
  after = draw_body (&painting, 0, HEIGHT, NULL, 0);
  g_assert_cmpfloat (distance (pixel_at (after, 34, 414), painting.theme->ink), <, 0.02);
  g_assert_cmpfloat (distance (pixel_at (after, 26, 404), painting.theme->chip), <, 0.02);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_true (pixel_at (before, x, y) == pixel_at (after, x, y)
                     || (x >= 20 && x < 102 && y >= 398 && y < 426));
  g_assert_cmpfloat (trama_paint_legend_height (&painting), >=, legend);
  cairo_surface_destroy (before);
  cairo_surface_destroy (after);
}

static void
test_same_again (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, TRUE, nothing);
  cairo_surface_t *first = draw_body (&painting, 0, HEIGHT, NULL, 0);
  cairo_surface_t *second = draw_body (&painting, 0, HEIGHT, NULL, 0);

  g_assert_true (same_pixels (first, second));
  cairo_surface_destroy (first);
  cairo_surface_destroy (second);
}

/* What is measured is said beside the times, also where the chart below has moved sideways. */
static void
test_measure_beside_times (void)
{
  g_autoptr (Telephone) telephone = telephone_new (1, 1, 1, TRUE);
  const TramaPainting painting = painting_of (telephone, FALSE, nothing);
  const TramaMeasure measure = {
    .y0 = 100, .y1 = 300, .x0 = painting.chart->gutter_px + 600, .label = "1 µs", .from = "0", .to = "1"
  };
  cairo_surface_t *picture = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (picture);

  trama_paint_measure (cr, painting.chart, painting.theme, &measure, 0, HEIGHT);
  cairo_destroy (cr);
  cairo_surface_flush (picture);
  for (double x = 0; x < measure.x0; x++)
    for (double y = 0; y < HEIGHT; y++)
      g_assert_cmphex (pixel_at (picture, x, y), ==, 0);
  g_assert_cmpfloat (distance (pixel_at (picture, measure.x0 + 42, 200), painting.theme->ink), <, 0.01);
  cairo_surface_destroy (picture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/ui/paint/ground/light", GINT_TO_POINTER (FALSE), test_ground);
  g_test_add_data_func ("/ui/paint/ground/dark", GINT_TO_POINTER (TRUE), test_ground);
  g_test_add_data_func ("/ui/paint/arrows/light", GINT_TO_POINTER (FALSE), test_arrows);
  g_test_add_data_func ("/ui/paint/arrows/dark", GINT_TO_POINTER (TRUE), test_arrows);
  g_test_add_func ("/ui/paint/dashes", test_dashes);
  g_test_add_data_func ("/ui/paint/bars/light", GINT_TO_POINTER (FALSE), test_bars);
  g_test_add_data_func ("/ui/paint/bars/dark", GINT_TO_POINTER (TRUE), test_bars);
  g_test_add_func ("/ui/paint/states", test_states);
  g_test_add_func ("/ui/paint/labels-keep-room", test_labels_keep_room);
  g_test_add_data_func ("/ui/paint/halo/light", GINT_TO_POINTER (FALSE), test_halo);
  g_test_add_data_func ("/ui/paint/halo/dark", GINT_TO_POINTER (TRUE), test_halo);
  g_test_add_func ("/ui/paint/selection-shows", test_selection_shows);
  g_test_add_func ("/ui/paint/strips-fit", test_strips_fit);
  g_test_add_func ("/ui/paint/strip-alone", test_strip_alone);
  g_test_add_func ("/ui/paint/context-as-found", test_context_as_found);
  g_test_add_func ("/ui/paint/never-fast", test_never_fast);
  g_test_add_func ("/ui/paint/poor-charts", test_poor_charts);
  g_test_add_func ("/ui/paint/odd-sizes", test_odd_sizes);
  g_test_add_func ("/ui/paint/huge-body", test_huge_body);
  g_test_add_func ("/ui/paint/not-observed", test_not_observed);
  g_test_add_func ("/ui/paint/header", test_header);
  g_test_add_func ("/ui/paint/legend", test_legend);
  g_test_add_func ("/ui/paint/close-legend", test_close_legend);
  g_test_add_func ("/ui/paint/step-back", test_step_back);
  g_test_add_func ("/ui/paint/same-again", test_same_again);
  g_test_add_func ("/ui/paint/measure-beside-times", test_measure_beside_times);
  return g_test_run ();
}
