/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/session/render.h"

/* Every call with every kind of argument, and what can be wrong with it. */

#define BEGIN "session \"T\"\na:\ns = socket(AF_INET, SOCK_STREAM, 0)\nn = read(s, 1)\n"

/* The calls that make sockets, name them and close them. */
static void
test_sockets (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP)\n"
                 "socket(AF_UNIX, SOCK_SEQPACKET, 0)\n"
                 "socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6)\n"
                 "socket(AF_INET, SOCK_DGRAM, IPPROTO_MPTCP)\n"
                 "a, b = socketpair(AF_UNIX, SOCK_DGRAM, 0)\n"
                 "socketpair(AF_INET, SOCK_STREAM, 0) = -1 EOPNOTSUPP\n"
                 "bind(s, 127.0.0.1:5000)\n"
                 "listen(s, SOMAXCONN)\n"
                 "listen(s, -1)\n"
                 "c = accept(s)\n"
                 "d = accept4(s, SOCK_NONBLOCK | SOCK_CLOEXEC)\n"
                 "e = accept4(s, 0)\n"
                 "connect(a, 127.0.0.1:5000)\n"
                 "getsockname(s)\n"
                 "getpeername(c)\n"
                 "shutdown(c, SHUT_RD)\n"
                 "shutdown(c, SHUT_WR)\n"
                 "shutdown(c, SHUT_RDWR)\n"
                 "f = dup(c)\n"
                 "unlink(\"phone\")\n"
                 "close(f)\n"
                 "close(f)\n",
                 "x, order 4294967295, domain 2, type 1: T\n"
                 "a\n"
                 "  3  s = socket (2, 2049, 6)\n"
                 "  4  socket (1, 5, 0)\n"
                 "  5  socket (10, 526339, 58)\n"
                 "  6  socket (2, 2, 262)\n"
                 "  7  a, b = socketpair (1, 2, 0, -)\n"
                 "  8  socketpair (2, 1, 0, -) = -1 EOPNOTSUPP\n"
                 "  9  bind (s, 127.0.0.1:5000, 16)\n"
                 " 10  listen (s, 4096)\n"
                 " 11  listen (s, -1)\n"
                 " 12  c = accept (s, -, -)\n"
                 " 13  d = accept4 (s, -, -, 526336)\n"
                 " 14  e = accept4 (s, -, -, 0)\n"
                 " 15  connect (a, 127.0.0.1:5000, 16)\n"
                 " 16  getsockname (s, -, -)\n"
                 " 17  getpeername (c, -, -)\n"
                 " 18  shutdown (c, 0)\n"
                 " 19  shutdown (c, 1)\n"
                 " 20  shutdown (c, 2)\n"
                 " 21  f = dup (c)\n"
                 " 22  unlink (\"phone\")\n"
                 " 23  close (f)\n"
                 " 24  close (f)\n");
}

/* The calls that move bytes. A size follows from what is written out; what is known only later has none. */
static void
test_transfers (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET, SOCK_DGRAM, 0)\n"
                 "read(s, 0)\n"
                 "n = recv(s, 64)\n"
                 "recv(s, 0x40, MSG_PEEK | MSG_DONTWAIT | MSG_TRUNC | MSG_WAITALL | MSG_OOB)\n"
                 "recvfrom(s, 1048576, MSG_DONTWAIT)\n"
                 "write(s, \"\")\n"
                 "write(s, fill(1048576))\n"
                 "write(s, fill(0))\n"
                 "write(s, received(s))\n"
                 "send(s, \"x\")\n"
                 "send(s, \"x\", MSG_OOB | MSG_MORE | MSG_NOSIGNAL)\n"
                 "sendto(s, received(s), sender(s))\n"
                 "sendto(s, \"x\", 0x40 | MSG_MORE, unspec)\n",
                 "x, order 4294967295, domain 2, type 2: T\n"
                 "a\n"
                 "  3  s = socket (2, 2, 0)\n"
                 "  4  read (s, -, 0)\n"
                 "  5  n = recv (s, -, 64, 0)\n"
                 "  6  recv (s, -, 64, 355)\n"
                 "  7  recvfrom (s, -, 1048576, 64, -, -)\n"
                 "  8  write (s, \"\", 0)\n"
                 "  9  write (s, fill(1048576), 1048576)\n"
                 " 10  write (s, fill(0), 0)\n"
                 " 11  write (s, received(s), -)\n"
                 " 12  send (s, \"x\", 1, 0)\n"
                 " 13  send (s, \"x\", 1, 49153)\n"
                 " 14  sendto (s, received(s), -, 0, sender(s), -)\n"
                 " 15  sendto (s, \"x\", 1, 32832, AF_UNSPEC, 16)\n");
}

