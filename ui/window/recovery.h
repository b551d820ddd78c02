/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/window/window.h"

/*
 * What a Trama that was killed has left: counts what is in it and offers it in a
 * notice of the window, to be opened or thrown away. Does nothing when nothing was
 * left. The notice comes when the trace was read, in the background.
 */
void trama_recovery_offer (TramaWindow *window);
