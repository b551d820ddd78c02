/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include "core/trace/parser.h"

#include <sys/mman.h>
#include <unistd.h>

/* What libFuzzer calls, and the driver in its place. */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  fuzz_one (data, size);
  return 0;
}

TramaStore *
fuzz_read_store (const guint8 *data, gsize size)
{
  TramaStore *store = trama_store_new ();
  g_autoptr (TramaParser) parser = trama_parser_new (trama_store_append, store);
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  g_assert_true (trama_store_set_bytes_fd (store, fd));
  close (fd);
  trama_parser_feed (parser, data, size, NULL);
  return store;
}

guint32
fuzz_take (const guint8 **data, gsize *left, gsize size)
{
  guint32 number = 0;

  for (; size > 0 && *left > 0; size--, ++*data, --*left)
    number = number << 8 | **data;
  return number;
}
