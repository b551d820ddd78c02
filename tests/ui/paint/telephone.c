/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ui/paint/telephone.h"

#define CLIENT 0
#define SERVER 1

static const TramaChartColumn columns[] = {
  { 0, 1, 0, 120, 700, "client", "pid 4212 · 127.0.0.1:45812" },
  { 1, 1, 1, 1240, 1886, "server", "pid 4211 · 127.0.0.1:5000" },
};

static const TramaChartRail rails[] = {
  { 0, -1, 700, 577, 693, 553, 569, 543, 400 },
  { 1, 1, 1240, 1247, 1363, 1371, 1387, 1397, 470 },
};

static const TramaChartWire wires[] = { { 700, 1240, "lo", "TCP · 12 packets" } };

static const TramaChartBar bars[] = {
  { 0, SERVER, 14, 30, 0, 0, 1, 0, 21, 0, "socket", "(AF_INET, SOCK_STREAM, 0)", "= 3" },
  { 1, SERVER, 40, 56, 0, 0, 1, 0, 47, 0, "bind", "(3, 127.0.0.1:5000)", "= 0" },
  { 2, SERVER, 66, 82, 0, 0, 1, 0, 73, 0, "listen", "(3, 5)", "= 0" },
  { 3, SERVER, 92, 330, 1, 0, 1, 1, 99, 323, "accept", "(3)", "= 4" },
  { 4, CLIENT, 150, 166, 0, 0, 1, 0, 157, 0, "socket", "(AF_INET, SOCK_STREAM, 0)", "= 3" },
  { 5, CLIENT, 190, 290, 1, 0, 1, 1, 197, 283, "connect", "(3, 127.0.0.1:5000)", "= 0" },
  { 6, CLIENT, 330, 350, 0, 0, 1, 0, 337, 0, "write", "(3, \"Hello?\\n\", 7)", "= 7" },
  { 7, SERVER, 340, 396, 1, 0, 1, 1, 353, 389, "read", "(4, \"Hello?\\n\", 64)", "= 7" },
  { 8, CLIENT, 362, 540, 1, 0, 1, 1, 369, 533, "read", "(3, \"Speaking!\\n\", 64)", "= 10" },
  { 9, SERVER, 480, 500, 0, 0, 1, 0, 487, 0, "write", "(4, \"Speaking!\\n\", 10)", "= 10" },
  { 10, SERVER, 590, 606, 0, 0, 1, 0, 597, 0, "close", "(4)", "= 0" },
  { 11, SERVER, 610, 626, 0, 0, 1, 0, 640, 0, "close", "(3)", "= 0" },
  { 12, CLIENT, 660, 676, 0, 0, 1, 0, 667, 0, "close", "(3)", "= 0" },
  { 13, CLIENT, 720, 860, 0, 1, 1, 0, 727, 0, "read", "(5, NULL, 4000000)", NULL },
};

#define TO_SERVER(packet, kind, y, flags, detail)                                                            \
  {                                                                                                          \
    packet, kind, 1, 700, y, 1240, y + 28, 970, y + 14, 420, flags, detail                                   \
  }
#define TO_CLIENT(packet, kind, y, flags, detail)                                                            \
  {                                                                                                          \
    packet, kind, 1, 1240, y, 700, y + 28, 970, y + 14, 420, flags, detail                                   \
  }

static const TramaChartArrow arrows[] = {
  TO_SERVER (0, TRAMA_SEGMENT_SYN, 200, "SYN", "seq 0"),
  TO_CLIENT (1, TRAMA_SEGMENT_SYN, 238, "SYN ACK", "seq 0 · ack 1"),
  TO_SERVER (2, TRAMA_SEGMENT_ACK, 276, "ACK", "ack 1"),
  TO_SERVER (3, TRAMA_SEGMENT_DATA, 338, "PSH ACK", "seq 1 · 7 B · Hello?"),
  TO_CLIENT (4, TRAMA_SEGMENT_ACK, 376, "ACK", "ack 8"),
  TO_CLIENT (5, TRAMA_SEGMENT_DATA, 490, "PSH ACK", "seq 1 · 10 B · Speaking!"),
  TO_SERVER (6, TRAMA_SEGMENT_ACK, 530, "ACK", "ack 11"),
  TO_CLIENT (7, TRAMA_SEGMENT_FIN, 600, "FIN ACK", "seq 11"),
  TO_SERVER (8, TRAMA_SEGMENT_ACK, 636, "ACK", "ack 12"),
  TO_SERVER (9, TRAMA_SEGMENT_FIN, 668, "FIN ACK", "seq 8"),
  TO_CLIENT (10, TRAMA_SEGMENT_RST, 704, "RST", NULL),
  TO_SERVER (11, TRAMA_SEGMENT_UDP, 740, "UDP", "28 B"),
  TO_CLIENT (12, TRAMA_SEGMENT_ICMP, 776, "ICMP", "port unreachable"),
  TO_SERVER (13, TRAMA_SEGMENT_OTHER, 812, "IGMP", NULL),
};

