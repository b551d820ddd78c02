# SPDX-License-Identifier: GPL-3.0-or-later
"""What the router of router.py does, and what the two hosts beside it do meanwhile."""

import random
import socket
import struct
import time

from router import RST, main, read_all

SENT_BYTES = 40000
PAYLOAD = bytes((i * 7 + (i >> 8) * 13) % 251 for i in range(SENT_BYTES))


class Scene:
    """a sends all of it and closes, b reads to the end and closes."""

    version = 4
    settings = {}
    number = None  # a's initial sequence number
    lost = {}  # (side, kind, again): which of them

    def a(self, host):
        sock = host.connect(self.number)
        sock.sendall(PAYLOAD)
        sock.shutdown(socket.SHUT_WR)
        read_all(sock)
        time.sleep(0.05)
        sock.close()

    def b(self, host):
        sock = host.accept()
        read_all(sock)
        sock.close()

    def rule(self, packet, again, number):
        """How much later than others its copies go on, in seconds; none: it is lost. Or an ICMP error instead."""
        return [] if number in self.lost.get((packet.side, packet.kind, again), ()) else [0]


class Mid(Scene):
    lost = {("a", "data", False): {10}}


class MidSix(Mid):
    version = 6


class NoSack(Scene):
    settings = {"tcp_sack": 0}
    lost = {("a", "data", False): {10, 12}}


class Burst(Scene):
    lost = {("a", "data", False): set(range(12, 18))}


class Round(Scene):
    """The numbers pass 2^32 twice: with the SYN, almost, and while data are resent."""

    number = 0xFFFFFFFF - 20000
    lost = {("a", "data", False): {12, 15}}


class Tail(Scene):
    lost = {("a", "fin", False): {1}}


class Lone(Scene):
    """One segment on its own is lost: Linux probes for it, though it waits as long as for a timeout."""

    lost = {("a", "data", False): {1}}

    def a(self, host):
        sock = host.connect()
        sock.sendall(PAYLOAD[:100])
        host.wait(1.5)
        return sock

    def b(self, host):
        sock = host.accept()
        sock.recv(100)
        time.sleep(0.1)
        return sock


class LoneTwice(Lone):
    lost = {("a", "data", False): {1}, ("a", "data", True): {1}}


class LoneNoProbe(LoneTwice):
    settings = {"tcp_early_retrans": 0}


class LoneNoSack(Lone):
    settings = {"tcp_sack": 0}


class Syns(Scene):
    lost = {("a", "syn", False): {1}}


class Answers(Scene):
    lost = {("b", "syn ack", False): {1}, ("b", "ack", False): {1, 3, 5}}


class Doubled(Scene):
    def rule(self, packet, again, number):
        return [0, 0.0005] if packet.kind != "syn" and number % 4 == 1 else [0]


class DoubledSix(Doubled):
    version = 6

    def rule(self, packet, again, number):
        return [0, 0.0005] if packet.kind == "data" and number % 4 == 1 else [0]


class Late(Scene):
    def rule(self, packet, again, number):
        return [0.003] if packet.kind == "data" and not again and number % 5 == 4 else [0]


class Needless(Scene):
    """What a sends is acknowledged after its timeout."""

    def a(self, host):
        sock = host.connect()
        sock.sendall(PAYLOAD[:1000])
        host.wait(1.8)
        return sock

    def b(self, host):
        sock = host.accept()
        sock.recv(1000)
        time.sleep(1.8)
        return sock

    def rule(self, packet, again, number):
        return [1.5] if (packet.side, packet.kind, number) == ("b", "ack", 1) else [0]


class Random(Scene):
    def __init__(self):
        self.random = random.Random(3)

    def rule(self, packet, again, number):
        if packet.kind.startswith("syn"):
            return [0]
        chance = self.random.random()
        return [] if chance < 0.04 else [0, 0.002] if chance < 0.07 else [0.006] if chance < 0.1 else [0]


class Vanished(Scene):
    """The cable is cut, and a goes on."""

    settings = {"tcp_early_retrans": 0}

    def a(self, host):
        sock = host.connect()
        host.hear()
        sock.sendall(PAYLOAD[:100])
        host.wait(2)
        return sock

    def b(self, host):
        sock = host.accept()
        time.sleep(0.1)
        host.tell()
        return sock

    def rule(self, packet, again, number):
        return [] if packet.kind == "data" else [0]


class Restarted(Scene):
    """b forgets the connection, and opens another with the same ports."""

    def a(self, host):
        listener = host.socket()
        listener.bind((host.address, 5000))
        listener.listen()
        host.tell()
        old, _ = listener.accept()
        new, _ = listener.accept()
        read_all(new)
        new.close()
        return old

    def b(self, host):
        host.hear()
        for goes_away in (True, False):
            sock = host.socket()
            sock.bind((host.address, 7000))
            sock.connect((host.peer, 5000))
            sock.sendall(b"x" * 100)
            time.sleep(0.1)
            if goes_away:
                sock.setsockopt(socket.IPPROTO_TCP, 19, 1)  # TCP_REPAIR: it is closed without a word
            sock.close()
        time.sleep(0.1)


class Unreachable(Scene):
    def a(self, host):
        host.connect()

    def b(self, host):
        host.tell()
        time.sleep(0.1)

    def rule(self, packet, again, number):
        return packet.icmp_error(3, 1)


class NoPort(Unreachable):
    def rule(self, packet, again, number):
        return packet.icmp_error(3, 3)


class Aborted(Scene):
    def a(self, host):
        sock = host.connect()
        sock.sendall(PAYLOAD)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def rule(self, packet, again, number):
        return [0.01] if packet.flags & RST else [0]


SCENES = {scene.__name__: scene for scene in Scene.__subclasses__()}
for _ in range(2):
    SCENES.update({one.__name__: one for scene in list(SCENES.values()) for one in scene.__subclasses__()})

if __name__ == "__main__":
    main({name: scene() for name, scene in SCENES.items()})
