/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "app/cli_step.h"

#include "app/cli_step_check.h"
#include "app/cli_tell.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Nothing has moved for so long: every actor stands where it will stay. */
#define SETTLED_MS 60

/* The same when nobody stands at a gate: they may only be resting. */
#define BLOCKED_MS 1000

#define LOOK_MS 20
#define LINE_MAX_BYTES 256

struct _TramaCliStepper
{
  TramaSource *source;         /* borrowed */
  const TramaSession *session; /* borrowed */
  TramaCliTeller *teller;
  GQueue lines;      /* char *: read, and not obeyed yet */
  GString *input;    /* what has come of a line */
  gint64 changed_us; /* when something moved last */
  gboolean runs;     /* it is not held */
  gboolean is_shown; /* where they stand was said */
  gboolean is_at_end;
  guint input_watch, timer; /* 0: there is none any more */
};

static void
print_help (void)
{
  printf ("%s\n", _ ("Enter or s: step · s NAME: that actor · u LINE: run to that line · r: run · "
                     "p MS: run, with so much time between steps · p: pause · q: quit"));
}

static void
send_command (TramaCliStepper *stepper, const char *command, const char *rest)
{
  g_autofree char *line = g_strconcat (command, rest, NULL);

  trama_source_send_command (stepper->source, line);
}

/* 0: nobody knows the word. It may be written out. */
static char
find_key (const char *word)
{
  static const char *const words[] = { "step", "until", "run", "pause", "quit" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (word, words[i]) == 0 || (word[0] == words[i][0] && word[1] == '\0'))
      return words[i][0];
  return '\0';
}

static gboolean
is_number (const char *text)
{
  return text[0] != '\0' && text[strspn (text, "0123456789")] == '\0';
}

static void
step (TramaCliStepper *stepper, const char *name)
{
  if (*name == '\0' || trama_cli_check_actor (trama_source_get_store (stepper->source), name))
    send_command (stepper, *name == '\0' ? "step" : "step ", name);
}

static void
run_to_line (TramaCliStepper *stepper, const char *text)
{
  g_autofree char *number = NULL;
  guint line;

  if (!trama_cli_check_line (stepper->session, text, &line))
    return;
  number = g_strdup_printf ("%u", line);
  send_command (stepper, "until ", number);
}

/* FALSE: nobody knows what that means. */
static gboolean
obey_known (TramaCliStepper *stepper, char key, const char *rest)
{
  gboolean has_rest = *rest != '\0';

  switch (key)
    {
    case 's':
      step (stepper, rest);
      return TRUE;
    case 'u':
      if (is_number (rest))
        run_to_line (stepper, rest);
      return is_number (rest);
    case 'r':
      if (has_rest)
        return FALSE;
      send_command (stepper, "pace 0", "");
      send_command (stepper, "run", "");
      stepper->runs = TRUE;
      return TRUE;
    case 'p':
      if (has_rest && !is_number (rest))
        return FALSE;
      send_command (stepper, has_rest ? "pace " : "pause", rest);
      if (has_rest)
        send_command (stepper, "run", "");
      stepper->runs = has_rest;
      return TRUE;
    case 'q':
      trama_source_stop (stepper->source);
      return TRUE;
    default:
      return FALSE;
    }
}

static void
obey (TramaCliStepper *stepper, char *line)
{
  gsize size = strcspn (g_strstrip (line), " \t");
  g_autofree char *word = g_strndup (line, size);
  const char *rest = g_strchug (line + size);

  stepper->is_shown = FALSE;
  stepper->changed_us = g_get_monotonic_time ();
  if (!obey_known (stepper, size > 0 ? find_key (word) : 's', rest))
    print_help ();
}

/* Every actor stands where it will stay, as far as one can tell. */
static gboolean
is_settled (const TramaCliStepper *stepper)
{
  gint64 quiet_ms = (g_get_monotonic_time () - stepper->changed_us) / 1000;

  return quiet_ms >= (trama_cli_teller_has_gate (stepper->teller) ? SETTLED_MS : BLOCKED_MS);
}

static void
show_positions (TramaCliStepper *stepper)
{
  trama_cli_teller_show_positions (stepper->teller);
  if (isatty (STDIN_FILENO))
    fputs ("> ", stdout);
  fflush (stdout);
  stepper->is_shown = TRUE;
}

/* One line at a time, each when all stand: what is typed ahead is meant so. */
static gboolean
on_look (gpointer data)
{
  TramaCliStepper *stepper = data;
  g_autofree char *line = NULL;

  if (!trama_source_is_running (stepper->source) || (!stepper->runs && !is_settled (stepper)))
    return G_SOURCE_CONTINUE;
  if (!stepper->runs && !stepper->is_shown)
    show_positions (stepper);
  line = g_queue_pop_head (&stepper->lines);
  if (line != NULL)
    obey (stepper, line);
  else if (stepper->is_at_end && !stepper->runs)
    trama_source_stop (stepper->source);
  return G_SOURCE_CONTINUE;
}

static void
take_input (TramaCliStepper *stepper, const char *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (bytes[i] != '\n')
      g_string_append_c (stepper->input, bytes[i]);
    else
      {
        if (stepper->input->len <= LINE_MAX_BYTES)
          g_queue_push_tail (&stepper->lines, g_strdup (stepper->input->str));
        g_string_truncate (stepper->input, 0);
      }
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer data)
{
  TramaCliStepper *stepper = data;
  char bytes[LINE_MAX_BYTES];
  gssize size = read (fd, bytes, sizeof bytes);

  if (size > 0)
    take_input (stepper, bytes, (gsize) size);
  if (size > 0 || (size < 0 && errno == EINTR))
    return G_SOURCE_CONTINUE;
  stepper->is_at_end = TRUE;
  stepper->input_watch = 0;
  return G_SOURCE_REMOVE;
}

static void
on_changed (TramaSource *source, gpointer data)
{
  TramaCliStepper *stepper = data;

  trama_cli_teller_tell (stepper->teller);
  fflush (stdout);
  stepper->changed_us = g_get_monotonic_time ();
}

TramaCliStepper *
trama_cli_stepper_new (TramaSource *source, const TramaSession *session)
{
  TramaCliStepper *stepper = g_new0 (TramaCliStepper, 1);

  stepper->source = source;
  stepper->session = session;
  stepper->teller = trama_cli_teller_new (trama_source_get_store (source), session);
  stepper->input = g_string_new (NULL);
  stepper->changed_us = g_get_monotonic_time ();
  g_queue_init (&stepper->lines);
  g_signal_connect (source, "changed", G_CALLBACK (on_changed), stepper);
  stepper->input_watch = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, stepper);
  stepper->timer = g_timeout_add (LOOK_MS, on_look, stepper);
  if (isatty (STDIN_FILENO))
    print_help ();
  return stepper;
}

void
trama_cli_stepper_free (TramaCliStepper *stepper)
{
  g_signal_handlers_disconnect_by_data (stepper->source, stepper);
  g_source_remove (stepper->timer);
  if (stepper->input_watch != 0)
    g_source_remove (stepper->input_watch);
  trama_cli_teller_free (stepper->teller);
  g_queue_clear_full (&stepper->lines, g_free);
  g_string_free (stepper->input, TRUE);
  g_free (stepper);
}
