/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"
#include "core/trace/store.h"

/*
 * Private to the room: the latest packets of a trace, to know one again that was captured
 * twice, for it passed two places, or that the network doubled. Nobody has sent a copy: it
 * brings nothing, and answers nothing.
 *
 * What its way may change in a packet is not compared: the time to live, the class of its
 * traffic, checksums (left to a device, or computed), and what carries it.
 */

/* Two places of one machine see a packet sooner after one another than its sender makes another like it. */
#define TRAMA_COPY_MAX_NS (50 * 1000)

typedef struct
{
  guint32 key;
  guint32 packet; /* G_MAXUINT32: none */
  guint32 heard;  /* how often its receiver had said before it what may make its sender repeat it */
} TramaCopySlot;

typedef struct
{
  TramaStore *store; /* borrowed */
  TramaCopySlot *slots;
} TramaCopies;

/* A packet that is looked for among the earlier ones, or remembered. */
typedef struct
{
  const TramaDecoded *decoded;
  gint64 time_ns;
  guint32 packet;
  guint32 hash; /* of its endpoints */
} TramaCopyInput;

void trama_copies_init (TramaCopies *copies, TramaStore *store);
void trama_copies_clear (TramaCopies *copies);

void trama_copies_add (TramaCopies *copies, const TramaCopyInput *input, guint32 heard);

/* The one that may be its original, for all that can be seen without reading it; NULL: there is none. */
const TramaCopySlot *trama_copies_guess (const TramaCopies *copies, const TramaCopyInput *input);

/* What is known of the conversation of a guess. */
typedef struct
{
  gboolean is_marked; /* its sender gives every packet another identification */
  gboolean is_usual;  /* there are copies in both directions */
  guint32 heard;      /* the same until now */
} TramaCopyContext;

/* Whether it is a copy of what was guessed. */
gboolean trama_copies_confirm (const TramaCopies *copies,
                               const TramaCopySlot *guess,
                               const TramaCopyInput *input,
                               const TramaCopyContext *context);
