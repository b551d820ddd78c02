# SPDX-License-Identifier: GPL-3.0-or-later
"""Every string a user sees can be translated, and is in every language Trama speaks."""

import re
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from tap import TOP, Report, read, run, tree

PO = TOP / "data" / "po"
TRANSLATABLE = {
    ".c": re.compile(r"\b(_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2?) \("),
    ".ui": re.compile(r'translatable="(yes|true)"'),
}
# The glib preset of Meson's i18n module, so that both extract the same.
EXTRACT = (
    "xgettext --from-code=UTF-8 --add-comments --keyword=_ --keyword=N_ --keyword=C_:1c,2 "
    "--keyword=NC_:1c,2 --keyword=g_dcgettext:2 --keyword=g_dngettext:2,3 --keyword=g_dpgettext2:2c,3 "
    "--flag=N_:1:pass-c-format --flag=C_:2:pass-c-format --flag=NC_:2:pass-c-format "
    "--flag=g_dngettext:2:pass-c-format --flag=g_strdup_printf:1:c-format "
    "--flag=g_string_printf:2:c-format --flag=g_string_append_printf:2:c-format "
    "--flag=g_error_new:3:c-format --flag=g_set_error:4:c-format"
).split()


def wanted(path):
    pattern = TRANSLATABLE.get(path.suffix)
    return path.parts[0] != "tests" and (
        path.suffixes[-2:] in ([".desktop", ".in"], [".xml", ".in"])
        or (pattern is not None and pattern.search(read(path)))
    )


def listed():
    lines = (PO / "POTFILES").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def potfiles():
    here = {str(path) for path in tree() if wanted(path)}
    for path in sorted(here - set(listed())):
        yield f"data/po/POTFILES lacks {path}"
    for path in sorted(set(listed()) - here):
        yield f"data/po/POTFILES names {path}, which has nothing to translate"
    if listed() != sorted(listed()):
        yield "data/po/POTFILES is not sorted"


def extracted(template):
    """Makes the template; what xgettext warns of, such as a macro it cannot see through, is a fault."""
    done = subprocess.run(
        [*EXTRACT, f"--output={template}", *listed()], cwd=TOP, stderr=subprocess.PIPE, text=True, check=False
    )
    return done.stderr.splitlines()


def untranslated(language, folder, template):
    """What msgfmt says of the language's file once today's strings are merged into it."""
    merged = f"{folder}/{language}.po"
    complaints = run(
        "msgmerge", "--quiet", "--no-fuzzy-matching", "-o", merged, str(PO / f"{language}.po"), template
    ) or run("msgfmt", "--check", "-o", "/dev/null", merged)
    if complaints:
        return complaints
    for kind, option in (("untranslated", "--untranslated"), ("fuzzy", "--only-fuzzy")):
        left = subprocess.check_output(["msgattrib", option, "--no-obsolete", merged], text=True)
        for entry in left.split("\n\n")[1:]:
            complaints.append(f"{language}.po, {kind}: " + " ".join(entry.split("\n")))
    return complaints


def menu_labels(menu):
    """Those of a menu and, behind it, of each that opens from it; a section is a part of its menu."""
    labels, opened = [], []
    for child in menu:
        if child.tag in ("item", "submenu"):
            labels += [part.text for part in child.findall("attribute") if part.get("name") == "label"]
        if child.tag in ("section", "submenu"):
            first, *others = menu_labels(child)
            labels += first if child.tag == "section" else []
            opened += others if child.tag == "section" else [first, *others]
    return [labels, *opened]


def translations(language):
    """Of what stands in one line, as labels do."""
    text = read(PO.relative_to(TOP) / f"{language}.po")
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE))


def mnemonics(translated):
    """In a menu a letter with Alt chooses one item."""
    for path in listed():
        menus = xml.parse(TOP / path).getroot().iter("menu") if path.endswith(".ui") else []
        for labels in [labels for menu in menus for labels in menu_labels(menu)]:
            taken = {}
            for label in (translated.get(label, label) for label in labels):
                letter = re.search("_(.)", label)
                if letter and taken.setdefault(letter[1].lower(), label) != label:
                    yield f"{path}: “{label}” and “{taken[letter[1].lower()]}” have the same mnemonic"


report = Report()
report.case("no two items of a menu have the same mnemonic", mnemonics({}))
report.case("POTFILES lists exactly what has strings", potfiles())
with tempfile.TemporaryDirectory() as folder:
    template = f"{folder}/trama.pot"
    report.case("xgettext reads every string", extracted(template))
    for language in (PO / "LINGUAS").read_text(encoding="utf-8").split():
        report.case(f"{language}.po is complete", untranslated(language, folder, template))
        report.case(f"no two of a menu have the same mnemonic in {language}.po", mnemonics(translations(language)))
report.finish()
