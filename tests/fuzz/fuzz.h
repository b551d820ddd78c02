/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/*
 * A fuzz target is a file with fuzz_one (). It must return for any bytes, within
 * 512 MB and five seconds, and aborts where the code under test breaks its word.
 * With clang, libFuzzer makes the bytes (tests/fuzz/run); otherwise the driver
 * brings those of seeds/TARGET, as an ordinary test.
 */
void fuzz_one (const guint8 *data, gsize size);

/* A trace of these bytes, whatever they are: as much of a capture as can be read. */
TramaStore *fuzz_read_store (const guint8 *data, gsize size);

/* Takes a number of @size bytes, in network order, from the front; 0 where there is none. */
guint32 fuzz_take (const guint8 **data, gsize *left, gsize size);
