# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that mean harm, and processes that are killed where it hurts: an end, one message, nothing left behind."""

import os
import pathlib
import signal
import sys
import time

from live import CLI, ENVIRONMENT, Skip, case, differ, finish, lacks, port_is_free, run, start, write_session
from trace import Trace

REFUSE = pathlib.Path(sys.argv[2]).resolve()
GONE_WITHIN_S = 5
FOUND_WITHIN_S = 20

# The server's child blocks in read, the client in read, the server in accept.
FORKED = """session "A fork"
server:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    signal open
    hand = accept(door)
    fork worker:
        read(hand, 16)
    accept(door)
client:
    wait open
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:5000)
    read(phone, 16)
"""
NAMES = ["server", "client", "worker"]

UNIX = """session "By name"
lab:
    mtu 576
    net.ipv4.ip_default_ttl 7
one:
    door = socket(AF_UNIX, SOCK_STREAM, 0)
    bind(door, unix("phone"))
    listen(door, 1)
    {}
"""


def processes(session):
    """pid, parent, name and state of who lives in a session of the kernel's, proc(5)."""
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            head, tail = path.read_text(encoding="utf-8").rsplit(")", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent, _, its_session, *_ = tail.split()
        if int(its_session) == session and state not in "ZX":
            pid, name = head.split(" (", 1)
            yield int(pid), int(parent), name, state


def wait_for(look, within_s):
    deadline = time.monotonic() + within_s
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.002)
    return found


def nothing_left(process):
    if not wait_for(lambda: not list(processes(process.pid)), GONE_WITHIN_S):
        yield f"left behind: {list(processes(process.pid))}"
        for pid, *_ in list(processes(process.pid)):
            os.kill(pid, signal.SIGKILL)


def start_forked(text=FORKED):
    """trama-cli on that session, when all three of its actors are asleep; and their pids."""
    command = (CLI, "run", "-q", "-w", "forked.pcapng", write_session("forked", text))
    process = start(*command, stdout=-1, stderr=-1, encoding="utf-8")

    def asleep():
        found = {name: pid for pid, _, name, state in processes(process.pid) if name in NAMES and state == "S"}
        return found if len(found) == 3 else None

    seen = 0
    while seen < 30:
        found = wait_for(asleep, FOUND_WITHIN_S)
        if not found:
            raise TimeoutError("they do not come to rest")
        seen = seen + 1 if asleep() else 0
        time.sleep(0.002)
    return process, found


def stops(name, text, *parts, within_s=20):
    """It is stopped in time, and one message says why."""
    begin = time.monotonic()
    done = run(CLI, "run", "-q", write_session(name, text))
    took_s = time.monotonic() - begin
    yield from differ(f"{name}: exit status", done.returncode, 1)
    yield from differ(f"{name}: lines of messages", len(done.stderr.splitlines()), 1)
    yield from lacks(f"{name}: the message", done.stderr, f"trama-cli: {name}: ", *parts)
    if took_s > within_s:
        yield f"{name}: it took {took_s:.1f} s"


@case
def kill_forked():
    """a forked child is killed, or its parent: it is named, the trace is kept, nobody stays behind"""
    for victim in NAMES:
        process, pids = start_forked()
        os.kill(pids[victim], signal.SIGKILL)
        _, err = process.communicate(timeout=FOUND_WITHIN_S)
        yield from differ("exit status and message", (process.returncode, err), (1, f"trama-cli: forked: {victim} was ended by signal KILL\n"))
        yield from nothing_left(process)
        trace = Trace("forked.pcapng")
        yield from differ("calls of the worker", trace.calls_of("worker"), ["read"])
        yield from differ("outcome", [end["ok"] for end in trace.get("outcome")], [0])


@case
def cause():
    """the one that was killed is named, not who failed because of it"""
    alone = FORKED.replace("    accept(door)\nclient", "    close(hand)\n    accept(door)\nclient").replace("read(phone, 16)", "read(phone, 16) = 1")
    for _ in range(10):
        process, pids = start_forked(alone)
        os.kill(pids["worker"], signal.SIGKILL)
        _, err = process.communicate(timeout=FOUND_WITHIN_S)
        yield from differ("exit status and message", (process.returncode, err), (1, "trama-cli: forked: worker was ended by signal KILL\n"))
        yield from nothing_left(process)


