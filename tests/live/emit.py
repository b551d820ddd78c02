# SPDX-License-Identifier: GPL-3.0-or-later
"""The C programs that sessions are printed as compile without a warning and make the same calls, as strace sees them."""

import concurrent.futures
import json
import pathlib
import re
import shutil

from live import Skip, case, cli, differ, finish, lacks, quiet, run, write_session
from straced import Process, from_trama, read_processes

WARNINGS = "-std=c17 -Wall -Wextra -Werror".split()
COMPILERS = ("gcc", "clang")
LEVELS = ("-O0", "-O2")
NEEDED = ("unshare", "ip", "sysctl", "strace")
SEEN = "network,read,write,close,dup,?poll,fcntl,?unlink,openat,clone,?fork"

# Lessons whose actors only wait before they begin, so that starting one after the other is order enough.
APART = "telephone telephone6 letter unix-stream unix-letter accept-blocks dual-stack ephemeral linger localhost".split()

# Every call of the language and every kind of argument.
SOCKETS = """session "Every call"
lab:
    net.ipv4.tcp_syn_retries 2
server:
    say "A caption so long that it does not stand on one line, with a */ and a ??/ in it, and 'quotes' \\"of\\" both kinds."
    say[es] "Un rótulo."
    int = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)
    setsockopt(int, SOL_SOCKET, SO_REUSEADDR, 1)
    setsockopt(int, SOL_SOCKET, SO_LINGER, {1, 5})
    setsockopt(int, SOL_SOCKET, SO_RCVTIMEO, {0, 40000})
    setsockopt(int, IPPROTO_TCP, TCP_CONGESTION, "reno")
    getsockopt(int, IPPROTO_TCP, TCP_CONGESTION) = 0 "reno"
    getsockopt(int, SOL_SOCKET, SO_ERROR) = 0 0
    getsockopt(int, SOL_SOCKET, SO_LINGER) = 0 {1, 5}
    getsockopt(int, SOL_SOCKET, SO_TYPE)
    bind(int, 127.0.0.1:5000)
    listen(int, 5)
    accept(int) = -1 EAGAIN
    getsockname(int) = 0 127.0.0.1:5000
    fcntl(int, F_SETFL, O_RDONLY)
    fcntl(int, F_GETFL)
    signal ready
    buffer = accept4(int, SOCK_CLOEXEC)
    wait sent
    n = recv(buffer, 64, MSG_PEEK)
    read(buffer, 64) = 7 "Hello?\\n"
    write(buffer, received(buffer))
    write(buffer, fill(4000))
    x = recv(buffer, 64, MSG_DONTWAIT) = any
    poll([buffer POLLIN, int POLLIN | POLLOUT], 5) = 0..2
    poll([buffer POLLOUT | POLLWRNORM], 500) = 1 POLLOUT | POLLWRNORM
    shutdown(buffer, SHUT_WR)
    e = dup(buffer)
    close(e)
    read(buffer, 64) = 0
    close(buffer)
    close(int)
    close(int) = -1 EBADF
client:
    wait ready
    s = socket(AF_INET, SOCK_STREAM, 0)
    connect(s, 127.0.0.1:5000)
    getpeername(s) = 0 127.0.0.1:5000
    write(s, "Hello?\\n")
    signal sent
    recv(s, 7, MSG_WAITALL) = 7 "Hello?\\n"
    recv(s, 4000, MSG_WAITALL) = 4000 fill(4000)
    read(s, 64) = 0
    close(s)
    t = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)
    connect(t, 127.0.0.1:9) = -1 ECONNREFUSED
    close(t)
"""

LOCAL = """session "In one machine"
a:
    u, v = socketpair(AF_UNIX, SOCK_STREAM, 0)
    f = socket(AF_UNIX, SOCK_DGRAM, 0)
    bind(f, unix("phone"))
    g = socket(AF_UNIX, SOCK_DGRAM, 0)
    bind(g, unix("@phone 1"))
    sendto(f, "Hi??!", unix("@phone 1"))
    recvfrom(g, 64) = 5 "Hi??!" unix("phone")
    sendto(g, received(g), sender(g))
    recvmsg(f, 3) = 3 "Hi?" unix("@phone 1")
    sendmsg(f, "yo", unix("@phone 1"))
    recvmsg(g, 64) = 2
    sendmsg(g, received(g), sender(g))
    recvfrom(f, 64, MSG_DONTWAIT) = any
    sendmsg(u, "x", rights(f, g))
    recvmsg(v, 64, rights(d, h)) = 1 "x"
    close(d)
    unlink("phone")
    connect(f, unspec)
    ignore SIGPIPE
    close(v)
    write(u, "x") = -1 EPIPE
b:
    size_t = socket(AF_INET6, SOCK_STREAM, 0)
    bind(size_t, [::]:0)
    t = socket(AF_INET6, SOCK_DGRAM, 0)
    connect(t, [::1]:9)
    sendto(t, "", [::ffff:127.0.0.1]:9) = any
    p = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP)
    sendto(p, echo(1, "payload"), 127.0.0.1:0)
    recvfrom(p, 64)
    recv(p, 64, MSG_DONTWAIT) = -1 EAGAIN
    write(t, "\\x01\\x02\\xff") = any
    sleep 1.5ms
"""

