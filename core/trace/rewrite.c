/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/rewrite.h"

#include "core/decode/decode.h"
#include "core/trace/block.h"
#include "core/trace/packet_block.h"
#include "core/trace/pcap_file.h"
#include "core/trace/pcapng.h"
#include "core/trace/pcapng_block.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#define WRITE_BYTES (256u << 10)
#define MAGIC_BYTES 4

/* Section 4.3; 8 is in the draft since 2023, the other Darwin's, the number of a process block of the section. */
#define OPTION_PROCESS_AND_THREAD 8
#define OPTION_PROCESS_BLOCK 0x8001

/* What tcpdump writes on Darwin; Wireshark has no other block for processes that older ones pass over in silence. */
#define BLOCK_PROCESS 0x80000001u
#define OPTION_PROCESS_NAME 2
#define PROCESS_NAME_MAX_BYTES 15

#define OPTION_INTERFACE_NAME 2
#define OPTION_INTERFACE_TIME_RESOLUTION 9

#define SECTION_LENGTH_OFFSET 16
#define SECTION_MIN_BYTES 28

typedef struct
{
  TramaStore *store;
  const TramaRewriteOptions *options;
  TramaReplacement *file;
  GByteArray *out;            /* not yet written to file */
  GByteArray *added;          /* options for the packet at hand */
  TramaAnnotation annotation; /* of the packet at hand */
  TramaAnew anew;             /* what of the packet at hand is in added */
  guint next_packet;          /* of the store */
  gboolean swapped;           /* the section under way is not in this machine's byte order */
  gboolean names_processes;   /* there are none in the file yet */
  GArray *processes;          /* of guint32: the actors that have a block in this section, in order */
} Rewriter;

static gboolean
fail_changed (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                       _ ("the trace has changed while it was saved"));
  return FALSE;
}

static gboolean
flush (Rewriter *rewriter, gsize limit, GError **error)
{
  gboolean ok;

  if (rewriter->out->len <= limit)
    return TRUE;
  ok = trama_replacement_write (rewriter->file, rewriter->out->data, rewriter->out->len, error);
  g_byte_array_set_size (rewriter->out, 0);
  return ok;
}

/* See TramaRewriteOptions.no_payload. */
static guint32
count_header_bytes (const Rewriter *rewriter, const TramaPacket *packet, const guint8 *data)
{
  const TramaInterface *interface = trama_store_get_interface (rewriter->store, packet->interface);
  guint32 captured = packet->captured_bytes;
  TramaDecoded decoded;
  guint32 header_bytes;

  if (trama_decode (interface->link_type, data, captured, packet->length_bytes, &decoded)
      == TRAMA_DECODE_LINK_UNKNOWN)
    return 0;
  header_bytes = decoded.payload_offset;
  if (header_bytes == 0)
    header_bytes = decoded.link_bytes + (decoded.ip_version != 0 ? decoded.network_bytes : 0);
  return MIN (header_bytes, captured);
}

/* Annotations */

static void
append_comment (Rewriter *rewriter, const char *comment, gsize size, gboolean swapped)
{
  trama_pcapng_append_option (rewriter->added, TRAMA_PCAPNG_OPTION_COMMENT, comment, (guint) size, swapped);
}

/* Those of the file, from the @from-th on. */
static void
append_old_comments (Rewriter *rewriter, const TramaPacketBlock *packet, guint from)
{
  TramaPcapngOptions options = { packet->options, packet->options_bytes, packet->swapped };

  for (guint i = 0; trama_pcapng_options_next (&options);)
    if (options.code == TRAMA_PCAPNG_OPTION_COMMENT && i++ >= from)
      append_comment (rewriter, (const char *) options.value, options.length, packet->swapped);
}

static guint
count_comments (const TramaPacketBlock *packet)
{
  TramaPcapngOptions options = { packet->options, packet->options_bytes, packet->swapped };
  guint n = 0;

  while (trama_pcapng_options_next (&options))
    n += options.code == TRAMA_PCAPNG_OPTION_COMMENT;
  return n;
}

