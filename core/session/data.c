/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>

/* RFC 792 and RFC 4443: type, code, checksum, identifier, sequence number; then the data. */
#define ECHO_HEADER_BYTES 8
#define ECHO_IDENTIFIER 0x5452 /* "TR"; an ICMP datagram socket has its own, which the kernel puts there */

static gboolean
read_literal (TramaParser *parser, TramaOperand *operand)
{
  const TramaToken token = parser->token;

  if (token.size > TRAMA_SESSION_MAX_LITERAL_BYTES)
    return trama_parser_exceed (
        parser, token.at, _ ("this is too long: text in quotes has at most %d bytes, fill(%d) may have more"),
        TRAMA_SESSION_MAX_LITERAL_BYTES, TRAMA_SESSION_MAX_DATA_BYTES);
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) token.size;
  operand->bytes = (const guint8 *) token.text;
  trama_parser_advance (parser);
  return TRUE;
}

gboolean
trama_parser_read_data (TramaParser *parser, TramaStep *step, guint parameter)
{
  if (parser->token.kind == TRAMA_TOKEN_STRING)
    return read_literal (parser, &step->operands[parameter]);
  return trama_parser_read_function (parser, step, parameter);
}

static gboolean
read_fill_size (TramaParser *parser, TramaOperand *operand)
{
  operand->kind = TRAMA_OPERAND_FILL;
  return trama_parser_read_integer (parser, _ ("a size"), 0, TRAMA_SESSION_MAX_DATA_BYTES, &operand->number);
}

gboolean
trama_parser_read_fill (TramaParser *parser, TramaStep *step, guint parameter)
{
  return read_fill_size (parser, &step->operands[parameter]);
}

gboolean
trama_parser_read_known_data (TramaParser *parser, TramaOperand *operand)
{
  if (parser->token.kind == TRAMA_TOKEN_STRING)
    return read_literal (parser, operand);
  if (!trama_parser_at_word (parser, "fill"))
    return trama_parser_fail (parser, parser->token.at, _ ("expected text in quotes or fill here, as in: %s"),
                              "fill(4000)");
  trama_parser_advance (parser);
  return trama_parser_read_symbol (parser, '(') && read_fill_size (parser, operand)
         && trama_parser_read_symbol (parser, ')');
}

gboolean
trama_parser_read_received (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  const TramaToken name = parser->token;
  const TramaVariable *variable = trama_parser_read_descriptor (parser, step, parameter);

  if (variable == NULL)
    return FALSE;
  if (!variable->has_received)
    return trama_parser_fail (parser, name.at, _ ("nothing was received on \"%s\" yet"), name.text);
  operand->kind = TRAMA_OPERAND_RECEIVED;
  operand->number = trama_parser_variable_index (parser, variable);
  return TRUE;
}

/* RFC 1071. */
static guint16
checksum (const guint8 *bytes, gsize size)
{
  guint32 sum = 0;

  for (gsize i = 0; i < size; i++)
    sum += i % 2 == 0 ? (guint32) bytes[i] << 8 : bytes[i];
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return (guint16) ~sum;
}

static void
put_u16 (guint8 *bytes, guint16 value)
{
  bytes[0] = (guint8) (value >> 8);
  bytes[1] = (guint8) value;
}

static void
build_echo (TramaParser *parser,
            guint8 type,
            guint16 sequence,
            const TramaOperand *data,
            TramaOperand *operand)
{
  gsize data_size = data->kind == TRAMA_OPERAND_FILL ? (gsize) data->number : data->size;
  gsize size = ECHO_HEADER_BYTES + data_size;
  g_autofree guint8 *bytes = g_malloc0 (size);

  bytes[0] = type;
  put_u16 (bytes + 4, ECHO_IDENTIFIER);
  put_u16 (bytes + 6, sequence);
  if (data->kind == TRAMA_OPERAND_FILL)
    trama_session_fill (bytes + ECHO_HEADER_BYTES, data_size);
  else if (data_size > 0)
    memcpy (bytes + ECHO_HEADER_BYTES, data->bytes, data_size);
  /* Of ICMPv6 it covers addresses that only the kernel knows, RFC 4443, section 2.3. */
  if (type == ICMP_ECHO)
    put_u16 (bytes + 2, checksum (bytes, size));
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) size;
  operand->bytes = trama_parser_keep (parser, bytes, size);
}

