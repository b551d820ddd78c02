# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that fail: who, where and why is said, and the ladder so far is printed."""

import time

from live import case, cli, differ, finish, lacks, quiet, write_session
from trace import Trace

NOBODY_HOME = """session "Nobody home"
client:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:5009)
    close(phone)
"""

# The keeper waits for ever, but not when the guest has failed.
LEFT_ALONE = """session "Left alone"
keeper:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    signal open
    hand = accept(door)
    read(hand, 8)
    close(hand)
guest:
    wait open
    door = socket(AF_INET, SOCK_STREAM, 0)
    connect(door, 127.0.0.1:5001)
"""

# write(2) on a socket without a peer is EPIPE, and SIGPIPE comes first, socket(7).
BROKEN_PIPE = """session "Into the void"
caller:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    write(phone, "Hello?")
"""

# More records than either side can keep in hand at once.
LONG = """session "A long talk"
listener:
    ear = socket(AF_INET, SOCK_DGRAM, 0)
    bind(ear, 127.0.0.1:5001)
    signal ready
{}
    close(ear)
talker:
    wait ready
    mouth = socket(AF_INET, SOCK_DGRAM, 0)
{}
    close(mouth)
""".format(
    "\n".join(["    recvfrom(ear, 4096)"] * 400),
    "\n".join([f'    sendto(mouth, "{"la" * 20}", 127.0.0.1:5001)'] * 400),
)


def fails(done, *parts):
    yield from differ("exit status", done.returncode, 1)
    yield from differ("lines of messages", len(done.stderr.splitlines()), 1)
    yield from lacks("the message", done.stderr, "trama-cli: ", *parts)


@case
def refused():
    """a call that fails: actor, line, call and errno are named, and the ladder goes as far"""
    done = cli("run", write_session("home", NOBODY_HOME), "-w", "home.pcapng")
    failure = "client, line 4: connect(3, 127.0.0.1:5009) = -1 ECONNREFUSED: Connection refused"
    yield from fails(done, "home: " + failure)
    yield from lacks("the ladder", done.stdout, "SYN seq 0", "RST ACK seq 1 ack 1", "The session failed: " + failure)
    trace = Trace("home.pcapng")
    yield from trace.packets_outside_calls()
    ends = [(end["ok"], end["line"], end["text"]) for end in trace.records["outcome"]]
    yield from differ("outcome", ends, [(0, 4, failure)])
    again = cli("read", "home.pcapng")
    yield from quiet(again)
    yield from differ("read again", again.stdout, done.stdout)


@case
def ends_for_all():
    """when one fails the others are ended, whatever they wait for"""
    begin = time.monotonic()
    done = cli("run", write_session("alone", LEFT_ALONE))
    yield from fails(done, "guest, line 13: ", "ECONNREFUSED")
    yield from lacks("the ladder", done.stdout, "accept(3) …")
    if time.monotonic() - begin > 10:
        yield "it took more than 10 s"


@case
def broken_pipe():
    """an actor that is ended by a signal of its own making is named with it"""
    yield from fails(cli("run", write_session("void", BROKEN_PIPE), "-w", "void.pcapng"), "caller", "PIPE")
    yield from differ("line", [end["line"] for end in Trace("void.pcapng").records["outcome"]], [4])


@case
def long_talk():
    """in a long session nothing is lost: 800 calls and 400 datagrams, each in its call"""
    yield from quiet(cli("run", write_session("long", LONG), "-q", "-w", "long.pcapng"))
    trace = Trace("long.pcapng")
    yield from differ("returned", len(trace.records["return"]), 800 + 5)
    yield from differ("datagrams", len(trace.packets), 400)
    yield from trace.packets_outside_calls()


finish()
