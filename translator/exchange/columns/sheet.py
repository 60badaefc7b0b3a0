"""The file as rows of cells: bytes in, a ``Sheet`` out, and back. CSV (RFC 4180) or fixed width, with or without a header.

What is wrong with the file as a whole is found here: not the encoding, the delimiter or the columns that the table says. What
the cells mean is ``cells``'s matter. Rows are counted as an editor counts lines, from 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from attrs import define, field

from translator.exchange.columns.cells import BLANKS, LONGEST, padded, plain
from translator.exchange.columns.table import REPORT, Column, ColumnTable, FileForm
from translator.findings import ERROR, Finding, finding

_BOM = b"\xef\xbb\xbf"
_DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a vertical bar"}
_ENDS = re.compile(r"\r\n|\n|\r")


@define(eq=False, repr=False)
class Row:
    """A row of the file: its ``line``, its ``cells`` as they came, the text of each column, and what is wrong with its length."""

    line: int
    cells: Sequence[str]
    texts: dict[str, str]
    ragged: Finding | None = None


@define(eq=False, repr=False)
class Sheet:
    """What a file holds: the cells of its header, its rows, and what is wrong with the whole of it."""

    heading: Sequence[str] = ()
    rows: list[Row] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    @property
    def broken(self) -> bool:
        """Whether nothing of the file can be relied on."""
        return any(f.severity == ERROR for f in self.findings)


def fitting(tables: Sequence[ColumnTable], data: bytes) -> ColumnTable | None:
    """The table whose columns a file's header names: more than half of them, more than of any other. None where there is none."""
    best, most = None, 0.5
    for table in tables:
        names = {column.name.casefold() for column in table.in_file}
        said = {cell.strip(BLANKS).casefold() for cell in sheet(table, data).heading}
        share = len(names & said) / len(names) if names else 0
        if table.form.header and share > most:
            best, most = table, share
    return best


def sheet(table: ColumnTable, data: bytes) -> Sheet:
    """The rows of a file; none where its encoding, form or columns are not the table's."""
    found = Sheet()
    text = _decoded(table, data.removesuffix(b"\x1a"), found)  # with which DOS ended texts
    if text is None:
        return found
    lines = _fixed(text) if table.form.layout == "fixed" else _delimited(table.form, text, found)
    held = [(line, cells) for line, cells in lines if any(cell.strip(BLANKS) for cell in cells)]
    if not held:
        if not found.findings:
            found.findings.append(_about(table, "file-empty"))
        return found
    if table.form.layout == "fixed":
        _cut(table, held, found)
    else:
        _named(table, held, found)
    if not found.rows and not found.broken:
        found.findings.append(_about(table, "file-empty"))
    if not found.broken and not text.endswith(("\n", "\r")):
        found.findings.append(_about(table, "file-unended", line=held[-1][0]))
    return found


def written(form: FileForm, columns: Sequence[Column], cells: Sequence[str]) -> bytes:
    """One row as bytes, its line end with it."""
    if form.layout == "fixed":
        line = "".join(padded(c, text) for c, text in zip(columns, cells, strict=True))
    else:
        line = form.delimiter.join(quoted(form, text) for text in cells)
    return (line + form.line_end).encode("utf-8" if form.encoding == "utf-8-sig" else form.encoding)


def quoted(form: FileForm, text: str) -> str:
    """A cell as RFC 4180 writes it."""
    if form.quote == "never" or (not text and form.quote == "needed"):
        return text
    if form.quote == "always" or _special(form.delimiter).search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


@lru_cache(maxsize=8)
def _special(delimiter: str) -> re.Pattern[str]:
    """What a bare cell may not hold: what divides and quotes, a byte order mark, blanks at its ends."""
    return re.compile(rf'[\r\n"\ufeff{re.escape(delimiter)}]|\A[ \t\u00a0]|[ \t\u00a0]\Z')


def heading(table: ColumnTable) -> bytes:
    """The row of column names, where the file has one; before it what the encoding begins with."""
    start = _BOM if table.form.encoding == "utf-8-sig" else b""
    if not table.form.header:
        return start
    return start + written(table.form, table.in_file, [c.name for c in table.in_file])


# --- bytes and text ---------------------------------------------------------------------------------------------------


def _about(table: ColumnTable, code: str, **fields: Any) -> Finding:
    return finding(code, rule=f"{table.file} [file]", **fields)


def _decoded(table: ColumnTable, data: bytes, found: Sheet) -> str | None:
    """The text of the file, if it is in the encoding that the table says."""
    encoding = table.form.encoding
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(data) > 7 and (not any(data[1:8:2]) or not any(data[0:7:2]))):
        found.findings.append(_about(table, "file-encoding", value="UTF-16", expected=encoding))
        return None
    if (at := data.find(b"\0")) >= 0:
        found.findings.append(_about(table, "file-damaged", line=_line(data, at), value="NUL bytes"))
        return None
    if data.startswith(_BOM):
        if not encoding.startswith("utf-8"):
            found.findings.append(_about(table, "file-encoding", value="UTF-8 with a byte order mark", expected=encoding))
            return None
        if encoding == "utf-8":
            found.findings.append(_about(table, "file-mark", expected="a byte order mark"))
        data = data[len(_BOM) :]
    try:
        text = data.decode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeDecodeError as error:
        as_western = data[error.start : error.start + 1].decode("cp1252", "replace")
        is_western = encoding.startswith("utf-8") and as_western.isalpha()
        value = f'a byte that cp1252 reads as "{as_western}"' if is_western else f"the byte {data[error.start]:02X}"
        found.findings.append(_about(table, "file-encoding", line=_line(data, error.start), value=value, expected=encoding))
        return None
    if not encoding.startswith("utf-8") and not data.isascii() and _is_utf8(data):
        at = next(n for n, byte in enumerate(data) if byte > 127)
        found.findings.append(_about(table, "file-encoding", line=_line(data, at), value="UTF-8", expected=encoding))
        return None
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


