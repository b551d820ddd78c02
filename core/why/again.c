/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>

/* When so many in a row went unanswered, each has waited longer than the one before: RFC 6298, section 5.5. */
#define BACKOFF_MIN 2

/* The sentence about @n segments that a side had to send again. */
typedef char *(*Describe) (const char *sender, guint n);

static void
judge_again (TramaCase *evidence, guint flow, TramaAgain again, Describe describe)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaTalkSide *own = &evidence->talks[flow].side[side];
      g_autofree char *sender = NULL;
      TramaPlace place;

      if (own->n_again[again] == 0)
        continue;
      sender = trama_case_name_side (evidence, flow, side);
      place = trama_case_place_packet (evidence, own->again[again], flow, side);
      trama_case_report (evidence, &place, describe (sender, own->n_again[again]));
    }
}

/* How long after its first sending a segment was sent again; TRAMA_TIME_NONE: that was not captured. */
static gint64
find_waited_ns (const TramaCase *evidence, guint flow, guint32 packet)
{
  g_autoptr (TramaSegments) segments = trama_segments_new (evidence->table, flow);
  const TramaSegmentFacts *facts = trama_segments_find (segments, packet);

  if (facts == NULL || facts->other == G_MAXUINT32)
    return TRAMA_TIME_NONE;
  return trama_case_packet_ns (evidence, packet) - trama_case_packet_ns (evidence, facts->other);
}

/* The same, and how long the first of them was waited for. */
typedef char *(*DescribeWait) (const char *sender, guint n, gint64 waited_ns);

static void
judge_waited (TramaCase *evidence, guint flow, TramaAgain again, DescribeWait describe)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaTalkSide *own = &evidence->talks[flow].side[side];
      g_autofree char *sender = NULL;
      TramaPlace place;

      if (own->n_again[again] == 0)
        continue;
      sender = trama_case_name_side (evidence, flow, side);
      place = trama_case_place_packet (evidence, own->again[again], flow, side);
      trama_case_report (
          evidence, &place,
          describe (sender, own->n_again[again], find_waited_ns (evidence, flow, own->again[again])));
    }
}

static char *
describe_timeout (const char *sender, guint n, gint64 waited_ns)
{
  g_autofree char *waited = NULL;

  if (waited_ns == TRAMA_TIME_NONE)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "%s sent %u segment again, after waiting for its ACK in vain.",
                     "%s sent %u segments again, after waiting for their ACK in vain.", n),
        sender, n);
  waited = trama_duration_format (waited_ns);
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s sent %u segment again, after waiting for its ACK in vain for %s.",
                   "%s sent %u segments again, after waiting for their ACK in vain, for the first for %s.",
                   n),
      sender, n, waited);
}

void
trama_judge_timeout (TramaCase *evidence, guint flow)
{
  judge_waited (evidence, flow, TRAMA_AGAIN_TIMEOUT, describe_timeout);
}

static char *
describe_tail (const char *sender, guint n, gint64 waited_ns)
{
  g_autofree char *waited = trama_duration_format (MAX (waited_ns, 0));

  return g_strdup_printf (
      g_dngettext (
          GETTEXT_PACKAGE,
          "%s sent its last segment again %u time, after %s without an ACK: after a timeout, or as a "
          "probe.",
          "%s sent its last segment again %u times, for the first after %s without an ACK: after a "
          "timeout, or as a probe.",
          n),
      sender, n, waited);
}

void
trama_judge_tail (TramaCase *evidence, guint flow)
{
  judge_waited (evidence, flow, TRAMA_AGAIN_TAIL, describe_tail);
}

static char *
describe_fast (const char *sender, guint n)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s sent %u segment again, as duplicate ACKs asked for it.",
                                       "%s sent %u segments again, as duplicate ACKs asked for them.", n),
                          sender, n);
}

void
trama_judge_fast (TramaCase *evidence, guint flow)
{
  judge_again (evidence, flow, TRAMA_AGAIN_FAST, describe_fast);
}

static char *
describe_tail_probe (const char *sender, guint n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%s sent its last segment again %u time, to see whether it was lost.",
                   "%s sent its last segment again %u times, to see whether it was lost.", n),
      sender, n);
}

void
trama_judge_tail_probe (TramaCase *evidence, guint flow)
{
  judge_again (evidence, flow, TRAMA_AGAIN_PROBE, describe_tail_probe);
}

static char *
describe_spurious (const char *sender, guint n)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s sent %u segment again that had arrived.",
                                       "%s sent %u segments again that had arrived.", n),
                          sender, n);
}

void
trama_judge_spurious (TramaCase *evidence, guint flow)
{
  judge_again (evidence, flow, TRAMA_AGAIN_SPURIOUS, describe_spurious);
}

static char *
describe_unseen (const char *sender, guint n)
{
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "%s sent %u segment again that had not been captured before: it was lost on its way here.",
                   "%s sent %u segments again that had not been captured before: they were lost on their way "
                   "here.",
                   n),
      sender, n);
}

void
trama_judge_lost_before (TramaCase *evidence, guint flow)
{
  judge_again (evidence, flow, TRAMA_AGAIN_UNSEEN, describe_unseen);
}

/* Whether nothing came any more from the peer of a side that sent the same again and again. */
static gboolean
is_vanished (const TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *own = &evidence->talks[flow].side[side], *peer = &evidence->talks[flow].side[!side];

  if (own->longest.n_timeouts < BACKOFF_MIN || peer->last == TRAMA_CASE_NONE
      || !trama_case_is_established (evidence, flow))
    return FALSE;
  return trama_case_packet_ns (evidence, peer->last) < trama_case_packet_ns (evidence, own->longest.first);
}

/* From the first time that the segment was sent again to the last. */
static TramaPlace
place_backoff (const TramaCase *evidence, guint flow, guint side)
{
  const TramaBackoff *longest = &evidence->talks[flow].side[side].longest;
  TramaPlace place = trama_case_place_packet (evidence, longest->first, flow, side);

  place.span.end_ns = trama_case_packet_ns (evidence, longest->last);
  return place;
}

void
trama_judge_backoff (TramaCase *evidence, guint flow)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaTalkSide *own = &evidence->talks[flow].side[side];
      g_autofree char *sender = NULL, *tried = NULL;
      TramaPlace place;

      if (own->longest.n_timeouts < BACKOFF_MIN || is_vanished (evidence, flow, side))
        continue;
      place = place_backoff (evidence, flow, side);
      sender = trama_case_name_side (evidence, flow, side);
      tried = trama_duration_format (place.span.end_ns - place.span.start_ns);
      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("%s sent the same segment again %u times in %s, until an answer came."), sender,
                           own->longest.n_sent, tried));
    }
}

void
trama_judge_vanished (TramaCase *evidence, guint flow)
{
  for (guint side = 0; side < 2; side++)
    {
      g_autofree char *sender = NULL, *peer = NULL, *silent = NULL;
      TramaPlace place;
      guint n;

      if (!is_vanished (evidence, flow, side))
        continue;
      place = place_backoff (evidence, flow, side);
      sender = trama_case_name_side (evidence, flow, side);
      peer = trama_case_name_side (evidence, flow, !side);
      n = evidence->talks[flow].side[side].longest.n_sent;
      silent = trama_duration_format (
          place.span.end_ns - trama_case_packet_ns (evidence, evidence->talks[flow].side[!side].last));
      trama_case_report (
          evidence, &place,
          g_strdup_printf (_ ("%s sent the same segment again %u times, and nothing came from %s for %s."),
                           sender, n, peer, silent));
    }
}
