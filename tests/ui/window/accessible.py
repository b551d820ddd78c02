# SPDX-License-Identifier: GPL-3.0-or-later
"""What a screen reader is told: the window is driven by keys and read over AT-SPI.

accessible.py BUILD DBUS-RUN-SESSION, on a display of its own; starts itself again on a bus of its own.
"""

import os
import pathlib
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
        self.process = subprocess.Popen([build / "app" / "trama", path], stdout=subprocess.DEVNULL)

    def find(self, wanted):
        """The first node of the program that is wanted, once there is one."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                desktop = self.atspi.get_desktop(0)
                for index in range(desktop.get_child_count()):
                    program = desktop.get_child_at_index(index)
                    if program is not None and program.get_process_id() == self.process.pid:
                        for node in walk(program):
                            if wanted(node):
                                return node
            except Exception as error:  # GLib.Error: the tree changes while it is read
                print("#", error)
            time.sleep(0.2)
        return None

    def press(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def focus(self):
        found = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(self.process.pid)],
            stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=True,
        )
        subprocess.run(["xdotool", "windowfocus", "--sync", found.stdout.split()[-1]], check=True)

    def close(self):
        self.process.terminate()
        self.process.wait()


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


def is_button(name):
    return lambda node: node.get_role_name() in ("push button", "button") and node.get_name() == name


def do(window, name):
    """What pressing the button of that name does."""
    node = window.find(is_button(name))
    if node is None:
        yield f"there is no button “{name}”"
    else:
        node.get_action_iface().do_action(0)


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
    report.case("run again", do(window, "Run"))
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


def run_on_own_bus():
    """The services of the bus write to our output too: that is no test's."""
    with subprocess.Popen(
        [sys.argv[2], "--", sys.executable, __file__, sys.argv[1]], stdout=subprocess.PIPE, text=True
    ) as inner:
        for line in inner.stdout:
            print(line if line.startswith(("ok", "not ok", "#", "1..")) else "# " + line, end="", flush=True)
    sys.exit(inner.returncode)


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
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "refused.pcap")
        write_refused(path)
        window = Window(Atspi, pathlib.Path(sys.argv[1]), path)
        try:
            journey(report, window)
        finally:
            window.close()
    window = Window(Atspi, pathlib.Path(sys.argv[1]), "telephone")
    try:
        session(report, window)
    finally:
        window.close()
    report.finish()


main()
