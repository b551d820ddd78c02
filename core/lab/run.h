/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/capture/capture.h"
#include "core/lab/lab.h"

/*
 * Private to core/lab: the session on the ground that was found, see lab.h. @capture
 * may be NULL. @refused: why it cannot be run there, NULL: it can.
 */
typedef struct
{
  const TramaSession *session;
  const TramaGround *ground;
  TramaCapture *capture;
  const char *refused;
  gboolean held;
  int commands_fd;
  int out_fd;
} TramaLabTask;

TramaLabResult trama_lab_run_on_ground (const TramaLabTask *task);
