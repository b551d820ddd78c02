# SPDX-License-Identifier: GPL-3.0-or-later
"""The two sessions of first light, run and saved, and read by others."""

import pathlib
import re
import shutil

from live import CLI, DELAYED_ACK_MS, Skip, case, cli, differ, finish, lacks, quiet, run, write_session
from trace import Trace

# 3000 bytes in one write, MTU 1500: 1448 is left to a segment by 20 of IPv4, 20 of TCP and 12 of its timestamps.
PARCEL = """session "A parcel"
shop:
    counter = socket(AF_INET, SOCK_STREAM, 0)
    bind(counter, 127.0.0.1:5000)
    listen(counter, 1)
    signal open
    call = accept(counter)
    read(call, 4096)
    close(call)
    close(counter)
buyer:
    wait open
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:5000)
    write(phone, "{}")
    close(phone)
""".format("x" * 3000)


def tshark(path, *fields, only="ip"):
    """The fields of each packet, as Wireshark sees them; it must have nothing to complain of."""
    if not shutil.which("tshark"):
        raise Skip("tshark is not installed")
    options = [word for field in fields for word in ("-e", field)]
    done = run("tshark", "-r", path, "-Y", only, "-T", "fields", "-E", "separator=/s", *options)
    if done.returncode or done.stderr:
        raise ValueError(f"tshark: status {done.returncode}: {done.stderr}")
    return [line.split(" ") for line in done.stdout.splitlines()]


def arrows(ladder):
    return len(re.findall("◀─|─▶", ladder))


@case
def telephone_runs():
    """telephone runs without privileges, without a home and without a word on standard error"""
    done = cli("run", "telephone", "-w", "telephone.pcapng")
    yield from quiet(done)
    yield from lacks("the ladder", done.stdout, "private loopback", "setup", "data", "teardown")
    yield from differ("arrows in the ladder", arrows(done.stdout), len(Trace("telephone.pcapng").packets))
    pathlib.Path("telephone.txt").write_text(done.stdout, encoding="utf-8")


@case
def telephone_in_wireshark():
    """Wireshark sees the handshake, both data segments acknowledged, two FINs, and nothing else"""
    rows = tshark("telephone.pcapng", "tcp.flags", "tcp.len", "tcp.seq", "tcp.ack", "tcp.srcport", "tcp.dstport")
    gaps = tshark("telephone.pcapng", "frame.time_delta")
    yield from differ("packets in Trama's own record", len(Trace("telephone.pcapng").packets), len(rows))
    seen = [(int(flags, 16), *map(int, numbers)) for flags, *numbers in rows]
    if seen[8][:4] == (0x10, 0, 8, 12) and float(gaps[8][0]) * 1000 >= DELAYED_ACK_MS:
        del seen[8]  # between the two FINs
    # FIN 01, SYN 02, PSH 08, ACK 10; length, sequence number, acknowledgment number; from whom.
    wanted = [
        (0x02, 0, 0, 0, "client"),
        (0x12, 0, 0, 1, "server"),
        (0x10, 0, 1, 1, "client"),
        (0x18, 7, 1, 1, "client"),
        (0x10, 0, 1, 8, "server"),
        (0x18, 10, 1, 8, "server"),
        (0x10, 0, 8, 11, "client"),
        (0x11, 0, 11, 8, "server"),
        (0x11, 0, 8, 12, "client"),
        (0x10, 0, 12, 9, "server"),
    ]
    yield from differ("segments", [(*row[:4], "server" if row[4] == 5000 else "client") for row in seen], wanted)
    yield from (f"not on port 5000: {row}" for row in seen if 5000 not in row[4:])


@case
def segments():
    """segments have their textbook size: MSS 1460, and 3000 bytes go as 1448, 1448 and 104"""
    yield from quiet(cli("run", write_session("parcel", PARCEL), "-q", "-w", "parcel.pcapng"))
    sizes = tshark("parcel.pcapng", "tcp.options.mss_val", only="tcp.flags.syn == 1")
    yield from differ("MSS", sizes, [["1460"], ["1460"]])
    lengths = [int(length) for (length,) in tshark("parcel.pcapng", "tcp.len", only="tcp.len > 0")]
    yield from differ("segment lengths", lengths, [1448, 1448, 104])


@case
def packets_in_their_calls():
    """every packet lies inside the call that caused it"""
    for name in ("telephone", "letter"):
        yield from quiet(cli("run", name, "-q", "-w", f"{name}-calls.pcapng"))
        trace = Trace(f"{name}-calls.pcapng")
        yield from trace.packets_outside_calls()
        yield from differ("calls that returned", len(trace.records["return"]), len(trace.records["call"]))
        yield from differ("outcome", [end["ok"] for end in trace.records["outcome"]], [1])
        yield from differ("dropped", [end["packets_dropped"] for end in trace.records["outcome"]], [0])


@case
def descriptors():
    """the first socket of each process is descriptor 3, as in every textbook"""
    for name in ("telephone", "letter"):
        made = re.findall(r"socket\(.*?\) = (\d+)", cli("run", name).stdout)
        yield from differ(f"sockets of {name}", made, ["3", "3"])


@case
def same_ladder_twice():
    """the ladder of a run and of its saved trace are the same, byte for byte, also through a pipe"""
    ladder = pathlib.Path("telephone.txt").read_text(encoding="utf-8")
    done = cli("read", "telephone.pcapng")
    yield from quiet(done)
    yield from differ("the ladder read from the file", done.stdout, ladder)
    done = run("sh", "-c", 'cat telephone.pcapng | "$0" read -', CLI)
    yield from quiet(done)
    yield from differ("the ladder read from a pipe", done.stdout, ladder)


@case
def saved_again():
    """a trace that is read and saved again is the same file"""
    yield from quiet(cli("read", "telephone.pcapng", "-q", "-w", "again.pcapng"))
    again = pathlib.Path("again.pcapng")
    yield from differ("bytes", again.read_bytes(), pathlib.Path("telephone.pcapng").read_bytes())
    yield from differ("mode", oct(again.stat().st_mode & 0o777), "0o600")


@case
def letter():
    """letter is two datagrams, and the answer goes to the sender's address"""
    done = cli("run", "letter", "-w", "letter.pcapng")
    yield from quiet(done)
    rows = tshark("letter.pcapng", "udp.srcport", "udp.dstport", "udp.length")
    (pen, box, first), (back_from, back_to, second) = rows
    yield from differ("ports", (box, back_from, back_to), ("5001", "5001", pen))
    yield from differ("bytes, and 8 of the UDP header", (first, second), (str(13 + 8), str(15 + 8)))
    yield from lacks("the ladder", done.stdout, f"← 127.0.0.1:{pen}", f", 0, 127.0.0.1:{pen}) = 15")


finish()
