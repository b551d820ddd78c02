# SPDX-License-Identifier: GPL-3.0-or-later
"""A session is held, stepped and slowed down, by the commands of core/lab/lab.h and at the terminal."""

import contextlib
import os
import re
import signal
import subprocess
import time

from live import LAB, case, cli, differ, finish, lacks, quiet, start, write_session
from trace import CALLS, Trace

WITHIN_S = 20
QUIET_S = 0.1

# TramaPositionStatus.
RUNNING, GATE, CALL, WAITING, ENDED = range(5)

TALK = """session "A talk"
lab:
    time 2s
server:
    door = socket(AF_INET, SOCK_STREAM, 0)
    bind(door, 127.0.0.1:5000)
    listen(door, 1)
    signal open
    say "Now it waits."
    hand = accept(door)
    read(hand, 16) = 2 "hi"
    close(hand)
    close(door)
client:
    wait open
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:5000)
    write(phone, "hi")
    close(phone)
"""
SERVER = "socket bind listen accept read close close".split()
CLIENT = "socket connect write close".split()
LINES = {"server": 1, "client": 2}


class Lab:
    """trama-lab, and what it has told so far."""

    def __init__(self, text=TALK, held=True):
        pipe = subprocess.PIPE
        self.process = start(LAB, *(["--held"] if held else []), stdin=pipe, stdout=pipe, stderr=pipe)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.data = b""
        self.begin = time.monotonic()
        self.send_bytes(b"session %d talk\n" % len(text.encode()) + text.encode())

    def send_bytes(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *commands):
        self.send_bytes("".join(command + "\n" for command in commands).encode())

    def trace(self):
        with contextlib.suppress(BlockingIOError):
            while more := os.read(self.process.stdout.fileno(), 1 << 16):
                self.data += more
        return Trace(data=self.data)

    def position(self, actor):
        """Where it stands: status and line."""
        told = [at for at in self.trace().get("position") if at["actor"] == LINES[actor]]
        return (told[-1]["status"], told[-1]["line"]) if told else None

    def called(self, actor):
        """Its calls by name; one that has not come back ends in an ellipsis."""
        trace = self.trace()
        returned = {call["id"] for call in trace.get("return")}
        calls = [call for call in trace.get("call") if call["actor"] == LINES[actor]]
        return [CALLS[call["name"]] + ("" if call["id"] in returned else "…") for call in calls]

    def wait(self, what, look, wanted):
        """Complains when it does not become what is wanted, and does not stay so."""
        deadline = time.monotonic() + WITHIN_S
        while look() != wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        time.sleep(QUIET_S)
        return differ(what, look(), wanted)

    def wait_position(self, actor, *wanted):
        return self.wait(f"position of {actor}", lambda: self.position(actor), wanted)

    def wait_calls(self, actor, wanted):
        return self.wait(f"calls of {actor}", lambda: self.called(actor), wanted)

    def end(self, status=0):
        """Complaints about its end; everything it told is in its trace then."""
        os.set_blocking(self.process.stdout.fileno(), True)
        out, err = self.process.communicate(timeout=WITHIN_S)
        self.data += out
        yield from differ("exit status and messages", (self.process.returncode, err), (status, b""))

    def finish(self):
        """To its good end."""
        self.send("run")
        self.process.stdin.flush()
        deadline = time.monotonic() + WITHIN_S
        while not self.trace().get("outcome") and time.monotonic() < deadline:
            time.sleep(0.005)
        yield from self.end()
        yield from differ("outcome", [end["ok"] for end in Trace(data=self.data).get("outcome")], [1])
        yield from differ("calls of the server", self.called_at_end("server"), SERVER)
        yield from differ("calls of the client", self.called_at_end("client"), CLIENT)

    def called_at_end(self, actor):
        return Trace(data=self.data).calls_of(actor)


