/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/application.h"
#include "ui/window/window.h"

/*
 * A real window of a real application that has run the telephone session. Without
 * a display every test counts as skipped, and says so.
 */
typedef struct
{
  TramaApplication *application;
  TramaWindow *window;
} Fixture;

/* g_test_init () and gtk_init (), not gtk_test_init (), which forces a locale. FALSE: no display. */
gboolean fixture_init (int *argc, char ***argv);

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

#define fixture_add(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

/* Runs the main loop until @done says so; fails after twenty seconds. */
typedef gboolean (*FixtureFunc) (Fixture *fixture);
void fixture_wait (Fixture *fixture, FixtureFunc done);

/* Until the feed has finished and what it brought is drawn. */
void fixture_wait_finished (Fixture *fixture);

/* Until what is done in idle time is done, and everything that is due has been laid out and drawn. */
void fixture_settle (Fixture *fixture);

/* The store of the feed. */
TramaStore *fixture_get_store (Fixture *fixture);

/* The first call of that C name; fails when there is none. */
guint fixture_find_call (Fixture *fixture, const char *name);

/* The label with that text somewhere in @widget; NULL: there is none. */
GtkLabel *fixture_find_label (GtkWidget *widget, const char *text);

/* The ladder's gesture of two fingers; the ladder keeps it. */
GtkGesture *fixture_find_pinch (Fixture *fixture);

/* The mean of all its pixels, 0 black to 1 white, as it is drawn now. */
double fixture_brightness (Fixture *fixture, GtkWidget *widget);
