/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/emit_private.h"

#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>

/* Longer text stands before the call, in lines of about this many bytes. */
#define INLINE_BYTES 48
#define ROW_BYTES 60
#define BYTES_IN_A_ROW 12

/* RFC 792, RFC 4443: type, code, checksum, identifier, sequence number. */
#define ECHO_HEADER_BYTES 8

/* What a program would not write as a string: more than a few of its bytes are no characters. */
static gboolean
is_text (const TramaOperand *operand)
{
  const char *at = (const char *) operand->bytes, *end = at + operand->size;
  guint n_odd = 0;

  while (at < end)
    {
      gunichar character = g_utf8_get_char_validated (at, end - at);
      gboolean valid = character != (gunichar) -1 && character != (gunichar) -2;

      if (valid && (g_unichar_isprint (character) || g_unichar_isspace (character)))
        at += g_unichar_to_utf8 (character, NULL);
      else
        {
          at++;
          n_odd++;
        }
    }
  return n_odd * 4 <= operand->size;
}

/* As echo() makes one: only there an identifier of 0x5452 stands in its place. */
static gboolean
is_echo (const TramaOperand *operand)
{
  const guint8 *bytes = operand->bytes;

  return operand->size >= ECHO_HEADER_BYTES && (bytes[0] == ICMP_ECHO || bytes[0] == ICMP6_ECHO_REQUEST)
         && bytes[1] == 0 && bytes[4] == 0x54 && bytes[5] == 0x52;
}

static void
write_rows (TramaEmitter *emitter, const guint8 *bytes, gsize size)
{
  g_autoptr (GString) row = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    {
      g_string_append_printf (row, "0x%02x,%s", bytes[i], (i + 1) % BYTES_IN_A_ROW == 0 ? "" : " ");
      if ((i + 1) % BYTES_IN_A_ROW != 0 && i + 1 < size)
        continue;
      trama_emit_line (emitter, "    %s", g_strchomp (row->str));
      g_string_truncate (row, 0);
    }
}

static void
write_echo (TramaEmitter *emitter, const TramaOperand *operand)
{
  const guint8 *b = operand->bytes;

  trama_emit_line (emitter, "    %u, %u, /* %s */", b[0], b[1], _ ("echo request, code"));
  trama_emit_line (emitter, "    0x%02x, 0x%02x, /* %s */", b[2], b[3], _ ("checksum"));
  trama_emit_line (emitter, "    0x%02x, 0x%02x, /* %s */", b[4], b[5], _ ("identifier"));
  trama_emit_line (emitter, "    %u, %u, /* %s */", b[6], b[7], _ ("sequence number"));
  write_rows (emitter, b + ECHO_HEADER_BYTES, operand->size - ECHO_HEADER_BYTES);
}

static TramaEmitData
declare_array (TramaEmitter *emitter, const TramaOperand *operand)
{
  gboolean echo = is_echo (operand);
  const char *name = trama_emit_new_name (emitter, echo ? "echo" : "bytes");

  trama_emit_line (emitter, "static const unsigned char %s[] = {", name);
  if (echo)
    write_echo (emitter, operand);
  else
    write_rows (emitter, operand->bytes, operand->size);
  trama_emit_line (emitter, "};");
  return (TramaEmitData){ name, trama_emit_keep (emitter, "sizeof %s", name) };
}

/* A row ends behind a line of the text, else where it is long, between two characters. */
static gsize
measure_row (const guint8 *bytes, gsize size)
{
  gsize n = 0;

  while (n < size && n < ROW_BYTES && (n == 0 || bytes[n - 1] != '\n'))
    n++;
  while (n < size && (bytes[n] & 0xc0) == 0x80 && n < ROW_BYTES + 4)
    n++;
  return n;
}

static TramaEmitData
declare_text (TramaEmitter *emitter, const TramaOperand *operand)
{
  const char *name = trama_emit_new_name (emitter, "data");

  trama_emit_line (emitter, "static const char %s[] =", name);
  for (gsize at = 0; at < operand->size;)
    {
      gsize n = measure_row (operand->bytes + at, operand->size - at);
      g_autoptr (GString) literal = g_string_new (NULL);

      trama_emit_append_literal (literal, operand->bytes + at, n);
      at += n;
      trama_emit_line (emitter, "    %s%s", literal->str, at < operand->size ? "" : ";");
    }
  return (TramaEmitData){ name, trama_emit_keep (emitter, "sizeof %s - 1", name) };
}

static TramaEmitData
emit_bytes (TramaEmitter *emitter, const TramaOperand *operand)
{
  g_autoptr (GString) literal = NULL;

  if (!is_text (operand))
    return declare_array (emitter, operand);
  if (operand->size > INLINE_BYTES)
    return declare_text (emitter, operand);
  literal = g_string_new (NULL);
  trama_emit_append_literal (literal, operand->bytes, operand->size);
  return (TramaEmitData){ trama_emit_keep (emitter, "%s", literal->str),
                          trama_emit_keep (emitter, "%u", operand->size) };
}

TramaEmitData
trama_emit_data (TramaEmitter *emitter, const TramaOperand *operand)
{
  const TramaEmitVariable *variable;

  switch (operand->kind)
    {
    case TRAMA_OPERAND_FILL:
      trama_emit_need_helper (emitter, TRAMA_EMIT_FILL);
      emitter->filled_bytes = MAX (emitter->filled_bytes, operand->number);
      return (TramaEmitData){ trama_emit_local (emitter, TRAMA_EMIT_FILLED),
                              trama_emit_keep (emitter, "%" G_GINT64_FORMAT, operand->number) };
    case TRAMA_OPERAND_RECEIVED:
      variable = trama_emit_variable (emitter, operand->number);
      return (TramaEmitData){ variable->received, trama_emit_keep (emitter, "%s_size", variable->received) };
    default:
      return emit_bytes (emitter, operand);
    }
}
