"""What the ledger holds, as records: rows go in, classes with JSON unpacked come out. They hold, they do not decide."""

from __future__ import annotations

from typing import Any

from attrs import define, field

Json = dict[str, Any]


@define(eq=False)
class Interchange:
    """An interchange that came or went: ``envelope`` is ``ISA05/ISA06>ISA07/ISA08``."""

    id: int
    way: str
    envelope: str
    usage: str
    control: str
    sha256: str
    size: int
    file: str
    claim: str
    archived: str
    place: int
    state: str
    why: str
    answers: int | None
    at: str


@define(eq=False)
class Order:
    """An order: as it came, and as it stands."""

    id: int
    partner: str
    number: str
    type: str
    release: str
    interchange: int
    original: Json = field(repr=False)
    current: Json = field(repr=False)
    findings: list[Json] | None = field(repr=False)
    revision: int
    state: str
    program: str
    erp_number: str | None
    received: str
    handed: str | None
    file: str | None
    taken: str | None
    acknowledged: str | None
    owed: str | None


@define(eq=False)
class Change:
    """What the partner wants changed; ``order_id`` is None where no such order is known."""

    id: int
    order_id: int | None
    number: str
    interchange: int
    document: Json = field(repr=False)
    revised: Json | None = field(repr=False)
    effect: str
    state: str
    at: str


@define(eq=False)
class Document:
    """An answer of ours. ``name`` is the number that it is known by; ``places`` says where in the ERP's file a value stands.

    ``document`` is completed from its orders; ``given`` is what the ERP gave, while it waits or is held.
    """

    id: int
    kind: str
    name: str
    partner: str
    state: str
    document: Json = field(repr=False)
    given: Json | None = field(repr=False)
    source: str
    places: dict[str, Any] | None = field(repr=False)
    interchange: int | None
    functional: str | None
    group_control: str | None
    set_control: str | None
    archived: str | None
    sha256: str | None
    why: str
    made: str
    sent: str | None
    answered: str | None


@define(eq=False)
class Movement:
    """What one document takes off a line's balance. ``kind`` and ``state`` are the document's."""

    document: int
    kind: str
    state: str
    name: str
    line: str
    quantity: str
    final: bool


@define(eq=False)
class Parcel:
    """A file of the outbox. ``data`` is None once it is published: the archive has it."""

    id: int
    folder: str
    name: str
    data: bytes | None = field(repr=False)
    sha256: str
    size: int
    document: int | None
    interchange: int | None
    order_id: int | None
    made: str
    published: str | None


@define(eq=False)
class Hold:
    """Something that waits for a person, and what to do about it."""

    id: int
    what: str
    subject: int | None
    about: str
    sentence: str
    cure: str
    at: str
    closed: str | None
    how: str | None


@define(eq=False)
class Event:
    """Something that happened."""

    id: int
    at: str
    order_id: int | None
    document: int | None
    interchange: int | None
    what: str
    sentence: str


@define(eq=False)
class Request:
    """Something that a partner's API is to do, once: a call with its body, for a document that answers an order."""

    id: int
    document: int
    order_id: int
    partner: str
    call: str
    method: str
    path: str
    body: str = field(repr=False)
    state: str
    said: str
    made: str
    done: str | None


@define(eq=False)
class Called:
    """A request that went out, and what came back."""

    id: int
    partner: str
    call: str
    method: str
    path: str
    body: str | None = field(repr=False)
    at: str
    status: int | None
    said: str | None
    answered: str | None