PROCESSES = """session "Processes"
parent:
    u, v = socketpair(AF_UNIX, SOCK_STREAM, 0)
    repeat 3:
        write(u, "x")
        fork worker:
            close(u)
            read(v, 1) = 1 "x"
            repeat 2:
                wait go
            exit 3
    signal go
    signal go
    sleep 20ms
victim:
    k, l = socketpair(AF_UNIX, SOCK_STREAM, 0)
    read(k, 5) = -1 EINTR
    signal caught
    wait never
    exit 1
killer:
    sleep 50ms
    kill victim SIGUSR1
    wait caught
    kill victim
dead:
    m, n = socketpair(AF_UNIX, SOCK_STREAM, 0)
    close(n)
    write(m, "x") = SIGPIPE
giver:
    sleep 300ms
    signal never
waiter:
    wait twice
    fork heir:
        wait twice
        wait twice
        socketpair(AF_UNIX, SOCK_DGRAM, 0)
        exit 4
twice:
    signal twice
    signal twice
"""




# What a signal interrupts, call by call.
INTERRUPTED = """session "Interrupted, all of them"
sleeper:
    u, v = socketpair(AF_UNIX, SOCK_STREAM, 0)
    l = socket(AF_INET, SOCK_STREAM, 0)
    bind(l, 127.0.0.1:5000)
    listen(l, 1)
    signal goes_to_sleep
    read(u, 1) = -1 EINTR
    signal goes_to_sleep
    recv(u, 1) = -1 EINTR
    signal goes_to_sleep
    recvfrom(u, 1) = -1 EINTR
    signal goes_to_sleep
    poll([u POLLIN], -1) = -1 EINTR
    signal goes_to_sleep
    accept(l) = -1 EINTR
    write(v, "abcd")
    signal goes_to_sleep
    recv(u, 10, MSG_WAITALL) = 4 "abcd"
    close(u)
waker:
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGUSR1
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGUSR2
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGALRM
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGURG
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGUSR1
    wait goes_to_sleep
    sleep 60ms
    kill sleeper SIGUSR1
"""

# Forked processes, killed by their parent, by another process and by each other.
KILLED = """session "Killed forks"
parent:
    u, v = socketpair(AF_UNIX, SOCK_STREAM, 0)
    fork near:
        signal near_is_there
        read(v, 5) = -1 EINTR
        signal near_is_caught
        wait never
        exit 1
    wait near_is_there
    sleep 50ms
    kill near SIGUSR1
    wait near_is_caught
    kill near SIGTERM
    repeat 3:
        fork far:
            dup(u)
            signal far_is_there
            wait never
            exit 1
        wait far_is_there
    signal all_are_there
    fork avenger:
        wait one_is_dead
        kill far 1
        close(u)
    wait never
killer:
    wait all_are_there
    kill far 3
    kill far 2 SIGTERM
    signal one_is_dead
    sleep 300ms
    signal never
"""

