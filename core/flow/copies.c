/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flow/copies.h"

#include "core/decode/bytes.h"
#include "core/flow/flow_private.h"

#include <netinet/in.h>
#include <string.h>

/* So many packets are remembered, less those of one slot. A power of two. */
#define N_SLOTS 8192

/* What a segment brings is not sent again sooner than after two ticks at 1000 Hz, nor a SYN before its timeout. */
#define AGAIN_MIN_NS (2 * 1000 * 1000)
#define SYN_AGAIN_MIN_NS (180 * 1000 * 1000)

/* Of what is not TCP: until its sender may have counted once around. */
#define MARK_LASTS_NS (1000 * 1000 * 1000)

/* Of what IPv4 carries, the same in all copies: the length, the identification, the offset of a fragment. */
#define IP4_FIXED_AT 2
#define IP4_FIXED_BYTES 6

#define TCP_CHECKSUM_AT 16
#define UDP_CHECKSUM_AT 6

/* In LINKTYPE_LINUX_SLL2. */
#define SLL2_DEVICE_AT 4

/* What is compared of a packet. */
typedef struct
{
  TramaDecoded decoded;
  guint8 data[TRAMA_FLOW_HEADER_BYTES];
  gsize size;
} Content;

void
trama_copies_init (TramaCopies *copies, TramaStore *store)
{
  copies->store = store;
  copies->slots = g_new (TramaCopySlot, N_SLOTS);
  for (guint i = 0; i < N_SLOTS; i++)
    copies->slots[i] = (TramaCopySlot){ .packet = G_MAXUINT32 };
}

void
trama_copies_clear (TramaCopies *copies)
{
  g_clear_pointer (&copies->slots, g_free);
}

static guint32
find_key (const TramaCopyInput *input)
{
  const TramaDecoded *decoded = input->decoded;
  guint32 key = input->hash;

  key = (key ^ decoded->sequence) * 0x9e3779b1u;
  key = (key ^ decoded->acknowledgment) * 0x85ebca6bu;
  key = (key ^ ((guint32) decoded->identification << 16 | decoded->window)) * 0xc2b2ae35u;
  key = (key ^ decoded->payload_bytes ^ (guint32) decoded->tcp_flags << 24) * 0x27d4eb2fu;
  return key ^ key >> 15;
}

/* Neither an identification nor the numbers of TCP tell one packet from another. */
static gboolean
is_nameless (const TramaDecoded *decoded)
{
  return (decoded->ip_version != 4 || decoded->identification == 0) && decoded->protocol != IPPROTO_TCP;
}

/* Of fragments without an identification nobody can tell. */
static gboolean
can_be_told (const TramaDecoded *decoded)
{
  return (decoded->ip_version == 4 && decoded->identification != 0)
         || decoded->fragment == TRAMA_FRAGMENT_NONE;
}

void
trama_copies_add (TramaCopies *copies, const TramaCopyInput *input, guint32 heard)
{
  guint32 key = find_key (input);

  if (can_be_told (input->decoded))
    copies->slots[key & (N_SLOTS - 1)] = (TramaCopySlot){ key, input->packet, heard };
}

const TramaCopySlot *
trama_copies_guess (const TramaCopies *copies, const TramaCopyInput *input)
{
  guint32 key = find_key (input);
  const TramaCopySlot *slot = &copies->slots[key & (N_SLOTS - 1)];

  return slot->key == key && slot->packet != G_MAXUINT32 && can_be_told (input->decoded) ? slot : NULL;
}

/* FALSE also of one whose IP header ends behind what is looked at. */
static gboolean
read_content (const TramaCopies *copies, guint32 packet, Content *content, gint64 *time_ns)
{
  const guint8 *data;

  if (!trama_flow_read_headers (copies->store, packet, time_ns, &content->decoded))
    return FALSE;
  data = trama_store_peek_packet (copies->store, packet, sizeof content->data, &content->size);
  if (data == NULL)
    return FALSE;
  content->size = MIN (content->size, sizeof content->data);
  memcpy (content->data, data, content->size);
  return content->decoded.link_bytes + content->decoded.network_bytes <= content->size;
}

