/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/store_private.h"

#include "core/trace/order.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* What is read ahead of the packets that are peeked at. */
#define WINDOW_BYTES (1u << 20)
#define WINDOW_JUMP_BYTES (16u << 10)

/* Texts and bytes live in chunks that never move, so that records may point into them. */
#define CHUNK_BYTES (64u << 10)

/* More actors than a session has; a file may claim any number. */
#define MAX_POSITIONS 64

typedef TramaStoreOrder Order;
typedef TramaStorePacket Packet;

TramaStore *
trama_store_new (void)
{
  TramaStore *store = g_new0 (TramaStore, 1);

  g_atomic_ref_count_init (&store->ref_count);
  store->bytes_fd = -1;
  trama_column_init (&store->packets, sizeof (Packet));
  store->calls = g_array_new (FALSE, FALSE, sizeof (TramaCall));
  store->actors = g_array_new (FALSE, FALSE, sizeof (TramaActor));
  store->states = g_array_new (FALSE, FALSE, sizeof (TramaSocketState));
  store->notes = g_array_new (FALSE, FALSE, sizeof (TramaNote));
  store->interfaces = g_array_new (FALSE, FALSE, sizeof (TramaInterface));
  store->statistics = g_array_new (FALSE, TRUE, sizeof (TramaStatistics));
  store->positions = g_array_new (FALSE, FALSE, sizeof (TramaPosition));
  store->notebook = trama_notebook_new ();
  store->call_by_id = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  store->actor_by_id = g_hash_table_new (NULL, NULL);
  store->order = g_new0 (Order, 1);
  store->order->places = g_array_new (FALSE, FALSE, sizeof (guint32));
  store->chunks = g_ptr_array_new_with_free_func (g_free);
  return store;
}

TramaStore *
trama_store_ref (TramaStore *store)
{
  g_atomic_ref_count_inc (&store->ref_count);
  return store;
}

void
trama_store_unref (TramaStore *store)
{
  if (store == NULL || !g_atomic_ref_count_dec (&store->ref_count))
    return;
  if (store->bytes_fd >= 0)
    close (store->bytes_fd);
  trama_column_clear (&store->packets);
  g_array_unref (store->calls);
  g_array_unref (store->actors);
  g_array_unref (store->states);
  g_array_unref (store->notes);
  g_array_unref (store->interfaces);
  g_array_unref (store->statistics);
  g_array_unref (store->positions);
  trama_notebook_free (store->notebook);
  g_array_unref (store->order->places);
  g_free (store->order);
  g_hash_table_unref (store->call_by_id);
  g_hash_table_unref (store->actor_by_id);
  g_ptr_array_unref (store->chunks);
  g_free (store->window);
  trama_store_unref (store->origin);
  g_free (store);
}

gboolean
trama_store_set_bytes_fd (TramaStore *store, int fd)
{
  int copy = fcntl (fd, F_DUPFD_CLOEXEC, 0);

  if (copy < 0)
    return FALSE;
  if (store->bytes_fd >= 0)
    close (store->bytes_fd);
  store->bytes_fd = copy;
  return TRUE;
}

int
trama_store_get_bytes_fd (const TramaStore *store)
{
  return store->bytes_fd;
}

guint64
trama_store_get_generation (const TramaStore *store)
{
  return store->generation;
}

static guint8 *
allocate (TramaStore *store, gsize size)
{
  guint8 *place;

  if (store->chunks->len == 0 || store->chunk_used + size > CHUNK_BYTES)
    {
      g_ptr_array_add (store->chunks, g_malloc (MAX (size, CHUNK_BYTES)));
      store->chunk_used = 0;
    }
  place = (guint8 *) g_ptr_array_index (store->chunks, store->chunks->len - 1) + store->chunk_used;
  store->chunk_used += size;
  return place;
}

static const guint8 *
keep_bytes (TramaStore *store, const guint8 *bytes, gsize size)
{
  guint8 *copy;

  if (size == 0)
    return NULL;
  copy = allocate (store, size);
  memcpy (copy, bytes, size);
  return copy;
}

