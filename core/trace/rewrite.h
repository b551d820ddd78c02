/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/trace/replace.h"
#include "core/trace/store.h"

/*
 * Writes a trace anew as pcapng, from the file it was read from. Of a pcapng file
 * every block is copied as it is, in its byte order: sections, interfaces, comments,
 * options, names, statistics, secrets, what is unknown and what is ours; except the
 * packets that are left out or changed, and the length of a section, which is not told
 * any more. Packets that the store does not have are left out, too. A changed packet
 * becomes an enhanced packet block whatever it was; one of a simple block, which has no
 * time, then stands at time 0. A classic capture becomes one section with one interface
 * of the same link type, snap length and resolution.
 *
 * What the store's notebook says stands there in the place of what the file said: at a
 * packet in its opt_comment, which Wireshark shows, a mark as an option of our own; at a
 * call or a moment in blocks of our own behind everything else.
 */

/* What is written beside one packet. */
typedef struct
{
  GPtrArray *comments; /* of char *, which are taken */
  guint32 actor;       /* who sent it; TRAMA_ACTOR_NONE: not known */
} TramaAnnotation;

typedef struct
{
  /*
   * Cuts every packet behind its last known header: that of TCP, UDP or ICMP; the IP
   * header of a later fragment and of any other protocol; the link header of what is
   * not IP or damaged; at its beginning where the link type is not decoded. Its length
   * on the wire stays. What calls moved and the text of the session are left out of our
   * own records for the same reason. Comments and foreign blocks stay as they are.
   */
  gboolean no_payload;

  /* Whether a packet, by its index, is kept. NULL: every one. */
  gboolean (*keeps) (guint packet, gpointer user_data);

  /*
   * Fills in an annotation, empty when it is called. NULL: none. Comments become
   * opt_comment; a process its number, epb_processid_threadid, and its name in the
   * block that Darwin has for it and Wireshark reads, unless the file has such blocks.
   * What a packet says already is not said again.
   */
  void (*annotate) (guint packet, TramaAnnotation *annotation, gpointer user_data);

  gpointer user_data;
} TramaRewriteOptions;

/*
 * Writes to @file what the first @size bytes of the store's file hold; they end where
 * a record does. The caller commits. FALSE with @error (G_IO_ERROR).
 */
gboolean trama_rewrite (TramaStore *store,
                        guint64 size,
                        const TramaRewriteOptions *options,
                        TramaReplacement *file,
                        GError **error);
