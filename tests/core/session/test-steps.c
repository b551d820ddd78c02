/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/session/render.h"

/* What stands in a session besides calls: the lab, captions, blocks, processes, signals. */

#define BEGIN "session \"T\"\na:\ns = socket(AF_INET, SOCK_STREAM, 0)\nn = read(s, 1)\n"

/* What is said of the lab, in any order, before the first actor. */
static void
test_lab (void)
{
  check_renders ("session \"T\"\n"
                 "lab:\n"
                 "    turns on\n"
                 "    time 1.5s   # and a half\n"
                 "    net.ipv4.tcp_syn_retries 2\n"
                 "net.ipv4.ip_local_port_range   40000 40100  # two numbers\n"
                 "    congestion cubic\n"
                 "    net.core.default_qdisc fq_codel\n"
                 "    net.ipv4.conf.lo-1.rp_filter 0\n"
                 "    offload on\n"
                 "    mtu 65536\n"
                 "about \"It may stand here too.\"\n"
                 "mtu:\n"
                 "    signal x\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "lab: mtu 65536, offload 1, cubic, 1500 ms, turns\n"
                 "  5  net.ipv4.tcp_syn_retries = 2\n"
                 "  6  net.ipv4.ip_local_port_range = 40000 40100\n"
                 "  8  net.core.default_qdisc = fq_codel\n"
                 "  9  net.ipv4.conf.lo-1.rp_filter = 0\n"
                 "mtu\n"
                 " 14  signal x\n");
}

/* A caption is a step; what is in other languages right below belongs to it. */
static void
test_captions (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "say \"One\"\n"
                 "say[es] \"Uno\"\n"
                 "say[de] \"Eins\"\n"
                 "say \"Two\"\n"
                 "signal x\n"
                 "say \"Three\"\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "a\n"
                 "  3  say - \"One\" es \"Uno\" de \"Eins\"\n"
                 "  6  say - \"Two\"\n"
                 "  7  signal x\n"
                 "  8  say - \"Three\"\n");
}

/* A block is what is indented deeper; behind it the line may stand where it likes. */
static void
test_blocks (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "  s = socket(AF_INET, SOCK_STREAM, 0)\n"
                 "  repeat 2:\n"
                 "      t = dup(s)\n"
                 "      # A comment may stand anywhere.\n"
                 "# Here, too.\n"
                 "\n"
                 "      repeat 3:\n"
                 "                 close(t)\n"
                 "                 repeat 1:\n"
                 "                  close(s)\n"
                 "      close(t)\n"
                 "  close(t)\n"
                 "repeat 1000000:\n"
                 " close(s)\n"
                 "close(t)\n"
                 "b:\n"
                 "    repeat 0x2:\n"
                 "        sleep 1ms\n",
                 "x, order 4294967295, domain 2, type 1: T\n"
                 "a\n"
                 "  3  s = socket (2, 1, 0)\n"
                 "  4  repeat 2 to 10\n"
                 "  5  t = dup (s)\n"
                 "  9  repeat 3 to 8\n"
                 " 10  close (t)\n"
                 " 11  repeat 1 to 7\n"
                 " 12  close (s)\n"
                 " 11  end of 5\n"
                 "  9  end of 3\n"
                 " 13  close (t)\n"
                 "  4  end of 1\n"
                 " 14  close (t)\n"
                 " 15  repeat 1000000 to 14\n"
                 " 16  close (s)\n"
                 " 15  end of 12\n"
                 " 17  close (t)\n"
                 "b\n"
                 " 19  repeat 2 to 2\n"
                 " 20  sleep 1000000\n"
                 " 19  end of 0\n");
}

