# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop reads of us, checked by the desktop's own tools."""

import pathlib
import sys
import tempfile

from tap import TOP, Report, run, tree

# Of an installation, under its prefix.
INSTALLED = """
bin/trama
bin/trama-cli
libexec/trama/trama-lab
share/applications/org.trama.Trama.desktop
share/doc/trama/LANGUAGE.md
share/icons/hicolor/scalable/apps/org.trama.Trama.svg
share/icons/hicolor/symbolic/apps/org.trama.Trama-symbolic.svg
share/locale/es/LC_MESSAGES/trama.mo
share/man/man1/trama.1
share/metainfo/org.trama.Trama.metainfo.xml
share/mime/packages/org.trama.Trama.mime.xml
share/trama/sessions/telephone.session
"""


def not_installed():
    """What `meson install` leaves out."""
    with tempfile.TemporaryDirectory() as root:
        complaints = run("meson", "install", "-C", str(build), "--no-rebuild", "--quiet", "--destdir", root)
        there = [str(path) for path in pathlib.Path(root).rglob("*") if path.is_file()]
    lost = [path for path in INSTALLED.split() if not any(name.endswith("/" + path) for name in there)]
    return complaints + [f"{path} is not installed" for path in lost]


build = pathlib.Path(sys.argv[1])
desktop = build / "data" / "org.trama.Trama.desktop"
metainfo = build / "data" / "org.trama.Trama.metainfo.xml"
documents = [str(path) for path in tree(".ui", ".xml", ".svg", ".xml.in")] + [
    str(path) for path in (build / "data").glob("*.xml")
]
pages = [str(path) for path in (TOP / "data" / "man").glob("*.[18]")]

report = Report()
report.tool_case(
    "the desktop entry is valid", "desktop-file-validate", lambda: run("desktop-file-validate", str(desktop))
)
report.tool_case(
    "the metainfo is valid",
    "appstreamcli",
    lambda: run("appstreamcli", "validate", "--no-net", "--no-color", str(metainfo)),
)
report.tool_case(
    "every XML file is well formed", "xmllint", lambda: run("xmllint", "--noout", "--nonet", *documents)
)
report.tool_case(
    "groff finds nothing to warn of in the manual pages",
    "groff",
    lambda: run("groff", "-man", "-Tutf8", "-ww", "-z", *pages),
)
report.case("an installation has everything", not_installed())
report.finish()
