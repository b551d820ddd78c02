# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a trace of Trama's with nothing but what core/trace/block.h says of it."""

import pathlib
import struct

SECTION, INTERFACE, PACKET, OURS = 0x0A0D0D0A, 1, 6, 0x80545241

# TramaEventKind and, of each record, the attributes that the tests look at: code, name, struct format.
KINDS = {
    4: ("ground", {2: ("kind", "I"), 3: ("packets", "I"), 4: ("error", "i"), 5: ("step", "s")}),
    5: ("actor", {1: ("id", "I"), 2: ("pid", "i"), 4: ("end_ns", "q"), 5: ("status", "i"), 6: ("name", "s")}),
    6: ("call", {1: ("id", "Q"), 2: ("entry_ns", "q"), 10: ("actor", "I"), 11: ("line", "I"), 12: ("name", "H")}),
    7: (
        "return",
        {
            1: ("id", "Q"),
            2: ("entry_ns", "q"),
            3: ("exit_ns", "q"),
            6: ("result", "q"),
            8: ("error", "i"),
            10: ("actor", "I"),
            11: ("line", "I"),
            12: ("name", "H"),
        },
    ),
    8: ("state", {2: ("socket", "Q"), 3: ("actor", "I"), 9: ("tcp_state", "B")}),
    9: ("note", {1: ("time_ns", "q"), 3: ("kind", "I"), 4: ("actor", "I"), 5: ("text", "s")}),
    11: ("outcome", {2: ("ok", "I"), 3: ("packets_dropped", "Q"), 4: ("text", "s"), 5: ("line", "I")}),
    13: ("position", {2: ("actor", "I"), 3: ("line", "I"), 4: ("status", "I")}),
}
CALLS = [
    *("", "socket", "bind", "listen", "accept", "connect", "read", "write", "sendto", "recvfrom", "close"),
    *("accept4", "recv", "recvmsg", "send", "sendmsg", "shutdown", "getsockopt", "setsockopt", "getsockname"),
    *("getpeername", "poll", "fcntl", "socketpair", "unlink", "dup", "fork", "exit", "kill"),
]
SENDING = {"connect", "write", "sendto", "close"}


def blocks(data):
    """Type, offset of the block and its body."""
    at = 0
    while at < len(data):
        kind, total = struct.unpack_from("<II", data, at)
        (again,) = struct.unpack_from("<I", data, at + total - 4)
        if total % 4 or total != again:
            raise ValueError(f"two lengths at byte {at}: {total} and {again}")
        yield kind, at, data[at + 8 : at + total - 4]
        at += total


def attributes(body):
    at = 8
    while at < len(body):
        code, size = struct.unpack_from("<HH", body, at)
        yield code, body[at + 4 : at + 4 + size]
        at += 4 + (size + 3) // 4 * 4


def record(body):
    """The name of the record and its attributes; one that is absent has the value 0."""
    magic, version, kind = struct.unpack_from("<4sHH", body)
    if (magic, version) != (b"TRAM", 1):
        raise ValueError(f"not one of ours: {body[:8]!r}")
    name, known = KINDS.get(kind, ("other", {}))
    values = {field: "" if form == "s" else 0 for field, form in known.values()}
    for code, value in attributes(body):
        if code in known:
            field, form = known[code]
            text = value.rstrip(b"\0").decode() if form == "s" else None
            values[field] = text if form == "s" else struct.unpack("<" + form, value)[0]
    return name, values


def whole(data):
    """The whole blocks at the beginning of what has come so far."""
    at = 0
    while at + 8 <= len(data):
        (total,) = struct.unpack_from("<I", data, at + 4)
        if at + total > len(data):
            break
        at += total
    return data[:at]


class Trace:
    """packets: time and bytes of each; records: by name, in the order of the file."""

    def __init__(self, path=None, data=None):
        self.packets = []
        self.records = {}
        for kind, _, body in blocks(pathlib.Path(path).read_bytes() if data is None else whole(data)):
            if kind == PACKET:
                _, high, low, size = struct.unpack_from("<IIII", body)
                self.packets.append((high << 32 | low, body[20 : 20 + size]))
            elif kind == OURS:
                name, values = record(body)
                self.records.setdefault(name, []).append(values)

    def get(self, name):
        return self.records.get(name, [])

    def calls_of(self, actor):
        """What an actor called, by its name: the last actor of that name."""
        ids = {one["name"]: one["id"] for one in self.get("actor")}
        return [CALLS[call["name"]] for call in self.get("call") if call["actor"] == ids.get(actor)]

    def sending_spans(self):
        """Entry and exit of every call that makes packets."""
        returned = self.records.get("return", [])
        return [(call["entry_ns"], call["exit_ns"]) for call in returned if CALLS[call["name"]] in SENDING]

    def packets_outside_calls(self):
        spans = self.sending_spans()
        for time, data in self.packets:
            if not any(entry <= time <= leave for entry, leave in spans):
                yield f"the packet of {len(data)} bytes at {time} ns lies in no call"