/* A child has its parent's variables, and keeps its own. */
static void
test_forks (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "s = socket(AF_INET, SOCK_STREAM, 0)\n"
                 "recv(s, 64)\n"
                 "fork worker:\n"
                 "    write(s, received(s))\n"
                 "    t = dup(s)\n"
                 "    fork helper:\n"
                 "        close(t)\n"
                 "        u = dup(t)\n"
                 "        exit 3\n"
                 "    s = read(t, 64)\n"
                 "t = dup(s)\n"
                 "u = dup(t)\n"
                 "close(s)\n"
                 "fork worker:\n"
                 "    exit 0\n",
                 "x, order 4294967295, domain 2, type 1: T\n"
                 "a\n"
                 "  3  s = socket (2, 1, 0)\n"
                 "  4  recv (s, -, 64, 0)\n"
                 "  5  fork worker to 11\n"
                 "  6  write (s, received(s), -)\n"
                 "  7  t = dup (s)\n"
                 "  8  fork helper to 9\n"
                 "  9  close (t)\n"
                 " 10  u = dup (t)\n"
                 " 11  exit 3\n"
                 "  8  end of 5\n"
                 " 12  s = read (t, -, 64)\n"
                 "  5  end of 2\n"
                 " 13  t = dup (s)\n"
                 " 14  u = dup (t)\n"
                 " 15  close (s)\n"
                 " 16  fork worker to 17\n"
                 " 17  exit 0\n"
                 " 16  end of 15\n");
}

/* Actors are killed by their names, also by those that come later. */
static void
test_processes (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "kill b\n"
                 "kill a SIGUSR1\n"
                 "ignore SIGPIPE\n"
                 "ignore SIGTERM\n"
                 "exit 255\n"
                 "b:\n"
                 "sleep 1ns\n"
                 "sleep 20us\n"
                 "sleep 0.5ms\n"
                 "sleep 1.123456789012s\n"
                 "sleep 600s\n"
                 "kill a SIGTERM\n"
                 "kill b SIGKILL\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "a\n"
                 "  3  kill b 9\n"
                 "  4  kill a 10\n"
                 "  5  ignore 13\n"
                 "  6  ignore 15\n"
                 "  7  exit 255\n"
                 "b\n"
                 "  9  sleep 1\n"
                 " 10  sleep 20000\n"
                 " 11  sleep 500000\n"
                 " 12  sleep 1123456789\n"
                 " 13  sleep 600000000000\n"
                 " 14  kill a 15\n"
                 " 15  kill b 9\n");
}

/* Who is forked is killed by its name and its number, also from elsewhere. */
static void
test_killed_forks (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "repeat 2:\n"
                 "    fork w:\n"
                 "        wait never\n"
                 "kill w\n"
                 "kill w 1 SIGTERM\n"
                 "b:\n"
                 "kill w 16 SIGUSR1\n"
                 "signal never\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "a\n"
                 "  3  repeat 2 to 4\n"
                 "  4  fork w to 3\n"
                 "  5  wait never\n"
                 "  4  end of 1\n"
                 "  3  end of 0\n"
                 "  6  kill w 9, forked, 0\n"
                 "  7  kill w 15, forked, 1\n"
                 "b\n"
                 "  9  kill w 10, forked, 16\n"
                 " 10  signal never\n");
}