/* Text may come from a foreign file; from here on it is valid UTF-8. */
static const char *
keep_text (TramaStore *store, const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    return NULL;
  valid = g_utf8_make_valid (text, -1);
  return (const char *) keep_bytes (store, (const guint8 *) valid, strlen (valid) + 1);
}

/* Who has no calendar counts from 0, as from when the machine was started; that is less than ten years ago. */
#define COUNTED_MAX_NS (10 * G_GINT64_CONSTANT (365 * 86400) * 1000 * 1000 * 1000)

static void
extend_span (TramaStore *store, gint64 time_ns)
{
  store->has_zero |= time_ns == 0;
  if (time_ns == TRAMA_TIME_NONE || time_ns == 0)
    return;
  if (!store->has_span)
    store->span = (TramaSpan){ time_ns, time_ns };
  store->has_span = TRUE;
  store->span.start_ns = MIN (store->span.start_ns, time_ns);
  store->span.end_ns = MAX (store->span.end_ns, time_ns);
}

static const Packet *
packet_at (const TramaStore *store, guint index)
{
  return &trama_column_index (&store->packets, Packet, index);
}

static gint64
packet_time (const TramaStore *store, guint index)
{
  return packet_at (store, index)->time_ns;
}

/* Fits TramaTimeFunc. */
static gint64
get_packet_time (gconstpointer store, guint index)
{
  return packet_time (store, index);
}

static void
append_packet (TramaStore *store, const TramaPacket *packet, const char *comment)
{
  guint index = store->packets.len;

  if (index > 0 && packet->time_ns < packet_time (store, index - 1))
    store->order->needed = TRUE;
  trama_column_add (&store->packets, Packet) = (Packet){
    .time_ns = packet->time_ns,
    .offset = packet->offset,
    .interface = packet->interface,
    .captured_bytes = packet->captured_bytes,
    .length_bytes = packet->length_bytes,
  };
  extend_span (store, packet->time_ns);
  if (comment != NULL || packet->flags & TRAMA_PACKET_MARKED)
    trama_notebook_take (store->notebook, (TramaRef){ TRAMA_EVENT_PACKET, index }, packet->time_ns, comment,
                         packet->flags & TRAMA_PACKET_MARKED);
}

static void
keep_args (TramaStore *store, TramaCall *call)
{
  for (guint i = 0; i < call->n_args; i++)
    call->args[i].bytes = keep_bytes (store, call->args[i].bytes, call->args[i].size);
}

static void
append_actor (TramaStore *store, const TramaActor *actor)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (store->actor_by_id, GUINT_TO_POINTER (actor->id)));
  TramaActor copy = *actor;

  copy.name = keep_text (store, actor->name);
  copy.program = keep_text (store, actor->program);
  if (place != 0)
    {
      g_array_index (store->actors, TramaActor, place - 1) = copy;
      return;
    }
  g_array_append_val (store->actors, copy);
  g_hash_table_insert (store->actor_by_id, GUINT_TO_POINTER (actor->id),
                       GUINT_TO_POINTER (store->actors->len));
}

/* A damaged file may have lost who made a call; one known by its number alone has a place in the picture. */
static void
know_caller (TramaStore *store, const TramaCall *call)
{
  const TramaActor caller = { .id = call->actor,
                              .start_ns = call->entry_ns,
                              .end_ns = TRAMA_TIME_NONE,
                              .name = _ ("unknown process"),
                              .program = "" };

  if (!g_hash_table_contains (store->actor_by_id, GUINT_TO_POINTER (call->actor)))
    append_actor (store, &caller);
}

static void
append_call (TramaStore *store, const TramaCall *call)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (store->call_by_id, &call->id));
  TramaCall copy = *call;

  keep_args (store, &copy);
  extend_span (store, copy.entry_ns);
  extend_span (store, copy.exit_ns);
  if (place != 0)
    {
      g_array_index (store->calls, TramaCall, place - 1) = copy;
      return;
    }
  know_caller (store, call);
  g_array_append_val (store->calls, copy);
  g_hash_table_insert (store->call_by_id, g_memdup2 (&call->id, sizeof call->id),
                       GUINT_TO_POINTER (store->calls->len));
}

