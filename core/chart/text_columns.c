/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/text_ladder.h"

#include "core/chart/plan.h"
#include "core/decode/printable.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TIME_END 17 /* as wide as trama_offset_format () writes */
#define STEP_END 26 /* "+999 min" */

/* A narrower ladder tells the time since the beginning alone. */
#define STEPS_MIN_WIDTH 80

/* Of an endpoint: its name, and what it says. */
#define SEAT_WIDTH 24

#define LIFELINE 0x2502 /* │ */
#define BLOCKED 0x2591  /* ░ */

/* What a foreign file may say of itself. */
#define TEXT_BYTES 400

TramaTextColumn *
trama_text_column_at (const TramaTextLadder *ladder, guint index)
{
  return &g_array_index (ladder->columns, TramaTextColumn, index);
}

char *
trama_text_printable (const char *text)
{
  return trama_printable_format ((const guint8 *) text, strlen (text), TEXT_BYTES);
}

static void
add_column (TramaTextLadder *ladder, char *title)
{
  TramaTextColumn column = { .title = title };

  g_array_append_val (ladder->columns, column);
}

static gboolean
is_known (const TramaTextLadder *ladder, guint32 flow)
{
  guint32 columns[2];

  trama_layout_columns_of_flow (&ladder->layout, flow,
                                trama_flow_table_get_flow (ladder->table, flow)->first_ns, columns);
  return columns[0] != TRAMA_COLUMN_NONE && columns[1] != TRAMA_COLUMN_NONE;
}

/* A trace without actors: endpoints have columns where there is room for all, or else they share two. */
static void
add_sides (TramaTextLadder *ladder, const GArray *parties)
{
  static const char *const names[] = { N_ ("sent first"), N_ ("was sent to") };
  const TramaSeats *seats = ladder->layout.seats;
  guint n_asked = ladder->flows != NULL ? trama_flow_set_n_flows (ladder->flows)
                                        : trama_flow_table_n_flows (ladder->table);

  ladder->crowded = trama_flow_set_n_flows (seats->flows) < n_asked
                    || parties->len * SEAT_WIDTH > ladder->width - ladder->first_x;
  for (guint i = 0; ladder->crowded && i < G_N_ELEMENTS (names); i++)
    add_column (ladder, g_strdup (_ (names[i])));
  for (guint i = 0; !ladder->crowded && i < parties->len; i++)
    {
      const TramaSeat *seat = trama_seats_get (seats, g_array_index (parties, TramaParty, i).seat);
      TramaEndpoint endpoint = seat->endpoint;

      if (seat->n_endpoints > 1)
        endpoint.port = 0;
      add_column (ladder, trama_endpoint_format (&endpoint));
    }
}

/* A conversation of processes that were not recorded, or, without any process, what is told of nobody's socket. */
static gboolean
has_unknown (const TramaTextLadder *ladder)
{
  for (guint32 i = 0; i < trama_flow_table_n_flows (ladder->table); i++)
    if (trama_flow_set_has (ladder->flows, i) && !is_known (ladder, i))
      return TRUE;
  return ladder->columns->len == 0
         && (trama_store_n_states (ladder->store) > 0 || trama_store_n_notes (ladder->store) > 0);
}

static void
add_parties (TramaTextLadder *ladder, const GArray *parties)
{
  for (guint i = 0; i < parties->len; i++)
    {
      const TramaParty *party = &g_array_index (parties, TramaParty, i);
      const TramaActor *actor = party->kernel ? NULL : trama_store_get_actor (ladder->store, party->actor);

      if (actor == NULL)
        add_column (ladder, g_strdup (_ ("kernel")));
      else
        add_column (ladder, trama_text_printable (actor->name != NULL ? actor->name : "?"));
    }
  if (has_unknown (ladder))
    {
      ladder->unknown = ladder->columns->len;
      add_column (ladder, g_strdup (_ ("unknown process")));
    }
}

/* What trama_layout_list_parties () needs, and no more. */
static void
begin_layout (TramaTextLadder *ladder)
{
  TramaLayout *layout = &ladder->layout;

  layout->table = ladder->table;
  layout->store = ladder->store;
  layout->lanes = ladder->lanes;
  layout->kernel_column = TRAMA_COLUMN_NONE;
  layout->column_of_actor = g_hash_table_new (NULL, NULL);
  trama_layout_ends_init (layout);
  trama_layout_seat (layout, ladder->flows);
  layout->flow_of_socket = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  trama_layout_list_sockets (layout);
}

void
trama_text_columns_add (TramaTextLadder *ladder)
{
  g_autoptr (GArray) parties = NULL;

  ladder->columns = g_array_new (FALSE, FALSE, sizeof (TramaTextColumn));
  ladder->unknown = G_MAXUINT;
  begin_layout (ladder);
  parties = trama_layout_list_parties (&ladder->layout);
  trama_layout_arrange_parties (&ladder->layout, parties);
  trama_layout_face_parties (&ladder->layout, parties);
  ladder->first_x = (ladder->width < STEPS_MIN_WIDTH ? TIME_END : STEP_END) + 1;
  if (ladder->layout.seats != NULL)
    add_sides (ladder, parties);
  else
    add_parties (ladder, parties);
  for (guint i = 0; i < ladder->columns->len; i++)
    trama_text_column_at (ladder, i)->x =
        ladder->first_x + (ladder->width - 1 - ladder->first_x) * i / MAX (ladder->columns->len - 1, 1);
}