# --- rows of cells ----------------------------------------------------------------------------------------------------


def _fixed(text: str) -> Iterator[tuple[int, list[str]]]:
    for n, line in enumerate(_ENDS.split(text), 1):
        yield n, [line]


def _delimited(form: FileForm, text: str, found: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row; what breaks off in the middle of a quoted cell breaks the file."""
    never = form.quote == "never"
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=form.delimiter, strict=True, quoting=csv.QUOTE_NONE if never else csv.QUOTE_MINIMAL)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            long = "field limit" in str(error)
            code, expected = ("cell-long", f"{LONGEST} characters at most") if long else ("file-quotes", None)
            found.findings.append(finding(code, line=start, ref=f"Row {start}", expected=expected))
            return
        yield start, cells
        start = reader.line_num + 1


def _cut(table: ColumnTable, held: list[tuple[int, list[str]]], found: Sheet) -> None:
    """The lines of a fixed layout, cut at the widths."""
    total = sum(c.width for c in table.in_file)
    if table.form.header:
        found.heading = _pieces(table, held[0][1][0])
        for column, name in zip(table.in_file, found.heading, strict=True):
            if name.strip(BLANKS) != column.name:
                found.findings.append(_missing(table, column, [n.strip(BLANKS) for n in found.heading], held[0][0]))
        if found.broken:
            return
    for line, [text] in held[1:] if table.form.header else held:
        cells = _pieces(table, text)
        texts = {c.name: plain(c, cell) for c, cell in zip(table.in_file, cells, strict=True)}
        wrong = _breaks(table, text) or text[total:].strip(BLANKS)
        about = {"value": f"{len(text)} characters", "expected": str(total), "ref": f"Row {line}"}
        found.rows.append(Row(line, [text], texts, _about(table, "row-ragged", line=line, **about) if wrong else None))


def _breaks(table: ColumnTable, line: str) -> bool:
    """Whether a line ends within a value; blanks at its end may be missing."""
    at = 0
    for column in table.in_file:
        if at < len(line) < at + column.width and (column.align == "right" or column.kind != "text"):
            return True
        at += column.width
    return False


def _pieces(table: ColumnTable, line: str) -> list[str]:
    found, at = [], 0
    for column in table.in_file:
        found.append(line[at : at + column.width])
        at += column.width
    return found


def _named(table: ColumnTable, held: list[tuple[int, list[str]]], found: Sheet) -> None:
    """The rows of a delimited file, their cells by column."""
    form = table.form
    names = [c.name for c in table.in_file]
    if form.header:
        first, found.heading = held[0]
        names = [name.strip(BLANKS) for name in found.heading]
        if not _columns(table, names, first, found):
            return
    elif len(held[0][1]) == 1 and (other := _other(form, held[0][1], len(names))):
        found.findings.append(_about(table, "file-delimiter", value=_DELIMITERS[other], expected=_DELIMITERS[form.delimiter]))
        return
    for line, cells in held[1:] if form.header else held:
        count = len(cells)
        texts = {name: cell.strip(BLANKS) for name, cell in zip(names, cells, strict=False) if name}
        about = {"value": f"{count} cell" + ("s" if count != 1 else ""), "expected": str(len(names)), "ref": f"Row {line}"}
        wrong = count != len(names) or any(cell.strip(BLANKS) for name, cell in zip(names, cells, strict=False) if not name)
        found.rows.append(Row(line, cells, texts, _about(table, "row-ragged", line=line, **about) if wrong else None))


def _columns(table: ColumnTable, names: list[str], line: int, found: Sheet) -> bool:
    """Whether the header has the table's columns."""
    form, known = table.form, {c.name: c for c in table.in_file}
    if len(names) == 1 and names[0] not in known and (other := _other(form, names, 2)):
        found.findings.append(_about(table, "file-delimiter", value=_DELIMITERS[other], expected=_DELIMITERS[form.delimiter]))
        return False
    for name, count in Counter(names).items():
        if count > 1 and name:
            found.findings.append(_about(table, "column-repeated", ref=name, line=line))
        elif name and name not in known and name not in REPORT and form.other_columns == "refuse":
            near = _near(name, [other for other in known if other not in names])
            found.findings.append(_about(table, "column-unknown", ref=name, line=line, expected=near or "no column of the table"))
    for column in table.in_file:
        if column.name not in names:
            found.findings.append(_missing(table, column, [n for n in names if n not in known], line))
    return not found.broken


def _missing(table: ColumnTable, column: Column, strange: list[str], line: int) -> Finding:
    code = "column-missing" if column.required or column.key or column.constant else "column-absent"
    code = "column-missing" if table.form.layout == "fixed" else code
    near = _near(column.name, strange)
    expected = f'perhaps it is the one called "{near}"' if near else "no name in the file is like it"
    return _about(table, code, ref=column.name, line=line, expected=expected)


def _near(name: str, known: list[str]) -> str:
    """The one of some names that this one may be meant for: letter for letter, or nearly."""
    from difflib import get_close_matches

    plainly = {re.sub(r"[^a-z0-9]", "", other.casefold()): other for other in known}
    near = get_close_matches(re.sub(r"[^a-z0-9]", "", name.casefold()), plainly, n=1, cutoff=0.7)
    return plainly[near[0]] if near else ""


def _other(form: FileForm, names: list[str], least: int) -> str:
    """Another delimiter that a line of one cell seems to be divided by."""
    return next((d for d in _DELIMITERS if d != form.delimiter and names and names[0].count(d) + 1 >= least > 1), "")
