/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/source/source.h"

#include "core/trace/pcapng.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_NOTES 2000

typedef struct
{
  char *folder;
  char *path;       /* of "trace.pcapng" in it */
  GByteArray *data; /* a whole trace */
} Place;

static GByteArray *
write_trace (void)
{
  GByteArray *out = g_byte_array_new ();
  TramaEvent event = { .kind = TRAMA_EVENT_INTERFACE, .interface = { 1, 0, "lo" } };

  trama_pcapng_write_section (out, "test");
  trama_pcapng_write_event (out, &event);
  for (guint i = 0; i < N_NOTES; i++)
    {
      g_autofree char *text = g_strdup_printf ("note %u", i);

      event = (TramaEvent){ .kind = TRAMA_EVENT_NOTE, .note = { .time_ns = i + 1, .text = text } };
      trama_pcapng_write_event (out, &event);
      event = (TramaEvent){
        .kind = TRAMA_EVENT_PACKET,
        .packet = { .time_ns = i + 1, .captured_bytes = (guint32) strlen (text), .length_bytes = 1500 },
        .data = (const guint8 *) text
      };
      trama_pcapng_write_event (out, &event);
    }
  return out;
}

static void
place_set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("trama-source-XXXXXX", NULL);
  g_assert_nonnull (place->folder);
  place->path = g_build_filename (place->folder, "trace.pcapng", NULL);
  place->data = write_trace ();
}

