/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint/font_lock.h"

/* What a main loop that has more to do leaves to others in each of its turns. */
#define TURN_US 1000

/* cairo's fonts belong to the process, and so must their lock. */
static struct
{
  GMutex mutex; /* of what follows */
  GCond changed;
  GThread *owner;
  guint depth;             /* how often the owner has taken them */
  guint64 n_asked, served; /* who asks gets a number, and has its turn when that is served */
  guint n_hurries;
  GPollFunc poll; /* of the main loop, when it keeps the fonts */
} fonts;

static void
take (guint depth)
{
  guint64 number = fonts.n_asked++;

  while (number != fonts.served)
    g_cond_wait (&fonts.changed, &fonts.mutex);
  fonts.owner = g_thread_self ();
  fonts.depth = depth;
}

static void
give (void)
{
  fonts.owner = NULL;
  fonts.depth = 0;
  fonts.served++;
  if (fonts.n_asked > fonts.served) /* somebody waits: to wake nobody takes its time too */
    g_cond_broadcast (&fonts.changed);
}

void
trama_font_lock_take (void)
{
  g_mutex_lock (&fonts.mutex);
  if (fonts.owner == g_thread_self ())
    fonts.depth++;
  else
    take (1);
  g_mutex_unlock (&fonts.mutex);
}

void
trama_font_lock_give (void)
{
  g_mutex_lock (&fonts.mutex);
  g_warn_if_fail (fonts.owner == g_thread_self ());
  if (--fonts.depth == 0)
    give ();
  g_mutex_unlock (&fonts.mutex);
}

guint
trama_font_lock_lend (void)
{
  guint depth = 0;

  g_mutex_lock (&fonts.mutex);
  if (fonts.owner == g_thread_self ())
    {
      depth = fonts.depth;
      give ();
    }
  g_mutex_unlock (&fonts.mutex);
  return depth;
}

void
trama_font_lock_take_back (guint depth)
{
  if (depth == 0)
    return;
  g_mutex_lock (&fonts.mutex);
  take (depth);
  g_mutex_unlock (&fonts.mutex);
}

/* Who paints needs the fonts again and again, and would get them but once in a turn. */
static void
leave_time (void)
{
  gint64 end_us = g_get_monotonic_time () + TURN_US;

  g_mutex_lock (&fonts.mutex);
  while (fonts.n_hurries > 0)
    if (!g_cond_wait_until (&fonts.changed, &fonts.mutex, end_us))
      break;
  g_mutex_unlock (&fonts.mutex);
}

static gint
poll_without_fonts (GPollFD *fds, guint n_fds, gint timeout_ms)
{
  guint depth = trama_font_lock_lend ();
  gint n = fonts.poll (fds, n_fds, timeout_ms);

  if (depth > 0 && timeout_ms == 0)
    leave_time ();
  trama_font_lock_take_back (depth);
  return n;
}

void
trama_font_lock_keep_in_loop (void)
{
  if (fonts.poll != NULL)
    return;
  fonts.poll = g_main_context_get_poll_func (NULL);
  g_main_context_set_poll_func (NULL, poll_without_fonts);
  trama_font_lock_take ();
}

void
trama_font_lock_begin_hurry (void)
{
  g_mutex_lock (&fonts.mutex);
  fonts.n_hurries++;
  g_mutex_unlock (&fonts.mutex);
}

void
trama_font_lock_end_hurry (void)
{
  g_mutex_lock (&fonts.mutex);
  fonts.n_hurries--;
  g_cond_broadcast (&fonts.changed);
  g_mutex_unlock (&fonts.mutex);
}
