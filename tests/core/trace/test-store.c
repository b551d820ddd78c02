/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/store.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
add_packet (TramaStore *store, gint64 time_ns, guint64 offset, guint32 bytes)
{
  TramaEvent event = { .kind = TRAMA_EVENT_PACKET };

  event.packet =
      (TramaPacket){ .time_ns = time_ns, .offset = offset, .captured_bytes = bytes, .length_bytes = bytes };
  trama_store_append (&event, store);
}

static void
add_call (TramaStore *store, TramaEventKind kind, guint64 id, gint64 entry_ns, gint64 exit_ns)
{
  TramaEvent event = { .kind = kind };

  event.call = (TramaCall){ .id = id, .name = TRAMA_CALL_CLOSE, .entry_ns = entry_ns, .exit_ns = exit_ns };
  trama_store_append (&event, store);
}

static void
add_note (TramaStore *store, gint64 time_ns, const char *text)
{
  TramaEvent event = { .kind = TRAMA_EVENT_NOTE };

  event.note = (TramaNote){ .time_ns = time_ns, .end_ns = TRAMA_TIME_NONE, .kind = 1, .text = text };
  trama_store_append (&event, store);
}

static void
test_empty (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (GArray) moments = trama_store_get_moments (store, NULL);
  TramaSpan span;

  g_assert_cmpuint (trama_store_n_packets (store), ==, 0);
  g_assert_cmpuint (trama_store_n_calls (store), ==, 0);
  g_assert_cmpuint (trama_store_get_generation (store), ==, 0);
  g_assert_null (trama_store_get_session (store));
  g_assert_null (trama_store_get_ground (store));
  g_assert_null (trama_store_get_outcome (store));
  g_assert_null (trama_store_find_actor (store, 1));
  g_assert_false (trama_store_get_span (store, &span));
  g_assert_true (trama_store_packets_observed (store));
  g_assert_cmpuint (trama_store_find_packet (store, 0), ==, 0);
  g_assert_cmpuint (moments->len, ==, 0);
}

/* A return completes its call where it stands, and takes the arguments the kernel filled in. */
static void
test_calls (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autofree char *data = g_strdup ("Hello?");
  TramaEvent event = { .kind = TRAMA_EVENT_RETURN };
  const TramaCall *call;

  add_call (store, TRAMA_EVENT_CALL, 1, 10, TRAMA_TIME_NONE);
  add_call (store, TRAMA_EVENT_CALL, G_GUINT64_CONSTANT (1) << 32 | 1, 20, TRAMA_TIME_NONE);
  g_assert_cmpuint (trama_store_n_calls (store), ==, 2);
  g_assert_cmpint (trama_store_get_call (store, 0)->exit_ns, ==, TRAMA_TIME_NONE);

  event.call = (TramaCall){ .id = 1, .name = TRAMA_CALL_READ, .entry_ns = 10, .exit_ns = 30, .n_args = 2 };
  event.call.args[1] =
      (TramaValue){ .kind = TRAMA_VALUE_DATA, .number = 6, .size = 6, .bytes = (const guint8 *) data };
  trama_store_append (&event, store);
  memset (data, 'x', 6);
  g_assert_cmpuint (trama_store_n_calls (store), ==, 2);
  call = trama_store_get_call (store, 0);
  g_assert_cmpint (call->exit_ns, ==, 30);
  g_assert_cmpmem (call->args[1].bytes, call->args[1].size, "Hello?", 6);
  g_assert_cmpint (trama_store_get_call (store, 1)->exit_ns, ==, TRAMA_TIME_NONE);

  /* One that was made before the trace began. */
  add_call (store, TRAMA_EVENT_RETURN, 77, 5, 31);
  g_assert_cmpuint (trama_store_n_calls (store), ==, 3);
  g_assert_cmpuint (trama_store_get_call (store, 2)->id, ==, 77);
  g_assert_cmpuint (trama_store_get_generation (store), ==, 4);
}

