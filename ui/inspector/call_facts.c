/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/trace/call.h"
#include "ui/inspector/call_facts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SHOWN_DATA_BYTES 64

typedef struct
{
  const char *name;
  const char *meaning;
} Meaning;

/* socket(2), and the pages it names. */
static const Meaning constants[] = {
  { "AF_UNIX", N_ ("processes of this machine, unix(7)") },
  { "AF_INET", N_ ("IPv4 Internet protocols, ip(7)") },
  { "AF_INET6", N_ ("IPv6 Internet protocols, ipv6(7)") },
  { "SOCK_STREAM", N_ ("a stream of bytes: both ways, reliable, in order; tcp(7)") },
  { "SOCK_DGRAM", N_ ("datagrams: each on its own, may be lost; udp(7)") },
  { "SOCK_SEQPACKET", N_ ("messages: reliable, in order, with boundaries; unix(7)") },
  { "SOCK_RAW", N_ ("packets of a network protocol, raw(7)") },
};

static const char *
meaning_of (const char *constant)
{
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (constants); i++)
    if (g_strcmp0 (constants[i].name, constant) == 0)
      return _ (constants[i].meaning);
  return NULL;
}

static void
add_section (TramaFields *fields, const char *name)
{
  trama_fields_add (fields, 0, 0, 0, name, NULL, NULL);
}

static void
add (TramaFields *fields, const char *name, char *value, const char *meaning)
{
  trama_fields_add (fields, 1, 0, 0, name, value, g_strdup (meaning));
}

static char *
bytes_phrase (guint64 bytes)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%lu byte", "%lu bytes", (gulong) bytes),
                          (gulong) bytes);
}

/* Arguments. */

/* A constant is shown by its name, with its number before what it means. */
static void
name_constant (const char *constant, gint64 number, char **value, char **meaning)
{
  const char *known = meaning_of (constant);

  if (constant == NULL)
    {
      *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
      return;
    }
  *value = g_strdup (constant);
  *meaning = known != NULL ? g_strdup_printf ("%" G_GINT64_FORMAT ": %s", number, known)
                           : g_strdup_printf ("%" G_GINT64_FORMAT, number);
}

static void
name_protocol (const TramaCall *call, gint64 number, char **value, char **meaning)
{
  if (number == 0)
    {
      *value = g_strdup ("0");
      *meaning = g_strdup (_ ("the usual one of this domain and type"));
    }
  else
    name_constant (trama_protocol_name (call->args[0].number, number), number, value, meaning);
}

/* What has a name is shown by it, as in the call, with the number behind it. */
static void
name_flags (const TramaCall *call, guint index, gint64 number, char **value, char **meaning)
{
  g_autofree char *plain = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  *value = trama_call_format_arg (call, index);
  if (*value == NULL)
    *value = g_strdup (plain);
  else if (strcmp (*value, plain) != 0)
    *meaning = g_steal_pointer (&plain);
}

static void
explain_number (const TramaCall *call, guint index, gint64 number, char **value, char **meaning)
{
  guint kind = trama_call_info (call->name)->parameters[index].kind;

  switch (kind)
    {
    case TRAMA_PARAMETER_DOMAIN:
      name_constant (trama_domain_name (number), number, value, meaning);
      return;
    case TRAMA_PARAMETER_TYPE:
      if (trama_type_name (number) == NULL)
        break; /* with flags */
      name_constant (trama_type_name (number), number, value, meaning);
      return;
    case TRAMA_PARAMETER_PROTOCOL:
      name_protocol (call, number, value, meaning);
      return;
    default:
      break;
    }

  name_flags (call, index, number, value, meaning);
  if (kind == TRAMA_PARAMETER_FD)
    *meaning = g_strdup (_ ("the socket's descriptor"));
  else if (kind == TRAMA_PARAMETER_BACKLOG)
    *meaning = g_strdup (_ ("how many connections may wait to be accepted"));
  else if (kind == TRAMA_PARAMETER_FLAGS && number == 0)
    *meaning = g_strdup (_ ("none"));
  else if (kind == TRAMA_PARAMETER_DATA_SIZE)
    *meaning = g_strdup (_ ("bytes; the most it may move"));
  else if (kind == TRAMA_PARAMETER_ADDRESS_SIZE)
    *meaning = g_strdup (_ ("bytes of the address structure"));
}

static void
explain_data (const TramaCall *call,
              guint index,
              const TramaParameter *parameter,
              const TramaValue *argument,
              char **value,
              char **meaning)
{
  if (parameter->kind != TRAMA_PARAMETER_DATA && parameter->kind != TRAMA_PARAMETER_PATH)
    {
      *value = trama_call_format_arg (call, index);
      return;
    }
  *value = trama_bytes_format (argument->bytes, argument->size, (guint64) argument->number, SHOWN_DATA_BYTES);
  *meaning = bytes_phrase ((guint64) argument->number);
}

