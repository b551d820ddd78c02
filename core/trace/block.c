/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/block.h"

#include <stddef.h>
#include <string.h>

#define HEADER_BYTES 8
#define ATTRIBUTE_HEADER_BYTES 4

/* Of an argument: kind u16, index u16, number i64, then its bytes. */
#define ARG_HEADER_BYTES 12
#define CODE_ARG 64

#define CODE_SESSION_TEXT 3

typedef enum
{
  FIELD_NUMBER, /* an integer of .size bytes */
  FIELD_TIME,   /* a gint64 between TRAMA_TIME_MIN_NS and TRAMA_TIME_MAX_NS */
  FIELD_TEXT,   /* with its final 0 */
  FIELD_BYTES,  /* a pointer at .offset, its guint32 size at .size_offset */
} FieldKind;

/* How one member of a record is written. A code, once used, keeps its meaning. */
typedef struct
{
  guint16 code;
  guint8 kind;
  guint8 size;
  guint16 offset; /* in TramaEvent */
  guint16 size_offset;
} Field;

#define NUMBER(code, member)                                                                                 \
  {                                                                                                          \
    code, FIELD_NUMBER, sizeof ((TramaEvent *) 0)->member, offsetof (TramaEvent, member), 0                  \
  }
#define TIME(code, member)                                                                                   \
  {                                                                                                          \
    code, FIELD_TIME, sizeof (gint64), offsetof (TramaEvent, member), 0                                      \
  }
#define TEXT(code, member)                                                                                   \
  {                                                                                                          \
    code, FIELD_TEXT, 0, offsetof (TramaEvent, member), 0                                                    \
  }
#define BYTES(code, member, size_member)                                                                     \
  {                                                                                                          \
    code, FIELD_BYTES, 0, offsetof (TramaEvent, member), offsetof (TramaEvent, size_member)                  \
  }

static const Field session_fields[] = {
  TEXT (1, session.name),
  TEXT (2, session.title),
  TEXT (CODE_SESSION_TEXT, session.text),
};

static const Field ground_fields[] = {
  TIME (1, ground.time_ns), NUMBER (2, ground.kind), NUMBER (3, ground.packets),
  NUMBER (4, ground.error), TEXT (5, ground.step),   TEXT (6, ground.remedy),
};

static const Field actor_fields[] = {
  NUMBER (1, actor.id),     NUMBER (2, actor.pid), TIME (3, actor.start_ns), TIME (4, actor.end_ns),
  NUMBER (5, actor.status), TEXT (6, actor.name),  TEXT (7, actor.program),
};

/* TRAMA_EVENT_RETURN has the same; the arguments follow as CODE_ARG. */
static const Field call_fields[] = {
  NUMBER (1, call.id),      TIME (2, call.entry_ns), TIME (3, call.exit_ns),         NUMBER (4, call.socket),
  NUMBER (5, call.made),    NUMBER (6, call.result), NUMBER (7, call.stream_offset), NUMBER (8, call.error),
  NUMBER (9, call.fd),      NUMBER (10, call.actor), NUMBER (11, call.line),         NUMBER (12, call.name),
  NUMBER (13, call.n_args), NUMBER (14, call.flags),
};

static const Field state_fields[] = {
  TIME (1, state.time_ns),
  NUMBER (2, state.socket),
  NUMBER (3, state.actor),
  NUMBER (4, state.fd),
  NUMBER (5, state.domain),
  NUMBER (6, state.type),
  NUMBER (7, state.protocol),
  NUMBER (8, state.role),
  NUMBER (9, state.tcp_state),
  NUMBER (10, state.receive_queue_bytes),
  NUMBER (11, state.send_queue_bytes),
  NUMBER (12, state.accept_queue),
  NUMBER (13, state.backlog),
  NUMBER (14, state.cwnd_segments),
  NUMBER (15, state.rtt_us),
  NUMBER (16, state.retransmits),
  BYTES (17, state.local, state.local_bytes),
  BYTES (18, state.peer, state.peer_bytes),
  NUMBER (19, state.drops),
  NUMBER (20, state.peer_socket),
};

