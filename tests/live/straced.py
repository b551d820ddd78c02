# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls as strace writes them and as trama-cli does, brought to one form in which they can be compared."""

import re
import socket
import struct

SHOWN_BYTES = 32
EPHEMERAL = 32768  # the lowest port that the kernel chooses, ip_local_port_range of ip(7)

# Of each system call, the arguments that are told: not the sizes of addresses and values.
TOLD = {
    "socket": (0, 1, 2),
    "bind": (0, 1),
    "listen": (0, 1),
    "accept": (0, 1),
    "accept4": (0, 1, 3),
    "connect": (0, 1),
    "read": (0, 1, 2),
    "write": (0, 1, 2),
    "sendto": (0, 1, 2, 3, 4),
    "recvfrom": (0, 1, 2, 3, 4),
    "sendmsg": (0, 1, 2),
    "recvmsg": (0, 1, 2),
    "close": (0,),
    "shutdown": (0, 1),
    "getsockopt": (0, 1, 2, 3),
    "setsockopt": (0, 1, 2, 3),
    "getsockname": (0, 1),
    "getpeername": (0, 1),
    "poll": (0, 2),
    "fcntl": (0, 1, 2),
    "socketpair": (0, 1, 2, 3),
    "unlink": (0,),
    "dup": (0,),
}
SAME = {
    **{"IPPROTO_IP": 0, "SOL_IP": 0, "SOL_TCP": "IPPROTO_TCP", "SOL_UDP": "IPPROTO_UDP", "SOL_IPV6": "IPPROTO_IPV6"},
    **{"SO_RCVTIMEO_OLD": "SO_RCVTIMEO", "SO_SNDTIMEO_OLD": "SO_SNDTIMEO"},
}
# Option values that Trama calls by name and strace by number.
NUMBERS = {
    **{f"IP{six}_PMTUDISC_{name}": at for six in ("", "V6") for at, name in enumerate(("DONT", "WANT", "DO", "PROBE"))},
    **{name: int(getattr(socket, name)) for name in dir(socket) if name.startswith(("AF_", "SOCK_", "IPPROTO_"))},
}
ESCAPES = {"n": 10, "r": 13, "t": 9, "0": 0, '"': 34, "\\": 92}


def split(text):
    """At the commas that stand in no bracket and no string."""
    parts, depth, quoted, begin = [], 0, False, 0
    at = 0
    while at < len(text):
        char = text[at]
        if quoted and char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif not quoted:
            depth += (char in "([{") - (char in ")]}")
            if char == "," and depth == 0:
                parts.append(text[begin:at].strip())
                begin = at + 1
        at += 1
    return [*parts, text[begin:].strip()] if text else []


def unquote(text):
    """The bytes of a string literal, as far as both tell them."""
    data, at = bytearray(), 0
    body = text[1 : text.rindex('"')]
    while at < len(body):
        if body[at] != "\\":
            data += body[at].encode()
            at += 1
        elif body[at + 1] == "x":
            data.append(int(body[at + 2 : at + 4], 16))
            at += 4
        else:
            data.append(ESCAPES[body[at + 1]])
            at += 2
    return bytes(data[:SHOWN_BYTES])


def host_and_port(host, port):
    return f"{host}:{port if int(port) < EPHEMERAL else 'ephemeral'}"


