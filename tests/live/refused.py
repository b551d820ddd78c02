# SPDX-License-Identifier: GPL-3.0-or-later
"""Where something cannot be had: one message names the step, the errno and the remedy, and the session runs on."""

import pathlib
import re
import shutil
import sys

from live import CLI, Skip, case, differ, finish, lacks, port_is_free, run, write_session
from trace import CALLS, Trace

REFUSE = pathlib.Path(sys.argv[2]).resolve()
HOST, LAB = 2, 1
ON_HOST = "The session ran on the host's loopback; its packets were not observed."
IN_LAB = "The session ran in a private loopback; its packets were not observed."

# What the telephone's two ends call, whatever they run on.
TELEPHONE = {
    1: "socket bind listen accept read write close close".split(),
    2: "socket connect write read close".split(),
}

# Nobody has offered tcpmux, RFC 1078, for long.
CLOSED = """session "Closed"
guest:
    phone = socket(AF_INET, SOCK_STREAM, 0)
    connect(phone, 127.0.0.1:1)
"""


def needs_the_host():
    """Its port must be free there."""
    if not port_is_free(5000):
        raise Skip("port 5000 of the host's loopback is in use")


def in_namespace(*options, prepare):
    """A command that runs another in a user namespace of its own, after something was prepared there."""
    if not shutil.which("unshare") or run("unshare", *options, "true").returncode:
        raise Skip("unshare(1) cannot make a user namespace here")
    return ["unshare", *options, "sh", "-c", prepare + ' && exec "$0" "$@"']


def telephone(place, *parts, where=HOST):
    """The telephone in a place where a step is refused; the parts stand in the message."""
    done = run(*place, CLI, "run", "telephone", "-w", "refused.pcapng")
    if "EADDRINUSE" in done.stdout:
        raise Skip("port 5000 of the host's loopback came into use")
    lack, end = ("no private loopback", ON_HOST) if where == HOST else ("no capture", IN_LAB)
    yield from differ("exit status", done.returncode, 0)
    yield from differ("messages", done.stderr.count("trama-cli: "), 1)
    yield from lacks("the message", done.stderr, f"trama-cli: {lack}: ", *parts, end)
    yield from lacks("the ladder", done.stdout, "packets not observed", "connect(3, 127.0.0.1:5000) = 0")
    yield from lacks("the ladder", done.stdout, 'read = 7 "Hello?\\n"', 'read = 10 "Speaking!\\n"')
    trace = Trace("refused.pcapng")
    grounds = [(ground["kind"], ground["packets"]) for ground in trace.records["ground"]]
    yield from differ("ground: kind and packets", grounds, [(where, 0)])
    yield from differ("packets", len(trace.packets), 0)
    for actor, names in TELEPHONE.items():
        made = [CALLS[call["name"]] for call in trace.records["call"] if call["actor"] == actor]
        yield from differ(f"calls of actor {actor}", made, names)
    again = run(CLI, "read", "refused.pcapng")
    yield from differ("read again: ladder", again.stdout, done.stdout)
    yield from differ("read again: message", again.stderr, done.stderr)


@case
def no_user_namespaces():
    """user namespaces are switched off: unshare, ENOSPC and the sysctl; twice in a row"""
    needs_the_host()
    place = in_namespace("-Ur", prepare="echo 0 > /proc/sys/user/max_user_namespaces")
    for _ in range(2):
        yield from telephone(place, "unshare: ", "(ENOSPC)", "sysctl user.max_user_namespaces=")


@case
def no_network_namespaces():
    """network namespaces are switched off: unshare, ENOSPC and the sysctl"""
    needs_the_host()
    place = in_namespace("-Ur", prepare="echo 0 > /proc/sys/user/max_net_namespaces")
    yield from telephone(place, "unshare: ", "(ENOSPC)", "sysctl user.max_net_namespaces=")


@case
def sandboxed():
    """a seccomp filter forbids namespaces: unshare, EPERM and the sandbox; twice in a row"""
    needs_the_host()
    for _ in range(2):
        yield from telephone([REFUSE, "namespaces"], "unshare: ", "(EPERM)", "sandbox")


@case
def sandboxed_to_death():
    """a seccomp filter kills whoever tries: the same"""
    needs_the_host()
    yield from telephone([REFUSE, "namespaces-deadly"], "unshare: ", "(EPERM)", "sandbox")


@case
def no_capabilities():
    """lo may not be configured: that step and EPERM"""
    needs_the_host()
    yield from telephone([REFUSE, "interface"], "lo mtu: ", "(EPERM)")


@case
def proc_read_only():
    """/proc is read-only: setgroups and EROFS"""
    needs_the_host()
    prepare = "mount --rbind /proc /proc && mount -o remount,bind,ro /proc"
    place = in_namespace("-Urm", prepare=prepare)
    if run(*place, "true").returncode:
        raise Skip("/proc cannot be made read-only here")
    yield from telephone(place, "setgroups: ", "(EROFS)", "/proc")


@case
def no_capture():
    """packets may not be captured: pcap_activate and EPERM, and the session still has a loopback of its own"""
    yield from telephone([REFUSE, "capture"], "pcap_activate: ", "(EPERM)", "packet sockets", where=LAB)


@case
def letter_on_the_host():
    """the letter arrives on the host's loopback too"""
    done = run(REFUSE, "namespaces", CLI, "run", "letter")
    if "EADDRINUSE" in done.stdout:
        raise Skip("port 5001 of the host's loopback is in use")
    yield from differ("exit status", done.returncode, 0)
    yield from lacks("the ladder", done.stdout, 'recvfrom = 13 "How are you?\\n"', 'recvfrom = 15 "All well here.\\n"')


@case
def failure_on_the_host():
    """a session that fails on the host's loopback says both"""
    done = run(REFUSE, "namespaces", CLI, "run", write_session("closed", CLOSED))
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the messages", done.stderr, "guest, line 4: ", "ECONNREFUSED", ON_HOST)


@case
def words_of_a_trace():
    """what a trace says of a failed step cannot command the terminal"""
    trace = pathlib.Path("hostile.pcapng")
    done = run(REFUSE, "capture", CLI, "run", "telephone", "-q", "-w", trace)
    yield from differ("exit status", done.returncode, 0)
    trace.write_bytes(trace.read_bytes().replace(b"pcap_activate", b"pcap\x1b[2J\x07\x9b\x8d\r\n"))
    done = run(CLI, "read", trace)
    found = re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)
    yield from differ("control characters", found, [])
    yield from lacks("the message", done.stderr, "pcap\\x1b[2J")


finish()