static void
place_tear_down (Place *place, gconstpointer data)
{
  g_remove (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
  g_byte_array_unref (place->data);
}

static void
put_file (const Place *place, const void *bytes, gsize size)
{
  g_assert_true (g_file_set_contents (place->path, bytes, (gssize) size, NULL));
}

/* What a source signalled. */
typedef struct
{
  guint n_changed;
  guint n_finished;
  GError *error;
} Signals;

static void
on_changed (TramaSource *source, gpointer user_data)
{
  Signals *signals = user_data;

  g_assert_cmpuint (signals->n_finished, ==, 0);
  signals->n_changed++;
}

static void
on_finished (TramaSource *source, GError *error, gpointer user_data)
{
  Signals *signals = user_data;

  g_assert_false (trama_source_is_running (source));
  signals->n_finished++;
  if (error != NULL)
    signals->error = g_error_copy (error);
}

static void
watch (TramaSource *source, Signals *signals)
{
  *signals = (Signals){ 0 };
  g_signal_connect (source, "changed", G_CALLBACK (on_changed), signals);
  g_signal_connect (source, "finished", G_CALLBACK (on_finished), signals);
  g_assert_true (trama_source_is_running (source));
}

static void
run_to_end (TramaSource *source, Signals *signals)
{
  while (signals->n_finished == 0)
    g_main_context_iteration (NULL, TRUE);
  /* Once is once. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (signals->n_finished, ==, 1);
  g_assert_false (trama_source_is_running (source));
}

/* Every packet's bytes are where the store thinks they are. */
static void
assert_whole (TramaSource *source)
{
  TramaStore *store = trama_source_get_store (source);

  g_assert_cmpuint (trama_store_n_interfaces (store), ==, 1);
  g_assert_cmpuint (trama_store_n_notes (store), ==, N_NOTES);
  g_assert_cmpuint (trama_store_n_packets (store), ==, N_NOTES);
  for (guint i = 0; i < N_NOTES; i++)
    {
      const char *text = trama_store_get_note (store, i)->text;
      guint8 bytes[64];

      g_assert_cmpint (trama_store_read_packet (store, i, bytes, sizeof bytes, NULL), ==, strlen (text));
      g_assert_cmpmem (bytes, strlen (text), text, strlen (text));
    }
}

static void
test_open (Place *place, gconstpointer data)
{
  g_autoptr (TramaSource) source = NULL;
  Signals signals;

  put_file (place, place->data->data, place->data->len);
  source = trama_source_open (place->path);
  watch (source, &signals);
  run_to_end (source, &signals);
  g_assert_no_error (signals.error);
  g_assert_cmpuint (signals.n_changed, >, 0);
  assert_whole (source);
  trama_source_stop (source); /* too late to matter */
}

/* Opens @path, which fails: @reason stands in the message behind the name. Returns the store. */
static TramaStore *
assert_fails (const char *path, const char *name, const char *reason)
{
  g_autoptr (TramaSource) source = trama_source_open (path);
  g_autofree char *start = g_strconcat (name, ": ", NULL);
  Signals signals;

  watch (source, &signals);
  run_to_end (source, &signals);
  g_assert_error (signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED);
  g_assert_true (g_str_has_prefix (signals.error->message, start));
  if (strstr (signals.error->message + strlen (start), reason) == NULL)
    g_assert_cmpstr (signals.error->message, ==, reason);
  g_error_free (signals.error);
  return trama_store_ref (trama_source_get_store (source));
}

static void
test_missing (Place *place, gconstpointer data)
{
  g_autoptr (TramaStore) store = assert_fails (place->path, place->path, "No such file or directory");

  g_assert_cmpuint (trama_store_get_generation (store), ==, 0);
}

static void
test_empty (Place *place, gconstpointer data)
{
  g_autoptr (TramaStore) store = NULL;

  put_file (place, "", 0);
  store = assert_fails (place->path, place->path, "empty");
  g_assert_cmpuint (trama_store_get_generation (store), ==, 0);
}

static void
test_directory (Place *place, gconstpointer data)
{
  g_autoptr (TramaStore) store = assert_fails (place->folder, place->folder, "Is a directory");

  g_assert_cmpuint (trama_store_get_generation (store), ==, 0);
}

static void
test_unreadable (Place *place, gconstpointer data)
{
  g_autoptr (TramaStore) store = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may read everything");
      return;
    }
  put_file (place, place->data->data, place->data->len);
  g_assert_cmpint (g_chmod (place->path, 0), ==, 0);
  store = assert_fails (place->path, place->path, "Permission denied");
}

static void
test_garbage (Place *place, gconstpointer data)
{
  static const char letter[] = "Dear Sir or Madam,\nI write to you about a file.\n";
  g_autoptr (TramaStore) store = NULL;

  put_file (place, letter, strlen (letter));
  store = assert_fails (place->path, place->path, "damaged at byte 0: ");
  g_assert_cmpuint (trama_store_get_generation (store), ==, 0);
}

/* What came before the end is there; the message says where it ends. */
static void
test_truncated (Place *place, gconstpointer data)
{
  static const guint sizes[] = { 1, 4, 11, 12, 27, 41, 77, 1000, 30001, 50003 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *reason = g_strdup_printf ("cut short at byte %u", sizes[i]);
      g_autoptr (TramaStore) store = NULL;

      put_file (place, place->data->data, sizes[i]);
      store = assert_fails (place->path, place->path, reason);
      g_assert_cmpuint (trama_store_n_packets (store), <, N_NOTES);
      g_assert_true (sizes[i] < 1000 || trama_store_n_packets (store) > 5);
    }
}

static void
test_damaged (Place *place, gconstpointer data)
{
  g_autoptr (TramaStore) store = NULL;
  guint at = 40000 / 4 * 4;

  memset (place->data->data + at, 0xff, 100);
  put_file (place, place->data->data, place->data->len);
  store = assert_fails (place->path, place->path, "damaged at byte ");
  g_assert_cmpuint (trama_store_n_packets (store), >, 100);
  g_assert_cmpuint (trama_store_n_packets (store), <, N_NOTES);
}

static void
test_stop (Place *place, gconstpointer data)
{
  g_autoptr (TramaSource) source = NULL;
  Signals signals;

  put_file (place, place->data->data, place->data->len);
  source = trama_source_open (place->path);
  watch (source, &signals);
  trama_source_stop (source);
  run_to_end (source, &signals);
  g_assert_error (signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED);
  g_error_free (signals.error);
}

static gpointer
fill_pipe (gpointer user_data)
{
  const GByteArray *data = ((gpointer *) user_data)[0];
  int fd = GPOINTER_TO_INT (((gpointer *) user_data)[1]);
  gsize at = 0;

  /* In pieces that end anywhere. */
  while (at < data->len)
    {
      gssize n = write (fd, data->data + at, MIN (data->len - at, 777));

      g_assert_cmpint (n, >, 0);
      at += (gsize) n;
    }
  close (fd);
  return NULL;
}

/* Reads standard input while it is @fd, which is taken. */
static TramaSource *
read_standard_input (int fd, Signals *signals)
{
  int before = dup (STDIN_FILENO);
  TramaSource *source;

  g_assert_cmpint (dup2 (fd, STDIN_FILENO), ==, STDIN_FILENO);
  close (fd);
  source = trama_source_open ("-");
  g_assert_cmpint (dup2 (before, STDIN_FILENO), ==, STDIN_FILENO);
  close (before);
  watch (source, signals);
  run_to_end (source, signals);
  return source;
}

static void
assert_saves (TramaSource *source, const char *path, const guint8 *bytes, gsize size)
{
  g_autofree char *saved = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf status;
  gsize saved_size;

  g_assert_true (trama_source_save (source, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &saved, &saved_size, NULL));
  g_assert_cmpmem (saved, saved_size, bytes, size);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
}

/* What comes through a pipe can be read again and saved. */
static void
test_pipe (Place *place, gconstpointer data)
{
  g_autoptr (TramaSource) source = NULL;
  gpointer closure[2] = { place->data, NULL };
  GThread *thread;
  Signals signals;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  closure[1] = GINT_TO_POINTER (fds[1]);
  thread = g_thread_new ("writer", fill_pipe, closure);
  source = read_standard_input (fds[0], &signals);
  g_thread_join (thread);
  g_assert_no_error (signals.error);
  assert_whole (source);
  assert_saves (source, place->path, place->data->data, place->data->len);
}

/* A pipe that ends in the middle: the message names it in words. */
static void
test_short_pipe (Place *place, gconstpointer data)
{
  g_autoptr (TramaSource) source = NULL;
  Signals signals;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write (fds[1], place->data->data, 1001), ==, 1001);
  close (fds[1]);
  source = read_standard_input (fds[0], &signals);
  g_assert_error (signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED);
  g_assert_true (g_str_has_prefix (signals.error->message, "standard input: cut short at byte 1001"));
  g_error_free (signals.error);
}

