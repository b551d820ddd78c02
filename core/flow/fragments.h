/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/*
 * To which conversation the fragments of a datagram belong: only the first names
 * its ports. What one datagram has in all its fragments is the key (RFC 791,
 * section 3.2; RFC 8200, section 4.5). Keeps the last few thousand datagrams, and
 * holds the last few thousand fragments that came before their first.
 */
typedef struct _TramaFragments TramaFragments;

TramaFragments *trama_fragments_new (void);
void trama_fragments_free (TramaFragments *fragments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaFragments, trama_fragments_free)

/* @first is the first fragment of a datagram of @conversation. */
void trama_fragments_add (TramaFragments *fragments, const TramaDecoded *first, guint32 conversation);

/* @later came before the first fragment of its datagram. */
void trama_fragments_hold (TramaFragments *fragments, const TramaDecoded *later, guint packet);

/* What was held of the datagram that @first begins: a new GArray of guint32; NULL: nothing. */
GArray *trama_fragments_take (TramaFragments *fragments, const TramaDecoded *first);

/* FALSE when the first fragment was not seen, or too long ago. */
gboolean
trama_fragments_find (const TramaFragments *fragments, const TramaDecoded *later, guint32 *conversation);
