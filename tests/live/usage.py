# SPDX-License-Identifier: GPL-3.0-or-later
"""trama-cli as it is used and misused: exit status, messages, files and pictures."""

import json
import pathlib
import re
import struct
import xml.etree.ElementTree as xml

from live import CLI, case, cli, differ, finish, lacks, quiet, run, write_session
from trace import OURS, blocks

BAD = """session "Wrong number"
client:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    conect(phone, 127.0.0.1:5000)
"""

SILENT = """session "Nothing to say"
listener:
    box = socket(AF_INET, SOCK_DGRAM, 0)
    bind(box, 127.0.0.1:5001)
    signal ready
    recvfrom(box, 64)
    recvfrom(box, 64)
    recvfrom(box, 64)
    recvfrom(box, 64)
    close(box)
caller:
    wait ready
    pen = socket(AF_INET, SOCK_DGRAM, 0)
    sendto(pen, "one", 127.0.0.1:5001)
    sendto(pen, "", 127.0.0.1:5001)
    sendto(pen, "two", 127.0.0.1:5001)
    sendto(pen, "three\\n", 127.0.0.1:5001)
    close(pen)
"""


def saved():
    """A trace to read, made once."""
    path = pathlib.Path("saved.pcapng")
    if not path.exists():
        cli("run", "telephone", "-q", "-w", path)
    return path


def fails(done, status, *parts):
    """It must end with the status and one message of ours that has the parts."""
    yield from differ("exit status", done.returncode, status)
    yield from lacks("the message", done.stderr, "trama-cli: ", *parts)
    yield from differ("messages", done.stderr.count("trama-cli: "), 1)


def refuses(*arguments, about):
    done = cli(*arguments)
    yield from fails(done, 2, about, "trama-cli --help")
    yield from differ("standard output", done.stdout, "")


@case
def wrong_usage():
    """wrong usage is exit status 2, a message that says what, and where help is"""
    yield from refuses(about="a command is missing")
    yield from refuses("dial", about="“dial”")
    yield from refuses("--dial", about="“--dial”")
    yield from refuses("run", about="which session")
    yield from refuses("read", about="which file")
    yield from refuses("run", "telephone", "--loud", about="--loud")
    yield from refuses("run", "telephone", "letter", about="“letter”")
    yield from refuses("read", "a.pcapng", "b.pcapng", about="“b.pcapng”")
    yield from refuses("read", "a.pcapng", "--text", about="--text lacks its value: utf8 or ascii")
    yield from refuses("follow", "a.pcapng", "--side", about="--side lacks its value: a or b")
    yield from refuses("read", "a.pcapng", "--text", "--width", "20", about="utf8 or ascii, not “--width”")
    yield from refuses("read", "a.pcapng", "--width", about="--width")
    yield from refuses("sessions", "telephone", about="“sessions”")
    yield from refuses("run", "telephone", "-o", about="-o")
    for command in ("read", "flows", "packets", "calls", "explain", "follow"):
        yield from refuses(command, "a.pcapng", "--flow", "0-", about="which conversations")
    for command in ("read", "flows", "packets", "calls", "explain"):
        yield from refuses(command, "a.pcapng", "--range", "3", about="A..B")
    for option in (["--flow", "0"], ["--range", "0.."]):
        yield from refuses("packets", "-F", "a.pcapng", *option, about="with -F it goes on")
    for name in ("t.gif", "svg", "t."):
        yield from refuses("run", "telephone", "-o", name, about=".svg, .pdf")


@case
def help_and_list():
    """help, version and the list of sessions go to standard output"""
    for arguments, part in (
        (["--help"], "Usage: trama-cli"),
        (["help"], "  read "),
        (["--version"], "trama-cli 0."),
        (["sessions"], "A telephone call"),
    ):
        done = cli(*arguments)
        yield from quiet(done)
        yield from lacks(" ".join(arguments), done.stdout, part)


@case
def unknown_session():
    """an unknown session is exit status 1 and a suggestion"""
    yield from fails(cli("run", "telefone"), 1, "telefone", "telephone", "letter")
    yield from fails(cli("run", "zzz"), 1, "zzz", "telephone", "letter")


@case
def follows_messages():
    """follow prints each message for itself, that without bytes, too; a stream in turns"""
    path = write_session("silent", SILENT)
    yield from quiet(cli("run", path, "-q", "-w", "silent.pcapng"))
    done = cli("follow", "--flow", "0", "silent.pcapng")
    yield from quiet(done)
    yield from differ("the messages", done.stdout, "a  one\na  [no bytes]\na  two\na  three\n")
    yield from differ("of the other", cli("follow", "--flow", "0", "--side", "b", "silent.pcapng").stdout, "")
    yield from quiet(cli("follow", "--flow", "0", "--side", "a", "-o", "silent.bin", "silent.pcapng"))
    yield from differ("the bytes", pathlib.Path("silent.bin").read_bytes(), b"onetwothree\n")
    done = cli("follow", "--flow", "0", saved())
    yield from differ("sides of a stream", {line[:3] for line in done.stdout.splitlines()}, {"a  ", "b  "})
    yield from fails(cli("follow", "--flow", "1", saved()), 1, "no conversation 1; there are 1")


