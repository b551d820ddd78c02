/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/explainer.h"
#include "core/decode/gre.h"
#include "core/decode/names.h"

#include <glib/gi18n-lib.h>

/* The headers between the link and the packet: tags, labels and tunnels. */

static void
explain_tag (const TramaExplainer *explainer, gsize offset)
{
  guint16 control = trama_read_u16 (explainer->data + offset);

  trama_explainer_add (explainer, 0, offset, 4, N_ ("VLAN tag"), g_strdup_printf ("%u", control & 0x0fffu),
                       NULL);
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Priority"), g_strdup_printf ("%u", control >> 13), NULL);
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Drop eligible"),
                       g_strdup ((control & 0x1000) != 0 ? _ ("set") : _ ("not set")), NULL);
  trama_explainer_add (explainer, 1, offset, 2, N_ ("VLAN identifier"),
                       g_strdup_printf ("%u", control & 0x0fffu), NULL);
  trama_explain_ether_type (explainer, offset + 2);
}

/* Where no small number would be a length. */
static void
add_type (const TramaExplainer *explainer, gsize offset)
{
  guint16 ether_type = trama_read_u16 (explainer->data + offset);
  const char *name = trama_ether_type_name (ether_type);

  trama_explainer_add (explainer, 1, offset, 2, N_ ("Type"), g_strdup_printf ("0x%04x", ether_type),
                       g_strdup (name != NULL ? name : _ ("unknown type")));
}

/* RFC 3032, section 2.1 */
static const char *
describe_label (guint32 label)
{
  switch (label)
    {
    case 0:
      return _ ("explicit null: IPv4 follows");
    case 1:
      return _ ("router alert");
    case 2:
      return _ ("explicit null: IPv6 follows");
    case 3:
      return _ ("implicit null");
    default:
      return NULL;
    }
}

static void
explain_mpls (const TramaExplainer *explainer, gsize offset)
{
  guint32 entry = trama_read_u32 (explainer->data + offset);
  gboolean is_bottom = (entry & 0x100) != 0;

  trama_explainer_add (explainer, 0, offset, 4, N_ ("MPLS label"), g_strdup_printf ("%u", entry >> 12), NULL);
  trama_explainer_add (explainer, 1, offset, 3, N_ ("Label"), g_strdup_printf ("%u", entry >> 12),
                       g_strdup (describe_label (entry >> 12)));
  trama_explainer_add (explainer, 1, offset + 2, 1, N_ ("Traffic class"),
                       g_strdup_printf ("%u", entry >> 9 & 7), NULL);
  trama_explainer_add (explainer, 1, offset + 2, 1, N_ ("Bottom of stack"),
                       g_strdup (is_bottom ? _ ("set") : _ ("not set")),
                       is_bottom ? g_strdup (_ ("no label follows")) : NULL);
  trama_explainer_add_number (explainer, 1, offset + 3, 1, N_ ("Time to live"), NULL);
}

static void
explain_pppoe (const TramaExplainer *explainer, gsize offset)
{
  const guint8 *header = explainer->data + offset;
  guint16 session = trama_read_u16 (header + 2);
  guint16 size = trama_read_u16 (header + 4);

  trama_explainer_add (explainer, 0, offset, 6, N_ ("PPPoE session"), g_strdup_printf ("0x%04x", session),
                       NULL);
  trama_explainer_add (explainer, 1, offset, 1, N_ ("Version and type"),
                       g_strdup_printf ("0x%02x", header[0]), NULL);
  trama_explainer_add_number (explainer, 1, offset + 1, 1, N_ ("Code"), _ ("session data"));
  trama_explainer_add (explainer, 1, offset + 2, 2, N_ ("Session identifier"),
                       g_strdup_printf ("0x%04x", session), NULL);
  trama_explainer_add (
      explainer, 1, offset + 4, 2, N_ ("Payload length"), trama_explainer_count_bytes (size),
      g_strdup (offset + 6 + size > explainer->length ? _ ("more than the packet holds") : NULL));
  trama_explain_ppp (explainer, offset + 6, offset + 8);
}

