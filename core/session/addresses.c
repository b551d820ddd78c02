/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define MAX_PORT 65535

static void
set_address (TramaParser *parser, TramaOperand *operand, gconstpointer address, gsize size)
{
  operand->kind = TRAMA_OPERAND_ADDRESS;
  operand->size = (guint32) size;
  operand->bytes = trama_parser_keep (parser, address, size);
}

static gboolean
read_port (TramaParser *parser, const char *at, const char *text, in_port_t *port)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 0, MAX_PORT, &number, NULL))
    return trama_parser_exceed (parser, at, _ ("%s is not a port: ports go from 0 to %d"), text, MAX_PORT);
  *port = htons ((guint16) number);
  return TRUE;
}

static gboolean
is_loopback (const guint8 *address)
{
  static const guint8 any[4] = { 0 };

  return address[0] == 127 || memcmp (address, any, sizeof any) == 0;
}

/* ::1, :: and what stands for an IPv4 address of the loopback, RFC 4291, section 2.5.5.2. */
static gboolean
is_loopback6 (const struct in6_addr *address)
{
  if (IN6_IS_ADDR_V4MAPPED (address))
    return is_loopback (&address->s6_addr[12]);
  return IN6_IS_ADDR_LOOPBACK (address) || IN6_IS_ADDR_UNSPECIFIED (address);
}

static gboolean
fail_portless (TramaParser *parser, const TramaToken *token)
{
  return trama_parser_fail (parser, token->at, _ ("an address has a port, as in: %s:5000"), token->text);
}

/* "127.0.0.1:5000" */
static gboolean
read_ipv4 (TramaParser *parser, const TramaToken *token, TramaOperand *operand)
{
  const char *colon = strchr (token->text, ':');
  gsize size = colon != NULL ? (gsize) (colon - token->text) : token->size;
  g_autofree char *host = g_strndup (token->text, size);
  struct sockaddr_in address = { .sin_family = AF_INET };

  if (inet_pton (AF_INET, host, &address.sin_addr) != 1)
    return trama_parser_fail (parser, token->at, _ ("\"%s\" is not an IPv4 address"), host);
  if (!is_loopback ((const guint8 *) &address.sin_addr))
    return trama_parser_fail (parser, token->at,
                              _ ("sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0"));
  if (colon == NULL)
    return fail_portless (parser, token);
  if (!read_port (parser, token->at + size + 1, colon + 1, &address.sin_port))
    return FALSE;
  set_address (parser, operand, &address, sizeof address);
  return TRUE;
}

/* "[::1]:5000" */
static gboolean
read_ipv6 (TramaParser *parser, const TramaToken *token, TramaOperand *operand)
{
  const char *end = strchr (token->text, ']');
  gsize size = end != NULL ? (gsize) (end - token->text - 1) : token->size - 1;
  g_autofree char *host = g_strndup (token->text + 1, size);
  struct sockaddr_in6 address = { .sin6_family = AF_INET6 };

  if (end == NULL)
    return trama_parser_fail (parser, token->at, _ ("an IPv6 address stands in brackets, as in: %s"),
                              "[::1]:5000");
  if (inet_pton (AF_INET6, host, &address.sin6_addr) != 1)
    return trama_parser_fail (parser, token->at, _ ("\"%s\" is not an IPv6 address"), host);
  if (!is_loopback6 (&address.sin6_addr))
    return trama_parser_fail (
        parser, token->at,
        _ ("sessions stay on the loopback: addresses are [::1], [::] and [::ffff:127.x.y.z]"));
  if (end[1] == '\0')
    return fail_portless (parser, token);
  if (!read_port (parser, token->at + size + 3, end + 2, &address.sin6_port))
    return FALSE;
  if (parser->ipv6 == NULL && IN6_IS_ADDR_LOOPBACK (&address.sin6_addr))
    parser->ipv6 = token->at;
  set_address (parser, operand, &address, sizeof address);
  return TRUE;
}

static gboolean
read_literal (TramaParser *parser, TramaOperand *operand)
{
  const TramaToken token = parser->token;
  gboolean done = token.text[0] == '[' ? read_ipv6 (parser, &token, operand)
                                       : read_ipv4 (parser, &token, operand);

  if (done)
    trama_parser_advance (parser);
  return done;
}

/* A conversation is dissolved by connecting to it, connect(2). */
static void
read_unspec (TramaParser *parser, TramaOperand *operand)
{
  struct sockaddr address = { .sa_family = AF_UNSPEC };

  set_address (parser, operand, &address, sizeof address);
  trama_parser_advance (parser);
}

