/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/decode/frames.h"

#include "core/decode/decode.h"

#include <string.h>

/* A client's SYN on loopback: 39388 to 5000, the first packet of a connection. */
static const char syn[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 60 bytes, DF, TTL 64, TCP, checksum right, 127.0.0.1 to 127.0.0.1 */
    "4500003c 721b4000 4006ca9e 7f000001 7f000001"
    /* TCP: sequence 1078205491, SYN, window 64240; checksum only of the pseudo-header: 0xfe30 */
    "99dc1388 40441c33 00000000 a002faf0 fe300000"
    /* options: MSS 1460, SACK permitted, timestamps 2019120690 and 0, NOP, window scale 10 */
    "020405b4 0402080a 78595632 00000000 0103030a";

/* The answer to it. */
static const char syn_ack[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 60 bytes, DF, identification 0 */
    "4500003c 00004000 40063cba 7f000001 7f000001"
    /* TCP: sequence 3160092354, acknowledgment 1078205492, SYN ACK, window 65160 */
    "138899dc bc5b2ec2 40441c34 a012fe88 fe300000"
    /* options: MSS 1460, SACK permitted, timestamps 519435176 and 2019120690, NOP, window scale 10 */
    "020405b4 0402080a 1ef5f3a8 78595632 0103030a";

/* "Hello?\n" from the client. */
static const char data[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 59 bytes */
    "4500003b 721d4000 4006ca9d 7f000001 7f000001"
    /* TCP: sequence 1078205492, acknowledgment 3160092355, PSH ACK, window 63 */
    "99dc1388 40441c34 bc5b2ec3 8018003f fe2f0000"
    /* options: NOP, NOP, timestamps */
    "0101080a 78595632 1ef5f3a8"
    /* the seven bytes written */
    "48656c6c 6f3f0a";

/* The server closes first. */
static const char fin[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 52 bytes */
    "45000034 6ec74000 4006cdfa 7f000001 7f000001"
    /* TCP: sequence 3160092365, acknowledgment 1078205499, FIN ACK, window 64 */
    "138899dc bc5b2ecd 40441c3b 80110040 fe280000"
    /* options: NOP, NOP, timestamps */
    "0101080a 1ef5f3b2 7859563c";

/* A datagram on loopback: 55926 to 5001. */
static const char udp[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 37 bytes, UDP */
    "45000025 94e14000 4011a7e4 7f000001 7f000001"
    /* UDP: 17 bytes; checksum only of the pseudo-header: 0xfe24 */
    "da761389 0011fe24"
    /* "Dear sir\n" */
    "44656172 20736972 0a";

/* The kernel's answer to a datagram for port 5009, where nobody is. */
static const char unreachable[] =
    /* Ethernet: from and to 00:00:00:00:00:00, IPv4 */
    "00000000 00000000 00000000 0800"
    /* IPv4: 62 bytes, DSCP 48, ICMP */
    "45c0003e d31b0000 4001a8e1 7f000001 7f000001"
    /* ICMP: type 3, code 3, checksum right */
    "0303e9ac 00000000"
    /* the quote, IPv4: 34 bytes, UDP */
    "45000022 ce964000 40116e32 7f000001 7f000001"
    /* the quote, UDP: 52278 to 5009, 14 bytes */
    "cc361391 000efe21"
    /* the quote: "nobody" */
    "6e6f626f 6479";

/* "Hello?\n" over IPv6. */
static const char tcp6[] =
    /* Ethernet: IPv6 */
    "00000000 00000000 00000000 86dd"
    /* IPv6: flow label 0xf2a5f, payload 39 bytes, TCP, hop limit 64, ::1 to ::1 */
    "600f2a5f 00270640 00000000 00000000 00000000 "
    "00000001 00000000 00000000 00000000 00000001"
    /* TCP: 51844 to 5000, sequence 1020699006, acknowledgment 2819924038, PSH ACK */
    "ca841388 3cd6a17e a814a046 80180040 002f0000"
    /* options: NOP, NOP, timestamps */
    "0101080a 86335feb a3902576"
    /* the seven bytes written */
    "48656c6c 6f3f0a";

/* The same error over IPv6. */
static const char unreachable6[] =
    /* Ethernet: IPv6 */
    "00000000 00000000 00000000 86dd"
    /* IPv6: payload 62 bytes, ICMPv6 */
    "60020853 003e3a40 00000000 00000000 00000000 "
    "00000001 00000000 00000000 00000000 00000001"
    /* ICMPv6: type 1, code 4, checksum right */
    "01042329 00000000"
    /* the quote, IPv6: payload 14 bytes, UDP */
    "60025e0b 000e1140 00000000 00000000 00000000 "
    "00000001 00000000 00000000 00000000 00000001"
    /* the quote, UDP: 49890 to 5009 */
    "c2e21391 000e0021"
    /* the quote: "nobody" */
    "6e6f626f 6479";

/* A SYN on a wire, without a link header; its checksum is computed. */
static const char raw_syn[] =
    /* IPv4: 60 bytes, 10.77.0.1 to 10.77.0.2 */
    "4500003c fbeb4000 40062a34 0a4d0001 0a4d0002"
    /* TCP: 49044 to 5001, sequence 652751060, SYN, window 64240, checksum right */
    "bf941389 26e830d4 00000000 a002faf0 2a840000"
    /* options: MSS 1460, SACK permitted, timestamps, NOP, window scale 10 */
    "020405b4 0402080a 2b9ab777 00000000 0103030a";

/* A connection refused. */
static const char refused[] =
    /* IPv4: 40 bytes, 10.77.0.2 to 10.77.0.1 */
    "45000028 00004000 40062634 0a4d0002 0a4d0001"
    /* TCP: 5018 to 46380, sequence 0, acknowledgment 2723837543, RST ACK, window 0 */
    "139ab52c 00000000 a25a7667 50140000 b9ab0000";

/* A datagram behind two VLAN tags. */
static const char qinq[] =
    /* Ethernet: 02:00:00:00:00:01 to 02:00:00:00:00:02, 802.1ad */
    "02000000 00020200 00000001 88a8"
    /* tag: VLAN 100, then 802.1Q */
    "00648100"
    /* tag: priority 3, VLAN 10, then IPv4 */
    "600a0800"
    /* IPv4: 32 bytes, UDP */
    "45000020 00014000 40113cca 7f000001 7f000001"
    /* UDP: 40000 to 5001, 12 bytes */
    "9c401389 000c7a2f"
    /* "vlan" */
    "766c616e";

/* An ACK of 40 bytes in a frame that must have 60. */
static const char padded[] =
    /* Ethernet: 02:00:00:00:00:01 to 02:00:00:00:00:02, IPv4 */
    "02000000 00020200 00000001 0800"
    /* IPv4: 40 bytes */
    "45000028 00014000 40063ccd 7f000001 7f000001"
    /* TCP: 40000 to 5000, sequence 5, acknowledgment 9, ACK */
    "9c401388 00000005 00000009 5010ffff 01fc0000"
    /* six bytes that are no payload */
    "00000000 0000";

/* IPv4 with options: a header of 32 bytes. */
static const char ip_options[] =
    /* Ethernet: 02:00:00:00:00:01 to 02:00:00:00:00:02, IPv4 */
    "02000000 00020200 00000001 0800"
    /* IPv4: header 8 words, 43 bytes, UDP */
    "4800002b 00014000 401119a9 7f000001 7f000001"
    /* options: router alert (4), loose source route (7), travelled to its end, end of options (1) */
    "94040000 8307080a 00000100"
    /* UDP: 40000 to 5001, 11 bytes */
    "9c401389 000b6e9b"
    /* "opt" */
    "6f7074";

/* The first fragment of a datagram of 41 bytes: its UDP length goes beyond it. */
static const char first_fragment[] =
    /* IPv4: 44 bytes, identification 0x94e3, MF, offset 0, UDP */
    "4500002c 94e32000 4011c7db 7f000001 7f000001"
    /* UDP: 40000 to 5001, 41 bytes */
    "9c401389 0029983c"
    /* the first 16 bytes of data */
    "41424344 45464748 494a4b4c 4d4e4f50";

/* The rest of it: no transport header. */
static const char later_fragment[] =
    /* IPv4: 37 bytes, identification 0x94e3, offset 24, UDP */
    "45000025 94e30003 4011e7df 7f000001 7f000001"
    /* the other 17 bytes of data */
    "51525354 55565758 595a3031 32333435 36";

/* An ACK that tells of two gaps. */
static const char sack[] =
    /* IPv4: 60 bytes, TCP */
    "4500003c 00014000 40063cb9 7f000001 7f000001"
    /* TCP: sequence 1001, acknowledgment 1500, ACK */
    "9c401388 000003e9 000005dc a010ffff 6b6d0000"
    /* options: NOP, NOP, SACK 2000 to 3000 and 4000 to 5000 */
    "01010512 000007d0 00000bb8 00000fa0 00001388";

/* A SYN with rarer options, offering ECN. */
static const char odd_options[] =
    /* IPv4: 70 bytes, TCP */
    "45000046 00014000 40063caf 7f000001 7f000001"
    /* TCP: sequence 1000, SYN ECE CWR, header 12 words */
    "9c401388 000003e8 00000000 c0c2ffff 2caa0000"
    /* MPTCP: MP_CAPABLE */
    "1e0c0101 11223344 55667788"
    /* fast open: a cookie of eight bytes */
    "220ac0ff ee001122 3344"
    /* kind 77, which nobody knows */
    "4d04abcd"
    /* fast open: asks for a cookie */
    "2202"
    /* two bytes of data */
    "0000";

/* Bytes that must not reach the screen as they are, and a wrong checksum. */
static const char bad_checksum[] =
    /* IPv4: 51 bytes, TCP */
    "45000033 00014000 40063cc2 7f000001 7f000001"
    /* TCP: sequence 1000, acknowledgment 7, PSH ACK URG, checksum 0xdead, urgent pointer 1 */
    "9c401388 000003e8 00000007 5038ffff dead0001"
    /* "ab", 0xff, "c", a line end, "é", U+202E which turns the text around */
    "6162ff63 0d0ac3a9 e280ae";

/* ping */
static const char echo[] =
    /* IPv4: 32 bytes, ICMP */
    "45000020 00014000 40013cda 7f000001 7f000001"
    /* ICMP: echo request, identifier 0x1234, sequence number 1 */
    "080006fa 12340001"
    /* "ping" */
    "70696e67";

/* A router quotes no more than it must: eight bytes of TCP. */
static const char too_big[] =
    /* IPv4: 56 bytes, ICMP, 10.0.0.254 to 10.0.0.1 */
    "45000038 00014000 400125c6 0a0000fe 0a000001"
    /* ICMP: type 3, code 4, next-hop MTU 1400 */
    "030443d3 00000578"
    /* the quote, IPv4: 40 bytes, TCP, 10.0.0.1 to 10.0.0.9 */
    "45000028 00014000 400626c6 0a000001 0a000009"
    /* the quote, TCP: 40000 to 5000, sequence 1000 */
    "9c401388 000003e8";

/* IPv6 with three extension headers, the third that of a first fragment. */
static const char extensions6[] =
    /* IPv6: payload 56 bytes, hop-by-hop options */
    "60000000 00380040 00000000 00000000 00000000 "
    "00000001 00000000 00000000 00000000 00000001"
    /* hop-by-hop options: router alert; then destination options */
    "3c000502 00000100"
    /* destination options: padding; then a fragment header */
    "2c000104 00000000"
    /* fragment: offset 0, more to come, identification 0xa0e34f5a; then UDP */
    "11000001 a0e34f5a"
    /* UDP: 40000 to 5001, 32 bytes */
    "9c401389 0020ec2e"
    /* 24 bytes of data */
    "76362066 7261676d 656e7420 7061796c 6f61642e "
    "2e2e2e2e";

/* A later fragment of it. */
static const char later_fragment6[] =
    /* IPv6: payload 12 bytes, fragment header */
    "60000000 000c2c40 00000000 00000000 00000000 "
    "00000001 00000000 00000000 00000000 00000001"
    /* fragment: offset 32, the last, identification 0xa0e34f5a */
    "11000020 a0e34f5a"
    /* "rest" */
    "72657374";

/* Who has 10.0.0.2? Tell 10.0.0.1. */
static const char arp[] =
    /* Ethernet: 02:00:00:00:00:01 to all, ARP */
    "ffffffff ffff0200 00000001 0806"
    /* ARP: request, 02:00:00:00:00:01 and 10.0.0.1, 0 and 10.0.0.2 */
    "00010800 06040001 02000000 00010a00 00010000 "
    "00000000 0a000002"
    /* padding */
    "00000000 00000000 00000000 00000000 0000";

/* "hi", captured on a BSD's loopback, little-endian. */
static const char null_le[] =
    /* family 2 */
    "02000000"
    /* IPv4: 30 bytes, UDP */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP: 40000 to 5001, 10 bytes */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* The same in network order. */
static const char loop[] =
    /* family 2 */
    "00000002"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* The same, captured on Linux's device "any". */
static const char sll[] =
    /* cooked: to us, ARPHRD_LOOPBACK, address of 6 bytes, IPv4 */
    "00000304 00060000 00000000 00000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* The same in the newer form. */
static const char sll2[] =
    /* cooked: IPv4, interface 1, ARPHRD_LOOPBACK, to us, address of 6 bytes */
    "08000000 00000001 03040006 00000000 00000000"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* An IEEE 802.3 frame: a length where Ethernet has the type. */
static const char length_802_3[] =
    /* from 02:00:00:00:00:01, seven bytes */
    "02000000 00020200 00000001 0007"
    /* two of them not counted in the length */
    "42420300 00006162 63";

/* A datagram below two labels. */
static const char mpls[] =
    /* Ethernet: 02:00:00:00:00:01 to 02:00:00:00:00:02, MPLS */
    "02000000 00020200 00000001 8847"
    /* label 16, traffic class 5, TTL 64, then another */
    "00010a40"
    /* label 17, the bottom of the stack */
    "0001113f"
    /* IPv4: 32 bytes, UDP */
    "45000020 00014000 40113cca 7f000001 7f000001"
    /* UDP: 40000 to 5001, 12 bytes */
    "9c401389 000c7826"
    /* "mpls" */
    "6d706c73";

/* The label that tells IPv6. */
static const char mpls6[] =
    /* Ethernet: MPLS multicast */
    "02000000 00020200 00000001 8848"
    /* label 2, explicit null for IPv6, the bottom */
    "00002101"
    /* IPv6: 12 bytes, UDP, ::1 to ::1 */
    "60000000 000c1140 00000000 00000000 00000000 00000001 00000000 00000000 00000000 00000001"
    /* UDP */
    "9c401389 000c7529"
    /* "null" */
    "6e756c6c";

/* A SYN on a line of PPP over Ethernet, in a frame that is padded. */
static const char pppoe[] =
    /* Ethernet: PPPoE session */
    "02000000 00020200 00000001 8864"
    /* PPPoE: version 1, type 1, session 0x1234, 42 bytes */
    "11001234 002a"
    /* PPP: IPv4 */
    "0021"
    /* IPv4: 40 bytes, TCP */
    "45000028 00014000 40063ccd 7f000001 7f000001"
    /* TCP: 40000 to 5000, sequence 1000, SYN */
    "9c401388 000003e8 00000000 5002ffff fe2f0000"
    /* padding */
    "0000";

static const char pppoe6[] =
    /* Ethernet: PPPoE session */
    "02000000 00020200 00000001 8864"
    /* PPPoE: session 1, 54 bytes */
    "11000001 0036"
    /* PPP: IPv6 */
    "0057"
    /* IPv6: 12 bytes, UDP */
    "60000000 000c1140 00000000 00000000 00000000 00000001 00000000 00000000 00000000 00000001"
    /* UDP */
    "9c401389 000c6f64"
    /* "ppp6" */
    "70707036";

/* IPv4 in an IEEE 802.3 frame; the rest is padding. */
static const char snap[] =
    /* Ethernet: 40 bytes by its length */
    "02000000 00020200 00000001 0028"
    /* LLC: SNAP, unnumbered information; organization 0, type IPv4 */
    "aaaa0300 00000800"
    /* IPv4: 32 bytes, UDP */
    "45000020 00014000 40113cca 7f000001 7f000001"
    /* UDP */
    "9c401389 000c7d2b"
    /* "snap" */
    "736e6170"
    /* padding to 60 bytes */
    "00000000 0000";

/* The four ways to put IP into IP. */
static const char ip4_in_ip4[] =
    /* IPv4: 60 bytes, IPv4 within, 192.0.2.1 to 192.0.2.2 */
    "4500003c 00014000 4004b6b9 c0000201 c0000202"
    /* IPv4: 40 bytes, TCP, 10.0.0.1 to 10.0.0.2 */
    "45000028 00014000 400626cd 0a000001 0a000002"
    /* TCP: SYN */
    "9c401388 000003e8 00000000 5002ffff e82f0000";

static const char ip6_in_ip4[] =
    /* IPv4: 72 bytes, IPv6 within, 192.0.2.1 to 192.0.2.2 */
    "45000048 00014000 4029b688 c0000201 c0000202"
    /* IPv6: 12 bytes, UDP, 2001:db8:1::1 to 2001:db8:1::2 */
    "60000000 000c1140 20010db8 00010000 00000000 00000001 20010db8 00010000 00000000 00000002"
    /* UDP */
    "9c401389 000c4ff8"
    /* "6in4" */
    "36696e34";

static const char ip4_in_ip6[] =
    /* IPv6: 32 bytes, IPv4 within, 2001:db8::1 to 2001:db8::2 */
    "60000000 00200440 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"
    /* IPv4: 32 bytes, UDP */
    "45000020 00014000 401126ca 0a000001 0a000002"
    /* UDP */
    "9c401389 000c996a"
    /* "4in6" */
    "34696e36";

static const char ip6_in_ip6[] =
    /* IPv6: 60 bytes, destination options */
    "60000000 003c3c40 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"
    /* destination options: padding, then IPv6 */
    "29000104 00000000"
    /* IPv6: 12 bytes, UDP */
    "60000000 000c1140 20010db8 00010000 00000000 00000001 20010db8 00010000 00000000 00000002"
    /* UDP */
    "9c401389 000c4ff6"
    /* "6in6" */
    "36696e36";

/* GRE with all its fields. */
static const char gre[] =
    /* IPv4: 79 bytes, GRE */
    "4500004f 00014000 402fb67b c0000201 c0000202"
    /* GRE: checksum, key 77, sequence number 5, IPv4 */
    "b0000800 5bcd0000 0000004d 00000005"
    /* IPv4: 43 bytes, TCP, 10.0.0.1 to 10.0.0.2 */
    "4500002b 00014000 400626ca 0a000001 0a000002"
    /* TCP: PSH ACK */
    "9c401388 000003e8 00000007 5018ffff 1b9d0000"
    /* "gre" */
    "677265";

/* A whole Ethernet frame in GRE. */
static const char gre_bridged[] =
    /* IPv6: 68 bytes, GRE */
    "60000000 00442f40 20010db8 00000000 00000000 00000001 20010db8 00000000 00000000 00000002"
    /* GRE: Ethernet */
    "00006558"
    /* Ethernet: 802.1Q */
    "02000000 00020200 00000001 8100"
    /* tag: VLAN 7, IPv4 */
    "00070800"
    /* IPv4: 31 bytes, UDP */
    "4500001f 00014000 40113ccb 7f000001 7f000001"
    /* UDP */
    "9c401389 000b79aa"
    /* "far" */
    "666172"
    /* padding of the frame within */
    "00000000 00000000 00000000 000000";

/* PPP in the other version of GRE, which is not followed. */
static const char gre_ppp[] =
    /* IPv4: 40 bytes, GRE */
    "45000028 00014000 402fb6a2 c0000201 c0000202"
    /* GRE version 1: key (4 bytes of payload, call 1), sequence 2, acknowledgment 3, PPP */
    "3081880b 00040001 00000002 00000003"
    /* PPP */
    "ff030021";

/* TCP options that are seldom seen. */
static const char rare_options[] =
    /* IPv4: 80 bytes */
    "45000050 00014000 40063ca5 7f000001 7f000001"
    /* TCP: SYN, header of 60 bytes */
    "9c401388 000003e8 00000000 f002ffff cb1a0000"
    /* option: MD5 signature */
    "13120001 02030405 06070809 0a0b0c0d 0e0f"
    /* option: authentication, keys 1 and 2, a code of 4 bytes */
    "1d080102 cafebabe"
    /* options: experiments 0xf989 and 0x1234 */
    "fe04f989 fd041234"
    /* option: user timeout of 5 minutes; two without operation */
    "1c048005 0101";

/* PPP as HDLC frames it. */
static const char ppp[] =
    /* address and control, IPv4 */
    "ff030021"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* PPP without framing, its protocol in one byte. */
static const char ppp_short[] =
    /* IPv4 */
    "21"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* Cisco HDLC where PPP could be. */
static const char ppp_cisco[] =
    /* to one, IPv4 */
    "0f000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* PPPoE without Ethernet. */
static const char pppoe_alone[] =
    /* session 7, 32 bytes, IPv4 */
    "11000007 0020 0021"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* Cisco HDLC, to all. */
static const char cisco_hdlc[] =
    /* to all, IPv4 */
    "8f000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* IP over Fibre Channel. */
static const char fibre_channel[] =
    /* two names of eight bytes */
    "10000000 c0000001 10000000 c0000002"
    /* LLC, SNAP: IPv4 */
    "aaaa0300 00000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* A data frame to an access point, with quality of service. */
static const char wlan[] =
    /* QoS data, to the access point */
    "8801 2c00"
    /* three addresses, sequence control, QoS */
    "02000000 0001 0200 00000002 02000000 0003 1000 0000"
    /* LLC, SNAP: IPv4 */
    "aaaa0300 00000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* The same between access points, encrypted. */
static const char wlan_protected[] =
    /* QoS data, from and to access points, protected, with HT control */
    "88c3 2c00"
    /* three addresses, sequence control, the fourth, QoS, HT control */
    "02000000 0001 0200 00000002 02000000 0003 1000 02000000 0004 0000 00000000"
    /* what nobody can read */
    "00112233 44556677";

/* What announces a network. */
static const char wlan_beacon[] =
    /* beacon */
    "8000 0000"
    /* to all, from 02:00:00:00:00:02 */
    "ffffffff ffff 0200 00000002 02000000 0002 1000";

/* A data frame behind what the radio knows: a time, and that the header is filled up to four bytes. */
static const char radiotap[] =
    /* version 0, 26 bytes, two words of fields: a time and flags */
    "0000 1a00 03000080 00000000"
    /* filled up to eight bytes, the time, flags, a byte that nothing tells of */
    "00000000 01000000 00000000 20 00"
    /* QoS data, from the access point; two bytes fill it up */
    "8802 2c00 02000000 0001 0200 00000002 02000000 0003 1000 0000 0000"
    /* LLC, SNAP: IPv4 */
    "aaaa0300 00000800"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* A packet that netfilter logged. */
static const char nflog[] =
    /* IPv4, version 0, group 5 */
    "0200 0005"
    /* attribute: the prefix "drop", with what ends and fills it */
    "0900 0a00 64726f70 00 000000"
    /* attribute: the packet, 34 bytes */
    "2200 0900"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* The same by a machine that counts from the other end. */
static const char nflog_be[] =
    /* IPv4, version 0, group 5 */
    "0200 0005"
    /* attribute: the packet, 34 bytes */
    "0022 0009"
    /* IPv4 */
    "4500001e 00014000 40113ccc 7f000001 7f000001"
    /* UDP */
    "9c401389 000ae9a4"
    /* "hi" */
    "6869";

/* A message without a packet. */
static const char nflog_empty[] =
    /* IPv4, version 0, group 5 */
    "0200 0005"
    /* attribute: the prefix "a" */
    "0600 0a00 6100 0000";

const Frame frames[] = {
  { "syn", TRAMA_LINK_ETHERNET, syn },
  { "syn_ack", TRAMA_LINK_ETHERNET, syn_ack },
  { "data", TRAMA_LINK_ETHERNET, data },
  { "fin", TRAMA_LINK_ETHERNET, fin },
  { "udp", TRAMA_LINK_ETHERNET, udp },
  { "unreachable", TRAMA_LINK_ETHERNET, unreachable },
  { "tcp6", TRAMA_LINK_ETHERNET, tcp6 },
  { "unreachable6", TRAMA_LINK_ETHERNET, unreachable6 },
  { "raw_syn", TRAMA_LINK_RAW, raw_syn },
  { "refused", TRAMA_LINK_RAW, refused },
  { "qinq", TRAMA_LINK_ETHERNET, qinq },
  { "padded", TRAMA_LINK_ETHERNET, padded },
  { "ip_options", TRAMA_LINK_ETHERNET, ip_options },
  { "first_fragment", TRAMA_LINK_IPV4, first_fragment },
  { "later_fragment", TRAMA_LINK_IPV4, later_fragment },
  { "sack", TRAMA_LINK_IPV4, sack },
  { "odd_options", TRAMA_LINK_IPV4, odd_options },
  { "bad_checksum", TRAMA_LINK_IPV4, bad_checksum },
  { "echo", TRAMA_LINK_IPV4, echo },
  { "too_big", TRAMA_LINK_IPV4, too_big },
  { "extensions6", TRAMA_LINK_IPV6, extensions6 },
  { "later_fragment6", TRAMA_LINK_IPV6, later_fragment6 },
  { "arp", TRAMA_LINK_ETHERNET, arp },
  { "null_le", TRAMA_LINK_NULL, null_le },
  { "loop", TRAMA_LINK_LOOP, loop },
  { "sll", TRAMA_LINK_SLL, sll },
  { "sll2", TRAMA_LINK_SLL2, sll2 },
  { "length_802_3", TRAMA_LINK_ETHERNET, length_802_3 },
  { "mpls", TRAMA_LINK_ETHERNET, mpls },
  { "mpls6", TRAMA_LINK_ETHERNET, mpls6 },
  { "pppoe", TRAMA_LINK_ETHERNET, pppoe },
  { "pppoe6", TRAMA_LINK_ETHERNET, pppoe6 },
  { "snap", TRAMA_LINK_ETHERNET, snap },
  { "ip4_in_ip4", TRAMA_LINK_IPV4, ip4_in_ip4 },
  { "ip6_in_ip4", TRAMA_LINK_IPV4, ip6_in_ip4 },
  { "ip4_in_ip6", TRAMA_LINK_IPV6, ip4_in_ip6 },
  { "ip6_in_ip6", TRAMA_LINK_IPV6, ip6_in_ip6 },
  { "gre", TRAMA_LINK_IPV4, gre },
  { "gre_bridged", TRAMA_LINK_IPV6, gre_bridged },
  { "gre_ppp", TRAMA_LINK_IPV4, gre_ppp },
  { "rare_options", TRAMA_LINK_IPV4, rare_options },
  { "ppp", TRAMA_LINK_PPP, ppp },
  { "ppp_short", TRAMA_LINK_PPP, ppp_short },
  { "ppp_cisco", TRAMA_LINK_PPP_HDLC, ppp_cisco },
  { "pppoe_alone", TRAMA_LINK_PPPOE, pppoe_alone },
  { "cisco_hdlc", TRAMA_LINK_CISCO_HDLC, cisco_hdlc },
  { "fibre_channel", TRAMA_LINK_FIBRE_CHANNEL, fibre_channel },
  { "wlan", TRAMA_LINK_WLAN, wlan },
  { "wlan_protected", TRAMA_LINK_WLAN, wlan_protected },
  { "wlan_beacon", TRAMA_LINK_WLAN, wlan_beacon },
  { "radiotap", TRAMA_LINK_RADIOTAP, radiotap },
  { "nflog", TRAMA_LINK_NFLOG, nflog },
  { "nflog_be", TRAMA_LINK_NFLOG, nflog_be },
  { "nflog_empty", TRAMA_LINK_NFLOG, nflog_empty },
};

const gsize n_frames = G_N_ELEMENTS (frames);

const Frame *
frame_named (const char *name)
{
  for (gsize i = 0; i < n_frames; i++)
    if (strcmp (frames[i].name, name) == 0)
      return &frames[i];
  g_assert_not_reached ();
}

GByteArray *
frame_bytes (const Frame *frame)
{
  GByteArray *bytes = g_byte_array_new ();

  for (const char *digit = frame->hex; *digit != '\0';)
    {
      guint8 byte;

      if (*digit == ' ')
        {
          digit++;
          continue;
        }
      byte = (guint8) (g_ascii_xdigit_value (digit[0]) << 4 | g_ascii_xdigit_value (digit[1]));
      g_byte_array_append (bytes, &byte, 1);
      digit += 2;
    }
  return bytes;
}

const guint8 *
frame_copy (const GByteArray *bytes, gsize size, guint8 **copy)
{
  *copy = g_malloc (size + 1); /* one more in front, so that no bytes have a place as well */
  memcpy (*copy + 1, bytes->data, size);
  return *copy + 1;
}
