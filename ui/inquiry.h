/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/feed.h"

/*
 * Looks for findings in what a feed has brought, in a thread of its own, each time that
 * everything has come, and now and then while a trace of moderate size grows; and gives them
 * to the view state. What it looks at is frozen, so that nobody waits for it. Another trace
 * ends it.
 */
#define TRAMA_TYPE_INQUIRY (trama_inquiry_get_type ())
G_DECLARE_FINAL_TYPE (TramaInquiry, trama_inquiry, TRAMA, INQUIRY, GObject)

/* Keeps a reference to @state and listens to @feed, which must outlive it. */
TramaInquiry *trama_inquiry_new (TramaViewState *state, TramaFeed *feed);

/* Whether findings are being made now. */
gboolean trama_inquiry_is_busy (TramaInquiry *inquiry);
