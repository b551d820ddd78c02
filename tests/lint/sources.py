# SPDX-License-Identifier: GPL-3.0-or-later
"""How every source file looks: licence, layout, sizes, nothing left unfinished."""

import json
import re
import shutil
import subprocess

from tap import TOP, Report, read, run, tree

FUNCTION_LINES_MAX = 100
FILE_LINES_MAX = 800
LAYOUT_VERSION = "14"
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b")
ONE_MACHINE = re.compile(r"(?<![\w.}])/(home|root|work|Users)/\w")


def scripts():
    for path in [*tree(), *(p.relative_to(TOP) for p in (TOP / ".ci").iterdir())]:
        with open(TOP / path, "rb") as file:
            if path.suffix == ".sh" or file.read(19) == b"#!/usr/bin/env bash":
                yield path


def without_licence(paths):
    for path in paths:
        if not any(SPDX in line for line in read(path).splitlines()[:2]):
            yield f"{path}: no {SPDX} at its top"


def matching(paths, pattern):
    for path in paths:
        for number, line in enumerate(read(path).splitlines(), 1):
            if pattern.search(line):
                yield f"{path}:{number}: {line.strip()}"


def long_files():
    lines = sorted(((read(path).count("\n"), path) for path in c_files), reverse=True)
    for count, path in lines[:10]:
        print(f"# {count:4} lines  {path}")
    return [f"{path}: {n} lines, {FILE_LINES_MAX} at most" for n, path in lines if n > FILE_LINES_MAX]


def long_functions():
    tags = subprocess.run(
        ["ctags", "--output-format=json", "--fields=+ne", "--kinds-C=f", "--languages=C", "-f", "-"]
        + [str(path) for path in c_files],
        cwd=TOP,
        stdout=subprocess.PIPE,
        check=True,
    )
    found = []
    for line in tags.stdout.splitlines():
        tag = json.loads(line)
        if "end" in tag:
            found.append((tag["end"] - tag["line"] + 1, f'{tag["path"]}: {tag["name"]}'))
    found.sort(reverse=True)
    for lines, place in found[:10]:
        print(f"# {lines:4} lines  {place}")
    return [f"{p}: {n} lines, {FUNCTION_LINES_MAX} at most" for n, p in found if n > FUNCTION_LINES_MAX]


def has_layout_tool():
    if not shutil.which("clang-format"):
        return False
    said = subprocess.check_output(["clang-format", "--version"], text=True)
    return f"version {LAYOUT_VERSION}." in said


def layout():
    said = run("clang-format", "--dry-run", "-Werror", *map(str, c_files))
    wrong = {line.split(":")[0] for line in said if ": error: " in line}
    return [f"{path}: run clang-format -i on it" for path in sorted(wrong)]


def spaces():
    for path in tree(".c", ".h", ".py", ".build", ".ui", ".xml", ".session", ".css", ".md"):
        text = read(path)
        if "\t" in text or re.search(r" +$", text, re.MULTILINE) or not text.endswith("\n"):
            yield f"{path}: a tab, a space at a line's end, or no newline at the file's end"


c_files = tree(".c", ".h")
shell_files = list(scripts())
texts = tree(".c", ".h", ".py", ".build", ".ui", ".xml", ".in", ".session", ".css", ".md", ".po")
report = Report()
report.case("every source names its licence", without_licence([*c_files, *shell_files, *tree(".py")]))
report.case("nothing is left unfinished", matching([*texts, *shell_files], UNFINISHED))
report.case("no path of one machine", matching([*texts, *shell_files], ONE_MACHINE))
report.case("no tabs, no stray spaces", spaces())
report.case(f"no file is longer than {FILE_LINES_MAX} lines", long_files())
report.tool_case(f"no function is longer than {FUNCTION_LINES_MAX} lines", "ctags", long_functions)
if has_layout_tool():
    report.case("the layout is clang-format's", layout())
else:
    report.skip("the layout is clang-format's", f"needs clang-format {LAYOUT_VERSION}; no two agree")
for path in shell_files:
    report.case(f"bash reads {path}", run("bash", "-n", str(path)))
report.finish()
