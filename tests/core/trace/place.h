/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/rewrite.h"
#include "tests/core/trace/maker.h"

/* A capture in a file and as it was read, and a place for a new one. */
typedef struct
{
  char *folder;
  char *in;
  char *out;
  Maker maker;
  TramaStore *store;
  guint64 good_bytes;
} Place;

/* Fit g_test_add (). */
void place_set_up (Place *place, gconstpointer data);
void place_tear_down (Place *place, gconstpointer data);

/* Reads what was made. Damage is in order. */
void read_made (Place *place);

/* What was written is read in the place of what was made. */
void read_again (Place *place);

gboolean rewrite (Place *place, const TramaRewriteOptions *options, GError **error);

/* What was written, as text. */
char *rewritten (Place *place, const TramaRewriteOptions *options);
void assert_rewritten (Place *place, const TramaRewriteOptions *options, const char *expected);

/* Every kind of block, in two sections of either byte order. */
void make_everything (Maker *maker);

/* A classic capture of two packets, the second cut; @fraction in units of @magic. */
void make_classic (Maker *maker, gboolean big, guint32 magic, guint32 fraction);

/* Two comments on the first packet, one on the others, and a process for all but the last. */
extern const TramaRewriteOptions annotated;
