/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/why/rule.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Data that waited for an acknowledgment had been written well before it left. */
#define WRITTEN_BEFORE_NS (5 * G_GINT64_CONSTANT (1000000))

/* The call that wrote the byte at @offset of the stream; NULL: it is not known. */
static const TramaCall *
find_write (const TramaCase *evidence, guint64 socket, guint64 offset)
{
  guint32 number = trama_case_socket_number (evidence, socket);

  for (guint32 i = number != TRAMA_CASE_NONE ? evidence->first_call[number] : 0;
       number != TRAMA_CASE_NONE && i < evidence->first_call[number + 1]; i++)
    {
      const TramaCall *call = trama_store_get_call (evidence->store, evidence->calls[i]);
      TramaDeed deed;

      trama_deed_read (call, &deed);
      if (deed.kind == TRAMA_DEED_SENDS && deed.is_done && call->stream_offset <= offset
          && offset < call->stream_offset + deed.moved_bytes)
        return call;
    }
  return NULL;
}

/* Of several waits the longest is told. */
static char *
describe_times (guint n)
{
  if (n < 2)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, " This was the longest of %u such waits.",
                                       " This was the longest of %u such waits.", n),
                          n);
}

static void
report_held (TramaCase *evidence, const TramaPlace *place, guint32 bytes, guint n)
{
  g_autofree char *times = describe_times (n);
  g_autofree char *writer = trama_case_name_side (evidence, place->flow, place->side);
  g_autofree char *reader = trama_case_name_side (evidence, place->flow, !place->side);
  g_autofree char *held = trama_duration_format (place->span.end_ns - place->span.start_ns);

  trama_case_report (
      evidence, place,
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                    "%s had written %u byte, which waited %s for an ACK that %s delayed.%s",
                                    "%s had written %u bytes, which waited %s for an ACK that %s delayed.%s",
                                    bytes),
                       writer, bytes, held, reader, times));
}

/* From packets alone: a writer cannot see an ACK come, and so hardly writes by chance just when it does. */
static void
report_probably_held (TramaCase *evidence, const TramaPlace *place, guint32 bytes, guint n)
{
  g_autofree char *times = describe_times (n);
  g_autofree char *writer = trama_case_name_side (evidence, place->flow, place->side);
  g_autofree char *reader = trama_case_name_side (evidence, place->flow, !place->side);
  g_autofree char *held = trama_duration_format (place->span.end_ns - place->span.start_ns);

  trama_case_report (
      evidence, place,
      g_strdup_printf (
          g_dngettext (
              GETTEXT_PACKAGE,
              "%s sent %u byte only with the ACK that %s delayed by %s: it had probably been written "
              "before.%s",
              "%s sent %u bytes only with the ACK that %s delayed by %s: they had probably been written "
              "before.%s",
              bytes),
          writer, bytes, reader, held, times));
}

static void
judge_held (TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *own = &evidence->talks[flow].side[side];
  guint64 socket = trama_flow_table_get_flow (evidence->table, flow)->socket[side];
  const TramaCall *write;
  TramaSegment segment;
  TramaPlace place;

  if (own->held == TRAMA_CASE_NONE)
    return;
  trama_flow_table_get_segment (evidence->table, own->held, &segment);
  place = trama_case_place_packet (evidence, own->held, flow, side);
  if (socket == TRAMA_SOCKET_NONE)
    {
      place.span.start_ns -= own->held_ns;
      if (own->held_is_plain)
        report_probably_held (evidence, &place, segment.payload_bytes, own->n_held);
      return;
    }
  write = find_write (evidence, socket, segment.sequence - 1);
  if (write == NULL || write->exit_ns + WRITTEN_BEFORE_NS > place.span.start_ns)
    return;
  place.span.start_ns = write->entry_ns;
  report_held (evidence, &place, segment.payload_bytes, own->n_held);
}

void
trama_judge_nagle (TramaCase *evidence, guint flow)
{
  if (trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
    return;
  for (guint side = 0; side < 2; side++)
    judge_held (evidence, flow, side);
}

/* The most that waited to be sent, in the samples of a span; 0: none tells. */
static guint32
find_waiting (const TramaCase *evidence, guint64 socket, TramaSpan span)
{
  guint32 number = trama_case_socket_number (evidence, socket);
  guint32 most = 0;

  for (guint32 i = number != TRAMA_CASE_NONE ? evidence->first_state[number] : 0;
       number != TRAMA_CASE_NONE && i < evidence->first_state[number + 1]; i++)
    {
      const TramaSocketState *state = trama_store_get_state (evidence->store, evidence->states[i]);

      if (state->time_ns >= span.start_ns && state->time_ns <= span.end_ns)
        most = MAX (most, state->send_queue_bytes);
    }
  return most;
}

/* A window that was never opened again is shut until the connection is reset. */
static gint64
shut_end_ns (const TramaCase *evidence, guint flow)
{
  const TramaTalkSide *a = &evidence->talks[flow].side[0], *b = &evidence->talks[flow].side[1];

  if (a->rst != TRAMA_CASE_NONE || b->rst != TRAMA_CASE_NONE)
    return trama_case_packet_ns (evidence, a->rst != TRAMA_CASE_NONE ? a->rst : b->rst);
  return evidence->end_ns;
}

static void
judge_shut (TramaCase *evidence, guint flow, guint side)
{
  const TramaTalkSide *own = &evidence->talks[flow].side[side];
  g_autofree char *reader = NULL, *shut = NULL, *waiting = NULL;
  guint32 bytes;
  TramaPlace place;

  if (own->shut_most == TRAMA_CASE_NONE)
    return;
  place = trama_case_place_packet (evidence, own->shut_most, flow, side);
  place.span.end_ns = own->shut_ns > 0 ? place.span.start_ns + own->shut_ns : shut_end_ns (evidence, flow);
  bytes = find_waiting (evidence, trama_flow_table_get_flow (evidence->table, flow)->socket[!side],
                        place.span);
  reader = trama_case_name_side (evidence, flow, side);
  shut = trama_duration_format (place.span.end_ns - place.span.start_ns);
  waiting = bytes > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "; %u byte waited to be sent",
                                                      "; %u bytes waited to be sent", bytes),
                                         bytes)
                      : g_strdup ("");
  trama_case_report (
      evidence, &place,
      g_strdup_printf (trama_flow_table_get_flow (evidence->table, flow)->socket[side] != TRAMA_SOCKET_NONE
                           ? _ ("%s did not read, and had its window shut for %s%s.")
                           : _ ("%s had its window shut for %s%s, probably because nobody read there."),
                       reader, shut, waiting));
}

void
trama_judge_zero_window (TramaCase *evidence, guint flow)
{
  if (trama_flow_table_get_flow (evidence->table, flow)->protocol != IPPROTO_TCP)
    return;
  for (guint side = 0; side < 2; side++)
    judge_shut (evidence, flow, side);
}

void
trama_judge_keep_alive (TramaCase *evidence, guint flow)
{
  for (guint side = 0; side < 2; side++)
    {
      const TramaTalkSide *own = &evidence->talks[flow].side[side];
      g_autofree char *asker = NULL;
      TramaPlace place;

      if (own->n_keep_alives == 0)
        continue;
      asker = trama_case_name_side (evidence, flow, side);
      place = trama_case_place_packet (evidence, own->keep_alive, flow, side);
      trama_case_report (evidence, &place,
                         g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s sent %u keep-alive probe.",
                                                       "%s sent %u keep-alive probes.", own->n_keep_alives),
                                          asker, own->n_keep_alives));
    }
}
