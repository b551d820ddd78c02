/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/* A session as text, every operand of every step in it, for tests to compare. The caller's to free. */
char *render_session (const TramaSession *session);

/* The text of a session that comes with Trama. The caller's to free. */
char *load_shipped (const char *name);