static const Field note_fields[] = {
  TIME (1, note.time_ns), TIME (2, note.end_ns), NUMBER (3, note.kind),
  NUMBER (4, note.actor), TEXT (5, note.text),   NUMBER (6, note.call),
};

static const Field clock_fields[] = {
  TIME (1, clock.realtime_ns),
  TIME (2, clock.monotonic_ns),
};

static const Field outcome_fields[] = {
  TIME (1, outcome.time_ns), NUMBER (2, outcome.ok),   NUMBER (3, outcome.packets_dropped),
  TEXT (4, outcome.text),    NUMBER (5, outcome.line),
};

static const Field position_fields[] = {
  TIME (1, position.time_ns),
  NUMBER (2, position.actor),
  NUMBER (3, position.line),
  NUMBER (4, position.status),
};

typedef struct
{
  const Field *fields;
  guint n_fields;
} Layout;

#define LAYOUT(fields)                                                                                       \
  {                                                                                                          \
    fields, G_N_ELEMENTS (fields)                                                                            \
  }

static const Layout layouts[] = {
  [TRAMA_EVENT_SESSION] = LAYOUT (session_fields), [TRAMA_EVENT_GROUND] = LAYOUT (ground_fields),
  [TRAMA_EVENT_ACTOR] = LAYOUT (actor_fields),     [TRAMA_EVENT_CALL] = LAYOUT (call_fields),
  [TRAMA_EVENT_RETURN] = LAYOUT (call_fields),     [TRAMA_EVENT_SOCKET_STATE] = LAYOUT (state_fields),
  [TRAMA_EVENT_NOTE] = LAYOUT (note_fields),       [TRAMA_EVENT_CLOCK] = LAYOUT (clock_fields),
  [TRAMA_EVENT_OUTCOME] = LAYOUT (outcome_fields), [TRAMA_EVENT_POSITION] = LAYOUT (position_fields),
};

static void
append_u16 (GByteArray *body, guint16 value)
{
  g_byte_array_append (body, (const guint8 *) &value, sizeof value);
}

static void
append_padded (GByteArray *body, const void *value, guint size)
{
  static const guint8 padding[4] = { 0 };

  g_byte_array_append (body, value, size);
  g_byte_array_append (body, padding, -size & 3);
}

static guint16
get_u16 (const guint8 *data, gboolean swapped)
{
  guint16 value;

  memcpy (&value, data, sizeof value);
  return swapped ? GUINT16_SWAP_LE_BE (value) : value;
}

static guint64
get_number (const guint8 *data, guint size, gboolean swapped)
{
  guint32 u32;
  guint64 u64;

  switch (size)
    {
    case 1:
      return data[0];
    case 2:
      return get_u16 (data, swapped);
    case 4:
      memcpy (&u32, data, sizeof u32);
      return swapped ? GUINT32_SWAP_LE_BE (u32) : u32;
    default:
      memcpy (&u64, data, sizeof u64);
      return swapped ? GUINT64_SWAP_LE_BE (u64) : u64;
    }
}

static void
put_number (guint8 *member, guint size, guint64 value)
{
  guint16 u16 = (guint16) value;
  guint32 u32 = (guint32) value;

  switch (size)
    {
    case 1:
      *member = (guint8) value;
      break;
    case 2:
      memcpy (member, &u16, sizeof u16);
      break;
    case 4:
      memcpy (member, &u32, sizeof u32);
      break;
    default:
      memcpy (member, &value, sizeof value);
      break;
    }
}

/*
 * Writing. A call is recorded twice, and nobody should have to wait for it: every put function writes
 * where there is room, which was made for the whole record at once, and returns the place behind it.
 */

static guint8 *
put_attribute (guint8 *at, guint16 code, const void *value, gsize size)
{
  const guint16 head[] = { code, (guint16) size };

  memcpy (at, head, sizeof head);
  at += sizeof head;
  memcpy (at, value, size);
  memset (at + size, 0, -size & 3);
  return at + size + (-size & 3);
}

