/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/why/case.h"

/*
 * Private to the room: the rules. Each looks at one conversation, one call or one socket,
 * by its number, and is asked about every one there is; or at the trace as a whole. It
 * reports what it finds.
 */
typedef void (*TramaJudge) (TramaCase *evidence, guint index);

struct _TramaRule
{
  const char *name;
  guint8 severity;
  TramaJudge flow;
  TramaJudge call;
  TramaJudge socket;
  void (*trace) (TramaCase *evidence);
  gboolean of_capture; /* it asks for nothing but the table and its store */
  const char *why;     /* untranslated */
  const char *todo;
};

const TramaRule *trama_rules (guint *n_rules);

/* opening.c */
void trama_judge_nobody_listens (TramaCase *evidence, guint flow);
void trama_judge_refused_unseen (TramaCase *evidence, guint call);
void trama_judge_refused_inside (TramaCase *evidence, guint call);
void trama_judge_listener_closed (TramaCase *evidence, guint flow);
void trama_judge_not_accepted_yet (TramaCase *evidence, guint flow);
void trama_judge_backlog_full (TramaCase *evidence, guint flow);
void trama_judge_syn_resent (TramaCase *evidence, guint flow);
void trama_judge_connect_timed_out (TramaCase *evidence, guint flow);
void trama_judge_unreachable (TramaCase *evidence, guint flow);
void trama_judge_refused_by_icmp (TramaCase *evidence, guint flow);
void trama_judge_pair_reused (TramaCase *evidence, guint flow);
void trama_judge_never_used (TramaCase *evidence, guint flow);

/* ends.c: what ends well */
void trama_judge_end_of_file (TramaCase *evidence, guint number);
void trama_judge_half_close (TramaCase *evidence, guint flow);
void trama_judge_closed_first (TramaCase *evidence, guint flow);
void trama_judge_server_waits (TramaCase *evidence, guint flow);
void trama_judge_closed_together (TramaCase *evidence, guint flow);

/* closing.c: what does not */
void trama_judge_unread_reset (TramaCase *evidence, guint flow);
void trama_judge_linger_reset (TramaCase *evidence, guint flow);
void trama_judge_closed_reset (TramaCase *evidence, guint flow);
void trama_judge_unaccepted_reset (TramaCase *evidence, guint flow);
void trama_judge_half_open (TramaCase *evidence, guint flow);
void trama_judge_unanswered (TramaCase *evidence, guint flow);
void trama_judge_aborted (TramaCase *evidence, guint flow);
void trama_judge_reset_inside (TramaCase *evidence, guint number);
void trama_judge_broken_pipe (TramaCase *evidence, guint number);

/* data.c */
void trama_judge_nagle (TramaCase *evidence, guint flow);
void trama_judge_zero_window (TramaCase *evidence, guint flow);
void trama_judge_keep_alive (TramaCase *evidence, guint flow);

/* again.c: what had to be sent again */
void trama_judge_timeout (TramaCase *evidence, guint flow);
void trama_judge_backoff (TramaCase *evidence, guint flow);
void trama_judge_fast (TramaCase *evidence, guint flow);
void trama_judge_tail (TramaCase *evidence, guint flow);
void trama_judge_tail_probe (TramaCase *evidence, guint flow);
void trama_judge_spurious (TramaCase *evidence, guint flow);
void trama_judge_lost_before (TramaCase *evidence, guint flow);
void trama_judge_vanished (TramaCase *evidence, guint flow);

/* strangers.c: what somebody else seems to have written into a connection */
void trama_judge_rewritten (TramaCase *evidence, guint flow);
void trama_judge_ignored (TramaCase *evidence, guint flow);
void trama_judge_stray_syn (TramaCase *evidence, guint flow);

/* Whether nothing but SYN is of the flow, and an earlier one of its endpoints was under way, and went on. */
gboolean trama_is_stray_syn (const TramaCase *evidence, guint flow);

/* messages.c: a stream has no boundaries */
void trama_judge_messages_joined (TramaCase *evidence, guint number);
void trama_judge_message_split (TramaCase *evidence, guint number);
void trama_judge_small_writes (TramaCase *evidence, guint number);

/* datagrams.c */
void trama_judge_datagram_cut (TramaCase *evidence, guint number);
void trama_judge_no_room (TramaCase *evidence, guint number);
void trama_judge_unreachable_told (TramaCase *evidence, guint number);
void trama_judge_datagram_nobody (TramaCase *evidence, guint flow);

/* resources.c */
void trama_judge_address_waits (TramaCase *evidence);
void trama_judge_address_taken (TramaCase *evidence);
void trama_judge_leak (TramaCase *evidence, guint number);
void trama_judge_disagrees (TramaCase *evidence);

/* network.c: what became of packets on their way */
void trama_judge_too_big (TramaCase *evidence, guint flow);
void trama_judge_undelivered (TramaCase *evidence, guint flow);
void trama_judge_expired (TramaCase *evidence, guint flow);
void trama_judge_not_reassembled (TramaCase *evidence, guint flow);
void trama_judge_fragments (TramaCase *evidence);

/* capture_limits.c: what the capture as a whole does not tell */
void trama_judge_dropped (TramaCase *evidence);
void trama_judge_link_unknown (TramaCase *evidence);
void trama_judge_cut_in_headers (TramaCase *evidence);
void trama_judge_clock_set (TramaCase *evidence);
void trama_judge_captured_twice (TramaCase *evidence, guint flow);
void trama_judge_not_captured (TramaCase *evidence, guint flow);

/* captured.c: what the capture does not have */
void trama_judge_began_before (TramaCase *evidence, guint flow);
void trama_judge_one_sided (TramaCase *evidence, guint flow);

/* blocking.c */
void trama_judge_longest (TramaCase *evidence);
void trama_judge_send_blocks (TramaCase *evidence, guint number);
void trama_judge_queue_full (TramaCase *evidence, guint number);
void trama_judge_connect_blocks (TramaCase *evidence, guint call);
