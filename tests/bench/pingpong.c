/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/ring.h"
#include "core/socket/caller.h"
#include "core/trace/pcapng.h"
#include "core/trace/span.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * What recording costs: two processes write 64 bytes to each other in turn over TCP on the loopback, as
 * plain C and through the socket core, whose records a third process takes from a ring as the lab does.
 *
 * Usage: pingpong [ROUNDS]     (10000 unless told)
 */

#define MESSAGE_BYTES 64
#define RUNS 15
#define LOOK_US 10000

typedef struct
{
  TramaCaller *caller; /* NULL: plain */
  TramaRing *ring;
  GByteArray *record;
  int fd;
  guint rounds;
} Side;

static void
on_event (const TramaEvent *event, gpointer user_data)
{
  Side *side = user_data;

  g_byte_array_set_size (side->record, 0);
  trama_pcapng_write_event (side->record, event);
  trama_ring_write (side->ring, side->record->data, side->record->len);
}

static gssize
make (Side *side, guint16 name, guint8 *buffer)
{
  TramaCall call = { .name = name, .n_args = 3 };
  gboolean sends = name == TRAMA_CALL_WRITE;

  if (side->caller == NULL)
    return sends ? write (side->fd, buffer, MESSAGE_BYTES) : read (side->fd, buffer, MESSAGE_BYTES);
  call.args[0] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = side->fd };
  if (sends)
    call.args[1] = (TramaValue){
      .kind = TRAMA_VALUE_DATA, .bytes = buffer, .size = MESSAGE_BYTES, .number = MESSAGE_BYTES
    };
  call.args[2] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = MESSAGE_BYTES };
  return (gssize) trama_caller_call (side->caller, &call);
}

static void
play (Side *side, gboolean begins)
{
  guint8 buffer[MESSAGE_BYTES] = "ping";

  for (guint i = 0; i < 2 * side->rounds; i++)
    {
      guint16 name = (i % 2 == 0) == begins ? TRAMA_CALL_WRITE : TRAMA_CALL_READ;

      if (make (side, name, buffer) != MESSAGE_BYTES)
        abort ();
    }
}

/* The caller knows a socket by the call that has made it: the descriptor of the bench comes by dup(). */
static void
adopt (Side *side)
{
  TramaCall call = { .name = TRAMA_CALL_DUP, .n_args = 1 };

  call.args[0] = (TramaValue){ .kind = TRAMA_VALUE_NUMBER, .number = side->fd };
  side->fd = (int) trama_caller_call (side->caller, &call);
}

static pid_t
start (Side *side, guint32 actor, gboolean begins, gint64 *took_ns)
{
  gint64 begin_ns;
  pid_t pid = fork ();

  if (pid != 0)
    return pid;
  if (side->ring != NULL)
    {
      side->record = g_byte_array_sized_new (2 * TRAMA_DATA_MAX_BYTES);
      side->caller = trama_caller_new (actor, 0, on_event, side);
      adopt (side);
    }
  begin_ns = trama_monotonic_ns ();
  play (side, begins);
  *took_ns = trama_monotonic_ns () - begin_ns;
  _exit (0);
}

/* The two ends of a connection. */
static void
connect_sides (Side *sides)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof in;
  int listener = socket (AF_INET, SOCK_STREAM, 0);

  sides[0].fd = socket (AF_INET, SOCK_STREAM, 0);
  if (bind (listener, (const struct sockaddr *) &in, sizeof in) < 0 || listen (listener, 1) < 0
      || getsockname (listener, (struct sockaddr *) &in, &size) < 0
      || connect (sides[0].fd, (const struct sockaddr *) &in, sizeof in) < 0)
    abort ();
  sides[1].fd = accept (listener, NULL, NULL);
  close (listener);
}

/* Nanoseconds of a round trip. */
static double
run (guint rounds, gboolean recorded, guint64 *n_bytes, gint64 *took_ns)
{
  Side sides[2] = { { .rounds = rounds }, { .rounds = rounds } };
  g_autoptr (GByteArray) out = g_byte_array_new ();
  pid_t pids[2];
  guint n_running = 2;

  connect_sides (sides);
  for (guint i = 0; i < 2; i++)
    {
      sides[i].ring = recorded ? trama_ring_new () : NULL;
      pids[i] = start (&sides[i], i + 1, i == 0, &took_ns[i]);
      close (sides[i].fd);
    }
  while (n_running > 0)
    {
      if (recorded)
        usleep (LOOK_US);
      n_running -= waitpid (-1, NULL, recorded ? WNOHANG : 0) > 0;
      for (guint i = 0; i < 2 && recorded; i++)
        trama_ring_read (sides[i].ring, out);
      *n_bytes += out->len;
      g_byte_array_set_size (out, 0);
    }
  for (guint i = 0; i < 2; i++)
    trama_ring_free (sides[i].ring);
  return (double) took_ns[0] / rounds;
}

static int
compare (const void *a, const void *b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

int
main (int argc, char **argv)
{
  guint rounds = argc > 1 ? (guint) atoi (argv[1]) : 10000;
  gint64 *took_ns = mmap (NULL, 2 * sizeof *took_ns, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                          0);
  double plain[RUNS], recorded[RUNS], ratios[RUNS];
  guint64 n_bytes = 0;

  if (took_ns == MAP_FAILED || rounds == 0)
    return 1;
  for (guint i = 0; i < RUNS; i++)
    {
      plain[i] = run (rounds, FALSE, &n_bytes, took_ns);
      recorded[i] = run (rounds, TRUE, &n_bytes, took_ns);
      ratios[i] = recorded[i] / plain[i];
    }
  qsort (plain, RUNS, sizeof *plain, compare);
  qsort (recorded, RUNS, sizeof *recorded, compare);
  qsort (ratios, RUNS, sizeof *ratios, compare);
  printf ("a round trip, best and median of %u runs of %u\n", RUNS, rounds);
  printf ("plain     %6.2f us %6.2f us\n", plain[0] / 1000, plain[RUNS / 2] / 1000);
  printf ("recorded  %6.2f us %6.2f us, %.0f bytes of records\n", recorded[0] / 1000,
          recorded[RUNS / 2] / 1000, (double) n_bytes / RUNS / rounds);
  printf ("ratio     %6.3f    %6.3f (of best, median of pairs)\n", recorded[0] / plain[0], ratios[RUNS / 2]);
  return 0;
}
