/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/places.h"

#include <stdlib.h>
#include <string.h>

gboolean
trama_runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  /* The link is free of symbolic links; so must be what it is compared with. */
  char *folder = realpath (TRAMA_BUILD_DIR, NULL);
  gboolean inside = program != NULL && folder != NULL && g_str_has_prefix (program, folder)
                    && program[strlen (folder)] == '/';

  free (folder);
  return inside;
}

char *
trama_get_helper_path (const char *name)
{
  if (trama_runs_from_build_tree ())
    return g_build_filename (TRAMA_BUILD_DIR, "app", name, NULL);
  return g_build_filename (TRAMA_LIBEXECDIR, name, NULL);
}

char *
trama_get_sessions_folder (void)
{
  if (trama_runs_from_build_tree ())
    return g_build_filename (TRAMA_SOURCE_DIR, "data", "sessions", NULL);
  return g_strdup (TRAMA_SESSIONSDIR);
}

char *
trama_get_locale_folder (void)
{
  const char *chosen = g_getenv ("TRAMA_LOCALEDIR");

  if (chosen != NULL && chosen[0] != '\0')
    return g_strdup (chosen);
  if (trama_runs_from_build_tree ())
    return g_build_filename (TRAMA_BUILD_DIR, "data", "po", NULL);
  return g_strdup (TRAMA_LOCALEDIR);
}
