/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/trace/block.h"

#include <stddef.h>
#include <string.h>

static const guint8 inet[16] = { 2, 0, 0x13, 0x88, 127, 0, 0, 1 };
static const guint8 other[16] = { 2, 0, 0x9c, 0xba, 127, 0, 0, 1 };

/* One record of each kind, every member different from 0 and from its neighbours. */
static const TramaEvent full[] = {
  { .kind = TRAMA_EVENT_SESSION,
    .session = { .name = "telephone", .title = "A telephone call", .text = "session \"…\"\n" } },
  { .kind = TRAMA_EVENT_GROUND, .ground = { 1, TRAMA_GROUND_HOST, 1, 28, "unshare", "Raise the limit." } },
  { .kind = TRAMA_EVENT_ACTOR, .actor = { 1, 4211, 2, 3, 0x8b, "server", "trama-lab" } },
  { .kind = TRAMA_EVENT_SOCKET_STATE,
    .state = { .time_ns = G_MAXINT32 * G_GINT64_CONSTANT (1000000007),
               .socket = G_MAXUINT64 - 1,
               .actor = 2,
               .fd = -1,
               .domain = 2,
               .type = 1,
               .protocol = 6,
               .role = TRAMA_ROLE_CONNECTED,
               .tcp_state = TRAMA_TCP_ESTABLISHED,
               .receive_queue_bytes = 11,
               .send_queue_bytes = 12,
               .accept_queue = 13,
               .backlog = 14,
               .cwnd_segments = 15,
               .rtt_us = 16,
               .retransmits = 17,
               .local_bytes = 16,
               .peer_bytes = 16,
               .local = inet,
               .peer = other } },
  { .kind = TRAMA_EVENT_NOTE, .note = { 4, 5, TRAMA_NOTE_ANNOTATION, 2, "¿Diga?" } },
  { .kind = TRAMA_EVENT_CLOCK, .clock = { -6, 7 } },
  { .kind = TRAMA_EVENT_OUTCOME, .outcome = { 8, 1, 3, G_MAXUINT64, "line 3: refused" } },
};

static TramaEvent
full_call (TramaEventKind kind)
{
  TramaEvent event = { .kind = kind };

  event.call = (TramaCall){
    .id = G_GUINT64_CONSTANT (2) << 32 | 9,
    .entry_ns = G_GINT64_CONSTANT (1700000000123456789),
    .exit_ns = TRAMA_TIME_NONE,
    .socket = 21,
    .made = 22,
    .result = -1,
    .stream_offset = G_GUINT64_CONSTANT (1) << 40,
    .error = 111,
    .fd = -1,
    .actor = 2,
    .line = 17,
    .name = TRAMA_CALL_SENDTO,
    .n_args = 6,
    .flags = TRAMA_CALL_SLEPT,
    .args = { { .kind = TRAMA_VALUE_NUMBER, .number = -3 },
              { .kind = TRAMA_VALUE_DATA, .number = 100000, .size = 3, .bytes = (const guint8 *) "Hi\n" },
              { .kind = TRAMA_VALUE_NONE },
              { .kind = TRAMA_VALUE_NUMBER, .number = G_MAXINT64 },
              { .kind = TRAMA_VALUE_ADDRESS, .size = sizeof inet, .bytes = inet },
              { .kind = TRAMA_VALUE_NUMBER, .number = 16 } },
  };
  return event;
}