/* sendmsg and recvmsg leave out what they do not have; descriptors are received into variables. */
static void
test_messages (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_UNIX, SOCK_STREAM, 0)\n"
                 "sendmsg(s, \"x\")\n"
                 "sendmsg(s, \"x\", MSG_DONTWAIT)\n"
                 "sendmsg(s, \"x\", rights(s))\n"
                 "sendmsg(s, \"x\", unix(\"phone\"))\n"
                 "sendmsg(s, \"x\", unix(\"@phone\"), rights(s, s))\n"
                 "sendmsg(s, \"x\", 127.0.0.1:1, MSG_OOB)\n"
                 "sendmsg(s, \"x\", rights(s), MSG_OOB)\n"
                 "sendmsg(s, fill(9), [::1]:1, rights(s), MSG_OOB | 0x40)\n"
                 "recvmsg(s, 64)\n"
                 "recvmsg(s, 64, MSG_PEEK)\n"
                 "recvmsg(s, 64, rights(t, u))\n"
                 "recvmsg(s, 64, rights(t), MSG_CMSG_CLOEXEC)\n"
                 "sendmsg(t, received(s), sender(s), rights(u))\n",
                 "x, order 4294967295, domain 1, type 1: T\n"
                 "a\n"
                 "  3  s = socket (1, 1, 0)\n"
                 "  4  sendmsg (s, \"x\", 1, -, -, 0)\n"
                 "  5  sendmsg (s, \"x\", 1, -, -, 64)\n"
                 "  6  sendmsg (s, \"x\", 1, -, rights(s), 0)\n"
                 "  7  sendmsg (s, \"x\", 1, phone, -, 0)\n"
                 "  8  sendmsg (s, \"x\", 1, @phone, rights(s, s), 0)\n"
                 "  9  sendmsg (s, \"x\", 1, 127.0.0.1:1, -, 1)\n"
                 " 10  sendmsg (s, \"x\", 1, -, rights(s), 1)\n"
                 " 11  sendmsg (s, fill(9), 9, [::1]:1, rights(s), 65)\n"
                 " 12  recvmsg (s, -, 64, -, -, 0, -)\n"
                 " 13  recvmsg (s, -, 64, -, -, 2, -)\n"
                 " 14  recvmsg (s, -, 64, -, rights(t, u), 0, -)\n"
                 " 15  recvmsg (s, -, 64, -, rights(t), 1073741824, -)\n"
                 " 16  sendmsg (t, received(s), -, sender(s), rights(u), 0)\n");
}

/* An option is found by its level and name; what is set is the C value, what is expected of an int is a number. */
static void
test_options (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET, SOCK_STREAM, 0)\n"
                 "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 1)\n"
                 "setsockopt(s, SOL_SOCKET, SO_RCVBUF, -1)\n"
                 "setsockopt(s, SOL_SOCKET, SO_LINGER, {1, 0})\n"
                 "setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, {1, 500000})\n"
                 "setsockopt(s, SOL_TCP, TCP_NODELAY, 0)\n"
                 "setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, \"reno\")\n"
                 "setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, 1)\n"
                 "setsockopt(s, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)\n"
                 "getsockopt(s, SOL_SOCKET, SO_ERROR)\n"
                 "getsockopt(s, SOL_SOCKET, SO_ERROR) = 0 ECONNREFUSED\n"
                 "getsockopt(s, SOL_SOCKET, SO_ERROR) = 0 0\n"
                 "getsockopt(s, SOL_SOCKET, SO_TYPE) = 0 SOCK_STREAM\n"
                 "getsockopt(s, SOL_SOCKET, SO_RCVBUF) = 0 4608\n"
                 "getsockopt(s, SOL_SOCKET, SO_LINGER) = 0 {1, 5}\n"
                 "getsockopt(s, SOL_SOCKET, SO_PEERCRED) = 0 {1, 2, 3}\n"
                 "getsockopt(s, IPPROTO_TCP, TCP_CONGESTION) = 0 \"reno\"\n"
                 "fcntl(s, F_SETFL, O_NONBLOCK)\n"
                 "fcntl(s, F_SETFL, 0)\n"
                 "fcntl(s, F_SETFD, FD_CLOEXEC)\n"
                 "fcntl(s, F_GETFL)\n"
                 "fcntl(s, F_GETFL) = O_RDWR | O_NONBLOCK\n"
                 "fcntl(s, F_GETFD) = FD_CLOEXEC\n"
                 "poll([s POLLIN], -1)\n"
                 "poll([s POLLIN | POLLOUT, s POLLPRI, s], 500) = 1 POLLIN | POLLHUP\n",
                 "x, order 4294967295, domain 2, type 1: T\n"
                 "a\n"
                 "  3  s = socket (2, 1, 0)\n"
                 "  4  setsockopt (s, 1, 2, \"\\x01\\0\\0\\0\", 4)\n"
                 "  5  setsockopt (s, 1, 8, \"\\xff\\xff\\xff\\xff\", 4)\n"
                 "  6  setsockopt (s, 1, 13, \"\\x01\\0\\0\\0\\0\\0\\0\\0\", 8)\n"
                 "  7  setsockopt (s, 1, 21, \"\\x01\\0\\0\\0\\0\\0\\0\\0 \\xa1\\x07\\0\\0\\0\\0\\0\", 16)\n"
                 "  8  setsockopt (s, 6, 1, \"\\0\\0\\0\\0\", 4)\n"
                 "  9  setsockopt (s, 6, 13, \"reno\", 4)\n"
                 " 10  setsockopt (s, 41, 26, \"\\x01\\0\\0\\0\", 4)\n"
                 " 11  setsockopt (s, 0, 10, \"\\x02\\0\\0\\0\", 4)\n"
                 " 12  getsockopt (s, 1, 4, -, -)\n"
                 " 13  getsockopt (s, 1, 4, -, -) = 0 111\n"
                 " 14  getsockopt (s, 1, 4, -, -) = 0 0\n"
                 " 15  getsockopt (s, 1, 3, -, -) = 0 1\n"
                 " 16  getsockopt (s, 1, 8, -, -) = 0 4608\n"
                 " 17  getsockopt (s, 1, 13, -, -) = 0 \"\\x01\\0\\0\\0\\x05\\0\\0\\0\"\n"
                 " 18  getsockopt (s, 1, 17, -, -) = 0 \"\\x01\\0\\0\\0\\x02\\0\\0\\0\\x03\\0\\0\\0\"\n"
                 " 19  getsockopt (s, 6, 13, -, -) = 0 \"reno\"\n"
                 " 20  fcntl (s, 4, 2048)\n"
                 " 21  fcntl (s, 4, 0)\n"
                 " 22  fcntl (s, 2, 1)\n"
                 " 23  fcntl (s, 3, -)\n"
                 " 24  fcntl (s, 3, -) = 2050\n"
                 " 25  fcntl (s, 1, -) = 1\n"
                 " 26  poll ([s:1], 1, -1)\n"
                 " 27  poll ([s:5 s:2 s:0], 3, 500) = 1 17\n");
}

