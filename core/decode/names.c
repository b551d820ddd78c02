/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decode/bytes.h"

#include "config.h"

#include "core/decode/names.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  guint32 number;
  const char *name;
} Name;

static const char *
find_name (const Name *names, gsize n_names, guint32 number)
{
  for (gsize i = 0; i < n_names; i++)
    if (names[i].number == number)
      return names[i].name;
  return NULL;
}

const char *
trama_ether_type_name (guint16 ether_type)
{
  static const Name names[] = {
    { 0x0800, "IPv4" },
    { 0x0806, "ARP" },
    { 0x0842, "Wake-on-LAN" },
    { 0x6558, "Ethernet" },
    { 0x8035, "RARP" },
    { 0x8100, "802.1Q" },
    { 0x86dd, "IPv6" },
    { 0x8808, "Ethernet flow control" },
    { 0x880b, "PPP" },
    { 0x8847, "MPLS" },
    { 0x8848, "MPLS multicast" },
    { 0x8863, "PPPoE discovery" },
    { 0x8864, "PPPoE session" },
    { 0x888e, "802.1X" },
    { 0x88a8, "802.1ad" },
    { 0x88cc, "LLDP" },
    { 0x88e5, "MACsec" },
    { 0x88f7, "PTP" },
    { 0x9000, "Loopback test" },
    { 0x9100, "802.1ad" },
  };

  return find_name (names, G_N_ELEMENTS (names), ether_type);
}

const char *
trama_ppp_protocol_name (guint16 protocol)
{
  static const Name names[] = {
    { 0x0021, "IPv4" }, { 0x0057, "IPv6" }, { 0x0281, "MPLS" }, { 0x8021, "IPCP" }, { 0x8057, "IPV6CP" },
    { 0x80fd, "CCP" },  { 0xc021, "LCP" },  { 0xc023, "PAP" },  { 0xc025, "LQR" },  { 0xc223, "CHAP" },
  };

  return find_name (names, G_N_ELEMENTS (names), protocol);
}

const char *
trama_ip_protocol_name (guint8 protocol)
{
  static const Name names[] = {
    { 0, "IPv6 hop-by-hop options" },
    { 1, "ICMP" },
    { 2, "IGMP" },
    { 4, "IPv4" },
    { 6, "TCP" },
    { 17, "UDP" },
    { 33, "DCCP" },
    { 41, "IPv6" },
    { 43, "IPv6 routing" },
    { 44, "IPv6 fragment" },
    { 46, "RSVP" },
    { 47, "GRE" },
    { 50, "ESP" },
    { 51, "AH" },
    { 58, "ICMPv6" },
    { 59, "IPv6 no next header" },
    { 60, "IPv6 destination options" },
    { 88, "EIGRP" },
    { 89, "OSPF" },
    { 103, "PIM" },
    { 112, "VRRP" },
    { 115, "L2TP" },
    { 132, "SCTP" },
    { 135, "IPv6 mobility" },
    { 136, "UDP-Lite" },
    { 137, "MPLS" },
  };

  return find_name (names, G_N_ELEMENTS (names), protocol);
}

const char *
trama_ip_option_name (guint8 type)
{
  static const Name names[] = {
    { 0, N_ ("End of options") },        { 1, N_ ("No operation") },
    { 7, N_ ("Record route") },          { 68, N_ ("Timestamp") },
    { 82, N_ ("Traceroute") },           { 130, N_ ("Security") },
    { 131, N_ ("Loose source route") },  { 136, N_ ("Stream identifier") },
    { 137, N_ ("Strict source route") }, { 148, N_ ("Router alert") },
  };

  return find_name (names, G_N_ELEMENTS (names), type);
}

