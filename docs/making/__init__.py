"""The reference: in go commands, catalogue, tables and schemas, out come Markdown pages, by their place below docs/reference.

``pages()`` makes them all; ``conf.py`` writes them before the site is built. What is not known here stops the build (LookupError):
a keyword of a schema, a type of an option, a finding in no list. Nothing is ever left out. The texts are those of the commands,
the catalogue, the tables and the schemas; none is written here. A module a kind of page.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from making.command import exit_codes, options
from making.documents import Schema
from making.findings import findings
from making.partners import carriers, deadlines, settings
from making.tables import as_it_stands, columns, guide
from translator import shipped
from translator.tables.guide import shelf

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
# Pages that stand elsewhere in the project and belong on the site too: file -> place below docs/reference. A partner's README
# among the tables joins them.
COPIES = {
    "mappings/README.md": "mapping-tables.md",
    "mappings/erp/README.md": "column-tables.md",
    "samples/README.md": "samples.md",
    "README.md": "readme.md",
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
}
# How a mapping file is shown, by its kind: as a guide, as it stands, or as a part of other pages.
TABLES = {
    "guide": "a guide", "fields": "as it stands", "api": "as it stands",
    "columns": "", "partner": "", "rules": "", "examples": "", "lists": "", "standard": "",
}  # fmt: skip


def pages() -> dict[str, str]:
    """Every page of the reference: its place below docs/reference, and its text in Markdown."""
    kinds = [Path(name).name.removesuffix(".schema.json") for name in shipped.names("schemas", ".schema.json")]
    tables = shelf()
    if strange := {kind for _, kind in tables} - set(TABLES):
        raise LookupError(f"mapping files of a kind that no page shows: {', '.join(sorted(strange))}")
    guides = {name.replace("/", "-"): guide(name) for name, kind in tables if TABLES[kind] == "a guide"}
    plainly = {name.replace("/", "-"): as_it_stands(name) for name, kind in tables if TABLES[kind] == "as it stands"}
    partners = [Path(name).parent.name for name in shipped.names("mappings", "partner.toml")]
    made = {
        "options.md": options(),
        "exit-codes.md": exit_codes(ROOT / "README.md"),
        "findings.md": findings(),
        "settings.md": settings(partners),
        "deadlines.md": deadlines(),
        "carriers.md": carriers(),
        "columns.md": columns(),
        **{f"{kind}.md": Schema(kind).page() for kind in kinds},
        **{f"{name}.md": text for name, text in (guides | plainly).items()},
    }
    copies = _copies()
    for file, place in copies.items():
        made[place] = relinked((ROOT / file).read_text(encoding="utf-8"), ROOT / file, DOCS / "reference" / place)
    made["index.md"] = _index(made, kinds, [*guides, *plainly], list(copies.values()))
    return made


def write(folder: Path) -> None:
    """Write the pages; what is the same stays, so that a second build is quick, and what is no page any more goes."""
    made = pages()
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for place, text in made.items():
        if not (folder / place).is_file() or (folder / place).read_text(encoding="utf-8") != text:
            (folder / place).write_text(text, encoding="utf-8")


def _copies() -> dict[str, str]:
    others = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "mappings").glob("*/README.md"))
    return COPIES | {file: f"{file.split('/')[1]}-tables.md" for file in others if file not in COPIES}


def relinked(text: str, origin: Path, place: Path) -> str:
    """The text of a page that stands at ``origin``, with its links such as they must be at ``place``."""

    copies = _copies()

    def link(found: re.Match[str]) -> str:
        words, target, part = found[1], found[2], found[3] or ""
        if re.match(r"[a-z]+:", target) or not target:
            return found[0]
        there = Path(os.path.normpath(origin.parent / target))
        name = there.relative_to(ROOT).as_posix()
        if name in copies:
            there = DOCS / "reference" / copies[name]
        elif there.is_dir():
            return words
        return f"[{words}]({os.path.relpath(there, place.parent)}{part})"

    return re.sub(r"\[([^\]\n]+)\]\(([^)#\s]*)(#[^)\s]*)?\)", link, text)


def _index(made: dict[str, str], kinds: list[str], guides: list[str], copies: list[str]) -> str:
    named = {
        "The command": ["options", "exit-codes", "findings"],
        "Documents": kinds,
        "Guides, as the tables have them": guides,
        "What is known of a partner": ["settings", "deadlines", "carriers"],
        "Tables, samples, the project": ["columns", *(place.removesuffix(".md") for place in copies)],
    }
    if missing := {place.removesuffix(".md") for place in made} ^ {name for names in named.values() for name in names}:
        raise LookupError(f"pages that the index does not have, or has without need: {sorted(missing)}")
    lines = ["# Reference", "", "Made from the commands, the tables and the schemas themselves, whenever the site is built."]
    for caption, names in named.items():
        lines += ["", f"## {caption}", "", "```{toctree}", ":maxdepth: 1", "", *names, "```"]
    return "\n".join(lines) + "\n"
