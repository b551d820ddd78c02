/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_text.h"

#include "app/cli_common.h"
#include "core/chart/ladder_text.h"
#include "core/chart/text_row.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_NO_TERMINAL 132
#define COLUMNS_MIN 80 /* of a terminal; narrower ones wrap */

/* As mail has them (RFC 5322, section 2.1.1, and what quoting adds), and more than any terminal. */
#define COLUMNS_ASKED_MIN 72
#define COLUMNS_ASKED_MAX 1000

void
trama_cli_text_clear (TramaCliText *text)
{
  g_free (text->text);
}

int
trama_cli_text_check (const TramaCliText *text)
{
  g_autofree char *message = NULL;

  if (text->text != NULL && !g_str_equal (text->text, "utf8") && !g_str_equal (text->text, "ascii"))
    {
      message = g_strdup_printf (_ ("a text is utf8 or ascii, not “%s”"), text->text);
      return trama_cli_usage_error (message);
    }
  if (text->columns != 0 && (text->columns < COLUMNS_ASKED_MIN || text->columns > COLUMNS_ASKED_MAX))
    return trama_cli_usage_error (_ ("a text has from 72 to 1000 columns"));
  return TRAMA_CLI_OK;
}

static guint
get_columns (const TramaCliText *text)
{
  struct winsize size;

  if (text->columns > 0)
    return (guint) text->columns;
  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
    return COLUMNS_NO_TERMINAL;
  return MAX (size.ws_col, COLUMNS_MIN);
}

static gboolean
is_ascii (const TramaCliText *text)
{
  return text->text != NULL ? g_str_equal (text->text, "ascii") : !g_get_charset (NULL);
}

void
trama_cli_text_print (const TramaCliText *text,
                      TramaFlowTable *table,
                      TramaFlowSet *flows,
                      const TramaSpan *span)
{
  g_autofree char *ladder = trama_ladder_text (table, get_columns (text), NULL, flows, span);
  g_autofree char *ascii = is_ascii (text) ? trama_text_to_ascii (ladder) : NULL;

  fputs (ascii != NULL ? ascii : ladder, stdout);
}
