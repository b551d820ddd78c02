# SPDX-License-Identifier: GPL-3.0-or-later
"""Of every lesson, and of sessions that are harder, all is linked: each byte that was written to the call
that read it, or to its loss, and each packet to what caused it. What a read took is what was written there."""

import ast
import json
import pathlib
import re
import sys

from live import case, cli, differ, finish, quiet, write_session

SESSIONS = pathlib.Path(sys.argv[2])
OWN = pathlib.Path(__file__).parent / "linked"
TAKEN = ("takes", "carries", "pairs")
WANTED = re.compile(r'"(?:[^"\\]|\\.)*"…?, (\d+)')
SENDERS = ("write", "send", "sendto", "sendmsg")
RECEIVERS = ("read", "recv", "recvfrom", "recvmsg")


def covered(links, kinds):
    """The ranges of bytes of those links, as one set; the bytes of a lesson are few."""
    return {
        byte
        for link in links
        if link["kind"] in kinds and "peek" not in link["flags"]
        for byte in range(link["from"], link["to"])
    }


def is_answered(packet):
    return any(link["kind"] == "answers" for link in packet["effects"])


class Trace:
    """The events of a trace and their links."""

    def __init__(self, path):
        self.listed = [cli("read", path, "--json"), cli("calls", path, "--json")]
        self.events = {}
        for line in self.listed[0].stdout.splitlines():
            event = json.loads(line)
            self.events[event["event"], event["n"]] = event
        self.calls = [json.loads(line) for line in self.listed[1].stdout.splitlines()]

    def packets(self):
        return [event for (kind, _), event in self.events.items() if kind == "packet"]

    def delivered(self, sender):
        """Of the bytes of a call, those that were read or are said to be lost."""
        done = covered(sender["effects"], ("carries", "pairs", "lost"))
        sent = [link for link in sender["effects"] if link["kind"] == "sends" and link["event"] == "packet"]
        packets = [self.events["packet", link["n"]] for link in sent]
        if any("Echo request" in packet["text"] and is_answered(packet) for packet in packets):
            return covered(sent, ("sends",))  # the kernel at the other end has read it
        for link, packet in zip(sent, packets):
            done |= set(range(link["from"], link["to"])) & covered(packet["effects"], (*TAKEN, "lost"))
        return done

    def read(self, receiver):
        return covered(receiver["causes"], TAKEN)


def data_of(call):
    """What a call moved; None when it is not shown whole."""
    literal = re.search(r'("(?:[^"\\]|\\.)*")(…?)', call["args"])
    return None if literal is None or literal[2] else ast.literal_eval("b" + literal[1])


def check_bytes(trace):
    """Each byte that a read took through a packet is the one that was written there."""
    for call in trace.calls:
        event = trace.events["call", call["n"]]
        data = data_of(call)
        places = sorted(trace.read(event))
        if call["name"] not in RECEIVERS or data is None or not places:
            continue
        for taken in event["causes"]:
            writers = [taken] if taken["kind"] in ("carries", "pairs") else []
            if taken["kind"] == "takes":
                writers = trace.events["packet", taken["n"]]["causes"]
            for sent in writers:
                if sent["kind"] not in ("sends", "carries", "pairs"):
                    continue
                writer = trace.events["call", sent["n"]]
                written = data_of(trace.calls[sent["n"] - 1])
                begin = min(link["from"] for link in writer["effects"] if link["to"] > link["from"])
                for byte in range(max(taken["from"], sent["from"]), min(taken["to"], sent["to"])):
                    if "peek" in taken["flags"] or written is None:
                        continue
                    if data[places.index(byte)] != written[byte - begin]:
                        yield f"byte {byte} of {event['text']!r} is not that of {writer['text']!r}"


def check_mirror(trace):
    """What one event says it caused, the other says it was caused by."""
    for (kind, n), event in trace.events.items():
        for link in event["effects"]:
            if link["event"] is None or link["event"] == "end":
                continue
            there = trace.events[link["event"], link["n"]]
            if not any(
                back["kind"] == link["kind"] and (back["event"], back["n"]) == (kind, n) and back["from"] == link["from"]
                for back in there["causes"]
            ):
                yield f"{kind} {n} {link['kind']} {link['event']} {link['n']}, which does not know it"


