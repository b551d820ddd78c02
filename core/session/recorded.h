/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/call.h"

/*
 * A call of a trace as the C that makes it again, with the values that were recorded:
 * what it needs declared before it, then the call on a line, and behind it what came of
 * it. It goes into a function that has the headers of the call's man page; sendmsg(2) with
 * descriptors wants string.h too. C17 and POSIX, as trama_session_emit_c () writes it.
 *
 *     const struct sockaddr_in address = {
 *         .sin_family = AF_INET,
 *         .sin_port = htons(5000),
 *         .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
 *     };
 *     connect(3, (const struct sockaddr *) &address, sizeof address); // = 0, as a comment
 *
 * What the trace cut off of the data is not there, and a comment says so. The caller's to
 * free. NULL: no call that is known. A pure function of the call and the locale.
 */
char *trama_recorded_emit_c (const TramaCall *call);
