"""A guide as Markdown: a ``Guide`` goes in, CommonMark with tables comes out. It says what the page says, without the links.

What a table says is text, whatever it is: nothing in it is taken for Markdown or HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from translator.findings import clean
from translator.show.spec.model import Carried, Choice, Entry, Guide, Item, Part, Place, Touch

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")


def markdown(guide: Guide) -> str:
    """The guide, from one heading of the first level on."""
    return "\n".join(_lines(guide)) + "\n"


def _lines(guide: Guide) -> Iterator[str]:
    t = guide.table
    yield f"# {text(guide.title)}"
    yield ""
    yield f"Table {code(guide.name)}: set {text(t.set_id)} ({text(t.limits.name)}), release {text(t.release)},"
    yield f"group {text(t.group)}, JSON document {code(t.document)}."
    if guide.about:
        yield from ("", "## About this table", "")
        for n, paragraph in enumerate(guide.about):
            after = n and guide.about[n - 1].item
            if n and not (after and paragraph.item):
                yield ""
            if paragraph.plain:
                yield from fence(paragraph.text)
            else:
                yield f"- {text(paragraph.text)}" if paragraph.item else text(paragraph.text)
    yield from ("", "## Overview", "")
    rows = ((text(one.pos), _label(one), text(one.title), one.use, one.most) for one in guide.overview)
    yield from table(("Pos.", "Segment", "Name", "Use", "Repeat"), rows)
    for path, said in guide.wanted:
        yield from ("", f"A document should also say {text(said)} ({code(path)}), though no segment is mandatory for it.")
    for area, parts in guide.areas:
        yield from ("", f"## {area.capitalize()}")
        for part in parts:
            yield from ("", *_part(part))
    if guide.carried:
        yield from ("", "## What goes back of the order")
        for rule in guide.carried:
            yield from ("", *_carried(rule))
    if guide.choices:
        yield from ("", "## Settings", "", "What no public guide decides; `--setting NAME=VALUE` chooses.")
        for choice in guide.choices:
            yield from ("", *_choice(choice))
    yield from ("", "## Names in the JSON", "")
    yield from table(
        ("Path", "What it is", "Elements"),
        ((code(one.path), text(one.name.description) if one.name else "", places(one.used)) for one in guide.names),
    )
    yield from ("", "## Findings", "")
    yield from table(
        ("Code", "Severity", "What it says, and what to do", "Of"),
        (
            (code(one.code), one.severity, text(f"{one.sentence} {one.cure}"), places(one.used) or "any segment")
            for one in guide.findings
        ),
    )
    if guide.example.data:
        yield from (
            "",
            "## An example",
            "",
            "Made from this table, written and read back without a finding; it says everything once.",
            "",
        )
        yield from fence(guide.example.data.replace("~", "~\n").rstrip("\n"))
        yield from ("", *fence(json.dumps(guide.example.document, indent=2, ensure_ascii=False), "json"))


def _label(entry: Entry) -> str:
    """A loop or a segment of the overview, with a point for each loop that it stands in."""
    words = f"{text(entry.label)} loop" if entry.loop else f"**{text(entry.label)}** {text(entry.which)}".rstrip()
    return "· " * entry.depth + words


def _part(part: Part) -> Iterator[str]:
    words = " ".join(filter(None, (part.segment, part.which, part.name)))
    yield f"### {text(words)}" + (f", loop {text(part.loop)}" if part.loop else "")
    yield ""
    place = f"Position {text(part.pos)}, " if part.pos else ""
    yield f"{place}{part.use}, {part.most}." + (f" {text(part.note)}." if part.note else "")
    if part.sentences:
        yield from ("", *(f"- {text(one)}" for one in part.sentences))
    if part.line:
        yield from ("", *fence(part.line))
    if part.used:
        yield ""
        yield from table(
            ("Element", "Use", "Name", "Type", "Length", "In the JSON"),
            ((text(i.ref), i.use, text(i.name), text(i.type), i.length, code(i.path) if i.path else "") for i in part.used),
        )
        for item in part.used:
            if said := list(_said(item)):
                yield from ("", f"**{text(item.ref)}**", "", *said)
    if part.findings:
        yield from ("", f"Findings of the segment: {', '.join(map(code, part.findings))}.")


def _said(item: Item) -> Iterator[str]:
    if item.note:
        yield f"- {text(item.note)}"
    yield from (f"- {text(one)}" for one in item.sentences)
    if item.level:
        yield f"- what is found here is of severity {item.level}"
    for one in item.codes:
        more = "; ".join(filter(None, (*one.sentences, one.note)))
        words = [
            f"- {code(one.code)}",
            text(one.meaning),
            f"→ {code(one.name)}" if one.name else "",
            f"({text(more)})" if more else "",
        ]
        yield " ".join(filter(None, words))
    yield from (f"- {_touch(touch)}" for touch in item.touches)
    if item.findings:
        yield f"- findings: {', '.join(map(code, item.findings))}"


def _touch(touch: Touch) -> str:
    other = f": {code(touch.other)}" if touch.other else ""
    ends = f" ({places(touch.ends)})" if touch.ends else ""
    return f"{touch.does}{other}{ends}, by rule {text(touch.rule.label)}: {text(touch.said)}"


def _carried(rule: Carried) -> Iterator[str]:
    yield f"### {text(rule.ref)}: what goes back"
    yield ""
    yield f"{text(rule.said[:1].upper() + rule.said[1:])}."
    yield ""
    if rule.order:
        yield f"- in the order: {code(rule.order)}" + (f" ({places(rule.comes)})" if rule.comes else "")
    if rule.here:
        yield f"- here: {code(rule.here)}" + (f" ({places(rule.goes)})" if rule.goes else "")
    yield from (f"- {text(one)}" for one in (*rule.when, *filter(None, (rule.note,))))
    yield f"- source: {text(rule.source)}"
    yield f"- findings: {', '.join(map(code, rule.findings))}"


def _choice(choice: Choice) -> Iterator[str]:
    one = choice.setting
    yield f"### {code(one.name)}"
    yield ""
    yield f"{text(one.about)}"
    yield ""
    for value, meaning in one.values.items() or [(one.default, "")]:
        words = [f"- {code(value)}", text(meaning), "(the default)" if value == one.default else ""]
        yield " ".join(filter(None, words))
    yield f"- source: {text(one.source)}"
    yield f"- touches {places(choice.used)}"


# --- Markdown itself --------------------------------------------------------------------------------------------------------


def text(said: str) -> str:
    """Text as Markdown: what has a meaning there is escaped, and it stays on one line."""
    return re.sub(r"\s+", " ", _SPECIAL.sub(r"\\\1", clean(said.replace("\n", " "))))


def code(said: str) -> str:
    """A code span, also in a table: as many backticks as it takes."""
    inner = clean(said).replace("|", "\\|")
    ticks = "`" * (max((len(run) for run in re.findall("`+", inner)), default=0) + 1)
    space = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{ticks}{space}{inner}{space}{ticks}"


def fence(said: str, kind: str = "") -> list[str]:
    """A fenced block, whatever stands in it."""
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", said))])
    return [f"{ticks}{kind or 'text'}", *(clean(line) for line in said.split("\n")), ticks]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table of cells that are Markdown already."""
    heads = list(heads)
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def places(all_: Iterable[Place]) -> str:
    """Places by what people call them, each once."""
    return ", ".join(map(text, dict.fromkeys(one.label for one in all_)))
