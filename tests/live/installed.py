# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs as they are after `meson install`, in the place they were configured for.

That place is not touched: the installation goes elsewhere, and is mounted over it in a namespace.
"""

import os
import pathlib
import shutil
import subprocess
import sys

from live import BUILD, ENVIRONMENT, Skip, case, cli, differ, finish, lacks, plain, quiet, run

PREFIX = pathlib.Path(sys.argv[2])
STAGE = pathlib.Path("stage")


def install():
    """Once, beside the test's other files."""
    if STAGE.exists():
        return
    if not shutil.which("meson"):
        raise Skip("meson is not on the path")
    subprocess.run(
        ["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", STAGE.resolve()],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    os.chmod(STAGE, 0o755)


def installed(program, *arguments, **environment):
    """A program under the prefix, where nothing else is to be seen than what was installed."""
    install()
    if not PREFIX.is_dir() or PREFIX in (pathlib.Path("/"), pathlib.Path("/usr")):
        raise Skip(f"nothing can be mounted over the prefix {PREFIX}")
    if not shutil.which("unshare") or run("unshare", "-Urm", "true").returncode:
        raise Skip("unshare(1) cannot make a mount namespace here")
    stage = STAGE.resolve() / PREFIX.relative_to("/")
    mount = 'mount --bind "$0" "$1" && shift && exec "$@"'
    command = ["unshare", "-Urm", "sh", "-c", mount, stage, PREFIX, PREFIX / program, *arguments]
    return run(*command, env={**ENVIRONMENT, **environment})


@case
def runs():
    """telephone runs from an installation as it does from the build tree"""
    done = installed("bin/trama-cli", "run", "telephone", "-o", "telephone.svg")
    yield from quiet(done)
    yield from differ("the ladder", plain(done.stdout), plain(cli("run", "telephone").stdout))
    yield from differ("telephone.svg is there", pathlib.Path("telephone.svg").is_file(), True)


@case
def lists():
    """the installed sessions are listed"""
    done = installed("bin/trama-cli", "sessions")
    yield from quiet(done)
    yield from differ("the list", done.stdout, cli("sessions").stdout)


@case
def speaks():
    """it speaks Spanish to who asks for it"""
    done = installed("bin/trama-cli", LANGUAGE="es")
    yield from differ("exit status", done.returncode, 2)
    yield from lacks("the message", done.stderr, "Pruebe «trama-cli --help».")


@case
def helper_is_missing():
    """without trama-lab the message names the program that is missing"""
    install()
    (helper,) = STAGE.rglob("trama/trama-lab")
    away = helper.with_name("elsewhere")
    helper.rename(away)
    try:
        done = installed("bin/trama-cli", "run", "telephone")
    finally:
        away.rename(helper)
    yield from differ("exit status", done.returncode, 1)
    yield from lacks("the message", done.stderr, "trama-cli: ", str(PREFIX), "trama-lab", "No such file")


finish()