/* All that an address can be, in its struct; the size is what the kernel wants of it. */
static void
test_addresses (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET6, SOCK_DGRAM, 0)\n"
                 "bind(s, 127.1.2.3:65535)\n"
                 "bind(s, 0.0.0.0:0)\n"
                 "bind(s, [::1]:5000)\n"
                 "bind(s, [::]:0)\n"
                 "bind(s, [::ffff:127.0.0.1]:5000)\n"
                 "bind(s, [::ffff:0.0.0.0]:5000)\n"
                 "bind(s, [0:0:0:0:0:0:0:1]:5000)\n"
                 "bind(s, unix(\"phone\"))\n"
                 "bind(s, unix(\"@phone\"))\n"
                 "bind(s, unix(\"teléfono 1\"))\n"
                 "connect(s, unspec)\n"
                 "recvfrom(s, 1)\n"
                 "connect(s, sender(s))\n",
                 "x, order 4294967295, domain 10, type 2: T\n"
                 "a\n"
                 "  3  s = socket (10, 2, 0)\n"
                 "  4  bind (s, 127.1.2.3:65535, 16)\n"
                 "  5  bind (s, 0.0.0.0:0, 16)\n"
                 "  6  bind (s, [::1]:5000, 28)\n"
                 "  7  bind (s, [::]:0, 28)\n"
                 "  8  bind (s, [::ffff:127.0.0.1]:5000, 28)\n"
                 "  9  bind (s, [::ffff:0.0.0.0]:5000, 28)\n"
                 " 10  bind (s, [::1]:5000, 28)\n"
                 " 11  bind (s, phone, 8)\n"
                 " 12  bind (s, @phone, 8)\n"
                 " 13  bind (s, teléfono 1, 14)\n"
                 " 14  connect (s, AF_UNSPEC, 16)\n"
                 " 15  recvfrom (s, -, 1, 0, -, -)\n"
                 " 16  connect (s, sender(s), -)\n");
}

/* RFC 792: type 8, code 0, checksum, identifier, sequence number, data. RFC 4443: type 128, its checksum the kernel's. */
static void
test_echo (void)
{
  check_renders (
      "session \"T\"\n"
      "a:\n"
      "s = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)\n"
      "sendto(s, echo(1, \"payload\"), 127.0.0.1:0)\n"
      "sendto(s, echo(65535, \"odd\"), 127.0.0.1:0)\n"
      "sendto(s, echo(0, \"\"), 127.0.0.1:0)\n"
      "sendto(s, echo(2, fill(5)), 127.0.0.1:0)\n"
      "sendto(s, echo6(258, \"payload\"), [::1]:0)\n",
      "x, order 4294967295, domain 2, type 2: T\n"
      "a\n"
      "  3  s = socket (2, 2, 1)\n"
      "  4  sendto (s, \"\\x08\\0\\xe6|TR\\0\\x01payload\", 15, 0, 127.0.0.1:0, 16)\n"
      "  5  sendto (s, \"\\x08\\0\\xd0HTR\\xff\\xffodd\", 11, 0, 127.0.0.1:0, 16)\n"
      "  6  sendto (s, \"\\x08\\0\\xa3\\xadTR\\0\\0\", 8, 0, 127.0.0.1:0, 16)\n"
      "  7  sendto (s, \"\\x08\\0y\\xe4TR\\0\\x02\\x61\\x62\\x63\\x64\\x65\", 13, 0, 127.0.0.1:0, 16)\n"
      "  8  sendto (s, \"\\x80\\0\\0\\0TR\\x01\\x02payload\", 15, 0, [::1]:0, 28)\n");
}

