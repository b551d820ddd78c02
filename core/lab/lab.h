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

typedef enum
{
  TRAMA_LAB_OK,
  TRAMA_LAB_FAILED,  /* the session failed; the trace says how */
  TRAMA_LAB_STOPPED, /* by the end of @commands_fd */
  TRAMA_LAB_BROKEN,  /* the lab could not do its work; said on standard error */
} TramaLabResult;

/*
 * What a front end may write to @commands_fd, a line each:
 *
 *   pause        hold every actor at the gate before its next call
 *   run          let all go on
 *   step         let one actor, the one whose turn it is, take one step
 *   step NAME    let that actor take one step, whoever's turn it is
 *   until LINE   let all go on until an actor stands at the gate before that line
 *   pace MS      from now on, that much time between one step and the next; 0: none
 *
 * The kernel is never held: an actor let into accept() blocks there as long as the
 * kernel blocks it. Time held does not count against the session's limit. While
 * a session is held or paced, the stream tells where each actor stands
 * (TRAMA_EVENT_POSITION). A line that is none of these is passed over. At the end
 * of @commands_fd the session is stopped: whoever asked for it is gone.
 *
 * @out_fd gets the pcapng stream. Both are borrowed. @held: begin as after "pause".
 */
TramaLabResult trama_lab_run (const TramaSession *session, gboolean held, int commands_fd, int out_fd);
