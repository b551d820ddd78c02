# SPDX-License-Identifier: GPL-3.0-or-later
"""What is saved is what was read, and where it cannot be saved that is said."""

import os
import pathlib
import resource
import shutil
import socket

from captures import TIME_S, Pcapng, bulk, datagram, pcap
from live import CLI, Skip, case, cli, differ, finish, lacks, quiet, run
from trace import OURS, Trace, blocks

FIELDS = (
    "frame.number frame.time_epoch frame.len frame.cap_len frame.encap_type frame.interface_name frame.comment"
    " udp.port udp.payload".split()
)


def tshark(path, *fields):
    """One row per packet as Wireshark sees it; it must have nothing to complain of."""
    if not shutil.which("tshark"):
        raise Skip("tshark is not installed")
    command = ["tshark", "-n", "-r", path, "-T", "fields"]
    done = run(*command, *(word for field in fields or FIELDS for word in ("-e", field)))
    complaints = [line for line in done.stderr.splitlines() if not line.startswith("Running as user")]
    if done.returncode or complaints:
        raise RuntimeError(f"tshark {path}: {complaints}")
    return [tuple(row.split("\t")) for row in done.stdout.splitlines()]


def mixed():
    """Two sections of either byte order, interfaces of several resolutions, every kind of packet block, comments."""
    capture = Pcapng()
    capture.section("<", [(1, b"little"), (4, b"by hand")])
    capture.interface(options=[(2, b"lo"), (9, b"\x09"), (1, b"nanoseconds")])
    capture.interface(options=[(2, b"eth0")])
    capture.interface(options=[(2, b"binary"), (9, b"\x94"), (14, (100).to_bytes(8, "little"))])
    capture.packet(datagram(b"one"), TIME_S * 10**9 + 1, 0, options=[(1, b"first"), (1, b"and again")])
    capture.packet(datagram(b"two"), TIME_S * 10**6 + 2, 1, length=100)
    capture.packet(datagram(b"three"), TIME_S << 20 | 3, 2, options=[(2, bytes([1, 0, 0, 0]))])
    capture.obsolete(datagram(b"four"), TIME_S * 10**6 + 4, 1, drops=7, options=[(1, b"old")])
    capture.block(0x7FFF0001, b"unknown!")
    capture.section(">", [(1, b"big")])
    capture.interface(options=[(2, b"lo")])
    capture.simple(datagram(b"five"))
    capture.packet(datagram(b"six", 40123), TIME_S * 10**6 + 6, options=[(1, b"last")])
    capture.block(5, capture.pack("IIIHHQ", 0, 0, 6, 4, 8, 99))
    return capture.data


def write(name, data):
    path = pathlib.Path(name)
    path.write_bytes(data)
    return path


def telephone():
    path = pathlib.Path("telephone.pcapng")
    if not path.exists():
        cli("run", "telephone", "-q", "-w", path)
    return path


def save(source, name, *options):
    """Complaints, if it does not succeed in silence."""
    done = cli("save", source, name, *options)
    yield from quiet(done)
    yield from differ("standard output", done.stdout, "")
    yield from differ(f"mode of {name}", pathlib.Path(name).stat().st_mode & 0o777, 0o600)


@case
def everything():
    """a pcapng is saved byte for byte, over another file and over itself"""
    source = write("everything.in", mixed())
    write("everything.out", b"old")
    yield from save(source, "everything.out")
    yield from differ("it is the same", pathlib.Path("everything.out").read_bytes() == mixed(), True)
    yield from save("everything.out", "everything.out")
    yield from differ("it still is", pathlib.Path("everything.out").read_bytes() == mixed(), True)
    yield from save(telephone(), "call.out")
    yield from differ("it is the same", pathlib.Path("call.out").read_bytes() == telephone().read_bytes(), True)


@case
def standard_input():
    """standard input is saved, too"""
    with write("piped.in", mixed()).open("rb") as source:
        done = cli("save", "-", "piped.out", stdin=source)
    yield from quiet(done)
    yield from differ("it is the same", pathlib.Path("piped.out").read_bytes() == mixed(), True)


