/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/source/source.h"

/* The commands of trama-cli that make or read a trace. Each returns the exit status. */

enum
{
  TRAMA_CLI_OK = 0,
  TRAMA_CLI_FAILED = 1,
  TRAMA_CLI_USAGE = 2,
};

/* Says @message and where help is; returns TRAMA_CLI_USAGE. */
int trama_cli_usage_error (const char *message);

/* Says @message on standard error. */
void trama_cli_complain (const char *message);

/* After the last of the output: returns TRAMA_CLI_FAILED, and says why, when not all could be written. */
int trama_cli_end_output (void);

/* To the end. FALSE: it failed, and that was said; what was read is in its store all the same. */
gboolean trama_cli_wait (TramaSource *source);

/* argv[0] is the command. */
int trama_cli_run (int argc, char **argv);
int trama_cli_read (int argc, char **argv);
int trama_cli_save (int argc, char **argv);