static void
append_state (TramaStore *store, const TramaSocketState *state)
{
  TramaSocketState copy = *state;

  copy.local = keep_bytes (store, state->local, state->local_bytes);
  copy.peer = keep_bytes (store, state->peer, state->peer_bytes);
  g_array_append_val (store->states, copy);
}

/* One about a call that is not there is about its moment. */
static void
take_remark (TramaStore *store, const TramaNote *note)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (store->call_by_id, &note->call));
  TramaRef subject = { 0 };

  if (place != 0)
    subject = (TramaRef){ TRAMA_EVENT_CALL, place - 1 };
  trama_notebook_take (store->notebook, subject, note->time_ns, note->text, note->kind == TRAMA_NOTE_MARK);
}

static void
append_note (TramaStore *store, const TramaNote *note)
{
  TramaNote copy = *note;

  if (note->kind == TRAMA_NOTE_ANNOTATION || note->kind == TRAMA_NOTE_MARK)
    {
      take_remark (store, note);
      return;
    }
  copy.text = keep_text (store, note->text);
  g_array_append_val (store->notes, copy);
}

static void
append_interface (TramaStore *store, const TramaInterface *interface)
{
  TramaInterface copy = *interface;

  copy.name = keep_text (store, interface->name);
  g_array_append_val (store->interfaces, copy);
}

/* Of an interface that was not described before, there is nothing to count. */
static void
set_statistics (TramaStore *store, const TramaStatistics *statistics)
{
  if (statistics->interface >= store->interfaces->len)
    return;
  if (statistics->interface >= store->statistics->len)
    g_array_set_size (store->statistics, statistics->interface + 1);
  g_array_index (store->statistics, TramaStatistics, statistics->interface) = *statistics;
}

static void
set_session (TramaStore *store, const TramaSessionRecord *session)
{
  store->session.name = keep_text (store, session->name);
  store->session.title = keep_text (store, session->title);
  store->session.text = keep_text (store, session->text);
  store->has_session = TRUE;
}

static void
set_ground (TramaStore *store, const TramaGround *ground)
{
  store->ground = *ground;
  store->ground.step = keep_text (store, ground->step);
  store->ground.remedy = keep_text (store, ground->remedy);
  store->has_ground = TRUE;
}

static void
set_outcome (TramaStore *store, const TramaOutcome *outcome)
{
  store->outcome = *outcome;
  store->outcome.text = keep_text (store, outcome->text);
  store->has_outcome = TRUE;
}

static void
set_position (TramaStore *store, const TramaPosition *position)
{
  for (guint i = 0; i < store->positions->len; i++)
    if (g_array_index (store->positions, TramaPosition, i).actor == position->actor)
      {
        g_array_index (store->positions, TramaPosition, i) = *position;
        return;
      }
  if (store->positions->len < MAX_POSITIONS)
    g_array_append_val (store->positions, *position);
}

void
trama_store_append (const TramaEvent *event, gpointer data)
{
  TramaStore *store = data;

  g_return_if_fail (store->origin == NULL);

  if (store->is_shared)
    trama_store_stop_sharing (store);
  store->generation++;
  switch (event->kind)
    {
    case TRAMA_EVENT_INTERFACE:
      append_interface (store, &event->interface);
      break;
    case TRAMA_EVENT_PACKET:
      append_packet (store, &event->packet, event->comment);
      break;
    case TRAMA_EVENT_SESSION:
      set_session (store, &event->session);
      break;
    case TRAMA_EVENT_GROUND:
      set_ground (store, &event->ground);
      break;
    case TRAMA_EVENT_ACTOR:
      append_actor (store, &event->actor);
      break;
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      append_call (store, &event->call);
      break;
    case TRAMA_EVENT_SOCKET_STATE:
      append_state (store, &event->state);
      break;
    case TRAMA_EVENT_NOTE:
      append_note (store, &event->note);
      break;
    case TRAMA_EVENT_OUTCOME:
      set_outcome (store, &event->outcome);
      break;
    case TRAMA_EVENT_STATISTICS:
      set_statistics (store, &event->statistics);
      break;
    case TRAMA_EVENT_POSITION:
      set_position (store, &event->position);
      break;
    case TRAMA_EVENT_CLOCK:
      break;
    }
}

