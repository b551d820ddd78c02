/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/record.h"

#include "core/trace/pcapng.h"

#include <string.h>
#include <sys/socket.h>

/* What a trace would keep of it. */
static GByteArray *
encode (const TramaEvent *event)
{
  GByteArray *out = g_byte_array_new ();

  trama_pcapng_write_event (out, event);
  return out;
}

/* Packed, unpacked and encoded it is what it would be without; cut short it is nothing. */
static void
assert_passes (const TramaEvent *event)
{
  g_autofree guint8 *record = g_malloc (TRAMA_RECORD_MAX_BYTES);
  g_autoptr (GByteArray) wanted = encode (event);
  g_autoptr (GByteArray) got = NULL;
  TramaEvent unpacked;
  gsize size;

  memset (record, 0xaa, TRAMA_RECORD_MAX_BYTES);
  size = trama_record_pack (event, record);
  g_assert_cmpuint (size % 8, ==, 0);
  g_assert_cmpuint (size, <=, TRAMA_RECORD_MAX_BYTES);
  g_assert_cmpuint (trama_record_unpack (record, size, &unpacked), ==, size);
  got = encode (&unpacked);
  g_assert_cmpmem (got->data, got->len, wanted->data, wanted->len);
  for (gsize cut = 0; cut < size; cut += cut < 512 ? 1 : 97)
    {
      g_autofree guint8 *prefix = g_memdup2 (record, cut);

      g_assert_cmpuint (trama_record_unpack (prefix, cut, &unpacked), ==, 0);
    }
}

static TramaEvent
make_call (guint n_args)
{
  TramaEvent event = { .kind = TRAMA_EVENT_RETURN };

  event.call = (TramaCall){
    .id = G_GUINT64_CONSTANT (1) << 32 | 7,
    .entry_ns = 1000,
    .exit_ns = 2000,
    .socket = 17,
    .result = 5,
    .fd = 3,
    .actor = 1,
    .line = 12,
    .name = TRAMA_CALL_RECVMSG,
    .n_args = (guint16) n_args,
  };
  return event;
}

static void
test_call (void)
{
  static const guint8 address[] = { AF_INET, 0, 0x13, 0x88, 127, 0, 0, 1 };
  TramaEvent event = make_call (4);

  event.call.args[0] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = 3 };
  event.call.args[1] =
      (TramaValue){ .kind = TRAMA_VALUE_DATA, .bytes = (const guint8 *) "Hello", .size = 5, .number = 5 };
  event.call.args[2] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = -1 };
  event.call.args[3] = (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .bytes = address, .size = sizeof address };
  assert_passes (&event);
  event.kind = TRAMA_EVENT_CALL;
  event.call.exit_ns = TRAMA_TIME_NONE;
  assert_passes (&event);
}

/* fork (): no arguments at all. */
static void
test_call_without (void)
{
  TramaEvent event = make_call (0);

  assert_passes (&event);
}

/* More data than a trace keeps, in each argument. */
static void
test_large (void)
{
  g_autofree guint8 *data = g_malloc (2 * TRAMA_DATA_MAX_BYTES);
  TramaEvent event = make_call (TRAMA_CALL_MAX_ARGS);

  for (guint i = 0; i < 2 * TRAMA_DATA_MAX_BYTES; i++)
    data[i] = (guint8) i;
  for (guint i = 0; i < TRAMA_CALL_MAX_ARGS; i++)
    event.call.args[i] = (TramaValue){ .kind = TRAMA_VALUE_DATA,
                                       .bytes = data,
                                       .size = 2 * TRAMA_DATA_MAX_BYTES - i,
                                       .number = 2 * TRAMA_DATA_MAX_BYTES - i };
  assert_passes (&event);
}

static void
test_state (void)
{
  static const guint8 local[] = { AF_UNIX, 0, 'p', 'h', 'o', 'n', 'e' };
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){ .time_ns = 5, .socket = 17, .actor = 1, .fd = 3, .backlog = 4 };
  assert_passes (&event);
  event.state.local = local;
  event.state.local_bytes = sizeof local;
  assert_passes (&event);
  event.state.peer = local;
  event.state.peer_bytes = 2;
  assert_passes (&event);
}

static void
test_note (void)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){ .time_ns = 5, .end_ns = TRAMA_TIME_NONE, .kind = TRAMA_NOTE_CAPTION, .actor = 2 };
  event.note.text = "It waits.";
  assert_passes (&event);
  event.note.text = "";
  assert_passes (&event);
}

/* One behind the other, as a ring hands them over. */
static void
test_several (void)
{
  g_autoptr (GByteArray) records = g_byte_array_new ();
  g_autofree guint8 *record = g_malloc (TRAMA_RECORD_MAX_BYTES);
  gsize at = 0;
  TramaEvent event;

  for (guint i = 0; i <= TRAMA_CALL_MAX_ARGS; i++)
    {
      event = make_call (i);
      g_byte_array_append (records, record, (guint) trama_record_pack (&event, record));
    }
  for (guint i = 0; i <= TRAMA_CALL_MAX_ARGS; i++)
    {
      at += trama_record_unpack (records->data + at, records->len - at, &event);
      g_assert_cmpuint (event.call.n_args, ==, i);
    }
  g_assert_cmpuint (at, ==, records->len);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/record/call", test_call);
  g_test_add_func ("/lab/record/call-without", test_call_without);
  g_test_add_func ("/lab/record/large", test_large);
  g_test_add_func ("/lab/record/state", test_state);
  g_test_add_func ("/lab/record/note", test_note);
  g_test_add_func ("/lab/record/several", test_several);
  return g_test_run ();
}