@case
def held():
    """held, an actor stands before its first call; its time stands still, and it comes to a good end later"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    yield from lab.wait_position("client", WAITING, 15)
    yield from differ("calls", lab.called("server") + lab.called("client"), [])
    time.sleep(2.5)
    yield from differ("still held", lab.position("server"), (GATE, 5))
    yield from lab.finish()


@case
def kernel_is_not_held():
    """stepped into accept, the server blocks there until the client is stepped through connect"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    lab.send("step server", "step server", "step server")
    yield from lab.wait_calls("server", ["socket", "bind", "listen"])
    yield from lab.wait_position("server", GATE, 10)
    yield from lab.wait_position("client", GATE, 16)
    captions = [note["text"] for note in lab.trace().get("note")]
    yield from differ("the caption before accept", captions, ["Now it waits."])
    lab.send("step server")
    yield from lab.wait_calls("server", ["socket", "bind", "listen", "accept…"])
    yield from lab.wait_position("server", CALL, 10)
    lab.send("step client")
    yield from lab.wait_calls("client", ["socket"])
    yield from lab.wait_calls("server", ["socket", "bind", "listen", "accept…"])
    lab.send("step client")
    yield from lab.wait_calls("client", ["socket", "connect"])
    yield from lab.wait_calls("server", ["socket", "bind", "listen", "accept"])
    yield from lab.wait_position("server", GATE, 11)
    yield from lab.finish()


@case
def step_any():
    """a step without a name is taken by the one whose turn it is, as if nobody held them"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    order = []
    for count in range(len(SERVER) + len(CLIENT)):
        lab.send("step")
        deadline = time.monotonic() + WITHIN_S
        while len(lab.trace().get("call")) <= count and time.monotonic() < deadline:
            time.sleep(0.005)
        order = [(call["actor"], CALLS[call["name"]]) for call in lab.trace().get("call")]
        yield from differ("calls after that many steps", len(order), count + 1)
    wanted = [(1, "socket"), (1, "bind"), (1, "listen"), (1, "accept"), (2, "socket"), (2, "connect")]
    wanted += [(1, "read"), (2, "write"), (2, "close"), (1, "close"), (1, "close")]
    yield from differ("the order", order, wanted)
    yield from lab.finish()


@case
def until():
    """all run until one stands before that line; a line of words can be run to as well"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    lab.send("until 9")
    yield from lab.wait_position("server", GATE, 9)
    yield from differ("captions", lab.trace().get("note"), [])
    lab.send("until 18")
    yield from lab.wait_position("client", GATE, 18)
    yield from lab.wait_calls("client", ["socket", "connect"])
    yield from lab.finish()


@case
def pause_and_pace():
    """at a pace, there is that much time between one step and the next; a pause holds what runs"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    begin_ns = time.time_ns()
    lab.send("pace 100", "run")
    yield from lab.finish()
    # A busy machine makes a step late, and the gap behind it short: each is measured from the beginning.
    entries = sorted(call["entry_ns"] - begin_ns for call in Trace(data=lab.data).get("call"))
    for step, entry_ns in enumerate(entries):
        if entry_ns < step * 100e6:
            yield f"step {step} after {entry_ns / 1e6:.1f} ms"
    lab = Lab()
    lab.send("pace 300", "run", "pause", "pace 0")
    yield from differ("few calls", len(lab.trace().get("call")) < 4, True)
    yield from lab.wait("both stand", lambda: (lab.position("server") or (ENDED,))[0] == GATE, True)
    yield from lab.finish()


@case
def other_commands():
    """what is no command is passed over, however long"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    lab.send("", "Step", "step nobody", "until x", "pace 99999999", "run " * 1000, "run now", "\x00\xff")
    lab.send_bytes(b"\xff\xfe\n")
    time.sleep(QUIET_S)
    yield from differ("still held", lab.position("server"), (GATE, 5))
    yield from differ("calls", lab.called("server"), [])
    yield from lab.finish()


@case
def stopped_while_held():
    """the end of the commands stops a session that is held, and leaves nobody behind"""
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    yield from lab.end(2)
    trace = Trace(data=lab.data)
    yield from differ("outcome", [(end["ok"], end["text"]) for end in trace.get("outcome")], [(0, "stopped")])
    ends = [actor["status"] for actor in trace.get("actor") if actor["end_ns"] > 0]
    yield from differ("wait statuses of the actors", ends, [signal.SIGKILL, signal.SIGKILL])


@case
def not_watched():
    """where nobody holds it, a session does not say where its actors stand; after a hold they run"""
    cli("run", "telephone", "-q", "-w", "free.pcapng")
    yield from differ("positions", Trace("free.pcapng").get("position"), [])
    lab = Lab()
    yield from lab.wait_position("server", GATE, 5)
    yield from lab.finish()
    last = {at["actor"]: at["status"] for at in Trace(data=lab.data).get("position")}
    yield from differ("last told", set(last.values()) - {RUNNING, ENDED}, set())


def step(*lines, session="telephone"):
    return cli("run", "--step", "-q", session, input="".join(line + "\n" for line in lines))