def need(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise Skip(f"{tool} is not installed")


def emitted(session, *actor):
    done = cli("c", session, *actor)
    if done.returncode or done.stderr:
        raise RuntimeError(f"trama-cli c {session} {actor}: {done.stderr}")
    return done.stdout


def program_name(program):
    """As its own comment has it."""
    return re.search(r"^ \*     gcc .* -o (\S+) \S+\.c$", program, re.MULTILINE)[1]


def compile_program(program):
    """With every compiler that is here, at every level."""
    name = program_name(program)
    path = pathlib.Path(f"{name}.c")
    path.write_text(program, encoding="utf-8")
    for compiler in filter(shutil.which, COMPILERS):
        for level in LEVELS:
            done = run(compiler, *WARNINGS, level, "-o", name, path)
            if done.returncode or done.stderr:
                yield f"{name}: {compiler} {level}: {done.stderr:.2000}"


def trace_program(program):
    """Runs it the way its own comment says, but under strace and in an empty folder."""
    name = program_name(program)
    folder = pathlib.Path(f"{name}-run").resolve()
    run("mkdir", "-p", folder / "empty")
    strace = f"strace -ff -o {folder}/calls -xx -s 32 -e trace={SEEN} ../../{name}"
    found = re.search(r"^ \*     (unshare .*)$", program, re.MULTILINE)
    command = (found[1] if found else f"./{name}").replace(f"./{name}", strace)
    return run("sh", "-c", command, cwd=folder / "empty"), *read_processes(folder)


def record(session):
    """By actor, what it called in Trama."""
    path = f"{pathlib.Path(session).stem}.pcapng"
    done = cli("run", session, "-q", "-w", path)
    if done.returncode:
        raise RuntimeError(f"trama-cli run {session}: {done.stderr}")
    actors = {}
    for line in cli("calls", "--json", path).stdout.splitlines():
        call = json.loads(line)
        if call["name"] not in ("fork", "exit", "kill"):
            actors.setdefault(call["actor"], []).append(call)
    return actors


def is_open(line):
    """Whether the session leaves it open what comes of the call in that line."""
    return re.search(r"= *any|= *-?\d+\.\.|^\s*poll", line.split("#")[0]) is not None


def compare(who, calls, seen, lines):
    """One process in Trama and under strace."""
    told = [from_trama(call) for call in calls]
    if told and told[-1][2] is None and len(seen) == len(told) - 1:
        told.pop()  # it was killed in this call; here it came too late to make it
    open_ended = [is_open(lines[call["line"] - 1]) for call in calls]
    for number, (ours, theirs) in enumerate(zip(told, seen)):
        if open_ended[number] or ours[2] is None:
            ours, theirs = (ours[0], ours[1][0]), (theirs[0], theirs[1][0])
        if ours != theirs:
            yield f"{who}, line {calls[number]['line']}: {theirs}, not {ours}"
    if len(told) != len(seen):
        yield f"{who}: {len(seen)} calls, not {len(told)}: {seen[len(told):] or told[len(seen):]}"


def descendants(process, processes):
    for pid in process.children:
        yield processes[pid].calls
        yield from descendants(processes[pid], processes)


def same_calls(session, text):
    """The program of all actors makes the calls that the session made."""
    program = emitted(session)
    names = re.search(r"run\[\]\)\(void\) = \{ (.*?) \};", program, re.DOTALL)
    names = re.findall(r"run_(\w+)", names[1]) if names else []
    done, first, processes = trace_program(program)
    yield from (f"{session}: {complaint}" for complaint in quiet(done))
    actors, lines = record(session), text.splitlines()
    stage = [processes[pid] for pid in first.children] if names else [first]
    for name, process in zip(names or list(actors)[:1], stage):
        yield from compare(f"{session}: {name}", actors.pop(name, []), process.calls, lines)
    forked = [calls for process in stage for calls in descendants(process, processes)]
    yield from differ(f"{session}: forked", len(forked), len(actors))
    for calls, seen in zip(sorted(actors.values(), key=sort_key), sorted(forked, key=str)):
        yield from compare(f"{session}: {calls[0]['actor']}", calls, seen, lines)


def sort_key(calls):
    return str([from_trama(call) for call in calls])


def check(session, text):
    """Everything about one session."""
    actors = re.findall(r"^(\w+):", text, re.MULTILINE)
    for actor in actors:
        if actor != "lab":
            yield from compile_program(emitted(session, actor))
    yield from compile_program(emitted(session))
    yield from same_calls(session, text)


def check_all(sessions):
    """Half of the time is spent waiting."""
    need("cc", *NEEDED)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for complaints in pool.map(lambda session: list(check(*session)), sessions):
            yield from complaints


@case
def every_step():
    """sessions with every call, argument and expectation compile and make the same calls"""
    own = {"sockets": SOCKETS, "local": LOCAL, "processes": PROCESSES, "killed-forks": KILLED, "interrupted-all": INTERRUPTED}
    yield from check_all([(write_session(name, text), text) for name, text in own.items()])


@case
def every_option():
    """every option that sessions know by name is one in C, too"""
    need("cc")
    table = (pathlib.Path(__file__).parents[2] / "core/trace/option.c").read_text(encoding="utf-8")
    row = r"^  (INT|NAMED|OPTION) \((\w+), (\w+)(?:, (\w+))?(?:, (TRUE|FALSE))?(?:, (TRUE|FALSE))?\)"
    rows = re.findall(row, table, re.MULTILINE)
    yield from differ("options were found", len(rows) > 50, True)
    values = {"LINGER": "{1, 0}", "TIMEVAL": "{1, 0}", "TEXT": '"lo"'}
    steps = ["s = socket(AF_INET, SOCK_STREAM, 0)"]
    for kind, level, name, what, first, second in rows:
        readable = "FALSE" not in (first if kind == "OPTION" else "")
        writable = "FALSE" not in (second if kind == "OPTION" else first)
        steps += [f"getsockopt(s, {level}, {name})"] if readable else []
        steps += [f"setsockopt(s, {level}, {name}, {values.get(what, 1)})"] if writable else []
    text = 'session "Options"\na:\n    ' + "\n    ".join(steps) + "\n"
    yield from compile_program(emitted(write_session("options", text)))


@case
def library():
    """every session of the library compiles and makes the same calls"""
    listed = [json.loads(line)["name"] for line in cli("sessions", "--json").stdout.splitlines()]
    folder = pathlib.Path(__file__).parents[2] / "data" / "sessions"
    yield from check_all([(name, (folder / f"{name}.session").read_text(encoding="utf-8")) for name in listed])


def parts_of(text):
    """The actors of a session, and which of them wait for others before they begin; None: one does so later, too."""
    waits = {}
    for actor, body in re.findall(r"^(?!lab:)(\w+):\n((?:[ \t#].*\n|\n)+)", text, re.MULTILINE):
        steps = [line.strip() for line in body.splitlines()]
        steps = [step for step in steps if step and not step.startswith(("#", "say"))]
        first = next((at for at, step in enumerate(steps) if not step.startswith("wait ")), len(steps))
        if any(step.startswith(("wait ", "kill ", "fork ")) for step in steps[first:]):
            return None
        waits[actor] = first > 0
    return waits if set(waits.values()) == {False, True} else None


def until_it_blocks(calls):
    """Lines of sh that wait until who is traced there waits for others: strace writes a call's end behind its return."""
    return f"until tail -n 1 {calls} 2>/dev/null | grep -Eq '^(accept|recvfrom)[(][^=]*$'; do kill -0 $! || exit 1; sleep 0.01; done"


def trace_parts(session, waits):
    """Runs the programs of single actors side by side, who waits for nobody first; the processes that strace saw."""
    programs = {actor: emitted(session, actor) for actor in waits}
    name = pathlib.Path(session).stem
    folder = pathlib.Path(f"{name}-parts").resolve()
    run("mkdir", "-p", folder / "empty")
    script = []
    for actor, program in sorted(programs.items(), key=lambda item: waits[item[0]]):
        script += [until_it_blocks(folder / other) for other in waits if waits[actor] and not waits[other]]
        script.append(f"strace -o {folder}/{actor} -xx -s 32 -e trace={SEEN} ../../{program_name(program)} & pids=\"$pids $!\"")
    script.append("for pid in $pids; do wait $pid || exit 1; done")
    shell = re.search(r"^ \*     (unshare .*)exec sh'$", next(iter(programs.values())), re.MULTILINE)
    command = f"{shell[1]}. ./parts.sh'" if shell else "sh ./parts.sh"
    (folder / "empty" / "parts.sh").write_text("\n".join(script) + "\n", encoding="utf-8")
    done = run("sh", "-c", command, cwd=folder / "empty")
    return done, {actor: Process(folder / actor) for actor in waits}


def same_parts(session, text):
    """The programs of its actors, each started by hand, make the calls that the session made."""
    waits = parts_of(text)
    for actor in waits:
        yield from compile_program(emitted(session, actor))
    done, processes = trace_parts(session, waits)
    yield from (f"{session}: {complaint}" for complaint in quiet(done))
    actors = record(session)
    for actor, process in processes.items():
        yield from compare(f"{session}: {actor} alone", actors[actor], process.calls, text.splitlines())


@case
def actors_alone():
    """the programs of single actors, started beside each other, make the same calls as together"""
    need("cc", *NEEDED)
    folder = pathlib.Path(__file__).parents[2] / "data" / "sessions"
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for complaints in pool.map(lambda name: list(same_parts(name, (folder / f"{name}.session").read_text())), APART):
            yield from complaints


@case
def unknown():
    """an actor that is not there is exit status 1, and the nearest one is named"""
    done = cli("c", "telephone", "cleint")
    yield from differ("exit status", done.returncode, 1)
    yield from differ("output", done.stdout, "")
    yield from lacks("the message", done.stderr, '"cleint"', '"client"')
    yield from differ("without a session", cli("c").returncode, 2)
    yield from differ("with too much", cli("c", "telephone", "client", "server").returncode, 2)


finish()
