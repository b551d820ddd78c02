# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is killed, and whenever: no process stays behind, and what was seen until then is shown."""

import os
import pathlib
import random
import signal
import subprocess
import time

from blocked import BLOCKED, FOUND_WITHIN_S, GONE_WITHIN_S, poll, processes
from live import CLI, LAB, case, differ, finish, lacks, run, start, write_session
from trace import Trace

ROUNDS = 8
WAIT_MAX_S = 0.2


BOTH = ("accept(3) …", "recvfrom(3, 64, 0) …")


class Run:
    """trama-cli on a session that blocks."""

    def __init__(self, *options):
        command = (CLI, "run", write_session("blocked", BLOCKED), *options)
        pipe = subprocess.PIPE
        self.process = start(*command, stdout=pipe, stderr=pipe, encoding="utf-8")
        self.pid = self.process.pid

    def children(self, parents):
        return sorted(pid for pid, parent, _ in processes(self.pid) if parent in parents)

    def find(self, who):
        """The pids at that place of the chain: trama-cli, trama-lab, the one in the loopback, its actors."""
        found = [self.pid]
        for _ in range(["cli", "lab", "inner", "actor"].index(who)):
            found = self.children(found)
        return found

    def kill(self, who, wait_s):
        """One of them, as soon as it is there."""
        time.sleep(wait_s)
        found = poll(lambda: self.find(who), FOUND_WITHIN_S)
        if not found:
            raise TimeoutError(f"no process is {who}")
        os.kill(found[-1], signal.SIGKILL)

    def is_blocked(self):
        """Both actors are asleep, as they will stay."""
        actors = self.find("actor")
        asleep = [pid for pid, _, state in processes(self.pid) if pid in actors and state == "S"]
        return len(asleep) == 2

    def wait_until_blocked(self):
        seen_in_a_row = 0
        while seen_in_a_row < 50:
            seen_in_a_row = seen_in_a_row + 1 if self.is_blocked() else 0
            time.sleep(0.002)

    def wait_until_told(self, part):
        """Both calls have come as far as that file, into which trama-cli writes."""
        self.wait_until_blocked()
        if not poll(lambda: all(call in run(CLI, "read", part).stdout for call in BOTH), FOUND_WITHIN_S):
            raise TimeoutError(f"they are not in {part}")

    def end(self):
        """Its output, its messages, and complaints about what it left behind."""
        try:
            out, err = self.process.communicate(timeout=FOUND_WITHIN_S)
            left = not poll(lambda: not list(processes(self.pid)), GONE_WITHIN_S)
            complaints = [f"left behind: {list(processes(self.pid))}"] if left else []
        finally:
            for pid, _, _ in list(processes(self.pid)):
                os.kill(pid, signal.SIGKILL)
        return out, err, complaints


def kill_often(who, status, *parts):
    """Every second time as soon as it is there; else at moments that are the same in each run of the test."""
    chance = random.Random(who)
    for count in range(ROUNDS):
        wait_s = chance.uniform(0, WAIT_MAX_S) if count % 2 else 0
        cli = Run()
        cli.kill(who, wait_s)
        _, err, left = cli.end()
        complaints = [*left, *differ("exit status", cli.process.returncode, status)]
        if status >= 0:
            complaints += differ("lines of messages", len(err.splitlines()), 1)
            complaints += lacks("the message", err, "trama-cli: blocked: ", *parts)
        yield from (f"after {wait_s * 1000:.0f} ms: {complaint}" for complaint in complaints)


def kill_blocked(who, *parts):
    """When both calls block and were told, so that it is known what must have been seen."""
    cli = Run("-w", f"{who}.pcapng")
    cli.wait_until_told(f"{who}.pcapng.part")
    cli.kill(who, 0)
    out, err, left = cli.end()
    yield from left
    yield from differ("exit status", cli.process.returncode, 1)
    yield from differ("lines of messages", len(err.splitlines()), 1)
    yield from lacks("the message", err, "trama-cli: blocked: ", *parts)
    yield from lacks("the ladder", out, "Nobody comes", *BOTH)


@case
def kill_cli():
    """trama-cli is killed: nothing stays behind"""
    yield from kill_often("cli", -signal.SIGKILL)


def look_at_part(part):
    """What was written until the program was killed can be read, and says that it is not all; soon, it is nothing."""
    done = run(CLI, "read", part)
    yield from differ("exit status", done.returncode in (0, 1), True)
    yield from differ("lines of messages", len(done.stderr.splitlines()), int(done.returncode != 0))
    if done.returncode == 0 and not done.stdout.startswith("The trace is empty"):
        yield from lacks("the ladder", done.stdout, "Nobody comes", "The trace was cut short.")