/* What is 0 takes no place. */
static guint8 *
put_number_attribute (guint8 *at, guint16 code, guint size, guint64 value)
{
  const guint16 head[] = { code, (guint16) size };

  if (value == 0)
    return at;
  memcpy (at, head, sizeof head);
  at += sizeof head;
  memset (at, 0, sizeof (guint32));
  put_number (at, size, value);
  return at + MAX (size, sizeof (guint32));
}

static guint8 *
put_text (guint8 *at, guint16 code, const char *text)
{
  gsize length = MIN (strlen (text), TRAMA_TEXT_MAX_BYTES);
  const guint16 head[] = { code, (guint16) (length + 1) };

  memcpy (at, head, sizeof head);
  at += sizeof head;
  memcpy (at, text, length);
  memset (at + length, 0, 1 + (-(length + 1) & 3));
  return at + length + 1 + (-(length + 1) & 3);
}

static guint8 *
put_field (guint8 *at, const Field *field, const TramaEvent *event)
{
  const guint8 *member = (const guint8 *) event + field->offset;
  const void *pointer;
  guint32 size;

  if (field->kind == FIELD_NUMBER || field->kind == FIELD_TIME)
    return put_number_attribute (at, field->code, field->size, get_number (member, field->size, FALSE));
  memcpy (&pointer, member, sizeof pointer);
  if (field->kind == FIELD_TEXT)
    return pointer != NULL ? put_text (at, field->code, pointer) : at;
  memcpy (&size, (const guint8 *) event + field->size_offset, sizeof size);
  return size > 0 ? put_attribute (at, field->code, pointer, MIN (size, TRAMA_ADDRESS_MAX_BYTES)) : at;
}

static guint
max_bytes_of_kind (guint32 kind)
{
  return kind == TRAMA_VALUE_ADDRESS ? TRAMA_ADDRESS_MAX_BYTES : TRAMA_DATA_MAX_BYTES;
}

static guint8 *
put_arg (guint8 *at, guint index, const TramaValue *value)
{
  guint32 size = MIN (value->size, max_bytes_of_kind (value->kind));
  const guint16 head[] = { CODE_ARG, (guint16) (ARG_HEADER_BYTES + size), (guint16) value->kind,
                           (guint16) index };

  if (value->kind == TRAMA_VALUE_NONE)
    return at;
  memcpy (at, head, sizeof head);
  at += sizeof head;
  memcpy (at, &value->number, sizeof value->number);
  at += sizeof value->number;
  if (size > 0)
    memcpy (at, value->bytes, size);
  memset (at + size, 0, -size & 3);
  return at + size + (-size & 3);
}

/* More than @event takes. */
static gsize
room_for (const Layout *layout, const TramaEvent *event)
{
  gsize room = HEADER_BYTES + layout->n_fields * (ATTRIBUTE_HEADER_BYTES + TRAMA_ADDRESS_MAX_BYTES);

  for (guint i = 0; i < layout->n_fields; i++)
    if (layout->fields[i].kind == FIELD_TEXT)
      {
        const char *text;

        memcpy (&text, (const guint8 *) event + layout->fields[i].offset, sizeof text);
        room += text != NULL ? MIN (strlen (text), TRAMA_TEXT_MAX_BYTES) : 0;
      }
  if (layout->fields == call_fields)
    for (guint i = 0; i < MIN (event->call.n_args, TRAMA_CALL_MAX_ARGS); i++)
      room += ATTRIBUTE_HEADER_BYTES + ARG_HEADER_BYTES + sizeof (guint32)
              + MIN (event->call.args[i].size, TRAMA_DATA_MAX_BYTES);
  return room;
}

