# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader is told: the window is driven by keys and read over AT-SPI.

accessible.py BUILD DBUS-RUN-SESSION, on a display of its own; starts itself again on a bus of its own.
"""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tap import Report  # noqa: E402

PATIENCE_S = 60
LADDER = "Ladder of calls and packets"


def frame(source, target, sequence, acknowledgment, flags):
    """IPv4 without a link header, from port to port of 127.0.0.1."""
    tcp = struct.pack("!HHIIBBHHH", source, target, sequence, acknowledgment, 0x50, flags, 65535, 0, 0)
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, b"\x7f\0\0\1", b"\x7f\0\0\1") + tcp


def write_refused(path):
    """A SYN to a port where nobody listens, and the RST that says so."""
    frames = [frame(40000, 5000, 99, 0, 0x02), frame(5000, 40000, 0, 100, 0x14)]
    with open(path, "wb") as file:
        file.write(struct.pack("!IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, data in enumerate(frames):
            file.write(struct.pack("!IIII", 1700000000, number * 10, len(data), len(data)) + data)


def walk(node):
    """The node and all below it; what vanishes meanwhile is left out."""
    yield node
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield from walk(child)


class Window:
    def __init__(self, atspi, build, path):
        self.atspi = atspi
        self.said = tempfile.TemporaryFile(mode="w+")
        # Whose a leak is the sanitizer tells only when it unwinds libraries, too: see tests/leaks.supp.
        options = os.environ.get("ASAN_OPTIONS", "") + ":fast_unwind_on_malloc=0:malloc_context_size=12"
        self.process = subprocess.Popen(
            [build / "app" / "trama", path], stdout=subprocess.DEVNULL, stderr=self.said,
            env={**os.environ, "ASAN_OPTIONS": options.lstrip(":")},
        )

    def find(self, wanted):
        """The first node of the program that is wanted, once there is one."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                for node in self.nodes():
                    if wanted(node):
                        return node
            except Exception as error:  # GLib.Error: the tree changes while it is read
                print("#", error)
            time.sleep(0.2)
        return None

    def nodes(self):
        """All of the program."""
        desktop = self.atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(index)
            if program is not None and program.get_process_id() == self.process.pid:
                yield from walk(program)

    def press(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def focus(self):
        found = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(self.process.pid)],
            stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=True,
        )
        subprocess.run(["xdotool", "windowfocus", "--sync", found.stdout.split()[-1]], check=True)

    def close(self):
        self.alive = self.process.poll() is None
        self.process.terminate()
        self.process.wait()

    def complaints(self):
        """What it wrote, once it is closed."""
        self.said.seek(0)
        yield from (line.rstrip() for line in self.said if line.strip())
        if not self.alive:
            yield "it ended by itself"


def is_ladder(text):
    return lambda node: node.get_name() == LADDER and text in node.get_description()


def expect(window, wanted, complaint):
    if window.find(wanted) is None:
        yield complaint


def journey(report, window):
    report.case(
        "the ladder says that nothing is selected",
        expect(window, is_ladder("Nothing is selected"), f"“{LADDER}” does not say so"),
    )
    window.focus()
    window.press("Down")
    report.case(
        "the ladder tells the event that is selected",
        expect(window, is_ladder("SYN"), "its description has no SYN"),
    )
    window.press("Down")
    report.case("and the next", expect(window, is_ladder("RST"), "its description has no RST"))
    report.case(
        "what was found about it is told",
        expect(
            window,
            lambda node: "5000" in node.get_name() and "listen" in node.get_name(),
            "no card says that nobody listens",
        ),
    )
    window.press("F8")
    report.case(
        "each row of the events is a sentence",
        expect(
            window,
            lambda node: node.get_name().startswith("SYN") and " from " in node.get_name(),
            "no row says who sent the SYN",
        ),
    )
    window.press("F9")
    report.case(
        "findings are told by words",
        expect(window, lambda node: node.get_name() == "✖ problem", "no row is a problem"),
    )


def is_role(node, role):
    return node.get_role_name() in (role, "push " + role)


def is_button(name):
    return lambda node: is_role(node, "button") and node.get_name() == name


def actions(node):
    face = node.get_action_iface()
    return [face.get_action_name(index) for index in range(face.get_n_actions())] if face is not None else []


def do(window, wanted, action):
    """An action of the first node that is wanted and has it."""
    node = window.find(lambda node: wanted(node) and action in actions(node))
    if node is None:
        yield f"nothing that is wanted has {action}"
    elif not node.get_action_iface().do_action(actions(node).index(action)):
        yield f"{action} cannot be done"


