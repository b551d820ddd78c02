/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>

/* https://www.iana.org/assignments/tcp-parameters */
enum
{
  OPTION_END = 0,
  OPTION_NOP = 1,
  OPTION_MSS = 2,
  OPTION_WINDOW_SCALE = 3,
  OPTION_SACK_PERMITTED = 4,
  OPTION_SACK = 5,
  OPTION_TIMESTAMPS = 8,
  OPTION_MD5 = 19,
  OPTION_USER_TIMEOUT = 28,
  OPTION_AUTHENTICATION = 29,
  OPTION_MPTCP = 30,
  OPTION_FAST_OPEN = 34,
  OPTION_EXPERIMENT_1 = 253,
  OPTION_EXPERIMENT_2 = 254,
};

/* RFC 7413, appendix A: what the fast open option was before it had a number of its own. */
#define EXPERIMENT_FAST_OPEN 0xf989

/* RFC 7323, section 2.3 */
#define WINDOW_SCALE_MAX 14

/* An option whole in the captured bytes, its length checked. */
typedef struct
{
  const TramaExplainer *explainer;
  gsize offset;
  gsize size;
  const guint8 *bytes;
} Option;

static void
add_option (const Option *option, char *value, char *meaning)
{
  const char *name = trama_tcp_option_name (option->bytes[0]);

  trama_explainer_add (option->explainer, 2, option->offset, option->size,
                       name != NULL ? name : N_ ("Unknown option"), value, meaning);
}

/* An option that is only named, or one of a size that it must not have. */
static void
add_counted (const Option *option, const char *meaning)
{
  g_autofree char *count = trama_explainer_count_bytes (option->size);

  add_option (option, g_strdup_printf (_ ("kind %u, %s"), option->bytes[0], count), g_strdup (meaning));
}

static void
add_mss (const Option *option)
{
  add_option (option, g_strdup_printf ("%u", trama_read_u16 (option->bytes + 2)),
              g_strdup (_ ("most data bytes that its sender takes in one segment")));
}

static void
add_window_scale (const Option *option)
{
  guint shift = option->bytes[2];
  guint32 factor = 1u << MIN (shift, WINDOW_SCALE_MAX);

  add_option (option, g_strdup_printf ("%u", shift),
              g_strdup_printf (shift > WINDOW_SCALE_MAX ? _ ("above the limit: taken as 14, windows times %u")
                                                        : _ ("windows after the SYN are multiplied by %u"),
                               factor));
}

static void
add_sack_permitted (const Option *option)
{
  add_option (option, NULL, g_strdup (_ ("its sender understands selective acknowledgments")));
}

/* RFC 2018, section 3: the edges count in the other direction's sequence space. */
static void
add_sack_block (const Option *option, gsize at)
{
  guint32 left = trama_read_u32 (option->bytes + at);
  guint32 right = trama_read_u32 (option->bytes + at + 4);
  guint32 base = option->explainer->acknowledgment_base;
  char *relative = NULL;

  if (base != 0)
    relative = g_strdup_printf (_ ("relative: %u to %u"), left - base, right - base);
  trama_explainer_add (option->explainer, 2, option->offset + at, 8, N_ ("SACK block"),
                       g_strdup_printf (_ ("%u to %u"), left, right), relative);
}

static void
add_sack (const Option *option)
{
  guint blocks = (guint) (option->size - 2) / 8;

  add_option (option,
              g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u block", "%u blocks", blocks), blocks),
              g_strdup (_ ("received, but something before it is missing")));
  for (gsize at = 2; at + 8 <= option->size; at += 8)
    add_sack_block (option, at);
}

static void
add_timestamps (const Option *option)
{
  guint32 value = trama_read_u32 (option->bytes + 2);
  guint32 echo = trama_read_u32 (option->bytes + 6);

  add_option (option, g_strdup_printf ("TSval %u, TSecr %u", value, echo), NULL);
}

/* RFC 5482, section 3: one bit of granularity, then the timeout. */
static void
add_user_timeout (const Option *option)
{
  guint16 field = trama_read_u16 (option->bytes + 2);
  guint count = field & 0x7fffu;

  add_option (option, g_strdup_printf ((field & 0x8000) != 0 ? _ ("%u min") : _ ("%u s"), count), NULL);
}

static void
add_mptcp (const Option *option)
{
  guint8 subtype = option->bytes[2] >> 4;
  const char *name = trama_mptcp_subtype_name (subtype);

  add_option (option, name != NULL ? g_strdup (name) : g_strdup_printf (_ ("subtype %u"), subtype),
              trama_explainer_count_bytes (option->size));
}