/* A name is a file's in the session's own folder, and is to be read on the screen. */
static gboolean
check_name (TramaParser *parser, const TramaToken *token)
{
  const char *name = token->text[0] == '@' ? token->text + 1 : token->text;

  if (name[0] == '\0' || token->size > TRAMA_SESSION_MAX_NAME_BYTES)
    return trama_parser_exceed (parser, token->at, _ ("a name has 1 to %d bytes"),
                                TRAMA_SESSION_MAX_NAME_BYTES);
  if (strlen (token->text) != token->size || !g_utf8_validate_len (token->text, token->size, NULL))
    return trama_parser_fail (parser, token->at, _ ("a name is made of characters that can be printed"));
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return trama_parser_fail (parser, token->at, _ ("a name is made of characters that can be printed"));
  if (strchr (name, '/') != NULL || strstr (name, "..") != NULL || strcmp (name, ".") == 0)
    return trama_parser_fail (
        parser, token->at, _ ("sessions stay in a folder of their own: a name is without \"/\" and \"..\""));
  return TRUE;
}

/* Reads unix(7) names: one that begins with "@" is abstract, of another the address holds its 0. */
static gboolean
read_unix_name (TramaParser *parser, TramaOperand *operand)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize size = offsetof (struct sockaddr_un, sun_path);
  TramaToken token;

  if (!trama_parser_read_token (parser, TRAMA_TOKEN_STRING, "unix(\"phone\")", &token)
      || !check_name (parser, &token))
    return FALSE;
  memcpy (address.sun_path, token.text, token.size);
  if (address.sun_path[0] == '@')
    address.sun_path[0] = '\0';
  else
    size++;
  set_address (parser, operand, &address, size + token.size);
  return TRUE;
}

gboolean
trama_parser_read_unix (TramaParser *parser, TramaStep *step, guint parameter)
{
  return read_unix_name (parser, &step->operands[parameter]);
}

gboolean
trama_parser_read_path (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  const TramaToken token = parser->token;

  if (token.kind != TRAMA_TOKEN_STRING)
    return trama_parser_fail_argument (parser, token.at, step, parameter);
  if (!check_name (parser, &token))
    return FALSE;
  operand->kind = TRAMA_OPERAND_DATA;
  operand->size = (guint32) token.size;
  operand->bytes = (const guint8 *) token.text;
  trama_parser_advance (parser);
  return TRUE;
}

gboolean
trama_parser_read_sender (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];
  const TramaToken name = parser->token;
  const TramaVariable *variable = trama_parser_read_descriptor (parser, step, parameter);

  if (variable == NULL)
    return FALSE;
  if (!variable->has_sender)
    return trama_parser_fail (parser, name.at,
                              _ ("nothing was received on \"%s\" yet; recvfrom tells the sender"), name.text);
  operand->kind = TRAMA_OPERAND_SENDER;
  operand->number = trama_parser_variable_index (parser, variable);
  return TRUE;
}

gboolean
trama_parser_read_known_address (TramaParser *parser, TramaOperand *operand)
{
  if (parser->token.kind == TRAMA_TOKEN_ADDRESS)
    return read_literal (parser, operand);
  if (trama_parser_at_word (parser, "unspec"))
    {
      read_unspec (parser, operand);
      return TRUE;
    }
  if (!trama_parser_at_word (parser, "unix"))
    return trama_parser_fail (parser, parser->token.at, _ ("expected an address that is known, as in: %s"),
                              "127.0.0.1:5000");
  trama_parser_advance (parser);
  return trama_parser_read_symbol (parser, '(') && read_unix_name (parser, operand)
         && trama_parser_read_symbol (parser, ')');
}

gboolean
trama_parser_read_address (TramaParser *parser, TramaStep *step, guint parameter)
{
  TramaOperand *operand = &step->operands[parameter];

  if (parser->token.kind == TRAMA_TOKEN_ADDRESS)
    return read_literal (parser, operand);
  if (trama_parser_at_symbol (parser, ':'))
    return trama_parser_fail (parser, parser->token.at, _ ("an IPv6 address stands in brackets, as in: %s"),
                              "[::1]:5000");
  if (!trama_parser_at_word (parser, "unspec"))
    return trama_parser_read_function (parser, step, parameter);
  read_unspec (parser, operand);
  return TRUE;
}
