/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* Link types as libpcap knows them. Untranslated and static; NULL: it does not know that one. */

/* "EN10MB", "LINUX_SLL2", as tcpdump writes them. */
const char *trama_link_name (guint32 link_type);

/* "Ethernet", "Linux cooked v2". */
const char *trama_link_description (guint32 link_type);

/* LINKTYPE_*, as in files, to this system's DLT_*; https://www.tcpdump.org/linktypes.html */
int trama_link_to_dlt (guint32 link_type);
