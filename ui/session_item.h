/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

#include <glib-object.h>

/*
 * A session as a row of a list asks for it. Properties, all strings to read:
 * "title"; "detail": "stream · AF_INET"; "about".
 */
#define TRAMA_TYPE_SESSION_ITEM (trama_session_item_get_type ())
G_DECLARE_FINAL_TYPE (TramaSessionItem, trama_session_item, TRAMA, SESSION_ITEM, GObject)

/* Keeps a reference. */
TramaSessionItem *trama_session_item_new (TramaSession *session);

/* Borrowed. */
TramaSession *trama_session_item_get_session (TramaSessionItem *item);