static char *
format_hex (const Option *option, gsize at)
{
  GString *digits = g_string_new (NULL);

  for (; at < option->size; at++)
    g_string_append_printf (digits, "%02x", option->bytes[at]);
  return g_string_free (digits, FALSE);
}

/* RFC 7413, section 4.1.1: an empty one asks for a cookie. */
static void
add_fast_open (const Option *option)
{
  if (option->size == 2)
    add_option (option, NULL, g_strdup (_ ("asks for a cookie")));
  else
    add_option (option, format_hex (option, 2), NULL);
}

/* RFC 6994: two bytes tell the experiments apart that share a kind. */
static void
add_experiment (const Option *option)
{
  guint16 identifier = trama_read_u16 (option->bytes + 2);
  g_autofree char *count = trama_explainer_count_bytes (option->size);

  add_option (
      option, g_strdup_printf (_ ("identifier 0x%04x, %s"), identifier, count),
      g_strdup (identifier == EXPERIMENT_FAST_OPEN ? _ ("fast open, before it had its own kind") : NULL));
}

/* RFC 2385 */
static void
add_md5 (const Option *option)
{
  add_option (option, format_hex (option, 2), g_strdup (_ ("digest of segment and a shared key")));
}

/* RFC 5925, section 2.2 */
static void
add_authentication (const Option *option)
{
  g_autofree char *code = format_hex (option, 4);

  add_option (option, g_strdup_printf (_ ("key %u, next key %u"), option->bytes[2], option->bytes[3]),
              g_strdup_printf (_ ("message authentication code %s"), code));
}

/* The options that are read, with the sizes they may have. */
static const struct
{
  guint8 kind;
  guint8 min_bytes;
  guint8 max_bytes;
  guint8 step_bytes; /* between the two */
  void (*add) (const Option *option);
} readers[] = {
  { OPTION_MSS, 4, 4, 1, add_mss },
  { OPTION_WINDOW_SCALE, 3, 3, 1, add_window_scale },
  { OPTION_SACK_PERMITTED, 2, 2, 1, add_sack_permitted },
  { OPTION_SACK, 10, 34, 8, add_sack },
  { OPTION_TIMESTAMPS, 10, 10, 1, add_timestamps },
  { OPTION_USER_TIMEOUT, 4, 4, 1, add_user_timeout },
  { OPTION_MD5, 18, 18, 1, add_md5 },
  { OPTION_AUTHENTICATION, 4, 40, 1, add_authentication },
  { OPTION_MPTCP, 3, 40, 1, add_mptcp },
  { OPTION_FAST_OPEN, 2, 18, 1, add_fast_open },
  { OPTION_EXPERIMENT_1, 4, 40, 1, add_experiment },
  { OPTION_EXPERIMENT_2, 4, 40, 1, add_experiment },
};

static void
explain_option (const Option *option)
{
  guint8 kind = option->bytes[0];

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (readers[i].kind != kind)
        continue;
      if (option->size < readers[i].min_bytes || option->size > readers[i].max_bytes
          || (option->size - readers[i].min_bytes) % readers[i].step_bytes != 0)
        add_counted (option, _ ("not the size that it must have"));
      else
        readers[i].add (option);
      return;
    }
  if (kind == OPTION_END || kind == OPTION_NOP)
    add_option (option, NULL, NULL);
  else
    add_counted (option, NULL);
}

/* RFC 9293, section 3.2: kinds 0 and 1 are one byte, the others tell their size. 0: it does not fit. */
static gsize
option_bytes (const guint8 *bytes, gsize room)
{
  if (bytes[0] == OPTION_END || bytes[0] == OPTION_NOP)
    return 1;
  if (room < 2 || bytes[1] < 2 || bytes[1] > room)
    return 0;
  return bytes[1];
}

void
trama_explain_tcp_options (const TramaExplainer *explainer, gsize offset, gsize end)
{
  gsize limit = offset + trama_explainer_held (explainer, offset, end - offset);
  Option option = { .explainer = explainer };

  trama_explainer_add_bytes (explainer, 1, offset, end - offset, N_ ("Options"),
                             limit < end ? _ ("not all of them are here") : NULL);
  while (offset < limit)
    {
      option.offset = offset;
      option.bytes = explainer->data + offset;
      option.size = option_bytes (option.bytes, limit - offset);
      if (option.size == 0)
        {
          option.size = limit - offset;
          add_counted (&option, limit < end ? _ ("cut short") : _ ("damaged: its length does not fit"));
          return;
        }
      explain_option (&option);
      if (option.bytes[0] == OPTION_END)
        return;
      offset += option.size;
    }
}
