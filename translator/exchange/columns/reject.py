"""The reject file: what the ERP's people get back of a file with faults. A table, the file and its findings in, bytes out.

The same columns as they came, and two more, ``error`` and ``cure``; only the rows of documents that have an error. Corrected,
it can be handed in as it is. The two columns are for people: no spreadsheet takes them for a formula.
"""

from __future__ import annotations

from collections.abc import Iterable

from translator.exchange.columns.read import gathered
from translator.exchange.columns.sheet import Row, quoted, sheet
from translator.exchange.columns.table import REPORT, ColumnTable, FileForm
from translator.findings import ERROR, Finding


def reject(table: ColumnTable, data: bytes, findings: Iterable[Finding]) -> bytes:
    """The rows of every document with an error among the findings, or that ``read`` held back, with what to do about it.

    A finding says its row by ``line`` (``Delivery.told``); an error without one concerns every row. Of a file that could
    not be read as rows there is one row, with what is wrong with the file.
    """
    errors = [f for f in findings if f.severity == ERROR]
    found = sheet(table, data)
    names = list(found.heading) if found.heading and table.form.header else [c.name for c in table.in_file]
    drop = {n for n, name in enumerate(names) if name.strip() in REPORT}
    names = [name for n, name in enumerate(names) if n not in drop]
    lines = [[*names, *REPORT]] if table.form.header else []
    if found.broken:
        words, cures = told(errors or found.findings)
        return _bytes(table.form, [*lines, [*("" for _ in names), words, cures]], table)
    delivered = gathered(table, found)
    groups = [*delivered.held, *(one.lines for one in delivered.documents)]
    wrong = {f.line for f in errors}
    rows = {row.line: row for row in found.rows}
    back: list[tuple[Row, str, str]] = []
    for n, group in enumerate(groups):
        if n >= len(delivered.held) and None not in wrong and not wrong & set(group):
            continue
        about = [f for f in errors if f.line in group or f.line is None]
        for line in group:
            words, cures = told([f for f in about if f.line in (line, None)])
            if not words:
                others = ", ".join(str(number) for number in sorted({f.line for f in about if f.line}))
                words = f"Nothing is wrong here, but with row {others} of the same document." if others else "Held with the file."
                cures = "Mend that row; this one goes with it."
            back.append((rows[line], words, cures))
    back = list({one[0].line: one for one in sorted(back, key=lambda one: one[0].line)}.values())
    kept = [([cell for n, cell in enumerate(row.cells) if n not in drop], words, cures) for row, words, cures in back]
    if table.form.layout != "fixed":
        width = max([len(names), *(len(cells) for cells, _, _ in kept)])
        lines = [[*names, *[""] * (width - len(names)), *REPORT]] if lines else []
        kept = [([*cells, *[""] * (width - len(cells))], words, cures) for cells, words, cures in kept]
    lines += [[*cells, words, cures] for cells, words, cures in kept]
    return _bytes(table.form, lines, table)


def told(findings: Iterable[Finding]) -> tuple[str, str]:
    """What is wrong, and what to do, in a cell each; guarded against being taken for a formula."""
    held = list(findings)
    return _guarded(" ".join(f.sentence for f in held)), _guarded(" ".join(dict.fromkeys(f.cure for f in held)))


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _bytes(form: FileForm, lines: Iterable[list[str]], table: ColumnTable) -> bytes:
    """The lines in the form that they came in; of a fixed layout the line as wide as it should be, the two columns after it."""
    wide = sum(c.width for c in table.in_file)
    texts = []
    for cells in lines:
        *own, words, cures = cells
        if form.layout == "fixed":
            line = "".join(own) if len(own) == 1 else "".join(t.ljust(c.width) for c, t in zip(table.in_file, own, strict=True))
            texts.append(f"{line.ljust(wide)}  {words}  {cures}")
        else:
            # without quotes nothing may look like a delimiter
            said = [t.replace(form.delimiter, " ").replace('"', "'") if form.quote == "never" else t for t in (words, cures)]
            texts.append(form.delimiter.join(quoted(form, text) for text in [*own, *said]))
    return "".join(text + form.line_end for text in texts).encode(form.encoding, "replace")
