/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Where a trace is saved: the file that was named or, for "-", standard output.
 * A trace is written as a whole or not at all, so for "-" it is first put into a
 * file of its own and copied when it is complete.
 */
typedef struct
{
  char *path;      /* to save to */
  gboolean copies; /* to standard output, when it is saved; nothing else may be written there */
} TramaCliOutput;

/* Whether @name, which may be NULL, stands for standard output. */
gboolean trama_cli_output_is_standard (const char *name);

/* TRAMA_CLI_USAGE, and it was said, when @name is standard output and that is a terminal or not free. */
int trama_cli_output_check (const char *name, gboolean in_use);

/* FALSE with @error: there is no place for the file. */
gboolean trama_cli_output_begin (TramaCliOutput *output, const char *name, GError **error);

/* @saved: whether there is something to be copied. FALSE: @saved was, or the copy failed, with @error. */
gboolean trama_cli_output_end (TramaCliOutput *output, gboolean saved, GError **error);

/*
 * The file in which what is to be saved as @name, which may be NULL, grows until it is whole; to be
 * freed. NULL: none, for @name is no file that could be replaced.
 */
char *trama_cli_output_get_part (const char *name);