/* Where the pointers of a record are; with them out of the way, two records are equal byte for byte. */
static const struct
{
  guint kind;
  guint offset;
} texts[] = {
  { TRAMA_EVENT_SESSION, offsetof (TramaEvent, session.name) },
  { TRAMA_EVENT_SESSION, offsetof (TramaEvent, session.title) },
  { TRAMA_EVENT_SESSION, offsetof (TramaEvent, session.text) },
  { TRAMA_EVENT_GROUND, offsetof (TramaEvent, ground.step) },
  { TRAMA_EVENT_GROUND, offsetof (TramaEvent, ground.remedy) },
  { TRAMA_EVENT_ACTOR, offsetof (TramaEvent, actor.name) },
  { TRAMA_EVENT_ACTOR, offsetof (TramaEvent, actor.program) },
  { TRAMA_EVENT_NOTE, offsetof (TramaEvent, note.text) },
  { TRAMA_EVENT_OUTCOME, offsetof (TramaEvent, outcome.text) },
};

static void
assert_bytes (const guint8 *a, const guint8 *b, gsize size)
{
  g_assert_cmpmem (a, a != NULL ? size : 0, b, b != NULL ? size : 0);
}

static void
assert_same (const TramaEvent *a, const TramaEvent *b)
{
  TramaEvent x = *a, y = *b;

  g_assert_cmpuint (a->kind, ==, b->kind);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].kind == a->kind)
      {
        char **x_text = G_STRUCT_MEMBER_P (&x, texts[i].offset);
        char **y_text = G_STRUCT_MEMBER_P (&y, texts[i].offset);

        g_assert_cmpstr (*x_text, ==, *y_text);
        *x_text = *y_text = NULL;
      }
  if (a->kind == TRAMA_EVENT_SOCKET_STATE)
    {
      assert_bytes (a->state.local, b->state.local, a->state.local_bytes);
      assert_bytes (a->state.peer, b->state.peer, a->state.peer_bytes);
      x.state.local = y.state.local = x.state.peer = y.state.peer = NULL;
    }
  if (a->kind == TRAMA_EVENT_CALL || a->kind == TRAMA_EVENT_RETURN)
    for (guint i = 0; i < TRAMA_CALL_MAX_ARGS; i++)
      {
        g_assert_cmpuint (a->call.args[i].size, ==, b->call.args[i].size);
        assert_bytes (a->call.args[i].bytes, b->call.args[i].bytes, a->call.args[i].size);
        x.call.args[i].bytes = y.call.args[i].bytes = NULL;
      }
  g_assert_cmpmem (&x, sizeof x, &y, sizeof y);
}

static GByteArray *
encode (const TramaEvent *event)
{
  GByteArray *body = g_byte_array_new ();

  trama_block_encode (body, event);
  g_assert_cmpuint (body->len % 4, ==, 0);
  return body;
}

static void
assert_round_trip (const TramaEvent *event)
{
  g_autoptr (GByteArray) body = encode (event);
  TramaEvent back;
  const char *reason = NULL;

  g_assert_true (trama_block_decode (body->data, body->len, FALSE, &back, &reason));
  g_assert_null (reason);
  assert_same (event, &back);
}

static void
test_full (void)
{
  TramaEvent call = full_call (TRAMA_EVENT_CALL), back = full_call (TRAMA_EVENT_RETURN);

  for (gsize i = 0; i < G_N_ELEMENTS (full); i++)
    assert_round_trip (&full[i]);
  assert_round_trip (&call);
  assert_round_trip (&back);
}

/* What is 0 or NULL takes no place and comes back as 0 or NULL. */
static void
test_bare (void)
{
  for (guint kind = TRAMA_EVENT_SESSION; kind <= TRAMA_EVENT_OUTCOME; kind++)
    {
      TramaEvent event = { .kind = kind };
      g_autoptr (GByteArray) body = NULL;

      if (kind == TRAMA_EVENT_ACTOR)
        event.actor.name = "";
      if (kind == TRAMA_EVENT_NOTE)
        event.note.text = "";
      assert_round_trip (&event);
      body = encode (&event);
      g_assert_cmpuint (body->len, <=, 8 + 8);
    }
}

