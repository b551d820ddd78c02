/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/event.h"

/*
 * A parser gives the same events, and the same damage, whether its bytes come at
 * once or in pieces. What is common to the targets of parsers.
 */
typedef struct
{
  gpointer (*make) (TramaEventFunc func, gpointer user_data);
  gssize (*feed) (gpointer parser, const guint8 *data, gsize size, GError **error);
  guint64 (*get_offset) (gpointer parser);
  void (*destroy) (gpointer parser);
} FuzzParser;

void fuzz_parse (const FuzzParser *kind, const guint8 *data, gsize size);