static void
explain_value (const TramaCall *call,
               guint index,
               const TramaParameter *parameter,
               char **value,
               char **meaning)
{
  const TramaValue *argument = &call->args[index];

  switch (argument->kind)
    {
    case TRAMA_VALUE_NUMBER:
      explain_number (call, index, argument->number, value, meaning);
      break;
    case TRAMA_VALUE_ADDRESS:
      *value = trama_address_format (argument->bytes, argument->size);
      *meaning = g_strdup (parameter->filled_by_kernel ? _ ("filled in by the kernel; byte by byte below")
                                                       : _ ("byte by byte below"));
      break;
    case TRAMA_VALUE_DATA:
      explain_data (call, index, parameter, argument, value, meaning);
      break;
    default:
      *value = g_strdup (parameter->filled_by_kernel && call->exit_ns == TRAMA_TIME_NONE ? _ ("not known yet")
                                                                                         : "NULL");
    }
}

static void
add_arguments (TramaFields *fields, const TramaCall *call, const TramaCallInfo *info)
{
  guint i;

  add_section (fields, N_ ("Arguments"));
  for (i = 0; i < MIN (call->n_args, info->n_parameters); i++)
    {
      const TramaParameter *parameter = &info->parameters[i];
      g_autofree char *meaning = NULL;
      g_autofree char *typed = NULL;
      char *value = NULL;

      explain_value (call, i, parameter, &value, &meaning);
      typed = meaning != NULL ? g_strdup_printf ("%s · %s", parameter->c_type, meaning)
                              : g_strdup (parameter->c_type);
      add (fields, parameter->name, value, typed);
    }
}

/* What came of it. */

static void
add_result (TramaFields *fields, const TramaCall *call, const TramaCallInfo *info)
{
  add_section (fields, N_ ("Result"));
  if (call->exit_ns == TRAMA_TIME_NONE)
    {
      add (fields, N_ ("return value"), g_strdup (_ ("none yet")), _ ("the call has not returned"));
      return;
    }

  add (fields, N_ ("return value"), g_strdup_printf ("%" G_GINT64_FORMAT, call->result),
       call->error != 0 ? _ ("failure; errno says why") : _ (info->returns));
  if (call->error != 0)
    {
      const char *name = trama_errno_name (call->error);

      add (fields, "errno",
           name != NULL ? g_strdup_printf ("%s (%d)", name, call->error)
                        : g_strdup_printf ("%d", call->error),
           g_strerror (call->error));
    }
}

static char *
offset_text (const TramaSpan *span, gint64 time_ns)
{
  g_autofree char *text = trama_offset_format (time_ns - span->start_ns);

  return g_strdup (g_strstrip (text));
}

static void
add_moment (TramaFields *fields, const char *name, const TramaSpan *span, gint64 time_ns)
{
  g_autofree char *absolute = trama_time_format (time_ns);

  add (fields, name, offset_text (span, time_ns), absolute);
}

static void
add_times (TramaFields *fields, TramaStore *store, const TramaCall *call)
{
  TramaSpan span = { call->entry_ns, call->entry_ns };

  trama_store_get_span (store, &span);
  add_section (fields, N_ ("Time"));
  add_moment (fields, N_ ("entry"), &span, call->entry_ns);
  if (call->exit_ns == TRAMA_TIME_NONE)
    return;
  add_moment (fields, N_ ("exit"), &span, call->exit_ns);
  add (fields, N_ ("duration"), trama_duration_format (call->exit_ns - call->entry_ns),
       call->flags & TRAMA_CALL_SLEPT ? _ ("the kernel put the caller to sleep in it")
                                      : _ ("the caller did not sleep"));
}

/* The socket afterwards. */

static const TramaSocketState *
find_state (TramaStore *store, const TramaCall *call)
{
  guint64 socket = call->made != TRAMA_SOCKET_NONE ? call->made : call->socket;
  guint n_states = trama_store_n_states (store);
  guint i;

  if (call->exit_ns == TRAMA_TIME_NONE)
    return NULL;
  for (i = 0; i < n_states; i++)
    {
      const TramaSocketState *state = trama_store_get_state (store, i);

      if (state->actor == call->actor && state->socket == socket && state->time_ns >= call->exit_ns)
        return state;
    }
  return NULL;
}

static void
add_endpoint (TramaFields *fields, const char *name, const guint8 *address, guint32 size)
{
  if (size > 0)
    add (fields, name, trama_address_format (address, size), NULL);
}