@case
def kill_above_forked():
    """trama-cli or a process of the lab is killed: the forked child goes with it"""
    for depth in range(3):
        process, pids = start_forked()
        parents = {pid: parent for pid, parent, *_ in processes(process.pid)}
        inner = parents[pids["worker"]]
        yield from differ("the child's parent is the server's", inner, parents[pids["server"]])
        victim = [process.pid, parents[inner], inner][depth]
        os.kill(victim, signal.SIGKILL)
        process.communicate(timeout=FOUND_WITHIN_S)
        yield from nothing_left(process)


@case
def crowd():
    """sixteen actors that fork sixteen more, all busy: stopped at the session's own time, and nobody stays behind"""
    head = 'session "Crowd"\nlab:\n    turns off\n    time 1s\n'
    spin = "    repeat 1000000:\n        repeat 1000000:\n            s = socket(AF_INET, SOCK_DGRAM, 0)\n            close(s)\n"
    fork = "    fork kit:\n        repeat 1000000:\n            d = socket(AF_INET, SOCK_DGRAM, 0)\n            close(d)\n"
    text = head + "".join(f"a{i}:\n{fork}{spin}" for i in range(16))
    yield from stops("crowd", text, "stopped after ", within_s=50)


@case
def endless():
    """loops without an end, of calls and of forks"""
    calls = '    repeat 1000000:\n        socket(AF_INET, SOCK_DGRAM, 0) = any\n'
    yield from stops("calls", f'session "Calls"\nlab:\n    time 60s\none:\n{calls}', "stopped after ", within_s=55)
    forks = "    repeat 1000000:\n        fork kit:\n            sleep 1s\n"
    yield from stops("forks", f'session "Forks"\none:\n{forks}', "can fork 16 processes at most")


@case
def full():
    """buffers are filled until the kernel blocks: the session's time ends it, and says where it was"""
    text = (
        'session "Full"\nlab:\n    time 1s\nserver:\n    l = socket(AF_INET, SOCK_STREAM, 0)\n    bind(l, 127.0.0.1:5000)\n'
        "    listen(l, 1)\n    signal open\n    wait never\nclient:\n    wait open\n    s = socket(AF_INET, SOCK_STREAM, 0)\n"
        "    connect(s, 127.0.0.1:5000)\n    repeat 1000:\n        write(s, fill(1048576))\n    signal never\n"
    )
    yield from stops("full", text, "stopped after 1 s", "the call of client in line 15 has not returned")


def on_the_host(folder):
    """Where there is no lab; its folder is made below that one."""
    if not port_is_free(5000):
        raise Skip("port 5000 of the host's loopback is in use")
    folder.mkdir(exist_ok=True)
    os.chmod(folder, 0o700)
    if os.getuid() == 0:
        os.chown(folder, 65534, 65534)
    return {**ENVIRONMENT, "XDG_RUNTIME_DIR": str(folder.resolve())}


@case
def folder_on_the_host():
    """on the host's ground names lie in a folder that is gone afterwards, and settings are said to be without force"""
    place = pathlib.Path("runtime")
    environment = on_the_host(place)
    done = run(REFUSE, "namespaces", CLI, "run", "-q", "-w", "host.pcapng", write_session("unix", UNIX.format("close(door)")), env=environment)
    yield from differ("exit status", done.returncode, 0)
    yield from differ("left behind", list(place.iterdir()), [])
    notes = [note["text"] for note in Trace("host.pcapng").get("note")]
    yield from differ("notes", len(notes), 1)
    yield from lacks("the note", notes[0], "settings", "not in force")


@case
def killed_on_the_host():
    """and gone, too, when the lab was killed"""
    place = pathlib.Path("runtime")
    environment = on_the_host(place)
    command = (REFUSE, "namespaces", CLI, "run", "-q", write_session("unix", UNIX.format("accept(door)")))
    process = start(*command, env=environment, stdout=-1, stderr=-1, encoding="utf-8")
    names = wait_for(lambda: list(place.glob("*/phone")), FOUND_WITHIN_S)
    yield from differ("names in the folder", len(names or []), 1)
    parents = {name: parent for _, parent, name, _ in processes(process.pid)}
    os.kill(parents["one"], signal.SIGKILL)
    _, err = process.communicate(timeout=FOUND_WITHIN_S)
    yield from lacks("the message", err, "trama-cli: unix: the lab ended before the session")
    yield from nothing_left(process)
    yield from differ("left behind", list(place.iterdir()), [])


finish()
