/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/chart/ladder_text.h"

#include "core/chart/lives.h"
#include "core/chart/text_ladder.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/socket.h>

#define MIN_COLUMNS 72

/* What trama_call_format () shows of the bytes of a call. */
#define SHOWN_DATA_BYTES 32

typedef struct
{
  gint64 time_ns;
  guint32 flow;
  guint32 phase;
} PhaseStart;

/* Changes that no packet and no call has brought: the kernel has told them. */
static void
write_changes_before (TramaTextLadder *ladder, gint64 time_ns)
{
  for (; ladder->next_change < trama_flow_table_n_changes (ladder->table); ladder->next_change++)
    {
      const TramaStateChange change = trama_flow_table_get_change (ladder->table, ladder->next_change);
      const TramaSocket *socket = trama_flow_table_find_socket (ladder->table, change.socket);
      g_autofree char *label = NULL;

      if (change.time_ns >= time_ns)
        return;
      if (ladder->shown[ladder->next_change]
          || (change.flow != TRAMA_FLOW_NONE && !trama_flow_set_has (ladder->flows, change.flow)))
        continue;
      label = trama_text_state_label (change.state);
      trama_text_line_begin (ladder);
      trama_text_line_put_time (ladder, change.time_ns);
      if (change.flow != TRAMA_FLOW_NONE)
        trama_text_line_put_beside (
            ladder, trama_text_columns_of_side (ladder, change.flow, change.side, change.time_ns), label);
      else
        trama_text_line_put_beside (
            ladder, trama_text_columns_of_actor (ladder, socket != NULL ? socket->actor : TRAMA_ACTOR_NONE),
            label);
      trama_text_line_end (ladder);
    }
}