const char *
trama_dscp_name (guint8 dscp)
{
  static const Name names[] = {
    { 0, N_ ("CS0, best effort") },
    { 1, "LE" },
    { 8, "CS1" },
    { 10, "AF11" },
    { 12, "AF12" },
    { 14, "AF13" },
    { 16, "CS2" },
    { 18, "AF21" },
    { 20, "AF22" },
    { 22, "AF23" },
    { 24, "CS3" },
    { 26, "AF31" },
    { 28, "AF32" },
    { 30, "AF33" },
    { 32, "CS4" },
    { 34, "AF41" },
    { 36, "AF42" },
    { 38, "AF43" },
    { 40, "CS5" },
    { 44, "VOICE-ADMIT" },
    { 46, N_ ("EF, expedited forwarding") },
    { 48, "CS6" },
    { 56, "CS7" },
  };

  return find_name (names, G_N_ELEMENTS (names), dscp);
}

/* RFC 3168, section 5 */
const char *
trama_ecn_name (guint8 ecn)
{
  static const Name names[] = {
    { 0, N_ ("Not-ECT: the transport does not take part") },
    { 1, N_ ("ECT(1): the transport takes part") },
    { 2, N_ ("ECT(0): the transport takes part") },
    { 3, N_ ("CE: congestion was met on the way") },
  };

  return find_name (names, G_N_ELEMENTS (names), ecn);
}

const char *
trama_arp_operation_name (guint16 operation)
{
  static const Name names[] = {
    { 1, N_ ("request: who has this address?") },
    { 2, N_ ("reply: I have it") },
    { 3, N_ ("reverse request") },
    { 4, N_ ("reverse reply") },
  };

  return find_name (names, G_N_ELEMENTS (names), operation);
}

static const Name icmp4_types[] = {
  { 0, N_ ("Echo reply") },           { 3, N_ ("Destination unreachable") },
  { 4, N_ ("Source quench") },        { 5, N_ ("Redirect") },
  { 8, N_ ("Echo request") },         { 9, N_ ("Router advertisement") },
  { 10, N_ ("Router solicitation") }, { 11, N_ ("Time exceeded") },
  { 12, N_ ("Parameter problem") },   { 13, N_ ("Timestamp request") },
  { 14, N_ ("Timestamp reply") },     { 15, N_ ("Information request") },
  { 16, N_ ("Information reply") },   { 17, N_ ("Address mask request") },
  { 18, N_ ("Address mask reply") },
};

static const Name icmp6_types[] = {
  { 1, N_ ("Destination unreachable") },
  { 2, N_ ("Packet too big") },
  { 3, N_ ("Time exceeded") },
  { 4, N_ ("Parameter problem") },
  { 128, N_ ("Echo request") },
  { 129, N_ ("Echo reply") },
  { 130, N_ ("Multicast listener query") },
  { 131, N_ ("Multicast listener report") },
  { 132, N_ ("Multicast listener done") },
  { 133, N_ ("Router solicitation") },
  { 134, N_ ("Router advertisement") },
  { 135, N_ ("Neighbor solicitation") },
  { 136, N_ ("Neighbor advertisement") },
  { 137, N_ ("Redirect") },
  { 143, N_ ("Multicast listener report, version 2") },
};

const char *
trama_icmp_type_name (guint8 ip_version, guint8 type)
{
  if (ip_version == 4)
    return find_name (icmp4_types, G_N_ELEMENTS (icmp4_types), type);
  return find_name (icmp6_types, G_N_ELEMENTS (icmp6_types), type);
}

/* Type and code as one number. */
#define CODE(type, code) ((type) << 8 | (code))

