/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/flow/event_text.h"
#include "core/flow/search/query.h"
#include "core/trace/call.h"

#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

G_DEFINE_QUARK (trama - query - error - quark, trama_query_error)

typedef enum
{
  KIND_PAYLOAD = 1 << 0,
  KIND_ADDRESS = 1 << 1,
  KIND_PORT = 1 << 2,
  KIND_CALL = 1 << 3,
  KIND_ERRNO = 1 << 4,
  KIND_FLAG = 1 << 5,
  KIND_FINDING = 1 << 6,
  KIND_NOTE = 1 << 7,
} Kinds;

struct _TramaQuery
{
  Kinds kinds;
  guint8 *bytes;
  gsize n_bytes;
  gboolean any_case; /* bytes are ASCII lower case where they are letters */
  char *address;
  guint16 port;
  guint64 calls; /* 1 << TramaCallName */
  char *error_name;
  guint8 flags; /* TRAMA_TCP_* */
  char *words;  /* of a finding */
  char *folded; /* of a note, in no case */

  TramaQueryFindingFunc tells; /* NULL: nothing was found */
  gpointer user_data;
};

G_STATIC_ASSERT (TRAMA_CALL_LAST < 64);

/* Reading what was typed. Each says whether it could be that. */

static gboolean
read_text (TramaQuery *self, const char *text)
{
  self->n_bytes = strlen (text);
  self->bytes = (guint8 *) g_ascii_strdown (text, -1);
  self->any_case = TRUE;
  return TRUE;
}

static gboolean
read_address (TramaQuery *self, const char *text)
{
  if (strpbrk (text, ".:") == NULL || strspn (text, "0123456789abcdefABCDEF.:[]") != strlen (text))
    return FALSE;
  self->address = g_ascii_strdown (text, -1);
  return TRUE;
}

static gboolean
read_port (TramaQuery *self, const char *text)
{
  guint64 port;

  if (!g_ascii_string_to_unsigned (*text == ':' ? text + 1 : text, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  self->port = (guint16) port;
  return TRUE;
}

static gboolean
read_call (TramaQuery *self, const char *text)
{
  for (guint name = 1; name <= TRAMA_CALL_LAST; name++)
    if (g_ascii_strncasecmp (trama_call_info (name)->name, text, strlen (text)) == 0)
      self->calls |= G_GUINT64_CONSTANT (1) << name;
  return self->calls != 0;
}

static gboolean
read_errno (TramaQuery *self, const char *text)
{
  if (text[0] != 'E' && text[0] != 'e')
    return FALSE;
  self->error_name = g_ascii_strup (text, -1);
  return TRUE;
}

static gboolean
read_flag (TramaQuery *self, const char *text)
{
  static const char *const names[] = { "FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR" };
  g_auto (GStrv) words = g_strsplit_set (text, " |,", -1);

  for (char **word = words; *word != NULL; word++)
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (names) && g_ascii_strcasecmp (names[i], *word) != 0)
        i++;
      if (i == G_N_ELEMENTS (names))
        return FALSE;
      self->flags |= (guint8) (1 << i);
    }
  return TRUE;
}

static gboolean
read_finding (TramaQuery *self, const char *text)
{
  self->words = g_strdup (text);
  return TRUE;
}

static gboolean
read_note (TramaQuery *self, const char *text)
{
  self->folded = g_utf8_casefold (text, -1);
  return TRUE;
}

typedef gboolean (*ReadFunc) (TramaQuery *query, const char *text);

static const struct
{
  const char *prefix;
  Kinds kind;
  ReadFunc read;
} readers[] = {
  { "text:", KIND_PAYLOAD, read_text },       { "address:", KIND_ADDRESS, read_address },
  { "port:", KIND_PORT, read_port },          { "call:", KIND_CALL, read_call },
  { "errno:", KIND_ERRNO, read_errno },       { "flag:", KIND_FLAG, read_flag },
  { "finding:", KIND_FINDING, read_finding }, { "note:", KIND_NOTE, read_note },
};

