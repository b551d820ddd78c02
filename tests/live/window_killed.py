# SPDX-License-Identifier: GPL-3.0-or-later
"""The window is killed while a session runs in it: its processes end, and what came until then can be read."""

import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

from blocked import BLOCKED, FOUND_WITHIN_S, GONE_WITHIN_S, poll, processes
from live import BUILD, ENVIRONMENT, Skip, case, finish, lacks, run, start

ROUNDS = 6
WAIT_MAX_S = 1.5


class Display:
    """A server of X11 without a screen."""

    def __enter__(self):
        if not shutil.which("Xvfb"):
            raise Skip("Xvfb is not installed")
        ours, theirs = os.pipe()
        with os.fdopen(ours) as told:
            self.server = start("Xvfb", "-displayfd", theirs, "-nolisten", "tcp", pass_fds=[theirs], stderr=subprocess.DEVNULL)
            os.close(theirs)
            number = told.readline().strip()
        if not number:
            raise Skip("Xvfb does not start here")
        return f":{number}"

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()


def open_window(display, home):
    """On a session that blocks, which runs at once since it is one of the library."""
    library = home / "sessions"
    library.mkdir(exist_ok=True)
    (library / "blocked.session").write_text(BLOCKED, encoding="utf-8")
    environment = {
        **ENVIRONMENT,
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "GDK_DEBUG": "gl-disable",
        "GSK_RENDERER": "cairo",
        "GSETTINGS_BACKEND": "memory",
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_RUNTIME_DIR": str(home),
        "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        "TRAMA_SESSIONS": str(library),
    }
    return start(BUILD / "app" / "trama", "blocked", env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def find_actors(window):
    """The window, trama-lab, its process in the loopback and two actors."""
    return len(list(processes(window.pid))) >= 5


def end(window):
    """Kills it; complains about what stays behind."""
    os.kill(window.pid, signal.SIGKILL)
    window.wait()
    if not poll(lambda: not list(processes(window.pid)), GONE_WITHIN_S):
        yield f"left behind: {list(processes(window.pid))}"
        for pid, _, _ in list(processes(window.pid)):
            os.kill(pid, signal.SIGKILL)


def traces(home):
    return list((home / "cache" / "trama").glob("trace-*"))


def has_told(home, *parts):
    """Whether the trace that the window writes meanwhile has come that far."""
    return any(all(part in run(BUILD / "app" / "trama-cli", "read", path).stdout for part in parts) for path in traces(home))


def look_at_left(home, *parts):
    left = traces(home)
    if len(left) != 1:
        yield f"traces left: {left}"
        return
    done = run(BUILD / "app" / "trama-cli", "read", left[0])
    yield from lacks("the ladder", done.stdout, "Nobody comes", *parts, "The trace was cut short.")


@case
def at_any_moment():
    """killed when actors are there, or a while after: nothing runs on, and one trace is left"""
    chance = random.Random("window")
    with Display() as display:
        for count in range(ROUNDS):
            wait_s = chance.uniform(0, WAIT_MAX_S) if count else WAIT_MAX_S
            home = pathlib.Path(f"home-{count}").resolve()
            home.mkdir()
            home.chmod(0o777)
            window = open_window(display, home)
            there = poll(lambda window=window: find_actors(window), FOUND_WITHIN_S)
            time.sleep(wait_s)
            complaints = [] if there else [f"the session does not run: {window.poll()}"]
            blocked = ["accept(3) …", "recvfrom(3, 64, 0) …"] if count == 0 else []
            if wait_s > 0.5:
                poll(lambda home=home, blocked=blocked: has_told(home, "Nobody comes", *blocked), FOUND_WITHIN_S)
            complaints += end(window)
            if wait_s > 0.5:
                complaints += look_at_left(home, *blocked)
            yield from (f"after {wait_s * 1000:.0f} ms: {complaint}" for complaint in complaints)


@case
def while_it_starts():
    """killed at moments of its start: nothing runs on"""
    chance = random.Random("start")
    with Display() as display:
        for _ in range(ROUNDS):
            wait_s = chance.uniform(0, WAIT_MAX_S)
            home = pathlib.Path("home-start").resolve()
            home.mkdir(exist_ok=True)
            home.chmod(0o777)
            window = open_window(display, home)
            time.sleep(wait_s)
            yield from (f"after {wait_s * 1000:.0f} ms: {complaint}" for complaint in end(window))


finish()
