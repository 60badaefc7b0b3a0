"""The proof that a file loses nothing: its bytes in, a verdict with a sentence out.

Three laws: with the residue the bytes come back; without it every set read without errors is written and read again as
the same document; and a set in normal form comes back byte for byte even so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from attrs import define

from translator.walk.inward import Json, read
from translator.walk.outward import restore, write
from translator.x12 import ta1


@define
class Proof:
    """What was proved of a file: ``size`` bytes, ``sets`` of which ``clean`` had no errors."""

    size: int
    sets: int
    clean: int
    exact: bool
    lost: list[str]
    normal: bool

    @property
    def holds(self) -> bool:
        """Nothing was lost."""
        return self.exact and not self.lost

    @property
    def sentence(self) -> str:
        """The verdict for people."""
        words = [
            f"{self.sets} set{'' if self.sets == 1 else 's'}",
            f"exact: the same {self.size} bytes" if self.exact else "exact: THE BYTES DIFFER",
        ]
        if self.lost:
            words.append(f"again: {'; '.join(self.lost)}")
        elif self.clean:
            words.append(f"again: the same document{'' if self.clean == 1 else 's'}")
        if self.clean:
            words.append("in normal form" if self.normal else "not in normal form")
        if self.clean < self.sets:
            words.append(f"{self.sets - self.clean} kept raw or with errors, so proved by --exact alone")
        return ", ".join(words)


def prove(
    data: bytes, *, guide: str | None = None, mappings: Path | None = None, saw: Callable[[int], None] = lambda _: None
) -> Proof:
    """Prove the laws on the bytes of a file. ``saw`` is told how many were; reading is half of it. Raises as ``read`` does."""
    readings = []
    for reading in read(data, exact=True, guide=guide, mappings=mappings):
        saw(reading.part.offset // 2 if reading.part else 0)
        readings.append(reading)
    exact = b"".join(restore([r.document for r in readings if r.document], mappings=mappings)) == data
    clean = [r for r in readings if r.table and r.ok and r.document]
    notices = [r for r in readings if r.ok and r.document and r.document["document"] == ta1.DOCUMENT]
    documents: list[Json] = [
        {k: v for k, v in (r.document or {}).items() if k != "residue"} for r in readings if r in clean or r in notices
    ]
    lost, half = [], len(data) // 2
    writing = write(documents, guide=guide, mappings=mappings, force=True, saw=lambda n: saw(half + half * n // len(documents)))
    for finding in writing.findings:
        if finding.severity == "error":
            lost.append(f"{finding.where}: {finding.sentence}")
    return Proof(len(data), sum(1 for r in readings if r.part and r.part.is_set), len(clean), exact, lost, writing.data == data)
