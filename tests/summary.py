# SPDX-License-Identifier: GPL-3.0-or-later
"""Shows what the programs that failed said, counts the test cases in meson's log of a run, and ends
with "N passed, N failed, N skipped".

A program that speaks TAP counts once per case, any other counts once. A program that crashed, timed
out or ended early counts as one failure more when none of its cases already did.
"""

import json
import re
import sys

LINES_SHOWN = 120
CASE = re.compile(r"(not )?ok\b([^#]*)(# *(skip|todo))?", re.IGNORECASE)


def count(run):
    """The passed, failed and skipped cases of one program."""
    passed = failed = skipped = 0
    for line in run.get("stdout", "").splitlines():
        case = CASE.match(line)
        if not case:
            continue
        if case[4] and case[4].lower() == "skip":
            skipped += 1
        elif case[1]:
            failed += 1
        else:
            passed += 1
    if run["result"] in ("OK", "EXPECTEDFAIL"):
        passed += not passed and not failed and not skipped
    elif run["result"] == "SKIP":
        skipped += not skipped
    else:
        failed += not failed
    return passed, failed, skipped


def show(run):
    """The end of what a failed program said."""
    print(f"\n---- {run['name']}: {run['result']}, exit status {run['returncode']}")
    for stream in ("stdout", "stderr"):
        lines = [line for line in run.get(stream, "").splitlines() if not line.startswith("# GLib-")]
        print("\n".join(lines[-LINES_SHOWN:]))


def main(log):
    with open(log, encoding="utf-8") as lines:
        runs = [json.loads(line) for line in lines]
    bad = [run for run in runs if count(run)[1]]
    for run in bad:
        show(run)
    if bad:
        print("\nfailed:", ", ".join(run["name"] for run in bad))
    passed, failed, skipped = (sum(column) for column in zip((0, 0, 0), *map(count, runs)))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if passed and not failed else 1


sys.exit(main(sys.argv[1]))
