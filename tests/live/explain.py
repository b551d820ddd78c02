# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found in every lesson, and in small sessions for what no lesson shows: that, and nothing else."""

import json
import pathlib
import re
import struct
import sys

from live import BUILD, ENVIRONMENT, case, cli, differ, finish, lacks, quiet, write_session

SESSIONS = pathlib.Path(sys.argv[2])
OWN = pathlib.Path(__file__).parent / "findings"

# How long a call blocks, and whether the kernel probes before an answer has come, is a matter of a busy
# machine as well: these may be found besides. Where a session waits long, they are asked for.
MAY_BE = {"blocked-longest", "not-accepted-yet", "tail-loss-probe", "timeout-or-probe", "spurious-retransmission"}

# Nobody waits for anybody, so that nothing blocks for long on the busiest machine.
DIARY = """session "A letter to oneself"
writer:
    book = socket(AF_INET, SOCK_DGRAM, 0)
    bind(book, 127.0.0.1:5001)
    sendto(book, "Dear diary", 127.0.0.1:5001)
    recvfrom(book, 64) = 10
    close(book)
"""

# Every rule that is found, in the order of their names; how often where it is not once. What is called near-RULE
# comes as near to it as it can, and must not be taken for it.
FINDINGS = """
accept-blocks: end-of-file never-used server-closed-first
backlog: backlog-full blocked-longest*3 end-of-file*2 never-used*2 not-accepted-yet server-closed-first*2
boundaries: closed-first end-of-file message-split messages-joined
broadcast:
broken-pipe: broken-pipe*2 reset-sent-to-closed*2
concurrent: closed-first*3 end-of-file*3
cork: blocked-longest*2 closed-first end-of-file messages-joined
crashed-peer: half-open
dual-stack: end-of-file*2 never-used*2 refused-nobody-listens server-closed-first*2
empty-letter:
end-of-file: closed-first end-of-file
ephemeral: end-of-file never-used server-closed-first
fragments:
half-close: broken-pipe closed-first end-of-file*2 half-close messages-joined
interrupted:
keepalive: blocked-longest closed-first end-of-file keep-alive never-used
killed: closed-first end-of-file
letter:
linger: reset-linger
localhost: refused-nobody-listens server-closed-first
nagle: end-of-file messages-joined nagle-delayed-ack server-closed-first
nobody-home: datagram-nobody*2 icmp-reported
nonblocking: closed-first end-of-file refused-nobody-listens
overflow: receive-buffer-full
passed-descriptor: closed-first end-of-file
ping:
refused: end-of-file refused-nobody-listens server-closed-first
reuse-port: address-taken blocked-longest*4
segments: closed-first end-of-file
self-connect:
seqpacket: end-of-file
telephone: server-closed-first
telephone6: closed-first end-of-file
time-wait: address-in-time-wait*2 end-of-file*2 never-used*2 server-closed-first*2
truncated: datagram-cut
unix-blocks: peer-queue-full
unix-letter:
unix-stream: end-of-file
unread-reset: broken-pipe reset-unread
urgent: closed-first end-of-file
zero-window: closed-first end-of-file kernel-disagrees zero-window
aborted: aborted
leak: closed-first descriptor-leak end-of-file
leak-untouched: descriptor-leak
listener-closed: refused-listener-closed
not-accepted: blocked-longest not-accepted-yet reset-not-accepted
reused: port-pair-reused reset-linger*2
send-buffer: blocked-longest closed-first end-of-file send-buffer-full zero-window
small-writes: closed-first end-of-file small-writes
unix-refused: refused-inside
unix-reset: reset-inside
unix-listener: refused-inside reset-inside
killed-reader: broken-pipe reset-unread
shut-unread: end-of-file reset-unread
elsewhere: blocked-longest datagram-nobody
worker: end-of-file*2 server-closed-first*2
listen-taken: address-taken
left-name: address-taken*2
unix-backlog: backlog-full-inside*2 blocked-longest
unix-silent: refused-inside*2
leak-killed: closed-first descriptor-leak end-of-file
gave-up: backlog-full blocked-longest connect-timed-out never-used not-accepted-yet reset-not-accepted
timed-out: backlog-full blocked-longest*2 closed-first connect-timed-out end-of-file not-accepted-yet
near-backlog: closed-first*2 end-of-file*2
near-broken-pipe: end-of-file server-closed-first
near-cut:
near-half-close: closed-first end-of-file*2
near-linger: closed-first end-of-file
near-small-writes: closed-first end-of-file
near-unread: end-of-file message-split server-closed-first
near-time-wait: end-of-file server-closed-first
near-leak: closed-first end-of-file
near-nobody:
near-never-used: closed-first end-of-file
near-reused: closed-first*2 end-of-file*2
"""

