# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts, and a router between them that loses, doubles and delays what it is told to, and keeps account of it.

Run with the name of a scene and a path: it writes PATH-a.pcap and PATH-b.pcap, what passes the router's doors
to the two hosts, and PATH.json, what each of these packets was. The three are network namespaces inside a user
namespace, so no privilege is needed; where they cannot be had it says why and exits with 77.
"""

import ctypes
import errno
import fcntl
import heapq
import json
import os
import select
import signal
import socket
import struct
import sys
import time

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
FIN, SYN, RST, ACK = 1, 2, 4, 16
ADDRESSES = {4: {"a": "10.77.0.1", "b": "10.77.0.2"}, 6: {"a": "fd77::1", "b": "fd77::2"}}
GATEWAY = "10.77.0.254"
OTHER = {"a": "b", "b": "a"}
PORT = 5000
WAY_S = 0.004
LONGEST_S = 20
SETTLE_S = 0.2
SKIPPED = 77


class Unable(Exception):
    """This machine does not let an ordinary user do that."""


def unshare(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise Unable(f"unshare: {errno.errorcode[ctypes.get_errno()]}")


def write(path, text):
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(str(text))
    except OSError as error:
        raise Unable(f"{path}: {error.strerror}") from error


def attribute(kind, data):
    """Of rtnetlink(7)."""
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def ask_kernel(kind, body):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        route.send(struct.pack("=IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
        (status,) = struct.unpack_from("=i", route.recv(65536), 16)
    if status:
        raise Unable(f"rtnetlink: {errno.errorcode[-status]}")


def make_pair(here, there, pid):
    """Two ends of veth(4), the other one in the network namespace of a process."""
    message = struct.pack("=BxHiII", 0, 0, 0, 0, 0)
    peer = message + attribute(3, there.encode() + b"\0") + attribute(19, struct.pack("=I", pid))
    kind = attribute(1, b"veth\0") + attribute(2, attribute(1, peer))
    ask_kernel(16, message + attribute(3, here.encode() + b"\0") + attribute(18, kind))


def add_address(name, version, address):
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    data = socket.inet_pton(family, address)
    head = struct.pack("=BBBBI", family, 64 if version == 6 else 24, 2 if version == 6 else 0, 0, 0)
    head = head[:4] + struct.pack("=I", socket.if_nametoindex(name))
    ask_kernel(20, head + attribute(2, data) + attribute(1, data))


def bring_up(name):
    """Segments and checksums as on a wire: neither is left to a later place."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in (0x1F, 0x24, 0x2C, 0x17):  # ETHTOOL_STSO, _SGSO, _SGRO, _STXCSUM
            value = ctypes.create_string_buffer(struct.pack("=II", command, 0))
            try:
                fcntl.ioctl(control, 0x8946, struct.pack("16sP16x", name.encode(), ctypes.addressof(value)))
            except OSError:
                pass
        fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", name.encode(), 0x41))


class Packet:
    """What comes to the router from a host."""

    def __init__(self, side, frame):
        self.side, self.frame = side, frame
        self.is_ip = frame[12:14] == b"\x08\0" or (frame[12:14] == b"\x86\xdd" and frame[20] == 6)
        self.is_tcp = self.is_ip and frame[20 if frame[12] == 0x86 else 23] == 6
        self.flags = self.bytes = 0
        self.mark = struct.unpack_from(">H", frame, 18)[0] if frame[12:14] == b"\x08\0" else 0
        if self.is_tcp:
            at = 54 if frame[12] == 0x86 else 34
            self.key = frame[at : at + 4]
            self.sequence, self.acknowledgment = struct.unpack_from(">II", frame, at + 4)
            self.flags = frame[at + 13]
            end = 54 + struct.unpack_from(">H", frame, 18)[0] if at == 54 else 14 + struct.unpack_from(">H", frame, 16)[0]
            self.bytes = end - at - (frame[at + 12] >> 4) * 4

    @property
    def kind(self):
        if self.flags & RST:
            return "rst"
        if self.flags & SYN:
            return "syn ack" if self.flags & ACK else "syn"
        if self.flags & FIN:
            return "fin"
        return "data" if self.bytes else "ack"

    def icmp_error(self, kind, code):
        """From the gateway to who sent it."""
        body = struct.pack(">BBHI", kind, code, 0, 0) + self.frame[14:42]
        body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 7, 0, 64, 1, 0)
        head += socket.inet_aton(GATEWAY) + self.frame[26:30]
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        return self.frame[6:12] + self.frame[:6] + b"\x08\0" + head + body


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