def address(text):
    """{sa_family=AF_INET, …} as Trama writes it."""
    port = re.search(r"htons\((\d+)\)", text)
    host = re.search(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', text)
    path = re.search(r'sun_path=(@?)("[^"]*")', text)
    if port and host:
        name = unquote(f'"{host[1] or host[2]}"').decode()
        return host_and_port(name if host[1] else f"[{name}]", port[1])
    if path:
        return path[1] + unquote(path[2]).decode()
    return "(unnamed)" if "AF_UNIX" in text else "AF_UNSPEC"


def message(text):
    """{msg_name=…, msg_iov=…}: data, size, name, descriptors, and flags where there are some."""
    data = re.search(r'iov_base=("(?:[^"\\]|\\.)*"|NULL|0x\w+)(?:\.\.\.)?, iov_len=(\d+)', text)
    name = re.search(r"msg_name=(\{.*?\}), msg_namelen", text)
    rights = re.search(r"cmsg_data=\[([^]]*)\]", text)
    flags = re.search(r"msg_flags=([^}]+)\}$", text)
    parts = [data[1], data[2]]
    parts += [name[1]] if name else []
    parts += [f"rights [{rights[1]}]"] if rights else []
    return parts, [flags[1]] if flags else []


def value(text):
    """One argument of either writing; None: it tells nothing."""
    text = re.sub(r" /\* .*? \*/", "", text)
    if text == "NULL" or re.fullmatch(r"0x[0-9a-f]{5,}", text):
        return None
    if text.startswith('"'):
        return unquote(text)
    if "sa_family=" in text:
        return address(text)
    if re.fullmatch(r"-?(0x)?[0-9a-f]+", text) and not text.isalpha():
        return int(text, 0)
    if text.startswith(("{", "[{", "[")) and not re.match(r"\[[0-9a-f:.]*\]:", text):
        inner = [re.sub(r"^\w+=", "", part) for part in split(text[1:-1])]
        values = tuple(value(part) for part in inner)
        return values[0] if len(values) == 1 and not text.startswith("[{") else values
    port = re.fullmatch(r"(.+):(\d+)", text)
    if port:
        return host_and_port(port[1], port[2])
    if re.fullmatch(r"[A-Z0-9_|]+", text):
        names = frozenset(SAME.get(name, name) for name in text.split("|")) - {"O_RDONLY"}
        return next(iter(names), 0) if len(names) < 2 else names
    return text


def option_value(option, seen):
    """The value of an option: numbers, or text without its 0."""
    if isinstance(seen, str):
        return NUMBERS.get(seen, seen)
    if option in ("SO_RCVTIMEO", "SO_SNDTIMEO") and isinstance(seen, bytes):
        return struct.unpack("<qq", seen)
    if option in ("TCP_CONGESTION", "SO_BINDTODEVICE"):
        return (seen.to_bytes(4, "little") if isinstance(seen, int) else seen).rstrip(b"\0")
    return seen


def without_identity(name, values):
    """An echo reply without its checksum and the identifier, which the kernel chooses, icmp(7)."""
    data = values[1] if name.startswith("recv") and len(values) > 1 else None
    if isinstance(data, bytes) and len(data) >= 8 and data[0] in (0, 129) and data[1] == 0:
        return [values[0], data[:2] + bytes(4) + data[6:], *values[2:]]
    return values


def normal(name, values):
    values = [seen for seen in values if seen is not None]
    if name.endswith("sockopt") and len(values) == 4:
        values[3] = option_value(values[2], values[3])
    return without_identity(name, values)


def outcome(text):
    """Result and error. A call that a signal ends is told to strace as one to be begun again."""
    text = text.strip()
    if "ERESTART" in text:
        return -1, "EINTR"
    if text.startswith("?"):
        return None, None
    found = re.match(r"(-?\w+)(?: ([A-Z]\w+))?", text)
    return int(found[1], 0), found[2] if found[1] == "-1" else None


def from_strace(line):
    """Name, arguments, result and error of a line of strace; None: it is none of ours."""
    found = re.match(r"(\w+)\((.*?)(?:\) += (.*)| <unfinished \.\.\.>\)? *(?:= \?)?)$", line)
    if not found or found[1] not in TOLD:
        return None
    name, args = found[1], split(found[2])
    told = [args[at] for at in TOLD[name] if at < len(args)]
    if name in ("sendmsg", "recvmsg"):
        parts, flags = message(args[1])
        told = [args[0], *parts, args[2], *(flags if name == "recvmsg" and flags != ["0"] else [])]
    if name in ("sendto", "recvfrom") and len(args) > 4 and args[4] == "NULL":
        name = {"sendto": "send", "recvfrom": "recv"}[name]
    return (name, normal(name, map(value, filter(None, told))), *outcome(found[3] or "?"))


def from_trama(call):
    """The same of an object of "trama-cli calls --json"."""
    values = normal(call["name"], map(value, split(call["args"][1:-1])))
    return call["name"], values, call["result"], call["error"]


def without_restarts(lines):
    """A child that ends interrupts nobody who did not ask for it: the kernel makes the call again by itself."""
    for line, after in zip(lines, (*lines[1:], "")):
        if not ("ERESTART" in line and after.startswith("--- SIGCHLD")):
            yield line


class Process:
    """What one process called, and the processes it made, in order. Files, as the linker's, are not ours."""

    def __init__(self, path):
        self.calls, self.children = [], []
        files = set()
        for line in without_restarts(path.read_text(encoding="utf-8").splitlines()):
            made = re.match(r"(?:clone3?|v?fork)\(.*\) = (\d+)$", line)
            opened = re.match(r"openat\(.*\) = (\d+)$", line)
            used = re.match(r"(read|close|fcntl)\((\d+)", line)
            if made:
                self.children.append(int(made[1]))
            elif opened:
                files.add(opened[1])
            elif used and used[2] in files:
                files -= {used[2]} if used[1] == "close" else set()
            else:
                self.calls += filter(None, [from_strace(line)])


def read_processes(folder):
    """The processes whose calls are in files calls.PID: the first, and all by their numbers."""
    processes = {int(path.suffix[1:]): Process(path) for path in folder.glob("calls.*")}
    made = {pid for process in processes.values() for pid in process.children}
    (first,) = (process for pid, process in processes.items() if pid not in made)
    return first, processes
