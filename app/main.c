/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/places.h"
#include "ui/window/application.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>

/* trama: the window. */
int
main (int argc, char **argv)
{
  g_autofree char *locale = trama_get_locale_folder ();
  g_autoptr (TramaApplication) application = NULL;

  setlocale (LC_ALL, "");
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write(2) */
  bindtextdomain (GETTEXT_PACKAGE, locale);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Trama");

  application = trama_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