/* The pointers of a decoded record lead into the body: nothing is copied, nothing is freed. */
static void
test_borrows (void)
{
  TramaEvent event = full_call (TRAMA_EVENT_RETURN), back;
  g_autoptr (GByteArray) body = encode (&event);
  g_autoptr (GByteArray) note = encode (&full[4]);
  const char *reason = NULL;

  g_assert_true (trama_block_decode (body->data, body->len, FALSE, &back, &reason));
  for (guint i = 0; i < back.call.n_args; i++)
    if (back.call.args[i].size > 0)
      {
        g_assert_true (back.call.args[i].bytes > body->data);
        g_assert_true (back.call.args[i].bytes + back.call.args[i].size <= body->data + body->len);
      }
  g_assert_true (trama_block_decode (note->data, note->len, FALSE, &back, &reason));
  g_assert_true ((const guint8 *) back.note.text > note->data
                 && (const guint8 *) back.note.text < note->data + note->len);
}

/* A writer cuts what is longer than a record may be; what it writes can be read. */
static void
test_cuts (void)
{
  g_autofree char *text = g_strnfill (TRAMA_TEXT_MAX_BYTES + 100, 'x');
  g_autofree guint8 *bytes = g_malloc0 (TRAMA_DATA_MAX_BYTES + 100);
  TramaEvent note = { .kind = TRAMA_EVENT_NOTE, .note = { .text = text } };
  TramaEvent call = { .kind = TRAMA_EVENT_CALL, .call = { .name = TRAMA_CALL_SENDTO, .n_args = 6 } };
  TramaEvent state = { .kind = TRAMA_EVENT_SOCKET_STATE,
                       .state = { .local = bytes, .local_bytes = TRAMA_ADDRESS_MAX_BYTES + 1 } };
  g_autoptr (GByteArray) note_body = encode (&note);
  g_autoptr (GByteArray) call_body = NULL;
  g_autoptr (GByteArray) state_body = encode (&state);
  TramaEvent back;
  const char *reason = NULL;

  g_assert_true (trama_block_decode (note_body->data, note_body->len, FALSE, &back, &reason));
  g_assert_cmpuint (strlen (back.note.text), ==, TRAMA_TEXT_MAX_BYTES);
  g_assert_true (trama_block_decode (state_body->data, state_body->len, FALSE, &back, &reason));
  g_assert_cmpuint (back.state.local_bytes, ==, TRAMA_ADDRESS_MAX_BYTES);

  call.call.args[1] = (TramaValue){ .kind = TRAMA_VALUE_DATA,
                                    .number = TRAMA_DATA_MAX_BYTES + 100,
                                    .size = TRAMA_DATA_MAX_BYTES + 100,
                                    .bytes = bytes };
  call.call.args[4] =
      (TramaValue){ .kind = TRAMA_VALUE_ADDRESS, .size = TRAMA_ADDRESS_MAX_BYTES + 1, .bytes = bytes };
  call_body = encode (&call);
  g_assert_true (trama_block_decode (call_body->data, call_body->len, FALSE, &back, &reason));
  g_assert_cmpuint (back.call.args[1].size, ==, TRAMA_DATA_MAX_BYTES);
  g_assert_cmpint (back.call.args[1].number, ==, TRAMA_DATA_MAX_BYTES + 100);
  g_assert_cmpuint (back.call.args[4].size, ==, TRAMA_ADDRESS_MAX_BYTES);
}

