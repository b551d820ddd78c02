/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * Where sessions are found: the folder in TRAMA_SESSIONS if that is set, the
 * build tree's data/sessions when run from there, else the installed one.
 */

/* The caller's to free. */
char *trama_library_get_folder (void);

/* Every session of the library, by "order" and then by name; those that do not parse are left out with a warning. */
GPtrArray *trama_library_list (void); /* of TramaSession, owned by the array */

/*
 * The text of a file that should be a session, whatever stands there, with a 0 behind it; of
 * one that is too long, a byte more than a session may have. A FIFO that nobody writes to
 * is empty. NULL with @error. The caller's to free.
 */
char *trama_library_read (const char *path, gsize *size, GError **error);

/*
 * The session of that name in the library, or the file of that path when it has a
 * '/' or ends in ".session". NULL with @error.
 */
TramaSession *trama_library_load (const char *name_or_path, GError **error);