/* A file of which somebody has read a part before: the trace begins where it stands. */
static void
test_standing_input (Place *place, gconstpointer data)
{
  g_autoptr (TramaSource) source = NULL;
  g_autoptr (GByteArray) file = g_byte_array_new ();
  Signals signals;
  int fd;

  g_byte_array_append (file, (const guint8 *) "a line of text\n", 15);
  g_byte_array_append (file, place->data->data, place->data->len);
  put_file (place, file->data, file->len);
  fd = g_open (place->path, O_RDONLY, 0);
  g_assert_cmpint (lseek (fd, 15, SEEK_SET), ==, 15);
  source = read_standard_input (fd, &signals);
  g_assert_no_error (signals.error);
  assert_whole (source);
}

static void
test_save (Place *place, gconstpointer data)
{
  g_autofree char *other = g_build_filename (place->folder, "other.pcapng", NULL);
  g_autofree char *nowhere = g_build_filename (place->folder, "missing", "x", NULL);
  g_autoptr (TramaSource) source = NULL;
  g_autoptr (GError) error = NULL;
  Signals signals;

  put_file (place, place->data->data, place->data->len);
  source = trama_source_open (place->path);
  watch (source, &signals);
  run_to_end (source, &signals);
  assert_saves (source, other, place->data->data, place->data->len);
  /* In its own place, too; the source goes on reading the old one. */
  assert_saves (source, place->path, place->data->data, place->data->len);
  assert_whole (source);
  g_assert_false (trama_source_save (source, nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, nowhere));
  g_remove (other);
}

/* Of a file that was cut short the whole blocks are saved: a file that can be opened. */
static void
test_save_truncated (Place *place, gconstpointer data)
{
  g_autofree char *other = g_build_filename (place->folder, "other.pcapng", NULL);
  g_autoptr (TramaSource) source = NULL;
  g_autoptr (TramaSource) again = NULL;
  Signals signals;

  put_file (place, place->data->data, 30001);
  source = trama_source_open (place->path);
  watch (source, &signals);
  run_to_end (source, &signals);
  g_clear_error (&signals.error);
  g_assert_true (trama_source_save (source, other, NULL));
  again = trama_source_open (other);
  watch (again, &signals);
  run_to_end (again, &signals);
  g_assert_no_error (signals.error);
  g_assert_cmpuint (trama_store_n_packets (trama_source_get_store (again)), ==,
                    trama_store_n_packets (trama_source_get_store (source)));
  g_remove (other);
}