/* Of those that are made, the ones that the file has not got. */
static guint
append_made_comments (Rewriter *rewriter, const TramaPacketBlock *packet)
{
  guint n = 0;

  for (guint i = 0; i < rewriter->annotation.comments->len; i++)
    {
      const char *comment = g_ptr_array_index (rewriter->annotation.comments, i);
      gsize size = strlen (comment);

      if (size > G_MAXUINT16 || trama_packet_block_has (packet, TRAMA_PCAPNG_OPTION_COMMENT, comment, size))
        continue;
      append_comment (rewriter, comment, size, packet->swapped);
      n++;
    }
  return n;
}

/*
 * The user's note first, then what is made from calls, then how many of the last sort there are,
 * which is how they are told apart.
 */
static void
append_comments (Rewriter *rewriter, guint index, const TramaPacketBlock *packet)
{
  const TramaRef subject = { TRAMA_EVENT_PACKET, index };
  const TramaNotebook *notebook = trama_store_get_notebook (rewriter->store);
  const char *text = trama_notebook_get_text (notebook, subject, 0);
  gboolean marked = trama_notebook_is_marked (notebook, subject, 0);
  TramaPcapngRemark old = trama_pcapng_read_remark (packet->options, packet->options_bytes, packet->swapped);
  gboolean same_text = g_strcmp0 (text, old.comment) == 0;
  guint n_made;

  rewriter->anew = TRAMA_ANEW_NOTHING;
  if (!same_text)
    {
      rewriter->anew = TRAMA_ANEW_COMMENTS;
      if (text != NULL)
        append_comment (rewriter, text, strlen (text), packet->swapped);
      append_old_comments (rewriter, packet, count_comments (packet) - old.n_made);
    }
  n_made = append_made_comments (rewriter, packet);
  if (marked != old.marked || n_made > 0)
    {
      rewriter->anew |= TRAMA_ANEW_OWN_OPTION;
      trama_pcapng_append_own_option (rewriter->added, marked, old.n_made + n_made, packet->swapped);
    }
  g_free (old.comment);
}

static void
write_process (GByteArray *out, const TramaActor *actor, gboolean swapped)
{
  gsize start = trama_pcapng_begin_block (out, BLOCK_PROCESS, swapped);
  gsize size = MIN (strlen (actor->name), PROCESS_NAME_MAX_BYTES);

  /* Not in the middle of a character. */
  while (size > 0 && size < strlen (actor->name) && ((guint8) actor->name[size] & 0xc0) == 0x80)
    size--;
  trama_pcapng_append_u32 (out, (guint32) actor->pid, swapped);
  trama_pcapng_append_option (out, OPTION_PROCESS_NAME, actor->name, (guint) size, swapped);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, swapped);
  trama_pcapng_end_block (out, start, swapped);
}

/* The number of the actor's block in this section, which is written now when there is none yet. */
static guint32
number_process (Rewriter *rewriter, const TramaActor *actor, gboolean swapped)
{
  for (guint i = 0; i < rewriter->processes->len; i++)
    if (g_array_index (rewriter->processes, guint32, i) == actor->id)
      return i;
  write_process (rewriter->out, actor, swapped);
  g_array_append_val (rewriter->processes, actor->id);
  return rewriter->processes->len - 1;
}

static void
append_process (Rewriter *rewriter, const TramaPacketBlock *packet)
{
  const TramaActor *actor = trama_store_find_actor (rewriter->store, rewriter->annotation.actor);
  GByteArray *added = rewriter->added;
  guint32 number;

  if (actor == NULL || actor->pid <= 0 || trama_packet_block_has (packet, OPTION_PROCESS_AND_THREAD, NULL, 0))
    return;
  trama_pcapng_append_u16 (added, OPTION_PROCESS_AND_THREAD, packet->swapped);
  trama_pcapng_append_u16 (added, 8, packet->swapped);
  trama_pcapng_append_u32 (added, (guint32) actor->pid, packet->swapped);
  trama_pcapng_append_u32 (added, 0, packet->swapped); /* which thread is not known */
  if (!rewriter->names_processes)
    return;
  number = number_process (rewriter, actor, packet->swapped);
  trama_pcapng_append_u16 (added, OPTION_PROCESS_BLOCK, packet->swapped);
  trama_pcapng_append_u16 (added, 4, packet->swapped);
  trama_pcapng_append_u32 (added, number, packet->swapped);
}

