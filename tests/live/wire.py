# SPDX-License-Identifier: GPL-3.0-or-later
"""What trama-cli says of captures beside a router, compared with what the router did."""

import concurrent.futures
import json
import pathlib
import struct
import subprocess
import sys

from live import TIMEOUT_S, Skip, case, cli, differ, finish
from router import ACK, FIN, RST, SKIPPED, SYN, Packet
from scenes import PAYLOAD, SCENES

AGAIN, DOUBLED, LATE, UNSEEN = "resent", "doubled on its way", "out of order", "resent, first not captured"
TOLD = {AGAIN, DOUBLED, LATE, UNSEEN}
PROBES = {"keep-alive", "zero-window probe"}

# Outcome of each conversation, on both sides of the router where that is the same.
OUTCOMES = {
    "Vanished": {"a": ["unanswered"], "b": ["still open"]},
    "Restarted": {"a": ["reset", "closed"], "b": ["reset", "closed"]},
    "Unreachable": {"a": ["unreachable"], "b": []},
    "NoPort": {"a": ["refused"], "b": []},
    "Aborted": {"a": ["aborted"], "b": ["aborted"]},
    "Needless": {"a": ["still open"], "b": ["still open"]},
    **{name: {"a": ["still open"], "b": ["still open"]} for name in ("Lone", "LoneTwice", "LoneNoProbe", "LoneNoSack")},
}
UNTOLD = "timeout or tail loss probe"  # a busy machine may pass on what comes again too late for the waits to tell
# Why a's packets come again, as the scene makes it.
REASONS = {
    "Mid": ["fast retransmission"],
    "MidSix": ["fast retransmission"],
    "NoSack": ["fast retransmission"] * 2,
    "Burst": ["fast retransmission"] * 6,
    "Round": ["fast retransmission"] * 2,
    "Syns": ["timeout"],
    "Lone": [UNTOLD],
    "LoneTwice": ["tail loss probe", "timeout"],
    "LoneNoProbe": ["timeout", "timeout"],
    "LoneNoSack": ["timeout"],
}
REASON_NAMES = {"fast retransmission", "timeout", "tail loss probe", UNTOLD, "spurious"}
# What "explain" says of an attempt.
EXPLAINED = {"Unreachable": "unreachable", "NoPort": "refused-by-icmp"}


def capture(name, side):
    return f"{name}-{side}.pcap"


def play(name):
    """In a process of its own, which makes the namespaces; the reason why it cannot, or ""."""
    script = pathlib.Path(__file__).with_name("scenes.py")
    command = [sys.executable, str(script), name, name]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=TIMEOUT_S, check=False)
    if done.returncode == SKIPPED:
        return done.stdout.strip()
    if done.returncode != 0:
        raise RuntimeError(f"{name}: exit status {done.returncode}: {done.stdout}{done.stderr}")
    return ""


def rows(*arguments):
    return [json.loads(line) for line in cli(*arguments, "--json").stdout.splitlines()]


def frames(path):
    data, at = pathlib.Path(path).read_bytes(), 24
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at + 8)
        yield data[at + 16 : at + 16 + size]
        at += 16 + size


class Seen:
    """What one host has sent of one connection, as far as it was captured."""

    def __init__(self, packet):
        self.base, self.numbers, self.end, self.syns, self.latest = packet.sequence, set(), 0, set(), 0

    def is_overtaken(self, number):
        """Whether one that was sent later came before."""
        before, self.latest = self.latest, max(self.latest, number)
        return number < before

    def add(self, packet):
        """Whether it had been seen, and whether it comes behind what was sent later."""
        begin = (packet.sequence - self.base + bool(packet.flags & SYN)) & 0xFFFFFFFF
        own = range(begin, begin + packet.bytes + bool(packet.flags & FIN))
        again = bool(self.numbers.intersection(own)) or (packet.flags & SYN and packet.kind in self.syns)
        late = len(own) > 0 and begin < self.end and not again
        self.numbers.update(own)
        if packet.flags & SYN:
            self.syns.add(packet.kind)
        if own:
            self.end = max(self.end, own[-1] + 1)
        return again, late


