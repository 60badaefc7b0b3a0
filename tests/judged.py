"""The judge of files, whatever they hold: bytes go in, a ``Verdict`` comes out; its ``broken`` names the laws that did not hold."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from translator.errors import LimitExceeded, NotX12
from translator.tables.load import load
from translator.walk import Reading, read, restore, write

SLOW = 1.0  # seconds of the processor that no file of a few orders may take for one reading


@dataclass
class Verdict:
    """What became of a file: ``kind`` is accepted, warnings, errors, not X12 or a limit; ``broken`` the laws that it broke."""

    kind: str = ""
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


def judge(data: bytes) -> Verdict:
    """Read, read again in small pieces, write, restore; what does not hold is in ``broken``."""
    verdict = Verdict()
    try:
        _judge(data, verdict)
    except Exception as error:
        verdict.kind = "uncaught"
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        verdict.broken.append(f"uncaught: {type(error).__name__} at {where}: {str(error)[:200]}")
    return verdict


def _judge(data: bytes, verdict: Verdict) -> None:
    begin = time.process_time()
    try:
        readings = list(read(data))
    except (NotX12, LimitExceeded) as error:
        verdict.seconds = time.process_time() - begin
        verdict.kind = "not X12" if isinstance(error, NotX12) else "limit"
        try:
            list(read(data, chunk=97))
            second = "nothing"
        except (NotX12, LimitExceeded) as other:
            second = repr(other)
        if second != repr(error):
            verdict.broken.append(f"stable: {error!r}, then {second}")
        return
    verdict.seconds = time.process_time() - begin
    if verdict.seconds > SLOW:
        verdict.broken.append(f"slow: {verdict.seconds:.2f} s")
    verdict.kind = "errors" if not all(r.ok for r in readings) else "warnings" if any(r.findings for r in readings) else "accepted"

    again = list(read(data, chunk=97))
    if [(r.document, r.findings) for r in readings] != [(r.document, r.findings) for r in again]:
        verdict.broken.append("stable: read in pieces of 97 bytes it says something else")

    exact = list(read(data, exact=True))
    back = b"".join(restore(json.loads(json.dumps([r.document for r in exact]))))
    if back != data:
        at = next((n for n, (a, b) in enumerate(zip(data, back, strict=False)) if a != b), min(len(data), len(back)))
        verdict.broken.append(f"exact: byte {at}: {data[at - 20 : at + 20]!r} came back as {back[at - 20 : at + 20]!r}")
    plainly = [(_without_residue(r.document), r.findings) for r in exact if r.document and _speaks(r)]
    if plainly != [(r.document, r.findings) for r in readings if r.document]:
        verdict.broken.append("stable: read with `exact` it says something else")

    headers = [f for r in readings for f in r.findings if f.severity == "error" and f.at is None]
    if not headers:  # sets without errors, in envelopes without errors
        verdict.broken += rewritten([r.document for r in readings if r.document and r.table and r.ok])


def rewritten(documents: list[dict[str, object]]) -> list[str]:
    """Why read(write(read(x))) is not read(x), for documents read without errors; nothing when it is.

    What a table works out or has a default for may stand there then, where the document left it out.
    """
    if len({str(d["envelope"]) for d in documents}) < len(documents):
        # The same interchange twice in one file: written together, its sets would share an envelope.
        return [law for document in documents for law in rewritten([document])]
    if not documents:
        return []
    writing = write(documents)
    if not writing.ok or writing.data is None:
        why = next(f for f in writing.findings if f.severity == "error")
        return [f"rewrite: refused: {why.code} {why.path or why.ref} {why.value!r} {why.expected!r}"]
    found = [r.document for r in read(writing.data) if r.document]
    tables = {str(d["guide"]) for d in documents}
    elements = [e for name in tables for row in load(name).rows() for e in row.elements.values() if e.json]
    filled = {e.json[-1][0] for e in elements if e.default or e.reckon}
    if not _says(found, documents, filled):
        return [f"rewrite: {_first_difference(documents, found)}"]
    return []


def _says(found: object, mine: object, filled: set[str]) -> bool:
    """Whether something says all that another does, and nothing else but values that are filled in."""
    if isinstance(found, dict) and isinstance(mine, dict):
        more = {key: held for key, held in found.items() if key not in mine}
        same = all(key in found and _says(found[key], held, filled) for key, held in mine.items())
        return same and all(_says(held, {}, filled) if isinstance(held, dict) else key in filled for key, held in more.items())
    if isinstance(found, list) and isinstance(mine, list):
        return len(found) == len(mine) and all(_says(a, b, filled) for a, b in zip(found, mine, strict=True))
    return found == mine


def _speaks(reading: Reading) -> bool:
    """Whether there is a document of this also without ``exact``: of a set, and of an interchange acknowledgment."""
    is_set = reading.part is not None and reading.part.is_set
    return is_set or (reading.document or {}).get("document") != "raw"


def _without_residue(document: dict[str, object] | None) -> dict[str, object] | None:
    return {k: v for k, v in document.items() if k != "residue"} if document else document


def _first_difference(mine: object, other: object, path: str = "") -> str:
    if isinstance(mine, dict) and isinstance(other, dict):
        for key in [*mine, *(k for k in other if k not in mine)]:
            if mine.get(key) != other.get(key):
                return _first_difference(mine.get(key), other.get(key), f"{path}.{key}")
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        for n, (a, b) in enumerate(zip(mine, other, strict=True)):
            if a != b:
                return _first_difference(a, b, f"{path}[{n}]")
    return f"{path} was {str(mine)[:100]}, came back as {str(other)[:100]}"