static void
test_actors (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_ACTOR };

  event.actor = (TramaActor){ .id = 2, .pid = 7, .end_ns = TRAMA_TIME_NONE, .name = "client" };
  trama_store_append (&event, store);
  event.actor = (TramaActor){ .id = 1, .pid = 8, .end_ns = TRAMA_TIME_NONE, .name = "server" };
  trama_store_append (&event, store);
  event.actor = (TramaActor){ .id = 2, .pid = 7, .end_ns = 90, .status = 256, .name = "client" };
  trama_store_append (&event, store);

  g_assert_cmpuint (trama_store_n_actors (store), ==, 2);
  g_assert_cmpstr (trama_store_get_actor (store, 0)->name, ==, "client");
  g_assert_null (trama_store_get_actor (store, 0)->program);
  g_assert_cmpint (trama_store_find_actor (store, 2)->end_ns, ==, 90);
  g_assert_cmpint (trama_store_find_actor (store, 2)->status, ==, 256);
  g_assert_true (trama_store_find_actor (store, 1) == trama_store_get_actor (store, 1));
  g_assert_null (trama_store_find_actor (store, 0));
  g_assert_null (trama_store_find_actor (store, 3));
}

/* A file may have lost who called; a record that comes late says it after all. */
static void
test_unknown_caller (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_CALL };
  const TramaActor *caller;

  event.call = (TramaCall){ .id = 1, .actor = 5, .entry_ns = 40, .exit_ns = TRAMA_TIME_NONE };
  trama_store_append (&event, store);
  caller = trama_store_find_actor (store, 5);
  g_assert_nonnull (caller);
  g_assert_nonnull (caller->name);
  g_assert_nonnull (caller->program);
  g_assert_cmpint (caller->start_ns, ==, 40);
  g_assert_cmpint (caller->end_ns, ==, TRAMA_TIME_NONE);

  event.kind = TRAMA_EVENT_ACTOR;
  event.actor = (TramaActor){ .id = 5, .pid = 7, .name = "client", .program = "" };
  trama_store_append (&event, store);
  g_assert_cmpuint (trama_store_n_actors (store), ==, 1);
  g_assert_cmpstr (trama_store_find_actor (store, 5)->name, ==, "client");
}

/* Whatever comes later stands behind; equal times keep the order of the stream. */
static void
test_packet_order (void)
{
  static const gint64 times[] = { 10, 20, 20, 5, 20, 30, 5, 15, 40, 1 };
  static const guint expected[] = { 9, 3, 6, 0, 7, 1, 2, 4, 5, 8 };
  g_autoptr (TramaStore) store = trama_store_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    {
      add_packet (store, times[i], i, 0);
      g_assert_cmpuint (trama_store_n_packets (store), ==, i + 1);
      /* At every moment the order is whole. */
      for (guint p = 1; p <= i; p++)
        {
          TramaPacket before, after;

          trama_store_get_packet (store, trama_store_packet_at (store, p - 1), &before);
          trama_store_get_packet (store, trama_store_packet_at (store, p), &after);
          g_assert_true (before.time_ns < after.time_ns
                         || (before.time_ns == after.time_ns && before.offset < after.offset));
        }
    }
  for (guint p = 0; p < G_N_ELEMENTS (expected); p++)
    {
      TramaPacket packet;

      g_assert_cmpuint (trama_store_packet_at (store, p), ==, expected[p]);
      trama_store_get_packet (store, p, &packet);
      g_assert_cmpint (packet.time_ns, ==, times[p]);
    }
}

/* Against the one before it in the file, past those without a time. */
static void
test_step_back (void)
{
  static const gint64 times[] = { 0, 10, 20, 5, 0, 0, 4, 4, 9, 1, -5, 2, G_MAXINT64, G_MININT64 };
  static const gint64 steps[] = { 0, 0, 0, 15, 0, 0, 1, 0, 0, 8, 6, 0, 0, G_MAXINT64 };
  g_autoptr (TramaStore) store = trama_store_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (times); i++)
    add_packet (store, times[i], 0, 0);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    g_assert_cmpint (trama_store_get_step_back (store, i), ==, steps[i]);
}

static void
test_find_packet (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();

  for (gint64 time = 30; time > 0; time -= 10)
    {
      add_packet (store, time, 0, 0);
      add_packet (store, time, 0, 0);
    }
  g_assert_cmpuint (trama_store_find_packet (store, G_MININT64), ==, 0);
  g_assert_cmpuint (trama_store_find_packet (store, 10), ==, 0);
  g_assert_cmpuint (trama_store_find_packet (store, 11), ==, 2);
  g_assert_cmpuint (trama_store_find_packet (store, 20), ==, 2);
  g_assert_cmpuint (trama_store_find_packet (store, 21), ==, 4);
  g_assert_cmpuint (trama_store_find_packet (store, 30), ==, 4);
  g_assert_cmpuint (trama_store_find_packet (store, 31), ==, 6);
  g_assert_cmpuint (trama_store_find_packet (store, G_MAXINT64), ==, 6);
}

