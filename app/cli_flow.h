/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/flow/phases.h"

/*
 * A conversation as an object of JSON. Its keys are a promise to other programs: their
 * names, their order, their meaning. trama-cli(1) tells what each is.
 */
void trama_cli_flow_append (GString *out, TramaFlowTable *table, guint index, const TramaFlowPhases *phases);
