/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/span.h"
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

/* In one language of all, whatever the locale's own sign is. */
static void
test_decimal_sign (Fixture *fixture, gconstpointer data)
{
  g_autofree char *size = trama_size_format (1234567, G_FORMAT_SIZE_DEFAULT);
  g_autofree char *whole = trama_size_format (7, G_FORMAT_SIZE_DEFAULT);
  g_autofree char *time = trama_duration_format (1200);

  g_assert_true (g_str_has_prefix (size, "1,2"));
  g_assert_true (g_str_has_prefix (whole, "7"));
  g_assert_cmpstr (time, ==, "1,2 µs");
}

int
main (int argc, char **argv)
{
  if (!fixture_init (&argc, &argv))
    return 0;
  fixture_add ("/spanish/translated", test_translated);
  fixture_add ("/spanish/decimal-sign", test_decimal_sign);
  return g_test_run ();
}
