"""What documents have in common above their lines: parties, references, dates, terms, carriers, envelope, and what is left.

Entries go in, fields and cards of a sheet come out. Which documents have what is theirs to say.
"""

from __future__ import annotations

from collections.abc import Iterable

from translator.documents.derive import WINDOWS
from translator.show.people.codes import pretty
from translator.show.people.entry import Entry
from translator.show.sheet import QUIET, STRONG, Block, Card, Cards, Field, Fields, Words

_TERMS = {  # a value's words before and behind it
    "discount_percent": ("discount", "%"),
    "discount_amount": ("discount", ""),
    "discount_days": ("within", "days"),
    "discount_due": ("until", ""),
    "net_days": ("net", "days"),
    "net_due": ("net until", ""),
    "day_of_month": ("day of month", ""),
}


def fields(entry: Entry, *names: str, **labels: str) -> list[Field]:
    """A field for each value that there is; ``labels`` are those that say more than the name."""
    return [Field(labels.get(name, pretty(name)), [one]) for name in names if (one := entry.word(name)) is not None]


def several(label: str, values: Iterable[list[Words]]) -> list[Field]:
    """Several values under one label, each in its line."""
    return [Field("" if n else label, one) for n, one in enumerate(one for one in values if one)]


def lead(entry: Entry, *names: str) -> list[Words]:
    """What is to be known first, and whether it is a test."""
    found = entry.words(*names)
    envelope = entry.part("envelope")
    usage = envelope.word("usage")
    if usage is not None:
        usage.means = entry.codes.means("ISA15", usage.text)
        usage.label = "" if usage.means else "usage"
        found.append(usage)
    return found


def references(entry: Entry) -> list[Field]:
    """References, each under its name."""
    found = []
    for name, one in entry.named("references"):
        if values := one.inline("id", "text"):
            found.append(Field(pretty(name), _said(entry, "references", name, values)))
    return found


def window(entry: Entry) -> list[Field]:
    """From when to when to ship or to deliver, where two dates say no more than that; taken out of the dates."""
    dates = entry.left.get("dates")
    if not isinstance(dates, dict):
        return []
    for kind, first, last in WINDOWS:
        ends = [dates.get(name) for name in (first, last)]
        days = [end.get("date") if isinstance(end, dict) and set(end) == {"date"} else None for end in ends]
        start, end = days
        if isinstance(start, str) and isinstance(end, str):
            entry.left["dates"] = {name: value for name, value in dates.items() if name not in (first, last)}
            return [Field(pretty(kind), [Words(f"{start} to {end}", tone=STRONG)])]
    return []


def dates(entry: Entry) -> list[Field]:
    """Dates, each under its name."""
    found = []
    for name, one in entry.named("dates"):
        if values := one.inline("date", "time", "zone"):
            found.append(Field(pretty(name), _said(entry, "dates", name, values)))
    return found


def conditions(entry: Entry) -> list[Field]:
    """Terms of payment, freight, what may follow later, special orders, routing, instructions, contacts, truckload."""
    found = several("Terms", (terms(one) for one in entry.parts("terms")))
    found += several("Freight", (one.inline("payment", "point", "place") for one in entry.parts("freight")))
    found += several("Back order", ([one] for one in entry.values("back_order")))
    found += several("Special order", (one.inline("code") for one in entry.parts("special_orders")))
    found += several("Routing", (routing(one) for one in entry.parts("routing")))
    found += several("Instructions", ([text] for one in entry.parts("instructions") for text in one.values("text")))
    reached = []
    for one in entry.parts("contacts"):
        who = one.words("name")
        for reach in one.parts("numbers"):
            kind, number = reach.word("type"), reach.word("number")
            who += [Words(number.text if number else "", label=" ".join((kind.text, kind.means)).strip() if kind else "")]
        reached.append([*who, *one.inline("reference")])
    found += several("Contact", reached)
    truckload = entry.part("truckload")
    if truckload:
        others = [Words(one.text, label="with") for one in truckload.values("orders")]
        found += several("Truckload", [truckload.words("id"), *([one] for one in others), truckload.inline()])
    return found


