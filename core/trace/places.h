/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Where the program's own files lie: in the build tree when it was started from
 * there, else where it was installed. Strings are the caller's to free.
 */

/* Whether the running program was started from where it was built. */
gboolean trama_runs_from_build_tree (void);

/* A helper program: "trama-lab". */
char *trama_get_helper_path (const char *name);

/* The lessons that come with it. */
char *trama_get_sessions_folder (void);

/* The translations, for bindtextdomain(3); the folder in TRAMA_LOCALEDIR if that is set. */
char *trama_get_locale_folder (void);
