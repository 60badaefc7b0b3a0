"""What a document still lacks: a draft and the rules go in, one list of places and words for people comes out.

Which places a partner cannot do without, as far as only the supplier can fill them, is data: ``[[derive.missing]]`` in
``mappings/PARTNER/derive.toml``. Nothing is judged here; the table does that when the document is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define

from translator.respond.draft import Json
from translator.tables.paths import path, values
from translator.tables.reckon import holders


@define
class Missing:
    """One thing that is missing: the first place of it (several: any of them fills it), how often, and words for it."""

    path: str
    words: str
    count: int = 1

    @property
    def sentence(self) -> str:
        """The whole as one line."""
        more = f" (and {self.count - 1} more such places)" if self.count > 1 else ""
        return f"{self.path}{more}: {self.words}"


def missing(document: Json, rules: Json, *, loose: bool = False) -> list[Missing]:
    """What must still be filled before the document can be sent, in the order of the rules; of ``loose`` goods no label."""
    found = []
    for row in rules.get("derive", {}).get("missing", []):
        if row.get("document", document.get("document")) != document.get("document"):
            continue
        if loose and row.get("cartons"):
            continue
        if places := list(_empty(document, row["path"])):
            found.append(Missing(places[0], row["words"], len(places)))
    return found


def _empty(document: Json, text: str) -> Iterator[str]:
    """The places at a path, or at its alternatives in the same object, that hold nothing."""
    names = text.split(" or ")
    head, listed, _ = names[0].rpartition("[].")
    base = head + listed
    names = [name.removeprefix(base) for name in names]
    for place, holder in holders(dict(document), base):
        if all(value is None for name in names for value in values([holder], path(name))):
            yield " or ".join(place + name for name in names)
