/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli_choice.h"

#include "core/trace/event.h"

/*
 * The part of a capture that a command is asked for, the same for all of them: --flow, the
 * conversations as trama_cli_choice has them, and --range, "A..B" as trama_range has it. What
 * is said is set by the command's options; zeroed memory says nothing, and is all of it.
 */
typedef struct
{
  TramaCliChoice choice;
  char *range;

  /* Set by trama_cli_part_resolve. */
  TramaFlowTable *table; /* borrowed */
  TramaFlowSet *flows;   /* NULL: all */
  TramaSpan span;        /* when has_span */
  gboolean has_span;
  GHashTable
      *flow_of_socket; /* guint64 → gboolean, whether one of its conversations is asked for; NULL: all are */
  GHashTable *actors;  /* that have a part in them */
} TramaCliPart;

void trama_cli_part_clear (TramaCliPart *part);

/* TRAMA_CLI_OK, or what trama_cli_usage_error returns for what means nothing. */
int trama_cli_part_check (const TramaCliPart *part);

gboolean trama_cli_part_is_all (const TramaCliPart *part);

/* FALSE, and it was said, when @path, of which @table is, has no such part. */
gboolean trama_cli_part_resolve (TramaCliPart *part, const char *path, TramaFlowTable *table);

/* Whether it was going on in the range, too. Not of TRAMA_FLOW_NONE. */
gboolean trama_cli_part_has_flow (const TramaCliPart *part, guint32 flow);

/*
 * Of what belongs to no conversation, calls and notes are part of it if who made them takes part in
 * one that is asked for. A call is in the range when a part of it is.
 */
gboolean trama_cli_part_has (const TramaCliPart *part, TramaRef ref);

gboolean trama_cli_part_has_time (const TramaCliPart *part, gint64 start_ns, gint64 end_ns);
