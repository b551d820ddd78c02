# SPDX-License-Identifier: GPL-3.0-or-later
"""What the steps of a session do: expectations, captions, rests, repetitions, processes, signals, settings."""

import pathlib
import signal
import time

from live import ENVIRONMENT, case, cli, differ, finish, lacks, quiet, write_session
from trace import CALLS, Trace

CAPTION = 1

# Two guests, each served by a process of its own.
FORKING = """session "A concurrent server"
server:
    say "It waits."
    say[es] "Espera."
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    signal open
    repeat 2:
        hand = accept(door)
        fork worker:
            close(door)
            read(hand, 64) = 5 "Hello"
            write(hand, received(hand)) = 5
            close(hand)
        close(hand)
    close(door)
    exit 3
one:
    wait open
    hand = socket(AF_INET, SOCK_STREAM, 0)
    connect(hand, 127.0.0.1:5000) = 0
    write(hand, "Hello")
    read(hand, 64) = 5 "Hello"
    read(hand, 64) = 0
    close(hand)
two:
    wait open
    hand = socket(AF_INET, SOCK_STREAM, 0)
    connect(hand, 127.0.0.1:5000)
    write(hand, "Hello")
    read(hand, 64) = 5 "Hello"
    read(hand, 64) = 0
    close(hand)
"""

# A signal with a handler interrupts a call; one without ends the process; write(2) without a peer is SIGPIPE.
SIGNALS = """session "Signals"
keeper:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 5)
    accept(door) = -1 EINTR
    signal interrupted
    accept(door)
killer:
    sleep 10ms
    kill keeper SIGUSR1
    wait interrupted
    sleep 10ms
    kill keeper
    sleep 10ms
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 1)
    close(door)
caller:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    write(phone, "x") = SIGPIPE
careful:
    ignore SIGPIPE
    phone = socket(AF_INET, SOCK_STREAM, 0)
    write(phone, "x") = -1 EPIPE
    close(phone)
"""

TOO_LATE = """session "Too late"
early:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    close(phone)
late:
    sleep 50ms
    kill early
"""

# The last that was forked, or one by its number; nobody is what was not forked yet.
FORKED = """session "Killed forks"
parent:
    u, v = socketpair(AF_UNIX, SOCK_STREAM, 0)
    repeat 3:
        fork worker:
            read(v, 1)
        kill worker
    fork slow:
        read(v, 1) = -1 EINTR
        read(v, 1)
    sleep 50ms
    kill slow SIGALRM
    signal go
stranger:
    wait go
    sleep 50ms
    kill slow SIGTERM
"""

UNFORKED = """session "Nobody yet"
early:
    kill worker 2
late:
    sleep 50ms
    repeat 2:
        fork worker:
            sleep 1ms
"""

# In a private folder, and a new one each time: nobody has bound this name before.
UNIX = """session "By name"
server:
    door = socket(AF_UNIX, SOCK_STREAM, 0)
    bind(door, unix("phone"))
    listen(door, 1)
    signal open
    hand = accept(door)
    read(hand, 16) = 2 "hi"
    close(hand)
    close(door)
client:
    wait open
    phone = socket(AF_UNIX, SOCK_STREAM, 0)
    connect(phone, unix("phone"))
    write(phone, "hi")
    close(phone)
    again = socket(AF_UNIX, SOCK_STREAM, 0)
    bind(again, unix("phone")) = -1 EADDRINUSE
    close(again)
"""

SETTINGS = """session "Settings"
lab:
    mtu 576
    time 5s
    net.ipv4.ip_default_ttl 7
server:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 1)
    signal open
    hand = accept(door)
    read(hand, 2000) = 1000 fill(1000)
    close(hand)
    close(door)
client:
    wait open
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:5000)
    write(phone, fill(1000))
    close(phone)
"""


def run(name, text, *options):
    """The session's end and its trace."""
    done = cli("run", write_session(name, text), "-q", "-w", f"{name}.pcapng", *options)
    return done, Trace(f"{name}.pcapng")


def fails(name, text, *parts):
    done, trace = run(name, text)
    yield from differ("exit status", done.returncode, 1)
    yield from differ("lines of messages", len(done.stderr.splitlines()), 1)
    yield from lacks("the message", done.stderr, f"trama-cli: {name}: ", *parts)
    yield from differ("outcome", [end["ok"] for end in trace.get("outcome")], [0])


def statuses(trace):
    """The wait status of each actor, by name."""
    return {actor["name"]: actor["status"] for actor in trace.get("actor") if actor["end_ns"] > 0}


