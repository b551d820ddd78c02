/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/chart/chart.h"

#include "core/chart/ladder.h"
#include "core/flow/builder.h"
#include "tests/core/fixture.h"

#include <math.h>
#include <netinet/in.h>
#include <unistd.h>

/*
 * Ladders of more packets than can be drawn apart. They are one conversation over and
 * over: an acknowledgment there, one back, and now and then a FIN or a window of
 * nothing, which are rare.
 */
#define N_LARGE 1000000
#define N_SMALL 30000
#define N_LINKED 200000 /* of more nobody works out what was lost */

#define BEGIN_NS G_GINT64_CONSTANT (1700000000000000000)
#define DAY_NS (G_GINT64_CONSTANT (86400) * 1000000000)
#define RARE_EVERY 7919

#define PART_PX 1024
#define CELL_PX 32
#define MARK_PX 16

#define FRAME_BYTES 54
enum
{
  FRAME_SYN,
  FRAME_THERE,
  FRAME_BACK,
  FRAME_FIN,
  FRAME_FULL, /* its sender takes no more */
  N_FRAMES,
};

static const TramaChartOptions page = { .width_px = 1920, .height_px = 1000, .text_scale = 1 };

typedef struct
{
  TramaStore *store;
  TramaFlowTable *table;
  TramaLadder *ladder;
} Large;

static void
write_frame (int fd, guint kind)
{
  static const guint8 flags[N_FRAMES] = { TRAMA_TCP_SYN, TRAMA_TCP_ACK, TRAMA_TCP_ACK,
                                          TRAMA_TCP_FIN | TRAMA_TCP_ACK, TRAMA_TCP_ACK };
  guint8 frame[FRAME_BYTES] = { [12] = 0x08, [14] = 0x45, [17] = 40, [22] = 64, [23] = IPPROTO_TCP };
  const gboolean back = kind == FRAME_BACK;

  frame[26] = frame[30] = 127;
  frame[29] = frame[33] = 1;
  frame[back ? 36 : 34] = 0x9c;
  frame[back ? 35 : 37] = 80;
  frame[46] = 0x50;
  frame[47] = flags[kind];
  frame[48] = kind == FRAME_FULL ? 0 : 2;
  g_assert_cmpint (write (fd, frame, sizeof frame), ==, sizeof frame);
}

static void
append (TramaStore *store, gint64 time_ns, guint kind)
{
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  event.packet = (TramaPacket){ .time_ns = time_ns,
                                .captured_bytes = FRAME_BYTES,
                                .length_bytes = FRAME_BYTES,
                                .offset = (guint64) kind * FRAME_BYTES };
  trama_store_append (&event, store);
}

static TramaStore *
store_new (void)
{
  TramaStore *store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE, .interface = { .link_type = 1, .name = "lo" } };
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("trama-large-XXXXXX", &path, NULL);

  g_assert_cmpint (fd, >=, 0);
  unlink (path);
  for (guint i = 0; i < N_FRAMES; i++)
    write_frame (fd, i);
  trama_store_append (&event, store);
  trama_store_set_bytes_fd (store, fd);
  close (fd);
  return store;
}

/* Bursts of microseconds, pauses of milliseconds, and some of half a second. */
static gint64
next_gap (GRand *random)
{
  double luck = g_rand_double (random);

  return luck < 0.9 ? 1000 + (gint64) (luck * 20000) : luck < 0.9999 ? 1000000 : 500000000;
}

/* The first is no FIN: that would end what has not begun. */
static guint
kind_of (guint i)
{
  return i == 0                      ? FRAME_SYN
         : i % (2 * RARE_EVERY) == 0 ? FRAME_FULL
         : i % RARE_EVERY == 0       ? FRAME_FIN
         : i % 3 == 0                ? FRAME_BACK
                                     : FRAME_THERE;
}

static void
fill (TramaStore *store, guint from, guint to, GRand *random, gint64 *time_ns)
{
  for (guint i = from; i < to; i++)
    {
      *time_ns += next_gap (random);
      append (store, *time_ns, kind_of (i));
    }
}