static const TramaChartBand bands[] = {
  { SERVER, TRAMA_TCP_LISTEN, 0, 1247, 1363, 82, 205, "LISTEN", "fd 3", 97, 117 },
  { SERVER, TRAMA_TCP_LISTEN, 0, 1247, 1259, 205, 626, NULL, NULL },
  { SERVER, TRAMA_TCP_SYN_RECEIVED, 0, 1265, 1363, 228, 304, "SYN-RECEIVED", "fd 4", 243, 263 },
  { SERVER, TRAMA_TCP_ESTABLISHED, 0, 1265, 1363, 304, 600, "ESTABLISHED", NULL, 319, 339 },
  { SERVER, TRAMA_TCP_FIN_WAIT_1, 0, 1265, 1363, 600, 664, "FIN-WAIT-1", NULL, 615, 635 },
  { SERVER, TRAMA_TCP_FIN_WAIT_2, 0, 1265, 1363, 664, 696, "FIN-WAIT-2", NULL, 679, 699 },
  { SERVER, TRAMA_TCP_TIME_WAIT, 1, 1265, 1363, 696, 860, "TIME-WAIT", NULL, 711, 731 },
  { CLIENT, TRAMA_TCP_SYN_SENT, 0, 577, 693, 200, 266, "SYN-SENT", NULL, 215, 235 },
  { CLIENT, TRAMA_TCP_ESTABLISHED, 0, 577, 693, 266, 628, "ESTABLISHED", "fd 3", 281, 301 },
  { CLIENT, TRAMA_TCP_CLOSE_WAIT, 0, 577, 693, 628, 668, "CLOSE-WAIT", NULL, 643, 663 },
  { CLIENT, TRAMA_TCP_LAST_ACK, 0, 577, 693, 668, 720, "LAST-ACK", NULL, 683, 703 },
};

static const TramaChartLifeline lifelines[] = { { CLIENT, 700, 152, 720 }, { SERVER, 1240, 16, 860 } };

static const TramaChartBadge badges[] = {
  { SERVER, 0, 1240, 48, 1202, 76, 30, ":5000" },
  { CLIENT, 1, 700, 168, 708, 86, 30, ":45812" },
};

static const TramaChartLink links[] = {
  { 5, 0, TRAMA_SEGMENT_SYN, 0, 569, 700, 200 },    { 5, 1, TRAMA_SEGMENT_SYN, 1, 569, 700, 266 },
  { 3, 2, TRAMA_SEGMENT_ACK, 1, 1371, 1240, 304 },  { 6, 3, TRAMA_SEGMENT_DATA, 0, 569, 700, 338 },
  { 7, 3, TRAMA_SEGMENT_DATA, 1, 1371, 1240, 366 }, { 9, 5, TRAMA_SEGMENT_DATA, 0, 1371, 1240, 490 },
  { 8, 5, TRAMA_SEGMENT_DATA, 1, 569, 700, 518 },   { 10, 7, TRAMA_SEGMENT_FIN, 0, 1371, 1240, 600 },
  { 12, 9, TRAMA_SEGMENT_FIN, 0, 569, 700, 668 },
};

static const TramaChartTear tears[] = { { 112, 140, { 0, 0 }, "20.1 ms" }, { 430, 458, { 0, 0 }, "312 µs" } };