guint
trama_store_n_packets (const TramaStore *store)
{
  return store->packets.len;
}

guint
trama_store_n_calls (const TramaStore *store)
{
  return store->calls->len;
}

guint
trama_store_n_actors (const TramaStore *store)
{
  return store->actors->len;
}

guint
trama_store_n_states (const TramaStore *store)
{
  return store->states->len;
}

guint
trama_store_n_notes (const TramaStore *store)
{
  return store->notes->len;
}

TramaNotebook *
trama_store_get_notebook (const TramaStore *store)
{
  return store->notebook;
}

guint
trama_store_n_interfaces (const TramaStore *store)
{
  return store->interfaces->len;
}

void
trama_store_get_packet (const TramaStore *store, guint index, TramaPacket *packet)
{
  const Packet *kept;

  g_return_if_fail (index < store->packets.len);

  kept = packet_at (store, index);
  *packet = (TramaPacket){
    .time_ns = kept->time_ns,
    .offset = kept->offset,
    .captured_bytes = kept->captured_bytes,
    .length_bytes = kept->length_bytes,
    .interface = kept->interface,
  };
}

const TramaCall *
trama_store_get_call (const TramaStore *store, guint index)
{
  g_return_val_if_fail (index < store->calls->len, NULL);
  return &g_array_index (store->calls, TramaCall, index);
}

const TramaActor *
trama_store_get_actor (const TramaStore *store, guint index)
{
  g_return_val_if_fail (index < store->actors->len, NULL);
  return &g_array_index (store->actors, TramaActor, index);
}

const TramaSocketState *
trama_store_get_state (const TramaStore *store, guint index)
{
  g_return_val_if_fail (index < store->states->len, NULL);
  return &g_array_index (store->states, TramaSocketState, index);
}

const TramaNote *
trama_store_get_note (const TramaStore *store, guint index)
{
  g_return_val_if_fail (index < store->notes->len, NULL);
  return &g_array_index (store->notes, TramaNote, index);
}

const TramaInterface *
trama_store_get_interface (const TramaStore *store, guint index)
{
  g_return_val_if_fail (index < store->interfaces->len, NULL);
  return &g_array_index (store->interfaces, TramaInterface, index);
}

const TramaActor *
trama_store_find_actor (const TramaStore *store, guint32 id)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (store->actor_by_id, GUINT_TO_POINTER (id)));

  return place == 0 ? NULL : trama_store_get_actor (store, place - 1);
}

const TramaSessionRecord *
trama_store_get_session (const TramaStore *store)
{
  return store->has_session ? &store->session : NULL;
}

const TramaGround *
trama_store_get_ground (const TramaStore *store)
{
  return store->has_ground ? &store->ground : NULL;
}

const TramaOutcome *
trama_store_get_outcome (const TramaStore *store)
{
  return store->has_outcome ? &store->outcome : NULL;
}

const TramaPosition *
trama_store_get_position (const TramaStore *store, guint32 actor)
{
  for (guint i = 0; i < store->positions->len; i++)
    if (g_array_index (store->positions, TramaPosition, i).actor == actor)
      return &g_array_index (store->positions, TramaPosition, i);
  return NULL;
}

guint64
trama_store_get_received (const TramaStore *store)
{
  guint64 sum = 0;

  for (guint i = 0; i < store->statistics->len; i++)
    sum += g_array_index (store->statistics, TramaStatistics, i).received;
  return sum;
}

guint64
trama_store_get_drops (const TramaStore *store)
{
  guint64 sum = store->has_outcome ? store->outcome.packets_dropped : 0;

  for (guint i = 0; i < store->statistics->len; i++)
    sum += g_array_index (store->statistics, TramaStatistics, i).dropped;
  return sum;
}

gboolean
trama_store_get_span (const TramaStore *store, TramaSpan *span)
{
  *span = store->span; /* of packets without a time: all at 0, as the simple packet blocks of pcapng */
  if (store->has_zero && span->start_ns > 0 && span->start_ns < COUNTED_MAX_NS)
    span->start_ns = 0;
  return store->has_span || store->packets.len > 0;
}