/* The first change at @time_ns or later. */
guint
trama_text_find_change (const TramaTextLadder *ladder, gint64 time_ns)
{
  guint low = 0, high = trama_flow_table_n_changes (ladder->table);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (trama_flow_table_get_change (ladder->table, middle).time_ns < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* The state that the return of @call has put its own socket in. Unknown: it did not. */
static guint8
take_change_of_call (TramaTextLadder *ladder, const TramaCall *call)
{
  if (call->exit_ns == TRAMA_TIME_NONE)
    return TRAMA_TCP_UNKNOWN;
  for (guint i = trama_text_find_change (ladder, call->exit_ns);
       i < trama_flow_table_n_changes (ladder->table); i++)
    {
      const TramaStateChange change = trama_flow_table_get_change (ladder->table, i);

      if (change.time_ns > call->exit_ns)
        break;
      if (change.flow != TRAMA_FLOW_NONE || change.socket != call->socket)
        continue;
      ladder->shown[i] = TRUE;
      return change.state;
    }
  return TRAMA_TCP_UNKNOWN;
}

static gboolean
is_one_of_many (const TramaTextLadder *ladder)
{
  return (ladder->flows != NULL ? trama_flow_set_n_flows (ladder->flows)
                                : trama_flow_table_n_flows (ladder->table))
         > 1;
}

static void
write_phases_until (TramaTextLadder *ladder, gint64 time_ns)
{
  for (; ladder->next_phase < ladder->phases->len; ladder->next_phase++)
    {
      const PhaseStart *start = &g_array_index (ladder->phases, PhaseStart, ladder->next_phase);
      const TramaFlow *flow = trama_flow_table_get_flow (ladder->table, start->flow);
      GString *text = g_string_new (_ (trama_phase_name (start->phase)));
      g_autofree char *rule = NULL;

      if (start->time_ns > time_ns)
        {
          g_string_free (text, TRUE);
          return;
        }
      if (is_one_of_many (ladder))
        {
          g_autofree char *from = trama_endpoint_format (&flow->endpoint[0]);
          g_autofree char *to = trama_endpoint_format (&flow->endpoint[1]);

          g_string_append_printf (text, " · %s – %s", from, to);
        }
      rule = g_strdup_printf ("── %s ──", text->str);
      g_string_free (text, TRUE);
      trama_text_line_begin (ladder);
      trama_text_row_put_centre (&ladder->row, ladder->first_x + 1, ladder->width - 1, rule);
      trama_text_line_end (ladder);
    }
}

/* Who has no part in what was asked for. */
static gboolean
is_left_out (const TramaTextLadder *ladder, guint32 actor)
{
  return ladder->flows != NULL && actor != TRAMA_ACTOR_NONE
         && trama_layout_column_of_actor (&ladder->layout, actor) == TRAMA_COLUMN_NONE;
}

/* As in the picture, where a column begins with a line and ends with a cross. */
static void
write_lives_until (TramaTextLadder *ladder, gint64 time_ns)
{
  for (; ladder->next_life < ladder->lives->len; ladder->next_life++)
    {
      const TramaLife *life = &g_array_index (ladder->lives, TramaLife, ladder->next_life);
      const TramaActor *actor = trama_store_get_actor (ladder->store, life->actor);
      g_autofree char *line = NULL;
      g_autofree char *label = NULL;

      if (life->time_ns > time_ns)
        return;
      if (is_left_out (ladder, actor->id))
        continue;
      label = trama_text_printable (life->label);
      line = g_strconcat (life->ends ? "✕ " : "├ ", label, NULL);
      trama_text_line_begin (ladder);
      trama_text_line_put_time (ladder, life->time_ns);
      trama_text_line_put_beside (ladder, trama_text_columns_of_actor (ladder, actor->id), line);
      trama_text_line_end (ladder);
    }
}

/* Where there is no room for a whole call, the bytes it moved give way to the rest of it. */
static char *
fit_call (const TramaCall *call, char *(*format) (const TramaCall *), glong room)
{
  TramaCall cut = *call;
  g_autofree char *text = format (&cut);

  for (guint kept = SHOWN_DATA_BYTES; kept > 0 && (glong) trama_text_width (text) > room; kept--)
    {
      for (guint i = 0; i < cut.n_args; i++)
        if (cut.args[i].kind == TRAMA_VALUE_DATA)
          cut.args[i].size = MIN (cut.args[i].size, kept);
      g_free (text);
      text = format (&cut);
    }
  return g_steal_pointer (&text);
}

static gboolean
is_told_twice (const TramaCall *call)
{
  return call->exit_ns == TRAMA_TIME_NONE || (call->flags & TRAMA_CALL_SLEPT) != 0;
}

static char *
format_entry (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *args = trama_call_format_entry_args (call);

  return g_strconcat (info != NULL ? info->name : "?", args, " …", NULL);
}

static char *
format_exit (const TramaCall *call)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  g_autofree char *outcome = trama_call_format_outcome (call);

  return g_strconcat ("… ", info != NULL ? info->name : "?", " ", outcome, NULL);
}

static void
write_call (TramaTextLadder *ladder,
            const TramaCall *call,
            gint64 time_ns,
            char *(*format) (const TramaCall *),
            guint8 state)
{
  const TramaTextColumn *column = trama_text_columns_of_actor (ladder, call->actor);
  g_autofree char *label = state != TRAMA_TCP_UNKNOWN ? trama_text_state_label (state) : NULL;
  glong room = (glong) trama_text_line_room_beside (ladder, column)
               - (label != NULL ? (glong) trama_text_width (label) + 1 : 0);
  g_autofree char *text = fit_call (call, format, room);
  g_autofree char *whole = g_strconcat (text, label != NULL ? " " : NULL, label, NULL);

  trama_text_line_begin (ladder);
  trama_text_line_put_time (ladder, time_ns);
  trama_text_line_put_beside (ladder, column, whole);
  trama_text_line_end (ladder);
}

static void
write_entry (TramaTextLadder *ladder, const TramaCall *call)
{
  if (is_told_twice (call))
    {
      trama_text_columns_of_actor (ladder, call->actor)->blocked++;
      write_call (ladder, call, call->entry_ns, format_entry, TRAMA_TCP_UNKNOWN);
    }
  else
    write_call (ladder, call, call->entry_ns, trama_call_format, take_change_of_call (ladder, call));
}

static void
write_exit (TramaTextLadder *ladder, const TramaCall *call)
{
  if (!is_told_twice (call))
    return;
  trama_text_columns_of_actor (ladder, call->actor)->blocked--;
  write_call (ladder, call, call->exit_ns, format_exit, take_change_of_call (ladder, call));
}

/* The user's own stands under what it is about. */
static void
write_own_note (TramaTextLadder *ladder, const TramaMoment *moment)
{
  TramaRef ref = trama_moment_ref (moment);
  const TramaTextColumn *column = NULL;

  if (ref.kind == TRAMA_EVENT_CALL)
    column = trama_text_columns_of_actor (ladder, trama_store_get_call (ladder->store, ref.index)->actor);
  trama_text_notes_write_beside (ladder, ref, column);
}

/* Of a conversation that was not asked for. */
static gboolean
is_elsewhere (const TramaTextLadder *ladder, const TramaMoment *moment)
{
  if (ladder->flows == NULL)
    return FALSE;
  if (moment->kind == TRAMA_MOMENT_NOTE)
    return is_left_out (ladder, trama_store_get_note (ladder->store, moment->index)->actor);
  if (moment->kind == TRAMA_MOMENT_PACKET)
    return !trama_flow_set_has (ladder->flows,
                                trama_flow_table_get_flow_of_packet (ladder->table, moment->index));
  return !trama_layout_draws_call (&ladder->layout, moment->index);
}

static void
write_moment (TramaTextLadder *ladder, const TramaMoment *moment)
{
  if (is_elsewhere (ladder, moment))
    return;
  write_changes_before (ladder, moment->time_ns);
  write_lives_until (ladder, moment->time_ns);
  trama_text_notes_write_until (ladder, moment->time_ns - 1);
  write_phases_until (ladder, moment->kind == TRAMA_MOMENT_PACKET ? moment->time_ns : moment->time_ns - 1);
  switch ((TramaMomentKind) moment->kind)
    {
    case TRAMA_MOMENT_NOTE:
      trama_text_notes_write_caption (ladder, trama_store_get_note (ladder->store, moment->index));
      break;
    case TRAMA_MOMENT_ENTRY:
      write_entry (ladder, trama_store_get_call (ladder->store, moment->index));
      write_own_note (ladder, moment);
      break;
    case TRAMA_MOMENT_PACKET:
      trama_text_packet_write (ladder, moment->index);
      write_own_note (ladder, moment);
      break;
    case TRAMA_MOMENT_EXIT:
      write_exit (ladder, trama_store_get_call (ladder->store, moment->index));
      break;
    }
}

static const char *
type_word (guint16 type)
{
  static const char *const words[] = {
    [SOCK_STREAM] = N_ ("stream"),
    [SOCK_DGRAM] = N_ ("datagram"),
    [SOCK_RAW] = N_ ("raw"),
    [SOCK_SEQPACKET] = N_ ("sequenced packets"),
  };

  return type < G_N_ELEMENTS (words) && words[type] != NULL ? _ (words[type]) : NULL;
}

/* The title, what kind of sockets, where it ran; and why it did not run where it should. */
static const char *
ground_words (const TramaGround *ground)
{
  if (ground->kind == TRAMA_GROUND_LAB)
    return ground->packets ? _ ("private loopback") : _ ("private loopback: packets not observed");
  return ground->packets ? _ ("host loopback") : _ ("host loopback: packets not observed");
}

static void
write_header (TramaTextLadder *ladder)
{
  const TramaSessionRecord *session = trama_store_get_session (ladder->store);
  const TramaGround *ground = trama_store_get_ground (ladder->store);
  const TramaSocket *socket = trama_flow_table_n_sockets (ladder->table) > 0
                                  ? trama_flow_table_get_socket (ladder->table, 0)
                                  : NULL;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *line = NULL;

  if (session != NULL && (session->title != NULL || session->name != NULL))
    g_ptr_array_add (parts, trama_text_printable (session->title != NULL ? session->title : session->name));
  if (socket != NULL && type_word (socket->type) != NULL && trama_domain_name (socket->domain) != NULL)
    g_ptr_array_add (
        parts, g_strdup_printf ("%s, %s", type_word (socket->type), trama_domain_name (socket->domain)));
  if (ground != NULL)
    g_ptr_array_add (parts, g_strdup (ground_words (ground)));
  if (parts->len == 0)
    return;
  g_ptr_array_add (parts, NULL);
  line = g_strjoinv (" · ", (char **) parts->pdata);
  g_string_append_printf (ladder->out, "%s\n", line);
}

static void
write_ground_failure (TramaTextLadder *ladder)
{
  const TramaGround *ground = trama_store_get_ground (ladder->store);
  g_autofree char *step = NULL;
  g_autofree char *remedy = NULL;
  const char *name;

  if (ground == NULL || ground->step == NULL)
    return;
  step = trama_text_printable (ground->step);
  name = trama_errno_name (ground->error);
  if (ground->error != 0)
    g_string_append_printf (ladder->out, "%s: %s, %s\n", step, name != NULL ? name : "errno",
                            g_strerror (ground->error));
  else
    g_string_append_printf (ladder->out, "%s\n", step);
  if (ground->remedy == NULL)
    return;
  remedy = trama_text_printable (ground->remedy);
  g_string_append_printf (ladder->out, "%s\n", remedy);
}

static void
write_titles (TramaTextLadder *ladder)
{
  guint n = ladder->columns->len;

  if (ladder->out->len > 0)
    g_string_append_c (ladder->out, '\n');
  trama_text_row_blank (&ladder->row);
  for (guint i = 0; i < n; i++)
    {
      const TramaTextColumn *column = trama_text_column_at (ladder, i);
      guint length = trama_text_width (column->title);

      if (i == 0)
        trama_text_row_put (&ladder->row, column->x, ladder->width, column->title);
      else if (i == n - 1)
        trama_text_row_put_right (&ladder->row, ladder->first_x, column->x + 1, column->title);
      else
        trama_text_row_put (&ladder->row, column->x - MIN (length / 2, column->x), ladder->width,
                            column->title);
    }
  trama_text_line_end (ladder);
}

/* What a reader must know before trusting the end of the picture. */
static void
write_footer (TramaTextLadder *ladder)
{
  const TramaOutcome *outcome = trama_store_get_outcome (ladder->store);

  if (outcome == NULL)
    {
      if (trama_store_get_session (ladder->store) != NULL)
        g_string_append_printf (ladder->out, "\n%s\n", _ ("The trace was cut short."));
      return;
    }
  if (!outcome->ok)
    {
      g_autofree char *text = trama_text_printable (outcome->text != NULL ? outcome->text : "");

      g_string_append_printf (ladder->out, "\n%s %s\n", _ ("The session failed:"), text);
    }
  if (outcome->packets_dropped > 0)
    {
      g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, outcome->packets_dropped);

      g_string_append_c (ladder->out, '\n');
      g_string_append_printf (ladder->out,
                              ngettext ("%s packet was lost by the capture.",
                                        "%s packets were lost by the capture.",
                                        (gulong) outcome->packets_dropped),
                              count);
      g_string_append_c (ladder->out, '\n');
    }
}

