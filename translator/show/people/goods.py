"""What is said of goods in every document: numbers, words, packs, parts, prices. Entries go in, values in lines come out."""

from __future__ import annotations

from translator.show.people.entry import Entry
from translator.show.sheet import Words

Notes = list[list[Words]]


def ids(entry: Entry) -> list[Words]:
    """Item numbers, in the order received."""
    found = entry.part("ids")
    return [one for name in list(found.left) if (one := found.word(name, entry.codes.item(name))) is not None]


def descriptions(entry: Entry) -> list[Words]:
    """The words for an item, each with what it is about."""
    found = []
    for one in entry.parts("descriptions"):
        one.drop("format", "agency")
        text, about = one.word("text"), one.word("about")
        code = one.word("code", "code")
        said = [word for word in (text, code) if word]
        if about:
            (said or [about])[0].means = f"({about.text} {about.means})".replace(" )", ")")
        found += [*(said or ([Words(means=about.means)] if about else [])), *one.inline()]
    return found


def packing(entry: Entry) -> list[Words]:
    """How many units are in a carton, or inner packs in it and units in those: of a line, or of an item that was packed."""
    found = []
    for one in [*entry.parts("packs"), entry]:
        found += [word for name, label in (("pack", "pack"), ("inner_pack", "inner pack")) if (word := one.word(name, label))]
        if one is not entry:
            found += one.inline()
    return found


def components(entry: Entry) -> Notes:
    """The parts of a set or prepack, or what was sent instead, one a line."""
    made = []
    for one in entry.parts("components"):
        line = one.word("line", "component")
        much = measure(one, "quantity", "unit")
        price = one.word("price", "price")
        basis = one.word("price_basis")
        said = [word for word in (line, much, price, basis) if word]
        made.append([*said, *descriptions(one), *ids(one), *one.inline()])
    return made


def prices(entry: Entry) -> Notes:
    """Further prices of a line, such as the retail price."""
    return [one.inline("price", "kind", "class", label="price") for one in entry.parts("prices")]


def services(entry: Entry) -> Notes:
    """Services asked for, such as ticketing."""
    return [one.inline("code", "reference", label="service") for one in entry.parts("services")]


def charges(entry: Entry) -> Notes:
    """Allowances and charges of a line."""
    return [charge(one) for one in entry.parts("charges")]


def charge(entry: Entry) -> list[Words]:
    """An allowance or charge in one line."""
    entry.drop("agency")
    found = entry.words("kind", "amount", "code")
    if (percent := entry.word("percent")) is not None:
        found.append(Words(percent.text, " ".join(filter(None, ("%", *(one.means for one in entry.words("percent_type")))))))
    if much := measure(entry, "quantity", "unit"):
        found.append(much)
    return [*found, *entry.inline("handling", "text")]


def measure(entry: Entry, quantity: str, unit: str, tone: str = "") -> Words | None:
    """So much of a unit, as one value."""
    much, of = entry.word(quantity), entry.word(unit)
    if much is None or of is None:
        return much or of
    return Words(f"{much.text} {of.text}", of.means, tone=tone)


def notes(entry: Entry, *cartons: Words) -> Notes:
    """All that a line says beside its columns, each kind in its line; nothing is left. ``cartons``: what its packs come to."""
    found = [descriptions(entry), ids(entry), [*packing(entry), *cartons]]
    found += [*prices(entry), *services(entry), *charges(entry), *components(entry)]
    found.append(entry.inline())
    return [one for one in found if one]