static void
add_queues (TramaFields *fields, const TramaSocketState *state)
{
  if (state->tcp_state == TRAMA_TCP_LISTEN)
    {
      add (fields, N_ ("accept queue"), g_strdup_printf (_ ("%u of %u"), state->accept_queue, state->backlog),
           _ ("connections that wait to be accepted"));
      return;
    }
  add (fields, N_ ("receive queue"), bytes_phrase (state->receive_queue_bytes),
       _ ("received, and not read yet"));
  add (fields, N_ ("send queue"), bytes_phrase (state->send_queue_bytes),
       _ ("written, and not acknowledged yet"));
}

static void
add_tcp (TramaFields *fields, const TramaSocketState *state)
{
  if (state->cwnd_segments > 0)
    add (fields, N_ ("congestion window"),
         g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u segment", "%u segments", state->cwnd_segments),
                          state->cwnd_segments),
         NULL);
  if (state->rtt_us > 0)
    add (fields, N_ ("round-trip time"), trama_duration_format ((gint64) state->rtt_us * 1000),
         _ ("as the kernel has smoothed it"));
  if (state->retransmits > 0)
    add (fields, N_ ("retransmissions"), g_strdup_printf ("%u", state->retransmits), NULL);
}

static void
add_state (TramaFields *fields, const TramaSocketState *state)
{
  const char *role = trama_role_name (state->role);

  add_section (fields, N_ ("Socket afterwards"));
  add (fields, N_ ("descriptor"), g_strdup_printf ("%d", state->fd), NULL);
  if (role != NULL)
    add (fields, N_ ("role"), g_strdup (_ (role)), NULL);
  if (state->tcp_state != TRAMA_TCP_UNKNOWN)
    add (fields, N_ ("TCP state"), g_strdup (trama_tcp_state_name (state->tcp_state)), NULL);
  add_endpoint (fields, N_ ("local address"), state->local, state->local_bytes);
  add_endpoint (fields, N_ ("peer address"), state->peer, state->peer_bytes);
  add_queues (fields, state);
  add_tcp (fields, state);
}

TramaFields *
trama_call_facts (TramaFlowTable *table, guint index)
{
  TramaStore *store = trama_flow_table_get_store (table);
  const TramaCall *call = trama_store_get_call (store, index);
  const TramaCallInfo *info = trama_call_info (call->name);
  const TramaSocketState *state = find_state (store, call);
  TramaFields *fields = trama_fields_new ();

  if (info != NULL && info->n_parameters > 0)
    add_arguments (fields, call, info);
  if (info != NULL)
    add_result (fields, call, info);
  add_times (fields, store, call);
  if (state != NULL)
    add_state (fields, state);
  return fields;
}

const TramaValue *
trama_call_find_bytes (const TramaCall *call, guint kind)
{
  const TramaCallInfo *info = trama_call_info (call->name);
  guint i;

  /* Of what is kept as bytes, an option or a list of descriptors is no data that moved. */
  for (i = 0; i < call->n_args; i++)
    if (call->args[i].kind == kind && call->args[i].size > 0
        && (kind != TRAMA_VALUE_DATA || info == NULL || info->parameters[i].kind == TRAMA_PARAMETER_DATA))
      return &call->args[i];
  return NULL;
}

static void
collect_packets (TramaFlowTable *table,
                 guint call,
                 guint (*get) (const TramaFlowTable *table, guint packet),
                 GArray *packets)
{
  TramaStore *store = trama_flow_table_get_store (table);
  const TramaCall *record = trama_store_get_call (store, call);
  guint position;

  for (position = trama_store_find_packet (store, record->entry_ns); position < trama_store_n_packets (store);
       position++)
    {
      guint32 index = trama_store_packet_at (store, position);
      TramaPacket packet;

      trama_store_get_packet (store, index, &packet);
      if (record->exit_ns != TRAMA_TIME_NONE && packet.time_ns > record->exit_ns)
        break;
      if (get (table, index) == call)
        g_array_append_val (packets, index);
    }
}

GArray *
trama_call_packets (TramaFlowTable *table, guint call)
{
  GArray *packets = g_array_new (FALSE, FALSE, sizeof (guint32));

  collect_packets (table, call, trama_flow_table_get_cause, packets);
  collect_packets (table, call, trama_flow_table_get_woken, packets);
  return packets;
}

gboolean
trama_call_sent (TramaFlowTable *table, guint call, guint packet)
{
  const TramaCall *record = trama_store_get_call (trama_flow_table_get_store (table), call);
  TramaSegment segment;
  guint64 sender;

  trama_flow_table_get_segment (table, packet, &segment);
  if (segment.flow == TRAMA_FLOW_NONE)
    return TRUE;
  sender = trama_flow_table_get_flow (table, segment.flow)->socket[segment.side];
  return sender == TRAMA_SOCKET_NONE || sender == record->socket;
}
