/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/search/query.h"
#include "core/flow/talk/dialogue.h"

/*
 * Where something is said in a dialogue, in the order in which it was said. What one side
 * says is searched as its receiver reads it: a word that two packets share is found; one
 * that two messages share is none.
 *
 * Keeps a reference to the dialogue, which is whole; belongs to who made it.
 */
typedef struct
{
  guint64 offset; /* in what its side says */
  guint32 size_bytes;
  guint32 side;
} TramaUtterHit;

/* What a common letter has in a large stream nobody goes through: then it ends. */
#define TRAMA_UTTER_MAX_HITS 1000000

typedef struct _TramaUtterSearch TramaUtterSearch;

/* Takes @query. @sides as of a transcript. */
TramaUtterSearch *trama_utter_search_new (TramaDialogue *dialogue, TramaQuery *query, guint sides);
void trama_utter_search_free (TramaUtterSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaUtterSearch, trama_utter_search_free)

/* Looks at about so many bytes more. FALSE: it has looked at all. */
gboolean trama_utter_search_step (TramaUtterSearch *search, gsize n_bytes);

guint trama_utter_search_n_hits (const TramaUtterSearch *search);
const TramaUtterHit *trama_utter_search_get_hit (const TramaUtterSearch *search, guint index);

/* The first hit of that side whose end is behind @offset, while it begins before @end. G_MAXUINT: none. */
guint trama_utter_search_find (const TramaUtterSearch *search, guint side, guint64 offset, guint64 end);
