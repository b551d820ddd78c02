/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Private to the room: the flags of GRE. RFC 2890, section 2; RFC 2637, section 4.1, for version 1. */
enum
{
  TRAMA_GRE_CHECKSUM = 0x8000,
  TRAMA_GRE_ROUTING = 0x4000, /* RFC 1701 */
  TRAMA_GRE_KEY = 0x2000,
  TRAMA_GRE_SEQUENCE = 0x1000,
  TRAMA_GRE_ACKNOWLEDGMENT = 0x0080,
  TRAMA_GRE_VERSION = 0x0007,
};

/* How long the header with these flags is; 0: of a version that is not known. */
guint32 trama_gre_header_bytes (guint16 flags);
