# SPDX-License-Identifier: GPL-3.0-or-later
"""Captures made by hand for the tests, and nothing but struct to make them."""

import struct

TIME_S = 1700000000


def datagram(payload, source=40122, destination=5000):
    """Ethernet, IPv4 and UDP from 127.0.0.1 to itself; checksums left out."""
    size = len(payload)
    addresses = bytes([127, 0, 0, 1, 127, 0, 0, 1])
    network = struct.pack(">BBHHHBBH", 0x45, 0, 28 + size, 0, 0, 64, 17, 0) + addresses
    return bytes(12) + b"\x08\0" + network + struct.pack(">HHHH", source, destination, 8 + size, 0) + payload


def padded(data):
    return data + bytes(-len(data) % 4)


class Pcapng:
    """Written in the byte order of the last section; order is "<" or ">"."""

    def __init__(self):
        self.data = b""
        self.order = "<"

    def pack(self, form, *values):
        return struct.pack(self.order + form, *values)

    def options(self, options):
        """Pairs of code and value."""
        if not options:
            return b""
        packed = [self.pack("HH", code, len(value)) + padded(value) for code, value in options]
        return b"".join(packed) + self.pack("HH", 0, 0)

    def block(self, kind, body):
        total = 12 + len(padded(body))
        self.data += self.pack("II", kind, total) + padded(body) + self.pack("I", total)

    def section(self, order="<", options=()):
        self.order = order
        self.block(0x0A0D0D0A, self.pack("IHHq", 0x1A2B3C4D, 1, 0, -1) + self.options(options))

    def interface(self, link_type=1, snap=0, options=()):
        self.block(1, self.pack("HHI", link_type, 0, snap) + self.options(options))

    def packet(self, data, time, interface=0, length=None, options=()):
        length = length or len(data)
        head = self.pack("IIIII", interface, time >> 32, time & 0xFFFFFFFF, len(data), length)
        self.block(6, head + padded(data) + self.options(options))

    def obsolete(self, data, time, interface=0, drops=0xFFFF, options=()):
        head = self.pack("HHIIII", interface, drops, time >> 32, time & 0xFFFFFFFF, len(data), len(data))
        self.block(2, head + padded(data) + self.options(options))

    def simple(self, data):
        self.block(3, self.pack("I", len(data)) + data)


def pcap(packets, order="<", nanoseconds=False):
    """Classic, a microsecond or nanosecond from packet to packet."""
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    for number, packet in enumerate(packets):
        data += struct.pack(order + "IIII", TIME_S, number, len(packet), len(packet)) + packet
    return data


def bulk(n=700, size=1000):
    """Many datagrams in one pcapng, more than are written at once."""
    capture = Pcapng()
    capture.section()
    capture.interface(options=[(9, b"\x09")])
    for number in range(n):
        capture.packet(datagram(bytes([number % 256]) * size), TIME_S * 10**9 + number * 1000)
    return capture.data
