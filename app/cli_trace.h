/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/cli_common.h"

/* The commands of trama-cli. Each returns the exit status; argv[0] is its name. */

int trama_cli_run (int argc, char **argv);
int trama_cli_read (int argc, char **argv);
int trama_cli_info (int argc, char **argv);
int trama_cli_flows (int argc, char **argv);
int trama_cli_explain (int argc, char **argv);
int trama_cli_follow (int argc, char **argv);
int trama_cli_packets (int argc, char **argv);
int trama_cli_save (int argc, char **argv);
int trama_cli_calls (int argc, char **argv);
int trama_cli_sessions (int argc, char **argv);
int trama_cli_check (int argc, char **argv);
int trama_cli_c (int argc, char **argv);
