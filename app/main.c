/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/application.h"

#include <glib/gi18n-lib.h>
#include <locale.h>

/* trama: the window. */
int
main (int argc, char **argv)
{
  const char *locales = g_getenv ("TRAMA_LOCALEDIR"); /* of the build tree, where nothing is installed */
  g_autoptr (TramaApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locales != NULL ? locales : TRAMA_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Trama");

  application = trama_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