/* Leaves in rewriter->added what the packet shall say besides. */
static void
annotate (Rewriter *rewriter, guint index, const TramaPacketBlock *packet)
{
  const TramaRewriteOptions *options = rewriter->options;

  g_byte_array_set_size (rewriter->added, 0);
  g_ptr_array_set_size (rewriter->annotation.comments, 0);
  rewriter->annotation.actor = TRAMA_ACTOR_NONE;
  if (options->annotate != NULL)
    options->annotate (index, &rewriter->annotation, options->user_data);
  append_comments (rewriter, index, packet);
  append_process (rewriter, packet);
  if (trama_packet_block_has_room (packet, rewriter->anew & TRAMA_ANEW_COMMENTS ? 0 : rewriter->added->len))
    return;
  g_byte_array_set_size (rewriter->added, 0);
  rewriter->anew = TRAMA_ANEW_NOTHING;
}

static gboolean
keeps (const Rewriter *rewriter, guint index)
{
  const TramaRewriteOptions *options = rewriter->options;

  return options->keeps == NULL || options->keeps (index, options->user_data);
}

/* What is not about packets: there is no block to write it beside. */
static void
write_remark (GByteArray *out, const TramaStore *store, const TramaRemark *remark, gboolean mark)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){
    .time_ns = remark->time_ns,
    .end_ns = TRAMA_TIME_NONE,
    .kind = mark ? TRAMA_NOTE_MARK : TRAMA_NOTE_ANNOTATION,
    .text = mark ? NULL : remark->text,
    .call = remark->subject.kind == TRAMA_EVENT_CALL ? trama_store_get_call (store, remark->subject.index)->id
                                                     : 0,
  };
  trama_pcapng_write_event (out, &event);
}

/* In this machine's byte order, and so in a section of their own behind one of the other. */
static void
write_remarks (Rewriter *rewriter)
{
  const TramaNotebook *notebook = trama_store_get_notebook (rewriter->store);
  g_autoptr (GByteArray) blocks = g_byte_array_new ();

  for (guint i = 0; i < trama_notebook_n_remarks (notebook); i++)
    {
      TramaRemark remark = trama_notebook_get (notebook, i);

      if (remark.subject.kind == TRAMA_EVENT_PACKET)
        continue;
      if (remark.text != NULL)
        write_remark (blocks, rewriter->store, &remark, FALSE);
      if (remark.marked)
        write_remark (blocks, rewriter->store, &remark, TRUE);
    }
  if (blocks->len == 0)
    return;
  if (rewriter->swapped)
    trama_pcapng_write_section (rewriter->out, "Trama " TRAMA_VERSION);
  g_byte_array_append (rewriter->out, blocks->data, blocks->len);
}

/* From pcapng */

/* The packet of the store whose bytes are in this block; FALSE when it has none. */
static gboolean
claim_packet (Rewriter *rewriter, const TramaWalkBlock *block, guint32 data_offset, guint *index)
{
  TramaPacket packet;

  if (rewriter->next_packet == trama_store_n_packets (rewriter->store))
    return FALSE;
  trama_store_get_packet (rewriter->store, rewriter->next_packet, &packet);
  if (packet.offset != block->offset + data_offset)
    return FALSE;
  *index = rewriter->next_packet++;
  return TRUE;
}

static void
copy_block (Rewriter *rewriter, const TramaWalkBlock *block)
{
  g_byte_array_append (rewriter->out, block->bytes, block->size);
}

