"""A page as a strict reader of HTML sees it: in goes the text, out come elements in a tree. Anything left open is an error."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from attrs import define, field

VOID = {"meta", "link", "br", "hr", "img", "input"}


@define(eq=False)
class Node:
    """An element; ``inside`` has elements and texts in their order."""

    tag: str
    attrs: dict[str, str]
    inside: list[Node | str] = field(factory=list)

    def all(self) -> Iterator[Node]:
        """It and every element below it."""
        yield self
        for one in self.inside:
            if isinstance(one, Node):
                yield from one.all()

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def with_class(self, name: str) -> list[Node]:
        """The elements below it of a class."""
        return [one for one in self.all() if name in one.attrs.get("class", "").split()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"{tag} has an attribute twice"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> where {self.open[-1].tag} is open"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def parsed(page: str) -> Node:
    """The page as a tree. Fails where it is not well-formed, has an id twice, or a link that leads nowhere."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1, f"{reader.open[-1].tag} is never closed"
    root = reader.open[0]
    ids = [one.attrs["id"] for one in root.all() if "id" in one.attrs]
    assert len(set(ids)) == len(ids), "an id twice"
    for one in root.all():
        for name in ("href", "aria-labelledby"):
            if name in one.attrs:
                assert one.attrs[name].removeprefix("#") in ids, f"{one.tag} leads to {one.attrs[name]}"
    return root
