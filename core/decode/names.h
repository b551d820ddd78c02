/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Private to the room: numbers of the protocols by name, after the registries of
 * IANA. Untranslated; NULL: the number is not known here.
 */
const char *trama_ether_type_name (guint16 ether_type);
const char *trama_ppp_protocol_name (guint16 protocol);
const char *trama_ip_protocol_name (guint8 protocol);
const char *trama_ip_option_name (guint8 type);
const char *trama_dscp_name (guint8 dscp);
const char *trama_ecn_name (guint8 ecn);
const char *trama_arp_operation_name (guint16 operation);
const char *trama_icmp_type_name (guint8 ip_version, guint8 type);
const char *trama_icmp_code_name (guint8 ip_version, guint8 type, guint8 code);
const char *trama_tcp_option_name (guint8 kind);
const char *trama_mptcp_subtype_name (guint8 subtype);
