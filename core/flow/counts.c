/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/counts.h"

/* No payload is longer, whatever a damaged header makes of it. */
#define PAYLOAD_MAX (1u << 30)

/* Both sides of a simultaneous open send a SYN and then its answer with the same number; neither is sent again. */
static gboolean
count_syn (TramaTcpCounts *counts, guint8 *syns, guint8 flags)
{
  guint8 kind = flags & TRAMA_TCP_ACK ? TRAMA_SENT_SYN_ACK : TRAMA_SENT_SYN;
  gboolean resent = (*syns & kind) != 0;

  counts->resent_syn += resent;
  *syns |= kind;
  return resent;
}

/* What a reset carries is a text, no part of the stream: RFC 9293, section 3.5.3. */
gboolean
trama_counts_add (TramaTcpCounts *counts, TramaSentSpace *space, guint8 *syns, const TramaDecoded *decoded)
{
  guint8 flags = decoded->tcp_flags;
  guint32 size = MIN (decoded->payload_bytes, PAYLOAD_MAX);
  guint32 begin = decoded->sequence + (flags & TRAMA_TCP_SYN ? 1 : 0);
  guint32 before = counts->resent + counts->resent_fin;
  gboolean resent_syn = FALSE;

  counts->syn += (flags & TRAMA_TCP_SYN) != 0;
  counts->fin += (flags & TRAMA_TCP_FIN) != 0;
  counts->rst += (flags & TRAMA_TCP_RST) != 0;
  if (flags & TRAMA_TCP_RST)
    return FALSE;
  if (flags & TRAMA_TCP_SYN)
    resent_syn = count_syn (counts, syns, flags);
  if (size > 0)
    counts->resent += trama_sent_space_add (space, begin, size);
  if (flags & TRAMA_TCP_FIN)
    counts->resent_fin += trama_sent_space_add (space, begin + size, 1);
  return resent_syn || counts->resent + counts->resent_fin != before;
}
