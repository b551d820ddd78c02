# SPDX-License-Identifier: GPL-3.0-or-later
"""A session is the same each time: who goes first is not left to chance, core/lab/turns.h."""

import contextlib
import difflib
import os
import re
import subprocess

from live import CLI, DELAYED_ACK_MS, TIMEOUT_S, case, cli, differ, finish, plain, start, write_session

# Three who could all go at once.
CROWD = """session "A crowd"
keeper:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    signal open
    first = accept(door)
    second = accept(door)
    read(first, 16)
    read(second, 16)
    close(first)
    close(second)
    close(door)
one:
    wait open
    hand = socket(AF_INET, SOCK_STREAM, 0)
    connect(hand, 127.0.0.1:5000)
    write(hand, "one")
    close(hand)
two:
    wait open
    hand = socket(AF_INET, SOCK_STREAM, 0)
    connect(hand, 127.0.0.1:5000)
    write(hand, "two")
    close(hand)
"""


@contextlib.contextmanager
def busy_cores():
    """A loop without end on each core."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(os.cpu_count())]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def time_ms(row):
    """When the event of a row of the ladder came."""
    found = re.match(r" *([\d.]+) (µs|ms|s)\b", row)
    return float(found[1]) * {"µs": 0.001, "ms": 1, "s": 1000}[found[2]]


def without_delayed_ack(ladder):
    """A ladder of telephone without the row in which the server's FIN is acknowledged on its own, if that is when
    it came: it is true, and no disorder."""
    rows, fin_ms = [], None
    for row in ladder.splitlines():
        if "FIN ACK seq 11 ack 8" in row:
            fin_ms = time_ms(row)
        is_late = fin_ms is not None and "─ ACK seq 8 ack 12 ─" in row and time_ms(row) - fin_ms >= DELAYED_ACK_MS
        if not is_late:
            rows.append(row)
    return "\n".join(rows)


def unlike(session, times):
    """The lines in which a run differs from the first, but for what a busy machine has its kernel do."""
    first = None
    for count in range(times):
        done = cli("run", session)
        if done.returncode or done.stderr:
            yield f"run {count + 1}: exit status {done.returncode}: {done.stderr}"
        ladder = plain(without_delayed_ack(done.stdout)).splitlines()
        first = first or ladder
        yield from difflib.unified_diff(first, ladder, "run 1", f"run {count + 1}", lineterm="", n=1)


@case
def telephone():
    """twenty runs of telephone in a row are alike"""
    yield from unlike("telephone", 20)


@case
def telephone_under_load():
    """ten runs of telephone with every core busy are alike"""
    with busy_cores():
        yield from unlike("telephone", 10)


@case
def letter():
    """ten runs of letter in a row are alike"""
    yield from unlike("letter", 10)


@case
def letter_under_load():
    """ten runs of letter with every core busy are alike"""
    with busy_cores():
        yield from unlike("letter", 10)


@case
def crowd():
    """ten runs of three who could all go at once are alike"""
    yield from unlike(write_session("crowd", CROWD), 10)


@case
def at_once():
    """eight runs of telephone at once are alike: each has its own port 5000"""
    pipe = subprocess.PIPE
    runs = [start(CLI, "run", "telephone", stdout=pipe, stderr=pipe, encoding="utf-8") for _ in range(8)]
    ended = [process.communicate(timeout=TIMEOUT_S) for process in runs]
    yield from differ("exit statuses", [process.returncode for process in runs], [0] * 8)
    yield from differ("messages", "".join(err for _, err in ended), "")
    ladders = [plain(without_delayed_ack(out)).splitlines() for out, _ in ended]
    for count, ladder in enumerate(ladders[1:], 2):
        yield from difflib.unified_diff(ladders[0], ladder, "run 1", f"run {count}", lineterm="", n=1)


finish()