/* What a call must give. */
static void
test_expectations (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET, SOCK_STREAM, 0) = 3\n"
                 "t = socket(AF_INET, SOCK_STREAM, 0) = 3..9\n"
                 "close(s) = 0\n"
                 "close(s) = -1\n"
                 "close(s) = -1 EBADF\n"
                 "close(s) = any\n"
                 "n = recv(s, 64, MSG_DONTWAIT) = -1 EWOULDBLOCK\n"
                 "write(s, \"x\") = SIGPIPE\n"
                 "send(s, \"x\") = SIGPIPE\n"
                 "write(s, fill(4000)) = 1..4000\n"
                 "read(s, 64) = 0\n"
                 "read(s, 64) = 0 \"\"\n"
                 "read(s, 64) = 7 \"Hello?\\n\"\n"
                 "read(s, 64) = 1..64 \"Hello\"\n"
                 "recv(s, 4096) = 4000 fill(4000)\n"
                 "recv(s, 4, MSG_TRUNC) = 7 \"Hell\"\n"
                 "recvfrom(s, 64) = 5 \"Hello\" 127.0.0.1:5001\n"
                 "recvfrom(s, 64) = 5 127.0.0.1:5001\n"
                 "recvmsg(s, 64) = 1 \"x\" unix(\"@phone\")\n"
                 "c = accept(s) = 4 [::1]:40000\n"
                 "getsockname(s) = 0 127.0.0.1:5000\n"
                 "getpeername(s) = -1 ENOTCONN\n"
                 "poll([s POLLIN], 0) = 0\n",
                 "x, order 4294967295, domain 2, type 1: T\n"
                 "a\n"
                 "  3  s = socket (2, 1, 0) = 3\n"
                 "  4  t = socket (2, 1, 0) = 3..9\n"
                 "  5  close (s) = 0\n"
                 "  6  close (s) = -1 *\n"
                 "  7  close (s) = -1 EBADF\n"
                 "  8  close (s) = any\n"
                 "  9  n = recv (s, -, 64, 64) = -1 EAGAIN\n"
                 " 10  write (s, \"x\", 1) = signal 13\n"
                 " 11  send (s, \"x\", 1, 0) = signal 13\n"
                 " 12  write (s, fill(4000), 4000) = 1..4000\n"
                 " 13  read (s, -, 64) = 0\n"
                 " 14  read (s, -, 64) = 0 \"\"\n"
                 " 15  read (s, -, 64) = 7 \"Hello?\\n\"\n"
                 " 16  read (s, -, 64) = 1..64 \"Hello\"\n"
                 " 17  recv (s, -, 4096, 0) = 4000 fill(4000)\n"
                 " 18  recv (s, -, 4, 32) = 7 \"Hell\"\n"
                 " 19  recvfrom (s, -, 64, 0, -, -) = 5 \"Hello\" 127.0.0.1:5001\n"
                 " 20  recvfrom (s, -, 64, 0, -, -) = 5 127.0.0.1:5001\n"
                 " 21  recvmsg (s, -, 64, -, -, 0, -) = 1 \"x\" @phone\n"
                 " 22  c = accept (s, -, -) = 4 [::1]:40000\n"
                 " 23  getsockname (s, -, -) = 0 127.0.0.1:5000\n"
                 " 24  getpeername (s, -, -) = -1 ENOTCONN\n"
                 " 25  poll ([s:1], 1, 0) = 0\n");
}