@case
def kill_writing_cli():
    """trama-cli is killed while it writes: what came until then is in FILE.part, and an old FILE is untouched"""
    chance = random.Random("writing")
    whole, part = pathlib.Path("written.pcapng"), pathlib.Path("written.pcapng.part")
    for count in range(3 * ROUNDS):
        wait_s = chance.uniform(0, WAIT_MAX_S) if count % 3 else 0
        whole.unlink(missing_ok=True)
        if count % 2:
            whole.write_bytes(b"an older trace")
        cli = Run("-w", whole)
        poll(part.exists, FOUND_WITHIN_S)
        cli.kill("cli", wait_s)
        _, _, left = cli.end()
        complaints = [*left, *differ("an old file", count % 2 == 1, whole.exists()), *look_at_part(part)]
        yield from (f"after {wait_s * 1000:.0f} ms: {complaint}" for complaint in complaints)
    whole.unlink(missing_ok=True)
    done = run(CLI, "read", whole)
    yield from differ("exit status without the file", done.returncode, 1)
    yield from lacks("the message", done.stderr, "No such file", "written.pcapng.part")


@case
def part_of_blocked():
    """both calls that blocked when trama-cli was killed are in FILE.part; the next run takes its place"""
    whole, part = pathlib.Path("blocked.pcapng"), pathlib.Path("blocked.pcapng.part")
    cli = Run("-w", whole)
    cli.wait_until_told(part)
    cli.kill("cli", 0)
    _, _, left = cli.end()
    yield from left
    done = run(CLI, "read", part)
    yield from lacks("the ladder", done.stdout, *BOTH, "The trace was cut short.")
    yield from differ("exit status of the next run", run(CLI, "run", "telephone", "-q", "-w", whole).returncode, 0)
    yield from differ("files", (whole.exists(), part.exists()), (True, False))


@case
def kill_lab():
    """trama-lab is killed: exit status 1, one message, nothing stays behind"""
    yield from kill_often("lab", 1, "killed")


@case
def kill_inner():
    """trama-lab's process in the private loopback is killed: the same"""
    yield from kill_often("inner", 1, "signal KILL")


@case
def kill_actor():
    """an actor is killed: the same, and the message names it and the signal"""
    yield from kill_often("actor", 1, " was ended by signal KILL")


@case
def ladder_of_killed_lab():
    """what was seen until trama-lab was killed is printed"""
    yield from kill_blocked("lab", "killed")


@case
def ladder_of_killed_inner():
    """what was seen until its process in the private loopback was killed is printed"""
    yield from kill_blocked("inner", "signal KILL")


@case
def ladder_of_killed_actor():
    """what was seen until an actor was killed is printed"""
    yield from kill_blocked("actor", "reader was ended by signal KILL")


@case
def interrupted():
    """Ctrl+C, a polite SIGTERM and a lost terminal stop it well and leave nothing behind"""
    for number, to_all in ((signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGHUP, True)):
        cli = Run("-w", f"{number}.pcapng")
        cli.wait_until_told(f"{number}.pcapng.part")
        (os.killpg if to_all else os.kill)(cli.pid, number)
        out, err, left = cli.end()
        yield from left
        yield from differ(f"exit status and message of {number}", (cli.process.returncode, err), (1, "trama-cli: stopped\n"))
        yield from lacks("what came until then", out, "accept(3)")


@case
def no_more_commands():
    """the end of its standard input stops trama-lab, and its trace says so"""
    text = BLOCKED.encode()
    pipe = subprocess.PIPE
    with start(LAB, stdin=pipe, stdout=pipe, stderr=pipe) as lab:
        out, err = lab.communicate(b"session %d blocked\n" % len(text) + text, timeout=FOUND_WITHIN_S)
    yield from differ("exit status and messages", (lab.returncode, err), (2, b""))
    pathlib.Path("stopped.pcapng").write_bytes(out)
    trace = Trace("stopped.pcapng")
    yield from differ("outcome", [(end["ok"], end["text"]) for end in trace.records["outcome"]], [(0, "stopped")])
    ends = [actor["status"] for actor in trace.records["actor"] if actor["end_ns"] > 0]
    yield from differ("wait statuses of the actors", ends, [signal.SIGKILL, signal.SIGKILL])


@case
def no_session():
    """trama-lab without a session says what it is for"""
    for words in ("", "Hello?\n", "session 10 short\nHello", "session 99999999 long\n", "session x\n"):
        done = run(LAB, input=words)
        yield from differ(f"exit status for {words!r}", done.returncode, 4)
        yield from lacks("the message", done.stderr, "trama-lab: ")
        yield from differ("standard output", done.stdout, "")


finish()