def is_written(atspi):
    states = (atspi.StateType.EDITABLE, atspi.StateType.FOCUSED)
    return lambda node: all(node.get_state_set().contains(state) for state in states)


def write(window, text):
    node = window.find(is_written(window.atspi))
    if node is None:
        yield "nothing that one could write in has the focus"
    else:
        node.get_editable_text_iface().set_text_contents(text)


def search(report, window):
    window.press("ctrl+f")
    report.case("a search is written", write(window, "listen"))
    report.case(
        "how many hits there are is told",
        expect(window, lambda node: "1 of 1" in node.get_name(), "no label says “1 of 1”"),
    )
    report.case("and the ladder tells the hit", expect(window, is_ladder("listen"), "its description has no listen"))
    window.press("Escape")


def session(report, window):
    """A session that runs, is searched and run again, and followed; only what is told is looked at."""
    report.case("a session is run", expect(window, is_ladder("Nothing is selected"), "there is no ladder"))
    window.focus()
    window.press("Home")
    report.case("its first call is told", expect(window, is_ladder("socket"), "its description has no socket"))
    search(report, window)
    report.case("run again", do(window, is_button("Run"), "click"))
    report.case(
        "the next run has nothing selected",
        expect(window, is_ladder("Nothing is selected"), "the ladder tells an event of the run before"),
    )
    window.press("ctrl+shift+f")
    report.case(
        "what was said is told",
        expect(window, lambda node: "Speaking!" in node.get_name(), "no row of the stream says “Speaking!”"),
    )
    window.press("ctrl+e")
    report.case(
        "the export tells how large it becomes",
        expect(window, lambda node: "1 page" in node.get_name(), "no label says “1 page”"),
    )


def is_frame(node):
    return "win.run" in actions(node)


def is_named(name):
    return lambda node: node.get_name() == name


def told(window, name):
    """The description of what has that name; empty: there is none."""
    node = window.find(is_named(name))
    return node.get_description() if node is not None else ""


def step_to(window, wanted):
    """From the first event on, until the ladder tells the wanted one."""
    yield from do(window, is_named(LADDER), "ladder.first-event")
    for _ in range(40):
        before = told(window, LADDER)
        if wanted in before:
            return
        yield from do(window, is_named(LADDER), "ladder.next-event")
        yield from expect(
            window, lambda node: node.get_name() == LADDER and node.get_description() != before, f"none after {before}"
        )
    yield f"no event says “{wanted}”"


def is_link(text):
    return lambda node: "link.follow" in actions(node) and text in node.get_name()


def follow(window):
    """Along the chain, and back by a row of the inspector."""
    yield from do(window, is_named(LADDER), "ladder.effect")
    yield from expect(window, is_ladder("SYN, seq 0 from client to server"), "connect() did not lead to its SYN")
    yield from do(window, is_link("connect("), "link.follow")
    yield from expect(window, is_ladder("client calls connect"), "the row of the SYN did not lead to connect()")


def measure(window):
    """How long a call took is what is measured at first; then up to what is selected."""
    took = told(window, LADDER).rpartition("which takes ")[2]
    yield from do(window, is_frame, "win.measure")
    yield from expect(window, is_ladder(f"Measured: {took}. "), f"“Measured: {took}” is not told")
    yield from do(window, is_named(LADDER), "ladder.last-event")
    yield from expect(window, is_ladder("Measured: "), "nothing is measured any more")
    if f"Measured: {took}." in told(window, LADDER):
        yield "what is measured did not change with what is selected"
    yield from do(window, is_named(LADDER), "ladder.select-nothing")
    yield from expect(
        window,
        lambda node: node.get_name() == LADDER and "Measured" not in node.get_description(),
        "it is measured still",
    )


def is_overview(whole):
    """Whether as much is in view as there is: “1 conversation in 1.27 ms. In view: 1.27 ms, from 0 ns on”."""

    def wanted(node):
        if node.get_name() != "Overview of the whole trace":
            return False
        found = re.search(r" in ([^.]+(?:\.\d+)? \S+)\. In view: (.+), from ", node.get_description())
        return found is not None and (found[1] == found[2]) == whole

    return wanted