static gboolean
rewrite_packet (Rewriter *rewriter, const TramaWalkBlock *block, guint32 data_offset, GError **error)
{
  TramaPacketBlock packet;
  TramaPacket stored;
  guint32 kept;
  guint index;

  if (!claim_packet (rewriter, block, data_offset, &index) || !keeps (rewriter, index))
    return TRUE;
  trama_store_get_packet (rewriter->store, index, &stored);
  if (!trama_packet_block_read (&packet, block, stored.captured_bytes)
      || packet.captured != stored.captured_bytes)
    return fail_changed (error);
  kept = rewriter->options->no_payload ? count_header_bytes (rewriter, &stored, packet.data)
                                       : packet.captured;
  annotate (rewriter, index, &packet);
  if (kept == packet.captured && rewriter->added->len == 0 && rewriter->anew == TRAMA_ANEW_NOTHING)
    copy_block (rewriter, block);
  else
    trama_packet_block_write (rewriter->out, &packet, kept, rewriter->added, rewriter->anew);
  return TRUE;
}

/* The length that a section header tells may not hold any more: all bits set say that it is not told. */
static void
rewrite_section (Rewriter *rewriter, const TramaWalkBlock *block)
{
  guint start = rewriter->out->len;

  rewriter->swapped = block->swapped;
  copy_block (rewriter, block);
  g_array_set_size (rewriter->processes, 0);
  if (block->size >= SECTION_MIN_BYTES)
    memset (rewriter->out->data + start + SECTION_LENGTH_OFFSET, 0xff, sizeof (guint64));
}

/* The user's own are written from the notebook, behind everything. */
static gboolean
is_remark (const TramaWalkBlock *block)
{
  TramaEvent event;
  const char *reason;

  return trama_block_decode (block->bytes + TRAMA_PCAPNG_BODY_OFFSET,
                             block->size - TRAMA_PCAPNG_OVERHEAD_BYTES, block->swapped, &event, &reason)
         && event.kind == TRAMA_EVENT_NOTE
         && (event.note.kind == TRAMA_NOTE_ANNOTATION || event.note.kind == TRAMA_NOTE_MARK);
}

static void
rewrite_own (Rewriter *rewriter, const TramaWalkBlock *block)
{
  gsize start;

  if (is_remark (block))
    return;
  if (!rewriter->options->no_payload)
    {
      copy_block (rewriter, block);
      return;
    }
  start = trama_pcapng_begin_block (rewriter->out, block->type, block->swapped);
  trama_block_strip (rewriter->out, block->bytes + TRAMA_PCAPNG_BODY_OFFSET,
                     block->size - TRAMA_PCAPNG_OVERHEAD_BYTES, block->swapped);
  trama_pcapng_end_block (rewriter->out, start, block->swapped);
}

static gboolean
rewrite_block (Rewriter *rewriter, const TramaWalkBlock *block, GError **error)
{
  guint32 data_offset;

  if (trama_packet_block_is_one (block->type, &data_offset))
    return rewrite_packet (rewriter, block, data_offset, error);
  if (block->type == TRAMA_PCAPNG_SECTION)
    rewrite_section (rewriter, block);
  else if (block->type == TRAMA_BLOCK_TYPE)
    rewrite_own (rewriter, block);
  else
    copy_block (rewriter, block);
  return TRUE;
}

