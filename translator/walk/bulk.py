"""Documents as JSON lines, in one process or several: an open file in, (JSON bytes, findings) out, in the file's order.

One process reads the envelope and hands batches of sets to the workers; each batch comes back in its place. Memory is
flat: no more batches are under way than there are workers, four times. What a document holds is decided elsewhere.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from attrs import define

from translator import shipped
from translator.findings import Finding, has_errors
from translator.tables.standard import parsed
from translator.walk.inward import Opened, Reader, Reading
from translator.x12.envelope import parts
from translator.x12.part import Envelope, Part
from translator.x12.wire import Limits, Window

_Packed = tuple[str, tuple[int, int, int], Envelope | None, tuple[bool, bool, list[str]], str, str, list[Finding]]
_BATCH = 1 << 18  # bytes of X12 in a batch: enough to be worth a message, little enough to keep memory flat


@define(eq=False, repr=False)
class Job:
    """What to make of every set; the same for all workers."""

    pretty: bool = False
    exact: bool = False
    derived: bool = False
    guide: str | None = None
    mappings: Path | None = None
    limits: Limits | None = None


def lines(stream: IO[bytes], name: str | None, job: Job, jobs: int = 1) -> Iterator[tuple[bytes, list[Finding]]]:
    """JSON of the documents and their findings, in order; the bytes hold one or more whole documents."""
    maker = _Maker(job, name)
    with Opened(stream) as source:
        every = parts(Window(source.read), maker.reader.limits)
        if jobs == 1:
            for part in every:
                if part.speaks or job.exact:
                    yield maker.line(part)
            return
        yield from _spread(every, job, name, jobs)


class _Maker:
    """Parts to JSON, with what all parts of a file share."""

    def __init__(self, job: Job, name: str | None) -> None:
        self.job = job
        self.name = name
        self.reader = Reader(exact=job.exact, guide=job.guide, mappings=job.mappings, limits=job.limits)

    def line(self, part: Part) -> tuple[bytes, list[Finding]]:
        reading = self.reader.part(part, self.name)
        return self.dumps(reading), reading.findings

    def dumps(self, reading: Reading) -> bytes:
        import orjson

        document = reading.document
        if document is None:
            return b""
        if self.job.derived and reading.table and reading.table.document == "order":
            from translator.documents.derive import derived

            document["derived"] = derived(document, rules(reading.table.partner, self.job.mappings))
        if has_errors(reading.findings):
            document["findings"] = [finding.as_dict() for finding in reading.findings]
        return orjson.dumps(document, option=(orjson.OPT_INDENT_2 if self.job.pretty else 0) | orjson.OPT_APPEND_NEWLINE)


def rules(partner: str, mappings: Path | None, memory: dict[str, Any] = {}) -> Any:  # noqa: B006
    """The partner's rules for what a document comes to; none when it has no such file."""
    if partner not in memory:
        name = f"mappings/{partner}/derive.toml"
        memory[partner] = parsed(name, mappings) if name in shipped.names("mappings", "derive.toml", mappings) else {}
    return memory[partner]


def _spread(every: Iterator[Part], job: Job, name: str | None, jobs: int) -> Iterator[tuple[bytes, list[Finding]]]:
    """Batches to worker processes and back, in order; at most four batches a worker are under way."""
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, initializer=_begin, initargs=(job, name)) as pool:
        waiting: deque[Future[list[tuple[bytes, list[Finding]]]]] = deque()
        for batch in _batches(every, job):
            waiting.append(pool.submit(_work, batch))
            if len(waiting) > 4 * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _batches(every: Iterator[Part], job: Job) -> Iterator[list[_Packed]]:
    """Parts worth a message together. The lines before a part are counted here: a worker has no window."""
    batch: list[_Packed] = []
    size = lines = 0
    for part in every:
        before, lines = lines, lines + part.text.count("\n")
        if not (part.speaks or job.exact):
            continue
        batch.append(_packed(part, before))
        size += len(part.text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


_maker: _Maker | None = None


def _begin(job: Job, name: str | None) -> None:
    global _maker
    gc.disable()  # as the command does
    _maker = _Maker(job, name)


def _packed(part: Part, lines: int) -> _Packed:
    """A part as a plain tuple: it goes to a worker many times faster than an object."""
    numbers = (part.offset, lines, part.segments)
    return part.text, numbers, part.envelope, (part.is_set, part.first, part.values), part.set_id, part.control, part.findings


def _unpacked(packed: _Packed) -> Part:
    text, (offset, lines, segments), envelope, (is_set, first, values), set_id, control, findings = packed
    return Part(text, offset, (text, lines, 0), envelope, is_set, first, set_id, control, segments, findings, values)


def _work(batch: list[_Packed]) -> list[tuple[bytes, list[Finding]]]:
    """In a worker: JSON of a batch; what has no findings is joined, so that little comes back as objects."""
    assert _maker is not None
    made: list[tuple[bytes, list[Finding]]] = []
    clean: list[bytes] = []
    for packed in batch:
        data, findings = _maker.line(_unpacked(packed))
        clean.append(data)
        if findings:
            made.append((b"".join(clean), findings))
            clean = []
    if clean:
        made.append((b"".join(clean), []))
    return made