/* What a machine of the other byte order writes. Big-endian here; the test takes either for its own. */
/* clang-format off */
static const guint8 big_endian_call[] = {
  'T', 'R', 'A', 'M', 0, 1, 0, 6,                       /* version 1, CALL */
  0, 1, 0, 8, 0, 0, 0, 2, 0, 0, 0, 9,                   /* 1 id: 0x0000000200000009 */
  0, 2, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0,                   /* 2 entry_ns: 65536 */
  0, 3, 0, 8, 128, 0, 0, 0, 0, 0, 0, 0,                 /* 3 exit_ns: TRAMA_TIME_NONE */
  0, 9, 0, 4, 0, 0, 0, 3,                               /* 9 fd: 3 */
  0, 12, 0, 2, 0, 7, 0, 0,                              /* 12 name: write, padded */
  0, 13, 0, 2, 0, 3, 0, 0,                              /* 13 n_args: 3, padded */
  0, 64, 0, 12, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3,     /* 64 number, argument 0: 3 */
  0, 64, 0, 14, 0, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2,     /* 64 data, argument 1: 2 bytes, */
  'H', 'i', 0, 0,                                       /*    "Hi", padded */
  0, 64, 0, 12, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2,     /* 64 number, argument 2: 2 */
};

static const guint8 big_endian_state[] = {
  'T', 'R', 'A', 'M', 0, 1, 0, 8,                       /* version 1, SOCKET_STATE */
  0, 5, 0, 2, 0, 2, 0, 0,                               /* 5 domain: AF_INET */
  0, 8, 0, 1, 4, 0, 0, 0,                               /* 8 role: CONNECTED, one byte */
  0, 15, 0, 4, 0, 0, 1, 0,                              /* 15 rtt_us: 256 */
  0, 17, 0, 4, 2, 0, 19, 136,                           /* 17 local: four bytes as they are */
};
/* clang-format on */

static void
test_swapped (void)
{
  const gboolean swapped = G_BYTE_ORDER == G_LITTLE_ENDIAN;
  TramaEvent event;
  const char *reason = NULL;

  g_assert_true (trama_block_decode (big_endian_call, sizeof big_endian_call, swapped, &event, &reason));
  g_assert_cmpuint (event.kind, ==, TRAMA_EVENT_CALL);
  g_assert_cmpuint (event.call.id, ==, G_GUINT64_CONSTANT (0x0000000200000009));
  g_assert_cmpint (event.call.entry_ns, ==, 65536);
  g_assert_cmpint (event.call.exit_ns, ==, TRAMA_TIME_NONE);
  g_assert_cmpint (event.call.fd, ==, 3);
  g_assert_cmpuint (event.call.name, ==, TRAMA_CALL_WRITE);
  g_assert_cmpuint (event.call.n_args, ==, 3);
  g_assert_cmpint (event.call.args[0].number, ==, 3);
  g_assert_cmpuint (event.call.args[1].kind, ==, TRAMA_VALUE_DATA);
  g_assert_cmpmem (event.call.args[1].bytes, event.call.args[1].size, "Hi", 2);
  g_assert_cmpint (event.call.args[2].number, ==, 2);

  g_assert_true (trama_block_decode (big_endian_state, sizeof big_endian_state, swapped, &event, &reason));
  g_assert_cmpuint (event.state.domain, ==, 2);
  g_assert_cmpuint (event.state.role, ==, TRAMA_ROLE_CONNECTED);
  g_assert_cmpuint (event.state.rtt_us, ==, 256);
  g_assert_cmpmem (event.state.local, event.state.local_bytes, "\2\0\x13\x88", 4);
}

/* A body for the tests of damage: the header and what follows, in this machine's order. */
static GByteArray *
begin (guint16 version, guint16 kind)
{
  GByteArray *body = g_byte_array_new ();

  g_byte_array_append (body, (const guint8 *) TRAMA_BLOCK_MAGIC, 4);
  g_byte_array_append (body, (const guint8 *) &version, 2);
  g_byte_array_append (body, (const guint8 *) &kind, 2);
  return body;
}

static void
add (GByteArray *body, guint16 code, const void *value, guint16 size)
{
  static const guint8 padding[4] = { 0 };

  g_byte_array_append (body, (const guint8 *) &code, 2);
  g_byte_array_append (body, (const guint8 *) &size, 2);
  g_byte_array_append (body, value, size);
  g_byte_array_append (body, padding, -(guint) size & 3);
}

