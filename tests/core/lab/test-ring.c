/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/ring.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Nothing here waits for ever: whoever does is ended by SIGALRM. */
#define GUARD_S 60

static guint
read_all (TramaRing *ring, GByteArray *out)
{
  guint before = out->len;
  gsize size = trama_ring_read (ring, out);

  g_assert_cmpuint (out->len - before, ==, size);
  return (guint) size;
}

static void
test_alone (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_assert_nonnull (ring);
  g_assert_cmpuint (read_all (ring, out), ==, 0);
  trama_ring_write (ring, (const guint8 *) "one", 3);
  trama_ring_write (ring, (const guint8 *) "", 0);
  trama_ring_write (ring, (const guint8 *) "two", 3);
  g_assert_cmpuint (read_all (ring, out), ==, 6);
  g_assert_cmpmem (out->data, out->len, "onetwo", 6);
  g_assert_cmpuint (read_all (ring, out), ==, 0);
}

static guint8
byte_at (guint64 position)
{
  return (guint8) (position * 31 + (position >> 8) * 7 + (position >> 20));
}

static void
write_bytes (TramaRing *ring, guint8 *record, guint64 position, guint size)
{
  for (guint i = 0; i < size; i++)
    record[i] = byte_at (position + i);
  trama_ring_write (ring, record, size);
}

static void
check_bytes (const GByteArray *out, guint64 position)
{
  for (guint i = 0; i < out->len; i++)
    if (out->data[i] != byte_at (position + i))
      g_error ("byte %" G_GUINT64_FORMAT " is wrong", position + i);
}

/* Whoever is read at once goes to the front again and again; records of every size. */
static void
test_front (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *record = g_malloc (TRAMA_RING_BYTES / 4);
  guint64 written = 0;
  guint size = 1;

  while (written < 8 * (guint64) TRAMA_RING_BYTES)
    {
      write_bytes (ring, record, written, size);
      g_byte_array_set_size (out, 0);
      g_assert_cmpuint (read_all (ring, out), ==, size);
      check_bytes (out, written);
      written += size;
      size = size * 3 % (TRAMA_RING_BYTES / 4) + 1;
    }
}

/* Filled to the last byte from a place behind its front, a record crosses its end; at a different byte each time. */
static void
test_wraps (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *record = g_malloc (TRAMA_RING_BYTES / 4);
  guint64 written = 0;

  alarm (GUARD_S);
  for (guint offset = 1; offset < 100000; offset = offset * 3 + 1)
    {
      write_bytes (ring, record, written, offset);
      read_all (ring, out);
      written += offset;
      g_byte_array_set_size (out, 0);
      for (guint i = 0; i < 4; i++)
        write_bytes (ring, record, written + i * (TRAMA_RING_BYTES / 4), TRAMA_RING_BYTES / 4);
      g_assert_cmpuint (read_all (ring, out), ==, TRAMA_RING_BYTES);
      check_bytes (out, written);
      written += TRAMA_RING_BYTES;
      g_byte_array_set_size (out, 0);
    }
  alarm (0);
}

/* To the last byte, without waiting. */
static void
test_full (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree guint8 *quarter = g_malloc (TRAMA_RING_BYTES / 4);

  alarm (GUARD_S);
  trama_ring_write (ring, (const guint8 *) "x", 1);
  read_all (ring, out);
  for (guint i = 0; i < 4; i++)
    {
      memset (quarter, (int) ('a' + i), TRAMA_RING_BYTES / 4);
      trama_ring_write (ring, quarter, TRAMA_RING_BYTES / 4);
    }
  alarm (0);
  g_byte_array_set_size (out, 0);
  g_assert_cmpuint (read_all (ring, out), ==, TRAMA_RING_BYTES);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (out->data[i * (TRAMA_RING_BYTES / 4)], ==, 'a' + i);
      g_assert_cmpuint (out->data[(i + 1) * (TRAMA_RING_BYTES / 4) - 1], ==, 'a' + i);
    }
}

#define RECORDS 60000u
#define RECORD_MAX_BYTES 300u

/* A record says its size, then which it is. */
static guint
make_record (guint number, guint8 *record)
{
  guint32 size = 8 + number * 7919 % (RECORD_MAX_BYTES - 8);

  memcpy (record, &size, 4);
  memcpy (record + 4, &number, 4);
  for (guint i = 8; i < size; i++)
    record[i] = (guint8) (number + i);
  return size;
}

G_NORETURN static void
write_records (TramaRing *ring)
{
  guint8 record[RECORD_MAX_BYTES];

  alarm (GUARD_S);
  for (guint number = 0; number < RECORDS; number++)
    trama_ring_write (ring, record, make_record (number, record));
  _exit (0);
}

/* Every read ends at the end of a record. */
static guint
check_records (const GByteArray *out, guint number)
{
  guint8 expected[RECORD_MAX_BYTES];

  for (guint at = 0; at < out->len; number++)
    {
      guint size = make_record (number, expected);

      g_assert_cmpuint (out->len - at, >=, size);
      g_assert_cmpmem (out->data + at, size, expected, size);
      at += size;
    }
  return number;
}

/* The reader lets the ring fill up at first, so that the writer has to wait. */
static void
test_two_processes (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint number = 0, looks = 0;
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    write_records (ring);
  alarm (GUARD_S);
  while (number < RECORDS)
    {
      if (looks++ < 4)
        g_usleep (20000);
      g_byte_array_set_size (out, 0);
      read_all (ring, out);
      g_assert_cmpuint (out->len, <=, TRAMA_RING_BYTES);
      if (looks == 1)
        g_assert_cmpuint (out->len, <, RECORDS * (RECORD_MAX_BYTES / 2));
      number = check_records (out, number);
    }
  alarm (0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (read_all (ring, out), ==, 0);
}

/* What a process wrote outlives it. */
static void
test_outlives (void)
{
  g_autoptr (TramaRing) ring = trama_ring_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  pid_t child = fork ();
  int status;

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      trama_ring_write (ring, (const guint8 *) "last words", 10);
      _exit (1);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  read_all (ring, out);
  g_assert_cmpmem (out->data, out->len, "last words", 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/ring/alone", test_alone);
  g_test_add_func ("/lab/ring/front", test_front);
  g_test_add_func ("/lab/ring/wraps", test_wraps);
  g_test_add_func ("/lab/ring/full", test_full);
  g_test_add_func ("/lab/ring/two-processes", test_two_processes);
  g_test_add_func ("/lab/ring/outlives", test_outlives);
  return g_test_run ();
}