static char *
render_moments (const TramaStore *store, const TramaSpan *span)
{
  static const char *const kinds[] = { "note", "entry", "packet", "exit" };
  g_autoptr (GArray) moments = trama_store_get_moments (store, span);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < moments->len; i++)
    {
      const TramaMoment *moment = &g_array_index (moments, TramaMoment, i);

      g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s %u", i > 0 ? ", " : "", moment->time_ns,
                              kinds[moment->kind], moment->index);
    }
  return g_string_free (text, FALSE);
}

static void
test_moments (void)
{
  const TramaSpan middle = { 20, 30 }, nowhere = { 50, 60 };
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autofree char *all = NULL;
  g_autofree char *some = NULL;
  g_autofree char *none = NULL;

  add_packet (store, 20, 0, 0);
  add_packet (store, 10, 0, 0);
  add_packet (store, 20, 0, 0);
  add_call (store, TRAMA_EVENT_CALL, 1, 20, 20);
  add_call (store, TRAMA_EVENT_CALL, 2, 15, 30);
  add_call (store, TRAMA_EVENT_CALL, 3, 31, TRAMA_TIME_NONE);
  add_note (store, 20, "now");
  all = render_moments (store, NULL);
  g_assert_cmpstr (all, ==,
                   "10 packet 1, 15 entry 1, 20 note 0, 20 entry 0, 20 packet 0, 20 packet 2, 20 exit 0, "
                   "30 exit 1, 31 entry 2");
  some = render_moments (store, &middle);
  g_assert_cmpstr (some, ==, "20 note 0, 20 entry 0, 20 packet 0, 20 packet 2, 20 exit 0, 30 exit 1");
  none = render_moments (store, &nowhere);
  g_assert_cmpstr (none, ==, "");
}

static void
test_moment_ref (void)
{
  static const guint32 expected[] = { TRAMA_EVENT_NOTE, TRAMA_EVENT_CALL, TRAMA_EVENT_PACKET,
                                      TRAMA_EVENT_CALL };

  for (guint kind = TRAMA_MOMENT_NOTE; kind <= TRAMA_MOMENT_EXIT; kind++)
    {
      TramaRef ref = trama_moment_ref (&(TramaMoment){ 5, kind, 3 });

      g_assert_cmpuint (ref.kind, ==, expected[kind]);
      g_assert_cmpuint (ref.index, ==, 3);
    }
}

static void
test_span (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaSpan span;

  add_call (store, TRAMA_EVENT_CALL, 1, 20, TRAMA_TIME_NONE);
  g_assert_true (trama_store_get_span (store, &span));
  g_assert_cmpint (span.start_ns, ==, 20);
  g_assert_cmpint (span.end_ns, ==, 20);
  add_packet (store, 15, 0, 0);
  add_call (store, TRAMA_EVENT_RETURN, 1, 20, 40);
  add_packet (store, 30, 0, 0);
  g_assert_true (trama_store_get_span (store, &span));
  g_assert_cmpint (span.start_ns, ==, 15);
  g_assert_cmpint (span.end_ns, ==, 40);
}

/* A packet at 0 is the first where time is counted from there, and has no time where it is a calendar's. */
static void
test_span_of_zero (void)
{
  const gint64 later_ns[] = { 1000, G_GINT64_CONSTANT (1700000000000000000) };
  const gint64 start_ns[] = { 0, G_GINT64_CONSTANT (1700000000000000000) };

  for (guint i = 0; i < G_N_ELEMENTS (later_ns); i++)
    {
      g_autoptr (TramaStore) store = trama_store_new ();
      TramaSpan span;

      add_packet (store, 0, 0, 0);
      add_packet (store, later_ns[i], 0, 0);
      g_assert_true (trama_store_get_span (store, &span));
      g_assert_cmpint (span.start_ns, ==, start_ns[i]);
      g_assert_cmpint (span.end_ns, ==, later_ns[i]);
    }
}