def expected(packet, fate, seen, ids):
    """The labels that a packet must have, of those that are compared."""
    if packet.flags & SYN and not packet.flags & ACK and not fate["again"] and fate["id"] not in ids:
        seen.pop(packet.key, None)
        seen.pop(packet.key[2:] + packet.key[:2], None)
    own = seen.setdefault(packet.key, Seen(packet))
    again, late = own.add(packet)
    is_overtaken = own.is_overtaken(fate["id"])
    labels = {AGAIN} if again else set()
    if fate["id"] in ids and (packet.kind != "ack" or packet.mark != 0):
        labels.add(DOUBLED)  # of an acknowledgment on its own, only its identification tells
    elif is_overtaken and packet.kind == "ack":
        labels.add(LATE)
    if late:
        labels.add(UNSEEN if fate["again"] else LATE)
    return labels


def check_labels(name, side, truth):
    seen, ids, packets = {}, set(), rows("packets", capture(name, side))
    yield from differ(f"{name}-{side}: packets", len(packets), len(truth))
    for row, frame, fate in zip(packets, frames(capture(name, side)), truth):
        packet = Packet(fate["side"], frame)
        if not packet.is_tcp or packet.flags & RST:
            continue
        wanted = expected(packet, fate, seen, ids)
        ids.add(fate["id"])
        if not PROBES.intersection(row["labels"]):
            got = TOLD.intersection(row["labels"])
            if packet.kind == "syn ack":  # its identification is 0: doubled or sent again, nothing tells for certain
                got, wanted = got - {DOUBLED}, wanted - {DOUBLED}
            if packet.kind == "ack" and packet.mark == 0:  # nor of these whether they were overtaken
                got, wanted = got - {LATE}, wanted - {LATE}
            yield from differ(f"{name}-{side}: packet {row['n']}, {row['labels']}", sorted(got), sorted(wanted))


def check_reasons(name, truth):
    packets = rows("packets", capture(name, "a"))
    reasons = [
        ", ".join(label for label in row["labels"] if label in REASON_NAMES)
        for row, fate in zip(packets, truth)
        if fate["side"] == "a" and AGAIN in row["labels"]
    ]
    if name in REASONS:
        wanted = REASONS[name]
        if name.startswith("Lone") and reasons[:1] == [UNTOLD]:
            wanted = [UNTOLD, *wanted[1:]]
        yield from differ(f"{name}: why resent", reasons, wanted)
    again = [fate for fate in truth if fate["side"] == "a" and fate["again"]]
    if name == "Needless":
        first = [f"{UNTOLD}, spurious" if reasons[:1] == [f"{UNTOLD}, spurious"] else "timeout, spurious"]
        yield from differ(f"{name}: why resent", reasons, (first + ["timeout, spurious"] * len(again))[: len(again)])
    yield from differ(f"{name}: resent by a", len(reasons), len(again))


def check_stream(name, side):
    cli("follow", "--flow", "0", "--side", "a", "-o", f"{name}.bin", capture(name, side))
    got = pathlib.Path(f"{name}.bin").read_bytes()
    if got != PAYLOAD:
        yield f"{name}-{side}: the stream has {len(got)} bytes, or others, not {len(PAYLOAD)}"


def check(name):
    truth = json.loads(pathlib.Path(f"{name}.json").read_text(encoding="ascii"))
    for side in "ab":
        flows = [flow["outcome"] for flow in rows("flows", capture(name, side)) if flow["proto"] == "tcp"]
        wanted = OUTCOMES.get(name, {"a": ["closed"], "b": ["closed"]})[side]
        if name == "Vanished" and sum(fate["again"] for fate in truth[side]) < 2:
            wanted = ["still open"]  # a slow machine did not get that far
        yield from differ(f"{name}-{side}: outcome", flows, wanted)
        yield from check_labels(name, side, truth[side])
        if name not in OUTCOMES:
            yield from check_stream(name, side)
    yield from check_reasons(name, truth["a"])
    if name in EXPLAINED:
        found = [one["rule"] for one in rows("explain", capture(name, "a"))]
        yield from differ(f"{name}: explained", found, [EXPLAINED[name]])


@case
def everything_the_router_did():
    """every packet that was lost, doubled, delayed or sent again is told from the others, at both ends"""
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        reasons = dict(zip(SCENES, pool.map(play, SCENES)))
    for name, reason in reasons.items():
        if reason:
            raise Skip(f"{name}: {reason}")
        yield from check(name)


finish()
