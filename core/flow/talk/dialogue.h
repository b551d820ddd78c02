/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/talk.h"

/*
 * What the two sides of a talk said, in the order in which it was said: from the packets
 * that carried it, as their receiver's kernel put it together (stream.h); where there are
 * no packets, from the calls that sent it, or else from those that received it.
 *
 * A piece is what one packet or call brought. A turn is what one side says until the other
 * does, or until something is missing; a message is always a turn of its own.
 *
 * Made a step at a time; only where the bytes are is kept, 56 bytes at most for each packet
 * or call. Reference counted; keeps a reference to its table. One thread at a time.
 */
typedef enum
{
  TRAMA_SPEECH_SAID,
  TRAMA_SPEECH_NOT_CAPTURED, /* a gap: what carried it is not in the trace */
  TRAMA_SPEECH_NOT_KEPT,     /* the end of a packet, or of what a call moved, that was cut off */
  TRAMA_SPEECH_AGAIN,        /* bytes that were there; they are not said a second time */
  TRAMA_SPEECH_OTHERWISE,    /* the same place, but other bytes; the receiver keeps the first */
  TRAMA_SPEECH_EMPTY,        /* a message without any bytes, between those before and behind it */
} TramaSpeechKind;

typedef struct
{
  guint64 offset; /* in what its side says, from 0 */
  guint32 size_bytes;
  guint32 event;     /* index of the packet or call */
  guint8 event_kind; /* TramaEventKind; 0: none */
  guint8 side;
  guint8 kind; /* TramaSpeechKind */
} TramaPiece;

typedef struct
{
  guint64 begin; /* in what its side says */
  guint64 end;
  guint32 first_piece;
  guint32 n_pieces;
  guint8 side;
  guint8 kind; /* TramaSpeechKind */
} TramaTurn;

typedef struct _TramaDialogue TramaDialogue;

TramaDialogue *trama_dialogue_new (TramaFlowTable *table, const TramaTalk *talk);
TramaDialogue *trama_dialogue_ref (TramaDialogue *dialogue);
void trama_dialogue_unref (TramaDialogue *dialogue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaDialogue, trama_dialogue_unref)

/* Looks at so many events more. FALSE: it is whole; before that it is not to be read. */
gboolean trama_dialogue_step (TramaDialogue *dialogue, guint n_events);

TramaFlowTable *trama_dialogue_get_table (const TramaDialogue *dialogue);
const TramaTalk *trama_dialogue_get_talk (const TramaDialogue *dialogue);

/* What a side said; missing bytes counted, and alone. */
guint64 trama_dialogue_get_size (const TramaDialogue *dialogue, guint side);
guint64 trama_dialogue_get_missing (const TramaDialogue *dialogue, guint side);

guint trama_dialogue_n_turns (const TramaDialogue *dialogue);
const TramaTurn *trama_dialogue_get_turn (const TramaDialogue *dialogue, guint index);
const TramaPiece *trama_dialogue_get_piece (const TramaDialogue *dialogue, guint index);

/* The turn in which the byte at @offset is said, or missing; n_turns: there is none. */
guint trama_dialogue_find_turn (const TramaDialogue *dialogue, guint side, guint64 offset);

/* The piece of a turn that has the byte at @offset. */
const TramaPiece *
trama_dialogue_find_piece (const TramaDialogue *dialogue, const TramaTurn *turn, guint64 offset);

/* Where @event first stands: its side and offset. FALSE: it brought nothing. */
gboolean
trama_dialogue_find_event (const TramaDialogue *dialogue, TramaRef event, guint *side, guint64 *offset);

/*
 * Up to @size bytes from @offset, zeroes where they are missing. Returns how many, less than
 * @size only at the end; -1 with @error when the trace's file has become shorter.
 */
gssize trama_dialogue_read (const TramaDialogue *dialogue,
                            guint side,
                            guint64 offset,
                            guint8 *buffer,
                            gsize size,
                            GError **error);