@case
def forking():
    """a server forks for each guest: the children are actors, called worker and worker 2, and all end well"""
    done, trace = run("forking", FORKING)
    yield from quiet(done)
    served = ["close", "read", "write", "close"]
    yield from differ("worker", trace.calls_of("worker"), served)
    yield from differ("worker 2", trace.calls_of("worker 2"), served)
    wanted = "socket bind listen accept fork close accept fork close close exit".split()
    yield from differ("server", trace.calls_of("server"), wanted)
    pids = {actor["name"]: actor["pid"] for actor in trace.get("actor")}
    forked = [call["result"] for call in trace.get("return") if CALLS[call["name"]] == "fork"]
    yield from differ("what fork gave", forked, [pids["worker"], pids["worker 2"]])
    ended = {"server": 3 << 8, "one": 0, "two": 0, "worker": 0, "worker 2": 0}
    yield from differ("wait statuses", statuses(trace), ended)
    exits = [call["id"] for call in trace.get("call") if CALLS[call["name"]] == "exit"]
    returned = {call["id"] for call in trace.get("return")}
    yield from differ("exits, and those that came back", (len(exits), returned.intersection(exits)), (1, set()))


@case
def captions():
    """a caption is in the user's language, and its actor's"""
    for language, text in (("C.UTF-8", "It waits."), ("es", "Espera.")):
        environment = {**ENVIRONMENT, "LANGUAGE": language}
        path = write_session("captions", FORKING)
        quietly = cli("run", path, "-q", "-w", "captions.pcapng", env=environment)
        yield from differ("exit status", quietly.returncode, 0)
        notes = [(note["kind"], note["actor"], note["text"]) for note in Trace("captions.pcapng").get("note")]
        yield from differ(f"notes for {language}", notes, [(CAPTION, 1, text)])


@case
def signals():
    """kill, a handler, SIGPIPE wanted and ignored: each as the kernel has it, and no failure"""
    done, trace = run("signals", SIGNALS)
    yield from quiet(done)
    wanted = {"keeper": signal.SIGKILL, "killer": 0, "caller": signal.SIGPIPE, "careful": 0}
    yield from differ("wait statuses", statuses(trace), wanted)


@case
def too_late():
    """who has ended cannot be killed: ESRCH, and the session says so"""
    yield from fails("late", TOO_LATE, "late, line 7: kill(", ", SIGKILL) = -1 ESRCH: No such process")


@case
def too_many():
    """the seventeenth fork is not tried"""
    text = 'session "Rabbits"\nrabbit:\n    repeat 17:\n        fork kit:\n            sleep 100ms\n'
    yield from fails("rabbits", text, "rabbit, line 4: one session can fork 16 processes at most; repeat it less often")
    yield from differ("kits", len({a["id"] for a in Trace("rabbits.pcapng").get("actor")}), 17)


@case
def killed_forks():
    """forked processes are killed by name: the last, or one by its number; one not forked yet is named"""
    done, trace = run("forked", FORKED)
    yield from quiet(done)
    ends = {actor["name"]: actor["status"] for actor in trace.get("actor") if actor["end_ns"] > 0}
    kills = [signal.SIGKILL] * 3 + [signal.SIGTERM]
    wanted = dict(zip(["worker", "worker 2", "worker 3", "slow"], kills))
    yield from differ("wait statuses", ends, {"parent": 0, "stranger": 0, **wanted})
    yield from fails("unforked", UNFORKED, 'early, line 3: "worker 2" cannot be killed: it was not forked yet')


@case
def by_name():
    """names of AF_UNIX lie in a folder of the session's own: nothing is left of them, and twice is as good as once"""
    for _ in range(2):
        done, _ = run("unix", UNIX)
        yield from quiet(done)
    yield from differ("left behind", [str(path) for path in pathlib.Path().glob("**/phone")], [])


