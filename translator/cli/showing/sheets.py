"""Documents as sheets, one below the other, for a terminal, a pipe, or paper; and the documents of a file, whatever it holds."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from translator.cli import say
from translator.cli.answering import ORDER
from translator.cli.bodies import begins_theirs, read_json
from translator.cli.colour import coloured
from translator.cli.console import name_of, sniffed, tell
from translator.findings import Finding, has_errors

if TYPE_CHECKING:
    from translator.show.sheet import Sheet
    from translator.tables.table import Table
    from translator.x12.wire import Limits

    Json = dict[str, Any]
    Document = tuple[Json | None, list[Finding], Table | None]

PIPED = 80  # columns where there is no terminal, and on paper


class Screen:
    """Sheets for the terminal, or for a pipe: one below the other."""

    nothing, refusal = "there is no set here", 0
    between = "\n"

    def __init__(self, mappings: Path | None) -> None:
        self.mappings = mappings
        self.given = 0
        self.width = shutil.get_terminal_size((PIPED, 24)).columns
        self.colour = coloured(sys.stdout)

    def give(self, document: Json | None, found: list[Finding], table: Table | None, name: str | None) -> int:
        """Show a document with what was found; the exit code that this asks for."""
        from translator.show.people import sheet

        self.print(sheet(document, found, table, mappings=self.mappings))
        return int(has_errors(found))

    def print(self, sheet: Sheet) -> None:
        from translator.show.terminal import lines, printed

        printed(lines(sheet, self.width), before=self.between if self.given else "", colour=self.colour)
        self.given += 1


class Paper(Screen):
    """Pick tickets and packing slips: plain text of a fixed width, a page each; what was found goes to stderr."""

    nothing, refusal = "there is no order and no shipment here: a pick ticket is of an order, a packing slip of either", 4
    between = "\f\n"  # a line of its own: a page begins below it

    def __init__(self, orders: list[Json], mappings: Path | None) -> None:
        super().__init__(mappings)
        self.orders = orders
        self.width, self.colour = PIPED, False

    def give(self, document: Json | None, found: list[Finding], table: Table | None, name: str | None) -> int:
        """Print the pages of an order or a shipment; other documents have none."""
        from translator.show.people import codes_of, misshapen, pick, rules_of, slip, table_of

        found = [one for one in found if one.code != "document-invalid" or one.expected != "missing"]  # drafts will do
        for one in found:
            tell(one)
        kind = document.get("document") if document else None
        if document is None or kind not in ("order", "shipment") or misshapen(found):
            return int(has_errors(found))
        table = table or table_of(document, self.mappings)
        rules, codes = rules_of(document, table, self.mappings), codes_of(table, self.mappings)
        if kind == "shipment":
            pages = list(slip.slips(self.completed(document), [one for one in self.orders if one["document"] == ORDER], codes))
        elif against := pick.refusal(document, rules):
            say(f"{name}: {against}")
            return 4
        else:
            pages = [pick.ticket(document, rules, codes), pick.slip(document, rules, codes)]
        for page in pages:
            self.print(page)
        return int(has_errors(found))

    def completed(self, shipment: Json) -> Json:
        """A shipment with what its orders say."""
        from translator.walk.answer import answer

        return answer(shipment, self.orders, mappings=self.mappings).document if self.orders else shipment


def documents(stream: IO[bytes], file: str, limits: Limits, guide: str | None, mappings: Path | None) -> Iterator[Document]:
    """The documents of a file, one by one, with what was found; its first bytes say whether it is JSON, and whose."""
    is_json, source = sniffed(stream)
    theirs, source = begins_theirs(source, mappings) if is_json else (False, source)
    if theirs:
        for one in read_json(source, name_of(file), guide=guide, mappings=mappings):
            yield one.document, one.findings, None
        return
    if is_json:
        from translator.documents.given import by_schema, read_documents

        for document in read_documents(source, name_of(file) or file):
            yield document, [one.having(file=name_of(file)) for one in by_schema(document, "")], None
        return
    from translator.walk import read

    for reading in read(source, guide=guide, mappings=mappings, limits=limits, name=name_of(file)):
        yield reading.document, reading.findings, reading.table


def orders_in(files: tuple[str, ...]) -> list[Json]:
    """The orders in files; exit code 1 with findings where one has not the shape of an order."""
    if not files:
        return []
    from translator.cli.answering import orders_of

    orders, said = orders_of(files)
    for one in said:
        tell(one)
    if said:
        sys.exit(1)
    return orders
