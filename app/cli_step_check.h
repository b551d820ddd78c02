/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"
#include "core/trace/store.h"

/* Whether what is typed at "run --step" names something that is there; if not, standard output says what is. */

/* Whether a step of the actor @name can be taken. */
gboolean trama_cli_check_actor (TramaStore *store, const char *name);

/* Gives the next line in which a step stands: @text, a number, or one behind it. */
gboolean trama_cli_check_line (const TramaSession *session, const char *text, guint *line);