@case
def expectations():
    """what was not expected ends the session, and what was is said"""
    head = 'session "Wrong"\none:\n    s = socket(AF_INET, SOCK_DGRAM, 0)\n    bind(s, 127.0.0.1:5001)\n'
    ping = '    sendto(s, "Hello?", 127.0.0.1:5001)\n'
    wrong = {
        "sendto(s, \"Hello\", 127.0.0.1:5001) = 4": "line 5: sendto(3, \"Hello\", 5, 0, 127.0.0.1:5001) = 5; 4 was expected",
        ping.strip() + "\n    recvfrom(s, 64) = 6 \"Hello!\"": "line 6: recvfrom(3, \"Hello?\", 64, 0, 127.0.0.1:5001) = 6; from byte 5 on \"!\" was expected",
        ping.strip() + "\n    recvfrom(s, 64) = 6 \"Hello?\" 127.0.0.1:5002": "; 127.0.0.1:5002 was expected",
        "recv(s, 64, MSG_DONTWAIT) = -1 ECONNREFUSED": "= -1 EAGAIN; -1 ECONNREFUSED was expected",
        "recv(s, 64, MSG_DONTWAIT) = 1..5": "= -1 EAGAIN; 1..5 was expected",
        "getsockopt(s, SOL_SOCKET, SO_TYPE) = 0 1": "; SOCK_STREAM was expected",
        "getsockname(s) = 0 127.0.0.1:5": "; 127.0.0.1:5 was expected",
        "poll([s POLLIN | POLLOUT], 0) = 1 POLLIN": "; POLLIN was expected",
        ping.strip() + " = SIGPIPE": "= 6; SIGPIPE was expected",
    }
    for line, message in wrong.items():
        yield from (f"{line}: {complaint}" for complaint in fails("wrong", head + f"    {line}\n", "one, line ", message))
    right = head + "    recv(s, 64, MSG_DONTWAIT) = any\n    recv(s, 64, MSG_DONTWAIT) = -1\n    close(s)\n"
    yield from quiet(run("right", right)[0])


@case
def repetitions():
    """a repetition within a repetition: the inner one is begun anew, and a rest lasts as long as it says"""
    text = (
        'session "Rounds"\none:\n    repeat 3:\n        say "outer"\n        repeat 4:\n            say "inner"\n'
        "    s = socket(AF_INET, SOCK_STREAM, 0)\n    sleep 300ms\n    close(s)\n"
    )
    begin = time.monotonic()
    done, trace = run("rounds", text)
    yield from quiet(done)
    yield from differ("captions", [note["text"] for note in trace.get("note")], ["outer", *["inner"] * 4] * 3)
    if time.monotonic() - begin < 0.3:
        yield "the rest was shorter than 300 ms"
    first, last = trace.get("return")
    if last["entry_ns"] - first["exit_ns"] < 300_000_000:
        yield "between the calls lie less than 300 ms"


@case
def settings():
    """settings hold: an MTU of 576 leaves 524 bytes to a segment, and a TTL of 7 is in each packet"""
    done, trace = run("settings", SETTINGS)
    yield from quiet(done)
    if not trace.packets:
        return
    # Ethernet 14 bytes, then IPv4: its length in bytes 2 and 3, its TTL in byte 8; 20 of TCP, 12 of its timestamps.
    yield from differ("TTLs", {data[14 + 8] for _, data in trace.packets}, {7})
    lengths = [int.from_bytes(data[16:18], "big") for _, data in trace.packets]
    yield from differ("longest", max(lengths), 576)
    yield from differ("full ones", lengths.count(576), 1)


@case
def refused_settings():
    """a setting that the kernel refuses is named with its line, and nothing runs"""
    one = "one:\n    s = socket(AF_INET, SOCK_STREAM, 0)\n    close(s)\n"
    lab = 'session "Refused"\nlab:\n    net.ipv4.tcp_sack 0\n    {}\n'
    yield from fails("unknown", lab.format("net.ipv4.foo 1") + one, "line 4: net.ipv4.foo: No such file")
    yield from fails("wrong", lab.format("net.ipv4.ip_default_ttl x") + one, "line 4: net.ipv4.ip_default_ttl: Invalid")
    yield from fails("congestion", lab.format("congestion nobody") + one, "congestion nobody: No such file", "this kernel allows: ")
    yield from differ("calls", Trace("congestion.pcapng").get("call"), [])


@case
def limits():
    """a session that goes on for ever is stopped: by its steps, by the size of its trace, by its own time"""
    nest = "".join("    " * depth + "repeat 1000000:\n" for depth in range(1, 9)) + "    " * 9 + "signal x\n"
    yield from fails("nest", f'session "Nest"\none:\n{nest}', "stopped after 10000000 steps")
    say = '    repeat 1000000:\n        say "{}"\n'.format("la" * 450)
    yield from fails("say", f'session "Talk"\none:\n{say}', "stopped after 256 MiB of trace")
    pathlib.Path("say.pcapng").unlink()
    brief = 'session "Brief"\nlab:\n    time 500ms\none:\n    wait x\nother:\n    sleep 10s\n    signal x\n'
    begin = time.monotonic()
    yield from fails("brief", brief, "stopped after 0.5 s; one waits for a signal in line 5")
    if time.monotonic() - begin > 5:
        yield "it took more than 5 s"


finish()