static void
understand (Large *large)
{
  g_autoptr (TramaLadder) before = large->ladder;

  g_clear_pointer (&large->table, trama_flow_table_unref);
  large->table = trama_flow_table_new (large->store);
  large->ladder = trama_ladder_new (large->table, &page, before);
  while (trama_ladder_follow (large->ladder, 10000))
    ;
}

static Large
large_new (guint n)
{
  Large large = { .store = store_new () };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gint64 time_ns = BEGIN_NS;

  fill (large.store, 0, n, random, &time_ns);
  understand (&large);
  g_assert_cmpuint (trama_ladder_n_moments (large.ladder), ==, n);
  return large;
}

static void
large_clear (Large *large)
{
  trama_ladder_unref (large->ladder);
  trama_flow_table_unref (large->table);
  trama_store_unref (large->store);
}

static gint64
time_of (const Large *large, guint packet)
{
  TramaPacket record;

  trama_store_get_packet (large->store, packet, &record);
  return record.time_ns;
}

static TramaChart *
zoom (const Large *large, TramaScaleMode mode, double factor)
{
  TramaChartOptions options = page;
  g_autoptr (TramaChart) fit = NULL;

  options.mode = mode;
  fit = trama_chart_new_for (large->ladder, &options);
  options.ns_per_px = fit->ns_per_px / factor;
  return trama_chart_new_for (large->ladder, &options);
}

/* What is drawn depends on the pixels, and not on how many packets there are. */
static void
check_bounds (const TramaChart *part)
{
  double cells = (PART_PX + 4 * 128 * part->scale) / (CELL_PX * part->scale) + 2;

  g_assert_cmpfloat (part->n_arrows, <=, cells * (2 * 12 + 2 * 2 * 4));
  g_assert_cmpfloat (part->n_densities, <=, cells * 16 * 2);
  g_assert_cmpuint (part->n_ticks, <, 200);
  g_assert_cmpuint (part->n_tears, <, 50);
  g_assert_cmpuint (part->n_bands, <, 40);
}

static const double factors[] = { 1, 7, 150, 4000, 2e5, 1e7, 1e12 };

static void
test_bounded (void)
{
  Large large = large_new (N_LARGE);

  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
    for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
      {
        g_autoptr (TramaChart) chart = zoom (&large, mode, factors[i]);

        for (guint at = 0; at <= 4; at++)
          {
            double y = at / 4.0 * MAX (chart->body_px - PART_PX, 0);
            g_autoptr (TramaChart) part = trama_chart_get_part (chart, y, y + PART_PX);

            check_bounds (part);
          }
      }
  large_clear (&large);
}

/* At fit, all of it at once. */
static void
test_fits (void)
{
  Large large = large_new (N_SMALL);
  g_autoptr (TramaChart) chart = trama_chart_new_for (large.ladder, &page);
  g_autoptr (TramaChart) part = trama_chart_get_part (chart, 0, chart->body_px);

  g_assert_cmpfloat (chart->body_px, <=, page.height_px + 1);
  g_assert_cmpfloat (chart->body_px, >, page.height_px / 2);
  g_assert_cmpuint (part->n_densities, >, 100);
  large_clear (&large);
}

static gboolean
is_counted (const TramaChart *part, const TramaChartArrow *arrow)
{
  double cell = floor (arrow->y0 / (CELL_PX * part->scale));

  for (guint i = 0; i < part->n_densities; i++)
    if (part->densities[i].x == arrow->x0
        && floor ((part->densities[i].y0 + 0.1) / (CELL_PX * part->scale)) == cell)
      return TRUE;
  return FALSE;
}

