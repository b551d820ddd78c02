/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/capture/link_name.h"

#include <pcap/pcap.h>

/* Files have numbers of their own for what systems could not agree on: libpcap's pcap-common.c. */
int
trama_link_to_dlt (guint32 link_type)
{
  static const struct
  {
    guint32 link_type;
    int dlt;
  } differing[] = {
    { 14, DLT_RAW },         { 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },
    { 102, DLT_SLIP_BSDOS }, { 103, DLT_PPP_BSDOS },   { 106, DLT_ATM_CLIP },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (differing); i++)
    if (differing[i].link_type == link_type)
      return differing[i].dlt;
  return (int) link_type;
}

const char *
trama_link_name (guint32 link_type)
{
  return pcap_datalink_val_to_name (trama_link_to_dlt (link_type));
}

const char *
trama_link_description (guint32 link_type)
{
  return pcap_datalink_val_to_description (trama_link_to_dlt (link_type));
}
