"""A list that a person keeps in a spreadsheet: the bytes of a CSV file in, its rows by column out; rows added at its end.

Comma or semicolon, as the header has it; UTF-8 with or without its mark, or else Windows-1252, as spreadsheets save. The
header is required: a column that nobody knows is refused, since a mistyped name would lose a column in silence. Rows whose
first cell begins with # are remarks. What spreadsheets do to cells is known and named, never mended in silence.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import define

from translator.findings import Finding, finding, shown
from translator.respond.labels import FORMULA, harmless

_MARK = b"\xef\xbb\xbf"
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+)")
_EXPONENT = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE]\+[0-9]+")
_GUARDED = (*FORMULA, "#", "'")
_KEPT = re.compile(r'="(.*)"')  # how a spreadsheet is told to leave the zeros: ="0551"


@define(eq=False, repr=False)
class Row:
    """A row: its number in the spreadsheet, from 1, and its cells by column, trimmed."""

    number: int
    cells: dict[str, str]


@define(eq=False, repr=False)
class Sheet:
    """A list as it was read; ``readable`` is whether its rows could be had, ``refused`` how many were not taken.

    An empty file is readable and has no rows.
    """

    name: str
    header: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    delimiter: str = ","
    newline: str = "\r\n"
    encoding: str = "utf-8"
    readable: bool = True
    header_row: int = 1
    refused: int = 0


def read(name: str, data: bytes, columns: Sequence[str], needed: Iterable[str]) -> tuple[Sheet, list[Finding]]:
    """The rows of a list. ``columns`` are those it may have, ``needed`` those it must; ``name`` is how findings call it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        why = "it is saved as Unicode text (UTF-16); save it as CSV UTF-8"
        return Sheet(name, readable=False), [finding("list-unreadable", file=name, path="row 1", expected=why)]
    text, encoding = _decoded(data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    records: list[list[str]] = []
    try:
        records.extend(lines)
    except csv.Error as error:
        place = f"row {len(records) + 1}"
        why = f"it is no CSV ({error}); perhaps a quotation mark is open"
        return Sheet(name, readable=False), [finding("list-unreadable", file=name, path=place, expected=why)]
    told = [(n, [_trimmed(cell) for cell in record]) for n, record in enumerate(records, 1) if record and not _remark(record[0])]
    told = [(n, cells) for n, cells in told if any(cells)]
    newline = "\r\n" if "\r\n" in text or not text else "\n" if "\n" in text else "\r" if "\r" in text else "\r\n"
    if not told:
        return Sheet(name, newline=newline, encoding=encoding, delimiter=_delimiter(text)), []
    header = tuple("_".join(cell.casefold().replace("-", " ").split()) for cell in told[0][1])
    found = list(_header_faults(name, told[0][0], header, columns, needed))
    if found:
        return Sheet(name, header, newline=newline, encoding=encoding, delimiter=_delimiter(text), readable=False), found
    rows = []
    for n, cells in told[1:]:
        if len(cells) > len(header):  # even an empty one: 1,5 without quotation marks pushes all others aside
            found.append(finding("list-row", file=name, path=f"row {n}", value=str(len(cells)), expected=str(len(header))))
            continue
        held = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
        rows.append(Row(n, {column: cell for column, cell in held.items() if column}))
    made = Sheet(name, header, tuple(rows), _delimiter(text), newline, encoding, header_row=told[0][0], refused=len(found))
    return made, found


def header_fault(name: str, row: int, why: str) -> Finding:
    """What is wrong with a header."""
    return finding("list-header", file=name, path=f"row {row}", expected=why)


def place(row: int, column: str) -> str:
    """A cell, for people."""
    return f"row {row}, column {column}"


def spoiled(cell: str) -> str | None:
    """Why a cell cannot mean what was typed into it, whatever its column; None when it can."""
    if _EXPONENT.fullmatch(cell):
        return "a spreadsheet made a number of it, and its digits are lost; type it again"
    if _ERRORS.fullmatch(cell):
        return "a spreadsheet could not work it out, or did not show it; type the value itself"
    return None


def line(cells: Mapping[str, str], header: Sequence[str], delimiter: str) -> str:
    """One row as text without its line end; a cell that a spreadsheet would run is made harmless, and no row is a remark."""
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, lineterminator="").writerow([_guarded(cells.get(column, "")) for column in header])
    return made.getvalue()


def added(data: bytes, sheet: Sheet, rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> bytes:
    """The bytes of a list with rows at its end, written as the file is; what stood there stays byte for byte.

    A file without header gets one of these columns first.
    """
    more = [line(row, sheet.header or columns, sheet.delimiter) for row in rows]
    if not more:
        return data
    if not sheet.header:
        more.insert(0, sheet.delimiter.join(columns))
    if not data:
        data = _MARK
    elif data != _MARK and not data.endswith((b"\n", b"\r")):
        more.insert(0, "")
    return data + (sheet.newline.join(more) + sheet.newline).encode(sheet.encoding, errors="replace")


def begun(header: Sequence[str], remark: str) -> bytes:
    """A new list: its header, and a remark that says how it is kept; with the mark by which spreadsheets know UTF-8."""
    head = ",".join(header)
    return _MARK + f'{head}\r\n"# {remark}"\r\n'.encode()


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        return data.removeprefix(_MARK).decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def _delimiter(text: str) -> str:
    """That of the first line that is no remark: the header."""
    first = next((one for one in text.splitlines() if one.strip(" ,;\t") and not _remark(one.lstrip(' "'))), "")
    return ";" if first.count(";") > first.count(",") else ","


def _remark(cell: str) -> bool:
    return cell.strip()[:1] == "#" and not _ERRORS.fullmatch(cell.strip())


def _trimmed(cell: str) -> str:
    """A cell without blanks around it and without what keeps a spreadsheet from changing it: ="0551", '0551, '=A."""
    cell = cell.strip()
    kept = _KEPT.fullmatch(cell)
    if kept:
        return kept[1].strip()
    return cell[1:].strip() if cell[:1] == "'" and (cell[1:2].isdigit() or cell[1:].lstrip().startswith(_GUARDED)) else cell


def _guarded(cell: str) -> str:
    """A cell that means itself when it is read again."""
    made = harmless(cell)
    return f"'{made}" if made == cell and cell.lstrip().startswith(_GUARDED) else made


def _header_faults(name: str, row: int, header: Sequence[str], columns: Sequence[str], needed: Iterable[str]) -> Iterable[Finding]:
    for n, column in enumerate(header):
        if column and column not in columns:
            yield header_fault(name, row, f"no column is called {shown(column, most=30)}; there are {', '.join(columns)}")
        elif column and column in header[:n]:
            yield header_fault(name, row, f"the column {column} stands there twice")
    for column in needed:
        if column not in header:
            yield header_fault(name, row, f"the column {column} is missing; there are {', '.join(columns)}")