TWO = """session "Two letters"
friend:
    box = socket(AF_INET, SOCK_DGRAM, 0)
    bind(box, 127.0.0.1:5001)
    other = socket(AF_INET, SOCK_DGRAM, 0)
    bind(other, 127.0.0.1:5002)
    signal ready
    recvfrom(box, 64)
    recvfrom(other, 64)
writer:
    wait ready
    pen = socket(AF_INET, SOCK_DGRAM, 0)
    bind(pen, 127.0.0.1:6001)
    sendto(pen, "one", 127.0.0.1:5001)
    brush = socket(AF_INET, SOCK_DGRAM, 0)
    bind(brush, 127.0.0.1:6002)
    sendto(brush, "two!", 127.0.0.1:5002)
stranger:
    third = socket(AF_INET, SOCK_DGRAM, 0)
    close(third)
"""


def objects(*arguments):
    done = cli(*arguments, "--json", "two.pcapng")
    yield from quiet(done)
    return [json.loads(line) for line in done.stdout.splitlines()]


@case
def parts():
    """--flow and --range say the same to every command, and leave the numbers as they are"""
    yield from quiet(cli("run", write_session("two", TWO), "-q", "-w", "two.pcapng"))
    every = yield from objects("flows")
    number = [flow["a_port"] for flow in every].index(6002)
    for flow in (str(number), f"{number}-{number}"):
        yield from differ("flows", (yield from objects("flows", "--flow", flow)), [every[number]])
        packets = yield from objects("packets", "--flow", flow)
        yield from differ("packets", [(one["flow"], one["length"]) for one in packets], [(number, 46)])
        calls = yield from objects("calls", "--flow", flow)
        made = [f"{one['actor']} {one['name']}" for one in calls]
        yield from differ("who calls", {one.split()[0] for one in made}, {"friend", "writer"})
        yield from differ("datagrams", (made.count("writer sendto"), made.count("friend recvfrom")), (1, 1))
        events = yield from objects("read", "--flow", flow)
        told = [(one["event"], one["n"]) for one in events if one["event"] in ("packet", "call")]
        known = [("packet", one["n"]) for one in packets] + [("call", one["n"]) for one in calls]
        yield from differ("events", sorted(told), sorted(known))
        text = cli("read", "--links", "--flow", flow, "two.pcapng").stdout
        yield from differ("two and one", ("6002 → 127.0.0.1:5002" in text, ":5001" in text), (True, False))
    begin = min(one["entry_ns"] for one in (yield from objects("calls")))
    sent = packets[0]["time_ns"]
    for part in (f"{sent - begin}ns..{sent - begin}ns", f"{sent - begin}ns.."):
        within = yield from objects("packets", "--range", part)
        yield from differ(f"packets in {part}", [one["n"] for one in within], [packets[0]["n"]])
        yield from differ("flows", [one["a_port"] for one in (yield from objects("flows", "--range", part))], [6002])
    both = cli("follow", "--flow", "0,1", "two.pcapng").stdout
    yield from lacks("of both", both, "── 0 · a 127.0.0.1:", "a  one\n", "\n\n── 1 · a 127.0.0.1:", "a  two!\n")
    yield from fails(cli("follow", "--flow", "0,1", "--side", "a", "-o", "x", "two.pcapng"), 2, "-o writes the bytes of one")
    for command in ("read", "flows", "packets", "calls", "explain", "follow"):
        yield from fails(cli(command, "--flow", "1-2", "two.pcapng"), 1, "no conversation 2; there are 2, from 0 on")
    for command in ("read", "flows", "packets", "calls", "explain"):
        yield from fails(cli(command, "--range", "900..", "two.pcapng"), 1, "900")


@case
def reaches_all():
    """a broadcast datagram is drawn to everybody who hears it, and one to one of two sockets on a port to one"""
    for lesson, n_packets, n_arrows in (("broadcast", 1, 2), ("reuse-port", 4, 4)):
        yield from quiet(cli("run", lesson, "-q", "-o", f"{lesson}.svg", "-w", f"{lesson}.pcapng"))
        yield from differ("packets", len(cli("packets", "--json", f"{lesson}.pcapng").stdout.splitlines()), n_packets)
        text = cli("read", f"{lesson}.pcapng").stdout
        yield from differ(f"arrows of {lesson}", len(re.findall("[◀▶]", text)), n_arrows)
    drawn = pathlib.Path("broadcast.svg").read_text(encoding="utf-8")
    yield from differ("wires with a packet", drawn.count("UDP · 1 packet<"), 2)
    yield from differ("groups of the packet", drawn.count('id="packet-1"'), 1)


