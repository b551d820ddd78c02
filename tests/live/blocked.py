# SPDX-License-Identifier: GPL-3.0-or-later
"""A session that blocks until it is killed, and a look at the processes that are there meanwhile."""

import pathlib
import time

GONE_WITHIN_S = 2
FOUND_WITHIN_S = 20

BLOCKED = """session "Nobody comes"
host:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    guest = accept(door)
    close(guest)
reader:
    letterbox = socket(AF_INET, SOCK_DGRAM, 0)
    bind(letterbox, 127.0.0.1:5001)
    recvfrom(letterbox, 64)
    close(letterbox)
"""


def processes(session):
    """pid, parent and state of every process that lives in a session of the kernel's, proc(5)."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, tail = path.read_text(encoding="utf-8").rsplit(")", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent, _, its_session, *_ = tail.split()
        if int(its_session) == session and state not in "ZX":
            yield int(head.split(" ", 1)[0]), int(parent), state


def poll(look, within_s):
    """What it returns when that is something, or at last nothing."""
    deadline = time.monotonic() + within_s
    while True:
        found = look()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.001)