# What only packets of a wire show, or of both ends at once: tests/core/why, test-findings.c and test-limits.c.
ELSEWHERE = {
    *("closed-together", "syn-resent", "retransmission-timeout", "retransmission-backoff", "fast-retransmit"),
    *("tail-loss-probe", "spurious-retransmission", "peer-vanished", "unreachable", "lost-before-capture"),
    *("timeout-or-probe", "refused-by-icmp", "bytes-rewritten", "reset-ignored", "syn-ignored"),
    *("began-before", "one-sided", "keep-alive-unanswered"),
    *("packet-too-big", "not-delivered", "time-to-live-over", "not-reassembled", "fragments-missing"),
    *("not-captured", "captured-twice", "capture-dropped", "link-unknown", "cut-in-headers", "clock-set-back"),
}


def table():
    """Name of the session → rule → how often."""
    for line in FINDINGS.split("\n"):
        name, _, rules = line.partition(":")
        if name:
            yield name, {rule: int(n or 1) for rule, n in re.findall(r"([a-z-]+)(?:\*(\d+))?", rules)}


def read(done):
    """What “explain --json” has printed, each with its three sentences."""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    for one in found:
        for key in ("what", "why", "todo"):
            if not one[key]:
                yield f"{one['rule']} does not say {key}: {one}"
        if (one["call"] is None) == (one["packet"] is None):
            yield f"{one['rule']} is not beside one event: {one}"
        if one["end_ns"] < one["start_ns"]:
            yield f"{one['rule']} ends before it begins"
        if not re.search(r"RFC \d+|\b[a-z]+\(\d\)|process slept", one["why"]):
            yield f"{one['rule']} has no source: {one['why']}"
    return found


def compare(found, wanted):
    counted = {}
    for one in found:
        counted[one["rule"]] = counted.get(one["rule"], 0) + 1
    for rule in sorted({*counted, *wanted}):
        got, asked = counted.get(rule, 0), wanted.get(rule, 0)
        if got != asked and not (rule in MAY_BE and got > asked):
            yield f"{rule} is found {got} times, not {asked}"
            yield from (f"    {one['what']}" for one in found if one["rule"] == rule)


def check(name, session, wanted):
    def run():
        yield from quiet(cli("run", session, "-q", "-w", f"{name}.pcapng"))
        done = cli("explain", f"{name}.pcapng", "--json")
        found = yield from read(done)
        yield from differ("standard error", done.stderr, "")
        yield from differ("exit status", done.returncode, 3 if any(one["severity"] == "problem" for one in found) else 0)
        yield from compare(found, wanted)

    run.__doc__ = f"in {name} there is to be found what is there, and no more"
    return run


@case
def all_sessions():
    """every lesson and every small session is in the table, and nothing else"""
    there = [path.stem for folder in (SESSIONS, OWN) for path in folder.glob("*.session")]
    yield from differ("sessions", sorted(name for name, _ in table()), sorted(there))


@case
def all_rules():
    """every rule is found in a session, or in the packets of its own test"""
    listed = {rule for _, rules in table() for rule in rules} | ELSEWHERE
    names = (pathlib.Path(__file__).parents[2] / "core" / "why" / "rules.c").read_text(encoding="utf-8")
    yield from differ("rules", sorted(re.findall(r'\.name = "([a-z-]+)"', names)), sorted(listed))


@case
def text():
    """as text the worst stands first, with its three sentences; -q prints problems only"""
    yield from quiet(cli("run", "nagle", "-q", "-w", "text.pcapng"))
    done = cli("explain", "text.pcapng")
    yield from differ("exit status", done.returncode, 3)
    yield from lacks("the text", done.stdout, "Problems\n", "client had written 1 byte", "RFC 9293", "→ Write a message")
    yield from differ("order", re.findall(r"^\w+$", done.stdout, re.MULTILINE), ["Problems", "Notices", "Facts"])
    done = cli("explain", "-q", "text.pcapng")
    yield from differ("exit status with -q", done.returncode, 3)
    yield from differ("headings with -q", re.findall(r"^\w+$", done.stdout, re.MULTILINE), ["Problems"])


@case
def places():
    """what happens again and again on one socket is told once, with all its places"""
    for name, rule, calls in (
        ("truncated", "datagram-cut", ["recvfrom", "recvmsg", "recv"]),
        ("nobody-home", "icmp-reported", ["write", "read"]),
    ):
        yield from quiet(cli("run", name, "-q", "-w", "places.pcapng"))
        found = [json.loads(line) for line in cli("explain", "places.pcapng", "--json").stdout.splitlines()]
        names = {row["n"]: row["name"] for row in map(json.loads, cli("calls", "places.pcapng", "--json").stdout.splitlines())}
        told = [one for one in found if one["rule"] == rule]
        yield from differ(f"{name}: places", [[names[n] for n in one["places"]] for one in told], [calls])
        yield from differ(f"{name}: the first", [one["call"] for one in told], [one["places"][0] for one in told])


