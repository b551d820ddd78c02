/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * Runs one session and writes its trace. In a private loopback where the kernel
 * allows one, else on the host's, without packets; the trace says which and why.
 *
 * Must be called by a process with one thread. Nothing of it outlives the call,
 * nor the process when that is killed.
 */

/* A session that has not ended by then is ended. */
#define TRAMA_LAB_TIME_LIMIT_MS 30000

typedef enum
{
  TRAMA_LAB_OK,
  TRAMA_LAB_FAILED,  /* the session failed; the trace says how */
  TRAMA_LAB_STOPPED, /* by the end of @commands_fd */
  TRAMA_LAB_BROKEN,  /* the lab could not do its work; said on standard error */
} TramaLabResult;

/*
 * @out_fd gets the pcapng stream. When @commands_fd comes to its end, the session
 * is stopped: whoever asked for it is gone. Both are borrowed.
 */
TramaLabResult trama_lab_run (const TramaSession *session, int commands_fd, int out_fd);
