"""Taking over: old interchanges go in, both directions; the ledger knows them as history, and numbers go on above theirs.

From a former provider: an invoice for an old shipment can be written, and labels and numbers are not used a second time. From our
own archive, when the ledger is an older copy: the same, and passes work again. One transaction: all or nothing, and the same files
again change nothing. What files are is for ``oldfiles``, what is recorded of them for ``history``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from attrs import define, field

from translator.errors import Refused
from translator.exchange import files, oldfiles, series
from translator.exchange.history import History
from translator.exchange.ledger.store import HIGHEST
from translator.exchange.oldfiles import Survey
from translator.exchange.requests import DOUBTED
from translator.exchange.room import Room, opened, sequence
from translator.exchange.settings import FILE, Settings, load

MARGIN = 1000
_LISTED = 10  # of a kind, in what the operator reads


class _Trial(Exception):
    """All was tried; nothing is kept."""


@define(eq=False)
class Adoption:
    """What came of it: sentences for the operator, and what was recorded, by kind."""

    lines: list[str] = field(factory=list)
    counts: Counter[str] = field(factory=Counter)


def adopt(
    folder: Path,
    old: list[Path],
    *,
    margin: int = MARGIN,
    dry: bool = False,
    now: datetime | None = None,
    say: Callable[[str], None] = lambda _: None,
    saw: Callable[[int], None] = lambda _: None,
) -> Adoption:
    """Take over what old files say. ``margin`` is how far above the highest numbers ours go on; with ``dry`` nothing is changed.

    Raises ``Refused``, ``SettingsError``, ``LedgerError``, ``files.Busy``, ``files.FileFault``.
    """
    done = Adoption()
    if not _identified(folder, old, dry, done):
        return done
    with opened(folder, now=now, say=say, lost=True) as room:
        archive = files.real(room.folder("archive"))
        missed = max(0, sequence(archive) - room.ledger.sequence)
        if missed and not any(archive.is_relative_to(files.real(place)) for place in old):
            raise Refused(
                f"the ledger is older than its archive: numbers were given {missed} times that it knows nothing of. First "
                f"`translator exchange adopt {folder} {archive}`, then the files of others. Nothing was changed"
            )
        survey = oldfiles.survey(room, old, archive, saw)
        history = History(room, survey, archive, dry)
        try:
            with room.ledger.transaction():
                done.lines += _numbers(room, survey, margin, missed)
                done.lines += _serials(room, survey, margin)
                history.record()
                if missed:
                    room.ledger.keep(DOUBTED, room.stamp)
                    room.ledger.set_sequence(room.ledger.sequence + missed)
                done.lines += _report(room, survey, history)
                done.counts = history.counts
                if dry:
                    raise _Trial
        except _Trial:
            done.lines.append("This was a trial: nothing was changed")
    if missed and not dry:
        done.lines += _LOST
    return done


_LOST = (
    "The ledger has caught up with its archive, and passes work again. What an archive cannot tell:",
    "- answers of the ERP that waited or were held, and had not gone out: let the ERP give them again; what went out is known",
    "- decisions on changes, and the ERP's own order numbers: changes are asked about again; name orders by their PO numbers",
    "- whether the newest files of the archive really left `out`: compare them with what the mailbox sent",
    "- what PROBLEMS.txt said, and what else happened since that copy of the ledger was made",
)


# --- numbers --------------------------------------------------------------------------------------------------------------


def _numbers(room: Room, survey: Survey, margin: int, missed: int) -> Iterator[str]:
    """Let every series go on above what was given. Our own archive needs a margin only for what it may have missed."""
    given = room.ledger.series()
    for (name, own), height in sorted(survey.heights.items()):
        last = given.get(name, 0)
        if own and not missed and height.top <= last:
            continue
        above = max(margin, missed) if own else margin
        start, over = max(height.top, last if own else 0) + above, False
        if start > HIGHEST:  # it is about to begin again at 1, or has already
            start, over = height.fresh + above, last < 1 or last > HIGHEST // 2
        room.ledger.raise_to(name, start, over=over)
        last = room.ledger.series()[name]
        kind, _, about = name.partition(" ")
        what = {"ISA": "interchanges", "GS": "groups"}[kind]
        yield f"{what} {about}: the highest number was {height.top}; the next is {last + 1 if last < HIGHEST else 1}"


def _serials(room: Room, survey: Survey, margin: int) -> Iterator[str]:
    """The serial numbers of labels, where the prefix is known."""
    prefix = room.settings.gs1_prefix
    for shared, highest in survey.labels.values():
        if prefix and highest.startswith(prefix):
            serial, most = int(highest[len(prefix) :]), 10 ** (16 - len(prefix)) - 1
            last = min(serial + margin, most)
            room.ledger.raise_to(series.labels(prefix), last)
            last = room.ledger.series()[series.labels(prefix)]
            left = f"{most - last} are left" if most > last else "none is left above it: ask GS1 for another prefix"
            yield f"labels (SSCC) of {prefix}: the highest serial number was {serial}; go on with {last + 1}: {left}"
        elif prefix:
            yield f"labels (SSCC) that begin with {highest[:7]} are not of [labels] gs1_prefix = {prefix!r}: look which is right"
        else:
            yield (
                f"labels (SSCC) begin with {shared[:10]}, the highest is {highest}: your GS1 prefix is the first 7 to 10 digits of "
                f"it. Put it into [labels] gs1_prefix in {FILE}, adopt again, and their serial numbers go on"
            )


# --- words ----------------------------------------------------------------------------------------------------------------


def _report(room: Room, survey: Survey, history: History) -> Iterator[str]:
    """What the operator should know of what was learnt, and of what was not."""
    settings = room.settings
    counts = ", ".join(f"{many} {what}" for what, many in sorted(history.counts.items()))
    yield f"learnt from {len(survey.files)} files: {counts or 'nothing that was not known'}"
    if history.orders:
        unfinished = history.unfinished()
        yield f"{len(unfinished)} of {len(history.orders)} orders are not wholly shipped{_list(unfinished)}"
    for what, names in history.remarks.items():
        yield f"{len(names)} {what}{_list(names)}"
    for reason, many in sorted(survey.left_out.items()):
        yield f"{many} interchange{'s were' if many > 1 else ' was'} left out: {reason}"
    if survey.bodies:
        place = settings.folders["in"]
        yield f"{len(survey.bodies)} files are JSON, and nothing is learnt from them{_list(survey.bodies)}"
        yield f"orders of an API in them that the ledger lacks: put their files into {place}; the API is asked what was done"
    for path, why in survey.unreadable[:_LISTED]:
        yield f"not read: {path}: {why}"
    if len(survey.unreadable) > _LISTED:
        yield f"and {len(survey.unreadable) - _LISTED} more files that could not be read"
    for (element, component, segment), many in survey.delimiters.most_common(3):
        yield f"{many} interchanges were sent with the delimiters {element!r} (elements), {component!r} (components), {segment!r}"
    for (name, ours, theirs), many in survey.groups.most_common():
        party = settings.partner(name).party
        for pair, section, given in (
            (ours, "[ours]", settings.ours.group or settings.ours.id),
            (theirs, f"[[partners]] {name}", party.group or party.id),
        ):
            if pair != given:
                yield f'{many} groups have the id {pair!r} in their GS, and {FILE} has {given!r}: put group = "…" into {section}'


def _list(names: list[str]) -> str:
    shown = [files.shown(name) for name in dict.fromkeys(names)]
    return (": " + ", ".join(shown[:_LISTED]) + (" …" if len(shown) > _LISTED else "")) if shown else ""


# --- who we are -----------------------------------------------------------------------------------------------------------


def _identified(folder: Path, old: list[Path], dry: bool, done: Adoption) -> bool:
    """Whether the settings say who we are; an id that was left empty is filled in where the files leave no doubt."""
    settings = load(folder, draft=True)
    named = [one for one in settings.partners if not one.api]  # the others have no ids
    if not named or (settings.ours.id and all(one.party.id for one in named)):
        return True
    votes = [(pair, many) for pair, many in oldfiles.voters(settings, old).most_common() if _possible(settings, *pair)]
    for (ours, theirs), many in votes[:_LISTED]:
        done.lines.append(f"{many} documents say that you are {ours[0]}/{ours[1]} and the partner {theirs[0]}/{theirs[1]}")
    file = folder / FILE
    if len({pair for pair, _ in votes}) != 1 or len(named) != 1:
        done.lines.append(f"Who you are does not follow from these files: fill in the ids in {file}, then adopt again")
        return False
    ours, theirs = votes[0][0]
    text = files.read(file).decode()
    if not settings.ours.id:
        text = _filled(text, r"\[ours\]", *ours)
    if not named[0].party.id:
        text = _filled(text, rf'\[\[partners\]\]\s*\n(?:[^\[\n][^\n]*\n)*?name\s*=\s*"{named[0].name}"', *theirs)
    if dry:
        done.lines.append(f"These ids would be filled in in {file}. This was a trial: nothing was changed")
        return False
    files.replace(folder, FILE, text.encode())
    load(folder)
    done.lines.append(f"{file}: the ids were filled in; look at them")
    return True


def _possible(settings: Settings, ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Whether a pair fits what the settings say already, and can be written into them."""
    known = next(one.party for one in settings.partners if not one.api)
    fits = settings.ours.id in ("", ours[1]) and (not known.id or (known.qualifier, known.id) == theirs)
    return fits and all(re.fullmatch(r"[A-Z0-9]{2}", q) and re.fullmatch(r"[A-Za-z0-9._/-]{1,15}", id) for q, id in (ours, theirs))


def _filled(text: str, header: str, qualifier: str, id: str) -> str:
    """The settings with an id in the first table of a name; remarks stay."""
    begin = re.search(rf"(?m)^{header}[^\n]*\n", text)
    assert begin is not None
    end = re.compile(r"(?m)^\[").search(text, begin.end())
    inner = text[begin.end() : end.start() if end else len(text)]
    for name, value in (("qualifier", qualifier), ("id", id)):
        inner = re.sub(rf'(?m)^({name}\s*=\s*)"[^"\n]*"', lambda m, value=value: f'{m[1]}"{value}"', inner, count=1)  # type: ignore[misc]
    return text[: begin.end()] + inner + (text[end.start() :] if end else "")