@case
def standard_output():
    """a trace goes to standard output for “-”, and nothing else does"""
    whole = telephone().read_bytes()
    for command in ("save",), ("read", "-w", "-"):
        rest = ("-",) if command == ("save",) else ()
        done = cli(*command, telephone(), *rest, encoding=None)
        yield from differ(f"{command[0]}: exit status", (done.returncode, done.stderr), (0, b""))
        yield from differ(f"{command[0]}: it is the same", done.stdout == whole, True)
    done = cli("run", "telephone", "-w", "-", encoding=None)
    yield from differ("run: exit status", (done.returncode, done.stderr), (0, b""))
    yield from differ("run: a trace", done.stdout[:4], whole[:4])
    yield from differ("a file of that name", os.path.exists("-"), False)
    with open("/dev/full", "wb") as full:
        done = cli("save", telephone(), "-", stdout=full)
    yield from differ("full: exit status", done.returncode, 1)
    done = cli("run", "telephone", "-w", "-", "--step")
    yield from differ("with steps: exit status", done.returncode, 2)


@case
def as_wireshark_sees_it():
    """frames, times, comments and interfaces are what they were to Wireshark"""
    source = write("seen.in", mixed())
    before = tshark(source)
    yield from differ("packets", len(before), 6)
    yield from save(source, "seen.out", "--flow", "0", "--flow", "1")
    yield from differ("rows", tshark("seen.out"), before)
    for order in "<>":
        for nanoseconds in (False, True):
            packets = [datagram(bytes(n)) for n in range(5)]
            source = write("classic.in", pcap(packets, order, nanoseconds))
            fields = ("frame.time_epoch", "frame.len", "frame.cap_len", "udp.payload")
            yield from save(source, "classic.out")
            yield from differ(f"{order} {nanoseconds}", tshark("classic.out", *fields), tshark(source, *fields))


@case
def by_flow():
    """--flow keeps the packets of these conversations and every other block"""
    source = write("flows.in", mixed())
    yield from save(source, "one.out", "--flow", "1")
    yield from differ("packets", tshark("one.out", "udp.port"), [("40123,5000",)])
    for number, choice in enumerate((("0,1",), ("0-1",), ("0", "--flow", "1"))):
        yield from save(source, f"both{number}.out", "--flow", *choice)
        yield from differ(str(choice), tshark(f"both{number}.out"), tshark(source))
    done = cli("save", source, "none.out", "--flow", "1-")
    yield from differ("no number", done.returncode, 2)
    yield from lacks("the message", done.stderr, "which conversations?")
    done = cli("save", source, "three.out", "--flow", "0-2")
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the message", done.stderr, "flows.in", "conversation 2", "there are 2")
    yield from differ("a file", pathlib.Path("three.out").exists(), False)


@case
def by_filter():
    """-f keeps the packets that match, and every other block"""
    source = write("filter.in", mixed())
    yield from save(source, "filtered.out", "-f", "udp port 40123")
    yield from differ("packets", tshark("filtered.out", "udp.port"), [("40123,5000",)])
    yield from save(source, "unfiltered.out", "-f", "udp")
    yield from differ("it is the same", pathlib.Path("unfiltered.out").read_bytes() == mixed(), True)


@case
def without_payload():
    """--no-payload leaves headers, lengths and times, and not one byte of what was said"""
    source = write("said.in", mixed())
    fields = ("frame.time_epoch", "frame.len", "udp.port", "frame.comment")
    yield from save(source, "unsaid.out", "--no-payload")
    before, after = (tshark(path, *fields) for path in (source, "unsaid.out"))
    yield from differ("the fifth, which had no time", after[4][0] != "", True)
    del before[4], after[4]
    yield from differ("rows", after, before)
    yield from differ("captured", {row[0] for row in tshark("unsaid.out", "frame.cap_len")}, {"42"})
    yield from save(telephone(), "quiet.pcapng", "--no-payload", "--comments")
    data = pathlib.Path("quiet.pcapng").read_bytes()
    yield from differ("what was said", [word for word in (b"Hello?", b"Speaking!") if word in data], [])
    yield from differ("what was said before", b"Hello?" in telephone().read_bytes(), True)
    yield from quiet(cli("read", "quiet.pcapng"))
    yield from differ("packets", len(Trace("quiet.pcapng").packets), len(Trace(telephone()).packets))