class Account:
    """What each host has sent so far, so that what it sends again is known: numbers of data and FIN, modulo 2^32."""

    def __init__(self):
        self.ends, self.syns, self.counts = {}, set(), {}

    def is_again(self, packet):
        key = (packet.side, packet.key)
        size = packet.bytes + bool(packet.flags & FIN)
        if packet.flags & SYN:
            syn = (key, packet.kind, packet.sequence)
            again = syn in self.syns
            self.syns.add(syn)
            self.ends.setdefault(key, (packet.sequence + 1) & 0xFFFFFFFF)
            return again
        if packet.flags & RST or size == 0:
            return False
        known = self.ends.get(key, packet.sequence)
        end = (packet.sequence + size) & 0xFFFFFFFF
        if (end - known) & 0xFFFFFFFF < 1 << 31:
            self.ends[key] = end
        return (known - packet.sequence - 1) & 0xFFFFFFFF < 1 << 30

    def number(self, packet, again):
        """Which of its kind, from 1."""
        key = (packet.side, packet.kind, again)
        self.counts[key] = self.counts.get(key, 0) + 1
        return self.counts[key]


class Router:
    def __init__(self, scene, files):
        self.scene, self.account, self.files = scene, Account(), files
        self.queue, self.n_queued = [], 0
        self.truth, self.doors = {"a": [], "b": []}, {}
        for side in "ab":
            self.files[side].write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
            self.doors[side] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self.doors[side].setsockopt(263, 23, 1)  # SOL_PACKET, PACKET_IGNORE_OUTGOING
            self.doors[side].bind((f"to-{side}", 3))
            self.doors[side].setblocking(False)

    def capture(self, side, frame, fate):
        now = time.time_ns()
        head = struct.pack("<IIII", now // 10**9, now % 10**9, len(frame), len(frame))
        self.files[side].write(head + frame)
        self.truth[side].append(fate)

    def pass_on(self, to, frame):
        try:
            self.doors[to].send(frame)
        except OSError:
            pass  # the host has gone

    def put(self, after_s, to, frame, fate):
        self.n_queued += 1
        heapq.heappush(self.queue, (time.monotonic() + WAY_S + after_s, self.n_queued, to, frame, fate))

    def take(self, side, frame):
        packet = Packet(side, frame)
        if not packet.is_tcp:
            if not packet.is_ip:
                self.pass_on(OTHER[side], frame)
            return
        again = self.account.is_again(packet)
        number = self.account.number(packet, again)
        delays, error = self.scene.rule(packet, again, number), None
        if isinstance(delays, bytes):
            delays, error = [], delays
        fate = {"id": self.n_queued, "side": side, "again": again, "kind": packet.kind}
        self.capture(side, frame, fate)
        for delay_s in delays:
            self.put(delay_s, OTHER[side], frame, fate)
        if error:
            self.put(0, side, error, {"id": -1, "side": "", "again": False, "kind": "error"})
        self.n_queued += 1

    def work(self):
        """Everything that is due, and what comes until the next is."""
        while self.queue and self.queue[0][0] <= time.monotonic():
            _, _, to, frame, fate = heapq.heappop(self.queue)
            self.capture(to, frame, fate)
            self.pass_on(to, frame)
        wait_s = min(max(self.queue[0][0] - time.monotonic(), 0), 0.02) if self.queue else 0.02
        select.select(list(self.doors.values()), [], [], wait_s)
        for side, door in self.doors.items():
            while True:
                try:
                    frame = door.recv(65536)
                except OSError:
                    break
                self.take(side, frame)

    def run(self, gates):
        """Until both hosts have done their part, and a little longer."""
        end = time.monotonic() + LONGEST_S
        while len(select.select(gates, [], [], 0)[0]) < len(gates) and time.monotonic() < end:
            self.work()
        end = time.monotonic() + SETTLE_S
        while time.monotonic() < end:
            self.work()


class Host:
    def __init__(self, side, scene, line):
        self.family = socket.AF_INET6 if scene.version == 6 else socket.AF_INET
        self.address = ADDRESSES[scene.version][side]
        self.peer = ADDRESSES[scene.version][OTHER[side]]
        self.line = line

    def socket(self):
        made = socket.socket(self.family)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.IPPROTO_TCP, 13, b"reno")  # TCP_CONGESTION
        return made

    def accept(self, buffer_bytes=0):
        listener = self.socket()
        if buffer_bytes:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        listener.bind((self.address, PORT))
        listener.listen()
        self.tell()
        return listener.accept()[0]

    def connect(self, number=None):
        """@number: its initial sequence number."""
        made = self.socket()
        if number is not None:
            for option, value in ((19, 1), (20, 2), (21, number), (19, 0)):  # TCP_REPAIR, _REPAIR_QUEUE, _QUEUE_SEQ
                made.setsockopt(socket.IPPROTO_TCP, option, struct.pack("=I", value))
        self.hear()
        made.connect((self.peer, PORT))
        return made

    def wait(self, seconds):
        """Nothing is sent again before the kernel has freed what was sent; on idle processors it puts that off."""
        end = time.monotonic() + seconds
        processors = os.sched_getaffinity(0)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as kick:
            while time.monotonic() < end:
                for processor in processors:
                    os.sched_setaffinity(0, {processor})
                    kick.sendto(b"", ("127.0.0.1", 9))
                os.sched_setaffinity(0, processors)
                time.sleep(0.02)

    def tell(self):
        self.line.send(b".")

    def hear(self):
        self.line.recv(1)


