# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may include whom: data moves one way through the house, and so do includes.

The compiler already sees that core has no GTK; this sees the rest.
"""

import re

from tap import TOP, Report, read, tree

# A name with a stroke at its end means the rooms inside it as well.
TO_FLOW = {"core/trace", "core/decode", "core/flow/"}
TO_WHY = TO_FLOW | {"core/why"}
TO_CHART = TO_WHY | {"core/chart"}
WORDS_OF_A_SESSION = {"core/session/library.h", "core/session/recorded.h", "core/session/session.h"}

# Room: the rooms, or single headers, it may lean on besides itself.
MAY_INCLUDE = {
    "core/decode": set(),
    "core/trace": {"core/decode"},
    "core/flow": {"core/trace", "core/decode"},
    "core/flow/labels": {"core/trace", "core/decode", "core/flow"},
    "core/flow/links": {"core/trace", "core/decode", "core/flow"},
    "core/flow/search": {"core/trace", "core/decode", "core/flow"},
    "core/flow/talk": {"core/trace", "core/decode", "core/flow", "core/flow/search"},
    "core/why": TO_FLOW | {"core/capture/link_name.h"},
    "core/chart": TO_WHY,
    "core/socket": {"core/trace", "core/decode"},
    "core/capture": {"core/trace"},
    "core/session": {"core/trace", "core/decode"},
    "core/lab": {"core/trace", "core/decode", "core/socket", "core/capture", "core/session"},
    "core/source": {"core/trace"},
    "ui/paint": TO_CHART,
    "ui": TO_CHART | {"ui/paint", "core/source"},
    "ui/inspector": TO_FLOW | {"ui"},
    "ui/ladder": TO_CHART | {"ui/paint", "ui"},
    "ui/lists": TO_WHY | {"ui"},
    "ui/session": {"core/trace", "ui/paint", "ui"} | WORDS_OF_A_SESSION,
    "ui/window": TO_CHART | {"ui/", "core/source"} | WORDS_OF_A_SESSION,
    "app": {"core/", "ui/"},
    "tests": {"core/", "ui/", "app"},
}

# A system header, where it must not stand, and why.
FORBIDDEN = [
    (r"(gtk|gdk|gsk)/", r"core/|ui/paint/", "core and paint work without a display"),
    (r"pcap", r"(?!core/capture/|tests/)", "core/capture is the one door to libpcap"),
    (r"sys/socket\.h", r"ui/", "the window opens no socket"),
]

PAST_THE_CANVAS = r"\b(?:cairo_(?:fill|stroke|clip|paint|mask|save|restore|show)\w*|trama_text_draw) \((?!\))"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):
    """The longest room that holds a path."""
    return max((room for room in MAY_INCLUDE if str(path).startswith(room + "/")), key=len, default=None)


def may_include(room, header):
    allowed = MAY_INCLUDE[room]
    return (
        room_of(header) in {room, *allowed}
        or header in allowed
        or any(header.startswith(other) for other in allowed if other.endswith("/"))
    )


def wrong_direction(path):
    room = room_of(path)
    for mark, header in INCLUDE.findall(read(path)):
        if mark == "<" or header == "config.h" or header.endswith("-resources.h"):
            continue
        if not (TOP / header).is_file():
            yield f'{path}: "{header}" is not a path from the root'
        elif room is None:
            yield f"{path}: is in no room that this lint knows"
        elif not may_include(room, header):
            yield f"{path}: {room} may not lean on {header}"


def forbidden(path, header_pattern, place_pattern, why):
    if re.match(place_pattern, str(path)):
        for mark, header in INCLUDE.findall(read(path)):
            if mark == "<" and re.match(header_pattern, header):
                yield f"{path}: includes <{header}>, but {why}"


def past_the_canvas():
    """Drawn on cairo alone, a thing would be missing where SVG is written."""
    for path in tree(".c"):
        if re.match(r"ui/paint/(legend|paint(?!_overview)).*\.c", str(path)):
            for call in re.findall(PAST_THE_CANVAS, read(path)):
                yield f"{path}: {call}: the canvas has a brush for it"


report = Report()
sources = tree(".c", ".h")
for room in MAY_INCLUDE:
    files = [path for path in sources if room_of(path) == room]
    report.case(f"{room} includes only what it may", (c for path in files for c in wrong_direction(path)))
for header, place, why in FORBIDDEN:
    report.case(why, (c for path in sources for c in forbidden(path, header, place, why)))
report.case("the ladder is drawn through the canvas", past_the_canvas())
report.case(
    "entry points have no logic of their own",
    (
        f"{path}: {lines} lines, 250 at most"
        for path in tree(".c")
        if path.parts[0] == "app" and (lines := read(path).count("\n")) > 250
    ),
)
report.finish()
