/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/transcript.h"

#include "core/trace/column.h"

#define LINES_PER_STOP 32
#define CHUNK_BYTES 16384

/* Longer than any line of text: a character takes four bytes at most. */
#define LINE_MAX_BYTES (4 * TRAMA_TRANSCRIPT_WIDTH)

static const guint bytes_per_line[] = {
  [TRAMA_TRANSCRIPT_HEX] = 16,
  [TRAMA_TRANSCRIPT_C] = 12,
};

/* Where a line begins: the first of every turn, and of a turn of text every so many. */
typedef struct
{
  guint32 line;
  guint32 turn;
  guint64 offset;
} Stop;

G_STATIC_ASSERT (sizeof (Stop) == 16);

struct _TramaTranscript
{
  /* owned */
  TramaDialogue *dialogue;
  TramaColumn stops; /* of Stop */
  char *names[2];

  /* state */
  TramaTranscriptFormat format;
  guint sides;
  guint n_lines;

  /* where it has come to */
  guint turn;
  guint64 offset;
  gboolean is_within; /* the turn */
};

static const Stop *
stop_at (const TramaTranscript *self, guint index)
{
  return &trama_column_index (&self->stops, Stop, index);
}

static void
add_stop (TramaTranscript *self, guint turn, guint64 offset)
{
  trama_column_add (&self->stops, Stop) = (Stop){ self->n_lines, turn, offset };
}

/* Lines that stand before and behind the bytes of a turn. */
static guint
count_frame (const TramaTranscript *self, const TramaTurn *turn)
{
  return self->format == TRAMA_TRANSCRIPT_C && turn->kind == TRAMA_SPEECH_SAID ? 1 : 0;
}

/* Of a turn that is a mark, or whose lines are all of one size. */
static guint
count_lines (const TramaTranscript *self, const TramaTurn *turn)
{
  guint per_line;

  if (turn->kind != TRAMA_SPEECH_SAID)
    return 1;
  per_line = bytes_per_line[self->format];
  return (guint) ((turn->end - turn->begin + per_line - 1) / per_line) + 2 * count_frame (self, turn);
}

/* A trace that has become shorter reads as zeroes: the lines stay where they are. */
static gsize
read_bytes (const TramaTranscript *self, guint side, guint64 offset, guint8 *buffer, gsize size)
{
  gssize got = trama_dialogue_read (self->dialogue, side, offset, buffer, size, NULL);

  if (got < 0)
    memset (buffer, 0, size);
  return got < 0 ? size : (gsize) got;
}

/* More lines of a turn of text, as many as lie in a chunk. Returns the bytes looked at. */
static gsize
scan_text (TramaTranscript *self, const TramaTurn *turn)
{
  guint8 buffer[CHUNK_BYTES];
  gsize want = (gsize) MIN (turn->end - self->offset, CHUNK_BYTES);
  gsize got = read_bytes (self, turn->side, self->offset, buffer, want), at = 0;

  /* What does not end here for sure is looked at again with what is behind it. */
  while (at < got && (got - at > LINE_MAX_BYTES || self->offset + (got - at) >= turn->end))
    {
      gsize size = trama_transcript_measure_line (buffer + at, got - at);

      if (!self->is_within || self->n_lines - stop_at (self, self->stops.len - 1)->line == LINES_PER_STOP)
        add_stop (self, self->turn, self->offset);
      self->is_within = TRUE;
      self->n_lines++;
      self->offset += size;
      at += size;
    }
  if (got == 0)
    self->offset = turn->end;
  return at;
}

/* The next of the turns, or a part of it. Returns the bytes looked at. */
static gsize
take_turn (TramaTranscript *self)
{
  const TramaTurn *turn = trama_dialogue_get_turn (self->dialogue, self->turn);
  gsize n_bytes = 1;

  if (!self->is_within)
    self->offset = turn->begin;
  if (!(self->sides & 1u << turn->side))
    self->offset = turn->end;
  else if (self->format == TRAMA_TRANSCRIPT_TEXT && turn->kind == TRAMA_SPEECH_SAID)
    n_bytes = scan_text (self, turn);
  else
    {
      add_stop (self, self->turn, turn->begin);
      self->n_lines += count_lines (self, turn);
      self->offset = turn->end;
    }
  self->is_within = self->offset < turn->end;
  self->turn += !self->is_within;
  return n_bytes;
}