void
trama_block_encode (GByteArray *body, const TramaEvent *event)
{
  const guint16 numbers[] = { TRAMA_BLOCK_VERSION, (guint16) event->kind };
  const Layout *layout;
  guint start = body->len;
  guint8 *at;

  g_return_if_fail (event->kind < G_N_ELEMENTS (layouts) && layouts[event->kind].fields != NULL);

  layout = &layouts[event->kind];
  g_byte_array_set_size (body, start + (guint) room_for (layout, event));
  at = body->data + start;
  memcpy (at, TRAMA_BLOCK_MAGIC, 4);
  memcpy (at + 4, numbers, sizeof numbers);
  at += HEADER_BYTES;
  for (guint i = 0; i < layout->n_fields; i++)
    at = put_field (at, &layout->fields[i], event);
  if (layout->fields == call_fields)
    for (guint i = 0; i < MIN (event->call.n_args, TRAMA_CALL_MAX_ARGS); i++)
      at = put_arg (at, i, &event->call.args[i]);
  g_byte_array_set_size (body, (guint) (at - body->data));
}

static gboolean
is_time (gint64 time_ns)
{
  return time_ns == TRAMA_TIME_NONE || (time_ns >= TRAMA_TIME_MIN_NS && time_ns <= TRAMA_TIME_MAX_NS);
}

static const char *
read_field (const Field *field, const guint8 *value, guint size, gboolean swapped, TramaEvent *event)
{
  guint8 *member = (guint8 *) event + field->offset;
  guint64 number;

  switch (field->kind)
    {
    case FIELD_NUMBER:
    case FIELD_TIME:
      if (size != field->size)
        return "a number has the wrong size";
      number = get_number (value, size, swapped);
      if (field->kind == FIELD_TIME && !is_time ((gint64) number))
        return "a time is out of range";
      put_number (member, size, number);
      return NULL;
    case FIELD_TEXT:
      if (size == 0 || value[size - 1] != 0)
        return "a text does not end";
      memcpy (member, &value, sizeof value);
      return NULL;
    default:
      if (size > TRAMA_ADDRESS_MAX_BYTES)
        return "an address is too long";
      memcpy (member, &value, sizeof value);
      memcpy ((guint8 *) event + field->size_offset, &(guint32){ size }, sizeof (guint32));
      return NULL;
    }
}

static const char *
read_arg (const guint8 *value, guint size, gboolean swapped, TramaCall *call)
{
  guint index;
  TramaValue *arg;

  if (size < ARG_HEADER_BYTES || size > ARG_HEADER_BYTES + TRAMA_DATA_MAX_BYTES)
    return "an argument has the wrong size";
  index = get_u16 (value + 2, swapped);
  if (index >= TRAMA_CALL_MAX_ARGS)
    return "a call has too many arguments";
  arg = &call->args[index];
  arg->kind = get_u16 (value, swapped);
  if (arg->kind > TRAMA_VALUE_DATA)
    return "an argument is of no known kind";
  if (size - ARG_HEADER_BYTES > max_bytes_of_kind (arg->kind))
    return "an address is too long";
  arg->number = (gint64) get_number (value + 4, 8, swapped);
  arg->size = size - ARG_HEADER_BYTES;
  arg->bytes = arg->size > 0 ? value + ARG_HEADER_BYTES : NULL;
  return NULL;
}

static const char *
read_attribute (const Layout *layout,
                guint code,
                const guint8 *value,
                guint size,
                gboolean swapped,
                TramaEvent *event)
{
  if (code == CODE_ARG && layout->fields == call_fields)
    return read_arg (value, size, swapped, &event->call);
  for (guint i = 0; i < layout->n_fields; i++)
    if (layout->fields[i].code == code)
      return read_field (&layout->fields[i], value, size, swapped, event);
  return NULL;
}

static const char *
read_attributes (const Layout *layout, const guint8 *body, gsize size, gboolean swapped, TramaEvent *event)
{
  gsize at = HEADER_BYTES;

  while (at < size)
    {
      guint code, length;
      const char *reason;

      if (size - at < ATTRIBUTE_HEADER_BYTES)
        return "an attribute goes past the end of its block";
      code = get_u16 (body + at, swapped);
      length = get_u16 (body + at + 2, swapped);
      at += ATTRIBUTE_HEADER_BYTES;
      if (length + (-length & 3) > size - at)
        return "an attribute goes past the end of its block";
      reason = read_attribute (layout, code, body + at, length, swapped, event);
      if (reason != NULL)
        return reason;
      at += length + (-length & 3);
    }
  return NULL;
}

