# SPDX-License-Identifier: GPL-3.0-or-later
"""Every header compiles alone, with no more on its include path than its room may use."""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tap import TOP, Report, run, tree

PACKAGES = {
    "core": ["gio-unix-2.0"],
    "ui/paint": ["gio-unix-2.0", "pangocairo"],
    "ui": ["gio-unix-2.0", "gtk4"],
    "app": ["gio-unix-2.0", "gtk4"],
    "tests": ["gio-unix-2.0", "gtk4"],
}

compiler, build = shlex.split(sys.argv[1]), sys.argv[2]


def commands():
    """Every header of every room, with the command that compiles it."""
    for room, packages in PACKAGES.items():
        flags = subprocess.check_output(["pkg-config", "--cflags", *packages], text=True)
        command = [*compiler, "-std=c17", "-Werror", "-Wall", "-D_GNU_SOURCE", f"-I{TOP}", f"-I{build}"]
        command += [*shlex.split(flags), "-fsyntax-only", "-x", "c", "/dev/null", "-include"]
        for header in tree(".h"):
            inside = [r for r in PACKAGES if str(header).startswith(r + "/")]
            if inside and max(inside, key=len) == room:
                yield header, [*command, str(header)]


report = Report()
work = list(commands())
with ThreadPoolExecutor(os.cpu_count()) as pool:
    for (header, _), complaints in zip(work, pool.map(lambda item: run(*item[1]), work)):
        report.case(f"{header} compiles alone", complaints)
report.finish()