/* Every packet is an arrow or is counted, at every scale at which all can be looked at. */
static void
test_counts (void)
{
  Large large = large_new (N_SMALL);

  for (double factor = 1; factor < 50; factor *= 3)
    {
      g_autoptr (TramaChart) chart = zoom (&large, TRAMA_SCALE_FOLDED, factor);
      g_autoptr (TramaChart) part = trama_chart_get_part (chart, 0, chart->body_px);
      guint n = 0;

      for (guint i = 0; i < part->n_densities; i++)
        n += part->densities[i].n_packets;
      for (guint i = 0; i < part->n_arrows; i++)
        n += !is_counted (part, &part->arrows[i]);
      g_assert_cmpuint (n, ==, N_SMALL);
    }
  large_clear (&large);
}

/* Of a packet of that kind, or one that is as rare in another way. */
static gboolean
has_mark (const Large *large, const TramaChart *part, const TramaChart *chart, guint packet)
{
  double y = trama_chart_y_of_time (chart, time_of (large, packet));
  TramaBrief brief = trama_flow_table_get_brief (large->table, packet);

  for (guint i = 0; i < part->n_arrows; i++)
    if (part->arrows[i].kind == brief.kind
        && trama_flow_table_get_brief (large->table, part->arrows[i].packet).zero_window == brief.zero_window
        && part->arrows[i].x0 < part->arrows[i].x1 && fabs (part->arrows[i].y0 - y) <= MARK_PX * part->scale)
      return TRUE;
  return FALSE;
}

static void
test_rare (void)
{
  static const double zooms[] = { 1, 30, 3000 };
  Large large = large_new (N_LARGE);

  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      g_autoptr (TramaChart) chart = zoom (&large, TRAMA_SCALE_FOLDED, zooms[i]);

      for (guint packet = RARE_EVERY; packet < N_LARGE; packet += RARE_EVERY)
        {
          gint64 time_ns = time_of (&large, packet);
          double y = trama_chart_y_of_time (chart, time_ns);
          g_autoptr (TramaChart) part = trama_chart_get_part (chart, y, y);

          g_assert_true (has_mark (&large, part, chart, packet));
        }
    }
  large_clear (&large);
}

/* What is open is as long as it took; what is folded says how long, and nothing was in it. */
static void
check_gaps (const Large *large, const TramaChart *chart, const TramaChart *part)
{
  for (guint i = 0; i < part->n_tears; i++)
    {
      const TramaSpan *span = &part->tears[i].span;
      guint before = trama_store_find_packet (large->store, span->start_ns);

      g_assert_cmpint (time_of (large, before), ==, span->start_ns);
      g_assert_cmpint (time_of (large, before + 1), ==, span->end_ns);
      g_assert_cmpfloat (part->tears[i].y0, >, trama_chart_y_of_time (chart, span->start_ns));
      g_assert_cmpfloat (part->tears[i].y1, <, trama_chart_y_of_time (chart, span->end_ns));
    }
  for (guint i = 1; i < part->n_arrows; i++)
    {
      gint64 from_ns = time_of (large, part->arrows[i - 1].packet);
      gint64 to_ns = time_of (large, part->arrows[i].packet);
      double length = part->arrows[i].y0 - part->arrows[i - 1].y0;
      gboolean folded = FALSE;

      for (guint tear = 0; tear < part->n_tears; tear++)
        folded |= part->tears[tear].span.start_ns >= from_ns && part->tears[tear].span.end_ns <= to_ns;
      if (!folded)
        g_assert_cmpfloat (fabs (length - (double) (to_ns - from_ns) / chart->ns_per_px), <,
                           0.01 + chart->body_px * 0x1p-50);
    }
}

static void
test_gaps (void)
{
  Large large = large_new (N_LARGE);
  guint n_tears = 0;

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      g_autoptr (TramaChart) chart = zoom (&large, TRAMA_SCALE_FOLDED, factors[i]);

      for (guint packet = 11; packet < N_LARGE; packet += N_LARGE / 9)
        {
          double y = trama_chart_y_of_time (chart, time_of (&large, packet));
          g_autoptr (TramaChart) part = trama_chart_get_part (chart, y, y + PART_PX);

          check_gaps (&large, chart, part);
          n_tears += part->n_tears;
        }
    }
  g_assert_cmpuint (n_tears, >, 50);
  large_clear (&large);
}

