/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/* By index, the numbers that “calls” gives them: from 1, in the order in which they were made. The caller's. */
guint *trama_cli_number_calls (TramaStore *store);
