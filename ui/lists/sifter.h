/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/sieve.h"

/*
 * Makes the list of a sieve between frames, so that the window stays alive however many
 * there are; what takes no longer than a slice of a frame is there at once. Belongs to who
 * made it, on the main thread.
 */
typedef struct _TramaSifter TramaSifter;

/* @list, of guint32, is whose function it is. */
typedef void (*TramaSifterFunc) (GArray *list, gpointer user_data);

TramaSifter *trama_sifter_new (TramaSifterFunc func, gpointer user_data);
void trama_sifter_free (TramaSifter *sifter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSifter, trama_sifter_free)

/* Another, instead of what it was about; takes @sieve, NULL: none. */
void trama_sifter_begin (TramaSifter *sifter, TramaSieve *sieve);

gboolean trama_sifter_is_busy (const TramaSifter *sifter);
