/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/decode/summary.h"
#include "core/flow/reassembly.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* What is missing of a datagram may come yet, when the capture ends so soon behind what came of it. */
#define FRAGMENTS_AWAITED_NS G_GINT64_CONSTANT (1000000000)

/* The first error about the flow's packets that tells of @fate; NULL: none does. */
static const TramaIcmpError *
find_error (const TramaCase *evidence, guint flow, TramaFate fate)
{
  const TramaTalk *talk = &evidence->talks[flow];

  return talk->n_complaints[fate] > 0
             ? &g_array_index (evidence->errors, TramaIcmpError, talk->complaints[fate])
             : NULL;
}

/* Who sent what the error quotes, whom it was for, and who complains. */
typedef struct
{
  char *sender;
  char *receiver;
  char *teller;
} Parties;

static Parties
name_parties (const TramaCase *evidence, guint flow, const TramaIcmpError *error)
{
  return (Parties){
    .sender = trama_case_name_side (evidence, flow, error->side),
    .receiver = trama_endpoint_format (
        &trama_flow_table_get_flow (evidence->table, flow)->endpoint[!error->side]),
    .teller = trama_endpoint_format (&error->teller),
  };
}

static void
parties_clear (Parties *parties)
{
  g_free (parties->sender);
  g_free (parties->receiver);
  g_free (parties->teller);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parties, parties_clear)

/* An older router does not tell: RFC 1191, section 4. */
static char *
describe_too_big (const Parties *parties, guint n, guint32 mtu_bytes)
{
  if (mtu_bytes > 0)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "%u packet of %s to %s was too large: %s can pass on no more than %u bytes.",
                     "%u packets of %s to %s were too large: %s can pass on no more than %u bytes.", n),
        n, parties->sender, parties->receiver, parties->teller, mtu_bytes);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u packet of %s to %s was too large for %s to pass on.",
                                       "%u packets of %s to %s were too large for %s to pass on.", n),
                          n, parties->sender, parties->receiver, parties->teller);
}

void
trama_judge_too_big (TramaCase *evidence, guint flow)
{
  const TramaIcmpError *error = find_error (evidence, flow, TRAMA_FATE_TOO_BIG);
  g_auto (Parties) parties = { NULL };
  TramaPlace place;

  if (error == NULL)
    return;
  parties = name_parties (evidence, flow, error);
  place = trama_case_place_packet (evidence, error->packet, flow, error->side);
  trama_case_report (
      evidence, &place,
      describe_too_big (&parties, evidence->talks[flow].n_complaints[TRAMA_FATE_TOO_BIG], error->mtu_bytes));
}

/* What it means for an attempt to open a connection is another rule's. */
void
trama_judge_undelivered (TramaCase *evidence, guint flow)
{
  const TramaIcmpError *error = find_error (evidence, flow, TRAMA_FATE_UNREACHABLE);
  guint n = evidence->talks[flow].n_complaints[TRAMA_FATE_UNREACHABLE];
  g_auto (Parties) parties = { NULL };
  g_autofree char *reason = NULL;
  TramaPlace place;

  if (error == NULL
      || (trama_flow_table_get_flow (evidence->table, flow)->protocol == IPPROTO_TCP
          && !trama_case_is_established (evidence, flow)))
    return;
  parties = name_parties (evidence, flow, error);
  reason = trama_icmp_format (error->ip_version, error->type, error->code);
  place = trama_case_place_packet (evidence, error->packet, flow, error->side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE, "%u packet of %s did not reach %s: %s answered by ICMP with “%s”.",
                       "%u packets of %s did not reach %s: %s answered by ICMP, the first time with “%s”.",
                       n),
          n, parties.sender, parties.receiver, parties.teller, reason));
}

void
trama_judge_expired (TramaCase *evidence, guint flow)
{
  const TramaIcmpError *error = find_error (evidence, flow, TRAMA_FATE_EXPIRED);
  guint n = evidence->talks[flow].n_complaints[TRAMA_FATE_EXPIRED];
  g_auto (Parties) parties = { NULL };
  TramaPlace place;

  if (error == NULL)
    return;
  parties = name_parties (evidence, flow, error);
  place = trama_case_place_packet (evidence, error->packet, flow, error->side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%u packet of %s got no farther than %s on its way to %s: its time to live ran out.",
                       "%u packets of %s got no farther than routers on their way to %s, the first of them "
                       "%s: their time to live ran out.",
                       n),
          n, parties.sender, n == 1 ? parties.teller : parties.receiver,
          n == 1 ? parties.receiver : parties.teller));
}

void
trama_judge_not_reassembled (TramaCase *evidence, guint flow)
{
  const TramaIcmpError *error = find_error (evidence, flow, TRAMA_FATE_INCOMPLETE);
  guint n = evidence->talks[flow].n_complaints[TRAMA_FATE_INCOMPLETE];
  g_auto (Parties) parties = { NULL };
  TramaPlace place;

  if (error == NULL)
    return;
  parties = name_parties (evidence, flow, error);
  place = trama_case_place_packet (evidence, error->packet, flow, error->side);
  trama_case_report (
      evidence, &place,
      g_strdup_printf (
          g_dngettext (GETTEXT_PACKAGE,
                       "%u datagram of %s was lost: %s did not get all of its fragments in time.",
                       "%u datagrams of %s were lost: %s did not get all of their fragments in time.", n),
          n, parties.sender, parties.teller));
}

static void
report_incomplete (TramaCase *evidence, const TramaIncomplete *incomplete)
{
  g_autofree char *sender = trama_case_name_side (evidence, incomplete->flow, incomplete->side);
  guint missing = incomplete->whole_bytes - incomplete->captured_bytes;
  TramaPlace place = trama_case_place_packet (evidence, incomplete->first, incomplete->flow,
                                              incomplete->side);

  place.span.end_ns = incomplete->last_ns;
  trama_case_report (
      evidence, &place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                    "Of a datagram of %s with %u bytes %u byte is not in the capture: a "
                                    "fragment is missing.",
                                    "Of a datagram of %s with %u bytes %u bytes are not in the capture: "
                                    "fragments are missing.",
                                    missing),
                       sender, incomplete->whole_bytes, missing));
}

void
trama_judge_fragments (TramaCase *evidence)
{
  g_autoptr (GArray) found = trama_reassembly_find_incomplete (evidence->table);

  for (guint i = 0; i < found->len; i++)
    {
      const TramaIncomplete *incomplete = &g_array_index (found, TramaIncomplete, i);

      if (evidence->end_ns - incomplete->last_ns >= FRAGMENTS_AWAITED_NS)
        report_incomplete (evidence, incomplete);
    }
}
