/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/capture/filter.h"

#include "core/capture/link_name.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <pcap/pcap.h>
#include <string.h>
#include <sys/socket.h>

#define SNAP_BYTES 262144
#define LINK_NULL 0
#define LINK_LOOP 108
#define FAMILY_BYTES 4

typedef struct
{
  guint32 link_type;
  gboolean compiled;
  struct bpf_program code;
} Program;

struct _TramaFilter
{
  char *expression;
  GPtrArray *programs; /* of Program */
  Program *last;       /* the one that was asked for; borrowed */
  char *failure;
  GByteArray *scratch;
};

static void
program_free (gpointer data)
{
  Program *program = data;

  if (program->compiled)
    pcap_freecode (&program->code);
  g_free (program);
}

/* NULL when it is compiled, else why it is not; the caller's to free. */
static char *
compile (const char *expression, guint32 link_type, struct bpf_program *code)
{
  pcap_t *pcap = pcap_open_dead (trama_link_to_dlt (link_type), SNAP_BYTES);
  char *reason = NULL;

  if (pcap == NULL)
    return g_strdup (g_strerror (ENOMEM));
  if (pcap_compile (pcap, code, expression, 1, PCAP_NETMASK_UNKNOWN) < 0)
    reason = g_strdup (pcap_geterr (pcap));
  pcap_close (pcap);
  return reason;
}

/* An expression may be about what only one link type has; an error in Ethernet's words is the best to tell. */
static gboolean
check (const char *expression, GError **error)
{
  static const guint32 link_types[] = { DLT_EN10MB, DLT_IEEE802_11_RADIO, DLT_LINUX_SLL,
                                        DLT_PFLOG,  DLT_SUNATM,           DLT_MTP2 };
  g_autofree char *reason = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (link_types); i++)
    {
      struct bpf_program code;
      g_autofree char *refusal = compile (expression, link_types[i], &code);

      if (refusal == NULL)
        {
          pcap_freecode (&code);
          return TRUE;
        }
      if (reason == NULL)
        reason = g_steal_pointer (&refusal);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("filter “%s”: %s"), expression, reason);
  return FALSE;
}

TramaFilter *
trama_filter_new (const char *expression, GError **error)
{
  TramaFilter *filter;

  if (!check (expression, error))
    return NULL;
  filter = g_new0 (TramaFilter, 1);
  filter->expression = g_strdup (expression);
  filter->programs = g_ptr_array_new_with_free_func (program_free);
  filter->scratch = g_byte_array_new ();
  return filter;
}

void
trama_filter_free (TramaFilter *filter)
{
  if (filter == NULL)
    return;
  g_free (filter->expression);
  g_ptr_array_unref (filter->programs);
  g_free (filter->failure);
  g_byte_array_unref (filter->scratch);
  g_free (filter);
}

static Program *
find_program (TramaFilter *filter, guint32 link_type)
{
  g_autofree char *reason = NULL;
  Program *program;

  for (guint i = 0; i < filter->programs->len; i++)
    {
      program = g_ptr_array_index (filter->programs, i);
      if (program->link_type == link_type)
        return program;
    }
  program = g_new0 (Program, 1);
  program->link_type = link_type;
  reason = compile (filter->expression, link_type, &program->code);
  program->compiled = reason == NULL;
  if (reason != NULL && filter->failure == NULL)
    filter->failure = g_strdup_printf (_ ("packets of link type %u cannot be filtered: %s"), link_type,
                                       reason);
  g_ptr_array_add (filter->programs, program);
  return program;
}

/*
 * libpcap looks for this machine's address families, in its byte order in NULL and in
 * network order in LOOP; the file may come from another machine, with another AF_INET6.
 */
static guint32
family_here (guint32 link_type, const guint8 *data)
{
  guint32 family;

  memcpy (&family, data, sizeof family);
  family = GUINT32_FROM_BE (family);
  if (family > G_MAXUINT16)
    family = GUINT32_SWAP_LE_BE (family);
  if (family == 24 || family == 28 || family == 30)
    family = AF_INET6;
  return link_type == LINK_LOOP ? GUINT32_TO_BE (family) : family;
}

static const guint8 *
localize (TramaFilter *filter, guint32 link_type, const TramaPacket *packet, const guint8 *data)
{
  guint32 family;

  if ((link_type != LINK_NULL && link_type != LINK_LOOP) || packet->captured_bytes < FAMILY_BYTES)
    return data;
  family = family_here (link_type, data);
  if (memcmp (&family, data, sizeof family) == 0)
    return data;
  g_byte_array_set_size (filter->scratch, 0);
  g_byte_array_append (filter->scratch, (const guint8 *) &family, sizeof family);
  g_byte_array_append (filter->scratch, data + FAMILY_BYTES, packet->captured_bytes - FAMILY_BYTES);
  return filter->scratch->data;
}

gboolean
trama_filter_matches (TramaFilter *filter, guint32 link_type, const TramaPacket *packet, const guint8 *data)
{
  struct pcap_pkthdr header = { .caplen = packet->captured_bytes, .len = packet->length_bytes };

  if (filter->last == NULL || filter->last->link_type != link_type)
    filter->last = find_program (filter, link_type);
  return filter->last->compiled
         && pcap_offline_filter (&filter->last->code, &header, localize (filter, link_type, packet, data))
                != 0;
}

const char *
trama_filter_get_failure (const TramaFilter *filter)
{
  return filter->failure;
}