/* Waits in loops and forks, each of which is met in the end. */
static void
test_meetings (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "repeat 3:\n"
                 "    wait x\n"
                 "    signal y\n"
                 "fork w:\n"
                 "    wait y\n"
                 "    wait y\n"
                 "    repeat 2:\n"
                 "        wait z\n"
                 "b:\n"
                 "repeat 3:\n"
                 "    signal x\n"
                 "    wait y\n"
                 "signal z\n"
                 "c:\n"
                 "repeat 2:\n"
                 "    repeat 2:\n"
                 "        wait y\n"
                 "        wait x\n"
                 "        exit 0\n"
                 "d:\n"
                 "wait w\n"
                 "signal z\n"
                 "e:\n"
                 "repeat 1:\n"
                 "    repeat 1:\n"
                 "        signal w\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "a\n"
                 "  3  repeat 3 to 3\n"
                 "  4  wait x\n"
                 "  5  signal y\n"
                 "  3  end of 0\n"
                 "  6  fork w to 10\n"
                 "  7  wait y\n"
                 "  8  wait y\n"
                 "  9  repeat 2 to 9\n"
                 " 10  wait z\n"
                 "  9  end of 7\n"
                 "  6  end of 4\n"
                 "b\n"
                 " 12  repeat 3 to 3\n"
                 " 13  signal x\n"
                 " 14  wait y\n"
                 " 12  end of 0\n"
                 " 15  signal z\n"
                 "c\n"
                 " 17  repeat 2 to 6\n"
                 " 18  repeat 2 to 5\n"
                 " 19  wait y\n"
                 " 20  wait x\n"
                 " 21  exit 0\n"
                 " 18  end of 1\n"
                 " 17  end of 0\n"
                 "d\n"
                 " 23  wait w\n"
                 " 24  signal z\n"
                 "e\n"
                 " 26  repeat 1 to 4\n"
                 " 27  repeat 1 to 3\n"
                 " 28  signal w\n"
                 " 27  end of 1\n"
                 " 26  end of 0\n");
}

/* Nothing is said of who may be killed, nor where a walk takes too long. */
static void
test_waits_for_ever (void)
{
  check_renders ("session \"T\"\n"
                 "a:\n"
                 "wait x\n"
                 "wait x\n"
                 "b:\n"
                 "signal x\n"
                 "kill a\n"
                 "c:\n"
                 "repeat 1000000:\n"
                 "    signal y\n"
                 "    wait z\n"
                 "d:\n"
                 "repeat 1000000:\n"
                 "    wait y\n"
                 "    signal z\n"
                 "repeat 1000000:\n"
                 "    repeat 1000000:\n"
                 "        wait y\n",
                 "x, order 4294967295, domain 0, type 0: T\n"
                 "a\n"
                 "  3  wait x\n"
                 "  4  wait x\n"
                 "b\n"
                 "  6  signal x\n"
                 "  7  kill a 9\n"
                 "c\n"
                 "  9  repeat 1000000 to 3\n"
                 " 10  signal y\n"
                 " 11  wait z\n"
                 "  9  end of 0\n"
                 "d\n"
                 " 13  repeat 1000000 to 3\n"
                 " 14  wait y\n"
                 " 15  signal z\n"
                 " 13  end of 0\n"
                 " 16  repeat 1000000 to 8\n"
                 " 17  repeat 1000000 to 7\n"
                 " 18  wait y\n"
                 " 17  end of 5\n"
                 " 16  end of 4\n");
}

