/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/why/case.h"

/* Private to the room: the walks that collect the evidence. */

/* walk_calls.c: sockets, calls, states, listenings. */
void trama_walk_calls (TramaCase *evidence);

/* walk_packets.c: talks. After the calls. */
void trama_walk_packets (TramaCase *evidence);

/* Behind the packets: which conversations the clock was set back in. */
void trama_walk_steps (TramaCase *evidence);
