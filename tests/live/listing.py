# SPDX-License-Identifier: GPL-3.0-or-later
"""What info, flows and packets print: exact, whole, and the same for every way to write a capture."""

import gzip
import ipaddress
import json
import pathlib
import shutil
import signal
import struct
import subprocess

from captures import TIME_S, Pcapng, datagram
from live import CLI, TIMEOUT_S, Skip, case, cli, differ, finish, lacks, quiet, run, start

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
FLOW_KEYS = (
    "proto a a_port b b_port packets_ab packets_ba payload_ab payload_ba first_ns last_ns syn_ab syn_ba fin_ab"
    " fin_ba rst_ab rst_ba resent_ab resent_ba resent_syn_ab resent_syn_ba resent_fin_ab resent_fin_ba"
    " state_a state_b outcome closed_by begins setup_ns data_ns teardown_ns"
    " echo_sent echo_received echo_min_ns echo_mean_ns echo_max_ns doubled_ab doubled_ba"
).split()
MEASURES = "rtt_ns other flight_ab flight_ba window".split()
PACKET_KEYS = "n time_ns interface length captured flow summary step_back_ns labels".split() + MEASURES + ["note"]


def segment(source, destination, flags, sequence, acknowledgment=0, payload=b""):
    """IPv4 and TCP between two pairs of address and port; checksums left out."""
    ports = source[1], destination[1]
    numbers = sequence & 0xFFFFFFFF, acknowledgment & 0xFFFFFFFF
    transport = struct.pack(">HHIIBBHHH", *ports, *numbers, 0x50, flags, 65535, 0, 0) + payload
    source, destination = (ipaddress.ip_address(end[0]) for end in (source, destination))
    if source.version == 6:
        return struct.pack(">IHBB", 6 << 28, len(transport), 6, 64) + source.packed + destination.packed + transport
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(transport), 0, 0x4000, 64, 6, 0)
    return head + source.packed + destination.packed + transport


def conversation(a=("10.0.0.1", 40000), b=("10.0.0.2", 80), base=0xFFFFFFF0):
    """A whole one, its numbers going round: a SYN, a data segment and a FIN are sent twice, one segment comes late."""
    x, y = base, 7
    return [
        segment(a, b, SYN, x),
        segment(a, b, SYN, x),
        segment(b, a, SYN | ACK, y, x + 1),
        segment(a, b, ACK, x + 1, y + 1),
        segment(a, b, PSH | ACK, x + 1, y + 1, b"0123456789"),
        segment(a, b, PSH | ACK, x + 21, y + 1, b"abcdefghij"),
        segment(a, b, PSH | ACK, x + 11, y + 1, b"came later"),
        segment(a, b, PSH | ACK, x + 26, y + 1, b"fghij"),
        segment(b, a, ACK, y + 1, x + 31),
        segment(b, a, PSH | ACK, y + 1, x + 31, b"OK"),
        segment(a, b, FIN | ACK, x + 31, y + 3),
        segment(b, a, FIN | ACK, y + 3, x + 32),
        segment(b, a, FIN | ACK, y + 3, x + 32),
        segment(a, b, ACK, x + 32, y + 4),
    ]


EXPECTED = {
    "packets_ab": 9,
    "packets_ba": 5,
    "payload_ab": 35,
    "payload_ba": 2,
    **{"syn_ab": 2, "syn_ba": 1, "fin_ab": 1, "fin_ba": 2, "rst_ab": 0, "rst_ba": 0},
    **{"resent_ab": 1, "resent_ba": 0, "resent_syn_ab": 1, "resent_syn_ba": 0},
    **{"resent_fin_ab": 0, "resent_fin_ba": 1},
}


def classic(packets, link_type, order="<", magic=0xA1B2C3D4):
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, link_type)
    for number, packet in enumerate(packets):
        data += struct.pack(order + "IIII", TIME_S, number, len(packet), len(packet)) + packet
    return data