static const TramaChartTick ticks[] = {
  { 14, 1, 1, "0 µs" },      { 39, 0, 0, NULL },      { 64, 1, 0, "+10 µs" },     { 89, 0, 0, NULL },
  { 150, 1, 1, "20.31 ms" }, { 175, 0, 0, NULL },     { 200, 1, 0, "+20 µs" },    { 250, 1, 0, "+40 µs" },
  { 300, 1, 0, "+60 µs" },   { 350, 1, 0, "+80 µs" }, { 480, 1, 1, "20.812 ms" }, { 580, 1, 0, "+40 µs" },
};

static const TramaChartTint tints[] = {
  { TRAMA_PHASE_SETUP, 200, 304 },
  { TRAMA_PHASE_DATA, 304, 600 },
  { TRAMA_PHASE_TEARDOWN, 600, 720 },
};

static const TramaChartNote notes[] = {
  { 0, 0, 410, 1160, 395, 260, 64, 2, FALSE, "The client dials: <b>connect ()</b> & waits." },
  { 1, G_MAXUINT32, 850, 1160, 760, 260, 106, 4, TRUE,
    "Packets not observed: unshare failed with EPERM; allow user namespaces, then run the session again." },
};

/* What of a painter's chart is not a number is asked for by these. */
TramaFlowTable *
trama_chart_get_table (const TramaChart *chart)
{
  return ((const Telephone *) chart)->table;
}

double
trama_chart_y_of_time (const TramaChart *chart, gint64 time_ns)
{
  return (double) time_ns / chart->ns_per_px;
}

gint64
trama_chart_time_of_y (const TramaChart *chart, double y)
{
  return (gint64) (y * chart->ns_per_px);
}

gboolean
trama_chart_find_arrow (const TramaChart *chart, guint32 packet, TramaChartArrow *arrow)
{
  return FALSE;
}

gboolean
trama_chart_get_bounds (const TramaChart *chart, TramaRef ref, TramaRect *bounds)
{
  for (guint i = 0; i < chart->n_bars; i++)
    if (ref.kind == TRAMA_EVENT_CALL && chart->bars[i].call == ref.index)
      {
        const TramaChartRail *rail = &chart->rails[chart->bars[i].rail];

        *bounds = (TramaRect){ rail->bar_x0, chart->bars[i].y0, rail->bar_x1 - rail->bar_x0,
                               chart->bars[i].y1 - chart->bars[i].y0 };
        return TRUE;
      }
  return FALSE;
}

gboolean
trama_chart_on_path (const TramaChart *chart, TramaRef selected, TramaRef ref)
{
  if (selected.kind == ref.kind)
    return selected.index == ref.index;
  for (guint i = 0; i < chart->n_links; i++)
    {
      const TramaChartLink *link = &chart->links[i];

      if (selected.kind == TRAMA_EVENT_PACKET && link->packet == selected.index && link->call == ref.index)
        return TRUE;
      if (selected.kind == TRAMA_EVENT_CALL && link->call == selected.index && link->packet == ref.index)
        return TRUE;
    }
  return FALSE;
}

#define COPY(chart, array)                                                                                   \
  (chart)->array = g_memdup2 (array, sizeof (array));                                                        \
  (chart)->n_##array = G_N_ELEMENTS (array)

static void
stretch_across (TramaChart *chart, double factor)
{
  for (guint i = 0; i < chart->n_columns; i++)
    {
      chart->columns[i].x0 *= factor;
      chart->columns[i].x1 *= factor;
    }
  for (guint i = 0; i < chart->n_rails; i++)
    for (double *x = &chart->rails[i].line_x; x <= &chart->rails[i].label_width_px; x++)
      *x *= factor;
  for (guint i = 0; i < chart->n_wires; i++)
    {
      chart->wires[i].x0 *= factor;
      chart->wires[i].x1 *= factor;
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      chart->arrows[i].x0 *= factor;
      chart->arrows[i].x1 *= factor;
      chart->arrows[i].chip_x *= factor;
      chart->arrows[i].chip_width_px *= factor;
    }
  for (guint i = 0; i < chart->n_bands; i++)
    {
      chart->bands[i].x0 *= factor;
      chart->bands[i].x1 *= factor;
    }
  for (guint i = 0; i < chart->n_lifelines; i++)
    chart->lifelines[i].x *= factor;
  for (guint i = 0; i < chart->n_badges; i++)
    {
      chart->badges[i].x *= factor;
      chart->badges[i].left *= factor;
      chart->badges[i].width_px *= factor;
    }
  for (guint i = 0; i < chart->n_links; i++)
    {
      chart->links[i].bar_x *= factor;
      chart->links[i].line_x *= factor;
    }
  for (guint i = 0; i < chart->n_notes; i++)
    {
      chart->notes[i].x *= factor;
      chart->notes[i].width_px *= factor;
    }
}