/* What stands behind BEGIN, and the complaint about it, without the file and the line. */
static const Complaint complaints[] = {
  /* Captions. */
  { "say", "5:4: expected text in quotes, as in: say \"Now it waits.\"" },
  { "say Hello", "5:5: expected text in quotes, as in: say \"Now it waits.\"" },
  { "say \"\"", "5:5: this text is empty" },
  { "say[es] \"Hola\"", "5:1: a caption in another language stands right below its \"say\"" },
  { "say \"Hello\"\nclose(s)\nsay[es] \"Hola\"",
    "7:1: a caption in another language stands right below its \"say\"" },
  { "say \"Hello\"\nsay[es] \"Hola\"\nsay[es] \"Hola\"", "7:1: this is said twice in the same language" },
  { "say \"Hello\\x07\"", "5:5: this text is for people; it holds what cannot be printed" },

  /* Time. */
  { "sleep", "5:6: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep 20", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep 20 ms", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep 20m", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep 1.s", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep .5s", "5:7: this character has no place here; names are made of a to z, digits and _" },
  { "sleep 0s", "5:7: 0s is out of range: times go from 1ns to 600s" },
  { "sleep 601s", "5:7: 601s is out of range: times go from 1ns to 600s" },
  { "sleep 99999999999999999999ns",
    "5:7: 99999999999999999999ns is out of range: times go from 1ns to 600s" },
  { "sleep 1.0.0s", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },
  { "sleep -1s", "5:7: expected a number with its unit (ns, us, ms or s), as in: sleep 20ms" },

  /* Blocks. */
  { "repeat:\n    close(s)", "5:7: expected a number, as in: repeat 3:" },
  { "repeat 3\n    close(s)", "5:9: expected \":\" here" },
  { "repeat x:\n    close(s)", "5:8: expected a number, as in: repeat 3:" },
  { "repeat 0:\n    close(s)", "5:8: 0 is out of range: a repetition goes from 1 to 1000000" },
  { "repeat 1000001:\n    close(s)", "5:8: 1000001 is out of range: a repetition goes from 1 to 1000000" },
  { "repeat 3: close(s)", "5:11: expected the end of the line here" },
  { "repeat 3:", "5:1: this block is empty; what belongs to it stands below, indented deeper" },
  { "repeat 3:\nclose(s)", "5:1: this block is empty; what belongs to it stands below, indented deeper" },
  { "repeat 3:\n    # nothing",
    "5:1: this block is empty; what belongs to it stands below, indented deeper" },
  { "repeat 3:\nb:\n    signal x",
    "5:1: this block is empty; what belongs to it stands below, indented deeper" },
  { "repeat 3:\n    close(s)\n  close(s)",
    "7:3: this line is indented like no line above it; a block's lines stand below each other" },
  { "repeat 3:\n    close(s)\n      close(s)",
    "7:7: this line is indented like no line above it; a block's lines stand below each other" },
  { "  repeat 3:\n    repeat 2:\n      close(s)\n     close(s)",
    "8:6: this line is indented like no line above it; a block's lines stand below each other" },
  { "repeat 3:\n\tclose(s)", "6:1: a tab has no fixed width; indent blocks with spaces" },
  { "\trepeat 3:\n\t    close(s)", "5:1: a tab has no fixed width; indent blocks with spaces" },
  { "repeat 3:\n    close(s)\n\tclose(s)", "7:1: a tab has no fixed width; indent blocks with spaces" },
  { "repeat 3:\n    close(s)\n    b:\n    close(s)",
    "7:5: an actor cannot begin inside a block; indent it less" },
  { "repeat 3:\n    order 3", "6:5: \"order\" stands before the first actor" },
  { "t = dup(s)\nsend(t, received(t))", "6:18: nothing was received on \"t\" yet" },

  /* Processes. */
  { "fork\n    close(s)", "5:5: expected a name, as in: fork worker:" },
  { "fork 3:\n    close(s)", "5:6: expected a name, as in: fork worker:" },
  { "fork bind:\n    close(s)", "5:6: \"bind\" is a word of the language; choose another name" },
  { "fork a:\n    close(s)", "5:6: there is an actor \"a\" already" },
  { "fork w:\nclose(s)", "5:1: this block is empty; what belongs to it stands below, indented deeper" },
  { "fork w:\n    t = dup(s)\nclose(t)", "7:7: \"t\" is a variable of \"w\"; every actor has its own" },
  { "fork w:\n    repeat 2:\n        t = dup(s)\n    close(t)\nt = dup(s)\nfork w:\n    u = dup(t)\nclose(u)",
    "12:7: \"u\" is a variable of \"w\"; every actor has its own" },
  { "fork w:\n    s = read(s, 64)\n    close(s)", "7:11: \"s\" is not a socket; it is what read returned" },
  { "fork w:\n    close(s)\nw:\n    signal x", "7:1: there is a process \"w\" already, made by a fork" },
  { "exit", "5:5: expected a number, as in: exit 0" },
  { "exit x", "5:6: expected a number, as in: exit 0" },
  { "exit 256", "5:6: 256 is out of range: an exit status goes from 0 to 255" },
  { "exit -1", "5:6: -1 is out of range: an exit status goes from 0 to 255" },
  { "kill", "5:5: expected a name, as in: kill client" },
  { "kill 7", "5:6: expected a name, as in: kill client" },
  { "kill b", "5:6: unknown actor \"b\"; did you mean \"a\"?" },
  { "kill worke\nfork worker:\n    close(s)", "5:6: unknown actor \"worke\"; did you mean \"worker\"?" },
  { "kill a 2", "5:8: there is but one \"a\": only forks are numbered, and signals have names" },
  { "kill w 0\nfork w:\n    close(s)",
    "5:8: 0 is out of range: which process of that name goes from 1 to 16" },
  { "kill w 17\nfork w:\n    close(s)",
    "5:8: 17 is out of range: which process of that name goes from 1 to 16" },
  { "fork w:\n    wait x\n    signal x\nkill a",
    "6:10: this wait would never end: \"x\" is signalled only after it" },
  { "kill w 2 9\nfork w:\n    close(s)",
    "5:10: expected one of these signals here: SIGKILL, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGURG" },
  { "kill aa", "5:6: unknown actor \"aa\"; did you mean \"a\"?" },
  { "kill a SIGSTOP",
    "5:8: expected one of these signals here: SIGKILL, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGURG" },
  { "kill a SIGTERM now", "5:16: expected the end of the line here" },
  { "ignore",
    "5:7: expected one of these signals here: SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGURG, SIGPIPE" },
  { "ignore SIGKILL",
    "5:8: expected one of these signals here: SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGURG, SIGPIPE" },
  { "ignore MSG_PEEK",
    "5:8: expected one of these signals here: SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGURG, SIGPIPE" },

  /* Signals and waits, in loops and forks. */
  { "repeat 2:\n    wait x\nb:\nsignal x",
    "6:10: this wait would never end: \"x\" is not signalled so often" },
  { "repeat 2:\n    signal y\n    wait x\nb:\nwait y\nwait y\nwait y\nsignal x\nsignal x",
    "7:10: this wait would never end: \"x\" is signalled only after it" },
  { "wait x\nb:\nexit 0\nsignal x", "5:6: this wait would never end: \"x\" is not signalled so often" },
  { "wait x\nb:\nt = dup(s)", "7:9: \"s\" is a variable of \"a\"; every actor has its own" },
  { "wait x\nb:\nt = socket(AF_INET, SOCK_STREAM, 0)\nwrite(t, \"x\") = SIGPIPE\nsignal x",
    "5:6: this wait would never end: \"x\" is not signalled so often" },
  { "fork w:\n    wait x\nwait y\nsignal x\nb:\nwait x\nfork v:\n    wait x\n    wait x\n    signal y",
    "7:6: this wait would never end: \"y\" is signalled only after it" },
  { "repeat 2:\n    wait x\n    signal x\nb:\nwait x",
    "6:10: this wait would never end: \"x\" is signalled only after it" },
};

