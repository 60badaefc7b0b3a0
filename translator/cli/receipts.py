"""The commands ``receipt`` and ``verdict``: acknowledgments of what was received, and what one says of what was sent."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from translator.cli.console import FILES, completed, dumps, each_file, guide_option, limits_option, name_of, opened, tell

if TYPE_CHECKING:
    from translator.respond.receipt import Receipt
    from translator.respond.verdict import Verdict
    from translator.walk.inward import Reading
    from translator.x12.wire import Limits

_STATUS = {"A": "accepted", "E": "accepted, with errors", "P": "accepted in part", "R": "rejected"}


@click.command()
@FILES
@click.option("--control", type=click.IntRange(1, 999_999_999), help="The number of the first interchange written (ISA13, GS06).")
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Date and time of the acknowledgments.")
@click.option(
    "--ta1",
    "when",
    type=click.Choice(["asked", "broken", "always", "never"]),
    default="asked",
    show_default=True,
    help="When to acknowledge the interchange itself: when its ISA14 asks for it, also when its envelope is broken, …",
)
@limits_option
@guide_option
def receipt(
    files: tuple[str, ...],
    control: int | None,
    now: datetime.datetime | None,
    when: str,
    limits: Limits,
    guide: str | None,
    mappings: str | None,
) -> None:
    """Acknowledge what was received: a 997 for each group, a TA1 where one is asked for, one interchange for each received.

    A readable order is accepted, with its errors; usage notes of a guide are never told. Without --control the answer bears
    the number of the interchange that it answers. What was rejected is said on stderr, and the exit code is 1.

    \b
    Example:
      translator receipt samples/guest/1-850.edi --control 7 > 997.edi
    """
    from translator.respond.receipt import receipts
    from translator.walk import read, write

    place = Path(mappings) if mappings else None
    failed: set[int] = set()
    for file in files:
        with each_file(file, failed), opened(file) as stream:
            name = name_of(file)
            readings = read(stream, envelopes=True, guide=guide, mappings=place, limits=limits, name=name)
            for one in receipts(readings, when=when, mappings=place):
                for line in _said(one):
                    click.echo(f"{name}: {line}", err=True)
                if one.rejected or one.unanswered:
                    failed.add(1)
                if not one.documents:
                    continue
                control = one.number(control) if control is not None else None
                writing = write(one.documents, now=now, mappings=place)
                for finding in writing.findings:
                    tell(finding)
                if writing.data is None:
                    failed.add(1)
                sys.stdout.buffer.write(writing.data or b"")
                sys.stdout.buffer.flush()
    sys.exit(max(failed, default=0))


def _said(one: Receipt) -> Iterator[str]:
    """What was answered, in a line each."""
    for document in one.documents:
        status = _STATUS[document["status"]]
        if "group" in document:
            about = document["group"]
            counts = f"{document['accepted']} of {document['received']} sets"
            yield f"group {about['kind']} {about['control']}: {status}, {counts}"
        else:
            yield f"interchange {document['control']}: {status}, note {document['note']}"
    for sentence in one.unanswered:
        yield f"not answered: {sentence}"
    if not one.documents and not one.unanswered:
        yield "nothing to acknowledge"


@click.command()
@FILES
@click.option(
    "--sent",
    multiple=True,
    metavar="FILE",
    shell_complete=completed("files"),
    help="What was sent: X12, as it went out. May be given more than once.",
)
@click.option("--json", "as_json", is_flag=True, help="One verdict a line, as JSON.")
@limits_option
@guide_option
def verdict(
    files: tuple[str, ...], sent: tuple[str, ...], as_json: bool, limits: Limits, guide: str | None, mappings: str | None
) -> None:
    """Say what the acknowledgments of a partner mean: which group, which set, accepted or not, and what is wrong.

    With what was sent, every error is shown at its segment and element, and at its place in the canonical document. The
    exit code is 1 when something was not accepted as it was, or was never sent.

    \b
    Example:
      translator verdict 997.edi --sent 810.edi
    """
    from translator.cli.leaving import complain
    from translator.respond.verdict import verdicts
    from translator.walk import read

    place = Path(mappings) if mappings else None
    failed: set[int] = set()
    known: list[Reading] = []
    for file in sent:
        with each_file(file, failed), opened(file) as stream:
            known += read(stream, envelopes=True, mappings=place, limits=limits, name=name_of(file))
    if failed:
        complain("Nothing was judged: what was sent is not known. Give files with --sent that can be read")
        sys.exit(max(failed))
    for file in files:
        with each_file(file, failed), opened(file) as stream:
            readings = list(read(stream, guide=guide, mappings=place, limits=limits, name=name_of(file)))
            for finding in (f for r in readings for f in r.findings):
                tell(finding)
            documents = [r.document for r in readings if r.document]
            found = list(verdicts(documents, known if sent else None, mappings=place))
            if not found:
                complain(f"{name_of(file)}: it holds no acknowledgment. Give a file that the partner sent as its answer")
                failed.add(1)
            for one in found:
                _print(one, as_json)
                if not one.clean:
                    failed.add(1)
    sys.exit(max(failed, default=0))


def _print(one: Verdict, as_json: bool) -> None:
    if as_json:
        from attrs import asdict

        held: dict[str, Any] = asdict(one, filter=lambda _, value: value not in (None, "", []))
        sys.stdout.buffer.write(dumps(held))
        return
    for line in one.lines:
        click.echo(line)