/* Time and place, asked of the whole and of a part, both ways. */
static void
test_time (void)
{
  Large large = large_new (N_SMALL);

  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_ROWS; mode++)
    for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
      {
        g_autoptr (TramaChart) chart = zoom (&large, mode, factors[i]);
        double last_y = 0, slack = 1e-6 + chart->body_px * 0x1p-50;

        for (guint packet = 0; packet < N_SMALL; packet += 97)
          {
            gint64 time_ns = time_of (&large, packet);
            double y = trama_chart_y_of_time (chart, time_ns);
            g_autoptr (TramaChart) part = NULL;

            g_assert_cmpfloat (y, >, last_y);
            last_y = y;
            g_assert_cmpint (ABS (trama_chart_time_of_y (chart, y) - time_ns), <=,
                             (gint64) (1 + slack * chart->ns_per_px));
            if (packet % 11 != 0)
              continue;
            part = trama_chart_get_part (chart, y - 10, y + 10);
            g_assert_cmpfloat (fabs (trama_chart_y_of_time (part, time_ns) - y), <=, slack);
            g_assert_cmpint (ABS (trama_chart_time_of_y (part, y) - time_ns), <=,
                             (gint64) (1 + slack * chart->ns_per_px));
          }
      }
  large_clear (&large);
}

/* A nanosecond has a height of its own, at the end of a day too. */
static void
test_day (void)
{
  Large large = { .store = store_new () };
  g_autoptr (TramaChart) chart = NULL;

  for (guint i = 0; i < N_SMALL; i++)
    append (large.store, BEGIN_NS + DAY_NS / (N_SMALL / 2) * (i / 2) + i % 2, kind_of (i));
  understand (&large);
  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    {
      g_clear_pointer (&chart, trama_chart_unref);
      chart = zoom (&large, mode, 1e15);
      g_assert_cmpfloat (chart->ns_per_px, <, 0.5);
      for (guint i = 0; i + 1 < N_SMALL; i += 2)
        {
          double y = trama_chart_y_of_time (chart, time_of (&large, i));
          double next_y = trama_chart_y_of_time (chart, time_of (&large, i + 1));

          g_assert_cmpfloat (fabs (next_y - y - 1 / chart->ns_per_px), <, 0.2);
          g_assert_cmpint (trama_chart_time_of_y (chart, y), ==, time_of (&large, i));
          g_assert_cmpint (trama_chart_time_of_y (chart, next_y), ==, time_of (&large, i + 1));
        }
    }
  large_clear (&large);
}

/* What three figures cannot tell apart, the axis does. */
static void
assert_axis_tells_apart (const TramaChart *part)
{
  guint n_absolute = 0;
  const char *last = NULL;

  for (guint i = 0; i < part->n_ticks; i++)
    {
      const TramaChartTick *tick = &part->ticks[i];

      g_assert_true (i == 0 || tick->y > part->ticks[i - 1].y);
      if (tick->label == NULL)
        continue;
      g_assert_cmpstr (tick->label, !=, last);
      last = tick->label;
      n_absolute += tick->absolute;
    }
  g_assert_cmpuint (n_absolute, >, 0);
}

