/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * A loopback of one's own, without privileges: a new user and network namespace
 * (user_namespaces(7), network_namespaces(7)), the caller's ids mapped to
 * themselves, lo up and tuned so that segments have their textbook size.
 */

/* MTU of Ethernet: TCP segments of 1448 bytes over IPv4, with timestamps. */
#define TRAMA_LOOPBACK_MTU 1500

/*
 * Moves the calling process there. It must have one thread, and cannot come back;
 * after a failure it is good for nothing but telling. Returns 0, or the errno of
 * the step that failed, named in *@step (static).
 */
int trama_loopback_enter (const char **step);

/*
 * Sets it as a session wants it, after trama_loopback_enter (). NULL: done. Otherwise
 * what the kernel refused, in one sentence with the line of the session; the caller's to free.
 */
char *trama_loopback_configure (const TramaLabSettings *settings);

/*
 * What to do about a step that failed, here or in trama_capture_open (), as one
 * sentence for the user. Reads the sysctls that tell one cause from another. The
 * caller's to free.
 */
char *trama_loopback_remedy (const char *step, int error);
