/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * Whether a call gave what its step in the session expects. NULL: it did. Otherwise a
 * sentence that names the call, what it gave, and what was expected instead; the
 * caller's to free. @call has returned. A pure function.
 */
char *trama_expect_check (const TramaStep *step, const TramaCall *call);