static int
compare_phases (gconstpointer a, gconstpointer b)
{
  const PhaseStart *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->phase < y->phase ? -1 : x->phase > y->phase;
}

static GArray *
collect_phases (const TramaFlowTable *table, const TramaFlowSet *flows)
{
  GArray *phases = g_array_new (FALSE, FALSE, sizeof (PhaseStart));

  for (guint i = 0; i < trama_flow_table_n_flows (table); i++)
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, i);

      for (guint phase = TRAMA_PHASE_SETUP; trama_flow_set_has (flows, i) && phase < TRAMA_N_PHASES; phase++)
        {
          PhaseStart start = { flow->phase_ns[phase], i, phase };

          if (start.time_ns != TRAMA_TIME_NONE)
            g_array_append_val (phases, start);
        }
    }
  g_array_sort (phases, compare_phases);
  return phases;
}

static int
compare_lives (gconstpointer a, gconstpointer b)
{
  const TramaLife *x = a, *y = b;

  if (x->time_ns != y->time_ns)
    return x->time_ns < y->time_ns ? -1 : 1;
  return x->actor < y->actor ? -1 : x->actor > y->actor;
}

/* The first of the moments at @time_ns or later. */
static guint
find_moment (const GArray *moments, gint64 time_ns)
{
  guint low = 0, high = moments->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (moments, TramaMoment, middle).time_ns < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Calls that are under way when the part begins: who sleeps in one, and what another has told where it was made. */
static void
take_calls_before (TramaTextLadder *ladder, gint64 time_ns)
{
  for (guint i = 0; i < trama_store_n_calls (ladder->store); i++)
    {
      const TramaCall *call = trama_store_get_call (ladder->store, i);

      if (call->entry_ns >= time_ns || (call->exit_ns != TRAMA_TIME_NONE && call->exit_ns < time_ns))
        continue;
      if (is_told_twice (call))
        trama_text_columns_of_actor (ladder, call->actor)->blocked++;
      else
        take_change_of_call (ladder, call);
    }
}

static void
skip_until (TramaTextLadder *ladder, gint64 time_ns)
{
  ladder->next_change = trama_text_find_change (ladder, time_ns);
  while (ladder->next_phase < ladder->phases->len
         && g_array_index (ladder->phases, PhaseStart, ladder->next_phase).time_ns < time_ns)
    ladder->next_phase++;
  while (ladder->next_life < ladder->lives->len
         && g_array_index (ladder->lives, TramaLife, ladder->next_life).time_ns < time_ns)
    ladder->next_life++;
  trama_text_notes_skip_until (ladder, time_ns);
  take_calls_before (ladder, time_ns);
}

/* Between the titles and the footer. */
static void
write_moments (TramaTextLadder *ladder, const TramaSpan *span)
{
  g_autoptr (GArray) moments = trama_store_get_moments (ladder->store, NULL);
  const guint first = span != NULL ? find_moment (moments, span->start_ns) : 0;
  const guint end = span != NULL ? find_moment (moments, span->end_ns + 1) : moments->len;
  const gint64 end_ns = span != NULL ? span->end_ns : G_MAXINT64 - 1;

  if (moments->len > 0)
    ladder->begin_ns = ladder->last_ns = g_array_index (moments, TramaMoment, 0).time_ns;
  if (first > 0)
    {
      ladder->last_ns = g_array_index (moments, TramaMoment, MIN (first, moments->len - 1)).time_ns;
      skip_until (ladder, span->start_ns);
    }
  for (guint i = first; i < end; i++)
    write_moment (ladder, &g_array_index (moments, TramaMoment, i));
  write_changes_before (ladder, end_ns + 1);
  write_lives_until (ladder, end_ns);
  trama_text_notes_write_until (ladder, end_ns);
}

char *
trama_ladder_text (TramaFlowTable *table,
                   guint columns,
                   const TramaLanes *lanes,
                   TramaFlowSet *flows,
                   const TramaSpan *span)
{
  TramaTextLadder ladder = {
    .table = table,
    .store = trama_flow_table_get_store (table),
    .lanes = lanes,
    .flows = flows,
    .width = MAX (columns, MIN_COLUMNS),
    .phases = collect_phases (table, flows),
    .remarks = trama_notebook_list_moments (trama_store_get_notebook (trama_flow_table_get_store (table))),
    .shown = g_new0 (guint8, trama_flow_table_n_changes (table) + 1),
    .out = g_string_new (NULL),
  };

  trama_text_row_init (&ladder.row, ladder.width);
  trama_text_columns_add (&ladder);
  ladder.lives = trama_lives_new (ladder.store, trama_users_get_forks (ladder.layout.users));
  g_array_sort (ladder.lives, compare_lives);
  write_header (&ladder);
  write_ground_failure (&ladder);
  write_titles (&ladder);
  write_moments (&ladder, span);
  write_footer (&ladder);

  trama_text_row_clear (&ladder.row);
  trama_text_columns_clear (&ladder);
  g_array_unref (ladder.phases);
  g_array_unref (ladder.lives);
  g_array_unref (ladder.remarks);
  g_free (ladder.shown);
  return g_string_free (ladder.out, FALSE);
}