TramaTranscript *
trama_transcript_new (TramaDialogue *dialogue,
                      TramaTranscriptFormat format,
                      guint sides,
                      const char *const names[2])
{
  TramaTranscript *self;

  g_return_val_if_fail (format < TRAMA_N_TRANSCRIPT_FORMATS, NULL);

  self = g_new0 (TramaTranscript, 1);
  self->dialogue = trama_dialogue_ref (dialogue);
  self->format = format;
  self->sides = sides;
  for (guint side = 0; side < 2; side++)
    self->names[side] = g_strdup (names[side]);
  trama_column_init (&self->stops, sizeof (Stop));
  return self;
}

void
trama_transcript_free (TramaTranscript *self)
{
  if (self == NULL)
    return;
  trama_column_clear (&self->stops);
  trama_dialogue_unref (self->dialogue);
  g_free (self->names[0]);
  g_free (self->names[1]);
  g_free (self);
}

gboolean
trama_transcript_step (TramaTranscript *self, gsize n_bytes)
{
  gsize done = 0;

  while (done < n_bytes && self->turn < trama_dialogue_n_turns (self->dialogue))
    done += take_turn (self);
  return self->turn < trama_dialogue_n_turns (self->dialogue);
}

TramaDialogue *
trama_transcript_get_dialogue (const TramaTranscript *self)
{
  return self->dialogue;
}

TramaTranscriptFormat
trama_transcript_get_format (const TramaTranscript *self)
{
  return self->format;
}

guint
trama_transcript_get_sides (const TramaTranscript *self)
{
  return self->sides;
}

const char *
trama_transcript_get_name (const TramaTranscript *self, guint side)
{
  return self->names[side];
}

guint
trama_transcript_n_lines (const TramaTranscript *self)
{
  return self->n_lines;
}

/* The last stop that is not behind it. */
static const Stop *
find_stop (const TramaTranscript *self, guint line)
{
  guint low = 0, high = self->stops.len - 1;

  while (low < high)
    {
      guint middle = low + (high - low + 1) / 2;

      if (stop_at (self, middle)->line <= line)
        low = middle;
      else
        high = middle - 1;
    }
  return stop_at (self, low);
}

/* The line of text that is so many behind a stop. */
static void
walk_text (const TramaTranscript *self, const TramaTurn *turn, const Stop *stop, TramaLine *line, guint n)
{
  guint8 buffer[LINE_MAX_BYTES];

  line->offset = stop->offset;
  for (guint i = 0;; i++)
    {
      gsize want = (gsize) MIN (turn->end - line->offset, LINE_MAX_BYTES);
      gsize got = read_bytes (self, turn->side, line->offset, buffer, want);

      line->size_bytes = (guint32) trama_transcript_measure_line (buffer, got);
      if (i == n || line->offset + line->size_bytes >= turn->end)
        break;
      line->offset += line->size_bytes;
    }
  line->is_first = line->offset == turn->begin;
}

/* Of a turn whose lines are all of one size. */
static void
place_line (const TramaTranscript *self, const TramaTurn *turn, guint n, TramaLine *line)
{
  guint frame = count_frame (self, turn), per_line = bytes_per_line[self->format];

  line->is_first = n == 0;
  line->offset = turn->begin;
  if (frame > 0 && n == 0)
    line->kind = TRAMA_LINE_BEGIN;
  else if (frame > 0 && n + 1 == count_lines (self, turn))
    line->kind = TRAMA_LINE_END;
  else
    {
      line->offset += (guint64) (n - frame) * per_line;
      line->size_bytes = (guint32) MIN (per_line, turn->end - line->offset);
    }
}

