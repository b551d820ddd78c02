# SPDX-License-Identifier: GPL-3.0-or-later
"""What the live tests share: the programs as an ordinary user runs them, and a way to write cases.

A case is a generator of complaints with the case's name as its docstring.
"""

import atexit
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback

from tap import Report

BUILD = pathlib.Path(sys.argv[1]).resolve()
CLI = BUILD / "app" / "trama-cli"
LAB = BUILD / "app" / "trama-lab"
NOBODY = 65534
TIMEOUT_S = 60

# A process that a busy machine keeps from its close for as long finds its peer's FIN acknowledged: the kernel does not
# wait any longer (RFC 9293, section 3.8.6.3). TCP_DELACK_MIN is 40, less what a coarse clock may lack.
DELAYED_ACK_MS = 30

# Root takes off its power for what it starts.
AS_USER = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
KEPT = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    **{name: os.environ[name] for name in KEPT if name in os.environ},
}


class Skip(Exception):
    """This machine lacks what the case needs."""


def make_folder():
    """A folder that belongs to the user who runs the programs; the test works in it."""
    folder = tempfile.mkdtemp(prefix="trama-live-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.getuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    os.chdir(folder)


def start(*command, **options):
    """A command of the user's, in a session of its own, by which what it leaves behind is found."""
    options = {"stdin": subprocess.DEVNULL, "env": ENVIRONMENT, "start_new_session": True, **options}
    return subprocess.Popen([str(word) for word in command], **AS_USER, **options)


def run(*command, input=None, **options):
    """What a command printed, as text, and its exit status."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", **options}
    if input is not None:
        options["stdin"] = subprocess.PIPE
    with start(*command, **options) as process:
        try:
            out, err = process.communicate(input, timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def cli(*arguments, **options):
    return run(CLI, *arguments, **options)


def write_session(name, text):
    """A file in the test's folder; its name as an argument of trama-cli."""
    path = pathlib.Path(name + ".session")
    path.write_text(text, encoding="utf-8")
    return f"./{path}"


def port_is_free(port, kind=socket.SOCK_STREAM):
    """On the host's loopback, where a session runs that has no other."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def differ(what, got, wanted):
    if got != wanted:
        yield f"{what}: {got!r:.2000}, not {wanted!r:.2000}"


def lacks(what, text, *parts):
    """Each of the parts must stand in the text."""
    for part in parts:
        if part not in text:
            yield f"{what} lacks {part!r}: {text!r:.2000}"


def quiet(done, status=0):
    yield from differ("exit status", done.returncode, status)
    yield from differ("standard error", done.stderr, "")


def plain(ladder):
    """A ladder without what no two runs have in common: times, the client's port, and the widths they make."""
    rows = [re.sub(r"^[^│░]*(?=[│░])", "", row) for row in ladder.splitlines()]
    text = re.sub(r"127\.0\.0\.1:[3-6]\d{4}", "127.0.0.1:port", "\n".join(rows))
    return re.sub(r"─+", "─", re.sub(r" +", " ", text))


_cases = []


def case(function):
    _cases.append(function)
    return function


def finish():
    """Runs every case and reports."""
    report = Report()
    make_folder()
    for function in _cases:
        try:
            complaints = list(function())
        except Skip as reason:
            report.skip(function.__doc__, reason)
            continue
        except Exception:  # pylint: disable=broad-except
            complaints = traceback.format_exc().splitlines()
        report.case(function.__doc__, complaints)
    report.finish()
