/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/decode/decode.h"

/* What was decoded, as one line of text: "ok ip4 protocol 17 127.0.0.1:40000 > 127.0.0.1:5001 headers 14+20+8 ...". */
void assert_decodes (guint32 link_type,
                     const GByteArray *bytes,
                     gsize captured,
                     gsize length,
                     const char *expected);

/* All of it. */
void assert_bytes (guint32 link_type, const GByteArray *bytes, const char *expected);

/* A frame with other bytes, in hexadecimal digits, at @offset. */
void assert_changed (const char *name, gsize offset, const char *hex, const char *expected);
