/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Captures made by hand, block by block, in either byte order, and told again as
 * text. Knows nothing of the program's own reader and writer.
 */
typedef struct
{
  GByteArray *bytes;
  gboolean big;  /* the byte order of what follows */
  guint32 start; /* of the block under way */
} Maker;

void make_u16 (Maker *maker, guint16 value);
void make_u32 (Maker *maker, guint32 value);
void make_bytes (Maker *maker, const void *bytes, gsize size); /* and padding */
void make_option (Maker *maker, guint16 code, const void *value, gsize size);
void make_text (Maker *maker, guint16 code, const char *text);
void make_end_of_options (Maker *maker);
void make_begin (Maker *maker, guint32 type);
void make_end (Maker *maker);

/* Whole blocks. Those with options leave them and make_end () to the caller. */
void make_section (Maker *maker, gboolean big, guint64 length);
void make_interface (Maker *maker, guint16 link_type, guint32 snap_bytes);
void
make_enhanced (Maker *maker, guint32 interface, guint64 time, const guint8 *data, gsize size, guint32 length);
void
make_obsolete (Maker *maker, guint16 interface, guint16 drops, guint64 time, const guint8 *data, gsize size);
void make_simple (Maker *maker, const guint8 *data, gsize size, guint32 length);

/*
 * One line per block, as in "section big -1 {1 hello}". Options stand in braces: text
 * where it is some, else hexadecimal. Of packets, the size and the last byte.
 * The caller's to free.
 */
char *tell_capture (const guint8 *data, gsize size);

/* Ethernet, IPv4, UDP from 127.0.0.1:40122 to 127.0.0.1:5000, "Hi": 44 bytes, 42 of them headers. */
extern const guint8 datagram[44];
