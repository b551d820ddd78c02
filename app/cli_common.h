/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli_part.h"

#include "core/capture/filter.h"
#include "core/source/source.h"

/* What the commands of trama-cli share: how they fail, how they wait, and how they are given a capture. */

enum
{
  TRAMA_CLI_OK = 0,
  TRAMA_CLI_FAILED = 1,
  TRAMA_CLI_USAGE = 2,
  TRAMA_CLI_PROBLEM = 3, /* it was done, and something is wrong in what was looked at */
};

/* Says @message and where help is; returns TRAMA_CLI_USAGE. */
int trama_cli_usage_error (const char *message);

/* The same of what GOption does not take, with the values of the option that lacks one. */
int trama_cli_option_error (int argc, char **argv, const GError *error);

/* Says @message on standard error. */
void trama_cli_complain (const char *message);

/* After the last of the output: returns TRAMA_CLI_FAILED, and says why, when not all could be written. */
int trama_cli_end_output (void);

/* To the end. FALSE: it failed, and that was said; what was read is in its store all the same. */
gboolean trama_cli_wait (TramaSource *source);

/* The same of a source that is followed: that it was stopped is no failure, but how it ends. */
gboolean trama_cli_wait_for_stop (TramaSource *source);

/* The one argument of a command; @missing asks for it. TRAMA_CLI_OK: *@argument is borrowed from @argv. */
int trama_cli_take_argument (int argc, char **argv, const char *missing, const char **argument);

/* A capture, or that part of it that a filter leaves. Zeroed memory is none. */
typedef struct
{
  TramaSource *source;
  TramaFilter *filter; /* NULL: all of it */
  gboolean follows;    /* to be set before it is opened: it may grow */
} TramaCliCapture;

/* Begins to read @path; @expression is that of -f, or NULL. TRAMA_CLI_USAGE: it is no filter, and that was said. */
int trama_cli_capture_open (TramaCliCapture *capture, const char *path, const char *expression);

/* Returns @status, or TRAMA_CLI_FAILED, and says why, when there were packets that could not be filtered. */
int trama_cli_capture_close (TramaCliCapture *capture, int status);

/*
 * The options of a command that lists what is in a capture, and the capture itself,
 * read to its end, or, when it follows, begun.
 */
typedef struct
{
  TramaCliCapture capture;
  char *expression;
  const char *path;    /* borrowed */
  gboolean can_follow; /* to be set by the command: it knows what to do with -F */
  gboolean can_choose; /* to be set by the command: it knows what to do with --flow and --range */
  TramaCliPart part;
  gboolean json;
  int status; /* of the reading */
} TramaCliReading;

/* FALSE: wrong usage, and that was said. Either way to be ended. */
gboolean trama_cli_reading_begin (TramaCliReading *reading, int argc, char **argv);

/* FALSE, and it was said, when the capture, of which @table is, has no such part. */
gboolean trama_cli_reading_choose (TramaCliReading *reading, TramaFlowTable *table);

/* After the last of the output. Returns the exit status. */
int trama_cli_reading_end (TramaCliReading *reading);
