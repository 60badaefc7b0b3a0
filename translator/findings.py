"""A finding: what is wrong with data, as a value. In go a code of the catalogue and the place; out come sentence and cure.

A finding points twice: into the data (file, byte offset, line, set, segment position, element, or a path into a JSON
document) and into the rule (table row and source). Exceptions are for the operator: see ``errors``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import asdict, define, evolve

from translator.catalogue import CATALOGUE, mend

ERROR = "error"
WARNING = "warning"
_SHOWN = 60


@define
class Finding:
    """One thing that is wrong.

    ``at`` is the segment's position in its set (ST is 1, as AK302 counts), ``ref`` the element (``BEG03``,
    ``SLN05-01``), ``offset`` the byte in the file from 0, ``line`` from 1, ``path`` a place in a JSON document,
    ``rule`` the table row and its source, ``expected`` what would have been right, in words. In a file of rows and columns
    ``line`` is the row and ``ref`` the column, without ``offset``. ``written`` says that the data was made from a document of
    one's own, which alone can be mended.
    """

    code: str
    severity: str
    file: str | None = None
    set: str | None = None
    at: int | None = None
    segment: str | None = None
    ref: str | None = None
    value: str | None = None
    expected: str | None = None
    line: int | None = None
    offset: int | None = None
    path: str | None = None
    rule: str | None = None
    written: bool = False

    @property
    def sentence(self) -> str:
        """What is wrong, in one sentence, values escaped and cut to a readable length."""
        return CATALOGUE[self.code].sentence.format(
            ref=clean(self.ref or self.segment or "this element"),
            segment=clean(self.segment or "this segment"),
            value=shown(self.value),
            expected=clean(self.expected or ""),
            path=clean(self.path or ""),
        )

    @property
    def cure(self) -> str:
        """What to do about it: of what was received, or, where it was written, with the document that it was made from."""
        if not self.written:
            return CATALOGUE[self.code].cure
        return mend(self.code, self.severity).format(path=f"{clean(self.path)} in the document" if self.path else "the document")

    @property
    def where(self) -> str:
        """The place, for people: ``FILE, set 0001, segment 14 PO1, PO107, byte 612 (line 15)``."""
        words = [shown(self.file, quote=False, most=4096)] if self.file else []
        if self.written:  # its bytes are nowhere, or no one has seen them
            words += [clean(word) for word in (self.path, self.ref) if word]
        if self.set:
            words.append(f"set {shown(self.set, quote=False)}")
        if self.at:
            words.append(f"segment {self.at}" + (f" {shown(self.segment, quote=False)}" if self.segment else ""))
        if self.line and self.offset is None:
            words.append(f"row {self.line}")
        if self.written:
            return ", ".join(words)
        if self.ref:
            words.append(clean(self.ref))
        if self.path:
            words.append(clean(self.path))
        if self.offset is not None:
            words.append(f"byte {self.offset}" + (f" (line {self.line})" if self.line else ""))
        return ", ".join(words)

    @property
    def brief(self) -> str:
        """The sentence, after the place in the document where it does not name it itself."""
        said = self.sentence
        return said if not self.path or clean(self.path) in said else f"{clean(self.path)}: {said}"

    def as_dict(self) -> dict[str, Any]:
        """All fields that are set, with sentence and cure: the JSON form, whose names are public."""
        fields = {k: v for k, v in asdict(self).items() if v is not None and k != "written"}
        if self.value is not None:
            fields["value"] = self.value.encode("unicode_escape").decode("ascii")
        return fields | {"sentence": self.sentence, "cure": self.cure}

    def having(self, **fields: Any) -> Finding:
        """The same finding with some fields replaced."""
        return evolve(self, **fields)


def finding(code: str, *, level: str | None = None, **fields: Any) -> Finding:
    """A finding of the catalogue; ``level`` overrules its severity (``level`` in a table row)."""
    return Finding(code=code, severity=level or CATALOGUE[code].severity, **fields)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether one of them is an error."""
    return any(f.severity == ERROR for f in findings)


def clean(text: str) -> str:
    """A text for people in which nothing that does not print is left raw: no control byte reaches a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(value: str | None, *, quote: bool = True, most: int = _SHOWN) -> str:
    """A value for people: escaped (no control byte, nothing but ASCII reaches a terminal), cut, in quotation marks."""
    if value is None:
        return "nothing"
    text = value[:most].encode("unicode_escape").decode("ascii")
    if len(value) > most:
        text = f"{text}… ({len(value)} characters)"
    return f'"{text}"' if quote else text