/* A file that becomes shorter under the source cannot be saved, and nothing is left behind. */
static void
test_save_shorter (Place *place, gconstpointer data)
{
  g_autofree char *other = g_build_filename (place->folder, "other.pcapng", NULL);
  g_autoptr (TramaSource) source = NULL;
  g_autoptr (GError) error = NULL;
  Signals signals;

  put_file (place, place->data->data, place->data->len);
  source = trama_source_open (place->path);
  watch (source, &signals);
  run_to_end (source, &signals);
  g_assert_cmpint (truncate (place->path, 1000), ==, 0);
  g_assert_false (trama_source_save (source, other, &error));
  g_assert_nonnull (strstr (error->message, "shorter"));
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
}

/* What is followed, and what it said. */
typedef struct
{
  TramaSource *source;
  Signals signals;
  guint n_caught_up;
  char *cut; /* the last message; NULL: it was whole */
} Following;

static void
on_caught_up (TramaSource *source, const GError *error, gpointer user_data)
{
  Following *following = user_data;

  g_assert_cmpuint (following->signals.n_finished, ==, 0);
  following->n_caught_up++;
  g_free (following->cut);
  following->cut = error != NULL ? g_strdup (error->message) : NULL;
}

static void
follow (Following *following, const char *path)
{
  *following = (Following){ .source = trama_source_follow (path) };
  watch (following->source, &following->signals);
  g_signal_connect (following->source, "caught-up", G_CALLBACK (on_caught_up), following);
}

