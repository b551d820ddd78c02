/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"
#include "core/decode/field.h"

/*
 * A packet field by field, for the inspector: link, network and transport header
 * with every option, then the payload. What the captured bytes do not hold is
 * left out, and said. Offsets count from the start of @data.
 *
 * @sequence_base and @acknowledgment_base are subtracted to give relative numbers
 * in the meaning; pass 0 for both when the conversation is not known.
 * The fields are the caller's (g_ptr_array_unref).
 */
TramaFields *trama_explain_packet (guint32 link_type,
                                   const guint8 *data,
                                   gsize captured,
                                   gsize length,
                                   guint32 sequence_base,
                                   guint32 acknowledgment_base);
