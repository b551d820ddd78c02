/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/session/parser.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the kernel lets lo have and IPv4 needs at least, RFC 791. */
#define MIN_MTU 68
#define MAX_MTU 65536

/* TCP_CA_NAME_MAX of the kernel, with its 0. */
#define MAX_CONGESTION_BYTES 15

#define MAX_VALUE_BYTES 100
#define SYSCTL_EXAMPLE "net.ipv4.tcp_syn_retries 2"

typedef struct
{
  const char *name;
  const char *example;
  gboolean (*read) (TramaParser *parser, TramaLabSettings *settings, const char *example);
} Setting;

static gboolean read_mtu (TramaParser *parser, TramaLabSettings *settings, const char *example);
static gboolean read_offload (TramaParser *parser, TramaLabSettings *settings, const char *example);
static gboolean read_congestion (TramaParser *parser, TramaLabSettings *settings, const char *example);
static gboolean read_turns (TramaParser *parser, TramaLabSettings *settings, const char *example);
static gboolean read_time (TramaParser *parser, TramaLabSettings *settings, const char *example);

static const Setting known_settings[] = {
  { "mtu", "mtu 1500", read_mtu },
  { "offload", "offload on", read_offload },
  { "congestion", "congestion reno", read_congestion },
  { "turns", "turns off", read_turns },
  { "time", "time 10s", read_time },
};

G_STATIC_ASSERT (G_N_ELEMENTS (known_settings) <= 32); /* bits of settings_said */

gboolean
trama_parser_read_lab (TramaParser *parser, const char *at, const char *example)
{
  if (parser->lab != NULL)
    return trama_parser_fail (parser, at, _ ("there is a \"lab:\" already"));
  parser->lab = at;
  parser->in_lab = TRUE;
  return trama_parser_read_symbol (parser, ':');
}

static gboolean
read_mtu (TramaParser *parser, TramaLabSettings *settings, const char *example)
{
  gint64 mtu = 0;

  if (!trama_parser_read_integer (parser, _ ("an MTU"), MIN_MTU, MAX_MTU, &mtu))
    return FALSE;
  settings->mtu = (guint) mtu;
  return TRUE;
}