void
trama_text_columns_clear (TramaTextLadder *ladder)
{
  for (guint i = 0; i < ladder->columns->len; i++)
    g_free (trama_text_column_at (ladder, i)->title);
  g_array_unref (ladder->columns);
  trama_users_free (ladder->layout.users);
  g_hash_table_unref (ladder->layout.column_of_actor);
  g_hash_table_unref (ladder->layout.flow_of_socket);
  g_free (ladder->layout.socket_of_side);
  trama_layout_unseat (&ladder->layout);
}

/* Who has no column has that of those nobody knows, or the last. */
static TramaTextColumn *
column_or_unknown (const TramaTextLadder *ladder, guint32 column)
{
  if (column == TRAMA_COLUMN_NONE)
    column = MIN (ladder->unknown, ladder->columns->len - 1);
  return trama_text_column_at (ladder, column);
}

TramaTextColumn *
trama_text_columns_of_actor (const TramaTextLadder *ladder, guint32 actor)
{
  return column_or_unknown (ladder, trama_layout_column_of_actor (&ladder->layout, actor));
}

TramaTextColumn *
trama_text_columns_of_side (const TramaTextLadder *ladder, guint32 flow, guint side, gint64 time_ns)
{
  guint32 columns[2];

  if (ladder->crowded)
    return trama_text_column_at (ladder, side);
  trama_layout_columns_of_flow (&ladder->layout, flow, time_ns, columns);
  return column_or_unknown (ladder, columns[side]);
}

void
trama_text_columns_of_packet (const TramaTextLadder *ladder, guint32 packet, TramaTextColumn *columns[2])
{
  guint32 places[2];

  if (ladder->crowded)
    {
      TramaSegment segment;

      trama_flow_table_get_segment (ladder->table, packet, &segment);
      places[0] = segment.side;
      places[1] = !segment.side;
    }
  else
    trama_layout_ends_of_packet (&ladder->layout, packet, places);
  columns[0] = column_or_unknown (ladder, places[0]);
  columns[1] = column_or_unknown (ladder, places[1]);
}

guint
trama_text_receivers_of_packet (const TramaTextLadder *ladder,
                                guint32 packet,
                                TramaTextColumn *columns[TRAMA_RECEIVERS_MAX])
{
  guint32 places[2], others[TRAMA_RECEIVERS_MAX];
  guint n;

  if (ladder->crowded || !trama_layout_ends_of_packet (&ladder->layout, packet, places))
    return 0;
  n = trama_layout_receivers (&ladder->layout, packet, places, others);
  for (guint i = 0; i < n; i++)
    columns[i] = column_or_unknown (ladder, others[i]);
  return n;
}

static gboolean
is_last (const TramaTextLadder *ladder, const TramaTextColumn *column)
{
  return ladder->columns->len > 1 && column == trama_text_column_at (ladder, ladder->columns->len - 1);
}

void
trama_text_line_begin (TramaTextLadder *ladder)
{
  trama_text_row_blank (&ladder->row);
  for (guint i = 0; i < ladder->columns->len; i++)
    {
      const TramaTextColumn *column = trama_text_column_at (ladder, i);

      trama_text_row_fill (&ladder->row, column->x, column->x + 1, column->blocked > 0 ? BLOCKED : LIFELINE);
    }
}

/* The time since the beginning, and since the line before. */
void
trama_text_line_put_time (TramaTextLadder *ladder, gint64 time_ns)
{
  g_autofree char *offset = trama_offset_format (time_ns - ladder->begin_ns);

  trama_text_row_put_right (&ladder->row, 0, TIME_END, offset);
  if (time_ns != ladder->last_ns && ladder->first_x > STEP_END)
    {
      g_autofree char *duration = trama_duration_format (time_ns - ladder->last_ns);
      g_autofree char *step = g_strconcat ("+", duration, NULL);

      trama_text_row_put_right (&ladder->row, TIME_END + 1, STEP_END, step);
    }
  ladder->last_ns = time_ns;
}

void
trama_text_line_end (TramaTextLadder *ladder)
{
  trama_text_row_append (&ladder->row, ladder->out);
}

/* Beside the lifeline, on the side where there is room. */
static void
find_room (const TramaTextLadder *ladder, const TramaTextColumn *column, guint *from, guint *to)
{
  *from = is_last (ladder, column) ? ladder->first_x + 1 : column->x + 2;
  *to = is_last (ladder, column) ? column->x - 1 : ladder->width - 2;
}

void
trama_text_line_put_beside (TramaTextLadder *ladder, const TramaTextColumn *column, const char *text)
{
  guint from, to;

  find_room (ladder, column, &from, &to);
  if (is_last (ladder, column))
    trama_text_row_put_right (&ladder->row, from, to, text);
  else
    trama_text_row_put (&ladder->row, from, to, text);
}

guint
trama_text_line_room_beside (const TramaTextLadder *ladder, const TramaTextColumn *column)
{
  guint from, to;

  find_room (ladder, column, &from, &to);
  return to > from ? to - from : 0;
}

char *
trama_text_state_label (guint8 state)
{
  const char *name = trama_tcp_state_name (state);

  return g_strdup_printf ("[%s]", name != NULL ? name : "?");
}
