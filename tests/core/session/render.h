/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/* A session as text, every operand of every step in it, for tests to compare. The caller's to free. */
char *render_session (const TramaSession *session);

/* The text of a session that comes with Trama, or of the richest there is. The caller's to free. */
char *load_shipped (const char *name);
char *load_rich (void);

/* @text is the session "x", and it is @rendered. */
void check_renders (const char *text, const char *rendered);

typedef struct
{
  const char *text;
  const char *message; /* "4:7: expected …" */
} Complaint;

/* Each text, with @begin before it, is refused with that message at that place. */
void check_complaints (const char *begin, const Complaint *complaints, gsize n_complaints);