static void
explain_llc (const TramaExplainer *explainer, gsize offset)
{
  const guint8 *header = explainer->data + offset;

  trama_explainer_add (explainer, 0, offset, 8, "LLC, SNAP", NULL, NULL);
  trama_explainer_add (explainer, 1, offset, 1, "DSAP", g_strdup_printf ("0x%02x", header[0]),
                       g_strdup ("SNAP"));
  trama_explainer_add (explainer, 1, offset + 1, 1, "SSAP", g_strdup_printf ("0x%02x", header[1]),
                       g_strdup ("SNAP"));
  trama_explainer_add (explainer, 1, offset + 2, 1, N_ ("Control"), g_strdup_printf ("0x%02x", header[2]),
                       g_strdup (_ ("unnumbered information")));
  trama_explainer_add (explainer, 1, offset + 3, 3, N_ ("Organization"),
                       g_strdup_printf ("%02x:%02x:%02x", header[3], header[4], header[5]),
                       g_strdup (_ ("the type is one of Ethernet")));
  add_type (explainer, offset + 6);
}

/* A field of four bytes that is there when its flag is set. */
static void
add_gre_word (const TramaExplainer *explainer, gsize *at, gboolean is_there, const char *name)
{
  if (!is_there)
    return;
  trama_explainer_add_number (explainer, 1, *at, 4, name, NULL);
  *at += 4;
}

static void
explain_gre (const TramaExplainer *explainer, gsize offset)
{
  static const struct
  {
    guint16 flag;
    const char *name;
    const char *meaning;
  } flags[] = {
    { TRAMA_GRE_CHECKSUM, N_ ("Checksum present"), N_ ("of header and payload") },
    { TRAMA_GRE_ROUTING, N_ ("Routing present"), N_ ("withdrawn; what follows is not decoded") },
    { TRAMA_GRE_KEY, N_ ("Key present"), N_ ("tells tunnels between the same ends apart") },
    { TRAMA_GRE_SEQUENCE, N_ ("Sequence number present"), N_ ("shows loss and order") },
  };
  guint16 set = trama_read_u16 (explainer->data + offset);
  guint version = set & TRAMA_GRE_VERSION;
  gsize at = offset + 4;

  trama_explainer_add (explainer, 0, offset, trama_gre_header_bytes (set), "GRE", NULL, NULL);
  trama_explainer_add (explainer, 1, offset, 2, N_ ("Flags"), g_strdup_printf ("0x%04x", set & 0xfff8u),
                       NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (flags); i++)
    trama_explainer_add_bit (explainer, offset, 1, flags[i].name, (set & flags[i].flag) != 0,
                             _ (flags[i].meaning));
  trama_explainer_add (explainer, 1, offset + 1, 1, N_ ("Version"), g_strdup_printf ("%u", version), NULL);
  add_type (explainer, offset + 2);
  if ((set & (TRAMA_GRE_CHECKSUM | TRAMA_GRE_ROUTING)) != 0)
    {
      trama_explainer_add (explainer, 1, at, 2, N_ ("Checksum"),
                           g_strdup_printf ("0x%04x", trama_read_u16 (explainer->data + at)), NULL);
      at += 4;
    }
  add_gre_word (explainer, &at, (set & TRAMA_GRE_KEY) != 0, N_ ("Key"));
  add_gre_word (explainer, &at, (set & TRAMA_GRE_SEQUENCE) != 0, N_ ("Sequence number"));
  add_gre_word (explainer, &at, version == 1 && (set & TRAMA_GRE_ACKNOWLEDGMENT) != 0,
                N_ ("Acknowledgment number"));
}

/* By TramaHeaderKind. */
static const struct
{
  const char *name;
  guint min_bytes;
  void (*explain) (const TramaExplainer *explainer, gsize offset);
} kinds[] = {
  [TRAMA_HEADER_ETHERNET] = { "Ethernet II", 14, trama_explain_ethernet },
  [TRAMA_HEADER_TAG] = { N_ ("VLAN tag"), 4, explain_tag },
  [TRAMA_HEADER_MPLS] = { N_ ("MPLS label"), 4, explain_mpls },
  [TRAMA_HEADER_PPPOE] = { N_ ("PPPoE session"), 8, explain_pppoe },
  [TRAMA_HEADER_LLC] = { "LLC, SNAP", 8, explain_llc },
  [TRAMA_HEADER_GRE] = { "GRE", 4, explain_gre },
};

void
trama_explain_header (const TramaExplainer *explainer, TramaHeaderKind kind, gsize offset, gboolean whole)
{
  guint size = kinds[kind].min_bytes;

  if (whole)
    {
      kinds[kind].explain (explainer, offset);
      return;
    }
  if (kind == TRAMA_HEADER_GRE && trama_explainer_held (explainer, offset, size) == size)
    size = trama_gre_header_bytes (trama_read_u16 (explainer->data + offset));
  trama_explainer_add (explainer, 0, offset, trama_explainer_held (explainer, offset, size), kinds[kind].name,
                       NULL, NULL);
  trama_explainer_has_header (explainer, offset, size);
}