/* A day after the first packet, two of them a nanosecond apart: they stand apart, and one can point at either. */
static void
test_nanosecond (void)
{
  Large large = { .store = store_new () };
  const gint64 last_ns = BEGIN_NS + DAY_NS;

  for (guint i = 0; i < N_SMALL - 2; i++)
    append (large.store, BEGIN_NS + DAY_NS / N_SMALL * i, kind_of (i));
  append (large.store, last_ns, FRAME_THERE);
  append (large.store, last_ns + 1, FRAME_THERE);
  understand (&large);
  for (guint mode = TRAMA_SCALE_FOLDED; mode <= TRAMA_SCALE_TO_SCALE; mode++)
    {
      g_autoptr (TramaChart) chart = zoom (&large, mode, 1e15);
      double y = trama_chart_y_of_time (chart, last_ns), next_y = trama_chart_y_of_time (chart, last_ns + 1);
      g_autoptr (TramaChart) part = trama_chart_get_part (chart, y - PART_PX / 2, y + PART_PX / 2);

      g_assert_cmpfloat (next_y - y, >=, 1);
      g_assert_cmpint (trama_chart_time_of_y (chart, y), ==, last_ns);
      g_assert_cmpint (trama_chart_time_of_y (chart, next_y), ==, last_ns + 1);
      for (guint32 packet = N_SMALL - 2; packet < N_SMALL; packet++)
        {
          const TramaRef ref = { TRAMA_EVENT_PACKET, packet };
          TramaRect bounds;
          TramaRef hit;

          g_assert_true (trama_chart_get_bounds (part, ref, &bounds));
          hit = trama_chart_hit (part, bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
          g_assert_cmpuint (hit.kind, ==, TRAMA_EVENT_PACKET);
          g_assert_cmpuint (hit.index, ==, packet);
        }
      if (mode == TRAMA_SCALE_TO_SCALE)
        assert_axis_tells_apart (part);
    }
  large_clear (&large);
}

static void
assert_same_arrow (const TramaChartArrow *a, const TramaChartArrow *b)
{
  g_assert_cmpuint (a->packet, ==, b->packet);
  g_assert_cmpfloat (fabs (a->y0 - b->y0), <, 1e-6);
  g_assert_cmpfloat (fabs (a->y1 - b->y1), <, 1e-6);
}

/* Wherever a part begins, what is in the middle of it is the same. */
static void
test_parts (void)
{
  Large large = large_new (N_SMALL);

  for (double factor = 1.5; factor < 5000; factor *= 5)
    {
      g_autoptr (TramaChart) chart = zoom (&large, TRAMA_SCALE_FOLDED, factor);
      double middle = chart->body_px / 2;
      g_autoptr (TramaChart) one = trama_chart_get_part (chart, middle - 300, middle + 300);
      g_autoptr (TramaChart) other = trama_chart_get_part (chart, middle - 141, middle + 517);
      guint at = 0;

      for (guint i = 0; i < one->n_arrows; i++)
        {
          const TramaChartArrow *arrow = &one->arrows[i];

          if (fabs (arrow->y0 - middle) > 100)
            continue;
          while (at < other->n_arrows && other->arrows[at].packet != arrow->packet)
            at++;
          g_assert_cmpuint (at, <, other->n_arrows);
          assert_same_arrow (arrow, &other->arrows[at]);
        }
    }
  large_clear (&large);
}

/* What one points at is what is drawn there. */
static void
test_hits (void)
{
  Large large = large_new (N_SMALL);
  guint n_rows = 0;

  for (double factor = 1; factor < 5000; factor *= 4)
    {
      g_autoptr (TramaChart) chart = zoom (&large, TRAMA_SCALE_FOLDED, factor);
      double middle = chart->body_px / 2;
      g_autoptr (TramaChart) part = trama_chart_get_part (chart, middle - 200, middle + 200);

      for (guint i = 0; i < part->n_arrows; i++)
        {
          const TramaChartArrow *arrow = &part->arrows[i];
          TramaRef ref = trama_chart_hit (chart, arrow->x0, arrow->y0);
          TramaRect bounds;

          if (fabs (arrow->y0 - middle) > 200)
            continue;
          g_assert_cmpuint (ref.kind, ==, TRAMA_EVENT_PACKET);
          g_assert_true (trama_chart_get_bounds (chart, ref, &bounds));
          g_assert_cmpfloat (bounds.y - 9, <=, arrow->y0);
          g_assert_cmpfloat (bounds.y + bounds.height + 9, >=, arrow->y0);
        }
      for (guint i = 0; i < part->n_densities; i += 7)
        {
          const TramaChartDensity *row = &part->densities[i];
          TramaRef ref = trama_chart_hit (part, row->x + row->direction, (row->y0 + row->y1) / 2);
          TramaRect bounds;

          g_assert_cmpuint (ref.kind, ==, TRAMA_EVENT_PACKET);
          g_assert_true (trama_chart_get_bounds (part, ref, &bounds));
          g_assert_cmpfloat (fabs (bounds.y - row->y0), <, 40 * part->scale);
          n_rows++;
        }
    }
  g_assert_cmpuint (n_rows, >, 20);
  large_clear (&large);
}

/* The keys go from packet to packet, however many are drawn as one. */
static void
test_steps (void)
{
  Large large = large_new (N_SMALL);
  g_autoptr (TramaChart) chart = trama_chart_new_for (large.ladder, &page);
  TramaRef ref = { 0, 0 };
  TramaRect bounds;

  for (guint i = 0; i < 1000; i++)
    {
      ref = i % 2 != 0 ? trama_chart_step_in_lane (chart, ref, 1) : trama_chart_step (chart, ref, 1);
      g_assert_cmpuint (ref.kind, ==, TRAMA_EVENT_PACKET);
      g_assert_cmpuint (ref.index, ==, i);
      g_assert_true (trama_chart_get_bounds (chart, ref, &bounds));
      g_assert_true (trama_chart_on_path (chart, ref, ref));
    }
  g_assert_cmpuint (trama_chart_step (chart, ref, -1).index, ==, 998);
  g_assert_cmpuint (trama_chart_step_in_lane (chart, ref, -1).index, ==, 998);
  g_assert_cmpuint (trama_chart_step (chart, (TramaRef){ 0 }, -1).index, ==, N_SMALL - 1);
  g_assert_cmpuint (trama_chart_step_along (chart, ref, 1).kind, ==, 0);
  large_clear (&large);
}

/* A ladder that has grown with its trace is the same as one made at its end. */
static void
assert_same_picture (const Large *large, const Large *whole)
{
  g_autoptr (TramaChart) one = trama_chart_new_for (whole->ladder, &page);
  g_autoptr (TramaChart) other = trama_chart_new_for (large->ladder, &page);
  g_autoptr (TramaChart) part = trama_chart_get_part (one, 0, one->body_px);
  g_autoptr (TramaChart) other_part = trama_chart_get_part (other, 0, other->body_px);

  g_assert_cmpfloat (one->ns_per_px, ==, other->ns_per_px);
  g_assert_cmpfloat (one->body_px, ==, other->body_px);
  g_assert_cmphex (one->contents, ==, other->contents);
  g_assert_cmpstr (one->wires[0].summary, ==, other->wires[0].summary);
  for (guint packet = 0; packet < trama_ladder_n_moments (whole->ladder); packet += 101)
    g_assert_cmpfloat (trama_chart_y_of_time (one, time_of (whole, packet)), ==,
                       trama_chart_y_of_time (other, time_of (whole, packet)));
  g_assert_cmpuint (part->n_bands, ==, other_part->n_bands);
  g_assert_cmpuint (part->n_tints, ==, other_part->n_tints);
  g_assert_cmpuint (part->n_arrows, ==, other_part->n_arrows);
  g_assert_cmpuint (part->n_densities, ==, other_part->n_densities);
}

static void
test_grows (void)
{
  Large growing = { .store = store_new () };
  Large whole = large_new (N_SMALL);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gint64 time_ns = BEGIN_NS;

  for (guint i = 0; i < N_SMALL; i += N_SMALL / 5)
    {
      fill (growing.store, i, i + N_SMALL / 5, random, &time_ns);
      understand (&growing);
      g_assert_cmpuint (trama_ladder_n_moments (growing.ladder), ==, i + N_SMALL / 5);
    }
  assert_same_picture (&growing, &whole);
  large_clear (&whole);
  large_clear (&growing);
}

/* Taken in while its table is made, a ladder is complete when that is, and the same. */
static void
test_early (void)
{
  Large coming = { .store = store_new () };
  Large whole = large_new (N_SMALL);
  TramaFlowBuilder *builder = trama_flow_builder_new (coming.store);
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  gint64 time_ns = BEGIN_NS;

  for (guint i = 0; i < N_SMALL; i += N_SMALL / 10)
    {
      g_autoptr (TramaLadder) before = coming.ladder;
      TramaFlowTable *table;

      fill (coming.store, i, i + N_SMALL / 10, random, &time_ns);
      g_assert_true (trama_flow_builder_step (builder, N_SMALL / 20));
      table = trama_flow_builder_get_table (builder);
      g_assert_false (trama_flow_table_is_complete (table));
      g_assert_cmpuint (trama_flow_table_n_packets (table), ==, i / 2 + N_SMALL / 20);
      coming.ladder = trama_ladder_new (table, &page, before);
      g_assert_true (coming.ladder == before || before == NULL);
      trama_ladder_follow (coming.ladder, G_MAXUINT);
      g_assert_cmpuint (trama_ladder_n_moments (coming.ladder), ==, i / 2 + N_SMALL / 20);
    }
  coming.table = trama_flow_builder_finish (builder);
  g_assert_true (trama_flow_table_is_complete (coming.table));
  g_assert_true (coming.table == trama_ladder_get_table (coming.ladder));
  g_assert_cmpuint (trama_flow_table_count_amended (coming.table), ==, 0);
  {
    g_autoptr (TramaLadder) before = coming.ladder;

    coming.ladder = trama_ladder_new (coming.table, &page, before);
    g_assert_true (coming.ladder != before);
    g_assert_cmpuint (trama_ladder_n_moments (coming.ladder), ==, N_SMALL / 2);
    while (trama_ladder_follow (coming.ladder, N_SMALL / 2))
      ;
  }
  assert_same_picture (&coming, &whole);
  large_clear (&whole);
  large_clear (&coming);
}

#define N_CALLS 3000
#define CALL_US 10

/* A server that accepts for all of the time, and a client that reads again and again and sleeps half of it. */
static TramaFlowTable *
busy_table_new (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  guint32 server = fixture_actor (fixture, "server");
  guint32 client = fixture_actor (fixture, "client");

  fixture_call (fixture, &(FixtureCall){ TRAMA_CALL_ACCEPT, server, 0, N_CALLS * CALL_US, 3, 11, .result = -1,
                                         .slept = TRUE });
  for (guint i = 0; i < N_CALLS; i++)
    fixture_call (fixture,
                  &(FixtureCall){ TRAMA_CALL_READ, client, i * CALL_US + 1, i * CALL_US + 1 + CALL_US / 2, 4,
                                  21, .number = 64, .slept = i % 2 == 0 });
  return trama_flow_table_new (fixture->store);
}

static const TramaChartBar *
find_bar (const TramaChart *chart, guint32 call)
{
  for (guint i = 0; i < chart->n_bars; i++)
    if (chart->bars[i].call == call)
      return &chart->bars[i];
  return NULL;
}

/* A crowd of calls says how many they are and how long they took; a long one stays a bar, far from its entry too. */
static void
test_calls (void)
{
  g_autoptr (TramaFlowTable) table = busy_table_new ();
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, &page, NULL);
  TramaChartOptions options = page;
  double fit;

  g_assert_false (trama_ladder_follow (ladder, G_MAXUINT));
  g_assert_cmpuint (trama_ladder_n_moments (ladder), ==, 2 * (N_CALLS + 1));
  options.mode = TRAMA_SCALE_TO_SCALE;
  fit = N_CALLS * CALL_US * 1000.0 / page.height_px;
  for (double factor = 1; factor < 2000; factor *= 8)
    {
      g_autoptr (TramaChart) chart = NULL;
      g_autoptr (TramaChart) whole = NULL;
      g_autoptr (TramaChart) part = NULL;
      const TramaChartBar *accept;
      guint n_calls = 0;
      double busy = 0, slept = 0;

      options.ns_per_px = fit / factor;
      chart = trama_chart_new_for (ladder, &options);
      part = trama_chart_get_part (chart, chart->body_px / 2, chart->body_px / 2 + PART_PX);
      g_assert_cmpuint (part->n_bars, <=, 1 + 6 * 50);
      accept = find_bar (part, 0);
      g_assert_true (accept != NULL && accept->slept);
      whole = trama_chart_get_part (chart, 0, chart->body_px);
      for (guint i = 0; i < whole->n_crowds; i++)
        {
          n_calls += whole->crowds[i].n_calls;
          busy += whole->crowds[i].busy * (whole->crowds[i].y1 - whole->crowds[i].y0);
          slept += whole->crowds[i].slept * (whole->crowds[i].y1 - whole->crowds[i].y0);
        }
      g_assert_cmpuint (n_calls + whole->n_bars, ==, N_CALLS + 1);
      g_assert_true (factor > 1 || n_calls == N_CALLS);
      if (n_calls < N_CALLS)
        continue;
      g_assert_cmpfloat (fabs (busy * options.ns_per_px - N_CALLS * CALL_US * 1000 / 2.0), <, 1e5);
      g_assert_cmpfloat (fabs (slept * options.ns_per_px - N_CALLS * CALL_US * 1000 / 4.0), <, 1e5);
    }
}

