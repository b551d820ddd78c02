/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/parse.h"

#include <string.h>

/* Small enough that each whole input is brought again in pieces. */
#define PIECE_MAX_BYTES 97

typedef struct
{
  guint64 n_events;
  guint64 sum; /* of everything that the events hold */
} Digest;

static void
add (Digest *digest, const void *bytes, gsize size)
{
  const guint8 *byte = bytes;

  for (gsize i = 0; i < size; i++)
    digest->sum = digest->sum * 31 + byte[i];
}

static void
add_text (Digest *digest, const char *text)
{
  if (text != NULL)
    add (digest, text, strlen (text));
}

static void
add_call (Digest *digest, const TramaCall *call)
{
  add (digest, &call->id, sizeof call->id);
  g_assert_cmpuint (call->n_args, <=, TRAMA_CALL_MAX_ARGS);
  for (guint i = 0; i < call->n_args; i++)
    add (digest, call->args[i].bytes, call->args[i].size);
}

static void
add_event (const TramaEvent *event, gpointer user_data)
{
  Digest *digest = user_data;

  digest->n_events++;
  add (digest, &event->kind, sizeof event->kind);
  switch (event->kind)
    {
    case TRAMA_EVENT_INTERFACE:
      add_text (digest, event->interface.name);
      break;
    case TRAMA_EVENT_PACKET:
      add (digest, &event->packet, sizeof event->packet);
      add (digest, event->data, event->packet.captured_bytes);
      break;
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      add_call (digest, &event->call);
      break;
    case TRAMA_EVENT_SESSION:
      add_text (digest, event->session.text);
      break;
    case TRAMA_EVENT_NOTE:
      add_text (digest, event->note.text);
      break;
    case TRAMA_EVENT_STATISTICS:
      add (digest, &event->statistics.dropped, sizeof event->statistics.dropped);
      break;
    default:
      break;
    }
}

/* Returns where the parser came to. */
static guint64
parse (const FuzzParser *kind, const guint8 *data, gsize size, gsize piece, Digest *digest, gboolean *damaged)
{
  gpointer parser = kind->make (add_event, digest);
  gsize at = 0, end = 0;
  guint64 offset;

  for (*damaged = FALSE; end < size && !*damaged;)
    {
      g_autofree guint8 *exact = NULL;
      g_autoptr (GError) error = NULL;
      gssize taken;

      end = MIN (end + piece, size);
      exact = g_memdup2 (data + at, end - at);
      taken = kind->feed (parser, exact, end - at, &error);
      g_assert_true ((taken < 0) == (error != NULL));
      g_assert_cmpint (taken, <=, (gssize) (end - at));
      *damaged = taken < 0;
      at += *damaged ? 0 : (gsize) taken;
    }
  offset = kind->get_offset (parser);
  g_assert_cmpuint (offset, <=, size);
  kind->destroy (parser);
  return offset;
}

void
fuzz_parse (const FuzzParser *kind, const guint8 *data, gsize size)
{
  Digest whole = { 0 }, pieces = { 0 };
  gboolean whole_damaged, pieces_damaged;
  guint64 offset;

  if (size == 0)
    return;
  offset = parse (kind, data, size, size, &whole, &whole_damaged);
  g_assert_cmpuint (parse (kind, data, size, 1 + data[size / 2] % PIECE_MAX_BYTES, &pieces, &pieces_damaged),
                    ==, offset);
  g_assert_cmpint (whole_damaged, ==, pieces_damaged);
  g_assert_cmpuint (whole.n_events, ==, pieces.n_events);
  g_assert_cmpuint (whole.sum, ==, pieces.sum);
}