def zoom(window):
    """Nearer, less is in view; fitted, as much as there is."""
    yield from do(window, is_button("Show the whole trace"), "click")
    yield from expect(window, is_overview(True), "not all is in view")
    yield from do(window, is_button("Zoom in"), "click")
    yield from expect(window, is_overview(False), "no less is in view")
    yield from do(window, is_button("Show the whole trace"), "click")
    yield from expect(window, is_overview(True), "not all is in view again")


def export(window, path):
    """By the dialog and the chooser of files, which is GTK's own: there, mnemonics are part of the names."""
    yield from do(window, is_frame, "win.export")
    yield from expect(window, is_named("1 page of 297 × 210 mm"), "no label says how large it becomes")
    yield from do(window, is_button("Export…"), "click")
    node = window.find(lambda node: node.get_name() == "Name:" and node.get_editable_text_iface() is not None)
    if node is None:
        yield "no file is asked for"
        return
    node.get_editable_text_iface().set_text_contents(path)
    yield from do(window, lambda node: node.get_name().endswith(" Save"), "click")
    end = time.monotonic() + PATIENCE_S
    while not os.path.exists(path) and time.monotonic() < end:
        time.sleep(0.1)
    if not os.path.exists(path):
        yield "nothing was written"
    elif not pathlib.Path(path).read_bytes().rstrip().endswith(b"%%EOF"):
        yield "what was written is no whole PDF"


def cancel(window):
    yield from do(window, is_frame, "win.export")
    yield from do(window, is_button("Cancel"), "click")
    yield from vanish(window, is_button("Cancel"), "the dialog is still there")


def vanish(window, wanted, complaint):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if not any(wanted(node) for node in window.nodes()):
            return
        time.sleep(0.2)
    yield complaint


def find_underscores(window):
    """A mnemonic is no part of what a button says."""
    names = [node.get_name() for node in window.nodes() if is_role(node, "button")]
    if len(names) < 20:
        yield f"there are {len(names)} buttons"
    for name in names:
        if "_" in name:
            yield f"a button is called “{name}”"


def without_keys(report, window, folder):
    """The whole way, and no key or button is pressed."""
    report.case("AT-SPI: the ladder", expect(window, is_ladder("Nothing is selected"), "there is no ladder"))
    report.case("AT-SPI: select", step_to(window, "client calls connect"))
    report.case("AT-SPI: run", do(window, is_button("Run"), "click"))
    report.case("AT-SPI: the next run", expect(window, is_ladder("Nothing is selected"), "the run before is told"))
    report.case("AT-SPI: select again", step_to(window, "client calls connect"))
    report.case("AT-SPI: follow links", follow(window))
    report.case("AT-SPI: measure", measure(window))
    report.case("AT-SPI: zoom", zoom(window))
    report.case("AT-SPI: open the search", do(window, is_frame, "win.find"))
    report.case("AT-SPI: search", write(window, "listen"))
    report.case("AT-SPI: the hit", expect(window, is_ladder("calls listen"), "the hit is not told"))
    report.case("AT-SPI: export", export(window, os.path.join(folder, "a.pdf")))
    report.case("AT-SPI: give up an export", cancel(window))
    report.case("AT-SPI: follow the stream", do(window, is_frame, "win.stream"))
    report.case("AT-SPI: the stream", expect(window, is_named("server: Speaking!"), "no row says “Speaking!”"))
    report.case("AT-SPI: names without mnemonics", find_underscores(window))


def run_on_own_bus():
    """The services of the bus write to our output too: that is no test's."""
    with subprocess.Popen(
        [sys.argv[2], "--", sys.executable, __file__, sys.argv[1]], stdout=subprocess.PIPE, text=True
    ) as inner:
        for line in inner.stdout:
            print(line if line.startswith(("ok", "not ok", "#", "1..")) else "# " + line, end="", flush=True)
    sys.exit(inner.returncode)


def drive(report, way, window, *arguments):
    try:
        way(report, window, *arguments)
    finally:
        window.close()
    report.case("and nothing was complained of", window.complaints())


def main():
    if len(sys.argv) > 2:
        run_on_own_bus()
    report = Report()
    try:
        import gi

        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
    except (ImportError, ValueError) as error:
        report.skip("the window over AT-SPI", str(error))
        report.finish()
    if shutil.which("xdotool") is None:
        report.skip("the window over AT-SPI", "xdotool is not installed")
        report.finish()
    build = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "refused.pcap")
        write_refused(path)
        drive(report, journey, Window(Atspi, build, path))
        drive(report, session, Window(Atspi, build, "telephone"))
        drive(report, without_keys, Window(Atspi, build, "telephone"), folder)
    report.finish()


main()