def check_calls(trace):
    for call in trace.calls:
        event = trace.events["call", call["n"]]
        if call["result"] is None or call["result"] < 0:
            continue
        if call["name"] in SENDERS and len(trace.delivered(event)) != call["result"]:
            yield f"of {event['text']!r} {len(trace.delivered(event))} bytes are linked: {event['effects']}"
        if call["name"] not in RECEIVERS or "MSG_ERRQUEUE" in call["args"]:
            continue
        moved = call["result"]
        if "MSG_TRUNC" in call["args"]:
            moved = min(moved, int(WANTED.search(call["args"])[1]))
        if "MSG_PEEK" in call["args"]:
            continue
        if len(trace.read(event)) != moved:
            yield f"{event['text']!r} took {len(trace.read(event))} bytes that are linked: {event['causes']}"
        if moved == 0 and not event["causes"]:
            yield f"nothing explains {event['text']!r}"


def check_errors(trace):
    """An errno that the other side or the network is the reason for has a cause."""
    for call in trace.calls:
        event = trace.events["call", call["n"]]
        if call["error"] in ("ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT") and not event["causes"]:
            yield f"nothing explains {event['text']!r}"


def check_packets(trace):
    for packet in trace.packets():
        if not packet["causes"]:
            yield f"nothing caused packet {packet['n']}: {packet['text']}"


# What is lost in a session, in bytes, and why.
LOST = {
    "broken-pipe": {"too late": 14},
    "crashed-peer": {"too late": 13},
    "nobody-home": {"nobody": 36},
    "overflow": {"no room": 1500},
    "truncated": {"truncated": 27},
    "unread-reset": {"unread": 5},
    "cut-fragments": {"truncated": 3000},
    "dropped": {"no room": 6300, "unread": 1800},
    "echo-fragments": {"unread": 9},
    "peers": {"nobody": 5},
    "shut-down": {"too late": 5, "unread": 2},
    "unaccepted": {"unaccepted": 40},
    "urgent-twice": {"unread": 1},
    "unix-unaccepted": {"unaccepted": 40},
}


def check_losses(trace, lost):
    found = {}
    for event in trace.events.values():
        for link in event["effects"]:
            if link["kind"] == "lost":
                found[link["reason"]] = found.get(link["reason"], 0) + link["to"] - link["from"]
    yield from differ("lost", found, lost)


def check_session(session, name):
    """Runs it; the trace, when all else is well."""
    yield from quiet(cli("run", session, "-q", "-w", f"{name}.pcapng"))
    trace = Trace(f"{name}.pcapng")
    for done in trace.listed:
        yield from quiet(done)
    for check in (check_mirror, check_calls, check_bytes, check_errors, check_packets):
        yield from check(trace)
    return trace


def check_lesson(session, name):
    def run():
        trace = yield from check_session(session, name)
        yield from check_losses(trace, LOST.get(name, {}))

    run.__doc__ = f"{name}: every byte and every packet is linked"
    return run


BULK = """session "Bulk"

server:
    listener = socket(%(domain)s, SOCK_STREAM, 0)
    bind(listener, %(address)s)
    listen(listener, 5)
    signal ready
    call = accept(listener)
    sleep 20ms
    repeat 64:
        recv(call, 7000, MSG_WAITALL) = any
    close(call)
    close(listener)

client:
    wait ready
    phone = socket(%(domain)s, SOCK_STREAM, 0)
    setsockopt(phone, SOL_SOCKET, SO_SNDBUF, 4096)
    connect(phone, %(address)s)
    repeat 121:
        write(phone, fill(3700)) = any
    close(phone)
"""


@case
def bulk():
    """a sender that has to wait, and segments that are acknowledged together: all is read, all is linked"""
    places = {"tcp": ("AF_INET", "127.0.0.1:5000"), "local": ("AF_UNIX", 'unix("@bulk")')}
    for name, (domain, address) in places.items():
        session = write_session(name, BULK % {"domain": domain, "address": address})
        trace = yield from check_session(session, name)
        yield from check_losses(trace, {})
        slept = [event for event in trace.events.values() for link in event["causes"] if link["kind"] == "wakes"]
        if not any("write" in event["text"] for event in slept):
            yield f"{name}: nothing woke a write"


@case
def woken():
    """the packets that end a poll() are known by what they wake: the connection, and both of what was written"""
    yield from quiet(cli("run", OWN / "polled.session", "-q", "-w", "polled-woken.pcapng"))
    yield from quiet(cli("save", "--comments", "polled-woken.pcapng", "comments.pcapng"))
    comments = pathlib.Path("comments.pcapng").read_bytes()
    yield from differ("polls that were woken", len(re.findall(rb"wakes poll\(", comments)), 3)


for lesson in sorted(SESSIONS.glob("*.session")):
    case(check_lesson(lesson.stem, lesson.stem))
for own in sorted(OWN.glob("*.session")):
    case(check_lesson(own, own.stem))

if __name__ == "__main__":
    finish()
