"""Guests' names, addresses and numbers in sentences: an order goes in, a function that masks them comes out.

An order that ships straight to a guest names a person; its other parties and all other orders name companies. What is masked is
what the order says, as it stands in sentences: whole, or escaped and cut as findings show it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from translator.documents.derive import derived
from translator.exchange.ledger import Change, Order
from translator.exchange.manifest import mapping, mappings
from translator.exchange.room import Room
from translator.findings import clean, shown
from translator.tables.standard import parsed

Json = dict[str, Any]
MASK = "(masked)"
GUEST = "guest"  # a delivery, as ``derived`` has it
_SHOWN = 60  # characters of a value that a finding shows


def mask_of(room: Room, orders: Iterable[Order], changes: Iterable[Change] = ()) -> Callable[[str], str]:
    """What masks the guests of orders of the ledger, and of changes to them."""
    held: list[tuple[Json, Json]] = []
    partners: dict[int, Json] = {}
    for order in orders:
        rules = partners[order.id] = parsed(f"mappings/{order.partner}/derive.toml", room.settings.mappings)
        held += [(order.original, rules), (order.current, rules)]
    for change in changes:
        held += [(text, partners.get(change.order_id or 0, {})) for text in (change.document, change.revised) if text]
    return masking(held)


def masking(orders: Iterable[tuple[Json, Json]]) -> Callable[[str], str]:
    """What masks the persons of orders, when one of them goes to a guest.

    Each order, or change to one, comes with its partner's ``derive.toml``, which knows who is a guest.
    """
    held = list(orders)
    if any(derived({**order, "lines": []}, rules).get("delivery") == GUEST for order, rules in held):
        words = {word for order, _ in held for text in persons(order) for word in _forms(text)}
    else:
        words = set()
    if not words:
        return lambda text: text
    listed = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.I)
    return lambda text: pattern.sub(MASK, text)


def persons(order: Json) -> Iterator[str]:
    """The texts of an order that say who the guest is, where he lives and how to reach him."""
    party = mapping(mapping(order.get("parties")).get("ship_to"))
    address = mapping(party.get("address"))
    contacts = mappings(order.get("contacts"))
    values = [party.get("name"), *_listed(party.get("more_names")), *_listed(address.get("lines"))]
    for contact in contacts:
        values += [contact.get("name"), *(one.get("number") for one in mappings(contact.get("numbers")))]
    yield from (value for value in values if isinstance(value, str) and len(value.strip()) > 1)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _forms(text: str) -> set[str]:
    """A text as sentences may show it."""
    text = text.strip()
    return {text, clean(text), text[:_SHOWN].strip(), shown(text, quote=False).partition("…")[0]} - {""}