def read_all(sock):
    while sock.recv(65536):
        pass


def be_host(side, scene, line, gate):
    unshare(CLONE_NEWNET)
    gate.send(b"1")
    gate.recv(1)
    write("/proc/sys/net/ipv6/conf/wire/accept_dad", 0)
    for name in ("lo", "wire"):
        bring_up(name)
    for version in (4, 6):
        add_address("wire", version, ADDRESSES[version][side])
    for name, value in {"tcp_no_metrics_save": 1, "tcp_invalid_ratelimit": 0, **scene.settings}.items():
        write(f"/proc/sys/net/ipv4/{name}", value)
    gate.send(b"2")
    gate.recv(1)
    signal.alarm(LONGEST_S)
    try:
        kept = (scene.a if side == "a" else scene.b)(Host(side, scene, line))  # not closed before the end
    except OSError as error:
        kept = error  # as the scene wants it
    gate.send(b"3")
    gate.recv(1)
    del kept


def enter():
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"0 {uid} 1")
    write("/proc/self/gid_map", f"0 {gid} 1")


def start_host(side, scene, line):
    ours, gate = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            ours.close()
            be_host(side, scene, line, gate)
            status = 0
        finally:
            os._exit(status)
    gate.close()
    if ours.recv(1) != b"1":
        raise Unable("a host cannot have a network of its own")
    make_pair(f"to-{side}", "wire", pid)
    write(f"/proc/sys/net/ipv6/conf/to-{side}/disable_ipv6", 1)
    bring_up(f"to-{side}")
    return pid, ours


def play(scene, files, account):
    """The files are open already: who enters a user namespace has no more power over those of others."""
    enter()
    lines = socket.socketpair()
    hosts = [start_host(side, scene, line) for side, line in zip("ab", lines)]
    router = Router(scene, files)
    for _, gate in hosts:
        gate.send(b"1")
        if gate.recv(1) != b"2":
            raise Unable("a host cannot set up its network")
    for _, gate in hosts:
        gate.send(b"2")
    router.run([gate for _, gate in hosts])
    for pid, gate in hosts:
        gate.send(b"3")
        os.waitpid(pid, 0)
    json.dump(router.truth, account)


def main(scenes):
    scene, path = scenes[sys.argv[1]], sys.argv[2]
    try:
        with open(f"{path}-a.pcap", "wb") as a, open(f"{path}-b.pcap", "wb") as b:
            with open(f"{path}.json", "w", encoding="ascii") as account:
                play(scene, {"a": a, "b": b}, account)
    except Unable as reason:
        print(reason)
        sys.exit(SKIPPED)
