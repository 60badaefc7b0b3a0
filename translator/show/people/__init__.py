"""Documents as people read them: a document, its table and its findings go in, a sheet comes out. A file a kind of document.

What a code means is the table's to say (``codes``); what no maker of a sheet thought of is told at its end (``entry``), so
that everything a document says is on its sheet. Nothing is judged, and nothing is printed here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from translator import shipped
from translator.documents.derive import derived
from translator.errors import TableError
from translator.findings import Finding
from translator.show.people import acknowledgment, change, invoice, order, raw, receipt, shipment
from translator.show.people.codes import Codes, table_of
from translator.show.people.entry import Entry, Json
from translator.show.sheet import ERROR, QUIET, WARNING, Block, Cards, Fields, Findings, Note, Said, Sheet, Words
from translator.tables.standard import parsed
from translator.tables.table import Table

if TYPE_CHECKING:
    from translator.show.annotate import Annotated

__all__ = ["MAKERS", "bare", "codes_of", "misshapen", "rules_of", "sheet", "table_of"]

MAKERS: dict[str, Callable[[Entry, Json], Sheet]] = {
    "order": order.sheet,
    "change": change.sheet,
    "acknowledgment": acknowledgment.sheet,
    "shipment": shipment.sheet,
    "invoice": invoice.sheet,
    "functional_acknowledgment": receipt.group,
    "interchange_acknowledgment": receipt.interchange,
    "raw": raw.sheet,
}


def piece_sheet(one: Annotated, mappings: Path | None = None) -> Sheet | None:
    """The sheet of a piece of a file that has a document; its findings are told elsewhere."""
    reading = one.reading
    return bare(reading.document, table=reading.table, mappings=mappings) if reading.document else None


def sheet(
    document: Json | None, findings: Iterable[Finding] = (), table: Table | None = None, *, mappings: Path | None = None
) -> Sheet:
    """The sheet of a document, of whatever shape it is; without one, of findings that belong to no set.

    ``table`` gives the words for codes; without one, the document's own guide does. ``findings`` that say that JSON from
    outside has not the shape of its schema keep anything from being worked out of it.
    """
    found = list(findings)
    if document is None:
        return Sheet("Outside any set", "", [], [Findings("Findings", [_said(one) for one in found])])
    made = bare(document, found, table, mappings=mappings)
    told = _findings(found, document)
    if isinstance(told, Findings):
        made.lead.append(_counted(told.found))
    made.blocks.append(told)
    return made


def bare(document: Json, findings: Iterable[Finding] = (), table: Table | None = None, *, mappings: Path | None = None) -> Sheet:
    """The sheet of a document whose findings are told elsewhere; ``findings`` only say whether it has its schema's shape."""
    shaped = not misshapen(findings)
    kind = document.get("document")
    table = table or table_of(document, mappings)
    entry = Entry(document, codes_of(table, mappings))
    if not isinstance(kind, str) or kind not in MAKERS:
        made = Sheet("A document of no known kind", "", [], [Fields("", entry.rest())])
    else:
        rules = rules_of(document, table, mappings) if shaped else {}
        made = MAKERS[kind](entry, derived(document, rules) if kind == "order" and shaped else rules)
        made.title = _title(kind)
    made.blocks = [block for block in made.blocks if not _empty(block)]
    return made


@lru_cache(maxsize=32)
def codes_of(table: Table | None, mappings: Path | None = None) -> Codes:
    """The words for codes that a table has."""
    return Codes(table, mappings)


def rules_of(document: Json, table: Table | None = None, mappings: Path | None = None) -> Json:
    """The rules of the document's partner, or of its table's; {} where there is none."""
    partner = document.get("partner") or (table.partner if table else "")
    try:
        return parsed(f"mappings/{partner}/derive.toml", mappings)
    except TableError:
        return {}


def misshapen(findings: Iterable[Finding]) -> bool:
    """Whether a document has not the shape of its schema, so that nothing can be worked out of it; what lacks is no matter."""
    return any(one.code == "document-invalid" and one.expected != "missing" for one in findings)


@lru_cache(maxsize=16)
def _title(kind: str) -> str:
    """What a document of a kind is called, in the words of its schema; what is raw text has none."""
    return "Set" if kind == "raw" else str(json.loads(shipped.text(f"schemas/{kind}.schema.json"))["title"])


def _findings(found: list[Finding], document: Json) -> Block:
    """What was found; of a document that was read before, what was found then."""
    inside = document.get("findings")
    told = [_said(one) for one in found]
    if isinstance(inside, list) and not told:
        told = [_told(one) for one in inside if isinstance(one, dict)]
    return Findings("Findings", told) if told else Note("Nothing was found wrong.", QUIET)


def _counted(found: list[Said]) -> Words:
    """How much was found, for those who do not read to the end."""
    errors = sum(one.severity == ERROR for one in found)
    counts = [(errors, ERROR), (len(found) - errors, WARNING)]
    words = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    return Words(", ".join(words), tone=ERROR if errors else WARNING)


def _said(one: Finding) -> Said:
    return Said(one.severity, one.code, one.sentence, one.cure, one.where)


def _told(one: Json) -> Said:
    """A finding as a document has it."""
    severity, code, sentence, cure = (str(one.get(name, "")) for name in ("severity", "code", "sentence", "cure"))
    place = ", ".join(f"{name} {one[name]}" for name in ("set", "segment", "ref", "path") if name in one)
    return Said(severity, code, sentence, cure, place)


def _empty(block: Block) -> bool:
    return (isinstance(block, Fields) and not block.rows) or (isinstance(block, Cards) and not block.cards)