/* Packets name process blocks by their order, so that none can come between those of the file. */
static gboolean
look_for_processes (Rewriter *rewriter, guint64 size, GError **error)
{
  g_autoptr (TramaWalk) walk = trama_walk_new (trama_store_get_bytes_fd (rewriter->store), size);
  g_autoptr (GError) failure = NULL;
  TramaWalkBlock block;

  rewriter->names_processes = TRUE;
  while (rewriter->names_processes && trama_walk_next (walk, &block, &failure))
    rewriter->names_processes = block.type != BLOCK_PROCESS;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
rewrite_pcapng (Rewriter *rewriter, guint64 size, GError **error)
{
  g_autoptr (TramaWalk) walk = trama_walk_new (trama_store_get_bytes_fd (rewriter->store), size);
  g_autoptr (GError) failure = NULL;
  TramaWalkBlock block;

  if (rewriter->options->annotate != NULL && !look_for_processes (rewriter, size, error))
    return FALSE;
  while (trama_walk_next (walk, &block, &failure))
    if (!rewrite_block (rewriter, &block, error) || !flush (rewriter, WRITE_BYTES, error))
      return FALSE;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* From classic captures */

static void
write_interface (GByteArray *out, const TramaInterface *interface, guint32 ns_per_unit)
{
  gsize start = trama_pcapng_begin_block (out, TRAMA_PCAPNG_INTERFACE, FALSE);
  guint8 resolution = ns_per_unit == 1000 ? 6 : 9; /* a negative power of ten */

  trama_pcapng_append_u16 (out, (guint16) interface->link_type, FALSE);
  trama_pcapng_append_u16 (out, 0, FALSE);
  trama_pcapng_append_u32 (out, interface->snap_bytes, FALSE);
  if (interface->name != NULL)
    trama_pcapng_append_option (out, OPTION_INTERFACE_NAME, interface->name, (guint) strlen (interface->name),
                                FALSE);
  trama_pcapng_append_option (out, OPTION_INTERFACE_TIME_RESOLUTION, &resolution, 1, FALSE);
  trama_pcapng_append_option (out, TRAMA_PCAPNG_OPTION_END, NULL, 0, FALSE);
  trama_pcapng_end_block (out, start, FALSE);
}

static gboolean
write_packet (Rewriter *rewriter, guint index, guint32 ns_per_unit, GError **error)
{
  TramaPacketBlock packet = { .drops = TRAMA_PCAPNG_DROPS_UNKNOWN };
  TramaPacket stored;
  guint32 kept;
  gsize size;

  annotate (rewriter, index, &packet); /* before the peek, which lasts only until somebody else's */
  trama_store_get_packet (rewriter->store, index, &stored);
  packet.data = trama_store_peek_packet (rewriter->store, index, stored.captured_bytes, &size);
  if (packet.data == NULL || size < stored.captured_bytes)
    return fail_changed (error);
  packet.interface = stored.interface;
  packet.time = (guint64) stored.time_ns / ns_per_unit;
  packet.captured = stored.captured_bytes;
  packet.length = stored.length_bytes;
  kept = rewriter->options->no_payload ? count_header_bytes (rewriter, &stored, packet.data)
                                       : packet.captured;
  annotate (rewriter, index, &packet);
  trama_packet_block_write (rewriter->out, &packet, kept, rewriter->added, rewriter->anew);
  return TRUE;
}

static gboolean
rewrite_classic (Rewriter *rewriter, guint32 ns_per_unit, GError **error)
{
  TramaStore *store = rewriter->store;

  trama_pcapng_write_section (rewriter->out, "Trama " TRAMA_VERSION);
  for (guint i = 0; i < trama_store_n_interfaces (store); i++)
    write_interface (rewriter->out, trama_store_get_interface (store, i), ns_per_unit);
  rewriter->names_processes = TRUE;
  for (guint i = 0; i < trama_store_n_packets (store); i++)
    if (keeps (rewriter, i)
        && (!write_packet (rewriter, i, ns_per_unit, error) || !flush (rewriter, WRITE_BYTES, error)))
      return FALSE;
  return TRUE;
}

gboolean
trama_rewrite (TramaStore *store,
               guint64 size,
               const TramaRewriteOptions *options,
               TramaReplacement *file,
               GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) added = g_byte_array_new ();
  g_autoptr (GPtrArray) comments = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) processes = g_array_new (FALSE, FALSE, sizeof (guint32));
  Rewriter rewriter = { store, options, file, out, added, { comments, TRAMA_ACTOR_NONE } };
  guint8 magic[MAGIC_BYTES];
  gboolean ok;

  rewriter.processes = processes;
  if (pread (trama_store_get_bytes_fd (store), magic, MAGIC_BYTES, 0) != MAGIC_BYTES)
    return fail_changed (error);
  if (trama_pcapng_knows (magic))
    ok = rewrite_pcapng (&rewriter, size, error);
  else if (trama_pcap_get_ns_per_unit (magic) != 0)
    ok = rewrite_classic (&rewriter, trama_pcap_get_ns_per_unit (magic), error);
  else
    ok = fail_changed (error);
  if (ok)
    write_remarks (&rewriter);
  return ok && flush (&rewriter, 0, error);
}
