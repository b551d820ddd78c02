# SPDX-License-Identifier: GPL-3.0-or-later
"""A session that would never end is ended. This takes as long as a session may."""

import time

from live import case, cli, differ, finish, lacks, write_session

TIME_LIMIT_S = 30  # TRAMA_LAB_TIME_LIMIT_MS

ENDLESS = """session "Nobody calls"
server:
    listener = socket(AF_INET, SOCK_STREAM, 0)
    bind(listener, 127.0.0.1:5000)
    listen(listener, 5)
    call = accept(listener)
    close(call)
reader:
    letterbox = socket(AF_INET, SOCK_DGRAM, 0)
    bind(letterbox, 127.0.0.1:5001)
    recvfrom(letterbox, 64)
    close(letterbox)
early:
    bell = socket(AF_INET, SOCK_STREAM, 0)
    close(bell)
"""


@case
def endless():
    """at its time limit a session is ended, and who waits in which line is said"""
    begin = time.monotonic()
    done = cli("run", write_session("endless", ENDLESS))
    took_s = time.monotonic() - begin
    yield from differ("exit status", done.returncode, 1)
    yield from differ("lines of messages", len(done.stderr.splitlines()), 1)
    yield from lacks("the message", done.stderr, f"{TIME_LIMIT_S} s", "server in line 6", "reader in line 11")
    yield from differ("early is said to wait", "early" in done.stderr, False)
    yield from lacks("the ladder", done.stdout, "accept(3) …", "recvfrom(3, 64, 0) …")
    if not TIME_LIMIT_S <= took_s < TIME_LIMIT_S + 10:
        yield f"it took {took_s:.1f} s"


finish()
