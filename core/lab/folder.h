/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The folder in which the actors live: new, empty, theirs alone (mode 0700), and gone
 * with all that is in it when the lab has ended, however it ends. A session names
 * files only without a slash, so it reaches nothing outside.
 *
 * In the lab it is a file system in memory that no path leads to; it vanishes with
 * the last process in it. Where that cannot be had it is a real folder, which a small
 * process waits to remove.
 */
typedef struct
{
  char *path;      /* owned; NULL: in memory */
  int pid;         /* of the process that removes it */
  int lifeline_fd; /* it does so when every copy of this is closed */
} TramaFolder;

/*
 * Makes it and goes there, with the calling process, which must have one thread.
 * @private: the process has a user namespace of its own. Returns 0 or an errno; the
 * process is then where it was.
 */
int trama_folder_enter (TramaFolder *folder, gboolean private);

/* Removes it now. */
void trama_folder_leave (TramaFolder *folder);