@case
def session_with_an_error():
    """a session with an error names file, line and column, shows the line, and nothing runs"""
    path = write_session("bad", BAD)
    done = cli("run", path, "-w", "bad.pcapng")
    yield from fails(done, 1, f"{path}:4:5: ", "connect", "\n    conect(phone, 127.0.0.1:5000)\n    ^")
    yield from differ("standard output", done.stdout, "")
    yield from differ("bad.pcapng is there", pathlib.Path("bad.pcapng").exists(), False)


@case
def pictures():
    """-o draws SVG, PNG and PDF, from a run and from a file"""
    for source in (["run", "telephone"], ["read", saved()]):
        for name in ("t.svg", "t.png", "t.pdf"):
            yield from quiet(cli(*source, "-q", "-o", name))
        tree = xml.parse("t.svg")
        yield from differ("root of the SVG", tree.getroot().tag, "{http://www.w3.org/2000/svg}svg")
        title = tree.find("{http://www.w3.org/2000/svg}title")
        yield from differ("title of the SVG", title is not None and title.text, "A telephone call")
        # The signature, then the length of IHDR, its name, width and height.
        *head, height = struct.unpack(">8sI4sII", pathlib.Path("t.png").read_bytes()[:24])
        yield from differ("head of the PNG", head, [b"\x89PNG\r\n\x1a\n", 13, b"IHDR", 1920])
        # A page, or as much as its words need: two pages at most.
        yield from differ(f"it is {height} pixels high", 1080 <= height <= 2160, True)
        pdf = pathlib.Path("t.pdf").read_bytes()
        yield from differ("PDF", (pdf[:5], pdf.rstrip()[-5:]), (b"%PDF-", b"%%EOF"))


@case
def dark_pictures():
    """--dark draws another picture"""
    yield from quiet(cli("read", saved(), "-q", "-o", "light.svg"))
    yield from quiet(cli("read", saved(), "-q", "--dark", "-o", "dark.svg"))
    light, dark = (pathlib.Path(name).read_text(encoding="utf-8") for name in ("light.svg", "dark.svg"))
    yield from differ("they are the same", light == dark, False)


@case
def what_no_picture_can_be():
    """a width, an enlargement, a theme, a scale or a range that means nothing is one message, and no file"""
    for arguments, part in (
        (["--width", "0"], "from 1 to 32767 pixels"),
        (["--width", "-5"], "from 1 to 32767 pixels"),
        (["--width", "32768"], "from 1 to 32767 pixels"),
        (["--width", "wide"], "wide"),
        (["--zoom", "0"], "from 0.1 to 100 times"),
        (["--zoom", "-1"], "from 0.1 to 100 times"),
        (["--zoom", "101"], "from 0.1 to 100 times"),
        (["--zoom", "nan"], "from 0.1 to 100 times"),
        (["--theme", "blue"], "light, dark or print"),
        (["--scale", "log"], "fold, true or even"),
        (["--range", ""], "A..B"),
        (["--range", "7"], "A..B"),
        (["--range", "1ms..2parsec"], "A..B"),
        (["--range", "17..3"], "ends before it begins"),
    ):
        yield from fails(cli("read", saved(), "-q", "-o", "no.svg", *arguments), 2, part)
    for text, part in (("900..901", "no event 900"), ("1h..2h", "the range is empty"), ("9..1ns", "the range is empty")):
        done = cli("read", saved(), "-w", "kept.pcapng", "-o", "no.svg", "--range", text)
        yield from fails(done, 1, part)
        yield from differ("lines of complaint", done.stderr.count("\n"), 1)
        yield from differ("kept.pcapng is there", pathlib.Path("kept.pcapng").exists(), True)
        pathlib.Path("kept.pcapng").unlink(missing_ok=True)
    yield from differ("no.svg is there", pathlib.Path("no.svg").exists(), False)


@case
def a_part_as_text():
    """--range is for the printed ladder too: what is drawn is printed"""
    whole = cli("read", saved())
    part = cli("read", saved(), "--range", "0..1ns")
    yield from quiet(part)
    yield from lacks("the part", part.stdout, "socket(AF_INET, SOCK_STREAM, 0) = 3")
    yield from lacks("the whole", whole.stdout, "Hello?")
    yield from differ("Hello? is in the part", "Hello?" in part.stdout, False)