@case
def with_comments():
    """--comments writes each call on the packets that it caused, and who sent them"""
    yield from save(telephone(), "told.pcapng", "--comments")
    rows = tshark("told.pcapng", "tcp.flags.str", "frame.comment")
    syn = next(comment for flags, comment in rows if "S" in flags and "A" not in flags)
    yield from differ("on the SYN", syn, "connect(3, 127.0.0.1:5000) = 0")
    comments = "\n".join(comment for _, comment in rows)
    yield from lacks("the comments", comments, 'write(3, "Hello?\\n", 7) = 7', "wakes accept(3, 127.0.0.1:")
    yield from differ("packets", tshark("told.pcapng", "tcp.seq_raw"), tshark(telephone(), "tcp.seq_raw"))
    yield from save("told.pcapng", "twice.pcapng", "--comments")
    same = pathlib.Path("twice.pcapng").read_bytes() == pathlib.Path("told.pcapng").read_bytes()
    yield from differ("said only once", same, True)
    # Wireshark's own reader of the file's blocks knows Darwin's.
    done = run("tshark", "-X", "read_format:MIME Files Format", "-r", "told.pcapng", "-V")
    yield from lacks("the blocks", done.stdout, "Process Name: client", "Process Name: server")
    records = [body for kind, _, body in blocks(pathlib.Path("told.pcapng").read_bytes()) if kind == OURS]
    before = [body for kind, _, body in blocks(telephone().read_bytes()) if kind == OURS]
    yield from differ("our records are the same", records == before, True)


@case
def damaged():
    """what was read before damage is saved, but never over the file itself"""
    source = write("damaged.in", mixed() + b"\x06\0\0\0\x07\0\0\0\x07\0\0\0")
    done = cli("save", source, "damaged.out")
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the message", done.stderr, "damaged.in", f"byte {len(mixed())}")
    yield from differ("it is whole", pathlib.Path("damaged.out").read_bytes() == mixed(), True)
    before = source.read_bytes()
    source.chmod(0o666)
    done = cli("save", source, source)
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the message", done.stderr, "damaged.in: not saved over itself")
    yield from differ("it is as it was", source.read_bytes() == before, True)
    for name, data in (("empty.in", b""), ("words.in", b"Hello? Speaking! Bye.")):
        done = cli("save", write(name, data), "nothing.out")
        yield from differ(f"{name}: exit status", done.returncode, 1)
        yield from lacks(f"{name}: the message", done.stderr, name)
        yield from differ(f"{name}: a file", pathlib.Path("nothing.out").exists(), False)


def fails(source, out, *parts):
    done = cli("save", source, out)
    yield from differ(f"{out}: exit status", done.returncode, 1)
    yield from lacks(f"{out}: the message", done.stderr, f"trama-cli: {out}: ", *parts)
    yield from differ(f"{out}: messages", done.stderr.count("trama-cli: "), 1)


@case
def impossible_places():
    """FIFO, device, socket, folder, a missing folder, a link to nothing and a folder one may not write to"""
    source = write("places.in", mixed())
    os.mkfifo("fifo")
    pathlib.Path("folder").mkdir()
    pathlib.Path("dangling").symlink_to("nowhere")
    pathlib.Path("locked").mkdir(mode=0o555)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        before = sorted(os.listdir())
        yield from fails(source, "fifo", "a FIFO")
        yield from fails(source, "/dev/null", "a device")
        yield from fails(source, "socket", "a socket")
        yield from fails(source, "folder", "a folder")
        yield from fails(source, "missing/out", "No such file or directory")
        yield from fails(source, "dangling", "No such file or directory")
        yield from fails(source, "locked/out", "Permission denied")
    yield from differ("names", sorted(os.listdir()), before)


@case
def size_limit():
    """a limit on the size of files is told with the exact count, and is no signal"""
    source = write("limit.in", bulk())
    write("limit.out", b"old")
    before = sorted(os.listdir())

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (300000, 300000))

    for options in ([], ["--flow", "0"]):
        done = cli("save", source, "limit.out", *options, preexec_fn=limit)
        yield from differ("exit status", done.returncode, 1)
        yield from lacks("the message", done.stderr, "limit.out", "larger than is allowed", "after 300000 bytes")
        yield from differ("the old file", pathlib.Path("limit.out").read_bytes(), b"old")
        yield from differ("names", sorted(os.listdir()), before)


@case
def full_disk():
    """a disk that is full is told, the old file stays, and nothing else does"""
    source = write("full.in", bulk()).resolve()
    script = (
        "mkdir disk && mount -t tmpfs -o size=400k none disk && echo old > disk/out"
        f" && {{ '{CLI}' save '{source}' disk/out; echo $?; ls -A disk; cat disk/out; }}"
    )
    if not shutil.which("unshare") or run("unshare", "-r", "-m", "true").returncode:
        raise Skip("unshare(1) cannot make a user namespace here")
    done = run("unshare", "-r", "-m", "sh", "-c", script)
    yield from differ("exit status, names and the old file", done.stdout.split(), ["1", "out", "old"])
    yield from lacks("the message", done.stderr, "disk/out: the disk is full", "No space left on device", "after ")


finish()
