/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Which of so many things are in a list, and in which order: found out a step at a time, so
 * that it keeps nobody waiting. Things are known by their number; those that are alike stay
 * in the order of it. Belongs to who made it. One thread at a time.
 */
typedef gboolean (*TramaSieveKeepsFunc) (guint32 index, gpointer user_data);
typedef int (*TramaSieveCompareFunc) (guint32 one, guint32 other, gpointer user_data);

typedef struct _TramaSieve TramaSieve;

/* @keeps NULL: all are in it. @compare NULL: in the order of their numbers. @free_func: for @user_data; NULL. */
TramaSieve *trama_sieve_new (guint32 n,
                             TramaSieveKeepsFunc keeps,
                             TramaSieveCompareFunc compare,
                             gpointer user_data,
                             GDestroyNotify free_func);
void trama_sieve_free (TramaSieve *sieve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaSieve, trama_sieve_free)

/* Looks at so many, or compares so many pairs. FALSE: the list is ready. */
gboolean trama_sieve_step (TramaSieve *sieve, guint n);

/* Once it is ready, and once: a GArray of guint32. The caller's. */
GArray *trama_sieve_take_list (TramaSieve *sieve);

/* All of it at once, for who can wait. Takes @sieve. */
GArray *trama_sieve_run (TramaSieve *sieve);
