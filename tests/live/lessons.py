# SPDX-License-Identifier: GPL-3.0-or-later
"""Every lesson runs as an ordinary user, ends well, and sends the packets it promises.

What a lesson promises stands in lessons/NAME.packets, a line for each packet, in order:

    a > 5000 SYN seq 0          from a to port 5000; the ephemeral ports are a, b, c…
    * ...                       any number of packets, whatever they are
    @35..80 a > 5000 …          at least 35 ms, at most 80 ms after the packet before
    ! 5000 > a ACK seq 1 ack 2  a bare acknowledgment that must be there; others may be
                                missing and may come besides: when to send one is the
                                kernel's own affair (RFC 1122, section 4.2.3.2)

The ladder of each is laid out at many sizes, and as if its events had come at other times:
no label may cover another, see layout.c.
An address other than 127.0.0.1 stands before its port. Nothing else may be sent, but what
follows from an acknowledgment that was overtaken (a kernel hands over what two processors
have sent in any order, and to who is in TIME-WAIT one that comes late is answered), and
what was sent again for nothing, because a machine stood still for longer than the timeout.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree

from live import case, cli, differ, finish, lacks, quiet, run

SESSIONS = pathlib.Path(sys.argv[2]).resolve()
LAYOUT = pathlib.Path(sys.argv[3]).resolve()
PROMISES = pathlib.Path(__file__).parent / "lessons"
EPHEMERAL = range(32768, 65536)
LOCALHOST = "127.0.0.1"

# A lesson takes other times each time it runs: so many besides those of this run are laid out.
OTHER_TIMES = 3


def name_ports(rows):
    """The packets of a trace in the words of a promise, the milliseconds before each, and whether it may come besides."""
    letters = {}
    before = None
    overtaken = set()

    def place(match):
        address, port = match["address"], match["port"]
        if port and (int(port) in EPHEMERAL or 40000 <= int(port) < 40100):
            port = letters.setdefault(port, chr(ord("a") + len(letters)))
        shown = "" if address == LOCALHOST else address
        return ":".join(part for part in (shown, port) if part) or LOCALHOST

    for row in rows:
        text = re.sub(r"(?P<address>\[[0-9a-f:.]+\]|\d+\.\d+\.\d+\.\d+|[0-9a-f]*::[0-9a-f:.]*)(:(?P<port>\d+))?", place, row["summary"])
        text = re.sub(r"(fragment of) 0x[0-9a-f]{4}", r"\1 id", text)
        text = text.replace(" → ", " > ").removeprefix("TCP ")
        if "out of order" in row["labels"]:
            overtaken.add(text.partition(" ")[0])
        yield text, 0 if before is None else (row["time_ns"] - before) / 1e6, is_besides(text, row["labels"], overtaken)
        before = row["time_ns"]


def read_promise(name):
    """(kind, least ms, most ms, text) of each line."""
    for line in (PROMISES / f"{name}.packets").read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        kind, low, high = "one", 0, float("inf")
        if line[0] in "!*":
            kind = {"!": "must", "*": "any"}[line[0]]
            line = line[1:].strip()
        timed = re.match(r"@(\d+)\.\.(\d+) ", line)
        if timed:
            low, high = int(timed[1]), int(timed[2])
            line = line[timed.end() :]
        yield kind, low, high, line


def is_bare(text):
    return re.search(r"> \S+ ACK seq \d+ ack \d+$", text)


def is_besides(text, labels, overtaken):
    """@overtaken: who has sent an acknowledgment that came late; to its answer a socket that is gone says RST."""
    reset = re.search(r"^(\S+) > \S+ RST seq \d+$", text)
    return is_bare(text) or "spurious" in labels or (reset is not None and reset[1] in overtaken)


def may_be_missing(promised):
    kind, _, _, text = promised
    return kind == "any" or (kind == "one" and is_bare(text))


def keep_promise(promise, packets):
    """None when the packets are as promised, else the first that is not, with what was expected there."""

    def front(places):
        """Where one may stand without another packet."""
        for place in sorted(places):
            yield place
            while place < len(promise) and may_be_missing(promise[place]):
                place += 1
                yield place

    reachable = set(front({0}))
    for at, (text, gap, besides) in enumerate(packets):
        after = set(reachable) if besides else set()
        for place in reachable - {len(promise)}:
            kind, low, high, wanted = promise[place]
            if kind == "any":
                after.add(place)
            elif wanted == text and low <= gap <= high:
                after.add(place + 1)
        if not after:
            wanted = " or ".join(sorted(promise[place][3] for place in reachable if place < len(promise)))
            return f"packet {at + 1} is {text!r}, {gap:.1f} ms after the one before; promised: {wanted or 'no more'}"
        reachable = set(front(after))
    return None if len(promise) in reachable else f"there should be more: {promise[max(reachable)][3]}"


def check_picture(name, n_packets):
    """It is drawn, tells what it is of, and has more to it than that."""
    picture = xml.etree.ElementTree.parse(f"{name}.svg").getroot()
    words = " ".join(picture.itertext())
    if n_packets and not re.search(rf"calls and {n_packets} packets?\b", words):
        yield f"its picture is of other packets: {words.split()}"
    drawn = [element.get("id", "") for element in picture.iter()]
    yield from differ("packets in the picture", sum(bool(re.fullmatch(r"packet-\d+", word)) for word in drawn), n_packets)
    if len(drawn) < 100:
        yield "its picture is empty"


def check_lesson(name):
    def run_lesson():
        done = cli("run", name, "-q", "-w", f"{name}.pcapng", "-o", f"{name}.svg")
        yield from quiet(done)
        listed = cli("packets", f"{name}.pcapng", "--json")
        yield from quiet(listed)
        packets = list(name_ports(json.loads(line) for line in listed.stdout.splitlines()))
        yield from check_picture(name, len(packets))
        yield from run(LAYOUT, OTHER_TIMES, f"{name}.pcapng").stdout.splitlines()
        broken = keep_promise(list(read_promise(name)), packets)
        if broken:
            yield broken
            yield from (f"    @{gap:.1f} {text}" for text, gap, _ in packets)

    run_lesson.__doc__ = f"{name} does what it says, and its packets are those it promises"
    return run_lesson


@case
def all_promise():
    """every lesson promises its packets, and every promise has its lesson"""
    lessons = sorted(path.stem for path in SESSIONS.glob("*.session"))
    yield from differ("promises", sorted(path.stem for path in PROMISES.glob("*.packets")), lessons)
    if len(lessons) < 32:
        yield f"there are {len(lessons)} lessons"


@case
def all_in_spanish():
    """every title, explanation and caption stands there in Spanish, too"""
    for lesson in sorted(SESSIONS.glob("*.session")):
        text = lesson.read_text(encoding="utf-8")
        for word in ("about", "say"):
            told, translated = (
                len(re.findall(rf"^\s*{word}{language}\s", text, re.MULTILINE)) for language in ("", r"\[es\]")
            )
            yield from differ(f"{lesson.stem}: times {word} is said in Spanish", translated, told)
        yield from lacks(lesson.stem, text, "title[es]")


for lesson in sorted(SESSIONS.glob("*.session")):
    case(check_lesson(lesson.stem))

if __name__ == "__main__":
    finish()