/* What stands behind BEGIN, and the complaint about it, without the file and the line. */
static const Complaint complaints[] = {
  /* Arguments of one kind where another is expected. */
  { "accept4(s)", "5:1: accept4 takes a socket and flags" },
  { "accept4(s, MSG_PEEK)", "5:12: expected flags here: accept4 takes a socket and flags" },
  { "accept4(s, SOCK_NONBLOK)", "5:12: unknown constant \"SOCK_NONBLOK\"; did you mean \"SOCK_NONBLOCK\"?" },
  { "recv(s)", "5:1: recv takes a socket, a size and optional flags" },
  { "recv(s, 64, SOCK_NONBLOCK)",
    "5:13: expected optional flags here: recv takes a socket, a size and optional flags" },
  { "recv(s, 64, MSG_PEKE)", "5:13: unknown constant \"MSG_PEKE\"; did you mean \"MSG_PEEK\"?" },
  { "recv(s, 64, 2147483648)", "5:13: 2147483648 is out of range: a set of flags goes from 0 to 2147483647" },
  { "send(s, 64)",
    "5:9: expected text in quotes here: send takes a socket, text in quotes and optional flags" },
  { "send(s, fil(64))", "5:9: unknown name \"fil\"; did you mean \"fill\"?" },
  { "send(s, fill)", "5:13: expected \"(\" here, as in: fill(4000)" },
  { "send(s, fill(x))", "5:14: expected a size here" },
  { "send(s, fill(1048577))", "5:14: 1048577 is out of range: a size goes from 0 to 1048576" },
  { "send(s, fill(99999999999999999999))",
    "5:14: 99999999999999999999 is out of range: a size goes from 0 to 1048576" },
  { "send(s, sender(s))",
    "5:9: expected text in quotes here: send takes a socket, text in quotes and optional flags" },
  { "send(s, received(t))", "5:18: unknown variable \"t\"; did you mean \"s\"?" },
  { "send(s, received(7))", "5:18: expected a socket here" },
  { "shutdown(s, 1)", "5:13: expected a direction here: shutdown takes a socket and a direction" },
  { "shutdown(s, SHUT_ALL)", "5:13: unknown constant \"SHUT_ALL\"; did you mean \"SHUT_RD\"?" },
  { "shutdown(s, MSG_PEEK)", "5:13: expected a direction here: shutdown takes a socket and a direction" },
  { "socket(AF_INET, SOCK_NONBLOCK, 0)",
    "5:17: a socket has one type; SOCK_NONBLOCK and SOCK_CLOEXEC may join it" },
  { "socket(AF_INET, SOCK_STREAM | SOCK_RAW | SOCK_NONBLOCK, 0)",
    "5:31: a socket has one type; SOCK_NONBLOCK and SOCK_CLOEXEC may join it" },
  { "socket(AF_INET, SOCK_STREAM, 65536)", "5:30: 65536 is out of range: a protocol goes from 0 to 65535" },
  { "socket(AF_INET, SOCK_STREAM, IPPROTO_TPC)",
    "5:30: unknown constant \"IPPROTO_TPC\"; did you mean \"IPPROTO_TCP\"?" },
  { "socket(AF_PACKET, SOCK_RAW, 0)", "5:8: unknown constant \"AF_PACKET\"" },
  { "fcntl(s, 4, 0)",
    "5:10: expected a command here: fcntl takes a socket, a command and flags where it sets them" },
  { "fcntl(s, F_SETFL)", "5:1: this command takes flags, as in: fcntl(phone, F_SETFL, O_NONBLOCK)" },
  { "fcntl(s, F_GETFL, O_NONBLOCK)", "5:1: this command takes no flags, as in: fcntl(phone, F_GETFL)" },
  { "fcntl(s, F_DUPFD, 5)", "5:10: a session has F_GETFL, F_SETFL, F_GETFD and F_SETFD here" },
  { "fcntl(s, F_SETFL, O_NONBLOK)", "5:19: unknown constant \"O_NONBLOK\"; did you mean \"O_NONBLOCK\"?" },
  { "dup(7)", "5:5: expected a socket here: dup takes a socket" },
  { "unlink(phone)", "5:8: expected a name in quotes here: unlink takes a name in quotes" },
  { "unlink(\"\")", "5:8: a name has 1 to 100 bytes" },

  /* Options and their values. */
  { "getsockopt(s, 1, SO_ERROR)",
    "5:15: expected a level here: getsockopt takes a socket, a level and an option" },
  { "getsockopt(s, SOL_SOKET, SO_ERROR)",
    "5:15: unknown constant \"SOL_SOKET\"; did you mean \"SOL_SOCKET\"?" },
  { "getsockopt(s, SOL_SOCKET, 4)",
    "5:27: expected an option here: getsockopt takes a socket, a level and an option" },
  { "getsockopt(s, SOL_SOCKET, SO_EROR)", "5:27: unknown option \"SO_EROR\"; did you mean \"SO_ERROR\"?" },
  { "getsockopt(s, SOL_SOCKET, MSG_PEEK)",
    "5:27: expected an option here: getsockopt takes a socket, a level and an option" },
  { "getsockopt(s, SOL_SOCKET, TCP_NODELAY)", "5:27: TCP_NODELAY is an option of the level IPPROTO_TCP" },
  { "getsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE)", "5:27: SO_SNDBUFFORCE can be set, but not read" },
  { "setsockopt(s, SOL_SOCKET, SO_ERROR, 0)", "5:27: SO_ERROR can be read, but not set" },
  { "setsockopt(s, SOL_SOCKET, SO_REUSEADDR)",
    "5:1: setsockopt takes a socket, a level, an option and a value" },
  { "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, \"1\")",
    "5:41: expected the value of SO_REUSEADDR here, as in: 1" },
  { "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, {1, 0})",
    "5:41: expected the value of SO_REUSEADDR here, as in: 1" },
  { "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, 2147483648)",
    "5:41: 2147483648 is out of range: a value goes from -2147483648 to 2147483647" },
  { "setsockopt(s, SOL_SOCKET, SO_LINGER, 1)", "5:38: expected the value of SO_LINGER here, as in: {1, 0}" },
  { "setsockopt(s, SOL_SOCKET, SO_LINGER, {1})",
    "5:40: expected the value of SO_LINGER here, as in: {1, 0}" },
  { "setsockopt(s, SOL_SOCKET, SO_LINGER, {1, 0, 3})", "5:43: expected \"}\" here" },
  { "setsockopt(s, SOL_SOCKET, SO_LINGER, {1, x})",
    "5:42: expected the value of SO_LINGER here, as in: {1, 0}" },
  { "setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, 5)",
    "5:40: expected the value of SO_RCVTIMEO here, as in: {0, 50000}" },
  { "setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, reno)",
    "5:44: expected the value of TCP_CONGESTION here, as in: \"reno\"" },
  { "setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, \"a_very_long_name\")",
    "5:44: this is too long: TCP_CONGESTION has at most 15 bytes" },
  { "setsockopt(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_D)",
    "5:44: unknown constant \"IP_PMTUDISC_D\"; did you mean \"IP_PMTUDISC_DO\"?" },
  { "setsockopt(s, IPPROTO_IP, IP_MTU_DISCOVER, \"do\")",
    "5:44: expected the value of IP_MTU_DISCOVER here, as in: IP_PMTUDISC_DONT" },

  /* Lists of sockets, rights, two results. */
  { "poll(s POLLIN, 500)", "5:6: expected a list of sockets, as in: poll([phone POLLIN], 500)" },
  { "poll([], 500)", "5:7: expected a socket here" },
  { "poll([s POLIN], 500)", "5:9: unknown constant \"POLIN\"; did you mean \"POLLIN\"?" },
  { "poll([s POLLIN | 4], 500)", "5:18: expected a constant here" },
  { "poll([s POLLIN; s POLLIN], 500)",
    "5:15: this character has no place here; names are made of a to z, digits and _" },
  { "poll([n POLLIN], 500)", "5:7: \"n\" is not a socket; it is what read returned" },
  { "poll([s POLLIN], -2)", "5:18: -2 is out of range: a time in milliseconds goes from -1 to 600000" },
  { "poll([s POLLIN], 600001)",
    "5:18: 600001 is out of range: a time in milliseconds goes from -1 to 600000" },
  { "poll([s POLLIN], POLLIN)",
    "5:18: expected a time in milliseconds here: poll takes a list of sockets and a time in milliseconds" },
  { "poll([s POLLIN)", "5:1: poll takes a list of sockets and a time in milliseconds" },
  { "sendmsg(s, \"x\", rights())", "5:24: expected a socket here" },
  { "sendmsg(s, \"x\", rights(t))", "5:24: unknown variable \"t\"; did you mean \"s\"?" },
  { "sendmsg(s, \"x\", rigths(s))", "5:17: unknown name \"rigths\"; did you mean \"rights\"?" },
  { "sendmsg(s, \"x\", rights(s), 127.0.0.1:5000)",
    "5:28: expected optional flags here: sendmsg takes a socket, text in quotes, an optional address, "
    "optional rights and optional flags" },
  { "sendmsg(s, \"x\", 127.0.0.1:5000, rights(s), MSG_OOB, 1)",
    "5:1: sendmsg takes a socket, text in quotes, an optional address, optional rights and optional flags" },
  { "recvmsg(s, 64, rights(bind))", "5:23: \"bind\" is a word of the language; choose another name" },
  { "recvmsg(s, 64, rights(d, d))", "5:27: each socket received has a name of its own" },
  { "recvmsg(s, 64, rights(7))", "5:23: expected a name, as in: rights(phone)" },
  { "recvmsg(s, \"x\")",
    "5:12: expected a size here: recvmsg takes a socket, a size, optional rights and optional flags" },
  { "a = socketpair(AF_UNIX, SOCK_STREAM, 0)",
    "5:1: socketpair sets two variables, as in: left, right = socketpair(AF_UNIX, SOCK_STREAM, 0)" },
  { "a, b = socket(AF_INET, SOCK_STREAM, 0)", "5:4: socket gives one result; only socketpair sets two" },
  { "a, a = socketpair(AF_UNIX, SOCK_STREAM, 0)", "5:4: socketpair sets two different variables" },
  { "a, = socketpair(AF_UNIX, SOCK_STREAM, 0)",
    "5:4: expected a name, as in: left, right = socketpair(AF_UNIX, SOCK_STREAM, 0)" },
  { "a, bind = socketpair(AF_UNIX, SOCK_STREAM, 0)",
    "5:4: \"bind\" is a word of the language; choose another name" },
  { "p = fork()", "5:5: \"fork\" gives no result; it is written: fork worker:" },
  { "fork()", "5:5: no parenthesis here; it is written: fork worker:" },
  { "kill(s, SIGTERM)", "5:5: no parenthesis here; it is written: kill client" },

  /* Addresses. */
  { "bind(s, [::1])", "5:9: an address has a port, as in: [::1]:5000" },
  { "bind(s, [::1:5000)", "5:9: an IPv6 address stands in brackets, as in: [::1]:5000" },
  { "bind(s, [::1]:65536)", "5:15: 65536 is not a port: ports go from 0 to 65535" },
  { "bind(s, [::g]:5000)", "5:9: \"::g\" is not an IPv6 address" },
  { "bind(s, [fe80::1]:5000)",
    "5:9: sessions stay on the loopback: addresses are [::1], [::] and [::ffff:127.x.y.z]" },
  { "bind(s, [::ffff:10.0.0.1]:5000)",
    "5:9: sessions stay on the loopback: addresses are [::1], [::] and [::ffff:127.x.y.z]" },
  { "bind(s, ::1)", "5:9: an IPv6 address stands in brackets, as in: [::1]:5000" },
  { "bind(s, unix)", "5:13: expected \"(\" here, as in: unix(\"phone\")" },
  { "bind(s, unix(phone))", "5:14: expected text in quotes, as in: unix(\"phone\")" },
  { "bind(s, unix(\"\"))", "5:14: a name has 1 to 100 bytes" },
  { "bind(s, unix(\"@\"))", "5:14: a name has 1 to 100 bytes" },
  { "bind(s, unix(\"../phone\"))",
    "5:14: sessions stay in a folder of their own: a name is without \"/\" and \"..\"" },
  { "bind(s, unix(\"/tmp/phone\"))",
    "5:14: sessions stay in a folder of their own: a name is without \"/\" and \"..\"" },
  { "bind(s, unix(\"a..b\"))",
    "5:14: sessions stay in a folder of their own: a name is without \"/\" and \"..\"" },
  { "bind(s, unix(\".\"))",
    "5:14: sessions stay in a folder of their own: a name is without \"/\" and \"..\"" },
  { "bind(s, unix(\"a\\0b\"))", "5:14: a name is made of characters that can be printed" },
  { "bind(s, unix(\"\\xff\"))", "5:14: a name is made of characters that can be printed" },
  { "bind(s, unix(\"a\\nb\"))", "5:14: a name is made of characters that can be printed" },
  { "bind(s, unspek)", "5:9: unknown name \"unspek\"; did you mean \"unspec\"?" },
  { "bind(s, fill(3))", "5:9: expected an address here: bind takes a socket and an address" },
  { "bind(s, 224.0.0.1:5000)", "5:9: sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0" },
  { "bind(s, 255.255.255.255:5000)",
    "5:9: sessions stay on the loopback: addresses are 127.x.y.z or 0.0.0.0" },

  /* ICMP. */
  { "sendto(s, echo(1), 127.0.0.1:0)", "5:17: expected \",\" here" },
  { "sendto(s, echo(\"x\", 1), 127.0.0.1:0)", "5:16: expected a sequence number here" },
  { "sendto(s, echo(65536, \"x\"), 127.0.0.1:0)",
    "5:16: 65536 is out of range: a sequence number goes from 0 to 65535" },
  { "sendto(s, echo(1, fill(8193)), 127.0.0.1:0)",
    "5:19: this is too long: an echo request has at most 8192 bytes of data" },
  { "sendto(s, echo(1, received(s)), 127.0.0.1:0)",
    "5:19: expected text in quotes or fill here, as in: fill(4000)" },

  /* Expectations. */
  { "close(s) =", "5:11: of close this can be expected: = 0, = -1 EINVAL, = any" },
  { "close(s) = 1", "5:12: close cannot return that: with these arguments at most 0" },
  { "close(s) = -2", "5:12: -2 is out of range: a result goes from -1 to 2147483647" },
  { "close(s) = \"x\"", "5:12: of close this can be expected: = 0, = -1 EINVAL, = any" },
  { "close(s) = -1 ECONNREFUSD", "5:15: unknown constant \"ECONNREFUSD\"; did you mean \"ECONNREFUSED\"?" },
  { "close(s) = -1 7", "5:15: expected the name of an error here, as in: = -1 ECONNREFUSED" },
  { "close(s) = -1 EBADF now", "5:21: expected the end of the line here" },
  { "close(s) = ECONNREFUSED", "5:12: a call that fails returns -1; it is written: = -1 ECONNREFUSED" },
  { "close(s) = SIGPIPE", "5:12: of close this can be expected: = 0, = -1 EINVAL, = any" },
  { "close(s) = anny", "5:12: unknown name \"anny\"; did you mean \"any\"?" },
  { "close(s) = 0 \"x\"", "5:14: of close this can be expected: = 0, = -1 EINVAL, = any" },
  { "close(s) = any 3", "5:16: expected the end of the line here" },
  { "write(s, \"x\") = SIGPIP", "5:17: unknown name \"SIGPIP\"; did you mean \"SIGPIPE\"?" },
  { "write(s, \"x\") = SIGTERM", "5:17: of write this can be expected: = 7, = -1 EPIPE, = SIGPIPE, = any" },
  { "write(s, \"x\") = 2", "5:17: write cannot return that: with these arguments at most 1" },
  { "write(s, \"x\") = 1 \"x\"", "5:19: of write this can be expected: = 7, = -1 EPIPE, = SIGPIPE, = any" },
  { "read(s, 64) = 65", "5:15: read cannot return that: with these arguments at most 64" },
  { "read(s, 64) = 7..3", "5:15: a range goes from the smaller to the greater, as in: = 1..64" },
  { "read(s, 64) = 0..", "5:18: expected a result here" },
  { "read(s, 64) = -1..3", "5:17: expected the name of an error here, as in: = -1 ECONNREFUSED" },
  { "read(s, 64) = 7 \"Hello?\"", "5:17: this has 6 bytes, which is not the result expected before it" },
  { "read(s, 64) = 1..3 fill(4)", "5:20: this has 4 bytes, which is not the result expected before it" },
  { "read(s, 64) = 7 received(s)", "5:17: expected text in quotes or fill here, as in: fill(4000)" },
  { "read(s, 64) = 6 \"Hello?\" 127.0.0.1:5000",
    "5:26: of read this can be expected: = 7 \"Hello?\\n\", = any" },
  { "read(s, 64) = 6 127.0.0.1:5000", "5:17: of read this can be expected: = 7 \"Hello?\\n\", = any" },
  { "recvfrom(s, 64) = 6 127.0.0.1:5000 \"Hello?\"",
    "5:36: of recvfrom this can be expected: = 7 \"Hello?\\n\" 127.0.0.1:5001, = any" },
  { "recvfrom(s, 64) = 6 \"Hello?\" sender(s)",
    "5:30: expected an address that is known, as in: 127.0.0.1:5000" },
  { "accept(s) = 4 \"x\"", "5:15: of accept this can be expected: = 4 127.0.0.1:5000, = any" },
  { "getsockname(s) = 0 5000", "5:20: of getsockname this can be expected: = 0 127.0.0.1:5000, = any" },
  { "getsockopt(s, SOL_SOCKET, SO_ERROR) = 0 ECONNREFUSD",
    "5:41: unknown constant \"ECONNREFUSD\"; did you mean \"ECONNREFUSED\"?" },
  { "getsockopt(s, SOL_SOCKET, SO_ERROR) = 0 \"x\"",
    "5:41: expected the value of SO_ERROR here, as in: ECONNREFUSED" },
  { "getsockopt(s, SOL_SOCKET, SO_LINGER) = 0 1",
    "5:42: expected the value of SO_LINGER here, as in: {1, 0}" },
  { "getsockopt(s, SOL_SOCKET, SO_REUSEADDR) = 0 1 2", "5:47: expected the end of the line here" },
  { "getsockopt(s, SOL_SOCKET, SO_REUSEADDR) = 1",
    "5:43: getsockopt cannot return that: with these arguments at most 0" },
  { "poll([s POLLIN], 0) = 2", "5:23: poll cannot return that: with these arguments at most 1" },
  { "poll([s POLLIN], 0) = 1 POLIN", "5:25: unknown constant \"POLIN\"; did you mean \"POLLIN\"?" },
  { "fcntl(s, F_GETFL) = O_RDRW", "5:21: unknown constant \"O_RDRW\"; did you mean \"O_RDWR\"?" },
  { "fcntl(s, F_SETFL, 0) = 5", "5:24: fcntl cannot return that: with these arguments at most 0" },
  { "listen(s, 5) = 0 = 0", "5:18: of listen this can be expected: = 0, = -1 EINVAL, = any" },
};

static void
test_complaints (void)
{
  check_complaints (BEGIN, complaints, G_N_ELEMENTS (complaints));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/calls/sockets", test_sockets);
  g_test_add_func ("/session/calls/transfers", test_transfers);
  g_test_add_func ("/session/calls/messages", test_messages);
  g_test_add_func ("/session/calls/options", test_options);
  g_test_add_func ("/session/calls/addresses", test_addresses);
  g_test_add_func ("/session/calls/echo", test_echo);
  g_test_add_func ("/session/calls/expectations", test_expectations);
  g_test_add_func ("/session/calls/complaints", test_complaints);
  return g_test_run ();
}