def routing(entry: Entry) -> list[Words]:
    """A carrier to ship with in one line."""
    entry.drop("sequence")
    name, kind = entry.word("carrier"), entry.word("carrier_type")
    means = f"({kind.text} {kind.means})".replace(" )", ")") if kind else ""
    return [*([Words(name.text if name else "", means)] if name or kind else []), *entry.inline("mode")]


def terms(entry: Entry) -> list[Words]:
    """Terms of payment in one line."""
    found = [one for name, label in (("type", ""), ("basis", "from")) if (one := entry.word(name, label)) is not None]
    for name, (label, behind) in _TERMS.items():
        if (one := entry.word(name, label)) is not None:
            found.append(Words(one.text, behind, label))
    return [*found, *entry.inline("payment_method", "text")]


def parties(entry: Entry) -> list[Block]:
    """The parties, as cards."""
    cards = [card(pretty(name), one, entry.codes.names.get(f"parties.{name}", "")) for name, one in entry.named("parties")]
    return shown(cards)


def shown(cards: list[Card]) -> list[Block]:
    """The cards that say something."""
    told = [one for one in cards if one.lines]
    return [Cards("", told)] if told else []


def card(title: str, one: Entry, means: str = "") -> Card:
    """A party or place with its address."""
    name = one.word("name", tone=STRONG)
    address = one.part("address")
    lines = [[name]] if name else []
    lines += [[text] for text in one.values("more_names")]
    lines += [[text] for text in address.values("lines")]
    city, state, code = (address.text(name) for name in ("city", "state", "postal_code"))
    if place := ", ".join(filter(None, (city, " ".join(filter(None, (state, code)))))):
        lines.append([Words(place)])
    lines += [[country] for country in address.words("country")]
    location, qualifier = one.word("location", "location"), one.word("qualifier")
    if location:
        lines.append([location, *([qualifier] if qualifier else [])])
    elif qualifier:
        lines.append([qualifier])
    lines += [[Words(value.text, value.means, field.label)] for field in one.rest() for value in field.values]
    if lines and means.replace("-", " ").lower() not in ("", title.lower()):
        lines.append([Words(means, tone=QUIET)])
    return Card(title, lines)


def carrier(entry: Entry, *more: str) -> list[Field]:
    """The carrier in one line."""
    found = entry.part("carrier")
    return several("Carrier", [found.inline("scac", "name", "mode", "routing", *more)])


def rest(entry: Entry) -> list[Block]:
    """What was not told yet, and the envelope."""
    envelope = next((one for label, one in entry.told if one.path == "envelope."), None) or entry.part("envelope")
    entry.drop("document", "findings", "residue", "derived", "partner", "guide")
    envelope.drop("delimiters")
    if envelope.held.get("acknowledgment_requested") is False:
        envelope.drop("acknowledgment_requested")
    rows = []
    for name in ("sender", "receiver"):
        rows += several(pretty(name), [_correspondent(envelope.part(name))])
    control = envelope.part("control")
    rows += several("Control", [[one for name in ("interchange", "group", "set") if (one := control.word(name, name))]])
    rows += several("Made", [[Words(" ".join(word.text for word in made))] if (made := envelope.words("date", "time")) else []])
    rows += several("Release", [envelope.words("release", "version")])
    rows += envelope.rest()
    left = entry.rest()
    blocks: list[Block] = [Fields("Also", left)] if left else []
    return [*blocks, Fields("Envelope", rows)] if rows else blocks


def _correspondent(who: Entry) -> list[Words]:
    """Who it is, in the interchange and, where that is another, in the group."""
    own = who.words("qualifier", "id")
    group = who.word("group", "group")
    said = [Words(" ".join(word.text for word in own))] if own else []
    return [*said, *([group] if group and group.text != own[-1].text else [])] if own else [group] if group else []


def _said(entry: Entry, path: str, name: str, values: list[Words]) -> list[Words]:
    """Values, and at their end what the table says of the name, where that is more than the name itself."""
    means = entry.codes.names.get(f"{path}.{name}", "")
    return [*values, Words(means, tone=QUIET)] if means and means.lower() != pretty(name).lower() else values
