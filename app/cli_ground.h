/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/store.h"

/* Says on standard error what could not be had where the session ran, why, and what to do; nothing when all could. */
void trama_cli_tell_ground (const TramaStore *store);