@case
def spanish():
    """numbers have the decimal sign of the language that they are told in, and no zeros behind it"""
    for name, told in ((OWN / "small-writes.session", "30 bytes, de 3 bytes cada una"), ("nagle", "cerró primero")):
        yield from quiet(cli("run", name, "-q", "-w", "spanish.pcapng"))
        environment = {**ENVIRONMENT, "LANGUAGE": "es", "TRAMA_LOCALEDIR": str(BUILD / "data" / "po")}
        done = cli("explain", "spanish.pcapng", env=environment)
        yield from lacks("in Spanish", done.stdout, told)
        for number in re.findall(r"(?<![\d.:])\d+\.\d+ (?:[nµm]?s|bytes?)\b", done.stdout):
            yield f"{number} has the sign of another language"
        for number in re.findall(r"\d+[.,]0 (?:[nµm]?s|bytes?)\b", done.stdout):
            yield f"{number} has a zero behind its sign"


@case
def statuses():
    """exit status 0 without a problem, 1 when there is no such file, 2 for wrong usage"""
    yield from quiet(cli("run", write_session("diary", DIARY), "-q", "-w", "diary.pcapng"))
    done = cli("explain", "diary.pcapng")
    yield from differ("of a diary", (done.returncode, done.stdout), (0, "Nothing was found that has to be explained.\n"))
    yield from quiet(cli("explain", "-q", "diary.pcapng"))
    yield from differ("no such file", cli("explain", "none.pcapng").returncode, 1)
    yield from differ("no file", cli("explain").returncode, 2)


@case
def dissolved():
    """of a connection that connect() took away, the trace tells why it was aborted"""
    yield from quiet(cli("run", OWN / "aborted.session", "-q", "-w", "dissolved.pcapng"))
    done = cli("explain", "dissolved.pcapng")
    yield from lacks("what was found", done.stdout, "client took its connection away with connect() and AF_UNSPEC")


# What packets alone show of what is in the table.
OF_PACKETS = {
    *("aborted", "closed-first", "connect-timed-out", "datagram-nobody", "half-close", "half-open", "keep-alive"),
    *("nagle-delayed-ack", "never-used", "port-pair-reused", "refused-nobody-listens", "reset-sent-to-closed"),
    *("server-closed-first", "syn-resent", "zero-window"),
    *ELSEWHERE,
}


def keep_packets(path, kept):
    """Of a pcapng file the header, the interface and the packets, as any sniffer would have written them."""
    data, blocks, at = path.read_bytes(), [], 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind in (0x0A0D0D0A, 1, 6):
            blocks.append(data[at : at + size])
        at += size
    kept.write_bytes(b"".join(blocks))


def foreign():
    """a capture without calls says that it has none; one that cannot be read, why"""
    keep_packets(pathlib.Path("linger.pcapng"), pathlib.Path("packets.pcapng"))
    done = cli("explain", "packets.pcapng")
    yield from differ("exit status", done.returncode, 3)
    yield from lacks("of packets", done.stdout, "aborted", "\nThe capture has no calls: all this is told from")
    for n in (0, 2):
        head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 147)
        pathlib.Path("odd.pcap").write_bytes(head + (struct.pack("<IIII", 1, 0, 4, 4) + b"odd!") * n)
        done = cli("explain", "odd.pcap")
        what = f"{n} packets could not be read: links of type 147" if n else "nothing to explain: no packet, and no call"
        yield from differ(f"exit status of {n}", done.returncode, 0)
        yield from lacks(f"of {n}", done.stdout, what)


def packets_only():
    """with the packets alone nothing is claimed that it takes calls to know"""
    found_in = {}
    for name, _ in table():
        keep_packets(pathlib.Path(f"{name}.pcapng"), pathlib.Path("packets.pcapng"))
        found = yield from read(cli("explain", "packets.pcapng", "--json"))
        for one in found:
            found_in.setdefault(one["rule"], name)
            if one["rule"] not in OF_PACKETS or one["actor"] is not None or one["packet"] is None:
                yield f"{name}: {one}"
    for rule in ("nagle-delayed-ack", "refused-nobody-listens", "datagram-nobody", "zero-window", "half-open"):
        if rule not in found_in:
            yield f"{rule} is not found in packets alone"


for session_name, rules_wanted in table():
    own = OWN / f"{session_name}.session"
    case(check(session_name, own if own.exists() else session_name, rules_wanted))
case(packets_only)
case(foreign)

if __name__ == "__main__":
    finish()