static const char *
check_call (const TramaCall *call)
{
  if (call->n_args > TRAMA_CALL_MAX_ARGS)
    return "a call has too many arguments";
  for (guint i = call->n_args; i < TRAMA_CALL_MAX_ARGS; i++)
    if (call->args[i].kind != TRAMA_VALUE_NONE || call->args[i].size > 0)
      return "a call has more arguments than it says";
  return NULL;
}

/* What the rest of the program may rely on of a record from outside. */
static const char *
check (const TramaEvent *event)
{
  if (event->kind == TRAMA_EVENT_CALL || event->kind == TRAMA_EVENT_RETURN)
    return check_call (&event->call);
  if (event->kind == TRAMA_EVENT_SOCKET_STATE
      && (event->state.tcp_state > TRAMA_TCP_TIME_WAIT || event->state.role > TRAMA_ROLE_CONNECTED))
    return "a socket is in no known state";
  if (event->kind == TRAMA_EVENT_NOTE && event->note.text == NULL && event->note.kind != TRAMA_NOTE_MARK)
    return "a note has no text";
  if (event->kind == TRAMA_EVENT_ACTOR && event->actor.name == NULL)
    return "an actor has no name";
  return NULL;
}

gboolean
trama_block_decode (const guint8 *body, gsize size, gboolean swapped, TramaEvent *event, const char **reason)
{
  guint kind;

  memset (event, 0, sizeof *event);
  if (size < HEADER_BYTES || memcmp (body, TRAMA_BLOCK_MAGIC, 4) != 0)
    {
      *reason = "it does not begin with our magic";
      return FALSE;
    }
  kind = get_u16 (body + 6, swapped);
  if (get_u16 (body + 4, swapped) > TRAMA_BLOCK_VERSION || kind >= G_N_ELEMENTS (layouts)
      || layouts[kind].fields == NULL)
    return TRUE;
  event->kind = kind;
  *reason = read_attributes (&layouts[kind], body, size, swapped, event);
  if (*reason == NULL)
    *reason = check (event);
  return *reason == NULL;
}

/* How much of an attribute stays; -1: nothing, not even its code. */
static int
stripped_size (guint kind, guint code, const guint8 *value, guint size, gboolean swapped)
{
  gboolean is_call = kind == TRAMA_EVENT_CALL || kind == TRAMA_EVENT_RETURN;

  if (kind == TRAMA_EVENT_SESSION && code == CODE_SESSION_TEXT)
    return -1;
  if (is_call && code == CODE_ARG && size > ARG_HEADER_BYTES && get_u16 (value, swapped) == TRAMA_VALUE_DATA)
    return ARG_HEADER_BYTES;
  return (int) size;
}

void
trama_block_strip (GByteArray *out, const guint8 *body, gsize size, gboolean swapped)
{
  TramaEvent event;
  const char *reason;
  gsize at = HEADER_BYTES;

  if (!trama_block_decode (body, size, swapped, &event, &reason) || event.kind == 0)
    {
      g_byte_array_append (out, body, (guint) size);
      return;
    }
  g_byte_array_append (out, body, HEADER_BYTES);
  while (at < size) /* whole attributes: it could be decoded */
    {
      const guint8 *value = body + at + ATTRIBUTE_HEADER_BYTES;
      guint code = get_u16 (body + at, swapped);
      guint length = get_u16 (body + at + 2, swapped);
      int kept = stripped_size (event.kind, code, value, length, swapped);

      if (kept >= 0)
        {
          g_byte_array_append (out, body + at, 2);
          append_u16 (out, swapped ? GUINT16_SWAP_LE_BE ((guint16) kept) : (guint16) kept);
          append_padded (out, value, (guint) kept);
        }
      at += ATTRIBUTE_HEADER_BYTES + length + (-length & 3);
    }
}
