# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call of a save fails once: the old file or the new one is there, whole, and nothing else."""

import errno
import os
import pathlib
import re
import signal
import sys
import tempfile

from captures import bulk, datagram, pcap
from live import ENVIRONMENT, Skip, case, cli, differ, finish, lacks

SHIM = pathlib.Path(sys.argv[2]).resolve()
AT_ONCE_BYTES = 256 << 10
OLD = b"an older trace"
CALLS_MAX = 100



def has_unnamed_files():
    """Whether a temporary file here needs no name, open(2)."""
    try:
        os.close(os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return False
    return True


UNNAMED = has_unnamed_files()

# What each kind of call fails with, and the words for it.
KINDS = {
    "open": (errno.EMFILE, "Too many open files"),
    "write": (errno.ENOSPC, "the disk is full (No space left on device)"),
    "fsync": (errno.EIO, "Input/output error"),
    "link": (errno.ENOSPC, "the disk is full (No space left on device)"),
    "close": (errno.EDQUOT, "the disk quota is used up (Disk quota exceeded)"),
    "rename": (errno.EROFS, "the file system can only be read (Read-only file system)"),
}

# Temporary file and folder are opened, synced and closed; closing the folder has nothing left to lose.
CALLS = {"open": 2, "fsync": 2, "link": int(UNNAMED), "close": 2, "rename": 1}
FOLDER_CLOSED = ("close", 2)


def with_fault(folder, kind, at, error):
    """AddressSanitizer wants to be the first library, but need not be."""
    sanitizer = ENVIRONMENT.get("ASAN_OPTIONS", "")
    return {
        **ENVIRONMENT,
        "LD_PRELOAD": str(SHIM),
        "ASAN_OPTIONS": f"{sanitizer}:verify_asan_link_order=0",
        "FAULT_FOLDER": str(folder),
        "FAULT_KIND": kind,
        "FAULT_AT": str(at),
        "FAULT_ERRNO": str(error),
    }


class Save:
    """One way to save: the capture, the options, whether it goes over itself, and what stood there before."""

    def __init__(self, name, capture, options=(), over_itself=False, old=OLD):
        self.options = options
        self.folder = pathlib.Path(name).resolve()
        self.folder.mkdir()
        self.folder.chmod(0o777)
        self.out = self.folder / "out.pcapng"
        self.source = self.out if over_itself else self.folder.parent / f"{name}.in"
        self.capture = capture
        self.old = capture if over_itself else old
        self.prepare()
        cli("save", self.source, self.out, *options)
        self.new = self.out.read_bytes()

    def prepare(self):
        for path in self.folder.iterdir():
            path.unlink()
        if self.old is not None:
            self.out.write_bytes(self.old)
        self.source.write_bytes(self.capture)

    def found(self):
        """What is there now."""
        names = sorted(path.name for path in self.folder.iterdir())
        return names, self.out.read_bytes() if self.out.exists() else None

    def calls(self, kind):
        return CALLS.get(kind, -(-len(self.new) // AT_ONCE_BYTES))

    def run(self, kind, at, error):
        """Whether the fault was met, and the run with that word taken out."""
        self.prepare()
        done = cli("save", self.source, self.out, *self.options, env=with_fault(self.folder, kind, at, error))
        met = done.stderr.startswith("fault\n") or "\nfault\n" in done.stderr
        done.stderr = done.stderr.replace("fault\n", "", 1)
        return met, done


def after_fault(save, where, done, words):
    """Exit status 1, one message with path and reason, and the old file; or the new one and a message that says so."""
    names, content = save.found()
    wanted = save.new if "are saved" in done.stderr else save.old
    yield from differ(f"{where}: exit status", done.returncode, 1)
    yield from lacks(f"{where}: the message", done.stderr, "trama-cli: ", str(save.out), words)
    yield from differ(f"{where}: messages", done.stderr.count("trama-cli: "), 1)
    yield from differ(f"{where}: names", names, [] if wanted is None else [save.out.name])
    yield from differ(f"{where}: the file is whole", content == wanted, True)


def after_success(save, where, done):
    yield from differ(f"{where}: exit status", (done.returncode, done.stderr), (0, ""))
    names, content = save.found()
    yield from differ(f"{where}: the new file", (names, content == save.new), ([save.out.name], True))


def step(save, kind):
    """The first call of a kind fails, then the second, and so on until there is none."""
    error, words = KINDS[kind]
    for at in range(1, CALLS_MAX):
        met, done = save.run(kind, at, error)
        if not met:
            yield from differ(f"{kind}: calls", at - 1, save.calls(kind))
            yield from after_success(save, f"{kind}: the last run", done)
            return
        if (kind, at) == FOLDER_CLOSED:
            yield from after_success(save, "the folder is closed", done)
            continue
        yield from after_fault(save, f"{kind} {at}", done, words)
    yield f"{kind}: there is no end to them"


def step_all(save):
    yield from differ("there is a new file", save.new != save.old, True)
    for kind in KINDS:
        yield from step(save, kind)


@case
def whole():
    """a copy of the whole over an older file"""
    yield from step_all(Save("whole", bulk()))


@case
def first():
    """a copy where there was no file"""
    yield from step_all(Save("first", bulk(), old=None))


@case
def rewritten():
    """without payload, over the file that it was read from"""
    yield from step_all(Save("rewritten", bulk(), ["--no-payload", "--comments"], over_itself=True))


@case
def chosen():
    """one conversation"""
    yield from step_all(Save("chosen", bulk(), ["--flow", "0", "--comments"]))


@case
def classic():
    """a classic capture that becomes pcapng"""
    yield from step_all(Save("classic", pcap([datagram(bytes(1000))] * 400)))


@case
def killed():
    """killed at any write, it leaves the old file and nothing else"""
    if not UNNAMED:
        raise Skip("the file system has no files without a name")
    for old in (OLD, None):
        save = Save("killed" if old else "killed-first", bulk(), old=old)
        for at in range(1, save.calls("write") + 1):
            met, done = save.run("kill", at, 0)
            yield from differ(f"write {at}", (met, done.returncode), (True, -signal.SIGKILL))
            yield from differ(f"write {at}: left", save.found(), (["out.pcapng"] if old else [], old))


@case
def counted():
    """a full disk is told with the exact count of bytes"""
    save = Save("counted", bulk())
    for at in (1, 2, 3):
        _, done = save.run("write", at, errno.ENOSPC)
        told = re.findall(r"after (\d+) bytes", done.stderr)
        yield from differ(f"write {at}", told, [str((at - 1) * AT_ONCE_BYTES)])


@case
def harmless():
    """a write that takes half or is interrupted, or no files without a name, are no failures"""
    save = Save("harmless", bulk())
    for kind, at, error in (("short", 2, 0), ("write", 2, errno.EINTR), ("open", 1, errno.EOPNOTSUPP)):
        met, done = save.run(kind, at, error)
        yield from differ(f"{kind}: met", met, True)
        yield from after_success(save, kind, done)


os.umask(0o022)
finish()
