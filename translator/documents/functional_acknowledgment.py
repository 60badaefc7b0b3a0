"""What a receiver says of X12 itself, as attrs classes: of a group and its sets, and of an interchange's envelope.

``convert`` makes them of canonical JSON, and turns them into it again. Codes stay codes; nothing is judged, and no error
is looked up in the document that it speaks of. The conventions of ``parts`` hold; two files in ``schemas/`` describe
every name, ``functional_acknowledgment`` and ``interchange_acknowledgment``, and a test keeps them the same.
"""

import datetime
from typing import Literal

from attrs import Factory, define

from translator.documents.parts import Envelope, Free, ReportedFinding, Residue, day


@define(kw_only=True)
class AcknowledgedGroup:
    """The group that is acknowledged: what it holds, and its control number."""

    kind: str | None = None
    control: int | None = None


@define(kw_only=True)
class ElementError:
    """An element with an error: its position in the segment, its number in the standard, what is wrong, what stood there."""

    element: int | None = None
    component: int | None = None
    number: int | None = None
    error: str | None = None
    value: str | None = None


@define(kw_only=True)
class SegmentError:
    """A segment with an error; ``at`` is its position in the set, ST is 1."""

    segment: str | None = None
    at: int | None = None
    loop: str | None = None
    error: str | None = None
    elements: list[ElementError] = Factory(list)


@define(kw_only=True)
class AcknowledgedSet:
    """A set of the group: what it is, its control number, whether it was accepted, and its errors."""

    set: str | None = None
    control: str | None = None
    segments: list[SegmentError] = Factory(list)
    status: str | None = None
    errors: list[str] = Factory(list)


@define(kw_only=True)
class FunctionalAcknowledgment:
    """What the receiver of a group says about it."""

    document: Literal["functional_acknowledgment"] = "functional_acknowledgment"
    partner: str | None = None
    guide: str | None = None
    envelope: Envelope | None = None
    group: AcknowledgedGroup | None = None
    sets: list[AcknowledgedSet] = Factory(list)
    status: str | None = None
    included: int | None = None
    received: int | None = None
    accepted: int | None = None
    errors: list[str] = Factory(list)
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)


@define(kw_only=True)
class InterchangeAcknowledgment:
    """What the receiver of an interchange says about its envelope: which one, its status, and a note."""

    document: Literal["interchange_acknowledgment"] = "interchange_acknowledgment"
    envelope: Envelope | None = None
    control: str | None = None
    date: str | None = None
    time: str | None = None
    status: str | None = None
    note: str | None = None
    erp: Free | None = None
    residue: list[Residue] = Factory(list)
    findings: list[ReportedFinding] = Factory(list)

    def sent_on(self) -> datetime.date | None:
        """The day of the interchange that is acknowledged; None when there is none."""
        return day(self.date)