static void
test_complaints (void)
{
  check_complaints (BEGIN, complaints, G_N_ELEMENTS (complaints));
}

static const Complaint lab_complaints[] = {
  { "lab", "2:4: expected \":\" here" },
  { "lab:\nlab:\n", "3:1: there is a \"lab:\" already" },
  { "lab:\n    mtu", "3:8: expected an MTU here" },
  { "lab:\n    mtu x", "3:9: expected an MTU here" },
  { "lab:\n    mtu 1279\n\na:\n    s = socket(AF_INET6, SOCK_STREAM, 0)\n    bind(s, [::1]:7000)\n",
    "7:13: there is no IPv6 with \"mtu 1279\": it needs at least 1280 (RFC 8200, section 5)" },
  { "lab:\n    mtu 67", "3:9: 67 is out of range: an MTU goes from 68 to 65536" },
  { "lab:\n    mtu 65537", "3:9: 65537 is out of range: an MTU goes from 68 to 65536" },
  { "lab:\n    mtu 1500\n    mtu 1500", "4:5: \"mtu\" is set twice" },
  { "lab:\n    mut 1500", "3:5: unknown setting \"mut\"; did you mean \"mtu\"?" },
  { "lab:\n    frobnicate 1500", "3:5: unknown setting \"frobnicate\"" },
  { "lab:\n    offload", "3:12: expected \"on\" or \"off\", as in: offload on" },
  { "lab:\n    offload yes", "3:13: expected \"on\" or \"off\", as in: offload on" },
  { "lab:\n    turns 1", "3:11: expected \"on\" or \"off\", as in: turns off" },
  { "lab:\n    congestion",
    "3:15: expected the name of a congestion control in small letters, as in: congestion reno" },
  { "lab:\n    congestion \"reno\"",
    "3:16: expected the name of a congestion control in small letters, as in: congestion reno" },
  { "lab:\n    congestion Reno",
    "3:16: expected the name of a congestion control in small letters, as in: congestion reno" },
  { "lab:\n    congestion abcdefghijklmnop",
    "3:16: expected the name of a congestion control in small letters, as in: congestion reno" },
  { "lab:\n    time", "3:9: expected a number with its unit (ns, us, ms or s), as in: time 10s" },
  { "lab:\n    time 10", "3:10: expected a number with its unit (ns, us, ms or s), as in: time 10s" },
  { "lab:\n    time 601s", "3:10: 601s is out of range: times go from 1ns to 600s" },
  { "lab:\n    time 1us", "3:10: a session has at least 1ms" },
  { "lab:\n    mtu 1500 9000", "3:14: expected the end of the line here" },
  { "lab:\n    net 1", "3:5: unknown setting \"net\"" },
  { "lab:\n    net. 1", "3:5: this name is not whole; it is as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    net.ipv4. 1", "3:5: this name is not whole; it is as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    net..ipv4 1",
    "3:9: a setting's name is made of a to z, digits, _ and -, in parts joined by one dot" },
  { "lab:\n    net.ipv4.tcp_sack", "3:22: expected a value, as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    net.ipv4.tcp_sack = 0",
    "3:23: a value is made of numbers and words, as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    net.ipv4.tcp_sack \"0\"",
    "3:23: a value is made of numbers and words, as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    net.ipv4/../../kernel.x 0",
    "3:13: a setting's name is made of a to z, digits, _ and -, in parts joined by one dot" },
  { "lab:\n    net.ipv4.TCP_SACK 0",
    "3:14: a setting's name is made of a to z, digits, _ and -, in parts joined by one dot" },
  { "lab:\n    net.ipv4.tcp_sack 0\n    net.ipv4.tcp_sack 1", "4:5: \"net.ipv4.tcp_sack\" is set twice" },
  { "lab:\n    kernel.hostname x",
    "3:5: of the kernel's settings only those of net. can be set, as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    ipv4.tcp_sack 0",
    "3:5: of the kernel's settings only those of net. can be set, as in: net.ipv4.tcp_syn_retries 2" },
  { "lab:\n    signal x", "3:5: who does this? An actor comes first, as in: client:" },
  { "lab:\n    close(s)", "3:5: unknown setting \"close\"" },
  { "lab:\n    mtu: 1500", "3:10: expected the end of the line here" },
};

static void
test_lab_complaints (void)
{
  check_complaints ("session \"T\"\n", lab_complaints, G_N_ELEMENTS (lab_complaints));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/steps/lab", test_lab);
  g_test_add_func ("/session/steps/captions", test_captions);
  g_test_add_func ("/session/steps/blocks", test_blocks);
  g_test_add_func ("/session/steps/forks", test_forks);
  g_test_add_func ("/session/steps/processes", test_processes);
  g_test_add_func ("/session/steps/killed-forks", test_killed_forks);
  g_test_add_func ("/session/steps/meetings", test_meetings);
  g_test_add_func ("/session/steps/waits-for-ever", test_waits_for_ever);
  g_test_add_func ("/session/steps/complaints", test_complaints);
  g_test_add_func ("/session/steps/lab-complaints", test_lab_complaints);
  return g_test_run ();
}
