# SPDX-License-Identifier: GPL-3.0-or-later
"""What the desktop reads of us, checked by the desktop's own tools."""

import pathlib
import sys

from tap import TOP, Report, run, tree

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
report.finish()