static gboolean
read_switch (TramaParser *parser, const char *example, gboolean *on)
{
  if (!trama_parser_at_word (parser, "on") && !trama_parser_at_word (parser, "off"))
    return trama_parser_fail (parser, parser->token.at, _ ("expected \"on\" or \"off\", as in: %s"), example);
  *on = trama_parser_at_word (parser, "on");
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
read_offload (TramaParser *parser, TramaLabSettings *settings, const char *example)
{
  return read_switch (parser, example, &settings->offload);
}

static gboolean
read_turns (TramaParser *parser, TramaLabSettings *settings, const char *example)
{
  gboolean on = FALSE;

  if (!read_switch (parser, example, &on))
    return FALSE;
  settings->order = on ? TRAMA_ORDER_TURNS : TRAMA_ORDER_FREE;
  return TRUE;
}

static gboolean
read_congestion (TramaParser *parser, TramaLabSettings *settings, const char *example)
{
  const TramaToken name = parser->token;

  if (name.kind != TRAMA_TOKEN_WORD || name.size > MAX_CONGESTION_BYTES
      || strspn (name.text, "abcdefghijklmnopqrstuvwxyz0123456789_") != name.size)
    return trama_parser_fail (parser, name.at,
                              _ ("expected the name of a congestion control in small letters, as in: %s"),
                              example);
  settings->congestion = name.text;
  trama_parser_advance (parser);
  return TRUE;
}

static gboolean
read_time (TramaParser *parser, TramaLabSettings *settings, const char *example)
{
  gint64 duration_ns = 0;
  const char *at = parser->token.at;

  if (!trama_parser_read_duration (parser, example, &duration_ns))
    return FALSE;
  if (duration_ns < 1000000)
    return trama_parser_exceed (parser, at, _ ("a session has at least 1ms"));
  settings->time_ms = (guint) (duration_ns / 1000000);
  return TRUE;
}

gboolean
trama_parser_read_setting (TramaParser *parser, const TramaToken *name)
{
  TramaNearest nearest;

  trama_nearest_init (&nearest, name->text);
  for (guint i = 0; i < G_N_ELEMENTS (known_settings); i++)
    {
      const Setting *setting = &known_settings[i];

      trama_nearest_offer (&nearest, setting->name);
      if (strcmp (setting->name, name->text) != 0)
        continue;
      if (parser->settings_said & 1u << i)
        return trama_parser_fail (parser, name->at, _ ("\"%s\" is set twice"), name->text);
      parser->settings_said |= 1u << i;
      return setting->read (parser, &parser->session->settings, setting->example);
    }
  return trama_parser_fail_unknown (parser, name->at, &nearest, _ ("unknown setting \"%s\""), name->text);
}

gboolean
trama_parser_at_sysctl (const TramaParser *parser)
{
  return parser->lexer.at < parser->lexer.end && *parser->lexer.at == '.';
}

/* "net.ipv4.tcp_sack": it becomes a path below /proc/sys. */
static gboolean
check_sysctl_name (TramaParser *parser, const char *at, const char *name)
{
  gboolean begun = FALSE;

  if (!g_str_has_prefix (name, "net."))
    return trama_parser_fail (
        parser, at, _ ("of the kernel's settings only those of net. can be set, as in: %s"), SYSCTL_EXAMPLE);
  for (const char *c = name; *c != '\0'; c++)
    {
      gboolean plain = g_ascii_islower (*c) || g_ascii_isdigit (*c) || *c == '_' || *c == '-';

      if (!plain && (*c != '.' || !begun))
        return trama_parser_fail (
            parser, at + (c - name),
            _ ("a setting's name is made of a to z, digits, _ and -, in parts joined by one dot"));
      begun = plain;
    }
  if (!begun)
    return trama_parser_fail (parser, at, _ ("this name is not whole; it is as in: %s"), SYSCTL_EXAMPLE);
  return TRUE;
}

static gboolean
check_sysctl_value (TramaParser *parser, const char *at, const char *value)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:+- ";
  gsize size = strspn (value, allowed);

  if (value[0] == '\0')
    return trama_parser_fail (parser, at, _ ("expected a value, as in: %s"), SYSCTL_EXAMPLE);
  if (value[size] != '\0')
    return trama_parser_fail (parser, at + size, _ ("a value is made of numbers and words, as in: %s"),
                              SYSCTL_EXAMPLE);
  if (size > MAX_VALUE_BYTES)
    return trama_parser_exceed (parser, at, _ ("this value is too long; it has at most %d bytes"),
                                MAX_VALUE_BYTES);
  return TRUE;
}

static gboolean
add_sysctl (TramaParser *parser, const char *at, const char *name, const char *value)
{
  GArray *sysctls = parser->session->sysctls;
  TramaSysctl sysctl = { .line = parser->line };

  for (guint i = 0; i < sysctls->len; i++)
    if (strcmp (g_array_index (sysctls, TramaSysctl, i).name, name) == 0)
      return trama_parser_fail (parser, at, _ ("\"%s\" is set twice"), name);
  if (sysctls->len == TRAMA_SESSION_MAX_SETTINGS)
    return trama_parser_exceed (parser, at, _ ("a lab has at most %d settings of the kernel"),
                                TRAMA_SESSION_MAX_SETTINGS);
  sysctl.name = g_string_chunk_insert (parser->session->strings, name);
  sysctl.value = g_string_chunk_insert (parser->session->strings, value);
  g_array_append_val (sysctls, sysctl);
  return TRUE;
}

gboolean
trama_parser_read_sysctl (TramaParser *parser)
{
  const char *at = parser->token.at;
  const char *end = memchr (at, '#', (gsize) (parser->lexer.end - at));
  gsize size = end != NULL ? (gsize) (end - at) : (gsize) (parser->lexer.end - at);
  g_autofree char *line = g_strchomp (g_strndup (at, size));
  gsize name_size = strcspn (line, " \t");
  gsize gap = strspn (line + name_size, " \t");
  const char *value = line + name_size + gap;
  const char *value_at = at + name_size + gap;

  line[name_size] = '\0';
  if (name_size > TRAMA_LEXER_MAX_WORD)
    return trama_parser_exceed (parser, at, _ ("a name, a number or an address has at most 64 characters"));
  return check_sysctl_name (parser, at, line) && check_sysctl_value (parser, value_at, value)
         && add_sysctl (parser, at, line, value);
}
