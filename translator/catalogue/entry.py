"""An entry of the catalogue: a class, and the words that several entries share. No code is here."""

from __future__ import annotations

from attrs import define, field


@define(eq=False, repr=False)
class Entry:
    """One kind of finding. ``sentence`` has places for {ref} {segment} {value} {expected} {path}.

    ``acks`` overrules ``ack`` by the element that the finding speaks of, or by why a set has no table.
    """

    severity: str
    ack: tuple[str, str] | None
    sentence: str
    cure: str
    acks: dict[str, tuple[str, str] | None] = field(factory=dict)

    @property
    def general(self) -> str:
        """The sentence without a case: its places are named, not filled."""
        words = {"ref": "an element", "segment": "…", "value": "…", "expected": "…", "path": "a place in the document"}
        text = self.sentence.format(**words)
        return text[:1].upper() + text[1:]


ERROR, WARNING = "error", "warning"
RESEND = "Ask the sender to send it again, whole."