static void
stretch_down (TramaChart *chart, double factor)
{
  for (guint i = 0; i < chart->n_bars; i++)
    {
      chart->bars[i].y0 *= factor;
      chart->bars[i].y1 *= factor;
      chart->bars[i].label_y *= factor;
      chart->bars[i].result_y *= factor;
    }
  for (guint i = 0; i < chart->n_arrows; i++)
    {
      chart->arrows[i].y0 *= factor;
      chart->arrows[i].y1 *= factor;
      chart->arrows[i].chip_y *= factor;
    }
  for (guint i = 0; i < chart->n_bands; i++)
    {
      chart->bands[i].y0 *= factor;
      chart->bands[i].y1 *= factor;
      chart->bands[i].name_y *= factor;
      chart->bands[i].note_y *= factor;
    }
  for (guint i = 0; i < chart->n_lifelines; i++)
    {
      chart->lifelines[i].y0 *= factor;
      chart->lifelines[i].y1 *= factor;
    }
  for (guint i = 0; i < chart->n_badges; i++)
    chart->badges[i].y *= factor;
  for (guint i = 0; i < chart->n_links; i++)
    chart->links[i].y *= factor;
  for (guint i = 0; i < chart->n_ticks; i++)
    chart->ticks[i].y *= factor;
  for (guint i = 0; i < chart->n_notes; i++)
    {
      chart->notes[i].y *= factor;
      chart->notes[i].card_y *= factor;
      chart->notes[i].height_px *= factor;
    }
}

static void
stretch_time (TramaChart *chart, double factor)
{
  for (guint i = 0; i < chart->n_tears; i++)
    {
      chart->tears[i].y0 *= factor;
      chart->tears[i].y1 *= factor;
    }
  for (guint i = 0; i < chart->n_tints; i++)
    {
      chart->tints[i].y0 *= factor;
      chart->tints[i].y1 *= factor;
    }
}

Telephone *
telephone_new (double x_factor, double y_factor, double scale, gboolean observed)
{
  Telephone *telephone = g_new0 (Telephone, 1);
  TramaChart *chart = &telephone->chart;
  g_autoptr (TramaStore) store = trama_store_new ();

  telephone->table = trama_flow_table_new (store);
  chart->width_px = 1920 * x_factor;
  chart->header_px = 122 * scale;
  chart->body_px = 880 * y_factor;
  chart->scale = scale;
  chart->packets_observed = observed;
  chart->ns_per_px = 400;
  chart->gutter_px = 108 * x_factor;
  chart->edge_x0 = 1084 * x_factor;
  chart->edge_x1 = 1140 * x_factor;
  chart->notes_x0 = 1140 * x_factor;
  chart->notes_x1 = 1420 * x_factor;
  COPY (chart, columns);
  COPY (chart, rails);
  COPY (chart, wires);
  COPY (chart, bars);
  COPY (chart, arrows);
  COPY (chart, bands);
  COPY (chart, lifelines);
  COPY (chart, badges);
  COPY (chart, links);
  COPY (chart, tears);
  COPY (chart, ticks);
  COPY (chart, tints);
  COPY (chart, notes);
  stretch_across (chart, x_factor);
  stretch_down (chart, y_factor);
  stretch_time (chart, y_factor);
  return telephone;
}

void
telephone_free (Telephone *telephone)
{
  TramaChart *chart = &telephone->chart;
  void *arrays[] = { chart->columns, chart->rails,     chart->wires,  chart->bars,  chart->arrows,
                     chart->bands,   chart->lifelines, chart->badges, chart->links, chart->tears,
                     chart->ticks,   chart->tints,     chart->notes };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_free (arrays[i]);
  trama_flow_table_unref (telephone->table);
  g_free (telephone);
}