static gboolean
is_linked (const Fixture *fixture)
{
  g_autoptr (TramaFlowTable) table = trama_flow_table_new (fixture->store);
  g_autoptr (TramaLadder) ladder = trama_ladder_new (table, &page, NULL);
  g_autoptr (TramaChart) chart = NULL;

  while (trama_ladder_follow (ladder, N_SMALL))
    ;
  chart = trama_chart_new_for (ladder, &page);
  return (chart->contents & TRAMA_CHART_IS_UNLINKED) == 0;
}

/* The picture knows when it leaves out what was lost; where there was no call nobody could say so anyway. */
static void
test_linked (void)
{
  g_autoptr (Fixture) fixture = fixture_new ();
  const FixtureCall call = { TRAMA_CALL_RECV, 0, 1, 3, 4, 21, .number = 1 };
  guint i;

  for (i = 0; i < N_LINKED - 1; i++)
    fixture_udp (fixture, 10 + i, 40000, 5000, "x");
  fixture_actor (fixture, "server");
  fixture_call (fixture, &call);
  g_assert_true (is_linked (fixture));
  fixture_udp (fixture, 10 + i, 40000, 5000, "x");
  g_assert_false (is_linked (fixture));
}

static void
test_never_linked (void)
{
  Large large = large_new (N_LINKED + 1);
  g_autoptr (TramaChart) chart = trama_chart_new_for (large.ladder, &page);

  g_assert_cmphex (chart->contents & TRAMA_CHART_IS_UNLINKED, ==, 0);
  large_clear (&large);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/large/bounded", test_bounded);
  g_test_add_func ("/large/fits", test_fits);
  g_test_add_func ("/large/counts", test_counts);
  g_test_add_func ("/large/rare", test_rare);
  g_test_add_func ("/large/gaps", test_gaps);
  g_test_add_func ("/large/time", test_time);
  g_test_add_func ("/large/day", test_day);
  g_test_add_func ("/large/nanosecond", test_nanosecond);
  g_test_add_func ("/large/parts", test_parts);
  g_test_add_func ("/large/hits", test_hits);
  g_test_add_func ("/large/steps", test_steps);
  g_test_add_func ("/large/grows", test_grows);
  g_test_add_func ("/large/early", test_early);
  g_test_add_func ("/large/calls", test_calls);
  g_test_add_func ("/large/linked", test_linked);
  g_test_add_func ("/large/never-linked", test_never_linked);
  return g_test_run ();
}
