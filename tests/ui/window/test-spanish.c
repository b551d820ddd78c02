/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/ui/window/fixture.h"

#include <glib/gi18n-lib.h>

/* Run with LANGUAGE=es: the window, its sessions and what it explains are in Spanish. */

static void
test_translated (Fixture *fixture, gconstpointer data)
{
  TramaInspector *inspector = trama_window_get_inspector (fixture->window);
  g_autofree char *text = NULL;

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "Una llamada de teléfono");
  g_assert_cmpstr (_ ("Sessions"), ==, "Sesiones");

  trama_view_state_select (trama_window_get_state (fixture->window),
                           (TramaRef){ TRAMA_EVENT_CALL, fixture_find_call (fixture, "connect") });
  fixture_settle (fixture);
  text = trama_inspector_dup_text (inspector);
  g_assert_nonnull (strstr (text, _ ("Arguments")));
  g_assert_null (strstr (text, "Arguments\n"));
  /* What the field calls so in every language. */
  g_assert_nonnull (strstr (text, "connect(3, 127.0.0.1:5000) = 0"));
  g_assert_nonnull (strstr (text, "ESTABLISHED"));
  /* And what it does not: the role of the socket. */
  g_assert_nonnull (strstr (text, "conectado"));
  g_assert_null (strstr (text, "connected"));
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/spanish/translated", test_translated);
  return g_test_run ();
}