static gboolean
headers_equal (const Content *a, const Content *b)
{
  const TramaDecoded *x = &a->decoded, *y = &b->decoded;

  if (x->ip_version != y->ip_version || x->protocol != y->protocol || x->fragment != y->fragment
      || x->fragment_protocol != y->fragment_protocol || x->identification != y->identification
      || x->tcp_flags != y->tcp_flags || x->window != y->window || x->sequence != y->sequence
      || x->acknowledgment != y->acknowledgment || x->payload_bytes != y->payload_bytes
      || x->transport_bytes != y->transport_bytes || !trama_endpoint_equal (&x->source, &y->source)
      || !trama_endpoint_equal (&x->destination, &y->destination))
    return FALSE;
  if (x->ip_version == 6)
    return TRUE;
  return memcmp (a->data + x->link_bytes + IP4_FIXED_AT, b->data + y->link_bytes + IP4_FIXED_AT,
                 IP4_FIXED_BYTES)
         == 0;
}

/* The transport header and what follows, as far as both were captured. */
static gboolean
bodies_equal (Content *a, Content *b)
{
  gsize from_a = a->decoded.link_bytes + a->decoded.network_bytes;
  gsize from_b = b->decoded.link_bytes + b->decoded.network_bytes;
  gsize end_a = MIN (a->size, a->decoded.network_end), end_b = MIN (b->size, b->decoded.network_end);
  gsize at = a->decoded.protocol == IPPROTO_TCP ? TCP_CHECKSUM_AT : UDP_CHECKSUM_AT;
  gsize size;

  if (from_a > end_a || from_b > end_b)
    return FALSE;
  size = MIN (end_a - from_a, end_b - from_b);
  if (a->decoded.transport_bytes > 0 && at + 2 <= size
      && (a->decoded.protocol == IPPROTO_TCP || a->decoded.protocol == IPPROTO_UDP))
    memcpy (a->data + from_a + at, b->data + from_b + at, 2);
  return memcmp (a->data + from_a, b->data + from_b, size) == 0;
}

/* The device that a packet passed, of a capture of all of them in one; 0: it does not tell. */
static guint32
find_device (const TramaCopies *copies, guint32 packet, const TramaPacket *record)
{
  const guint8 *data;
  gsize size;

  if (trama_store_get_interface (copies->store, record->interface)->link_type != TRAMA_LINK_SLL2)
    return 0;
  data = trama_store_peek_packet (copies->store, packet, SLL2_DEVICE_AT + 4, &size);
  return data != NULL && size >= SLL2_DEVICE_AT + 4 ? trama_read_u32 (data + SLL2_DEVICE_AT) : 0;
}

/* One packet that passes two devices of one machine; before what they hold is compared, which costs more. */
static gboolean
is_elsewhere (const TramaCopies *copies, guint32 original, guint32 copy)
{
  TramaPacket one, other;
  guint32 device;

  trama_store_get_packet (copies->store, original, &one);
  trama_store_get_packet (copies->store, copy, &other);
  if (other.time_ns - one.time_ns >= TRAMA_COPY_MAX_NS)
    return FALSE;
  if (one.interface != other.interface)
    return TRUE;
  device = find_device (copies, original, &one);
  return device != 0 && device != find_device (copies, copy, &other);
}

/* Whether its sender cannot have made the two of them. */
static gboolean
is_too_soon (const TramaDecoded *decoded, gint64 elapsed_ns, const TramaCopyContext *context, guint32 heard)
{
  gboolean brings = decoded->payload_bytes > 0 || (decoded->tcp_flags & (TRAMA_TCP_SYN | TRAMA_TCP_FIN));

  if (context->is_marked && decoded->identification != 0)
    return decoded->protocol == IPPROTO_TCP || elapsed_ns < MARK_LASTS_NS;
  if (context->heard != heard)
    return FALSE;
  if (decoded->protocol == IPPROTO_TCP && brings)
    return elapsed_ns < (decoded->tcp_flags & TRAMA_TCP_SYN ? SYN_AGAIN_MIN_NS : AGAIN_MIN_NS);
  return (decoded->identification != 0 || context->is_usual || is_nameless (decoded))
         && elapsed_ns < TRAMA_COPY_MAX_NS;
}

gboolean
trama_copies_confirm (const TramaCopies *copies,
                      const TramaCopySlot *guess,
                      const TramaCopyInput *input,
                      const TramaCopyContext *context)
{
  Content original, copy;
  gint64 original_ns, copy_ns;

  if (is_nameless (input->decoded) && !is_elsewhere (copies, guess->packet, input->packet))
    return FALSE;
  return read_content (copies, guess->packet, &original, &original_ns)
         && read_content (copies, input->packet, &copy, &copy_ns)
         && is_too_soon (&copy.decoded, copy_ns - original_ns, context, guess->heard)
         && headers_equal (&original, &copy) && bodies_equal (&original, &copy);
}
