/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/counts.h"

/* No payload is longer, whatever a damaged header makes of it. */
#define PAYLOAD_MAX (1u << 30)

/* Both sides of a simultaneous open send a SYN and then its answer with the same number; neither is sent again. */
static void
count_syn (TramaTcpCounts *counts, TramaSent *sent, guint8 flags)
{
  guint8 *sent_before = flags & TRAMA_TCP_ACK ? &sent->syn_ack : &sent->syn;

  counts->resent_syn += *sent_before;
  *sent_before = TRUE;
}

/* What a reset carries is a text, no part of the stream: RFC 9293, section 3.5.3. */
void
trama_counts_add (TramaTcpCounts *counts, TramaSent *sent, const TramaDecoded *decoded)
{
  guint8 flags = decoded->tcp_flags;
  guint32 size = MIN (decoded->payload_bytes, PAYLOAD_MAX);
  guint32 begin = decoded->sequence + (flags & TRAMA_TCP_SYN ? 1 : 0);

  counts->syn += (flags & TRAMA_TCP_SYN) != 0;
  counts->fin += (flags & TRAMA_TCP_FIN) != 0;
  counts->rst += (flags & TRAMA_TCP_RST) != 0;
  if (flags & TRAMA_TCP_RST)
    return;
  if (flags & TRAMA_TCP_SYN)
    count_syn (counts, sent, flags);
  if (size > 0)
    counts->resent += trama_sent_space_add (&sent->space, begin, size);
  if (flags & TRAMA_TCP_FIN)
    counts->resent_fin += trama_sent_space_add (&sent->space, begin + size, 1);
}