static gboolean
read_hex (TramaQuery *self, const char *text, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  int high = -1;

  for (; *text != '\0'; text++)
    {
      int digit = g_ascii_xdigit_value (*text);
      guint8 byte = (guint8) (high * 16 + digit);

      if (*text == ' ' && high < 0)
        continue;
      if (digit < 0)
        {
          g_set_error_literal (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_SYNTAX,
                               _ ("Bytes are written as 0x48 65"));
          return FALSE;
        }
      if (high >= 0)
        g_byte_array_append (bytes, &byte, 1);
      high = high < 0 ? digit : -1;
    }
  if (high >= 0 || bytes->len == 0)
    {
      g_set_error_literal (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_SYNTAX,
                           _ ("A byte has two hexadecimal digits"));
      return FALSE;
    }
  self->n_bytes = bytes->len;
  self->bytes = g_byte_array_free (g_steal_pointer (&bytes), FALSE);
  self->kinds = KIND_PAYLOAD;
  return TRUE;
}

static void
read_quoted (TramaQuery *self, const char *text)
{
  self->n_bytes = strlen (text) - 2;
  self->bytes = g_memdup2 (text + 1, self->n_bytes);
  self->kinds = KIND_PAYLOAD;
}

static gboolean
read_query (TramaQuery *self, const char *text, GError **error)
{
  gsize length = strlen (text);

  if (g_str_has_prefix (text, "0x"))
    return read_hex (self, text + 2, error);
  if (length > 2 && text[0] == '"' && text[length - 1] == '"')
    {
      read_quoted (self, text);
      return TRUE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      const char *rest = text + strlen (readers[i].prefix);

      if (!g_str_has_prefix (text, readers[i].prefix))
        continue;
      if (*rest != '\0' && readers[i].read (self, rest))
        {
          self->kinds = readers[i].kind;
          return TRUE;
        }
      g_set_error (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_SYNTAX,
                   _ ("Nothing of that kind is called “%s”"), rest);
      return FALSE;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    if (readers[i].read (self, text))
      self->kinds |= readers[i].kind;
  return TRUE;
}

TramaQuery *
trama_query_new (const char *text, GError **error)
{
  g_autoptr (TramaQuery) self = g_new0 (TramaQuery, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  if (*stripped == '\0')
    {
      g_set_error_literal (error, TRAMA_QUERY_ERROR, TRAMA_QUERY_ERROR_EMPTY, _ ("Nothing to search for"));
      return NULL;
    }
  return read_query (self, stripped, error) ? g_steal_pointer (&self) : NULL;
}

void
trama_query_free (TramaQuery *self)
{
  if (self == NULL)
    return;
  g_free (self->bytes);
  g_free (self->address);
  g_free (self->error_name);
  g_free (self->words);
  g_free (self->folded);
  g_free (self);
}

/* Matching. */

static gboolean
starts_at (const TramaQuery *self, const guint8 *at)
{
  for (gsize i = 0; i < self->n_bytes; i++)
    if ((guint8) g_ascii_tolower ((char) at[i]) != self->bytes[i])
      return FALSE;
  return TRUE;
}

gssize
trama_query_find_bytes (const TramaQuery *self, const guint8 *bytes, gsize size, gsize from, gsize *n_bytes)
{
  const guint8 *found;

  if (n_bytes != NULL)
    *n_bytes = self->n_bytes;
  if (self->n_bytes == 0 || from > size || size - from < self->n_bytes)
    return -1;
  if (!self->any_case)
    {
      found = memmem (bytes + from, size - from, self->bytes, self->n_bytes);
      return found != NULL ? found - bytes : -1;
    }
  for (gsize at = from; at + self->n_bytes <= size; at++)
    if (starts_at (self, bytes + at))
      return (gssize) at;
  return -1;
}

static gboolean
endpoint_matches (const TramaQuery *self, const TramaEndpoint *endpoint)
{
  g_autofree char *text = NULL;

  if ((self->kinds & KIND_PORT) && endpoint->port == self->port)
    return TRUE;
  if (!(self->kinds & KIND_ADDRESS) || endpoint->family == 0)
    return FALSE;
  text = trama_endpoint_format (endpoint);
  return strstr (text, self->address) != NULL;
}

static gboolean
payload_matches (const TramaQuery *self, TramaStore *store, guint packet, gsize offset)
{
  TramaPacket record;
  const guint8 *data;
  gsize size;

  trama_store_get_packet (store, packet, &record);
  data = trama_store_peek_packet (store, packet, record.captured_bytes, &size);
  return data != NULL && offset < size
         && trama_query_find_bytes (self, data + offset, size - offset, 0, NULL) >= 0;
}

static gboolean
packet_matches (const TramaQuery *self, TramaFlowTable *table, guint packet)
{
  guint32 index = trama_flow_table_get_flow_of_packet (table, packet);
  TramaSegment segment;

  if (index != TRAMA_FLOW_NONE && (self->kinds & (KIND_PORT | KIND_ADDRESS)))
    {
      const TramaFlow *flow = trama_flow_table_get_flow (table, index);

      if (endpoint_matches (self, &flow->endpoint[0]) || endpoint_matches (self, &flow->endpoint[1]))
        return TRUE;
    }
  if (!(self->kinds & (KIND_FLAG | KIND_PAYLOAD)))
    return FALSE;
  trama_flow_table_get_segment (table, packet, &segment);
  if ((self->kinds & KIND_FLAG) && (segment.flags & self->flags) == self->flags)
    return TRUE;
  if (!(self->kinds & KIND_PAYLOAD) || (segment.flow != TRAMA_FLOW_NONE && segment.payload_bytes == 0))
    return FALSE;
  return payload_matches (self, trama_flow_table_get_store (table), packet, segment.payload_offset);
}

static gboolean
value_matches (const TramaQuery *self, const TramaValue *value)
{
  TramaEndpoint endpoint;

  if (value->kind == TRAMA_VALUE_DATA && (self->kinds & KIND_PAYLOAD))
    return trama_query_find_bytes (self, value->bytes, value->size, 0, NULL) >= 0;
  return value->kind == TRAMA_VALUE_ADDRESS
         && trama_endpoint_from_address (&endpoint, value->bytes, value->size)
         && endpoint_matches (self, &endpoint);
}

static gboolean
call_matches (const TramaQuery *self, const TramaCall *call)
{
  const char *error = call->error != 0 ? trama_errno_name (call->error) : NULL;

  if ((self->kinds & KIND_CALL) && (self->calls >> call->name & 1) != 0)
    return TRUE;
  if ((self->kinds & KIND_ERRNO) && error != NULL && strcmp (error, self->error_name) == 0)
    return TRUE;
  for (guint i = 0; i < call->n_args; i++)
    if (value_matches (self, &call->args[i]))
      return TRUE;
  return FALSE;
}

void
trama_query_set_finding_func (TramaQuery *self, TramaQueryFindingFunc func, gpointer user_data)
{
  g_return_if_fail (self != NULL);
  self->tells = func;
  self->user_data = user_data;
}

gboolean
trama_query_asks_findings (const TramaQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return (self->kinds & KIND_FINDING) != 0;
}

gboolean
trama_query_asks_notes (const TramaQuery *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return (self->kinds & KIND_NOTE) != 0;
}

gboolean
trama_query_matches_note (const TramaQuery *self, const char *note)
{
  g_autofree char *folded = NULL;

  if (!(self->kinds & KIND_NOTE) || note == NULL)
    return FALSE;
  folded = g_utf8_casefold (note, -1);
  return strstr (folded, self->folded) != NULL;
}

gboolean
trama_query_matches (const TramaQuery *self, TramaFlowTable *table, TramaRef ref)
{
  if ((self->kinds & KIND_FINDING) && self->tells != NULL && self->tells (ref, self->words, self->user_data))
    return TRUE;
  if (trama_query_matches_note (self, trama_event_note (table, ref)))
    return TRUE;
  if (ref.kind == TRAMA_EVENT_PACKET)
    return packet_matches (self, table, ref.index);
  if (ref.kind == TRAMA_EVENT_CALL)
    return call_matches (self, trama_store_get_call (trama_flow_table_get_store (table), ref.index));
  return FALSE;
}