@case
def at_the_terminal():
    """run --step says what each step did, and where every actor stands then; its input's end stops it"""
    done = step("s server", "", "")
    yield from quiet(done)
    wanted = """\
▸ server   10  listener = socket(AF_INET, SOCK_STREAM, 0)
  client   21  wait ready  (waits for a signal)
  server  socket(AF_INET, SOCK_STREAM, 0) = 3
▸ server   11  bind(listener, 127.0.0.1:5000)
  client   21  wait ready  (waits for a signal)
  server  bind(3, 127.0.0.1:5000) = 0
▸ server   12  listen(listener, 5)
  client   21  wait ready  (waits for a signal)
  server  listen(3, 5) = 0
▸ server   14  call = accept(listener)
▸ client   22  phone = socket(AF_INET, SOCK_STREAM, 0)
"""
    yield from differ("what was said", done.stdout, wanted)


@case
def blocked_at_the_terminal():
    """a call that blocks is said to, and how it ends"""
    done = step("u 14", "s server", "s client", "s client", "r")
    yield from quiet(done)
    rows = [row.strip() for row in re.sub(r":[3-6]\d{4}", ":port", done.stdout).splitlines()]
    blocks = rows.index("server  accept(3) …")
    yield from differ("where it blocks", rows[blocks + 1], "server   14  call = accept(listener)  (in the call)")
    # Which of the two is back first is the kernel's business.
    connected = rows.index("client  connect(3, 127.0.0.1:5000) = 0")
    if "server  … accept = 4 ← 127.0.0.1:port" not in (rows[connected - 1], rows[connected + 1]):
        yield f"accept is not back beside connect: {rows[connected - 1:connected + 2]}"
    yield from differ("the last", rows[-1], "client  close(3) = 0")


@case
def ends_at_the_terminal():
    """q ends it well; what is no command brings the help; a session that fails says so"""
    yield from quiet(step("q"))
    done = step("hello", "u", "r 5", "pausing", "p x", "u -5", "s server")
    yield from quiet(done)
    yield from differ("helped", done.stdout.count("q: quit"), 6)
    yield from lacks("what came behind it", done.stdout, "server  socket(AF_INET, SOCK_STREAM, 0) = 3")
    wrong = write_session("wrong", 'session "Wrong"\none:\n    s = socket(AF_INET, SOCK_STREAM, 0)\n    bind(s, 127.0.0.1:5000) = -1 EINVAL\n')
    done = step("", "r", session=wrong)
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the message", done.stderr, "one, line 4: bind(3, 127.0.0.1:5000) = 0; -1 EINVAL was expected")
    yield from differ("run and read", cli("read", "--step", "x").returncode, 2)


@case
def mistakes_at_the_terminal():
    """an actor or a line that is not there is said, with what there is; the session goes on"""
    done = step("s nobody", "s cleint", "u 9999", "u 99999999999999999999", "u 1", "s server", "r")
    yield from quiet(done)
    yield from lacks("what was said", done.stdout, *"""\
unknown actor "nobody"; there are: server, client
unknown actor "cleint"; did you mean "client"? There are: server, client
no step stands in line 9999 or behind it; the steps are in lines 10 to 26
no step stands in line 99999999999999999999 or behind it;
  server  socket(AF_INET, SOCK_STREAM, 0) = 3
""".splitlines())
    short = write_session("short", 'session "Short"\none:\n    socket(AF_INET, SOCK_STREAM, 0)\ntwo:\n    sleep 5s\n')
    yield from lacks("of one that has ended", step("s one", "s one", "q", session=short).stdout, "one has ended and takes no more steps")


@case
def words_at_the_terminal():
    """commands may be written out, and what only begins as one does nothing"""
    done = step("step server", "until 14", "step", "pause", "pausing", "quit", "run")
    yield from quiet(done)
    yield from lacks("what came of it", done.stdout, "listen(3, 5) = 0", "accept(3) …")
    yield from differ("helped", done.stdout.count("q: quit"), 1)
    yield from differ("connected", "connect(3" in done.stdout, False)


@case
def paced_at_the_terminal():
    """a pace, a pause, and on: all calls are said, each once"""
    done = step("p 20", session="letter")
    yield from quiet(done)
    rows = [row.split("(")[0].split()[-1] for row in done.stdout.splitlines() if " = " in row and "▸" not in row]
    wanted = sorted("socket bind recvfrom sendto close socket sendto recvfrom close".split())
    yield from differ("calls", sorted(row for row in rows if row in wanted), wanted)


finish()
