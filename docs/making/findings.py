"""The page of all findings: the catalogue, list by list, each finding with its pair of segments."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

from making.markdown import plain
from translator import catalogue
from translator.catalogue import CATALOGUE
from translator.catalogue.entry import Entry
from translator.cli.guides import shown
from translator.tables.guide import examples


def findings() -> str:
    lines = ["# Findings", "", f"All {len(CATALOGUE)} of them; `translator explain CODE` says the same. A code is stable for ever."]
    told: set[str] = set()
    for about, entries in _lists():
        lines += ["", f"## {about}"]
        for code, entry in entries.items():
            told.add(code)
            lines += ["", f"### {code}", "", f"*{entry.severity}.* {plain(entry.general)}", "", plain(entry.cure)]
            pairs = examples(code)
            if not pairs and entry.ack:
                raise LookupError(f"{code}: an acknowledgment may tell of it, and no examples.toml has a pair of segments")
            for keeps, breaks in pairs:
                lines += ["", "```text", f"keeps the rule:  {shown(keeps)}", f"breaks the rule: {shown(breaks)}", "```"]
            acks = {"": entry.ack, **entry.acks}
            if words := [f"{key + ' ' if key else ''}{ack[0]} {ack[1]}" for key, ack in acks.items() if ack]:
                lines += ["", f"In an acknowledgment: {', '.join(words)}."]
    if lost := sorted(set(CATALOGUE) - told):
        raise LookupError(f"findings in no list of the catalogue: {', '.join(lost)}")
    return "\n".join(lines) + "\n"


def _lists() -> Iterator[tuple[str, dict[str, Entry]]]:
    """The lists of the catalogue, module by module, in the catalogue's order, each with what its module says of itself."""
    found = []
    for info in pkgutil.iter_modules(catalogue.__path__):
        module = importlib.import_module(f"translator.catalogue.{info.name}")
        for value in vars(module).values():
            if isinstance(value, dict) and value and all(isinstance(entry, Entry) for entry in value.values()):
                about = re.match(r"(Findings \w.*?)[.:]\s", f"{module.__doc__} ", re.S)
                if not about:
                    raise LookupError(f"{info.name}: its first sentence does not say what its findings are about")
                found.append((" ".join(about[1].split()), value))
    order = list(CATALOGUE)
    return iter(sorted(found, key=lambda one: min(order.index(code) for code in one[1])))
