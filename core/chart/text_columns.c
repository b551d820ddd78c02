/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/text_ladder.h"

#include "core/chart/parties.h"
#include "core/decode/printable.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TIME_END 17     /* as wide as trama_offset_format () writes */
#define STEP_END 26     /* "+999 min" */
#define LIFELINE 0x2502 /* │ */
#define BLOCKED 0x2591  /* ░ */

/* What a foreign file may say of itself. */
#define TEXT_BYTES 400

TramaTextColumn *
trama_text_column_at (const TramaTextLadder *ladder, guint index)
{
  return &g_array_index (ladder->columns, TramaTextColumn, index);
}

void
trama_text_column_clear (gpointer column)
{
  g_free (((TramaTextColumn *) column)->title);
}

char *
trama_text_printable (const char *text)
{
  return trama_printable_format ((const guint8 *) text, strlen (text), TEXT_BYTES);
}

static void
add_column (TramaTextLadder *ladder, guint32 actor, char *title)
{
  TramaTextColumn column = { .title = title, .actor = actor };

  g_array_append_val (ladder->columns, column);
}

static guint32
actor_of_side (const TramaTextLadder *ladder, const TramaFlow *flow, guint side)
{
  const TramaSocket *socket = trama_flow_table_find_socket (ladder->table, flow->socket[side]);

  return socket != NULL ? socket->actor : TRAMA_ACTOR_NONE;
}

static gboolean
has_unknown_side (const TramaTextLadder *ladder)
{
  for (guint i = 0; i < trama_flow_table_n_flows (ladder->table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, i);

      if (actor_of_side (ladder, flow, 0) == TRAMA_ACTOR_NONE
          || actor_of_side (ladder, flow, 1) == TRAMA_ACTOR_NONE)
        return TRUE;
    }
  return FALSE;
}

/* A trace without actors: one conversation has its endpoints for names, several share two columns. */
static void
add_sides (TramaTextLadder *ladder)
{
  static const char *const names[] = { N_ ("sent first"), N_ ("was sent to") };

  ladder->anonymous = TRUE;
  for (guint side = 0; side < 2; side++)
    if (trama_flow_table_n_flows (ladder->table) == 1)
      add_column (ladder, TRAMA_ACTOR_NONE,
                  trama_endpoint_format (&trama_flow_table_get_flow (ladder->table, 0)->endpoint[side]));
    else
      add_column (ladder, TRAMA_ACTOR_NONE, g_strdup (_ (names[side])));
}

void
trama_text_columns_add (TramaTextLadder *ladder)
{
  g_autoptr (GArray) parties = trama_parties_new (ladder->store);

  for (guint i = 0; i < parties->len; i++)
    {
      const TramaActor *actor = trama_store_get_actor (ladder->store, g_array_index (parties, guint32, i));

      add_column (ladder, actor->id, trama_text_printable (actor->name != NULL ? actor->name : "?"));
    }
  if (parties->len == 0)
    add_sides (ladder);
  else if (has_unknown_side (ladder))
    add_column (ladder, TRAMA_ACTOR_NONE, g_strdup (_ ("unknown process")));
  for (guint i = 0; i < ladder->columns->len; i++)
    trama_text_column_at (ladder, i)->x = TRAMA_TEXT_FIRST_LINE
                                          + (ladder->width - 1 - TRAMA_TEXT_FIRST_LINE) * i
                                                / MAX (ladder->columns->len - 1, 1);
}

/* Actors that are not known, if there are any, have the last column. */
TramaTextColumn *
trama_text_columns_of_actor (const TramaTextLadder *ladder, guint32 actor)
{
  for (guint i = 0; i < ladder->columns->len; i++)
    if (trama_text_column_at (ladder, i)->actor == actor)
      return trama_text_column_at (ladder, i);
  return trama_text_column_at (ladder, ladder->columns->len - 1);
}

TramaTextColumn *
trama_text_columns_of_side (const TramaTextLadder *ladder, const TramaFlow *flow, guint side)
{
  if (ladder->anonymous)
    return trama_text_column_at (ladder, side);
  return trama_text_columns_of_actor (ladder, actor_of_side (ladder, flow, side));
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
  if (time_ns != ladder->last_ns)
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
  *from = is_last (ladder, column) ? TRAMA_TEXT_FIRST_LINE + 1 : column->x + 2;
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
