/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/why/finding.h"

/* Findings in words, translated. Text that is not const is the caller's to free. */

/* "✖", in the shape that it has at the edge of the ladder. */
const char *trama_severity_sign (guint severity);

/* "✖ problem" */
char *trama_severity_text (guint severity);

/* "✖ Nobody listens at 127.0.0.1:5000 …" */
char *trama_finding_title (const TramaFinding *finding);

/* All it says: what, why, and what to do about it. */
char *trama_finding_text (const TramaFinding *finding);

/* "2, ✖ problem": how many, and the worst; "" when there are none. */
char *trama_finding_count_text (TramaFindingCount count);