static void
wait_until_caught_up (Following *following, guint n)
{
  while (following->n_caught_up < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_packets (Following *following, guint n)
{
  while (trama_store_n_packets (trama_source_get_store (following->source)) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
stop_following (Following *following)
{
  trama_source_stop (following->source);
  run_to_end (following->source, &following->signals);
  g_assert_error (following->signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_STOPPED);
  g_clear_error (&following->signals.error);
  g_clear_object (&following->source);
  g_clear_pointer (&following->cut, g_free);
}

static void
append_file (const Place *place, gsize from, gsize to)
{
  int fd = g_open (place->path, O_WRONLY | O_APPEND, 0);

  g_assert_cmpint (write (fd, place->data->data + from, to - from), ==, to - from);
  close (fd);
}

static guint
count_packets (Following *following)
{
  return trama_store_n_packets (trama_source_get_store (following->source));
}

/* Pieces end anywhere; a part of a block is no damage while more may come. */
static void
test_follow (Place *place, gconstpointer data)
{
  Following following;
  gsize sizes[] = { 30001, 30003, 50000, 60005, 90001, place->data->len };

  put_file (place, place->data->data, sizes[0]);
  follow (&following, place->path);
  g_assert_false (trama_source_is_live (following.source));
  wait_for_packets (&following, 1);
  for (guint i = 1; i < G_N_ELEMENTS (sizes); i++)
    {
      guint before = count_packets (&following);

      append_file (place, sizes[i - 1], sizes[i]);
      if (sizes[i] - sizes[i - 1] > 1000)
        wait_for_packets (&following, before + 5);
    }
  wait_for_packets (&following, N_NOTES);
  wait_until_caught_up (&following, 1);
  g_assert_true (trama_source_is_live (following.source));
  g_assert_true (trama_source_is_running (following.source));
  g_assert_cmpstr (following.cut, ==, NULL);
  assert_whole (following.source);
  stop_following (&following);
}

/* It is said where it breaks off; the rest may still come, and then nothing is wrong with it. */
static void
test_follow_cut (Place *place, gconstpointer data)
{
  Following following;
  guint n;

  put_file (place, place->data->data, 30001);
  follow (&following, place->path);
  wait_until_caught_up (&following, 1);
  g_assert_nonnull (strstr (following.cut, "cut short at byte 30001"));
  g_assert_false (trama_source_is_live (following.source));
  n = following.n_caught_up;
  append_file (place, 30001, place->data->len);
  wait_until_caught_up (&following, n + 1);
  g_assert_cmpstr (following.cut, ==, NULL);
  assert_whole (following.source);
  stop_following (&following);
}

/* Of a file of yesterday nobody writes the rest: that is said at once. */
static void
test_follow_old (Place *place, gconstpointer data)
{
  const struct timespec yesterday[2] = { { time (NULL) - 86400, 0 }, { time (NULL) - 86400, 0 } };
  Following following;
  gint64 begin_us;

  put_file (place, place->data->data, 30001);
  g_assert_cmpint (utimensat (AT_FDCWD, place->path, yesterday, 0), ==, 0);
  follow (&following, place->path);
  begin_us = g_get_monotonic_time ();
  wait_until_caught_up (&following, 1);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 1500000);
  g_assert_nonnull (strstr (following.cut, "cut short at byte 30001"));
  stop_following (&following);
}

static void
test_follow_empty (Place *place, gconstpointer data)
{
  Following following;

  put_file (place, "", 0);
  follow (&following, place->path);
  append_file (place, 0, place->data->len);
  wait_until_caught_up (&following, 1);
  g_assert_cmpstr (following.cut, ==, NULL);
  assert_whole (following.source);
  stop_following (&following);
}

static void
test_follow_shorter (Place *place, gconstpointer data)
{
  Following following;

  put_file (place, place->data->data, place->data->len);
  follow (&following, place->path);
  wait_until_caught_up (&following, 1);
  g_assert_cmpint (truncate (place->path, 1000), ==, 0);
  run_to_end (following.source, &following.signals);
  g_assert_error (following.signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED);
  g_assert_nonnull (strstr (following.signals.error->message, "shorter"));
  g_clear_error (&following.signals.error);
  g_clear_object (&following.source);
}

/* Damage is damage, whatever comes behind it. */
static void
test_follow_damaged (Place *place, gconstpointer data)
{
  Following following;

  memset (place->data->data + 40000, 0xff, 100);
  put_file (place, place->data->data, 30000);
  follow (&following, place->path);
  wait_for_packets (&following, 1);
  append_file (place, 30000, place->data->len);
  run_to_end (following.source, &following.signals);
  g_assert_error (following.signals.error, TRAMA_SOURCE_ERROR, TRAMA_SOURCE_ERROR_DAMAGED);
  g_clear_error (&following.signals.error);
  g_clear_object (&following.source);
}

/* What a slow writer puts into a FIFO is there before the next comes. */
static void
test_fifo (Place *place, gconstpointer data)
{
  Following following;
  guint before = 0;
  int fd;

  g_assert_cmpint (mkfifo (place->path, 0600), ==, 0);
  follow (&following, place->path);
  g_assert_true (trama_source_is_live (following.source));
  fd = g_open (place->path, O_WRONLY, 0);
  for (gsize at = 0; at < place->data->len; at += 10000)
    {
      gsize size = MIN (place->data->len - at, 10000);

      g_assert_cmpint (write (fd, place->data->data + at, size), ==, size);
      wait_for_packets (&following, before + 1);
      before = count_packets (&following);
    }
  close (fd);
  run_to_end (following.source, &following.signals);
  g_assert_no_error (following.signals.error);
  g_assert_cmpuint (following.n_caught_up, ==, 0);
  assert_whole (following.source);
  g_clear_object (&following.source);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*test) (Place *place, gconstpointer data);
  } tests[] = {
    { "/source/open", test_open },
    { "/source/missing", test_missing },
    { "/source/empty", test_empty },
    { "/source/directory", test_directory },
    { "/source/unreadable", test_unreadable },
    { "/source/garbage", test_garbage },
    { "/source/truncated", test_truncated },
    { "/source/damaged", test_damaged },
    { "/source/stop", test_stop },
    { "/source/pipe", test_pipe },
    { "/source/short-pipe", test_short_pipe },
    { "/source/standing-input", test_standing_input },
    { "/source/save", test_save },
    { "/source/save-truncated", test_save_truncated },
    { "/source/save-shorter", test_save_shorter },
    { "/source/follow", test_follow },
    { "/source/follow-cut", test_follow_cut },
    { "/source/follow-old", test_follow_old },
    { "/source/follow-empty", test_follow_empty },
    { "/source/follow-shorter", test_follow_shorter },
    { "/source/follow-damaged", test_follow_damaged },
    { "/source/fifo", test_fifo },
  };
  g_autofree char *folder = NULL;
  g_autofree char *inner = NULL;
  int status;

  /* What is spooled goes to a folder of the test's own. */
  folder = g_dir_make_tmp ("trama-cache-XXXXXX", NULL);
  inner = g_build_filename (folder, "trama", NULL);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Place, NULL, place_set_up, tests[i].test, place_tear_down);
  status = g_test_run ();
  g_rmdir (inner);
  g_rmdir (folder);
  return status;
}