gboolean
trama_store_packets_observed (const TramaStore *store)
{
  return !store->has_ground || store->ground.packets != 0;
}

gboolean
trama_store_is_in_order (const TramaStore *store)
{
  return !store->order->needed;
}

/* Nothing is kept for it: what stands before a packet is there to be looked at. */
gint64
trama_store_get_step_back (const TramaStore *store, guint index)
{
  gint64 time_ns, before_ns = 0;

  g_return_val_if_fail (index < store->packets.len, 0);

  time_ns = packet_time (store, index);
  if (!store->order->needed || time_ns == 0)
    return 0;
  while (before_ns == 0 && index > 0)
    before_ns = packet_time (store, --index);
  if (before_ns == 0 || before_ns <= time_ns)
    return 0;
  return (gint64) MIN ((guint64) before_ns - (guint64) time_ns, G_MAXINT64);
}

guint
trama_store_packet_at (const TramaStore *store, guint position)
{
  if (!store->order->needed)
    return position;
  trama_order_extend (store->order->places, store->packets.len, get_packet_time, store);
  return g_array_index (store->order->places, guint32, position);
}

guint
trama_store_find_packet (const TramaStore *store, gint64 time_ns)
{
  guint low = 0, high = store->packets.len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (packet_time (store, trama_store_packet_at (store, middle)) < time_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

gssize
trama_store_read_packet (const TramaStore *store, guint index, guint8 *buffer, gsize size, GError **error)
{
  const Packet *packet;
  gsize want, got = 0;

  g_return_val_if_fail (index < store->packets.len, -1);

  packet = packet_at (store, index);
  want = MIN (size, packet->captured_bytes);
  while (got < want)
    {
      gssize n = pread (store->bytes_fd, buffer + got, want - got, (off_t) (packet->offset + got));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          int saved = errno;

          g_set_error (error, G_IO_ERROR,
                       n == 0 ? G_IO_ERROR_PARTIAL_INPUT : (int) g_io_error_from_errno (saved),
                       n == 0 ? _ ("packet %u: the trace's file has become shorter") : _ ("packet %u: %s"),
                       index + 1, g_strerror (saved));
          return -1;
        }
      got += (gsize) n;
    }
  return (gssize) got;
}

/* The window may end before its packet does when the file has become shorter. */
static void
read_window (TramaStore *store, guint64 offset, gsize size)
{
  if (store->window == NULL)
    store->window = g_malloc (WINDOW_BYTES);
  store->window_offset = offset;
  store->window_size = 0;
  while (store->window_size < size)
    {
      gssize n = pread (store->bytes_fd, store->window + store->window_size, size - store->window_size,
                        (off_t) (offset + store->window_size));

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return;
      store->window_size += (gsize) n;
    }
}

/*
 * Ever farther ahead for who goes from packet to packet, little for who jumps or leaves more out than it would
 * take to read, and to both sides for who goes back.
 */
static void
move_window (TramaStore *store, guint64 offset, gsize size)
{
  guint64 end = store->window_offset + store->window_size;
  guint64 before = offset < end ? MIN (offset, WINDOW_JUMP_BYTES) : 0;

  if (offset >= end && offset - end <= store->window_size)
    read_window (store, offset, CLAMP (2 * store->window_size, size, WINDOW_BYTES));
  else
    read_window (store, offset - before, MIN (before + MAX (size, WINDOW_JUMP_BYTES), WINDOW_BYTES));
}

const guint8 *
trama_store_peek_packet (TramaStore *store, guint index, gsize want, gsize *size)
{
  const Packet *packet;

  g_return_val_if_fail (index < store->packets.len, NULL);

  packet = packet_at (store, index);
  *size = MIN (MIN (want, packet->captured_bytes), WINDOW_BYTES / 2);
  if (store->window == NULL || packet->offset < store->window_offset
      || packet->offset + *size > store->window_offset + store->window_size)
    move_window (store, packet->offset, *size);
  if (packet->offset + *size > store->window_offset + store->window_size)
    return NULL;
  return store->window + (packet->offset - store->window_offset);
}
