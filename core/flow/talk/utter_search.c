/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/talk/utter_search.h"

#define CHUNK_BYTES 32768

struct _TramaUtterSearch
{
  /* owned */
  TramaDialogue *dialogue;
  TramaQuery *query;
  GArray *hits;       /* of TramaUtterHit */
  GArray *by_side[2]; /* of guint, in .hits */
  guint8 *buffer;

  /* state */
  guint sides;
  gboolean has_messages;
  gsize query_bytes; /* 0: it is not about bytes */
  guint turn;
  guint64 offset;       /* in the turn; it is at its beginning when it lies before that */
  guint64 free_from[2]; /* behind the last hit */
};

TramaUtterSearch *
trama_utter_search_new (TramaDialogue *dialogue, TramaQuery *query, guint sides)
{
  TramaUtterSearch *self = g_new0 (TramaUtterSearch, 1);

  self->dialogue = trama_dialogue_ref (dialogue);
  self->query = query;
  self->sides = sides;
  self->has_messages = trama_talk_has_messages (trama_dialogue_get_table (dialogue),
                                                trama_dialogue_get_talk (dialogue));
  self->hits = g_array_new (FALSE, FALSE, sizeof (TramaUtterHit));
  for (guint side = 0; side < 2; side++)
    self->by_side[side] = g_array_new (FALSE, FALSE, sizeof (guint));
  trama_query_find_bytes (query, NULL, 0, 0, &self->query_bytes);
  self->buffer = g_malloc (CHUNK_BYTES + self->query_bytes);
  return self;
}

void
trama_utter_search_free (TramaUtterSearch *self)
{
  if (self == NULL)
    return;
  trama_dialogue_unref (self->dialogue);
  trama_query_free (self->query);
  g_array_unref (self->hits);
  g_array_unref (self->by_side[0]);
  g_array_unref (self->by_side[1]);
  g_free (self->buffer);
  g_free (self);
}

/* A gap reads as zeroes, which nobody said. */
static gboolean
is_said (const TramaUtterSearch *self, guint side, guint64 offset, gsize size)
{
  guint64 end = offset + size;

  while (offset < end)
    {
      guint index = trama_dialogue_find_turn (self->dialogue, side, offset);
      const TramaTurn *turn;

      if (index == trama_dialogue_n_turns (self->dialogue))
        return FALSE;
      turn = trama_dialogue_get_turn (self->dialogue, index);
      if (turn->kind != TRAMA_SPEECH_SAID || (self->has_messages && turn->end < end))
        return FALSE;
      offset = turn->end;
    }
  return TRUE;
}

static void
add_hit (TramaUtterSearch *self, guint side, guint64 offset, gsize size)
{
  TramaUtterHit hit = { offset, (guint32) size, side };

  g_array_append_val (self->by_side[side], self->hits->len);
  g_array_append_val (self->hits, hit);
  self->free_from[side] = offset + size;
}

/* What begins in the next chunk of a turn. Returns the bytes looked at. */
static gsize
search_chunk (TramaUtterSearch *self, const TramaTurn *turn)
{
  gsize chunk = (gsize) MIN (turn->end - self->offset, CHUNK_BYTES);
  gssize got = trama_dialogue_read (self->dialogue, turn->side, self->offset, self->buffer,
                                    chunk + self->query_bytes - 1, NULL);
  gsize at = 0, n_bytes;
  gssize found;

  if (self->free_from[turn->side] > self->offset)
    at = (gsize) MIN (self->free_from[turn->side] - self->offset, chunk);
  while (got > 0 && at < chunk && self->hits->len < TRAMA_UTTER_MAX_HITS)
    {
      found = trama_query_find_bytes (self->query, self->buffer, (gsize) got, at, &n_bytes);
      if (found < 0 || (gsize) found >= chunk)
        break;
      at = (gsize) found + 1;
      if (!is_said (self, turn->side, self->offset + (guint64) found, n_bytes))
        continue;
      add_hit (self, turn->side, self->offset + (guint64) found, n_bytes);
      at = (gsize) found + n_bytes;
    }
  self->offset += chunk;
  return chunk;
}

static gboolean
is_going_on (const TramaUtterSearch *self)
{
  return self->query_bytes > 0 && self->turn < trama_dialogue_n_turns (self->dialogue)
         && self->hits->len < TRAMA_UTTER_MAX_HITS;
}

gboolean
trama_utter_search_step (TramaUtterSearch *self, gsize n_bytes)
{
  gsize done = 0;

  while (done < n_bytes && is_going_on (self))
    {
      const TramaTurn *turn = trama_dialogue_get_turn (self->dialogue, self->turn);
      gboolean is_wanted = turn->kind == TRAMA_SPEECH_SAID && (self->sides & 1u << turn->side) != 0;

      done += is_wanted ? search_chunk (self, turn) : 1;
      if (is_wanted && self->offset < turn->end)
        continue;
      if (++self->turn < trama_dialogue_n_turns (self->dialogue))
        self->offset = trama_dialogue_get_turn (self->dialogue, self->turn)->begin;
    }
  return is_going_on (self);
}

guint
trama_utter_search_n_hits (const TramaUtterSearch *self)
{
  return self->hits->len;
}

const TramaUtterHit *
trama_utter_search_get_hit (const TramaUtterSearch *self, guint index)
{
  g_return_val_if_fail (index < self->hits->len, NULL);
  return &g_array_index (self->hits, TramaUtterHit, index);
}

guint
trama_utter_search_find (const TramaUtterSearch *self, guint side, guint64 offset, guint64 end)
{
  const GArray *order = self->by_side[side];
  guint low = 0, high = order->len, index;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const TramaUtterHit *hit = trama_utter_search_get_hit (self, g_array_index (order, guint, middle));

      if (hit->offset + hit->size_bytes <= offset)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == order->len)
    return G_MAXUINT;
  index = g_array_index (order, guint, low);
  return trama_utter_search_get_hit (self, index)->offset < end ? index : G_MAXUINT;
}