static gboolean
read_echo (TramaParser *parser, guint8 type, TramaOperand *operand)
{
  TramaOperand data = { 0 };
  const char *at;
  gint64 sequence = 0;

  if (!trama_parser_read_integer (parser, _ ("a sequence number"), 0, G_MAXUINT16, &sequence)
      || !trama_parser_read_symbol (parser, ','))
    return FALSE;
  at = parser->token.at;
  if (!trama_parser_read_known_data (parser, &data))
    return FALSE;
  if (MAX (data.number, data.size) > TRAMA_SESSION_MAX_ECHO_BYTES)
    return trama_parser_exceed (parser, at,
                                _ ("this is too long: an echo request has at most %d bytes of data"),
                                TRAMA_SESSION_MAX_ECHO_BYTES);
  build_echo (parser, type, (guint16) sequence, &data, operand);
  return TRUE;
}

gboolean
trama_parser_read_echo (TramaParser *parser, TramaStep *step, guint parameter)
{
  return read_echo (parser, ICMP_ECHO, &step->operands[parameter]);
}

gboolean
trama_parser_read_echo6 (TramaParser *parser, TramaStep *step, guint parameter)
{
  return read_echo (parser, ICMP6_ECHO_REQUEST, &step->operands[parameter]);
}

static gboolean
fail_descriptors (TramaParser *parser, const char *at)
{
  return trama_parser_exceed (parser, at, _ ("one call takes at most %d sockets here"),
                              TRAMA_SESSION_MAX_DESCRIPTORS);
}

/* One of rights (): a descriptor to send, or the name of one to be received. */
static gboolean
read_right (TramaParser *parser, TramaStep *step, guint parameter, guint8 *index)
{
  const TramaToken name = parser->token;
  const TramaVariable *variable;
  gint32 number = 0;

  if (step->call == TRAMA_CALL_RECVMSG)
    {
      if (!trama_parser_read_token (parser, TRAMA_TOKEN_WORD, "rights(phone)", &(TramaToken){ 0 })
          || !trama_parser_check_new_name (parser, &name)
          || !trama_parser_set_variable (parser, &name, trama_call_info (step->call), TRAMA_HOLDS_DESCRIPTOR,
                                         &number))
        return FALSE;
      *index = (guint8) number;
      return TRUE;
    }
  variable = trama_parser_read_descriptor (parser, step, parameter);
  if (variable == NULL)
    return FALSE;
  *index = (guint8) trama_parser_variable_index (parser, variable);
  return TRUE;
}

gboolean
trama_parser_read_rights (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  guint8 indices[TRAMA_SESSION_MAX_DESCRIPTORS];
  guint n = 0;

  do
    {
      if (n > 0)
        trama_parser_advance (parser);
      if (n == TRAMA_SESSION_MAX_DESCRIPTORS)
        return fail_descriptors (parser, parser->token.at);
      if (!read_right (parser, step, parameter, &indices[n]))
        return FALSE;
      for (guint i = 0; step->call == TRAMA_CALL_RECVMSG && i < n; i++)
        if (indices[i] == indices[n])
          return trama_parser_fail (parser, parser->token.at,
                                    _ ("each socket received has a name of its own"));
      n++;
    }
  while (trama_parser_at_symbol (parser, ','));
  operand->kind = TRAMA_OPERAND_RIGHTS;
  operand->number = n;
  operand->size = n;
  operand->bytes = trama_parser_keep (parser, indices, n);
  return TRUE;
}

/* "phone POLLIN | POLLOUT" */
static gboolean
read_poll_item (TramaParser *parser, TramaStep *step, guint parameter, TramaPollItem *item)
{
  const TramaVariable *variable = trama_parser_read_descriptor (parser, step, parameter);
  gint64 events = 0;

  if (variable == NULL)
    return FALSE;
  item->variable = (guint16) trama_parser_variable_index (parser, variable);
  if (parser->token.kind == TRAMA_TOKEN_WORD
      && !trama_parser_read_constants (parser, TRAMA_PARAMETER_POLL, &events))
    return FALSE;
  item->events = (guint16) events;
  return TRUE;
}

gboolean
trama_parser_read_poll (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  TramaPollItem items[TRAMA_SESSION_MAX_DESCRIPTORS];
  guint n = 0;

  if (!trama_parser_at_symbol (parser, '['))
    return trama_parser_fail (parser, parser->token.at, _ ("expected a list of sockets, as in: %s"),
                              "poll([phone POLLIN], 500)");
  do
    {
      trama_parser_advance (parser);
      if (n == TRAMA_SESSION_MAX_DESCRIPTORS)
        return fail_descriptors (parser, parser->token.at);
      if (!read_poll_item (parser, step, parameter, &items[n]))
        return FALSE;
      n++;
    }
  while (trama_parser_at_symbol (parser, ','));
  operand->kind = TRAMA_OPERAND_POLL;
  operand->number = n;
  operand->size = (guint32) (n * sizeof *items);
  operand->bytes = trama_parser_keep (parser, items, n * sizeof *items);
  return trama_parser_read_symbol (parser, ']');
}
