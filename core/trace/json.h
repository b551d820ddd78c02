/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * JSON (RFC 8259) as programs read it: appended to @out without spaces or line ends,
 * in ASCII but for valid UTF-8 inside strings, whatever the locale. Each verb adds
 * one value, with the comma it needs in front; @key is NULL inside an array and
 * at the top.
 */
void trama_json_begin_object (GString *out, const char *key);
void trama_json_end_object (GString *out);
void trama_json_begin_array (GString *out, const char *key);
void trama_json_end_array (GString *out);

/* Bytes that are not UTF-8 become U+FFFD; NULL becomes null. */
void trama_json_add_string (GString *out, const char *key, const char *value);
void trama_json_add_signed (GString *out, const char *key, gint64 value);
void trama_json_add_unsigned (GString *out, const char *key, guint64 value);
void trama_json_add_null (GString *out, const char *key);
