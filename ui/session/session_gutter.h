/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/session/session_view.h"

/*
 * Beside the text of a session: the number of each line, and the initial of each
 * actor that is at it, in that actor's colour. Part of TramaSessionView.
 */
#define TRAMA_TYPE_SESSION_GUTTER (trama_session_gutter_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionGutter, trama_session_gutter, TRAMA, SESSION_GUTTER, GtkWidget)

/* @text is borrowed and outlives it. */
GtkWidget *trama_session_gutter_new (TramaSessionView *text);