def modern(packets, order="<", sections=1, simple=False):
    capture = Pcapng()
    share = -(-len(packets) // sections)
    for number, packet in enumerate(packets):
        if number % share == 0:
            capture.section(order)
            capture.interface(101)
        if simple:
            capture.simple(packet)
        else:
            capture.packet(packet, TIME_S * 10**6 + number)
    return capture.data


def write(name, data):
    path = pathlib.Path(name)
    path.write_bytes(data)
    return path


def rows(*arguments, status=0, **options):
    """The objects of the output, one a line; the complaints go to standard error."""
    done = cli(*arguments, "--json", **options)
    if done.returncode != status:
        raise RuntimeError(f"{arguments}: exit status {done.returncode}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


@case
def one_conversation():
    """a conversation is counted exactly, and its keys are those that were promised, in their order"""
    source = write("one.pcap", classic(conversation(), 101))
    (flow,) = rows("flows", source)
    yield from differ("keys", list(flow), FLOW_KEYS)
    yield from differ("sides", [flow[key] for key in FLOW_KEYS[:5]], ["tcp", "10.0.0.1", 40000, "10.0.0.2", 80])
    yield from differ("counts", {key: flow[key] for key in EXPECTED}, EXPECTED)
    course = ["TIME-WAIT", "CLOSED", "closed", "a", "handshake", 3000, 6000, 3000]
    yield from differ("how it went", [flow[key] for key in FLOW_KEYS[-15:-7]], course)
    yield from differ("first", flow["first_ns"], TIME_S * 10**9)
    yield from differ("last", flow["last_ns"], TIME_S * 10**9 + 13000)
    labels = [packet["labels"] for packet in rows("packets", source)]
    yield from differ("resent", [n for n, of in enumerate(labels, 1) if "resent" in of], [2, 8, 13])
    yield from differ("late", labels[6], ["out of order"])
    packets = rows("packets", source)
    yield from differ("what acknowledges the FIN", [packets[11][key] for key in MEASURES], [1000, 11, 0, 0, 65535])
    yield from differ("text", "  [new data, " in cli("packets", source).stdout, False)


@case
def captured_twice():
    """of a capture that has every packet twice, the copies are counted apart from what was sent again"""
    again = [*conversation()[:5], conversation()[4]]
    capture = Pcapng()
    capture.section()
    capture.interface(101)
    for number, packet in enumerate(again):
        marked = packet[:4] + struct.pack(">H", number + 1) + packet[6:]
        for copy in range(2):
            capture.packet(marked, TIME_S * 10**6 + number * 300000 + copy * 5)
    source = write("twice.pcapng", capture.data)
    (flow,) = rows("flows", source)
    labels = [packet["labels"] for packet in rows("packets", source)]
    copies = [number for number, of in enumerate(labels) if "resent" in of and "doubled on its way" in of]
    yield from differ("copies by their labels", copies, [1, 3, 5, 9, 11])
    yield from differ("copies", [flow["doubled_ab"], flow["doubled_ba"]], [4, 1])
    counts = [flow[key] for key in ("resent_syn_ab", "resent_syn_ba", "resent_ab", "resent_fin_ab")]
    yield from differ("numbers that came before", counts, [3, 1, 3, 0])
    header, row = (line.split() for line in cli("flows", source).stdout.splitlines())
    yield from differ("text", row[header.index("doubled")], "4/1")


@case
def every_encoding():
    """link types, byte orders, sections, resolutions and compression change nothing in it"""
    for hosts in ((("10.0.0.1", 40000), ("10.0.0.2", 80)), (("fd00::1", 40000), ("fd00::2", 80))):
        packets = conversation(*hosts)
        six = ":" in hosts[0][0]
        ether, family = (b"\x86\xdd", 30) if six else (b"\x08\0", 2)
        ethernet = [bytes(12) + ether + packet for packet in packets]
        files = {
            "raw": classic(packets, 101),
            "raw, big": classic(packets, 101, ">"),
            "nanoseconds": classic(packets, 101, magic=0xA1B23C4D),
            "version": classic(packets, 229 if six else 228),
            "ethernet": classic(ethernet, 1),
            "padded": classic([packet + bytes(20) for packet in ethernet], 1),
            "vlan": classic([bytes(12) + b"\x81\0\0\x05" + packet[12:] for packet in ethernet], 1),
            "null": classic([struct.pack("<I", family) + packet for packet in packets], 0),
            "null, big": classic([struct.pack(">I", family) + packet for packet in packets], 0, ">"),
            "loop": classic([struct.pack(">I", family) + packet for packet in packets], 108),
            "sll": classic([bytes(14) + packet[12:] for packet in ethernet], 113),
            "sll2": classic([ether + bytes(18) + packet for packet in packets], 276),
            "pcapng": modern(packets),
            "pcapng, big": modern(packets, ">"),
            "sections": modern(packets, sections=3),
            "simple": modern(packets, simple=True),
            "gzip": gzip.compress(modern(packets)),
        }
        for name, data in files.items():
            flows = rows("flows", write("encoding", data))
            yield from differ(f"{name}: conversations", len(flows), 1)
            for flow in flows:
                yield from differ(f"{name}: a", (flow["a"], flow["a_port"]), hosts[0])
                yield from differ(name, {key: flow[key] for key in EXPECTED}, EXPECTED)
                yield from differ(f"{name}: first", flow["first_ns"], 0 if name == "simple" else TIME_S * 10**9)
            (info,) = rows("info", write("encoding", data))
            yield from differ(f"{name}: compression", info["compression"], "gzip" if name == "gzip" else None)
            yield from differ(f"{name}: format", info["format"][:4], "pcap")


@case
def conversations():
    """a pair of ports used again, other protocols, and what belongs to no conversation"""
    a, b = ("10.0.0.1", 40000), ("10.0.0.2", 80)
    address = bytes([10, 0, 0, 1, 10, 0, 0, 2])
    ip = [struct.pack(">BBHHHBBH", 0x45, 0, 28, 0, 0, 64, kind, 0) + address + bytes(8) for kind in (1, 2, 132, 253)]
    packets = conversation() + conversation() + [segment(a, b, SYN, 5), segment(a, b, SYN, 6)] + ip
    packets += [packets[-1][:24], b"\x45", datagram(b"hi")[14:]]
    source = write("many.pcap", classic(packets, 101))
    flows = rows("flows", source)
    named = ["tcp"] * 4 + ["icmp", "igmp", "sctp", "253", "udp"]
    yield from differ("protocols", [flow["proto"] for flow in flows], named)
    for flow in flows[:2]:
        yield from differ("counts", {key: flow[key] for key in EXPECTED}, EXPECTED)
    yield from differ("payload", [flow["payload_ab"] for flow in flows[4:]], [0, 8, 8, 12, 2])
    listed = [row["flow"] for row in rows("packets", source)]
    yield from differ("flows of packets", listed, [0] * 14 + [1] * 14 + [2, 3, 4, 5, 6, 7, 7, None, 8])
    for number, flow in enumerate(flows):
        yield from differ("packets", flow["packets_ab"] + flow["packets_ba"], listed.count(number))


@case
def packets():
    """a packet has its number, its lengths and its line, even when there is little to say"""
    arp = bytes(12) + bytes.fromhex("0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")
    frames = [datagram(b"hi"), arp, bytes(12) + b"\x88\xcc", bytes(12) + b"\x08\0" + b"E" * 5, bytes(3)]
    capture = Pcapng()
    capture.section()
    capture.interface(1)
    capture.interface(147, 64, [(2, b"odd\x1b[2J\xe2\x80\xae")])
    for number, frame in enumerate(frames):
        capture.packet(frame, TIME_S * 10**6 + number)
    capture.packet(b"?" * 64, TIME_S * 10**6, 1, 1500)
    source = write("packets.pcapng", capture.data)
    listed = rows("packets", source)
    yield from differ("keys", {tuple(row) for row in listed}, {tuple(PACKET_KEYS)})
    yield from differ("numbers", [row["n"] for row in listed], [1, 2, 3, 4, 5, 6])
    yield from differ("interfaces", [row["interface"] for row in listed], [0] * 5 + [1])
    yield from differ("lengths", [row["length"] for row in listed], [*map(len, frames), 1500])
    yield from differ("captured", [row["captured"] for row in listed], [*map(len, frames), 64])
    lines = [
        "UDP 127.0.0.1:40122 → 127.0.0.1:5000 len 2",
        "ARP who has 10.0.0.2, asks 10.0.0.1",
        "LLDP",
        "truncated IPv4",
        "truncated link header",
        "link type 147 is not decoded",
    ]
    yield from differ("summaries", [row["summary"] for row in listed], lines)
    yield from differ("steps back", [row["step_back_ns"] for row in listed], [0] * 5 + [4000])
    done = cli("packets", source)
    yield from quiet(done)
    yield from lacks("the row of the step back", done.stdout.splitlines()[6], "  [4 µs earlier]  ")
    yield from differ("marks", done.stdout.count("earlier]"), 1)
    yield from differ("rows", len(done.stdout.splitlines()), 7)
    yield from differ("time", done.stdout.splitlines()[1].split()[1], "2023-11-14T22:13:20.000000000Z")
    for line, text in zip(done.stdout.splitlines()[1:], lines):
        yield from differ("end of row", line.endswith("  " + text), True)
    done = cli("info", source)
    yield from lacks("info", done.stdout, "interface 1: odd\\x1b[2J\\xe2\\x80\\xae, link type 147", "snap length 64")
    yield from lacks("info", done.stdout, "steps back: 1, the first at packet 6", "(EN10MB, Ethernet)")
    (info,) = rows("info", source)
    yield from differ("name", info["interfaces"][1]["name"], "odd\x1b[2J\u202e")
    yield from differ("steps", (info["packets"], info["steps_back"], info["first_step_back"]), (6, 1, 6))
    yield from differ("first", (info["first"], info["first_ns"]), ("2023-11-14T22:13:20.000000000Z", TIME_S * 10**9))
    yield from differ("damage", info["damage"], None)


@case
def notes():
    """the comments of a file are its notes, wherever an event is printed"""
    capture = Pcapng()
    capture.section()
    capture.interface(1)
    capture.packet(datagram(b"one"), TIME_S * 10**6)
    said = "look \x1b[2Jhere\nand there".encode()
    capture.packet(datagram(b"two"), TIME_S * 10**6 + 1, options=[(1, said)])
    source = write("notes.pcapng", capture.data)
    expected = [None, said.decode()]
    yield from differ("packets", [row["note"] for row in rows("packets", source)], expected)
    yield from differ("read", [row["note"] for row in rows("read", source)], expected)
    yield from differ("order", list(rows("read", source)[0])[-1], "note")
    shown = "✎ look \\x1b[2Jhere\\nand there"
    for command in (["packets"], ["read", "--links"]):
        lines = [line for line in cli(*command, source).stdout.splitlines() if "✎" in line]
        yield from differ(f"rows of {command}", len(lines), 1)
        yield from differ(f"end of a row of {command}", lines[0].endswith(f"  {shown}"), True)
    ladder = cli("read", "--text", "utf8", "--columns", "80", source).stdout.splitlines()
    (at,) = (number for number, line in enumerate(ladder) if "✎" in line)
    yield from lacks("above the note", ladder[at - 1], '"two"')
    yield from lacks("the note", ladder[at], "✎ look \\x1b[2Jhere")
    yield from lacks("its second line", ladder[at + 1], "  and there")
    yield from lacks("in ASCII", cli("read", "--text", "ascii", source).stdout, "* look")


@case
def drops():
    """what the capture lost is the last count of each interface"""
    capture = Pcapng()
    capture.section()
    capture.interface()
    capture.packet(datagram(b""), 1)
    for count in (3, 5):
        capture.block(5, capture.pack("IIIHHQ", 0, 0, 1, 5, 8, count))
    (info,) = rows("info", write("drops.pcapng", capture.data))
    yield from differ("drops", info["drops"], 5)


@case
def damage():
    """what stands before the damage is printed, the rest is said"""
    whole = classic(conversation(), 101)
    cuts = {
        "cut": (whole[:-3], len(whole) - 3, "cut short"),
        "large": (whole + struct.pack("<IIII", 0, 0, 1 << 30, 1 << 30), len(whole), "larger than"),
        "block": (modern(conversation()) + b"\6\0\0\0\x0b\0\0\0" + bytes(8), len(modern(conversation())), "length"),
    }
    for name, (data, offset, reason) in cuts.items():
        source = write(name, data)
        for command in ("flows", "packets", "info"):
            done = cli(command, source)
            yield from differ(f"{name}: exit status of {command}", done.returncode, 1)
            yield from lacks(f"{name}: message of {command}", done.stderr, name, str(offset))
            yield from differ(f"{name}: something is printed", len(done.stdout.splitlines()) > 1, True)
        (info,) = rows("info", source, status=1)
        yield from differ(f"{name}: offset", info["damage"]["offset"], offset)
        yield from lacks(f"{name}: reason", info["damage"]["reason"], reason)
        n = 13 if name == "cut" else 14
        yield from differ(f"{name}: packets", len(rows("packets", source, status=1)), n)
        (flow,) = rows("flows", source, status=1)
        yield from differ(f"{name}: counted", flow["packets_ab"] + flow["packets_ba"], n)
    for data in (b"", b"hello, world, no capture"):
        source = write("none", data)
        yield from differ("flows of nothing", rows("flows", source, status=1), [])
        (info,) = rows("info", source, status=1)
        yield from differ("format", info["format"], None)


@case
def filters():
    """-f keeps what libpcap's expression matches, for each link type by itself"""
    packets_ = conversation() + [datagram(b"a")[14:], datagram(b"bc")[14:]]
    capture = Pcapng()
    capture.section()
    for link_type in (101, 1, 147):
        capture.interface(link_type)
    for number, packet in enumerate(packets_):
        data = bytes(12) + b"\x08\0" + packet if number % 2 else packet
        capture.packet(data, TIME_S * 10**6 + number, number % 2)
    source = write("filter.pcapng", capture.data)
    for expression, n, flows in (
        ("", 16, 2),
        ("udp", 2, 1),
        ("tcp and src host 10.0.0.2", 5, 1),
        ("tcp[tcpflags] & tcp-fin != 0", 3, 1),
        ("port 9", 0, 0),
    ):
        listed = rows("packets", "-f", expression, source)
        yield from differ(f"{expression}: numbers", [row["n"] for row in listed], [*range(1, n + 1)])
        yield from differ(f"{expression}: flows", len(rows("flows", source, f"--filter={expression}")), flows)
        (info,) = rows("info", "-f", expression, source)
        yield from differ(f"{expression}: packets", info["packets"], n)
        for command in (("save", source), ("read", "-q", source, "-w")):
            yield from quiet(cli(*command, "kept.pcapng", "-f", expression))
            saved = [row["summary"] for row in rows("packets", "kept.pcapng")]
            yield from differ(f"{expression}: {command[0]}", saved, [row["summary"] for row in listed])
    capture.packet(b"?", 0, 2)
    source = write("filter.pcapng", capture.data)
    done = cli("packets", "-f", "udp", source)
    yield from differ("exit status", done.returncode, 1)
    yield from differ("rows", len(done.stdout.splitlines()), 3)
    yield from lacks("the message", done.stderr, "link type 147")
    for command in ("info", "flows", "packets", "read", "save"):
        done = cli(command, "-f", "udp prt 5", source, *(["out"] if command == "save" else []))
        yield from differ(f"exit status of {command}", done.returncode, 2)
        yield from lacks("the message", done.stderr, "udp prt 5", "syntax error")
        yield from differ("standard output", done.stdout, "")


@case
def standard_input_and_locale():
    """a capture comes through a pipe as well, and no locale changes what is printed"""
    source = write("pipe.pcap", classic(conversation(), 101))
    for command in ("flows", "packets", "info"):
        for options in ([], ["--json"]):
            plain = cli(command, source, *options)
            yield from quiet(plain)
            with source.open("rb") as file:
                yield from differ(f"{command} -", cli(command, "-", *options, stdin=file).stdout, plain.stdout)
            spanish = run("env", "LC_ALL=C.UTF-8", "LANGUAGE=es", *plain.args[:1], command, source, *options)
            yield from differ(f"{command} in Spanish", spanish.stdout, plain.stdout)


def list_as_it_comes(process, writer):
    """Rows of a capture that is written in three pieces, each listed before the next comes."""
    data = modern(conversation())
    begin = 0
    cut = len(modern(conversation()[:6])) + 50  # in the seventh packet
    for end, n in ((cut, 6), (cut + 1, 0), (len(data), 8)):
        writer.write(data[begin:end])
        begin = end
        yield from (json.loads(process.stdout.readline()) for _ in range(n))


@case
def followed():
    """packets -F lists what comes as it comes, from a file until Ctrl+C, from a pipe until its end"""
    wanted = rows("packets", write("whole.pcapng", modern(conversation())))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    source = write("growing.pcapng", b"")
    with source.open("ab", buffering=0) as writer:
        process = start(CLI, "packets", "-F", "--json", source, **pipes)
        yield from differ("rows of a file", list(list_as_it_comes(process, writer)), wanted)
        process.send_signal(signal.SIGINT)
        yield from differ("the rest", process.communicate(timeout=TIMEOUT_S), (b"", b""))
        yield from differ("exit status", process.returncode, 0)
    process = start(CLI, "packets", "--follow", "--json", "-", stdin=subprocess.PIPE, bufsize=0, **pipes)
    yield from differ("rows of a pipe", list(list_as_it_comes(process, process.stdin)), wanted)
    yield from differ("the rest", process.communicate(timeout=TIMEOUT_S), (b"", b""))
    yield from differ("exit status", process.returncode, 0)
    yield from differ("of others", [cli(command, "-F", source).returncode for command in ("info", "flows")], [2, 2])


@case
def as_wireshark_sees_it():
    """tshark finds the same conversations, packets and bytes"""
    if not shutil.which("tshark"):
        raise Skip("tshark is not installed")
    hosts = [("10.0.0.1", 40000 + n) for n in range(30)]
    rounds = [conversation(a, base=n * 1000) for n, a in enumerate(hosts)]
    mixed = [packet for step in zip(*rounds) for packet in step]
    source = write("wireshark.pcap", classic(mixed, 101))
    fields = "tcp.stream ip.src tcp.len tcp.flags.fin tcp.flags.syn frame.len frame.time_epoch".split()
    command = ["tshark", "-n", "-r", source, "-T", "fields", *(word for field in fields for word in ("-e", field))]
    flows = rows("flows", source)
    listed = rows("packets", source)
    seen = {}
    for line, row in zip(run(*command).stdout.splitlines(), listed):
        stream, host, payload, fin, syn, length, time = line.split("\t")
        side = "ab" if host == "10.0.0.1" else "ba"
        counts = seen.setdefault(int(stream), dict.fromkeys(EXPECTED, 0))
        counts[f"packets_{side}"] += 1
        counts[f"payload_{side}"] += int(payload)
        counts[f"fin_{side}"] += int(fin)
        counts[f"syn_{side}"] += int(syn)
        yield from differ("length", row["length"], int(length))
        yield from differ("time", row["time_ns"], int(time.replace(".", "")))
        yield from differ("flow", row["flow"], int(stream))
    yield from differ("conversations", len(flows), len(seen))
    for number, counts in seen.items():
        for key in [key for key in counts if key[:3] in ("pac", "pay", "fin", "syn")]:
            yield from differ(f"{number}: {key}", flows[number][key], counts[key])


@case
def misuse():
    """wrong usage is exit status 2; a file that is not there is 1, and nothing is printed"""
    for command in ("info", "flows", "packets"):
        for arguments in ([], ["a", "b"], ["-f"], ["--jsn", "a"]):
            done = cli(command, *arguments)
            yield from differ(f"{command} {arguments}", (done.returncode, done.stdout), (2, ""))
            yield from lacks("the message", done.stderr, "trama-cli: ")
        for options in ([], ["--json"]):
            done = cli(command, "nowhere.pcap", *options)
            yield from differ(f"{command} of nothing", (done.returncode, done.stdout), (1, ""))
            yield from lacks("the message", done.stderr, "nowhere.pcap")


@case
def own_trace():
    """a session's own trace is listed like any other"""
    yield from quiet(cli("run", "telephone", "-q", "-w", "own.pcapng"))
    (info,) = rows("info", "own.pcapng")
    if info["packets"] == 0:
        raise Skip("there is no private loopback here")
    (flow,) = rows("flows", "own.pcapng")
    yield from differ("proto", (flow["proto"], flow["b"], flow["b_port"]), ("tcp", "127.0.0.1", 5000))
    yield from differ("SYN and FIN", [flow[key] for key in ("syn_ab", "syn_ba", "fin_ab", "fin_ba")], [1, 1, 1, 1])
    yield from differ("payload", (flow["payload_ab"], flow["payload_ba"]), (7, 10))
    yield from differ("packets", flow["packets_ab"] + flow["packets_ba"], info["packets"])
    yield from differ("calls", info["calls"] > 10, True)


finish()