TramaLine
trama_transcript_get_line (const TramaTranscript *self, guint index)
{
  TramaLine line = { .kind = TRAMA_LINE_BYTES };
  const TramaTurn *turn;
  const Stop *stop;

  g_return_val_if_fail (index < self->n_lines, line);

  stop = find_stop (self, index);
  turn = trama_dialogue_get_turn (self->dialogue, stop->turn);
  line.turn = stop->turn;
  line.side = turn->side;
  if (turn->kind != TRAMA_SPEECH_SAID)
    {
      line.kind = TRAMA_LINE_MARK;
      line.is_first = TRUE;
      line.offset = turn->begin;
      line.size_bytes = (guint32) (turn->end - turn->begin);
    }
  else if (self->format == TRAMA_TRANSCRIPT_TEXT)
    walk_text (self, turn, stop, &line, index - stop->line);
  else
    place_line (self, turn, index - stop->line, &line);
  return line;
}

/* The last stop of a turn that is not behind an offset; NULL: the turn is not shown. */
static const Stop *
find_stop_of_place (const TramaTranscript *self, guint turn, guint64 offset)
{
  guint low = 0, high = self->stops.len;
  const Stop *stop;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      stop = stop_at (self, middle);
      if (stop->turn < turn || (stop->turn == turn && stop->offset <= offset))
        low = middle + 1;
      else
        high = middle;
    }
  stop = low > 0 ? stop_at (self, low - 1) : NULL;
  return stop != NULL && stop->turn == turn ? stop : NULL;
}

guint
trama_transcript_find_line (const TramaTranscript *self, guint side, guint64 offset)
{
  guint index = trama_dialogue_find_turn (self->dialogue, side, offset);
  const TramaTurn *turn;
  const Stop *stop;
  guint line;

  if (index == trama_dialogue_n_turns (self->dialogue))
    return self->n_lines;
  turn = trama_dialogue_get_turn (self->dialogue, index);
  stop = find_stop_of_place (self, index, offset);
  if (stop == NULL)
    return self->n_lines;
  if (turn->kind != TRAMA_SPEECH_SAID)
    return stop->line;
  if (self->format != TRAMA_TRANSCRIPT_TEXT)
    return stop->line + count_frame (self, turn)
           + (guint) ((offset - turn->begin) / bytes_per_line[self->format]);
  for (line = stop->line; line < self->n_lines; line++)
    {
      TramaLine found = trama_transcript_get_line (self, line);

      if (offset < found.offset + found.size_bytes || found.turn != index)
        break;
    }
  return line;
}

/* A message without bytes has no place of its own: the next has the same. */
static const Stop *
find_stop_of_empty (const TramaTranscript *self, TramaRef event)
{
  for (guint i = 0; i < trama_dialogue_n_turns (self->dialogue); i++)
    {
      const TramaTurn *turn = trama_dialogue_get_turn (self->dialogue, i);
      const TramaPiece *piece = trama_dialogue_get_piece (self->dialogue, turn->first_piece);

      if (turn->kind == TRAMA_SPEECH_EMPTY && piece->event_kind == event.kind && piece->event == event.index)
        return find_stop_of_place (self, i, turn->begin);
    }
  return NULL;
}

guint
trama_transcript_find_event (const TramaTranscript *self, TramaRef event)
{
  const Stop *stop;
  guint64 offset;
  guint side;

  if (!trama_dialogue_find_event (self->dialogue, event, &side, &offset))
    return self->n_lines;
  stop = find_stop_of_empty (self, event);
  return stop != NULL ? stop->line : trama_transcript_find_line (self, side, offset);
}

TramaRef
trama_transcript_get_event (const TramaTranscript *self, const TramaLine *line)
{
  const TramaTurn *turn = trama_dialogue_get_turn (self->dialogue, line->turn);
  const TramaPiece *piece;

  if (turn->kind == TRAMA_SPEECH_SAID)
    piece = trama_dialogue_find_piece (self->dialogue, turn, line->offset);
  else
    piece = trama_dialogue_get_piece (self->dialogue, turn->first_piece);
  return (TramaRef){ piece->event_kind, piece->event };
}