static void
add_arg (GByteArray *body, guint16 kind, guint16 index, guint16 size)
{
  g_autofree guint8 *value = g_malloc0 (12u + size);

  memcpy (value, &kind, 2);
  memcpy (value + 2, &index, 2);
  add (body, 64, value, (guint16) (12 + size));
}

static void
test_unknown (void)
{
  static const guint8 anything[7] = { 1, 2, 3, 4, 5, 6, 7 };
  g_autoptr (GByteArray) attribute = begin (1, TRAMA_EVENT_CLOCK);
  g_autoptr (GByteArray) kind = begin (1, TRAMA_EVENT_OUTCOME + 1);
  g_autoptr (GByteArray) large = begin (1, 0xffff);
  g_autoptr (GByteArray) packet = begin (1, TRAMA_EVENT_PACKET);
  g_autoptr (GByteArray) newer = begin (2, TRAMA_EVENT_CLOCK);
  GByteArray *const foreign[] = { kind, large, packet, newer };
  gint64 time = 5;
  TramaEvent event;
  const char *reason = NULL;

  add (attribute, 999, anything, sizeof anything);
  add (attribute, 64, anything, sizeof anything); /* an argument, but this is no call */
  add (attribute, 2, &time, sizeof time);
  g_assert_true (trama_block_decode (attribute->data, attribute->len, FALSE, &event, &reason));
  g_assert_cmpuint (event.kind, ==, TRAMA_EVENT_CLOCK);
  g_assert_cmpint (event.clock.realtime_ns, ==, 0);
  g_assert_cmpint (event.clock.monotonic_ns, ==, 5);

  for (gsize i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      add (foreign[i], 1, anything, sizeof anything);
      g_assert_true (trama_block_decode (foreign[i]->data, foreign[i]->len, FALSE, &event, &reason));
      g_assert_cmpuint (event.kind, ==, 0);
    }
  g_assert_null (reason);
}

static void
assert_damaged (GByteArray *body, const char *expected)
{
  TramaEvent event;
  const char *reason = NULL;

  g_assert_false (trama_block_decode (body->data, body->len, FALSE, &event, &reason));
  g_assert_cmpstr (reason, ==, expected);
  g_byte_array_unref (body);
}