@case
def missing_file():
    """a file that is not there, a folder, an empty file and no trace are exit status 1"""
    pathlib.Path("empty").touch()
    pathlib.Path("words").write_text("Hello? Speaking! Bye.\n", encoding="utf-8")
    yield from fails(cli("read", "missing.pcapng"), 1, "missing.pcapng", "No such file or directory")
    yield from fails(cli("read", "."), 1, "directory")
    yield from fails(cli("read", "empty"), 1, "empty", "there is no")
    yield from fails(cli("read", "words"), 1, "words", "byte 0", "pcapng")


@case
def empty_trace():
    """a capture without packets is no failure, and is said to be empty; it cannot be drawn, but saved"""
    data = saved().read_bytes()
    header = next(at for kind, at, _ in blocks(data) if kind == OURS)
    pathlib.Path("none.pcapng").write_bytes(data[:header])
    done = cli("read", "none.pcapng")
    yield from quiet(done)
    yield from differ("output", done.stdout, "The trace is empty: it has no packets and no calls.\n")
    yield from differ("quiet", cli("read", "-q", "none.pcapng", "-w", "again.pcapng").stdout, "")
    yield from differ("saved", pathlib.Path("again.pcapng").read_bytes(), data[:header])
    yield from fails(cli("read", "none.pcapng", "-o", "none.svg"), 1, "nothing to draw")
    yield from differ("drawn", pathlib.Path("none.svg").exists(), False)


@case
def truncated_file():
    """a file that is cut short is shown as far as it goes, and the message names the byte"""
    data = saved().read_bytes()
    whole = cli("read", saved()).stdout.splitlines()
    offsets = [at for kind, at, _ in blocks(data) if kind == OURS]
    for cut in (offsets[len(offsets) // 2] + 20, offsets[-1] + 2, len(data) - 1):
        pathlib.Path("cut.pcapng").write_bytes(data[:cut])
        done = cli("read", "cut.pcapng")
        yield from fails(done, 1, "cut.pcapng", f"byte {cut}")
        shown = done.stdout.splitlines()
        yield from differ("the title", shown[:1], whole[:1])
        yield from lacks("the ladder", done.stdout, "socket(AF_INET, SOCK_STREAM, 0) = 3")


@case
def damaged_file():
    """a damaged file is shown up to there, and the message names the byte"""
    data = bytearray(saved().read_bytes())
    at = [at for kind, at, _ in blocks(bytes(data)) if kind == OURS][-4]
    struct.pack_into("<I", data, at + 4, 7)
    pathlib.Path("damaged.pcapng").write_bytes(data)
    done = cli("read", "damaged.pcapng")
    yield from fails(done, 1, "damaged.pcapng", f"byte {at}", "impossible length")
    yield from lacks("the ladder", done.stdout, "connect(3, 127.0.0.1:5000) = 0")


@case
def unwritable_places():
    """a place that cannot be written is exit status 1 and named; the ladder is printed all the same"""
    for option, name in (("-w", "nowhere/t.pcapng"), ("-o", "nowhere/t.svg"), ("-o", "nowhere/t.png")):
        done = cli("run", "telephone", option, name)
        yield from fails(done, 1, name, "No such file or directory")
        yield from lacks("the ladder", done.stdout, "connect(3, 127.0.0.1:5000) = 0")


@case
def closed_pipe():
    """a reader that goes away ends it quietly"""
    done = run("sh", "-c", f"'{CLI}' run telephone | head -n 1")
    yield from quiet(done)
    yield from differ("lines", len(done.stdout.splitlines()), 1)
    for command in ("run telephone", f"read {saved()}", "--help", "sessions"):
        done = run("sh", "-c", f"'{CLI}' {command} | :")
        yield from quiet(done)


@case
def full_disk():
    """output that cannot be written is exit status 1 and said"""
    for arguments in (["run", "telephone"], ["read", saved()], ["sessions"], ["--help"], ["--version"]):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = cli(*arguments, stdout=full)
        yield from fails(done, 1, "standard output", "No space left on device")


@case
def closed_streams():
    """a standard output that is closed is one that cannot be written; no file takes its place"""
    wanted = cli("read", saved()).stdout
    for closed in (">&-", "<&- >&-"):
        done = run("sh", "-c", f"'{CLI}' run telephone -w closed.pcapng {closed}")
        yield from fails(done, 1, "standard output", "Bad file descriptor")
        yield from quiet(cli("read", "closed.pcapng", "-q"))
    done = run("sh", "-c", f"'{CLI}' read {saved()} <&- 2>&-")
    yield from quiet(done)
    yield from differ("the ladder", done.stdout, wanted)


finish()