/* A file of its own with @text in it. */
static int
make_file (const char *text)
{
  int fd = memfd_create ("store", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
  return fd;
}

static void
test_read_packet (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (GError) error = NULL;
  guint8 buffer[16];
  int fd = make_file ("....one..three");

  g_assert_true (trama_store_set_bytes_fd (store, fd));
  close (fd);
  add_packet (store, 1, 4, 3);
  add_packet (store, 2, 9, 5);
  add_packet (store, 3, 14, 0);
  g_assert_cmpint (trama_store_read_packet (store, 0, buffer, sizeof buffer, &error), ==, 3);
  g_assert_cmpmem (buffer, 3, "one", 3);
  g_assert_cmpint (trama_store_read_packet (store, 1, buffer, sizeof buffer, &error), ==, 5);
  g_assert_cmpmem (buffer, 5, "three", 5);
  /* No more than the buffer has room for. */
  buffer[2] = 'X';
  g_assert_cmpint (trama_store_read_packet (store, 1, buffer, 2, &error), ==, 2);
  g_assert_cmpmem (buffer, 3, "thX", 3);
  g_assert_cmpint (trama_store_read_packet (store, 2, buffer, sizeof buffer, &error), ==, 0);
  g_assert_no_error (error);
}

static void
test_shorter_file (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (GError) error = NULL;
  guint8 buffer[16];
  gsize size;
  int fd = make_file ("....one..three");

  g_assert_true (trama_store_set_bytes_fd (store, fd));
  add_packet (store, 1, 4, 3);
  add_packet (store, 2, 9, 5);
  g_assert_cmpint (ftruncate (fd, 11), ==, 0);
  close (fd);
  g_assert_cmpint (trama_store_read_packet (store, 0, buffer, sizeof buffer, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpint (trama_store_read_packet (store, 1, buffer, sizeof buffer, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_nonnull (strstr (error->message, "packet 2"));
  g_assert_nonnull (strstr (error->message, "shorter"));
  g_assert_null (trama_store_peek_packet (store, 1, 16, &size));
  g_assert_nonnull (trama_store_peek_packet (store, 0, 16, &size));
  g_assert_cmpuint (size, ==, 3);
}

static void
test_without_file (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (GError) error = NULL;
  guint8 buffer[16];
  gsize size;

  g_assert_false (trama_store_set_bytes_fd (store, -1));
  g_assert_cmpint (errno, ==, EBADF);
  add_packet (store, 1, 0, 3);
  g_assert_cmpint (trama_store_read_packet (store, 0, buffer, sizeof buffer, &error), ==, -1);
  g_assert_nonnull (error);
  g_assert_null (trama_store_peek_packet (store, 0, 16, &size));
}

/* Peeking forwards, backwards and at random gives what reading gives. */
static void
test_peek (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  const guint n = 2000;
  int fd;

  for (guint i = 0; i < n; i++)
    {
      gsize before = text->len;

      g_string_append_printf (text, "packet %u ", i);
      for (guint filler = i * 7919 % 3000; filler > 0; filler--)
        g_string_append_c (text, (char) ('a' + (filler + i) % 26));
      add_packet (store, i, before, (guint32) (text->len - before));
    }
  fd = make_file (text->str);
  g_assert_true (trama_store_set_bytes_fd (store, fd));
  close (fd);
  for (guint look = 0; look < 3 * n; look++)
    {
      guint index = look < n ? look : look < 2 * n ? 2 * n - 1 - look : (guint) g_rand_int_range (rand, 0, n);
      gsize want = look % 3 == 0 ? 8 : 4000;
      gsize size;
      const guint8 *seen = trama_store_peek_packet (store, index, want, &size);
      TramaPacket packet;

      trama_store_get_packet (store, index, &packet);
      g_assert_nonnull (seen);
      g_assert_cmpuint (size, ==, MIN (want, packet.captured_bytes));
      g_assert_cmpmem (seen, size, text->str + packet.offset, size);
    }
}

/* Texts of a foreign file are made valid, so that nobody else needs to look. */
static void
test_texts (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent session = { .kind = TRAMA_EVENT_SESSION, .session = { "a\xff", "b\xc3", NULL } };
  TramaEvent actor = { .kind = TRAMA_EVENT_ACTOR,
                       .actor = { .id = 1, .name = "\xfe", .program = "c\xed\xa0\x80" } };
  TramaEvent ground = { .kind = TRAMA_EVENT_GROUND, .ground = { .step = "\x80", .remedy = "ñ" } };
  TramaEvent outcome = { .kind = TRAMA_EVENT_OUTCOME, .outcome = { .text = "\xf0\x9f" } };
  TramaEvent interface = { .kind = TRAMA_EVENT_INTERFACE, .interface = { .name = "lo\xaa" } };

  trama_store_append (&session, store);
  trama_store_append (&actor, store);
  trama_store_append (&ground, store);
  trama_store_append (&outcome, store);
  trama_store_append (&interface, store);
  add_note (store, 1, "n\xf5");
  g_assert_cmpstr (trama_store_get_session (store)->name, ==, "a\xef\xbf\xbd");
  g_assert_true (g_utf8_validate (trama_store_get_session (store)->title, -1, NULL));
  g_assert_null (trama_store_get_session (store)->text);
  g_assert_true (g_utf8_validate (trama_store_get_actor (store, 0)->name, -1, NULL));
  g_assert_true (g_utf8_validate (trama_store_get_actor (store, 0)->program, -1, NULL));
  g_assert_true (g_utf8_validate (trama_store_get_ground (store)->step, -1, NULL));
  g_assert_cmpstr (trama_store_get_ground (store)->remedy, ==, "ñ");
  g_assert_true (g_utf8_validate (trama_store_get_outcome (store)->text, -1, NULL));
  g_assert_true (g_utf8_validate (trama_store_get_interface (store, 0)->name, -1, NULL));
  g_assert_true (g_utf8_validate (trama_store_get_note (store, 0)->text, -1, NULL));
}

/* Texts larger than a chunk and many small ones keep their places. */
static void
test_many_texts (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  g_autofree char *large = g_strnfill (200000, 'x');

  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_strdup_printf ("note %u of many", i);

      add_note (store, i, i % 1000 == 500 ? large : text);
    }
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *text = g_strdup_printf ("note %u of many", i);

      g_assert_cmpstr (trama_store_get_note (store, i)->text, ==, i % 1000 == 500 ? large : text);
    }
}

static void
test_states (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  guint8 local[16] = { 2, 0, 0x13, 0x88 };
  TramaEvent event = { .kind = TRAMA_EVENT_SOCKET_STATE };

  event.state = (TramaSocketState){ .time_ns = 5, .socket = 11, .local = local, .local_bytes = sizeof local };
  trama_store_append (&event, store);
  memset (local, 0xee, sizeof local);
  g_assert_cmpuint (trama_store_n_states (store), ==, 1);
  g_assert_cmpuint (trama_store_get_state (store, 0)->local[2], ==, 0x13);
  g_assert_null (trama_store_get_state (store, 0)->peer);
}

static void
test_ground (void)
{
  g_autoptr (TramaStore) store = trama_store_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_GROUND, .ground = { .kind = TRAMA_GROUND_HOST, .error = EPERM } };

  trama_store_append (&event, store);
  g_assert_false (trama_store_packets_observed (store));
  g_assert_cmpint (trama_store_get_ground (store)->error, ==, EPERM);
  event.ground.packets = 1;
  trama_store_append (&event, store);
  g_assert_true (trama_store_packets_observed (store));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/store/empty", test_empty);
  g_test_add_func ("/trace/store/calls", test_calls);
  g_test_add_func ("/trace/store/actors", test_actors);
  g_test_add_func ("/trace/store/unknown-caller", test_unknown_caller);
  g_test_add_func ("/trace/store/packet-order", test_packet_order);
  g_test_add_func ("/trace/store/step-back", test_step_back);
  g_test_add_func ("/trace/store/find-packet", test_find_packet);
  g_test_add_func ("/trace/store/moments", test_moments);
  g_test_add_func ("/trace/store/moment-ref", test_moment_ref);
  g_test_add_func ("/trace/store/span", test_span);
  g_test_add_func ("/trace/store/span-of-zero", test_span_of_zero);
  g_test_add_func ("/trace/store/read-packet", test_read_packet);
  g_test_add_func ("/trace/store/shorter-file", test_shorter_file);
  g_test_add_func ("/trace/store/without-file", test_without_file);
  g_test_add_func ("/trace/store/peek", test_peek);
  g_test_add_func ("/trace/store/texts", test_texts);
  g_test_add_func ("/trace/store/many-texts", test_many_texts);
  g_test_add_func ("/trace/store/states", test_states);
  g_test_add_func ("/trace/store/ground", test_ground);
  return g_test_run ();
}