static const Name icmp4_codes[] = {
  { CODE (3, 0), N_ ("Network unreachable") },
  { CODE (3, 1), N_ ("Host unreachable") },
  { CODE (3, 2), N_ ("Protocol unreachable") },
  { CODE (3, 3), N_ ("Port unreachable") },
  { CODE (3, 4), N_ ("Fragmentation needed, but forbidden by DF") },
  { CODE (3, 5), N_ ("Source route failed") },
  { CODE (3, 6), N_ ("Network unknown") },
  { CODE (3, 7), N_ ("Host unknown") },
  { CODE (3, 8), N_ ("Source host isolated") },
  { CODE (3, 9), N_ ("Network administratively prohibited") },
  { CODE (3, 10), N_ ("Host administratively prohibited") },
  { CODE (3, 11), N_ ("Network unreachable for this type of service") },
  { CODE (3, 12), N_ ("Host unreachable for this type of service") },
  { CODE (3, 13), N_ ("Administratively prohibited") },
  { CODE (3, 14), N_ ("Host precedence violation") },
  { CODE (3, 15), N_ ("Precedence cutoff in effect") },
  { CODE (5, 0), N_ ("For the network") },
  { CODE (5, 1), N_ ("For the host") },
  { CODE (11, 0), N_ ("Time to live ran out on the way") },
  { CODE (11, 1), N_ ("A fragment did not arrive in time") },
  { CODE (12, 0), N_ ("The pointer shows where") },
  { CODE (12, 1), N_ ("A required option is missing") },
};

static const Name icmp6_codes[] = {
  { CODE (1, 0), N_ ("No route") },
  { CODE (1, 1), N_ ("Administratively prohibited") },
  { CODE (1, 2), N_ ("Beyond the scope of the source address") },
  { CODE (1, 3), N_ ("Address unreachable") },
  { CODE (1, 4), N_ ("Port unreachable") },
  { CODE (1, 5), N_ ("Source address failed the policy") },
  { CODE (1, 6), N_ ("Route rejected") },
  { CODE (3, 0), N_ ("Hop limit ran out on the way") },
  { CODE (3, 1), N_ ("A fragment did not arrive in time") },
  { CODE (4, 0), N_ ("A header field is wrong") },
  { CODE (4, 1), N_ ("An unknown next header") },
  { CODE (4, 2), N_ ("An unknown option") },
};

const char *
trama_icmp_code_name (guint8 ip_version, guint8 type, guint8 code)
{
  guint32 number = (guint32) CODE (type, code);

  if (ip_version == 4)
    return find_name (icmp4_codes, G_N_ELEMENTS (icmp4_codes), number);
  return find_name (icmp6_codes, G_N_ELEMENTS (icmp6_codes), number);
}

const char *
trama_tcp_option_name (guint8 kind)
{
  static const Name names[] = {
    { 0, N_ ("End of options") },
    { 1, N_ ("No operation") },
    { 2, N_ ("Maximum segment size") },
    { 3, N_ ("Window scale") },
    { 4, N_ ("SACK permitted") },
    { 5, N_ ("SACK") },
    { 6, N_ ("Echo") },
    { 7, N_ ("Echo reply") },
    { 8, N_ ("Timestamps") },
    { 14, N_ ("Alternate checksum request") },
    { 15, N_ ("Alternate checksum") },
    { 19, N_ ("MD5 signature") },
    { 27, N_ ("Quick-start response") },
    { 28, N_ ("User timeout") },
    { 29, N_ ("Authentication (TCP-AO)") },
    { 30, N_ ("Multipath TCP") },
    { 34, N_ ("Fast open cookie") },
    { 69, N_ ("Encryption negotiation") },
    { 172, N_ ("Accurate ECN 0") },
    { 174, N_ ("Accurate ECN 1") },
    { 253, N_ ("Experiment") },
    { 254, N_ ("Experiment") },
  };

  return find_name (names, G_N_ELEMENTS (names), kind);
}

/* RFC 8684, section 8.2 */
const char *
trama_mptcp_subtype_name (guint8 subtype)
{
  static const Name names[] = {
    { 0, "MP_CAPABLE" }, { 1, "MP_JOIN" }, { 2, "DSS" },          { 3, "ADD_ADDR" },  { 4, "REMOVE_ADDR" },
    { 5, "MP_PRIO" },    { 6, "MP_FAIL" }, { 7, "MP_FASTCLOSE" }, { 8, "MP_TCPRST" },
  };

  return find_name (names, G_N_ELEMENTS (names), subtype);
}
