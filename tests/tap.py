# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests in Python share: the tree, and a report in the Test Anything Protocol."""

import os
import pathlib
import shutil
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
ROOMS = ("app", "core", "ui", "data", "tests")


def tree(*suffixes):
    """Every file of the project with one of the suffixes, as sorted paths from the top."""
    found = []
    for room in ROOMS:
        for folder, _, names in os.walk(TOP / room):
            if "__pycache__" not in folder:
                found += [pathlib.Path(folder, name).relative_to(TOP) for name in names]
    return sorted(path for path in found if not suffixes or path.name.endswith(suffixes))


def read(path):
    return (TOP / path).read_text(encoding="utf-8")


def run(*command):
    """The combined output of a command that failed, or an empty list."""
    done = subprocess.run(
        command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout.splitlines() or ["no message"] if done.returncode else []


class Report:
    """One line per case; each complaint stands above its case."""

    def __init__(self):
        self.cases = 0
        self.failures = 0

    def case(self, name, complaints):
        complaints = list(complaints)
        self.cases += 1
        for complaint in complaints:
            print("#", complaint)
        print("not ok" if complaints else "ok", self.cases, name, flush=True)
        self.failures += bool(complaints)

    def tool_case(self, name, tool, complaints):
        """As case (), skipped where the tool is not installed; complaints is called."""
        if shutil.which(tool):
            self.case(name, complaints())
        else:
            self.skip(name, f"{tool} is not installed")

    def skip(self, name, reason):
        self.cases += 1
        print("ok", self.cases, name, "# SKIP", reason, flush=True)

    def finish(self):
        print(f"1..{self.cases}")
        sys.exit(1 if self.failures else 0)
