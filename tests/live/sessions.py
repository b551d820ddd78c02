# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of sessions without running them, and of the calls of one that ran."""

import errno
import json
import os
import pathlib
import re

from live import ENVIRONMENT, case, cli, differ, finish, lacks, quiet, write_session

CALL_KEYS = "n actor name args entry_ns exit_ns result error line note".split()

# Two characters that are three bytes each, and a name longer than any other.
LIBRARY = {
    "x": 'session "X"\norder 2\na:\n    s = socket(AF_INET, SOCK_DGRAM, 0)\n    close(s)\n',
    "a-rather-long-name-of-a-session": 'session "電話"\nabout "Rings."\norder 1\na:\n    signal x\n',
}

REFUSED = """session "Refused"
a:
    s = socket(AF_INET, SOCK_STREAM, 0)
    connect(s, 127.0.0.1:9)
"""


@case
def library():
    """the sessions are listed in columns, whatever the lengths of their names, and as JSON"""
    folder = pathlib.Path("library")
    folder.mkdir(exist_ok=True)
    for name, text in LIBRARY.items():
        (folder / f"{name}.session").write_text(text, encoding="utf-8")
    done = cli("sessions", env={**ENVIRONMENT, "TRAMA_SESSIONS": str(folder.resolve())})
    yield from quiet(done)
    wanted = [
        "a-rather-long-name-of-a-session  電話  -        -           Rings.",
        "x                                X   AF_INET  SOCK_DGRAM  -",
    ]
    yield from differ("the list", done.stdout.splitlines(), wanted)
    done = cli("sessions", "--json", env={**ENVIRONMENT, "TRAMA_SESSIONS": str(folder.resolve())})
    yield from quiet(done)
    first, second = map(json.loads, done.stdout.splitlines())
    yield from differ("keys", list(first), "name title domain type about".split())
    yield from differ("the first", list(first.values())[1:], ["電話", None, None, "Rings."])
    yield from differ("the second", list(second.values()), ["x", "X", "AF_INET", "SOCK_DGRAM", None])


@case
def good_sessions():
    """check says what a good session holds, of a name, a path, and a file with any ending"""
    pathlib.Path("lesson.txt").write_text(LIBRARY["x"], encoding="utf-8")
    done = cli("check", "telephone", write_session("good", LIBRARY["x"]), "lesson.txt")
    yield from quiet(done)
    wanted = [
        "telephone: OK (telephone, 2 actors, 13 calls)",
        "./good.session: OK (good, 1 actor, 2 calls)",
        "lesson.txt: OK (lesson.txt, 1 actor, 2 calls)",
    ]
    yield from differ("output", done.stdout.splitlines(), wanted)


@case
def bad_sessions():
    """check says of each bad one where it is, the way compilers do, and goes on to the next"""
    bad = write_session("bad", 'session "T"\na:\n    conect(x)\n')
    done = cli("check", bad, "missing.session", "letter")
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the messages", done.stderr, f"{bad}:3:5: unknown call", '"connect"', "\n    ^\n")
    yield from differ("where the first begins", done.stderr.startswith(bad), True)
    yield from lacks("the messages", done.stderr, "missing.session: ", "No such file or directory")
    yield from differ("the good one", done.stdout, "letter: OK (letter, 2 actors, 9 calls)\n")
    done = cli("check")
    yield from differ("exit status without a file", done.returncode, 2)


@case
def calls():
    """the calls of a run are listed with all that is known of them, in the order in which they were made"""
    done = cli("run", write_session("refused", REFUSED), "-q", "-w", "refused.pcapng")
    yield from differ("exit status of the run", done.returncode, 1)
    done = cli("calls", "--json", "refused.pcapng")
    yield from quiet(done)
    made, refused = map(json.loads, done.stdout.splitlines())
    yield from differ("keys", list(made), CALL_KEYS)
    without_times = [value for key, value in refused.items() if not key.endswith("_ns")]
    yield from differ("connect", without_times, [2, "a", "connect", "(3, 127.0.0.1:9)", -1, "ECONNREFUSED", 4, None])
    times = [made["entry_ns"], made["exit_ns"], refused["entry_ns"], refused["exit_ns"]]
    yield from differ("times", times, sorted(times))
    yield from differ("error of socket", made["error"], None)
    done = cli("calls", "refused.pcapng")
    yield from quiet(done)
    row = r" {4}2  \S+Z  a  connect\(3, 127\.0\.0\.1:9\) = -1 ECONNREFUSED"
    yield from differ("the row", bool(re.fullmatch(row, done.stdout.splitlines()[1])), True)


def read_all(terminal):
    """What was written at the other end: it comes as the kernel moves it there, and then EIO (pty(7))."""
    written = b""
    try:
        while more := os.read(terminal, 65536):
            written += more
    except OSError as error:
        if error.errno != errno.EIO:
            raise
    return written.decode()


@case
def terminal():
    """on a terminal a row of the list is one line, cut where the terminal ends"""
    ours, theirs = os.openpty()
    os.set_inheritable(theirs, True)
    os.system(f"stty cols 60 rows 24 < /dev/fd/{theirs}")
    done = cli("sessions", stdout=theirs)
    os.close(theirs)
    yield from differ("exit status", done.returncode, 0)
    rows = read_all(ours).replace("\r\n", "\n").splitlines()
    os.close(ours)
    yield from differ("rows too long", [row for row in rows if len(row) > 60], [])
    yield from differ("rows that are cut", [row[-1] for row in rows if row.startswith("telephone ")], ["…"])
    yield from differ("rows", len(rows), len(cli("sessions").stdout.splitlines()))


finish()
