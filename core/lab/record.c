/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/lab/record.h"

#include <stddef.h>
#include <string.h>

typedef struct
{
  guint32 size;        /* of all of it */
  guint32 event_bytes; /* of the event; what it points to stands behind, in the order of its members */
} Head;

G_STATIC_ASSERT (sizeof (Head) == 8);
G_STATIC_ASSERT (sizeof (TramaEvent) % 8 == 0 && TRAMA_DATA_MAX_BYTES % 8 == 0);

#define ALIGN(size) (((size) + 7) & ~(gsize) 7)

/* Where an event keeps the address of some bytes, and how many they are. */
typedef struct
{
  const guint8 **bytes;
  guint32 *size;
} Part;

/* A call has only the arguments it has. */
static gsize
count_event_bytes (const TramaEvent *event)
{
  switch (event->kind)
    {
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      return offsetof (TramaEvent, call.args)
             + MIN (event->call.n_args, TRAMA_CALL_MAX_ARGS) * sizeof (TramaValue);
    case TRAMA_EVENT_SOCKET_STATE:
      return offsetof (TramaEvent, state) + sizeof event->state;
    case TRAMA_EVENT_NOTE:
      return offsetof (TramaEvent, note) + sizeof event->note;
    default:
      g_return_val_if_reached (offsetof (TramaEvent, call));
    }
}

/* @text_size stands in for that of a note, which has none. */
static guint
list_parts (TramaEvent *event, guint32 *text_size, Part *parts)
{
  guint n = 0;

  switch (event->kind)
    {
    case TRAMA_EVENT_CALL:
    case TRAMA_EVENT_RETURN:
      for (; n < MIN (event->call.n_args, TRAMA_CALL_MAX_ARGS); n++)
        parts[n] = (Part){ &event->call.args[n].bytes, &event->call.args[n].size };
      return n;
    case TRAMA_EVENT_SOCKET_STATE:
      parts[0] = (Part){ &event->state.local, &event->state.local_bytes };
      parts[1] = (Part){ &event->state.peer, &event->state.peer_bytes };
      return 2;
    case TRAMA_EVENT_NOTE:
      parts[0] = (Part){ (const guint8 **) &event->note.text, text_size };
      return 1;
    default:
      return 0;
    }
}

gsize
trama_record_pack (const TramaEvent *event, guint8 *record)
{
  Head head = { .event_bytes = (guint32) count_event_bytes (event) };
  TramaEvent *copy = (TramaEvent *) (gpointer) (record + sizeof head);
  guint32 text_size = event->kind == TRAMA_EVENT_NOTE ? (guint32) strlen (event->note.text) + 1 : 0;
  Part parts[TRAMA_CALL_MAX_ARGS];
  gsize at = sizeof head + ALIGN (head.event_bytes);
  guint n_parts;

  memcpy (copy, event, head.event_bytes);
  n_parts = list_parts (copy, &text_size, parts);
  for (guint i = 0; i < n_parts; i++)
    {
      guint32 size = MIN (*parts[i].size, TRAMA_DATA_MAX_BYTES);

      if (size > 0)
        memcpy (record + at, *parts[i].bytes, size);
      *parts[i].size = size;
      at += ALIGN (size);
    }
  if (event->kind == TRAMA_EVENT_NOTE && text_size == TRAMA_DATA_MAX_BYTES)
    record[at - 1] = '\0';
  head.size = (guint32) at;
  memcpy (record, &head, sizeof head);
  return at;
}

static gboolean
find_text (const guint8 *data, gsize at, gsize size, guint32 *text_size)
{
  const guint8 *end = at < size ? memchr (data + at, '\0', size - at) : NULL;

  *text_size = end != NULL ? (guint32) (end - data - at) + 1 : 0;
  return end != NULL;
}

gsize
trama_record_unpack (const guint8 *data, gsize size, TramaEvent *event)
{
  Part parts[TRAMA_CALL_MAX_ARGS];
  guint32 text_size = 0;
  guint n_parts;
  Head head;
  gsize at;

  if (size < sizeof head)
    return 0;
  memcpy (&head, data, sizeof head);
  at = sizeof head + ALIGN (head.event_bytes);
  if (head.size > size || head.event_bytes > sizeof *event || at > head.size)
    return 0;
  memset (event, 0, sizeof *event);
  memcpy (event, data + sizeof head, head.event_bytes);
  if (head.event_bytes != count_event_bytes (event)
      || (event->kind == TRAMA_EVENT_NOTE && !find_text (data, at, head.size, &text_size)))
    return 0;
  n_parts = list_parts (event, &text_size, parts);
  for (guint i = 0; i < n_parts; i++)
    {
      if (*parts[i].size > head.size - at)
        return 0;
      *parts[i].bytes = *parts[i].size > 0 ? data + at : NULL;
      at += MIN (ALIGN (*parts[i].size), head.size - at);
    }
  return head.size;
}