static void
test_damage (void)
{
  static const guint8 zeros[TRAMA_ADDRESS_MAX_BYTES + 1] = { 0 };
  static const gint64 far[] = { TRAMA_TIME_MAX_NS + 1, TRAMA_TIME_MIN_NS - 1, G_MAXINT64, G_MININT64 + 1 };
  guint16 n_args = TRAMA_CALL_MAX_ARGS + 1, three = 3;
  GByteArray *body;

  assert_damaged (g_byte_array_append (g_byte_array_new (), (const guint8 *) "TRAMA", 5),
                  "it does not begin with our magic");
  assert_damaged (g_byte_array_append (g_byte_array_new (), (const guint8 *) "CRAM\1\0\1\0", 8),
                  "it does not begin with our magic");

  body = begin (1, TRAMA_EVENT_NOTE);
  add (body, 5, "text", 4);
  assert_damaged (body, "a text does not end");
  body = begin (1, TRAMA_EVENT_NOTE);
  add (body, 5, "", 0);
  assert_damaged (body, "a text does not end");
  assert_damaged (begin (1, TRAMA_EVENT_NOTE), "a note has no text");
  assert_damaged (begin (1, TRAMA_EVENT_ACTOR), "an actor has no name");

  for (guint16 size = 0; size <= 9; size++)
    if (size != 8)
      {
        body = begin (1, TRAMA_EVENT_CLOCK);
        add (body, 1, zeros, size);
        assert_damaged (body, "a number has the wrong size");
      }

  /* Two times can always be subtracted from each other. */
  for (gsize i = 0; i < G_N_ELEMENTS (far); i++)
    {
      body = begin (1, TRAMA_EVENT_CLOCK);
      add (body, 2, &far[i], 8);
      assert_damaged (body, "a time is out of range");
    }

  body = begin (1, TRAMA_EVENT_SOCKET_STATE);
  add (body, 17, zeros, TRAMA_ADDRESS_MAX_BYTES + 1);
  assert_damaged (body, "an address is too long");

  /* There are twelve states and five roles; who counts by them counts on that. */
  body = begin (1, TRAMA_EVENT_SOCKET_STATE);
  add (body, 9, &(guint8){ TRAMA_TCP_TIME_WAIT + 1 }, 1);
  assert_damaged (body, "a socket is in no known state");
  body = begin (1, TRAMA_EVENT_SOCKET_STATE);
  add (body, 8, &(guint8){ TRAMA_ROLE_CONNECTED + 1 }, 1);
  assert_damaged (body, "a socket is in no known state");

  body = begin (1, TRAMA_EVENT_CALL);
  add (body, 13, &n_args, 2);
  assert_damaged (body, "a call has too many arguments");
  body = begin (1, TRAMA_EVENT_RETURN);
  add_arg (body, TRAMA_VALUE_NUMBER, TRAMA_CALL_MAX_ARGS, 0);
  assert_damaged (body, "a call has too many arguments");
  body = begin (1, TRAMA_EVENT_CALL);
  add_arg (body, TRAMA_VALUE_DATA + 1, 0, 0);
  assert_damaged (body, "an argument is of no known kind");
  body = begin (1, TRAMA_EVENT_CALL);
  add (body, 64, zeros, 11);
  assert_damaged (body, "an argument has the wrong size");
  body = begin (1, TRAMA_EVENT_CALL);
  add_arg (body, TRAMA_VALUE_DATA, 0, TRAMA_DATA_MAX_BYTES + 1);
  assert_damaged (body, "an argument has the wrong size");
  body = begin (1, TRAMA_EVENT_CALL);
  add_arg (body, TRAMA_VALUE_ADDRESS, 0, TRAMA_ADDRESS_MAX_BYTES + 1);
  assert_damaged (body, "an address is too long");

  /* The store keeps as many as the call says it has. */
  body = begin (1, TRAMA_EVENT_CALL);
  add (body, 13, &three, 2);
  add_arg (body, TRAMA_VALUE_DATA, 3, 5);
  assert_damaged (body, "a call has more arguments than it says");
}

/* A record cut between two attributes is a shorter record; cut elsewhere it is damaged, and says so. */
static void
assert_prefixes (const TramaEvent *whole)
{
  g_autoptr (GByteArray) body = encode (whole);

  for (gsize size = 0; size < body->len; size++)
    {
      g_autofree guint8 *prefix = g_memdup2 (body->data, size);
      TramaEvent event;
      const char *reason = NULL;

      if (trama_block_decode (prefix, size, FALSE, &event, &reason))
        {
          g_assert_null (reason);
          g_assert_cmpuint (event.kind, ==, whole->kind);
          g_assert_cmpuint (size % 4, ==, 0);
        }
      else
        g_assert_nonnull (reason);
    }
}

static void
test_prefixes (void)
{
  TramaEvent call = full_call (TRAMA_EVENT_CALL);

  for (gsize i = 0; i < G_N_ELEMENTS (full); i++)
    assert_prefixes (&full[i]);
  assert_prefixes (&call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/block/full", test_full);
  g_test_add_func ("/trace/block/bare", test_bare);
  g_test_add_func ("/trace/block/borrows", test_borrows);
  g_test_add_func ("/trace/block/cuts", test_cuts);
  g_test_add_func ("/trace/block/swapped", test_swapped);
  g_test_add_func ("/trace/block/unknown", test_unknown);
  g_test_add_func ("/trace/block/damage", test_damage);
  g_test_add_func ("/trace/block/prefixes", test_prefixes);
  return g_test_run ();
}
