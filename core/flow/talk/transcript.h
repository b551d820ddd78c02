/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/talk/dialogue.h"

/*
 * A dialogue in lines, as text, in hexadecimal or as arrays of C; of both sides, or of one.
 * Marks stand where bytes are missing or came again.
 *
 * Made a step at a time. Any line can be asked for by its number: every 32nd is kept where it
 * begins, 16 bytes each, and the text of a line is made when it is asked for. Keeps a reference
 * to its dialogue, which is whole; belongs to who made it.
 */
typedef enum
{
  TRAMA_TRANSCRIPT_TEXT, /* broken at line ends, and where it would be wider than 96 characters */
  TRAMA_TRANSCRIPT_HEX,  /* 16 bytes in a line */
  TRAMA_TRANSCRIPT_C,    /* 12 bytes in a line, an array for each turn */
  TRAMA_N_TRANSCRIPT_FORMATS,
} TramaTranscriptFormat;

/* Which sides; a set. */
enum
{
  TRAMA_TRANSCRIPT_SIDE_0 = 1 << 0,
  TRAMA_TRANSCRIPT_SIDE_1 = 1 << 1,
  TRAMA_TRANSCRIPT_BOTH = TRAMA_TRANSCRIPT_SIDE_0 | TRAMA_TRANSCRIPT_SIDE_1,
};

typedef enum
{
  TRAMA_LINE_BYTES,
  TRAMA_LINE_MARK,  /* something is missing, or came again */
  TRAMA_LINE_BEGIN, /* of an array of C */
  TRAMA_LINE_END,
} TramaLineKind;

typedef struct
{
  guint64 offset; /* of its first byte, in what its side says */
  guint32 size_bytes;
  guint32 turn;
  guint8 kind; /* TramaLineKind */
  guint8 side;
  guint8 is_first; /* of its turn */
} TramaLine;

typedef struct _TramaTranscript TramaTranscript;

/* @names: what the sides are called, for arrays of C; copied. */
TramaTranscript *trama_transcript_new (TramaDialogue *dialogue,
                                       TramaTranscriptFormat format,
                                       guint sides,
                                       const char *const names[2]);
void trama_transcript_free (TramaTranscript *transcript);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaTranscript, trama_transcript_free)

/* Looks at about so many bytes more. FALSE: there are no more lines than there are now. */
gboolean trama_transcript_step (TramaTranscript *transcript, gsize n_bytes);

TramaDialogue *trama_transcript_get_dialogue (const TramaTranscript *transcript);
TramaTranscriptFormat trama_transcript_get_format (const TramaTranscript *transcript);

guint trama_transcript_get_sides (const TramaTranscript *transcript);
const char *trama_transcript_get_name (const TramaTranscript *transcript, guint side);

guint trama_transcript_n_lines (const TramaTranscript *transcript);
TramaLine trama_transcript_get_line (const TramaTranscript *transcript, guint index);

/* The line in which the byte at @offset of a side stands; n_lines: it is not shown, or not yet. */
guint trama_transcript_find_line (const TramaTranscript *transcript, guint side, guint64 offset);

/* The line of what @event first said, its mark if that was a message without bytes; n_lines as above. */
guint trama_transcript_find_event (const TramaTranscript *transcript, TramaRef event);

/* The packet or call that brought what stands in a line, its first byte; kind 0: none did. */
TramaRef trama_transcript_get_event (const TramaTranscript *transcript, const TramaLine *line);

/*
 * Its text, the caller's to free. *@from and *@to, which may be NULL, are where the bytes
 * [@begin, @end) of its side stand in it, in bytes of the text; equal: nowhere.
 */
char *trama_transcript_dup_text (const TramaTranscript *transcript,
                                 const TramaLine *line,
                                 guint64 begin,
                                 guint64 end,
                                 gsize *from,
                                 gsize *to);

/* Private to the room: where a line of text that begins at @bytes ends; no more than 1 KiB is looked at. */
#define TRAMA_TRANSCRIPT_WIDTH 96
gsize trama_transcript_measure_line (const guint8 *bytes, gsize size);
