/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/session/session.h"

/*
 * What an actor remembers from one call to the next: the descriptors in its
 * variables, what it received on each and from whom. Turns the operands of a step
 * into the arguments of a call, and keeps what came of it.
 *
 * A plain memory of one process; after fork(2) the child has its own copy.
 */
typedef struct _TramaMemory TramaMemory;

/* @script is borrowed. */
TramaMemory *trama_memory_new (const TramaScript *script);
void trama_memory_free (TramaMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TramaMemory, trama_memory_free)

/* A call as @step has it, ready to be made. What its arguments point to stays until the next call. */
void trama_memory_prepare (TramaMemory *memory, const TramaStep *step, TramaCall *call);

/* After @call was made: its result, and what the kernel gave with it. */
void trama_memory_keep (TramaMemory *memory, const TramaStep *step, const TramaCall *call);
